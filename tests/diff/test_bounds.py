"""Texts made to take long: the answer is still right, or says that it is coarse."""

import random
import time

import pytest

from watcher.diff import diff_texts, summary
from watcher.diff.likeness import NOMINATIONS, Likeness
from watcher.diff.matching import assign
from watcher.diff.terms import terms

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


CHANCE = random.Random("lamps")


def chance_text(length: int) -> str:
    """Characters without any sense, with a stop now and then."""
    return "".join(
        chr(0x4E00 + CHANCE.randrange(2500)) if CHANCE.random() > 0.05 else "。"
        for _ in range(length)
    )


def one_line_articles(number: int, step: int) -> str:
    return "\n".join(f"第{n + 1}条 灯具{n * step % 997}应当备案{n % 13}。" for n in range(number))


LONG = chance_text(200_000)
PATHOLOGICAL = {
    "unrelated": (LONG, chance_text(200_000), {"deleted": 1, "inserted": 1}),
    "one-line-articles": (one_line_articles(5000, 7), one_line_articles(5000, 11), None),
    "one-wording": (one_line_articles(5000, 0), one_line_articles(4000, 0), None),
    "one-article": (f"第一条 {LONG}", f"第一条 {LONG.replace('。', '；', 2000)}", {"changed": 1}),
    "an-empty-side": (one_line_articles(3000, 7), "", {"deleted": 3000}),
    "a-scan-without-text": ("\f\n\f", chance_text(3000), {"inserted": 1}),
    "two-scans": ("\f\n\f", " \n", {}),
}


def numbered(count: int, word: str) -> str:
    """Sections five levels deep: 1 灯, 1.1 灯, 1.1.1 灯 …"""
    return "\n".join(
        f"{'.'.join('1' * (n % 5 + 1))} {word}{n * 7 % 313}应当检验" for n in range(count)
    )


@pytest.mark.parametrize(
    ("old", "new", "coarse"),
    [
        pytest.param(one_line_articles(15_000, 7), one_line_articles(15_000, 7), False, id="many"),
        pytest.param(
            one_line_articles(15_000, 7), one_line_articles(15_000, 11), True, id="many, all moved"
        ),
        pytest.param(numbered(8_000, "灯"), numbered(8_000, "镜"), True, id="deeply nested"),
        pytest.param(
            LONG.replace("。", ""),
            LONG.replace("。", "")[:90_000] + "灯具" + LONG.replace("。", "")[90_001:],
            True,
            id="no line, no sentence",
        ),
        pytest.param(
            "目录\n1" + " " * 150_000 + "x", "第一章 甲" + "." * 100_000, False, id="blanks"
        ),
        pytest.param("1." * 100_000, "（一" * 60_000, False, id="labels in a row"),
        pytest.param("第一条 甲。\n" + "附件1\n" * 20_000, "第一条 甲。", False, id="annexes"),
    ],
)
def test_texts_without_measure_end(old: str, new: str, coarse: bool) -> None:
    begun = time.process_time()
    diff = diff_texts(old, new)
    assert time.process_time() - begun < 3 * GENEROUS
    assert diff.coarse == coarse
    assert summary(diff)


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_pathological_texts_end(name: str) -> None:
    old, new, stats = PATHOLOGICAL[name]
    begun = time.process_time()
    diff = diff_texts(old, new)
    assert time.process_time() - begun < 3 * GENEROUS
    told = {op: count for op, count in diff.stats.items() if count}
    assert stats is None or told == stats
    assert summary(diff)
    # What was too large is said to be: every article is in an entry all the same.
    for side, text in (("old", old), ("new", new)):
        articles = sum(len(getattr(entry, side)) for entry in diff.entries)
        assert articles == max(text.count("条 "), bool(text.strip()))
    assert diff.coarse == (name == "one-line-articles")


def test_a_long_article_is_compared_by_clause() -> None:
    old = "，".join(chance_text(40).replace("。", "灯") for _ in range(400))
    new = old.replace("，", "；", 1).replace(old[8000:8010], "改动")
    (entry,) = diff_texts(f"第一条 {old}", f"第一条 {new}").entries
    assert sum(len(text) for op, text in entry.hunks if op != "equal") < 20


def test_the_choice_of_pairs_is_bounded() -> None:
    worth = [dict.fromkeys(range(60), 1000 - row) for row in range(80)]
    chosen, hasty = assign(worth, 60, steps=500)
    taken = [column for column in chosen if column is not None]
    assert hasty
    assert len(taken) == len(set(taken)) == 60
    assert not assign(worth, 60)[1]
