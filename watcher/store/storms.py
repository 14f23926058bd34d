"""Too many alerts for one target at once: held for operators, as the flood of a source is."""

from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    case,
    func,
    literal,
    select,
    update,
)

from watcher.settings import Target
from watcher.store import ledger
from watcher.store import schema as t
from watcher.store.database import Database

STORM, STORM_WITHIN = 30, timedelta(minutes=10)
"""More alerts than this to one target within this time are held until an operator releases them."""
HELD = f"held: more than {STORM} alerts within {STORM_WITHIN // timedelta(minutes=1)} minutes"


def rage(tx: Connection, target: Target, now: datetime) -> bool:
    """Whether one more alert for `target` would be too many at once. Digests are one message each."""
    count = (
        select(func.count())
        .where(t.delivery.c.target == str(target), t.delivery.c.owed_at > now - STORM_WITHIN)
        .where(t.delivery.c.change_id.isnot(None), t.delivery.c.digest.is_(None))
    )
    return tx.execute(count).scalar_one() >= STORM


class Storms:
    def __init__(self, db: Database) -> None:
        self.db = db

    def standing(self) -> list[RowMapping]:
        """Targets for which alerts are held because too many came at once: target, first, count."""
        query = (
            select(
                t.delivery.c.target,
                func.min(t.delivery.c.id).label("first"),
                func.count().label("count"),
            )
            .where(_held())
            .group_by(t.delivery.c.target)
        )
        with self.db.read() as tx:
            return list(tx.execute(query).mappings())

    def release(self, target: Target, now: datetime, *, discard: bool = False) -> int:
        """Owe what a storm's hold kept from `target`, or bury it; return how many rows there were."""
        held = and_(_held(), t.delivery.c.target == str(target))
        later = case((t.delivery.c.due_at > literal(now, t.Instant), t.delivery.c.due_at))
        owed = {
            "state": "owed",
            "error": None,
            "due_at": func.coalesce(later, literal(now, t.Instant)),
        }
        dead = {"state": "dead", "error": "discarded while it was held"}
        with self.db.write() as tx:
            ledger.note(tx, held, "discarded" if discard else "released", now)
            return tx.execute(
                update(t.delivery).where(held).values(**(dead if discard else owed))
            ).rowcount


def _held() -> ColumnElement[bool]:
    """Rows that are held because too many came at once, not because their source is held."""
    return and_(t.delivery.c.state == "held", t.delivery.c.error == HELD)
