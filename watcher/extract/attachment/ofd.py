"""OFD, China's fixed-layout format (GB/T 33190): the text of its pages."""

import math
import posixpath
from collections.abc import Iterator

from lxml import etree

from watcher.extract.attachment.elements import below, name_of
from watcher.extract.attachment.layout import Line, Sheet, paragraphs
from watcher.extract.attachment.package import Package, Unreadable, opened

_PLAIN = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)  # no matrix: drawn as large as it says
_A4 = (0.0, 0.0, 210.0, 297.0)  # left, top, width, height in millimetres


def read_ofd(body: bytes) -> list[str]:
    """The text of an .ofd, a paragraph per line as far as the layout tells. Raises Unreadable."""
    with opened(body) as package:
        root = package.xml("OFD.xml")
        if root is None:
            raise Unreadable("corrupt", "it has no OFD.xml")
        if next(below(root, "Encryptions"), None) is not None:
            raise Unreadable("encrypted", "its parts are encrypted")
        places = [e.text.strip().lstrip("/") for e in below(root, "DocRoot") if e.text]
        return [line for place in places for line in paragraphs(_sheets(package, place))]


def _sheets(package: Package, place: str) -> Iterator[Sheet]:
    document = package.xml(place)
    if document is None:
        raise Unreadable("corrupt", f"its document {place!r} is missing")
    folder = posixpath.dirname(place)
    templates = {str(t.get("ID")): str(t.get("BaseLoc")) for t in below(document, "TemplatePage")}
    usual = _area(document, _A4)
    for page in below(document, "Page"):
        content = package.xml(_path(folder, str(page.get("BaseLoc"))))
        if content is None:
            continue
        lines = list(_lines(content))
        for used in below(content, "Template"):
            form = package.xml(_path(folder, templates.get(str(used.get("TemplateID")), "")))
            if form is not None:
                lines += _lines(form)
        _, _, width, height = _area(content, usual)
        yield Sheet(width=width, height=height, lines=_in_order(lines))


def _path(folder: str, place: str) -> str:
    return place.lstrip("/") if place.startswith("/") else posixpath.normpath(f"{folder}/{place}")


def _area(element: etree._Element, usual: tuple[float, ...]) -> tuple[float, ...]:
    """Left, top, width and height of a page."""
    for box in below(element, "PhysicalBox"):
        numbers = _numbers(box.text)
        if len(numbers) == 4 and min(numbers[2:]) > 0:
            return tuple(numbers)
    return usual


def _lines(content: etree._Element) -> Iterator[Line]:
    for text_object in below(content, "TextObject"):
        box = _numbers(text_object.get("Boundary"))
        if len(box) != 4:
            continue
        drawn = _numbers(text_object.get("CTM"))
        across, _, _, up, right_by, down_by = drawn if len(drawn) == 6 else _PLAIN
        size = abs((_numbers(text_object.get("Size")) or [3.0])[0]) or 3.0
        for code in text_object:  # a nested TextObject tells its own
            text = code.text or ""
            if name_of(code) != "TextCode" or not text.strip():
                continue
            start, base = (next(iter(_numbers(code.get(axis))), 0.0) for axis in "XY")
            left = box[0] + across * start + right_by
            width = across * (sum(_steps(code.get("DeltaX"))) + size)
            yield Line(
                text=text,
                left=left,
                right=left + width if code.get("DeltaX") else box[0] + box[2],
                down=box[1] + up * base + down_by,
                size=max(abs(up) * size, 0.1),
            )


def _steps(raw: str | None) -> Iterator[float]:
    """How far each character stands from the one before it; `g 3 2.5` is three times 2.5."""
    words = iter((raw or "").split())
    for word in words:
        if word == "g":
            times = _numbers(f"{next(words, '0')} {next(words, '0')}")
            yield math.prod(times)
        else:
            yield from _numbers(word)


def _in_order(lines: list[Line]) -> tuple[Line, ...]:
    """Row by row, each from the left: writers put text down in any order."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.down, line.left)):
        if rows and abs(rows[-1][0].down - line.down) <= line.size / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda line: line.left))


def _numbers(raw: str | None) -> list[float]:
    """The numbers in a list, none when one of them is no number."""
    try:
        numbers = [float(part) for part in (raw or "").split()]
    except ValueError:
        return []
    return numbers if all(map(math.isfinite, numbers)) else []
