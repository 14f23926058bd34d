"""Say what the calendar makes of papers: a deadline near or passed, in force soon, no final for long.

What is to be said is found some time ahead and owed like any change of a paper, once for each mark
("2026-12-02 7d") and target, whichever node finds it. What no longer holds is taken back while it
waits: a deadline moved, the paper was withdrawn, a final came.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from watcher.clock import Clock
from watcher.due import (
    CHINA,
    Moment,
    digest_key,
    due_at,
    end_of,
    from_day,
    late_reminder,
    reminder_at,
)
from watcher.greet import everyone, greeting
from watcher.model import ChangeKind, Document, Notification
from watcher.route import why_not
from watcher.settings import Config, Subscription, Target, Team
from watcher.store import Store
from watcher.store.calendar import KINDS, Event, Stale, Standing, Told
from watcher.store.links import STANDING

AHEAD = timedelta(days=1)
"""How long before its time a reminder is owed, so that the digest it belongs to finds it."""
LOOK, LONG_LOOK = timedelta(minutes=5), timedelta(hours=1)
"""How often deadlines are looked at; what is in force soon, and drafts without a final."""
MONTHS = 18
"""After so many a draft without a final is worth a word."""
LATE = timedelta(days=7)
"""What is told after the event is told so long after its time, when we were not running then."""
_FARTHEST = timedelta(days=400)
_WAITED = timedelta(days=60)  # drafts whose time is longer past are not dug out


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """That a subscription may want to be told of an event, and when."""

    team: Team
    wants: Subscription
    kind: ChangeKind
    document: Document
    known_since: datetime | None
    mark: str
    last: date
    """The day in China that it is about."""
    ahead: int | None
    """Days before it; None for what is told after."""
    moment: Moment

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.team.timezone)


class Reminder:
    """`tick` may be called at any time; it looks only every few minutes."""

    def __init__(self, store: Store, config: Config, clock: Clock) -> None:
        self.store = store
        self.config = config
        self.clock = clock
        self._looked: datetime | None = None
        self._looked_long: datetime | None = None

    def tick(self) -> None:
        now = self.clock.now()
        if self._looked is not None and now - self._looked < LOOK:
            return
        self._looked = now
        long = self._looked_long is None or now - self._looked_long >= LONG_LOOK
        if long:
            self._looked_long = now
        self.check(now, long=long)

    def check(self, now: datetime, *, long: bool = True) -> int:
        """Take back what no longer holds and owe what is near; return how many events were new."""
        for row in self.store.calendar.pending():
            if why := self._over(row, now):
                self.store.calendar.take_back(row.delivery, why, now)
        wishes = [*self._deadlines(now)]
        if long:
            wishes += [*self._effects(now), *self._waits(now)]
        return self.store.calendar.owe(self._events(wishes, now), now) if wishes else 0

    def _over(self, row: Stale, now: datetime) -> str | None:
        """Why an event that waits is not to be told any more."""
        if row.gone:
            return "superseded: the paper was withdrawn, or turned out to be another"
        facts = row.document.facts
        if row.kind is ChangeKind.NO_FINAL:
            links = self.store.links.of([row.document.id])
            came = any(x.draft == str(row.document.id) and x.state in STANDING for x in links)
            return "superseded: a final or a new round came" if came else None
        about = row.mark.partition(" ")[0]
        day = facts.effective if row.kind is ChangeKind.IN_FORCE else facts.deadline
        if day is None or day.isoformat() != about:
            return (
                f"superseded: the day is {day.isoformat() if day else 'unknown'} now, not {about}"
            )
        if row.kind is not ChangeKind.CLOSED and now >= end_of(day):
            return f"too late: {about} has ended in China"
        return None

    # ------------------------------------------------------------ what may be worth a word

    def _subscriptions(self) -> Iterable[tuple[Team, Subscription]]:
        teams = everyone(self.store, self.config, self.clock.now())
        return ((team, each) for team in teams if team.to for each in team.subscriptions)

    def _deadlines(self, now: datetime) -> Iterable[_Wish]:
        asked = [(t, s) for t, s in self._subscriptions() if s.deadlines or "closed" in s.events]
        if not asked:
            return
        papers = self.store.calendar.open((now - LATE - AHEAD).astimezone(CHINA).date())
        for paper in papers:
            day = paper.document.facts.deadline
            if day is None:
                continue
            for team, wants in asked:
                if now < end_of(day):
                    yield from _ahead(
                        team, wants, ChangeKind.DEADLINE, paper, day, wants.deadlines, now
                    )
                if "closed" in wants.events:
                    moment = from_day(day + timedelta(days=1), wants, ZoneInfo(team.timezone))
                    if now - LATE <= moment.at <= now + AHEAD:
                        yield _wish(
                            team, wants, ChangeKind.CLOSED, paper, f"{day}", day, None, moment
                        )

    def _effects(self, now: datetime) -> Iterable[_Wish]:
        asked = [(team, wants) for team, wants in self._subscriptions() if wants.in_force]
        if not asked:
            return
        today = now.astimezone(CHINA).date()
        # a digest may come a month before the day it is to be in time for
        longest = timedelta(days=max(max(wants.in_force) for _, wants in asked) + 40)
        last = today + min(longest, _FARTHEST)
        for paper in self.store.calendar.taking_effect(today, last):
            day = paper.document.facts.effective
            if day is None:
                continue
            for team, wants in asked:
                yield from _ahead(team, wants, ChangeKind.IN_FORCE, paper, day, wants.in_force, now)

    def _waits(self, now: datetime) -> Iterable[_Wish]:
        asked = [(team, s) for team, s in self._subscriptions() if "no_final" in s.events]
        told = self.store.calendar.told_drafts() if asked else set()
        if not told:
            return
        today = (now + AHEAD).astimezone(CHINA).date()
        for waiting in self.store.links.waiting(today, limit=len(told) + 100_000):
            document = waiting.document
            if document.id not in told or document.published is None:
                continue
            due = months_after(document.published, MONTHS)
            if not today - _WAITED <= due <= today:
                continue
            for team, wants in asked:
                yield _Wish(
                    team=team,
                    wants=wants,
                    kind=ChangeKind.NO_FINAL,
                    document=document,
                    known_since=None,
                    mark=f"{MONTHS} months",
                    last=due,
                    ahead=None,
                    moment=from_day(due, wants, ZoneInfo(team.timezone)),
                )

    # ------------------------------------------------------------ who is told

    def _events(self, wishes: Sequence[_Wish], now: datetime) -> list[Event]:
        """What is to be owed, each event once with all that hear of it."""
        calendar = self.store.calendar
        told = calendar.told({wish.document.id for wish in wishes})
        muted, since = calendar.muted(now), self._since()
        texts: dict[int, Document] = {}
        found: dict[tuple[ChangeKind, int, str], list[Notification]] = {}
        for wish in wishes:
            id_ = wish.document.id
            heard = told.get(id_, ())
            moments: dict[Target, Moment] = {}
            for target in () if _is_muted(muted, wish) else wish.team.to:
                mine = [each for each in heard if each.target == target]
                moment = moment_for(wish, mine, since(wish.team, wish.wants, target), now)
                if moment is not None:
                    moments[target] = moment
            if moments and id_ not in texts:
                texts |= self.store.papers.get([id_])
            for target, reason in (
                _reasons(wish, texts[id_], list(moments), heard) if moments else ()
            ):
                moment = moments[target]
                key = digest_key(wish.team.id, wish.wants.id, moment.at)
                found.setdefault((wish.kind, id_, wish.mark), []).append(
                    Notification(
                        team=wish.team.id,
                        subscription=wish.wants.id,
                        targets=(target,),
                        reason=reason,
                        due_at=moment.at,
                        digest=key if moment.digest else None,
                    )
                )
        return [
            Event(kind=kind, document=texts[id_], mark=mark, notifications=_merged(notifications))
            for (kind, id_, mark), notifications in found.items()
        ]

    def _since(self) -> "_Since":
        listening = self.store.calendar.listening()
        letters = {
            (team.id, target): greeting(team, target).key
            for team in everyone(self.store, self.config, self.clock.now())
            if team.subscriptions
            for target in team.to
        }
        made = self.store.calendar.letters(letters.values())
        return _Since(listening, {pair: made[key] for pair, key in letters.items() if key in made})


@dataclass(frozen=True, slots=True)
class _Since:
    """Since when somebody listens: what was to be said before is none of its business."""

    listening: Mapping[tuple[str, str], datetime]
    greeted: Mapping[tuple[str, Target], datetime]

    def __call__(self, team: Team, wants: Subscription, target: Target) -> datetime | None:
        since = (
            self.listening.get((team.id, wants.id)),
            self.listening.get((team.id, str(target))),
            self.greeted.get((team.id, target)),
        )
        return max((at for at in since if at is not None), default=None)


def _ahead(
    team: Team,
    wants: Subscription,
    kind: ChangeKind,
    paper: Standing,
    day: date,
    ahead: Iterable[int],
    now: datetime,
) -> Iterable[_Wish]:
    """The reminder that is next or was last: of several that were missed one is enough."""
    zone = ZoneInfo(team.timezone)
    for days in sorted(ahead):
        if end_of(day) - timedelta(days=days + 50) > now:
            return  # far off: no digest is a month early
        moment = reminder_at(day, days, wants, zone)
        if moment.at <= now + AHEAD:
            yield _wish(team, wants, kind, paper, f"{day} {days}d", day, days, moment)
            return


def _wish(
    team: Team,
    wants: Subscription,
    kind: ChangeKind,
    paper: Standing,
    mark: str,
    day: date,
    ahead: int | None,
    moment: Moment,
) -> _Wish:
    return _Wish(
        team=team,
        wants=wants,
        kind=kind,
        document=paper.document,
        known_since=paper.first_seen_at,
        mark=mark,
        last=day,
        ahead=ahead,
        moment=moment,
    )


def moment_for(
    wish: _Wish, told: Sequence[Told], since: datetime | None, now: datetime
) -> Moment | None:
    """When a target is told of an event, if it is; `told` is what it was told of the paper before."""
    if any((each.kind, each.mark) == (wish.kind, wish.mark) for each in told):
        return None
    if wish.kind is ChangeKind.NO_FINAL and not any(each.sent for each in told):
        return None  # it never heard of the draft
    planned = wish.moment
    if planned.at > now:
        return planned
    news = max((at for at in (since, wish.known_since) if at is not None), default=None)
    if wish.ahead is None:
        return None if news and news > planned.at else _next(wish, now)
    end = end_of(wish.last)
    if any(planned.at <= each.at < end for each in told):
        return None  # whoever hears of the paper in time is told the days left
    too_late = any(each.at >= end and each.kind not in KINDS for each in told)
    if news and news > planned.at and not too_late:
        return None  # only whom the paper itself reaches too late is told of it
    late = late_reminder(wish.last, wish.ahead, wish.wants, wish.zone, now)
    return late if late and late.at <= now + AHEAD else None


def _next(wish: _Wish, now: datetime) -> Moment:
    """The next time at which its subscription is told anything."""
    wants = wish.wants
    at = due_at(wants.when, wants.quiet, wants.days, wish.zone, now)
    return Moment(at, wish.moment.digest)


def _is_muted(muted: Iterable[tuple[str, int | None, str | None]], wish: _Wish) -> bool:
    """Whether the team does not want to hear of this paper, of this subscription, or of anything."""
    return any(
        team == wish.team.id
        and paper in (None, wish.document.id)
        and subscription in (None, wish.wants.id)
        for team, paper, subscription in muted
    )


def _reasons(
    wish: _Wish, document: Document, targets: Sequence[Target], heard: Iterable[Told]
) -> Iterable[tuple[Target, str]]:
    """Which of these targets hear of it, and why: the subscription wants the paper, or told of it."""
    name, verdict = f"{wish.team.name} / {wish.wants.id}", why_not(document, wish.wants)
    mine = {
        each.target: each
        for each in heard
        if each.sent and (each.team, each.subscription) == (wish.team.id, wish.wants.id)
    }
    for target in targets:
        if verdict.heard:
            yield target, f"{name}: {verdict.reason}"
        elif target in mine:
            on = mine[target].at.astimezone(wish.zone)
            yield target, f"{name}: you heard of this paper on {on.day} {on:%b %Y}"


def _merged(told: Iterable[Notification]) -> list[Notification]:
    """One for each target, at the first of its times and with all reasons."""
    found: dict[Target, Notification] = {}
    for each in told:
        (target,) = each.targets
        other = found.get(target)
        if other is not None:
            reason = " · ".join(dict.fromkeys((*other.reason.split(" · "), each.reason)))
            each = replace(min(other, each, key=lambda one: one.due_at), reason=reason)
        found[target] = each
    return list(found.values())


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the month's last where it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    first = date(count // 12, count % 12 + 1, 1)
    following = date((count + 1) // 12, (count + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (following - first).days) - 1)
