"""Word's .docx to lines: numbering written out, insertions kept, deletions dropped, tables as rows.

The XML is walked here because the libraries drop automatic numbers, and in a Chinese regulation
第X条 usually is one.
"""

import posixpath
from collections.abc import Iterator

from lxml import etree

from watcher.extract.attachment.docx_lists import DocxLists, Place
from watcher.extract.attachment.elements import first, int_of, is_on, name_of, val
from watcher.extract.attachment.package import Package, Unreadable, opened
from watcher.text import one_line

_R = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_DROPPED = frozenset(
    [
        "del",
        "moveFrom",
        "instrText",
        "delText",
        "delInstrText",
        "pPr",
        "rPr",
        "sectPr",
        "Fallback",
        "rt",
        "tblPr",
        "tblGrid",
        "tcPr",
        "trPr",
        "commentRangeStart",
        "footnoteReference",
        "endnoteReference",
        "commentReference",
    ]
)


def read_docx(body: bytes) -> list[str]:
    """The paragraphs and table rows of a .docx in order. Raises Unreadable."""
    with opened(body) as package:
        document = package.xml(_main_part(package))
        if document is None:
            raise Unreadable("corrupt", "it has no document part")
        folder = posixpath.dirname(_main_part(package))
        lists = DocxLists(
            package.xml(f"{folder}/numbering.xml"), package.xml(f"{folder}/styles.xml")
        )
    root = first(document, "body")
    if root is None:
        raise Unreadable("corrupt", "its document has no body")
    return list(_Walk(lists).block(root))


def _main_part(package: Package) -> str:
    relations = package.xml("_rels/.rels")
    if relations is not None:
        for relation in relations.iter(f"{_R}Relationship"):
            if str(relation.get("Type", "")).endswith("/officeDocument"):
                return str(relation.get("Target", "")).lstrip("/")
    return "word/document.xml"


class _Walk:
    def __init__(self, lists: DocxLists) -> None:
        self._lists = lists
        self._carried: list[
            str
        ] = []  # text of a paragraph whose end was deleted: it runs into the next

    def block(self, box: etree._Element) -> Iterator[str]:
        """The lines of a body, cell, text box or content control."""
        for child in box:
            match name_of(child):
                case "p":
                    yield from self.paragraph(child)
                case "tbl":
                    yield from self.table(child)
                case name if name not in _DROPPED:
                    yield from self.block(child)

    def paragraph(self, element: etree._Element) -> Iterator[str]:
        properties = first(element, "pPr")
        boxes: list[etree._Element] = []
        text = "".join(self._inline(element, boxes))
        if properties is not None and _end_deleted(properties):
            self._carried.append(text)
        else:
            text = "".join([*self._carried, text])
            self._carried.clear()
            # an empty paragraph shows its number all the same, and counts
            label = self._lists.label(_place(properties))
            lines = [line for raw in text.split("\n") if (line := one_line(raw))]
            if lines:
                lines[0] = label + lines[0]
            yield from lines
        for box in boxes:
            yield from self.block(box)

    def _inline(self, element: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
        for child in element:
            match name_of(child):
                case "t":
                    yield child.text or ""
                case "tab" | "ptab":
                    yield " "
                case "br" | "cr":
                    yield "\n"
                case "noBreakHyphen":
                    yield "-"
                case "txbxContent":
                    boxes.append(child)
                case "r" if _vanished(child):
                    continue
                case name if name not in _DROPPED:
                    yield from self._inline(child, boxes)

    def table(self, table: etree._Element) -> Iterator[str]:
        """One line per row, cells parted by tabs; a row of one cell keeps its paragraphs."""
        for row in _inside(table, "tr"):
            if any(
                name_of(mark) == "del" for part in row if name_of(part) == "trPr" for mark in part
            ):
                continue
            cells = [list(self.block(cell)) for cell in _inside(row, "tc")]
            full = [cell for cell in cells if cell]
            if len(full) > 1:
                yield "\t".join(" ".join(cell) for cell in full)
            else:
                yield from (line for cell in full for line in cell)


def _inside(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Children called `name`, also those wrapped in content controls or insertions."""
    for child in element:
        if name_of(child) == name:
            yield child
        elif name_of(child) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _inside(child, name)


def _end_deleted(properties: etree._Element) -> bool:
    mark = first(properties, "rPr")
    return first(mark, "del") is not None or first(mark, "moveFrom") is not None


def _vanished(run: etree._Element) -> bool:
    return is_on(first(first(run, "rPr"), "vanish"))


def _place(properties: etree._Element | None) -> Place:
    numbers = first(properties, "numPr")
    return Place(
        num=val(first(numbers, "numId")),
        level=int_of(val(first(numbers, "ilvl"))),
        style=val(first(properties, "pStyle")),
    )
