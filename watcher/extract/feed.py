"""The `feed` kind: RSS 0.9x-2.0, RDF, CDF, Atom and JSON Feed, from bytes alone."""

import io
import re
import warnings
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

from watcher.errors import ExtractError, Reason
from watcher.extract.condition import Form, load_json, open_page
from watcher.extract.markup import clean_title, inline, resolve
from watcher.extract.rowdates import CHINA
from watcher.extract.rows import distinct, row_key
from watcher.model import Item, Page
from watcher.settings import Rule
from watcher.text import parse_date


def feed(page: Page, rule: Rule) -> list[Item]:
    """Read a feed's items in its order; a title or an address may be missing (None).

    Raises ExtractError not-a-listing for a page that is no feed, truncated when it breaks off, empty
    when it has no items. A feed has no use for `rule`.
    """
    content = open_page(page)
    match content.form:
        case Form.FEED:
            return read_feed(content.text, page.url)
        case Form.JSON:
            value = load_json(content.text, page.url)
            if isinstance(value, dict) and isinstance(value.get("items"), list):
                return read_json_feed(value, page.url)
    raise ExtractError(Reason.NOT_A_LISTING, f"{page.url!r} answered {content.form}, not a feed")


_DECLARATION = re.compile(r"<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.S | re.I)
_ROOT_END = re.compile(r"</(?:rss|(?:\w+:)?feed|rdf:rdf|channel)\b", re.I)
_ROOT_OPEN = re.compile(r"<(?:rss|(?:\w+:)?feed|rdf:rdf|channel)\b[^>]*[^/]>", re.I)


def read_feed(text: str, url: str) -> list[Item]:
    """Read the items of a feed given as characters."""
    import feedparser  # 30 MB of modules that only feeds need

    if _ROOT_OPEN.search(text) and not _ROOT_END.search(text):
        raise ExtractError(Reason.TRUNCATED, f"{url!r} stops before the end of the feed")
    # Decoded by us; without its declaration and DOCTYPE nothing can speak of another charset or
    # of entities. A file object, never a string: that could be taken for an address to fetch.
    body = io.BytesIO(_DECLARATION.sub("", text).strip().encode("utf-8", "replace"))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    with warnings.catch_warnings():  # of its own deprecated keys, nothing an operator can act on
        warnings.simplefilter("ignore")
        try:
            parsed = feedparser.parse(body, response_headers=headers)
        except Exception as exc:  # it lets some through on feeds that are badly broken
            raise ExtractError(
                Reason.NOT_A_LISTING, f"{url!r} breaks the feed reader: {type(exc).__name__}"
            ) from exc
    items = [_item(entry, url) for entry in parsed.entries]
    if not items:
        raise ExtractError(Reason.EMPTY, f"{url!r} is a feed without items")
    return distinct(items)


def _item(entry: dict[str, Any], url: str) -> Item:
    """One entry, read by plain keys: feedparser's own look-up warns and guesses."""
    own_id = str(dict.get(entry, "id") or "").strip()
    link = str(dict.get(entry, "link") or "").strip()
    if not link:
        links = dict.get(entry, "links") or []
        link = next(
            (str(a["href"]) for a in links if a.get("href") and a.get("rel") != "enclosure"), ""
        )
    if not link and own_id.startswith(("http://", "https://")):
        link = own_id
    raw = next(
        (r for key in ("published", "updated", "created") if (r := dict.get(entry, key))), None
    )
    bodies = [
        dict.get(entry, "summary"),
        *(c.get("value") for c in dict.get(entry, "content") or []),
    ]
    return _made(
        own_id=own_id,
        link=link,
        title=str(dict.get(entry, "title") or ""),
        published=feed_date(str(raw)) if raw else None,
        summary=next((str(b) for b in bodies if b), ""),
        url=url,
    )


def read_json_feed(value: dict[str, Any], url: str) -> list[Item]:
    """Read the items of a JSON Feed (jsonfeed.org, versions 1 and 1.1)."""
    entries = [entry for entry in value.get("items") or [] if isinstance(entry, dict)]
    if not entries:
        raise ExtractError(Reason.EMPTY, f"{url!r} is a feed without items")
    items = []
    for entry in entries:
        text = {key: inner for key, inner in entry.items() if isinstance(inner, str)}
        items.append(
            _made(
                own_id=str(entry.get("id") or ""),
                link=text.get("url") or text.get("external_url") or "",
                title=text.get("title", ""),
                published=feed_date(text.get("date_published") or text.get("date_modified") or ""),
                summary=text.get("summary")
                or text.get("content_text")
                or text.get("content_html", ""),
                url=url,
            )
        )
    return distinct(items)


def _made(
    *, own_id: str, link: str, title: str, published: date | None, summary: str, url: str
) -> Item:
    address = resolve(link, url) if link else None
    name = clean_title(_plain(title)) or None
    return Item(
        key=row_key(address, own_id or None, name or summary, published),
        title=name,
        url=address,
        published=published,
        summary=_plain(summary),
    )


_BREAKS = re.compile(r"</?(?:br|p|div|li|ul|ol|tr|td|th|table|h[1-6]|blockquote)\b[^<>]*>", re.I)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.{0,2000}?-->", re.S)


def _plain(text: str) -> str:
    """Markup and entities gone, also those written twice (`&amp;lt;br&amp;gt;`)."""
    for _ in range(2):
        text = _MARKUP.sub("", _BREAKS.sub(" ", unescape(text)))
    return inline(text)


# ---------------------------------------------------------------- dates

_CHINA_NAMED = re.compile(r"\bCST\b")  # China's here; the mail standard means Chicago by it
_RFC = re.compile(r"\d{1,2}\s+[A-Za-z]{3}|[A-Za-z]{3}\s+\d{1,2}")
_JAVA = re.compile(r"^[A-Za-z]{3}\s+([A-Za-z]{3})\s+(\d{1,2})\s+([\d:]+)\s+(?:(\w+)\s+)?(\d{4})$")
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s*(?:Z|[+-]\d\d:?\d\d)?")


def feed_date(raw: str) -> date | None:
    """The day in Shanghai that a feed's date string names; as written where it has no zone.

    Reads RFC 822, ISO 8601, 2026年3月5日 and Java's `Tue Apr 14 00:00:00 CST 2026`. Parsed here from
    the raw string: feedparser turns 2026年3月5日 into another day without an error.
    """
    raw = _CHINA_NAMED.sub("+0800", inline(raw))
    if java := _JAVA.match(raw):
        raw = f"{java[2]} {java[1]} {java[5]} {java[3]} {java[4] or ''}".strip()
    moment: datetime | None = None
    try:
        if iso := _ISO.match(raw):
            moment = datetime.fromisoformat(iso[0].replace(" ", "T", 1).replace(" ", ""))
        elif _RFC.search(raw):
            moment = parsedate_to_datetime(raw)
        if moment is not None:
            return moment.astimezone(CHINA).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):  # not quite a date: try it as words
        pass
    return parse_date(raw)
