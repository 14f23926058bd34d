"""The numbers a paper sets itself, read from an English summary: how many of what, by when."""

import re
from collections.abc import Sequence
from datetime import date

from watcher.facts.english import NUMBER_WORDS
from watcher.model import PolicyTarget

Number = float | int

_WORDS = NUMBER_WORDS | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
    "dozen": 12,
}
_SCALES = {
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "bn": 10**9,
    "mn": 10**6,
}
_ONE = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?:{'|'.join(_WORDS)}|one)(?![\w-]))"
_CURRENCY = r"(?:CNY|RMB|USD|EUR|US\$|HK\$|[¥$€])"
_NUMBER = re.compile(
    rf"(?<![\w.,/–-])(?P<currency>{_CURRENCY})?\s?(?P<a>{_ONE})"
    rf"(?:\s?(?P<scale_a>{'|'.join(_SCALES)})\b)?"
    rf"(?:\s?(?:-|–|to|or|and)\s?(?P<b>{_ONE}))?(?:\s(?P<scale>{'|'.join(_SCALES)})\b)?"
    r"(?P<percent>\s?(?:percent|per\s?cent|%|percentage points?))?",
    re.I,
)
_WINDOW = 160  # how far back a number's own words may stand
_AFTER = re.compile(r"[^;.,()]{0,80}")
_YEAR = re.compile(
    r"\b(?:by|for|until|before|in|through|end of|to be realized by|of)\s+(?:the end of\s+|late\s+|mid-?\s*)?(20[2-6]\d)\b"
    r"|\b(20[2-6]\d)\s*,?\s*(?:include|including|are\b|:)",
    re.I,
)
_SPAN = re.compile(r"\b(?:over|within|in) the (?:next|coming) (?P<n>\w+) years\b", re.I)
_NOT_TARGETS = re.compile(
    r"^\s*(?:\w+\s+){0,2}?(?:agenc|ministr|departments?\b|government (?:bod|agenc|dep|min)|bodies|authorit|articles?\b|annex|"
    r"chapters?|years?\b|months?\b|days?\b|weeks?\b|hours?\b|other (?:government |central )?(?:agenc|ministr|bod|dep)|types? of\b|levels?\b|"
    r"aspects?|institutions? led|steps?|times?\b|of (?:the|them|which|these)\b|batch|(?:st|nd|rd|th)\b)",
    re.I,
)
_MONTHS = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Level|level|Article|article|articles|No\.?|Phase|phase|Chapter|Version|version|top|Top)\s*$"
)
_NAMED = re.compile(r"[^.!?•\s]\s+(?!CNY|USD|EUR)[A-Z]\w+\s*$")  # SenseNova 4.0, Jiuzhang 3


def targets_of(
    passages: Sequence[str], *, dated: date | None, inherit: bool
) -> tuple[PolicyTarget, ...]:
    """Return the quantities in `passages`, in order.

    The year is the one nearest in the same passage; with `inherit`, a passage without a year takes
    that of the passage before it ("targets for 2026 include:"). "over the next five years" counts
    from `dated`. Counts of agencies, articles, years and days are no targets.
    """
    found: list[PolicyTarget] = []
    year: int | None = None
    for passage in passages:
        own = _years(passage, dated)
        for match in _NUMBER.finditer(passage):
            if target := _target(passage, match, _nearest(own, match.start()) or year):
                found.append(target)
        if inherit and own:
            year = own[-1][1]
    return tuple(dict.fromkeys(found))


def _years(passage: str, dated: date | None) -> list[tuple[int, int]]:
    """(place, year) of every year a passage sets something for."""
    years = [(match.start(), int(match[1] or match[2])) for match in _YEAR.finditer(passage)]
    if dated is not None:
        for match in _SPAN.finditer(passage):
            word = match["n"].lower()
            count = int(word) if word.isdigit() else _WORDS.get(word)
            if count:
                years.append((match.start(), dated.year + count))
    return sorted(years)


def _nearest(years: list[tuple[int, int]], place: int) -> int | None:
    return min(years, key=lambda found: abs(found[0] - place))[1] if years else None


def _target(passage: str, match: re.Match[str], year: int | None) -> PolicyTarget | None:
    before = passage[max(0, match.start() - _WINDOW) : match.start()]
    behind = _AFTER.match(passage, match.end())
    after = behind[0] if behind else ""
    money, percent = match["currency"], match["percent"]
    value = _value(match)
    if value is None:
        return None
    if money or percent:
        unit = money or "percent"
    elif _is_count(before, match, after):
        unit = _unit(after) or _noun_before(before)
    else:
        return None
    if not unit:
        return None
    return PolicyTarget(
        quantity=_quantity(before, after, counted=not money and not percent),
        value=value,
        unit=unit + _bound(before),
        by_year=year,
    )


def _is_count(before: str, match: re.Match[str], after: str) -> bool:
    """Whether a bare number counts something: no year, day, ordinal, version or name (Three Gorges)."""
    scaled = bool(match["scale"] or match["scale_a"])
    if match["a"].lower() == "one" and not scaled:
        return False
    if re.fullmatch(r"(?:19|20)\d\d", match["a"]) and not scaled:
        return False
    if _MONTHS.search(before) or _NAMED.search(before) or _NOT_TARGETS.match(after):
        return False
    if match["a"][:1].isupper() and re.match(r"\s+[A-Z]", after):
        return False
    if after[:1] and after[:1] in "-–’'%":
        return False
    return bool(re.match(r"\s+[A-Za-z“\"]", after)) or not after.strip()


def _value(match: re.Match[str]) -> Number | tuple[Number, Number] | None:
    low = _number(match["a"])
    high = _number(match["b"]) if match["b"] else None
    scale = _SCALES.get((match["scale"] or "").lower(), 1)
    own = _SCALES.get((match["scale_a"] or "").lower(), 1)
    if low is None:
        return None
    if high is not None and low * own < high * scale:
        return _clean(low * (own if own > 1 else scale)), _clean(high * scale)
    return _clean(low * own * scale)


def _number(text: str) -> Number | None:
    word = text.lower()
    if word == "one":
        return 1
    if word in _WORDS:
        return _WORDS[word]
    plain = text.replace(",", "")
    return float(plain) if "." in plain else int(plain)


def _clean(value: Number) -> Number:
    return int(value) if float(value).is_integer() else value


_STOP = frozenset(
    [
        "and",
        "or",
        "by",
        "in",
        "to",
        "for",
        "at",
        "with",
        "on",
        "from",
        "of",
        "per",
        "as",
        "that",
        "which",
        "including",
        "covering",
        "across",
        "under",
        "through",
        "into",
        "among",
        "between",
        "before",
        "after",
        "a",
        "the",
        "will",
        "should",
        "could",
        "would",
        "is",
        "are",
        "was",
        "were",
    ]
)


def _unit(after: str) -> str:
    """The counted noun: the last word before the first small word (advanced demonstration areas)."""
    words = re.findall(r"[A-Za-z][\w/-]*", re.sub(r"^\s*or more\b", "", after))
    nouns: list[str] = []
    for word in words[:7]:
        if word.lower() in _STOP:
            break
        nouns.append(word)
    plural = [word for word in nouns if word.endswith("s")]
    return (plural or nouns or [""])[-1]


def _noun_before(before: str) -> str:
    """What a number at the end of a clause counts: identity resolutions surpassing 300 million."""
    clause = re.split(r"[;,.]", before)[-1]
    if named := re.findall(r"\b(?:number|total) of ([A-Za-z-]+)", clause):
        return str(named[-1])
    words = [word for word in re.findall(r"[A-Za-z][\w/-]*", clause) if word.lower() not in _STOP]
    return next((word for word in reversed(words) if word.endswith("s")), "")


def _quantity(before: str, after: str, *, counted: bool) -> str:
    """A few words that say what is measured: those behind a count, those before a share or sum."""
    if counted:
        return " ".join(re.findall(r"[\w&/’'-]+", after)[:8])
    words = re.findall(r"[\w&/’'-]+", before)[-6:] + re.findall(r"[\w&/’'-]+", after)[:6]
    return " ".join(words)


def _bound(before: str) -> str:
    tail = before[-24:].lower()
    if re.search(r"\b(?:at least|more than|over|exceed|minimum of|surpassing|above)\s*$", tail):
        return " (min)"
    return " (max)" if re.search(r"\b(?:up to|at most|less than|under|below)\s*$", tail) else ""
