"""Find the headings of plans and guidelines (一、 （一） 1. 1.1 （1）) and what stands over each. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_CN = r"[一二三四五六七八九十]{1,3}"
_DECIMAL = r"[0-9０-９]{1,2}(?:[.．][0-9０-９]{1,2}){1,4}"
_LABEL = re.compile(
    r"\s*(?:(?P<part>第[一二三四五六七八九十]+部分)[\s、：:]*"
    rf"|{_CN}\s*[、．.]\s*"
    rf"|[（(]\s*{_CN}\s*[）)]\s*"
    r"|[（(]\s*\d{1,2}\s*[）)]\s*"
    rf"|(?P<decimal>{_DECIMAL})[.．、]?(?=[^\d.．])\s*"
    r"|\d{1,2}\s*[.．、](?!\d)\s*)"
)
_BARE = re.compile(r"\s*(?P<n>\d{1,2})[ \u3000\t]+(?=[^\d\s])")
"""1 范围: how standards number their chapters; so begin the rows of many tables too."""
_CAPTION = 30
"""Characters of a heading; a first line that is longer is text."""
_SENTENCE = re.compile("[。；，：,;]")
_FOREWORD = re.compile(r"(?:前\s*言|引\s*言|序\s*言|编制说明)\s*(?:\n|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The label that a line begins with."""

    label: str
    rest: int
    """Where the line goes on after the label."""


def openings(lines: Sequence[str]) -> dict[int, Opening]:
    """Lines that open a section.

    10.00 D is a measure and 3.5 毫米 a length, though they look like 1.1: a decimal counts as a
    label when its last number is 1 or follows one that is there. A bare 1 范围 counts where 1.1
    hangs under such numbers, in their order.
    """
    found = {at: m for at, line in enumerate(lines) if line.strip() and (m := _LABEL.match(line))}
    decimals = {at: _parts(m["decimal"]) for at, m in found.items() if m["decimal"]}
    known = {parts for parts in decimals.values() if parts}
    for at, parts in decimals.items():
        near = [(*parts[:-1], parts[-1] + step) for step in (-1, 1)] if parts else []
        if not parts or (parts[-1] != 1 and not known & set(near)):
            del found[at]
            known.discard(parts)
    found |= dict(_bare(lines, found, {parts[0] for parts in known}))
    return {at: Opening(label=m[0].strip(), rest=m.end()) for at, m in sorted(found.items())}


def _parts(decimal: str) -> tuple[int, ...]:
    """1.2.3 as numbers; empty for 10.00 and 1.05, which number nothing."""
    parts = re.split("[.．]", decimal)
    return (
        () if any(int(part) == 0 or part[0] in "0０" for part in parts) else tuple(map(int, parts))
    )


def _bare(
    lines: Sequence[str], found: dict[int, re.Match[str]], chapters: set[int]
) -> Iterator[tuple[int, re.Match[str]]]:
    last = 0
    for at, line in enumerate(lines):
        if at in found or not (match := _BARE.match(line)):
            continue
        if int(match["n"]) == last + 1 and is_caption(line[match.end() :]):
            last += 1
            if chapters:
                yield at, match


def is_caption(line: str) -> bool:
    """Whether a section's first line names it rather than says something."""
    return 0 < len(line.strip()) <= _CAPTION and not _SENTENCE.search(line)


def is_foreword(text: str) -> bool:
    return bool(_FOREWORD.match(text))


def is_labelled(line: str) -> bool:
    return bool(_LABEL.match(line))


_DIGITS = re.compile("[0-9]+")
_CHINESE = re.compile("[一二三四五六七八九十]+")


def above(labels: Sequence[str]) -> list[tuple[str, ...]]:
    """For each label of a text in its order, those it hangs under, from the top down.

    Labels of one shape are on one level: what stands between two of them hangs under the first.
    """
    paths = []
    stack: list[tuple[str, str]] = []
    for label in labels:
        plain = unicodedata.normalize("NFKC", label).rstrip(" .、:")
        shape = _CHINESE.sub("一", _DIGITS.sub("1", plain))
        shapes = [known for known, _ in stack]
        if shape in shapes:
            del stack[shapes.index(shape) :]
        paths.append(tuple(known for _, known in stack))
        stack.append((shape, label))
    return paths
