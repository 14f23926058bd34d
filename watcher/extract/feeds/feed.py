"""The `feed` kind: RSS 0.9x-2.0, RDF, CDF, Atom and JSON Feed, from bytes alone."""

import io
import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone, tzinfo
from itertools import islice
from typing import Any

from watcher.errors import ExtractError, Reason
from watcher.extract.condition import Form, load_json, open_page, root_of_feed
from watcher.extract.feeds.entry import Entry, items_of
from watcher.extract.lists.rowdates import CHINA, epoch_day
from watcher.model import Item, Page
from watcher.settings import Rule
from watcher.text import cn_number, normalize, parse_date


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


# ---------------------------------------------------------------- XML

_ROOT_OPEN = re.compile(r"<[^<>]*[^/<>]>")
_ROOT_END = re.compile(r"</(?:rss|(?:\w+:)?feed|(?:\w+:)?rdf|channel)\b", re.I)
_OPENED = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)\b", re.I)
_HALVES = re.compile(r"(?:&#(?:x0*d[89a-f][0-9a-f]{2}|5[5-7]\d{3});)+", re.I)
_MOST_MARKS = 300_000  # tags and entities; feedparser takes ten seconds for so many
_MOST_ALONE = 1000

_Parsed = dict[str, Any]
"""An entry of feedparser's, to be read with `dict.get`: its own look-up warns and guesses."""


def read_feed(text: str, url: str, zone: tzinfo = CHINA) -> list[Item]:
    """Read the items of a feed given as characters; `zone` is meant where a time names none.

    Raises ExtractError truncated when it breaks off, empty when it has no items, not-a-listing when
    none of them can be read.
    """
    # Decoded by us; without its declaration and DOCTYPE nothing can speak of another charset or
    # of entities.
    root = text[root_of_feed(text) or 0 :].strip()
    opened = _ROOT_OPEN.match(root)
    if not _ROOT_END.search(root) and (opened or not root.endswith("/>")):
        raise ExtractError(Reason.TRUNCATED, f"{url!r} stops before the end of the feed")
    if root.count("<") + root.count("&") > _MOST_MARKS:
        raise ExtractError(Reason.NOT_A_LISTING, f"{url!r} is a feed of over {_MOST_MARKS} tags")
    root = _HALVES.sub(_joined, root)
    home, found = _parse(root)
    starts = [match.start() for match in _OPENED.finditer(root)]
    if opened and len(starts) > sum(map(_tells, found)):
        # A tag left open hides every entry after it: read each under the feed's root on its own,
        # so that only the broken one suffers.
        parts = (root[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True))
        alone = [e for part in islice(parts, _MOST_ALONE) for e in _alone(opened[0], part)]
        found = max(found, alone, key=lambda entries: sum(map(_tells, entries)))
    if starts and not found:
        raise ExtractError(Reason.NOT_A_LISTING, f"no item of {url!r} can be read")
    if not found:
        raise ExtractError(Reason.EMPTY, f"{url!r} is a feed without items")
    return items_of((_entry(each, zone) for each in found), url, home)


def _joined(halves: re.Match[str]) -> str:
    """An emoji written as two character references, as JavaScript counts it."""
    units = re.findall(r"&#(x?)(\w+);", halves[0].lower())
    numbers = [int(digits, 16 if x else 10) for x, digits in units]
    return b"".join(n.to_bytes(2, "big") for n in numbers).decode("utf-16-be", "replace")


def _parse(root: str) -> tuple[str, list[_Parsed]]:
    """The address of what a feed is about, "" for none, and its entries."""
    import feedparser  # 30 MB of modules that only feeds need

    # A file object, never a string: that could be taken for an address to fetch. Nor is it told the
    # feed's own address: what is relative stays so, and a bare number as guid becomes no link.
    body = io.BytesIO(root.encode("utf-8", "replace"))
    headers = {"content-type": "application/xml; charset=utf-8"}
    with warnings.catch_warnings():  # of its own deprecated keys, nothing an operator can act on
        warnings.simplefilter("ignore")
        try:
            parsed = feedparser.parse(
                body, response_headers=headers, resolve_relative_uris=False, sanitize_html=False
            )
        except Exception:  # noqa: BLE001 # it lets anything through on feeds that are badly broken
            return "", []
    return str(dict.get(parsed.feed, "link") or ""), list(parsed.entries)


_LEFT_OPEN = re.compile(
    r"<((?:\w{1,20}:)?(?:title|link|guid|id|pubDate|published|updated))\b[^<>/]*>[^<]*(?=<[^/!])",
    re.I,
)


def _alone(head: str, part: str) -> list[_Parsed]:
    """The entry in `part`, if need be with the tags closed that are left open in it."""
    closed = _LEFT_OPEN.sub(r"\g<0></\1>", part)
    if part.count("<![CDATA[") > part.count("]]>"):
        closed = closed.replace("<![CDATA[", "")
    read = (_parse(head + text)[1][:1] for text in (part, closed))
    return next((entries for entries in read if any(map(_tells, entries))), [])


def _tells(entry: _Parsed) -> bool:
    return any(dict.get(entry, key) for key in ("title", "link", "id", "summary"))


_DATED = ("published", "updated", "created", "prism_publicationdate", "pubtime", "publishdate")
_WORDS = re.compile(r"text|html|xml", re.I)


def _entry(entry: _Parsed, zone: tzinfo) -> Entry:
    contents = [
        c for c in dict.get(entry, "content") or [] if _WORDS.search(c.get("type") or "text")
    ]
    texts = [dict.get(entry, "summary"), *(c.get("value") for c in contents)]
    return Entry(
        own_id=str(dict.get(entry, "id") or "").strip(),
        link=next(filter(None, map(str.strip, _links(entry))), ""),
        title=str(dict.get(entry, "title") or ""),
        published=_first_day((dict.get(entry, key) for key in _DATED), zone),
        texts=tuple(str(text) for text in texts if text),
    )


_NOT_THE_PAPER = frozenset(
    ("enclosure", "self", "edit", "replies", "hub", "license", "next", "via")
)
_ABSOLUTE = re.compile(r"https?://", re.I)
_FILE = re.compile(r"pdf|word|document|sheet|excel|wps|ofd", re.I)


def _links(entry: _Parsed) -> Iterator[str]:
    """Where an entry's paper may stand, the best first; a picture or recording is no paper."""
    yield str(dict.get(entry, "feedburner_origlink") or "")
    links = [(link.get("rel"), link) for link in dict.get(entry, "links") or [] if link.get("href")]
    own_id = str(dict.get(entry, "id") or "")
    link = str(dict.get(entry, "link") or "")
    # where nothing else is linked, what feedparser calls the link is the guid, which may be any word
    yield link if link != own_id or _ABSOLUTE.match(link) else ""
    yield from (link["href"] for rel, link in links if rel not in _NOT_THE_PAPER)
    yield from (c["src"] for c in dict.get(entry, "content") or [] if c.get("src"))
    if _ABSOLUTE.match(own_id) or (own_id.startswith("/") and dict.get(entry, "guidislink")):
        yield own_id
    for rel, link in links:
        if rel in ("via", "self") or _FILE.search(f"{link.get('type')} {link['href']}"):
            yield link["href"]


# ---------------------------------------------------------------- JSON


def read_json_feed(value: dict[str, Any], url: str, zone: tzinfo = CHINA) -> list[Item]:
    """Read the items of a JSON Feed (jsonfeed.org, versions 1 and 1.1).

    Raises ExtractError empty when it has none.
    """
    entries = [entry for entry in value.get("items") or [] if isinstance(entry, dict)]
    if not entries:
        raise ExtractError(Reason.EMPTY, f"{url!r} is a feed without items")
    home = value.get("home_page_url")
    made = (_json_entry(entry, zone) for entry in entries)
    return items_of(made, url, home if isinstance(home, str) else "")


def _json_entry(entry: dict[str, Any], zone: tzinfo) -> Entry:
    # an id may be a number, whatever the standard says
    said = {k: str(v).strip() for k, v in entry.items() if isinstance(v, str | int | float)}
    own_id = said.get("id", "")
    files = entry.get("attachments")
    links = [said.get("url"), said.get("external_url"), own_id if _ABSOLUTE.match(own_id) else ""]
    links += [
        str(file.get("url") or "")
        for file in (files if isinstance(files, list) else ())
        if isinstance(file, dict) and _FILE.search(f"{file.get('mime_type')} {file.get('url')}")
    ]
    return Entry(
        own_id=own_id,
        link=next(filter(None, links), ""),
        title=said.get("title", ""),
        published=_first_day((said.get("date_published"), said.get("date_modified")), zone),
        texts=(
            said.get("summary", ""),
            said.get("content_text", "").replace("\n", "<br>"),
            said.get("content_html", ""),
        ),
    )


# ---------------------------------------------------------------- dates

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CN_MONTH = re.compile(r"(?<=\s)(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?=\s)")
_DAY_FIRST = re.compile(
    rf"\b(\d\d?)[\s-]+({'|'.join(_MONTHS)})[a-z]*\.?,?[\s-]+(\d{{4}}|\d\d)\b", re.I
)
_MONTH_FIRST = re.compile(
    rf"\b({'|'.join(_MONTHS)})[a-z]*\.?\s+(\d\d?)(?:st|nd|rd|th)?,?\s+"
    r"(?:\d\d?:\d\d(?::\d\d)?\s+(?:[+\w:-]{1,10}\s+)?)?(\d{4})\b",  # Java: Apr 14 00:00:00 CST 2026
    re.I,
)
_COMPACT = re.compile(r"^(20\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(?:\d\d)?)?(?!\d)")
_STAMP = re.compile(r"\d{10}(?:\d{3})?")
_CLOCK = re.compile(
    r"(?<![+\-\d:])(\d\d?):(\d\d)(?::\d\d)?(?:[.,]\d+)?\s*([ap]m\b)?"
    r"\s*(?:(?:GMT|UTC)?\s*([+-])(\d\d?)(?::?(\d\d))?(?!\d)|(Z|[A-Z]{2,4})\b)?",
    re.I,
)
# Hours east of Greenwich. CST is China's here; the mail standard means Chicago by it.
_ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "BST": 1, "CET": 1, "CEST": 2, "CST": 8, "BJT": 8, "HKT": 8, "JST": 9,
    "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
_UNSET = 1970  # what clocks that were never set write


def _first_day(values: Iterable[Any], zone: tzinfo) -> date | None:
    return next((day for raw in values if raw and (day := feed_date(str(raw), zone))), None)


def feed_date(raw: str, zone: tzinfo = CHINA) -> date | None:
    """The day in China that a feed's date string names; a time that names no zone is one in `zone`.

    Reads RFC 822, ISO 8601, 2026年3月5日, English in either order, Java's and JavaScript's own forms
    and time stamps. Parsed here from the raw string: feedparser turns 2026年3月5日 into another day
    without an error.
    """
    text = " ".join(normalize(raw).replace("北京时间", "").split())
    if _STAMP.fullmatch(text):
        return epoch_day(int(text))
    text = _COMPACT.sub(lambda m: f"{m[1]}-{m[2]}-{m[3]} {m[4] or ''}:{m[5] or ''}", text)
    day = parse_date(text) or _english_day(text)
    if day is None or day.year == _UNSET:
        return None
    clock = _CLOCK.search(text)
    if clock is None:
        return day
    hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "pm") if clock[3] else int(clock[1])
    try:
        at = datetime(
            day.year, day.month, day.day, hour, int(clock[2]), tzinfo=_zone(clock) or zone
        )
        return at.astimezone(CHINA).date()
    except ValueError:  # 25:00, or a zone beyond a day
        return day


def _english_day(text: str) -> date | None:
    text = _CN_MONTH.sub(lambda m: _MONTHS[cn_number(m[1]) - 1], text)
    if found := _DAY_FIRST.search(text):
        day, month, year = found.groups()
    elif found := _MONTH_FIRST.search(text):
        month, day, year = found.groups()
    else:
        return None
    century = 0 if len(year) == 4 else 2000 if int(year) < 70 else 1900
    try:
        return date(int(year) + century, _MONTHS.index(month.lower()) + 1, int(day))
    except ValueError:
        return None


def _zone(clock: re.Match[str]) -> tzinfo | None:
    sign, hours, minutes, name = clock.groups()[3:]
    if sign:
        east = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(east if sign == "+" else -east)
    known = _ZONES.get((name or "").upper())
    return timezone(timedelta(hours=known)) if known is not None else None
