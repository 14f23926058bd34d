"""OPML subscription lists (1.0, 1.1, 2.0: opml.org/spec2.opml) to what they name. Bytes in, values out."""

import re
from dataclasses import dataclass

from lxml import etree

from watcher.errors import ExtractError, Reason
from watcher.extract.attachment.elements import below, name_of
from watcher.text import decode, one_line

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,500}\?>")
_FEED_TYPES = frozenset(("rss", "atom", "rdf", "feed", "xml", "json"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlined:
    """One line of a subscription list that leads somewhere."""

    title: str
    """As the list calls it, "" when it does not."""
    url: str
    kind: str
    """feed, or listing for a page that no feed is named for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """One line that leads nowhere we can go."""

    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opml:
    found: tuple[Outlined, ...]
    skipped: tuple[Skipped, ...]


def read_opml(body: bytes, name: str) -> Opml:
    """Read every outline of a list, folders within folders, in its order; an address counts once.

    `name` is what the list is called in errors. Raises ExtractError: `empty`, `undecodable`,
    `truncated`, or `not-a-listing` for what is no OPML or declares entities.
    """
    if not body.strip():
        raise ExtractError(Reason.EMPTY, f"{name!r} is empty")
    root = _root(_DECLARATION.sub("", decode(body)), name)
    found: dict[str, Outlined] = {}
    skipped: list[Skipped] = []
    for element in below(root, "outline"):
        line = _outlined(element)
        if isinstance(line, Skipped):
            skipped.append(line)
        elif line is not None and line.url in found:
            skipped.append(Skipped(name=line.title or line.url, why="is named twice"))
        elif line is not None:
            found[line.url] = line
    return Opml(found=tuple(found.values()), skipped=tuple(skipped))


def _root(text: str, name: str) -> etree._Element:
    if "<!ENTITY" in text:  # one of ten lines can unfold to gigabytes
        raise ExtractError(
            Reason.NOT_A_LISTING, f"{name!r} declares entities, which no subscription list needs"
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        cut = "<opml" in text and "</opml" not in text
        reason = Reason.TRUNCATED if cut else Reason.NOT_A_LISTING
        raise ExtractError(reason, f"{name!r} is not whole XML: {exc}") from exc
    if name_of(root) != "opml":
        raise ExtractError(
            Reason.NOT_A_LISTING, f"{name!r} is no OPML: it begins with <{name_of(root)[:40]}>"
        )
    return root


def _outlined(element: etree._Element) -> Outlined | Skipped | None:
    """What an outline names; None for a folder or a line of mere text."""
    # XML tells xmlUrl from xmlurl; programs that write these lists do not
    values = {str(k).lower(): one_line(str(v)) for k, v in element.items()}
    title = values.get("title") or values.get("text") or ""
    form = values.get("type", "").lower()
    url = values.get("xmlurl") or values.get("url") or ""
    name = title or url or "an outline without a name"
    if not url:
        if form in _FEED_TYPES or values.get("htmlurl"):
            return Skipped(name=name, why="names no feed (xmlUrl)")
        return None
    if not url.lower().startswith(("http://", "https://")):
        return Skipped(name=name, why=f"{url[:60]!r} is no http or https address")
    if form == "include" or (not values.get("xmlurl") and url.lower().endswith(".opml")):
        return Skipped(name=name, why="is another subscription list; import it by itself")
    feed = bool(values.get("xmlurl")) or form in _FEED_TYPES
    return Outlined(title=title, url=url, kind="feed" if feed else "listing")
