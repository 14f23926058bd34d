"""Old papers that somebody is told of on purpose: owed like news, each target once."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from watcher.model import ChangeKind
from watcher.settings import Target
from watcher.store import ledger
from watcher.store import schema as t
from watcher.store.database import Database

BACKFILL = "backfill"
"""The mark of an arrival that was no news: of a baseline, and told of later on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """A paper to tell these targets of, and why."""

    document_id: int
    reason: str
    subscription: str
    targets: tuple[Target, ...]


class Past:
    def __init__(self, db: Database) -> None:
        self.db = db

    def told(self, targets: Collection[Target]) -> dict[Target, frozenset[int]]:
        """Which papers each target was told of, or is about to be, in whatever connection."""
        paper = func.coalesce(t.document.c.merged_into, t.document.c.id)
        query = (
            select(t.delivery.c.target, paper)
            .join(t.change, t.change.c.id == t.delivery.c.change_id)
            .join(t.document, t.document.c.id == t.change.c.document_id)
            .where(t.delivery.c.state != "dead")
        )
        found: dict[Target, frozenset[int]] = {}
        with self.db.read() as tx:
            for target in targets:
                rows = tx.execute(query.where(t.delivery.c.target == str(target)).distinct())
                found[target] = frozenset(row[1] for row in rows)
        return found

    def withdrawn(self) -> frozenset[int]:
        query = select(t.document.c.id).where(t.document.c.withdrawn_at.isnot(None))
        with self.db.read() as tx:
            return frozenset(tx.execute(query).scalars())

    def owe(self, team: str, papers: Sequence[Old], digest: str, now: datetime) -> int:
        """Owe all of these or none, in this order, as digests; return how many rows that are new."""
        with self.db.write() as tx:
            self.db.alone(tx)
            return sum(_owe(tx, team, paper, digest, now) for paper in papers)


def _owe(tx: Connection, team: str, paper: Old, digest: str, now: datetime) -> int:
    change_id = _arrival(tx, paper.document_id)
    values = {
        "team": team,
        "subscription": paper.subscription,
        "reason": paper.reason,
        "digest": digest,
        "state": "owed",
        "owed_at": now,
        "due_at": now,
    }
    owed = 0
    for target in paper.targets:
        mine = t.delivery.c.change_id == change_id, t.delivery.c.target == str(target)
        row = tx.execute(select(t.delivery.c.id, t.delivery.c.state).where(*mine)).first()
        if row is None:
            made = t.delivery.insert().values(
                key=uuid.uuid4().hex, change_id=change_id, target=str(target), **values
            )
            id_ = int(tx.execute(made.returning(t.delivery.c.id)).scalar_one())
        elif row.state == "dead":
            id_ = int(row.id)
            again = {"retry_at": t.NEVER, "refused_at": None, "attempts": 0, "error": None}
            tx.execute(update(t.delivery).where(t.delivery.c.id == id_).values(**values, **again))
        else:
            continue
        ledger.note(
            tx, t.delivery.c.id == id_, "owed", now, f"asked for on purpose; {paper.reason}"
        )
        owed += 1
    return owed


def _arrival(tx: Connection, document_id: int) -> int:
    """The change that says a paper is new; a baseline's paper gets one that completes nothing."""
    news = t.change.c.document_id == document_id, t.change.c.kind == ChangeKind.NEW
    known = tx.execute(select(t.change.c.id).where(*news).order_by(t.change.c.id)).scalar()
    if known is not None:
        return int(known)
    of = t.document.c.id == document_id
    row = tx.execute(select(t.document).where(of)).mappings().one()
    return int(
        tx.execute(
            t.change.insert()
            .values(
                kind=ChangeKind.NEW,
                document_id=document_id,
                source_id=row["source_id"],
                after_id=row["version_id"],
                at=row["first_seen_at"],
                mark=BACKFILL,
            )
            .returning(t.change.c.id)
        ).scalar_one()
    )
