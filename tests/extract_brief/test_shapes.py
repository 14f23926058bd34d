"""One brief in many shapes is read alike; odd lines around it change nothing."""

from contextlib import suppress
from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extract_brief.sample import MARKDOWN
from tests.extract_brief.shapes import LABELS, TEXTS, WEB, Text, marks, same
from watcher.errors import ExtractError
from watcher.extract.brief.brief import RawItem, brief_outline
from watcher.facts.day import english_days

BRIEF = brief_outline(MARKDOWN)


def told(item: RawItem) -> dict[str, object]:
    """What must stay of an item, without what shapes may change: blanks, the form of its date."""
    days = [(day.month, day.day, day.year) for day in english_days(item.date)]
    return {
        "place": (item.section, item.ordinal),
        "title": item.title,
        "days": days,
        "bullets": item.bullets,
        "glance": item.glance,
        "papers": (item.doc_title_en, item.doc_title_zh),
        "bodies": item.bodies,
        "sources": item.sources,
    }


def in_order(items: tuple[RawItem, ...]) -> list[dict[str, object]]:
    rank = ("top5", "policy", "corporate")
    return list(map(told, sorted(items, key=lambda i: (rank.index(i.section), i.ordinal))))


WANTED = in_order(BRIEF.items)


@pytest.mark.parametrize("shape", TEXTS.values(), ids=TEXTS)
def test_texts(shape: Text) -> None:
    read = brief_outline(shape.write(BRIEF)).items
    assert in_order(read) == WANTED
    comments = [item.comment for item in BRIEF.items] if shape.labels[1] else [""] * len(read)
    assert sorted(item.comment for item in read) == sorted(comments)


@pytest.mark.parametrize("shape", WEB)
def test_pages(shape: str) -> None:
    assert in_order(brief_outline(WEB[shape].write(BRIEF)).items) == WANTED


@pytest.mark.parametrize("count", [1, 3, 4, 6, 9])
def test_any_number_of_leading_papers(count: int) -> None:
    (first, *_), news = BRIEF.items, BRIEF.items[3:]
    leading = [replace(first, ordinal=n, title=f"Lamp plan {n}") for n in range(1, count + 1)]
    text = Text().write(replace(BRIEF, items=(*leading, *news)))
    read = brief_outline(text).items
    assert [item.title for item in read if item.section == "top5"] == [i.title for i in leading]
    assert len(read) == count + len(news)


@given(
    st.builds(
        Text,
        number=st.sampled_from(["{n}. ", "{n}) ", "#{n} ", ""]),
        heading=st.sampled_from(["{}", "**{}**", "### {}"]),
        bullet=st.sampled_from(list(map(marks, ("•", "-", "*", "–", "{}.")))),
        news=st.sampled_from(["{date}: {rest}", "{date} – {rest}", "*{date}:* {rest}"]),
        labels=st.sampled_from([LABELS, TEXTS["other labels"].labels]),
        names=st.sampled_from([TEXTS[name].names for name in ("Updates", "longer names", "capitals")]),
        order=st.permutations("tpc").map("".join),
        above=st.sampled_from(["", "In focus", "# Lantern\n\nA lamp seen from below"]),
        date=st.sampled_from([same, TEXTS["day first"].date, TEXTS["short months"].date]),
    )
)  # fmt: skip
def test_shapes_combine(shape: Text) -> None:
    assert in_order(brief_outline(shape.write(BRIEF)).items) == WANTED


@given(st.sampled_from(["html", "text"]), st.text(max_size=200), st.integers(0, 60))
def test_whatever_stands_between_does_no_harm(form: str, line: str, at: int) -> None:
    """No line of rubbish makes the reader fail, or the papers after the next heading go."""
    text = WEB["blocks"].write(BRIEF) if form == "html" else Text().write(BRIEF)
    rows = text.split("\n")
    rows.insert(min(at, len(rows)), line)
    read = brief_outline("\n".join(rows)).items
    assert read


@pytest.mark.parametrize(
    "text",
    [
        "1. A\n" * 4000,
        "Date: x\n" * 4000,
        "# A\n" * 4000 + "At a glance: x",
        "Policy news\n• " + "a (" * 20_000,
        "At a glance: " + "comment " * 20_000,
        "**" * 20_000 + "\nTitle\nAt a glance: x",
        "Title\nAt a glance: x\n" + "[" * 20_000,
        "Policy news\n• May 4: a" + " Source: b" * 8_000,
    ],
    ids=["numbers", "dates", "headings", "brackets", "words", "stars", "links", "sources"],
)
def test_hostile_texts_end_in_time(text: str) -> None:
    started = perf_counter()
    with suppress(ExtractError):
        brief_outline(text)
    assert perf_counter() - started < 5  # they take a tenth; a reader that goes back takes minutes
