"""What a paper sets and names, put together from title, text and cover letter."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.facts import facts_of
from watcher.model import Citation, PolicyTarget

TITLE = "灯具局关于印发《灯具产业规划》的通知"
PLAN = """灯具产业规划
根据《中华人民共和国灯具法》，制定本规划。
一、主要目标
到2030年，培育灯具骨干企业超过500家。
《灯具产业旧规划》同时废止。
灯塔照明股份有限公司等企业参加试点。"""
LETTER = "现将规划印发给你们，自2027年5月1日起施行。\n灯具局\n2026年9月16日"
CALL = "关于公开征求《灯具办法（征求意见稿）》意见的通知"
ASKING = (
    "现公开征求意见。请于2026年10月16日前将意见发至 lamps@example.gov.cn。\n灯具局\n2026年9月16日"
)
ARTICLES = "灯具办法\n第一条 依据《灯具条例》，制定本办法。\n第二条 本办法自2027年1月1日起施行。"


def said(title: str, text: str, notice: str = "") -> dict[str, str]:
    """For each of these facts with a span: field:words."""
    facts = facts_of(title, text, notice=notice, published=date(2026, 9, 16))
    fields = {"title": title, "text": text, "notice": notice}
    names = ("effective", "comments_to", "targets", "cites", "companies")
    return {
        span.fact: f"{span.field}:{fields[span.field][span.start : span.end]}"
        for span in facts.spans
        if span.fact.startswith(names)
    }


def test_a_final_in_its_cover_letter() -> None:
    facts = facts_of(TITLE, PLAN, notice=LETTER, published=date(2026, 9, 16))
    assert facts.effective == date(2027, 5, 1)
    assert facts.targets == (
        PolicyTarget(quantity="灯具骨干企业", value=500, unit="家 (min)", by_year=2030),
    )
    assert facts.cites == (
        Citation(title="灯具产业规划", relation="issues"),
        Citation(title="中华人民共和国灯具法", relation="basis"),
        Citation(title="灯具产业旧规划", relation="repeals"),
    )
    assert facts.companies == ("灯塔照明股份有限公司",)
    assert facts.comments_to == ()
    assert said(TITLE, PLAN, LETTER) == {
        "effective": "notice:2027年5月1日",
        "targets.0": "text:灯具骨干企业超过500家",
        "cites.0": "title:灯具产业规划",
        "cites.1": "text:中华人民共和国灯具法",
        "cites.2": "text:灯具产业旧规划",
        "companies.0": "text:灯塔照明股份有限公司",
    }


def test_a_draft_takes_no_effect_and_does_not_cite_itself() -> None:
    facts = facts_of(CALL, ARTICLES, notice=ASKING, published=date(2026, 9, 16))
    assert facts.effective is None
    assert facts.comments_to == ("lamps@example.gov.cn",)
    assert facts.cites == (Citation(title="灯具条例", relation="basis"),)
    assert said(CALL, ARTICLES, ASKING) == {
        "comments_to.0": "notice:lamps@example.gov.cn",
        "cites.0": "text:灯具条例",
    }


@pytest.mark.parametrize(
    ("signed", "expected"),
    [(None, date(2026, 9, 16)), (date(2026, 9, 1), date(2026, 9, 1))],
)
def test_from_its_own_day_on(signed: date | None, expected: date) -> None:
    text = "本办法自公布之日起施行。"
    facts = facts_of("灯具办法", text, published=date(2026, 9, 16), signed=signed)
    assert facts.effective == expected


PHRASES = st.lists(
    st.sampled_from(
        [
            "到2030年，培育灯具企业超过500家。",
            "根据《灯具法》，制定本办法。",
            "《旧办法》同时废止。",
            "本办法自2027年5月1日起施行。",
            "请将意见发至 a@b.gov.cn。",
            "灯塔照明股份有限公司",
            "关于印发《灯具办法》的通知",
            "关于公开征求《灯具办法》意见的通知",
            "\n",
            "　",
            "\u200b",
            "Ａ",
        ]
    ),
    max_size=12,
).map("".join)


@given(title=PHRASES, text=PHRASES, notice=PHRASES)
def test_every_place_holds_words(title: str, text: str, notice: str) -> None:
    facts = facts_of(title, text, notice=notice, published=date(2026, 9, 16))
    fields = {"title": title, "text": text, "notice": notice}
    for span in facts.spans:
        assert 0 <= span.start < span.end <= len(fields[span.field])
    several = ("comments_to", "targets", "companies", "cites")
    counts = {name: sum(s.fact.startswith(f"{name}.") for s in facts.spans) for name in several}
    assert counts == {name: len(getattr(facts, name)) for name in several}
