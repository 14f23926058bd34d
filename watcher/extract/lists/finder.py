"""Find the rows of a list on a page without a rule, telling them from navigation and side bars.

A list is a box whose children of one kind each hold a link to a paper and a date. All such boxes
are weighed; the heaviest wins.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from bs4 import Tag
from bs4.element import PageElement

from watcher.errors import ExtractError, Reason
from watcher.extract.lists.links import EDGE_DATE, Addresses, beside_paper
from watcher.extract.lists.outline import Link, Mark, Outline
from watcher.extract.lists.surroundings import Surroundings
from watcher.extract.markup import attr

Row = list[PageElement]

_MERGED = 0.9  # boxes side by side are one list less surely than one box is
_LEVELS = 7  # how far above its link a row's box may stand
_ALIKE = 3  # how far above its rows alike boxes may meet
_PATH_OF_ONE = 4  # parts of a path that names one element below the box around it
_ROW_BOXES = frozenset(("li", "tr", "dt", "dd", "td"))
_LONGEST_DATE = 24  # characters
_MOST = 40  # links of a row that are looked at
_LONGEST_SUMMARY = 600  # characters
_TOOL = re.compile(
    r"(?:查看)?(?:更多|more|全部)\W*|(?:上一?页|下一?页|首页|末页|尾页|[<>«»\d\s]+)\W*"
    r"|\W*.{0,4}(?:纠错|打印|收藏|分享|关闭|返回.{0,4}|顶部|字号|字体|大字|评论|举报|登录|注册|订阅|无障碍|二维码)\W*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Span:
    """Where a row stands: its parts in a parent, from place to place."""

    start: int
    end: int
    child: Tag


@dataclass(frozen=True, slots=True)
class _Box:
    """Children of one tag name, in one parent or in alike parents."""

    groups: tuple[tuple[Tag, ...], ...]
    apart: bool = False
    """Whether the parents stand in boxes of their own."""

    @property
    def children(self) -> Iterator[Tag]:
        return (child for group in self.groups for child in group)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    weight: float
    own: bool
    """Whether the page says that this is its list: by its column's name or a pager."""
    rows: Sequence[_Span]
    box: _Box
    reading: str


def find_rows(soup: Tag, addresses: Addresses) -> list[Row]:
    """The rows of the page's list, in page order; empty when the page has none or says so.

    Raises ExtractError not-a-listing for a paper's own page, whose related papers are no list.
    """
    outline = Outline(soup, addresses)
    around = Surroundings(soup, outline)
    best: _Candidate | None = None
    for box in _boxes(outline.links):
        if (found := _best_reading(box, outline, around, best)) is not None:
            best = found
    if best is None:
        return []
    spans = [span for span in best.rows if _worth(span, outline)]
    titles = sum(len(link.name) for span in spans if (link := _main(span, outline)))
    covered = [(span.start, span.end) for span in spans]
    first = next(best.box.children)
    if not spans or (not best.own and around.says_empty(first, covered)):
        return []
    if not best.own and around.is_article(covered, titles):
        raise ExtractError(
            Reason.NOT_A_LISTING,
            f"{addresses.url!r} looks like a paper's own page; if it is a list, give its 'row'",
        )
    starts = {id(child) for child in best.box.children}
    return [_parts(span.child, best.reading, starts) for span in spans]


# ---------------------------------------------------------------- boxes


def _boxes(links: Sequence[Link]) -> list[_Box]:
    """Every way to see the links as children of one box, or of boxes alike."""
    children: dict[tuple[int, str], list[Tag]] = defaultdict(list)
    members: set[tuple[int, str, int]] = set()
    parents: dict[int, Tag] = {}
    for link in links:
        child: Tag = link.tag
        for _ in range(_LEVELS):
            parent = child.parent
            if parent is None or parent.parent is None:
                break
            key = (id(parent), child.name)
            if (*key, id(child)) not in members:
                members.add((*key, id(child)))
                children[key].append(child)
                parents[id(parent)] = parent
            child = parent
    alike: dict[tuple[object, ...], list[tuple[Tag, ...]]] = defaultdict(list)
    beside: dict[tuple[int, str, str], list[tuple[Tag, ...]]] = defaultdict(list)
    for (parent_id, name), group in children.items():
        parent = parents[parent_id]
        if parent.parent is not None and parent.name not in _ROW_BOXES | {"body"}:
            beside[id(parent.parent), parent.name, name].append(tuple(group))
        for path in _paths(parent, name):
            alike[name, *path].append(tuple(group))
    single = [_Box((tuple(group),)) for group in children.values()]
    merged = [
        _Box(tuple(groups), apart=len(path) > _PATH_OF_ONE)
        for path, groups in alike.items()
        if len(groups) > 1
    ]
    halves = [
        _Box(tuple(groups), apart=True)
        for groups in beside.values()
        if len({attr(group[0].parent, "class") for group in groups if group[0].parent}) > 1
    ]
    return single + merged + halves


def _paths(parent: Tag, name: str) -> Iterator[tuple[object, ...]]:
    """What a box has in common with those alike: an element around it, and how it stands in that."""
    path: tuple[object, ...] = ()
    for _ in range(_ALIKE):
        cells = parent.name == "tr" and name == "td" and not path  # papers side by side in a table
        if parent.parent is None or parent.name == "body":
            return
        if parent.name in _ROW_BOXES and not cells:
            return
        class_ = "" if cells else attr(parent, "class").partition(" ")[0]
        path = (parent.name, class_, *path)
        parent = parent.parent
        yield (id(parent), *path)


def _readings(box: _Box, outline: Outline) -> Iterator[tuple[str, list[_Span]]]:
    """A box's rows: the children alone, then each with what follows it, or precedes it, up to the next."""
    start, end = outline.start, outline.end
    yield "alone", [_Span(start[id(c)], end[id(c)], c) for c in box.children]
    if not any(outline.shows_days(group[0].parent) for group in box.groups):
        return
    after: list[_Span] = []
    before: list[_Span] = []
    for group in box.groups:
        edge = group[0].parent
        if edge is None:
            continue
        starts = [*(start[id(c)] for c in group), end[id(edge)]]
        ends = [start[id(edge)] + 1, *(end[id(c)] for c in group)]
        after += [_Span(starts[n], starts[n + 1], c) for n, c in enumerate(group)]
        before += [_Span(ends[n], ends[n + 1], c) for n, c in enumerate(group)]
    yield "after", after
    yield "before", before


def _parts(child: Tag, reading: str, starts: set[int]) -> Row:
    """The elements of a row, in page order; `starts` are the children that begin rows of their own."""
    siblings: Iterable[PageElement] = ()
    if reading != "alone":
        siblings = child.next_siblings if reading == "after" else child.previous_siblings
    beside = list(takewhile(lambda one: id(one) not in starts, siblings))
    return [child, *beside] if reading == "after" else [*reversed(beside), child]


# ---------------------------------------------------------------- weights


def _best_reading(
    box: _Box, outline: Outline, around: Surroundings, best: _Candidate | None
) -> _Candidate | None:
    """The heaviest reading of `box`, when it is heavier than `best`."""
    if best and sum(map(len, box.groups)) * around.most <= best.weight:
        return None
    if len(box.groups) > 1:
        seen = tuple(group for group in box.groups if not outline.framed(group[0]))
        box = replace(box, groups=seen or box.groups)
    heaviest, rows, way = 0.0, [], ""
    for reading, spans in _readings(box, outline):
        weight, dated = _weigh(spans, outline)
        if weight > heaviest * 1.001:
            heaviest, rows, way = weight, spans, reading
        if dated and reading == "alone":
            break
    heaviest *= _MERGED if len(box.groups) > 1 else 1.0
    if not heaviest or (best and heaviest * around.most <= best.weight):
        return None
    share, own = around.share([group[0] for group in box.groups], apart=box.apart)
    if outline.framed(rows[0].child) and not own:
        return None  # an empty list beside a side bar is an empty list
    heaviest *= share * (0.5 if outline.hidden(rows[0].child) else 1.0)
    if heaviest <= (best.weight * 1.001 if best else 0.0):
        return None
    return _Candidate(weight=heaviest, own=own, rows=rows, box=box, reading=way)


def _weigh(spans: Sequence[_Span], outline: Outline) -> tuple[float, bool]:
    """How much rows look like a list of papers, and whether dates are shown in them."""
    total = 0.0
    shown = dated = papers = documents = 0
    for span in spans:
        inside = outline.links_between(span.start, span.end, _MOST)
        if not inside:
            continue
        if outline.prose_between(span.start, span.end) > _LONGEST_SUMMARY:
            continue  # holds a text itself
        others = [link for link in inside if not beside_paper(link.name)] or inside
        long = {link.address for link in others if len(link.name) >= 8}
        crowded = len(long) > 3 or len({link.address for link in others}) > 6
        if crowded or (len(long) > 1 and _pairs(span, others, outline) > 1):
            total -= 1.0  # holds a list itself
            continue
        link = _best_link(others)
        documents += link.to_document
        size = _size(link.name) * (1.0 if link.to_document else 0.35)
        size *= 0.5 if link.to_file else 1.0
        mark = _own_day(span, link, outline)
        if mark is not None and mark.whole:
            shown += 1
            total += size
        elif link.has_day or mark is not None:
            dated += 1
            total += size * 0.6
        else:
            papers += link.called_paper
            total += size * 0.08
    if documents * 2 < len(spans):
        return 0.0, False
    if shown or dated or (papers >= 3 and papers * 2 >= len(spans)):
        return total, shown > 0
    return 0.0, False


def _pairs(span: _Span, links: Sequence[Link], outline: Outline) -> int:
    """How often a day follows a link in a row, or a link a day: two papers with a day each are two rows."""
    events = [(link.start, "link") for link in links if len(link.name) >= 8 and not link.to_file]
    events += [(mark.first, "day") for mark in outline.marks_between(span.start, span.end)]
    kinds = [kind for _, kind in sorted(events)]
    steps = list(pairwise(kinds))
    return max(steps.count(("link", "day")), steps.count(("day", "link")))


def _size(name: str) -> float:
    """How much a link's text speaks for a paper: a few characters do little, more than a line no more."""
    if len(name) < 2 or _TOOL.fullmatch(name):
        return 0.0
    return min(len(name), 12) / 24 + min(len(name), 40) / 80


def _best_link(links: Sequence[Link]) -> Link:
    return max(links, key=lambda link: (link.to_document, min(len(link.name), 12)))


def _main(span: _Span, outline: Outline) -> Link | None:
    inside = outline.links_between(span.start, span.end, _MOST)
    return _best_link(inside) if inside else None


def _own_day(span: _Span, link: Link, outline: Outline) -> Mark | None:
    """A day that the row shows outside the paper's title, a whole one if there is one."""
    partial = None
    for mark in outline.marks_between(span.start, span.end):
        if link.start < mark.first < link.end and not _beside_title(mark, link):
            continue
        if mark.whole:
            return mark
        partial = mark
    return partial


def _beside_title(mark: Mark, link: Link) -> bool:
    """Whether a day inside a link is apart from the title."""
    text = str(mark.text)
    if mark.text.parent is link.tag:
        return bool(EDGE_DATE.search(text.strip()))
    return len(text) < _LONGEST_DATE


def _worth(span: _Span, outline: Outline) -> bool:
    """Whether a row of the list is a paper, not its "more" link, pager or heading."""
    for link in outline.links_between(span.start, span.end, _MOST):
        if _TOOL.fullmatch(link.name):
            continue
        if _own_day(span, link, outline) is not None:
            if len(link.name) >= 2:
                return True
        elif link.to_document and len(link.name) >= 4:
            return True
    return False
