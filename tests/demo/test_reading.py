"""What the invented ministries publish is read by the product's own rooms, as on the real sites."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.demo.asking import get
from watcher.demo import papers
from watcher.demo.ministries import BRIEF_PATH, Ministries
from watcher.model import Page
from watcher.settings import Rule
from watcher.text import normalize

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def ministries() -> Iterator[Ministries]:
    with Ministries(TODAY) as running:
        yield running


def page(ministries: Ministries, path: str) -> Page:
    got = get(ministries.base, path)
    return Page(url=ministries.base + path, body=got.body, content_type=got.headers["Content-Type"])


@pytest.mark.parametrize("column", papers.COLUMNS, ids=lambda column: column.id)
def test_lists_are_read_whole(ministries: Ministries, column: papers.Column) -> None:
    from watcher.extract.extractors import EXTRACTORS
    from watcher.extract.lists.jpaas import unit_url

    shown = page(ministries, column.path)
    if column.site == "jpaas":
        unit = unit_url(shown)
        assert unit is not None
        shown = page(ministries, unit.removeprefix(ministries.base))
    items = EXTRACTORS["listing"](shown, Rule())
    assert [(item.title, item.url, item.published) for item in items] == [
        (paper.title, ministries.base + paper.path, paper.published)
        for paper in papers.baseline(TODAY)
        if paper.column is column
    ]


def test_papers_are_read_whole(ministries: Ministries) -> None:
    from watcher.extract.paper.page import read_page

    ministries.publish_draft()
    ministries.publish_final()
    everything = [*papers.baseline(TODAY), papers.draft(TODAY), papers.final(TODAY)]
    for paper in everything:
        read = read_page(page(ministries, paper.path))
        assert (read.title, read.published) == (paper.title, paper.published)
        assert normalize(read.text) == normalize(paper.text)
    final = read_page(page(ministries, papers.final(TODAY).path))
    assert final.doc_number == "灯规〔2026〕7号"


@pytest.mark.parametrize("issue", [0, 1])
def test_the_brief_is_read(ministries: Ministries, issue: int) -> None:
    from watcher.facts.brief import read_brief

    if issue:
        ministries.publish_brief()
    brief = read_brief(page(ministries, BRIEF_PATH))
    sections = [item.section for item in brief.items]
    assert sections == ["top5", "top5", "policy", "policy", "corporate"]
    leading = brief.items[1]
    expected = ["北斗卫星日晷校时服务规范", "影子数据跨境流动安全管理规定"][issue]
    assert leading.doc_title_zh is not None and expected in leading.doc_title_zh
    assert leading.dated is not None and leading.at_a_glance


@pytest.mark.parametrize(
    ("paper", "stage", "deadline"),
    [
        (papers.draft(TODAY), "draft_for_comments", date(2026, 12, 22)),
        (papers.draft(TODAY, corrected=True), "draft_for_comments", date(2026, 12, 29)),
        (papers.final(TODAY), "final", None),
    ],
    ids=["draft", "corrected", "final"],
)
def test_the_regulation_is_understood(
    paper: papers.Paper, stage: str, deadline: date | None
) -> None:
    from watcher.classify import classify, load_rules
    from watcher.facts import facts_of

    facts = facts_of(paper.title, paper.text, published=TODAY)
    assert (facts.stage, facts.deadline) == (stage, deadline)
    assert classify(load_rules(), paper.title, paper.text).primary == "data-security"


def test_the_final_is_tied_to_the_draft() -> None:
    from watcher import link as linking
    from watcher.model import Stage

    draft, final = papers.draft(TODAY), papers.final(TODAY)
    pool = [
        linking.Paper(
            id=id_, title=paper.title, published=paper.published, text=paper.text, stage=stage
        )
        for id_, paper, stage in (("1", draft, Stage.DRAFT), ("2", final, Stage.FINAL))
    ]
    assert [(x.draft, x.final, x.state) for x in linking.link(pool)] == [("1", "2", "linked")]


def test_noise_is_understood_as_noise() -> None:
    from watcher.classify import classify, load_rules

    noise = papers.noise(TODAY)
    assert classify(load_rules(), noise.title, noise.text).primary == "none"


def test_the_diff_shows_each_promised_change_once() -> None:
    from watcher.diff import diff_texts

    diff = diff_texts(papers.draft(TODAY, corrected=True).text, papers.final(TODAY).text)
    by_op = {op: [(e.old, e.new) for e in diff.entries if e.op == op] for op in diff.stats}
    assert {op: len(found) for op, found in by_op.items() if found} == {
        "same": 3,
        "changed": 5,
        "renumbered": 4,
        "moved": 1,
        "inserted": 1,
        "deleted": 1,
    }
    assert by_op["moved"] == [(("4",), ("11",))]
    assert by_op["inserted"] == [((), ("10",))]
    assert by_op["deleted"] == [(("8",), ())]
    marks = {mark.kind for entry in diff.entries for mark in entry.substantive}
    assert {"time_limit", "penalty", "scope", "effective_date"} <= marks
