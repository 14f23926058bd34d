"""Each fact with its span: the words of title, text or cover letter that say it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.facts import facts_of
from watcher.facts.title import read_title

DAY = date(2026, 9, 16)


def words(
    title: str,
    text: str = "",
    notice: str = "",
    *,
    issuer: str | None = None,
    doc_number: str | None = None,
    url: str | None = None,
) -> dict[str, str]:
    """For each fact with a span, but for papers cited (test_contents.py): field:words."""
    facts = facts_of(
        title, text, notice=notice, published=DAY, issuer=issuer, doc_number=doc_number, url=url
    )
    fields = {"title": title, "text": text, "notice": notice}
    return {
        span.fact: f"{span.field}:{fields[span.field][span.start : span.end]}"
        for span in facts.spans
        if not span.fact.startswith("cites.")
    }


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        (
            "工业和信息化部等十二部门关于印发《灯具产业规划（2026—2030年）》的通知",
            "工信部联灯〔2026〕7号\n现印发。\n工业和信息化部\n财　政　部\n2026年9月16日",
            {
                "stage": "title:关于印发《灯具产业规划（2026—2030年）》的通知",
                "doc_type": "title:规划",
                "doc_number": "text:工信部联灯〔2026〕7号",
                "bodies.0": "title:工业和信息化部",
                "bodies.1": "text:财　政　部",
                "bodies.2": "title:等十二部门",
            },
        ),
        (  # the title is folded before it is read; its places are those of the title as given
            "【进行中】　关于《灯具（Ａ）办法（征求意见稿）》  再次公开征求意见的\u200b通知",
            "我部起草了《灯具办法》，现公开征求意见。请于10月16日前反馈意见。\n工业和信息化部\n2026年9月16日",
            {
                "stage": "title:公开征求",
                "round": "title:再次公开征求",
                "doc_type": "title:办法",
                "bodies.0": "text:工业和信息化部",
                "deadline": "text:10月16日",
            },
        ),
        (
            "灯具局关于灯具的公告",
            "现就《灯具办法（征求意见稿）》公开征求意见，请于2026年10月16日前将意见反馈我局。",
            {
                "stage": "text:征求意见稿）》公开征求意见",
                "doc_type": "title:公告",
                "issuer": "title:灯具局",
                "deadline": "text:2026年10月16日",
            },
        ),
        (
            "关于《灯具》等《标准》的公告　 2026年第５号",
            "",
            {
                "stage": "title:关于《灯具》等《标准》的公告",
                "doc_type": "title:公告",
                "doc_number": "title:2026年第５号",
            },
        ),
        (
            "关于《灯具办法》公开征求意见的通知（意见反馈截止2026年10月16日）",
            "",
            {
                "stage": "title:公开征求",
                "doc_type": "title:办法",
                "deadline": "title:2026年10月16日",
            },
        ),
        (
            "灯城人民政府公告",
            "灯城人民政府公告\n 2026年第３号 \n为了",
            {
                "stage": "title:公告",
                "doc_type": "title:公告",
                "doc_number": "text:灯城人民政府公告\n 2026年第３号",
                "issuer": "title:灯城人民政府",
            },
        ),
        (  # of two names of one body the first counts
            "教育部关于灯具的通知",
            "教育部\n2026年9月16日",
            {"stage": "title:关于灯具的通知", "doc_type": "title:通知", "bodies.0": "title:教育部"},
        ),
        ("灯具产业运行平稳", "灯具很亮。", {}),
        (
            "MIIT and five other ministries released draft rules on lamps",
            "",
            {
                "stage": "title:draft",
                "doc_type": "title:rules",
                "bodies.0": "title:MIIT",
                "bodies.1": "title:and five other ministries",
            },
        ),
        (
            "A bright future for lamps",
            "  公安部等三部门关于《灯具办法（征求意见稿）》公开征求意见的通知\nLamp measures\n"
            "The public can send comments until October 16.",
            {
                "stage": "text:公开征求",
                "doc_type": "text:办法",
                "bodies.0": "text:公安部",
                "bodies.1": "text:等三部门",
                "deadline": "text:October 16",
            },
        ),
    ],
)
def test_words_that_say_it(title: str, text: str, expected: dict[str, str]) -> None:
    assert words(title, text) == expected


def test_a_cover_letter_speaks_and_the_paper_is_silent() -> None:
    title = "关于公开征求《灯具办法》意见的通知"
    letter = "现公开征求意见。请于2026年10月16日前反馈意见。\n教育部\n2026年9月16日"
    paper = "灯具办法\n第一条 请于2026年12月1日前将意见反馈财政部。\n财政部\n2026年9月1日"
    assert words(title, paper, letter) == {
        "stage": "title:公开征求",
        "doc_type": "title:办法",
        "bodies.0": "notice:教育部",
        "deadline": "notice:2026年10月16日",
    }
    facts = facts_of(title, paper, notice=letter, published=DAY)
    assert facts.deadline == date(2026, 10, 16)
    assert replace(facts_of(title, letter, published=DAY), spans=()) == replace(facts, spans=())


def test_what_metadata_and_address_say_has_no_place() -> None:
    title = "灯具安全新进展"
    assert words(title, doc_number="工信灯〔2026〕7号", issuer="教育部") == {}
    assert words(title, url="https://www.miit.gov.cn/zcfb/1.html") == {}
    # the number of the metadata stands in the text again
    text = "工信灯〔2026〕7号\n各单位："
    found = words(title, text, doc_number="工信灯〔2026〕7号")
    assert set(found.values()) == {"text:工信灯〔2026〕7号"}
    assert set(found) == {"stage", "doc_number", "bodies.0"}


PIECES = st.sampled_from(
    [
        "工业和信息化部",
        "教育部",
        "财　政　部",
        "灯城人民政府",
        "国务院办公厅",
        "等五部门",
        "三部门",
        "关于",
        "印发",
        "转发",
        "《",
        "》",
        "灯具",
        "办法",
        "（征求意见稿）",
        "（第二稿）",
        "再次",
        "公开征求",
        "意见",
        "现向社会公开征求意见",
        "联合印发",
        "请于2026年10月１6日前反馈",
        "自公布之日起30日内",
        "的通知",
        "公告",
        "令",
        "第3号",
        "工信部联灯〔2026〕7号",
        "2026年第５号",
        "2026年9月16日",
        "名单",
        "【进行中】",
        "MIIT",
        "draft rules",
        " and five other ministries",
        " released ",
        "\n",
        "\r\n",
        " ",
        "\u3000",
        "\u200b",
        "\u2028",
        "İ",
        "。",
        "，",
        "、",
        "抄送：",
    ]
)
PHRASES = st.lists(PIECES, max_size=25).map("".join)


@given(PHRASES, PHRASES, PHRASES, st.sampled_from([None, "工信部联灯〔2026〕7号", "2026年第5号"]))
def test_every_span_has_words_of_its_field(
    title: str, text: str, notice: str, number: str | None
) -> None:
    facts = facts_of(title, text, notice=notice, published=DAY, doc_number=number)
    fields = {"title": title, "text": text, "notice": notice}
    said = [span.fact for span in facts.spans]
    assert len(said) == len(set(said))
    for span in facts.spans:
        field = fields[span.field]
        assert 0 <= span.start < span.end <= len(field)
        assert field[span.start : span.end].strip()
        name, _, place = span.fact.partition(".")
        if name not in ("effective", "targets", "cites", "companies"):  # what the paper itself says
            assert span.field != "text" or not notice
        value = getattr(facts, name)
        assert value[int(place)] if place else value is not None


@given(PHRASES, st.sampled_from(["\u3000", "\u00a0", "  ", " \u200b"]))
def test_facts_are_the_same_for_every_width_of_blank(title: str, blank: str) -> None:
    wide = f"{blank}{title.replace(' ', blank)}{blank}"
    bare, same = (facts_of(each, published=DAY) for each in (title, wide))
    assert replace(bare, spans=()) == replace(same, spans=())
    assert [span.fact for span in bare.spans] == [span.fact for span in same.spans]


@given(PHRASES)
def test_places_of_a_title_lead_back_to_it(title: str) -> None:
    parts = read_title(title)
    for start in range(len(parts.outer)):
        first, last = parts.in_whole(start, start + 1)
        assert parts.whole[first : first + 1] == parts.outer[start] or parts.outer[start] == "》"
        if parts.whole[first:last].strip():
            given_first, given_last = parts.as_given(title, first, last)
            assert title[given_first:given_last].strip()
