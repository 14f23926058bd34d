"""One form for spellings that differ in width, case, script or white space, and the way back to the input. Pure.

Policy texts write 数据安全 as 數據安全, ＡＩ as AI, break it over two lines of a page, or carry the
look-alike characters that PDF files are full of (⽤ for 用). Terms and texts are folded alike, so
that these meet; every place in a folded text has its place in the input.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_FREQUENT = tuple(zip("，：；（）“”", ',:;()""', strict=True))
"""Full-width marks of every sentence: replacing each at once is five times as fast as one by one."""
_MARKS = {"\u2018": "'", "\u2019": "'", "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u30fb": "·"}
_LOOK_ALIKES = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF))
"""Radicals and compatibility ideographs, which stand for ordinary characters."""

_IDEOGRAPH = "\u3005\u3007\u3400-\u9fff\U00020000-\U0003ffff"
_NARROW = "\\x00-\u2e7f"
"""What is written with blanks between words; all beyond is Chinese, its punctuation included."""
_BLANK = " \\t\\n\\r\\x0b\\x0c\\x1c-\\x1f\\x85\\xa0\\xad\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
"""White space, and the invisible characters that web pages hide in words."""
_INVISIBLE = "\xad\u200b\u200c\u200d\u2060\ufeff"
_RUN = re.compile(
    # a run of blanks, unless it is one plain blank between Latin words or a line's plain end
    f"[{_BLANK}]++(?:(?<=[^ \\n])|(?<=[{_BLANK}]{{2}})|(?<=[^{_NARROW}] )|(?<= )(?=[^{_NARROW}])"
    f"|(?<=[{_IDEOGRAPH}]\\n)(?=[{_IDEOGRAPH}])|(?<=[a-z]\\n)(?=[a-z]))"
)
_WITHIN = re.compile(f"[{_IDEOGRAPH}]{{2}}")
_HEADING = re.compile(
    "[一二三四五六七八九十]{1,3}、|第[〇零一二三四五六七八九十百千]{1,6}[编章节条]"
)
"""How a line begins that goes on with nothing: 一、 第三条."""


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    """Character -> what it is read as, one for one."""
    lines = files("watcher.classify").joinpath("traditional.txt").read_text(encoding="utf-8")
    pairs = "".join(line for line in lines.splitlines() if not line.startswith("#"))
    simpler = dict(zip(pairs[::2], pairs[1::2], strict=True))
    table = _MARKS | dict(_FREQUENT) | {chr(c): chr(c + 32) for c in range(ord("A"), ord("Z") + 1)}
    table |= {chr(c): chr(c - 0xFEE0).lower() for c in range(0xFF01, 0xFF5F)}
    for first, last in _LOOK_ALIKES:
        for char in map(chr, range(first, last + 1)):
            plain = unicodedata.normalize("NFKC", char)
            if plain != char and len(plain) == 1:
                table[char] = simpler.get(plain, plain)
    return simpler | table


@lru_cache(maxsize=1)
def _foldable() -> tuple[re.Pattern[str], dict[int, str]]:
    """What finds stretches to fold (the marks of `_FREQUENT` apart), and the table that folds them."""
    table = _table()
    chars = "".join(char for char in table if char not in dict(_FREQUENT))
    return re.compile(f"[{re.escape(chars)}]+"), str.maketrans(table)


def fold(text: str) -> str:
    """`text` in one width, case and script, character for character: of the same length."""
    for wide, narrow in _FREQUENT:
        text = text.replace(wide, narrow)
    foldable, table = _foldable()
    return foldable.sub(lambda stretch: stretch[0].translate(table), text)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as terms are looked up in it: folded, and without the white space that splits words.

    What is left of white space is single blanks between Latin words, and line ends that end a
    paragraph.
    """

    text: str
    _starts: tuple[int, ...] = ()
    """Places in `text` from which on the input is further ahead, ascending."""
    _ahead: tuple[int, ...] = ()
    """By how many characters."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` (not empty) stands in the input."""
        return self._place(start), self._place(end - 1) + 1

    def _place(self, at: int) -> int:
        n = bisect_right(self._starts, at)
        return at + self._ahead[n - 1] if n else at


def folded(text: str) -> Folded:
    """Fold `text` and take out the white space that is none of its words', in time linear in it."""
    flat = fold(text)
    pieces: list[str] = []
    starts: list[int] = []
    ahead: list[int] = []
    done = length = 0
    for run in _RUN.finditer(flat):
        start, end = run.span()
        kept = _kept(flat, start, end)
        if len(kept) == end - start:
            if kept != run[0]:
                pieces += (flat[done:start], kept)
                length += end - done
                done = end
            continue
        pieces += (flat[done:start], kept)
        length += start - done + len(kept)
        done = end
        starts.append(length)
        ahead.append(end - length)
    if not pieces:
        return Folded(flat)
    pieces.append(flat[done:])
    return Folded("".join(pieces), tuple(starts), tuple(ahead))


@lru_cache(maxsize=50_000)
def spelling(term: str) -> str:
    """A term of a rule file as it is looked up; asked for several times while rules are built."""
    return folded(term.strip()).text


def _kept(text: str, start: int, end: int) -> str:
    """What the white space at `[start:end]` comes down to: nothing, a blank or a line's end.

    A line's end parts paragraphs, unless it stands amid Chinese or Latin letters and no heading
    follows: then a page was only too narrow.
    """
    before, after = text[start - 1 : start], text[end : end + 1]
    lines = text.count("\n", start, end)
    if not lines:
        chinese = before > "\u2e7f" or after > "\u2e7f"
        return "" if chinese or not text[start:end].strip(_INVISIBLE) else " "
    if lines == 1:
        if _WITHIN.match(before + after):
            return "\n" if _HEADING.match(text, end) else ""
        if before.isalpha() and after.isalpha() and before.isascii() and after.isascii():
            return " "
    return "\n"
