"""Find the rows of a list on a page without a rule, telling them from navigation and side bars.

A list is a box whose children of one kind each hold a link to a paper and a date. All such boxes
are weighed; the heaviest wins.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from watcher.extract.markup import attr, in_frame, inner_text, target, within
from watcher.extract.rowdates import shows_date
from watcher.text import normalize, url_date

Row = list[PageElement]

_MERGED = 0.9  # boxes side by side are one list less surely than one box is
_LEVELS = 7  # how far above its link a row's box may stand
_ROW_BOXES = frozenset(("li", "tr", "dt", "dd", "td"))
_PAPER_WORDS = re.compile(
    r"《|通知|公告|通告|公示|意见|办法|规定|条例|规划|方案|指南|细则|规则|规范|令|决定|批复|函|解读|标准|目录|名单|征求"
)
_DOCUMENT_URL = re.compile(
    r"\d{6,}|[0-9a-f]{16,}|\.(?:s?html?|jsp|aspx?|php|pdf)(?:[?#]|$)|#/?\w", re.I
)
_INDEX_URL = re.compile(r"(?:/|/(?:index|list|default|col\d*)[\w-]*\.\w+)$", re.I)
_MORE = re.compile(r"^(?:更多|more|查看更多|上一页|下一页|首页|末页|尾页|[<>«»\d\s]+)", re.I)


@dataclass(slots=True)
class _Found:
    """A link that may be a paper's."""

    tag: Tag
    url: str
    name: str

    @property
    def to_document(self) -> bool:
        path = urlsplit(self.url)
        if _INDEX_URL.search(path.path) and not re.search(r"\d{8,}", path.path):
            return bool(path.fragment)
        return bool(_DOCUMENT_URL.search(self.url))


@dataclass(slots=True)
class _Box:
    """Children of one tag name in one parent, or in alike parents side by side."""

    children: list[Tag] = field(default_factory=list)
    parents: int = 1

    @property
    def several(self) -> bool:
        return self.parents > 1


def find_rows(soup: Tag, base: str, url: str) -> list[Row]:
    """The rows of the page's list, in page order; empty when the page has none."""
    found = [
        _Found(tag=a, url=where, name=name)
        for a in soup.find_all("a")
        if (name := attr(a, "title").strip() or inner_text(a)) and (where := target(a, base, url))
    ]
    links = {id(f.tag): f for f in found}
    best: list[Row] = []
    best_weight = 0.0
    for box in _boxes(found):
        if in_frame(box.children[0]):
            continue  # an empty list beside a side bar is an empty list
        factor = _MERGED if box.several else 1.0
        for rows in _readings(box):
            weight, dated = _weigh(rows, links)
            if weight * factor > best_weight * 1.001:
                best, best_weight = rows, weight * factor
            if dated:
                break
    return [row for row in best if _worth(row, links)]


def _boxes(found: Sequence[_Found]) -> list[_Box]:
    """Every way to see the links as children of one box, outermost box first."""
    boxes: dict[tuple[int, str], _Box] = {}
    members: set[tuple[int, str, int]] = set()
    parents: dict[int, Tag] = {}
    for link in found:
        child: Tag = link.tag
        for _ in range(_LEVELS):
            parent = child.parent
            if parent is None:
                break
            key = (id(parent), child.name)
            if (*key, id(child)) not in members:
                members.add((*key, id(child)))
                boxes.setdefault(key, _Box()).children.append(child)
                parents[id(parent)] = parent
            child = parent
    merged: dict[tuple[int, str, str, str], _Box] = {}
    for (parent_id, name), box in boxes.items():
        parent = parents[parent_id]
        if parent.parent is None or parent.name in _ROW_BOXES:
            continue
        alike = (id(parent.parent), parent.name, attr(parent, "class"), name)
        group = merged.setdefault(alike, _Box(parents=0))
        group.children.extend(box.children)
        group.parents += 1
    several = [box for box in merged.values() if box.several]
    return [*boxes.values(), *several]


def _readings(box: _Box) -> Iterator[list[Row]]:
    """A box's rows: the children alone, then each child with what follows it up to the next."""
    yield [[child] for child in box.children]
    starts = {id(child) for child in box.children}
    extended: list[Row] = []
    for child in box.children:
        row: Row = [child]
        for sibling in child.next_siblings:
            if id(sibling) in starts:
                break
            if isinstance(sibling, Tag) and sibling.name == child.name and sibling.find("a"):
                break
            row.append(sibling)
        extended.append(row)
    yield extended


def _links(row: Row, links: dict[int, _Found]) -> list[_Found]:
    tags = (part for part in row if isinstance(part, Tag))
    inside = [a for tag in tags for a in ([tag] if tag.name == "a" else tag.find_all("a"))]
    return [links[id(a)] for a in inside if id(a) in links]


def _own_date(row: Row, link: _Found) -> bool:
    """Whether the row shows a date outside the paper's title."""
    text: list[str] = []
    for part in row:
        nodes = part.descendants if isinstance(part, Tag) else [part]
        text += [
            str(n)
            for n in nodes
            if isinstance(n, NavigableString)
            and (not within(n, link.tag) or (n.parent is not link.tag and len(n) < 24))
        ]
    return shows_date(normalize(" ".join(text)))


def _weigh(rows: list[Row], links: dict[int, _Found]) -> tuple[float, bool]:
    """How much rows look like a list of papers, and whether dates are shown in them."""
    total = 0.0
    shown = dated = papers = documents = 0
    for row in rows:
        inside = _links(row, links)
        if not inside:
            continue
        long = {f.url for f in inside if len(f.name) >= 8}
        link = max(inside, key=lambda f: (min(len(f.name), 12), f.to_document))
        if len(long) > 3 or (len(inside) > 6 and len({f.url for f in inside}) > 6):
            total -= 1.0  # holds a list itself
            continue
        documents += link.to_document
        size = min(len(link.name), 40) / 40 * (1.0 if link.to_document else 0.35)
        if _own_date(row, link):
            shown += 1
            total += size
        elif url_date(link.url):
            dated += 1
            total += size * 0.6
        else:
            papers += len(link.name) >= 10 and bool(_PAPER_WORDS.search(link.name))
            total += size * 0.08
    if documents * 2 < len(rows):
        return 0.0, False
    if shown or dated or (papers >= 3 and papers * 2 >= len(rows)):
        return total, shown > 0
    return 0.0, False


def _worth(row: Row, links: dict[int, _Found]) -> bool:
    """Whether a row of the list is a paper, not its "more" link or pager."""
    inside = _links(row, links)
    return any(
        (_own_date(row, f) or f.to_document) and len(f.name) >= 4 and not _MORE.match(f.name)
        for f in inside
    )
