"""A Chinese title taken apart: who speaks, what about, which paper it names and in which form."""

import re
from dataclasses import dataclass

from watcher.facts.folded import Folded
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
    subject_at: int
    """Where the subject begins in `whole`; 0 without one."""
    marks: tuple[tuple[int, int], ...]
    """Where the books stand in `whole`, their 《》 included."""

    def book_at(self, number: int) -> int:
        """Where a book's name begins in `whole`."""
        return self.whole.index(self.books[number], self.marks[number][0] + 1)

    def in_whole(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of `outer` as a stretch of `whole`."""
        return self._in_whole(start), self._in_whole(end)

    def _in_whole(self, at: int) -> int:
        cut = 0
        for first, last in self.marks:
            if at + cut <= first:
                break
            if at + cut == first + 1:  # between 《 and 》
                return first + 1
            cut += last - first - len("《》")
        return at + cut

    def as_given(self, title: str, start: int, end: int) -> tuple[int, int]:
        """A stretch of `whole` as a stretch of the title that was read."""
        if title == self.whole:
            return start, end
        clean = _one_line(title)
        cut = len(clean) - len(self.whole)  # the status marks before it
        return Folded(title[:_LONGEST], clean).span(start + cut, end + cut)


def _one_line(title: str) -> str:
    return " ".join(normalize(title[:_LONGEST]).split())


def read_title(title: str) -> Title:
    """Take a Chinese title apart; never fails, a title without marks has no books."""
    whole = _STATUS.sub("", _one_line(title))
    found = tuple(_BOOK.finditer(whole))
    books = tuple(match[1].strip() for match in found)
    outer = _BOOK.sub("《》", whole) if found else whole
    marks = tuple(match.span() for match in found)
    subject, after = _subject(outer, books)
    return Title(
        whole=whole,
        outer=outer,
        books=books,
        subject=subject,
        subject_at=whole.index(subject, after) if subject else 0,
        marks=marks,
    )


def _subject(outer: str, books: tuple[str, ...]) -> tuple[str | None, int]:
    """The subject, and a place right before it; up to there `outer` and `whole` are the same."""
    bare = strip_tail(outer)
    if books and (_PROMULGATES.search(bare) or not bare.strip("《》、和及与 ")):
        return books[0], outer.index("《") + 1
    if books:
        return None, 0
    match = _DRAFT_BEHIND.search(bare) or _DRAFT_BEFORE.search(bare) or _OF.search(bare)
    return (match["name"], match.start("name")) if match else (None, 0)


def strip_tail(name: str) -> str:
    """`name` without what trails its last noun: （试行）, （2023版）, 〔2025〕9号, quotes."""
    name = name.rstrip(_EDGE)
    while name.endswith(_TAIL_ENDS) and (match := _TAIL.search(name)):
        name = name[: match.start()].rstrip(_EDGE)
    return name
