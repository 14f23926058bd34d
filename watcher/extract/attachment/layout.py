"""Lines of fixed-layout pages (PDF, OFD) to paragraphs: furniture taken off, wrapped lines joined.

Where a line stands says more than its words: most papers indent the first line of a paragraph by two
characters, and a line that is wrapped reaches the right margin.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from watcher.text import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Text on one base line. Lengths in the page's own unit."""

    text: str
    left: float
    right: float
    down: float
    """From the top of the page to its base."""
    size: float
    """Height of its characters."""
    columns: bool = False
    """There are gaps in it, as in the row of a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page with its lines in reading order."""

    width: float
    height: float
    lines: tuple[Line, ...]


def paragraphs(sheets: Iterable[Sheet]) -> list[str]:
    """The text of the pages, a paragraph per line; a sentence may run over a page's end."""
    bare = _without_furniture([replace(sheet, lines=_rows(sheet.lines)) for sheet in sheets])
    columns = _columns(bare)
    lines = [(line, columns[_shape(sheet)]) for sheet in bare for line in sheet.lines]
    joined = [line.text for line, _ in lines[:1]]
    for (before, column), (line, own) in pairwise(lines):
        if _runs_on(before, column, line, own):
            joined[-1] = _put_together(joined[-1], line.text)
        else:
            joined.append(line.text)
    return [text for raw in joined if (text := one_line(raw.replace(SOFT_HYPHEN, "-")))]


# ---------------------------------------------------------------- rows

SOFT_HYPHEN = "\u00ad"
"""At the end of a line: the word goes on in the next one."""
_SAME_ROW = 0.5  # of a character's height by which base lines may differ
_BLANK, _GAP = 0.4, 2.0  # of a character's height between two words, and between two columns


def _rows(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines put together that stand side by side."""
    rows: list[Line] = []
    for line in lines:
        last = rows[-1] if rows else None
        if (
            last is not None
            and abs(last.down - line.down) <= _SAME_ROW * min(last.size, line.size)
            and line.left >= last.right - _SAME_ROW * line.size
        ):
            gap = (line.left - last.right) / line.size
            rows[-1] = replace(
                last,
                text=last.text + (" " if gap > _BLANK else "") + line.text,
                right=line.right,
                columns=last.columns or gap > _GAP,
            )
        else:
            rows.append(line)
    return tuple(rows)


def _put_together(before: str, after: str) -> str:
    if before.endswith(SOFT_HYPHEN):
        return before[:-1] + after
    words = before[-1:].isascii() and after[:1].isascii()
    return f"{before} {after}" if words else before + after


# ---------------------------------------------------------------- furniture

_EDGE = 0.09  # of a page's height, at its top and bottom, where running heads stand
_NUMBER_EDGE = 0.15  # where page numbers stand: GB/T 9704 puts them 28 mm above the edge
_PAGE_NUMBER = re.compile(
    r"[-—–·\s]*(?:第\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*页)?(?:\s*[/，,]?\s*共?\s*\d{1,4}\s*页?)?[-—–·\s]*",
    re.I,
)
_ANNEX = re.compile(r"附[件录表]")
_DIGITS = re.compile(r"\d+")
_MOST_PAGES = 0.6  # on which text inside the page must stand to be a watermark or a table's head
_SHORT = 20  # characters of the longest; a form may repeat whole sentences


def _without_furniture(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages without page numbers, running heads and feet, and the repeats of a watermark.

    Text that stands at the same place of many pages is none of the paper's; where it is not at
    their edges it may be the head of a table, and its first appearance is kept.
    """
    pages = sum(1 for sheet in sheets if sheet.lines)
    places: dict[tuple[str, int, int], set[int]] = defaultdict(set)
    for at, sheet in enumerate(sheets):
        for line in sheet.lines:
            places[_place(sheet, line)].add(at)
    bare: list[Sheet] = []
    for at, sheet in enumerate(sheets):
        kept: list[Line] = []
        for line in sheet.lines:
            here = places[_place(sheet, line)]
            if _at_edge(sheet, line, _EDGE):
                furniture = len(here) >= (2 if pages < 5 else 3) and not _ANNEX.match(line.text)
            else:
                often = len(here) >= max(3, pages * _MOST_PAGES)
                furniture = often and len(line.text) <= _SHORT and at != min(here)
            if not furniture:
                kept.append(line)
        bare.append(_without_number(replace(sheet, lines=tuple(kept))))
    return bare


def _place(sheet: Sheet, line: Line) -> tuple[str, int, int]:
    """What furniture has in common from page to page: words, and height to 1/200 of the page."""
    text = "".join(line.text.split())
    if _at_edge(sheet, line, _EDGE):  # heads with page numbers; those stand left and right in turn
        return _DIGITS.sub("#", text), round(200 * line.down / sheet.height), 0
    return text, round(200 * line.down / sheet.height), round(200 * line.left / sheet.width)


def _at_edge(sheet: Sheet, line: Line, share: float) -> bool:
    return not share <= line.down / sheet.height <= 1 - share


def _without_number(sheet: Sheet) -> Sheet:
    """The page without the number above or below all of its text."""
    downs = [line.down for line in sheet.lines]
    lines = tuple(
        line
        for line in sheet.lines
        if not (
            line.down in (min(downs), max(downs))
            and _at_edge(sheet, line, _NUMBER_EDGE)
            and _PAGE_NUMBER.fullmatch(line.text)
        )
    )
    return replace(sheet, lines=lines)


# ---------------------------------------------------------------- wrapped lines

_OUTLIERS = 0.03  # share of lines that may stand outside the column of text
_FULL = 1.7  # characters by which punctuation may keep a wrapped line from the margin
_FLUSH = 0.8  # characters by which a line at the left margin may stand off it
_INDENT = (1.2, 3.2)  # characters by which first lines are indented
_INDENTED = 0.1  # share of lines from which a paper's first lines are indented
_OTHER_SIZE = 0.25
_LEADER = re.compile(r"(?<![.．…·])[.．…·]{3,}\s*\d{0,4}$")  # in a table of contents
_LATIN = 0.6  # of a character's height that a Latin letter is wide
_UNDIVIDED = re.compile(r"[!-~]{1,60}|.[）)】」』”’》〉、，。；：！？…]{1,4}")
_SENTENCE_END = re.compile(r"[。；！？：:;.!?][”’」』）)]?$")
_NEW_PARAGRAPH = re.compile(
    r"(?:第[\d一二三四五六七八九十百千零〇]{1,9}[编章节条]|[（(]?[一二三四五六七八九十]{1,3}[）)、]|[（(]?\d{1,3}[）)、.．]"
    r"|[①-⑳]|附[件录]|注[：:])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """Where the text of pages of one shape stands."""

    left: float
    right: float
    indented: bool
    """Paragraphs are told apart by their first lines."""


def _shape(sheet: Sheet) -> tuple[int, int]:
    return round(sheet.width), round(sheet.height)


def _columns(sheets: Iterable[Sheet]) -> dict[tuple[int, int], _Column]:
    by_shape: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for sheet in sheets:
        by_shape[_shape(sheet)] += sheet.lines
    columns: dict[tuple[int, int], _Column] = {}
    for shape, lines in by_shape.items():
        out = int(len(lines) * _OUTLIERS)
        left = sorted(line.left for line in lines)[out] if lines else 0.0
        right = sorted((line.right for line in lines), reverse=True)[out] if lines else 0.0
        offs = ((line.left - left) / line.size for line in lines)
        indents = sum(_INDENT[0] <= off <= _INDENT[1] for off in offs)
        columns[shape] = _Column(
            left=left, right=right, indented=indents >= max(1, len(lines) * _INDENTED)
        )
    return columns


def _runs_on(before: Line, column: _Column, line: Line, own: _Column) -> bool:
    """Whether `line` continues the paragraph of the line before it."""
    if before.columns or line.columns or _LEADER.search(before.text):
        return False
    if abs(before.size - line.size) > _OTHER_SIZE * before.size:
        return False
    # what cannot be divided goes to the next line as a whole, and leaves room on this one
    stuck = _UNDIVIDED.match(line.text)
    wide = sum(_LATIN if c.isascii() else 1 for c in stuck[0][1:]) if stuck else 0
    if column.right - before.right > (_FULL + wide) * before.size:
        return False
    ended = bool(_SENTENCE_END.search(before.text))
    begins = bool(_NEW_PARAGRAPH.match(line.text))
    if line.left - own.left <= _FLUSH * line.size:
        return not (ended and begins) if own.indented else not (ended or begins)
    if ended or begins:
        return False
    off, was_off = (line.left - own.left) / line.size, (before.left - column.left) / before.size
    if own.indented and _INDENT[0] <= min(off, was_off) and max(off, was_off) <= _INDENT[1]:
        return False
    block = was_off > _FLUSH and off > was_off - _FLUSH  # as a whole, or hanging under its number
    return block or (off > _INDENT[1] and _is_centred(line, own))  # the second line of a title


def _is_centred(line: Line, column: _Column) -> bool:
    return abs(line.left - column.left - (column.right - line.right)) <= 2 * line.size
