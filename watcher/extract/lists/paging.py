"""Where the next page of a list is: as the page says, as its address counts, never guessed."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from bs4 import Tag

from watcher.errors import ExtractError
from watcher.extract.condition import Form, load_json, open_page
from watcher.extract.lists.endpoint import at_path
from watcher.extract.lists.rows import select
from watcher.extract.markup import attr, base_of, inner_text, resolve, tree
from watcher.model import Page
from watcher.settings import Rule


def next_page(page: Page, rule: Rule, number: int) -> str | None:
    """The address of page `number` (2 is the second) of the list whose page before it is `page`.

    It is what the rule's `next` selects; else what the page itself says (a link to go on, a
    numbered link, a script's count of pages, a jpaas pager), else what the address counts (a page
    number in a query, and with preset `trs` index_1.html after index.html). None when there is
    none or it cannot be told; always another address on the same host.
    """
    if number < 2:
        return None
    try:
        content = open_page(page)
        value = load_json(content.text, page.url) if content.form is Form.JSON else None
        match content.form:
            case Form.JSON:
                found = _after_json(value, page.url, rule, number)
            case Form.HTML:
                found = _after_html(content.text, page.url, rule, number)
            case Form.FEED:
                found = None
    except ExtractError:  # what cannot be read has no next page
        return None
    return found if found and _elsewhere(found, page.url) else None


def _elsewhere(found: str, here: str) -> bool:
    """Whether `found` is another address on the host of `here`."""
    try:
        there, ours = urlsplit(found), urlsplit(here)
        same_host = (there.hostname, there.port) == (ours.hostname, ours.port)
    except ValueError:  # a port that is none
        return False
    return same_host and there[2:4] != ours[2:4] and there.scheme in ("http", "https")


# ---------------------------------------------------------------- JSON


def _after_json(value: Any, url: str, rule: Rule, number: int) -> str | None:
    if rule.next is not None:
        told = at_path(value, rule.next)
        return resolve(told, url) if isinstance(told, str) else None
    data = value.get("data") if isinstance(value, dict) else None
    fragment = data.get("html") if isinstance(data, dict) else None
    if isinstance(fragment, str):
        return _after_unit(fragment, url, number)
    rows = _count(value, _ROWS_NAMES)
    pages = _count(value, _PAGES_NAMES)
    if pages and number > pages:
        return None
    return _counted(url, number, total_rows=rows)


_ROWS_NAMES = frozenset(("total", "totalcount", "totalnum", "recordcount", "totalrecords"))
_PAGES_NAMES = frozenset(("totalpage", "totalpages", "pagecount", "pages", "pagetotal"))


def _count(value: Any, names: frozenset[str]) -> int:
    """The largest number an answer gives under one of `names`, 0 when there is none.

    gov.cn's search says 0 in one place and the truth in another.
    """
    largest = 0
    level = [value]
    for _ in range(4):
        boxes = [one for one in level if isinstance(one, dict)]
        for box in boxes:
            for name, count in box.items():
                if str(name).lower() in names:
                    largest = max(largest, _number(str(count)) or 0)
        level = [inner for box in boxes for inner in box.values()]
    return largest


def _after_unit(fragment: str, url: str, number: int) -> str | None:
    """The next answer of a jpaas list: its pager says which page this is, and how many rows there are.

    `div.pagination` has the attributes pageNo, rows (of a page) and count (of all); the page's
    script asks for `paramJson={"pageNo":2,"pageSize":15}` (mofcom, miit).
    """
    pagers = (tag for tag in tree(fragment).find_all(True) if attr(tag, "pageno"))
    pager = next(pagers, None)
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    asked = _object(next((text for name, text in query if name == "paramJson"), ""))
    size: Any = asked.get("pageSize")
    if pager is not None:
        now, rows, count = (_number(attr(pager, name)) for name in ("pageno", "rows", "count"))
        if now != number - 1 or not rows or (count is not None and now * rows >= count):
            return None
        size = size or rows
    elif _number(str(asked.get("pageNo", ""))) != number - 1:
        return None
    asked |= {"pageNo": number} | ({"pageSize": size} if size else {})
    query = [pair for pair in query if pair[0] != "paramJson"]
    query.append(("paramJson", json.dumps(asked, ensure_ascii=False, separators=(",", ":"))))
    return urlunsplit((*parts[:3], urlencode(query, quote_via=quote), ""))


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _number(text: str) -> int | None:
    """A count of pages or rows as written, None when it is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None


# ---------------------------------------------------------------- numbers in an address

_PAGES = "p page pageno pagenum pageindex pagenumber currentpage curpage current_page pn"
_SIZES = "n size pagesize length limit per_page perpage rows pg page_size"
_PAGE_NAMES, _SIZE_NAMES = frozenset(_PAGES.split()), frozenset(_SIZES.split())
_START_NAMES = frozenset(("start", "offset"))


def _counted(url: str, number: int, *, total_rows: int = 0) -> str | None:
    """The address whose query asks for page `number`, when that of `url` asks for the one before it.

    Pages may count from 1 or from 0, rows (`start`, `offset`) from 0. `total_rows` of the whole
    list, where known, says where it ends.
    """
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    named = {name.lower().strip("_"): text for name, text in query}
    size = next((n for name in _SIZE_NAMES if (n := _number(named.get(name, "")))), 0)
    if total_rows and size and (number - 1) * size >= total_rows:
        return None
    for at, (name, text) in enumerate(query):
        now = _number(text)
        if name.lower() in _PAGE_NAMES and now in (number - 1, number - 2):
            query[at] = (name, str(now + 1))
            break
        if name.lower() in _START_NAMES and size and now == (number - 2) * size:
            query[at] = (name, str(now + size))
            break
    else:
        return None
    return urlunsplit((*parts[:3], urlencode(query, quote_via=quote), ""))


# ---------------------------------------------------------------- HTML


def _after_html(html: str, url: str, rule: Rule, number: int) -> str | None:
    soup = tree(html)
    base = base_of(soup, url)
    if rule.next is not None:
        return next(
            (found for tag in select(soup, rule.next) if (found := _leads(tag, base))), None
        )
    ways: tuple[Callable[[], str | None], ...] = (
        lambda: _by_script(html, soup, url, number),
        lambda: _by_word(soup, base, url),
        lambda: _by_number(soup, base, url, number),
        lambda: _counted(url, number),
        lambda: _by_habit(soup, url, number) if rule.preset == "trs" else None,
    )
    if _counts_pages(html):  # what the script says is all there is
        ways = ways[:1]
    return next((found for way in ways if (found := way())), None)


def _leads(tag: Tag, base: str) -> str | None:
    link = tag if tag.name in ("a", "link") else tag.find("a")
    return resolve(attr(link, "href"), base) if isinstance(link, Tag) else None


_NEXT = re.compile(
    r"[\[【(（<\s]*(?:下一?页|下一頁|后一?页|next(?:\s*page)?)[\]】)）>›»→\s]*", re.I
)
_ARROW = re.compile(r"[>›»→]")


def _by_word(soup: Tag, base: str, url: str) -> str | None:
    """Where a link called 下一页 or next leads."""
    for link in soup.find_all(("a", "link")):
        relation = attr(link, "rel").lower().split()
        words = [inner_text(link), attr(link, "title")] if link.name == "a" else []
        found = _leads(link, base)
        if found is None or not _elsewhere(found, url):
            continue
        if "next" in relation or any(_NEXT.fullmatch(word) for word in words):
            return found
        if words and _ARROW.fullmatch(words[0]) and _unnumbered(found) == _unnumbered(url):
            return found
    return None


def _by_number(soup: Tag, base: str, url: str, number: int) -> str | None:
    """Where a link with the page's number leads, when its address is a numbered one of this page's."""
    for link in soup.find_all("a"):
        if inner_text(link).strip("[]【】第页 ") != str(number):
            continue
        found = _leads(link, base)
        if found and _elsewhere(found, url) and _unnumbered(found) == _unnumbered(url):
            return found
    return None


_LAST_NUMBER = re.compile(r"[_-]?\d+$")


def _unnumbered(url: str) -> tuple[str, str, frozenset[str]]:
    """What the pages of one list have in common: folder, name without number, names in the query."""
    parts = urlsplit(url)
    folder, _, file = parts.path.rpartition("/")
    stem = _LAST_NUMBER.sub("", file.partition(".")[0])
    names = {name for name, _ in parse_qsl(parts.query)}
    counting = {name for name in names if name.lower() in _PAGE_NAMES | _START_NAMES | _SIZE_NAMES}
    return folder, "" if stem == "index" else stem, frozenset(names - counting)


# ---------------------------------------------------------------- numbered files

_CALL = re.compile(
    r"createPageHTML\w*\s*\(\s*(?:['\"][^'\"()]{0,40}['\"]\s*,\s*)?(?P<total>\d{1,6})\s*,\s*(?P<now>\d{1,6})\s*,"
    r"\s*['\"](?P<name>[\w-]{1,60})['\"]\s*,\s*['\"]\.?(?P<ext>\w{2,6})['\"]",
    re.I,
)
_COUNT_PAGE = re.compile(r"\bvar\s+countPage\s*=\s*(\d{1,6})\b")
_CURRENT_PAGE = re.compile(r"\bvar\s+currentPage\s*=\s*(\d{1,6})\b")


def _counts_pages(html: str) -> bool:
    return bool(_CALL.search(html) or (_COUNT_PAGE.search(html) and _CURRENT_PAGE.search(html)))


def _by_script(html: str, soup: Tag, url: str, number: int) -> str | None:
    """What TRS's script makes of `createPageHTML(total, current, "index", "html")`.

    The first page is index.html, then index_1.html (`current` counts from 0); the newer script,
    which names an element first, goes on with list_2.shtml (`current` counts from 1).
    """
    if call := _CALL.search(html):
        total, now, name, ext = int(call["total"]), int(call["now"]), call["name"], call["ext"]
        own = _own_number(url, name)
        shown = now if own is None else own
        if number > total or shown not in (number - 1, number - 2):
            return None
        return urljoin(url, f"{name}_{shown + 1}.{ext}")
    count, current = _COUNT_PAGE.search(html), _CURRENT_PAGE.search(html)
    if count and current and int(current[1]) == number - 2 and number <= int(count[1]):
        return _by_habit(soup, url, number)
    return None


def _own_number(url: str, name: str) -> int | None:
    """The number of a file `name_3.html`, None for `name.html` and folders."""
    found = re.fullmatch(
        rf"{re.escape(name)}_(\d{{1,6}})\.\w+", urlsplit(url).path.rpartition("/")[2]
    )
    return int(found[1]) if found else None


def _by_habit(soup: Tag, url: str, number: int) -> str | None:
    """The next page as TRS names it: `index_1.html` after `index.html` or its folder, then `index_2.html`.

    A folder does not say how its files end; the papers in it do.
    """
    file = urlsplit(url).path.rpartition("/")[2]
    if file:
        named = _INDEX.fullmatch(file)
        if named is None or int(named["number"] or 0) != number - 2:
            return None
        return urljoin(url, f"{named['stem']}_{number - 1}.{named['ext']}")
    extensions = (
        found[1] for a in soup.find_all("a") if (found := _TRS_FILE.search(attr(a, "href")))
    )
    return urljoin(url, f"index_{number - 1}.{next(extensions, 'html')}")


_TRS_FILE = re.compile(r"/t20\d{6}_\d+\.(s?html?)$")
_INDEX = re.compile(r"(?P<stem>[\w-]*?)(?:_(?P<number>\d{1,6}))?\.(?P<ext>s?html?)")
