"""The `endpoint` kind: JSON that lists papers, or that carries the fragment of a list."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from watcher.errors import ExtractError, Reason
from watcher.extract.condition import Form, load_json, open_page
from watcher.extract.feeds.feed import read_feed, read_json_feed
from watcher.extract.lists.rowdates import epoch_day
from watcher.extract.lists.rows import distinct, read_rows, row_key
from watcher.extract.markup import clean_title, resolve
from watcher.model import Item, Page
from watcher.settings import Rule
from watcher.text import parse_date, url_date


def endpoint(page: Page, rule: Rule) -> list[Item]:
    """Read the papers that a JSON answer lists, in its order.

    An HTML list is read by its own conventions, but not by a rule, whose dotted paths mean JSON.
    """
    content = open_page(page)
    match content.form:
        case Form.JSON:
            return read_json(content.text, page.url, rule)
        case Form.FEED:
            return read_feed(content.text, page.url)
        case Form.HTML:
            if rule.row is not None:
                raise ExtractError(Reason.NOT_A_LISTING, f"{page.url!r} answered HTML, not JSON")
            return read_rows(content.text, page.url, rule)


def read_json(text: str, url: str, rule: Rule) -> list[Item]:
    """Read the papers a JSON answer lists.

    Known shapes: jpaas `{success,data:{html}}`, gov.cn arrays (TITLE, URL, DOCRELPUBTIME) and
    search answers (searchVO), nea `{datasource:[…]}`, miit search, JSON Feed. Raises ExtractError
    empty when the answer says there is nothing, not-a-listing when it says that it failed.
    """
    value = load_json(text, url)
    fragment = _fragment(value)
    if rule.row is not None and (fragment is None or isinstance(at_path(value, rule.row), list)):
        return _by_rule(value, url, rule)
    if isinstance(value, dict):
        if "jsonfeed.org" in str(value.get("version", "")):
            return read_json_feed(value, url)
        refuse_failure(value, url)
    if fragment is not None:
        return read_rows(fragment, url, rule, origin=True)
    found = [item for record in _records(value) if (item := row_of(record, url)) is not None]
    if found:
        return distinct(found)
    if _has_empty_list(value):
        raise ExtractError(Reason.EMPTY, f"{url!r} answered an empty list")
    raise ExtractError(Reason.NOT_A_LISTING, f"{url!r} answered JSON without a list of papers")


# ---------------------------------------------------------------- an answer that is no list

_FOUND_NOTHING = re.compile(
    r"没有找到|未找到|无相关|没有相关|暂无|没有结果|no (?:results?|data)", re.I
)
_GOOD_CODES = frozenset(("0", "1", "200", "00000", "0000", "ok", "success", "true", ""))
_LIST_NAME = re.compile(
    r"(?:list|listvo|rows|records|results?|items|datasource|dataresults)$", re.I
)


def refuse_failure(value: dict[str, Any], url: str) -> None:
    """Raise ExtractError when an answer says that it failed, or that it found nothing."""
    message = str(value.get("msg") or value.get("message") or "")
    code = str(value.get("code", value.get("status", ""))).lower()
    if code == "1001" or (_FOUND_NOTHING.search(message) and not _fragment(value)):
        # 1001 is how gov.cn's search says that nothing was found
        raise ExtractError(Reason.EMPTY, f"{url!r} found nothing: {message!r}")
    success = value.get("success")
    if success is False or str(success).lower() == "false" or code not in _GOOD_CODES:
        raise ExtractError(
            Reason.NOT_A_LISTING, f"{url!r} says that it failed: code {code!r}, {message!r}"
        )


def _fragment(value: Any) -> str | None:
    """The HTML of a list inside a JSON answer: `data.html`, or `data` or `html` itself."""
    if not isinstance(value, dict):
        return None
    data = value.get("data")
    inner = data if isinstance(data, dict) else value
    for candidate in (inner.get("html"), data, inner.get("content")):
        if isinstance(candidate, str) and (candidate == inner.get("html") or "<a" in candidate):
            return candidate
    return None


def _has_empty_list(value: Any) -> bool:
    """Whether there are lists and all are empty; a list given as null is a failure (gov.cn)."""
    empty = False
    for name, inner in _walk(value):
        if inner is None and _LIST_NAME.search(name):
            return False
        empty = empty or inner == []
    return empty


def _walk(value: Any) -> Iterator[tuple[str, Any]]:
    """Every value in `value` with the name it is given, in order; no depth is too deep."""
    left: list[tuple[str, Any]] = [("", value)]
    while left:
        name, value = left.pop()
        yield name, value
        left += reversed(_inner(value))


def _inner(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(str(key), inner) for key, inner in value.items()]
    return [("", inner) for inner in value] if isinstance(value, list) else []


# ---------------------------------------------------------------- records

_TITLES = ("title", "showtitle", "doctitle", "articletitle", "maintitle", "infotitle", "name")
_URLS = (
    "url",
    "publishurl",
    "docpuburl",
    "link",
    "href",
    "linkurl",
    "pageurl",
    "infourl",
    "weburl",
)
_DATE_NAMES = (
    "docrelpubtime pubtimestr publishtime publishdate pubdate docpubdate published publish_time"
    " pub_date pubtime releasetime deploytime docreltime docdate date time createtime"
)
_DATES = _DATE_NAMES.split()
_DEADLINE_NAMES = "endtime deadline enddate closedate closetime jzrq jsrq jzsj end_time end_date"
_DEADLINES = _DEADLINE_NAMES.split()
_NUMBER_NAMES = "pcode filenumbername filenumber filenum docnumber docno doc_number wenhao wh fwzh"
_NUMBERS = _NUMBER_NAMES.split()
_ISSUER_NAMES = "puborg pub_org publishgroupname publishorg puborgname fwjg issuer"
_ISSUERS = _ISSUER_NAMES.split()


def _records(value: Any) -> Iterator[dict[str, Any]]:
    """Every object with a title and an address, in order; nothing is looked for inside one."""
    left = [value]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            folded = _folded(value)
            if _first(folded, _TITLES) and _first(folded, _URLS):
                yield folded
                continue
        left += [inner for _, inner in reversed(_inner(value))]


def _folded(record: dict[Any, Any]) -> dict[str, Any]:
    """`record` with its names in lower case."""
    return {str(key).lower(): inner for key, inner in record.items()}


def _first(record: dict[str, Any], names: tuple[str, ...] | list[str]) -> str:
    for name in names:
        value = record.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def row_of(value: Any, url: str) -> Item | None:
    """The paper that an object of a list tells of, None when it has no title or no address."""
    if not isinstance(value, dict):
        return None
    record = _folded(value)
    address = resolve(_first(record, _URLS), url)
    title = clean_title(_first(record, _TITLES))
    if address is None or not title:
        return None
    published = next((d for n in _DATES if (d := _day(record.get(n)))), None)
    published = published or url_date(address)
    return Item(
        key=row_key(address, None, title, published),
        title=title,
        url=address,
        published=published,
        deadline=next((d for n in _DEADLINES if (d := _day(record.get(n)))), None),
        summary=clean_title(_first(record, ("summary", "description", "abstract"))),
        doc_number=_said(record, _NUMBERS),
        issuer=_said(record, _ISSUERS),
    )


_NOTHING = frozenset(("无", "-", "--", "—", "/", "null"))


def _said(record: dict[str, Any], names: list[str]) -> str | None:
    """What a record says under one of these names, None for nothing in words or signs."""
    said = clean_title(_first(record, names))
    return said if said and said not in _NOTHING else None


def _day(value: Any) -> date | None:
    """A day from a date in words or from a time stamp, also one written as text (miit)."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    if re.fullmatch(r"\d{10}(?:\d{3})?", text):
        return epoch_day(int(text))
    if compact := re.fullmatch(r"(20\d\d)(\d\d)(\d\d)(?:\d{6})?", text):
        return parse_date("-".join(compact.groups()))
    return parse_date(text)


# ---------------------------------------------------------------- by rule


def _by_rule(value: Any, url: str, rule: Rule) -> list[Item]:
    rows = at_path(value, rule.row or "")
    if rows is None:
        raise ExtractError(Reason.NOT_A_LISTING, f"{url!r} has nothing at {rule.row!r}")
    if not isinstance(rows, list):
        raise ExtractError(Reason.NOT_A_LISTING, f"{rule.row!r} in {url!r} is not an array")
    if not rows:
        raise ExtractError(Reason.EMPTY, f"{rule.row!r} in {url!r} is an empty array")
    items = [item for row in rows if (item := _item_by_rule(row, url, rule)) is not None]
    if not items:
        raise ExtractError(Reason.NOT_A_LISTING, f"no row at {rule.row!r} in {url!r} has a title")
    return distinct(items)


def _item_by_rule(row: Any, url: str, rule: Rule) -> Item | None:
    if not isinstance(row, dict):
        return None
    folded = _folded(row)
    title = clean_title(
        str((at_path(row, rule.title) if rule.title else _first(folded, _TITLES)) or "")
    )
    link = str((at_path(row, rule.link) if rule.link else _first(folded, _URLS)) or "")
    address = resolve(link, url)
    if not title and address is None:
        return None
    dates = [at_path(row, rule.date)] if rule.date else [folded.get(name) for name in _DATES]
    published = next((d for value in dates if (d := _day(value))), None)
    published = published or (url_date(address) if address else None)
    return Item(
        key=row_key(address, link or None, title, published),
        title=title or None,
        url=address,
        published=published,
        deadline=next((d for n in _DEADLINES if (d := _day(folded.get(n)))), None),
        doc_number=_said(folded, _NUMBERS),
        issuer=_said(folded, _ISSUERS),
    )


def at_path(value: Any, path: str) -> Any:
    """What stands at a dotted path; a number picks from an array, "" and "." are the value."""
    for step in filter(None, path.split(".")):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
