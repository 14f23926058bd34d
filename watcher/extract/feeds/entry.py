"""One entry of a feed, whatever the feed's format, to an item: its identity, address and plain text."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import unescape

from watcher.extract.lists.rows import distinct
from watcher.extract.markup import clean_title, inline, resolve
from watcher.extract.walk import Piece, pieces
from watcher.model import Item
from watcher.text import canonical_url, text_hash

MOST_TEXT = 20_000  # characters of a summary that are kept
_MOST_HTML = 1_000_000  # characters looked at for them


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a feed says of one paper, as it stands there."""

    own_id: str
    link: str
    """Absolute or relative; "" for none."""
    title: str
    """May hold markup and entities, once or twice escaped."""
    published: date | None
    texts: tuple[str, ...]
    """Summary and content, as HTML."""


def items_of(entries: Iterable[Entry], url: str, home: str) -> list[Item]:
    """The items of a feed at `url`, in its order, rows that say the same again left out.

    `home` is the address of the site or column the feed is about, "" when unknown: a link to it is
    no paper's own.
    """
    common = {canonical_url(own) for own in (url, resolve(home, url)) if own}
    return distinct(_told_apart([_item(entry, url, common) for entry in entries]))


def _item(entry: Entry, url: str, common: set[str]) -> Item:
    title = clean_title(plain(entry.title)) or None
    texts = [plain(text) for text in entry.texts]
    summary = max(texts, key=len, default="")
    address = resolve(entry.link, url) if entry.link else None
    own = canonical_url(address) if address else ""
    if not own or own in common:
        own = f"{own} {_name(entry, title, summary)}".strip()
    return Item(key=own, title=title, url=address, published=entry.published, summary=summary)


# Identifiers that generators roll anew at every build: UUIDs, digests, time stamps.
_CHURNING = re.compile(
    r"(?:urn:uuid:|\{)?[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\}?|[0-9a-f]{16,}|1\d{9}(?:\d{3})?",
    re.I,
)


def _name(entry: Entry, title: str | None, summary: str) -> str:
    """What tells an entry without an address of its own from others, poll after poll."""
    if entry.own_id and not (title and _CHURNING.fullmatch(entry.own_id)):
        return entry.own_id
    return text_hash(title or summary, entry.published.isoformat() if entry.published else None)


def _told_apart(items: Sequence[Item]) -> list[Item]:
    """`items`; those without an address that differ in their text alone get keys of their own."""
    said = {(item.key, item.summary): None for item in items if item.url is None}
    shared = Counter(key for key, _ in said)
    return [
        replace(item, key=f"{item.key} {text_hash(item.summary)[:16]}")
        if item.url is None and shared[item.key] > 1
        else item
        for item in items
    ]


# ---------------------------------------------------------------- plain text

_BREAK = re.compile(
    r"</?(?:br|p|div|li|ul|ol|dl|dt|dd|tr|td|th|table|section|article|h[1-6]|hr|pre|blockquote)\b",
    re.I,
)
_NO_TAG = re.compile(r"<(?![/?]?[a-z][a-z0-9:-]*[\s/>]|!--|!\[|!doctype)", re.I)
_MARKED = re.compile(r"</?[a-zA-Z]|&#?\w{2,8};")


def plain(html: str) -> str:
    """The text of `html`, one paragraph per line, at most MOST_TEXT characters.

    Markup and entities go, also those written twice (`&amp;lt;br&amp;gt;`); <申请> is no markup.
    """
    text = _stripped(html[:_MOST_HTML])
    if _MARKED.search(text):
        text = _stripped(text)
    lines = (inline(line) for line in text.split("\x00"))
    return "\n".join(line for line in lines if line)[:MOST_TEXT]


def _stripped(html: str) -> str:
    """`html` without its tags, with NULs for the breaks between paragraphs."""
    html = _NO_TAG.sub("&lt;", html)
    found: list[str] = []
    for kind, start, end, whole in pieces(html):
        if kind is Piece.TEXT or (kind is Piece.TAG and not whole):
            found.append(unescape(html[start:end]))
        elif kind is Piece.TAG and _BREAK.match(html, start):
            found.append("\x00")
    return "".join(found)
