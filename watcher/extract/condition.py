"""Judge what arrived: which form the bytes have, and whether they are the page at all."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from watcher.errors import ExtractError, Reason
from watcher.model import Page
from watcher.text import decode


class Form(StrEnum):
    HTML = "html"
    JSON = "json"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A page's characters, judged to be the page that was asked for."""

    form: Form
    text: str


def open_page(page: Page) -> Content:
    """Decode `page` and say what form it has; the bytes decide, not the name or the header.

    Raises ExtractError: empty, undecodable, not-a-listing (a document or picture), and for HTML
    blocked, challenge or truncated. JSON and feeds are judged by those who read them.
    """
    if not page.body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise ExtractError(Reason.EMPTY, f"{page.url!r} answered nothing")
    if page.body.startswith(_BINARY):
        raise ExtractError(Reason.NOT_A_LISTING, f"{page.url!r} is a file to download, not a page")
    text = decode(page.body, page.content_type).lstrip("\ufeff \t\r\n")
    if not text.strip("\x00 \t\r\n"):
        raise ExtractError(Reason.EMPTY, f"{page.url!r} answered only blanks")
    _refuse_guess(page, text)
    form = form_of(text)
    if form is Form.HTML:
        judge(text, page.url)
    return Content(form=form, text=text)


_LABEL = re.compile(rb"charset\s*=|<\?xml[^>]{0,200}encoding\s*=", re.I)
_HANZI = re.compile(r"[\u3400-\u9fff]")
# The commonest characters of modern Chinese and of official papers, about a third of any text.
_COMMON = frozenset(
    "的一是了在有不人和中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过民前面"
    "理法行所二体家部机定进实关重业通制务经公本化政全管市场监意见办委员第条规章应当自施日月项知告"
)
_SAMPLE = 8  # characters below which a guess cannot be judged


def _refuse_guess(page: Page, text: str) -> None:
    """Refuse Korean or Japanese bytes that, unlabelled, were taken for Chinese and read as noise."""
    declared = _LABEL.search(page.body[:4096]) or "charset" in (page.content_type or "").lower()
    hanzi = _HANZI.findall(text)
    if declared or len(hanzi) < _SAMPLE or sum(c in _COMMON for c in hanzi) * 8 >= len(hanzi):
        return
    try:
        page.body.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise ExtractError(
            Reason.UNDECODABLE, f"{page.url!r} names no charset, and read as Chinese it is noise"
        ) from exc


_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
)
_PROLOGUE = re.compile(
    r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)*", re.S | re.I
)
_FEED_ROOT = re.compile(r"<(?:rss|feed|rdf:rdf|channel|(?:atom|a):feed)[\s>/]", re.I)
_JSONP = re.compile(r"[\w$.]{1,60}\(\s*[\[{]")


def form_of(text: str) -> Form:
    """JSON, feed or HTML, from the first thing in `text` that is not a declaration or comment."""
    if text.startswith(("{", "[")) or _JSONP.match(text):
        return Form.JSON
    prologue = _PROLOGUE.match(text)
    start = prologue.end() if prologue else 0
    return Form.FEED if _FEED_ROOT.match(text, start) else Form.HTML


_WRAPPED = re.compile(r"^[\w$.]{1,60}\(\s*(.*?)\s*\)\s*;?\s*$", re.S)


def load_json(text: str, url: str) -> Any:
    """The value of a JSON or JSONP answer.

    Raises ExtractError truncated when it stops in the middle, not-a-listing when it is no JSON.
    """
    wrapped = _WRAPPED.match(text)
    body = (wrapped[1] if wrapped else text).rstrip(" \r\n\t\x00;")
    try:
        return json.loads(body, strict=False)
    except json.JSONDecodeError as exc:
        cut = exc.pos >= len(body) - 1 or exc.msg.startswith("Unterminated string")
        reason = Reason.TRUNCATED if cut else Reason.NOT_A_LISTING
        raise ExtractError(reason, f"{url!r} is not whole JSON: {exc.msg} at {exc.pos}") from exc
    except RecursionError as exc:
        raise ExtractError(Reason.NOT_A_LISTING, f"{url!r} is nested too deeply") from exc


# ---------------------------------------------------------------- HTML that is not the page

_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,500}?)</title>", re.S | re.I)
_HEADING = re.compile(r"<h[1-3][^>]{0,300}>(.{0,500}?)</h[1-3]>", re.S | re.I)
_PAPER = re.compile(
    r"""name=["']?ArticleTitle|关于.{2,60}(?:公告|通知|通告|意见|决定|办法|规定|函)""", re.I
)
_SHORT = 300  # visible characters of a page that a script is still to build
_NOTICE = 1500  # visible characters of the longest refusal, login or maintenance page

# One sign of each product is enough, on a page that shows nothing.
_CHALLENGE = re.compile(
    r"EO_Bot_Ssid|__tst_status"  # Tencent EdgeOne (mohrss)
    r"|__jsl_clearance|__jsluid"  # 知道创宇加速乐 (mps)
    r"|\$_ts\b|_\$_ts"  # 瑞数 (nhc, nmpa)
    r"|acw_sc__v2|arg1\s*="  # Alibaba
    r"|WZWS|wzwschallenge"  # 网站卫士 (pbc)
    r"|/cdn-cgi/challenge|cf-chl|Just a moment"
    r"|_waf_|safedog|yunsuo_session|安全验证|人机验证|滑动验证|请完成验证|访问验证",
    re.I,
)
_ASKS_SCRIPT = re.compile(
    r"(?:enable|turn on|requires?)\s+java\s?script|java\s?script\s+(?:is\s+)?(?:disabled|required)"
    r"|(?:启用|开启|打开|允许|支持)\s*java\s?script|java\s?script.{0,8}(?:禁用|未启用|未开启)",
    re.I,
)
_RELOADS = re.compile(r"document\.cookie\s*=|location\.reload\s*\(", re.I)
_APP_SHELL = re.compile(r"""<div[^>]{1,300}id=["']?(?:app|root|__next|__nuxt)["'\s>]""", re.I)

_BLOCKED = re.compile(
    r"维护|系统升级|暂停(?:服务|访问)|(?:禁止|拒绝|限制)访问|访问(?:被|受|过于|频率|异常|禁止|拒绝|限制|出错|失败)"
    r"|被(?:拦截|拒绝|阻断|禁止)|拦截|无权|没有权限|权限不足|未授权|防火墙|服务(?:器)?(?:错误|异常|不可用|繁忙|忙)"
    r"|系统(?:繁忙|异常|错误|忙)|网关|请(?:先)?登[录陆]|用户登[录陆]|统一(?:身份)?认证|登[录陆](?:系统|页面|$)|^登[录陆]"
    r"|\b(?:40[13]|405|429|50[0-4]|52\d)\b|forbidden|denied|unauthorized|bad gateway|gateway time"
    r"|service unavailable|server error|too many requests|request (?:blocked|rejected)|\blog ?in\b|\bsign in\b"
    r"|maintenance",
    re.I,
)
_PASSWORD = re.compile(r"""<input[^>]{1,300}type=["']?password""", re.I)
_GONE = re.compile(
    r"\b404\b|not found|(?:页面|网页|文章|内容|信息|文件)(?:不存在|已(?:被)?删除|找不到|未找到)",
    re.I,
)


_RAW = re.compile(r"<(script|style|head|template)\b", re.I)


class Piece(StrEnum):
    TEXT = "text"
    TAG = "tag"
    COMMENT = "comment"
    RAW = "script or style"


def pieces(html: str, start: int = 0) -> Iterator[tuple[Piece, int, int, bool]]:
    """Cut `html` into text, tags, comments and raw elements: kind, start, end, whether it is whole.

    Walks forward only, so that hostile markup costs no more than its length.
    """
    lower = html.lower()
    while start < len(html):
        opened = html.find("<", start)
        if opened != start:
            end = len(html) if opened < 0 else opened
            yield Piece.TEXT, start, end, True
        elif html.startswith("<!--", start):
            found = html.find("-->", start + 4)
            end = len(html) if found < 0 else found + 3
            yield Piece.COMMENT, start, end, found >= 0
        elif raw := _RAW.match(html, start):
            found = lower.find(f"</{raw[1].lower()}", raw.end())
            end = len(html) if found < 0 else found
            yield Piece.RAW, start, end, found >= 0
        else:
            found = html.find(">", start)
            end = len(html) if found < 0 else found + 1
            yield Piece.TAG, start, end, found >= 0
        start = end


def visible(html: str, most: int) -> str:
    """The first `most` or so characters that a reader sees without scripts, runs of blanks as one."""
    seen: list[str] = []
    for kind, start, end, _ in pieces(html):
        if kind is Piece.TEXT and (
            text := " ".join(html[start : min(end, start + 8 * most)].split())
        ):
            seen.append(text)
            if (most := most - len(text)) <= 0:
                break
    return " ".join(seen)


def judge(html: str, url: str) -> None:
    """Raise ExtractError when `html` is a refusal, a challenge, blank or cut off."""
    seen = visible(html, _NOTICE)
    if len(seen) < _NOTICE and not _PAPER.search(html):
        _judge_notice(html, seen, url)
    if cut := _cut(html):
        raise ExtractError(Reason.TRUNCATED, f"{url!r} stops in the middle: {cut}")


def _judge_notice(html: str, seen: str, url: str) -> None:
    title = _TITLE.search(html)
    heads = [visible(m, _SHORT) for m in ([title[1]] if title else []) + _HEADING.findall(html)[:2]]
    if len(seen) < _SHORT:
        if sign := _CHALLENGE.search(html):
            raise ExtractError(Reason.CHALLENGE, f"{url!r} sent a script check ({sign[0]!r})")
        if _ASKS_SCRIPT.search(html) and not _APP_SHELL.search(html):
            raise ExtractError(Reason.CHALLENGE, f"{url!r} asks for a browser with JavaScript")
        if len(seen) < 30 and _RELOADS.search(html):
            raise ExtractError(Reason.CHALLENGE, f"{url!r} sent a script that reloads the page")
    links = html.lower().count("<a ")
    said = next((h for h in heads if _BLOCKED.search(h)), None)
    if said is None and len(seen) < _SHORT // 2 and links < 4 and (hit := _BLOCKED.search(seen)):
        said = hit[0]
    if said is not None and links < 20:
        raise ExtractError(Reason.BLOCKED, f"{url!r} answered {said[:60]!r} instead of the page")
    if _PASSWORD.search(html) and links < 8:
        raise ExtractError(Reason.BLOCKED, f"{url!r} is a login page")
    gone = next((h for h in heads if _GONE.search(h)), None)
    if gone is not None and links < 20:
        raise ExtractError(Reason.EMPTY, f"{url!r} says that there is no such page")


_DOCUMENT = re.compile(r"<!doctype html|<html|<body", re.I)
_PAIRED = re.compile(
    r"<(/?)(div|section|main|ul|ol|li|dl|dt|dd|table|tbody|tr|td|th|a|span|h[1-6])\b", re.I
)
_OUTER = frozenset(("div", "section", "main"))  # what sloppy templates leave open
_DEPTH = 3


def _cut(html: str) -> str | None:
    """Why `html` looks cut off, or None.

    Whole pages may lack `</html>` or have one early (gov.cn gazette pages), so a missing end
    counts only together with a text that breaks off.
    """
    if not _DOCUMENT.search(html[:4000]):
        return None
    last_end = max(html.lower().rfind(end) for end in ("</html", "</body"))
    if last_end >= 0 and len(html) - last_end < _NOTICE:
        return None
    marks: list[tuple[bool, str]] = []
    ragged = False
    for kind, start, end, whole in pieces(html, max(last_end, 0)):
        if not whole:
            return f"inside a {kind.value}"
        ragged = kind is Piece.TEXT and bool(html[start:end].strip())
        if kind is Piece.TAG and (mark := _PAIRED.match(html, start)):
            marks.append((bool(mark[1]), mark[2].lower()))
    left_open = _left_open(marks)
    if last_end >= 0 or not left_open:
        return None
    if len(left_open) >= _DEPTH or ragged or left_open[-1] not in _OUTER:
        return f"<{left_open[-1]}> is left open and the document has no end"
    return None


def _left_open(marks: Iterable[tuple[bool, str]]) -> list[str]:
    """Names of the elements that are opened and not closed, outermost first."""
    stack: list[str] = []
    open_now: Counter[str] = Counter()
    for closes, name in marks:
        if not closes:
            stack.append(name)
            open_now[name] += 1
        elif open_now[name]:
            closed = ""
            while closed != name:
                closed = stack.pop()
                open_now[closed] -= 1
    return stack
