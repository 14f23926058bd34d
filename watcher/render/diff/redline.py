"""A diff as a Word file with real tracked changes (ECMA-376 part 1, 17.13.5)."""

import io
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from watcher.diff import Hunk, TextDiff
from watcher.render.diff.titles import DiffTitles, clean
from watcher.render.scraped import clean as one_line

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/>'
    '<Relationship Id="rId2" Type='
    '"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/>'
    "</Relationships>"
)
_CORE = (
    "<cp:coreProperties xmlns:cp="
    '"http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
)
_MARK = {"delete": "del", "insert": "ins"}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest a zip can say: the same diff gives the same bytes


def diff_docx(diff: TextDiff, titles: DiffTitles) -> bytes:
    """Both texts in one document: accepting every change gives the new one, rejecting the old one.

    Nothing else stands in it; the titles are in the file's properties. A move is a deletion and an
    insertion.
    """
    named = " · ".join(filter(None, (titles.paper, f"{titles.old} → {titles.new}")))
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELS,
        "docProps/core.xml": _CORE.format(title=escape(one_line(named))),
        "word/document.xml": "".join(_document(diff)),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, xml in parts.items():
            info = zipfile.ZipInfo(name, date_time=_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, _HEAD + xml)
    return out.getvalue()


def _document(diff: TextDiff) -> Iterator[str]:
    yield f'<w:document xmlns:w="{_W}"><w:body>'
    rank = 0
    for runs, end in _paragraphs(diff):
        mark = f"<w:rPr>{_change(end, rank)}/></w:rPr>" if end != "equal" else ""
        yield f"<w:p><w:pPr>{mark}</w:pPr>"
        for op, text in runs:
            rank += 1
            tag = "w:delText" if op == "delete" else "w:t"
            run = f'<w:r><{tag} xml:space="preserve">{escape(clean(text))}</{tag}></w:r>'
            yield run if op == "equal" else f"{_change(op, rank)}>{run}</w:{_MARK[op]}>"
        yield "</w:p>"
        rank += 1
    yield "</w:body></w:document>"


def _change(op: str, rank: int) -> str:
    """An opened tag without its end. No date: Word does not ask for one, and none is true."""
    return f"<w:{_MARK[op]} w:id={quoteattr(str(rank))} w:author={quoteattr('watcher')}"


def _paragraphs(diff: TextDiff) -> Iterator[tuple[list[Hunk], str]]:
    """Runs of one paragraph, and what becomes of its end: equal, delete or insert."""
    for passage in diff.flow:
        runs: list[Hunk] = []
        for op, text in passage.hunks:
            for n, piece in enumerate(text.split("\n")):
                if n:
                    yield runs, op
                    runs = []
                if piece:
                    runs.append((op, piece))
        ops = {op for op, _ in passage.hunks}
        yield runs, ops.pop() if len(ops) == 1 else "equal"
