"""Zip files of XML (docx, ofd), opened with bounds: no bombs, no entities, no network."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from watcher.errors import SourceError

INFLATED_LIMIT = 50 * 1024 * 1024
CHARACTERS = 10_000_000
"""More text than any paper has: a file with more is too large."""
_ENCRYPTED_FLAG = 0x1


BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,  # RecursionError and NotImplementedError among them
    SourceError,
    TypeError,
    ValueError,
    etree.LxmlError,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the readers, and the libraries below them, raise on files made to be wrong."""


class Unreadable(Exception):
    """A file has no text for us; `quality` is one of AttachmentText's labels."""

    def __init__(self, quality: str, reason: str) -> None:
        super().__init__(reason)
        self.quality = quality
        self.reason = reason


class Package:
    """The parts of one file, read at most `INFLATED_LIMIT` bytes in all."""

    def __init__(self, box: zipfile.ZipFile) -> None:
        self._box = box
        self._left = INFLATED_LIMIT
        self.names = set(box.namelist())

    def xml(self, name: str) -> etree._Element | None:
        """The root of an XML part, None when the part is missing."""
        name = name.lstrip("/")
        if name not in self.names:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
        )
        try:
            return etree.fromstring(self._read(name), parser)
        except (etree.XMLSyntaxError, ValueError) as exc:
            if getattr(exc, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
                raise MemoryError from exc
            raise Unreadable("corrupt", f"part {name!r} is not whole XML: {exc}") from exc

    def _read(self, name: str) -> bytes:
        # what the directory says of a part's size can lie: the bound is on what comes out
        with self._box.open(name) as part:
            data = part.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable("too-large", f"it inflates to over {INFLATED_LIMIT // 2**20} MB")
        return data


@contextmanager
def opened(body: bytes) -> Iterator[Package]:
    """Open a zip of XML. Raises Unreadable: corrupt, encrypted or too-large."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as box:
            parts = box.infolist()
            if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
                raise Unreadable("encrypted", "its parts need a password")
            if sum(part.file_size for part in parts) > INFLATED_LIMIT:
                raise Unreadable("too-large", f"it inflates to over {INFLATED_LIMIT // 2**20} MB")
            yield Package(box)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as exc:
        raise Unreadable("corrupt", f"it is not a whole zip file: {exc}") from exc
