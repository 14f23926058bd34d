"""Sources in the database: which are due, how each is doing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, Select, func, literal, select, update

from watcher.detect import Known
from watcher.model import Validators
from watcher.store import schema as t
from watcher.store.database import Database

LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is known of a source between visits, and the claim under which it may be visited."""

    id: str
    fence: int
    next_poll_at: datetime
    baseline_at: datetime | None
    last_read_at: datetime | None
    last_good_at: datetime | None
    failures: int
    failing_since: datetime | None
    error: str | None
    validators: Validators
    fingerprint: str | None
    definition: str | None
    """What kind, address and rule it was last read by."""
    usual_rows: float | None
    short_since: datetime | None
    """Since when each reading found far fewer rows than usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """A visit that found nothing new; recorded in batches."""

    state: SourceState
    at: datetime
    next_poll_at: datetime
    validators: Validators | None = None
    fingerprint: str | None = None
    """None after a 304."""


class Sources:
    def __init__(self, db: Database) -> None:
        self.db = db

    def sync(self, ids: Iterable[str], now: datetime) -> None:
        """Make a row for every configured source that has none; a new one is due at once."""
        rows = [{"id": id_, "next_poll_at": now} for id_ in ids]
        if not rows:
            return
        with self.db.write() as tx:
            tx.execute(self.db.insert(t.source).on_conflict_do_nothing(), rows)

    def claim_due(self, ids: Sequence[str], now: datetime, limit: int) -> list[SourceState]:
        """Lease up to `limit` of these sources that are due, the longest due first."""
        due = (
            select(t.source.c.id)
            .where(t.source.c.id.in_(ids), t.source.c.next_poll_at <= now)
            .where(t.source.c.leased_until <= now)
            .order_by(t.source.c.next_poll_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self.db.read() as tx:  # most ticks find nothing, and need no writer's lock
            if tx.execute(due.with_only_columns(t.source.c.id).limit(1)).first() is None:
                return []
        return self._lease(due, now)

    def claim(self, ids: Sequence[str], now: datetime) -> list[SourceState]:
        """Lease these sources now, due or not; those another process is visiting are left out."""
        free = select(t.source.c.id).where(t.source.c.id.in_(ids), t.source.c.leased_until <= now)
        return self._lease(free.with_for_update(skip_locked=True), now)

    def _lease(self, which: Select[tuple[str]], now: datetime) -> list[SourceState]:
        with self.db.write() as tx:
            rows = tx.execute(
                update(t.source)
                .where(t.source.c.id.in_(which.scalar_subquery()))
                .values(leased_until=now + LEASE, fence=t.source.c.fence + 1)
                .returning(t.source)
            ).mappings()
            return sorted((_state(row) for row in rows), key=lambda s: (s.next_poll_at, s.id))

    def release_leases(self) -> None:
        """Free what a dead process held. Only for the holder of the loop lock."""
        with self.db.write() as tx:
            tx.execute(update(t.source).values(leased_until=t.NEVER))

    def record_unchanged(self, visits: Sequence[Unchanged]) -> None:
        """Record visits that found nothing new, all in one transaction."""
        if not visits:
            return
        with self.db.write() as tx:
            for visit in visits:
                state = visit.state
                validators = visit.validators or state.validators
                tx.execute(
                    update(t.source)
                    .where(t.source.c.id == state.id, t.source.c.fence == state.fence)
                    .values(
                        last_read_at=visit.at,
                        last_good_at=visit.at,
                        next_poll_at=visit.next_poll_at,
                        etag=validators.etag,
                        last_modified=validators.last_modified,
                        fingerprint=visit.fingerprint or state.fingerprint,
                        **GOOD,
                    )
                )

    def record_failure(
        self,
        state: SourceState,
        now: datetime,
        error: str,
        next_poll_at: datetime,
        *,
        short: bool = False,
    ) -> None:
        """Note that a source could not be read; what is known of it stays as it is.

        `short`: it was read, but held far fewer rows than usual.
        """
        short_since = func.coalesce(t.source.c.short_since, literal(now, t.Instant))
        with self.db.write() as tx:
            tx.execute(
                update(t.source)
                .where(t.source.c.id == state.id, t.source.c.fence == state.fence)
                .values(
                    last_read_at=now,
                    next_poll_at=next_poll_at,
                    leased_until=t.NEVER,
                    failures=t.source.c.failures + 1,
                    failing_since=func.coalesce(t.source.c.failing_since, literal(now, t.Instant)),
                    error=error,
                    **({"short_since": short_since} if short else {}),
                )
            )

    def release(self, state: SourceState) -> None:
        """Give a claim back unused; the source is due as before."""
        with self.db.write() as tx:
            tx.execute(
                update(t.source)
                .where(t.source.c.id == state.id, t.source.c.fence == state.fence)
                .values(leased_until=t.NEVER)
            )

    def states(self) -> Mapping[str, SourceState]:
        with self.db.read() as tx:
            rows = tx.execute(select(t.source)).mappings()
            return {row["id"]: _state(row) for row in rows}

    def known(self, source_id: str) -> dict[str, Known]:
        """The latest known row of everything ever seen on this source, by key."""
        with self.db.read() as tx:
            return sightings(tx, source_id)

    def new_since(self, since: datetime) -> Mapping[str, int]:
        """How many documents each source was the first to show since then."""
        query = (
            select(t.document.c.source_id, func.count().label("new"))
            .where(t.document.c.first_seen_at >= since)
            .group_by(t.document.c.source_id)
        )
        with self.db.read() as tx:
            return {row.source_id: row.new for row in tx.execute(query)}


GOOD = {
    "failures": 0,
    "failing_since": None,
    "error": None,
    "short_since": None,
    "leased_until": t.NEVER,
}
"""What a good reading sets, beside its times."""


def sightings(tx: Connection, source_id: str) -> dict[str, Known]:
    rows = tx.execute(select(t.sighting).where(t.sighting.c.source_id == source_id)).mappings()
    return {
        row["key"]: Known(
            key=row["key"],
            document_id=row["document_id"],
            title=row["title"],
            url=row["url"],
            published=row["published"],
            deadline=row["deadline"],
            gone=row["gone_at"] is not None,
        )
        for row in rows
    }


def _state(row: RowMapping) -> SourceState:
    return SourceState(
        id=row["id"],
        fence=row["fence"],
        next_poll_at=row["next_poll_at"],
        baseline_at=row["baseline_at"],
        last_read_at=row["last_read_at"],
        last_good_at=row["last_good_at"],
        failures=row["failures"],
        failing_since=row["failing_since"],
        error=row["error"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        fingerprint=row["fingerprint"],
        definition=row["definition"],
        usual_rows=row["usual_rows"],
        short_since=row["short_since"],
    )
