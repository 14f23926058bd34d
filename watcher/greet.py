"""Letters to readers: a new team's greeting with what is open now, and word of an empty period."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from watcher.clock import Clock
from watcher.due import CHINA, due_at, last_digest
from watcher.gloss import reading
from watcher.health import coverage
from watcher.model import Document
from watcher.render.alert import clock_time, moment, period, sector_name
from watcher.render.letter import Entry, open_paper
from watcher.render.letter import Letter as Words
from watcher.render.letter import letter as worded
from watcher.route import why_not
from watcher.settings import Cadence, Config, Subscription, Target, Team
from watcher.store import Store
from watcher.store.calendar import Letter
from watcher.teams import Teams

LOOK = timedelta(minutes=1)
PATIENCE = timedelta(hours=1)
"""How long a greeting waits for sources that were never read."""
MOST = 10
"""Open papers that a greeting names."""
LATE = timedelta(days=1)
"""Word of an empty period comes so late, when we were not running at its end."""
GREETING, QUIET = "greeting", "quiet"
_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


class Greeter:
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
            self.check(now)

    def check(self, now: datetime) -> None:
        """Owe each new target of a team its greeting, and word of the periods that were empty."""
        muted = {team for team, *limits in self.store.calendar.muted(now) if limits == [None, None]}
        known = everyone(self.store, self.config, now)
        teams = [team for team in known if team.subscriptions and team.id not in muted]
        self._greet([team for team in teams if team.greet], now)
        self._say_empty(teams, now)

    def _greet(self, teams: Iterable[Team], now: datetime) -> None:
        calendar = self.store.calendar
        letters = {
            (team, target): greeting(team, target, now + PATIENCE)
            for team in teams
            for target in team.to
        }
        made = calendar.letters([letter.key for letter in letters.values()])
        for (team, target), letter in letters.items():
            if letter.key in made:
                continue
            # of a store from before there were greetings; teams made at run time are younger
            if team.made or not calendar.ever_told(team.id, target):
                calendar.owe_letter(letter, now)
        if letters and self._all_read():
            for (team, _), letter in letters.items():
                calendar.hasten([letter.key], _released(team, now))

    def _all_read(self) -> bool:
        """Whether each source was read once, or answered that it cannot be."""
        states = self.store.sources.states()
        return all(
            (state := states.get(source.id)) is not None
            and (state.baseline_at is not None or state.failures > 0)
            for source in self.config.sources
            if source.enabled
        )

    def _say_empty(self, teams: Iterable[Team], now: datetime) -> None:
        asked = [
            (team, each)
            for team in teams
            for each in team.subscriptions
            if each.when_empty == "say" and each.when.every != "now" and each.as_ == "alert"
        ]
        if not asked:
            return
        listening = self.store.calendar.listening()
        states = self.store.sources.states().values()
        watching = min((s.baseline_at for s in states if s.baseline_at), default=now)
        for team, wants in asked:
            zone = ZoneInfo(team.timezone)
            end = last_digest(wants, zone, now)
            start = last_digest(wants, zone, end - timedelta(microseconds=1))
            since = max(watching, listening.get((team.id, wants.id), watching))
            if now - end > LATE or since > start:
                continue  # only of a period that was watched whole it can be said
            letters = [empty_period(team, wants, target, start, end, now) for target in team.to]
            made = self.store.calendar.letters([letter.key for letter in letters])
            for letter in letters:
                if letter.key in made or self.store.calendar.in_digest(team.id, letter.target, end):
                    continue
                self.store.calendar.owe_letter(letter, now)


def everyone(store: Store, config: Config, now: datetime) -> tuple[Team, ...]:
    """Every team that may be told something."""
    return Teams(store, config.teams).all(now)


def greeting(team: Team, target: Target, due: datetime | None = None) -> Letter:
    """The greeting of a team at one of its targets, due once it may be sent from then on."""
    return Letter(
        says={"kind": GREETING},
        team=team.id,
        subscription=None,
        target=target,
        due_at=_released(team, due) if due else datetime.max.replace(tzinfo=UTC),
        reason="greeting of a new team",
    )


def _released(team: Team, at: datetime) -> datetime:
    """The first moment from then on at which the team's first subscription may be told something."""
    first = team.subscriptions[0]
    return due_at(Cadence(), first.quiet, first.days, ZoneInfo(team.timezone), at)


def empty_period(
    team: Team, wants: Subscription, target: Target, start: datetime, end: datetime, now: datetime
) -> Letter:
    zone = ZoneInfo(team.timezone)
    return Letter(
        says={"kind": QUIET, "start": start.isoformat(), "end": end.isoformat()},
        team=team.id,
        subscription=wants.id,
        target=target,
        due_at=due_at(Cadence(), wants.quiet, wants.days, zone, now),
        reason=f"{team.name} / {wants.id}: word of an empty period",
    )


# ---------------------------------------------------------------- what they say


def words(
    store: Store,
    config: Config,
    team: Team,
    target: Target,
    says: Mapping[str, Any],
    subscription: str,
    now: datetime,
) -> Words:
    """The words of a letter when it is sent."""
    line = coverage(config, store.sources.states(), team.timezone, now)
    if says["kind"] == QUIET:
        wants = next((each for each in team.subscriptions if each.id == subscription), None)
        start, end = (datetime.fromisoformat(says[name]) for name in ("start", "end"))
        told = store.calendar.told_between(team.id, target, start, end)
        return _quiet(team, wants, start, end, line, told)
    found = open_now(store, team.subscriptions, now)
    shown = entries(store, found[:MOST], now, team.timezone)
    return _greeting(config, team, found, shown, line)


def open_now(
    store: Store, subscriptions: Sequence[Subscription] | None, now: datetime
) -> list[Document]:
    """Papers open for comment that one of these wants (None: all that are open), the soonest first."""
    standing = store.calendar.open(now.astimezone(CHINA).date())
    texts = store.papers.get([each.document.id for each in standing]) if subscriptions else {}
    return [
        each.document
        for each in standing
        if subscriptions is None
        or any(why_not(texts[each.document.id], wants).heard for wants in subscriptions)
    ]


def entries(store: Store, papers: Sequence[Document], now: datetime, timezone: str) -> list[Entry]:
    english = store.translations.get([paper.title for paper in papers])
    return [open_paper(paper, reading(paper, english), now, timezone) for paper in papers]


def _greeting(
    config: Config, team: Team, found: Sequence[Document], shown: Sequence[Entry], line: str
) -> Words:
    count = len(found)
    lines = [f"{team.name} hears of China's policy papers from now on."]
    small = [f"{team.name} hears: {wish}" for wish in map(hears, team.subscriptions)]
    if found:
        papers = "1 paper is" if count == 1 else f"{count} papers are"
        subject = f"{team.name}: {papers} open for comment now"
        lines.append(f"Open for comment now, of what you asked for: {count}, the soonest first.")
        if count > len(shown):
            more = count - len(shown)
            small.insert(0, f"and {more} more: watcher deadlines --team {team.id}")
    else:
        subject = f"{team.name}: nothing is open for comment now"
        lines.append(f"Nothing you asked for is open for comment now. {line}".strip())
    change = (
        f"watcher teams subscribe {team.id}"
        if team.made
        else f"team {team.id} in {config.path.name}"
    )
    small.append(f"To change what you hear, ask who runs watcher: {change}.")
    return worded(subject, lines, shown, [*small, line] if found else small)


def _quiet(
    team: Team, wants: Subscription | None, start: datetime, end: datetime, line: str, told: int
) -> Words:
    """`told`: of how many papers of that time this channel hears otherwise, at once or in another digest."""
    zone = ZoneInfo(team.timezone)
    first, last = (at.astimezone(zone).date() for at in (start, end))
    if last - first > timedelta(days=1):
        spoken = period(first, last - timedelta(days=1))
    else:
        spoken = f"since {moment(start, team.timezone)}"
    what = f" that matches {hears(wants)}" if wants else ""
    new, beside = ("more", f", beside the {told} told here already") if told else ("new", "")
    subject = f"{team.name}: nothing {new} {spoken}"
    return worded(subject, [f"Nothing {new} {spoken}{what}{beside}. {line}".strip()])


def hears(wants: Subscription) -> str:
    """A subscription in one line: drafts (Data governance & security; stages draft, final), daily 08:00."""
    parts = [", ".join(map(sector_name, wants.sectors)) or "all sectors"]
    if wants.bodies:
        parts.append(f"bodies {', '.join(wants.bodies)}")
    if wants.stages:
        parts.append(f"stages {', '.join(stage.replace('_', ' ') for stage in wants.stages)}")
    if wants.require:
        parts.append(f"only with {', '.join(wants.require)}")
    if wants.keywords:
        parts.append(f"or keywords {', '.join(wants.keywords)}")
    if wants.exclude:
        parts.append(f"without {', '.join(wants.exclude)}")
    return f"{wants.id} ({'; '.join(parts)}), {when(wants)}"


def when(wants: Subscription) -> str:
    """At once, outside 22:00–07:00; reminders 7 and 2 days before a deadline."""
    cadence = wants.when
    at = clock_time(cadence.hour * 60 + cadence.minute)
    said = {
        "now": "at once",
        "daily": f"daily at {at}",
        "weekly": f"{_WEEKDAYS[cadence.day % 7]} at {at}",
        "monthly": f"on day {cadence.day} of each month at {at}",
    }[cadence.every]
    if wants.days == "workdays":
        said += ", on workdays"
    if wants.quiet:
        said += f", not {clock_time(wants.quiet.start)}–{clock_time(wants.quiet.end)}"
    if wants.deadlines:
        days = sorted(wants.deadlines, reverse=True)
        said += f", reminders {' and '.join(map(str, days))} days before a deadline"
    return said
