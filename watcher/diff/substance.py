"""Which changes of an article alter what it demands, with the reason in a few English words. Pure."""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from watcher.diff.hunks import Hunk
from watcher.text import cn_number, find_date

KINDS = (
    "obligation",
    "penalty",
    "amount",
    "percentage",
    "time_limit",
    "effective_date",
    "date",
    "scope",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One change of substance. `old` or `new` is empty where the words are new or gone."""

    kind: str
    """One of KINDS."""
    reason: str
    """For a reader of English: "30 → 15 days", "obligation: 应当 → 可以"."""
    old: str
    new: str


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
    """word, money, time, share, times, age or date: only the like can have become one another."""

    @property
    def value(self) -> str:
        return self.sense or self.said


def marks(hunks: Sequence[Hunk]) -> tuple[Mark, ...]:
    """Read the hunks of one entry; return its marks in order of KINDS, then of place.

    A term counts when a change touches it. Terms that only changed their place cancel out; what
    is left on both sides of one change is told as "from → to", the rest as added or removed. Where
    all is new or all is gone, there is one mark per kind.
    """
    old = "".join(text for op, text in hunks if op != "insert")
    new = "".join(text for op, text in hunks if op != "delete")
    gone = _touched(old, _changed(hunks, "delete"))
    come = _touched(new, _changed(hunks, "insert"))
    if not old or not new:
        return tuple(_wholesale(gone or come, "removed" if gone else "added"))
    found: list[Mark] = []
    for kind in KINDS:
        left = [(t, at) for t, at in gone if t.kind == kind]
        right = [(t, at) for t, at in come if t.kind == kind]
        _take(left, right, lambda placed: placed[0].value)
        pairs = _take(left, right, lambda placed: (placed[1], placed[0].form))
        # One amount gone and one come in a sentence that was also rewritten are still one change.
        for form in dict.fromkeys(t.form for t, _ in left):
            if [t.form for t, _ in left].count(form) == [t.form for t, _ in right].count(form) == 1:
                pairs += _take(left, right, lambda placed: placed[0].form)
        found += [_mark(kind, was, now) for was, now in pairs]
        found += _wholesale(left, "removed")
        found += _wholesale(right, "added")
    return tuple(dict.fromkeys(found))


Placed = tuple["Term", int]
"""A term, and which of the entry's changes touches it."""


def _take(
    left: list[Placed], right: list[Placed], key: Callable[[Placed], Hashable]
) -> list[tuple["Term", "Term"]]:
    """Move every old term, with the first new one of the same key, out of the two lists."""
    waiting: dict[Hashable, deque[Placed]] = defaultdict(deque)
    for now in right:
        waiting[key(now)].append(now)
    pairs: list[tuple[Placed, Placed]] = []
    kept: list[Placed] = []
    for was in left:
        if fits := waiting.get(key(was)):
            pairs.append((was, fits.popleft()))
        else:
            kept.append(was)
    gone = {now for _, now in pairs}
    left[:] = kept
    right[:] = [now for now in right if now not in gone]
    return [(was[0], now[0]) for was, now in pairs]


def _changed(hunks: Sequence[Hunk], op: str) -> list[tuple[int, int, int]]:
    """(start, end, which change) of the stretches of one side that are not in the other.

    A pure insertion has an empty stretch on the old side: it may stand inside a term there.
    """
    spans: list[tuple[int, int, int]] = []
    at = island = 0
    before = "equal"
    for kind, text in hunks:
        if kind == "equal":
            at += len(text)
        else:
            island += before == "equal"
            length = len(text) if kind == op else 0
            spans.append((at, at + length, island))
            at += length
        before = kind
    return spans


def _touched(text: str, changed: Sequence[tuple[int, int, int]]) -> list[tuple[Term, int]]:
    found = []
    at = 0
    for term in terms(text):
        while at < len(changed) and changed[at][1] <= term.start:
            at += 1
        if at < len(changed) and changed[at][0] < term.end:
            found.append((term, changed[at][2]))
    return found


def _wholesale(found: Sequence[tuple[Term, int]], verb: str) -> Iterator[Mark]:
    for kind in KINDS:
        of_kind = list(dict.fromkeys((t.text, t.said) for t, _ in found if t.kind == kind))
        if of_kind:
            texts = "、".join(text for text, _ in of_kind)
            said = ", ".join(dict.fromkeys(value for _, value in of_kind))
            reason = f"{_NAMES[kind]} {verb}: {said}"
            old, new = (texts, "") if verb == "removed" else ("", texts)
            yield Mark(kind=kind, reason=reason, old=old, new=new)


_NAMES = {
    "obligation": "obligation",
    "penalty": "penalty",
    "amount": "amount",
    "percentage": "percentage",
    "time_limit": "time limit",
    "effective_date": "in force",
    "date": "date",
    "scope": "scope",
}


def _mark(kind: str, was: Term, now: Term) -> Mark:
    reason = _from_to(was.said, now.said)
    if kind not in ("time_limit", "amount", "percentage"):
        reason = f"{_NAMES[kind]}: {reason}"
    return Mark(kind=kind, reason=reason, old=was.text, new=now.text)


def _from_to(was: str, now: str) -> str:
    """The common last word is said once: "30 → 15 days"."""
    amount, _, unit = was.partition(" ")
    return f"{amount} → {now}" if unit and now.partition(" ")[2] == unit else f"{was} → {now}"


# ---------------------------------------------------------------- terms

# A number is read from its first character and to a bounded length: what is longer is no amount,
# and trying every start and end of a long row of digits would take the square of its length.
_CN = "零〇一二三四五六七八九十百千万亿两"
_NUM = (
    r"(?:(?<![0-9])[0-9]{1,20}(?:[.,，][0-9]{1,20}){0,7}[十百千万亿]{0,8}"
    rf"|(?<![{_CN}])[{_CN}]{{1,20}})"
)
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
    ("scope", "", r"除外|不适用|适用|参照|豁免|不包括|境外|境内|另有规定"),
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
_SPAN = re.compile(  # 上一年度, 每三年, 第二日 say when, not how long
    rf"(?<![第上下本])(?P<n>{_NUM})(?P<u>{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![度级代])"
)
_MONEY = re.compile(rf"(?P<n>{_NUM})(?P<u>美元|欧元|港元|元)")
_SHARE = re.compile(
    rf"(?P<base>[百千万])分之(?P<n>{_NUM})|(?P<p>(?<![0-9])[0-9]{{1,20}}(?:\.[0-9]{{1,20}})?)\s{{0,20}}(?:[%％]|个百分点)"
)
_TIMES = re.compile(rf"(?P<n>{_NUM})倍")
_SENTENCE_END = re.compile(r"[。；\n]")
_FORCE = re.compile(r"施行|生效|实施|执行|废止|有效期")


def terms(text: str) -> list[Term]:
    """All words of `text` that carry substance, in order; no character belongs to two."""
    readers: tuple[Callable[[str], Iterator[Term]], ...] = (
        _dates,
        _shares,
        _money,
        _spans,
        _times,
        _words,
    )
    taken = bytearray(len(text))
    found = []
    for read in readers:
        for term in read(text):
            if not any(taken[term.start : term.end]):
                taken[term.start : term.end] = b"\x01" * (term.end - term.start)
                found.append(term)
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
        kind = "penalty" if "拘留" in text[m.end() : m.end() + 8] else "time_limit"
        yield Term(
            "scope" if age else kind,
            m.start(),
            m.end(),
            m[0],
            f"{figure} {many}",
            form="age" if age else "time",
        )


def _times(text: str) -> Iterator[Term]:
    for m in _TIMES.finditer(text):
        kind = "penalty" if "罚" in _sentence(text, m.start()) else "amount"
        yield Term(kind, m.start(), m.end(), m[0], f"{_figure(m['n'])} times", form="times")


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
