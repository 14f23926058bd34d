"""Word's binary files taken apart ([MS-DOC]): characters, and what is said of paragraphs and runs."""

import re
import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter

from watcher.extract.attachment.ole import CompoundFile
from watcher.extract.attachment.package import CHARACTERS, Unreadable

GONE = "\0"
"""Stands for each character that was deleted or is hidden."""

_WORD_97 = 0xA5EC  # how the text stream of Word 97 and later, and of WPS, begins
_ENCRYPTED, _OTHER_TABLE = 0x0100, 0x0200
_PAGE = 512
_NARROW = 0x4000_0000  # of a piece's place: its characters have one byte

# Numbers of tables in the header, [MS-DOC] 2.5.6.
_STYLES, _RUNS, _PARAGRAPHS, _PIECES, _LISTS, _OVERRIDES = 1, 12, 13, 33, 73, 74

# Words of the formatting language (sprm), [MS-DOC] 2.6.
DELETED, HIDDEN = 0x0800, 0x083C
LEVEL, LIST, STYLE = 0x260A, 0x460B, 0x4600
IN_TABLE, ROW_END, DEPTH, INNER_CELL, INNER_ROW_END = 0x2416, 0x2417, 0x6649, 0x244B, 0x244C
_LENGTHS = (1, 1, 2, 4, 2, 2, 0, 3)  # of a word's operand, by its upper three bits; 0: it is told
_LONG = 0xD608  # a table's definition tells its length in two bytes

Formats = dict[int, bytes]
"""Words of the formatting language with their operands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    base: int
    formats: Formats


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    text: str
    """With the mark that ends it, and GONE for what is not shown."""
    style: int = 0
    formats: Formats = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    start: int
    """Of its first character in the text."""
    place: int
    """Of its first byte in the stream."""
    width: int
    """Bytes of a character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Bytes of the stream, from `start` to before `end`, that are formatted alike."""

    start: int
    end: int
    style: int
    formats: Formats


class WordFile:
    """One .doc or .wps. Raises Unreadable: corrupt, encrypted, too-large, or older than Word 97."""

    def __init__(self, body: bytes) -> None:
        box = CompoundFile(body)
        self._stream = box.stream("WordDocument") or b""
        if len(self._stream) < 0x2F2:
            raise Unreadable("corrupt", "its text stream has no header")
        mark, flags = struct.unpack_from("<H8xH", self._stream)
        if mark != _WORD_97:
            raise Unreadable("unsupported", "it was written by a Word older than Word 97")
        if flags & _ENCRYPTED:
            raise Unreadable("encrypted", "it needs a password")
        self._table = box.stream("1Table" if flags & _OTHER_TABLE else "0Table") or b""
        self._pieces: list[_Piece] = []
        self._text = self._read_text()

    def main(self) -> Iterator[Paragraph]:
        """The paragraphs of the document itself: no headers, notes and comments."""
        return self._paragraphs(0, self._count(0))

    def boxes(self) -> Iterator[Paragraph]:
        """The paragraphs in text boxes; they are kept behind all others."""
        start = sum(self._count(part) for part in (0, 1, 2, 4, 5))
        return self._paragraphs(start, start + self._count(6))

    def lists(self) -> tuple[bytes, bytes]:
        """The definitions of lists with all that follows them, and the table of their uses."""
        place, size = self._place(_LISTS)
        return self._table[place:] if size else b"", self._part(_OVERRIDES)

    @cached_property
    def styles(self) -> dict[int, Style]:
        """Paragraph styles by their numbers."""
        return dict(_styles(self._part(_STYLES)))

    def _count(self, part: int) -> int:
        """Characters of the text (0), notes (1), headers (2), comments (4), end notes (5), boxes (6)."""
        return int(struct.unpack_from("<I", self._stream, 0x4C + 4 * part)[0])

    def _place(self, table: int) -> tuple[int, int]:
        place, size = struct.unpack_from("<II", self._stream, 0x9A + 8 * table)
        return place, size

    def _part(self, table: int) -> bytes:
        place, size = self._place(table)
        return self._table[place : place + size]

    # ------------------------------------------------------------ characters

    def _read_text(self) -> str:
        raw = _piece_table(self._part(_PIECES))
        count = (len(raw) - 4) // 12
        if count < 1:
            raise Unreadable("corrupt", "its table of pieces is missing")
        bounds = struct.unpack_from(f"<{count + 1}I", raw)
        hidden = _merged((run.start, run.end) for run in self._runs(_RUNS) if _hides(run.formats))
        texts: list[str] = []
        length = 0
        for at in range(count):
            (place,) = struct.unpack_from("<I", raw, 4 * (count + 1) + 8 * at + 2)
            width = 1 if place & _NARROW else 2
            place = (place & (_NARROW - 1)) // (3 - width)
            data = self._stream[place : place + max(bounds[at + 1] - bounds[at], 0) * width]
            text = _shown(_characters(data, width), place, width, hidden)
            if text:
                self._pieces.append(_Piece(start=length, place=place, width=width))
                texts.append(text)
            length += len(text)
            if length > CHARACTERS:  # a few bytes can be named as the text of many pieces
                raise Unreadable("too-large", f"it has more than {CHARACTERS} characters")
        return "".join(texts)

    # ------------------------------------------------------------ paragraphs

    def _paragraphs(self, start: int, end: int) -> Iterator[Paragraph]:
        text = without_instructions(self._text[start:end])
        runs = sorted(self._runs(_PARAGRAPHS), key=lambda run: run.start)
        starts = [run.start for run in runs]
        piece_starts = [piece.start for piece in self._pieces]
        begun = 0
        for at, character in enumerate(text):
            if character not in "\r\x07\x0c":
                continue
            piece = self._pieces[bisect_right(piece_starts, start + at) - 1]
            place = piece.place + (start + at - piece.start) * piece.width
            found = bisect_right(starts, place) - 1
            run = runs[found] if found >= 0 and place < runs[found].end else None
            if character == "\x0c" and run is not None and place + piece.width < run.end:
                continue  # a page break inside a paragraph
            yield Paragraph(
                text=text[begun : at + 1],
                style=run.style if run else 0,
                formats=run.formats if run else {},
            )
            begun = at + 1
        if begun < len(text):
            yield Paragraph(text=text[begun:])

    def _runs(self, table: int) -> Iterator[_Run]:
        """The runs that a table of formatting pages tells of, [MS-DOC] 2.9.33 and 2.9.175."""
        raw = self._part(table)
        count = max((len(raw) - 4) // 8, 0)
        if not count:
            return
        for number in dict.fromkeys(struct.unpack_from(f"<{count}I", raw, 4 * (count + 1))):
            place = (number & 0x3F_FFFF) * _PAGE
            page = self._stream[place : place + _PAGE]
            if len(page) < _PAGE:
                continue
            own = page[-1]
            step = 13 if table == _PARAGRAPHS else 1
            if 4 * (own + 1) + step * own >= _PAGE:
                continue
            bounds = struct.unpack_from(f"<{own + 1}I", page)
            for at in range(own):
                told = 2 * page[4 * (own + 1) + step * at]
                style = 0
                formats: Formats = {}
                if told and table == _PARAGRAPHS:
                    style, formats = _paragraph_formats(page[told:-1])
                elif 0 < told < _PAGE:
                    formats = read_formats(page[told + 1 : told + 1 + page[told]])
                yield _Run(start=bounds[at], end=bounds[at + 1], style=style, formats=formats)


def _piece_table(raw: bytes) -> bytes:
    """The table of pieces behind the changes of a quickly saved file, [MS-DOC] 2.9.38."""
    at = 0
    while at + 3 <= len(raw) and raw[at] == 1:
        at += 3 + int.from_bytes(raw[at + 1 : at + 3], "little")
    if at + 5 > len(raw) or raw[at] != 2:
        return b""
    return raw[at + 5 : at + 5 + int.from_bytes(raw[at + 1 : at + 5], "little")]


def _characters(data: bytes, width: int) -> str:
    """One character for each position: those beyond 16 bits stay halves until `whole`."""
    if width == 1:
        return data.decode("cp1252", "replace")
    count = len(data) // 2
    return "".join(map(chr, struct.unpack(f"<{count}H", data[: 2 * count])))


def whole(text: str) -> str:
    """`text` with halves of characters put together, lone ones replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _shown(text: str, place: int, width: int, hidden: Sequence[tuple[int, int]]) -> str:
    """`text`, whose bytes begin at `place`, with GONE where a stretch of `hidden` covers it."""
    pieces: list[str] = []
    done = 0
    for start, end in hidden[bisect_right(hidden, place, key=itemgetter(1)) :]:
        first = max((start - place) // width, done)
        if first >= len(text):
            break
        last = min(max((end - place) // width, first), len(text))
        pieces += [text[done:first], GONE * (last - first)]
        done = last
    return "".join([*pieces, text[done:]])


def _merged(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches in order, none touching another."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


_FIELD_MARKS = re.compile("[\x13-\x15]")


def without_instructions(text: str) -> str:
    """`text` with GONE for what fields are told to do; what they show stays.

    A field is begun by \\x13, its result by \\x14, and ended by \\x15; one that never ends is none.
    """
    open_fields: list[list[int]] = []
    told: list[tuple[int, int]] = []
    for mark in _FIELD_MARKS.finditer(text):
        if mark[0] == "\x13":
            open_fields.append([mark.start()])
        elif open_fields and mark[0] == "\x14":
            open_fields[-1].append(mark.start())
        elif open_fields:
            begun, *result = open_fields.pop()
            told.append((begun, result[0] if result else mark.start()))
    return _shown(text, 0, 1, _merged(told))


# ---------------------------------------------------------------- the formatting language


def read_formats(raw: bytes) -> Formats:
    """Words and operands of a list of formats; a later one replaces an earlier one."""
    formats: Formats = {}
    at = 0
    while at + 2 <= len(raw):
        word = int.from_bytes(raw[at : at + 2], "little")
        at += 2
        length = _LENGTHS[word >> 13]
        if not length and word == _LONG:
            length = int.from_bytes(raw[at : at + 2], "little") + 1
        elif not length:
            length = raw[at] + 1 if at < len(raw) else 1
        formats[word] = raw[at : at + length]
        at += length
    return formats


def number(formats: Formats, word: int) -> int | None:
    """The operand of `word` as an unsigned integer, None when it is not said."""
    return int.from_bytes(formats[word], "little") if word in formats else None


def _hides(formats: Formats) -> bool:
    return 1 in (number(formats, DELETED), number(formats, HIDDEN))


def _paragraph_formats(raw: bytes) -> tuple[int, Formats]:
    """Style and formats of a paragraph, [MS-DOC] 2.9.176."""
    if len(raw) < 4:
        return 0, {}
    at, size = (1, 2 * raw[0] - 1) if raw[0] else (2, 2 * raw[1])
    formats = read_formats(raw[at + 2 : at + size])
    style = number(formats, STYLE)
    return int.from_bytes(raw[at : at + 2], "little") if style is None else style, formats


def _styles(raw: bytes) -> Iterator[tuple[int, Style]]:
    """The paragraph styles of a style sheet, [MS-DOC] 2.9.271."""
    if len(raw) < 6:
        return
    header, count, fixed = struct.unpack_from("<HHH", raw)
    at = 2 + header
    for own in range(count):
        size = int.from_bytes(raw[at : at + 2], "little")
        style = raw[at + 2 : at + 2 + size]
        at += 2 + size
        if len(style) < fixed + 2 or style[2] & 0xF != 1:  # empty, or not of paragraphs
            continue
        base = int.from_bytes(style[2:4], "little") >> 4
        name = int.from_bytes(style[fixed : fixed + 2], "little")
        told = fixed + 2 + 2 * (name + 1)  # the name ends with a zero
        length = int.from_bytes(style[told : told + 2], "little")
        formats = read_formats(style[told + 4 : told + 2 + length])  # behind its own number
        yield own, Style(base=base, formats=formats)
