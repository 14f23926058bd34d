"""What the calendar makes of papers: which are open or soon in force, who was told, what is owed for it."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from watcher.due import digest_end
from watcher.model import ChangeKind, Document, Notification, Stage
from watcher.settings import Target
from watcher.store import ledger
from watcher.store import schema as t
from watcher.store.batch import target_of
from watcher.store.codec import document_of
from watcher.store.database import Database
from watcher.store.owing import owe, owe_letter

KINDS = (ChangeKind.DEADLINE, ChangeKind.CLOSED, ChangeKind.IN_FORCE, ChangeKind.NO_FINAL)
"""The calendar's changes: their `mark` begins with the day they are about."""
_OPEN_STATES = ("owed", "held", "sent")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A paper that stands, without its text, and since when it is known."""

    document: Document
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """That a target was told of a paper, or is about to be."""

    target: Target
    team: str
    subscription: str
    at: datetime
    """When it was sent, or is due."""
    kind: ChangeKind
    mark: str | None
    sent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What the calendar says of a paper now, with whom it is to be told."""

    kind: ChangeKind
    document: Document
    mark: str
    notifications: Sequence[Notification]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """An event that is owed and not under way, with what is known of its paper now."""

    delivery: int
    kind: ChangeKind
    mark: str
    document: Document
    gone: bool
    """Withdrawn, or it turned out to be another paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message to readers that tells of no single paper."""

    says: Mapping[str, Any]
    """Its kind, and what it was made for; its words are found when it is sent."""
    team: str
    subscription: str | None
    target: Target
    due_at: datetime
    reason: str = ""

    @property
    def key(self) -> str:
        """What it is for, so that it is owed once."""
        about = [self.team, self.subscription, str(self.target), dict(self.says)]
        words = json.dumps(about, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(words.encode()).hexdigest()[:32]


class Calendar:
    def __init__(self, db: Database) -> None:
        self.db = db

    # ------------------------------------------------------------ papers

    def open(self, since: date) -> list[Standing]:
        """Papers with a comment deadline on that day or later, the soonest first."""
        return self._standing(t.document.c.deadline >= since, t.document.c.deadline)

    def taking_effect(self, first: date, last: date) -> list[Standing]:
        """Finals that take effect within these days."""
        effective = t.document.c.facts["effective"].as_string()
        within = and_(
            t.document.c.stage == Stage.FINAL,
            effective >= first.isoformat(),
            effective <= last.isoformat(),
        )
        return self._standing(within, effective)

    def _standing(self, which: ColumnElement[bool], order: ColumnElement[Any]) -> list[Standing]:
        held = select(t.change.c.id).where(
            t.change.c.document_id == t.document.c.id, t.change.c.held
        )
        query = (
            select(t.document)
            .where(
                which,
                t.document.c.withdrawn_at.is_(None),
                t.document.c.merged_into.is_(None),
                ~held.exists(),  # an operator is to look at it first
            )
            .order_by(order, t.document.c.id)
        )
        with self.db.read() as tx:
            return [
                Standing(document=document_of(row), first_seen_at=row["first_seen_at"])
                for row in tx.execute(query).mappings()
            ]

    # ------------------------------------------------------------ who was told

    def told(self, document_ids: Collection[int]) -> Mapping[int, list[Told]]:
        """By paper whom it was told to, or is owed, under any of its ids."""
        whole = func.coalesce(t.document.c.merged_into, t.document.c.id).label("whole")
        found: dict[int, list[Told]] = {}
        ids = sorted(document_ids)
        with self.db.read() as tx:
            for start in range(0, len(ids), _AT_ONCE):
                some = ids[start : start + _AT_ONCE]
                query = (
                    select(whole, t.delivery, t.change.c.kind, t.change.c.mark)
                    .join(t.change, t.change.c.id == t.delivery.c.change_id)
                    .join(t.document, t.document.c.id == t.change.c.document_id)
                    .where(or_(t.document.c.id.in_(some), t.document.c.merged_into.in_(some)))
                    .where(t.delivery.c.state.in_(_OPEN_STATES))
                )
                for row in tx.execute(query).mappings():
                    told = Told(
                        target=target_of(row["target"]),
                        team=row["team"] or "",
                        subscription=row["subscription"] or "",
                        at=row["sent_at"] or row["due_at"],
                        kind=ChangeKind(row["kind"]),
                        mark=row["mark"],
                        sent=row["state"] == "sent",
                    )
                    found.setdefault(row["whole"], []).append(told)
        return found

    def told_drafts(self) -> set[int]:
        """Drafts that anybody was told of."""
        whole = func.coalesce(t.document.c.merged_into, t.document.c.id)
        query = (
            select(whole)
            .distinct()
            .select_from(t.delivery)
            .join(t.change, t.change.c.id == t.delivery.c.change_id)
            .join(t.document, t.document.c.id == t.change.c.document_id)
            .where(t.delivery.c.state == "sent", t.document.c.stage == Stage.DRAFT)
        )
        with self.db.read() as tx:
            return set(tx.execute(query).scalars())

    def ever_told(self, team: str, target: Target) -> bool:
        """Whether a team was told, or is owed, anything of a paper at this target."""
        query = select(t.delivery.c.id).where(
            t.delivery.c.target == str(target),
            t.delivery.c.team == team,
            t.delivery.c.change_id.isnot(None),
        )
        with self.db.read() as tx:
            return tx.execute(query.limit(1)).first() is not None

    def heard_since(self, since: datetime) -> Mapping[str, dict[str, int]]:
        """By team of how many papers it was told since then (sent), and will be (owed)."""
        told = or_(
            and_(t.delivery.c.state == "sent", t.delivery.c.sent_at >= since),
            t.delivery.c.state == "owed",
        )
        query = (
            select(
                t.delivery.c.team,
                t.delivery.c.state,
                func.count(t.change.c.document_id.distinct()).label("papers"),
            )
            .join(t.change, t.change.c.id == t.delivery.c.change_id)
            .where(told, t.delivery.c.team.isnot(None))
            .group_by(t.delivery.c.team, t.delivery.c.state)
        )
        found: dict[str, dict[str, int]] = {}
        with self.db.read() as tx:
            for row in tx.execute(query):
                found.setdefault(row.team, {"sent": 0, "owed": 0})[row.state] = row.papers
        return found

    def in_digest(self, team: str, target: Target, at: datetime) -> bool:
        """Whether a team was owed a digest of that time at this target; not if all of it was taken back."""
        query = select(t.delivery.c.id).where(
            t.delivery.c.target == str(target),
            t.delivery.c.team == team,
            t.delivery.c.digest.endswith(digest_end(at), autoescape=True),
            or_(t.delivery.c.state != "dead", t.delivery.c.attempts > 0),
        )
        with self.db.read() as tx:
            return tx.execute(query.limit(1)).first() is not None

    def told_between(self, team: str, target: Target, start: datetime, end: datetime) -> int:
        """Of how many papers that came then a team was told, or will be, at this target."""
        query = (
            select(func.count(t.change.c.document_id.distinct()))
            .select_from(t.delivery)
            .join(t.change, t.change.c.id == t.delivery.c.change_id)
            .where(
                t.delivery.c.target == str(target),
                t.delivery.c.team == team,
                t.delivery.c.state.in_(_OPEN_STATES),
                t.change.c.kind.not_in(KINDS),
                t.change.c.at > start,
                t.change.c.at <= end,
            )
        )
        with self.db.read() as tx:
            return int(tx.execute(query).scalar_one())

    def muted(self, now: datetime) -> list[tuple[str, int | None, str | None]]:
        """(team, paper or None, subscription or None) of what is muted now."""
        lasts = or_(t.mute.c.until.is_(None), t.mute.c.until > now)
        query = select(t.mute).where(t.mute.c.lifted_at.is_(None), lasts)
        with self.db.read() as tx:
            return [
                (row["team_id"], row["document_id"], row["subscription_id"])
                for row in tx.execute(query).mappings()
            ]

    def listening(self) -> Mapping[tuple[str, str], datetime]:
        """Since when each listens for what it wants now, by team and subscription (or target)."""
        with self.db.read() as tx:
            rows = tx.execute(select(t.listener).order_by(t.listener.c.since)).mappings()
            return {(row["team_id"], row["subscription_id"]): row["since"] for row in rows}

    # ------------------------------------------------------------ what is owed

    def owe(self, events: Iterable[Event], now: datetime) -> int:
        """Owe what the calendar says; what was said before, by whichever node, is not said again.

        Returns how many events were new.
        """
        new = 0
        for event in events:
            with self.db.write() as tx:
                self.db.alone(tx)
                same = (
                    t.change.c.document_id == event.document.id,
                    t.change.c.kind == event.kind,
                    t.change.c.mark == event.mark,
                )
                change_id = tx.execute(select(t.change.c.id).where(*same)).scalar()
                if change_id is None:
                    new += 1
                    change_id = tx.execute(
                        t.change.insert()
                        .values(
                            kind=event.kind,
                            document_id=event.document.id,
                            source_id=event.document.source_id,
                            after_id=event.document.version_id,
                            at=now,
                            mark=event.mark,
                        )
                        .returning(t.change.c.id)
                    ).scalar_one()
                owe(tx, event.kind, int(change_id), event.document.id, event.notifications, now)
        return new

    def letters(self, keys: Collection[str]) -> Mapping[str, datetime]:
        """Which of these letters were made, and when."""
        query = select(t.delivery.c.key, t.delivery.c.owed_at).where(t.delivery.c.key.in_(keys))
        with self.db.read() as tx:
            return {row.key: row.owed_at for row in tx.execute(query)}

    def owe_letter(self, letter: Letter, now: datetime) -> None:
        """Owe a letter to readers, once whatever restarts: the second with its key is none."""
        with self.db.write() as tx:
            owe_letter(
                tx,
                self.db,
                letter.key,
                letter.says,
                str(letter.target),
                team=letter.team,
                subscription=letter.subscription,
                reason=letter.reason,
                due_at=letter.due_at,
                now=now,
            )

    def hasten(self, keys: Collection[str], due_at: datetime) -> None:
        """Let letters that wait for a later time leave then."""
        with self.db.write() as tx:
            tx.execute(
                update(t.delivery)
                .where(
                    t.delivery.c.key.in_(keys),
                    t.delivery.c.state == "owed",
                    t.delivery.c.due_at > due_at,
                )
                .values(due_at=due_at)
            )

    def pending(self) -> list[Stale]:
        """Events that wait to be sent, oldest first."""
        query = (
            select(t.document, t.delivery.c.id.label("delivery"), t.change.c.kind, t.change.c.mark)
            .join(t.change, t.change.c.id == t.delivery.c.change_id)
            .join(t.document, t.document.c.id == t.change.c.document_id)
            .where(
                t.delivery.c.state.in_(["owed", "held"]),
                ~t.delivery.c.in_flight,
                t.change.c.kind.in_(KINDS),
            )
            .order_by(t.delivery.c.id)
        )
        with self.db.read() as tx:
            return [
                Stale(
                    delivery=row["delivery"],
                    kind=ChangeKind(row["kind"]),
                    mark=row["mark"] or "",
                    document=document_of(row),
                    gone=row["withdrawn_at"] is not None or row["merged_into"] is not None,
                )
                for row in tx.execute(query).mappings()
            ]

    def take_back(self, delivery_id: int, why: str, now: datetime) -> bool:
        """Nothing more to say of it; False when it has left, or is leaving."""
        with self.db.write() as tx:
            here = and_(
                t.delivery.c.id == delivery_id,
                t.delivery.c.state.in_(["owed", "held"]),
                ~t.delivery.c.in_flight,
            )
            ledger.note(tx, here, "dead", now, why)
            done = tx.execute(update(t.delivery).where(here).values(state="dead", error=why))
            return done.rowcount > 0
