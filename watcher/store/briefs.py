"""Compiled briefs in the database: which papers a period has, who cared for them, and what editors changed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, distinct, func, or_, select

from watcher.model import ChangeKind
from watcher.rank import Care
from watcher.settings import Target
from watcher.store import schema as t
from watcher.store.database import Database
from watcher.store.owing import owe_letter
from watcher.store.same import heirs

CHINA = ZoneInfo("Asia/Shanghai")
"""Where the days of papers are."""
PLACE, SECTION = "place", "section"
"""What an edit may change beside a paper's words: 1 for the first paper, 0 for none; the section."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One change that an editor made; of each paper and field the latest stands."""

    document: int
    field: str
    """One of `compiled.FIELDS`, place or section."""
    value: Any
    """Words, a place or a section; None: what was compiled stands again."""
    against: str
    """A digest of the paper's words when it was made."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """By when a brief's papers were known: those of its days, and late ones of days before."""

    since: datetime
    until: datetime


class Briefs:
    def __init__(self, db: Database) -> None:
        self.db = db

    def papers(self, start: date, end: date, seen: Seen | None = None) -> list[int]:
        """The papers of a period by id: published, else signed, else first seen on its days (in China).

        With `seen` only what was known by its end, and what came late: news of its time that bears
        an earlier day, or none. Papers that an operator holds back are left out.
        """
        d = t.document.c
        day = func.coalesce(d.published, d.signed)
        first, last = _midnight(start), _midnight(end + timedelta(days=1))
        if seen is not None:
            first, last = seen.since, seen.until
        arrived = and_(d.first_seen_at >= first, d.first_seen_at < last)
        which = [day.between(start, end), and_(day.is_(None), arrived)]
        news = and_(t.change.c.document_id == d.id, t.change.c.kind == ChangeKind.NEW)
        if seen is not None:
            told = select(t.change.c.id).where(news).exists()
            which.append(and_(day < start, arrived, told))
        held = select(t.change.c.id).where(news, t.change.c.held).exists()
        query = select(d.id).where(d.merged_into.is_(None), or_(*which), ~held)
        if seen is not None:
            query = query.where(d.first_seen_at < seen.until)
        with self.db.read() as tx:
            return list(tx.execute(query.order_by(d.id)).scalars())

    def withdrawn(self, ids: Collection[int]) -> set[int]:
        found: set[int] = set()
        with self.db.read() as tx:
            for some in _batches(ids):
                gone = t.document.c.withdrawn_at.isnot(None)
                query = select(t.document.c.id).where(t.document.c.id.in_(some), gone)
                found.update(tx.execute(query).scalars())
        return found

    def care(self, ids: Collection[int]) -> Mapping[int, Care]:
        """How many teams were told of each paper, and what they said of it."""
        told: dict[int, int] = {}
        said: dict[tuple[int, str], str] = {}
        d = t.delivery.c
        with self.db.read() as tx:
            for some in _batches(ids):
                rows = tx.execute(
                    select(t.change.c.document_id, func.count(distinct(d.team)))
                    .join(t.change, t.change.c.id == d.change_id)
                    .where(t.change.c.document_id.in_(some), d.state.in_(["sent", "owed"]))
                    .group_by(t.change.c.document_id)
                )
                told |= {row[0]: row[1] for row in rows}
                reviews = select(t.review).where(t.review.c.document_id.in_(some))
                for row in tx.execute(reviews.order_by(t.review.c.id)).mappings():
                    said[row["document_id"], row["team_id"]] = row["state"]
        return {
            id_: Care(
                teams=told.get(id_, 0),
                reviewed=sum(of == id_ and s == "reviewed" for (of, _), s in said.items()),
                not_relevant=sum(of == id_ and s == "not_relevant" for (of, _), s in said.items()),
            )
            for id_ in {*told, *(id_ for id_, _ in said)}
        }

    # ------------------------------------------------------------ what editors changed

    def keep(self, team: str | None, start: date, end: date, edits: Sequence[Kept]) -> None:
        """Add edits of one brief, all or none."""
        with self.db.write() as tx:
            for each in edits:
                tx.execute(
                    t.brief_edit.insert().values(
                        team_id=team or "",
                        start=start,
                        end=end,
                        document_id=each.document,
                        field=each.field,
                        value={"is": each.value, "against": each.against},
                        by=each.by,
                        at=each.at,
                    )
                )

    def edits(self, team: str | None, start: date, end: date) -> list[Kept]:
        """What stands of the edits of one brief; papers that turned out to be others are those."""
        e = t.brief_edit.c
        query = select(t.brief_edit).where(e.team_id == (team or ""), e.start == start)
        with self.db.read() as tx:
            rows = tx.execute(query.where(e.end == end).order_by(e.id)).mappings().all()
            now = heirs(tx, (row["document_id"] for row in rows))
        standing: dict[tuple[int, str], Kept] = {}
        for row in rows:
            document = now.get(row["document_id"], row["document_id"])
            standing[document, row["field"]] = Kept(
                document=document,
                field=row["field"],
                value=row["value"]["is"],
                against=row["value"]["against"],
                by=row["by"],
                at=row["at"],
            )
        return [kept for kept in standing.values() if kept.value is not None]

    # ------------------------------------------------------------ briefs that are sent

    def listening_since(self, team: str, subscription: str) -> datetime | None:
        """Since when a subscription has been listening, where that is known."""
        own = t.listener.c.team_id == team, t.listener.c.subscription_id == subscription
        with self.db.read() as tx:
            return tx.execute(select(func.min(t.listener.c.since)).where(*own)).scalar()

    def last(self, team: str, subscription: str) -> Mapping[str, Any] | None:
        """The letter of the newest brief that was owed to a subscription."""
        d = t.delivery.c
        query = (
            select(d.letter)
            .where(d.team == team, d.subscription == subscription, d.letter.isnot(None))
            .order_by(d.due_at.desc(), d.id.desc())
        )
        with self.db.read() as tx:
            letters = tx.execute(query.limit(20)).scalars()
            return next(
                (letter for letter in letters if (letter or {}).get("kind") == "brief"), None
            )

    def owe(
        self,
        key: str,
        letter: Mapping[str, Any],
        target: Target,
        *,
        team: str,
        subscription: str,
        reason: str,
        due_at: datetime,
        now: datetime,
    ) -> bool:
        """Owe one target a brief; False where it was owed already, whatever became of that."""
        with self.db.read() as tx:  # asked every few seconds: most often there is nothing to write
            if tx.execute(select(t.delivery.c.id).where(t.delivery.c.key == key)).first():
                return False
        with self.db.write() as tx:
            return owe_letter(
                tx,
                self.db,
                key,
                letter,
                str(target),
                team=team,
                subscription=subscription,
                reason=reason,
                due_at=due_at,
                now=now,
            )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


def _batches(ids: Collection[int]) -> Iterator[list[int]]:
    every = sorted(ids)
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))
