"""Words of a regulation that carry substance: what they are and what they say. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

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
    """word, money, time, share, times, age, count, addressee or date: only the like can have become one another."""

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
_FIGURED = r"0-9零〇一二三四五六七八九十百千万亿日天月年元%％‰倍人户次岁吨台辆件米个"
_WORDS = (
    # 不可以 before 可以: the first alternative that fits is taken
    ("obligation", "must not", r"不得|禁止|严禁|不可以|不应当?|不准"),
    ("obligation", "need not", r"可以不|无需|无须|不需要?|不必|免予|免于"),
    ("obligation", "must", r"必须|须(?=[在按经向由])"),
    ("obligation", "shall", r"应当|应(?=[在按经向由于将对])"),
    ("obligation", "may", r"可以|有权"),
    ("obligation", "encouraged", r"鼓励|倡导"),
    ("penalty", "", r"通报批评|警告|没收违法所得|没收|暂扣|吊销|责令停产停业|责令关闭|责令改正"),
    ("penalty", "", r"限制从业|拘留|追究刑事责任|降低资质等级|罚款"),
    ("penalty", "处分", r"(?:依法)?给予(?:行政|政务|纪律)?处分"),
    ("obligation", "must not", r"\b(?:must not|shall not|may not|is prohibited|are prohibited)\b"),
    ("obligation", "shall", r"\b(?:shall|must|is required to|are required to)\b"),
    ("obligation", "may", r"\b(?:may|is entitled to|are entitled to)\b"),
    ("obligation", "encouraged", r"\b(?:should|is encouraged to|are encouraged to)\b"),
    ("exception", "", r"\b(?:except|unless|exempt(?:ed)?|excluding)\b"),
    # 三十日以上五十日以下: which side of a figure is meant
    (
        "threshold",
        "or more",
        rf"(?<=[{_FIGURED}])(?:\(含\)|（含）|含本数)?以上|不(?:得)?(?:低|少|小)于|至少",
    ),
    (
        "threshold",
        "or less",
        rf"(?<=[{_FIGURED}])(?:\(含\)|（含）|含本数)?以[下内]|不(?:得)?(?:高|多|大|超)(?:于|过)|至多",
    ),
    ("threshold", "more than", r"(?<!不)(?<!不得)(?:超过|高于|多于|大于)"),
    ("threshold", "less than", r"(?<!不)(?<!不得)(?:低于|少于|小于)|不满(?!意)|未满|不足"),
    (
        "exception",
        "",
        r"除外|不包括|豁免|另有规定|但书|但是|的除外|除[^，。；\n]{1,40}[以之]?外|不在此限",
    ),
    ("scope", "", r"不适用(?:于)?|适用于?|参照|境外|境内"),
)
_WORD = re.compile("|".join(f"(?P<w{n}>{words})" for n, (_, _, words) in enumerate(_WORDS)))
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
    rf"(?<![第上下本])(?P<n>{_NUM})(?P<u>{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![度级代])"
)
_MONEY = re.compile(rf"(?P<n>{_NUM})(?P<u>美元|欧元|港元|元)")
_SHARE = re.compile(
    rf"(?P<base>[百千万])分之(?P<n>{_NUM})|(?P<p>(?<![0-9])[0-9]{{1,20}}(?:\.[0-9]{{1,20}})?)\s{{0,20}}(?:[%％]|个百分点)"
)
_TIMES = re.compile(rf"(?P<n>{_NUM})倍")
_COUNT = re.compile(
    rf"(?<!第)(?P<n>{_NUM})(?:余)?(?P<u>人次?|户|台|辆|件|吨|家|次|平方米|公里|千瓦时?|兆瓦|万?条(?=个人信息|数据|以上))(?!性)"
)
# Who must, may or must not: the words before the verb, from the clause's start on. Authorities
# change their names with every reform of the government: that is no change of what is asked.
_ADDRESSEE = re.compile(
    r"(?:(?<=[。；，：、\n])|^)(?P<who>[^。；，：、\n]{0,24}(?:者|人|机构|单位|企业|公司|平台|组织|商|所))"
    r"(?=(?:应当|不得|可以|必须|禁止|不应|应|须)(?!用))"
)
_SENTENCE_END = re.compile(r"[。；\n]")
_CUSTODY = re.compile(r"拘留|徒刑|拘役|管制")
_NARROW = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_FORCE = re.compile(r"施行|生效|实施|执行|废止|有效期")


def terms(text: str) -> list[Term]:
    """All words of `text` that carry substance, in order; no character belongs to two."""
    readers: tuple[Callable[[str], Iterator[Term]], ...] = (
        _dates,
        _shares,
        _money,
        _spans,
        _english_spans,
        _times,
        _counts,
        _words,
        _addressees,
    )
    taken = bytearray(len(text))
    found = []
    narrow = text.translate(_NARROW)
    for read in readers:
        for term in read(narrow):
            if not any(taken[term.start : term.end]):
                taken[term.start : term.end] = b"\x01" * (term.end - term.start)
                found.append(replace(term, text=text[term.start : term.end]))
    return sorted(found, key=lambda term: term.start)


def _sentence(text: str, at: int) -> str:
    end = _SENTENCE_END.search(text, at)
    starts = [text.rfind(c, 0, at) for c in "。；\n"]
    return text[max(starts) + 1 : end.start() if end else len(text)]


def _dates(text: str) -> Iterator[Term]:
    at = 0
    while found := find_date(text, at):
        day, start, at = found
        kind = "effective_date" if _FORCE.search(_sentence(text, start)) else "date"
        yield Term(kind, start, at, text[start:at], day.isoformat(), form="date")


def _shares(text: str) -> Iterator[Term]:
    for m in _SHARE.finditer(text):
        number = m["p"] or _figure(m["n"])
        sign = {"千": "‰", "万": " per 10,000"}.get(m["base"] or "", "%")
        yield Term("percentage", m.start(), m.end(), m[0], f"{number}{sign}", form="share")


def _money(text: str) -> Iterator[Term]:
    for m in _MONEY.finditer(text):
        kind = "penalty" if "罚" in _sentence(text, m.start()) else "amount"
        value = f"{_figure(m['n'])} {_CURRENCY[m['u']]}"
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


def _addressees(text: str) -> Iterator[Term]:
    for m in _ADDRESSEE.finditer(text):
        yield Term("scope", m.start(), m.end(), m[0], m[0], form="addressee")


def _words(text: str) -> Iterator[Term]:
    for m in _WORD.finditer(text):
        kind, sense = _WORDS[int((m.lastgroup or "w0")[1:])][:2]
        yield Term(kind, m.start(), m.end(), m[0], m[0], sense or m[0])


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
