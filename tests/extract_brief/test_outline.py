"""The structure of a brief, alike in three formats."""

import pytest

from tests.extract_brief.sample import FORMATS, HTML, MARKDOWN, PLAIN
from watcher.errors import ExtractError, Reason
from watcher.extract.brief.brief import RawItem, brief_outline
from watcher.extract.brief.lines import lines_of
from watcher.extract.brief.parts import document_titles, split_date, split_lead, trailing_sources


def items(text: str) -> dict[tuple[str, int], RawItem]:
    return {(item.section, item.ordinal): item for item in brief_outline(text).items}


@pytest.mark.parametrize("text", FORMATS.values(), ids=FORMATS)
def test_three_formats_read_alike(text: str) -> None:
    found = items(text)
    assert list(found) == [
        ("top5", 1),
        ("top5", 2),
        ("top5", 3),
        ("policy", 1),
        ("policy", 2),
        ("corporate", 1),
        ("corporate", 2),
    ]
    first, second, third = (found["top5", n] for n in (1, 2, 3))
    assert first.title == "Lamp makers asked to count their bulbs"
    assert second.title == "Lamp data gets rules"
    assert first.bullets == (
        "Serve more than 12,000 lamp shops in 30 cities",
        "Build three to five lamp parks, with annual growth of 8 percent",
    )
    assert first.comment == "Lamps matter. The plan follows earlier plans.\nNothing in it is new."
    assert first.doc_title_en == "Action Plan for the Lamp Trade (2026-2028)"
    assert first.doc_title_zh == "商务部等五部门关于印发《灯具贸易行动计划(2026-2028年)》的通知"
    assert (first.bodies, first.date) == ("MOFCOM", "January 15, 2027")
    assert second.doc_title_en == "Measures for Lamp Data (Draft for Comments)"
    assert second.doc_title_zh == "灯具数据管理办法(征求意见稿)"
    assert (second.bodies, second.date) == ("CAC", "January 20, 2027")
    assert (third.doc_title_zh, third.bodies, third.date) == (None, "", "")
    assert third.bullets == ("January 5: Shop A bought one",)

    policy = found["policy", 1]
    assert policy.date == "December 28"
    assert policy.title == (
        "The Ministry of Education and three other ministries issued Opinions on lamps in schools"
    )
    assert [source.split(" (")[0] for source in policy.sources] == [
        "MOE notice",
        "Lamp Daily article",
    ]
    deal, prices = found["corporate", 1], found["corporate", 2]
    assert deal.title == ("Lamp maker Lux Co. will sell 200 lamps to Hall Ltd. for USD 3 million")
    assert deal.sources == ("Lamp Daily article", "Scout")
    assert deal.text.endswith("More may follow next year (Lamp Daily article, Scout)")
    assert prices.sources == ()


def test_issue_and_period_are_found() -> None:
    outline = brief_outline(MARKDOWN)
    assert (outline.issued, outline.period) == ("FEBRUARY 1, 2027", "DECEMBER 20 - JANUARY 25")
    assert brief_outline(PLAIN).period == ""


def test_the_publisher_has_no_say() -> None:
    """Neither a publisher's name nor its label words carry the reading."""
    renamed = HTML.replace("Lamp Weekly comment", "Our take").replace("Article:", "Document:")
    assert [item.title for item in items(renamed).values()] == [
        item.title for item in items(HTML).values()
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.EMPTY),
        (" \n\n ", Reason.EMPTY),
        ("<html><body><p>Please log in</p></body></html>", Reason.NOT_A_LISTING),
        ("Policy news\n\nNothing happened.", Reason.NOT_A_LISTING),
        ("关于印发《灯具办法》的通知\n各单位：\n现印发给你们。", Reason.NOT_A_LISTING),
    ],
)
def test_what_is_no_brief_is_refused(text: str, reason: Reason) -> None:
    with pytest.raises(ExtractError) as caught:
        brief_outline(text, "https://example.org/brief")
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        ("Lamp Plan (灯具规划) (Link)", "Lamp Plan", "灯具规划"),
        ("Lamp Plan (2026-2028) (灯具规划(2026-2028年)) (Link)", "Lamp Plan (2026-2028)", "灯具规划(2026-2028年)"),
        ("Lamp Plan (灯具规划(2026年)(征求意见稿) (Link)", "Lamp Plan", "灯具规划(2026年)(征求意见稿)"),
        ("Lamp Plan (关于灯具的意见)(Link)", "Lamp Plan", "关于灯具的意见"),
        ("Lamp Plan for A / B 灯具局关于A/B的通知 (link 1, link 2)", "Lamp Plan for A / B", "灯具局关于A/B的通知"),
        ("《灯具规划》 (Lamp Plan)", "Lamp Plan", "《灯具规划》"),
        ("灯具规划", None, "灯具规划"),
        ("Lamp Plan (Trial)", "Lamp Plan (Trial)", None),
        ("Rules ( “5G+灯具” 规则（暂行），指南) ([Link])", "Rules", "“5G+灯具” 规则（暂行），指南"),
        ("", None, None),
    ],
)  # fmt: skip
def test_document_titles(value: str, english: str | None, chinese: str | None) -> None:
    assert document_titles(value) == (english, chinese)


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("Lamps rose (Reuters)", ("Reuters",)),
        ("Lamps rose (A article, B article).", ("A article", "B article")),
        ("Lamps rose (A plan (CN); B article (EN))", ("A plan (CN)", "B article (EN)")),
        ("a shift to new energy vehicles (NEVs)", ()),
        ("said the State Administration for Market Regulation (SAMR)", ()),
        ("Lamps rose (SCMP)", ("SCMP",)),
        ("Lamps rose", ()),
        ("Lamps rose )", ()),
    ],
)
def test_trailing_sources(text: str, sources: tuple[str, ...]) -> None:
    assert trailing_sources(text)[1] == sources


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("A rose; B fell", "A rose"),
        ("A rose. B fell", "A rose"),
        (
            "Made by Lux Co. in 1.2 days, e.g. at No. 5",
            "Made by Lux Co. in 1.2 days, e.g. at No. 5",
        ),
        ("A (i.e., x; y) rose; B fell", "A (i.e., x; y) rose"),
    ],
)
def test_split_lead(text: str, lead: str) -> None:
    assert split_lead(text) == lead


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("February 4: The lamp", "February 4"),
        ("4 February: The lamp", "4 February"),
        ("Feb. 4, 2027 – The lamp", "Feb. 4, 2027"),
        ("2027-02-04: The lamp", "2027-02-04"),
        ("In May: The lamp", ""),
        ("Mayor 4: lamp", ""),
    ],
)
def test_split_date(text: str, date: str) -> None:
    assert split_date(text)[0] == date


def test_markdown_marks_are_read() -> None:
    (line,) = lines_of("- **Bold** and *lean* [a [b]](x(y)) \\[c\\] 2*3*4 snake_case_name")
    assert line.bullet
    assert line.text == "Bold and lean a [b] [c] 2*3*4 snake_case_name"
