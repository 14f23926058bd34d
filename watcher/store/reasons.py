"""Why something is owed to a target, by whom: joined where several want it, withdrawn where one does no more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, or_, select, update

from watcher.model import Notification
from watcher.settings import Target
from watcher.store import ledger
from watcher.store import schema as t

BETWEEN = " · "
"""Between the reasons of one delivery."""


def by_target(notifications: Sequence[Notification]) -> dict[Target, Notification]:
    """One for each target: the first that is due, with the reasons of all."""
    told: dict[Target, list[Notification]] = {}
    for each in notifications:
        for target in each.targets:
            told.setdefault(target, []).append(each)
    return {
        target: replace(
            min(some, key=lambda each: each.due_at),
            reason=BETWEEN.join(dict.fromkeys(each.reason for each in some)),
        )
        for target, some in told.items()
    }


def withdraw(
    tx: Connection,
    team: str,
    why: str,
    now: datetime,
    names: Mapping[str, str],
    *,
    subscription: str | None = None,
    documents: Collection[int] | None = None,
) -> int:
    """Bury what is owed to `team`, of one subscription or some papers if said; return how many rows.

    A row that tells for others too stays owed to them, without this reason; each part of a reason
    begins with the team's and the subscription's name (`names`: every team's by id). What is being
    sent at this moment is left to its end.
    """
    prefix = _prefixes(names.get(team, team), subscription)
    named = or_(*(t.delivery.c.reason.contains(each, autoescape=True) for each in prefix))
    mine = (
        select(t.delivery)
        .where(or_(t.delivery.c.team == team, and_(t.delivery.c.team.isnot(None), named)))
        .where(t.delivery.c.state.in_(["owed", "held"]), t.delivery.c.leased_until <= now)
    )
    if documents is not None:
        about = (
            select(t.change.c.id)
            .join(t.document, t.document.c.id == t.change.c.document_id)
            .where(or_(t.document.c.id.in_(documents), t.document.c.merged_into.in_(documents)))
        )
        mine = mine.where(t.delivery.c.change_id.in_(about))
    buried = 0
    for row in tx.execute(mine).mappings().all():
        parts = row["reason"].split(BETWEEN)
        kept = [part for part in parts if not part.startswith(prefix)]
        if len(kept) == len(parts) and not _is_of(row, team, subscription):
            continue
        here = t.delivery.c.id == row["id"]
        if heir := _heir(kept, names):
            values = {"team": heir[0], "subscription": heir[1] or row["subscription"]}
            said = BETWEEN.join(kept)
            tx.execute(update(t.delivery).where(here).values(reason=said, **values))
            continue
        tx.execute(update(t.delivery).where(here).values(state="dead", error=why))
        ledger.note(tx, here, "dead", now, why)
        buried += 1
    return buried


def _is_of(row: RowMapping, team: str, subscription: str | None) -> bool:
    return row["team"] == team and subscription in (None, row["subscription"])


def _prefixes(name: str, subscription: str | None) -> tuple[str, ...]:
    if subscription is not None:
        return (f"{name} / {subscription}: ",)
    return f"{name} / ", f"{name}: "


def _heir(parts: Collection[str], names: Mapping[str, str]) -> tuple[str, str] | None:
    """The team and the subscription ("" for none) that the first of these reasons is of."""
    for part in parts:
        for id_, name in names.items():
            if part.startswith(_prefixes(name, None)):
                wanted, _, _ = part.removeprefix(f"{name} / ").partition(": ")
                return id_, "" if part.startswith(f"{name}: ") else wanted
    return None
