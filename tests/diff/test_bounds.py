"""Texts made to take long: the answer is still right, or says that it is coarse."""

import time

import pytest

from watcher.diff import diff_texts
from watcher.diff.likeness import NOMINATIONS, Likeness
from watcher.diff.substance import terms

GENEROUS = 5.0
"""Seconds; without bounds each of these takes longer, and grows with the square."""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("1" * 8000, "1" * 7999 + "2", id="digits"),
        pytest.param("一二三" * 5000, "一二三" * 4999 + "一二四", id="numerals"),
        pytest.param("1." * 8000, "1." * 7999 + "2.", id="dots"),
    ],
)
def test_long_rows_of_digits(old: str, new: str) -> None:
    begun = time.monotonic()
    diff = diff_texts(old, new)
    assert time.monotonic() - begun < GENEROUS
    assert [entry.op for entry in diff.entries] == ["changed"]
    assert diff.entries[0].substantive == ()


def test_every_row_of_a_long_table_changed() -> None:
    old = [f"{i}|{i * 7}|{i * 13}" for i in range(5000)]
    new = [f"{i}|{i * 7}|{i * 17}" for i in range(5000)]
    begun = time.monotonic()
    diff = diff_texts("\n".join(old), "\n".join(new))
    assert time.monotonic() - begun < 3 * GENEROUS
    assert diff.stats["changed"] > 4900
    assert diff.coarse


def test_one_row_of_a_long_table_changed() -> None:
    old = [f"{i}|{i * 7}|{i * 13}" for i in range(5000)]
    diff = diff_texts("\n".join(old), "\n".join([*old[:2500], "2500|17500|9", *old[2501:]]))
    assert (diff.stats["same"], diff.stats["changed"], diff.coarse) == (4999, 1, False)


def test_pairs_looked_at_are_bounded() -> None:
    like = Likeness([f"{i}|{i * 7}" for i in range(3000)], [f"{i}|{i * 9}" for i in range(3000)])
    found = like.candidates((), ())
    assert like.coarse
    assert len(found) < NOMINATIONS / 20
    assert all((n, n) in found for n in range(3000))  # what stands at one place is looked at


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("罚款三千元", "3,000 yuan"),
        ("不低于1,000,000.5元", "1,000,000.5 yuan"),
        ("百分之三十", "30%"),
        ("占12.5%", "12.5%"),
        ("三十日内", "30 days"),
        ("1" * 30 + "元", None),
        ("第二十日", None),
    ],
)
def test_numerals_are_read_whole_or_not_at_all(text: str, said: str | None) -> None:
    amounts = [t.said for t in terms(text) if t.form in ("money", "share", "time")]
    assert amounts == ([said] if said else [])
