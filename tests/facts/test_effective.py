"""From when a paper is in force: its own sentence, and those that speak of something else."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.facts.effects import EFFECTS, MEASURES, TRAPS, Case
from watcher.facts.effective import effective_date
from watcher.facts.spanned import Spanned

PUBLISHED, SIGNED = date(2026, 9, 16), date(2026, 9, 10)


def read(title: str, text: str) -> Spanned[date] | None:
    return effective_date(title, text, published=PUBLISHED, signed=SIGNED)


@pytest.mark.parametrize("case", EFFECTS, ids=lambda case: case.text[:40])
def test_the_day_is_read_and_its_place_told(case: Case) -> None:
    found = read(case.title, case.text)
    assert found is not None
    assert found.value.isoformat() == case.on
    assert case.text[found.start : found.end] == case.words


@pytest.mark.parametrize("case", TRAPS, ids=lambda case: case.text[:40])
def test_the_effect_of_something_else_is_not_the_papers(case: Case) -> None:
    assert read(case.title, case.text) is None


@pytest.mark.parametrize(
    ("published", "signed", "expected"),
    [
        (PUBLISHED, SIGNED, SIGNED),
        (PUBLISHED, None, PUBLISHED),
        (None, SIGNED, SIGNED),
        (None, None, None),
    ],
)
def test_publication_is_the_day_of_signing_else_the_sites(
    published: date | None, signed: date | None, expected: date | None
) -> None:
    found = effective_date(MEASURES, "本办法自公布之日起施行。", published=published, signed=signed)
    assert (found.value if found else None) == expected


@given(st.sampled_from(EFFECTS), st.text("灯。\u200b \n\r\t\u3000", max_size=40))
def test_the_place_indexes_the_text_as_given(case: Case, lead: str) -> None:
    found = read(case.title, lead + "\n" + case.text)
    assert found is not None
    assert (lead + "\n" + case.text)[found.start : found.end] == case.words


@pytest.mark.parametrize(
    "piece",
    ["自", "自2027年5月1日", "本办法自2027年5月1日起施行，", "《", "施行", "本", "自公布之日起",
     "实施日期：", "effect on ", "effect on May 1, 2027 ", "\n", "第", " ", "百", "在全国"],
)  # fmt: skip
def test_no_text_holds_the_reader_up(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    begun = process_time()
    effective_date(MEASURES, text, published=date.max, signed=date.max)
    assert process_time() - begun < 1.0
