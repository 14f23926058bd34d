"""The dates a list's row shows: when a paper was published, and until when comments are taken."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from watcher.text import find_date, url_date

CHINA = timezone(timedelta(hours=8))
_LONGEST = 8000  # characters of a row that are looked through


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDates:
    published: date | None = None
    deadline: date | None = None


# ---------------------------------------------------------------- one date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<{m}>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{{0,6}}\.?"
_ENGLISH = re.compile(
    rf"(?<!\d)(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH.format(m='m1')}[\s,-]+(?P<y1>20\d\d)(?!\d)"
    rf"|\b{_MONTH.format(m='m2')}\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?[\s,]+(?P<y2>20\d\d)(?!\d)",
    re.I,
)
# Day, month and year in boxes of their own, in every order seen.
_APART = re.compile(
    r"(?:(?<![\d./-])(?P<d1>\d{1,2})日?\s+(?P<y1>20\d\d)[-./年](?P<m1>\d{1,2})月?(?![-./\d])"
    r"|(?P<y2>20\d\d)[-./年](?P<m2>\d{1,2})月?\s+(?P<d2>\d{1,2})日?(?!\d)"
    r"|(?<![\d./-])(?P<m3>\d{1,2})[-./月](?P<d3>\d{1,2})日?\s+(?P<y3>20\d\d)年?(?![-./\d])"
    r"|(?P<y4>20\d\d)年?\s+(?P<m4>\d{1,2})[-./月](?P<d4>\d{1,2})日?(?![-./\d])"
    r"|(?<![\d./-])(?P<d5>\d{1,2})日?\s+(?P<m5>\d{1,2})月\s+(?P<y5>20\d\d)年?(?![-./\d]))"
)


def find_day(text: str, start: int = 0) -> tuple[date, int, int] | None:
    """The first whole date in `text` from `start`, with its span, also with an English month."""
    chinese = find_date(text, start)
    english = _ENGLISH.search(text, start)
    if english is None or (chinese and chinese[1] <= english.start()):
        return chinese
    form = "1" if english["y1"] else "2"
    month = _MONTHS.index(english[f"m{form}"][:3].lower()) + 1
    day = _day(english[f"y{form}"], month, english[f"d{form}"])
    return (day, english.start(), english.end()) if day else chinese


def _apart(text: str) -> date | None:
    """The day of a date whose parts stand in boxes of their own."""
    if (found := _APART.search(text)) is None:
        return None
    form = next(form for form in "12345" if found[f"y{form}"])
    return _day(found[f"y{form}"], found[f"m{form}"], found[f"d{form}"])


def _day(year: str, month: str | int, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # 45 2026-03 is not a day
        return None


def shows_date(text: str) -> bool:
    """Whether there is a whole date in `text`."""
    return find_day(text) is not None or _apart(text) is not None


# ---------------------------------------------------------------- the dates of a row

_TO = re.compile(r"^\s*(?:日)?\s*(?:起)?\s*(?:至|到|-{1,2}|—{1,2}|–|~|～)\s*$")
_TO_DAY = re.compile(
    r"\s*(?:至|到|-{1,2}|—{1,2}|–|~|～)\s*(?P<m>1[0-2]|0?[1-9])\s*[-./月]\s*(?P<d>3[01]|[12]\d|0?[1-9])(?![-./\d])"
)
# [已结束] 2026-09-11 is a state and the day of publication
_UNTIL = re.compile(
    r"(?<!已)(?:截止|截至|结束|征集期至|有效期至)[^\d〇零一二三四五六七八九\]】]{0,12}$"
)
_PUT_UP = re.compile(r"(?:发布|公布|发表|公开|上网|刊登)[^\d〇零一二三四五六七八九]{0,8}$")
_OTHER = re.compile(
    r"(?:成文|生成|发文|印发|签发|签署|制定|施行|实施|生效|执行|失效|废止|修订|修改|修正|更新|通过|有效)"
    r"[^\d〇零一二三四五六七八九]{0,8}$"
)
_LABEL = 24  # characters before a date that may say what it is


def read_dates(text: str) -> RowDates:
    """When a row was published and until when comments are taken, from its dates in order.

    What a label calls the day of publication is that; a day called another (成文, 施行) counts only
    where there is none else.
    """
    text = text[:_LONGEST]
    deadline = labelled = plain = other = None
    last_end = start = 0
    previous: date | None = None
    while found := find_day(text, start):
        day, begin, start = found
        before = text[max(last_end, begin - _LABEL) : begin]
        if previous and deadline is None and _TO.match(text[last_end:begin]):
            deadline = day
        elif _UNTIL.search(before):
            deadline = deadline or day
        elif _PUT_UP.search(before):
            labelled = labelled or day
        elif _OTHER.search(before):
            other = other or day
        else:
            plain = plain or day
        if deadline is None and (to := _TO_DAY.match(text, start)):
            deadline = _after(day, int(to["m"]), int(to["d"]))
        previous, last_end = day, start
    published = labelled or plain or other
    if published is None and deadline is None:
        published = _apart(text)
    return RowDates(published=published, deadline=deadline)


def _after(start: date, month: int, day: int) -> date | None:
    """The day of a period's end that is written without its year."""
    year = start.year + ((month, day) < (start.month, start.day))
    return _day(str(year), month, str(day))


def first_dates(texts: Iterable[str]) -> RowDates:
    """The dates of the first of `texts` that has any."""
    for text in texts:
        dates = read_dates(text)
        if dates.published or dates.deadline:
            return dates
    return RowDates()


# ---------------------------------------------------------------- time stamps

EPOCH = re.compile(r"(?<!\d)1\d{12}(?!\d)")


def epoch_day(number: int) -> date | None:
    """The day in China of a time stamp in seconds or milliseconds."""
    seconds = number / 1000 if number > 10**11 else number
    try:
        return datetime.fromtimestamp(seconds, UTC).astimezone(CHINA).date()
    except (OverflowError, OSError, ValueError):
        return None


# ---------------------------------------------------------------- addresses

_IN_FOLDERS = re.compile(r"/(?P<y>20\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})/")


def address_day(url: str) -> date | None:
    """The day that an address carries, also in folders without noughts (/art/2026/9/2/art_74.html)."""
    try:
        if day := url_date(url):
            return day
    except ValueError:  # an address that is none
        return None
    found = _IN_FOLDERS.search(url)
    return _day(found["y"], found["m"], found["d"]) if found else None
