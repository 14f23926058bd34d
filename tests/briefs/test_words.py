"""The lines of a brief in words."""

from dataclasses import replace
from datetime import date

import pytest

from tests.briefs.papers import entry
from watcher.compiled import Body, Entry, Quote, Said
from watcher.model import DocType, Stage
from watcher.render.brief import words as say

MIIT = Body(code="MIIT", english="Ministry of Industry", chinese="工业部")
SOURCED = Quote(document=1, field="aka.0", start=0, end=5, text="Lamps", where="title")
NEWS = replace(entry(1, section="policy"), stage=Stage.FINAL, doc_type=DocType.MEASURES)


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (NEWS, "Lamps; 灯具"),  # a gloss says what the paper does
        (
            replace(NEWS, headline=Said(text="灯具局 · Notice on 灯具", template="gloss")),
            "灯具局 · Notice on 灯具",
        ),
        (replace(NEWS, headline=SOURCED), "Lamps; 灯具; final · measures"),
        (
            replace(NEWS, headline=Said(text="Lamps", template="machine translation, DeepL")),
            "Lamps; 灯具; final · measures",
        ),
        (replace(NEWS, headline=SOURCED, title_zh=None), "Lamps"),
        (replace(NEWS, headline=SOURCED, title_zh=None, withdrawn=True), "Lamps; withdrawn"),
    ],
)
def test_a_line_of_news_says_each_thing_once(made: Entry, text: str) -> None:
    assert say.news_text(made) == text


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (entry(1), "unknown"),
        (replace(entry(1), bodies=(MIIT,)), "Ministry of Industry (MIIT, 工业部)"),
        (
            replace(
                entry(1), bodies=(MIIT, Body(code=None, english=None, chinese="灯具局")), others=11
            ),
            "Ministry of Industry (MIIT, 工业部); 灯具局 and 11 more that the paper does not name",
        ),
        (replace(entry(1), others=3), "3 more that the paper does not name"),
    ],
)
def test_bodies_are_named_in_both_languages(made: Entry, text: str) -> None:
    assert say.bodies(made) == text


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2023, 9, 26), date(2023, 10, 24), "September 26 – October 24, 2023"),
        (date(2023, 12, 1), date(2024, 1, 31), "December 1, 2023 – January 31, 2024"),
        (date(2024, 1, 31), date(2024, 1, 31), "January 31, 2024"),
    ],
)
def test_periods(start: date, end: date, text: str) -> None:
    assert say.span(start, end) == text


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (entry(1), ""),
        (replace(NEWS, stage=Stage.DRAFT, round=2), "draft for comments (round 2) · measures"),
        (replace(NEWS, stage=Stage.LIST, doc_type=DocType.LIST), "list"),
        (replace(NEWS, stage=Stage.NEWS, doc_type=DocType.NEWS, withdrawn=True), "withdrawn"),
    ],
)
def test_kinds(made: Entry, text: str) -> None:
    assert say.kind(made) == text


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        (SOURCED, "“Lamps”"),
        (replace(SOURCED, cut=True), "“Lamps …”"),
        (replace(SOURCED, text="灯\u202e具\x07"), "“灯具”"),
    ],
)
def test_quotations(quote: Quote, text: str) -> None:
    assert say.quoted(quote) == text
