"""The figures that the seed briefs print, found in their items."""

from typing import Any

import yaml

from tests.real import shared
from watcher.facts.brief import read_brief
from watcher.model import Page, PolicyTarget


def comparable(value: object) -> str:
    """45000 and 45000.0 are one value; a range is (3, 5) here and 3-5 in the key."""
    if isinstance(value, tuple):
        return "-".join(comparable(end) for end in value)
    try:
        return f"{float(str(value)):.9g}"
    except ValueError:
        return str(value)


def says(found: PolicyTarget, value: object, year: int | None) -> bool:
    """A figure of the key without a year needs its value alone."""
    return comparable(found.value) == comparable(value) and year in (None, found.by_year)


def test_nine_in_ten_figures_are_found_and_few_that_are_none() -> None:
    rows: list[dict[str, Any]] = yaml.load(
        shared("gold/seed_items.yaml").read_bytes(), Loader=yaml.CSafeLoader
    )["items"]
    read: dict[tuple[str, str, int], tuple[PolicyTarget, ...]] = {}
    for name in sorted({row["file"] for row in rows}):
        body = shared(f"seeds/{name}").read_bytes()
        for item in read_brief(Page(url=f"https://example.org/{name}", body=body)).items:
            read[name, item.section, item.ordinal] = item.targets
    wanted = hit = given = right = 0
    for row in rows:
        key = [(want["value"], want["by_year"]) for want in row["targets"]]
        found = read.get((row["file"], row["section"], row["ordinal"]), ())
        wanted += len(key)
        hit += sum(any(says(one, *want) for one in found) for want in key)
        given += len(found)
        right += sum(any(says(one, *want) for want in key) for one in found)
    assert wanted >= 60
    assert hit / wanted >= 0.9, f"recall {hit}/{wanted}"
    assert right / given >= 0.8, f"precision {right}/{given}"
