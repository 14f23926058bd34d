"""Word's .doc and WPS's .wps to lines, like a .docx: numbers written out, deletions dropped, tables as rows.

Read here because the libraries drop automatic numbers, and keep what was deleted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from watcher.extract.attachment.word_file import (
    DEPTH,
    GONE,
    IN_TABLE,
    INNER_CELL,
    INNER_ROW_END,
    ROW_END,
    Paragraph,
    WordFile,
    number,
    whole,
)
from watcher.extract.attachment.word_lists import WordLists
from watcher.text import one_line

_DEEPEST = 50  # tables in tables
_BREAKS = str.maketrans({"\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\x1f": None})


def read_doc(body: bytes) -> list[str]:
    """The paragraphs and table rows of a .doc or .wps in order. Raises Unreadable.

    Text boxes come last: where they stand on the page is not kept with their text.
    """
    file = WordFile(body)
    lists = WordLists(*file.lists(), file.styles)
    return [*_lines(file.main(), lists), *_lines(file.boxes(), lists)]


class _Tables:
    """Lines put where they stand: the page, or the open cell at each depth of tables in tables."""

    def __init__(self) -> None:
        self._lines: dict[int, list[str]] = defaultdict(list)
        self._rows: dict[int, list[list[str]]] = defaultdict(list)

    def add(self, depth: int, lines: Iterable[str]) -> None:
        self._lines[depth] += lines

    def end_cell(self, depth: int) -> None:
        self._rows[depth].append(self._lines.pop(depth, []))

    def end_row(self, depth: int) -> None:
        """One line, cells parted by tabs; a row of one cell keeps its paragraphs."""
        self.end_cell(depth)
        cells = [cell for cell in self._rows.pop(depth) if cell]
        if len(cells) > 1:
            cells = [["\t".join(" ".join(cell) for cell in cells)]]
        self.add(depth - 1, (line for cell in cells for line in cell))

    def taken(self) -> list[str]:
        """The lines of the page so far; rows that never ended are ended."""
        for depth in range(max([*self._lines, *self._rows, 0]), 0, -1):
            self.end_row(depth)
        return self._lines.pop(0, [])


def _lines(paragraphs: Iterable[Paragraph], lists: WordLists) -> Iterator[str]:
    tables = _Tables()
    for paragraph in paragraphs:
        depth = _depth(paragraph)
        if not depth:
            yield from tables.taken()
        if depth and number(paragraph.formats, ROW_END if depth == 1 else INNER_ROW_END):
            tables.end_row(depth)
            continue
        tables.add(depth, _text(paragraph, lists))
        if paragraph.text.endswith("\x07") if depth == 1 else number(paragraph.formats, INNER_CELL):
            tables.end_cell(depth)
    yield from tables.taken()


def _depth(paragraph: Paragraph) -> int:
    """How many tables a paragraph stands in; Word 97 knows no tables in tables."""
    if not number(paragraph.formats, IN_TABLE):
        return 0
    return min(max(number(paragraph.formats, DEPTH) or 1, 1), _DEEPEST)


def _text(paragraph: Paragraph, lists: WordLists) -> list[str]:
    # an empty paragraph shows its number all the same, and counts
    label = lists.label(paragraph)
    shown = whole(paragraph.text.replace(GONE, "").translate(_BREAKS))
    lines = [line for raw in shown.split("\n") if (line := one_line(raw))]
    if lines:
        lines[0] = label + lines[0]
    return lines
