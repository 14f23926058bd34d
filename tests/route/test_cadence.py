"""Times walked through by a fake clock: nothing early, nothing twice, nothing skipped, over years."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.route.test_due_at import CADENCES, NOWS, QUIET, ZONES
from watcher.config.values import cadence as read_cadence
from watcher.config.values import quiet as read_quiet
from watcher.due import due_at, end_of, from_day, last_digest, late_reminder, reminder_at
from watcher.settings import Subscription

PLACES = ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe")


TICK = timedelta(minutes=20)


def wants(when: str, quiet: str | None = None, days: str = "any") -> Subscription:
    return Subscription(
        id="s", when=read_cadence(when), quiet=read_quiet(quiet) if quiet else None, days=days
    )


def due(one: Subscription, zone: ZoneInfo, now: datetime) -> datetime:
    return due_at(one.when, one.quiet, one.days, zone, now)


def digests(one: Subscription, zone: ZoneInfo, start: datetime, end: datetime) -> list[datetime]:
    """All times of a digest in a span, each found from the one before."""
    found = [due(one, zone, start)]
    while found[-1] < end:
        found.append(due(one, zone, found[-1]))
    return found[:-1]


def civil_days(start: date, end: date) -> Iterator[date]:
    while start < end:
        yield start
        start += timedelta(days=1)


# ---------------------------------------------------------------- digests over years


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("when", "quiet", "shown"),
    [
        ("daily 08:00", None, "08:00"),
        ("daily 02:30", None, "02:30"),  # a time that summer time skips and doubles
        ("daily 02:15", "22:00-02:30", "02:30"),  # quiet until into the hour that is skipped
        ("daily 06:30", "22:00-07:00", "07:00"),
        ("weekly sun 02:30", None, "02:30"),
        ("monthly 28 08:00", None, "08:00"),
        ("monthly 1 00:00", None, "00:00"),
    ],
)
def test_every_day_week_and_month_has_its_digest_at_its_time(
    place: str, when: str, quiet: str | None, shown: str
) -> None:
    """Five years, a leap year among them: one digest on each day of the calendar that has one."""
    zone, one = ZoneInfo(place), wants(when, quiet)
    first, last = date(2024, 1, 1), date(2029, 1, 1)
    start = datetime.combine(first, time.min, zone).astimezone(UTC) - timedelta(microseconds=1)
    end = datetime.combine(last, time.min, zone).astimezone(UTC)
    found = [each.astimezone(zone) for each in digests(one, zone, start, end)]
    assert [each.date() for each in found] == [
        on
        for on in civil_days(first, last)
        if one.when.every == "daily"
        or (one.when.every == "weekly" and on.weekday() == one.when.day)
        or (one.when.every == "monthly" and on.day == one.when.day)
    ]
    odd = [each for each in found if f"{each:%H:%M}" != shown]
    # on the day of the change alone it is later, and by no more than the hour that is missing
    assert {f"{each:%H:%M}" for each in odd} <= {"02:45", "03:00", "03:15", "03:30"}
    assert len(odd) <= 5
    assert place != "Asia/Shanghai" or odd == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("when", "quiet", "days"),
    [
        ("now", "22:00-07:00", "workdays"),
        ("now", "01:30-03:30", "any"),
        ("daily 02:30", "01:00-02:45", "workdays"),
        ("weekly sat 06:00", "22:00-07:00", "workdays"),
        ("monthly 28 08:00", "22:00-07:00", "workdays"),
    ],
)
def test_a_clock_walked_in_small_steps_sends_each_paper_once_and_in_time(
    place: str, when: str, quiet: str | None, days: str
) -> None:
    """Papers found every 7 h 13 min of a year; a daemon that looks every 20 min, and was off twice."""
    zone, one = ZoneInfo(place), wants(when, quiet, days)
    start = datetime(2027, 1, 1, tzinfo=UTC)
    owed = [
        (at, due(one, zone, at))
        for at in (start + timedelta(hours=7, minutes=13) * n for n in range(1215))
    ]
    off = [(datetime(2027, 3, 27, tzinfo=UTC), datetime(2027, 3, 30, tzinfo=UTC))]
    off.append((datetime(2027, 10, 30, tzinfo=UTC), datetime(2027, 11, 8, tzinfo=UTC)))
    now, waiting, sent = start, list(owed), []
    while waiting:
        now += TICK
        if any(since <= now < until for since, until in off):
            continue
        while waiting and waiting[0][1] <= now:
            sent.append((*waiting.pop(0), now))
    assert len(sent) == len(owed)  # nothing skipped, nothing twice
    for found, at, left in sent:
        assert found <= at <= left  # nothing early
        down = any(since - TICK < at < until == left for since, until in off)
        assert left - at <= TICK or down
    assert [at for _, at, _ in sent] == sorted(at for _, at, _ in sent)


# ---------------------------------------------------------------- laws

WANTS = st.builds(
    Subscription,
    id=st.just("s"),
    when=CADENCES,
    quiet=QUIET,
    days=st.sampled_from(["any", "workdays"]),
)
DIGESTS = WANTS.filter(lambda one: one.when.every != "now")
DAYS = st.dates(date(2012, 1, 1), date(2030, 1, 1))


@given(DIGESTS, ZONES, NOWS)
def test_what_is_found_leaves_with_the_very_next_digest(
    one: Subscription, zone: ZoneInfo, found: datetime
) -> None:
    """Nothing skipped and nothing twice: no digest lies between a paper and the one it leaves with."""
    leaves = due(one, zone, found)
    assert leaves > found
    assert last_digest(one, zone, leaves) == leaves
    assert last_digest(one, zone, leaves - timedelta(microseconds=1)) <= found
    assert due(one, zone, last_digest(one, zone, found)) == leaves


@given(DIGESTS, ZONES, NOWS)
def test_digests_follow_each_other(one: Subscription, zone: ZoneInfo, start: datetime) -> None:
    times = digests(one, zone, start, start + timedelta(days=70))
    longest = {"daily": 5, "weekly": 11, "monthly": 36}[one.when.every]  # held over a weekend
    assert all(timedelta(0) < b - a <= timedelta(days=longest) for a, b in pairwise(times))


@given(WANTS, ZONES, DAYS, st.integers(0, 30))
def test_a_reminder_is_never_late(
    one: Subscription, zone: ZoneInfo, deadline: date, ahead: int
) -> None:
    moment = reminder_at(deadline, ahead, one, zone)
    local = moment.at.astimezone(zone)
    assert moment.at < end_of(deadline)
    assert local.date() <= deadline - timedelta(days=ahead)
    assert due_at(Subscription(id="n").when, one.quiet, one.days, zone, moment.at) == moment.at
    assert moment.digest == (one.when.every != "now")
    if moment.digest:
        assert last_digest(one, zone, moment.at) == moment.at
        # the next one would have been too late
        next_ = due(one, zone, moment.at)
        assert next_ >= end_of(deadline) or (
            next_.astimezone(zone).date() > deadline - timedelta(days=ahead)
        )


@given(WANTS, ZONES, DAYS, st.integers(0, 30), st.timedeltas(timedelta(0), timedelta(days=40)))
def test_a_late_reminder_is_of_use_and_keeps_the_hours(
    one: Subscription, zone: ZoneInfo, deadline: date, ahead: int, after: timedelta
) -> None:
    now = reminder_at(deadline, ahead, one, zone).at + after
    moment = late_reminder(deadline, ahead, one, zone, now)
    if moment is None:
        hold = due_at(Subscription(id="n").when, one.quiet, one.days, zone, now)
        assert hold >= end_of(deadline)
        return
    assert now <= moment.at < end_of(deadline)
    assert due_at(Subscription(id="n").when, one.quiet, one.days, zone, moment.at) == moment.at


@given(WANTS, ZONES, DAYS)
def test_what_is_told_from_a_day_on_is_not_told_before_it(
    one: Subscription, zone: ZoneInfo, on: date
) -> None:
    moment = from_day(on, one, zone)
    assert moment.at.astimezone(zone).date() >= on
    assert due_at(Subscription(id="n").when, one.quiet, one.days, zone, moment.at) == moment.at


# ---------------------------------------------------------------- reminders, one by one


@pytest.mark.parametrize(
    ("deadline", "ahead", "one", "place", "expected"),
    [
        ("2026-12-02", 7, wants("now"), "Europe/Berlin", "Wed 25 Nov 09:00"),
        ("2026-12-02", 0, wants("now"), "Europe/Berlin", "Wed 2 Dec 09:00"),
        # nine in Los Angeles is the next day in China: too late
        ("2026-12-02", 0, wants("now"), "America/Los_Angeles", "Tue 1 Dec 09:00"),
        ("2026-12-02", 2, wants("now", "08:00-10:30"), "Europe/Berlin", "Mon 30 Nov 10:30"),
        ("2026-12-02", 2, wants("now", "08:00-07:00"), "Europe/Berlin", "Mon 30 Nov 07:00"),
        ("2026-12-02", 2, wants("now", "09:00-00:30"), "Europe/Berlin", "Mon 30 Nov 08:00"),
        ("2026-12-01", 2, wants("now", None, "workdays"), "Europe/Berlin", "Fri 27 Nov 09:00"),
        ("2026-11-30", 2, wants("now", None, "workdays"), "Europe/Berlin", "Fri 27 Nov 09:00"),
        ("2028-03-07", 7, wants("now"), "Europe/Berlin", "Tue 29 Feb 09:00"),
        ("2026-12-02", 2, wants("daily 08:00"), "Europe/Berlin", "Mon 30 Nov 08:00"),
        ("2026-12-02", 2, wants("daily 18:00"), "Europe/Berlin", "Mon 30 Nov 18:00"),
        ("2026-12-02", 0, wants("daily 18:00"), "Europe/Berlin", "Tue 1 Dec 18:00"),
        ("2026-12-02", 2, wants("weekly tue 08:00"), "Europe/Berlin", "Tue 24 Nov 08:00"),
        ("2026-12-02", 2, wants("monthly 1 08:00"), "Europe/Berlin", "Sun 1 Nov 08:00"),
        ("2027-03-30", 2, wants("now"), "Europe/Berlin", "Sun 28 Mar 09:00"),
    ],
)
def test_when_a_reminder_comes(
    deadline: str, ahead: int, one: Subscription, place: str, expected: str
) -> None:
    zone = ZoneInfo(place)
    local = reminder_at(date.fromisoformat(deadline), ahead, one, zone).at.astimezone(zone)
    assert f"{local:%a} {local.day} {local:%b %H:%M}" == expected


@pytest.mark.parametrize(
    ("now", "ahead", "one", "expected"),
    [
        # the deadline is Wed 2 Dec 2026; all in Berlin, where it is over at 17:00
        ("2026-11-28 14:00", 7, wants("now"), ("Sat 28 14:00", False)),
        ("2026-11-28 23:00", 7, wants("now", "22:00-07:00"), ("Sun 29 07:00", False)),
        ("2026-11-28 14:00", 7, wants("now", None, "workdays"), ("Mon 30 00:00", False)),
        ("2026-11-28 14:00", 7, wants("daily 08:00"), ("Sun 29 08:00", True)),
        ("2026-11-27 14:00", 2, wants("weekly mon 08:00"), ("Mon 30 08:00", True)),
        # found after the digest, and the next one is too late: it comes alone
        ("2026-11-25 14:00", 2, wants("weekly thu 08:00"), ("Thu 26 08:00", True)),
        ("2026-11-27 14:00", 2, wants("weekly thu 08:00"), ("Mon 30 09:00", False)),
        ("2026-12-01 14:00", 2, wants("weekly thu 08:00"), ("Tue 1 14:00", False)),
        ("2026-12-02 16:59", 2, wants("now"), ("Wed 2 16:59", False)),
        ("2026-12-02 17:00", 2, wants("now"), None),
        ("2026-12-02 14:00", 2, wants("now", "12:00-18:00"), None),
    ],
)
def test_when_a_late_reminder_comes(
    now: str, ahead: int, one: Subscription, expected: tuple[str, bool] | None
) -> None:
    zone = ZoneInfo("Europe/Berlin")
    at = datetime.fromisoformat(now).replace(tzinfo=zone)
    moment = late_reminder(date(2026, 12, 2), ahead, one, zone, at)
    local = moment.at.astimezone(zone) if moment else None
    found = (f"{local:%a} {local.day} {local:%H:%M}", moment.digest) if moment and local else None
    assert found == expected
