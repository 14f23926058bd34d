"""The structure of a brief: its leading papers and its dated news bullets, as raw strings.

A brief is a periodical on policy papers: leading items of heading, "At a glance", comment and the
lines that name the paper, then policy and corporate news in bullets. Read alike from plain text,
markdown and HTML, by labels and order alone; what the strings mean is concluded in `facts`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

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
_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"^\s*(?:{words})\s*[:：]\s*", re.I))
    for name, words in (
        ("glance", r"at a glance|in brief|key points|summary|in a nutshell"),
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
)
# Labels that may stand inside a line, behind another one: "Issuing body: X Date: Y At a glance: Z"
_INLINE = re.compile(
    r"\s+(?=(?:At a glance|Issuing (?:body|bodies)|Policy name|Article)\s*[:：]"
    r"|Date\s*[:：]\s*(?:[A-Z][a-z]+\.?\s+\d|\d))",
    re.I,
)
_NEWS = {
    "policy": re.compile(
        r"^(?:other |more |further )?(?:policy|policies|regulatory)(?: news| updates?| developments?)?$",
        re.I,
    ),
    "corporate": re.compile(
        r"^(?:other |more |further )?(?:corporate|company|companies|business|industry)(?: news| updates?| developments?)?$",
        re.I,
    ),
}
_NUMBERED = re.compile(r"^\s*(\d{1,2})\s*[.)、]\s+(?=\S)")
_CONTENTS = re.compile(r"\.{3,}\s*\d*\s*$|\s\d{1,3}$")
_END = re.compile(
    r"^(?:authors?(?:\(s\))?|autor(?:en|\(en\))?|editors?|publisher|imprint|contact|about (?:us|the)|"
    r"noteworthy|worth noting|disclaimer|download|related|tags?|share)\b",
    re.I,
)
_LONGEST = 5_000  # characters of a bullet; what would go on with a longer one is another line
_PERIOD = re.compile(r"(?:reporting period|period covered|period)\s*[:：]?\s*([^()\n]{5,80})", re.I)
_ISSUED = re.compile(r"^(?:[A-Z][a-z]+\.? \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]+\.? \d{4})", re.I)


def brief_outline(text: str, url: str = "") -> Outline:
    """Read the structure of a brief from the characters of a page.

    Raises ExtractError: `empty` for a page without text, `not-a-listing` for one that holds neither
    a leading paper nor a dated bullet under a news heading.
    """
    lines = list(_split_labels(lines_of(text)))
    if not lines:
        raise ExtractError(Reason.EMPTY, f"{url or 'the brief'!r} holds no text")
    news_at = next((i for i in range(len(lines)) if _news_heading(lines, i)), len(lines))
    items = [*_leading(lines[:news_at]), *_news(lines, news_at)]
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


def _split_labels(lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        pieces = [piece for piece in _INLINE.split(line.text) if piece.strip()]
        if len(pieces) > 1 and not line.bullet and _label(pieces[0]):
            yield from (Line(text=piece.strip()) for piece in pieces)
        else:
            yield line


def _label(text: str) -> str | None:
    return next((name for name, pattern in _LABELS if pattern.match(text)), None)


def _unlabelled(text: str) -> str:
    return next((pattern.sub("", text) for _, pattern in _LABELS if pattern.match(text)), text)


# ---------------------------------------------------------------- leading papers


def _leading(lines: Sequence[Line]) -> Iterator[RawItem]:
    starts = [i for i in range(len(lines)) if _opens_item(lines, i)]
    for ordinal, start in enumerate(starts, 1):
        end = starts[ordinal] if ordinal < len(starts) else len(lines)
        yield _leading_item(ordinal, lines[start], lines[start + 1 : end])


def _opens_item(lines: Sequence[Line], at: int) -> bool:
    """A heading: a line followed by "At a glance", or by a comment or paper when it looks like one."""
    line = lines[at]
    if line.bullet or _label(line.text) or _CONTENTS.search(line.text) or _END.match(line.text):
        return False
    marked = line.heading or bool(_NUMBERED.match(line.text))
    for below in range(at + 1, len(lines)):  # no copy: this is asked of every line
        following = lines[below]
        label = _label(following.text)
        if label == "glance":
            return True
        if label in ("bodies", "date"):
            continue
        if label:
            return marked
        if not marked or following.heading or _NUMBERED.match(following.text):
            return False
    return False


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


def _leading_item(ordinal: int, heading: Line, lines: Sequence[Line]) -> RawItem:
    parts = _Parts()
    kept: list[str] = []
    for line in lines:
        label = _label(line.text)
        if label is None and (line.heading or _END.match(line.text)):
            break
        kept.append(f"• {line.text}" if line.bullet else line.text)
        if label in ("bodies", "date"):  # one line each; a repetition at the end says the same
            parts.running.setdefault(label, []).append(_unlabelled(line.text))
            parts.open = "after" if parts.open in ("paper", "after") else parts.open
        elif label:
            parts.add(label, _unlabelled(line.text))
        elif line.bullet and parts.open == "glance":
            parts.bullets.append(line.text)
        elif parts.open != "after":
            parts.add(parts.open, line.text)
    english, chinese = document_titles(parts.joined("paper", " "))
    return RawItem(
        section="top5",
        ordinal=ordinal,
        title=_NUMBERED.sub("", heading.text).strip(),
        date=next(iter(parts.running.get("date", ())), ""),
        glance=parts.joined("glance"),
        bullets=tuple(parts.bullets),
        comment=parts.joined("comment"),
        doc_title_en=english,
        doc_title_zh=chinese,
        bodies=next(iter(parts.running.get("bodies", ())), ""),
        text="\n".join(kept),
    )


# ---------------------------------------------------------------- news bullets


def _news_heading(lines: Sequence[Line], at: int) -> str | None:
    """The news section a line opens: its heading, directly followed by a bullet or a date."""
    name = lines[at].text.strip(" :：*")
    section = next((key for key, pattern in _NEWS.items() if pattern.match(name)), None)
    following = lines[at + 1] if at + 1 < len(lines) else None
    if section and following and (following.bullet or split_date(following.text)[0]):
        return section
    return None


def _news(lines: Sequence[Line], start: int) -> Iterator[RawItem]:
    section: str | None = None
    bullets: dict[str, list[str]] = {}
    for at in range(start, len(lines)):
        line = lines[at]
        if opened := _news_heading(lines, at):
            section = opened
        elif section is None:
            continue
        elif line.bullet or split_date(line.text)[0]:
            bullets.setdefault(section, []).append(line.text)
        elif _continues(bullets.get(section), line):
            bullets[section][-1] += " " + line.text
        else:
            section = None
    for name, texts in bullets.items():
        for ordinal, text in enumerate(texts, 1):
            yield _news_item(name, ordinal, text)


def _continues(bullets: list[str] | None, line: Line) -> bool:
    """Whether a line goes on with the bullet above it, which a page break or a narrow column cut."""
    if not bullets or line.heading or _END.match(line.text) or len(bullets[-1]) > _LONGEST:
        return False
    return not trailing_sources(bullets[-1])[1]


def _news_item(section: str, ordinal: int, text: str) -> RawItem:
    date, rest = split_date(text)
    body, sources = trailing_sources(rest)
    return RawItem(
        section=section,
        ordinal=ordinal,
        title=split_lead(body),
        date=date,
        sources=sources,
        text=text,
    )
