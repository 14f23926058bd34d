"""The bodies that issue papers: their names in Chinese and English, and where a text names them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

import yaml
from ahocorasick_rs import AhoCorasick


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The months in which a body went by a name; a name it did not inherit begins with its birth."""

    since: date = date.min
    until: date
    """The first day of the month in which the name ended."""

    @classmethod
    def read(cls, words: str) -> "Period":
        """2018-03, or 2018-03/2023-03 with its beginning; ValueError when it is neither."""
        since, _, until = words.rpartition("/")
        return cls(
            since=date.fromisoformat(f"{since}-01") if since else date.min,
            until=date.fromisoformat(f"{until}-01"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One issuing body, as `bodies.yaml` describes it."""

    code: str
    zh: tuple[str, ...]
    """Chinese names, the official one first."""
    local: tuple[str, ...]
    """Chinese short forms it shares with local bodies (能源局)."""
    en: tuple[str, ...]
    abbr: tuple[str, ...]
    former: Mapping[str, Period]
    """Names, Chinese, English and abbreviated, that it no longer goes by, and until when it did."""
    numbers: tuple[str, ...]
    """What its document numbers begin with (发改, 国办)."""
    hosts: tuple[str, ...]
    """Domains of its own sites."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyMention:
    """A body's name at `[start:end]` of a text."""

    code: str
    start: int
    end: int
    term: str


class _Bodies(Mapping[str, Body]):
    """The table of `bodies.yaml` by code, read at first use."""

    def __getitem__(self, code: str) -> Body:
        return _table()[0][code]

    def __iter__(self) -> Iterator[str]:
        return iter(_table()[0])

    def __len__(self) -> int:
        return len(_table()[0])


BODIES: Mapping[str, Body] = _Bodies()


@cache
def _table() -> tuple[dict[str, Body], tuple[str, ...]]:
    raw = yaml.load(  # a C loader of plain scalars: the file is the package's own
        files("watcher.facts").joinpath("bodies.yaml").read_text(encoding="utf-8"),
        Loader=yaml.CSafeLoader,
    )
    table = {
        code: Body(
            code=code,
            former={name: Period.read(words) for name, words in row.get("former", {}).items()},
            **{
                key: tuple(row.get(key, ()))
                for key in ("zh", "local", "en", "abbr", "numbers", "hosts")
            },
        )
        for code, row in raw["bodies"].items()
    }
    return table, tuple(raw["others"])


@dataclass(frozen=True, slots=True)
class _Term:
    code: str | None
    """None for a body without a code, which only keeps others from matching."""
    kind: str
    """zh, local, en or abbr: how the surroundings are judged."""
    held: tuple[tuple[Period, str], ...] = ()
    """Who went by the name before, where it moved from one body to another."""

    def code_on(self, day: date | None) -> str | None:
        """Whose name it was on a day; without a day, whose it is."""
        if day is None:
            return self.code
        return next((code for kept, code in self.held if kept.since <= day < kept.until), self.code)


@dataclass(frozen=True, slots=True)
class _Index:
    terms: dict[str, _Term]
    patterns: list[str]
    automaton: AhoCorasick


@cache
def _indexes() -> tuple[_Index, _Index]:
    """Terms matched in the text as it stands, and English names matched in the folded text."""
    table, others = _table()
    exact: dict[str, _Term] = {}
    folded: dict[str, _Term] = {}
    for name in others:
        if name.isascii():
            folded[_fold(name)] = _Term(None, "en")
        else:
            exact[name] = _Term(None, "zh")
    for body in table.values():
        exact.update((name, _Term(body.code, "zh")) for name in body.zh)
        exact.update((name, _Term(body.code, "local")) for name in body.local)
        exact.update((name, _Term(body.code, "abbr")) for name in body.abbr)
        folded.update((_fold(name), _Term(body.code, "en")) for name in body.en)
    for body in table.values():
        for name, period in body.former.items():
            kind = "zh" if not name.isascii() else "en" if " " in name else "abbr"
            terms, key = (folded, _fold(name)) if kind == "en" else (exact, name)
            now = terms.get(key) or _Term(body.code, kind)
            terms[key] = replace(now, held=((period, body.code), *now.held))
    return _index(exact), _index(folded)


def _index(terms: dict[str, _Term]) -> _Index:
    patterns = list(terms)
    return _Index(terms, patterns, AhoCorasick(patterns))


def _fold(text: str) -> str:
    """Lower case and straight apostrophes, keeping every character's place."""
    text = text.replace("’", "'").replace("\u00a0", " ")
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := char.lower()) == 1 else "?" for char in text)


def find_bodies(text: str, on: date | None = None) -> tuple[BodyMention, ...]:
    """Return the bodies named in `text`, in order; of overlapping names the leftmost longest.

    国务院关税税则委员会 is not 国务院; 教育部门 and 湖北省能源局 name no body of the table; English
    names and abbreviations match as whole words, abbreviations in their own case only (MOST).
    Former names are today's bodies'; `on`, the paper's day, settles those that moved between two.
    """
    found: list[tuple[int, int, _Term]] = []
    for index, haystack in zip(_indexes(), (text, _fold(text)), strict=True):
        hits = index.automaton.find_matches_as_indexes(haystack, overlapping=True)
        for number, start, end in hits:
            term = index.terms[index.patterns[number]]
            if _stands(text, start, end, term.kind):
                found.append((start, -end, term))
    mentions: list[BodyMention] = []
    reached = 0
    for start, minus_end, term in sorted(found, key=lambda hit: hit[:2]):
        if start < reached:
            continue
        reached = -minus_end
        if (code := term.code_on(on)) is not None:
            mentions.append(
                BodyMention(code=code, start=start, end=reached, term=text[start:reached])
            )
    return tuple(mentions)


def body_of_host(url: str | None) -> str | None:
    """The code of the body whose own site an address lies on; None for gov.cn and all others."""
    host = (urlsplit(url or "").hostname or "").lower()
    return next(
        (
            body.code
            for body in BODIES.values()
            for domain in body.hosts
            if host == domain or host.endswith(f".{domain}")
        ),
        None,
    )


_AFTER_BU = "门队署分"  # 教育部门, 公安部队, 教育部署, 水利部分
# 国务院知识产权战略实施工作部际联席会议办公室 and its like are not the State Council itself
_OFFICE_OF = re.compile(
    r"(?!办公厅)[^\s关印发就批《（，、：]{1,22}?(?:办公室|委员会|领导小组|联席会议|指挥部|研究中心)"
)
_LINKS = (
    "和与及同、局部委会行署办院厅"  # what may stand right before a short name in a row of names
)


def _stands(text: str, start: int, end: int, kind: str) -> bool:
    before = text[start - 1 : start]
    after = text[end : end + 1]
    if kind in ("en", "abbr"):
        return not _wordlike(before) and not _wordlike(after)
    if text[end - 1] == "部" and after and after in _AFTER_BU:
        return False
    if text.endswith(("国务院", "中共中央"), start, end) and _OFFICE_OF.match(text, end):
        return False
    return kind != "local" or not _is_han(before) or before in _LINKS


def _wordlike(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"
