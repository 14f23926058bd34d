"""Who signs a paper and when: the names of bodies below its text, and the date under them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from watcher.text import find_date, normalize

_SHORTEST, _LONGEST = 8, 60  # characters of a line that ends with a date: 2026-9-4
_BEFORE = 40  # characters of what stands right above a signature's date
_MOST = 40  # bodies that sign together
_BODY = re.compile(
    r"[\u4e00-\u9fff（）·]{2,30}?(?:部|委|局|署|院|厅|办公室|政府|行|会|公司|总社|中心|秘书处|交易所|(?<![主承协督])办)"
    r"(?:（[^（）]{1,12}）)?"
)
_ENDS = tuple("日号)）0123456789 \u3000")
_STOPS = re.compile(r"[。；：:;，,！？《》]$")


@dataclass(frozen=True, slots=True)
class Signature:
    bodies: tuple[str, ...]
    """As worded, in order; empty where only a date or a person signs."""
    day: date
    lines: tuple[int, ...] = ()
    """The number of the line each body stands on."""


def signature(lines: Sequence[str]) -> Signature | None:
    """The first signature in a text, or None.

    A notice that issues a text is signed before that text, so the first dated line with a short line
    above it counts, else a date at the very end. Bodies stand each on a line or several on one,
    with the date below them or behind the last (商务部 2026年9月4日).
    """
    for at, line in enumerate(lines):
        if (
            not _SHORTEST <= len(line) <= _LONGEST
            or not line.endswith(_ENDS)
            or "\t" in line.strip()
        ):
            continue  # a row of a table (its cells apart by tabs) with a date is no signature
        if (found := _dated(line)) is None:
            continue
        name, day = found
        if name:
            if names := bodies_in(name):
                return _signed([*_above(lines, at), *((body, at) for body in names)], day)
            continue
        before = lines[at - 1] if at else ""
        if before and len(before) <= _BEFORE and not _STOPS.search(before):
            return _signed(_above(lines, at), day)
    last = (_dated(line) for line in lines[-3:] if len(line) <= _LONGEST)
    return next((Signature((), found[1]) for found in last if found and not found[0]), None)


def _dated(line: str) -> tuple[str, date] | None:
    """What stands before the date that a line ends with, and that date."""
    words = normalize(line).split()
    for text in (" ".join(words), "".join(words)):  # 二〇二 六年 is read without its blanks
        text = text.strip("（）() ")
        found = find_date(text)
        if found is not None and found[2] == len(text):
            return text[: found[1]].strip(), found[0]
    return None


def _signed(named: Sequence[tuple[str, int]], day: date) -> Signature:
    return Signature(tuple(name for name, _ in named), day, tuple(at for _, at in named))


def _above(lines: Sequence[str], at: int) -> list[tuple[str, int]]:
    """The bodies on the lines right above line `at`, each with its line."""
    named: list[tuple[str, int]] = []
    for above in range(at - 1, max(at - _MOST, 0) - 1, -1):
        found = bodies_in(lines[above]) if len(lines[above]) <= _LONGEST else ()
        if not found:
            break
        named[:0] = ((name, above) for name in found)
    return named


_SPREAD = re.compile(r"(?<![^\s、])([\u4e00-\u9fff])\s(?=[\u4e00-\u9fff](?:[\s、]|$))")


def bodies_in(line: str) -> tuple[str, ...]:
    """The names in a line that holds nothing but names of bodies, else (); 财 政 部 is one name."""
    names = re.split(r"[\s、]+", _SPREAD.sub(r"\1", normalize(line).strip()))
    return tuple(names) if all(_BODY.fullmatch(name) for name in names) else ()
