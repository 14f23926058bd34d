"""Rows of an HTML list to items: by a rule's selectors, else by the page's own conventions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from bs4 import Tag
from bs4.element import PageElement, PreformattedString
from soupsieve import SelectorSyntaxError

from watcher.errors import ExtractError, Reason
from watcher.extract.lists.calls import openers
from watcher.extract.lists.columns import columns_of, values
from watcher.extract.lists.finder import find_rows
from watcher.extract.lists.links import (
    Addresses,
    Named,
    heading_of,
    is_cut,
    is_related,
    main_link,
    may_lead,
    own_id,
)
from watcher.extract.lists.rowdates import (
    EPOCH,
    RowDates,
    address_day,
    epoch_day,
    find_day,
    first_dates,
)
from watcher.extract.markup import (
    attr,
    base_of,
    clean_title,
    drop_unseen,
    inline,
    inner_text,
    jump_deadline,
    tree,
    words,
)
from watcher.extract.paper.numbers import folded, numbers_in
from watcher.model import Item
from watcher.settings import Rule
from watcher.text import canonical_url, letters, normalize, parse_date, text_hash

_PARENT = re.compile(r"^(.+?)(?:\s*>\s*|\s+)[^\s>]+$")


def read_rows(html: str, url: str, rule: Rule, *, origin: bool = False) -> list[Item]:
    """Read one item per row of `html`, in page order.

    `origin` says that links without a leading slash are relative to the host (jpaas answers).
    Raises ExtractError empty when there are no rows, not-a-listing when the rule's selectors no
    longer fit the page, or when without a rule the page is a paper's own.
    """
    if records := _hanweb_records(html):
        html = f"<table>{''.join(records)}</table>" if "<tr" in records[0] else "".join(records)
    soup = tree(html)
    addresses = Addresses(base=base_of(soup, url, origin=origin), url=url, openers=openers(soup))
    drop_unseen(soup)
    if rule.row is None:
        rows = find_rows(soup, addresses)
        if not rows:
            raise ExtractError(Reason.EMPTY, f"{url!r} has no list of dated links")
    else:
        rows = [[row] for row in _chosen(soup, rule.row, url)]
    items = [item for row in rows if (item := _item(row, addresses, rule)) is not None]
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


def _item(row: Sequence[PageElement], addresses: Addresses, rule: Rule) -> Item | None:
    links = links_in(row, addresses)
    if rule.link is not None:
        chosen = [found for part in tags(row) for found in select(part, rule.link)]
        links = [inner for tag in chosen for inner in ([tag] if tag.name == "a" else tag("a"))]
    if (main := main_link(links)) is None:
        return None
    address, called = addresses.of(main.link), own_id(main.link)
    if address is None and called is None:
        return None
    title = main.title
    if is_related(title):
        title = next((found for part in tags(row) if (found := heading_of(part))), title)
    if rule.title is not None:
        named = [inner_text(t) for part in tags(row) for t in select(part, rule.title)]
        title = clean_title(next(iter(named), "")) or title
    dates = row_dates(row, main)
    cells = _cells(row)
    published = dates.published or (address_day(address) if address else None)
    if "published" in cells or "signed" in cells:
        published = _day(cells.get("published")) or _day(cells.get("signed")) or published
    if rule.date is not None:
        texts = [inner_text(t) for part in tags(row) for t in select(part, rule.date)]
        published = next((d for t in texts if (d := parse_date(t))), published)
    return Item(
        key=canonical_url(address) if address else called or "",
        title=title or None,
        url=address,
        published=published,
        deadline=_day(cells.get("until")) or dates.deadline,
        doc_number=_numbered(cells) or _number_beside(row, main.link),
        issuer=cells.get("issuer"),
    )


def _day(text: str | None) -> date | None:
    found = find_day(normalize(text)) if text else None
    return found[0] if found else None


def _cells(row: Sequence[PageElement]) -> dict[str, str]:
    """What the columns of a table's row say, where the table has headings."""
    first = next(tags(row), None)
    if first is None or first.name != "tr":
        return {}
    return values(first, columns_of(first))


def _numbered(cells: dict[str, str]) -> str | None:
    said = cells.get("number", "")
    return whole_number(said) or (said if re.search(r"\d+号", said) else None)


def whole_number(text: str) -> str | None:
    """The document number that `text` consists of, label aside, or None."""
    text = re.sub(r"^(?:发文|公文)?(?:文号|字号)\s*[:：]\s*", "", folded(text)).strip(
        "()（）[]【】 "
    )
    return next((n.normal for n in numbers_in(text) if (n.start, n.end) == (0, len(text))), None)


_LONGEST_NUMBER = 80  # characters, label and blanks included


def _number_beside(row: Sequence[PageElement], link: Tag) -> str | None:
    """A document number with its letters and year that stands alone beside the title."""
    for text in _texts(row, link):
        if len(text) <= _LONGEST_NUMBER and text.strip(" \t\r\n)）]】").endswith("号"):
            number = whole_number(text)
            if number and "〔" in number:
                return number
    return None


def distinct(items: Sequence[Item]) -> list[Item]:
    """`items` without repeated rows; papers that share an address get keys of their own.

    Rows that differ in the title alone are seen where papers have no page of their own and lead to
    their column (inanshan.org.cn), so the address cannot be the whole key there. A title that is
    cut (a second list for telephones) makes no other paper.
    """
    rows: dict[tuple[str, str], Item] = {}
    wholes: dict[str, list[str]] = {}
    for item in items:
        title = letters(item.title or "")
        if rows.setdefault((item.key, title), item) is item:
            wholes.setdefault(item.key, []).append(title)
    shared = {key: titles for key, titles in wholes.items() if len(titles) > 1}
    for (key, title), item in list(rows.items()):
        others = shared.get(key, ())[:_SAME_PLACE]
        if is_cut(item.title) and any(o.startswith(title) and o != title for o in others):
            del rows[key, title]
            shared[key].remove(title)
    return [
        replace(item, key=f"{key} {text_hash(title)[:16]}")
        if len(shared.get(key, ())) > 1 and title
        else item
        for (key, title), item in rows.items()
    ]


_SAME_PLACE = 100  # rows of one address among which cut titles are looked for


def row_key(url: str | None, own_id: str | None, title: str | None, published: date | None) -> str:
    """An item's key: its canonical address, else the row's own id, else a hash of what it says."""
    if url:
        return canonical_url(url)
    return own_id or text_hash(title, published.isoformat() if published else None)


def tags(row: Sequence[PageElement]) -> Iterator[Tag]:
    return (part for part in row if isinstance(part, Tag))


def every_tag(row: Sequence[PageElement]) -> Iterator[Tag]:
    """The elements of a row and all in them, in order."""
    for part in tags(row):
        yield part
        yield from (one for one in part.descendants if isinstance(one, Tag))


def links_in(row: Sequence[PageElement], addresses: Addresses) -> list[Tag]:
    """The links of a row that lead somewhere, in order; an element is one only where no anchor is."""
    found = [tag for tag in every_tag(row) if may_lead(tag) and addresses.written(tag)]
    return [tag for tag in found if tag.name == "a"] or found[:1]


_PROSE = re.compile(r"[，。；]|\S.{40}", re.S)  # a text that tells of other days than the row's own
_ENOUGH = 8000  # characters of a row that are looked through
_LISTS = ("ul", "ol", "dl", "table")


def row_dates(row: Sequence[PageElement], main: Named) -> RowDates:
    """The dates a row carries outside its title: when published, and a comment deadline.

    Forms seen: a date; 截止日期 DATE (mohurd, tc260); A至B (samr); epoch milliseconds in a hidden
    `span.endtime` (miit); the second argument of jumpDetail (tc260).
    """
    deadline = parse_date(jump_deadline(main.link)) or _hidden_deadline(row)
    beside = list(_texts(row, main.link))
    short = " ".join(text for text in beside if not _PROSE.search(text))
    texts = (short, main.aside, attr(main.link, "data-date"), " ".join(beside))
    dates = first_dates(normalize(inline(text)) for text in texts)
    return RowDates(published=dates.published, deadline=deadline or dates.deadline)


def _texts(row: Sequence[PageElement], link: Tag) -> Iterator[str]:
    """The texts of a row beside the paper's link, without lists of other links inside it."""
    length = 0
    left = list(reversed(row))
    while left and length < _ENOUGH:
        node = left.pop()
        if node is link or isinstance(node, PreformattedString):
            continue
        if not isinstance(node, Tag):
            text = str(node)
            length += len(text)
            yield text
        elif node.name not in _LISTS or not _lists_others(node, link):
            left += reversed(node.contents)


def _lists_others(box: Tag, link: Tag) -> bool:
    links = box.find_all("a")
    return bool(links) and not any(a is link for a in links)


def _hidden_deadline(row: Sequence[PageElement]) -> date | None:
    """A deadline as a time stamp, in an element or attribute that is called an end."""
    for tag in every_tag(row):
        said = [value for name, value in tag.attrs.items() if "end" in name.lower()]
        if any("end" in word or "deadline" in word for word in words(tag)):
            said.append(inner_text(tag))
        for text in said:
            if epoch := EPOCH.search(str(text)):
                return epoch_day(int(epoch[0]))
    return None
