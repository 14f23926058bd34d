"""What kind of file some bytes are: the bytes say, and a name only where kinds share a container."""

import io
import re
import zipfile

from watcher.extract.attachment import ole, rtf
from watcher.extract.attachment.package import BROKEN, Unreadable
from watcher.extract.attachment.saved import is_office_made, is_page, is_sheet

_RAR = (b"Rar!\x1a\x07", b"RE~^")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"))
_FIRSTS = {b"\xec\xa5": "WordDocument", b"\xdc\xa5": "WordDocument", b"\x09\x08": "Workbook"}
_LOCKED = "EncryptedPackage"  # a compound file around an encrypted .docx or .xlsx
_PARTS: tuple[tuple[str, str], ...] = (
    ("word/", "docx"),
    ("xl/", "xlsx"),
    ("ofd.xml", "ofd"),
    ("ppt/", "unknown"),
)
_LEFT_OVER = (*_PARTS, ("doc_0/", "ofd"), ("[content_types].xml", "docx"))
_PART = re.compile(rb"PK\x03\x04.{26}([!-~]{1,60})", re.S)
_SHEETS = (".xls", ".xlsx", ".et")
_PAPERS = (".doc", ".docx", ".wps", ".rtf")

_OTHERS = (
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*"), "a picture"),
    ((b"7z\xbc\xaf\x27\x1c",), "a 7z archive"),
    ((b"\x1f\x8b",), "a gzip file"),
    ((ole.MAGIC, *_ZIP), "an office file of another kind, such as slides"),
)


def kind_of(body: bytes, name: str = "") -> str:
    """docx, doc, wps, pdf, ofd, xls, xlsx, zip, rar or unknown.

    WPS writes .wps in Word's own container, and pages and rich text are saved under Word's name:
    there the name tells kinds apart.
    """
    name = name.lower()
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if body.startswith(ole.MAGIC):
        return _kind_of_box(body, name)
    if body.startswith(_RAR):
        return "rar"
    if body.startswith(_ZIP):
        return _kind_of_zip(body)
    if body.startswith(rtf.MAGIC):
        return _word(name)
    if is_page(body):
        if is_sheet(body) or name.endswith(_SHEETS):
            return "xls"
        return _word(name) if is_office_made(body) or name.endswith(_PAPERS) else "unknown"
    return "unknown"


def _word(name: str) -> str:
    return "wps" if name.endswith(".wps") else "doc"


def _kind_of_box(body: bytes, name: str) -> str:
    streams = _streams(body)
    if _LOCKED in streams:
        return "xlsx" if name.endswith(_SHEETS) else "docx"
    kind = next((kind for stream, kind in _STREAMS if stream in streams), "unknown")
    return _word(name) if kind == "doc" else kind


def _streams(body: bytes) -> frozenset[str]:
    try:
        names = ole.CompoundFile(body).names
    except Unreadable:
        names = frozenset()
    # where the directory is lost, how the first sector begins may still say what it was
    first = _FIRSTS.get(body[512:514])
    return names or frozenset([first] if first else [])


def _kind_of_zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as box:
            names = box.namelist()
        parts = _PARTS
    except BROKEN:
        # the list at the end is lost, but each part has its name before it
        names = [part[1].decode("latin-1") for part in _PART.finditer(body)]
        parts = _LEFT_OVER
    for prefix, kind in parts:
        if any(n.lstrip("/").lower().startswith(prefix) for n in names):
            return kind
    return "zip"


def is_locked(body: bytes) -> bool:
    """Whether an office program encrypted this file as a whole."""
    return body.startswith(ole.MAGIC) and _LOCKED in _streams(body)


def what_it_is(body: bytes) -> str:
    """What a file of unknown kind is, for people."""
    if not body.strip(b"\0 \t\r\n"):
        return "nothing"
    if is_page(body):
        return "a page of the site, not a file"
    return next(
        (what for magics, what in _OTHERS if body.startswith(magics)), "of a kind not known"
    )
