"""English papers: cut by Article, or by Section where there are no Articles; Chapters are headings."""

import pytest

from tests.diff.lamps import blankless
from tests.diff.test_articles import cut
from tests.diff.test_diff import told
from watcher.diff import diff_texts
from watcher.diff.articles import split_pair

LAW = """Measures for Smart Lamp Data
Contents
Chapter I General Provisions
Chapter II Duties
Chapter I General Provisions
Article 1 These Measures are made to protect the data of lamps.
Article 2 Operators of lamps within the territory shall abide by these Measures.
Chapter II Duties
Article 3 An operator shall report a leak within thirty days.
Article 2 of this law applies to reports.
Article 4 Whoever violates Article 3 shall be fined not more than 50,000 yuan.
Bureau of Lamps
1 March 2026
Annex 1: Catalogue of lamps
"""
REVISED = (
    LAW.replace("Article 4 Whoever violates Article 3", "Article 5 Whoever violates Article 4")
    .replace("Article 3 An operator", "Article 4 An operator")
    .replace("thirty", "fifteen")
    .replace("Chapter II Duties\nArticle 4", "Chapter II Duties\nArticle 3 The catalogue of important lamps is issued by the Bureau.\nArticle 4")
)  # fmt: skip


def test_articles_chapters_contents_signature_and_annex() -> None:
    blocks, _, unit = split_pair(LAW, REVISED)
    assert unit == "article"
    assert [f"{b.kind} {b.number}".strip() for b in blocks] == [
        "preamble", "heading", "article 1", "article 2", "heading", "article 3", "article 4", "tail",
    ]  # fmt: skip
    assert blankless("".join(b.whole for b in blocks)) == blankless(LAW)
    assert blocks[-1].text.startswith("Bureau of Lamps")


def test_a_revision_in_english() -> None:
    diff = diff_texts(LAW, REVISED)
    assert told(diff) == "same 1>1, same 2>2, inserted >3, changed 3>4, renumbered 4>5"
    assert ("delete", "thirty") in diff.entries[3].hunks
    assert diff.entries[4].followed == (("Article 3", "Article 4"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "ARTICLE I Lamps\nText.\nARTICLE II Bulbs\nText.",
            ["article 1 Lamps", "article 2 Bulbs"],
        ),
        (
            "Art. 1. Lamps\nArt. 2. Bulbs",
            ["article 1 Lamps", "article 2 Bulbs"],
        ),
        (
            "Article 12 Lamps.\nArticle 12a Bulbs.\nArticle 13 Shades.",
            ["article 12 Lamps.", "article 12.1 Bulbs.", "article 13 Shades"],
        ),
        (
            "Chapter 1 Scope\nSection 1. Lamps.\nSection 2. Bulbs.\nSection 1(2) shall apply.",
            ["heading Chapte", "article 1 Lamps.", "article 2 Bulbs."],
        ),
        (
            "Section 1 General\nArticle 1 Lamps.\nArticle 2 Bulbs.",
            ["heading Sectio", "article 1 Lamps.", "article 2 Bulbs."],
        ),
        (
            "Article 1 Lamps.\nArticle 2 Bulbs.\nANNEX A\nArticle 1 Forms.",
            ["article 1 Lamps.", "article 2 Bulbs.", "tail ANNEX"],
        ),
        (
            "Article 1 Lamps.\nArticle 1 shall apply to bulbs.\nArticle 2 Bulbs.",
            ["article 1 Lamps.", "article 2 Bulbs."],
        ),
        ("Lamps are lit.\n\nBulbs are not.", ["article 1 Lamps", "article 2 Bulbs"]),
    ],
)
def test_cut_english(text: str, expected: list[str]) -> None:
    found = [line.split("\n")[0].strip() for line in cut(text)]
    assert len(found) == len(expected)
    assert all(
        line.startswith(want[: len(line)]) for line, want in zip(found, expected, strict=True)
    )
