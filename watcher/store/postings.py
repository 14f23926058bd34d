"""What was posted and still stands: where follow-ups belong, and what is put right when a paper changes."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from watcher.model import ChangeKind
from watcher.settings import Target
from watcher.store import schema as t
from watcher.store.database import Database
from watcher.store.owing import owe_letter

UPDATE = "update"
"""The kind of a letter that puts a posted alert right, and tells nobody anything new."""
_REWRITABLE = "slack:%"
"""Targets whose notifier can change what it posted; a mail is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """An alert as it was sent: enough to say the same again."""

    key: str
    change_id: int
    team: str | None
    subscription: str | None
    reason: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a team last said of a paper."""

    state: str
    """reviewed, not_relevant or open."""
    by: str
    at: datetime


class Postings:
    def __init__(self, db: Database) -> None:
        self.db = db

    def thread_of(self, target: Target, document_ids: Collection[int]) -> str:
        """The place of the first alert that a target got of any of these papers; "" for none.

        A digest starts no thread: what follows one of its papers would stand under all.
        """
        query = (
            _alerts(document_ids)
            .with_only_columns(t.delivery.c.place)
            .where(t.delivery.c.target == str(target))
            .order_by(t.delivery.c.sent_at, t.delivery.c.id)
            .limit(1)
        )
        with self.db.read() as tx:
            return tx.execute(query).scalar() or ""

    def posted(self, delivery_id: int) -> Posted | None:
        """An alert that was sent, or None where there is none to put right."""
        columns = [t.delivery.c[name] for name in Posted.__slots__]
        query = select(*columns).where(
            t.delivery.c.id == delivery_id,
            t.delivery.c.place.isnot(None),
            t.delivery.c.change_id.isnot(None),
        )
        with self.db.read() as tx:
            row = tx.execute(query).mappings().first()
        return Posted(**row) if row else None

    def change_of(self, key: str) -> int | None:
        """The change that a delivery tells of; None for notices, letters and unknown keys."""
        query = select(t.delivery.c.change_id).where(t.delivery.c.key == key)
        with self.db.read() as tx:
            return tx.execute(query).scalar()

    def review(self, document_id: int, team: str | None) -> Review | None:
        """The latest that a team said of a paper, or of one that turned out to be it."""
        query = (
            select(t.review.c.state, t.review.c.by, t.review.c.at)
            .join(t.document, t.document.c.id == t.review.c.document_id)
            .where(_is_one_of([document_id]), t.review.c.team_id == (team or ""))
            .order_by(t.review.c.id.desc())
            .limit(1)
        )
        with self.db.read() as tx:
            row = tx.execute(query).mappings().first()
        return Review(**row) if row else None

    def reviewed(self, document_id: int, team: str, cause: str, now: datetime) -> int:
        """Let a team's alerts about a paper say what the team says of it; see `owe_updates`."""
        with self.db.write() as tx:
            return owe_updates(tx, self.db, document_id, cause, now, team=team)


def owe_updates(
    tx: Connection,
    db: Database,
    document_id: int,
    cause: str,
    now: datetime,
    *,
    team: str | None = None,
) -> int:
    """Owe the posted alerts about a paper an update; return how many.

    Of a change it is the first alert of each target, of a review (`team`) all that the team got.
    `cause` names what they are updated for: owed once for it, whatever is repeated. One that is
    still owed says what stands when it is sent, so it is not owed twice.
    """
    query = _alerts([document_id]).where(t.delivery.c.target.like(_REWRITABLE))
    if team is None:
        query = query.where(t.change.c.kind == ChangeKind.NEW)
    else:
        query = query.where(t.delivery.c.team == team)
    rows = tx.execute(query).mappings().all()
    coming = _coming(tx) if rows else frozenset[int]()
    owed = 0
    for row in rows:
        key = hashlib.sha256(f"{UPDATE}/{row['id']}/{cause}".encode()).hexdigest()[:32]
        if row["id"] not in coming:
            owed += owe_letter(
                tx,
                db,
                key,
                {"kind": UPDATE, "delivery": row["id"]},
                row["target"],
                team=row["team"],
                subscription=row["subscription"],
                reason=f"what was posted of paper {document_id} is put right",
                due_at=now,
                now=now,
            )
    return owed


def _coming(tx: Connection) -> frozenset[int]:
    """The deliveries whose update is owed and has not left."""
    waiting = select(t.delivery.c.letter).where(
        t.delivery.c.letter.isnot(None), t.delivery.c.state == "owed", ~t.delivery.c.in_flight
    )
    letters = tx.execute(waiting).scalars()
    return frozenset(each["delivery"] for each in letters if each["kind"] == UPDATE)


def _alerts(document_ids: Collection[int]) -> Select[tuple[object, ...]]:
    """Alerts of their own that were sent about these papers, and whose place is known."""
    return (
        select(t.delivery)
        .join(t.change, t.change.c.id == t.delivery.c.change_id)
        .join(t.document, t.document.c.id == t.change.c.document_id)
        .where(
            _is_one_of(document_ids),
            t.delivery.c.state == "sent",
            t.delivery.c.place.isnot(None),
            t.delivery.c.digest.is_(None),
        )
    )


def _is_one_of(document_ids: Collection[int]) -> ColumnElement[bool]:
    """Among documents: these, and those that turned out to be one of them."""
    return or_(t.document.c.id.in_(document_ids), t.document.c.merged_into.in_(document_ids))
