"""What a page is, by its own marks: which kind of list, of which site generation, called what."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bs4 import BeautifulSoup

from watcher.config.entries import name_from
from watcher.errors import ExtractError
from watcher.extract.condition import Form, form_of, open_page
from watcher.extract.lists.jpaas import unit_url
from watcher.extract.lists.twohop import first_hop
from watcher.extract.markup import attr, inner_text, resolve, tree
from watcher.extract.paper.labels import metas_of
from watcher.extract.paper.page import read_page
from watcher.facts.bodies import BODIES
from watcher.facts.brief import read_brief
from watcher.model import Item, Page, PageText
from watcher.render.probe import Encoding
from watcher.settings import Rule, Source
from watcher.text import decode

RARELY = timedelta(hours=2)
"""How often what is written for readers (a feed, a brief) need be looked at."""

_MOST = 5  # addresses of a kind that are told

# ---------------------------------------------------------------- which kinds to try


def candidates(page: Page, source: Source, kind: str | None) -> list[Source]:
    """The ways in which `page` may be read, the surest first; `kind` allows only its own.

    Raises ExtractError when the bytes are no page at all.
    """
    kind = kind or _kind_of(page)
    if kind in ("feed", "brief"):
        return [replace(source, kind=kind, every=max(source.every, RARELY))]
    if kind == "listing" and unit_url(page) is not None:
        return [replace(source, rule=Rule(preset="jpaas")), source]
    return [replace(source, kind=kind)]


def _kind_of(page: Page) -> str:
    content = open_page(page)
    match content.form:
        case Form.FEED:
            return "feed"
        case Form.JSON:
            return "feed" if '"https://jsonfeed.org/' in content.text[:1000] else "endpoint"
    return "brief" if _is_brief(page) else "listing"


def _is_brief(page: Page) -> bool:
    """Whether a page has papers at the head that are told of under a brief's labels."""
    try:
        items = read_brief(page).items
    except ExtractError:
        return False
    return len(items) >= 3 and any(item.section == "top5" for item in items)


_TRS = re.compile(r"/t20\d{6}_\d+\.s?html?$")


def preset_of(items: Sequence[Item]) -> str | None:
    """The site generation that a list's addresses give away."""
    urls = [item.url for item in items if item.url]
    if sum(first_hop(url) is not None for url in urls) * 2 > len(urls):
        return "two-hop"
    return "trs" if sum(bool(_TRS.search(url)) for url in urls) * 2 > len(urls) else None


def paper_of(page: Page, items: Sequence[Item]) -> PageText | None:
    """What the page says as a paper, when that is what it is and not a list of `items`.

    A paper has more to say than the titles of what its page links to. The government's convention
    gives papers an ArticleTitle and lists none, but not every site keeps to it.
    """
    try:
        text = read_page(page)
    except ExtractError:
        return None
    soup = _markup(page)
    metas = metas_of(soup) if soup is not None else {}
    declared = "articletitle" in metas or "firstpublishedtime" in metas
    weight = 4.0 if declared else 1.0 if text.published or text.attachments else 0.2
    titles = sum(len(item.title or "") for item in items)
    return text if len(text.text) * weight > max(titles, 100) else None


# ---------------------------------------------------------------- what it is called

_FEED_TITLE = re.compile(
    r"<(?:atom:)?title[^>]{0,100}>\s*(?:<!\[CDATA\[)?(.{1,200}?)(?:\]\]>)?\s*</", re.S | re.I
)
_PARTS = re.compile(
    r"\s*(?:_+|[|｜]|--+|\s[-–—]\s|(?<=[\u3400-\u9fff])[-–—](?=[\u3400-\u9fff]))\s*"
)


def name_of(page: Page, source: Source) -> str:
    """A name for people: who, and the column's own name; the id when the page has none."""
    try:
        text = open_page(page).text
    except ExtractError:
        return source.id
    who = BODIES[source.body].zh[0] if source.body else ""
    match form_of(text):
        case Form.JSON:
            return name_from(who) or source.id
        case Form.FEED:
            titled = _FEED_TITLE.search(text)
            return name_from(inner_text(tree(titled[1]))) if titled else source.id
    soup = tree(text)
    metas = metas_of(soup)
    title = inner_text(head) if (head := soup.find("title")) is not None else ""
    column = metas.get("columnname") or _PARTS.split(title)[0]
    who = who or metas.get("sitename", "")
    return name_from(column if who in column else f"{who} {column}") or source.id


def feeds_of(page: Page) -> tuple[str, ...]:
    """The feeds that an HTML page names in its head."""
    soup = _markup(page)
    links = soup.find_all("link") if soup is not None else []
    named = [
        link
        for link in links
        if "alternate" in attr(link, "rel").lower()
        and re.search(r"rss|atom|feed", attr(link, "type").lower())
    ]
    found = (resolve(attr(link, "href"), page.url) for link in named)
    return tuple(dict.fromkeys(address for address in found if address))[:_MOST]


def frames_of(page: Page) -> tuple[str, ...]:
    """The pages that stand in frames of a page; some sites keep their lists there."""
    soup = _markup(page)
    framed = soup.find_all(("iframe", "frame")) if soup is not None else []
    found = (resolve(attr(frame, "src"), page.url) for frame in framed)
    return tuple(dict.fromkeys(address for address in found if address))[:_MOST]


def _markup(page: Page) -> BeautifulSoup | None:
    """The tree of an HTML page; None of anything else, and of a page that hurts to walk."""
    try:
        content = open_page(page)
        return tree(content.text) if content.form is Form.HTML else None
    except ExtractError:
        return None


# ---------------------------------------------------------------- which charset

_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.I)
_DOCUMENT = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.I)
_READINGS = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be", "cp1252")


def encoding_of(page: Page) -> Encoding:
    """What header and document say of the charset, and by which one the bytes were read."""
    header = _HEADER.search(page.content_type or "")
    named = _DOCUMENT.search(page.body[:4096])
    document = named[1].decode("ascii", "replace").lower() if named else None
    try:
        text: str | None = decode(page.body, page.content_type)
    except ExtractError:
        text = None
    return Encoding(
        header=header[1].lower() if header else None,
        document=document,
        used=next(filter(None, (_reads(page.body, text, codec) for codec in _READINGS)), None)
        if text is not None
        else None,
        broken=text.count("\ufffd") if text is not None else 0,
    )


def _reads(body: bytes, text: str | None, codec: str) -> str | None:
    """`codec` when it makes `text` of `body`; replaced characters may be spelt differently."""
    found = body.decode(codec, "ignore").replace("\x00", "").removeprefix("\ufeff")
    return codec if text is not None and found == text.replace("\ufffd", "") else None
