"""What a file is called: which words of a link name it, and which of two names says more."""

import re

from watcher.extract.markup import inline

EXTENSIONS = r"docx?|docm|wps|wpt|pdf|ofd|xlsx?|xlsm|et|csv|zip|rar|7z|pptx?|dps|cebx?|rtf|tiff?"
"""Of files that papers come in, as an alternation; a picture or a program is none."""
FILE = re.compile(rf"\.(?:{EXTENSIONS})$", re.I)
"""Matches a path or a name that ends as such a file's."""
_SIZE = re.compile(
    r"\s*[\[（(]\s*(?:大小\s*[:：]?\s*)?[\d.,]+\s*(?:[KMG]B?|B|字节|bytes?)\s*[\]）)]$", re.I
)
_ASKS = re.compile(
    r"^\s*[\[【（(]?\s*(?:点击|立即|点此)?(?:下载|查看|预览|打开)(?:附件|文件|链接)?\s*[\]】）)]?\s*[:：]\s*"
)
_BUTTON = re.compile(r"\s*[\[【（(]?\s*(?:点击)?(?:下载|查看|预览)(?:附件|文件)?\s*[\]】）)]?$")
_NO_NAME = re.compile(
    r"(?:[\[【（(]?\s*(?:点击|点此|立即|在线|文件|附件|全文|原文|本地|word|pdf|ofd|excel|文字|图片)?(?:版本?|格式)?"
    r"(?:下载|查看|预览|浏览|阅读|打开)(?:全文|附件|文件|链接|此处|这里|文字版|图片版|pdf版?|word版?)?\s*[\]】）)]?"
    r"|download|view|pdf|word|doc|ofd|excel|here|全文|原文|链接|[\W\d_]*)",
    re.I,
)
_LONGEST = 300  # characters of a name; more is a paragraph that happens to be a link
_ORDINAL = re.compile(
    r"附\s*[件表图录]?\s*[\d一二三四五六七八九十]*\s*[:：.．、]?|[\d一二三四五六七八九十]+[.．、]"
)
_CODE = re.compile(rf"[\w~%-]{{6,}}\.(?:{EXTENSIONS})", re.I | re.A)


def tidy(raw: str) -> str:
    """A name on one line without its size and the button's words around it."""
    name = _SIZE.sub("", inline(raw)[:_LONGEST])
    return _BUTTON.sub("", _ASKS.sub("", name)).strip() if not no_name(name) else name


def bare_name(name: str) -> str:
    """A name without its ordinal and extension: 附件1：竹材办法.docx is 竹材办法."""
    bare = FILE.sub("", name.strip())
    start = _ORDINAL.match(bare)
    return bare[start.end() :].strip() or bare if start else bare


def no_name(name: str) -> bool:
    """Whether words on a link say nothing of the file: 下载, 点击查看, PDF, a bullet."""
    return bool(_NO_NAME.fullmatch(name.strip()))


def named_file(words: str) -> bool:
    """Whether words end like a file's name, its size aside."""
    return bool(FILE.search(tidy(words)))


def bare_ordinal(name: str) -> bool:
    """Whether a name is only a number among others: 附件1."""
    return bool(_ORDINAL.fullmatch(name.strip()))


def better(known: str, other: str, *, split: bool) -> str:
    """The better of two names of one file; `split` says that the links stand next to each other.

    Word cuts a link in pieces (附件1 | ：竹材办法), which belong together.
    """
    ranks = [_rank(known), _rank(other)]
    if known in other or other in known:
        return max(known, other, key=len) if 0 not in ranks else (known if ranks[0] else other)
    if split and 0 not in ranks and ranks != [2, 2] and len(known) + len(other) <= _LONGEST:
        return f"{known}{other}"
    return known if ranks[0] >= ranks[1] else other


def _rank(name: str) -> int:
    """0 no name, a code such as P0202609.pdf; 1 a bare number (附件1); 2 a name."""
    if bare_ordinal(name):
        return 1
    return 0 if no_name(name) or _CODE.fullmatch(name) else 2
