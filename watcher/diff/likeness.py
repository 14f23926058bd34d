"""How alike articles are, and which pairs of two texts deserve a closer look. Pure."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from heapq import nlargest
from itertools import chain
from operator import add

from watcher.diff.articles import comparable

CANDIDATES = 12
"""How many partners each article is compared with closely."""
CROWD = 20
"""Words found in more articles than this (or, of very many, a twentieth of them) nominate nobody."""
NOMINATIONS = 2_000_000
"""Of how many (word, article, article) nominations are made at most; the rarest words go first."""
CLOSE = 40_000
"""How many pairs are compared closely at most, by and large."""

_REFERENCE = re.compile(r"第[零〇一二三四五六七八九十百千\d]+([条款项])")
OWN = 8
"""An article with fewer characters beside its stock phrases has nothing of its own."""
_PAPER = r"本(?:办法|规定|条例|法|细则|规则|决定|通知|意见|指南|规范|标准|方案|公告|目录|指导原则|\w{1,6}办法|\w{1,6}规定)"
_STOCK = re.compile(
    rf"{_PAPER}自[^。;]{{1,40}}起?(?:施行|实施|执行|生效)|{_PAPER}由[^。;,]{{1,60}}解释"
    rf"|(?:自[^。;,]{{1,20}}起|同时)(?:施行|实施|执行|废止)|违反{_PAPER}(?:第\w{{1,9}}条)?(?:的?规定)?"
    rf"|参照{_PAPER}(?:的?有?关?规定)?执行|由[^。;,]{{1,40}}责令(?:限期)?(?:改正|停止违法行为)"
    r"|构成犯罪的,依法追究刑事责任|依法(?:给予|予以)[^。;,]{1,6}处[分罚]|情节(?:特别)?严重的"
    r"|法律、行政法规[^。;,]{0,12}另有规定的,[依从适][^。;,]{1,8}规定|依照有关法律、行政法规的?规定"
)
"""What articles of any paper say, in the words of `comparable`."""
_SPELLINGS = str.maketrans("帐惟黏佔", "账唯粘占")
"""Words in two spellings: one when partners are sought, yet shown as a change."""
Grams = Counter[str]


class Likeness:
    """How alike the articles of two texts are: shared pairs of characters, rare ones counting more.

    Penalty clauses repeat the same phrases in every article; weighing a pair by how few articles
    have it (as search engines do) leaves the words that tell articles apart.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.coarse = False
        """There was too much to compare: partners may have been overlooked."""
        self._seen: dict[tuple[int, int], float] = {}
        self.keys = [
            [comparable(text).translate(_SPELLINGS) for text in side] for side in (old, new)
        ]
        known = {
            key: _grams(key) for key in chain.from_iterable(self.keys)
        }  # most stand on both sides
        self.grams = [[known[key] for key in side] for side in self.keys]
        counts = [Counter(chain.from_iterable(side)) for side in self.grams]
        size = max(len(old), len(new), 1)
        most = {g: max(count, counts[1][g]) for g, count in counts[0].items()} | (
            {g: count for g, count in counts[1].items() if g not in counts[0]}
        )
        logs = {count: math.log(1 + size / count) for count in set(most.values())}
        self.weight = {g: logs[count] for g, count in most.items()}
        masses = {key: self.sum(grams) for key, grams in known.items()}
        self.mass = [[masses[key] for key in side] for side in self.keys]

    def sum(self, grams: Mapping[str, int]) -> float:
        weight = self.weight
        return math.fsum([count * weight[g] for g, count in grams.items()])

    def shared(self, one: Grams, other: Grams) -> float:
        if len(one) > len(other):
            one, other = other, one
        weight = self.weight
        return math.fsum(
            [
                (count if count < other[g] else other[g]) * weight[g]
                for g, count in one.items()
                if g in other
            ]
        )

    def of(self, old: int, new: int) -> float:
        """0..1; 1 only for texts that read the same."""
        if self.keys[0][old] == self.keys[1][new]:
            return 1.0
        if (old, new) not in self._seen:
            mass = self.mass[0][old] + self.mass[1][new]
            both = self.shared(self.grams[0][old], self.grams[1][new])
            self._seen[old, new] = min(2 * both / mass, 0.999) if mass else 0.0
        return self._seen[old, new]

    def held(self, old: int, new: int) -> float:
        """How much of the shorter article stands in the other; 0..1."""
        least = min(self.mass[0][old], self.mass[1][new])
        return self.shared(self.grams[0][old], self.grams[1][new]) / least if least else 0.0

    def own(self, old: int, new: int) -> float:
        """How alike two articles are in what is their own, stock phrases left out; 0..1.

        0 where little else is left of either: 本办法自…起施行 is no sign of one origin.
        """
        texts = [_STOCK.sub("", self.keys[side][n]) for side, n in enumerate((old, new))]
        if min(map(len, texts)) < OWN:
            return 0.0
        mine = [
            Counter({g: count for g, count in _grams(text).items() if g in self.weight})
            for text in texts  # a pair of characters that only meet where a phrase was cut out is none
        ]
        mass = self.sum(mine[0]) + self.sum(mine[1])
        return 2 * self.shared(*mine) / mass if mass else 0.0

    def candidates(
        self, done_old: Container[int], done_new: Container[int]
    ) -> dict[tuple[int, int], float]:
        """The pairs worth a closer look: for each article left, the best few by the rarer words it has.

        The few may be done: what is less like a free article than like a done one is no partner.
        Beyond NOMINATIONS and CLOSE fewer are looked at, those of equal place among them.
        """
        free = [
            [n for n in range(len(keys)) if n not in done]
            for keys, done in zip(self.keys, (done_old, done_new), strict=True)
        ]
        left = sum(map(len, free))
        few = min(CANDIDATES, max(2, CLOSE // max(left, 1)))
        chosen: set[tuple[int, int]] = set()
        limited = few < CANDIDATES
        for side in (0, 1):
            found, short = self._nominated(side, free[side], few)
            chosen |= {(n, m) if side == 0 else (m, n) for n, m in found}
            limited = limited or short
        self.coarse = self.coarse or limited
        chosen |= set(zip(*free, strict=False)) if limited else set()
        chosen |= self._equals(*free)
        return {pair: self.of(*pair) for pair in sorted(chosen)}

    def _nominated(
        self, side: int, ours: Sequence[int], few: int
    ) -> tuple[set[tuple[int, int]], bool]:
        """For each of `ours`, the `few` of the other side that share most; whether words were skipped."""
        if not ours:
            return set(), False
        wanted = {g for n in ours for g in self.grams[side][n]}
        places: dict[str, list[int]] = defaultdict(list)
        for other, grams in enumerate(self.grams[1 - side]):
            for g in grams:
                if g in wanted:
                    places[g].append(other)
        most = max(CROWD, len(self.keys[1 - side]) // CROWD)
        crowd = self._crowd(most, side, ours, places)
        chosen: set[tuple[int, int]] = set()
        for n in ours:
            score: dict[int, float] = defaultdict(float)
            for g in self.grams[side][n]:
                found = places.get(g, ())
                if len(found) <= crowd:
                    weight = self.weight[g]
                    for other in found:
                        score[other] += weight
            mass, masses = self.mass[side][n], self.mass[1 - side]
            ranked = [(total / (mass + masses[m]), -m) for m, total in score.items()]
            chosen |= {(n, -m) for _, m in nlargest(few, ranked)}
        return chosen, crowd < most

    def _crowd(
        self, most: int, side: int, ours: Sequence[int], places: Mapping[str, Sequence[int]]
    ) -> int:
        """The greatest crowd up to `most` that keeps to NOMINATIONS."""
        asked = Counter(g for n in ours for g in self.grams[side][n] if g in places)
        work: Counter[int] = Counter()
        for g, count in asked.items():
            if len(places[g]) <= most:
                work[len(places[g])] += count * len(places[g])
        total = 0
        for size in sorted(work):
            total += work[size]
            if total > NOMINATIONS // 2:
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
    return Counter(map(add, key, key[1:])) if len(key) > 1 else Counter([key] if key else [])
