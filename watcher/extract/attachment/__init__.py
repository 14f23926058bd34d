"""Attachments to text: what kind of file the bytes are, and the reader for it. Bytes in, text out.

A reader is one function and one line in READERS; a file that cannot be read is a labelled quality
with its reason, never an exception.
"""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable

from lxml import etree

from watcher.extract.attachment.docx import read_docx
from watcher.extract.attachment.ofd import read_ofd
from watcher.extract.attachment.package import Unreadable
from watcher.extract.attachment.pdf import read_pdf
from watcher.model import AttachmentText

READERS: dict[str, Callable[[bytes], list[str]]] = {
    "docx": read_docx,
    "ofd": read_ofd,
    "pdf": read_pdf,
}


def read_attachment(body: bytes, name: str = "") -> AttachmentText:
    """Read a file that a paper hands out; `name` only tells kinds apart that share a container.

    The text has one paragraph or table row per line, automatic numbers written out.
    """
    try:
        kind = kind_of(body, name)
    except _BROKEN as exc:
        return _refused("unknown", _corrupt(exc))
    if _is_locked(body):
        return _refused(
            _LOCKED_KINDS.get(kind, kind), Unreadable("encrypted", "it needs a password")
        )
    reader = READERS.get(kind)
    if reader is None:
        return _refused(kind, Unreadable("unsupported", f"this version does not read {kind} files"))
    try:
        lines = reader(body)
    except Unreadable as exc:
        return _refused(kind, exc)
    except _BROKEN as exc:
        return _refused(kind, _corrupt(exc))
    text = "\n".join(line for line in lines if line)
    if not text.strip():
        return _refused(kind, Unreadable("no-text", "it holds pictures or nothing"))
    return AttachmentText(kind=kind, quality="ok", text=text)


_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,  # RecursionError and NotImplementedError among them
    TypeError,
    ValueError,
    etree.LxmlError,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the readers, and the libraries below them, raise on files made to be wrong."""


def _corrupt(exc: Exception) -> Unreadable:
    return Unreadable("corrupt", f"it cannot be read: {type(exc).__name__}: {exc}")


def _refused(kind: str, exc: Unreadable) -> AttachmentText:
    return AttachmentText(kind=kind, quality=exc.quality, reason=exc.reason)


# ---------------------------------------------------------------- kinds

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_LOCKED_KINDS = {"unknown": "docx"}  # an OLE box around an encrypted OOXML file
_STREAMS = (
    ("WordDocument".encode("utf-16-le"), "doc"),
    ("Workbook".encode("utf-16-le"), "xls"),
    ("B\0o\0o\0k\0\0\0".encode("latin-1"), "xls"),
)
_PARTS = (("word/", "docx"), ("xl/", "xlsx"), ("OFD.xml", "ofd"))


def kind_of(body: bytes, name: str = "") -> str:
    """docx, doc, wps, pdf, ofd, xls, xlsx, zip, rar or unknown, from the bytes.

    WPS writes its .wps files in Word's own container: there the name decides.
    """
    if b"%PDF-" in body[:1024]:
        return "pdf"
    if body.startswith(_OLE):
        kind = next((kind for stream, kind in _STREAMS if stream in body), "unknown")
        return "wps" if kind != "xls" and name.lower().endswith(".wps") else kind
    if body.startswith((b"Rar!\x1a\x07", b"RE~^")):
        return "rar"
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(body)
    return "unknown"


def _kind_of_zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as box:
            names = box.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        # the directory at the end is lost; the first part's name tells what it was
        names = [body[30:120].decode("latin-1")]
        if any(part in names[0] for part in ("[Content_Types].xml", "word/", "_rels/")):
            return "docx"
    for prefix, kind in _PARTS:
        if any(n.lstrip("/").lower().startswith(prefix.lower()) for n in names):
            return kind
    return "zip"


def _is_locked(body: bytes) -> bool:
    return body.startswith(_OLE) and _LOCKED in body
