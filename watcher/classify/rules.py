"""Classification rules as values, compiled for one pass over a text. Pure once the file is read."""

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

WEIGHTS = MappingProxyType({"decisive": 16.0, "strong": 4.0, "plain": 2.5, "weak": 1.0})
"""What a sector's term is worth; see the head of taxonomy.yaml."""
NOISE_WEIGHTS = MappingProxyType({"always": 100.0, "strong": 5.5, "plain": 3.0, "weak": 1.5})
"""What a noise term is worth in a title; `always` outweighs any sector."""

# Width and case are folded one character for one, so that offsets stay those of the input.
_FOLD = (
    {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}
    | {c: c + 32 for c in range(ord("A"), ord("Z") + 1)}
    | {c: c - 0xFEE0 + 32 for c in range(0xFF21, 0xFF3B)}
    | {0x3000: 0x20, 0xA0: 0x20, 0x2019: 0x27}
)


def fold(text: str) -> str:
    """`text` with width and Latin case folded, of the same length."""
    return text.translate(_FOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    code: str
    name_en: str
    name_zh: str
    tier: int = 0
    """0 specific, 1 general, 2 only when nothing else dominates."""
    behind: tuple[str, ...] = ()
    """Sectors that go first when both are named about as strongly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One spelling that speaks for a sector (or, as noise, against all of them)."""

    text: str
    """As the rule file has it; a trailing * lets a Latin word go on."""
    target: str
    """A sector's code, or a kind of noise."""
    weight: float
    companions: tuple[str, ...] = ()
    """One of these must stand in the same paragraph."""
    unless: tuple[str, ...] = ()
    """None of these may stand in the same paragraph."""

    @property
    def spelling(self) -> str:
        return fold(self.text.removesuffix("*"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """What a rule file says, before it is compiled."""

    sectors: Mapping[str, Sector] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    noise: tuple[Term, ...] = ()
    masks: tuple[str, ...] = ()
    homes: Mapping[str, str] = field(default_factory=dict)
    """Body code -> the sector it works in."""


class Hit(NamedTuple):
    """One occurrence of terms that share a spelling."""

    start: int
    end: int
    sectors: tuple[Term, ...]
    noise: tuple[Term, ...]


class _Entry(NamedTuple):
    sectors: tuple[Term, ...]
    noise: tuple[Term, ...]
    mask: bool
    conditional: bool
    closed_left: bool
    closed_right: bool


class Rules:
    """A compiled rule book. Immutable; share one between threads."""

    def __init__(self, book: RuleBook) -> None:
        self.sectors: Mapping[str, Sector] = MappingProxyType(dict(book.sectors))
        self.homes: Mapping[str, str] = MappingProxyType(dict(book.homes))
        self._entries, spellings = _index(book)
        self._automaton = AhoCorasick(spellings)
        self._words = {spelling: n for n, spelling in enumerate(spellings)}

    def find(self, text: str) -> list[Hit]:
        """Every term in `text` that is not part of a longer one, in order of place."""
        folded = fold(text)
        whole: list[tuple[int, int, int]] = []
        for n, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            bounded = self._bounded(folded, n, start, end)
            if bounded:
                whole.append((start, bounded, n))
        whole.sort(key=lambda hit: (hit[0], -hit[1]))
        paragraphs = _Paragraphs(folded, self._words, whole)
        hits: list[Hit] = []
        reach, last = -1, (-1, -1)
        for start, end, n in whole:
            entry = self._entries[n]
            if end <= reach and (start, end) != last:
                continue
            sectors, noise = entry.sectors, entry.noise
            if entry.conditional:
                sectors = tuple(t for t in sectors if paragraphs.allow(t, start))
                noise = tuple(t for t in noise if paragraphs.allow(t, start))
            if not (sectors or noise or entry.mask):
                continue
            reach, last = max(reach, end), (start, end)
            if not entry.mask:
                hits.append(Hit(start, end, sectors, noise))
        return hits

    def _bounded(self, folded: str, n: int, start: int, end: int) -> int:
        """Where the match ends as a whole word (with a plural -s), or 0 when it is none."""
        entry = self._entries[n]
        if entry.closed_left and start and _latin(folded[start - 1]):
            return 0
        if not entry.closed_right or end == len(folded) or not _latin(folded[end]):
            return end
        after = end + (2 if folded.startswith("es", end) and folded[end - 1] in "shx" else 1)
        plural = folded[end:after] in ("s", "es") and folded[end - 1].isalpha()
        return after if plural and not (after < len(folded) and _latin(folded[after])) else 0


def _index(book: RuleBook) -> tuple[list[_Entry], list[str]]:
    sectors: dict[str, list[Term]] = {}
    noise: dict[str, list[Term]] = {}
    words: dict[str, None] = {}
    stems: set[str] = set()
    for table, terms in ((sectors, book.terms), (noise, book.noise)):
        for term in terms:
            table.setdefault(term.spelling, []).append(term)
            words.update(dict.fromkeys(map(fold, (*term.companions, *term.unless))))
            if term.text.endswith("*"):
                stems.add(term.spelling)
    masks = {fold(mask) for mask in book.masks}
    spellings = list(dict.fromkeys([*sectors, *noise, *sorted(masks), *words]))
    entries = [
        _Entry(
            tuple(sectors.get(s, ())),
            tuple(noise.get(s, ())),
            s in masks,
            any(t.companions or t.unless for t in (*sectors.get(s, ()), *noise.get(s, ()))),
            _latin(s[0]),
            _latin(s[-1]) and s not in stems,
        )
        for s in spellings
    ]
    return entries, spellings


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


class _Paragraphs:
    """Answers whether a term's conditions hold where it stands."""

    def __init__(
        self, text: str, words: Mapping[str, int], hits: Sequence[tuple[int, int, int]]
    ) -> None:
        self._text = text
        self._words = words
        self._hits = hits
        self._breaks: list[int] = []
        self._seen: dict[int, set[int]] | None = None

    def allow(self, term: Term, start: int) -> bool:
        if not (term.companions or term.unless):
            return True
        here = self._present(start)
        if term.companions and not self._any(term.companions, here):
            return False
        return not self._any(term.unless, here)

    def _any(self, words: Iterable[str], here: set[int]) -> bool:
        return any(self._words[fold(word)] in here for word in words)

    def _present(self, start: int) -> set[int]:
        """Which spellings stand in the paragraph that holds `start`."""
        if self._seen is None:
            self._breaks = [n for n, char in enumerate(self._text) if char == "\n"]
            self._seen = {}
            for at, _, n in self._hits:
                self._seen.setdefault(bisect(self._breaks, at), set()).add(n)
        return self._seen.get(bisect(self._breaks, start), set())
