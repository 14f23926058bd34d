"""How surely changes of substance are told from others, on invented articles written before the rules."""

from collections import Counter

import pytest

from tests.diff.changes import OTHER, OTHER_TOO, SUBSTANTIVE, SUBSTANTIVE_TOO
from watcher.diff import diff_texts
from watcher.diff.substance import KINDS


def told(old: str, new: str) -> frozenset[str]:
    (entry,) = diff_texts(f"第一条 {old}", f"第一条 {new}").entries
    return frozenset(mark.kind for mark in entry.substantive)


ROWS = [
    (old, new, frozenset(kinds.split())) for old, new, kinds in (*SUBSTANTIVE, *SUBSTANTIVE_TOO)
]
ROWS += [(old, new, frozenset()) for old, new in (*OTHER, *OTHER_TOO)]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_found_and_seldom_wrongly(kind: str) -> None:
    count = Counter((kind in wanted, kind in told(old, new)) for old, new, wanted in ROWS)
    right, missed, wrong = count[True, True], count[True, False], count[False, True]
    assert right / (right + missed) >= 0.9
    assert right / (right + wrong) >= 0.95


def test_what_changes_nothing_of_substance_is_left_alone() -> None:
    noise = [(old, new) for old, new, wanted in ROWS if not wanted and told(old, new)]
    assert noise == []
