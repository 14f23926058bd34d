"""Lines of a brief from plain text, markdown or HTML, with bullets and headings told apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from watcher.text import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One paragraph, heading or bullet, without its markup."""

    text: str
    bullet: bool = False
    heading: bool = False


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
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
_UNREAD = ("script", "style", "noscript", "template", "nav", "form", "svg", "head")
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
    taken off, which leaves plain text as it is.
    """
    read = _html_lines(text) if len(_HTML.findall(text[:200_000])) >= 3 else _text_lines(text)
    return tuple(line for line in read if line.text)


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
        bullet = not heading and bool(_BULLET.match(line))
        line = _BULLET.sub("", line) if bullet else line
        yield Line(text=one_line(_plain(line)), bullet=bullet, heading=heading)


def _plain(line: str) -> str:
    """Markdown's inline marks taken off; a label in bold keeps its words."""
    line = _ESCAPE.sub(lambda match: f"\x00{ord(match[1])};", line)  # \( is a bracket, not a mark
    line = _LINK.sub(r"\1", line)
    line = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", line))
    return re.sub(r"\x00(\d+);", lambda match: chr(int(match[1])), line)


def _html_lines(text: str) -> Iterator[Line]:
    soup = BeautifulSoup(text, "lxml")
    for name in _UNREAD:
        for tag in soup.find_all(name):
            tag.decompose()
    buffer: list[str] = []
    kind = ""
    for part, found in _walk(soup, ""):
        if part is None:
            if line := one_line("".join(buffer)):
                yield _html_line(line, kind)
            buffer, kind = [], found
        else:
            buffer.append(part)
    if line := one_line("".join(buffer)):
        yield _html_line(line, kind)


def _html_line(line: str, kind: str) -> Line:
    bullet = kind == "li" or bool(_BULLET.match(line))
    return Line(text=_BULLET.sub("", line), bullet=bullet, heading=kind == "h")


def _walk(tag: Tag, kind: str) -> Iterator[tuple[str | None, str]]:
    """Pieces of text; None where a new line begins, with the kind of line that follows."""
    for child in tag.children:
        if type(child) is NavigableString:
            yield str(child).replace("\n", " "), kind
        elif isinstance(child, Tag):
            if child.name == "br":
                yield None, "" if kind == "h" else kind and "p"
            elif child.name in _BLOCKS:
                inner = _kind(child.name, kind)
                yield None, inner
                yield from _walk(child, inner)
                yield None, kind and "p"
            else:
                yield from _walk(child, kind)


def _kind(name: str, outer: str) -> str:
    if name == "li":
        return "li"
    if re.fullmatch(r"h[1-6]", name):
        return "h"
    return outer if outer == "li" else "p"
