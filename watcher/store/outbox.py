"""The outbox: what is owed to whom, claimed under a lease with a fence, and what became of it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, func, literal, or_, select, update

from watcher.model import ChangeKind, Notification
from watcher.settings import Target
from watcher.store import schema as t
from watcher.store.database import Database

LEASE = timedelta(minutes=5)
"""Longer than any notifier may take; a dead process's rows are free when it ends."""
STUBBORN = 5
"""A row refused this often lets the rows behind it pass."""
BATCH = 25
"""Papers in one digest message: as many as one Slack message shows; the rest follow in the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One row of the outbox as claimed."""

    id: int
    key: str
    change_id: int | None
    notice: dict[str, Any] | None
    letter: dict[str, Any] | None
    team: str | None
    subscription: str | None
    digest: str | None
    reason: str
    refused_at: datetime | None
    """When the first refusal for want of a better moment was."""
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows claimed for one message to one target; only the holder of `fence` may finish them."""

    target: Target
    rows: tuple[Owed, ...]
    fences: tuple[tuple[int, int], ...]
    ambiguous: bool
    """An earlier attempt ended without an answer: the message may have arrived."""

    @property
    def key(self) -> str:
        """The delivery id that stands for the whole message."""
        return self.rows[0].key

    @property
    def attempts(self) -> int:
        return max(row.attempts for row in self.rows)

    @property
    def refused_at(self) -> datetime | None:
        """When its first refusal for want of a better moment was, if there was one."""
        return min((row.refused_at for row in self.rows if row.refused_at), default=None)


def target_of(address: str) -> Target:
    kind, _, rest = address.partition(":")
    return Target(kind=kind, address=rest)


class Outbox:
    def __init__(self, db: Database) -> None:
        self.db = db

    def due_targets(self, now: datetime) -> list[Target]:
        """Targets that are owed something now and are not suspended."""
        query = (
            select(t.delivery.c.target)
            .distinct()
            .outerjoin(t.target, t.target.c.address == t.delivery.c.target)
            .where(
                _due(now), func.coalesce(t.target.c.retry_at, literal(t.NEVER, t.Instant)) <= now
            )
        )
        with self.db.read() as tx:
            return sorted(target_of(address) for address in tx.execute(query).scalars())

    def claim(self, target: Target, now: datetime) -> Batch | None:
        """Take what is due next for one target, in order, or None.

        Order is kept: a row that waits for its retry holds up those behind it, until it has been
        refused `STUBBORN` times. Rows of one digest are taken together.
        """
        with self.db.write() as tx:
            first = tx.execute(self._first(target, now)).mappings().first()
            if first is None or first["retry_at"] > now or first["leased_until"] > now:
                return None
            same = t.delivery.c.id == first["id"]
            if first["notice"] is not None:  # forty sources that fail together are one notice
                same = and_(
                    t.delivery.c.notice.isnot(None),
                    t.delivery.c.in_flight == first["in_flight"],
                    _due(now),
                )
            if first["digest"] is not None:
                # a message that may have arrived is settled with the very rows it was sent for
                same = and_(
                    t.delivery.c.digest == first["digest"],
                    t.delivery.c.in_flight == first["in_flight"],
                    _due(now),
                )
            rows = (
                tx.execute(
                    select(t.delivery)
                    .where(t.delivery.c.target == str(target), same)
                    .where(t.delivery.c.leased_until <= now)
                    .order_by(t.delivery.c.due_at, t.delivery.c.id)
                    .limit(BATCH)
                    .with_for_update(skip_locked=True)
                )
                .mappings()
                .all()
            )
            if not rows:
                return None
            tx.execute(
                update(t.delivery)
                .where(t.delivery.c.id.in_([row["id"] for row in rows]))
                .values(leased_until=now + LEASE, fence=t.delivery.c.fence + 1, in_flight=True)
            )
        return Batch(
            target=target,
            rows=tuple(_owed(row) for row in rows),
            fences=tuple((row["id"], row["fence"] + 1) for row in rows),
            ambiguous=any(row["in_flight"] for row in rows),
        )

    def _first(self, target: Target, now: datetime) -> Select[Any]:
        steps_aside = and_(t.delivery.c.attempts >= STUBBORN, t.delivery.c.retry_at > now)
        return (
            select(t.delivery)
            .where(t.delivery.c.target == str(target), _due(now), ~steps_aside)
            .order_by(t.delivery.c.due_at, t.delivery.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )

    def _finish(self, tx: Connection, batch: Batch, **values: Any) -> None:
        """Set `values` on the batch's rows; nothing where the claim has passed to somebody else."""
        held = or_(*(and_(t.delivery.c.id == i, t.delivery.c.fence == f) for i, f in batch.fences))
        tx.execute(
            update(t.delivery)
            .where(held, t.delivery.c.state == "owed")
            .values(leased_until=t.NEVER, attempts=t.delivery.c.attempts + 1, **values)
        )

    def mark_sent(self, batch: Batch, receipt: str, now: datetime, *, place: str = "") -> bool:
        """The message went out; a suspension of its target ends. Returns whether there was one."""
        with self.db.write() as tx:
            self._finish(
                tx,
                batch,
                state="sent",
                receipt=receipt,
                place=place or None,
                sent_at=now,
                error=None,
                in_flight=False,
            )
            healed = tx.execute(
                update(t.target)
                .where(t.target.c.address == str(batch.target), t.target.c.suspended_at.isnot(None))
                .values(suspended_at=None, retry_at=t.NEVER, strikes=0, error=None)
            )
            return healed.rowcount > 0

    def postpone(
        self, batch: Batch, until: datetime, error: str, now: datetime, *, ambiguous: bool
    ) -> None:
        """Try again at `until`. `ambiguous` keeps the mark that the message may have arrived."""
        since = func.coalesce(t.delivery.c.refused_at, literal(now, t.Instant))
        with self.db.write() as tx:
            self._finish(
                tx, batch, retry_at=until, error=error, in_flight=ambiguous, refused_at=since
            )

    def bury(self, batch: Batch, error: str) -> None:
        """This message will never be taken; it stays listed as dead, with the reason."""
        with self.db.write() as tx:
            self._finish(tx, batch, state="dead", error=error, in_flight=False)

    def suspend(self, batch: Batch, error: str, now: datetime) -> bool:
        """The channel refuses us: rows stay owed, nothing is tried before a growing pause.

        Returns whether this is news (the target was not suspended for the same reason before).
        """
        address = str(batch.target)
        with self.db.write() as tx:
            before = tx.execute(select(t.target).where(t.target.c.address == address)).mappings()
            row = before.first()
            strikes = (row["strikes"] if row else 0) + 1
            wait = min(timedelta(minutes=15) * 2 ** min(strikes - 1, 5), timedelta(hours=6))
            values = {
                "suspended_at": (row and row["suspended_at"]) or now,
                "retry_at": now + wait,
                "strikes": strikes,
                "error": error,
            }
            tx.execute(
                self.db.insert(t.target)
                .values(address=address, **values)
                .on_conflict_do_update(index_elements=["address"], set_=values)
            )
            self._finish(tx, batch, error=error, in_flight=batch.ambiguous, refused_at=None)
        return row is None or row["suspended_at"] is None or row["error"] != error

    def release_leases(self) -> None:
        """Free what a dead process held. Only for the holder of the loop lock."""
        with self.db.write() as tx:
            held = t.delivery.c.leased_until > t.NEVER
            tx.execute(update(t.delivery).where(held).values(leased_until=t.NEVER))

    def bury_all(self, target: Target, error: str) -> int:
        """Nothing will be sent to this target any more; return how many rows it was owed."""
        with self.db.write() as tx:
            done = tx.execute(
                update(t.delivery)
                .where(t.delivery.c.target == str(target), t.delivery.c.state == "owed")
                .values(state="dead", error=error, in_flight=False, leased_until=t.NEVER)
            )
            return done.rowcount

    def lift_suspensions(self) -> None:
        """Try suspended channels again now: their credential may have been mended."""
        with self.db.write() as tx:
            tx.execute(update(t.target).values(retry_at=t.NEVER))

    def retry(self, ids: Sequence[int], now: datetime) -> int:
        """Owe dead rows again; return how many there were."""
        with self.db.write() as tx:
            done = tx.execute(
                update(t.delivery)
                .where(t.delivery.c.id.in_(ids), t.delivery.c.state == "dead")
                .values(
                    state="owed",
                    owed_at=now,
                    due_at=now,
                    retry_at=t.NEVER,
                    refused_at=None,
                    attempts=0,
                )
            )
            return done.rowcount

    def notify(
        self, targets: Iterable[Target], subject: str, lines: Sequence[str], now: datetime
    ) -> None:
        """Owe a notice to operators."""
        with self.db.write() as tx:
            for target in targets:
                owe_notice(tx, target, subject, lines, now)

    def rows(self, state: str | None = None, limit: int = 200) -> list[RowMapping]:
        """The newest rows with their document's title, for people and scripts."""
        query = (
            select(t.delivery, t.document.c.title, t.document.c.id.label("document_id"))
            .outerjoin(t.change, t.change.c.id == t.delivery.c.change_id)
            .outerjoin(t.document, t.document.c.id == t.change.c.document_id)
            .order_by(t.delivery.c.id.desc())
            .limit(limit)
        )
        if state:
            query = query.where(t.delivery.c.state == state)
        with self.db.read() as tx:
            return list(tx.execute(query).mappings())

    def suspended(self) -> list[RowMapping]:
        with self.db.read() as tx:
            return list(
                tx.execute(select(t.target).where(t.target.c.suspended_at.isnot(None))).mappings()
            )


def owe(
    tx: Connection,
    change: ChangeKind,
    change_id: int,
    document_id: int,
    notifications: Iterable[Notification],
    now: datetime,
) -> None:
    """Add the rows that notifications of one change owe: one per target, never two.

    A row of this change that has not been tried takes the newer reason: what was known from a
    title gives way to what the text says. Its time can only come nearer, and a digest it is in
    stays its digest. A modification joins a row about the same document that has not left yet,
    which will say it all. Rows of a change that is held are held.
    """
    held = tx.execute(select(t.change.c.held).where(t.change.c.id == change_id)).scalar_one()
    for notification in notifications:
        for target in notification.targets:
            row = _standing(tx, change, change_id, document_id, target)
            values: dict[str, Any] = {
                "reason": notification.reason,
                "team": notification.team,
                "subscription": notification.subscription,
            }
            times = {"due_at": notification.due_at, "digest": notification.digest}
            if row is None:
                tx.execute(
                    t.delivery.insert().values(
                        key=uuid.uuid4().hex,
                        change_id=change_id,
                        target=str(target),
                        state="held" if held else "owed",
                        owed_at=now,
                        **values,
                        **times,
                    )
                )
            elif row["state"] in ("owed", "held") and not row["in_flight"] and not row["attempts"]:
                if notification.due_at < row["due_at"]:
                    values |= times
                if row["change_id"] != change_id:
                    _tell_both(tx, row["change_id"], change_id)
                tx.execute(update(t.delivery).where(t.delivery.c.id == row["id"]).values(**values))


def _standing(
    tx: Connection, change: ChangeKind, change_id: int, document_id: int, target: Target
) -> RowMapping | None:
    """The row that already tells `target` of this change, or is about to tell it of the document."""
    to = t.delivery.c.target == str(target)
    own = select(t.delivery).where(t.delivery.c.change_id == change_id, to)
    found = tx.execute(own).mappings().first()
    if found is not None or change is not ChangeKind.MODIFIED:
        return found
    pending = (
        select(t.delivery)
        .join(t.change, t.change.c.id == t.delivery.c.change_id)
        .where(t.change.c.document_id == document_id, to)
        .where(t.delivery.c.state.in_(["owed", "held"]))
        .where(t.change.c.kind.in_([ChangeKind.NEW, ChangeKind.MODIFIED]))
        .where(~t.delivery.c.in_flight, t.delivery.c.attempts == 0)
        .order_by(t.delivery.c.id)
    )
    return tx.execute(pending).mappings().first()


def _tell_both(tx: Connection, older: int, newer: int) -> None:
    """Let a modification that has not left yet say what came after it, too."""
    rows = tx.execute(
        select(t.change.c.id, t.change.c.was).where(t.change.c.id.in_([older, newer]))
    )
    said = {row.id: row.was for row in rows}
    parts = dict.fromkeys(part for part in (said[older], said[newer]) if part)
    values = {"was": "; ".join(parts) or None}
    tx.execute(update(t.change).where(t.change.c.id == older).values(**values))


def owe_notice(
    tx: Connection, target: Target, subject: str, lines: Sequence[str], now: datetime
) -> None:
    tx.execute(
        t.delivery.insert().values(
            key=uuid.uuid4().hex,
            notice={"subject": subject, "lines": list(lines)},
            target=str(target),
            state="owed",
            owed_at=now,
            due_at=now,
        )
    )


def _due(now: datetime) -> Any:
    return and_(t.delivery.c.state == "owed", t.delivery.c.due_at <= now)


def _owed(row: RowMapping) -> Owed:
    return Owed(
        id=row["id"],
        key=row["key"],
        change_id=row["change_id"],
        notice=row["notice"],
        letter=row["letter"],
        team=row["team"],
        subscription=row["subscription"],
        digest=row["digest"],
        reason=row["reason"],
        refused_at=row["refused_at"],
        attempts=row["attempts"],
    )
