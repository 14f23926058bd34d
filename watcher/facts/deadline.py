"""The day until which comments on a draft are taken, read from the sentence that says so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from watcher.facts.deadline_english import english_deadline
from watcher.facts.deadline_named import Rank, days_named
from watcher.facts.deadline_period import last_day_counted
from watcher.facts.folded import Folded
from watcher.facts.spanned import Spanned
from watcher.text import normalize

_QUOTE = 160
_LONGEST = 100_000  # a notice says it early; what is longer is the paper itself, or no paper
_TOGETHER = 300  # characters within which a notice gives the days of its several ways to answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A comment deadline, the sentence it was read from, and the place of the words for the day."""

    on: date
    quote: str
    start: int
    end: int
    """`text[start:end]` of the text given: 10月16日, October 16, or 自公告之日起30日内."""


def comment_deadline(text: str, published: date | None = None) -> Deadline | None:
    """Return until when `text` takes comments, or None when no sentence says so.

    Reads Chinese and English. `published` supplies a year left out and the day from which 30日内
    is counted (the day itself left out, as law has it); a day before it is over. Working days are
    counted in years whose holidays are announced. A date counts only with words of commenting in
    its sentence: application, project and public-notice (公示) dates do not. Of two deadlines side
    by side the later one is told, of an extended one the new one.
    """
    text = text[:_LONGEST]
    han, latin = len(re.findall(r"[\u4e00-\u9fff]", text)), len(re.findall(r"[A-Za-z]", text))
    clean = normalize(text)
    if han:
        clean = _SPLIT_RANGE.sub("", _SPLIT_DATE.sub("", clean))
        clean = _WRAPPED.sub(r"\1", _HEADED.sub(r"\1", clean))
    found = _chinese(clean, published) if han else None
    if not found and latin >= han:
        found = english_deadline(clean, published)
    if not found:
        return None
    day, sentence = found
    start, end = Folded(text, clean).span(day.start, day.end)
    return Deadline(on=day.value, quote=_quote(sentence), start=start, end=end)


def _quote(sentence: str) -> str:
    return sentence if len(sentence) <= _QUOTE else sentence[: _QUOTE - 1] + "…"


# ---------------------------------------------------------------- Chinese

_SPLIT_DATE = re.compile(
    r"(?<=[\d年月])\s+(?=[年月日])|(?<=[年月])\s+(?=\d)|(?<=[日号])\s+(?=(?:之?前|以前|止)(?!\d))"
)
_SPLIT_RANGE = re.compile(
    r"(?<=日)[ ]?\n\s{0,9}(?=[-—–~～至到])|(?<=[-—–~～至到：:])[ ]?\n\s{0,9}(?=\d)"
)
# A line that ends in the middle of a sentence, as in text taken from paper: it is long, has a comma
# (a title has none), no stop behind it, and is followed by no label, number, heading or date.
_WRAPPED = re.compile(
    r"^(?=[^\n]{18})([^\n]*，(?:[^，。；;！？!?：:\n]+)?)\n"
    r"(?![^\n]{0,14}[：:]|[（(]?[一二三四五六七八九十\d]{1,3}[、.．）)]|第[^\n]{1,5}[条章编]|附件|\d{4})",
    re.M,
)
# A heading that names the period, with the period in the next line
_HEADED = re.compile(
    r"^([^\n]{0,20}(?:截止|征求意见|意见征集|意见反馈|反馈意见|反馈|征集)(?:起止|截止)?(?:时间|日期|期限)[:：]?)\n"
    r"(?=(?:自|从|即日|\d{4}))",
    re.M,
)
_SENTENCE = re.compile(r"[^。；;！？!?\n]{1,2000}")
# A title, but not the form on which to answer
_TITLE = re.compile(r"《(?![^《》\n]{0,30}(?:反馈|意见|建议)[^《》\n]{0,4}表》)[^《》\n]*》")
# Below this the draft itself begins; 自收到之日起30日内提出意见 in an article is no call to the public.
_PAPER_BEGINS = re.compile(r"^[^\S\n]*第一[条章编]", re.M)
_ARTICLE = re.compile(r"\s*第[一二三四五六七八九十百]{1,6}条")
_NOT_COMMENTS = re.compile(
    r"(?:推荐|审核|初审|评审|审查|专家|盖章|签署|指导|实施|批复|处理|复核|鉴定|书面审核|公示|改进|整改|落实|评估)意见"
)
_SPEAKS = re.compile(r"征求|征询|意见|建议")
_CALLS = re.compile(r"征求|征集|征询|听取")


def _chinese(clean: str, published: date | None) -> tuple[Spanned[date], str] | None:
    """The deadline with its place in `clean`, and its sentence."""
    if paper := _PAPER_BEGINS.search(clean):
        clean = clean[: paper.start()]
    # 《》 and 审核意见 are blanked, places kept: a paper called 意见 is no call for opinions
    masked = _NOT_COMMENTS.sub(_blank, _TITLE.sub(_blank, clean))
    if not _SPEAKS.search(masked):
        return None
    calls = _CALLS.search(masked) is not None
    sentences = [
        (found.start(), found[0])
        for found in _SENTENCE.finditer(masked)
        if not _ARTICLE.match(found[0])
    ]
    found = [
        _Candidate(rank, Spanned(on, at + start, at + end), at, at + len(sentence))
        for at, sentence in sentences
        for rank, (on, start, end) in days_named(sentence, published, calls)
    ]
    if found:
        best = _decide(found)
        return best.day, clean[best.begins : best.ends].strip()
    for at, sentence in sentences:
        if counted := last_day_counted(sentence, published):
            on, start, end = counted
            return Spanned(on, at + start, at + end), clean[at : at + len(sentence)].strip()
    return None


def _blank(match: re.Match[str]) -> str:
    return "＊" * len(match[0])


class _Candidate(NamedTuple):
    """A day that may be the deadline, in the sentence `[begins:ends]`."""

    rank: Rank
    day: Spanned[date]
    begins: int
    ends: int


def _decide(found: Sequence[_Candidate]) -> _Candidate:
    """The day that counts: of the best rank the first, or a later one of the same passage."""
    rank = max(one.rank for one in found)
    first, *others = [one for one in found if one.rank == rank]
    near = (one for one in others if one.day.start - first.day.end <= _TOGETHER)
    return max((first, *near), key=lambda one: one.day.value)
