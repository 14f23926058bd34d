"""Walk through HTML without building its tree: what stands in it, and what a reader sees of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import unescape

_RAW = re.compile(r"<(script|style|head|template)\b", re.I)
_LINK = re.compile(r"<(/?)a\b", re.I)


class Piece(StrEnum):
    TEXT = "text"
    TAG = "tag"
    COMMENT = "comment"
    RAW = "script or style"


def pieces(html: str, start: int = 0) -> Iterator[tuple[Piece, int, int, bool]]:
    """Cut `html` into text, tags, comments and raw elements: kind, start, end, whether it is whole.

    Walks forward only, so that hostile markup costs no more than its length.
    """
    lower = html.lower()
    while start < len(html):
        opened = html.find("<", start)
        if opened != start:
            end = len(html) if opened < 0 else opened
            yield Piece.TEXT, start, end, True
        elif html.startswith("<!--", start):
            found = html.find("-->", start + 4)
            end = len(html) if found < 0 else found + 3
            yield Piece.COMMENT, start, end, found >= 0
        elif raw := _RAW.match(html, start):
            found = lower.find(f"</{raw[1].lower()}", raw.end())
            end = len(html) if found < 0 else found
            yield Piece.RAW, start, end, found >= 0
        else:
            found = html.find(">", start)
            end = len(html) if found < 0 else found + 1
            yield Piece.TAG, start, end, found >= 0
        start = end


@dataclass(frozen=True, slots=True)
class Run:
    """Visible text on one line, and the tag of the link it stands in."""

    text: str
    link: str | None


def runs(html: str, most: int) -> list[Run]:
    """What a reader sees without scripts, up to about `most` characters."""
    found: list[Run] = []
    link: str | None = None
    for kind, start, end, _ in pieces(html):
        if kind is Piece.TAG and (tag := _LINK.match(html, start)):
            link = None if tag[1] else html[start:end]
        elif kind is Piece.TEXT:
            # of a text that is mostly blanks, as templates make them, eight times as much is read
            if text := " ".join(html[start : min(end, start + 8 * most)].split()):
                found.append(Run(unescape(text), link))
                most -= len(text)
            if most <= 0:
                break
    return found
