"""Rows of the outbox as they are claimed for one message."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, or_

from watcher.settings import Target
from watcher.store import schema as t


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
    due_at: datetime
    reason: str
    refused_at: datetime | None
    """When the first refusal for want of a better moment was."""
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows claimed for one message to one target; only the holder of `fence` may finish them."""

    target: Target
    key: str
    """The delivery id that stands for the whole message; the same when it is sent again."""
    rows: tuple[Owed, ...]
    fences: tuple[tuple[int, int], ...]
    ambiguous: bool
    """An earlier attempt was handed over and left open: the message may have arrived."""
    exposed: int
    """How many attempts were handed over and never answered."""
    probe: bool
    """Its channel is suspended, and this attempt finds out whether it still refuses."""

    @property
    def audience(self) -> str:
        """Whom it is for: `team/subscription`, `team`, or "" for operators."""
        first = self.rows[0]
        return "/".join(filter(None, (first.team, first.subscription)))

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


def owed_row(row: RowMapping) -> Owed:
    return Owed(
        id=row["id"],
        key=row["key"],
        change_id=row["change_id"],
        notice=row["notice"],
        letter=row["letter"],
        team=row["team"],
        subscription=row["subscription"],
        digest=row["digest"],
        due_at=row["due_at"],
        reason=row["reason"],
        refused_at=row["refused_at"],
        attempts=row["attempts"],
    )


def held_rows(batch: Batch) -> Any:
    """The batch's rows, as far as this claim still holds them."""
    fenced = (and_(t.delivery.c.id == i, t.delivery.c.fence == f) for i, f in batch.fences)
    return and_(or_(*fenced), t.delivery.c.state == "owed")
