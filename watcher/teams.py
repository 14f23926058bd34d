"""Who listens: the teams of sources.yaml and those made while watcher runs, since when, and what is muted.

Asked afresh at each routing, so that a running daemon knows at once of what was made elsewhere.
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from watcher.config import values
from watcher.config.tree import Plain
from watcher.config.wants import new_subscription, new_team, stored_subscription, stored_team
from watcher.errors import ConfigError
from watcher.model import Document, Link
from watcher.settings import Config, Subscription, Target, Team
from watcher.store import Store
from watcher.store.findings import NEW
from watcher.store.links import STANDING
from watcher.store.teams import Mute, Roll, StoredTeam

log = logging.getLogger(__name__)

MATCHING = (
    *("sectors", "bodies", "stages", "keywords", "require", "exclude"),
    *("secondary", "min_score"),
)
"""What decides which papers are wanted; the rest says how they are told."""
_ANCESTORS = 50
"""Drafts and earlier rounds looked at behind one paper, at most."""


@dataclass(frozen=True, slots=True)
class Teams:
    """Who listens, over one store and the teams of one file."""

    store: Store
    file: tuple[Team, ...]

    def all(self, now: datetime) -> tuple[Team, ...]:
        """Every team with its subscriptions, muted ones too; the file's first, which own their ids."""
        return self._of(self.store.teams.roll(now))

    def listening(
        self, now: datetime, document: Document | None = None, links: Sequence[Link] = ()
    ) -> tuple[Team, ...]:
        """Every team that nothing is muted of: without subscriptions that are, and for `document`
        without teams that muted it, or a draft or round before it.

        `links`: what was found of a document just now and is not in the store yet.
        """
        roll = self.store.teams.roll(now)
        teams = self._of(roll)
        if not roll.mutes:
            return teams
        papers: frozenset[int] = frozenset()
        if document is not None and any(mute.document_id for mute in roll.mutes):
            papers = lineage(self.store, document, links)
        return tuple(
            left for team in teams if (left := _unmuted(team, roll.mutes, papers)) is not None
        )

    def _of(self, roll: Roll) -> tuple[Team, ...]:
        own = {team.id for team in self.file}
        made = [_made(team, roll) for team in roll.teams if team.id not in own]
        everyone = (*self.file, *(team for team in made if team is not None))
        return tuple(
            replace(
                team,
                joined=_joined(team, roll),
                subscriptions=tuple(_since(team.id, each, roll) for each in team.subscriptions),
            )
            for team in everyone
        )


def _unmuted(team: Team, mutes: Iterable[Mute], papers: frozenset[int]) -> Team | None:
    mine = [mute for mute in mutes if mute.team == team.id]
    if any(
        mute.document_id in papers if mute.document_id else mute.subscription is None
        for mute in mine
    ):
        return None
    quiet = {mute.subscription for mute in mine}
    return replace(team, subscriptions=tuple(s for s in team.subscriptions if s.id not in quiet))


def lineage(store: Store, document: Document, links: Sequence[Link] = ()) -> frozenset[int]:
    """A paper with the drafts that it is surely the final of, and the rounds before them."""
    found = {document.id} - {0}
    ends = {str(document.id) if document.id else NEW}
    known = [*links, *(store.links.of([document.id]) if document.id else ())]
    while True:
        before = {
            int(link.draft)
            for link in known
            if link.state in STANDING and link.final in ends and link.draft.isdecimal()
        } - found
        if not before or len(found) > _ANCESTORS:
            return frozenset(found)
        found |= before
        ends = {str(id_) for id_ in before}
        known = store.links.of(before)


# ---------------------------------------------------------------- as the store keeps them


def _made(stored: StoredTeam, roll: Roll) -> Team | None:
    try:
        team = _team(stored.id, stored.name, stored.timezone, json.dumps(list(stored.targets)))
    except ConfigError as exc:  # of another version of watcher
        log.error("team %s cannot be read and hears nothing: %s", stored.id, exc)  # noqa: TRY400
        return None
    subscriptions = []
    for each in roll.subscriptions:
        if each.team != stored.id:
            continue
        try:
            subscriptions.append(_subscription(each.id, json.dumps(dict(each.wants))))
        except ConfigError as exc:
            log.error("%s / %s cannot be read and hears nothing: %s", each.team, each.id, exc)  # noqa: TRY400
    return replace(team, subscriptions=tuple(subscriptions), made=True)


@lru_cache(maxsize=1024)
def _team(id_: str, name: str, timezone: str, targets: str) -> Team:
    return stored_team(id_, name, timezone, json.loads(targets))


@lru_cache(maxsize=4096)
def _subscription(id_: str, wants: str) -> Subscription:
    return stored_subscription(id_, json.loads(wants))


def wants_of(subscription: Subscription) -> str:
    """What decides which papers a subscription wants, in the form listeners are compared by."""
    plain = Subscription(id="")
    said = {name: getattr(subscription, name) for name in MATCHING}
    return json.dumps(
        {k: v for k, v in said.items() if v != getattr(plain, k)},
        ensure_ascii=False,
        sort_keys=True,
    )


def _joined(team: Team, roll: Roll) -> tuple[tuple[Target, datetime], ...]:
    """Since when targets are told; kept like a subscription's under the target's name, which is no id."""
    told = {target: roll.listening.get((team.id, str(target))) for target in team.to}
    return tuple((target, rows[0][0]) for target, rows in told.items() if rows)


def _since(team: str, subscription: Subscription, roll: Roll) -> Subscription:
    """`subscription` with since when it listens, and what it wanted before."""
    chain: Subscription | None = None
    told = roll.listening.get((team, subscription.id), ())
    if not told:
        return subscription
    for since, wants in reversed(told[1:]):
        said = json.loads(wants)
        kept: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in said.items() if k in MATCHING
        }
        chain = Subscription(id=subscription.id, **kept, since=since, before=chain)
    return replace(subscription, since=told[0][0], before=chain)


# ---------------------------------------------------------------- making, ending, muting


@dataclass(frozen=True, slots=True)
class Registrar:
    """What people do about teams at run time; ConfigError says why not, each fault in a line."""

    store: Store
    config: Config

    @property
    def teams(self) -> Teams:
        return Teams(self.store, self.config.teams)

    def find(self, id_: str, now: datetime) -> Team:
        """The team of this id; ConfigError names the nearest there is."""
        teams = {team.id: team for team in self.teams.all(now)}
        _known("team", id_, teams)
        return teams[id_]

    def subscription(self, team: Team, id_: str) -> Subscription:
        found = {each.id: each for each in team.subscriptions}
        _known(f"subscription of {team.id}", id_, found)
        return found[id_]

    def listen(self, now: datetime) -> None:
        """Take up the teams of the file: whatever is new in them is told of news from now on."""
        teams = self.teams.all(now)
        for id_ in sorted(
            {t.id for t in self.config.teams} & {t.id for t in self.store.teams.roll(now).teams}
        ):
            log.warning("the team %s made at run time is hidden by the file's of this id", id_)
        wanted = {(team.id, str(target)): "" for team in self.config.teams for target in team.to}
        wanted |= {
            (team.id, each.id): wants_of(each) for team in teams for each in team.subscriptions
        }
        self.store.teams.listen(wanted, _names(teams), now)

    def add(
        self, id_: str, to: Sequence[Mapping[str, str]], by: str, now: datetime, *,
        name: str | None = None, timezone: str | None = None,
    ) -> Team:  # fmt: skip
        """Make a team that is told at these targets, each as `to` has it in sources.yaml."""
        standing = {team.id: team for team in self.teams.all(now)}
        if id_ in standing:
            raise ConfigError([_taken(standing[id_], self.config)])
        targets: list[Plain] = [dict(target) for target in to]
        team = new_team(id_, name, timezone, targets, self.config)
        for other in standing.values():  # reasons name teams by it
            if other.name == team.name:
                raise ConfigError([f"name: {team.name!r} is the name of {other.id} already"])
        self.store.teams.add(team.id, team.name, team.timezone, to, by, now)
        return replace(team, made=True)

    def remove(self, id_: str, by: str, now: datetime) -> int:
        """End a team; return how many deliveries it was owed, which are buried."""
        team = self._own(id_, now)
        return self.store.teams.remove(
            id_, f"the team {team.id} was removed by {by}", now, self._names(now)
        )

    def subscribe(
        self, team_id: str, id_: str, wants: Mapping[str, Plain], by: str, now: datetime
    ) -> tuple[Subscription, bool]:
        """Let a team hear of what `wants` says, in the keys of sources.yaml; returns also whether
        this is a new subscription: of one that stands every key is replaced."""
        self._own(team_id, now)
        subscription = new_subscription(id_, wants, self.config)
        listens = wants_of(subscription)
        return subscription, self.store.teams.subscribe(team_id, id_, wants, listens, by, now)

    def unsubscribe(self, team_id: str, id_: str, by: str, now: datetime) -> int:
        """End a subscription; return how many deliveries it was owed, which are buried."""
        self.subscription(self._own(team_id, now), id_)
        why = f"{team_id} / {id_} was ended by {by}"
        return self.store.teams.unsubscribe(team_id, id_, why, now, self._names(now))

    def mute(
        self, team_id: str, by: str, now: datetime, *,
        subscription: str | None = None, paper: int | None = None, span: timedelta | None = None,
    ) -> int:  # fmt: skip
        """Tell a team no more of a paper, a subscription or anything, for `span` or until unmuted.

        A state, no definition: teams of the file can be muted too. Returns how many deliveries it
        was owed of that, which are buried.
        """
        team = self.find(team_id, now)
        if subscription is not None:
            self.subscription(team, subscription)
        until = now + span if span else None
        what = _muted(subscription, paper)
        return self.store.teams.mute(
            team_id,
            by,
            now,
            self._names(now),
            why=f"{team_id} muted {what} ({by})",
            subscription=subscription,
            document_id=self._paper(paper),
            until=until,
        )

    def unmute(
        self,
        team_id: str,
        now: datetime,
        *,
        subscription: str | None = None,
        paper: int | None = None,
    ) -> None:
        """Lift a mute; ConfigError when there is none."""
        self.find(team_id, now)
        lifted = self.store.teams.unmute(
            team_id, now, subscription=subscription, document_id=self._paper(paper)
        )
        if not lifted:
            raise ConfigError([f"{team_id} has not muted {_muted(subscription, paper)}"])

    def _paper(self, id_: int | None) -> int | None:
        """The paper of this id, or the one that it turned out to be."""
        if id_ is None:
            return None
        found = self.store.papers.newest(ids=[id_])
        if not found:
            raise ConfigError([f"no paper {id_}"])
        return found[0].merged_into or id_

    def _own(self, id_: str, now: datetime) -> Team:
        """A team that was made at run time; ConfigError for one of the file, which says where."""
        team = self.find(id_, now)
        if not team.made:
            raise ConfigError([f"{defined(team, self.config)}; change it there"])
        return team

    def _names(self, now: datetime) -> dict[str, str]:
        return _names(self.teams.all(now))


def defined(team: Team, config: Config) -> str:
    """Where a team comes from, in words."""
    if team.made:
        return f"{team.id} was made at run time"
    if not team.line:
        return f"{team.id} stands in for the teams that {config.path} does not name"
    return f"{team.id} is defined in {config.path}:{team.line}"


def _taken(team: Team, config: Config) -> str:
    return f"id: {defined(team, config)} already; choose another id"


def _muted(subscription: str | None, paper: int | None) -> str:
    if paper is not None:
        return f"paper {paper}"
    return f"its subscription {subscription}" if subscription is not None else "everything"


def _names(teams: Iterable[Team]) -> dict[str, str]:
    return {team.id: team.name for team in teams}


def _known(what: str, word: str, among: Iterable[str]) -> None:
    try:
        values.known(what, word, among, {})
    except ValueError as exc:
        raise ConfigError([str(exc)]) from exc
