"""Rich text, which Word and WPS also save as .doc: its paragraphs and rows, [MS-RTF] 1.9.1.

Automatic numbers stand in it as text, for readers that do not count.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from watcher.extract.attachment.package import Unreadable
from watcher.extract.attachment.word_file import whole
from watcher.text import one_line

MAGIC = b"{\\rtf"
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    rb"|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\"
)
_DEEPEST = 1000
# Groups whose text is no part of the document's.
_APART = frozenset(
    b"fonttbl colortbl stylesheet listtable listoverridetable revtbl rsidtbl generator info pict object"
    b" header headerl headerr headerf footer footerl footerr footerf footnote ftnsep ftnsepc annotation"
    b" fldinst themedata colorschememapping latentstyles datastore xmlnstbl filetbl atnid atnauthor".split()
)
# Groups to read although they are marked as ones that may be left out.
_SHOWN = frozenset((b"listtext", b"pntext", b"shpinst", b"shptxt"))
_CELL = "\x07"
_SIGNS = {
    b"par": "\n", b"line": "\n", b"page": "\n", b"sect": "\n", b"column": "\n", b"tab": " ",
    b"cell": _CELL, b"nestcell": _CELL, b"row": "\n", b"nestrow": "\n", b"~": " ", b"_": "-",
    b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """What holds until its closing brace."""

    apart: bool = False
    hidden: bool = False
    deleted: bool = False
    in_table: bool = False
    instead: int = 1
    """How many characters stand after a \\u for readers that do not know it."""


def read_rtf(body: bytes) -> list[str]:
    """The paragraphs and rows of a rich text, cells parted by tabs. Raises Unreadable."""
    text = whole("".join(_shown(body)))
    return [line for raw in text.split("\n") if (line := _line(raw))]


def _line(raw: str) -> str:
    return "\t".join(cell for part in raw.split(_CELL) if (cell := one_line(part)))


def _shown(body: bytes) -> Iterator[str]:
    """The characters that are shown, in order."""
    codec = _codec(body)
    group, outer = _Group(), list[_Group]()
    held = bytearray()  # bytes of characters that may take several of them
    skip = at = 0
    while token := _TOKEN.match(body, at):
        at = token.end()
        plain = token["text"] or (bytes.fromhex(token["byte"].decode()) if token["byte"] else b"")
        if plain:
            skip, plain = max(skip - len(plain), 0), plain[skip:]
            if not (group.apart or group.hidden or group.deleted):
                held += plain
            continue
        if held:
            yield held.decode(codec, "replace")
            held.clear()
        word, number = token["word"] or token["sign"], token["number"]
        if token["brace"] == b"{":
            outer.append(group)
            skip = 0
            if len(outer) > _DEEPEST:
                raise Unreadable("corrupt", f"its groups are nested over {_DEEPEST} deep")
        elif token["brace"] and outer:
            group, skip = outer.pop(), 0
        elif word == b"bin":
            at += max(int(number or 0), 0)
        elif word == b"u" and number:
            skip = group.instead
            if not (group.apart or group.hidden or group.deleted):
                yield chr(int(number) & 0xFFFF)
        elif word in _SIGNS:
            sign = " " if word == b"par" and group.in_table else _SIGNS[word]
            yield "" if group.apart else sign
        elif word:
            group = _told(group, word, number, body, at)
    yield held.decode(codec, "replace")


def _told(group: _Group, word: bytes, number: bytes | None, body: bytes, at: int) -> _Group:
    """`group` after a control word."""
    on = number != b"0"
    match word:
        case b"*":
            following = _TOKEN.match(body, at)
            return replace(
                group, apart=group.apart or not following or following["word"] not in _SHOWN
            )
        case b"uc":
            return replace(group, instead=min(max(int(number or 1), 0), 10))
        case b"v":
            return replace(group, hidden=on)
        case b"deleted":
            return replace(group, deleted=on)
        case b"plain":
            return replace(group, hidden=False, deleted=False)
        case b"intbl":
            return replace(group, in_table=True)
        case b"pard":
            return replace(group, in_table=False)
        case _:
            return replace(group, apart=True) if word in _APART else group


_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_CHINESE = re.compile(rb"\\fcharset134\b")


def _codec(body: bytes) -> str:
    """What its bytes are written in; a Chinese font says more than the writer's own system."""
    page = _CODE_PAGE.search(body[:1000])
    if _CHINESE.search(body) or (page and page[1] == b"936"):
        return "gb18030"
    try:
        return codecs.lookup(f"cp{page[1].decode()}").name if page else "cp1252"
    except LookupError:
        return "cp1252"
