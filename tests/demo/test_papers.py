"""The invented regulation: what the tour promises to show is in its texts."""

import re
from datetime import date, timedelta

import pytest

from watcher.demo import pages, papers

TODAY = date(2026, 11, 22)


def articles(text: str) -> dict[str, str]:
    """Article number to its words."""
    return dict(re.findall(r"^(第[一二三四五六七八九十]+条)　(.+)$", text, re.M))


DRAFT = articles(papers.draft_text(TODAY, corrected=True))
FINAL = articles(papers.final_text(TODAY))


def test_both_have_fourteen_articles_in_order() -> None:
    numbers = [f"第{n}条" for n in [*"一二三四五六七八九十", "十一", "十二", "十三", "十四"]]
    assert list(DRAFT) == list(FINAL) == numbers


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("第一条", "第一条"),
        ("第五条", "第四条"),
        ("第六条", "第五条"),
        ("第七条", "第六条"),
        ("第十一条", "第九条"),
        ("第十二条", "第十二条"),
        ("第四条", "第十一条"),  # moved to another chapter
    ],
)
def test_these_keep_their_words(old: str, new: str) -> None:
    assert DRAFT[old] == FINAL[new]


@pytest.mark.parametrize(
    ("old", "new", "was", "becomes"),
    [
        ("第九条", "第七条", "三十日内向灯具", "十五日内向省级以上灯具"),
        ("第十条", "第八条", "评估报告。", "小型处理者除外。"),
        ("第十三条", "第十三条", "二十万元以下", "五十万元以下"),
        ("第十三条", "第十三条", "第九条、第十条", "第七条、第八条"),
        ("第十四条", "第十四条", "2027年2月1日", "2027年4月1日"),
    ],
)
def test_these_change(old: str, new: str, was: str, becomes: str) -> None:
    assert was in DRAFT[old] and becomes not in DRAFT[old]
    assert becomes in FINAL[new]


def test_one_is_new_and_one_is_gone() -> None:
    assert "指定代表" in FINAL["第十条"] and "指定代表" not in "".join(DRAFT.values())
    assert "物理开关" in DRAFT["第八条"] and "物理开关" not in "".join(FINAL.values())


def test_the_correction_changes_one_article_and_the_deadline() -> None:
    first = articles(papers.draft_text(TODAY, corrected=False))
    assert [n for n in first if first[n] != DRAFT[n]] == ["第十一条"]
    assert papers.deadline(TODAY, corrected=True) - papers.deadline(
        TODAY, corrected=False
    ) == timedelta(days=7)


@pytest.mark.parametrize(
    "today", [TODAY, date(2026, 12, 31), date(2027, 1, 31), date(2028, 2, 29)], ids=str
)
def test_dates_follow_the_day_of_the_tour(today: date) -> None:
    draft, final = papers.draft(today), papers.final(today)
    due = papers.deadline(today, corrected=False)
    assert f"意见反馈截止时间为{papers.zh(due)}。" in draft.text
    assert papers.zh(draft.published) in draft.text.splitlines()
    assert f"灯规〔{today.year}〕7号" == final.text.splitlines()[0]
    assert draft.published < final.published == today
    assert f"t{today:%Y%m%d}_" in final.path
    assert all(paper.published < today for paper in papers.baseline(today))
    assert f"Date: {papers.en(today)}" in papers.brief(today, issue=1)


def test_addresses_and_titles_are_unique() -> None:
    everything = [
        *papers.baseline(TODAY),
        papers.draft(TODAY),
        papers.final(TODAY),
        papers.noise(TODAY),
    ]
    assert len({paper.path for paper in everything}) == len(everything)
    assert len({paper.title for paper in everything}) == len(everything)


def test_nothing_of_a_title_escapes_into_the_page() -> None:
    paper = papers.Paper(
        column=papers.COLUMNS[0],
        serial=1,
        title='<b>"关于"</b>',
        published=TODAY,
        text="<script>alert(1)</script>",
    )
    for page in (pages.paper_page(paper, 1), pages.list_page(paper.column, [paper], 1)):
        assert "<b>" not in page
        assert "<script>alert" not in page
        assert 'title="&lt;b&gt;&#34;关于' in page or 'content="&lt;b&gt;&#34;关于' in page
