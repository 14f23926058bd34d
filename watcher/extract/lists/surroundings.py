"""What stands around a list: its heading, a pager, a page that says it is empty or is a paper itself."""

import re
from collections.abc import Sequence
from itertools import islice

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from watcher.extract.lists.links import short_text
from watcher.extract.lists.outline import Outline
from watcher.extract.markup import attr, inline, inner_text
from watcher.text import letters

_NAMED, _PAGED, _ASIDE = 10.0, 1.3, 0.02
"""What a box that bears the column's name, has a pager, or is headed as something else is worth."""
_LONGEST_HEADING = 16
_UP = 4  # how far above a box its heading may stand
_FAR = 20  # how many empty elements and blanks may part them
_NEAR = 3  # how far above a box and its pager they may meet
_ELSEWHERE = re.compile(
    r"热点|热门|热搜|排行|点击|推荐|相关|猜你|专题|图片|视频|访谈|友情|链接|快速|常用|关联"
)
_CALM = re.compile(r"[\s\d年月日季度第上下半一二三四./-]*")
_MORE = re.compile(r"\s*(?:查看)?(?:更多|more|全部)\W*$", re.I)
_TITLE_PARTS = re.compile(r"[-_|｜—–·]+")
_SITE = re.compile(r"(?:部|委|局|委员会|总署|银行|政府|中心|协会|办公[厅室]|网|网站|门户)$")
_NOTHING = re.compile(
    r"\W*(?:(?:抱歉|对不起|很遗憾)\W*)?(?:当前|目前|本栏目|该栏目)?(?:暂无|没有|无|暂时没有|尚无|未)(?:找到|查到|查询到|检索到|发布)?"
    r"(?:任何|相关|相应|您要的|符合条件的|匹配的)*(?:数据|信息|内容|记录|结果|文章|资料|文件|公告|通知|征集)?\W*"
    r"|\W*(?:sorry\W*)?no (?:\w+ )?(?:data|records?|results?|items?)(?: (?:found|available))?\W*",
    re.I,
)
_LIST_NAMES = frozenset(("ul", "ol", "dl", "table", "tbody", "tr", "li", "td", "dd"))
_NOTICE = re.compile(
    r"关于.*[的《].*(?:通知|公告|通告|公示|意见|办法|规定|条例|方案|细则|决[定议]|批复|函|通报|说明|解读)"
)
_TEXT_TITLE = re.compile(
    r"《[^》]{4,}》|答记者问|.{8,}(?:条例|办法|规定|细则|规程|规则|决定|命令)(?:[（(][^（()）]*[）)])?$"
)
_SOME_TEXT, _LONG_TEXT, _SUMMARY = 150, 600, 200  # characters
_LEAST_TITLE = 8  # letters of a title that is not there by chance
_SIDE_LIST = 8  # rows of the longest list that may stand beside an empty one
_FEW = 2  # rows that a paper's page may seem to have: its attachments, its neighbours


class Surroundings:
    """What a page says about its boxes."""

    most = _NAMED * _PAGED

    def __init__(self, soup: Tag, outline: Outline) -> None:
        self._soup = soup
        self._outline = outline
        self._name = self._column_name()
        self._headings: dict[int, str] = {}
        self._paged = self._around_pagers()

    # ---- headings and pagers

    def _column_name(self) -> str:
        """What the page's column is called, folded: by its meta tag, else by its title's first part."""
        if column := letters(self._outline.metas.get("columnname", "")):
            return column
        heads = (tag for tag in self._outline.titles if tag.name == "title")
        parts = (part for head in heads for part in _TITLE_PARTS.split(inner_text(head)))
        names = (letters(part) for part in parts if not _SITE.search(part.strip()))
        return next((name for name in names if 2 <= len(name) <= _LONGEST_HEADING), "")

    def _around_pagers(self) -> set[int]:
        """The elements that hold a pager, a few levels up."""
        around: set[int] = set()
        for text in self._outline.pagers:
            box = text.parent
            for _ in range(_NEAR + 1):
                if box is None or box.name in ("body", "html"):
                    break
                around.add(id(box))
                box = box.parent
        return around

    def share(self, children: Sequence[Tag], *, apart: bool) -> tuple[float, bool]:
        """What to take a box's weight by, and whether the page says that it is its list.

        `children` is a row of each of the box's parts. They are no list together when one of them
        alone bears the column's name, or when they stand `apart` under headings of their own that
        are more than a year or month.
        """
        headings = self._headings_of(children)
        if apart and len(set(headings)) > 1 and not all(map(_CALM.fullmatch, headings)):
            return 0.0, False
        named = [heading != "" and letters(heading) == self._name for heading in headings]
        paged = self._is_paged(children[0])
        if any(named) and not all(named):
            return 0.0, False
        share = _PAGED if paged else 1.0
        if all(named):
            share *= _NAMED
        elif any(_ELSEWHERE.search(heading) for heading in headings):
            share *= _ASIDE
        return share, all(named) or paged

    def _is_paged(self, child: Tag) -> bool:
        box = child.parent
        for _ in range(_NEAR):
            if box is None:
                return False
            if id(box) in self._paged:
                return True
            box = box.parent
        return False

    def _headings_of(self, children: Sequence[Tag]) -> list[str]:
        """The headings of boxes; one that comes right after another goes on under that one's."""
        headings: list[str] = []
        last: Tag | None = None
        for child in children:
            heading = self._heading(child)
            beside = last is not None and _around(child) is _around(last)
            headings.append(headings[-1] if beside and not heading else heading)
            last = child
        return headings

    def _heading(self, child: Tag) -> str:
        """The short text right above the box of `child`, "" when there is none."""
        box = child.parent
        if box is None:
            return ""
        if id(box) not in self._headings:
            self._headings[id(box)] = _above(box)
        return self._headings[id(box)]

    # ---- no list at all

    def says_empty(self, row: Tag, rows: Sequence[tuple[int, int]]) -> bool:
        """Whether the page shows a list that says it is empty, apart from the one found.

        `row` is the first of the list found, `rows` the places of all. A long list is believed,
        unless it is headed as something else.
        """
        aside = bool(_ELSEWHERE.search(self._heading(row)))
        if len(rows) > _SIDE_LIST and not aside:
            return False
        around = [row, *islice(row.parents, 2)]
        for text in self._soup.find_all(string=_may_say_nothing):
            if not _NOTHING.fullmatch(text.strip()) or text.parent is None:
                continue
            box = _all_it_says(text.parent, inline(text))
            place = self._outline.start[id(box)]
            if self._outline.hidden(box) or self._outline.framed(box):
                continue
            beside = any(one is box or one is box.parent for one in around)
            within = rows[0][0] <= place < rows[-1][1]
            if aside or (box.name in _LIST_NAMES and not beside and not within):
                return True
        return False

    def is_article(self, rows: Sequence[tuple[int, int]], titles: int) -> bool:
        """Whether the page is a paper: by its meta tags, or as it tells more than it lists.

        `rows` are the places of the list's rows, `titles` the length of their titles together.
        """
        metas = self._outline.metas
        if metas.get("articletitle") and metas.get("pubdate"):
            return letters(metas["articletitle"]) != letters(metas.get("columnname", ""))
        titled = self._titled(rows, _NOTICE)
        if titled and not self._titled_as_row(rows):
            return True
        titled = titled or self._titled(rows, _TEXT_TITLE)
        if titled and len(rows) <= _FEW:
            return True
        within = [self._outline.prose_between(start, end) for start, end in rows]
        told = self._outline.prose_between(0, self._outline.size) - sum(within)
        told += sum(max(length - _SUMMARY, 0) for length in within)
        titled = titled or self._headed_as_titled(rows)
        if titled and told > 2 * titles and told >= _SOME_TEXT:
            return True
        return told > 4 * titles and told >= _LONG_TEXT

    def _titled(self, rows: Sequence[tuple[int, int]], form: re.Pattern[str]) -> bool:
        """Whether the page's title or a heading outside the rows has the form of a paper's title."""
        texts = (short_text(tag, 200) or "" for tag in self._own_titles(rows))
        return any(map(form.search, (part for text in texts for part in _TITLE_PARTS.split(text))))

    def _headed_as_titled(self, rows: Sequence[tuple[int, int]]) -> bool:
        """Whether a heading is long, no row's, and the page's title too: so news are made up."""
        outside = self._own_titles(rows)
        heads = {letters(short_text(tag, 200) or "") for tag in outside if tag.name != "title"}
        titles = letters("".join(inner_text(tag) for tag in outside if tag.name == "title"))
        return any(len(head) >= _LONGEST_HEADING and head in titles for head in heads)

    def _own_titles(self, rows: Sequence[tuple[int, int]]) -> list[Tag]:
        """The page's title and the headings that are neither in a row nor links to something else."""
        places = self._outline.start
        return [
            tag
            for tag in self._outline.titles
            if not any(start <= places[id(tag)] < end for start, end in rows)
            and tag.find("a") is None
            and tag.find_parent("a") is None
        ]

    def _titled_as_row(self, rows: Sequence[tuple[int, int]]) -> bool:
        """Whether the page's title is that of a row: some lists are titled as their newest paper."""
        heads = letters("".join(short_text(tag, 200) or "" for tag in self._outline.titles))
        names = (
            letters(link.name)
            for start, end in rows
            for link in self._outline.links_between(start, end, 1)
        )
        return any(len(name) >= _LEAST_TITLE and name in heads for name in names)


def _may_say_nothing(text: str | None) -> bool:
    return text is not None and len(text) < 60 and 2 <= len(text.strip()) <= 30


def _all_it_says(box: Tag, said: str) -> Tag:
    """The largest element around `box` that says nothing else."""
    while (
        box.parent is not None
        and box.parent.name not in ("body", "html", "[document]")
        and short_text(box.parent, 60) == said
    ):
        box = box.parent
    return box


def _around(row: Tag) -> Tag | None:
    """What the box of `row` stands in."""
    return row.parent.parent if row.parent is not None else None


def _above(box: Tag) -> str:
    """The short text right above `box`, or above what it begins; "" when there is none."""
    node: Tag | None = box
    for _ in range(_UP):
        if node is None or node.name in ("body", "html"):
            return ""
        siblings = islice(node.previous_siblings, _FAR)
        said = (_said(one) for one in siblings if not _alike(one, node))
        before = next((text for text in said if text != ""), "")
        if before is None:
            return ""
        if heading := _MORE.sub("", before):
            return heading if len(heading) <= _LONGEST_HEADING else ""
        node = node.parent
    return ""


def _alike(one: PageElement, other: Tag) -> bool:
    """Whether two neighbours are of one kind, such as rows: neither is the other's heading."""
    return (
        isinstance(one, Tag)
        and one.name == other.name
        and attr(one, "class") == attr(other, "class")
    )


def _said(node: PageElement) -> str | None:
    """The text of an element or between elements, None when it is too long for a heading."""
    if isinstance(node, Tag):
        return short_text(node, 3 * _LONGEST_HEADING)
    return node.strip() if type(node) is NavigableString else ""
