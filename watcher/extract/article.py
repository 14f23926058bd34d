"""The main text of a paper's page: which box holds it, and its lines."""

import re
from collections import defaultdict

from bs4 import Tag
from bs4.element import NavigableString

from watcher.extract.markup import drop_unseen, hidden, in_frame, inner_text, lines_of, words

# Boxes that ministries' templates put the text in, the narrowest kind first.
_KNOWN = (
    "#UCAP-CONTENT .TRS_UEDITOR, .TRS_UEDITOR, .trs_editor_view, .TRS_Editor, .Custom_UnionStyle",
    "#UCAP-CONTENT, ucapcontent, #BodyLabel, #con_con, .Three_xilan_07, .editor-content, #article-content",
    "#zoomcon, #zoom, #Zoom, #zooms, #info_cont, #detailContent, #content_body_xxgk, .zt_xilan_07",
    ".pages_content, .zwgkdetail, .my_doccontent, .gsj_htmlcon_bot, .content_body_box, #rwb_zw, #p-detail",
    ".article-content, .article_content, .content_article, .article_con, .article-con, .articleCon"
    ", .newsMain, .news_content, .news_con, .news_end, .txt_con, .main-txt, .xxgk_content, .bt_content"
    ", .detail-content, .detail_content, .xl_content, .conTxt, .view_content",
    ".art-con, .moe-detail-box, .text.wide, td.detail, div.article, article, .content-body, .info_content",
)
_SHARE = 0.6  # of the longest known box's text that a narrower kind must hold to be preferred
_LEAST = 12  # characters below which a box is no paper's text
_CONVINCING = 200  # characters from which a known box is believed although another is longer

_JUNK = (
    "share bdsharebuttonbox fenxiang print printer dayin ewm qrcode qr sweep erweima related"
    " recommend tuijian xgxw xgwj xgwz xgfj xgnr shenming pager pagination zdfy fontsize setfont toolbar"
    " breadcrumb crumb crumbs curmb"
)
_JUNK_WORDS = frozenset(_JUNK.split())
_JUNK_SHARE = 0.3  # a larger box is not junk whatever its class says (`print` may wrap the paper)

_EDGE = re.compile(
    r"^[\s【\[（(|｜]*(?:(?:责任?编辑|责编|编辑|校对|审核|来源|作者|信息来源|文章来源|稿件来源|浏览(?:次数|量)?|阅读(?:次数|量)?|访问量)\s*[:：]"
    r"|(?:打印|关闭|纠错|收藏|返回|分享|下载|字号|字体|扫一扫|扫描|相关(?:附件|新闻|链接|文件|稿件|阅读|解读|报道|文章|政策)"
    r"|上一篇|下一篇|我要纠错|网站纠错|内容纠错|返回顶部|附件下载|A\s*[+-]))"
)
_EDGE_LENGTH = 60


def find_body(soup: Tag, selector_hits: list[Tag] | None = None) -> Tag | None:
    """The box that holds the paper's text, or None when the page has none.

    `selector_hits` are what a rule's selector found; they are believed.
    """
    if selector_hits:
        return max(selector_hits, key=_size)
    known = [max(hits, key=_size) for selector in _KNOWN if (hits := _candidates(soup, selector))]
    likely = _densest(soup)
    if known:
        longest = max(map(_size, known))
        pick = next(tag for tag in known if _size(tag) >= longest * _SHARE)
        if likely is None or _size(pick) >= _CONVINCING or likely in pick.parents:
            return pick
        return pick if _size(pick) * 4 >= _size(likely) else likely
    return likely


def _candidates(soup: Tag, selector: str) -> list[Tag]:
    return [tag for tag in soup.select(selector) if _size(tag) >= _LEAST and not in_frame(tag)]


def _size(tag: Tag) -> int:
    """Characters of `tag` outside its links."""
    linked = sum(len(inner_text(a)) for a in tag.find_all("a"))
    return len("".join(inner_text(tag).split())) - linked


_TEXT_BLOCKS = frozenset(
    ("p", "div", "td", "section", "article", "li", "pre", "blockquote", "font")
)
_SENTENCE = re.compile(r"[，。；：、！？]")


def _densest(soup: Tag) -> Tag | None:
    """The box with the most sentences right inside it, for templates not known.

    A paragraph speaks for the box around it, and half as much for the next one.
    """
    score: dict[int, float] = defaultdict(float)
    boxes: dict[int, Tag] = {}
    for block in soup.find_all(_TEXT_BLOCKS):
        if block.find(_TEXT_BLOCKS):
            text = "".join(str(s) for s in block.children if isinstance(s, NavigableString))
        else:
            text = inner_text(block)
        text = "".join(text.split())
        if len(text) < _LEAST or not _SENTENCE.search(text) or in_frame(block):
            continue
        if len(text) < 2 * sum(len(inner_text(a)) for a in block.find_all("a")):
            continue
        weights = {"p": (0.0, 1.0, 0.5)}.get(block.name, (1.0, 0.7, 0.35))
        for box, weight in zip([block, *block.parents], weights, strict=False):
            if box.name not in ("[document]", "html"):
                score[id(box)] += len(text) * weight
                boxes[id(box)] = box
    best = max(score, key=lambda key: score[key], default=None)
    return boxes[best] if best is not None else None


def body_lines(body: Tag) -> list[str]:
    """The text of `body`, one paragraph per line, without share bars, editors' names and the like."""
    size = max(_size(body), 1)
    for tag in body.find_all(True):
        if tag.decomposed:
            continue
        junk = hidden(tag) or bool(words(tag) & _JUNK_WORDS)
        if junk and len(inner_text(tag)) < size * _JUNK_SHARE:
            tag.decompose()
    lines = lines_of(body)
    while lines and _is_edge(lines[-1]):
        lines.pop()
    while lines and _is_edge(lines[0]):
        lines.pop(0)
    return lines


def _is_edge(line: str) -> bool:
    return len(line) <= _EDGE_LENGTH and bool(_EDGE.match(line) or not re.search(r"\w", line))


def drop_duplicates(soup: Tag) -> None:
    """Take out what is not seen on a desktop: gov.cn sends a second copy for telephones."""
    drop_unseen(soup)
    for tag in soup.select(".pchide, .pc_none"):
        if not tag.decomposed:
            tag.decompose()
