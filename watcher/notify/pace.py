"""How fast each provider may be sent to: turns are taken before sending, not found out by refusals."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.settings import Config, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The least time between two messages."""

    each: timedelta = timedelta(0)
    """To one target."""
    all: timedelta = timedelta(0)
    """To any two targets of the kind."""


BOT = Rate(each=timedelta(seconds=1), all=timedelta(seconds=0.1))
"""docs.slack.dev/apis/web-api/rate-limits: a message a second to one channel, and "several hundred" a
minute to one workspace."""
WEBHOOK = Rate(all=timedelta(seconds=1))
"""One webhook is one channel, whatever our target is called."""
OTHER = Rate(each=timedelta(seconds=1))
FREE = Rate()
"""Our own console, and what `rates` does not name."""


def rates(config: Config) -> Mapping[str, Rate]:
    """The rate of each kind of target that `config` has a channel for."""
    found = {"webhook": OTHER, "apprise": OTHER}
    if config.slack is not None:
        found["slack"] = BOT if config.slack.token is not None else WEBHOOK
    if config.email is not None:
        found["email"] = Rate(all=timedelta(minutes=1) / config.email.per_minute)
    return found


class Pace:
    """Hands out turns. One process's memory: a restart forgets at most the last second."""

    def __init__(self, rates: Mapping[str, Rate]) -> None:
        self._rates = rates
        self._lock = threading.Lock()
        self._next: dict[Target | str, datetime] = {}
        self._last: dict[Target, datetime] = {}

    def wait(self, target: Target, now: datetime) -> timedelta:
        """How long a message to `target` would have to wait."""
        with self._lock:
            return max(self._turn(target, now) - now, timedelta(0))

    def take(self, target: Target, now: datetime) -> timedelta:
        """Take the next turn; return how long to wait for it."""
        rate = self._rates.get(target.kind, FREE)
        with self._lock:
            turn = self._turn(target, now)
            self._next[target] = turn + rate.each
            self._next[target.kind] = turn + rate.all
            self._last[target] = turn
            return turn - now

    def _turn(self, target: Target, now: datetime) -> datetime:
        return max(now, self._next.get(target, now), self._next.get(target.kind, now))

    def longest_ago(self, targets: list[Target]) -> list[Target]:
        """The same targets, those first that had no turn for longest: a long queue for one is no
        reason for the others to wait."""
        with self._lock:
            had = [each for each in targets if each in self._last]
            none = [each for each in targets if each not in self._last]
            return [*none, *sorted(had, key=lambda each: self._last[each])]
