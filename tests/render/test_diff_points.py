"""What a diff says in ten seconds: counts in both languages, the weightiest changes, articles by their place."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.diff.lamps import CLAUSES, DRAFT, FINAL, regulation
from watcher.diff import diff_texts
from watcher.diff.points import summary_zh, weightiest
from watcher.render.diff import DiffTitles, diff_html, point_lines
from watcher.render.diff.titles import headings, marked

PLAN = """一、总体要求
到2030年建成体系。
二、重点任务
（一）数据安全
加强管理。
1.制度
建立制度。
2.检查
每年检查一次。
（二）标准
制定标准。
"""
TEXT = st.text(alphabet="第一二条 甲乙应当可以不得三十日五万元罚款。，；\n", max_size=80)


@pytest.mark.parametrize(
    ("old", "new", "before", "said"),
    [
        (DRAFT, FINAL, "draft", "共8条（征求意见稿8条）：1条未变，3条修改（实质性3条），2条仅序号变化，1条移动，新增1条，删除1条"),
        (regulation("purpose"), regulation("purpose"), "before", "共1条（原文1条）：1条未变"),
        ("甲乙丙丁。", "甲乙丙丁。", "2020年版", "共1段（2020年版1段）：1段未变"),
        ("", "", "draft", "共0段（征求意见稿0段）：无可比较"),
    ],
    ids=["all kinds", "the same", "paragraphs", "nothing"],
)  # fmt: skip
def test_counts_in_chinese(old: str, new: str, before: str, said: str) -> None:
    assert summary_zh(diff_texts(old, new), before=before) == said


def test_the_weightiest_changes_come_first_and_quoted() -> None:
    old = regulation("purpose", "scope", "report", "export", "fine", "small", "force")
    new = (
        old.replace("五万元", "二十万元")
        .replace("三十日", "十五日")
        .replace("5月1日", "10月1日")
        .replace("促进产业", "推动产业")
    )
    assert point_lines(diff_texts(old, new)) == (
        "第五条: penalty: 50,000 → 200,000 yuan · 处罚: 违反本办法规定未履行报告义务的，由灯具局责令改正，处[-五万元-]{+二十万元+}以下罚款。",
        "第三条: 30 → 15 days · 期限: 处理者发现数据泄露的，应当在[-三十-]{+十五+}日内向主管部门报告，并通知受影响的个人。",
        "第七条: in force: 2026-05-01 → 2026-10-01 · 施行日期: 本办法自[-2026年5月1日-]{+2026年10月1日+}起施行。",
        "第一条: changed: 为了规范智能灯具数据处理活动，保障数据安全，[-促进-]{+推动+}产业健康发展，制定本办法。",
    )


def test_english_words_are_quoted_whole() -> None:
    old = "Article 1 These Measures take effect on 1 March 2027 in all provinces and municipalities of the country."
    (said,) = point_lines(diff_texts(old, old.replace("March", "June")), width=30)
    assert said.endswith("effect on 1 [-March-]{+June+} 2027 in…")


def test_one_of_each_kind_says_more_than_three_of_one() -> None:
    fines = [CLAUSES["fine"].replace("报告", word) for word in ("报告", "备案", "检测", "评估")]
    old = regulation(*fines, "report")
    new = old.replace("五万", "九万").replace("三十日", "十五日")
    found = [point.mark and point.mark.kind for point in weightiest(diff_texts(old, new), 3)]
    assert "time_limit" in found


def test_numbers_of_a_plan_are_told_with_what_they_stand_under() -> None:
    new = PLAN.replace("每年检查一次", "每半年检查一次").replace("制定标准", "制定国家标准")
    diff = diff_texts(PLAN, new)
    named = [n for n, e in zip(headings(diff), diff.entries, strict=True) if e.op == "changed"]
    assert named == ["二、（一）2. 检查", "二、（二） 标准"]


@settings(max_examples=80, deadline=None)
@given(TEXT, TEXT, st.integers(4, 60))
def test_quotations_are_bounded_and_come_from_the_texts(old: str, new: str, width: int) -> None:
    diff = diff_texts(old, new)
    for point in weightiest(diff, width=width):
        entry = diff.entries[point.entry]
        assert any(op != "equal" for op, _ in point.quote)
        assert len("".join(text for _, text in point.quote)) <= 4 * width + 8
        for op, text in point.quote:
            whole = "".join(t for kind, t in entry.hunks if kind in ("equal", op))
            assert text.replace("…", "").strip() in re.sub(r"\n", " ", whole)
        assert "\n" not in marked(point.quote)


def test_the_page_leads_to_each_change() -> None:
    page = diff_html(diff_texts(DRAFT, FINAL), DiffTitles(old="a", new="b")).decode()
    ids = re.findall(r' id="(a\d+)"', page)
    assert len(ids) == len(set(ids)) == 9
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)
    for name in ("beside", "inline", "all", "weighty"):
        assert f'id="{name}"' in page
        assert f'for="{name}"' in page
    assert "共8条（征求意见稿8条）" in page


def test_both_sides_of_a_new_article_stand_side_by_side() -> None:
    page = diff_html(
        diff_texts("第一条 甲。", "第一条 甲。\n第二条 乙。"), DiffTitles(old="a", new="b")
    )
    assert '<div class="text">—</div><div class="text"><ins>乙。</ins></div>' in page.decode()
