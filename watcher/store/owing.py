"""Who is owed what: rows of the outbox as changes and notices make them."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from watcher.model import ChangeKind, Notification
from watcher.settings import Target
from watcher.store import ledger, storms
from watcher.store import schema as t
from watcher.store.database import Database
from watcher.store.reasons import by_target


def owe(
    tx: Connection,
    change: ChangeKind,
    change_id: int,
    document_id: int,
    notifications: Iterable[Notification],
    now: datetime,
    *,
    on_purpose: bool = False,
) -> None:
    """Add the rows that notifications of one change owe: one per target, never two, all reasons in it.

    Who began to listen after the change is owed nothing, however late the change is understood.
    A row of this change that has not been tried takes the newer reason: what was known from a
    title gives way to what the text says. Its time can only come nearer, and a digest it is in
    stays its digest. A modification joins a row about the same document that has not left yet,
    which will say it all. Rows of a change that is held are held, and so are those of a storm,
    unless they were asked for `on_purpose`.
    """
    known = select(t.change.c.held, t.change.c.at).where(t.change.c.id == change_id)
    held, at = tx.execute(known).one()
    listened = [each for each in notifications if each.since is None or each.since <= at]
    for target, notification in by_target(listened).items():
        row = _standing(tx, change, change_id, document_id, target)
        values: dict[str, Any] = {
            "reason": notification.reason,
            "team": notification.team,
            "subscription": notification.subscription,
        }
        times: dict[str, Any] = {"due_at": notification.due_at, "digest": notification.digest}
        if row is None:
            calm = held or on_purpose or notification.digest
            storm = not calm and storms.rage(tx, target, now)
            _add(
                tx,
                now,
                notification.reason,
                change_id=change_id,
                target=str(target),
                state="held" if held or storm else "owed",
                error=storms.HELD if storm else None,
                **values,
                **times,
            )
        elif row["state"] in ("owed", "held") and not row["in_flight"] and not row["attempts"]:
            if notification.due_at < row["due_at"]:
                values |= times
            this = t.delivery.c.id == row["id"]
            if row["change_id"] != change_id:
                _tell_both(tx, row["change_id"], change_id)
                ledger.note(tx, this, "joined", now, "a correction that it will tell as well")
            # taken back from a sender that has rendered it as it was and not yet handed it over
            values |= {"fence": row["fence"] + 1, "leased_until": t.NEVER}
            tx.execute(update(t.delivery).where(this).values(**values))


def _standing(
    tx: Connection, change: ChangeKind, change_id: int, document_id: int, target: Target
) -> RowMapping | None:
    """The row that already tells `target` of this change, or is about to tell it of the document.

    It is locked: a sender that hands it over meanwhile would send it without what joins it.
    """
    to = t.delivery.c.target == str(target)
    own = select(t.delivery).where(t.delivery.c.change_id == change_id, to).with_for_update()
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
        .with_for_update(of=t.delivery)
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
    tx: Connection,
    db: Database,
    target: Target,
    subject: str,
    lines: Sequence[str],
    now: datetime,
    *,
    key: str | None = None,
) -> None:
    """Owe operators a notice; one with a `key` of its own is owed once, whichever node is first."""
    key = key or uuid.uuid4().hex
    made = tx.execute(
        db.insert(t.delivery)
        .values(
            key=key,
            notice={"subject": subject, "lines": list(lines)},
            target=str(target),
            state="owed",
            owed_at=now,
            due_at=now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(t.delivery.c.id)
    ).first()
    if made is not None:
        ledger.note(tx, t.delivery.c.id == made.id, "owed", now, subject)


def owe_letter(
    tx: Connection,
    db: Database,
    key: str,
    letter: Mapping[str, Any],
    target: str,
    *,
    team: str | None,
    subscription: str | None,
    reason: str,
    due_at: datetime,
    now: datetime,
) -> bool:
    """Owe readers a letter once, whatever restarts and whichever node asks; False where it was owed.

    `key` says what it is for. Its words are found when it is sent.
    """
    made = tx.execute(
        db.insert(t.delivery)
        .values(
            key=key,
            letter=dict(letter),
            team=team,
            subscription=subscription,
            target=target,
            reason=reason,
            state="owed",
            owed_at=now,
            due_at=due_at,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(t.delivery.c.id)
    ).first()
    if made is None:
        return False
    ledger.note(tx, t.delivery.c.key == key, "owed", now, reason)
    return True


def _add(tx: Connection, now: datetime, said: str, **values: Any) -> None:
    key = uuid.uuid4().hex
    tx.execute(t.delivery.insert().values(key=key, owed_at=now, **values))
    ledger.note(tx, t.delivery.c.key == key, values["state"], now, values.get("error") or said)
