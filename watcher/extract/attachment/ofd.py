"""OFD, China's fixed-layout format (GB/T 33190): the text of its pages, line by line."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from watcher.extract.attachment.package import Package, Unreadable, opened
from watcher.text import one_line

_SAME_LINE = 0.5  # of a text's height by which baselines may differ
_FULL_LINE = 0.9  # of the page's longest line from which a line runs on into the next


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    x: float
    y: float
    width: float
    size: float
    text: str


def read_ofd(body: bytes) -> list[str]:
    """The text of an .ofd, one line per paragraph as far as the layout tells. Raises Unreadable."""
    with opened(body) as package:
        root = package.xml("OFD.xml")
        if root is None:
            raise Unreadable("corrupt", "it has no OFD.xml")
        places = [e.text.strip().lstrip("/") for e in _named(root, "DocRoot") if e.text]
        return [line for place in places for line in _document(package, place)]


def _document(package: Package, place: str) -> Iterator[str]:
    document = package.xml(place)
    if document is None:
        raise Unreadable("corrupt", f"its document {place!r} is missing")
    folder = posixpath.dirname(place)
    templates = {str(t.get("ID")): str(t.get("BaseLoc")) for t in _named(document, "TemplatePage")}
    for page in _named(document, "Page"):
        content = package.xml(_path(folder, str(page.get("BaseLoc"))))
        if content is None:
            continue
        pieces = list(_pieces(content))
        for used in _named(content, "Template"):
            form = package.xml(_path(folder, templates.get(str(used.get("TemplateID")), "")))
            if form is not None:
                pieces += _pieces(form)
        yield from _lines(pieces)


def _path(folder: str, place: str) -> str:
    return place.lstrip("/") if place.startswith("/") else posixpath.normpath(f"{folder}/{place}")


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """Elements by local name: some writers use a namespace of their own."""
    return (e for e in root.iter() if isinstance(e.tag, str) and e.tag.rpartition("}")[2] == name)


def _pieces(content: etree._Element) -> Iterator[_Piece]:
    for text_object in _named(content, "TextObject"):
        box = _numbers(text_object.get("Boundary"))
        size = (_numbers(text_object.get("Size")) or [3.0])[0]
        for code in text_object:  # a nested TextObject tells its own
            if not isinstance(code.tag, str) or code.tag.rpartition("}")[2] != "TextCode":
                continue
            if not code.text or not code.text.strip() or len(box) < 4:
                continue
            x = box[0] + (_numbers(code.get("X")) or [0.0])[0]
            y = box[1] + (_numbers(code.get("Y")) or [0.0])[0]
            yield _Piece(x=x, y=y, width=box[2], size=size, text=code.text)


def _numbers(raw: str | None) -> list[float]:
    try:
        return [float(part) for part in (raw or "").split()]
    except ValueError:
        return []


def _lines(pieces: list[_Piece]) -> Iterator[str]:
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.y, p.x)):
        if rows and abs(rows[-1][0].y - piece.y) <= piece.size * _SAME_LINE:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    if not rows:
        return
    ends = [max(p.x + p.width for p in row) for row in rows]
    left = min(min(p.x for p in row) for row in rows)
    open_line = ""
    for row, end in zip(rows, ends, strict=True):
        row.sort(key=lambda p: p.x)
        indented = row[0].x > left + row[0].size
        if open_line and indented:
            yield one_line(open_line)
            open_line = ""
        gaps = [row[i + 1].x - (row[i].x + row[i].width) for i in range(len(row) - 1)]
        text = row[0].text + "".join(
            (" " if gap > row[0].size / 2 else "") + piece.text
            for gap, piece in zip(gaps, row[1:], strict=True)
        )
        open_line += text
        if len(row) > 1 or (end - left) < (max(ends) - left) * _FULL_LINE:
            yield one_line(open_line)
            open_line = ""
    if open_line:
        yield one_line(open_line)
