"""Citations that follow a renumbering, terms replaced everywhere, and phrases that every paper has."""

import pytest

from tests.diff.lamps import CLAUSES, regulation
from tests.diff.test_diff import told
from watcher.diff import Hunk, diff_texts
from watcher.diff.citations import cited, followed, with_numbers
from watcher.diff.systematic import replacements

TESTING = "检测机构应当保存检测记录五年，并接受灯具局的监督检查。"
DUTY = ("处理者应当公布灯具召回计划。", "处理者应当向用户提供维修手册。")
FINE = "违反本办法第{}条规定的，由灯具局责令改正，处{}罚款；情节严重的，处{}罚款。"


def test_a_citation_that_follows_is_marked_so() -> None:
    report = "第三条的报告应当真实。" + TESTING
    old = regulation("purpose", report, "report")
    new = regulation("purpose", "terms", report.replace("第三条", "第四条"), "report")
    entry = diff_texts(old, new).entries[2]
    assert (entry.op, entry.followed) == ("renumbered", (("第三条", "第四条"),))


def test_a_changed_article_says_which_citations_only_follow() -> None:
    report = "第三条的报告应当在十日内提交。" + TESTING
    old = regulation("purpose", report, "report")
    new = regulation(
        "purpose", "terms", report.replace("第三条", "第四条").replace("十日", "五日"), "report"
    )
    entry = diff_texts(old, new).entries[2]
    assert (entry.op, entry.followed) == ("changed", (("第三条", "第四条"),))
    assert [mark.reason for mark in entry.substantive] == ["10 → 5 days"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("依照本办法第十条和第十二条之一", ["10", "12.1"]),
        ("依照《灯具法》第十条", []),
        ("依照民法典第十条", []),
        ("第１２条", ["12"]),
        ("第3十条", ["3十"]),
        ("under Article 7 and Section 12", ["7", "12"]),
        ("under Article 7 of the Lamp Law", []),
        ("没有引用", []),
    ],
)
def test_cited(text: str, numbers: list[str]) -> None:
    assert [number for _, number in cited(text)] == numbers


def test_citations_are_compared_under_their_new_numbers() -> None:
    assert with_numbers("依照第十条", {"10": "11"}) == with_numbers("依照第十一条", {})
    assert with_numbers("依照第十条", {"10": "12"}) != with_numbers("依照第十一条", {})
    assert followed("依照第十条", "依照第十一条", {"10": "12"}) == ()


def test_a_penalty_goes_with_the_duty_it_punishes() -> None:
    """The new penalty reads more like the old one than its own successor does."""
    old = regulation("purpose", DUTY[0], FINE.format("二", "五万元以下", "十万元以下"), "small")
    new = regulation(
        "purpose",
        DUTY[0],
        DUTY[1],
        FINE.format("三", "五万元以下", "十万元以下"),
        FINE.format("二", "九万元以下", "九十万元以下的"),
        "small",
    )
    assert "changed 3>5" in told(diff_texts(old, new))
    assert "inserted >4" in told(diff_texts(old, new))


@pytest.mark.parametrize(
    ("gone", "come"),
    [
        ("本办法自2026年5月1日起施行。", "本办法自公布之日起施行，原办法同时废止。"),
        ("本办法由灯具局负责解释。", "本办法由灯具局和能源局负责解释。"),
        ("违反本办法规定，构成犯罪的，依法追究刑事责任。", "构成犯罪的，依法追究刑事责任。"),
    ],
)
def test_a_stock_phrase_is_no_sign_of_a_move(gone: str, come: str) -> None:
    body = ("purpose", "scope", "terms", "system", "report", "catalogue", "export", "test")
    diff = diff_texts(regulation(*body, gone), regulation("purpose", come, *body[1:]))
    assert diff.stats["moved"] == 0
    assert (diff.stats["deleted"], diff.stats["inserted"]) == (1, 1)


def test_an_edited_article_is_still_found_where_it_went() -> None:
    body = ("purpose", "scope", "terms", "system", "catalogue")
    edited = CLAUSES["export"].replace("三年", "五年")
    diff = diff_texts(regulation(*body, "export"), regulation("purpose", edited, *body[1:]))
    assert "moved 6>2" in told(diff)


def test_a_term_replaced_everywhere_is_told_once() -> None:
    old = [CLAUSES[name] for name in ("system", "report", "terms", "export")]
    lamp = [text.replace("灯具", "照明器").replace("处理者", "运营者") for text in old]
    old, new = [*old, "处理者应当建帐。"], [*lamp, "运营者应当建账。"]
    diff = diff_texts(regulation(*old), regulation(*new))
    told_once = {(r.old, r.new): r.entries for r in diff.replacements}
    assert told_once["处理者", "运营者"] == (0, 1, 4)
    assert all(len(ranks) >= 3 for ranks in told_once.values())
    assert diff_texts(regulation(*new), regulation(*new)).replacements == ()


def test_numbers_and_rewritten_passages_are_no_terms() -> None:
    numbers: list[Hunk] = [
        ("equal", "在"),
        ("delete", "三十"),
        ("insert", "十五"),
        ("equal", "日内"),
    ]
    passage: list[Hunk] = [("delete", "甲" * 40), ("insert", "乙" * 40)]
    word: list[Hunk] = [("delete", "帐"), ("insert", "账"), ("equal", "簿")]
    assert replacements([numbers] * 5) == replacements([passage] * 5) == ()
    assert replacements([word] * 2) == ()
    (found,) = replacements([word, [("equal", "甲")], word, word])
    assert (found.old, found.new, found.entries) == ("帐", "账", (0, 2, 3))
