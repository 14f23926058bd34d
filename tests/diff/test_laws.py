"""What holds for every pair of texts."""

import hashlib
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.diff.lamps import DRAFT, FINAL, ORDER, regulation
from tests.diff.test_diff import EDITS, LINES, edited
from watcher.diff import diff_texts

STATED = ORDER[:9]
"""Clauses without stock phrases."""


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    diff = diff_texts(text, text)
    assert {entry.op for entry in diff.entries} <= {"same"}
    assert all(op == "equal" for passage in diff.flow for op, _ in passage.hunks)
    assert (diff.replacements, diff.coarse) == ((), False)
    assert not any(entry.substantive or entry.followed for entry in diff.entries)


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(len(STATED))))
def test_a_permutation_is_told_as_moves_alone(order: list[int]) -> None:
    names = [STATED[n] for n in order]
    diff = diff_texts(regulation(*STATED), regulation(*names))
    pairs = [(int(entry.old[0]) - 1, int(entry.new[0]) - 1) for entry in diff.entries]
    assert [order[new] for _, new in pairs] == [old for old, _ in pairs]
    assert {entry.op for entry in diff.entries} <= {"same", "renumbered", "moved"}
    stay = [old for entry, (old, _) in zip(diff.entries, pairs, strict=True) if entry.op != "moved"]
    assert all(a < b for a, b in pairwise(stay))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(STATED) - 1), st.integers(0, len(STATED) - 1))
def test_one_article_carried_off_is_one_move(gone: int, to: int) -> None:
    names = list(STATED)
    names.insert(to, names.pop(gone))
    diff = diff_texts(regulation(*STATED), regulation(*names))
    moved = [(entry.old, entry.new) for entry in diff.entries if entry.op == "moved"]
    if abs(gone - to) > 1:  # of two neighbours that change places, the shorter has moved
        assert moved == [((str(gone + 1),), (str(to + 1),))]
    else:
        assert len(moved) == abs(gone - to)


@settings(max_examples=60, deadline=None)
@given(EDITS)
def test_the_same_texts_give_the_same_bytes(edits: list[tuple[str, int]]) -> None:
    old, new = regulation(*ORDER[:7]), edited(edits)
    assert repr(diff_texts(old, new)) == repr(diff_texts(old, new))


SCRIPT = """
import hashlib, sys
from tests.diff.lamps import DRAFT, FINAL
from watcher.diff import diff_texts
print(hashlib.sha256(repr(diff_texts(DRAFT, FINAL)).encode()).hexdigest())
"""


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_another_process_gives_the_same_bytes(seed: str) -> None:
    """Python deals its hashes, and so the order of its sets, anew in every process."""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        check=True,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
    )
    here = hashlib.sha256(repr(diff_texts(DRAFT, FINAL)).encode()).hexdigest()
    assert done.stdout.strip() == here
