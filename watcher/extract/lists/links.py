"""The links of a list's row: where they lead, which of them is the paper's, and what it is called."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bs4 import Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from watcher.extract.lists.calls import Opener, call_of, called_address
from watcher.extract.lists.rowdates import find_day
from watcher.extract.markup import attr, clean_title, inline, resolve, target, words
from watcher.text import letters, normalize

# ---------------------------------------------------------------- where they lead

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.I)
_DATA = ("data-url", "data-href", "data-link")
_OWN_ID = re.compile(r"(?=.*\d)[\w-]{3,64}")
_NO_PAPER = re.compile(
    r"page|tab|search|show(?!.*(?:detail|info|content|article|news))|hide|login|share|print|font|menu"
    r"|submit|vote",
    re.I,
)
_DOCUMENT_URL = re.compile(
    r"\d{6,}|[0-9a-f]{16,}|\.(?:s?html?|jsp|aspx?|php|pdf)(?:[?#]|$)|#/?\w|[?&]\w*id=\w", re.I
)
_INDEX_URL = re.compile(r"(?:^|/)(?:index|list|default|col\d*)[\w-]*\.\w+$|/$", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """How the links of a page are resolved."""

    base: str
    """What they are relative to."""
    url: str
    """The page's own address."""
    openers: Mapping[str, Opener]

    def of(self, link: Tag) -> str | None:
        """Where a link leads: its address, one in its data, or what its script call opens."""
        if found := target(link, self.base, self.url):
            return found
        for name in _DATA:
            if found := resolve(attr(link, name), self.base):
                return found
        called = called_address(link, self.openers)
        return resolve(called, self.base) if called else None

    def written(self, link: Tag) -> str | None:
        """Where a link leads, as written, or what stands for it; None when it leads nowhere.

        To resolve each link of a page would cost more than to find its list.
        """
        href = attr(link, "href").strip() if link.name == "a" else ""
        if href and href[0] != "#":
            scheme = _SCHEME.match(href)
            if scheme is None or scheme[1].lower() in ("http", "https"):
                return href
        called = own_id(link)
        return self.of(link) or (f"#{called}" if called else None)


def may_lead(tag: Tag) -> bool:
    """Whether `tag` could be a link: an anchor, or another element that is one to a script."""
    attrs = tag.attrs
    return tag.name == "a" or "onclick" in attrs or any(name in attrs for name in _DATA)


def own_id(link: Tag) -> str | None:
    """What stands for a paper whose address only a script knows: the call with the paper's id."""
    call = call_of(link)
    if call is None or _NO_PAPER.search(call[0]):
        return None
    name, given = call
    return f"{name}({','.join(given)})" if any(map(_OWN_ID.fullmatch, given)) else None


def is_document(address: str) -> bool:
    """Whether an address, also a relative one, is a paper's rather than a column's or a site's."""
    try:
        parts = urlsplit(address)
    except ValueError:  # an address that is none
        return False
    if _INDEX_URL.search(parts.path) and not re.search(r"\d{8,}", parts.path):
        return bool(parts.fragment)
    return bool(_DOCUMENT_URL.search(address))


# ---------------------------------------------------------------- what they are called

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_TITLE_WORDS = frozenset(("title", "tit", "bt"))
_BLOCKS = frozenset(("div", "p", "dt", "dd", "li", "section"))
_SMALL = frozenset(("span", "em", "i", "div", "p", "time", "b", "font", "strong", "u"))
_DATE_WORDS = frozenset(
    ("date", "time", "times", "rq", "sj", "day", "datetime", "pubtime", "pubdate")
)
_STATUS_WORD = re.compile(r"status|state|icon|tag")
_BADGE = re.compile(
    r"[\[【(（]?(?:置顶|推荐|最新|新|热|荐|急|顶|new|hot|top)[!！]?[\]】)）]?", re.I
)
_ORDINAL = re.compile(r"\d{1,3}[.、．]?")
_CATEGORY = re.compile(r"^[\[【(（<].{1,12}[\]】)）>]$")
_SHORT = 40  # characters of the longest date, status or category
EDGE_DATE = re.compile(  # a day that stands before or behind the title in the same text
    r"^\s*[\[(（【]?\s*20\d\d[-./]\d\d?[-./]\d\d?(?:\s*[\])）】]|\s)"
    r"|[\[(（【]?\s*20\d\d[-./]\d\d?[-./]\d\d?\s*[\])）】]?$"
)
_CUT = re.compile(r"(?:…|\.{3}|。{3})+\s*$")
_TOLD_MORE = re.compile(
    r"\s(?:发布(?:时间|日期)|点击(?:率|数)?|来源|作者|时间|日期)\s*[:：].*$", re.S
)
_LEAST_IN_COMMON = 6
_LEAST_TITLE, _LONGEST_TITLE = 4, 300  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A link with its title."""

    link: Tag
    title: str
    aside: str
    """What it shows beside the title: dates, mostly."""
    cut: bool
    """Whether the title ends in an ellipsis and is nowhere whole."""


def named(link: Tag) -> Named | None:
    """A link with its title, None when it has none.

    The `title` attribute counts where it is the whole of a cut text. Where the link wraps the whole
    row (mot), the heading in it, or the element that is called a title, is the title.
    """
    shown, aside = _shown(_title_part(link), link)
    whole = clean_title(_TOLD_MORE.sub("", attr(link, "title").strip()))
    title = whole if not shown or _is_whole_of(whole, shown) else shown
    if edge := EDGE_DATE.search(title):
        aside = f"{aside} {edge[0]}"
        title = EDGE_DATE.sub("", title).strip() or title
    return (
        Named(link=link, title=title, aside=aside, cut=bool(_CUT.search(title))) if title else None
    )


def is_cut(title: str | None) -> bool:
    """Whether a title ends in an ellipsis."""
    return bool(title and _CUT.search(title))


def _is_whole_of(whole: str, shown: str) -> bool:
    """Whether `whole` is the title that `shown` is, or is cut from."""
    if not whole or _CUT.search(whole):
        return False
    stem = letters(_CUT.sub("", shown))
    if letters(whole).startswith(stem):
        return True
    # [科技司] 关于公开征…: the attribute lacks what stands before the title
    tail = stem[-_LEAST_IN_COMMON:]
    return bool(_CUT.search(shown)) and len(tail) == _LEAST_IN_COMMON and tail in letters(whole)


def _title_part(link: Tag) -> Tag:
    """The part of a link that holds the title: all of it, or a heading or first block in it."""
    for tag in (one for one in link.descendants if isinstance(one, Tag)):
        called = tag.name in _HEADINGS or words(tag) & _TITLE_WORDS
        if called and short_text(tag, 1) != "":
            return tag
    part = link
    while True:
        blocks = [c for c in part.children if isinstance(c, Tag) and c.name in _BLOCKS]
        blocks = [b for b in blocks if not is_aside(b) and short_text(b, 1) != ""]
        loose = any(type(c) is NavigableString and c.strip() for c in part.children)
        if not blocks or loose:
            return part
        part, alone = blocks[0], len(blocks) == 1
        if not alone:
            return part


def _shown(part: Tag, link: Tag) -> tuple[str, str]:
    """A title part's text without the dates, marks and categories in it, and those of the link."""
    aside: list[str] = []
    pieces = [_said(node) for node in _walk(part, aside)]
    if part is not link:
        aside.clear()
        for _ in _walk(link, aside):
            pass
    return clean_title("".join(pieces)), " ".join(aside)


def _said(node: PageElement) -> str:
    return "\n" if isinstance(node, Tag) else str(node)


def _walk(top: Tag, aside: list[str]) -> Iterator[PageElement]:
    """The texts and line breaks in `top`, without elements that are no part of a title; those go to `aside`."""
    left = list(reversed(top.contents))
    while left:
        node = left.pop()
        if not isinstance(node, Tag):
            if not isinstance(node, PreformattedString):
                yield node
        elif node.name == "br":
            yield node
        elif is_aside(node):
            aside.append(short_text(node, 4 * _SHORT) or "")
        else:
            left += reversed(node.contents)


def is_aside(tag: Tag) -> bool:
    """Whether an element in a link is a date, a status, a badge or a category, not the title."""
    text = short_text(tag, _SHORT)
    if not text:
        return False
    called = words(tag)
    if called & _DATE_WORDS or any(_STATUS_WORD.match(word) for word in called):
        return len(text) < 30
    if _BADGE.fullmatch(text) and (len(text) > 1 or called or tag.name in ("i", "sup")):
        return True
    if _ORDINAL.fullmatch(text):  # in a box of its own; of <b>7</b>项 it is the title's
        beside = next((one for one in tag.next_siblings if not _is_blank(one)), None)
        return tag.name in _SMALL and isinstance(beside, Tag)
    if tag.name in _SMALL and (found := find_day(normalize(text))):
        return len(text) - (found[2] - found[1]) <= 2
    return tag.name == "em" and bool(_CATEGORY.match(text))


def _is_blank(node: PageElement) -> bool:
    return not isinstance(node, Tag) and not str(node).strip()


def short_text(tag: Tag, most: int) -> str | None:
    """The text of `tag` on one line, None when it is longer than `most` characters."""
    pieces: list[str] = []
    length = 0
    for text in tag.strings:
        pieces.append(text)
        length += len(text.strip())
        if length > most:
            return None
    return inline("".join(pieces))


# ---------------------------------------------------------------- which is the paper's

_RELATED = re.compile(
    r"解读|图解|一图|图说|专家|答记者问|答问|视频|音频|附件|下载|相关|更多|详情|详细|查看|阅读|全文|参与|>>|点击|英文版|原文"
)
_INTERPRETS = re.compile(r"^[\[【《]?(?:\w{0,4}解读|图解|一图|图说|答记者问|视频|音频)")
_SHORT_LINK = 6
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def beside_paper(name: str) -> bool:
    """Whether a link's text is that of an interpretation, a film or a file of the paper it stands beside."""
    return bool(_INTERPRETS.match(name)) or is_related(name)


def is_related(name: str) -> bool:
    """Whether a link's text says what is to be had there, not what it is called: 查看详情, 附件."""
    return len(name) <= _SHORT_LINK and bool(_RELATED.search(name))


def heading_of(row: Tag) -> str | None:
    """The first thing in a row that is marked as its heading or title, None when there is none."""
    for tag in (one for one in row.descendants if isinstance(one, Tag)):
        if tag.name in _HEADINGS or words(tag) & _TITLE_WORDS:
            text = clean_title(short_text(tag, _LONGEST_TITLE) or "")
            if len(text) >= _LEAST_TITLE:
                return text
    return None


def main_link(links: Sequence[Tag]) -> Named | None:
    """The link of the paper among a row's links: the first that is not clearly something else.

    Categories ([公告]), departments, pictures and links to interpretations stand beside it.
    """
    all_named = [found for link in links if (found := named(link)) is not None]
    papers = [n for n in all_named if not _CATEGORY.match(n.title)]
    papers = [n for n in papers if not is_related(n.title)]
    papers = [n for n in papers if is_document(attr(n.link, "href")) or own_id(n.link)] or papers
    papers = papers or all_named
    papers = papers[:1] + [n for n in papers[1:] if not _INTERPRETS.match(n.title)]
    first = next((n for n in papers if len(n.title) >= _SHORT_LINK), None)
    chosen = first or max(papers, key=lambda n: len(n.title), default=None)
    # a standard's number, then its name
    if chosen is not None and not _CHINESE.search(chosen.title):
        called = (n for n in papers if _CHINESE.search(n.title))
        chosen = next((n for n in called if _same_place(n.link, chosen.link)), chosen)
    if chosen is None or not chosen.cut:
        return chosen
    stem = letters(_CUT.sub("", chosen.title))
    wholes = (n for n in all_named if not n.cut and letters(n.title).startswith(stem))
    return next((n for n in wholes if _same_place(n.link, chosen.link)), chosen)


def _same_place(one: Tag, other: Tag) -> bool:
    return all(attr(one, name) == attr(other, name) for name in ("href", "onclick"))
