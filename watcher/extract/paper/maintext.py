"""The main text of a paper's page: which boxes hold it, and its lines without what surrounds it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bs4 import Tag
from bs4.element import NavigableString

from watcher.extract.markup import attr, within
from watcher.extract.paper.paragraphs import Line, is_link, read_lines, unseen
from watcher.extract.paper.survey import BoxNames, Survey
from watcher.extract.paper.trim import trimmed

# Boxes that ministries' templates put the text in, the narrowest kind first.
EDITORS = (
    ".TRS_UEDITOR .trs_editor_view .TRS_Editor .Custom_UnionStyle",
    "#UCAP-CONTENT ucapcontent #BodyLabel #con_con .Three_xilan_07 .editor-content #article-content"
    " #vsb_content .v_news_content #js_content #ivs_content",
    "#zoomcon #zoom #zooms #info_cont #detailContent #content_body_xxgk .zt_xilan_07 #fontzoom .zoom",
)
"""Those that hold a text alone, so that two side by side are both of it."""
TEXT_BOXES = BoxNames(*EDITORS)
_KNOWN = BoxNames(
    *EDITORS,
    ".pages_content .zwgkdetail .my_doccontent .gsj_htmlcon_bot .content_body_box #rwb_zw #p-detail",
    ".article-content .article_content .content_article .article_con .article-con .articleCon"
    " .newsMain .news_content .news_con .news_end .txt_con .rm_txt_con .main-txt .xxgk_content"
    " .bt_content .detail-content .detail_content .xl_content .conTxt .view_content .article-body",
    ".art-con .moe-detail-box .text.wide td.detail div.article article .content-body .info_content"
    " #detail",
)
_SHARE = 0.6  # of the longest known box's text that a narrower kind must hold to be preferred
_LEAST = 12  # characters below which a box is no paper's text
_CONVINCING = 200  # characters from which a known box is believed although another is longer
_SMALL = 0.25  # of the likeliest box's text, below which a known box that convinces nobody is passed over

_JUNK = (
    "share bdsharebuttonbox fenxiang print printer dayin ewm qrcode qr sweep erweima related"
    " recommend tuijian xgxw xgwj xgwz xgnr xgjd shenming pager pagination zdfy fontsize setfont"
    " toolbar breadcrumb crumb crumbs curmb"
)
_JUNK_WORDS = frozenset(_JUNK.split())
_JUNK_SHARE = 0.3  # of the text; a larger box is not junk whatever its class says (`print`)


@dataclass(frozen=True, slots=True)
class MainText:
    boxes: tuple[Tag, ...]
    """Where it stands, in page order; none on a page of files alone."""
    lines: tuple[str, ...]
    """One for a paragraph or table row."""
    head: tuple[str, ...] = ()
    """What stood above the text inside its boxes: a table of metadata, the line with the date."""


def main_text(survey: Survey, chosen: Sequence[Tag] = ()) -> MainText:
    """The paper's text. `chosen` are what a rule's selector found; they are believed."""
    boxes = _outermost(chosen) or _shown(survey)
    if not boxes:
        return MainText((), ())
    size = sum(map(survey.plain, boxes))
    without = {id(tag) for box in boxes for tag in _junk(box, survey, size)}
    told: list[Line] = []
    for box in boxes:
        lines = read_lines(box, without=without)
        if lines and lines != told[-len(lines) :]:  # a copy of the box before
            told += lines
    text = trimmed(told)
    return MainText(tuple(boxes), text.lines, text.head)


def _outermost(tags: Sequence[Tag]) -> list[Tag]:
    inside = {id(tag) for tag in tags}
    return [tag for tag in tags if not any(id(parent) in inside for parent in tag.parents)]


def _junk(box: Tag, survey: Survey, size: int) -> Iterator[Tag]:
    """What stands in a box and is not of its text, by its class or because it is not shown."""
    for tag in box.find_all(True):
        if not tag.attrs:
            continue
        held = survey.plain(tag) + survey.linked(tag)
        junk = (
            not _JUNK_WORDS.isdisjoint(survey.words(tag)) and survey.plain(tag) < size * _JUNK_SHARE
        )
        if junk or (unseen(tag) and held <= size * (1 - _JUNK_SHARE)):
            yield tag


# ---------------------------------------------------------------- where it stands


def _shown(survey: Survey) -> list[Tag]:
    """The boxes that hold the text: those not shown only where nothing like a text is.

    A hidden copy serves telephones or reading aloud, but some sites hide the whole text until a
    script shows it.
    """
    shown = _found(survey, hidden=False)
    size = sum(map(survey.plain, shown))
    if size >= _CONVINCING:
        return shown
    every = _found(survey, hidden=True)
    return every if sum(map(survey.plain, every)) * _SMALL > size else shown


def _found(survey: Survey, *, hidden: bool) -> list[Tag]:
    """The boxes that hold the text; with `hidden` those that are not shown count too."""
    known: dict[int, list[Tag]] = defaultdict(list)
    for tag in survey.tags:
        rank = _KNOWN.rank(tag)
        if rank is not None and not survey.framed(tag) and (hidden or not survey.hidden(tag)):
            known[rank].append(tag)
    groups = {rank: _fullest(rank, tags, survey) for rank, tags in sorted(known.items())}
    sizes = {rank: sum(map(survey.plain, group)) for rank, group in groups.items()}
    likely = _densest(survey, hidden=hidden)
    longest = max(sizes.values(), default=0)
    if longest < _LEAST:
        return likely or next(iter(groups.values()), [])  # at least the names of its files
    rank = next(rank for rank, size in sizes.items() if size >= longest * _SHARE)
    pick, rival = groups[rank], sum(map(survey.plain, likely))
    inside = any(within(pick[0], box) for box in likely)
    believed = inside or sizes[rank] >= min(_CONVINCING, rival * _SMALL)
    return pick if believed else likely


def _fullest(rank: int, tags: Sequence[Tag], survey: Survey) -> list[Tag]:
    """The fullest of the boxes of one rank, with those like it that stand right beside it."""
    best = max(tags, key=survey.plain)
    if rank >= len(EDITORS):
        return [best]
    name = attr(best, "class")
    return [tag for tag in tags if tag.parent is best.parent and attr(tag, "class") == name]


_TEXT_BLOCKS = frozenset(("p", "div", "td", "section", "article", "li", "dd", "pre", "blockquote"))
_SENTENCE = re.compile(r"[，。；：、！？]")
_OF_THE_SITE = re.compile(
    r"ICP备|网站标识码|公网安备|版权所有|主办单位[:：]|承办单位[:：]|技术支持[:：]"
)


_NEIGHBOUR = 0.2  # of the best box's score, from which a box beside it is of the same text


def _densest(survey: Survey, *, hidden: bool) -> list[Tag]:
    """The box with the most sentences right inside it, for templates not known.

    A paragraph speaks for the box around it, and half as much for the next one. A text that was
    cut into boxes side by side is all that stands from the first to the last of them.
    """
    score: dict[int, float] = defaultdict(float)
    boxes: dict[int, Tag] = {}
    for block, text in _sentences(survey):
        if survey.hidden(block) and not hidden:
            continue
        weights = (0.0, 1.0, 0.5) if block.name == "p" else (1.0, 0.7, 0.35)
        for box, weight in zip([block, *block.parents], weights, strict=False):
            if box.name not in ("[document]", "html"):
                score[id(box)] += len(text) * weight
                boxes[id(box)] = box
    if not boxes:
        return []
    best = max(boxes, key=lambda key: score[key])
    parent = boxes[best].parent
    row = [] if parent is None else [tag for tag in parent.children if isinstance(tag, Tag)]
    if parent is not None and _is_paragraph(boxes[best]) and _has_another(boxes[best], row):
        return [parent] if not survey.framed(parent) else []
    good = [at for at, tag in enumerate(row) if score[id(tag)] >= score[best] * _NEIGHBOUR]
    beside = row[good[0] : good[-1] + 1] if len(good) > 1 else [boxes[best]]
    return [tag for tag in beside if not survey.framed(tag)]


def _is_paragraph(box: Tag) -> bool:
    """Whether a `div` stands for one paragraph, as editors that know no `p` write them."""
    return box.name == "div" and all(
        one.name not in _TEXT_BLOCKS and one.name not in ("br", "table", "h1", "h2", "h3")
        for one in box.find_all(True)
    )


def _has_another(box: Tag, row: Sequence[Tag]) -> bool:
    """Whether another paragraph like `box`, with a class or without, stands in its row."""
    return any(
        one is not box and _is_paragraph(one) and attr(one, "class") == attr(box, "class")
        for one in row
    )


def _sentences(survey: Survey) -> Iterator[tuple[Tag, str]]:
    """The blocks that hold sentences, with the text that stands in them and in no block inside."""
    own: dict[int, list[str]] = defaultdict(list)
    linked: dict[int, int] = defaultdict(int)
    nearest: dict[int, Tag] = {}
    in_link: set[int] = set()
    for tag in survey.tags:
        if is_link(tag) or id(tag.parent) in in_link:
            in_link.add(id(tag))
        block = tag if tag.name in _TEXT_BLOCKS else nearest.get(id(tag.parent))
        if block is not None:
            nearest[id(tag)] = block
            strings = [s for s in tag.children if type(s) is NavigableString]
            own[id(block)] += strings
            linked[id(block)] += sum(map(len, strings)) if id(tag) in in_link else 0
    for block in survey.tags:
        text = "".join("".join(own.get(id(block), ())).split())
        if len(text) < max(_LEAST, 2 * linked[id(block)]) or survey.framed(block):
            continue
        if _SENTENCE.search(text) and not _OF_THE_SITE.search(text):
            yield block, text
