"""The outbox: what is owed to whom, claimed under a lease with a fence, and what became of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    select,
    update,
)

from watcher.settings import Target
from watcher.store import ledger, suspensions
from watcher.store import schema as t
from watcher.store.batch import Batch, held_rows, owed_row, target_of
from watcher.store.database import Database
from watcher.store.owing import owe_notice

LEASE = timedelta(minutes=5)
"""Longer than any notifier may take; a dead process's rows are free when it ends."""
SETTLE = timedelta(seconds=10)
"""What was handed over by a process that died is left alone so long: Slack shows a message in the
channel's history some seconds after taking it."""
STUBBORN, HELD_UP = 6, timedelta(hours=12)
"""A row refused so often and for so long lets the rows behind it pass: the fault may be its own. Slack's and
mail servers' outages are shorter, and end in order."""
LATELY = timedelta(minutes=2)
"""… when it has just been tried once more: at the end of a long outage it still goes first."""
BATCH = 25
"""Papers in one digest message: as many as one Slack message shows; the rest follow in the next."""
MAILED = 200
"""In one mail, which may be longer: so many stay below the size at which Gmail cuts mails off."""


class Outbox:
    def __init__(self, db: Database) -> None:
        self.db = db

    def due_targets(self, now: datetime) -> list[Target]:
        """Targets that are owed something now and do not rest; who has waited longest comes first."""
        query = (
            select(t.delivery.c.target)
            .where(_due(now))
            .group_by(t.delivery.c.target)
            .order_by(func.min(t.delivery.c.due_at), t.delivery.c.target)
        )
        with self.db.read() as tx:
            at_rest = suspensions.resting(tx, now)
            targets = [target_of(address) for address in tx.execute(query).scalars()]
        return [each for each in targets if not {each.kind, str(each)} & at_rest]

    def claim(self, target: Target, now: datetime) -> Batch | None:
        """Take what is due next for one target, in order, or None.

        Order is kept: a row that waits for its retry holds up those behind it, until it has been
        refused `STUBBORN` times over `HELD_UP`. Rows of one digest are taken together. Of a
        suspended channel one batch is taken at a time.
        """
        with self.db.write() as tx:
            first = tx.execute(self._first(target, now)).mappings().first()
            if first is None or first["leased_until"] > now:
                return None
            if first["retry_at"] > now and not self._pressed(tx, first, now):
                return None
            probe = suspensions.admit(tx, target, now, now + LEASE)
            if probe is None:
                return None
            rows = (
                tx.execute(
                    select(t.delivery)
                    .where(t.delivery.c.target == str(target), _together(first, now))
                    .where(t.delivery.c.leased_until <= now)
                    .order_by(t.delivery.c.due_at, t.delivery.c.id)
                    .limit(_most(target) if first["digest"] else BATCH)
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
                .values(leased_until=now + LEASE, fence=t.delivery.c.fence + 1)
            )
        return Batch(
            target=target,
            key=(first["in_flight"] and first["handed"]) or rows[0]["key"],
            rows=tuple(owed_row(row) for row in rows),
            fences=tuple((row["id"], row["fence"] + 1) for row in rows),
            ambiguous=any(row["in_flight"] for row in rows),
            exposed=max(row["exposed"] for row in rows),
            probe=probe,
        )

    def _first(self, target: Target, now: datetime) -> Select[Any]:
        tried = select(t.attempt.c.id).where(
            t.attempt.c.delivery_id == t.delivery.c.id, t.attempt.c.at > now - LATELY
        )
        steps_aside = and_(
            t.delivery.c.attempts >= STUBBORN,
            t.delivery.c.refused_at <= now - HELD_UP,
            t.delivery.c.retry_at > now,
            tried.exists(),
        )
        return (
            select(t.delivery)
            .where(t.delivery.c.target == str(target), _due(now))
            .where(~func.coalesce(steps_aside, false()))
            .order_by(t.delivery.c.due_at, t.delivery.c.id)
            .limit(1)
            .with_for_update()  # waited for, where another has it: the rows behind must not pass it
        )

    def _pressed(self, tx: Connection, first: RowMapping, now: datetime) -> bool:
        """Whether a stubborn row that waits is to be tried before its time, because others would pass it."""
        since = first["refused_at"]
        if first["attempts"] < STUBBORN or since is None or since > now - HELD_UP:
            return False
        behind = (
            select(t.delivery.c.id)
            .where(t.delivery.c.target == first["target"], t.delivery.c.id != first["id"])
            .where(_due(now), t.delivery.c.retry_at <= now, t.delivery.c.leased_until <= now)
            .limit(1)
        )
        return tx.execute(behind).first() is not None

    def hand_over(self, batch: Batch, now: datetime, *, blind: bool) -> bool:
        """Write that the message may arrive from now on; False where the claim has passed on.

        `blind`: an earlier attempt is still open. Without it, there was none or it is known not to
        have arrived. A process that dies from here on leaves the row in doubt. The lease begins
        anew: settling what an earlier attempt left open may have taken most of it.
        """
        with self.db.write() as tx:
            mine = held_rows(batch)
            held = select(t.delivery.c.id).where(mine).order_by(t.delivery.c.id).with_for_update()
            if len(tx.execute(held).all()) < len(batch.fences):
                return False
            ledger.note(tx, mine, "handed over", now, "a possible repeat" if blind else "")
            tx.execute(
                update(t.delivery)
                .where(mine)
                .values(
                    in_flight=True,
                    exposed=t.delivery.c.exposed + 1 if blind else 1,
                    handed=batch.key,
                    retry_at=now + SETTLE,
                    leased_until=now + LEASE,
                )
            )
        return True

    def put_back(
        self, batch: Batch, now: datetime | None = None, until: datetime | None = None
    ) -> None:
        """Give up a claim before anything was handed over, as if never made; or owe it `until` then."""
        with self.db.write() as tx:
            mine, later = held_rows(batch), {"due_at": until} if until else {}
            if now and until:
                ledger.note(
                    tx, mine, "put off", now, f"not at this hour; due {until:%Y-%m-%d %H:%M} UTC"
                )
            tx.execute(update(t.delivery).where(mine).values(leased_until=t.NEVER, **later))
            if batch.probe:
                suspensions.probe_again(tx, batch.target.kind, t.NEVER)

    def _finish(
        self, tx: Connection, batch: Batch, what: str, said: str, now: datetime, **values: Any
    ) -> None:
        """Set `values` on the batch's rows; nothing where the claim has passed to somebody else."""
        mine = held_rows(batch)
        ledger.note(tx, mine, what, now, said)
        tx.execute(
            update(t.delivery)
            .where(mine)
            .values(leased_until=t.NEVER, attempts=t.delivery.c.attempts + 1, **values)
        )

    def mark_sent(
        self, batch: Batch, receipt: str, now: datetime, *, place: str = "", found: bool = False
    ) -> list[str]:
        """The message went out, or was `found` where an earlier attempt had left it.

        Returns the addresses (of its target, its channel) whose suspension ends by that.
        """
        with self.db.write() as tx:
            self._finish(
                tx,
                batch,
                "found" if found else "sent",
                receipt,
                now,
                state="sent",
                receipt=receipt,
                place=place or None,
                sent_at=now,
                error=None,
                in_flight=False,
                exposed=0 if found else _one_less(),
            )
            return suspensions.heal(tx, batch.target)

    def postpone(
        self,
        batch: Batch,
        until: datetime,
        error: str,
        now: datetime,
        *,
        ambiguous: bool,
        answered: bool = False,
        hold: bool = False,
    ) -> None:
        """Try again at `until`; with `hold`, nothing else goes to the target before.

        `ambiguous` keeps the mark that the message may have arrived; `answered` says that the last
        hand-over was answered, so that it does not count as one that may have.
        """
        since = func.coalesce(t.delivery.c.refused_at, literal(now, t.Instant))
        with self.db.write() as tx:
            self._finish(
                tx,
                batch,
                "postponed",
                f"{error}; again at {until:%Y-%m-%d %H:%M:%S} UTC",
                now,
                retry_at=until,
                error=error,
                in_flight=ambiguous,
                refused_at=since,
                **({"exposed": _one_less()} if answered else {}),
            )
            if hold:
                suspensions.hold(tx, self.db, str(batch.target), until)
            if batch.probe:
                suspensions.probe_again(tx, batch.target.kind, until)

    def bury(self, batch: Batch, error: str, now: datetime, *, ambiguous: bool = False) -> None:
        """This message will not be tried again; it stays listed as dead, with the reason."""
        with self.db.write() as tx:
            self._finish(
                tx, batch, "dead", error, now, state="dead", error=error, in_flight=ambiguous
            )
            if batch.probe:
                suspensions.probe_again(tx, batch.target.kind, now)

    def suspend(
        self,
        batch: Batch,
        error: str,
        now: datetime,
        *,
        whole: bool = False,
        ambiguous: bool = False,
        answered: bool = False,
    ) -> bool:
        """The target refuses us, or the `whole` channel: rows stay owed, a growing pause begins.

        Returns whether this is news (it was not suspended for the same reason before).
        """
        kind, address = batch.target.kind, str(batch.target)
        error = error.removeprefix(f"{address}: ")
        with self.db.write() as tx:
            news = suspensions.suspend(
                tx,
                self.db,
                kind if whole else address,
                error,
                now,
                probe=batch.probe if whole else True,
            )
            if batch.probe and not whole:
                suspensions.probe_again(tx, kind, now)
            self._finish(
                tx,
                batch,
                "suspended",
                error,
                now,
                error=error,
                retry_at=t.NEVER,
                in_flight=ambiguous,
                refused_at=None,
                **({"exposed": _one_less()} if answered else {}),
            )
        return news

    def part(self, batch: Batch) -> tuple[int, int]:
        """Which message of its digest this is, from 1, and how many messages there will be."""
        mine = and_(
            t.delivery.c.target == str(batch.target), t.delivery.c.digest == batch.rows[0].digest
        )
        sent = select(func.count(t.delivery.c.handed.distinct())).where(
            mine, t.delivery.c.state == "sent"
        )
        owed = select(func.count()).where(mine, t.delivery.c.state == "owed")
        with self.db.read() as tx:
            before, left = tx.execute(sent).scalar_one(), tx.execute(owed).scalar_one()
        return before + 1, before + -(-left // _most(batch.target))

    def release_leases(self) -> None:
        """Free what a dead process held. Only for the holder of the loop lock."""
        with self.db.write() as tx:
            held = t.delivery.c.leased_until > t.NEVER
            tx.execute(update(t.delivery).where(held).values(leased_until=t.NEVER))

    def bury_all(self, target: Target, error: str, now: datetime) -> int:
        """Nothing will be sent to this target any more; return how many rows it was owed."""
        owed = and_(t.delivery.c.target == str(target), t.delivery.c.state == "owed")
        with self.db.write() as tx:
            ledger.note(tx, owed, "dead", now, error)
            done = tx.execute(
                update(t.delivery)
                .where(owed)
                .values(state="dead", error=error, leased_until=t.NEVER)
            )
            return done.rowcount

    def lift_suspensions(self) -> None:
        """Try suspended channels again now: their credential may have been mended."""
        with self.db.write() as tx:
            suspensions.lift(tx)

    def retry(self, ids: Sequence[int] | None, now: datetime) -> int:
        """Owe dead rows again, where `ids` is None all that were ever tried; return how many.

        What may have arrived stays in doubt: Slack is asked first, a mail is marked as a repeat.
        """
        dead = t.delivery.c.state == "dead"
        chosen = t.delivery.c.attempts > 0 if ids is None else t.delivery.c.id.in_(ids)
        dead = and_(dead, chosen)
        with self.db.write() as tx:
            ledger.note(tx, dead, "retried", now)
            done = tx.execute(
                update(t.delivery)
                .where(dead)
                .values(
                    state="owed",
                    due_at=now,
                    retry_at=t.NEVER,
                    refused_at=None,
                    attempts=0,
                    exposed=case((t.delivery.c.in_flight, 1), else_=0),
                )
            )
            return done.rowcount

    def notify(
        self,
        targets: Iterable[Target],
        subject: str,
        lines: Sequence[str],
        now: datetime,
        *,
        once: str = "",
    ) -> None:
        """Owe a notice to operators; what it is about (`once`) is told to each of them once."""
        with self.db.write() as tx:
            for target in targets:
                owe_notice(
                    tx, self.db, target, subject, lines, now, key=once and f"{once} {target}"
                )

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


def _most(target: Target) -> int:
    return MAILED if target.kind == "email" else BATCH


def _due(now: datetime) -> Any:
    return and_(t.delivery.c.state == "owed", t.delivery.c.due_at <= now)


def _together(first: RowMapping, now: datetime) -> Any:
    """The rows that leave in one message with `first`, which is due.

    A message that may have arrived is settled with the very rows that it was sent for.
    """
    if first["in_flight"] and first["handed"]:
        return and_(t.delivery.c.handed == first["handed"], t.delivery.c.in_flight, _due(now))
    if first["notice"] is not None:  # forty sources that fail together are one notice
        return and_(t.delivery.c.notice.isnot(None), ~t.delivery.c.in_flight, _due(now))
    if first["digest"] is not None:
        return and_(t.delivery.c.digest == first["digest"], ~t.delivery.c.in_flight, _due(now))
    return t.delivery.c.id == first["id"]


def _one_less() -> Any:
    """One hand-over has been answered: the others are still open."""
    return case((t.delivery.c.exposed > 0, t.delivery.c.exposed - 1), else_=0)
