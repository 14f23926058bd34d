"""When what is owed leaves: cadences, quiet hours, workdays and summer time. Pure: the clock is an argument."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from watcher.settings import Cadence, Quiet, Subscription

CHINA = ZoneInfo("Asia/Shanghai")
CIVIL = 9 * 60
"""When a reminder comes that no digest takes along: minutes after midnight on the team's clock."""
_BEFORE_QUIET = 60  # where nine o'clock is quiet until another day: an hour before that begins


@dataclass(frozen=True, slots=True)
class _Hold:
    """What may not be sent now: quiet hours, and weekends where only workdays are wanted."""

    quiet: Quiet | None
    workdays: bool
    zone: ZoneInfo

    def workday(self, on: date) -> date:
        """`on`, or the Monday after it."""
        weekend = self.workdays and on.weekday() >= 5
        return on + timedelta(days=7 - on.weekday()) if weekend else on

    def release(self, at: datetime) -> datetime:
        """The first moment from `at` (UTC) on at which sending is allowed."""
        while True:
            local = at.astimezone(self.zone)
            if (on := self.workday(local.date())) != local.date():
                at = _utc(on, 0, self.zone, after=at)
            elif (end := self._quiet_end(local)) is not None:
                at = _utc(*end, self.zone, after=at)
            else:
                return at

    def civil(self, on: date) -> datetime:
        """Nine o'clock of a day; where that is quiet, when it ends that day or before it begins."""
        at = _utc(on, CIVIL, self.zone)
        ends = self._quiet_end(at.astimezone(self.zone))
        if self.quiet is None or ends is None:
            return at
        if ends[0] == on:
            return _utc(*ends, self.zone, after=at)
        return _utc(on, max(self.quiet.end, self.quiet.start - _BEFORE_QUIET), self.zone)

    def _quiet_end(self, local: datetime) -> tuple[date, int] | None:
        if self.quiet is None:
            return None
        minute, start, end = local.hour * 60 + local.minute, self.quiet.start, self.quiet.end
        if start < end:
            return (local.date(), end) if start <= minute < end else None
        if minute >= start:
            return local.date() + timedelta(days=1), end
        return (local.date(), end) if minute < end else None


def due_at(
    cadence: Cadence, quiet: Quiet | None, days: str, zone: ZoneInfo, now: datetime
) -> datetime:
    """When what is found at `now` is sent, in UTC; never before `now`.

    A digest leaves at the first of its times after `now`, where one that falls on an unwanted
    weekend counts as Monday's, and one in quiet hours as moved to their end; what is found on a
    weekend and not held for a digest waits until Monday begins. Wall-clock times that a change to
    summer time skips are moved on by its length; of those that occur twice the first is meant
    (RFC 5545, 3.3.5).
    """
    now = now.astimezone(UTC)
    hold = _Hold(quiet, days == "workdays", zone)
    if cadence.every == "now":
        return hold.release(now)
    today = now.astimezone(zone).date()
    minutes = cadence.hour * 60 + cadence.minute
    falls = _FALLS[cadence.every]
    # from some days back: Saturday's digest, held to Monday, takes Sunday's papers along
    for n in range(-5, 40):
        on = today + timedelta(days=n)
        if falls(cadence, on):
            due = hold.release(_utc(hold.workday(on), minutes, zone))
            if due > now:
                return due
    raise AssertionError(f"no time within a month for {cadence}")


def digest_key(team: str, subscription: str, due: datetime) -> str:
    """What the rows of one digest share."""
    return f"{team}/{subscription}{digest_end(due)}"


def digest_end(due: datetime) -> str:
    """What the keys of all digests of a time end with."""
    return f"/{due:%Y-%m-%dT%H:%MZ}"


def last_digest(wants: Subscription, zone: ZoneInfo, at: datetime) -> datetime:
    """The last of a digest's times that is not after `at`, in UTC."""
    hold = _Hold(wants.quiet, wants.days == "workdays", zone)
    minutes = wants.when.hour * 60 + wants.when.minute
    today = at.astimezone(zone).date()
    for n in range(1, -45, -1):
        on = today + timedelta(days=n)
        if _FALLS[wants.when.every](wants.when, on):
            due = hold.release(_utc(hold.workday(on), minutes, zone))
            if due <= at:
                return due
    raise AssertionError(f"no time within a month for {wants.when}")


# ---------------------------------------------------------------- reminders


@dataclass(frozen=True, slots=True)
class Moment:
    """When something leaves, and whether a digest of that time takes it along."""

    at: datetime
    digest: bool


def end_of(day: date) -> datetime:
    """The instant at which a day ends in China: a deadline of that day is over."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), CHINA).astimezone(UTC)


def reminder_at(last: date, ahead: int, wants: Subscription, zone: ZoneInfo) -> Moment:
    """When to remind of a day in China, `ahead` days before it on the team's calendar.

    Never later than that: a digest that comes later is too late, so the one before it takes the
    reminder along; without digests it comes at nine in the morning, moved out of quiet hours
    within the day, and where only workdays are wanted on the workday before. Always before the
    day has ended in China.
    """
    on, end = last - timedelta(days=ahead), end_of(last)
    if wants.when.every != "now":
        latest = min(_utc(on + timedelta(days=1), 0, zone), end) - timedelta(microseconds=1)
        return Moment(last_digest(wants, zone, latest), True)
    return Moment(_civil(on, end, _Hold(wants.quiet, wants.days == "workdays", zone)), False)


def late_reminder(
    last: date, ahead: int, wants: Subscription, zone: ZoneInfo, now: datetime
) -> Moment | None:
    """When to remind after `reminder_at` has passed; None when it would be too late.

    With the next digest if that comes before the day ends, else alone: on the day on which
    reminders without a digest come, or now.
    """
    end = end_of(last)
    if wants.when.every != "now":
        next_ = due_at(wants.when, wants.quiet, wants.days, zone, now)
        if next_ < end:
            return Moment(next_, True)
    hold = _Hold(wants.quiet, wants.days == "workdays", zone)
    at = hold.release(max(now.astimezone(UTC), _civil(last - timedelta(days=ahead), end, hold)))
    return Moment(at, False) if at < end else None


def from_day(on: date, wants: Subscription, zone: ZoneInfo) -> Moment:
    """The first time from nine in the morning of a day on: with a digest, or alone."""
    at = _utc(on, CIVIL, zone)
    digest = wants.when.every != "now"
    if digest:
        at -= timedelta(microseconds=1)  # a digest at nine is in time
    return Moment(due_at(wants.when, wants.quiet, wants.days, zone, at), digest)


def _civil(on: date, end: datetime, hold: "_Hold") -> datetime:
    """Nine o'clock of the last day up to `on` that is wanted and not over, out of quiet hours."""
    for n in range(60):
        at = hold.civil(on - timedelta(days=n))
        if at < end and hold.release(at) == at:
            return at
    raise AssertionError(f"no hour of two months is wanted: {hold}")


_FALLS: dict[str, Callable[[Cadence, date], bool]] = {
    "daily": lambda _, on: True,
    "weekly": lambda cadence, on: on.weekday() == cadence.day,
    "monthly": lambda cadence, on: on.day == cadence.day,
}


def _utc(on: date, minutes: int, zone: ZoneInfo, after: datetime | None = None) -> datetime:
    """A wall-clock time as an instant; its second occurrence if the first is not after `after`."""
    local = datetime(on.year, on.month, on.day, minutes // 60, minutes % 60, tzinfo=zone)
    at = local.astimezone(UTC)
    if after is not None and at <= after:
        at = local.replace(fold=1).astimezone(UTC)
    return at
