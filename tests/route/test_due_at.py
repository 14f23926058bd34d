"""When a notification leaves: cadences, quiet hours, workdays and summer time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.config.values import cadence as read_cadence
from watcher.config.values import quiet as read_quiet
from watcher.due import due_at
from watcher.settings import Cadence, Quiet

BERLIN = ZoneInfo("Europe/Berlin")


def due(now: str, when: str, quiet: str | None = None, days: str = "any") -> str:
    """All times as the clock on the wall in Berlin shows them, with its offset."""
    held = read_quiet(quiet) if quiet else None
    at = datetime.fromisoformat(now)
    local = at.replace(tzinfo=BERLIN) if at.tzinfo is None else at
    result = due_at(read_cadence(when), held, days, BERLIN, local)
    assert result.tzinfo is UTC
    return f"{result.astimezone(BERLIN):%a %Y-%m-%d %H:%M %z}"


@pytest.mark.parametrize(
    ("now", "when", "expected"),
    [
        ("2026-11-18 10:30", "now", "Wed 2026-11-18 10:30 +0100"),
        ("2026-11-18 10:30", "daily 08:00", "Thu 2026-11-19 08:00 +0100"),
        ("2026-11-18 07:59", "daily 08:00", "Wed 2026-11-18 08:00 +0100"),
        ("2026-11-18 08:00", "daily 08:00", "Thu 2026-11-19 08:00 +0100"),
        ("2026-11-18 10:30", "weekly mon 08:00", "Mon 2026-11-23 08:00 +0100"),
        ("2026-11-23 07:00", "weekly mon 08:00", "Mon 2026-11-23 08:00 +0100"),
        ("2026-11-23 08:00", "weekly mon 08:00", "Mon 2026-11-30 08:00 +0100"),
        ("2026-11-18 10:30", "monthly 1 08:00", "Tue 2026-12-01 08:00 +0100"),
        ("2027-01-31 10:30", "monthly 28 08:00", "Sun 2027-02-28 08:00 +0100"),
        ("2027-02-28 08:00", "monthly 28 08:00", "Sun 2027-03-28 08:00 +0200"),
        ("2026-12-31 23:59", "monthly 1 00:00", "Fri 2027-01-01 00:00 +0100"),
        # summer time begins on 28 March 2027 at 02:00 and ends on 31 October 2027 at 03:00
        ("2027-03-27 10:00", "daily 08:00", "Sun 2027-03-28 08:00 +0200"),
        ("2027-03-28 00:30", "daily 02:30", "Sun 2027-03-28 03:30 +0200"),
        ("2027-03-28 04:00", "daily 02:30", "Mon 2027-03-29 02:30 +0200"),
        ("2027-10-30 10:00", "daily 08:00", "Sun 2027-10-31 08:00 +0100"),
        ("2027-10-31 00:30", "daily 02:30", "Sun 2027-10-31 02:30 +0200"),
        ("2027-10-31T02:30:00+01:00", "daily 02:30", "Mon 2027-11-01 02:30 +0100"),
    ],
)
def test_cadences(now: str, when: str, expected: str) -> None:
    assert due(now, when) == expected


@pytest.mark.parametrize(
    ("now", "when", "quiet", "expected"),
    [
        ("2026-11-18 21:59", "now", "22:00-07:00", "Wed 2026-11-18 21:59 +0100"),
        ("2026-11-18 22:00", "now", "22:00-07:00", "Thu 2026-11-19 07:00 +0100"),
        ("2026-11-19 03:00", "now", "22:00-07:00", "Thu 2026-11-19 07:00 +0100"),
        ("2026-11-19 07:00", "now", "22:00-07:00", "Thu 2026-11-19 07:00 +0100"),
        ("2026-11-19 12:30", "now", "12:00-14:00", "Thu 2026-11-19 14:00 +0100"),
        ("2026-11-19 12:30", "now", "00:00-12:00", "Thu 2026-11-19 12:30 +0100"),
        ("2026-11-19 23:30", "now", "18:00-00:00", "Fri 2026-11-20 00:00 +0100"),
        ("2026-11-30 23:30", "now", "22:00-07:00", "Tue 2026-12-01 07:00 +0100"),
        ("2026-11-18 10:30", "daily 06:00", "22:00-07:00", "Thu 2026-11-19 07:00 +0100"),
        ("2026-11-18 06:30", "daily 06:00", "22:00-07:00", "Wed 2026-11-18 07:00 +0100"),
        ("2026-11-18 06:30", "daily 23:00", "22:00-07:00", "Wed 2026-11-18 07:00 +0100"),
        ("2027-03-27 23:00", "now", "22:00-07:00", "Sun 2027-03-28 07:00 +0200"),
        ("2027-03-28 01:30", "now", "01:00-02:30", "Sun 2027-03-28 03:30 +0200"),
        ("2027-10-30 23:00", "now", "22:00-02:30", "Sun 2027-10-31 02:30 +0200"),
        ("2027-10-31T02:15:00+01:00", "now", "22:00-02:30", "Sun 2027-10-31 02:30 +0100"),
    ],
)
def test_quiet_hours_hold_to_their_end(now: str, when: str, quiet: str, expected: str) -> None:
    assert due(now, when, quiet) == expected


@pytest.mark.parametrize(
    ("now", "when", "quiet", "expected"),
    [
        ("2026-11-20 23:59", "now", None, "Fri 2026-11-20 23:59 +0100"),
        ("2026-11-21 14:00", "now", None, "Mon 2026-11-23 00:00 +0100"),
        ("2026-11-22 14:00", "now", "22:00-07:00", "Mon 2026-11-23 07:00 +0100"),
        ("2026-11-20 23:00", "now", "22:00-07:00", "Mon 2026-11-23 07:00 +0100"),
        ("2026-11-20 10:00", "daily 08:00", None, "Mon 2026-11-23 08:00 +0100"),
        ("2026-11-22 10:00", "daily 08:00", None, "Mon 2026-11-23 08:00 +0100"),
        ("2026-11-20 10:00", "weekly sat 08:00", None, "Mon 2026-11-23 08:00 +0100"),
        ("2026-11-22 10:00", "weekly sat 08:00", None, "Mon 2026-11-23 08:00 +0100"),
        ("2026-11-23 08:00", "weekly sat 08:00", None, "Mon 2026-11-30 08:00 +0100"),
        ("2026-07-31 10:00", "monthly 1 06:00", "22:00-07:00", "Mon 2026-08-03 07:00 +0200"),
        ("2026-08-02 10:00", "monthly 1 06:00", "22:00-07:00", "Mon 2026-08-03 07:00 +0200"),
        ("2027-03-26 10:00", "weekly sun 02:30", None, "Mon 2027-03-29 02:30 +0200"),
    ],
)
def test_weekends_move_to_monday(now: str, when: str, quiet: str | None, expected: str) -> None:
    assert due(now, when, quiet, "workdays") == expected


ZONES = st.sampled_from(
    [
        *("Europe/Berlin", "Asia/Shanghai", "America/New_York", "America/Havana", "Asia/Beirut"),
        *("Australia/Lord_Howe", "America/Nuuk", "Pacific/Apia", "Africa/Casablanca", "UTC"),
    ]
).map(ZoneInfo)
MINUTES = st.integers(0, 24 * 60 - 1)
QUIET = st.none() | st.tuples(MINUTES, MINUTES).filter(lambda pair: pair[0] != pair[1]).map(
    lambda pair: Quiet(start=pair[0], end=pair[1])
)
CADENCES = st.builds(
    Cadence,
    every=st.sampled_from(["now", "daily", "weekly", "monthly"]),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    day=st.integers(1, 6),
)
NOWS = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by Hypothesis' rule


def minute_of(at: datetime) -> int:
    return at.hour * 60 + at.minute


@given(CADENCES, QUIET, st.sampled_from(["any", "workdays"]), ZONES, NOWS)
def test_nothing_leaves_early_in_quiet_hours_or_on_an_unwanted_day(
    cadence: Cadence, quiet: Quiet | None, days: str, zone: ZoneInfo, now: datetime
) -> None:
    result = due_at(cadence, quiet, days, zone, now)
    local = result.astimezone(zone)
    assert now <= result <= now + timedelta(days=37)
    assert days == "any" or local.weekday() < 5
    if quiet and quiet.start < quiet.end:
        assert not quiet.start <= minute_of(local) < quiet.end
    elif quiet:
        assert quiet.end <= minute_of(local) < quiet.start
    assert due_at(Cadence(), quiet, days, zone, result) == result


@given(CADENCES, QUIET, ZONES, NOWS, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_later_finds_never_leave_before_earlier_ones(
    cadence: Cadence, quiet: Quiet | None, zone: ZoneInfo, now: datetime, later: timedelta
) -> None:
    first = due_at(cadence, quiet, "workdays", zone, now)
    second = due_at(cadence, quiet, "workdays", zone, now + later)
    assert first <= second
