"""Days as English texts write them, with the year taken from the context when it is left out."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

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
