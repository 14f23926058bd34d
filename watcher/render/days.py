"""Days, times and periods in words: the same in every locale, with no order of month and day to mistake."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def days_left(deadline: date | None, now: datetime, timezone: str) -> int | None:
    """Days on the reader's calendar until a Chinese date; -1 once it has ended in China.

    A deadline is a day in China: it ends at midnight there, which is the afternoon in Europe.
    """
    if deadline is None:
        return None
    if now.astimezone(CHINA).date() > deadline:
        return -1
    return max(0, (deadline - now.astimezone(ZoneInfo(timezone)).date()).days)


def countdown(days: int) -> str:
    """Words for `days` from today, 0 or more."""
    return {0: "last day", 1: "1 day left"}.get(days, f"{days} days left")


def day(when: date, *, year: bool = True) -> str:
    """Tue 7 Nov 2023: no order of month and day to mistake, the same in every locale."""
    text = f"{_WEEKDAYS[when.weekday()]} {when.day} {_MONTHS[when.month - 1]}"
    return f"{text} {when.year}" if year else text


def moment(when: datetime, timezone: str) -> str:
    """Mon 9 Oct 2023 14:02 CEST: a time in the reader's zone, with the zone named."""
    local = when.astimezone(ZoneInfo(timezone))
    return f"{day(local.date())} {local:%H:%M %Z}"


def clock_time(minutes: int) -> str:
    """07:30: minutes after midnight."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def period(start: date, end: date) -> str:
    """9–15 Oct 2023, without repeating what both ends share."""
    if start == end:
        return f"{end.day} {_MONTHS[end.month - 1]} {end.year}"
    head = str(start.day)
    if (start.year, start.month) != (end.year, end.month):
        head += f" {_MONTHS[start.month - 1]}"
    if start.year != end.year:
        head += f" {start.year}"
    return f"{head}–{period(end, end)}"
