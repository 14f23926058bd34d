"""The five seed briefs: every item of the answer key at its place, nothing besides."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.real import SHARED, shared
from watcher.facts.brief import brief_items, read_brief
from watcher.model import Brief, Page

SEEDS = sorted(path.name for path in (SHARED / "seeds").glob("*.txt")) or ["absent.txt"]


@cache
def gold() -> list[dict[str, Any]]:
    path = shared("gold/seed_items.yaml")
    rows: list[dict[str, Any]] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)["items"]
    return rows


def read(path: Path) -> Brief:
    return read_brief(Page(url=f"https://example.org/{path.name}", body=path.read_bytes()))


@pytest.mark.parametrize("name", SEEDS)
def test_every_item_and_no_other(name: str) -> None:
    brief = read(shared(f"seeds/{name}"))
    want = {(row["section"], row["ordinal"]): row for row in gold() if row["file"] == name}
    found = {(item.section, item.ordinal): item for item in brief.items}
    assert found.keys() == want.keys()
    for key, item in found.items():
        row = want[key]
        dates = {row["date"], *(row.get("date_also") or ())}
        assert (item.dated and item.dated.isoformat()) in dates
        assert item.stage == row["stage"]
        assert item.doc_title_zh == row.get("doc_title_zh")
        assert Counter(item.sources) == Counter(row["sources"])


@pytest.mark.parametrize("name", SEEDS)
def test_items_of_a_brief_have_keys_of_their_own(name: str) -> None:
    items = brief_items(read(shared(f"seeds/{name}")), "https://example.org/b")
    assert len({item.key for item in items}) == len(items)
