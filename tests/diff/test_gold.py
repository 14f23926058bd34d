"""Five laws against their revisions, aligned by hand: floors a little under what was measured."""

import time
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.diff.lamps import blankless
from tests.diff.test_diff import check_laws
from tests.real import shared
from watcher.diff import TextDiff, diff_texts

MARGIN = 0.03
MEASURED = {
    "fanbuzhengdang-2019-2025": 1.0,
    "hunyin-dengji-2003-2025": 1.0,
    "kuaijifa-2017-2024": 1.0,
    "zhian-2012-2025": 1.0,
    "zhongxiaoqiye-kuanxiang-2020-2025": 0.987,
}


def texts(folder: Path) -> tuple[str, str]:
    return (folder / "draft.txt").read_text("utf-8"), (folder / "final.txt").read_text("utf-8")


def paired(diff: TextDiff) -> set[tuple[str, str]]:
    """(final, draft), with NEW and DELETED where there is no partner."""
    return {
        pair
        for entry in diff.entries
        for pair in product(entry.new or ("DELETED",), entry.old or ("NEW",))
    }


def keyed(key: dict[str, Any]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The pairs that must be found, and those that may."""
    must: set[tuple[str, str]] = set()
    may: set[tuple[str, str]] = set()
    for row in key["alignment"]:
        final = str(row["final"])
        must |= {(final, str(draft)) for draft in row["draft"] or ["NEW"]}
        may |= {(final, str(draft)) for draft in row.get("also_some_text_from_draft") or []}
    for gone in key.get("deleted_from_draft") or []:
        must.add(("DELETED", str(gone["draft"] if isinstance(gone, dict) else gone)))
    return must, may - must


@pytest.mark.parametrize("slug", sorted(MEASURED))
def test_alignment(slug: str) -> None:
    folder = shared(f"gold/pairs/{slug}")
    old, new = texts(folder)
    started = time.process_time()
    diff = diff_texts(old, new)
    assert time.process_time() - started < 1
    check_laws(old, new, diff)
    must, may = keyed(yaml.safe_load((folder / "alignment.yaml").read_text("utf-8")))
    found = paired(diff) - may
    f1 = 2 * len(found & must) / (len(found) + len(must))
    assert f1 >= MEASURED[slug] - MARGIN
    assert not diff.coarse


@pytest.mark.parametrize("slug", sorted(MEASURED))
def test_alignment_the_other_way_round_and_in_full_width(slug: str) -> None:
    old, new = texts(shared(f"gold/pairs/{slug}"))
    wide = new.translate({n: n + 0xFEE0 for n in range(0x30, 0x3A)} | {ord("，"): ","})
    found = paired(diff_texts(old, new))
    assert paired(diff_texts(old, wide)) == found
    names = {"NEW": "DELETED", "DELETED": "NEW"}
    back = {
        (names.get(a, a), names.get(b, b)) for b, a in paired(diff_texts(new, old))
    }  # the final's number first again
    assert 2 * len(back & found) / (len(back) + len(found)) >= 0.95


@pytest.mark.parametrize("slug", sorted(MEASURED))
def test_a_paper_against_itself_is_the_same(slug: str) -> None:
    _, new = texts(shared(f"gold/pairs/{slug}"))
    diff = diff_texts(new, new)
    assert {entry.op for entry in diff.entries} == {"same"}
    assert [op for passage in diff.flow for op, _ in passage.hunks if op != "equal"] == []
    assert blankless("".join(t for p in diff.flow for _, t in p.hunks)) == blankless(new)
