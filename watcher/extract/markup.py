"""HTML to a tree, its lines, titles and addresses; takes decoded text, never bytes."""

import re
from collections.abc import Collection
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from watcher.errors import ExtractError, Reason
from watcher.text import one_line

_EARLY_END = re.compile(r"</\s*(?:html|body)\s*>(?=.)", re.S | re.I)
_OPEN_TITLE = re.compile(r"<title[^<>]*>[^<]*(?=<)(?!</title)", re.I)
_XML_DECLARATION = re.compile(r"<\?xml\b", re.I)
_DROPPED = ("script", "style", "noscript", "template", "select", "textarea", "iframe", "object")


_DEEPEST = 250  # boxes in boxes; real pages stay under 60
_MOST = 150_000


_LONE = re.compile(
    "[\ud800-\udfff]"
)  # JSON can escape half a character; lxml takes only whole ones


def tree(html: str) -> BeautifulSoup:
    """Parse `html`. An early `</html>` (gov.cn gazette pages) does not hide what follows.

    Raises ExtractError not-a-listing for a page nested so deeply that walking it would hurt.
    """
    html = _LONE.sub("\ufffd", html)
    # an XML declaration would make BeautifulSoup warn of XML
    html = _EARLY_END.sub("", _XML_DECLARATION.sub("<?", html))
    if "</title" not in html.lower():  # all that follows would belong to it
        html = _OPEN_TITLE.sub(r"\g<0></title>", html, count=1)
    # BeautifulSoup warns of a bare word as if a file name had been meant
    soup = BeautifulSoup(html if "<" in html else f"<p>{html}</p>", "lxml")
    depths: dict[int, int] = {}
    tags = soup.find_all(True)
    if len(tags) > _MOST:
        raise ExtractError(Reason.NOT_A_LISTING, f"the page has over {_MOST} elements")
    for tag in tags:
        depth = depths[id(tag)] = depths.get(id(tag.parent), 0) + 1
        if depth > _DEEPEST:
            raise ExtractError(Reason.NOT_A_LISTING, f"the page nests over {_DEEPEST} boxes")
    return soup


def drop_unseen(soup: Tag) -> None:
    """Take scripts, styles, form controls and comments out of the tree."""
    for node in list(soup.descendants):
        if isinstance(node, Tag):
            if node.name in _DROPPED and not node.decomposed:
                node.decompose()
        elif isinstance(node, PreformattedString) and not node.decomposed:
            node.extract()


def attr(tag: Tag, name: str) -> str:
    """An attribute as one string, "" when absent."""
    value = tag.get(name)
    if value is None:
        return ""
    return value if isinstance(value, str) else " ".join(value)


_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def words(tag: Tag) -> set[str]:
    """The words in a tag's class and id: `sNav f-cb` is {s, nav, f, cb}."""
    return {w.lower() for w in _WORD.findall(f"{attr(tag, 'class')} {attr(tag, 'id')}")}


def within(node: PageElement, box: Tag) -> bool:
    """Whether `node` stands inside `box` itself (`in` would take an equal box for it)."""
    return any(parent is box for parent in node.parents)


# ---------------------------------------------------------------- text

_CJK = "\u2018-\u201d\u2026\u3001-\u303f\u4e00-\u9fff\uff01-\uff60"
_WRAP = re.compile(rf"(?<=[{_CJK}])[ \t\u00a0]*[\r\n]\s*(?=[{_CJK}])")
_BLOCK_NAMES = (
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody"
    " thead tfoot tr td th ul caption ucapcontent ucaptitle"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_TALL_CELL = 4  # a cell with more lines than this is layout, not data


def inline(raw: str) -> str:
    """One line. A line break between Chinese characters is typesetting, not a blank."""
    return one_line(_WRAP.sub("", raw))


def inner_text(tag: PageElement) -> str:
    """All text of `tag` on one line, `<br>` as a break that Chinese does not show."""
    if not isinstance(tag, Tag):
        return inline(str(tag))
    pieces: list[str] = []
    for node in tag.descendants:
        if isinstance(node, Tag):
            if node.name == "br" or node.name in _BLOCKS:
                pieces.append("\n")
        elif not isinstance(node, PreformattedString):
            pieces.append(str(node))
    return inline("".join(pieces))


class _Lines:
    def __init__(self, cells: str | None) -> None:
        self.done: list[str] = []
        self._open: list[str] = []
        self._cells = cells

    def end(self) -> None:
        line = inline("".join(self._open))
        self._open.clear()
        if line:
            self.done.append(line)

    def walk(self, node: Tag) -> None:
        for child in node.children:
            if isinstance(child, Tag):
                if child.name in _DROPPED or hidden(child):
                    continue
                if child.name == "br":
                    self.end()
                elif child.name == "tr":
                    self.row(child)
                elif child.name in _BLOCKS:
                    self.end()
                    self.walk(child)
                    self.end()
                else:
                    self.walk(child)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self._open.append(str(child))

    def row(self, tr: Tag) -> None:
        self.end()
        if self._cells is None:
            cells = [lines_of(c) for c in tr.find_all(["td", "th"], recursive=False)]
            full = [c for c in cells if c]
            if len(full) > 1 and all(len(c) <= _TALL_CELL for c in full):
                self.done.append(" | ".join(" ".join(c) for c in full))
            else:
                self.done.extend(line for c in full for line in c)
            return
        cells = [lines_of(c, self._cells) for c in tr.find_all(["td", "th"], recursive=False)]
        if any(len(c) > _TALL_CELL for c in cells):
            self.done.extend(line for c in cells for line in c)
        elif any(cells):
            self.done.append(self._cells.join(" ".join(c) for c in cells))


def lines_of(tag: Tag, cells: str | None = None) -> list[str]:
    """The text of `tag`, one line per paragraph, `<br>` or table row.

    Cells are joined by " | ", empty ones left out; with `cells` they are joined by that, empty
    ones kept, so that a label without a value can be told.
    """
    lines = _Lines(cells)
    lines.walk(tag)
    lines.end()
    return lines.done


_HIDDEN = re.compile(r"display\s*:\s*none", re.I)


def hidden(tag: Tag) -> bool:
    return bool(_HIDDEN.search(attr(tag, "style")))


_FRAME = (
    "nav navi navbar menu mainnav snav side sidebar aside foot footer footbox crumb crumbs breadcrumb"
    " curmb location weizhi daohang banner swiper carousel hot related recommend xgxw xgwz share tool"
    " toolbar friend friendlink yqlj header pager paging pagination qrcode"
)
_FRAME_WORDS = frozenset(_FRAME.split())
_FRAME_TAGS = frozenset(("nav", "footer", "aside", "header"))


def names_frame(name: str, named: Collection[str]) -> bool:
    """Whether an element of that name, with these words in class and id, is a menu, side bar, footer …"""
    return name in _FRAME_TAGS or not _FRAME_WORDS.isdisjoint(named)


# ---------------------------------------------------------------- titles

_STATUS = (
    r"(?:进行中|正在进行|正在征集|征集中|征求中|已结束|已截止|已完成|已公布|已反馈|未开始|即将开始|结束|截止"
    r"|最新|新|置顶|热|荐|new|hot|top)"
)
_MARK = rf"[\[【(（〔]\s*{_STATUS}\s*[\]】)）〕]"
_LEADING = re.compile(rf"^(?:\s*(?:{_MARK}\s*[-—–]?|[·•●○◆■▪>»]|-(?=\s)))+\s*", re.I)
_TRAILING = re.compile(rf"(?:\s*(?:[-—–]\s*)?{_MARK})+\s*$", re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LONGEST_TITLE = 5000  # characters; more was made to stall, not to be read


def clean_title(raw: str) -> str:
    """A title on one line without markup, bullets and status marks such as 【进行中】."""
    raw = raw[:_LONGEST_TITLE]
    title = inline(_TAG.sub("", re.sub(r"<br\s*/?>", "\n", raw, flags=re.I)))
    while (bare := _TRAILING.sub("", _LEADING.sub("", title)).strip()) != title:
        title = bare
    return title


# ---------------------------------------------------------------- addresses

_NOWHERE = re.compile(r"^\s*(?:javascript:|#|mailto:|tel:|about:|data:|$)", re.I)
_OPENS = re.compile(
    r"(?:window\.open|location(?:\.href)?\s*=|location\.(?:assign|replace))\s*\(?\s*['\"]([^'\"]+)['\"]"
)
_JUMP = re.compile(r"jumpDetail\(\s*['\"](\w{8,})['\"](?:\s*,\s*['\"]([^'\"]*)['\"])?")


def base_of(soup: Tag, url: str, *, origin: bool = False) -> str:
    """What the links of a page are relative to: `<base>`, the page, or (`origin`) its host.

    Fragments in jpaas answers give links without a leading slash that mean the host's root.
    """
    if origin:
        return urljoin(url, "/")
    base = soup.find("base", href=True)
    try:
        return urljoin(url, attr(base, "href").strip()) if isinstance(base, Tag) else url
    except ValueError:  # an address that is none
        return url


def resolve(href: str, base: str) -> str | None:
    """`href` as an absolute http(s) address with its fragment, or None when it leads nowhere."""
    if _NOWHERE.match(href):
        return None
    try:
        url = urljoin(base, inline(href))
        scheme = urlsplit(url).scheme
    except ValueError:  # an address with a broken host or port
        return None
    return url if scheme in ("http", "https") else None


def target(link: Tag, base: str, page_url: str) -> str | None:
    """Where a link leads, by its address or by the script call that opens it.

    tc260's portal calls `jumpDetail(id, deadline)`: the paper's address is the list's own with
    `-detail/<id>` after it.
    """
    if url := resolve(attr(link, "href"), base):
        return url
    call = f"{attr(link, 'onclick')} {attr(link, 'href')}"
    if opened := _OPENS.search(call):
        return resolve(opened[1], base)
    if jump := _JUMP.search(call):
        return f"{page_url.split('#')[0].split('?')[0].rstrip('/')}-detail/{jump[1]}"
    return None


def jump_deadline(link: Tag) -> str | None:
    """The deadline that a tc260 link carries in its script call."""
    jump = _JUMP.search(attr(link, "onclick"))
    return jump[2] if jump else None
