"""Judge what arrived: which form the bytes have, and whether they are the page at all."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from watcher.errors import ExtractError, Reason
from watcher.extract.refusal import refuse
from watcher.extract.walk import Piece, pieces
from watcher.model import Page
from watcher.text import decode


class Form(StrEnum):
    HTML = "html"
    JSON = "json"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A page's characters, judged to be the page that was asked for."""

    form: Form
    text: str


def open_page(page: Page) -> Content:
    """Decode `page` and say what form it has; the bytes decide, not the name or the header.

    Raises ExtractError: empty, undecodable, not-a-listing (a document or picture), and for HTML
    blocked, challenge or truncated. JSON and feeds are judged by those who read them.
    """
    if not page.body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise ExtractError(Reason.EMPTY, f"{page.url!r} answered nothing")
    if page.body.startswith(_BINARY):
        raise ExtractError(Reason.NOT_A_LISTING, f"{page.url!r} is a file to download, not a page")
    text = decode(page.body, page.content_type).lstrip("\ufeff \t\r\n")
    if not text:
        raise ExtractError(Reason.EMPTY, f"{page.url!r} answered only blanks")
    form = form_of(text)
    if form is Form.HTML:
        judge(text, page.url)
    return Content(form=form, text=text)


_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
)
_PROLOGUE = re.compile(
    r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*", re.S | re.I
)
_FEED_ROOT = re.compile(r"<(?:rss|(?:\w{1,20}:)?(?:feed|rdf)|channel)[\s>/]", re.I)
_JUNK = 4000  # characters of warnings and debris that a server may put before a declaration
_JSONP = re.compile(r"[\w$.]{1,60}\(\s*[\[{]")


def form_of(text: str) -> Form:
    """JSON, feed or HTML, from the first thing in `text` that is not a declaration or comment."""
    if text.startswith(("{", "[")) or _JSONP.match(text):
        return Form.JSON
    return Form.HTML if root_of_feed(text) is None else Form.FEED


def root_of_feed(text: str) -> int | None:
    """Where the root element of a feed begins in `text`, None when it is no feed."""
    for start in (0, text.find("<?xml", 0, _JUNK)):
        if start >= 0 and (prologue := _PROLOGUE.match(text, start)):
            root = prologue.end()
            if _FEED_ROOT.match(text, root):
                return root
    return None


_WRAPPED = re.compile(r"^[\w$.]{1,60}\(\s*(.*?)\s*\)\s*;?\s*$", re.S)


def load_json(text: str, url: str) -> Any:
    """The value of a JSON or JSONP answer.

    Raises ExtractError truncated when it stops in the middle, not-a-listing when it is no JSON.
    """
    wrapped = _WRAPPED.match(text)
    body = (wrapped[1] if wrapped else text).rstrip(" \r\n\t\x00;")
    try:
        return json.loads(body, strict=False)
    except json.JSONDecodeError as exc:
        cut = exc.pos >= len(body) - 1 or exc.msg.startswith("Unterminated string")
        reason = Reason.TRUNCATED if cut else Reason.NOT_A_LISTING
        raise ExtractError(reason, f"{url!r} is not whole JSON: {exc.msg} at {exc.pos}") from exc
    except ValueError as exc:
        problem = f"{url!r} holds a number too long to read"
        raise ExtractError(Reason.NOT_A_LISTING, problem) from exc
    except RecursionError as exc:
        raise ExtractError(Reason.NOT_A_LISTING, f"{url!r} is nested too deeply") from exc


# ---------------------------------------------------------------- HTML that is not the page


def judge(html: str, url: str) -> None:
    """Raise ExtractError when `html` is a refusal, a challenge, blank or cut off."""
    refuse(html, url)
    if cut := _cut(html):
        raise ExtractError(Reason.TRUNCATED, f"{url!r} stops in the middle: {cut}")


_NEAR_END = 1500  # characters after which `</html>` does not end the page
_DOCUMENT = re.compile(r"<!doctype html|<html|<body", re.I)
_PAIRED = re.compile(
    r"<(/?)(div|section|main|ul|ol|li|dl|dt|dd|table|tbody|tr|td|th|a|span|h[1-6])\b", re.I
)
_OUTER = frozenset(("div", "section", "main"))  # what sloppy templates leave open
_DEPTH = 3


def _cut(html: str) -> str | None:
    """Why `html` looks cut off, or None.

    Whole pages may lack `</html>` or have one early (gov.cn gazette pages), so a missing end
    counts only together with a text that breaks off.
    """
    if not _DOCUMENT.search(html[:4000]):
        return None
    last_end = max(html.lower().rfind(end) for end in ("</html", "</body"))
    if last_end >= 0 and len(html) - last_end < _NEAR_END:
        return None
    marks: list[tuple[bool, str]] = []
    ragged = False
    for kind, start, end, whole in pieces(html, max(last_end, 0)):
        if not whole:
            return f"inside a {kind.value}"
        ragged = kind is Piece.TEXT and bool(html[start:end].strip())
        if kind is Piece.TAG and (mark := _PAIRED.match(html, start)):
            marks.append((bool(mark[1]), mark[2].lower()))
    left_open = _left_open(marks)
    if last_end >= 0 or not left_open:
        return None
    if len(left_open) >= _DEPTH or ragged or left_open[-1] not in _OUTER:
        return f"<{left_open[-1]}> is left open and the document has no end"
    return None


def _left_open(marks: Iterable[tuple[bool, str]]) -> list[str]:
    """Names of the elements that are opened and not closed, outermost first."""
    stack: list[str] = []
    open_now: Counter[str] = Counter()
    for closes, name in marks:
        if not closes:
            stack.append(name)
            open_now[name] += 1
        elif open_now[name]:
            closed = ""
            while closed != name:
                closed = stack.pop()
                open_now[closed] -= 1
    return stack
