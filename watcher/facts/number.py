"""Document numbers (发文字号) in every bracket form ministries print, and their normal form."""

import re

from watcher.text import normalize

_OPEN, _CLOSE = r"[〔\[【（(﹝［]", r"[〕\]】）)﹞］]"
# 工信部网安〔2022〕166号, 国办发明电〔2025〕7号, 中国人民银行公告〔2025〕第29号, 穗府办规2020-10号
_LETTERED = re.compile(
    rf"(?P<organ>[\u4e00-\u9fff]{{1,24}}(?: [\u4e00-\u9fff]{{1,12}}){{0,3}})\s*"
    rf"(?:{_OPEN}\s*(?P<year>(?:19|20)\d{{2}})\s*{_CLOSE}\s*(?P<di>第?)\s*(?P<n>\d{{1,5}})"
    r"|(?P<year2>(?:19|20)\d{2})\s*-\s*(?P<n2>\d{1,5}))\s*号"
)
# 2025年第31号令, 公告2025年第54号, （2021年第62号）
_YEARLY = re.compile(
    r"(?P<before>[\u4e00-\u9fff ]{0,60}?(?:公告|通告|令))?\s*[（(]?\s*"
    r"(?P<year>(?:19|20)\d{2})\s*年\s*第\s*(?P<n>\d{1,5})\s*号\s*(?P<after>令|公告|通告)?\s*[）)]?"
)
# 国令第845号, 国家市场监督管理总局令（第79号）, 第79号令
_ORDER = re.compile(
    r"(?P<before>[\u4e00-\u9fff ]{0,40}?令)\s*[（(]?\s*第\s*(?P<n>\d{1,5})\s*号\s*[）)]?"
    r"|第\s*(?P<n2>\d{1,5})\s*号\s*令"
)
_LEAD_IN = re.compile(r"^.*(?:通知|公告的|意见|文号|发文字号|关于|[：:》）)，。])")
_LONGEST = 300  # a number stands in a title or a short line; more is a page put in the wrong place
_WHOLE_LINE = 60  # a document number stands on a line of its own near the top of the text


def find_number(text: str) -> str | None:
    """Return the document number in a title or a short line, normalised, or None."""
    text = " ".join(normalize(text[:_LONGEST]).split())
    if match := _LETTERED.search(text):
        organ = re.sub(r"\s+", " ", match["organ"]).strip()
        organ = _LEAD_IN.sub("", organ).strip() or organ
        if match["year2"]:
            return f"{organ}〔{match['year2']}〕{match['n2']}号"
        return f"{organ}〔{match['year']}〕{match['di']}{match['n']}号"
    if match := _YEARLY.search(text):
        before = _tidy(match["before"])
        return f"{before}{match['year']}年第{match['n']}号{match['after'] or ''}"
    if match := _ORDER.search(text):
        return (
            f"第{match['n2']}号令" if match["n2"] else f"{_tidy(match['before'])}第{match['n']}号"
        )
    return None


def _tidy(before: str | None) -> str:
    """The issuer and kind that stand before 2025年第3号, unless they end a title (…的公告)."""
    name = " ".join((before or "").split())
    return "" if "的" in name else _LEAD_IN.sub("", name).strip() or name


def normal_number(text: str | None) -> str | None:
    """A document number as metadata gives it, in normal form; kept as it is when unreadable."""
    if not text or not text.strip():
        return None
    return find_number(text) or " ".join(normalize(text[:_LONGEST]).split())


def number_in_text(text: str) -> str | None:
    """The number at the head of a paper's text: a short line that holds nothing else.

    A number further down names another paper, such as the one that is replaced.
    """
    for line in text.split("\n", 8)[:8]:
        line = line.strip(" （()）【】\u3000\t")
        if not line or len(line) > _WHOLE_LINE or not line.endswith(("号", "令")):
            continue
        for pattern in (_LETTERED, _YEARLY, _ORDER):
            if pattern.fullmatch(" ".join(normalize(line).split())):
                return find_number(line)
    return None
