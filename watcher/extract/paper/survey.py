"""What every box of a page holds, counted in one walk, so that asking costs nothing."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from watcher.extract.markup import attr, names_frame, words
from watcher.extract.paper.paragraphs import is_link, unseen

_LARGEST_FRAME = 0.6  # of a page's plain text; what holds more is no side bar, whatever its class
_SURELY_TEXT = 0.2  # of a page's plain text in a box named as one
_PARTS = re.compile(r"[.#]?[\w-]+")


class BoxNames:
    """Known boxes by what they are called: `td.detail`, `#zoom`, `.text.wide`; in ranks from 0.

    Letters of either case are the same: sites write #zoom and #Zoom.
    """

    def __init__(self, *ranks: str) -> None:
        self._known: dict[str, list[tuple[int, str, frozenset[str]]]] = {}
        for rank, selectors in enumerate(ranks):
            for selector in selectors.lower().split():
                name, *marks = _PARTS.findall(selector)
                if name[0] in ".#":
                    name, marks = "", [name, *marks]
                known = self._known.setdefault(marks[0] if marks else name, [])
                known.append((rank, name, frozenset(marks)))

    def rank(self, tag: Tag) -> int | None:
        """The rank of `tag`, or None when it is not called like any known box."""
        if not tag.attrs and tag.name not in self._known:
            return None
        marks = {f".{name}" for name in attr(tag, "class").lower().split()}
        if name := attr(tag, "id").lower().strip():
            marks.add(f"#{name}")
        known = [row for key in (*marks, tag.name) for row in self._known.get(key, ())]
        fits = [rank for rank, name, needed in known if name in ("", tag.name) and needed <= marks]
        return min(fits, default=None)


class Survey:
    """The elements of a page in its order, with what stands in each; true until the tree changes.

    `texts` are the names of boxes that hold a text: what is around them is no frame, whatever its
    class (`main-header`).
    """

    def __init__(self, soup: BeautifulSoup, texts: BoxNames) -> None:
        self.tags: list[Tag] = soup.find_all(True)
        self._order = {id(tag): at for at, tag in enumerate(self.tags)}
        self._words: dict[str, set[str]] = {}
        self._plain, self._linked = self._count(soup)
        self._framed = self._frames(soup, texts)
        self._hidden: set[int] = set()
        for tag in self.tags:
            if id(tag.parent) in self._hidden or unseen(tag):
                self._hidden.add(id(tag))

    def _count(self, soup: BeautifulSoup) -> tuple[dict[int, int], dict[int, int]]:
        plain = dict.fromkeys(self._order, 0)
        linked = dict.fromkeys(self._order, 0)
        plain[id(soup)] = linked[id(soup)] = 0
        for node in soup.descendants:
            if type(node) is NavigableString and node.parent is not None:
                plain[id(node.parent)] += len("".join(node.split()))
        for tag in reversed(self.tags):
            if is_link(tag):
                linked[id(tag)] += plain[id(tag)]
                plain[id(tag)] = 0
            plain[id(tag.parent)] += plain[id(tag)]
            linked[id(tag.parent)] += linked[id(tag)]
        return plain, linked

    def _frames(self, soup: BeautifulSoup, texts: BoxNames) -> set[int]:
        whole = self._plain[id(soup)]
        around: set[int] = set()
        for tag in self.tags:
            if texts.rank(tag) is not None and self._plain[id(tag)] >= whole * _SURELY_TEXT:
                around.update(id(parent) for parent in tag.parents)
        framed: set[int] = set()
        for tag in self.tags:
            if tag.name in ("html", "body") or id(tag) in around:
                continue
            named = names_frame(tag.name, self.words(tag))
            small = self._plain[id(tag)] <= whole * _LARGEST_FRAME
            if id(tag.parent) in framed or (named and small):
                framed.add(id(tag))
        return framed

    def words(self, tag: Tag) -> set[str]:
        """The words in a tag's class and id, looked up once for each spelling."""
        name = f"{attr(tag, 'class')} {attr(tag, 'id')}"
        if name not in self._words:
            self._words[name] = words(tag)
        return self._words[name]

    def plain(self, tag: Tag) -> int:
        """Characters of `tag` outside its links, blanks aside."""
        return self._plain.get(id(tag), 0)

    def linked(self, tag: Tag) -> int:
        """Characters of `tag` inside links, blanks aside."""
        return self._linked.get(id(tag), 0)

    def framed(self, tag: Tag) -> bool:
        """Whether `tag` stands in a menu, side bar, share bar or footer, by tags and class names."""
        return id(tag) in self._framed

    def hidden(self, tag: Tag) -> bool:
        """Whether `tag`, or a box around it, says that it is not shown."""
        return id(tag) in self._hidden

    def place(self, tag: Tag) -> int:
        """How many elements open before `tag`; -1 for one of another page."""
        return self._order.get(id(tag), -1)

    def before(self, tag: Tag) -> Iterator[Tag]:
        """The elements that open before `tag`, the nearest first."""
        return reversed(self.tags[: max(self.place(tag), 0)])
