"""When what is owed leaves: cadences, quiet hours, workdays and summer time. Pure: the clock is an argument."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from watcher.settings import Cadence, Quiet


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
