"""What papers and notices are called. The lamps are invented; the forms are those of real titles."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.link import cores
from watcher.link.names import names

LAMPS = "智能灯具数据管理办法"


@pytest.mark.parametrize(
    "title",
    [
        "智能灯具数据管理办法",
        "智能灯具数据管理办法（征求意见稿）",
        "智能灯具数据管理办法(公开征求意见稿)",
        "智能灯具数据管理办法（试行）（征求意见稿）",
        "智能灯具数据管理办法征求意见稿",
        "智能灯具数据管理办法（2031年修订版）（征求意见稿）",
        "智能灯具数据管理办法（2031年修订版 征求意见稿）",
        "智能灯具数据管理办法（2032年第15号）",
        "智能灯具数据管理办法（灯规〔2032〕7号）",
        "《智能灯具数据管理办法》",
        "《智能灯具数据管理办法》 2032年第31号令",
        "《智能灯具数据管理办法》修订草案（公开征求意见稿）",
        "关于公开征求《智能灯具数据管理办法（征求意见稿）》意见的通知",
        "关于《智能灯具数据管理办法》（征求意见稿）公开征求意见的通知",
        "关于对《智能灯具数据管理办法》第二次征求意见的通知",
        "公开征求对《智能灯具数据管理办法（征求意见稿）》的意见",
        "关于公开征求智能灯具数据管理办法（征求意见稿）意见的通知",
        "灯具局关于向社会公开征求《智能灯具数据管理办法》（公开征求意见稿）意见的公告[已结束]",
        "【进行中】灯具局关于《智能灯具数据管理办法（征求意见稿）》公开征求意见的公告",
        "灯具局关于印发《智能灯具数据管理办法》的通知(灯规〔2032〕7号)",
        "灯具局办公室 光源局办公室关于印发智能灯具数据管理办法的通知",
        "灯具局关于发布智能灯具数据管理办法的通告（2032年 第15号）",
        "灯具局、光源局联合公布《智能灯具数据管理办法》",
        "灯具局令（第79号） 智能灯具数据管理办法",
        "灯具局公告2032年第51号 公布《智能灯具数据管理办法》",
        "灯具局关于《智能灯具数据管理办法》的公告",
        "关于《智能灯具数据管理办法（征求意见稿）》的公示",
        "智能灯具数据管理办法（GB 12345-2031）",
        "中华人民共和国智能灯具数据管理办法",
        "智能灯具 数据 管理办法（ 征求意见稿）",
    ],
)
def test_all_forms_of_a_title_share_the_name(title: str) -> None:
    assert LAMPS in cores(title)


@pytest.mark.parametrize(
    "title",
    [
        "关于废止《智能灯具数据管理办法》的决定",
        "实施《智能灯具数据管理办法》的规定",
        "关于延长《智能灯具数据管理办法》有效期的通知",
        "智能灯具数据管理办法实施细则",
        "智能灯具管理办法",
    ],
)
def test_papers_about_a_paper_have_names_of_their_own(title: str) -> None:
    assert LAMPS not in cores(title)


@pytest.mark.parametrize(
    ("title", "core"),
    [
        ("灯具信息发布管理办法", "灯具信息发布管理办法"),  # 发布 belongs to the name
        ("国务院关于加强灯具管理的意见", "加强灯具管理的意见"),
        ("关于加强灯具管理的意见（征求意见稿）", "加强灯具管理的意见"),
        ("路灯（第三类）管理办法", "路灯第三类管理办法"),  # these brackets belong to the name
        ("中华人民共和国灯具法", "灯具法"),
        ("“十四五”灯具产业发展规划", "灯具产业发展规划"),
        ("灯具产业发展规划（2021-2025年）（征求意见稿）", "灯具产业发展规划"),
        ("灯具目录（第三批）", "灯具目录"),
        ("LED灯 IgM/IgG 规范", "led灯igmigg规范"),
    ],
)
def test_cores(title: str, core: str) -> None:
    assert core in cores(title)


@pytest.mark.parametrize("title", ["", "通知", "实施细则", "关于公开征求意见的通知", "管理办法"])
def test_titles_that_name_nothing(title: str) -> None:
    assert cores(title) == frozenset()


def test_period_part_and_edition_are_kept_apart() -> None:
    (plan,) = names("“十五五”灯具规划")
    assert plan.period == (2026, 2030)
    (years,) = names("灯具规划（2026—2030年）")
    assert years.period == plan.period
    (batch,) = names("灯具目录（第十二批）（2031年版）")
    assert batch.ordinals == {"12批"}
    assert batch.edition == 2031


def test_a_notice_of_several_drafts_has_all_their_names() -> None:
    text = """各有关单位：
为完善灯具制度，我们起草了有关办法。
附件：
1. 路灯管理办法（征求意见稿）.docx
2．台灯管理办法-征求意见稿.pdf
3、《吊灯（甲类）管理办法（征求意见稿）》
4. 壁灯管理办法
5. 意见反馈表.doc
6. 路灯管理办法起草说明"""
    title = "关于公开征求《路灯管理办法（征求意见稿）》等4项办法意见的通知"
    found = names(title, text)
    assert [n.core for n in found] == [
        "路灯管理办法",
        "台灯管理办法",
        "吊灯甲类管理办法",
        "壁灯管理办法",
    ]
    assert [n.attached for n in found] == [False, True, True, True]


def test_the_text_of_a_paper_names_nothing() -> None:
    text = "第一条 依据《灯具法》，起草《壁灯管理办法（征求意见稿）》。\n附件：台灯管理办法"
    assert cores("路灯管理办法", text) == cores("路灯管理办法")


FORMS = st.sampled_from(
    [
        "{}",
        "{}（征求意见稿）",
        "关于公开征求《{}（征求意见稿）》意见的通知",
        "灯具局关于印发《{}》的通知",
        "{}（2031年修订版）（2031年第3号）",
    ]
)
WORDS = st.lists(
    st.sampled_from(["路灯", "台灯", "数据", "安全", "LED", "第2部分", "（甲类）", "规范", "管理"]),
    min_size=2,
    max_size=6,
).map("".join)
WIDE = {ord(c): ord(c) + 0xFEE0 for c in "LED0123456789"}


@settings(max_examples=200, deadline=None)
@given(form=FORMS, word=WORDS, blanks=st.lists(st.integers(0, 60), max_size=4))
def test_width_and_blanks_change_no_name(form: str, word: str, blanks: list[int]) -> None:
    title = form.format(word)
    shifted = title.translate(WIDE).replace("（", "(").replace("）", ")")
    for at in blanks:
        cut = min(at, len(shifted))
        # a blank inside 第2部分 or a bracket is not what pages do; one between words is
        if not re.search(r"[\(\dA-Ｚ第年]$", shifted[:cut]):
            shifted = shifted[:cut] + "　" + shifted[cut:]
    assert cores(shifted) == cores(title)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=80))
def test_any_text_has_names_or_none(title: str, text: str) -> None:
    assert cores(title, text) == cores(title, text)
    assert all(core and core == core.casefold() for core in cores(title, text))


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("2.路灯安装要求", True),
        ("附件2：路灯安装要求.docx", True),
        ("路灯安装要求", True),
        ("（四）路灯安装要求", False),
        ("四、路灯安装要求", False),
        ("第四章 路灯安装要求", False),
        ("（四）路灯安装要求（征求意见稿）", True),
    ],
)
def test_headings_behind_the_word_attachment_are_no_attachments(line: str, *, is_one: bool) -> None:
    text = f"附件1\n{LAMPS}（征求意见稿）\n{line}\n略。"
    found = names(f"关于公开征求《{LAMPS}（征求意见稿）》意见的通知", text)
    assert [name.core for name in found[1:]] == (["路灯安装要求"] if is_one else [])
