"""Cut a regulation into articles, headings and what stands around them, losing nothing. Pure."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from watcher.diff.closing import is_annex, tail_start
from watcher.diff.sections import above, is_caption, is_foreword, openings
from watcher.text import cn_number

PREAMBLE, HEADING, ARTICLE, TAIL = "preamble", "heading", "article", "tail"

_N = r"[零〇一二三四五六七八九十百千两\d]+"
_EN = r"(?:[0-9]{1,4}|[IVXLC]{1,8})"
_LABEL = re.compile(
    rf"\s*第\s*(?P<n>{_N})\s*条(?:\s*之\s*(?P<sub>[零〇一二三四五六七八九十]+|\d+))?"
    rf"|\s*(?:Article|ARTICLE|Art\.)\s{{1,3}}(?P<en>{_EN})(?P<letter>[a-z])?\b"
    r"(?:\s{1,2}(?P<again>bis|ter|quater|quinquies)\b)?(?![-.]?[0-9(])\.?"
)
_SECTION = re.compile(
    rf"\s*(?:Section|SECTION|Sec\.|§)\s{{0,3}}(?P<en>{_EN})(?P<letter>[a-z])?\b(?![-.]?[0-9(])\.?"
)
_HEADING = re.compile(
    rf"\s*第\s*{_N}\s*(?:分编|[编篇章节])(?!第)(?:\s.{{0,60}}|\S{{0,40}})$"
    rf"|\s*(?:Part|PART|Chapter|CHAPTER|Section|SECTION)\s{{1,3}}(?:{_EN}|[A-Z][a-z]{{2,8}}|[A-Z]{{3,8}})"
    r"(?:[.:\s—-]\s{0,3}[A-Z0-9].{0,80})?$"
)
_PAGE, _LEADERS = "0123456789０１２３４５６７８９", " \t\u3000\xa0.…·•．。-—_"
_CONTENTS = re.compile(r"\s*(?:目\s*[录次]|(?:Table of )?Contents|(?:TABLE OF )?CONTENTS)\s*$")
# A line that opens with a reference (第十条规定的…, 第十条第二款…) is not the article itself.
_REFERENCE = re.compile(
    r"\s+[a-z]|\s*\([0-9a-z]{1,3}\)|\s*第\s*\S{1,5}\s*[款项]|第\S{1,5}条|规定|所[列称述定]|[、，,至到和或与及以中之内外的]"
)
_OPEN = re.compile(r"[\s【［\[（(：:]|$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One stretch of a text: what it is, and its characters as they stand."""

    kind: str
    """preamble, heading, article or tail."""
    text: str
    """Everything after the label, inner line breaks kept, blanks at both ends dropped."""
    label: str = ""
    """第十二条之一, （一） or 1. as it stands; empty where nothing is numbered."""
    number: str = ""
    """Of an article: "12", "12.1", or its rank where the text has no 第X条."""
    above: tuple[str, ...] = ()
    """What it stands under, from the top down: 第二章 处理 for an article, 二、 and （一） for a section."""

    @property
    def whole(self) -> str:
        """Label and text, as they stand in the paper."""
        gap = " " if self.label and self.text and not self.label[-1].isspace() else ""
        return f"{self.label}{gap}{self.text}"

    @property
    def title(self) -> str:
        """The line that names a section of a plan or guideline; empty where text follows the label."""
        first, _, rest = self.text.partition("\n")
        return comparable(first) if self.label and rest and is_caption(first) else ""


def split_pair(old: str, new: str) -> tuple[list[Block], list[Block], str]:
    """Cut two texts the same way; return their blocks and the unit, `article` or `paragraph`.

    Both are cut by 第X条 when both have it (an empty text goes along with anything), by headings
    (一、 （一） 1.) when both have those, else by paragraph.
    """
    texts = [_lines(old), _lines(new)]
    full = [lines for lines in texts if any(line.strip() for line in lines)]
    cutters: tuple[tuple[str, Callable[[Sequence[str]], list[Block]]], ...] = (
        ("article", _by_article),
        ("article", partial(_by_article, named=_SECTION)),
        ("paragraph", _by_item),
    )
    for unit, cut in cutters:
        blocks = [cut(lines) for lines in texts]
        if full and all(
            _has_articles(found)
            for found, lines in zip(blocks, texts, strict=True)
            if lines in full
        ):
            if unit == "article":
                return _under_headings(blocks[0]), _under_headings(blocks[1]), unit
            if (_foreword(blocks[0]) is None) != (_foreword(blocks[1]) is None):
                blocks = [_foreword_apart(side) for side in blocks]
            return _under_sections(blocks[0]), _under_sections(blocks[1]), unit
    return _by_paragraph(texts[0]), _by_paragraph(texts[1]), "paragraph"


class _Folding(dict[int, str]):
    """What a character counts as when texts are compared; worked out at its first sight.

    As a table for `str.translate` this is several times as fast as a look at every character.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        unseen = char.isspace() or unicodedata.category(char) in ("Cf", "Cc")
        folded = "" if unseen else _QUOTES.get(char, char)
        if len(self) < _FOLDED:
            self[code] = folded
        return folded


_FOLDED = 20_000
"""How many characters are remembered: more than any paper has."""
_QUOTES = dict(zip("“”„‟‘’‚‛〈〉﹤﹥—–―‐‑", "\"\"\"\"''''<><>-----", strict=True))
_FOLDING = _Folding()


def comparable(text: str) -> str:
    """What two texts must share to read the same: width, spacing, and quote style folded."""
    return unicodedata.normalize("NFKC", text).translate(_FOLDING)


def _lines(text: str) -> list[str]:
    return text.splitlines()


def _has_articles(blocks: Sequence[Block]) -> bool:
    """Two or more, or a lone 第一条: one quoted 第十条 does not make a regulation."""
    labels = [block.label for block in blocks if block.kind == ARTICLE]
    return len(labels) > 1 or labels in (["第一条"], ["Article 1"])


# ---------------------------------------------------------------- 第X条


def _by_article(lines: Sequence[str], named: re.Pattern[str] = _LABEL) -> list[Block]:
    start = _end_of_contents(lines, named)
    labels = _labels(lines, start, named)
    if not labels:
        return _blocks([(PREAMBLE, "", "", "\n".join(lines))])
    last = max(labels)
    tail = tail_start(lines, last + 1)
    pieces: list[tuple[str, str, str, str]] = [(PREAMBLE, "", "", "\n".join(lines[:start]))]
    kind, label, number, gathered = PREAMBLE, "", "", list[str]()
    for at in range(start, tail):
        line = lines[at]
        if at in labels:
            match = labels[at]
            pieces.append((kind, label, number, "\n".join(gathered)))
            kind, label, number = ARTICLE, match[0].strip(), _number(match)
            gathered = [line[match.end() :]]
        elif _is_heading(line):
            pieces.append((kind, label, number, "\n".join(gathered)))
            kind, label, number, gathered = HEADING, "", "", [line]
        else:
            gathered.append(line)
    pieces.append((kind, label, number, "\n".join(gathered)))
    pieces.append((TAIL, "", "", "\n".join(lines[tail:])))
    return _blocks(pieces)


def _labels(lines: Sequence[str], start: int, named: re.Pattern[str]) -> dict[int, re.Match[str]]:
    """Lines that open an article.

    A label set off by a blank or a bracket counts by itself; one that runs into its text
    (第二条本办法所称…) must continue the numbering, or it is a reference at a line's start.
    An annex after the first articles may number its own 第一条: that belongs to the tail.
    """
    found: dict[int, re.Match[str]] = {}
    before = 0
    for at in range(start, len(lines)):
        match = named.match(lines[at])
        if match is None:
            if found and is_annex(lines[at]) and _closes(lines, at, named):
                break
            continue
        rest = lines[at][match.end() :]
        if _REFERENCE.match(rest):
            continue
        main = _main(match)
        if _OPEN.match(rest) or main == before + 1 or (_sub(match) and main == before):
            found[at] = match
            before = main
    return found


def _closes(lines: Sequence[str], at: int, named: re.Pattern[str]) -> bool:
    """Whether the annex mark at `at` ends the numbering: what follows starts again, or never does."""
    for line in lines[at + 1 :]:
        match = named.match(line)
        if match and not _REFERENCE.match(line[match.end() :]):
            return _main(match) == 1
    return True


def _main(match: re.Match[str]) -> int:
    groups = match.groupdict()
    try:
        return _english(groups["en"]) if groups["en"] else cn_number(match["n"])
    except ValueError:  # 第十三3条: digits of two kinds; keeps its place, never its number
        return 0


def _sub(match: re.Match[str]) -> str:
    """ "1" of 第十二条之一 and of Article 12a; empty where there is none."""
    groups = match.groupdict()
    if groups.get("again"):
        return str(_AGAIN.index(groups["again"]) + 1)
    if groups["letter"]:
        return str(ord(groups["letter"]) - ord("a") + 1)
    try:
        return str(cn_number(groups["sub"])) if groups.get("sub") else ""
    except ValueError:
        return ""


def _number(match: re.Match[str]) -> str:
    sub = _sub(match)
    return f"{_main(match)}.{sub}" if sub else str(_main(match))


_AGAIN = ("bis", "ter", "quater", "quinquies")
_ROMAN = dict(zip("IVXLC", (1, 5, 10, 50, 100), strict=True))


def _english(text: str) -> int:
    """12 or XII."""
    if text.isdecimal():
        return int(text)
    values = [_ROMAN[c] for c in text]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


def _is_heading(line: str) -> bool:
    return bool(_HEADING.match(line)) and line.rstrip()[-1] not in "。；：，、;:,"


def _end_of_contents(lines: Sequence[str], named: re.Pattern[str] = _LABEL) -> int:
    """Where the text proper begins: a table of contents names headings that come again.

    With or without the word 目录: the first heading (or label) that is seen twice before its first
    article ends the table at its second place.
    """
    opened = next((n for n, line in enumerate(lines) if _CONTENTS.match(line)), None)
    first = next(
        (
            n
            for n, line in enumerate(lines)
            if n > (-1 if opened is None else opened)
            and (_is_heading(_unled(line)) or (opened is not None and line.strip()))
        ),
        None,
    )
    if first is None:
        return 0
    key = _contents_key(lines[first], named)
    for at in range(first + 1, len(lines)):
        if opened is None and named.match(lines[at]):
            return 0
        if _contents_key(lines[at], named) == key:
            return at
    if opened is None:
        return 0
    at = first
    while at < len(lines) and (_is_heading(_unled(lines[at])) or not lines[at].strip()):
        at += 1
    return at


def _unled(line: str) -> str:
    """A line of a table of contents without its dotted leader and page number."""
    return (
        line.rstrip().rstrip(_PAGE).rstrip(_LEADERS)
    )  # by regex, long runs of blanks take minutes


def _contents_key(line: str, named: re.Pattern[str] = _LABEL) -> str:
    match = named.match(line)
    return comparable(match[0] if match else _unled(line))


_RANK = re.compile(
    rf"\s*(?:第\s*{_N}\s*(?P<unit>分编|[编篇章节])|(?P<en>Part|Chapter|Section))", re.IGNORECASE
)
_LEVELS = {"编": 0, "篇": 0, "part": 0, "分编": 1, "章": 2, "chapter": 2, "节": 3, "section": 3}


def _under_headings(blocks: Sequence[Block]) -> list[Block]:
    """With the chapter and the section that each article stands in."""
    stack: list[tuple[int, str]] = []
    done = []
    for block in blocks:
        if block.kind == HEADING:
            rank = _rank(block.text)
            stack = [known for known in stack if known[0] < rank]
            stack.append((rank, block.text))
        elif block.kind == ARTICLE and stack:
            block = replace(block, above=tuple(text for _, text in stack))
        done.append(block)
    return done


def _rank(heading: str) -> int:
    """编 0, 分编 1, 章 2, 节 3; in English Part, Chapter, Section."""
    named = _RANK.match(heading)
    return _LEVELS[(named["unit"] or named["en"]).lower()] if named else len(_LEVELS)


# ---------------------------------------------------------------- no 第X条


def _under_sections(blocks: Sequence[Block]) -> list[Block]:
    sections = [block for block in blocks if block.kind == ARTICLE]
    paths = iter(above([block.label for block in sections]))
    return [replace(b, above=next(paths)) if b.kind == ARTICLE else b for b in blocks]


def _by_item(lines: Sequence[str]) -> list[Block]:
    opened = openings(lines)
    start = _end_of_contents(lines) or _end_of_outline(lines, sorted(opened))
    tail = tail_start(lines, start + 1)
    pieces: list[tuple[str, str, str, str]] = [(PREAMBLE, "", "", "\n".join(lines[:start]))]
    kind, label, gathered, count = PREAMBLE, "", list[str](), 0
    for at in range(start, tail):
        if at in opened:
            pieces.append((kind, label, str(count), "\n".join(gathered)))
            count += 1
            kind, label = ARTICLE, opened[at].label
            gathered = [lines[at][opened[at].rest :]]
        else:
            gathered.append(lines[at])
    pieces.append((kind, label, str(count), "\n".join(gathered)))
    pieces.append((TAIL, "", "", "\n".join(lines[tail:])))
    return _blocks(pieces)


def _foreword_apart(blocks: Sequence[Block]) -> list[Block]:
    """With a first section 前言 as part of the preamble: so the other text has it."""
    at = _foreword(blocks)
    if at is None:
        return list(blocks)
    text = "\n".join(block.whole for block in blocks[: at + 1])
    rest = [
        replace(block, number=str(int(block.number) - 1)) if block.kind == ARTICLE else block
        for block in blocks[at + 1 :]
    ]
    return [Block(kind=PREAMBLE, text=text), *rest]


def _foreword(blocks: Sequence[Block]) -> int | None:
    first = next((n for n, block in enumerate(blocks) if block.kind == ARTICLE), None)
    return first if first is not None and is_foreword(blocks[first].text) else None


def _end_of_outline(lines: Sequence[str], opened: Sequence[int]) -> int:
    """Where a table of contents without its title ends: bare headings that all come again.

    Word's own tables lose the word 目录 when their text is extracted (seen on cmde.org.cn).
    """
    if not opened:
        return 0
    first = opened[0]
    key = _contents_key(lines[first])
    again = next((n for n in range(first + 1, len(lines)) if _contents_key(lines[n]) == key), 0)
    between = [at for at in range(first, again) if lines[at].strip()]
    headed = set(opened)
    named = [at for at in between if at in headed and lines[at].rstrip()[-1] not in "。；"]
    return again if len(between) > 2 and len(named) >= 0.75 * len(between) else 0


def _by_paragraph(lines: Sequence[str]) -> list[Block]:
    tail = tail_start(lines, 1)
    paragraphs = [line for line in lines[:tail] if line.strip()]
    pieces = [(ARTICLE, "", str(n), line) for n, line in enumerate(paragraphs, 1)]
    return _blocks([*pieces, (TAIL, "", "", "\n".join(lines[tail:]))])


def _blocks(pieces: Sequence[tuple[str, str, str, str]]) -> list[Block]:
    return [
        Block(kind=kind, label=label, number=number, text=text.strip())
        for kind, label, number, text in pieces
        if label or text.strip()
    ]
