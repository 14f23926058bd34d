"""Where everything on a page stands: its links, its days and its sentences, in the order of the page."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bs4 import Tag
from bs4.element import PageElement

from watcher.extract.lists.links import Addresses, is_document, may_lead
from watcher.extract.lists.rowdates import address_day, find_day, shows_date
from watcher.extract.markup import attr, hidden, inner_text, names_frame, words

_PAPER_WORDS = re.compile(
    r"《|通知|公告|通告|公示|意见|办法|规定|条例|规划|方案|指南|细则|规则|规范|令|决定|批复|函|解读|标准|目录|名单|征求"
)
_LEAST_TITLE = 10
_FILE = re.compile(r"\.(?:docx?|xlsx?|wps|et|pdf|ofd|zip|rar|pptx?)$", re.I)
_DIGIT = re.compile(r"\d")
_MONTH_DAY = re.compile(
    r"\W*(?:(?:1[0-2]|0[1-9])[-./](?:3[01]|[12]\d|0[1-9])|(?:1[0-2]|0?[1-9])月(?:3[01]|[12]\d|0?[1-9])日?)\W*"
)
_PIECE = re.compile(
    r"\W*(?:\d{1,4}(?:[-./年月]\d{1,2})?[年月日]?|[a-z]{3,9}\.?(?:\s\d{1,2})?,?)\W*", re.I
)
_LONGEST_DATE = 80  # characters of a text that shows a day, not tells of one
_LONGEST_PIECE = 12
_SENTENCE = re.compile(r"[。；]|，.{0,80}，")
_LEAST_PROSE, _SAMPLE = 25, 400
_LONGEST_NAME = 200
_TITLES, _MOST_TITLES = frozenset(("title", "h1", "h2")), 40
_PAGERS, _LONGEST_PAGER = ("下一页", "下页", "尾页", "末页", "next"), 6


class Link:
    """A link that may be a paper's."""

    def __init__(self, tag: Tag, name: str, address: str, start: int) -> None:
        self.tag = tag
        self.name = name
        self.address = address
        """As written, or the call that stands for it."""
        self.start = self.end = start
        """Its place, and that of what comes after it."""

    @cached_property
    def to_document(self) -> bool:
        return is_document(self.address)

    @cached_property
    def has_day(self) -> bool:
        """Whether its address carries a day."""
        return address_day(self.address) is not None

    @cached_property
    def to_file(self) -> bool:
        return bool(_FILE.search(self.address))

    @property
    def called_paper(self) -> bool:
        """Whether its text is a paper's title, and it leads to a page rather than a file."""
        named = len(self.name) >= _LEAST_TITLE and bool(_PAPER_WORDS.search(self.name))
        return named and not self.to_file


@dataclass(frozen=True, slots=True)
class Mark:
    """A day that is shown, from the first to the last text it is made of."""

    first: int
    last: int
    text: PageElement
    whole: bool
    """False for a month and a day without a year."""


class Outline:
    """The elements of a page by their places, counted in one walk; true until the tree changes."""

    def __init__(self, soup: Tag, addresses: Addresses) -> None:
        self.start: dict[int, int] = {}
        self.end: dict[int, int] = {}
        self.links: list[Link] = []
        self.marks: list[Mark] = []
        self.size = 0
        """How many places there are."""
        self.metas: dict[str, str] = {}
        """Values of the page's meta tags by name in lower case."""
        self.titles: list[Tag] = []
        """The page's title and its highest headings."""
        self.pagers: list[PageElement] = []
        """Texts that lead to further pages."""
        self._prose_starts: list[int] = []
        self._prose_sums: list[int] = [0]
        self._framed: dict[int, bool] = {}
        self._hidden: dict[int, bool] = {}
        self._walk(soup, addresses)
        self._link_starts = [link.start for link in self.links]
        self._mark_firsts = [mark.first for mark in self.marks]

    def _walk(self, soup: Tag, addresses: Addresses) -> None:
        open_now: list[Tag] = []
        pieces = _Pieces(self.marks)
        link: Tag | None = None  # that we are in
        for place, node in enumerate(soup.descendants):
            while open_now and node.parent is not open_now[-1]:
                closed = open_now.pop()
                self.end[id(closed)] = place
                link = None if closed is link else link
            self.size = place + 1
            if isinstance(node, Tag):
                self.start[id(node)] = place
                open_now.append(node)
                leads = may_lead(node) and (node.name == "a" or link is None)
                if leads and self._add(node, place, addresses):
                    link = link or node
                elif node.name == "meta":
                    self.metas.setdefault(attr(node, "name").lower(), attr(node, "content").strip())
                elif node.name in _TITLES and len(self.titles) < _MOST_TITLES:
                    self.titles.append(node)
            elif text := str(node).strip():
                pieces.see(node, text, place)
                if len(text) <= _LONGEST_PAGER and text.lower().startswith(_PAGERS):
                    self.pagers.append(node)
                elif len(text) >= _LEAST_PROSE and not link and _SENTENCE.search(text[:_SAMPLE]):
                    self._prose_starts.append(place)
                    self._prose_sums.append(self._prose_sums[-1] + len(text))
        for tag in open_now:
            self.end[id(tag)] = self.size
        for found in self.links:
            found.end = self.end[id(found.tag)]
        self.marks.sort(key=lambda mark: mark.first)

    def _add(self, tag: Tag, place: int, addresses: Addresses) -> bool:
        """Keep a link that leads somewhere; whether it does."""
        if (address := addresses.written(tag)) is None:
            return False
        if name := attr(tag, "title").strip() or inner_text(tag):
            self.links.append(Link(tag, name[:_LONGEST_NAME], address, place))
        return True

    def links_between(self, start: int, end: int, most: int) -> list[Link]:
        """The first `most` links from `start` to before `end`."""
        low = bisect_left(self._link_starts, start)
        high = min(bisect_left(self._link_starts, end), low + most)
        return self.links[low:high]

    def marks_between(self, start: int, end: int) -> Iterator[Mark]:
        """The days shown from `start` to before `end`."""
        for at in range(bisect_left(self._mark_firsts, start), len(self.marks)):
            if (mark := self.marks[at]).first >= end:
                return
            if mark.last < end:
                yield mark

    def prose_between(self, start: int, end: int) -> int:
        """Characters of what reads like sentences outside links, from `start` to before `end`."""
        low, high = (bisect_left(self._prose_starts, place) for place in (start, end))
        return self._prose_sums[high] - self._prose_sums[low]

    def shows_days(self, box: Tag | None) -> bool:
        if box is None:
            return False
        return next(self.marks_between(self.start[id(box)], self.end[id(box)]), None) is not None

    def framed(self, tag: Tag) -> bool:
        """Whether `tag` stands in a menu, side bar, share bar or footer, by tags and class names."""
        return _inherited(tag, self._framed, lambda t: names_frame(t.name, words(t)))

    def hidden(self, tag: Tag) -> bool:
        """Whether `tag` stands in something that is not shown."""
        return _inherited(tag, self._hidden, hidden)


class _Pieces:
    """Texts seen in order, to tell days, also those whose parts stand in boxes of their own."""

    def __init__(self, marks: list[Mark]) -> None:
        self.marks = marks
        self._open: list[tuple[int, str]] = []

    def see(self, node: PageElement, text: str, place: int) -> None:
        if len(text) > _LONGEST_DATE:
            self._open.clear()
        elif _DIGIT.search(text) and find_day(text):
            self._open.clear()
            self.marks.append(Mark(place, place, node, True))
        elif len(text) <= _LONGEST_PIECE and _PIECE.fullmatch(text):
            if _MONTH_DAY.fullmatch(text):
                self.marks.append(Mark(place, place, node, False))
            self._open = [*self._open[-2:], (place, text)]
            if shows_date(" ".join(text for _, text in self._open)):
                self.marks.append(Mark(self._open[0][0], place, node, True))
                self._open.clear()
        else:
            self._open.clear()


def _inherited(tag: Tag, known: dict[int, bool], own: Callable[[Tag], bool]) -> bool:
    """Whether `own` holds for `tag` or something around it, below the body; looked up once each."""
    chain: list[Tag] = []
    node: Tag | None = tag
    while node is not None and node.name not in ("body", "html") and id(node) not in known:
        chain.append(node)
        node = node.parent
    verdict = node is not None and known.get(id(node), False)
    for below in reversed(chain):
        verdict = known[id(below)] = verdict or own(below)
    return verdict
