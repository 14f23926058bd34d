"""Lines of a brief from plain text, markdown or HTML, with bullets and headings told apart."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from watcher.text import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One paragraph, heading or bullet, without its markup."""

    text: str
    bullet: bool = False
    heading: bool = False
    """Marked as one, or a short line in bold throughout."""


_HTML = re.compile(r"<(?:html|body|article|main|div|p|h[1-6]|ul|li|br|section)\b[^<>]*>", re.I)
_BULLET = re.compile(r"^\s*(?:[•·▪◦‣●○∙■]|[-*+–](?=\s))\s*(?=\S)")
_WRAPPED = re.compile(
    r"^(?:\s{2,}(?![-*+•·–]\s)\S|[a-z])"
)  # goes on with the bullet right above it
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")
_LINK = re.compile(
    r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)"
)
_FOOTNOTE = re.compile(r"(?<=\S) ?\[\^?\d{1,2}\](?!\()|(?<=[^\W\d]{3})[¹²³⁴-⁹]+")
_LONE_MARK = re.compile(r"[•·▪◦‣●○∙■*+–—-]")
_BOLD_LINE = re.compile(r"^\s{0,3}(\*\*|__)(?=\S)(?P<text>(?:(?!\1).)+)(?<=\S)\1\s*$")
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_NOTE = re.compile(r"[\s\d\[\](),*†‡]*")
_LONGEST_HEADING = 200
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
_UNREAD = ("script", "style", "noscript", "template", "nav", "button", "select", "svg", "head")
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "th",
        "tr",
        "ul",
        "body",
        "html",
    ]
)


def lines_of(text: str) -> tuple[Line, ...]:
    """Return the non-empty lines of a page in reading order.

    HTML is recognised by its tags; markdown marks (headings, bold, links, escapes) are read and
    taken off, which leaves plain text as it is. Marks of footnotes are left out.
    """
    read = _html_lines(text) if len(_HTML.findall(text[:200_000])) >= 3 else _text_lines(text)
    return tuple(_marked(line for line in read if line.text))


def _marked(lines: Iterable[Line]) -> Iterator[Line]:
    """A bullet's mark that stands in a line, or a cell, of its own belongs to the next."""
    alone = False
    for line in lines:
        if _LONE_MARK.fullmatch(line.text):
            alone = True
            continue
        yield replace(line, bullet=True, heading=False) if alone else line
        alone = False


def _text_lines(text: str) -> Iterator[Line]:
    rows: list[str] = []
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if rows and _BULLET.match(rows[-1]) and _WRAPPED.match(raw):
            rows[-1] += " " + raw.strip()
        else:
            rows.append(raw)
    for raw in rows:
        heading = bool(_HEADING.match(raw))
        line = _HEADING.sub("", raw).rstrip("# ") if heading else raw
        bold = len(line) <= _LONGEST_HEADING and _BOLD_LINE.match(line)
        bullet = not heading and not bold and bool(_BULLET.match(line))
        line = _BULLET.sub("", line) if bullet else line
        yield Line(text=one_line(_plain(line)), bullet=bullet, heading=heading or bool(bold))


def _plain(line: str) -> str:
    """Markdown's inline marks taken off; a label in bold keeps its words."""
    line = _ESCAPE.sub(lambda match: f"\x00{ord(match[1])};", line)  # \( is a bracket, not a mark
    line = _LINK.sub(lambda match: "" if match[1].isdigit() else match[1], line)
    line = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", line))
    line = re.sub(r"\x00(\d+);", lambda match: chr(int(match[1])), line)
    return _FOOTNOTE.sub("", line)


@dataclass(slots=True)
class _Written:
    """A line of HTML as it is gathered."""

    kind: str = ""
    pieces: list[str] = field(default_factory=list)
    bold: bool = True
    """All that was written so far is."""

    def write(self, text: str, bold: bool) -> None:
        self.pieces.append(text)
        self.bold = self.bold and (bold or not text.strip())

    def line(self) -> Line:
        text = _FOOTNOTE.sub("", one_line("".join(self.pieces)))
        bullet = self.kind == "li" or bool(_BULLET.match(text))
        bold = self.bold and not bullet and len(text) <= _LONGEST_HEADING
        return Line(text=_BULLET.sub("", text), bullet=bullet, heading=bold or self.kind == "h")


def _html_lines(text: str) -> Iterator[Line]:
    soup = BeautifulSoup(text, "lxml")
    for name in _UNREAD:
        for tag in soup.find_all(name):
            tag.decompose()
    written = _Written()
    for piece in _walk(soup, "", bold=False):
        if piece.text is None:
            yield written.line()
            written = _Written(kind=piece.kind)
        else:
            written.write(piece.text, piece.bold)
    yield written.line()


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some text of a line; without one, a new line begins, of the kind that is said."""

    text: str | None
    kind: str
    bold: bool = False


def _walk(tag: Tag, kind: str, *, bold: bool) -> Iterator[_Piece]:
    for child in tag.children:
        if type(child) is NavigableString:
            yield _Piece(str(child).replace("\n", " "), kind, bold)
        elif not isinstance(child, Tag) or (child.name == "sup" and _is_note(child)):
            continue
        elif child.name == "br":
            yield _Piece(None, "" if kind == "h" else kind and "p")
        elif child.name in _BLOCKS:
            inner = _kind(child.name, kind)
            yield _Piece(None, inner)
            yield from _walk(child, inner, bold=bold or _is_bold(child))
            yield _Piece(None, kind and "p")
        else:
            yield from _walk(child, kind, bold=bold or _is_bold(child))


def _is_note(sup: Tag) -> bool:
    return bool(_NOTE.fullmatch(sup.get_text()))


def _is_bold(tag: Tag) -> bool:
    return tag.name in ("b", "strong", "th") or bool(_HEAVY.search(str(tag.get("style") or "")))


def _kind(name: str, outer: str) -> str:
    if name == "li":
        return "li"
    if re.fullmatch(r"h[1-6]", name):
        return "h"
    return outer if outer in ("li", "h") else "p"
