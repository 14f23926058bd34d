from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.diff.lamps import CLAUSES, DRAFT, FINAL, ORDER, blankless, regulation
from tests.diff.test_hunks import cuts
from watcher.diff import OPS, Hunk, TextDiff, diff_texts, summary


def told(diff: TextDiff) -> str:
    """ "same 1>1, changed 2>3, inserted >4" """
    return ", ".join(f"{e.op} {'+'.join(e.old)}>{'+'.join(e.new)}" for e in diff.entries)


TWO = "检测机构应当保存检测记录五年，并接受灯具局的监督检查。"
LONG = CLAUSES["export"] + CLAUSES["test"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            regulation("purpose", "scope"), regulation("purpose", "scope"),
            "same 1>1, same 2>2", id="same",
        ),
        pytest.param(
            regulation("purpose", "scope", "force"), regulation("purpose", "terms", "scope", "force"),
            "same 1>1, inserted >2, renumbered 2>3, renumbered 3>4", id="inserted",
        ),
        pytest.param(
            regulation("purpose", "terms", "scope"), regulation("purpose", "scope"),
            "same 1>1, deleted 2>, renumbered 3>2", id="deleted-where-it-stood",
        ),
        pytest.param(
            regulation("purpose", "report"),
            regulation("purpose", CLAUSES["report"].replace("三十", "十五")),
            "same 1>1, changed 2>2", id="changed",
        ),
        pytest.param(
            regulation("purpose", "scope", "terms", "system", "catalogue"),
            regulation("purpose", "catalogue", "scope", "terms", "system"),
            "same 1>1, moved 5>2, renumbered 2>3, renumbered 3>4, renumbered 4>5", id="moved",
        ),
        pytest.param(
            regulation("purpose", LONG, "force"), regulation("purpose", "export", "test", "force"),
            "same 1>1, split 2>2+3, renumbered 3>4", id="split",
        ),
        pytest.param(
            regulation("purpose", "export", "test", "force"), regulation("purpose", LONG, "force"),
            "same 1>1, merged 2+3>2, renumbered 4>3", id="merged",
        ),
        pytest.param(
            regulation("purpose", "第四条的报告应当真实。" + TWO, "scope", "report"),
            regulation("purpose", "terms", "第五条的报告应当真实。" + TWO, "scope", "report"),
            "same 1>1, inserted >2, renumbered 2>3, renumbered 3>4, renumbered 4>5",
            id="a-reference-to-a-renumbered-article-is-no-change",
        ),
        pytest.param(
            regulation("purpose", "依照《灯具法》第三条备案。" + TWO, "scope"),
            regulation("purpose", "terms", "依照《灯具法》第四条备案。" + TWO, "scope"),
            "same 1>1, inserted >2, changed 2>3, renumbered 3>4",
            id="another-paper-s-article-is",
        ),
        pytest.param(
            "第一条 处理者（含境外）：应当备案 。\n第二条 略", "第一条 处理者(含境外):应当备案。\n第二条 略",
            "same 1>1, same 2>2", id="width-and-blanks",
        ),
        pytest.param(
            f"第一条 {CLAUSES['purpose']}\n第二条 {CLAUSES['scope']}",
            f"第一条 {CLAUSES['purpose']}\n第一条之一 {CLAUSES['terms']}\n第二条 {CLAUSES['scope']}",
            "same 1>1, inserted >1.1, same 2>2", id="之一",
        ),
        pytest.param(
            f"一、{CLAUSES['system']}\n二、{CLAUSES['report']}",
            f"一、{CLAUSES['system']}\n二、{CLAUSES['terms']}\n三、{CLAUSES['report']}",
            "same 1>1, inserted >2, renumbered 2>3", id="headings",
        ),
        pytest.param(
            f"{CLAUSES['system']}\n{CLAUSES['report']}",
            f"{CLAUSES['system']}\n{CLAUSES['terms']}\n{CLAUSES['report']}",
            "same 1>1, inserted >2, same 2>3", id="paragraphs-have-no-number-to-change",
        ),
        pytest.param(
            "\n".join(["同上。"] * 6), "\n".join(["同上。"] * 4), "same 1>1, same 2>2, same 3>3, same 4>4, deleted 5>, deleted 6>",
            id="repeated",
        ),
        pytest.param("", regulation("purpose"), "inserted >1", id="from-nothing"),
        pytest.param(regulation("purpose"), "", "deleted 1>", id="to-nothing"),
        pytest.param("", "", "", id="nothing"),
    ],
)  # fmt: skip
def test_what_became_of_the_articles(old: str, new: str, expected: str) -> None:
    assert told(diff_texts(old, new)) == expected


def test_a_variant_is_no_change_but_is_shown() -> None:
    entry = diff_texts("第一条 甲（乙）。", "第一条 甲(乙)。").entries[0]
    assert (entry.op, entry.similarity, entry.substantive) == ("same", 1.0, ())
    assert [hunk for hunk in entry.hunks if hunk[0] == "delete"]


def test_a_whole_regulation() -> None:
    diff = diff_texts(DRAFT, FINAL)
    assert told(diff) == (
        "same 1>1, moved 6>2, renumbered 2>3, changed 3>4, changed 4>5, renumbered 5>6, "
        "deleted 7>, inserted >7, changed 8>8"
    )
    assert [m.reason for e in diff.entries if e.op == "changed" for m in e.substantive] == [
        "obligation: 可以 → 不得",
        "30 → 15 days",
        "in force: 2026-05-01 → 2026-10-01",
    ]
    assert ("insert", "活动") in diff.headings
    assert ("delete", "（征求意见稿）\n") in diff.preamble
    assert diff.tail[-1] == ("insert", "2026年7月1日\n附件：重要灯具目录")
    assert (diff.unit, diff.coarse) == ("article", False)
    assert summary(diff) == (
        "8 articles (draft 8): 1 same, 3 changed (3 substantive), 2 renumbered only, 1 moved, 1 new, 1 deleted"
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("第一条 甲。", "第一条 甲。", "1 article (law of 2020 1): 1 same"),
        ("甲。\n乙。", "甲。\n乙。", "2 paragraphs (law of 2020 2): 2 same"),
        ("", "", "0 paragraphs (law of 2020 0): nothing to compare"),
    ],
)
def test_summary(old: str, new: str, expected: str) -> None:
    assert summary(diff_texts(old, new), before="law of 2020") == expected


# ---------------------------------------------------------------- laws


def side(hunks: tuple[Hunk, ...], left_out: str) -> str:
    return "".join(text for op, text in hunks if op != left_out)


def check_laws(old: str, new: str, diff: TextDiff) -> None:
    """Nothing missing, in order; no number cut; every article in one entry; new order kept."""
    flow = tuple(hunk for passage in diff.flow for hunk in passage.hunks)
    assert blankless(side(flow, "insert")) == blankless(old)
    assert blankless(side(flow, "delete")) == blankless(new)
    for left_out, text in (("insert", old), ("delete", new)):
        parts = [side(e.hunks, left_out) for e in diff.entries]
        parts += [side(found, left_out) for found in (diff.preamble, diff.headings, diff.tail)]
        labels = [
            (e.old_labels if left_out == "insert" else e.new_labels)[:1] for e in diff.entries
        ]
        whole = "".join(parts) + "".join(label for some in labels for label in some)
        assert sorted(blankless(whole)) == sorted(blankless(text))
    for entry in diff.entries:
        assert cuts(entry.hunks, "insert") == cuts(entry.hunks, "delete") == []
        assert 0 <= entry.similarity <= 1
    assert diff.stats == {op: sum(e.op == op for e in diff.entries) for op in OPS}


EDITS = st.lists(
    st.tuples(st.sampled_from(["drop", "add", "move", "word", "number"]), st.integers(0, 99)),
    max_size=6,
)


def edited(edits: list[tuple[str, int]]) -> str:
    articles = [CLAUSES[name] for name in ORDER[:7]]
    for kind, n in edits:
        at = n % len(articles) if articles else 0
        if kind == "add" or not articles:
            articles.insert(at, CLAUSES[ORDER[7 + n % 4]])
        elif kind == "drop":
            del articles[at]
        elif kind == "move":
            articles.append(articles.pop(at))
        elif kind == "word":
            articles[at] = articles[at].replace("应当", "可以", 1)
        else:
            articles[at] = articles[at].replace("三十日", "十五日").replace("两年", "三年")
    return regulation(*articles)


@settings(max_examples=60, deadline=None)
@given(EDITS)
def test_laws_hold_for_edited_regulations(edits: list[tuple[str, int]]) -> None:
    old, new = regulation(*ORDER[:7]), edited(edits)
    diff = diff_texts(old, new)
    check_laws(old, new, diff)
    numbers = [n for entry in diff.entries for n in entry.new]
    assert (
        sorted(numbers, key=int) == [str(n) for n in range(1, new.count("\n") + 2)] if new else True
    )
    assert [key for key, _ in groupby(e.new[0] for e in diff.entries if e.new)] == sorted(
        {e.new[0] for e in diff.entries if e.new}, key=int
    )


LINES = st.text(
    alphabet=st.sampled_from("第一二三十条章节附件目录、（）1.2026年月日。灯 \n\r\x0c\u2028　\x1b")
    | st.characters(),
    max_size=120,
)


@settings(max_examples=200, deadline=None)
@given(LINES, LINES)
def test_laws_hold_for_any_text(old: str, new: str) -> None:
    check_laws(old, new, diff_texts(old, new))


def test_the_same_texts_give_the_same_diff() -> None:
    assert diff_texts(DRAFT, FINAL) == diff_texts(DRAFT, FINAL)
