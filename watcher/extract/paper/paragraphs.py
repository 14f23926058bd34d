"""Markup to lines as a reader sees them: one per paragraph, `<br>` or table row."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bs4 import Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from watcher.extract.markup import attr, inline

CELLS = "\t"
"""What stands between the cells of a row."""
_DROPPED_NAMES = (
    "head script style noscript template select textarea iframe object xml audio video canvas svg"
    " button"
)
_DROPPED = frozenset(_DROPPED_NAMES.split())
_BLOCK_NAMES = (
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr br html li main nav ol p pre section summary table tbody"
    " thead tfoot tr td th ul caption ucapcontent ucaptitle"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_PARTS = ("thead", "tbody", "tfoot")
_KEEPS_BREAKS = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.I)
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3,}|(?:opacity|font-size)\s*:\s*0(?![.\d])",
    re.I,
)
_MOBILE_NAMES = (
    "pchide pc-hide pc_hide pc_none hidden-pc visible-xs visible-sm hidden-lg mobile-only only-mobile"
    " wap-only phone-only m-show show-mobile mobile-show d-md-none d-lg-none"
)
_MOBILE = frozenset(_MOBILE_NAMES.split())
_TALL, _LONG = 6, 300  # lines and characters of a cell that is a text of its own, not a value
_WIDEST, _LONGEST_SPAN = 60, 500  # columns and rows that a merged cell can stand for


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    linked: bool
    """Whether all of it is links."""


MARK = Line("", linked=False)
"""Stands for a box that is not told; known by identity, for no line of a page is empty."""


def read_lines(
    tag: Tag, *, without: Collection[int] = (), marked: Collection[int] = ()
) -> list[Line]:
    """The lines of `tag`. A table's rows are lines with `CELLS` between the cells, empty ones kept.

    A table that only lays out the page, and a cell as long as a text, are told line by line. Of the
    elements whose `id()` is in `without` nothing is told, of those in `marked` only where they stood.
    """
    reader = _Reader(without, marked)
    reader.read(tag)
    return reader.lines


def is_link(tag: Tag) -> bool:
    """Whether `tag` leads somewhere; Word's bookmarks are `<a name>` and do not."""
    return tag.name == "a" and tag.has_attr("href")


def unseen(tag: Tag) -> bool:
    """Whether `tag` itself says that it is not shown to a reader at a desk: hidden, or for telephones."""
    if not tag.attrs:
        return False
    if tag.has_attr("hidden") or _UNSEEN.search(attr(tag, "style")):
        return True
    return not _MOBILE.isdisjoint(attr(tag, "class").lower().split())


class _Reader:
    def __init__(self, without: Collection[int], marked: Collection[int]) -> None:
        self.lines: list[Line] = []
        self.has_table = False
        self._without, self._marked = without, marked
        self._pieces: list[str] = []
        self._plain = False  # whether the open line has anything outside links

    def read(self, tag: Tag) -> None:
        self._inside(tag, keeps_breaks=False, linked=False)
        self._end()

    def _end(self) -> None:
        if text := inline("".join(self._pieces)):
            self.lines.append(Line(text, linked=not self._plain))
        self._pieces.clear()
        self._plain = False

    def _inside(self, tag: Tag, *, keeps_breaks: bool, linked: bool) -> None:
        keeps_breaks = keeps_breaks or bool(
            tag.name == "pre" or _KEEPS_BREAKS.search(attr(tag, "style"))
        )
        linked = linked or is_link(tag)
        for node in tag.children:
            self._node(node, keeps_breaks=keeps_breaks, linked=linked)

    def _node(self, node: PageElement, *, keeps_breaks: bool, linked: bool) -> None:
        if isinstance(node, Tag):
            self._element(node, keeps_breaks=keeps_breaks, linked=linked)
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            self._string(node, keeps_breaks=keeps_breaks, linked=linked)

    def _string(self, text: str, *, keeps_breaks: bool, linked: bool) -> None:
        for at, piece in enumerate(text.splitlines() if keeps_breaks else [text]):
            if at:
                self._end()
            self._pieces.append(piece)
            self._plain = self._plain or not (linked or not piece.strip())

    def _element(self, tag: Tag, *, keeps_breaks: bool, linked: bool) -> None:
        if tag.name in _DROPPED or id(tag) in self._without:
            return
        if tag.name not in _BLOCKS and id(tag) not in self._marked:
            self._inside(tag, keeps_breaks=keeps_breaks, linked=linked)
            return
        self._end()
        if id(tag) in self._marked:
            self.lines.append(MARK)
        elif tag.name == "table":
            self._table(tag)
        elif tag.name == "tr":  # of a table whose beginning is missing
            self._row(tag, {})
        else:
            self._inside(tag, keeps_breaks=keeps_breaks, linked=linked)
        self._end()

    def _table(self, table: Tag) -> None:
        self.has_table = True
        waiting: dict[int, int] = {}  # how many rows a merged cell still reaches down its column
        for part in _parts(table):
            if isinstance(part, Tag) and part.name == "tr" and id(part) not in self._marked:
                self._end()
                self._row(part, waiting)
            else:
                self._node(part, keeps_breaks=False, linked=False)

    def _row(self, row: Tag, waiting: dict[int, int]) -> None:
        if id(row) in self._without:
            return
        cells: list[list[Line]] = []
        told: list[list[Line]] = []
        layout = False
        for cell in row.find_all(("td", "th"), recursive=False):
            reader = _Reader(self._without, self._marked)
            if id(cell) not in self._without:
                reader.read(cell)
            layout = layout or reader.has_table or _is_text(reader.lines)
            told.append(reader.lines)
            _skip_merged(cells, waiting)
            deep = _span(cell, "rowspan", _LONGEST_SPAN)
            for n in range(min(_span(cell, "colspan", _WIDEST), max(_WIDEST - len(cells), 1))):
                if deep > 1:
                    waiting[len(cells)] = deep - 1
                cells.append([] if n else reader.lines)
        _skip_merged(cells, waiting)
        if layout or len(told) == 1:
            self.lines.extend(line for lines in told for line in lines)
        elif any(cells):
            values = [" ".join(line.text for line in lines) for lines in cells]
            linked = all(line.linked for lines in cells for line in lines)
            self.lines.append(Line(CELLS.join(values), linked=linked))


def _parts(table: Tag) -> Iterator[PageElement]:
    """What stands in a table: rows, a caption, strays; head, body and foot opened."""
    for part in table.children:
        if isinstance(part, Tag) and part.name in _PARTS:
            yield from part.children
        else:
            yield part


def _is_text(lines: list[Line]) -> bool:
    if any(line is MARK for line in lines):
        return True
    return len(lines) > _TALL and sum(len(line.text) for line in lines) > _LONG


def _span(cell: Tag, name: str, most: int) -> int:
    value = attr(cell, name).strip()[:6]
    return min(max(int(value), 1), most) if value.isascii() and value.isdigit() else 1


def _skip_merged(cells: list[list[Line]], waiting: dict[int, int]) -> None:
    """Keep the columns in step: a cell merged from above leaves its place empty."""
    while waiting.get(len(cells), 0) > 0 and len(cells) < _WIDEST:
        waiting[len(cells)] -= 1
        cells.append([])
