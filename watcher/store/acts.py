"""What people do in Slack: each act once, and the alert that an act is about."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from watcher.store import schema as t
from watcher.store.database import Database

KEPT = timedelta(days=7)
"""Slack sends again what had no answer for a few minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert that was owed, and where it stands when it was sent."""

    key: str
    documents: frozenset[int]
    """The paper it told of, and the one that this turned out to be."""
    paper: int
    """The id that counts now."""
    title: str
    team: str
    subscription: str
    place: str
    """channel/ts; "" while it is not known to be sent."""


class Acts:
    def __init__(self, db: Database) -> None:
        self.db = db

    @contextmanager
    def once(self, act: str, now: datetime) -> Iterator[bool]:
        """Whether this act is new; what is done within the block is saved together with that, or
        not at all when the block raises.

        `act` is whatever identifies it; a digest of it is kept.
        """
        id_ = hashlib.sha256(act.encode("utf-8", "surrogatepass")).hexdigest()
        with self.db.together() as tx:
            tx.execute(delete(t.interaction).where(t.interaction.c.at < now - KEPT))
            made = tx.execute(
                self.db.insert(t.interaction)
                .values(id=id_, at=now)
                .on_conflict_do_nothing(index_elements=["id"])
                .returning(t.interaction.c.id)
            ).first()
            yield made is not None

    def alert(self, key: str) -> Told | None:
        """The alert of this delivery; None for an unknown one, for notices and letters."""
        query = (
            select(
                t.delivery.c.team,
                t.delivery.c.subscription,
                t.delivery.c.place,
                t.document.c.id,
                t.document.c.title,
                func.coalesce(t.document.c.merged_into, t.document.c.id).label("paper"),
            )
            .join(t.change, t.change.c.id == t.delivery.c.change_id)
            .join(t.document, t.document.c.id == t.change.c.document_id)
            .where(t.delivery.c.key == key)
        )
        with self.db.read() as tx:
            row = tx.execute(query).mappings().first()
        if row is None:
            return None
        return Told(
            key=key,
            documents=frozenset((row["id"], row["paper"])),
            paper=row["paper"],
            title=row["title"],
            team=row["team"] or "",
            subscription=row["subscription"] or "",
            place=row["place"] or "",
        )

    def reaching(self, channel: str) -> frozenset[str]:
        """The addresses, such as #law, under which something was posted in the channel of this id."""
        query = (
            select(t.delivery.c.target)
            .where(t.delivery.c.place.startswith(f"{channel}/", autoescape=True))
            .distinct()
        )
        with self.db.read() as tx:
            found = tx.execute(query).scalars().all()
        return frozenset(address.removeprefix("slack:") for address in found)
