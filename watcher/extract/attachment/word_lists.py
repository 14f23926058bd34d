"""The lists of Word's binary files ([MS-DOC] 2.9.131 and 2.9.150): definitions, uses, and styles' own."""

import struct
from collections.abc import Iterator, Mapping

from watcher.extract.attachment.numbering import LEVELS, Level, NumberedList, Numbering
from watcher.extract.attachment.word_file import LEVEL, LIST, Paragraph, Style, number

_FORMS = {
    1: "upperRoman",
    2: "lowerRoman",
    3: "upperLetter",
    4: "lowerLetter",
    10: "ideographDigital",
    11: "japaneseCounting",
    14: "decimalFullWidth",
    16: "japaneseLegal",
    17: "japaneseDigitalTenThousand",
    18: "decimalEnclosedCircle",
    19: "decimalFullWidth2",
    22: "decimalZero",
    23: "bullet",
    26: "decimalEnclosedFullstop",
    27: "decimalEnclosedParen",
    28: "decimalEnclosedCircleChinese",
    29: "ideographEnclosedCircle",
    30: "ideographTraditional",
    31: "ideographZodiac",
    33: "taiwaneseCounting",
    34: "ideographLegalTraditional",
    35: "taiwaneseCountingThousand",
    36: "taiwaneseDigital",
    37: "chineseCounting",
    38: "chineseLegalSimplified",
    39: "chineseCountingThousand",
    255: "none",
}
"""Number formats by the numbers that stand for them, [MS-OSHARED] 2.2.1.3; others are shown as digits."""
_SUFFIXES = ("tab", "space", "nothing")
_UNLISTED = 0xF801  # a use of no list; above it, a use with its sign turned
_DEEPEST = 50  # styles based on styles; Word itself stops before
_DEFINITION, _USE, _LEVEL = 28, 16, 28  # bytes of the fixed parts


class WordLists:
    """The lists of one document; `label` counts its paragraphs, asked in their order."""

    def __init__(self, definitions: bytes, uses: bytes, styles: Mapping[int, Style]) -> None:
        self._styles = styles
        self._inherited: dict[int, tuple[int | None, int | None]] = {}
        self._style_levels: dict[tuple[str, int], int] = {}
        try:
            self._lists = dict(_uses(uses, dict(self._definitions(definitions))))
        except (struct.error, IndexError):
            self._lists = {}  # the text is worth having without its numbers
        self._numbering = Numbering(self._lists)

    def label(self, paragraph: Paragraph) -> str:
        """The number a paragraph shows, with what separates it from the text, or ""."""
        if paragraph.style not in self._inherited:
            self._inherited[paragraph.style] = self._of_style(paragraph.style)
        use, level = self._inherited[paragraph.style]
        if LIST in paragraph.formats:
            use = number(paragraph.formats, LIST)
        if LEVEL in paragraph.formats:
            level = number(paragraph.formats, LEVEL)
        return self._numbering.label(_name(use), level or 0)

    def _of_style(self, style: int) -> tuple[int | None, int | None]:
        """List and level that a style has from itself and from those it is based on."""
        use = level = None
        for _ in range(_DEEPEST):
            known = self._styles.get(style)
            if known is None:
                break
            if level is None:
                level = number(known.formats, LEVEL)
            if use is None and (use := number(known.formats, LIST)) is not None:
                listed = self._lists.get(_name(use) or "")
                if listed is not None and level is None:
                    level = self._style_levels.get((listed.abstract, style))
            style = known.base
        return use, level

    def _definitions(self, raw: bytes) -> Iterator[tuple[str, dict[int, Level]]]:
        if not raw:
            return
        (count,) = struct.unpack_from("<H", raw)
        at = 2 + _DEFINITION * count
        for own in range(count):
            place = 2 + _DEFINITION * own
            name = raw[place : place + 4].hex()
            linked = struct.unpack_from(f"<{LEVELS}H", raw, place + 8)
            levels: dict[int, Level] = {}
            for level in range(1 if raw[place + 26] & 1 else LEVELS):
                levels[level], at = _level(raw, at)
                self._style_levels[name, linked[level]] = level
            yield name, levels


def _uses(
    raw: bytes, definitions: Mapping[str, dict[int, Level]]
) -> Iterator[tuple[str, NumberedList]]:
    """The lists that paragraphs name, by their numbers from 1."""
    if not raw:
        return
    (count,) = struct.unpack_from("<I", raw)
    at = 4 + _USE * count
    for own in range(count):
        place = 4 + _USE * own
        name = raw[place : place + 4].hex()
        listed = NumberedList(abstract=name, levels=dict(definitions.get(name, {})))
        at += 4
        for _ in range(raw[place + 12]):
            start, flags = struct.unpack_from("<iI", raw, at)
            at += 8
            level = flags & 0xF
            if flags & 0x20:
                listed.levels[level], at = _level(raw, at)
                start = listed.levels[level].start
            if flags & 0x10:
                listed.starts[level] = start
        yield str(own + 1), listed


def _level(raw: bytes, at: int) -> tuple[Level, int]:
    """One level of a list, and where the next one begins."""
    start, form, flags, suffix, characters, paragraphs, restart = struct.unpack_from(
        "<iBB9xB8xBBB", raw, at
    )
    at += _LEVEL + characters + paragraphs
    (length,) = struct.unpack_from("<H", raw, at)
    text = raw[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    level = Level(
        start=start,
        form=_FORMS.get(form, "decimal"),
        text="".join(f"%{ord(c) + 1}" if ord(c) < LEVELS else c for c in text),
        suffix=_SUFFIXES[suffix] if suffix < len(_SUFFIXES) else "tab",
        restart=restart if flags & 8 else None,
        legal=bool(flags & 4),
    )
    return level, at + 2 + 2 * length


def _name(use: int | None) -> str | None:
    if not use or use == _UNLISTED:
        return None
    return str(use if use < _UNLISTED else 0x1_0000 - use)
