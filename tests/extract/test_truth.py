"""Real lists, feeds and endpoints against their answer key, read in place beside the checkout."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import yaml

from tests.real import shared
from watcher.errors import ExtractError
from watcher.extract.attachment import read_attachment
from watcher.extract.extractors import EXTRACTORS
from watcher.extract.paper.page import read_page
from watcher.model import Item, Page
from watcher.settings import Rule

Row = Mapping[str, Any]


def rows(*kinds: str) -> list[Row]:
    key = shared("sites/truth.yaml").read_text(encoding="utf-8")
    return [row for row in yaml.load(key, Loader=yaml.CSafeLoader) if row["as"] in kinds]


def page_of(row: Row) -> Page:
    return Page(url=row["url"], body=shared(f"sites/files/{row['file']}").read_bytes())


def fits(wanted: Any, got: Any) -> bool:
    choices = wanted["any"] if isinstance(wanted, dict) else [wanted]
    return got in choices


def text(value: Any) -> str | None:
    return str(value) if value is not None else None


def same(wanted: Mapping[str, Any], item: Item) -> bool:
    told = {
        "title": item.title,
        "url": item.url,
        "published": text(item.published),
        "deadline": text(item.deadline),
    }
    return all(fits(value, told[field]) for field, value in wanted.items())


def judged(row: Row) -> tuple[int, int]:
    """How many rows of a list are right, in order, of how many; a surplus row counts against it."""
    expected = row["expect"]
    try:
        items = EXTRACTORS[row["as"]](page_of(row), Rule())
    except ExtractError as exc:
        refusals = expected.get("error") or expected.get("or_error") or []
        return int(exc.reason.value in refusals), 1
    if "items" not in expected:
        return 0, 1
    by_name: dict[tuple[Any, Any], Row] = {}
    for one in expected["items"]:
        by_name.setdefault((one.get("title"), str(one.get("url"))), one)
    wanted = list(by_name.values())
    if expected.get("items_optional"):
        return int(len(items) <= len(wanted)), 1
    right = sum(same(one, item) for one, item in zip(wanted, items, strict=False))
    return right, max(len(wanted), len(items), 1)


@pytest.mark.parametrize("kind", ["endpoint", "feed", "listing"])  # the kinds the key has
def test_lists_are_read_as_their_key_says(kind: str) -> None:
    marks = {row["file"]: judged(row) for row in rows(kind)}
    wrong = {file: mark for file, mark in marks.items() if mark[0] != mark[1]}
    right, total = (sum(mark[n] for mark in marks.values()) for n in (0, 1))
    assert total > 0
    assert right / total >= 0.99, wrong


def marks_of(row: Row, page: Page) -> Counter[bool]:
    """Right and wrong answers about one paper's page, as far as this room gives them."""
    expected = row["expect"]
    paper = read_page(page)
    tight = tightened(paper.text)
    told = {
        "title": paper.title,
        "published": text(paper.published),
        "signed": text(paper.signed),
        "doc_number": paper.doc_number,
    }
    marks = Counter(fits(expected[field], told[field]) for field in told if field in expected)
    marks.update(tightened(s) in tight for s in expected["text_must_contain"])
    marks.update(tightened(s) not in tight for s in expected["text_must_not_contain"])
    marks.update(
        any(s in tight for s in edges(expected[key])) for key in ("text_starts", "text_ends")
    )
    addresses = sorted(a["url"] for a in expected["attachments"])
    marks[sorted(a.url for a in paper.attachments) == addresses] += 1
    return marks


def tightened(text: str) -> str:
    """`text` without blanks and with one width of punctuation, as the key quotes it."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def edges(quoted: str | list[str]) -> list[str]:
    return list(map(tightened, [quoted] if isinstance(quoted, str) else quoted))


def test_pages_are_read_as_their_key_says() -> None:
    marks = {row["file"]: marks_of(row, page_of(row)) for row in rows("page")}
    total = sum(marks.values(), Counter())
    assert total[True] / sum(total.values()) >= 0.99, {f: m for f, m in marks.items() if m[False]}


def test_no_real_page_is_said_to_contradict_itself() -> None:
    """On none of these do the witnesses name two papers, days or numbers: read by eye."""
    papers = {row["file"]: read_page(page_of(row)) for row in rows("page")}
    assert papers
    assert {file: paper.conflicts for file, paper in papers.items() if paper.conflicts} == {}


def test_pages_are_read_without_the_names_of_their_boxes() -> None:
    """A site that renames its classes is still read: what only known names find is little."""
    marks: Counter[bool] = Counter()
    for row in rows("page"):
        page = page_of(row)
        plain = re.sub(rb"""\s(?:class|id)\s*=\s*(?:"[^"]*"|'[^']*'|[\w-]+)""", b"", page.body)
        marks += marks_of(row, replace(page, body=plain))
    assert marks[True] / sum(marks.values()) >= 0.97


def test_attachments_are_read_as_their_key_says() -> None:
    wrong: list[str] = []
    read = 0
    for row in rows("attachment"):
        file = shared(f"sites/files/{row['file']}")
        got = read_attachment(file.read_bytes(), file.name)
        tight = "".join(got.text.split())
        texts = all("".join(s.split()) in tight for s in row["expect"].get("text_must_contain", []))
        if not fits(row["expect"]["kind"], got.kind) or (got.quality == "ok" and not texts):
            wrong.append(row["file"])
        read += got.quality == "ok"
    assert wrong == []
    assert read >= 10
