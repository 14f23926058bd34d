"""Document numbers (发文字号) as papers print them, and which of those in a title or text is its own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from watcher.text import normalize

_OPEN, _CLOSE = r"[〔\[【（(﹝［]", r"[〕\]】）)﹞］]"
_YEAR = r"(?:19|20)\d{2}"
_COUNT = r"\d{1,5}|[〇零一二三四五六七八九十百]{1,7}"
_FORM = re.compile(
    # 〔2022〕166号, 〔2025〕第29号
    rf"{_OPEN}\s*(?P<year>{_YEAR})\s*年?\s*{_CLOSE}\s*(?P<di>第?)\s*(?P<n>\d{{1,5}}(?:-\d{{1,3}})?)\s*号"
    # 2020-10号
    rf"|(?P<dash>{_YEAR})\s*[-–—－]\s*(?P<dash_n>\d{{1,5}})\s*号"
    # 2025年第31号令, 公告（2025年第54号）
    rf"|{_OPEN}?\s*(?P<of>{_YEAR})\s*年\s*第?\s*(?P<of_n>{_COUNT})\s*号\s*(?:{_CLOSE}|(?P<kind>令|公告|通告)(?!的))?"
    # 国令第845号, 令（第79号）, 第79号令
    rf"|{_OPEN}?\s*第\s*(?P<order>{_COUNT})\s*号\s*(?:{_CLOSE}|(?P<after>令|公告|通告)(?!的))?"
)
_ORGAN = re.compile(r"[\u4e00-\u9fff、 ]*$")
_LONGEST_ORGAN = 80
_KIND = re.compile(r"(?:令|公告|通告|公示)\s*$")
# What stands before the organ's own letters when a title runs into them: …的公告 财政部公告2026年第3号
_LEAD_IN = re.compile(r"^.*(?:通知|意见|文号|字号|关于|的(?:公告|通告|决定|命令|函|批复)?)")
_CITED = re.compile(
    r"根据|依据|按照|依照|遵照|落实|贯彻|执行|废止|替代|代替|取代|修改|修订|转发|批转|参照|^[见原]"
)
_CITED_BEHIND = re.compile(r"\s*(?:文件|文的|文中|等|》)")
_EDGES = " \u3000\t（()）【】[]"
_LONGEST_VALUE = 300  # characters of a title or a value; more is a page put in the wrong place


@dataclass(frozen=True, slots=True)
class Number:
    """A document number at `[start:end]` of a normalised text."""

    normal: str
    """With 〔〕 around the year where the form has brackets."""
    organ: str
    """What stands before the year: letters (工信部网安) or names (商务部 海关总署公告); may be empty."""
    start: int
    end: int


def numbers_in(text: str) -> Iterator[Number]:
    """The numbers in a title or line that has been through `folded`."""
    for match in _FORM.finditer(text):
        before = text[max(match.start() - _LONGEST_ORGAN, 0) : match.start()]
        found = _ORGAN.search(before)
        raw = found[0] if found else ""
        organ = _LEAD_IN.sub("", raw).strip(" 、")
        start = match.start() - len(raw) + raw.rfind(organ) if organ else match.start()
        if number := _normal(match, organ):
            yield Number(number, organ, start, match.end())


def _normal(match: re.Match[str], organ: str) -> str | None:
    if match["year"]:
        return f"{organ}〔{match['year']}〕{match['di']}{match['n']}号" if organ else None
    if match["dash"]:
        return f"{organ}〔{match['dash']}〕{match['dash_n']}号" if organ else None
    named = organ if _KIND.search(organ) else ""
    if match["of"]:
        return f"{named}{match['of']}年第{match['of_n']}号{match['kind'] or ''}"
    if not named and not match["after"]:
        return None  # 第3号楼
    return f"{named}第{match['order']}号{match['after'] or ''}"


def folded(text: str) -> str:
    """Normal width on one line; brackets stay as printed."""
    return " ".join(normalize(text).split())


def title_number(title: str) -> str | None:
    """The number in a title that is the paper's own: at its end or its beginning, not cited."""
    title = folded(title[:_LONGEST_VALUE])
    last = None
    for number in numbers_in(title):
        before, behind = title[: number.start].strip(_EDGES), title[number.end :]
        if _CITED.search(number.organ) or _CITED_BEHIND.match(behind):
            continue
        if not before and (number.organ or behind.startswith(" ")):
            return number.normal
        if not behind.strip(_EDGES) and not _CITED.search(before[-4:]):
            last = number.normal
    return last


_LABEL = re.compile(r"^(?:发文|发布|公文)?(?:字号|文号)\s*[:：]\s*")


def whole_number(line: str) -> str | None:
    """The number that a line consists of, brackets around it aside, or None."""
    line = _LABEL.sub("", folded(line).strip(_EDGES)) if len(line) <= _LONGEST_LINE else ""
    if not line.endswith(("号", "令", "公告", "通告")):
        return None
    for number in numbers_in(line + " "):
        if number.start == 0 and number.end >= len(line):
            return number.normal
    return None


_HEAD_LINES = 8
_LONGEST_LINE = 80
_BARE = re.compile(rf"第\s*(?:{_COUNT})\s*号|[（(]?\s*{_YEAR}\s*年\s*第?\s*\d{{1,5}}\s*号\s*[）)]?")
_NAMES_KIND = re.compile(r"[\u4e00-\u9fff、 ]{2,60}(?:令|公告|通告)")


def own_number(lines: Sequence[str]) -> str | None:
    """The number at the head of a text: a line that holds nothing else, or 某部令 and 第N号 below it.

    A number further down, or within a sentence, names another paper, such as the one replaced.
    """
    for at, raw in enumerate(lines[:_HEAD_LINES]):
        line = folded(raw).strip(_EDGES) if len(raw) <= _LONGEST_LINE else ""
        above = folded(lines[at - 1]) if at and len(lines[at - 1]) <= _LONGEST_LINE else ""
        if _BARE.fullmatch(line) and _NAMES_KIND.fullmatch(above):
            return normal_number(f"{above}{line}")
        if number := whole_number(line):
            return number
    return None


def normal_number(value: str | None) -> str | None:
    """A document number as metadata give it, in normal form; kept as it is when unreadable."""
    text = folded((value or "")[:_LONGEST_VALUE])
    return next((number.normal for number in numbers_in(text)), text) or None
