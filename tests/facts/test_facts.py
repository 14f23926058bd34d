"""All facts of a paper together, and how well they meet the answer keys."""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.real import shared
from watcher.facts import facts_of
from watcher.facts.title import read_title, strip_tail
from watcher.model import Citation, DocType, Facts, Stage


def test_a_draft_with_its_notice() -> None:
    facts = facts_of(
        "工业和信息化部关于《灯具办法（征求意见稿）》再次公开征求意见的通知",
        "我部起草了《灯具办法》（征求意见稿），现公开征求意见。请于10月16日前反馈意见。\n灯规〔2020〕1号",
        published=date(2026, 9, 16),
    )
    assert replace(facts, spans=()) == Facts(
        stage=Stage.DRAFT,
        round=2,
        doc_type=DocType.MEASURES,
        bodies=("MIIT",),
        deadline=date(2026, 10, 16),
        deadline_quote="请于10月16日前反馈意见",
    )


def test_a_final_keeps_no_deadline_and_reads_its_number() -> None:
    facts = facts_of(
        "关于印发《灯具办法》的通知",
        "工信灯〔2026〕7号\n各单位：\n请于2026年10月16日前将落实意见反馈我部。",
        url="https://www.example.gov.cn/zcfb/1.html",
    )
    assert replace(facts, spans=()) == Facts(
        stage=Stage.FINAL,
        doc_type=DocType.MEASURES,
        doc_number="工信灯〔2026〕7号",
        bodies=("MIIT",),
        cites=(Citation(title="灯具办法", relation="issues"),),
    )


@pytest.mark.parametrize(
    ("title", "text", "url", "stage"),
    [
        ("灯具安全技术规程", "现向社会公开征求意见。", None, Stage.DRAFT),
        ("灯具安全技术规程", "", "https://www.example.gov.cn/yjzj/1.html", Stage.DRAFT),
        ("灯具安全技术规程", "", None, Stage.FINAL),
        ("公布灯具出口许可管理", "灯具局公告2025年第54号\n为了", None, Stage.NEWS),
        ("灯具产业新进展", "灯具局现将《办法》印发给你们。", "https://www.gov.cn/yaowen/1.htm", Stage.NEWS),
    ],
)  # fmt: skip
def test_what_the_title_leaves_open(title: str, text: str, url: str | None, stage: Stage) -> None:
    assert facts_of(title, text, url=url).stage is stage


@pytest.mark.parametrize(
    ("title", "text", "stage", "deadline"),
    [
        ("关于灯具管理有关事项的公告", "我局起草了《灯具办法（征求意见稿）》，现向社会公开征求意见，请将意见于2026年10月15日前反馈我局。", Stage.DRAFT, date(2026, 10, 15)),
        ("关于《灯具办法》的通知", "为加强管理，现就《灯具办法》公开征求社会各界意见。\n有关意见请于10月20日前反馈至灯具司。", Stage.DRAFT, date(2026, 10, 20)),
        ("关于调整灯具目录的函", "各有关单位：\n现征求你单位对《灯具目录》的意见。征求意见截止日期：2026年10月8日。", Stage.DRAFT, date(2026, 10, 8)),
        ("关于灯具分类的公告", "现将《灯具分类（征求意见稿）》予以公示，欢迎社会各界提出宝贵意见。", Stage.DRAFT, None),
        ("关于做好灯具工作的通知", "各单位：\n现将《灯具办法》印发给你们，请遵照执行。执行中如有意见请反馈我局。", Stage.FINAL, None),
        ("关于做好灯具工作的通知", "在公开征求意见的基础上，我局制定了《灯具办法》，现印发给你们。如有意见请于2026年12月1日前反馈。", Stage.FINAL, None),
        ("关于灯具管理有关事项的公告", "经公开征求社会意见，现就灯具管理公告如下：有关单位可提出申请。", Stage.FINAL, None),
        ("关于灯具进口的决定", "现公开征求意见，请反馈意见。", Stage.FINAL, None),
    ],
)  # fmt: skip
def test_a_text_that_calls_for_comments_outweighs_a_bare_notice(
    title: str, text: str, stage: Stage, deadline: date | None
) -> None:
    facts = facts_of(title, text, published=date(2026, 9, 21))
    assert (facts.stage, facts.deadline) == (stage, deadline)


def test_metadata_speak_for_a_title_without_form() -> None:
    facts = facts_of("公布灯具出口许可管理", doc_number="商务部 海关总署公告2025年第54号")
    assert (facts.stage, facts.doc_type) == (Stage.FINAL, DocType.ANNOUNCEMENT)
    assert facts.bodies == ("MOFCOM", "GACC")


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("灯城人民政府令第366号", DocType.MEASURES),
        ("中华人民共和国国务院令第845号", DocType.REGULATIONS),
        ("中华人民共和国主席令第七十八号", DocType.LAW),
        ("灯具局公告2026年第5号", DocType.ANNOUNCEMENT),
    ],
)
def test_a_title_that_is_a_number_has_the_form_of_its_number(title: str, form: DocType) -> None:
    assert facts_of(title).doc_type is form


@pytest.mark.parametrize(
    ("url", "source_body", "expected"),
    [
        (None, None, ()),
        (None, "MOF", ("MOF",)),
        ("https://www.miit.gov.cn/a.html", None, ("MIIT",)),
        ("https://www.miit.gov.cn/a.html", "MOF", ("MIIT",)),
        ("https://www.gov.cn/a.html", "MOF", ("MOF",)),
    ],
)
def test_host_and_list_are_the_weakest_witnesses(
    url: str | None, source_body: str | None, expected: tuple[str, ...]
) -> None:
    title = "关于公开征求《灯具办法》意见的通知"
    assert facts_of(title, url=url, source_body=source_body).bodies == expected


@pytest.mark.parametrize(
    ("lead", "bodies", "stage", "form"),
    [
        ("MIIT released draft rules on lamps", "MIIT", "draft_for_comments", "rules"),
        ("The State Council issued new regulations on lamps", "SC", "final", "regulations"),
        ("The Ministry of Finance issued new regulations on lamps", "MOF", "final", "measures"),
        ("SAMR publishes the final version of its lamp guidelines, first released as a draft", "SAMR", "final", "guideline"),
        ("NDRC and MOST released the “Lamp Implementation Plan”", "NDRC MOST", "final", "plan"),
        ("The MIIT and five other government ministries issued Opinions on lamps", "MIIT +5", "final", "opinions"),
        ("Six agencies led by the Ministry of Education (MOHURD) issued a plan", "MOE +5", "final", "plan"),
        ("MIIT launched applications for lamp pilots", "MIIT", "call_for_applications", "notice"),
        ("The MIIT announced the list of 12 lamp factories", "MIIT", "list", "list"),
        ("Li Si was appointed as Minister for Lamps", "", "appointment", "appointment"),
        ("During a meeting of the Central Commission for Financial and Economic Affairs, Xi Jinping stressed lamps", "CCFEA", "speech", "meeting"),
        ("TC260 released draft rules on lamp data", "TC260", "draft_for_comments", "standard"),
        ("Lamp maker Lux sold shares, according to a unit of the Ministry of Commerce", "", "corporate", "news"),
        ("SAMR approved a joint venture between Lux and Hall", "SAMR", "corporate", "news"),
    ],
)  # fmt: skip
def test_english_leads(lead: str, bodies: str, stage: str, form: str) -> None:
    facts = facts_of(lead)
    assert (" ".join(facts.bodies), facts.stage, facts.doc_type) == (bodies, stage, form)


@pytest.mark.parametrize(
    ("lead", "text", "expected"),
    [
        ("MIIT released a second draft of the lamp rules for comments", "", 2),
        ("CAC opened a third round of public consultation on draft lamp rules", "", 3),
        ("MIIT released draft rules on lamps for second homes", "", None),
        ("MIIT issued a plan for a second round of lamp pilots", "", None),
        ("Lamps again", "关于《灯具办法（征求意见稿）》再次公开征求意见的通知", 2),
    ],
)
def test_rounds_of_english_leads(lead: str, text: str, expected: int | None) -> None:
    assert facts_of(lead, text).round == expected


def test_an_english_headline_is_read_by_the_chinese_title_below_it() -> None:
    facts = facts_of(
        "A bright future for lamps",
        "公安部等三部门关于《灯具办法（征求意见稿）》公开征求意见的通知\nLamp measures\n"
        "The public can send comments until March 3.",
        published=date(2027, 2, 1),
    )
    assert facts.bodies == ("MPS", "+2")
    assert (facts.stage, facts.doc_type) == (Stage.DRAFT, DocType.MEASURES)
    assert facts.deadline == date(2027, 3, 3)


PIECES = st.sampled_from(
    [
        "关于",
        "公开",
        "征求",
        "《",
        "》",
        "灯具",
        "办法",
        "意见",
        "的",
        "通知",
        "（",
        "）",
        "〔",
        "2026",
        "〕",
        "9号",
        "国务院",
        "等",
        "三",
        "部门",
        "印发",
        "第",
        "批",
        "\n",
        "年",
        "月",
        "日",
        "前",
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES, max_size=25).map("".join))
def test_any_title_and_text_can_be_read(title: str, text: str) -> None:
    facts = facts_of(title, text, published=date(2026, 9, 16))
    assert facts.deadline is None or facts.stage is Stage.DRAFT
    whole = read_title(title).whole
    assert strip_tail(strip_tail(whole)) == strip_tail(whole)


# ---------------------------------------------------------------- the answer key of real titles

FLOORS = {"stage": 0.95, "doc_type": 0.94, "bodies": 0.97}


def named(codes: Any) -> set[str]:
    return {code for code in codes or () if not code.startswith("+")}


def test_real_titles_stay_above_their_floors() -> None:
    path = shared("gold/titles_dev.yaml")
    rows = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)["items"]
    right: Counter[str] = Counter()
    for row in rows:
        facts = facts_of(row["title"], url=row.get("address"))
        right["stage"] += facts.stage == row["stage"]
        right["doc_type"] += facts.doc_type == row["doc_type"]
        if row.get("bodies_from") != "page":
            want, got = named(row["bodies"]), named(facts.bodies)
            right["hit"] += len(want & got)
            right["all"] += len(want) + len(got)
    figures = {key: right[key] / len(rows) for key in ("stage", "doc_type")}
    figures["bodies"] = 2 * right["hit"] / right["all"]
    assert {key: value for key, value in figures.items() if value < FLOORS[key]} == {}
