"""Figures of a regulation that carry substance: dates, shares, amounts, spans of time, counts. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from watcher.facts.day import english_days, make_date
from watcher.facts.english import NUMBER_WORDS
from watcher.text import cn_number, find_date


@dataclass(frozen=True, slots=True)
class Term:
    """Words that carry substance, where they stand, and what they say."""

    kind: str
    start: int
    end: int
    text: str
    said: str
    """What a reader is shown: 30 days, 2026-03-01, 不得."""
    sense: str = ""
    """Equal for words that mean the same, like 不得 and 禁止; empty: what is said decides."""
    form: str = "word"
    """word, money, time, share, times, age, count, addressee, extent or date: only the like can have
    become one another."""
    alone: bool = True
    """Whether it is news by itself; an addressee without a counterpart came or went with its duty."""

    @property
    def value(self) -> str:
        return self.sense or self.said


# A number is read from its first character and to a bounded length: what is longer is no amount,
# and trying every start and end of a long row of digits would take the square of its length.
_CN = "零〇一二三四五六七八九十百千万亿两"
_NUM = (
    r"(?:(?<![0-9])[0-9]{1,20}(?:[.,，][0-9]{1,20}){0,7}[十百千万亿]{0,8}"
    rf"|(?<![{_CN}])[{_CN}]{{1,20}})"
)
_UNITS = {
    "个工作日": "working day",
    "工作日": "working day",
    "个自然日": "day",
    "自然日": "day",
    "周岁": "year of age",
    "日": "day",
    "天": "day",
    "周": "week",
    "个星期": "week",
    "个月": "month",
    "年": "year",
    "个小时": "hour",
    "小时": "hour",
    "分钟": "minute",
}
_CURRENCY = {
    "元": "yuan",
    "人民币": "yuan",
    "美元": "US dollar",
    "欧元": "euro",
    "港元": "HK dollar",
}
_EN_NUM = NUMBER_WORDS | {"thirty": 30, "forty": 40, "forty-five": 45, "sixty": 60, "ninety": 90}
_EN_SPAN = re.compile(
    r"\b(?P<n>[0-9]{1,5}|[a-z]{3,8}(?:-five)?) (?P<u>(?:working |business )?(?:day|week|month|year|hour))s?\b"
)
_SPAN = re.compile(  # 上一年度, 每三年, 第二日 say when, not how long
    rf"(?<![第下本])(?:(?<!上)|(?<=以上))(?P<n>{_NUM})(?P<u>{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![度级代])"
)
_MONEY = re.compile(rf"(?P<n>{_NUM})(?P<u>美元|欧元|港元|元)")
_EN_NUMBER = (
    r"(?<![0-9.,])[0-9]{1,12}(?:,[0-9]{3}){0,5}(?:\.[0-9]{1,6})?(?: (?:thousand|[mb]illion))?"
)
_EN_MONEY = re.compile(
    rf"(?P<sign>RMB|CNY|USD|US\$|EUR|[¥$€]) ?(?P<n>{_EN_NUMBER})"
    rf"|(?P<m>{_EN_NUMBER}) (?P<u>yuan|RMB|US dollars|euros)\b"
)
_EN_CURRENCY = {
    **dict.fromkeys(("RMB", "CNY", "¥", "yuan"), "yuan"),
    **dict.fromkeys(("USD", "US$", "$", "US dollars"), "US dollar"),
    **dict.fromkeys(("EUR", "€", "euros"), "euro"),
}
_EN_SCALE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SHARE = re.compile(
    rf"(?<![{_CN}])(?P<base>[{_CN}]{{1,3}})分之(?P<n>{_NUM})"
    rf"|(?<![{_CN}])(?P<tenths>[一二两三四五六七八九])成(?P<half>半)?(?=[以左的。，、；]|$)"
    r"|(?P<p>(?<![0-9])[0-9]{1,20}(?:\.[0-9]{1,20})?)\s{0,20}(?:[%％]|个百分点|per ?cent\b)"
)
_BASES = {"百": "%", "千": "‰", "万": " per 10,000"}
_TIMES = re.compile(rf"(?P<n>{_NUM})倍")
_COUNT = re.compile(
    rf"(?<!第)(?P<n>{_NUM})(?:余)?(?P<u>人次?|名|户|台|辆|件|吨|家|次|艘|架|平方米|立方米|公里|公斤|千克|公顷|亩"
    r"|千瓦时?|兆瓦时?|千伏|分贝|℃|[GMTPK]B|万?条(?=个人信息|数据|以上))(?!性)"
)
_BARE = re.compile(
    rf"(?:超过|不足|达到|至少|未满|不满|[高低大小多少]于)(?P<n>{_NUM})(?P<u>[^\W\d_]{{0,3}}?)(?=[的。，、；）)]|以[上下内]|$)"
)
_EACH = re.compile(
    r"每个?(?P<u>半年|季度?|年度?|月|周|星期|[日天])(?![末初底中])|按(?P<by>季度?|年度?|月|周|日)(?=[报上提公开统汇结])"
)
_HALF = re.compile(r"(?<![上下每一])半(?P<u>年|个月|天)(?!度)")
_SOON = re.compile(r"(?P<now>立即|即时|第一时间)|及时|尽快")
_YEAR = re.compile(
    r"(?P<to>截?至|到)?(?P<y>20[0-9]{2})年(?:(?P<m>1[0-2]|0?[1-9])月)?(?P<end>年?[底末])?(?P<by>[之以]?前|起(?![草点步初源]))?"
    r"|\bby (?:the end of )?(?P<en>20[0-9]{2})\b"
)
_DAY = re.compile(rf"(?<![0-9{_CN}])(?P<m>[0-9{_CN}]{{1,3}})月(?P<d>[0-9{_CN}]{{1,3}})日")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FROM_ISSUE = re.compile(r"自(?:公布|发布|印发|签发|颁布)之日起(?=施行|实施|生效|执行)")
_THROUGH = re.compile("以上[、至]?|[至到—－～~-]")
_FAR = 400
"""Characters on either side of a figure in which the words that give it its kind are sought."""
_SENTENCE_END = re.compile(r"[。；\n]")
_FINE = re.compile(r"\bfine[ds]?\b|\bpenalt", re.I)
_CUSTODY = re.compile(r"拘留|徒刑|拘役|管制")
_FORCE = re.compile(
    r"施行|生效|实施|执行|废止|有效期|\b(?:take effect|takes effect|effective|(?:in|into) force)\b"
)


def _sentence(text: str, at: int) -> str:
    """The sentence that `at` stands in, as far as _FAR on either side: a page without stops has none."""
    low, high = max(0, at - _FAR), min(len(text), at + _FAR)
    end = _SENTENCE_END.search(text, at, high)
    starts = [text.rfind(c, low, at) for c in "。；\n"]
    return text[max(low - 1, *starts) + 1 : end.start() if end else high]


def _dates(text: str) -> Iterator[Term]:
    at = 0
    while found := find_date(text, at):
        day, start, at = found
        kind = "effective_date" if _FORCE.search(_sentence(text, start)) else "date"
        yield Term(kind, start, at, text[start:at], day.isoformat(), form="date")
    for found_day in english_days(text):
        if found_day.year and (on := make_date(found_day.year, found_day.month, found_day.day)):
            start, at = found_day.start, found_day.end
            kind = "effective_date" if _FORCE.search(_sentence(text, start)) else "date"
            yield Term(kind, start, at, text[start:at], on.isoformat(), form="date")
    for m in _DAY.finditer(text):
        try:
            said = f"{cn_number(m['d'])} {_MONTHS[cn_number(m['m']) - 1]}"
        except (ValueError, IndexError):
            continue
        yield Term("date", m.start(), m.end(), m[0], said, form="date")
    for m in _FROM_ISSUE.finditer(text):
        yield Term("effective_date", m.start(), m.end(), m[0], "day of issue", form="date")


def _years(text: str) -> Iterator[Term]:
    """A year or month by which something is to be reached; one that only names a year is none."""
    for m in _YEAR.finditer(text):
        if m["en"] or m["to"] or m["end"] or m["by"]:
            said = m["en"] or (f"{m['y']}-{int(m['m']):02}" if m["m"] else m["y"])
            yield Term("date", m.start(), m.end(), m[0], said, form="date")


def _shares(text: str) -> Iterator[Term]:
    for m in _SHARE.finditer(text):
        if m["tenths"]:
            said = f"{_figure(m['tenths'])}{5 if m['half'] else 0}%"
        elif m["p"]:
            said = f"{m['p']}%"
        elif m["base"] in _BASES:
            said = f"{_figure(m['n'])}{_BASES[m['base']]}"
        else:
            said = f"{_figure(m['n'])}/{_figure(m['base'])}"
        kind = "penalty" if "罚" in _sentence(text, m.start()) else "percentage"
        yield Term(kind, m.start(), m.end(), m[0], said, form="share")


def _money(text: str) -> Iterator[Term]:
    for m in _MONEY.finditer(text):
        kind = "penalty" if "罚" in _sentence(text, m.start()) else "amount"
        value = f"{_figure(m['n'])} {_CURRENCY[m['u']]}"
        yield Term(kind, m.start(), m.end(), m[0], value, form="money")
    for m in _EN_MONEY.finditer(text):
        number, _, scale = (m["n"] or m["m"]).partition(" ")
        worth = float(number.replace(",", "")) * _EN_SCALE.get(scale, 1)
        kind = "penalty" if _FINE.search(_sentence(text, m.start())) else "amount"
        value = f"{worth:,.10g} {_EN_CURRENCY[m['sign'] or m['u']]}"
        yield Term(kind, m.start(), m.end(), m[0], value, form="money")


def _spans(text: str) -> Iterator[Term]:
    for m in _SPAN.finditer(text):
        figure = _figure(m["n"])
        if m["u"] == "年" and len(m["n"]) == 4:
            continue  # a calendar year
        if m["u"] in ("日", "年") and (
            text.endswith("月", 0, m.start()) or "月" in text[m.end() : m.end() + 3]
        ):
            continue  # a piece of a date that is not whole
        unit = _UNITS[m["u"]]
        many = unit if figure == "1" else re.sub(r"^(\w+ day|\w+)", r"\1s", unit)
        age = m["u"] == "周岁"
        kind = "penalty" if _CUSTODY.search(text, m.end(), m.end() + 8) else "time_limit"
        yield Term(
            "scope" if age else kind,
            m.start(),
            m.end(),
            m[0],
            f"{figure} {many}",
            form="age" if age else "time",
        )


def _often(text: str) -> Iterator[Term]:
    """How often, and how soon where no number says it."""
    for m in _EACH.finditer(text):
        unit = (m["u"] or m["by"]).removesuffix("度")
        said = f"every {_EVERY[unit]}"
        yield Term("time_limit", m.start(), m.end(), m[0], said, form="time")
    for m in _HALF.finditer(text):
        said = {"年": "6 months", "个月": "half a month", "天": "half a day"}[m["u"]]
        yield Term("time_limit", m.start(), m.end(), m[0], said, form="time")
    for m in _SOON.finditer(text):
        said, alone = ("at once", True) if m["now"] else ("promptly", False)
        yield Term("time_limit", m.start(), m.end(), m[0], said, form="time", alone=alone)


_EVERY = {
    "半年": "half year",
    "季": "quarter",
    "年": "year",
    "月": "month",
    "周": "week",
    "星期": "week",
    "日": "day",
    "天": "day",
}


def _english_spans(text: str) -> Iterator[Term]:
    for m in _EN_SPAN.finditer(text):
        figure = m["n"] if m["n"].isdecimal() else str(_EN_NUM.get(m["n"], ""))
        if figure:
            unit = m["u"].replace("business", "working")
            said = f"{figure} {unit}{'' if figure == '1' else 's'}"
            yield Term("time_limit", m.start(), m.end(), m[0], said, form="time")


def _times(text: str) -> Iterator[Term]:
    for m in _TIMES.finditer(text):
        kind = "penalty" if "罚" in _sentence(text, m.start()) else "amount"
        yield Term(kind, m.start(), m.end(), m[0], f"{_figure(m['n'])} times", form="times")


def _counts(text: str) -> Iterator[Term]:
    for m in _COUNT.finditer(text):
        value = f"{_figure(m['n'])} {m['u']}"
        yield Term("threshold", m.start(), m.end(), m[0], value, form="count")
    for m in _BARE.finditer(text):
        said = f"{_figure(m['n'])} {m['u']}".rstrip()
        yield Term("threshold", m.start("n"), m.end("u"), m["n"], said, form="count")


def _figure(text: str) -> str:
    """三千万 and 3000万 as 30,000,000; what is no number stays as it is."""
    text = re.sub("[,，]", "", text)
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([十百千万亿]*)", text)
    try:
        if match is None:
            return f"{cn_number(text):,}"
        number = float(match[1])
        for unit in match[2]:
            number *= cn_number(unit if unit in "十百千" else f"一{unit}")
        return f"{number:,.0f}" if number.is_integer() else f"{number:,}"
    except (ValueError, OverflowError):
        return text


def _ranged(text: str, found: Iterable[Term]) -> Iterator[Term]:
    """Two figures that are the ends of one range as one: 一万元以上五万元以下 is 10,000–50,000 yuan."""
    held: Term | None = None
    for term in sorted(found, key=lambda each: each.start):
        if held is None:
            held = term
        elif held.form == term.form and _THROUGH.fullmatch(text, held.end, term.start):
            end = term.end
            low, _, unit = held.said.partition(" ")
            high, _, units = term.said.partition(" ")
            like = unit.rstrip("s") == units.rstrip("s")
            said = f"{low}–{high} {units}".rstrip() if like else f"{held.said} – {term.said}"
            yield Term(held.kind, held.start, end, text[held.start : end], said, form=term.form)
            held = None
        else:
            yield held
            held = term
    if held:
        yield held


def _of(*readers: Callable[[str], Iterator[Term]]) -> Callable[[str], Iterator[Term]]:
    return lambda text: _ranged(text, (term for read in readers for term in read(text)))


FIGURES: tuple[Callable[[str], Iterator[Term]], ...] = (
    _dates,
    _of(_shares),
    _of(_money),
    _of(_spans),
    _years,
    _often,
    _english_spans,
    _of(_times),
    _counts,
)
"""What reads figures; where two find the same characters, the earlier is right."""
