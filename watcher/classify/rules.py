"""Classification rules as values, compiled for one pass over a text. Pure once the file is read."""

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from watcher.classify.folding import Folded, folded, spelling

WEIGHTS = MappingProxyType({"decisive": 16.0, "strong": 4.0, "plain": 2.5, "weak": 1.0})
"""What a sector's term is worth; see the head of taxonomy.yaml."""
NOISE_WEIGHTS = MappingProxyType({"always": 100.0, "strong": 5.5, "plain": 3.0, "weak": 1.5})
"""What a noise term is worth in a title; `always` outweighs any sector."""
ENGINE = 4
"""Goes up whenever the same rules may answer otherwise: part of `Rules.fingerprint`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    code: str
    name_en: str
    name_zh: str
    tier: int = 0
    """0 specific, 1 general, 2 only when nothing else dominates."""
    behind: tuple[str, ...] = ()
    """Sectors that go first when both are named about as strongly."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Term:
    """One spelling that speaks for a sector (or, as noise, against all of them); one line of a file."""

    text: str
    """As the rule file has it; a trailing * lets a Latin word go on."""
    target: str
    """A sector's code, or a kind of noise."""
    weight: float
    companions: tuple[str, ...] = ()
    """One of these must stand in the same paragraph."""
    unless: tuple[str, ...] = ()
    """None of these may stand in the same paragraph."""
    where: str = ""
    """FILE:LINE of the file that says it."""

    @property
    def stem(self) -> bool:
        return self.text.endswith("*")

    @property
    def conditional(self) -> bool:
        return bool(self.companions or self.unless)

    @property
    def spelling(self) -> str:
        return spelling(self.text.removesuffix("*"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """What a rule file says, before it is compiled."""

    sectors: Mapping[str, Sector] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    noise: tuple[Term, ...] = ()
    masks: Mapping[str, str] = field(default_factory=dict)
    """Phrases that hide the terms within them, each with FILE:LINE."""
    homes: Mapping[str, str] = field(default_factory=dict)
    """Body code -> the sector it works in."""
    idle: tuple[str, ...] = ()
    """What the uppermost file says to no effect, each as FILE:LINE: why."""

    @property
    def fingerprint(self) -> str:
        """A digest of all that can change an answer; names, definitions and the order of lines cannot."""
        said = (
            ENGINE,
            *sorted((s.code, s.tier, sorted(s.behind)) for s in self.sectors.values()),
            *(
                sorted(
                    (t.target, t.spelling, t.text, t.weight, sorted(t.companions), sorted(t.unless))
                    for t in terms
                )
                for terms in (self.terms, self.noise)
            ),
            sorted(set(map(spelling, self.masks))),
            sorted(self.homes.items()),
        )
        return sha256(repr(said).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Entry:
    """What one spelling means."""

    sectors: tuple[Term, ...]
    noise: tuple[Term, ...]
    mask: bool
    conditional: bool
    """Whether what it means hangs on other words of the paragraph."""
    closed_left: bool
    """Whether a Latin letter before it makes it part of another word."""
    closed_right: bool
    """Whether a letter after it does so, but for the terms that let the word go on."""
    open_right: bool
    """Whether some term lets the word go on."""

    @property
    def speaks(self) -> bool:
        """Whether it counts by itself; a companion alone does not."""
        return self.mask or bool(self.sectors or self.noise)

    @property
    def simple(self) -> bool:
        """Whether it counts wherever it is found."""
        return self.speaks and not (self.conditional or self.closed_left or self.closed_right)


Hit = tuple[int, int, int]
"""One occurrence of the terms that share a spelling: which entry, and its start and end in the folded text."""


class Hits(NamedTuple):
    """The terms of a text that are part of no longer one, in their order."""

    text: Folded
    found: Sequence[Hit]
    entries: Sequence[Entry]
    reduced: Mapping[int, Entry]
    """By negative numbers: entries without the terms that are not allowed where they stand."""

    def entry(self, n: int) -> Entry:
        """What the hits of number `n` mean."""
        return self.entries[n] if n >= 0 else self.reduced[n]


class Rules:
    """A compiled rule book. Immutable; share one between threads."""

    def __init__(self, book: RuleBook) -> None:
        self.book = book
        self.sectors: Mapping[str, Sector] = MappingProxyType(dict(book.sectors))
        self.homes: Mapping[str, str] = MappingProxyType(dict(book.homes))
        entries, spellings = _index(book)
        self.entries = tuple(entries)
        self._automaton = AhoCorasick(spellings)
        numbers = {word: n for n, word in enumerate(spellings)}
        self._conditions = {
            term: tuple(
                {numbers[spelling(w)] for w in words} for words in (term.companions, term.unless)
            )
            for term in (*book.terms, *book.noise)
            if term.conditional
        }
        self._simple = [entry.simple for entry in entries]

    @cached_property
    def fingerprint(self) -> str:
        """The same as long as every answer is; equal in every process."""
        return self.book.fingerprint

    def find(self, text: str) -> Hits:
        """Every term in `text` that is not part of a longer one, in time linear in the text."""
        read = folded(text)
        matches = self._automaton.find_matches_as_indexes(read.text, overlapping=True)
        place = _Place(self, read.text, matches)
        simple = self._simple
        found: list[Hit] = []
        last_start = last_end = -1
        disordered = False
        for match in matches:  # by their ends
            n, start, end = match
            if not simple[n]:
                weighed = place.weighed(match)
                if weighed is None:
                    continue
                match = weighed
                disordered = disordered or match[2] > end
                end = match[2]
            if start > last_start:
                if end <= last_end:
                    continue
            else:
                while found:
                    _, first, stop = found[-1]
                    if first < start or stop > end or (first == start and stop == end):
                        break
                    found.pop()
            found.append(match)
            last_start, last_end = start, end
        return Hits(read, _longest(found) if disordered else found, self.entries, place.reduced)

    def words(self, spelled: str) -> list[tuple[int, int]]:
        """Where any spelling that the rules know stands in a folded text, companions included."""
        matches = self._automaton.find_matches_as_indexes(spelled, overlapping=True)
        stops = ((start, self.bounded(spelled, n, start, end)) for n, start, end in matches)
        return [(start, stop) for start, stop in stops if stop]

    def bounded(self, text: str, n: int, start: int, end: int) -> int:
        """Where the match of spelling `n` ends as a word (with a plural -s), or 0 when it is none."""
        entry = self.entries[n]
        if entry.closed_left and start and _latin(text[start - 1]):
            return 0
        if not entry.closed_right or end == len(text) or not _latin(text[end]):
            return end
        after = end + (2 if text.startswith("es", end) and text[end - 1] in "shx" else 1)
        plural = text[end:after] in ("s", "es") and text[end - 1].isalpha()
        if plural and not (after < len(text) and _latin(text[after])):
            return after
        return end if entry.open_right else 0

    def allows(self, term: Term, here: set[int]) -> bool:
        """Whether the conditions of `term` hold among the spellings `here`, by their numbers."""
        if not term.conditional:
            return True
        needed, barred = self._conditions[term]
        return (not needed or not here.isdisjoint(needed)) and here.isdisjoint(barred)


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Those that lie in no longer one, whatever their order."""
    kept: list[Hit] = []
    reach, last = -1, (-1, -1)
    for hit in sorted(hits, key=lambda hit: (hit[1], -hit[2])):
        if hit[2] > reach or hit[1:] == last:
            kept.append(hit)
            reach, last = max(reach, hit[2]), hit[1:]
    return kept


def _index(book: RuleBook) -> tuple[list[Entry], list[str]]:
    sectors: dict[str, list[Term]] = {}
    noise: dict[str, list[Term]] = {}
    words: dict[str, None] = {}
    stems: set[str] = set()
    closed: set[str] = set()
    for table, terms in ((sectors, book.terms), (noise, book.noise)):
        for term in terms:
            table.setdefault(term.spelling, []).append(term)
            words.update(dict.fromkeys(map(spelling, (*term.companions, *term.unless))))
            (stems if term.stem else closed).add(term.spelling)
        said = {(term.target, term.spelling) for term in terms}
        for term in terms:
            plural = "" if term.stem else _plural(term.spelling)
            if plural and (term.target, plural) not in said:
                table.setdefault(plural, []).append(term)
    masks = {spelling(mask) for mask in book.masks}
    closed |= masks | words.keys()
    spellings = [s for s in dict.fromkeys([*sectors, *noise, *sorted(masks), *words]) if s]
    entries = [
        Entry(
            sectors=tuple(sectors.get(s, ())),
            noise=tuple(noise.get(s, ())),
            mask=s in masks,
            conditional=any(t.conditional for t in (*sectors.get(s, ()), *noise.get(s, ()))),
            closed_left=_latin(s[0]),
            closed_right=_latin(s[-1]) and (s in closed or s not in stems),
            open_right=s in stems,
        )
        for s in spellings
    ]
    return entries, spellings


def _plural(word: str) -> str:
    """The plural of a Latin word on -y, which no added letter makes; "" for any other word."""
    before = word[-2:-1]
    regular = word.endswith("y") and before.isascii() and before.isalpha() and before not in "aeiou"
    return word[:-1] + "ies" if regular else ""


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


class _Place:
    """Weighs matches by what stands around them; reads a paragraph when first asked of it."""

    def __init__(self, rules: Rules, text: str, matches: Sequence[Hit]) -> None:
        self._rules = rules
        self._text = text
        self._matches = matches
        self._first = self._stop = 0
        self._present: set[int] = set()
        self.reduced: dict[int, Entry] = {}

    def weighed(self, match: Hit) -> Hit | None:
        """The match as a whole word and without terms that are not allowed; None when nothing is left."""
        n, start, end = match
        entry = self._rules.entries[n]
        stop = self._rules.bounded(self._text, n, start, end)
        if not stop or not entry.speaks:
            return None
        goes_on = self._goes_on(entry, stop)
        if entry.conditional or goes_on:
            n, entry = self._as_allowed(n, entry, start, goes_on=goes_on)
        return (n, start, stop) if entry.speaks else None

    def _goes_on(self, entry: Entry, stop: int) -> bool:
        """Whether what ends at `stop` is only the beginning of a longer Latin word."""
        return entry.closed_right and stop < len(self._text) and _latin(self._text[stop])

    def _as_allowed(self, n: int, entry: Entry, start: int, *, goes_on: bool) -> tuple[int, Entry]:
        """`entry` without the terms whose companions are missing, or that another word forbids.

        When the word `goes_on`, only terms that let it are left.
        """
        here = self._around(start)

        def allowed(terms: Iterable[Term]) -> tuple[Term, ...]:
            return tuple(
                t for t in terms if (t.stem or not goes_on) and self._rules.allows(t, here)
            )

        sectors, noise = allowed(entry.sectors), allowed(entry.noise)
        if len(sectors) == len(entry.sectors) and len(noise) == len(entry.noise):
            return n, entry
        reduced = replace(entry, sectors=sectors, noise=noise)
        self.reduced[-1 - len(self.reduced)] = reduced
        return -len(self.reduced), reduced

    def _around(self, at: int) -> set[int]:
        """Which spellings stand in the paragraph that holds `at`; the last one asked of is kept."""
        if not self._first <= at < self._stop:
            self._first = self._text.rfind("\n", 0, at) + 1
            last = self._text.find("\n", at)
            self._stop = len(self._text) if last < 0 else last
            low = bisect(self._matches, self._first, key=_end)
            high = bisect(self._matches, self._stop, key=_end)
            self._present = {
                n
                for n, start, end in self._matches[low:high]
                if (stop := self._rules.bounded(self._text, n, start, end))
                and not self._goes_on(self._rules.entries[n], stop)
            }
        return self._present


def _end(hit: Hit) -> int:
    return hit[2]
