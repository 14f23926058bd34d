"""Normal forms, numerals and dates: tables of what ministries write."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.text import (
    canonical_url,
    cn_number,
    find_date,
    letters,
    normalize,
    one_line,
    parse_date,
    text_hash,
    url_date,
)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("２０２６年　Ａ４", "2026年 A4"),
        ("《办法》（试行）：", "《办法》（试行）："),
        (" a\u200b\u202eb \r\n  c\t d ", "ab\nc d"),
        ("\x1b[31m红", "[31m红"),
    ],
)
def test_normalize(text: str, normal: str) -> None:
    assert normalize(text) == normal


@given(st.text())
def test_normalize_is_idempotent(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert "\n" not in line
    assert "\x1b" not in line
    assert one_line(line) == line


def test_letters_and_hashes_look_past_what_readers_do_not_see() -> None:
    assert letters("办法（２０２６）") == letters("《办法》 (2026)")
    assert text_hash("a 　b", None) == text_hash("a\n b", "")
    assert text_hash("a", "b") != text_hash("ab", "")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105), ("一百一十", 110), ("一百四十三", 143),
        ("两千", 2000), ("三千万", 30_000_000), ("一亿二千万", 120_000_000), ("二〇二六", 2026), ("１２", 12), ("0", 0),
    ],
)  # fmt: skip
def test_numbers(text: str, number: int) -> None:
    assert cn_number(text) == number


@pytest.mark.parametrize("text", ["", "甲", "十甲", "-1"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="not a Chinese number"):
        cn_number(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-10-07", date(2026, 10, 7)),
        ("[2026/1/7]", date(2026, 1, 7)),
        ("2026.10.7", date(2026, 10, 7)),
        ("发布时间：2026 年 10 月 7 日", date(2026, 10, 7)),
        ("２０２６年１０月７日", date(2026, 10, 7)),
        ("二〇二六年十月二十一日", date(2026, 10, 21)),
        ("二○二六年一月三十一日", date(2026, 1, 31)),
        ("2026-13-01 2026-02-30 2026-02-28", date(2026, 2, 28)),
        ("12026-10-07", None),
        ("2026年第54号", None),
        (None, None),
    ],
)
def test_dates(text: str | None, found: date | None) -> None:
    assert parse_date(text) == found


def test_a_date_has_its_span() -> None:
    assert find_date("于2026年3月5日前") == (date(2026, 3, 5), 1, 10)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://x.gov.cn/202602/t20260226_123.html", date(2026, 2, 26)),
        ("/2026-09/18/c_1791482017777471.htm", date(2026, 9, 18)),
        ("https://www.pbc.gov.cn/1/2026041715444050196/index.html", date(2026, 4, 17)),
        ("/xxgk/ggtg/20251014104752137.html", date(2025, 10, 14)),
        ("/20260904/0123456789abcdef/c.html", date(2026, 9, 4)),
        ("/art/2026/art_36f85c3deac44d2a82cd351d7e849950.html", None),
        ("/col/t20261399_1.html", None),
    ],
)
def test_dates_in_addresses(url: str, found: date | None) -> None:
    assert url_date(url) == found


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://WWW.X.CN:80", "http://www.x.cn/"),
        (
            "https://x.cn:443/a b/中.html?q=中#/k",
            "https://x.cn/a%20b/%E4%B8%AD.html?q=%E4%B8%AD#/k",
        ),
        ("https://x.cn:8443/a%20b", "https://x.cn:8443/a%20b"),
        ("http://[2001:DB8::1]/a", "http://[2001:db8::1]/a"),
    ],
)
def test_one_spelling_for_one_address(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical
