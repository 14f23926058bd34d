"""Rows of an HTML list to items: by a rule's selectors, else by the page's own conventions."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from bs4 import Tag
from bs4.element import PageElement
from soupsieve import SelectorSyntaxError

from watcher.errors import ExtractError, Reason
from watcher.extract.finder import find_rows
from watcher.extract.markup import (
    attr,
    base_of,
    clean_title,
    drop_unseen,
    inline,
    inner_text,
    jump_deadline,
    target,
    tree,
    within,
    words,
)
from watcher.extract.rowdates import EPOCH, RowDates, epoch_day, read_dates
from watcher.model import Item
from watcher.settings import Rule
from watcher.text import (
    canonical_url,
    find_date,
    letters,
    normalize,
    parse_date,
    text_hash,
    url_date,
)

_PARENT = re.compile(r"^(.+?)(?:\s*>\s*|\s+)[^\s>]+$")


def read_rows(html: str, url: str, rule: Rule, *, origin: bool = False) -> list[Item]:
    """Read one item per row of `html`, in page order.

    `origin` says that links without a leading slash are relative to the host (jpaas answers).
    Raises ExtractError empty when there are no rows, not-a-listing when the rule's selectors no
    longer fit the page.
    """
    if records := _hanweb_records(html):
        html = f"<table>{''.join(records)}</table>" if "<tr" in records[0] else "".join(records)
    soup = tree(html)
    drop_unseen(soup)
    base = base_of(soup, url, origin=origin)
    if rule.row is None:
        rows = find_rows(soup, base, url)
        if not rows:
            raise ExtractError(Reason.EMPTY, f"{url!r} has no list of dated links")
    else:
        rows = [[row] for row in _chosen(soup, rule.row, url)]
    items = [item for row in rows if (item := _item(row, base, url, rule)) is not None]
    if not items:
        raise ExtractError(Reason.NOT_A_LISTING, f"no row of {url!r} has a link")
    return distinct(items)


def _hanweb_records(html: str) -> list[str]:
    """The rows that hanweb's pages keep in CDATA for a script (cnipa)."""
    parts = (part.partition("</record>")[0] for part in html.split("<record>")[1:])
    return [
        part.partition("<![CDATA[")[2].rpartition("]]>")[0] for part in parts if "<![CDATA[" in part
    ]


def _chosen(soup: Tag, selector: str, url: str) -> Sequence[Tag]:
    if rows := select(soup, selector):
        return rows
    box = _PARENT.match(selector.strip())
    if box and select(soup, box[1]):
        raise ExtractError(Reason.EMPTY, f"{url!r} has an empty list {box[1]!r}")
    raise ExtractError(
        Reason.NOT_A_LISTING, f"nothing in {url!r} matches the row selector {selector!r}"
    )


def select(tag: Tag, selector: str) -> list[Tag]:
    """`tag.select`, with a bad selector as our error, not soupsieve's."""
    try:
        return list(tag.select(selector))
    except SelectorSyntaxError as exc:
        raise ExtractError(Reason.NOT_A_LISTING, f"{selector!r} is not a CSS selector") from exc


# ---------------------------------------------------------------- one row

_RELATED = re.compile(
    r"解读|图解|一图|图说|专家|答记者问|答问|视频|音频|附件|下载|相关|更多|详情|查看|>>|点击|英文版|原文"
)
_CATEGORY = re.compile(r"^[\[【(（<].{1,12}[\]】)）>]$")
_SHORT_LINK = 6


def main_link(links: Sequence[Tag]) -> Tag | None:
    """The link of the paper among a row's links: the first that is not clearly something else.

    Categories ([公告]), pictures and links to interpretations stand beside it in the same row.
    """
    named = [(link, link_title(link)) for link in links]
    named = [(link, name) for link, name in named if name]
    for link, name in named:
        aside = _CATEGORY.match(name) or (len(name) <= _SHORT_LINK and _RELATED.search(name))
        if not aside and len(name) >= _SHORT_LINK:
            return link
    return max(named, key=lambda pair: len(pair[1]))[0] if named else None


def link_title(link: Tag) -> str:
    """A link's title: its `title` attribute where that is the whole of a cut text, else the text.

    Where the link wraps the whole row (mot), the element that is called a title is it.
    """
    whole = clean_title(attr(link, "title"))
    part = next(
        (t for t in link.find_all(True) if words(t) & {"title", "tit", "bt"} and inner_text(t)),
        None,
    )
    shown = _shown(part or link)
    if not shown:
        return whole
    stem = letters(re.sub(r"[….]+$", "", shown))
    if whole and letters(whole).startswith(stem) and not re.search(r"(?:…|\.{3})$", whole):
        return whole
    return shown


_DATE_WORDS = {"date", "time", "times", "rq", "sj", "day", "datetime", "pubtime", "pubdate"}
_STATUS_WORD = re.compile(r"status|state|icon|tag")


def _shown(link: Tag) -> str:
    """A link's text without the date, status and category elements inside it."""
    pieces: list[str] = []
    for node in link.descendants:
        if isinstance(node, Tag):
            if node.name == "br":
                pieces.append("\n")
            continue
        if not any(_is_aside(p) for p in _between(node, link)):
            pieces.append(str(node))
    title = clean_title("".join(pieces))
    return re.sub(r"\s*[\[(（【]?\s*20\d\d[-./]\d\d?[-./]\d\d?\s*[\])）】]?$", "", title).strip()


def _between(node: PageElement, top: Tag) -> Iterator[Tag]:
    for parent in node.parents:
        if parent is top:
            return
        yield parent


def _is_aside(tag: Tag) -> bool:
    names = words(tag)
    text = inner_text(tag)
    if names & _DATE_WORDS or any(_STATUS_WORD.match(n) for n in names):
        return len(text) < 30
    if tag.name in ("span", "em", "i", "div", "p", "time", "b", "font"):
        found = find_date(text)
        if found and len(text) - (found[2] - found[1]) <= 2:
            return True
    return tag.name == "em" and bool(_CATEGORY.match(text))


def _item(row: Sequence[PageElement], base: str, url: str, rule: Rule) -> Item | None:
    links = links_in(row, base, url)
    if rule.link is not None:
        chosen = [found for part in tags(row) for found in select(part, rule.link)]
        links = [inner for tag in chosen for inner in ([tag] if tag.name == "a" else tag("a"))]
    link = main_link(links)
    if link is None or (address := target(link, base, url)) is None:
        return None
    title = link_title(link)
    if rule.title is not None:
        named = [inner_text(t) for part in tags(row) for t in select(part, rule.title)]
        title = clean_title(next(iter(named), "")) or title
    dates = row_dates(row, link)
    published = dates.published or url_date(address)
    if rule.date is not None:
        texts = [inner_text(t) for part in tags(row) for t in select(part, rule.date)]
        published = next((d for t in texts if (d := parse_date(t))), published)
    return Item(
        key=canonical_url(address),
        title=title or None,
        url=address,
        published=published,
        deadline=dates.deadline,
    )


def distinct(items: Sequence[Item]) -> list[Item]:
    """`items` without repeated rows; papers that share an address get keys of their own.

    Rows that differ in the title alone are seen where papers have no page of their own and lead to
    their column (inanshan.org.cn), so the address cannot be the whole key there.
    """
    rows: dict[tuple[str, str], Item] = {}
    for item in items:
        rows.setdefault((item.key, letters(item.title or "")), item)
    shared = Counter(key for key, _ in rows)
    return [
        replace(item, key=f"{key} {text_hash(title)[:16]}") if shared[key] > 1 and title else item
        for (key, title), item in rows.items()
    ]


def row_key(url: str | None, own_id: str | None, title: str | None, published: date | None) -> str:
    """An item's key: its canonical address, else the row's own id, else a hash of what it says."""
    if url:
        return canonical_url(url)
    return own_id or text_hash(title, published.isoformat() if published else None)


def tags(row: Sequence[PageElement]) -> Iterator[Tag]:
    return (part for part in row if isinstance(part, Tag))


def links_in(row: Sequence[PageElement], base: str, url: str) -> list[Tag]:
    """The links of a row that lead somewhere, in order."""
    found = [a for part in tags(row) for a in ([part] if part.name == "a" else part.find_all("a"))]
    return [a for a in found if target(a, base, url)]


def row_dates(row: Sequence[PageElement], link: Tag) -> RowDates:
    """The dates a row carries outside its title: when published, and a comment deadline.

    Forms seen: a date; 截止日期 DATE (mohurd, tc260); A至B (samr); epoch milliseconds in a hidden
    `span.endtime` (miit); the second argument of jumpDetail (tc260).
    """
    beside: list[str] = []
    inside: list[str] = []
    deadline = parse_date(jump_deadline(link))
    for part in row:
        nodes = part.descendants if isinstance(part, Tag) else [part]
        for node in nodes:
            if isinstance(node, Tag):
                if (
                    any("end" in w or "deadline" in w for w in words(node))
                    and (epoch := EPOCH.search(inner_text(node))) is not None
                ):
                    deadline = deadline or epoch_day(int(epoch[0]))
            elif within(node, link):
                if any(_is_aside(p) for p in _between(node, link)):
                    inside.append(str(node))
            else:
                beside.append(str(node))
    for text in (" ".join(beside), " ".join(inside), attr(link, "data-date")):
        dates = read_dates(normalize(inline(text)))
        if dates.published or dates.deadline:
            return RowDates(published=dates.published, deadline=deadline or dates.deadline)
    return RowDates(deadline=deadline)
