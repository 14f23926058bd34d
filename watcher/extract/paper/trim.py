"""What sites put around a text inside its own box, told by its words: taken off at both ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.extract.paper.filenames import EXTENSIONS
from watcher.extract.paper.labels import labelled
from watcher.extract.paper.paragraphs import CELLS, Line

_BUTTONS = (
    r"我?要?纠错|(?:网站|内容)纠错|打印(?:本页|页面|此页)?|网页打印|关闭(?:窗口|本页)?|返回(?:顶部|列表)?|回到顶部"
    r"|(?:一键)?分享到?|字[号体]|扫一扫|复制链接|听全文|语音播报|大[\s|｜]*中[\s|｜]*小|A[-+\s|]*A[-+\sA|]*"
)
_BUTTON = re.compile(_BUTTONS)
# Those that can be a text's own word too, where it stands alone: only at its ends, or beside others.
_TOOL = re.compile(
    rf"{_BUTTONS}|收藏(?:本页)?|微信|微博|QQ空间|上一页|下一页|特大|默认|放大|缩小|下载|图集|\+\d{{1,3}}"
)
_BETWEEN = " \u3000\xa0\t【】[]（()）|｜/·•:：,，、>-+"
_SCAN = re.compile(
    r"[【\[（(]?(?:扫一扫|扫码|扫描(?:上方)?二维码|手机扫).{0,20}(?:打开|查看|浏览|分享|关注|阅读|页).{0,6}"
)
_FROM = (
    r"责任?编辑|责编|编辑|校对|审核|来源|作者|信息来源|文章来源|稿件来源|供稿|撰稿|记者|发布人|录入|签发|值班编委"
    r"|浏览(?:次数|量)?|阅读(?:次数|量)?|点击(?:次数|量|数)?|访问(?:次数|量)|发布时间|发布日期|发表时间|更新时间|字号|字体|分享到?"
)
_FROM_LINE = re.compile(rf"[\s【\[（(|｜]*(?:{_FROM})\s*[:：]")
_AFTER = re.compile(
    r"[\s【\[（(|｜/]*(?:相关(?:附件|新闻|链接|文件|稿件|阅读|解读|报道|文章|政策|信息|文档|内容|推荐|资讯|专题)"
    r"|(?:政策|部门|专家|媒体|文字|图文|视频|音频)解读|解读(?:材料)?|延伸阅读|推荐阅读|猜你喜欢|上一[篇条]|下一[篇条]|附件下载|文件下载)"
    r"[\s】\]）)>]*(?:[:：].*)?$"
)
_TRAIL = re.compile(r"您?(?:当前|现在)?(?:所在)?的?位置\s*[:：]|首页\s*(?:>|»|/|＞|-)")
_STAMP = re.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d\d(?::\d\d)?)?")
_FILE = re.compile(rf"\.(?:{EXTENSIONS})\b", re.I)
_SENTENCE = re.compile(r"[。；]|：$")
_EDGE_LENGTH = 60
_INFO_LENGTH = 100  # characters of the longest line with date, source and counter
_HEAD = 15  # lines among which a table of metadata above the text ends
_INFO = 6  # lines among which the line with date and source stands
_TAIL = 40  # lines from the end among which links to other papers begin


@dataclass(frozen=True, slots=True)
class Trimmed:
    lines: tuple[str, ...]
    head: tuple[str, ...]
    """What was taken off above, which speaks of the paper: metadata, the line with the date."""


def trimmed(told: Sequence[Line]) -> Trimmed:
    """The lines of a text without tool bars, the editor's name and links to other papers around it."""
    lines = [line for line in told if not (_BUTTON.search(line.text) and _is_tool(line.text))]
    lines = _once(lines)
    lines = _before_links(lines)
    while lines and _is_edge(lines[-1].text):
        lines.pop()
    start = _start(lines)
    head = [line.text for line in lines[:start]]
    kept: list[Line] = []
    for at, line in enumerate(lines[start:]):
        begun = at >= _INFO or any(_SENTENCE.search(said.text) for said in kept)
        if not begun and _is_info(line):
            head.append(line.text)
        else:
            kept.append(line)
    return Trimmed(tuple(_row(line.text) for line in kept), tuple(head))


def _row(text: str) -> str:
    """A row without the empty cells at its end; those before keep its columns in step."""
    return text.rstrip() if CELLS in text else text


def _is_tool(text: str) -> bool:
    """Whether a line is nothing but buttons: 【字体：大 中 小】 打印 关闭."""
    if len(text) > _EDGE_LENGTH:
        return False
    bare, found = _TOOL.subn("", text)
    return bool(_SCAN.fullmatch(text) or (found and not bare.strip(_BETWEEN)))


def _is_edge(text: str) -> bool:
    """Whether a line at the end of a text is no part of it."""
    if len(text) > _EDGE_LENGTH or _FILE.search(text):
        return False
    if _is_tool(text):
        return True
    bare = (
        _TOOL.sub("", text, count=1).lstrip(_BETWEEN) if _TOOL.match(text.lstrip("【[")) else text
    )
    return bool(_FROM_LINE.match(bare) or _AFTER.match(text) or not re.search(r"\w", text))


def _is_info(line: Line) -> bool:
    """Whether a line at the head tells of the page (where from, how often read), not of its matter."""
    text = line.text
    if len(text) > _INFO_LENGTH:
        return False
    if stamp := _STAMP.match(text):
        rest = text[stamp.end() :].strip(_BETWEEN)
        return not rest or bool(_FROM_LINE.match(rest))
    leads_away = line.linked and text.endswith((">>", "》》", "»"))
    return bool(
        leads_away
        or _is_tool(text)
        or _FROM_LINE.match(text)
        or _TRAIL.match(text)
        or not re.search(r"\w", text)
    )


def _start(lines: Sequence[Line]) -> int:
    """Where the text begins below a table of metadata in its own box."""
    texts = [line.text for line in lines[:_HEAD]]
    if len(labelled(texts).table) < 2:
        return 0
    start = 0
    for at, text in enumerate(texts):
        said = labelled([text])
        if at <= start + 2 and (said.table or said.line):
            start = at + 1
    return start


def _before_links(lines: list[Line]) -> list[Line]:
    """Cut where links to other papers begin: a heading of such, and nothing but links behind it."""
    for at in range(max(len(lines) - _TAIL, 0), len(lines)):
        behind = lines[at + 1 :]
        if (
            len(lines[at].text) <= _EDGE_LENGTH
            and _AFTER.match(lines[at].text)
            and all(line.linked or _is_edge(line.text) for line in behind)
            and not any(_FILE.search(line.text) for line in lines[at:])
        ):
            return lines[:at]
    return lines


_COPY = 80  # characters from which a second half equal to the first is a copy, not a repetition
_STRAYS = 3  # lines above the two or below them


def _once(lines: list[Line]) -> list[Line]:
    """A text told twice over (a copy for telephones, for reading aloud) is told once.

    A title above the two or a line below them is no hindrance.
    """
    texts = [line.text for line in lines]
    for above in range(_STRAYS):
        for below in range(_STRAYS):
            half, odd = divmod(len(texts) - above - below, 2)
            middle = above + half
            if odd or half < 1 or texts[above] != texts[middle]:
                continue
            first = texts[above:middle]
            if first == texts[middle : middle + half] and sum(map(len, first)) >= _COPY:
                return lines[:middle] + lines[middle + half :]
    return lines
