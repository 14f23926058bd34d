"""Drafts and what came of them: a table of situations, and what must hold for every pool."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.link import Paper, link
from watcher.model import Link, Stage

DAY = date(2031, 3, 1)


def paper(name: str, title: str, days: int | None = 0, *bodies: str, text: str = "") -> Paper:
    published = None if days is None else DAY + timedelta(days=days)
    return Paper(id=name, title=title, published=published, bodies=bodies, text=text)


def draft(name: str, days: int | None = 0, *bodies: str, id: str = "draft") -> Paper:
    return paper(id, f"关于公开征求《{name}（征求意见稿）》意见的通知", days, *bodies)


def finals(links: list[Link]) -> dict[tuple[str, str], str]:
    return {(one.draft, one.final): one.state for one in links if one.kind == "final"}


@pytest.mark.parametrize(
    ("asked", "issued", "state"),
    [
        ("路灯管理办法", "路灯管理办法", "linked"),
        ("路灯管理办法", "灯具局关于印发《路灯管理办法》的通知", "linked"),
        ("路灯管理办法（2031年修订版）", "路灯管理办法（2032年修订版）（2032年第3号）", "linked"),
        ("路灯产业发展规划（2031-2035年）", "“十六五”路灯产业发展规划", "linked"),
        ("路灯数据安全管理规定", "路灯数据安全管理办法", "linked"),
        ("路灯管理规定（试行）", "路灯管理办法", "linked"),
        ("光源注册技术指导原则", "光源产品注册技术审查指导原则", "linked"),
        ("室外路灯及配套灯杆远程控制管理办法", "室外路灯及灯杆远程控制管理办法", "linked"),
        ("β光源类灯具安装维护管理办法", "光源类灯具安装维护管理办法", "linked"),
        ("光源产品动物实验指导原则", "光源产品动物试验指导原则", "linked"),
        # other papers, however alike
        ("路灯管理办法", "路灯管理办法实施细则", None),
        ("路灯管理办法", "路灯管理条例", None),
        ("智能路灯数据安全管理办法", "汽车智能路灯数据安全管理办法", None),
        ("大型灯具数据处理者保护规定", "小型灯具数据处理者保护规定", None),
        ("光源临床试验审查指导原则", "光源非临床试验审查指导原则", None),
        ("光源使用效果评价研究指导原则", "光源使用效果同品种评价研究指导原则", None),
        ("路灯目录（第一批）", "路灯目录（第二批）", None),
        ("路灯指南第1部分：灯杆", "路灯指南第2部分：灯杆", None),
        ("路灯产业发展规划（2026-2030年）", "“十六五”路灯产业发展规划", None),
        ("路灯目录（2028年版）", "路灯目录（2031年版）", None),
        ("2031年路灯工作要点", "2032年路灯工作要点", None),
        # papers about the paper
        ("路灯管理办法", "《路灯管理办法》解读", None),
        ("路灯管理办法", "一图读懂《路灯管理办法》", None),
        ("路灯管理办法", "《路灯管理办法》答记者问", None),
        ("路灯管理办法", "关于废止《路灯管理办法》的决定", None),
        ("路灯管理办法", "关于《路灯管理办法（征求意见稿）》意见采纳情况的公告", None),
    ],
)
def test_draft_and_final(asked: str, issued: str, state: str | None) -> None:
    pool = [draft(asked, 0, "LAMP"), paper("final", issued, 273, "LAMP")]
    assert finals(link(pool)).get(("draft", "final")) == state


def test_the_reasons_can_be_read() -> None:
    (found,) = link(
        [draft("路灯管理办法", 0, "LAMP"), paper("final", "路灯管理办法", 273, "LAMP", "+3")]
    )
    assert found.evidence == (
        "same title core '路灯管理办法'",
        "final 273 days after draft",
        "same body LAMP",
    )
    assert 0.9 < found.score <= 1


def test_another_body_may_finish_what_one_began() -> None:
    (found,) = link([draft("路灯数据条例", 0, "LAMP"), paper("final", "路灯数据条例", 900, "SC")])
    assert found.state == "linked"
    assert "body LAMP became SC" in found.evidence


@pytest.mark.parametrize(
    ("days", "state"),
    [(-1, None), (0, None), (1, "linked"), (1500, "linked"), (1900, "suggested"), (4000, None)],
)
def test_a_final_is_later_but_not_by_ages(days: int, state: str | None) -> None:
    pool = [draft("路灯管理办法"), paper("final", "路灯管理办法", days)]
    assert finals(link(pool)).get(("draft", "final")) == state


def test_an_unknown_date_is_said() -> None:
    (found,) = link([draft("路灯管理办法", None), paper("final", "路灯管理办法", 30)])
    assert found.state == "linked"
    assert "a date is not known" in found.evidence


def test_rounds_link_to_the_final_and_to_each_other() -> None:
    pool = [
        draft("路灯管理办法", 0, id="first"),
        paper("second", "关于《路灯管理办法（征求意见稿）》再次公开征求意见的通知", 200),
        paper("final", "路灯管理办法", 500),
    ]
    found = link(pool)
    assert finals(found) == {("first", "final"): "linked", ("second", "final"): "linked"}
    (tie,) = (one for one in found if one.kind == "round")
    assert (tie.draft, tie.final, tie.state) == ("first", "second", "linked")
    assert "asked again 200 days later" in tie.evidence


def test_one_call_on_two_pages_is_not_two_rounds() -> None:
    pool = [draft("路灯管理办法", 0, id="a"), draft("路灯管理办法", 2, id="b")]
    assert link(pool) == []


def test_each_revision_has_its_own_draft() -> None:
    """2031 draft and final, then a revision years later: no link across."""
    pool = [
        draft("路灯管理办法", 0, id="d1"),
        paper("f1", "路灯管理办法（2031年第3号）", 300),
        draft("路灯管理办法（2034年修订版）", 1200, id="d2"),
        paper("f2", "路灯管理办法（2034年修订版）（2035年第9号）", 1500),
    ]
    found = link(pool)
    assert finals(found) == {("d1", "f1"): "linked", ("d2", "f2"): "linked"}
    assert not [one for one in found if one.kind == "round"]


def test_an_old_draft_gives_way_to_a_new_cycle() -> None:
    pool = [
        draft("路灯管理办法", 0, id="old"),
        draft("路灯管理办法", 1100, id="new"),
        paper("final", "路灯管理办法", 1400),
    ]
    assert finals(link(pool)) == {("new", "final"): "linked"}


def test_the_nearest_name_wins() -> None:
    pool = [
        draft("路灯杆件光源数据管理办法"),
        paper("exact", "路灯杆件光源数据管理办法", 400),
        paper("near", "路灯杆件及其光源数据管理办法", 100),
    ]
    assert finals(link(pool)) == {("draft", "exact"): "linked"}


def test_a_nearly_equal_name_yields_to_the_equal_one() -> None:
    pool = [
        draft("路灯杆件光源数据管理办法", 0, id="exact"),
        draft("路灯杆件新增光源数据管理办法", 0, id="near"),
        paper("final", "路灯杆件光源数据管理办法", 400),
    ]
    assert finals(link(pool)) == {("exact", "final"): "linked", ("near", "final"): "suggested"}


def test_a_notice_of_several_drafts_links_to_the_final_of_each() -> None:
    title = "关于公开征求《路灯管理办法（征求意见稿）》等2项办法意见的通知"
    text = "附件：\n1.路灯管理办法（征求意见稿）.docx\n2.台灯管理办法（征求意见稿）.docx"
    pool = [
        paper("notice", title, 0, "LAMP", text=text),
        paper("a", "路灯管理办法", 100, "LAMP"),
        paper("b", "台灯管理办法", 200, "LAMP"),
    ]
    found = link(pool)
    assert finals(found) == {("notice", "a"): "linked", ("notice", "b"): "linked"}
    assert "named among the attachments of the notice" in found[1].evidence


@pytest.mark.parametrize(
    ("stages", "linked"),
    [
        ((Stage.DRAFT, Stage.FINAL), True),
        ((Stage.DRAFT, Stage.INTERPRETATION), False),
        ((Stage.DRAFT, Stage.NEWS), False),
        ((Stage.FINAL, Stage.FINAL), False),
        ((Stage.DRAFT, None), True),
    ],
)
def test_a_known_stage_is_believed(stages: tuple[Stage | None, Stage | None], linked: bool) -> None:
    pool = [
        Paper(id="a", title="路灯管理办法", published=DAY, stage=stages[0]),
        Paper(id="b", title="路灯管理办法", published=DAY + timedelta(days=90), stage=stages[1]),
    ]
    assert bool(link(pool)) is linked


NAMES = [
    "路灯管理办法",
    "路灯管理规定",
    "台灯产品注册指导原则",
    "台灯注册技术审查指导原则",
    "灯具目录（第一批）",
]
PAPERS = st.lists(
    st.builds(
        lambda form, name, days: (form.format(name), days),
        st.sampled_from(
            ["{}", "{}（征求意见稿）", "关于再次公开征求《{}》意见的通知", "《{}》解读"]
        ),
        st.sampled_from(NAMES),
        st.one_of(st.none(), st.integers(0, 3000)),
    ),
    max_size=12,
).map(lambda rows: [paper(f"p{n}", title, days) for n, (title, days) in enumerate(rows)])


@settings(max_examples=150, deadline=None)
@given(PAPERS)
def test_in_every_pool_finals_follow_their_drafts(pool: list[Paper]) -> None:
    found = link(pool)
    by_id = {one.id: one for one in pool}
    for one in found:
        first, second = by_id[one.draft].published, by_id[one.final].published
        assert first is None or second is None or first < second
        assert "解读" not in by_id[one.final].title + by_id[one.draft].title
        assert 0.5 <= one.score <= 1
        assert one.evidence
    assert len({(one.draft, one.final, one.kind) for one in found}) == len(found)
    assert link(pool[::-1]) == found
