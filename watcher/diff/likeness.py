"""How alike articles are, and which pairs of two texts deserve a closer look. Pure."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from heapq import nlargest
from itertools import pairwise

from watcher.diff.articles import comparable

CANDIDATES = 12
"""How many partners each article is compared with closely."""
CROWD = 20
"""Words found in more articles than this (or a sixth of them) nominate nobody."""
NOMINATIONS = 2_000_000
"""Of how many (word, article, article) nominations are made at most; the rarest words go first."""
CLOSE = 40_000
"""How many pairs are compared closely at most, by and large."""

_REFERENCE = re.compile(r"第[零〇一二三四五六七八九十百千\d]+([条款项])")
Grams = Counter[str]


class Likeness:
    """How alike the articles of two texts are: shared pairs of characters, rare ones counting more.

    Penalty clauses repeat the same phrases in every article; weighing a pair by how few articles
    have it (as search engines do) leaves the words that tell articles apart.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.coarse = False
        """There was too much to compare: partners may have been overlooked."""
        self.keys = [[comparable(text) for text in side] for side in (old, new)]
        self.grams = [[_grams(key) for key in side] for side in self.keys]
        counts = [Counter(g for grams in side for g in grams) for side in self.grams]
        size = max(len(old), len(new), 1)
        self.weight = {
            g: math.log(1 + size / max(counts[0][g], counts[1][g]))
            for g in counts[0].keys() | counts[1].keys()
        }
        self.mass = [[self.sum(grams) for grams in side] for side in self.grams]

    def sum(self, grams: Mapping[str, int]) -> float:
        return math.fsum(count * self.weight[g] for g, count in grams.items())

    def shared(self, one: Grams, other: Grams) -> float:
        if len(one) > len(other):
            one, other = other, one
        return math.fsum(
            min(count, other[g]) * self.weight[g] for g, count in one.items() if g in other
        )

    def of(self, old: int, new: int) -> float:
        """0..1; 1 only for texts that read the same."""
        if self.keys[0][old] == self.keys[1][new]:
            return 1.0
        mass = self.mass[0][old] + self.mass[1][new]
        both = self.shared(self.grams[0][old], self.grams[1][new])
        return min(2 * both / mass, 0.999) if mass else 0.0

    def candidates(
        self, done_old: Container[int], done_new: Container[int]
    ) -> dict[tuple[int, int], float]:
        """The pairs worth a closer look: for each article the best few, by the rarer words it has.

        Beyond NOMINATIONS and CLOSE fewer are looked at, those of equal place among them.
        """
        olds = [n for n in range(len(self.keys[0])) if n not in done_old]
        news = [n for n in range(len(self.keys[1])) if n not in done_new]
        few = min(CANDIDATES, max(2, CLOSE // max(len(olds) + len(news), 1)))
        places: dict[str, list[int]] = defaultdict(list)
        for new in news:
            for g in self.grams[1][new]:
                places[g].append(new)
        crowd = self._crowd(max(CROWD, len(olds) // 6), olds, places)
        limited = few < CANDIDATES or crowd < max(CROWD, len(olds) // 6)
        self.coarse = self.coarse or limited
        chosen: set[tuple[int, int]] = set(zip(olds, news, strict=False)) if limited else set()
        rivals: dict[int, list[tuple[float, int]]] = {new: [] for new in news}
        for old in olds:
            score: dict[int, float] = defaultdict(float)
            for g in self.grams[0][old]:
                found = places.get(g, ())
                if len(found) <= crowd:
                    weight = self.weight[g]
                    for new in found:
                        score[new] += weight
            mass = self.mass[0][old]
            ranked = [(total / (mass + self.mass[1][new]), -new) for new, total in score.items()]
            chosen |= {(old, -new) for _, new in nlargest(few, ranked)}
            for total, new in ranked:
                rivals[-new].append((total, -old))
        for new, ranked in rivals.items():
            chosen |= {(-old, new) for _, old in nlargest(few, ranked)}
        chosen |= self._equals(olds, news)
        return {pair: self.of(*pair) for pair in sorted(chosen)}

    def _crowd(self, most: int, olds: Sequence[int], places: Mapping[str, Sequence[int]]) -> int:
        """The greatest crowd up to `most` that keeps to NOMINATIONS."""
        asked = Counter(g for old in olds for g in self.grams[0][old] if g in places)
        work: Counter[int] = Counter()
        for g, count in asked.items():
            if len(places[g]) <= most:
                work[len(places[g])] += count * len(places[g])
        total = 0
        for size in sorted(work):
            total += work[size]
            if total > NOMINATIONS:
                return size - 1
        return most

    def _equals(self, olds: Sequence[int], news: Sequence[int]) -> set[tuple[int, int]]:
        """Pairs that read the same, rank by rank where a text is repeated."""
        same: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, ranks in enumerate((olds, news)):
            for n in ranks:
                same[self.keys[side][n]][side].append(n)
        return {pair for sides in same.values() for pair in zip(*sides, strict=False)}


def _grams(key: str) -> Grams:
    """Pairs of neighbouring characters; numbers of cited articles do not count."""
    key = _REFERENCE.sub(r"第\1", key)
    return Counter(map("".join, pairwise(key))) if len(key) > 1 else Counter([key] if key else [])
