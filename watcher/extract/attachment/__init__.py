"""Attachments to text: what kind of file the bytes are, and the reader for it. Bytes in, text out.

A reader is one function and one line in READERS; a file that cannot be read is a labelled quality
with its reason, never an exception.
"""

from collections.abc import Callable

from watcher.extract.attachment import ole, rtf
from watcher.extract.attachment.archive import list_rar, list_zip
from watcher.extract.attachment.doc import read_doc
from watcher.extract.attachment.docx import read_docx
from watcher.extract.attachment.kinds import is_locked, kind_of, what_it_is
from watcher.extract.attachment.ofd import read_ofd
from watcher.extract.attachment.package import BROKEN, Unreadable
from watcher.extract.attachment.pdf import read_pdf
from watcher.extract.attachment.saved import read_saved
from watcher.extract.attachment.sheet import read_sheet
from watcher.model import AttachmentText

__all__ = ["READERS", "kind_of", "read_attachment"]


def _read_word(body: bytes) -> list[str]:
    """What goes by the name of .doc: Word's own format, rich text, or a saved page."""
    if body.startswith(ole.MAGIC):
        return read_doc(body)
    return rtf.read_rtf(body) if body.startswith(rtf.MAGIC) else read_saved(body)


def _read_old_sheet(body: bytes) -> list[str]:
    return read_sheet(body) if body.startswith(ole.MAGIC) else read_saved(body)


READERS: dict[str, Callable[[bytes], list[str]]] = {
    "doc": _read_word,
    "docx": read_docx,
    "ofd": read_ofd,
    "pdf": read_pdf,
    "rar": list_rar,
    "wps": _read_word,
    "xls": _read_old_sheet,
    "xlsx": read_sheet,
    "zip": list_zip,
}
_LISTED = ("rar", "zip")


def read_attachment(body: bytes, name: str = "") -> AttachmentText:
    """Read a file that a paper hands out; `name` only tells kinds apart that share a container.

    The text has one paragraph or table row per line, automatic numbers written out. That of an
    archive is the list of its files, under the quality unsupported: no paper has been read.
    """
    kind = "unknown"
    try:
        kind = kind_of(body, name)
        text = "\n".join(line for line in _lines(kind, body) if line)
        if not text.strip():
            raise Unreadable("no-text", "it holds pictures or nothing")
    except Unreadable as exc:
        return _refused(kind, exc)
    except MemoryError:
        return _refused(kind, Unreadable("too-large", "it takes more memory than there is"))
    except BROKEN as exc:
        return _refused(
            kind, Unreadable("corrupt", f"it cannot be read: {type(exc).__name__}: {exc}")
        )
    if kind in _LISTED:
        reason = "an archive: its files are listed, not read"
        return AttachmentText(kind=kind, quality="unsupported", text=text, reason=reason)
    return AttachmentText(kind=kind, quality="ok", text=text)


def _lines(kind: str, body: bytes) -> list[str]:
    if is_locked(body):
        raise Unreadable("encrypted", "it needs a password")
    reader = READERS.get(kind)
    if reader is None:
        raise Unreadable("unsupported", f"it is {what_it_is(body)}")
    return reader(body)


def _refused(kind: str, exc: Unreadable) -> AttachmentText:
    return AttachmentText(kind=kind, quality=exc.quality, reason=exc.reason)
