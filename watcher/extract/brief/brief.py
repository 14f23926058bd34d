"""The structure of a brief: its leading papers and its dated news bullets, as raw strings.

A brief is a periodical on policy papers: leading items of heading, "At a glance", comment and the
lines that name the paper, then policy and corporate news in bullets. Read alike from plain text,
markdown and HTML, by labels and order alone; what the strings mean is concluded in `facts`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from watcher.errors import ExtractError, Reason
from watcher.extract.brief.lines import Line, lines_of
from watcher.extract.brief.parts import document_titles, split_date, split_lead, trailing_sources


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """One item of a brief, its parts as printed; "" for a part that is missing."""

    section: str
    """top5, policy or corporate."""
    ordinal: int
    title: str
    """The heading of a leading paper; the leading clause of a bullet."""
    date: str = ""
    glance: str = ""
    """Running text at a glance, before and after the bullets."""
    bullets: tuple[str, ...] = ()
    comment: str = ""
    doc_title_en: str | None = None
    doc_title_zh: str | None = None
    bodies: str = ""
    sources: tuple[str, ...] = ()
    text: str = ""
    """The whole item, one paragraph or bullet per line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A brief's structure. `issued` and `period` are the words that give them, or ""."""

    issued: str = ""
    period: str = ""
    items: tuple[RawItem, ...] = ()


_WORD = r"[\w'’&./-]+"
_LABELS: tuple[tuple[str, str], ...] = (
    ("glance", r"at[ -]a[ -]glance|in brief|key (?:points|takeaways)|summary|in a nutshell"),
    (
        "comment",
        rf"(?:{_WORD}\s+){{0,3}}(?:comments?|commentary|analysis|assessment|take|view)"
        r"|why it matters|what it means",
    ),
    (
        "paper",
        r"(?:original |source |official )?(?:articles?|policy(?: name| paper| document)?|policy title|"
        r"documents?(?: name| title)?|paper|title)",
    ),
    (
        "bodies",
        r"(?:issuing|issued by|issuing by|responsible)?\s*(?:bod(?:y|ies)|agenc(?:y|ies)|authorit(?:y|ies)|"
        r"departments?|ministr(?:y|ies))|issued by|issuers?",
    ),
    (
        "date",
        r"(?:issue |issuing |release |publication )?dates?|published(?: on)?|date of (?:issue|release)",
    ),
)
_MARKED = tuple(
    (name, re.compile(rf"^\s*(?:{words})\s*(?:[:：|]|[–—]\s)\s*", re.I)) for name, words in _LABELS
)
_ALONE = tuple((name, re.compile(rf"^\s*(?:{words})\s*$", re.I)) for name, words in _LABELS)
_GLANCE = re.compile(r"^\s*at[ -]a[ -]glance[.,]?\s+(?=[A-Z“\"])", re.I)
_VAGUE = frozenset(
    [
        "policy",
        "paper",
        "title",
        "document",
        "documents",
        "department",
        "departments",
        "view",
        "take",
        "ministry",
    ]
)
"""Words that may as well be a heading, or the end of a cut line, where they stand alone."""
# Labels that may stand inside a line, behind another one: "Issuing body: X Date: Y At a glance: Z"
_INLINE = re.compile(
    r"[\s|;]+(?=(?:At a glance|Issuing (?:body|bodies)|Policy name|Article)\s*[:：]"
    r"|Date\s*[:：]\s*(?:[A-Z][a-z]+\.?\s+\d|\d)|(?<=[.!?”\"][ \n])(?:[A-Z]\w+\s)?comment\s*[:：])",
    re.I,
)
_MANNER = (
    r"(?:\s+(?:news|updates?|developments?|briefs?|highlights|round-?up|watch|notes|moves|tracker"
    r"|in brief|at a glance))?"
)
_MORE = r"(?:(?:other|more|further|key|latest|selected|additional|noteworthy)\s+)?"
_POLICY = r"(?:policy|policies|regulatory|regulations?|government|legislation|legislative)"
_CORPORATE = r"(?:corporate|compan(?:y|ies)|business(?:es)?|industry|enterprises?|firms|markets?)"
_NEWS = {
    name: re.compile(rf"^{_MORE}{word}(?:\s+(?:and|&)\s+{word})?{_MANNER}$", re.I)
    for name, word in (("policy", _POLICY), ("corporate", _CORPORATE))
}
_NUMBERED = re.compile(r"^\s*(?:#?\d{1,2}\s*(?:[.)]\s+|、\s*)|#\d{1,2}[:：]?\s+|[①-⑳]\s*)(?=\S)")
_CONTENTS = re.compile(r"\.{3,}\s*\d*\s*$")
_END = re.compile(
    r"^(?:authors?(?:\(s\))?|autor(?:en|\(en\))?|editors?|publisher|imprint|contact|about (?:us|the)|"
    r"noteworthy|worth noting|disclaimer|download|related|tags?|share|footnotes?|subscribe)\b",
    re.I,
)
_PAGE_NUMBER = re.compile(r"^\W*(?:page\s*)?\d{1,3}\W*$|\|\s*\d{1,3}$|^\d{1,3}\s*\|", re.I)
_AGAIN = 3
_LONGEST = 5_000  # characters of a bullet; what would go on with a longer one is another line
_PERIOD = re.compile(r"(?:reporting period|period covered|period)\s*[:：]?\s*([^()\n]{5,80})", re.I)
_ISSUED = re.compile(r"^(?:[A-Z][a-z]+\.? \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]+\.? \d{4})", re.I)


def brief_outline(text: str, url: str = "") -> Outline:
    """Read the structure of a brief from the characters of a page.

    Raises ExtractError: `empty` for a page without text, `not-a-listing` for one that holds neither
    a leading paper nor a dated bullet under a news heading.
    """
    lines = list(_split_labels(_without_furniture(lines_of(text))))
    if not lines:
        raise ExtractError(Reason.EMPTY, f"{url or 'the brief'!r} holds no text")
    news, rest = _news(lines)
    items = [*_leading(rest), *news]
    if not items:
        raise ExtractError(
            Reason.NOT_A_LISTING,
            f"{url or 'the page'!r} has no leading paper and no dated news; is it a brief?",
        )
    head = "\n".join(line.text for line in lines[:40])
    period, issued = _PERIOD.search(head), _first_issue_date(lines)
    return Outline(issued=issued, period=period[1].strip() if period else "", items=tuple(items))


def _first_issue_date(lines: Sequence[Line]) -> str:
    for line in lines[:40]:
        if _label(line.text):
            break
        if match := _ISSUED.match(line.text):
            return match[0]
    return ""


def _without_furniture(lines: Sequence[Line]) -> Iterator[Line]:
    """Without the heads and feet of printed pages: a page's number, or a line said again and again."""
    counts = Counter(line.text for line in lines)
    value = False
    for line in lines:
        label = _label(line.text)
        again = counts[line.text] >= _AGAIN and not (line.bullet or label or value or _dated(line))
        if not (_PAGE_NUMBER.search(line.text) or (again and not _section_of(line))):
            yield line
        value = label is not None and not _unlabelled(line.text)


def _split_labels(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        pieces = [piece for piece in _INLINE.split(line.text) if piece.strip()]
        if len(pieces) > 1 and not line.bullet and _label(pieces[0]):
            yield from (Line(text=piece.strip()) for piece in pieces)
        else:
            yield line


def _label(text: str) -> str | None:
    """What a line's label says it is: a colon or a dash stands behind it, or nothing."""
    if len(text) <= 60 and text.strip().lower() not in _VAGUE:
        for name, pattern in _ALONE:
            if pattern.match(text):
                return name
    if _GLANCE.match(text):
        return "glance"
    return next((name for name, pattern in _MARKED if pattern.match(text)), None)


def _unlabelled(text: str) -> str:
    patterns = (*(p for _, p in _MARKED), *(p for _, p in _ALONE), _GLANCE)
    return next((pattern.sub("", text) for pattern in patterns if pattern.match(text)), text)


# ---------------------------------------------------------------- leading papers


def _leading(segments: Sequence[Sequence[Line]]) -> Iterator[RawItem]:
    ordinal = 0
    for lines in segments:
        for start, end in pairwise([*_starts(lines), len(lines)]):
            ordinal += 1
            yield _leading_item(ordinal, lines[start], lines[start + 1 : end])


def _starts(lines: Sequence[Line]) -> Iterator[int]:
    """Where leading items begin. What has no label of its own is a line of the contents."""
    found: int | None = None
    labels: set[str] = set()
    for at, line in enumerate(lines):
        if label := _label(line.text):
            labels.add(label)
            continue
        first = _opens_item(lines, at)
        numbered_bullet = "glance" in labels and labels.isdisjoint(("comment", "paper"))
        if first is None or (numbered_bullet and first != "glance"):
            continue
        if found is not None and labels:
            yield found
        found, labels = at, set()
    if found is not None and labels:
        yield found


def _opens_item(lines: Sequence[Line], at: int) -> str | None:
    """The first label below a heading: "At a glance", or another when it looks like a heading."""
    line = lines[at]
    if line.bullet or _label(line.text) or _CONTENTS.search(line.text) or _END.match(line.text):
        return None
    marked = line.heading or bool(_NUMBERED.match(line.text))
    for below in range(at + 1, len(lines)):  # no copy: this is asked of every line
        following = lines[below]
        label = _label(following.text)
        if label == "glance":
            return label
        if label in ("bodies", "date"):
            continue
        if label:
            return label if marked else None
        if not marked or following.heading or _NUMBERED.match(following.text):
            return None
    return None


@dataclass(slots=True)
class _Parts:
    """What has been gathered of one leading item; `open` is the part that running text joins."""

    open: str = "glance"
    running: dict[str, list[str]] = field(default_factory=dict)
    bullets: list[str] = field(default_factory=list)

    def add(self, part: str, text: str) -> None:
        self.open = part
        self.running.setdefault(part, []).append(text)

    def joined(self, part: str, with_: str = "\n") -> str:
        return with_.join(text for text in self.running.get(part, ()) if text)

    def first(self, part: str) -> str:
        return next((text for text in self.running.get(part, ()) if text), "")


def _leading_item(ordinal: int, heading: Line, lines: Sequence[Line]) -> RawItem:
    parts = _Parts()
    kept: list[str] = []
    last = max((at for at, line in enumerate(lines) if _label(line.text)), default=-1)
    for at, line in enumerate(lines):
        label = _label(line.text)
        if label is None and at > last and (line.heading or _END.match(line.text)):
            break
        numbered = parts.open == "glance" and bool(_NUMBERED.match(line.text))
        bullet = line.bullet or numbered
        text = _NUMBERED.sub("", line.text) if numbered else line.text
        kept.append(f"• {text}" if bullet else text)
        if label in ("bodies", "date"):  # one line each; a repetition at the end says the same
            value = _unlabelled(text)
            parts.running.setdefault(label, []).append(value)
            after = "after" if parts.open in ("paper", "after") else parts.open
            parts.open = after if value else label
        elif label:
            parts.add(label, _unlabelled(text))
        elif parts.open in ("bodies", "date"):  # its label stood alone, in a line or a cell
            parts.add(parts.open, text)
            parts.open = "after" if "paper" in parts.running else "glance"
        elif bullet and parts.open == "glance":
            parts.bullets.append(text)
        elif parts.open != "after":
            parts.add(parts.open, text)
    english, chinese = document_titles(parts.joined("paper", " "))
    return RawItem(
        section="top5",
        ordinal=ordinal,
        title=_NUMBERED.sub("", heading.text).strip(),
        date=parts.first("date"),
        glance=parts.joined("glance"),
        bullets=tuple(parts.bullets),
        comment=parts.joined("comment"),
        doc_title_en=english,
        doc_title_zh=chinese,
        bodies=parts.first("bodies"),
        text="\n".join(kept),
    )


# ---------------------------------------------------------------- news bullets


def _news_heading(lines: Sequence[Line], at: int) -> str | None:
    """The news section a line opens: its heading, followed by a bullet or a date."""
    section = _section_of(lines[at])
    if section is None:
        return None
    for following in lines[at + 1 : at + 3]:  # a sentence of introduction may stand between
        if following.bullet or _dated(following):
            return section
        if following.heading or _label(following.text) or not lines[at].heading:
            return None
    return None


def _section_of(line: Line) -> str | None:
    """The news section that a line names."""
    name = _NUMBERED.sub("", line.text).strip(" :：*")
    named = (key for key, pattern in _NEWS.items() if pattern.match(name))
    return None if line.bullet else next(named, None)


def _dated(line: Line) -> bool:
    return bool(split_date(_NUMBERED.sub("", line.text), bare=line.bullet)[0])


def _news(lines: Sequence[Line]) -> tuple[list[RawItem], list[list[Line]]]:
    """The items under news headings, and the lines before, between and behind them."""
    section: str | None = None
    bullets: dict[str, list[str]] = {}
    rest: list[list[Line]] = [[]]
    for at, line in enumerate(lines):
        if opened := _news_heading(lines, at):
            section = opened
            rest.append([])
        elif section and (line.bullet or _dated(line)):
            bullets.setdefault(section, []).append(_NUMBERED.sub("", line.text))
        elif section and bullets.get(section) is None and not _opens_item(lines, at):
            continue  # its introduction
        elif section and not _opens_item(lines, at) and _continues(bullets.get(section), line):
            told = bullets[section]
            told[-1] += (" " if split_date(told[-1])[1] else ": ") + line.text
        else:
            section = None
            rest[-1].append(line)
    items = [
        _news_item(name, ordinal, text)
        for name, texts in bullets.items()
        for ordinal, text in enumerate(texts, 1)
    ]
    return items, rest


def _continues(bullets: list[str] | None, line: Line) -> bool:
    """Whether a line goes on with the bullet above it, which a page break or a narrow column cut."""
    if not bullets or line.heading or _END.match(line.text) or len(bullets[-1]) > _LONGEST:
        return False
    return not trailing_sources(bullets[-1])[1]


def _news_item(section: str, ordinal: int, text: str) -> RawItem:
    date, rest = split_date(text, bare=True)
    body, sources = trailing_sources(rest)
    return RawItem(
        section=section,
        ordinal=ordinal,
        title=split_lead(body),
        date=date,
        sources=sources,
        text=text,
    )
