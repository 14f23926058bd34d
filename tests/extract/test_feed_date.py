"""The dates that feeds write, and the day in China that each names."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.extract.feeds.feed import feed_date

DAY = date(2026, 3, 5)
NEXT = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("Thu, 05 Mar 2026 09:00:00 +0800", DAY),
        ("Thu, 05 Mar 2026 20:00:00 GMT", NEXT),
        ("Thu, 05 Mar 2026 20:00:00 -0500", NEXT),
        ("05 Mar 2026 23:00:00", DAY),
        ("5 Mar 26 23:00 UT", NEXT),
        ("05-Mar-2026 23:00:00", DAY),
        ("Thursday, March 5, 2026 9:00 PM", DAY),
        ("March 5th, 2026 11:30 pm EST", NEXT),
        ("Mar 5, 2026", DAY),
        ("5 Sept. 2026", date(2026, 9, 5)),
        ("Thu Mar 05 23:00:00 CST 2026", DAY),
        ("Thu, 05 Mar 2026 23:00:00 CST", DAY),
        ("Thu Mar 05 2026 23:00:00 GMT+0800 (中国标准时间)", DAY),
        ("Thu Mar 05 2026 23:00:00 GMT+0100", NEXT),
        ("2026-03-05T20:00:00Z", NEXT),
        ("2026-03-05T20:00:00", DAY),
        ("2026-03-05T20:00:00.000+00:00", NEXT),
        ("2026-03-05 20:00:00.123 +0000", NEXT),
        ("2026-3-5 9:05 UTC+8", DAY),
        ("2026-03-05", DAY),
        ("2026-03-05+08:00", DAY),
        ("20260305", DAY),
        ("20260305T200000Z", NEXT),
        ("20260305200000", DAY),
        ("1772672400", DAY),
        ("1772672400000", DAY),
        ("2026年3月5日", DAY),
        ("2026年3月5日 23:30", DAY),
        ("二〇二六年三月五日", DAY),
        ("２０２６年３月５日", DAY),
        ("2026/3/5 08:00", DAY),
        ("北京时间 2026-03-05 23:30", DAY),
        ("星期四, 05 三月 2026 20:00:00 GMT", NEXT),
        ("周四, 5 3月 2026 09:00:00 +0800", DAY),
        ("星期六, 05 十二月 2026", date(2026, 12, 5)),
        ("2026-03-05T25:00:00Z", DAY),
        ("2026-03-05T20:00:00+99:00", DAY),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("05/03/2026", None),
        ("today", None),
        ("", None),
        ("2026-02-31T00:00:00Z", None),
        ("31 Feb 2026", None),
    ],
)  # fmt: skip
def test_dates(raw: str, day: date | None) -> None:
    assert feed_date(raw) == day


FORMATS = [
    "%a, %d %b %Y %H:%M:%S %z", "%d %B %Y %H:%M %z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S.%f %z",
    "%Y/%m/%d %H:%M %z", "%a %b %d %H:%M:%S %z %Y", "%a %b %d %Y %H:%M:%S GMT%z", "%B %d, %Y %I:%M %p %z",
]  # fmt: skip
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001 # zones are drawn apart
OFFSETS = st.integers(-56, 56).map(lambda quarters: timedelta(minutes=15 * quarters))


@given(at=MOMENTS, east=OFFSETS, written=st.sampled_from(FORMATS))
def test_whatever_the_form_the_day_is_the_one_in_china(
    at: datetime, east: timedelta, written: str
) -> None:
    moment = at.replace(tzinfo=timezone(east))
    expected = (moment.astimezone(UTC) + timedelta(hours=8)).date()
    assert feed_date(moment.strftime(written)) == expected


@given(st.text(alphabet="0123456789-+:/. TZagmMr年月日三十GMT", max_size=40))
def test_any_words_give_a_day_or_none(raw: str) -> None:
    found = feed_date(raw)
    assert found is None or found.year >= 1900
