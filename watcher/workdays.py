"""China's working days: weekends, public holidays and the weekends that make up for them."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

_ONE = timedelta(days=1)


def workdays_between(first: date, last: date) -> int:
    """How many days in China after `first` up to and with `last` were worked; 0 when there are none.

    For years whose holidays the State Council has not announced yet, the statutory days count.
    """
    count, day = 0, first + _ONE
    while day <= last:
        count += is_workday(day)
        day += _ONE
    return count


def is_workday(day: date) -> bool:
    return bool(_calendar(day.year).is_working_day(day))  # type: ignore[attr-defined]  # of holidays


@cache
def _calendar(year: int) -> Mapping[Any, Any]:
    import holidays  # 0.2 s: only where days are counted

    found: Mapping[Any, Any] = holidays.country_holidays("CN", years=[year])
    return found
