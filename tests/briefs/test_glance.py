"""What a paper says at a glance: which sentence, which bullets, and that they stand where they are said to."""

import pytest

from tests.briefs.papers import plain, read
from watcher.compiled import Point, Quote, words_of
from watcher.glance import POINTS, at_a_glance
from watcher.model import Document

PLAN = (
    "各省、自治区、直辖市灯具主管部门：\n"
    "现将《灯具产业行动计划（2026—2028年）》印发给你们，请认真贯彻执行。\n"
    "为贯彻落实灯具强国建设部署，推动灯具产业高质量发展，制定本行动计划。\n"
    "一、总体要求\n"
    "到2028年，灯具产业规模稳步增长，建成100家以上智能灯具工厂，培育20家龙头企业。\n"
    "二、重点任务\n"
    "（一）加强关键技术攻关。支持企业联合高校突破光源芯片。\n"
    "（二）建设数据平台。推动灯具数据汇聚共享。\n"
    "联系人：陶喆，电话：010-00000000。"
)
MEASURES = (
    "第一条　为了规范灯具数据处理活动，保障数据安全，制定本办法。\n"
    "第二条　本办法所称灯具数据，是指灯具产生的数据。\n"
    "第三条　灯具局负责全国灯具数据安全监督管理工作。\n"
    "第四条　处理者发现数据泄露的，应当在三十日内向灯具主管部门报告。\n"
    "第五条　处理者不得将灯具数据用于其他目的。\n"
    "第六条　违反本办法规定的，处五万元以下罚款。\n"
    "第七条　本办法自2027年1月1日起施行。"
)


def said(point: Point) -> str:
    return f"{point.said.text} | {point.quote.text}" if point.said else point.quote.text


@pytest.mark.parametrize(
    ("title", "text", "sentence"),
    [
        (
            "灯具局关于印发《灯具产业行动计划（2026—2028年）》的通知",
            PLAN,
            "为贯彻落实灯具强国建设部署，推动灯具产业高质量发展，制定本行动计划。",
        ),
        ("灯具数据管理办法", MEASURES, "为了规范灯具数据处理活动，保障数据安全，制定本办法。"),
        (
            "灯具局关于灯具回收的通知",
            "各有关单位：\n本通知明确灯具回收的范围、程序和责任，适用于全国灯具企业。\n特此通知。",
            "本通知明确灯具回收的范围、程序和责任，适用于全国灯具企业。",
        ),
        (
            "关于公开征求《灯具回收办法（征求意见稿）》意见的通知",
            "为规范灯具回收，我局起草了《灯具回收办法（征求意见稿）》，现向社会公开征求意见。\n欢迎社会各界提出意见。",
            "为规范灯具回收，我局起草了《灯具回收办法（征求意见稿）》，现向社会公开征求意见。",
        ),
        ("灯具局关于灯具问答", "灯具回收的范围有哪些，由谁负责回收？", None),
        ("灯具局通知", "特此通知。\n联系人：陶喆，电话：010-00000000。", None),
        ("灯具局通知", "", None),
        ("灯具局通知", "一二三四五六七八九十" * 60, None),
    ],
)
def test_the_sentence_says_what_the_paper_is_for(
    title: str, text: str, sentence: str | None
) -> None:
    found, _ = at_a_glance(read(title, text))
    assert (found.text if found else None) == sentence


def test_a_plan_shows_its_numbers_and_what_it_sets_out_to_do() -> None:
    _, points = at_a_glance(read("灯具产业行动计划（2026—2028年）", PLAN))
    assert [said(point) for point in points] == [
        "智能灯具工厂: at least 100 家 by 2028; 龙头企业: 20 家 by 2028 | "
        "到2028年，灯具产业规模稳步增长，建成100家以上智能灯具工厂，培育20家龙头企业。",
        "加强关键技术攻关。",
        "建设数据平台。",
    ]


def test_measures_show_duties_and_the_day_they_are_in_force() -> None:
    _, points = at_a_glance(read("灯具数据管理办法", MEASURES))
    assert [(point.quote.where, said(point)) for point in points] == [
        ("第四条", "处理者发现数据泄露的，应当在三十日内向灯具主管部门报告。"),
        ("第五条", "处理者不得将灯具数据用于其他目的。"),
        ("第六条", "违反本办法规定的，处五万元以下罚款。"),
        ("第七条", "In force from January 1, 2027 | 本办法自2027年1月1日起施行。"),
    ]


def test_a_draft_shows_until_when_it_may_be_commented_on() -> None:
    notice = "灯具局起草了《灯具数据管理办法（征求意见稿）》。\n意见反馈截止时间为2026年12月2日。"
    _, points = at_a_glance(
        read("关于公开征求《灯具数据管理办法（征求意见稿）》意见的通知", MEASURES, notice)
    )
    assert [
        said(point) for point in points if point.said and point.said.template == "deadline"
    ] == ["Comments until December 2, 2026 | 意见反馈截止时间为2026年12月2日。"]
    assert points[-1].quote.field == "notice"


ITEM = (
    "At a glance: The Bureau of Lamps released a plan for lamps. It is long. Targets include:\n"
    "• Build at least 100 lamp factories by 2028\n"
    "• Train 5,000 lamp makers\n"
    "Lantern comment: Lamps matter, and analysts say so.\n"
    "• A bullet of the comment\n"
    "Article: Plan for Lamps (灯具计划) (Link)"
)


def test_an_item_of_a_brief_shows_what_stands_under_its_own_label() -> None:
    sentence, points = at_a_glance(plain(section="top5", title="Lamps lead", text=ITEM))
    assert sentence is not None
    assert sentence.text == "The Bureau of Lamps released a plan for lamps."
    assert [point.quote.text for point in points] == [
        "Build at least 100 lamp factories by 2028",
        "Train 5,000 lamp makers",
    ]


def test_a_long_sentence_ends_at_a_comma_and_says_that_it_goes_on() -> None:
    text = "为了" + "规范灯具数据处理活动，" * 30 + "制定本办法。"
    sentence, _ = at_a_glance(read("灯具数据管理办法", text))
    assert sentence is not None
    assert sentence.cut
    assert len(sentence.text) <= 220
    assert sentence.text.endswith("活动")


@pytest.mark.parametrize(
    "document",
    [
        read("灯具产业行动计划（2026—2028年）", PLAN),
        read("灯具数据管理办法", MEASURES),
        plain(section="top5", text=ITEM),
        read("灯具数据管理办法", " \u3000" + MEASURES.replace("\n", "\n\n  ")),
        read("灯具数据管理办法", MEASURES.replace("。", "。”\u00a0")),
    ],
    ids=["plan", "measures", "item", "blanks", "quotes"],
)
def test_every_quotation_stands_at_its_place(document: Document) -> None:
    sentence, points = at_a_glance(document)
    quotes: list[Quote] = [point.quote for point in points] + ([sentence] if sentence else [])
    assert quotes
    assert len(points) <= POINTS
    for quote in quotes:
        assert words_of(document, quote.field)[quote.start : quote.end] == quote.text
        assert quote.text == quote.text.strip()
        assert "\n" not in quote.text


def test_hostile_lengths_are_read_in_time() -> None:
    text = ("到2028年" + "，" * 3000 + "\n") * 20 + "应当。" * 50_000 + "（" * 20_000
    at_a_glance(plain(text=text))
