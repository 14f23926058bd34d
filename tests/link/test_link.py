"""Drafts and what came of them: a table of situations, and what must hold for every pool."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.link import Paper, link, near
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
        ("路灯管理规定", "路灯管理办法（国家灯具管理总局令第98号）", "linked"),
        ("路灯租赁管理办法", "路灯租赁办法", "linked"),
        ("路灯减排方法学", "关于印发《路灯减排方法学（LAMP-14-003-V01）》的通知", "linked"),
        ("路灯PD-L1检测要求", "路灯（PD-L1）检测要求", "linked"),
        ("路灯条例", "灯具部令第九号 路灯条例", "linked"),
        ("路灯管理规定（修订）", "灯具部关于修改《路灯管理规定》的决定", "linked"),
        ("中华人民共和国路灯法修正案（草案）", "关于修改《中华人民共和国路灯法》的决定", "linked"),
        ("关于修改〈路灯管理规定〉的决定", "关于修改《路灯管理规定》《台灯办法》的决定", "linked"),
        ("Q9：光源连续制造（草案）", "关于适用《Q9：光源连续制造》国际指导原则的公告", "linked"),
        ("路灯目录（2031年）", "路灯目录（2032年）", "linked"),
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
        ("路灯目录（2031年）", "路灯目录（2034年）", None),
        ("路灯管理规定", "灯具部关于修改《路灯管理规定》的决定", None),
        ("关于修改〈路灯管理规定〉的决定", "关于修改《台灯管理规定》的决定", None),
        ("关于修改〈路灯管理规定〉的决定", "关于废止《路灯管理规定》的决定", None),
        ("关于修改〈路灯管理规定〉的决定", "路灯管理规定", None),
        ("国家级路灯生态区评估办法", "国家级路灯生态区管理办法", None),
        ("国家级路灯生态区认定管理办法", "国家级路灯生态区管理办法", None),
        ("关于路灯改造的指导意见", "关于适用《路灯改造条例》若干问题的意见", None),
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


@pytest.mark.parametrize(
    ("asked", "issued", "state"),
    [
        # blanks, brackets and marks that pages set around a title
        (
            "关于公开征 求《路灯管理　办法（征求意 见稿）》意 见的通知",
            "路灯管理办法（附下载）",
            "linked",
        ),
        (
            "关于公开征求〈路灯管理办法（征求意见稿）〉意见的通知",
            "路灯管理办法（已截止）",
            "linked",
        ),
        ("关于公开征求《路灯管理办法【征求意见稿】》意见的通知", "【重要】路灯管理办法", "linked"),
        ("路灯管理办法（草案）公开征求意见", "路灯管理办法", "linked"),
        # laws and their readings; decisions that amend
        ("路灯法（草案）征求意见", "中华人民共和国路灯法", "linked"),
        ("路灯法（草案二次审议稿）征求意见", "中华人民共和国路灯法", "linked"),
        ("路灯法（草案）（三审稿）征求意见", "路灯法", "linked"),
        ("路灯条例（修订草案征求意见稿）", "路灯条例", "linked"),
        (
            "关于修改〈路灯办法〉的决定（征求意见稿）公开征求意见",
            "灯具局关于修改《路灯办法》的决定",
            "linked",
        ),
        ("关于修改《路灯办法》的决定（征求意见稿）", "路灯办法", None),
        # the same words in another order
        ("规范和促进路灯数据流动规定（征求意见稿）", "促进和规范路灯数据流动规定", "linked"),
        # not finals
        ("路灯管理办法（征求意见稿）", "关于撤回《路灯管理办法（征求意见稿）》的公告", None),
        ("路灯管理办法（征求意见稿）", "关于终止《路灯管理办法》公开征求意见的公告", None),
        ("路灯管理办法（征求意见稿）", "关于《路灯管理办法》公开征求意见的反馈", None),
        ("关于取消路灯审批的通知（征求意见稿）", "关于取消路灯审批的通知", "linked"),
    ],
)
def test_titles_as_pages_and_parliaments_set_them(
    asked: str, issued: str, state: str | None
) -> None:
    pool = [paper("draft", asked, 0), paper("final", issued, 273)]
    assert finals(link(pool)).get(("draft", "final")) == state


@pytest.mark.parametrize(("year", "state"), [(2031, "linked"), (2030, None), (2042, None)])
def test_without_a_date_the_number_says_the_year(year: int, state: str | None) -> None:
    pool = [draft("路灯管理办法"), paper("final", f"路灯管理办法（{year}年第3号）", None)]
    assert finals(link(pool)).get(("draft", "final")) == state


BODY = "".join(
    f"第{n}条　灯具企业应当在第{n * 7}日前报送数据，违者罚款{n * 13}元。" for n in range(60)
)
FISH = "".join(
    f"第{n}条　渔船每年{n * 3}次检修锚链缆绳，费用{n * 17}元由船东承担。" for n in range(60)
)
HALF = BODY[:800] + FISH[:1000]
FIFTH = BODY[:420] + FISH[:1400]
MOST = BODY[:1200] + FISH[:700]


@pytest.mark.parametrize(
    ("asked", "issued", "text", "state"),
    [
        ("大型灯具数据处理者保护规定", "小型灯具数据处理者保护规定", BODY, "linked"),
        ("大型灯具数据处理者保护规定", "小型灯具数据处理者保护规定", HALF, "suggested"),
        ("大型灯具数据处理者保护规定", "小型灯具数据处理者保护规定", FISH, None),
        ("大型灯具数据处理者保护规定", "小型灯具数据处理者保护规定", BODY[:300], None),
        ("经鼻光源使用评价指导原则", "经皮光源使用评价指导原则", BODY, "linked"),
        ("经鼻光源使用评价指导原则", "经皮光源使用评价指导原则", FISH, None),
        ("路灯远程控制管理规定", "路灯远程控制管理条例", BODY, "linked"),
        ("路灯管理办法", "路灯管理办法", BODY, "linked"),
        ("路灯管理办法", "路灯管理办法", FISH, "suggested"),
        ("路灯管理办法", "路灯管理办法", FISH[:300], "linked"),  # a cover letter says nothing
        ("路灯目录（第一批）", "路灯目录（第二批）", BODY, None),
        ("路灯管理办法", "路灯管理办法", FIFTH, "linked"),
        ("路灯管理规定", "路灯管理办法", FIFTH, "suggested"),
        ("路灯管理规定", "路灯管理办法", HALF, "linked"),
        # another name altogether
        ("渔船检修规则总则", "智能灯具数据办法", BODY, "linked"),
        ("渔船检修规则总则", "智能灯具数据办法", MOST, "suggested"),
        ("渔船检修规则总则", "智能灯具数据办法", HALF, None),
        ("渔船检修规则总则", "智能灯具数据办法", FISH, None),
        ("2031年路灯工作方案", "2032年路灯工作方案", BODY, None),
        ("大型灯具数据处理者保护规定", "小型灯具数据处理者保护规定", MOST, "suggested"),
        ("路灯远程控制管理规定", "路灯远程控制管理条例", MOST, "linked"),
    ],
)
def test_the_text_decides(asked: str, issued: str, text: str, state: str | None) -> None:
    pool = [
        paper("draft", f"{asked}（征求意见稿）", 0, text=BODY),
        paper("final", issued, 273, text=text),
    ]
    assert finals(link(pool)).get(("draft", "final")) == state


def test_of_two_drafts_that_are_alike_the_text_tells_whose_the_final_is() -> None:
    pool = [
        paper("one", "路灯目录（征求意见稿）", 0, text=BODY),
        paper("two", "路灯目录（征求意见稿）", 5, text=FISH),
        paper("first", "路灯目录（第一批）", 100, text=FISH),
        paper("second", "路灯目录（第二批）", 200, text=BODY),
    ]
    assert finals(link(pool)) == {("one", "second"): "linked", ("two", "first"): "linked"}


def known(final: str, state: str) -> Link:
    return Link(draft="draft", final=final, state=state, score=0.9)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ([], {"exact": "linked"}),
        ([known("near", "linked")], {"exact": "suggested"}),
        ([known("near", "confirmed")], {}),
        ([known("near", "suggested")], {"exact": "linked"}),
        ([known("exact", "rejected")], {"near": "linked"}),
        ([known("exact", "rejected"), known("near", "rejected")], {}),
        ([known("exact", "confirmed")], {"exact": "linked"}),
    ],
)
def test_what_was_known_before(before: list[Link], expected: dict[str, str]) -> None:
    pool = [
        draft("路灯杆件光源数据管理办法"),
        paper("exact", "路灯杆件光源数据管理办法", 400),
        paper("near", "路灯杆件及其光源数据管理办法", 100),
    ]
    found = finals(link(pool, before))
    assert found == {("draft", final): state for final, state in expected.items()}


def test_of_a_notice_of_several_each_name_has_its_own_final() -> None:
    title = "关于公开征求《路灯管理办法（征求意见稿）》《台灯管理办法（征求意见稿）》意见的通知"
    pool = [
        paper("draft", title, 0),
        paper("a", "路灯管理办法", 100),
        paper("b", "台灯管理办法", 200),
    ]
    assert finals(link(pool, [known("a", "linked")])) == {
        ("draft", "a"): "linked",
        ("draft", "b"): "linked",
    }


def test_readings_of_a_law_are_rounds() -> None:
    pool = [
        paper("first", "路灯法（草案）征求意见", 0),
        paper("second", "路灯法（草案二次审议稿）征求意见", 150),
        paper("third", "路灯法（草案三次审议稿）征求意见", 300),
        paper("law", "中华人民共和国路灯法", 400),
    ]
    found = link(pool)
    rounds = {(one.draft, one.final): one.state for one in found if one.kind == "round"}
    assert rounds == {("first", "second"): "linked", ("second", "third"): "linked"}
    assert set(finals(found)) == {("first", "law"), ("second", "law"), ("third", "law")}


def test_a_round_may_have_another_form() -> None:
    pool = [
        draft("路灯数据管理规定", 0, id="first"),
        draft("路灯数据管理办法", 200, id="second"),
    ]
    (tie,) = link(pool)
    assert (tie.draft, tie.final, tie.kind, tie.state) == ("first", "second", "round", "suggested")


@settings(max_examples=200, deadline=None)
@given(
    st.text("灯具数据光源", min_size=7, max_size=16),
    st.text("远程杆件", min_size=1, max_size=3),
    st.integers(0, 16),
)
def test_names_that_differ_in_one_word_share_a_key(stem: str, word: str, at: int) -> None:
    """What the store finds by keys is all that a pool finds."""
    longer = stem[:at] + word + stem[at:]
    assert near(f"《{stem}办法》") & near(f"《{longer}办法》")


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
