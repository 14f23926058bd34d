"""A Chinese title taken apart: who speaks, what about, which paper it names and in which form."""

import re
from dataclasses import dataclass

from watcher.text import normalize

_LONGEST = 600  # a title beyond this is a page's whole text put in the wrong place
_BOOK = re.compile(r"《((?:[^《》]|《[^《》]*》)*)》?")
# One tail, which strip_tail takes off again and again: a repeated group here would backtrack
# without end, and so would alternatives that match the same brackets in two ways.
_ROUND = r"[（(](?:[^（）()]|[（(][^（）()]*[)）])*[)）]"  # （银发〔2025〕205号）
_SQUARE = r"[【\[〔][^（）()【】\[\]〔〕]*[】\]〕]"
_TAIL = re.compile(
    rf"(?:{_ROUND}|{_SQUARE}|(?:第?\d{{1,6}}号)?(?:公告)?\d{{4}}年第\d{{1,6}}号[令公告]{{0,3}}|"
    r"\d{4}年?(?:修订|修正)?版|(?:公开)?征求意见稿|修[订正](?:稿|草案)|草案|讨论稿|报批稿|公示稿|送审稿)$"
)
_TAIL_ENDS = tuple("）)】]〕号令公告版稿案")
_EDGE = " \t\n\r\f\v\u3000\xa0“”\"'。，,；;"
_STATUS = re.compile(
    r"^\s*(?:[【\[（(](?:进行中|已结束|正在进行|已截止|转载|置顶|图解|[^】\]）)《》]{0,4}意见征集[^】\]）)《》]{0,4})[】\]）)]\s*)+"
)
_PROMULGATES = re.compile(r"印发|发布|公布|颁布|转发|下发|出台|征求|征集|征询|废止|修订")
_OF = re.compile(
    r"(?:印发|发布|公布|颁布|转发|下发|出台)(?P<name>[^《》]+?)(?:的(?:通知|公告|通告|决定|函|命令))?$"
)
_DRAFT_BEHIND = re.compile(
    r"(?:征求|征集|征询)(?:对|关于|社会各界对)?(?P<name>[^《》]+?)(?:的)?(?:修改)?意见"
)
_DRAFT_BEFORE = re.compile(
    r"关于(?:对|就)?(?P<name>[^《》]+?)(?:向社会|面向社会|公开|再次|第[一二三四]次|二次)*(?:征求|征集|征询)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The parts of a Chinese title that decide its stage, form and issuer."""

    whole: str
    """Normal width, status marks gone, on one line."""
    outer: str
    """`whole` with everything inside 《》 cut out, the marks kept: 关于印发《》的通知."""
    books: tuple[str, ...]
    """What stands in 《》, in order, outermost marks only."""
    subject: str | None
    """The paper a promulgation or a call for comments is about, else None."""


def read_title(title: str) -> Title:
    """Take a Chinese title apart; never fails, a title without marks has no books."""
    whole = _STATUS.sub("", " ".join(normalize(title[:_LONGEST]).split()))
    books = tuple(match[1].strip() for match in _BOOK.finditer(whole))
    outer = _BOOK.sub("《》", whole)
    return Title(whole=whole, outer=outer, books=books, subject=_subject(outer, books))


def _subject(outer: str, books: tuple[str, ...]) -> str | None:
    bare = strip_tail(outer)
    if books and (_PROMULGATES.search(outer) or not bare.strip("《》、和及与 ")):
        return books[0]
    if books:
        return None
    match = _DRAFT_BEHIND.search(bare) or _DRAFT_BEFORE.search(bare) or _OF.search(bare)
    return match["name"] if match else None


def strip_tail(name: str) -> str:
    """`name` without what trails its last noun: （试行）, （2023版）, 〔2025〕9号, quotes."""
    name = name.rstrip(_EDGE)
    while name.endswith(_TAIL_ENDS) and (match := _TAIL.search(name)):
        name = name[: match.start()].rstrip(_EDGE)
    return name
