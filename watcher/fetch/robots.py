"""What robots.txt says, read once per origin and day. Protego decides; this file remembers.

Choices of RFC 9309: any 4xx answer allows all. Where the RFC says that an unreachable
robots.txt forbids all, it allows here and is asked again within the hour: ministries'
firewalls answer robots.txt with errors while their pages are open to everyone, and an outage
of the host shows at the page itself.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from protego import Protego

from watcher.clock import Clock
from watcher.errors import FetchError

ROBOT = "watcher"
"""Our name in robots.txt, whatever User-Agent a source is given."""
LIMIT = 500_000
FRESH = timedelta(days=1)
RETRY = timedelta(hours=1)
MOST_DELAY = 10.0
"""Seconds of a Crawl-delay that are honoured; a list read twice an hour must still be read."""
_ORIGINS = 1024  # remembered at most


@dataclass(slots=True)
class _Entry:
    lock: threading.Lock = field(default_factory=threading.Lock)
    known: tuple[Protego, datetime] | None = None
    """The rules, and until when they hold."""


@dataclass(frozen=True, slots=True)
class Ruling:
    allowed: bool
    delay: float
    """Least seconds between two requests that the site wishes for."""


class Robots:
    """The rules of every origin met, shared by all threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, _Entry] = OrderedDict()

    def ruling(self, origin: str, url: str, read: Callable[[str], bytes]) -> Ruling:
        """Say whether `url` may be fetched; `read` gets robots.txt or raises FetchError."""
        with self._lock:
            entry = self._entries.setdefault(origin, _Entry())
            self._entries.move_to_end(origin)
            if len(self._entries) > _ORIGINS:
                self._entries.popitem(last=False)
        # One thread asks, the others of this origin wait for it: `read` has its own deadline.
        with entry.lock:
            if entry.known is None or entry.known[1] <= self._clock.now():
                rules, fresh = _rules(f"{origin}/robots.txt", read)
                entry.known = rules, self._clock.now() + fresh
            rules = entry.known[0]
        delay = rules.crawl_delay(ROBOT) or 0.0
        return Ruling(rules.can_fetch(url, ROBOT), min(max(delay, 0.0), MOST_DELAY))


def _rules(address: str, read: Callable[[str], bytes]) -> tuple[Protego, timedelta]:
    try:
        text = read(address).decode("utf-8", "replace").removeprefix("\ufeff")
    except FetchError as exc:
        refused = exc.status is not None and 400 <= exc.status < 500 and exc.status != 429
        return Protego.parse(""), FRESH if refused else RETRY
    return Protego.parse(text), FRESH
