"""PDF to lines, through pypdfium2 where the `attachments` extra is installed."""

import math
import threading
import unicodedata
from collections.abc import Iterator
from typing import Any

from watcher.extract.attachment.layout import SOFT_HYPHEN, Line, Sheet, paragraphs
from watcher.extract.attachment.package import CHARACTERS, Unreadable
from watcher.extract.attachment.word_file import whole

_PAGES = 2000
_GARBLED = 0.3  # share of characters that are none, from which a text layer is no text
_HYPHENS = ("\x02", "\ufffe")  # how pdfium shows a hyphen that breaks a word at a line's end
_SLANT = 0.03  # of a quarter turn
_one_at_a_time = threading.Lock()  # pdfium keeps global state and is not thread-safe


def read_pdf(body: bytes) -> list[str]:
    """The text of a PDF, a paragraph per line. Raises Unreadable."""
    try:
        import pypdfium2
    except ImportError as exc:
        reason = "PDF files need the extra: install watcher[attachments]"
        raise Unreadable("unsupported", reason) from exc
    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(body)
        except pypdfium2.PdfiumError as exc:
            locked = "password" in str(exc).lower() or "security" in str(exc).lower()
            quality, why = ("encrypted", "it needs a password") if locked else ("corrupt", str(exc))
            raise Unreadable(quality, why) from exc
        try:
            sheets = list(_sheets(document))
        except pypdfium2.PdfiumError as exc:
            raise Unreadable("corrupt", f"a page cannot be read: {exc}") from exc
        finally:
            document.close()
    lines = paragraphs(sheets)
    _refuse_garbled("".join(lines))
    return lines


def _refuse_garbled(text: str) -> None:
    """Refuse a text layer whose fonts do not say which characters they draw."""
    drawn = "".join(text.split())
    nothing = sum(c == "\ufffd" or unicodedata.category(c) in ("Co", "Cn", "Cc") for c in drawn)
    if nothing > len(drawn) * _GARBLED:
        raise Unreadable("no-text", "its fonts do not say which characters they draw")


def _sheets(document: Any) -> Iterator[Sheet]:
    count = len(document)
    if count > _PAGES:
        raise Unreadable("too-large", f"it has {count} pages, more than {_PAGES}")
    size = 0
    for number in range(count):
        page = document[number]
        text = page.get_textpage()
        size += text.count_chars()
        if size > CHARACTERS:
            raise Unreadable("too-large", f"it has more than {CHARACTERS} characters")
        yield _Reader(text, page.get_cropbox()).sheet()
        text.close()
        page.close()


class _Reader:
    """The lines of one page. Text that stands slanted is a watermark and left out."""

    def __init__(self, text: Any, box: tuple[float, float, float, float]) -> None:
        from pypdfium2 import raw

        self._text = text
        self._raw = raw
        self._box = box

    def sheet(self) -> Sheet:
        handle = self._text.raw
        codes = [self._raw.FPDFText_GetUnicode(handle, n) for n in range(self._text.count_chars())]
        characters = [*map(chr, codes), "\n"]
        found: list[tuple[int, Line]] = []
        start = 0
        for at, character in enumerate(characters):
            if character not in "\r\n":
                continue
            drawn = [n for n in range(start, at) if not characters[n].isspace()]
            start = at + 1
            if not drawn:
                continue
            turns = self._raw.FPDFText_GetCharAngle(handle, drawn[0]) / (math.pi / 2)
            if abs(turns - round(turns)) <= _SLANT:
                words = whole("".join(characters[drawn[0] : drawn[-1] + 1]))
                turn = round(turns) % 4
                found.append((turn, self._line(words, drawn[0], drawn[-1], turn)))
        turn = max((turn for turn, _ in found), key=[t for t, _ in found].count, default=0)
        left, bottom, right, top = _turned(self._box, turn)
        return Sheet(
            width=max(right - left, 1.0),
            height=max(top - bottom, 1.0),
            lines=tuple(line for _, line in found),
        )

    def _line(self, words: str, first: int, last: int, turn: int) -> Line:
        if words.endswith(_HYPHENS):
            words = words[:-1] + SOFT_HYPHEN
        page = _turned(self._box, turn)
        begin, end = (_turned(self._text.get_charbox(n, loose=True), turn) for n in (first, last))
        return Line(
            text=words,
            left=begin[0] - page[0],
            right=end[2] - page[0],
            down=page[3] - begin[1],
            size=max(begin[3] - begin[1], 1.0),
        )


def _turned(box: tuple[float, float, float, float], turn: int) -> tuple[float, float, float, float]:
    """A box (left, bottom, right, top) as a reader sees it whose text is turned clockwise by quarters."""
    left, bottom, right, top = box
    match turn:
        case 1:
            return -top, left, -bottom, right
        case 2:
            return -right, -top, -left, -bottom
        case 3:
            return bottom, -right, top, -left
        case _:
            return box
