"""Sources in the database: which are due, how each is doing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    update,
)

from watcher.detect import Known, usual_rows
from watcher.model import ChangeKind, Validators
from watcher.store import ledger
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
    row_counts: tuple[int, ...]
    """How many rows the last readings that were not unchanged found, the newest last."""
    short_since: datetime | None
    """Since when each reading found far fewer rows than usual."""
    silent_since: datetime | None
    """Since when operators know that nothing new comes, contrary to its habit."""
    held_at: datetime | None
    """Since when alerts of it wait for an operator."""
    held_reason: str | None
    holding: bool
    """Whether what comes now is held as well."""

    @property
    def usual_rows(self) -> float | None:
        return usual_rows(self.row_counts)


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
        wanted = frozenset(ids)
        due = (
            select(t.source.c.id)
            .where(t.source.c.next_poll_at <= now, t.source.c.leased_until <= now)
            .order_by(t.source.c.next_poll_at)
        )
        with self.db.read() as tx:  # most ticks find nothing, and need no writer's lock
            # A thousand ids in the query would cost more than all its rows. All are taken: a
            # cursor left open would keep its snapshot, and its connection could not write.
            found = tx.execute(due).scalars().all()
        chosen = [id_ for id_ in found if id_ in wanted][:limit]
        if not chosen:
            return []
        mine = due.where(t.source.c.id.in_(chosen)).with_for_update(skip_locked=True)
        return self._lease(mine, now)

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
        rows = []
        for visit in visits:
            state = visit.state
            validators = visit.validators or state.validators
            rows.append(
                {
                    "source": state.id,
                    "claim": state.fence,
                    "read": visit.at,
                    "next": visit.next_poll_at,
                    "tag": validators.etag,
                    "day": validators.last_modified,
                    "digest": visit.fingerprint or state.fingerprint,
                }
            )
        with self.db.write() as tx:
            tx.execute(_UNCHANGED, rows)

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

    def days(self, since: date) -> Mapping[str, list[date]]:
        """The days since then on which each source published something, in order.

        Rows that bear no day count for the day on which they were first seen.
        """
        day, seen = t.sighting.c.published, t.sighting.c.first_seen_at
        found: dict[str, set[date]] = {}
        with self.db.read() as tx:
            dated = select(t.sighting.c.source_id, day).where(day >= since).distinct()
            for source_id, published in tx.execute(dated):
                found.setdefault(source_id, set()).add(published)
            undated = select(t.sighting.c.source_id, seen).where(day.is_(None)).distinct()
            for source_id, at in tx.execute(undated):
                if at.date() >= since:
                    found.setdefault(source_id, set()).add(at.date())
        return {source_id: sorted(days) for source_id, days in found.items()}

    def mark_silent(self, source_id: str, since: datetime | None) -> None:
        """Note that operators were told of a source's silence, or (None) that it is over."""
        with self.db.write() as tx:
            tx.execute(
                update(t.source).where(t.source.c.id == source_id).values(silent_since=since)
            )

    def hold(self, source_id: str, reason: str, now: datetime) -> None:
        """Keep back every alert of a source from now on, until `release_held`."""
        with self.db.write() as tx:
            tx.execute(
                update(t.source)
                .where(t.source.c.id == source_id)
                .values(held_at=now, held_reason=reason, holding=True)
            )

    def release_held(self, source_id: str, now: datetime, *, discard: bool = False) -> int:
        """End a hold: owe what was held, or bury it. Returns how many deliveries there were."""
        of_source = select(t.change.c.id).where(t.change.c.source_id == source_id, t.change.c.held)
        held = and_(t.delivery.c.state == "held", t.delivery.c.change_id.in_(of_source))
        values: dict[str, Any] = {"state": "dead", "error": "discarded while it was held"}
        if not discard:
            later = case((t.delivery.c.due_at > literal(now, t.Instant), t.delivery.c.due_at))
            values = {"state": "owed", "due_at": func.coalesce(later, literal(now, t.Instant))}
        with self.db.write() as tx:
            ledger.note(tx, held, "discarded" if discard else "released", now, f"with {source_id}")
            count = tx.execute(update(t.delivery).where(held).values(**values)).rowcount
            tx.execute(
                update(t.change)
                .where(t.change.c.source_id == source_id, t.change.c.held)
                .values(held=False)
            )
            tx.execute(
                update(t.source)
                .where(t.source.c.id == source_id)
                .values(held_at=None, held_reason=None, holding=False)
            )
            return count

    def new_since(self, since: datetime) -> Mapping[str, int]:
        """How many papers each source was the first to tell of since then, its baseline aside."""
        query = (
            select(t.change.c.source_id, func.count().label("new"))
            .where(t.change.c.kind == ChangeKind.NEW, t.change.c.at >= since)
            .group_by(t.change.c.source_id)
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

_UNCHANGED = (
    update(t.source)
    .where(t.source.c.id == bindparam("source"), t.source.c.fence == bindparam("claim"))
    .values(
        last_read_at=bindparam("read"),
        last_good_at=bindparam("read"),
        next_poll_at=bindparam("next"),
        etag=bindparam("tag"),
        last_modified=bindparam("day"),
        fingerprint=bindparam("digest"),
        **GOOD,
    )
)
"""One statement for all rows of a batch: built and compiled once, not once a visit."""


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
        row_counts=tuple(row["row_counts"]),
        short_since=row["short_since"],
        silent_since=row["silent_since"],
        held_at=row["held_at"],
        held_reason=row["held_reason"],
        holding=row["holding"],
    )
