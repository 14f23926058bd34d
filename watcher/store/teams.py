"""Teams in the database: those made at run time, since when each subscription listens, and what is muted.

What a subscription wants is kept as `sources.yaml` has it and not understood here: see `watcher.teams`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, delete, func, or_, select, update

from watcher.store import schema as t
from watcher.store.database import Database
from watcher.store.reasons import withdraw

GENERATIONS = 8
"""Of what a subscription wanted one after the other, so many are kept."""

Key = tuple[str, str]
"""A team's id and a subscription's; or a target's name, which is no id, since when it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTeam:
    id: str
    name: str
    timezone: str
    targets: tuple[Mapping[str, str], ...]
    """As `to` has them in sources.yaml."""
    made_at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSubscription:
    team: str
    id: str
    wants: Mapping[str, Any]
    """The keys of a subscription in sources.yaml, without its id."""
    made_at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """A team hears no more of one paper, of one subscription, or (with neither) of anything."""

    id: int
    team: str
    document_id: int | None
    subscription: str | None
    by: str
    at: datetime
    until: datetime | None
    lifted_at: datetime | None

    def holds(self, at: datetime) -> bool:
        ends = [end for end in (self.until, self.lifted_at) if end is not None]
        return self.at <= at and all(at < end for end in ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a team said of a paper: reviewed, not_relevant or open."""

    team: str
    state: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """All that is known of who listens, at one moment."""

    teams: tuple[StoredTeam, ...]
    subscriptions: tuple[StoredSubscription, ...]
    listening: Mapping[Key, tuple[tuple[datetime, str], ...]]
    """(since, wants), the newest first."""
    mutes: tuple[Mute, ...]
    """Those that hold."""


class Teams:
    def __init__(self, db: Database) -> None:
        self.db = db

    # ------------------------------------------------------------ reading

    def roll(self, now: datetime) -> Roll:
        """Who listens now, as one moment of the database has it."""
        with self.db.read() as tx:
            listening: dict[Key, tuple[tuple[datetime, str], ...]] = {}
            for row in tx.execute(select(t.listener).order_by(t.listener.c.since.desc())):
                key = (row.team_id, row.subscription_id)
                listening[key] = (*listening.get(key, ()), (row.since, row.wants))
            return Roll(
                teams=tuple(_team(row) for row in tx.execute(_standing(t.team)).mappings()),
                subscriptions=tuple(
                    _subscription(row) for row in tx.execute(_standing(t.subscription)).mappings()
                ),
                listening=listening,
                mutes=tuple(_mute(row) for row in tx.execute(_holding(now)).mappings()),
            )

    def mutes(self, team: str) -> list[Mute]:
        """Every mute a team ever set, the oldest first; of merged papers under the one they became."""
        with self.db.read() as tx:
            rows = tx.execute(_mutes().where(t.mute.c.team_id == team)).mappings()
            return [_mute(row) for row in rows]

    def reviews(self, document_id: int) -> list[Review]:
        """What teams said of a paper, or of one that turned out to be it, the oldest first."""
        mine = or_(t.document.c.id == document_id, t.document.c.merged_into == document_id)
        query = (
            select(t.review)
            .join(t.document, t.document.c.id == t.review.c.document_id)
            .where(mine)
            .order_by(t.review.c.id)
        )
        with self.db.read() as tx:
            return [
                Review(team=row["team_id"], state=row["state"], by=row["by"], at=row["at"])
                for row in tx.execute(query).mappings()
            ]

    # ------------------------------------------------------------ making

    def add(
        self, id_: str, name: str, timezone: str, targets: Sequence[Mapping[str, str]], by: str,
        now: datetime,
    ) -> None:  # fmt: skip
        """Make a team, or let one that stands be as said now; one that was removed begins anew."""
        values = {
            "name": name,
            "timezone": timezone,
            "targets": [dict(target) for target in targets],
            "made_at": now,
            "by": by,
            "gone_at": None,
        }
        with self.db.write() as tx:
            tx.execute(
                self.db.insert(t.team)
                .values(id=id_, **values)
                .on_conflict_do_update(index_elements=["id"], set_=values)
            )

    def subscribe(
        self, team: str, id_: str, wants: Mapping[str, Any], listens: str, by: str, now: datetime
    ) -> bool:
        """Let a team subscribe, or change what it subscribed to; return whether it is a new one.

        `listens`: what it wants in the form that listeners are compared by.
        """
        key = t.subscription.c.team_id == team, t.subscription.c.id == id_
        stands = select(t.subscription.c.id).where(*key, t.subscription.c.gone_at.is_(None))
        values = {"wants": dict(wants), "made_at": now, "by": by, "gone_at": None}
        with self.db.write() as tx:
            new = tx.execute(stands).first() is None
            tx.execute(
                self.db.insert(t.subscription)
                .values(team_id=team, id=id_, **values)
                .on_conflict_do_update(index_elements=["team_id", "id"], set_=values)
            )
            _listen(tx, (team, id_), listens, now)
        return new

    def unsubscribe(
        self, team: str, id_: str, why: str, now: datetime, names: Mapping[str, str]
    ) -> int:
        """End a subscription; what it alone is owed is buried. Returns how many rows that were."""
        with self.db.write() as tx:
            mine = t.subscription.c.team_id == team, t.subscription.c.id == id_
            tx.execute(update(t.subscription).where(*mine).values(gone_at=now))
            tx.execute(delete(t.listener).where(_of((team, id_))))
            return withdraw(tx, team, why, now, names, subscription=id_)

    def remove(self, team: str, why: str, now: datetime, names: Mapping[str, str]) -> int:
        """End a team; what it alone is owed is buried. Returns how many rows that were.

        `names`: every team's name by id, by which reasons name them.
        """
        with self.db.write() as tx:
            tx.execute(update(t.team).where(t.team.c.id == team).values(gone_at=now))
            tx.execute(
                update(t.subscription)
                .where(t.subscription.c.team_id == team, t.subscription.c.gone_at.is_(None))
                .values(gone_at=now)
            )
            tx.execute(delete(t.listener).where(t.listener.c.team_id == team))
            return withdraw(tx, team, why, now, names)

    # ------------------------------------------------------------ listening

    def listen(self, wanted: Mapping[Key, str], names: Mapping[str, str], now: datetime) -> None:
        """Let exactly these subscriptions listen: those that want something new from now on.

        A store of before there were listeners is asked who was told already: they listen on since
        then. `names`: every team's name by id, by which reasons name them.
        """
        with self.db.write() as tx:
            known = {
                (row.team_id, row.subscription_id)
                for row in tx.execute(
                    select(t.listener.c.team_id, t.listener.c.subscription_id).distinct()
                )
            }
            told = {} if known else _first_told(tx, wanted, names)
            made = select(t.subscription.c.team_id, t.subscription.c.id)
            # one made since `wanted` was gathered has just begun to listen
            beside = {
                (row[0], row[1])
                for row in tx.execute(made.where(t.subscription.c.gone_at.is_(None)))
            }
            for key in known - set(wanted) - beside:
                tx.execute(delete(t.listener).where(_of(key)))
            for key, wants in wanted.items():
                _listen(tx, key, wants, told.get(key, now))

    # ------------------------------------------------------------ muting

    def mute(
        self,
        team: str,
        by: str,
        now: datetime,
        names: Mapping[str, str],
        *,
        why: str,
        subscription: str | None = None,
        document_id: int | None = None,
        until: datetime | None = None,
    ) -> int:
        """Tell a team no more of this; what it is owed of it is buried. Returns how many rows."""
        with self.db.write() as tx:
            tx.execute(
                t.mute.insert().values(
                    team_id=team,
                    document_id=document_id,
                    subscription_id=subscription,
                    by=by,
                    at=now,
                    until=until,
                )
            )
            documents = None if document_id is None else [document_id]
            return withdraw(
                tx, team, why, now, names, subscription=subscription, documents=documents
            )

    def unmute(
        self,
        team: str,
        now: datetime,
        *,
        subscription: str | None = None,
        document_id: int | None = None,
    ) -> int:
        """Lift the mutes of just this that hold; return how many there were."""
        with self.db.write() as tx:
            held = [
                row["id"]
                for row in tx.execute(_holding(now).where(t.mute.c.team_id == team)).mappings()
                if (row["subscription_id"], row["paper"]) == (subscription, document_id)
            ]
            tx.execute(update(t.mute).where(t.mute.c.id.in_(held)).values(lifted_at=now))
        return len(held)


# ---------------------------------------------------------------- within a transaction


def _listen(tx: Connection, key: Key, wants: str, now: datetime) -> None:
    """Let one listen for `wants` from now on, if it does not already.

    To want again what was wanted before undoes what came between.
    """
    rows = tx.execute(
        select(t.listener.c.since, t.listener.c.wants)
        .where(_of(key))
        .order_by(t.listener.c.since.desc())
    ).all()
    again = next((row.since for row in rows if row.wants == wants), None)
    if again is not None:
        tx.execute(delete(t.listener).where(_of(key), t.listener.c.since > again))
        return
    late = [row.since for row in rows if row.since >= now]  # two changes in one moment are one
    old = [row.since for row in rows if row.since < now][GENERATIONS - 1 :]
    tx.execute(delete(t.listener).where(_of(key), t.listener.c.since.in_([*late, *old])))
    team, subscription = key
    tx.execute(
        t.listener.insert().values(
            team_id=team, subscription_id=subscription, wants=wants, since=now
        )
    )


def _first_told(
    tx: Connection, keys: Collection[Key], names: Mapping[str, str]
) -> dict[Key, datetime]:
    """When each subscription was first owed something; one row may tell for several."""
    first: dict[Key, datetime] = {}
    grouped = (
        select(
            t.delivery.c.team,
            t.delivery.c.subscription,
            t.delivery.c.target,
            t.delivery.c.reason,
            func.min(t.delivery.c.owed_at).label("at"),
        )
        .where(t.delivery.c.team.isnot(None))
        .group_by(
            t.delivery.c.team, t.delivery.c.subscription, t.delivery.c.target, t.delivery.c.reason
        )
    )
    for row in tx.execute(grouped):
        for key in keys:
            named = f"{names.get(key[0], key[0])} / {key[1]}: " in row.reason
            own = row.team == key[0] and (row.subscription == key[1] or named)
            if own or row.target == key[1]:
                first[key] = min(first.get(key, row.at), row.at)
    return first


def _of(key: Key) -> Any:
    return and_(t.listener.c.team_id == key[0], t.listener.c.subscription_id == key[1])


def _standing(table: Any) -> Select[Any]:
    return select(table).where(table.c.gone_at.is_(None)).order_by(table.c.made_at, table.c.id)


def _mutes() -> Select[Any]:
    paper = func.coalesce(t.document.c.merged_into, t.document.c.id).label("paper")
    return (
        select(t.mute, paper)
        .outerjoin(t.document, t.document.c.id == t.mute.c.document_id)
        .order_by(t.mute.c.id)
    )


def _holding(now: datetime) -> Select[Any]:
    return _mutes().where(
        t.mute.c.lifted_at.is_(None), or_(t.mute.c.until.is_(None), t.mute.c.until > now)
    )


def _team(row: RowMapping) -> StoredTeam:
    return StoredTeam(
        id=row["id"],
        name=row["name"],
        timezone=row["timezone"],
        targets=tuple(row["targets"]),
        made_at=row["made_at"],
        by=row["by"],
    )


def _subscription(row: RowMapping) -> StoredSubscription:
    return StoredSubscription(
        team=row["team_id"],
        id=row["id"],
        wants=row["wants"],
        made_at=row["made_at"],
        by=row["by"],
    )


def _mute(row: RowMapping) -> Mute:
    return Mute(
        id=row["id"],
        team=row["team_id"],
        document_id=row["paper"],
        subscription=row["subscription_id"],
        by=row["by"],
        at=row["at"],
        until=row["until"],
        lifted_at=row["lifted_at"],
    )
