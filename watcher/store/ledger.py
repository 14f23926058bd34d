"""The ledger: what became of each delivery at each step, in the provider's words. Only ever added to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, literal, or_, select

from watcher.store import schema as t
from watcher.store.database import Database


def note(tx: Connection, which: Any, what: str, at: datetime, said: str = "") -> None:
    """Write one step of every delivery that `which`, a condition on the table, holds for.

    In the transaction that makes the step, and before it does so: the condition may not hold after.
    """
    found = select(
        t.delivery.c.id, literal(at, t.Instant), literal(what), literal(said, t.attempt.c.said.type)
    ).where(which)
    tx.execute(t.attempt.insert().from_select(["delivery_id", "at", "what", "said"], found))


class Ledger:
    def __init__(self, db: Database) -> None:
        self.db = db

    def steps(
        self,
        *,
        deliveries: Sequence[int] = (),
        paper: int | None = None,
        team: str | None = None,
        limit: int = 1000,
    ) -> list[RowMapping]:
        """The newest steps of these deliveries, of those about a paper, or of those to a team; oldest first.

        What is given is asked for together: a paper and a team are what that team heard of the paper.
        """
        query = (
            select(
                t.attempt,
                t.delivery.c.target,
                t.delivery.c.team,
                t.delivery.c.state,
                t.delivery.c.notice,
                t.delivery.c.letter,
                t.change.c.kind,
                t.change.c.document_id,
                t.document.c.title,
            )
            .join(t.delivery, t.delivery.c.id == t.attempt.c.delivery_id)
            .outerjoin(t.change, t.change.c.id == t.delivery.c.change_id)
            .outerjoin(t.document, t.document.c.id == t.change.c.document_id)
            .order_by(t.attempt.c.id.desc())
            .limit(limit)
        )
        if deliveries:
            query = query.where(t.delivery.c.id.in_(deliveries))
        if paper is not None:
            of_paper = or_(t.document.c.id == paper, t.document.c.merged_into == paper)
            query = query.where(of_paper)
        if team is not None:
            query = query.where(t.delivery.c.team == team)
        with self.db.read() as tx:
            return list(tx.execute(query).mappings())[::-1]
