"""Days as Chinese and English texts write them, and counting on from a day.

A year that is left out is taken from the context.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cache

from watcher.text import cn_number
from watcher.workdays import is_workday

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_NAME = (
    r"(?P<{0}>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|"
    r"Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = re.compile(
    r"(?<![A-Za-z\d])(?:"
    + _NAME.format("month")
    + r"\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?!\d|\s?(?:percent|%))"
    + r"|(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?\s+(?:of\s+)?"
    + _NAME.format("month2")
    + r")(?:\s*,?\s+(?P<year>(?:19|20)\d\d))?(?![\d])",
    re.I,
)
_ISO = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"
)
_CN = "〇零○一二三四五六七八九十"
_CHINESE = re.compile(
    rf"(?:(?P<y>(?<!\d)(?:19|20)\d\d|[二一][{_CN}]{{3}})\s*[-./年]\s*|(?P<same>本年度?|今年|当年))?"
    rf"(?(y)|(?<![\d.]))(?P<m>1[0-2]|0?[1-9]|(?<![{_CN}])十[一二]?|(?<![{_CN}])[一二三四五六七八九])\s*(?P<sep>[-./月])\s*"
    rf"(?P<d>3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])(?![\d])\s*(?P<ri>[日号])?"
)
# 9月16日至30日, 9月16—30日: the last day of a range in one month
_SAME_MONTH = re.compile(r"\s*(?:[-—–－~～至到]{1,2})\s*(?P<d>3[01]|[12]\d|0?[1-9])\s*[日号]")
# 2026.09.16-10.20, 2026-09-16至10-20: the last day of a range in one year
_SAME_YEAR = re.compile(
    r"\s*(?:[-—–－~～至到]{1,2})\s*(?P<m>1[0-2]|0?[1-9])(?P<sep>[-./])(?P<d>3[01]|[12]\d|0?[1-9])(?![\d.-])"
)
_MONTH_END = re.compile(
    rf"(?:(?P<y>(?<!\d)20\d\d)\s*年\s*)?(?<![\d.])(?P<m>1[0-2]|0?[1-9]|(?<![{_CN}])十[一二]?|(?<![{_CN}])[一二三四五六七八九])"
    r"\s*月\s*(?:底|末)"
)
_THIS_OR_NEXT = re.compile(
    r"(?P<which>下个?月|本月|这个?月)\s*(?:(?P<d>3[01]|[12]\d|0?[1-9])\s*[日号]|(?P<end>底|末))"
)

_ROLLS_OVER = 180  # days within which a day without a year may lie in the next one


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day at `[start:end]` of a text; `year` is None where the text leaves it out."""

    year: int | None
    month: int
    day: int
    start: int
    end: int

    def near(self, anchor: date | None) -> date | None:
        """The date, in the year that brings it closest to `anchor` when none is written."""
        years = (
            (self.year,)
            if self.year
            else tuple(anchor.year + step for step in (-1, 0, 1))
            if anchor
            else ()
        )
        dates = [found for year in years if (found := make_date(year, self.month, self.day))]
        if anchor is None or not dates:
            return dates[0] if dates else None
        return min(dates, key=lambda found: abs(found - anchor))

    def after(self, anchor: date | None) -> date | None:
        """The date, in the year of `anchor`, or in the next if that is near; never before `anchor`.

        9月10日 on a page of 21 September is over, and not a day of next year.
        """
        if self.year:
            return make_date(self.year, self.month, self.day)
        if anchor is None:
            return None
        found = make_date(anchor.year, self.month, self.day)
        if found and found >= anchor:
            return found
        found = make_date(anchor.year + 1, self.month, self.day)
        return found if found and (found - anchor).days <= _ROLLS_OVER else None


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def english_days(text: str) -> tuple[Day, ...]:
    """Every day in `text`: November 7, Nov. 7, 2023, 7 November, 2023-11-07."""
    days = [
        Day(
            year=int(match["year"]) if match["year"] else None,
            month=_month(match["month"] or match["month2"]),
            day=int(match["day"] or match["day2"]),
            start=match.start(),
            end=match.end(),
        )
        for match in _DAY.finditer(text)
    ]
    days += [
        Day(
            year=int(match["year"]),
            month=int(match["month"]),
            day=int(match["day"]),
            start=match.start(),
            end=match.end(),
        )
        for match in _ISO.finditer(text)
    ]
    return tuple(sorted(days, key=lambda found: found.start))


def chinese_days(text: str, anchor: date | None = None) -> tuple[Day, ...]:
    """Every day in `text`: 2026年10月7日, 二〇二六年十月七日, 2026-10-7, 10月7日, 9月16日至30日.

    With it 10月底, the last of the month, and, counted from `anchor`, 下月10日 and 本月底. No day:
    1.5 or 3-15 without a year.
    """
    days = [*_whole_days(text), *_month_ends(text, anchor)]
    if anchor:
        days += _named_months(text, anchor)
    return tuple(sorted(days, key=lambda found: found.start))


def _whole_days(text: str) -> Iterator[Day]:
    for match in _CHINESE.finditer(text):
        year = cn_number(match["y"].replace("○", "〇")) if match["y"] else None
        last = _SAME_MONTH.match(text, match.end())
        if not year and (match["sep"] != "月" or not (match["ri"] or last)):
            continue
        month = cn_number(match["m"])
        yield Day(
            year=year, month=month, day=cn_number(match["d"]), start=match.start(), end=match.end()
        )
        if last:
            yield Day(
                year=year, month=month, day=int(last["d"]), start=last.start("d"), end=last.end()
            )
        turned = _SAME_YEAR.match(text, match.end()) if year else None
        if turned and turned["sep"] == match["sep"]:
            yield Day(
                year=year,
                month=int(turned["m"]),
                day=int(turned["d"]),
                start=turned.start("m"),
                end=turned.end(),
            )


def _month_ends(text: str, anchor: date | None) -> Iterator[Day]:
    for match in _MONTH_END.finditer(text):
        month = cn_number(match["m"])
        year = int(match["y"]) if match["y"] else None
        # 2月底 is the 28th or the 29th: which one, the year tells
        near = Day(year=year, month=month, day=1, start=0, end=0).near(anchor)
        if near:
            last = monthrange(near.year, month)[1]
            yield Day(year=year, month=month, day=last, start=match.start(), end=match.end())


def _named_months(text: str, anchor: date) -> Iterator[Day]:
    for match in _THIS_OR_NEXT.finditer(text):
        first = add_months(anchor.replace(day=1), 1 if match["which"][0] == "下" else 0)
        if first:
            day = int(match["d"]) if match["d"] else monthrange(first.year, first.month)[1]
            yield Day(
                year=first.year, month=first.month, day=day, start=match.start(), end=match.end()
            )


def _month(name: str) -> int:
    return next(i for i, full in enumerate(_MONTHS, 1) if full.startswith(name.lower()[:3]))


def add_months(start: date, months: int) -> date | None:
    """`start` moved by whole months; the last day of a shorter month, None beyond the last year."""
    total = start.year * 12 + start.month - 1 + months
    year, month = divmod(total, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return None
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def add_days(start: date, days: int) -> date | None:
    """`start` moved by days; None beyond the last year there is."""
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return None


def add_workdays(start: date, count: int) -> date | None:
    """The `count`-th day in China after `start` that is worked, or None.

    None where the days run into a year whose holidays were not announced when the calendar was
    made: 放假安排 come out in November of the year before, and move weekends.
    """
    day = start
    while count:
        following = add_days(day, 1)
        if following is None or not _announced(following.year):
            return None
        day = following
        count -= is_workday(day)
    return day


@cache
def _announced(year: int) -> bool:
    """Whether the calendar knows the year's weekends that are worked, which every 放假安排 names."""
    january = date(year, 1, 1)
    days = (january + timedelta(days=step) for step in range(365))
    return any(is_workday(day) for day in days if day.weekday() >= 5)
