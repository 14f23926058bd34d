"""China's working days, by what the State Council announced."""

from datetime import date

import pytest

from watcher.workdays import is_workday, workdays_between


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),  # a Saturday that makes up for the National Day week
        (date(2026, 2, 17), False),  # Spring Festival
        (date(2027, 10, 1), False),  # statutory, before anything was announced
    ],
)
def test_workdays(day: date, worked: bool) -> None:
    assert is_workday(day) is worked


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), 0),
        (date(2026, 11, 20), date(2026, 11, 23), 1),
        (date(2026, 9, 30), date(2026, 10, 8), 1),  # the whole of the National Day week
        (date(2026, 11, 20), date(2026, 11, 2), 0),
        (date(2025, 12, 31), date(2026, 1, 5), 2),  # over the New Year: Sunday 4 January is worked
    ],
)
def test_workdays_between(first: date, last: date, count: int) -> None:
    assert workdays_between(first, last) == count
