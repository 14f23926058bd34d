"""The dates a list's row shows: when a paper was published, and until when comments are taken."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from watcher.text import find_date

CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDates:
    published: date | None = None
    deadline: date | None = None


_TO = re.compile(r"^\s*(?:日)?\s*(?:起)?\s*(?:至|到|-{1,2}|—{1,2}|–|~|～)\s*$")
_UNTIL = re.compile(r"(?:截止|截至|结束|征集期至|有效期至)[^\d〇零一二三四五六七八九]{0,12}$")
EPOCH = re.compile(r"(?<!\d)1\d{12}(?!\d)")
_DAY_APART = re.compile(  # day and month in two boxes, either first
    r"(?:(?<!\d)(?P<d1>\d{1,2})\s+(?P<y1>20\d\d)[-./年](?P<m1>\d{1,2})月?(?![-./\d])"
    r"|(?P<y2>20\d\d)[-./年](?P<m2>\d{1,2})月?\s+(?P<d2>\d{1,2})(?!\d))"
)


def read_dates(text: str) -> RowDates:
    """When a row was published and until when comments are taken, from its dates in order."""
    published = deadline = None
    last_end = 0
    previous: date | None = None
    start = 0
    while found := find_date(text, start):
        day, begin, start = found
        before = text[last_end:begin]
        if previous and deadline is None and _TO.match(before):
            deadline = day
        elif _UNTIL.search(before):
            deadline = deadline or day
        elif published is None:
            published = day
        previous, last_end = day, start
    if published is None and deadline is None:
        published = _apart(text)
    return RowDates(published=published, deadline=deadline)


def _apart(text: str) -> date | None:
    if (found := _DAY_APART.search(text)) is None:
        return None
    form = "1" if found["y1"] else "2"
    try:
        return date(int(found[f"y{form}"]), int(found[f"m{form}"]), int(found[f"d{form}"]))
    except ValueError:  # 45 2026-03 is not a day
        return None


def shows_date(text: str) -> bool:
    """Whether there is a whole date in `text`."""
    return find_date(text) is not None or _apart(text) is not None


def epoch_day(number: int) -> date | None:
    """The day in China of a time stamp in seconds or milliseconds."""
    seconds = number / 1000 if number > 10**11 else number
    try:
        return datetime.fromtimestamp(seconds, UTC).astimezone(CHINA).date()
    except (OverflowError, OSError, ValueError):
        return None
