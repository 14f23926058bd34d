"""A diff on a terminal, wrapped by display width, with or without colour."""

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from watcher.diff import Hunk, TextDiff, summary
from watcher.diff.points import summary_zh, weightiest
from watcher.render.diff.titles import (
    MARKS,
    DiffTitles,
    clean,
    headings,
    quiet,
    reason,
    replaced,
    verdict,
)
from watcher.render.scraped import clean as one_line

Cell = tuple[str, str]
"""A piece of text that is not broken, and its op; ("\\n", op) ends a line."""

_COLOURS = {"equal": "", "delete": "\x1b[31;9m", "insert": "\x1b[32;4m"}
_GLANCE = 3
"""Entries that are taken in at once: the weightiest of so few need not be named first."""
_RESET, _BOLD = "\x1b[0m", "\x1b[1m"
# No line begins with a closing mark or ends with an opening one (GB/T 15834, 5.1.10).
_PIECE = re.compile(
    r"\n|[ \t]+|[“‘《〈「『【〔（(\[{]*"
    r"(?:[A-Za-z0-9][A-Za-z0-9.,:/%_-]*|[^\n \t])"
    r"[，。、；：？！”’》〉」』】〕）),.;:?!\]}…]*"
)


def diff_text(
    diff: TextDiff,
    titles: DiffTitles,
    *,
    width: int = 100,
    colour: bool = False,
    show_all: bool = False,
) -> str:
    """What happened in five lines, then the changed articles in order.

    What is the same or only renumbered is counted. `width` is in columns, a Chinese character
    taking two. Without `colour` a deletion is [-so-] and an insertion {+so+}. Of a changed article
    only the paragraphs with changes are shown, unless `show_all`, which also lists what is the
    same.
    """
    names = headings(diff)
    lines = [*_head(diff, titles, names, width, colour), ""]
    for name, found in (
        ("preamble", diff.preamble),
        ("headings", diff.headings),
        ("tail", diff.tail),
    ):
        if name == "tail":
            for title, entry in zip(names, diff.entries, strict=True):
                if show_all or not quiet(entry):
                    said = f"{title}   {verdict(entry)}"
                    lines += _section(said, entry.hunks, width, colour, show_all)
        if any(op != "equal" for op, _ in found) or (show_all and found):
            lines += _section(name, found, width, colour, show_all)
    counts = [(op, diff.stats[op]) for op in ("same", "renumbered") if diff.stats[op]]
    if counts and not show_all:
        told = ", ".join(f"{n} {'renumbered only' if op != 'same' else op}" for op, n in counts)
        lines.append(f"…  {told} (--all shows them)")
    if diff.coarse:
        lines.append(
            "note: some of this was too large to compare closely: it may be shown as replaced"
        )
    return "\n".join(lines) + "\n"


def _head(
    diff: TextDiff, titles: DiffTitles, names: Sequence[str], width: int, colour: bool
) -> list[str]:
    """What is compared, the summary in both languages, and the weightiest of many changes."""
    compared = f"{one_line(titles.old)} → {one_line(titles.new)}"
    title = f"{one_line(titles.paper)}   {compared}" if titles.paper else compared
    lines = _bold(_wrap([("equal", title)], width, 0, colour=False), colour)
    told = (summary(diff, before=titles.before), summary_zh(diff, before=titles.before))
    for line in (*told, *replaced(diff)):
        lines += _wrap([("equal", line)], width, 0, colour=False)
    if sum(not quiet(entry) for entry in diff.entries) > _GLANCE:
        for n, point in enumerate(weightiest(diff), 1):
            said = f"{names[point.entry]}   {reason(point, diff)}"
            first, *more = _wrap([("equal", said)], width, 5, colour=False)
            lines += [f"  {n}  {first[5:]}", *more]
            lines += _wrap(point.quote, width, 5, colour=colour)
    return lines


def _bold(lines: Sequence[str], colour: bool) -> list[str]:
    return [f"{_BOLD}{line}{_RESET}" if colour else line for line in lines]


def _section(
    title: str, hunks: Sequence[Hunk], width: int, colour: bool, show_all: bool
) -> list[str]:
    head = _bold(_wrap([("equal", title)], width, 0, colour=False), colour)
    shown = hunks if show_all else _around(hunks)
    return [*head, *_wrap(shown, width, 2, colour=colour)]


def _around(hunks: Sequence[Hunk]) -> list[Hunk]:
    """The paragraphs that hold a change; a run of others is one …"""
    if all(op == "equal" for op, _ in hunks):
        return list(hunks)
    paragraphs: list[list[Hunk]] = [[]]
    for op, text in hunks:
        for n, piece in enumerate(text.split("\n")):
            if n:
                paragraphs.append([])
            if piece:
                paragraphs[-1].append((op, piece))
    kept: list[list[Hunk]] = []
    for paragraph in paragraphs:
        if any(op != "equal" for op, _ in paragraph):
            kept.append(paragraph)
        elif paragraph and (not kept or kept[-1] != [("equal", "…")]):
            kept.append([("equal", "…")])
    shown: list[Hunk] = []
    for n, paragraph in enumerate(kept):
        shown += [("equal", "\n"), *paragraph] if n else paragraph
    return shown


def _wrap(hunks: Sequence[Hunk], width: int, indent: int, *, colour: bool) -> list[str]:
    room = max(width - indent, 8)
    lines: list[list[Cell]] = [[]]
    used = 0
    for piece, op in _cells(hunks, colour, room):
        size = cell_len(piece)
        if piece == "\n" or (used + size > room and used):
            lines.append([])
            used = 0
            if piece.isspace():
                continue
        lines[-1].append((piece, op))
        used += size
    return [" " * indent + _painted(line, colour) for line in lines if line]


def _cells(hunks: Sequence[Hunk], colour: bool, room: int) -> Iterator[Cell]:
    """Pieces of text with the marks of a change bound to its first and last piece."""
    for op, text in hunks:
        opening, closing = ("", "") if colour else MARKS[op]
        for line in re.split(r"(\n)", clean(text.replace("\t", " "))):
            pieces = ["\n"] if line == "\n" else _PIECE.findall(line)
            if line.strip() and line != "\n":
                pieces[0] = opening + pieces[0]
                pieces[-1] += closing
            for piece in pieces:
                yield from ((part, op) for part in _fitting(piece, room))


def _fitting(piece: str, room: int) -> Iterator[str]:
    """`piece` in parts no wider than a line."""
    part = ""
    for char in piece if cell_len(piece) > room else [piece]:
        if part and cell_len(part + char) > room:
            yield part
            part = ""
        part += char
    yield part


def _painted(line: Sequence[Cell], colour: bool) -> str:
    text, last = "", "equal"
    for piece, op in line:
        if colour and op != last:
            text += (_RESET if last != "equal" else "") + _COLOURS[op]
            last = op
        text += piece
    return text.rstrip() + (_RESET if last != "equal" else "")
