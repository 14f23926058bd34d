"""Briefs that teams asked for: which are due, for which days, and what they say when they are sent."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from watcher.brief.compiling import compile_brief
from watcher.clock import Clock
from watcher.due import last_digest
from watcher.model import Message
from watcher.render.brief.message import brief_message
from watcher.settings import Config, Subscription, Team
from watcher.store import Store
from watcher.store.briefs import Seen
from watcher.teams import Teams

KIND = "brief"
DAY = timedelta(days=1)
LOOK = timedelta(minutes=1)
_LONGEST = timedelta(days=100)
"""A brief covers no more, however long nothing was sent."""


class Briefer:
    """`tick` may be called at any time; it looks only once a minute."""

    def __init__(self, store: Store, config: Config, clock: Clock) -> None:
        self.store = store
        self.config = config
        self.clock = clock
        self._looked: datetime | None = None

    def tick(self) -> None:
        now = self.clock.now()
        if self._looked is None or now - self._looked >= LOOK:
            self._looked = now
            owe_briefs(self.store, Teams(self.store, self.config.teams).listening(now), now)


def owe_briefs(store: Store, teams: Sequence[Team], now: datetime) -> int:
    """Owe the briefs that have come due, each once; return how many rows that are.

    A brief covers the days since the last one that was owed to its subscription, so that a daemon
    that was down skips no day; the first one those since the time before.
    """
    owed = 0
    for team in teams:
        for wants in team.subscriptions:
            if wants.as_ == KIND and wants.when.every != "now" and team.to:
                owed += _owe(store, team, wants, now)
    return owed


def _owe(store: Store, team: Team, wants: Subscription, now: datetime) -> int:
    before, due = last_two(wants, team.timezone, now)
    since = store.briefs.listening_since(team.id, wants.id)
    if since is not None and due < since:
        return 0
    last = store.briefs.last(team.id, wants.id)
    zone = ZoneInfo(team.timezone)
    end = due.astimezone(zone).date() - DAY
    start = before.astimezone(zone).date()
    if last is not None:
        if datetime.fromisoformat(last["until"]) >= due:
            before = datetime.fromisoformat(last["since"])
            start, end = date.fromisoformat(last["from"]), date.fromisoformat(last["to"])
            due = datetime.fromisoformat(last["until"])
        else:
            before = datetime.fromisoformat(last["until"])
            start = date.fromisoformat(last["to"]) + DAY
    start = max(start, end - _LONGEST)
    if start > end:
        return 0
    letter = {
        "kind": KIND,
        "from": start.isoformat(),
        "to": end.isoformat(),
        "team": team.id,
        "subscription": wants.id,
        "since": before.isoformat(),
        "until": due.isoformat(),
    }
    return sum(
        store.briefs.owe(
            _key(letter, str(target)),
            letter,
            target,
            team=team.id,
            subscription=wants.id,
            reason=f"{team.name} / {wants.id}: brief of {start} to {end}",
            due_at=due,
            now=now,
        )
        for target in team.to
    )


def _key(letter: Mapping[str, Any], target: str) -> str:
    """The same for the same brief to the same target, whoever owes it and how often."""
    said = "\n".join((KIND, letter["team"], letter["subscription"], letter["until"], target))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def last_two(wants: Subscription, timezone: str, now: datetime) -> tuple[datetime, datetime]:
    """The last two times at which a subscription was due by `now`, in order."""
    zone = ZoneInfo(timezone)
    last = last_digest(wants, zone, now)
    return last_digest(wants, zone, last - timedelta(microseconds=1)), last


def brief_letter(
    store: Store,
    config: Config,
    teams: Sequence[Team],
    kind: str,
    letter: Mapping[str, Any],
) -> Message | None:
    """What a brief that is owed says to a target of `kind` now; None where it says nothing.

    What editors changed meanwhile is in it. A brief without papers is sent only where word of
    empty periods is wanted, and a subscription that is gone says nothing.
    """
    team = next((each for each in teams if each.id == letter["team"]), None)
    mine = [s for s in team.subscriptions if s.id == letter["subscription"]] if team else []
    if team is None or not mine:
        return None
    seen = Seen(
        since=datetime.fromisoformat(letter["since"]), until=datetime.fromisoformat(letter["until"])
    )
    brief = compile_brief(
        store,
        config,
        date.fromisoformat(letter["from"]),
        date.fromisoformat(letter["to"]),
        team=team,
        subscriptions=mine,
        seen=seen,
    )
    if brief.empty and mine[0].when_empty != "say":
        return None
    return brief_message(kind, brief)
