"""How sources are doing as a whole: who stands in for whom, and which have fallen silent."""

import itertools
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from watcher.clock import Clock
from watcher.errors import Reason
from watcher.settings import Config, Source
from watcher.store import Store
from watcher.store.sources import SourceState
from watcher.workdays import workdays_between

log = logging.getLogger(__name__)

STAND_IN = 3
"""Failures in a row after which a source's fallback is visited for it."""
SAMPLE = timedelta(days=400)
"""How far back a source's habit is read from the days on which it published."""
_RECENT = timedelta(days=1)
"""A source read within this, or three times its interval, is being read."""
_WHY: Mapping[str, str] = {
    Reason.BLOCKED: "blocked",
    Reason.CHALLENGE: "challenge page",
    Reason.EMPTY: "empty page",
    Reason.TRUNCATED: "broken page",
    Reason.NOT_A_LISTING: "page of another kind",
    Reason.UNDECODABLE: "unreadable page",
}
_NAMED = 3  # unread sources that a digest names
_FEWEST = 6  # days of publication below which there is no habit
_PATIENCE = 10  # working days of silence that are never worth a word
_TIMES = 3  # a pause so much longer than the usual long one is


def standing_in(config: Config, states: Mapping[str, SourceState]) -> dict[str, list[Source]]:
    """The sources that each fallback stands in for now, by the fallback's id."""
    found: dict[str, list[Source]] = {}
    for source in config.sources:
        state = states.get(source.id)
        down = state is not None and state.failures >= STAND_IN
        if source.enabled and source.fallback and down:
            found.setdefault(source.fallback, []).append(source)
    return found


def to_visit(config: Config, states: Mapping[str, SourceState]) -> dict[str, Source]:
    """What is to be visited now, by id: what is enabled, and what stands in for a source that fails.

    A fallback that is off otherwise tells of what came since the sources it stands in for were
    last read well, so that nothing is lost between.
    """
    wanted = {source.id: source for source in config.sources if source.enabled}
    for id_, down in standing_in(config, states).items():
        stand_in = config.sources_by_id[id_]
        if not stand_in.enabled:
            since = [_last_good(states[source.id], stand_in.timezone) for source in down]
            wanted[id_] = replace(
                stand_in, alert_since=min((day for day in since if day), default=None)
            )
    return wanted


def to_read(config: Config) -> dict[str, Source]:
    """The sources whose papers are read, by id: what a fallback told of is followed to its end."""
    fallbacks = {source.fallback for source in config.sources if source.enabled}
    return {s.id: s for s in config.sources if s.enabled or s.id in fallbacks}


def _last_good(state: SourceState, zone: str) -> date | None:
    return state.last_good_at.astimezone(ZoneInfo(zone)).date() if state.last_good_at else None


def coverage(config: Config, states: Mapping[str, SourceState], zone: str, now: datetime) -> str:
    """One line on how much of what is watched is being read, so that readers can trust a silence."""
    watched = [source for source in config.sources if source.enabled]
    if not watched:
        return ""
    helpers = {
        source.id: config.sources_by_id[id_]
        for id_, sources in standing_in(config, states).items()
        for source in sources
    }
    unread = [source for source in watched if is_unread(source, states.get(source.id), now)]
    said = []
    for source in unread[:_NAMED]:
        words = f"{source.name} {_unread(states.get(source.id), zone, now)}"
        if source.id in helpers:
            words += f", {helpers[source.id].name} stands in"
        said.append(words)
    if len(unread) > _NAMED:
        said.append(f"{len(unread) - _NAMED} more unread")
    count = f"{len(watched) - len(unread)} of {len(watched)} sources read"
    return f"{'; '.join([count, *said])}."


def is_unread(source: Source, state: SourceState | None, now: datetime) -> bool:
    """Whether a source cannot be read now, or was not for long: then its silence says nothing."""
    if state is None or state.last_good_at is None or state.failures >= STAND_IN:
        return True
    return now - state.last_good_at > max(_RECENT, source.every * _TIMES)


def _unread(state: SourceState | None, zone: str, now: datetime) -> str:
    """Since when, and why in a reader's words; the error itself is for operators."""
    if state is None or not (state.last_good_at or state.failures):
        return "not read yet"
    since = _last_good(state, zone)
    days = (now.astimezone(ZoneInfo(zone)).date() - since).days if since else 0
    named = f" since {since:%A}" if since and days < 7 else ""
    words = f"unread{named or (f' since {since:%a} {since.day} {since:%b}' if since else '')}"
    if not state.failures:
        return words
    return f"{words} ({_WHY.get((state.error or '').partition(':')[0], 'no good answer')})"


def usual_pause(days: Sequence[date]) -> int | None:
    """The longest pause between publications that is usual, in China's working days; None: no habit.

    Nine of ten pauses are no longer. `days` are days of publication, in order, each once.
    """
    if len(days) < _FEWEST:
        return None
    pauses = sorted(workdays_between(one, next_) for one, next_ in itertools.pairwise(days))
    return pauses[min(len(pauses) - 1, len(pauses) * 9 // 10)]


def silence(days: Sequence[date], today: date) -> int | None:
    """For how many working days nothing came, when that is much longer than usual; else None."""
    usual = usual_pause(days)
    if usual is None:
        return None
    pause = workdays_between(days[-1], today)
    return pause if pause > max(_PATIENCE, usual * _TIMES) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Looks after the sources together; `check` once an hour is enough."""

    store: Store
    config: Config
    clock: Clock

    def check(self) -> None:
        """Tell operators once of each source that fell silent, and once when it speaks again."""
        now = self.clock.now()
        states = self.store.sources.states()
        published = self.store.sources.days((now - SAMPLE).date())
        for source in self.config.sources:
            state = states.get(source.id)
            if not source.enabled or state is None or state.baseline_at is None or state.failures:
                continue  # what cannot be read is told of elsewhere
            today = now.astimezone(ZoneInfo(source.timezone)).date()
            pause = silence([day for day in published.get(source.id, ()) if day <= today], today)
            if pause is not None and state.silent_since is None:
                self._fell_silent(source, pause, published[source.id], now)
            elif pause is None and state.silent_since is not None:
                self.store.sources.mark_silent(source.id, None)
                self._tell(f"{source.name} publishes again", [source.url])

    def _fell_silent(self, source: Source, pause: int, days: Sequence[date], now: datetime) -> None:
        self.store.sources.mark_silent(source.id, now)
        self._tell(
            f"{source.name} has fallen silent",
            [
                f"{source.url}: nothing new for {pause} working days, since {days[-1].isoformat()}; "
                f"{usual_pause(days)} are usual.",
                "It answers, so it may have moved: look at the page, or run "
                f"`watcher probe {source.id}`.",
            ],
        )

    def _tell(self, subject: str, lines: Iterable[str]) -> None:
        lines = list(lines)
        log.warning("%s: %s", subject, " ".join(lines))
        self.store.outbox.notify(self.config.operators, subject, lines, self.clock.now())
