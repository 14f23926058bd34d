"""Pair the articles of two texts: one to one first, then splits, merges and moves. Pure."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from watcher.diff.hunks import PIECES, common
from watcher.diff.likeness import Likeness
from watcher.diff.matching import assign, heaviest_chain
from watcher.diff.pieces import pieces

# All thresholds are shares of the weighted character pairs two articles have in common (see
# `Likeness`). On five laws and their revisions true pairs lie above 0.22 where the order agrees
# and above 0.33 where it does not; strangers reach 0.25, penalty boilerplate 0.30.
IN_ORDER = 0.20
OUT_OF_ORDER = 0.13
"""What a pair must show beyond IN_ORDER when it crosses the pairs that are beyond doubt."""
ANCHOR = 0.60
DISTINCT = 1.2
"""How many times its next best rival such a pair must be worth, unless it is an anchor: in texts
made of stock phrases everything is somewhat like everything."""
TITLED = 0.25
"""What it is worth to bear one title: 说明书 stays 说明书 though its one sentence is rewritten."""
NOISE = 1.6
"""How many times what strangers of these texts commonly share it must have, unless it is an anchor."""
CONTAINED = 0.75
"""Of an article that went, with other words around it, into a much longer one, this much must be there."""
CITED = 0.12
"""What it is worth to cite what became of the articles cited before, and costs not to."""
CERTAIN = 0.70
"""What a pair must show to be fixed without a look beyond its neighbours."""
GAP = 400
"""Greatest product of articles on either side between two fixed pairs that is looked at so."""
SCALE = 1_000_000
Titles = tuple[Sequence[str], Sequence[str]]
Cites = tuple[Sequence[frozenset[int]], Sequence[frozenset[int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Articles, by their rank in each text, that belong together; one side may be empty."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    moved: bool = False


def align(
    old: Sequence[str],
    new: Sequence[str],
    cites: Cites | None = None,
    titles: Titles = ((), ()),
) -> tuple[list[Group], bool]:
    """Group the articles of two texts; every rank of either side is in exactly one group.

    In NEW's order, what is deleted standing after what it stood after. A group is moved when it is
    not on the heaviest run of pairs whose order agrees. `cites` names, for each article of either
    side, the ranks of the articles of its own side that it cites; `titles` their titles, empty where
    they have none. Also returned: whether there was too much to
    compare, so that a better partner may have been overlooked.
    """
    like = Likeness(old, new)
    pairs = pair_off(like, cites, titles)
    splits, merges = pieces(like, pairs)
    stay = heaviest_chain(
        [(i, j, 1 + int(like.mass[0][i] * like.of(i, j) * 1000)) for i, j in pairs.items()]
    )
    lone = {j for js in splits.values() for j in js}
    absorbed = {i for found in merges.values() for i in found}
    groups = [
        Group(
            old=tuple(sorted([i, *merges.get(j, ())])),
            new=tuple(sorted([j, *splits.get(i, ())])),
            moved=(i, j) not in stay,
        )
        for i, j in pairs.items()
    ]
    taken = set(pairs.values()) | lone
    groups += [Group(old=(), new=(j,)) for j in range(len(new)) if j not in taken]
    deleted = [i for i in range(len(old)) if i not in pairs and i not in absorbed]
    return _reading_order(groups, deleted), like.coarse


def _reading_order(groups: Sequence[Group], deleted: Sequence[int]) -> list[Group]:
    stood = sorted((g.old[0], g.new[0]) for g in groups if g.old and not g.moved)
    place: list[tuple[tuple[int, int, int], Group]] = [((g.new[0], 0, 0), g) for g in groups]
    for i in deleted:
        at = bisect_left(stood, (i, 0))
        after = stood[at - 1][1] if at else -1
        place.append(((after, 1, i), Group(old=(i,), new=())))
    return [group for _, group in sorted(place, key=lambda pair: pair[0])]


def pair_off(
    like: Likeness, cites: Cites | None = None, titles: Titles = ((), ())
) -> dict[int, int]:
    """The one-to-one pairing (old rank → new rank) of greatest total likeness that respects order.

    What reads the same in the same order is fixed first; the rest is chosen as a whole, a second
    time where articles cite others: a penalty belongs to the duty it punishes, however much it
    reads like its neighbours.
    """
    fixed = dict(_verbatim(like.keys[0], like.keys[1]))
    fixed |= _hardly_touched(like, fixed, cites)
    done = set(fixed.values())
    scores = like.candidates(fixed, done)
    for pair in _namesakes(titles, scores):
        if pair[0] in fixed or pair[1] in done:
            continue  # what has its partner tells what strangers share, titles aside
        score = scores.get(pair) or like.of(*pair)
        scores[pair] = score if score == 1 else min(score + TITLED, 0.999)
    pairs = _chosen(like, fixed, scores)
    if cites and any(cites[0]) and any(cites[1]):
        swayed = {
            pair: score + CITED * _agreement(cites[0][pair[0]], cites[1][pair[1]], pairs)
            for pair, score in scores.items()
        }
        if swayed != scores:
            pairs = _chosen(like, fixed, swayed)
    return pairs


def _namesakes(titles: Titles, scores: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Pairs of one title: of those looked at anyway all, of the others those no third one shares."""
    where: tuple[dict[str, list[int]], dict[str, list[int]]] = ({}, {})
    for side, named in zip(where, titles, strict=True):
        for n, title in enumerate(named):
            if title:
                side.setdefault(title, []).append(n)
    if not all(where):
        return []
    found = {(i, j) for i, j in scores if titles[0][i] and titles[0][i] == titles[1][j]}
    for title, olds in where[0].items():
        news = where[1].get(title, [])
        if len(olds) == len(news) == 1:
            found.add((olds[0], news[0]))
    return sorted(found)


def _agreement(old: frozenset[int], new: frozenset[int], pairs: Mapping[int, int]) -> int:
    """1 where an article cited became the one cited now, -1 where none did, 0 where nothing is known."""
    if not old or not new:
        return 0
    became = {pairs[i] for i in old if i in pairs}
    if became & new:
        return 1
    return -1 if len(became) == len(old) else 0


def _chosen(
    like: Likeness, fixed: Mapping[int, int], scores: Mapping[tuple[int, int], float]
) -> dict[int, int]:
    taken = set(fixed.values())
    rivals = _rivals(scores)
    strangers = _strangers(fixed, taken, scores)
    met = sorted(chain.from_iterable(side.values() for side in strangers))
    noise = met[len(met) // 2] if met else 0.0
    free = {
        pair: score
        for pair, score in scores.items()
        if pair[0] not in fixed and pair[1] not in taken
    }
    anchors = [
        (old, new, int(score * SCALE))
        for (old, new), score in free.items()
        if score >= ANCHOR and score * 0.9 > max(rivals[old, new])
    ]
    order = _Order(heaviest_chain([*((i, j, SCALE) for i, j in fixed.items()), *anchors]))
    width = len(like.keys[1])
    worth: list[dict[int, int]] = [{} for _ in like.keys[0]]
    for (old, new), score in free.items():
        least = IN_ORDER
        if score < max(strangers[0].get(old, 0.0), strangers[1].get(new, 0.0)):
            continue
        if not order.allows(old, new):
            least += OUT_OF_ORDER
            distinct = score >= min(ANCHOR, DISTINCT * max(rivals[old, new]))
            if not distinct or score < max(least, min(NOISE * noise, ANCHOR)):
                # What else a long article holds says nothing of the short one that went into it.
                shorter = int(like.mass[0][old] > like.mass[1][new])
                if (
                    score < max(IN_ORDER, DISTINCT * rivals[old, new][shorter])
                    or like.held(old, new) < CONTAINED
                ):
                    continue
                least = IN_ORDER
            if score < 1 and like.own(old, new) < least:
                continue
        # Among equals (a repeated sentence) the nearer in rank wins; too small to outweigh a word.
        slack = score - least - abs(old / len(worth) - new / width) / 1000
        if slack > 1 / SCALE:
            worth[old][new] = int(slack * SCALE)
    chosen, hasty = assign(worth, width)
    like.coarse = like.coarse or hasty
    found = {old: new for old, new in enumerate(chosen) if new is not None}
    return dict(sorted((found | dict(fixed)).items()))


def _verbatim(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Texts that stand on both sides in one order: all of them, or the unrepeated ones of very many."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    inner = [range(start, len(side) - end) for side in (old, new)]
    if len(inner[0]) * len(inner[1]) > PIECES:
        seen = [Counter(old), Counter(new)]
        inner_kept = [
            [n for n in inner[s] if seen[s][side[n]] == 1] for s, side in enumerate((old, new))
        ]
    else:
        inner_kept = [list(ranks) for ranks in inner]
    found = common([old[n] for n in inner_kept[0]], [new[n] for n in inner_kept[1]])
    pairs = [(n, n) for n in range(start)]
    pairs += [(inner_kept[0][i], inner_kept[1][j]) for i, j in found]
    return pairs + [(len(old) - n, len(new) - n) for n in range(end, 0, -1)]


def _hardly_touched(
    like: Likeness, fixed: Mapping[int, int], cites: Cites | None
) -> dict[int, int]:
    """Pairs between two neighbours in `fixed` that are alike beyond doubt, each the other's best.

    Most articles of a revision differ in a word: to find their partners here saves the search
    among all articles. What reads the same elsewhere is left to that search, and so is what cites
    other articles.
    """
    stays = sorted(heaviest_chain([(i, j, 1) for i, j in fixed.items()]))
    taken = set(fixed), set(fixed.values())
    known = [set(side) for side in like.keys]
    citing = [{n for n, found in enumerate(side) if found} for side in cites or ((), ())]
    found: dict[int, int] = {}
    at = to = -1
    for i, j in [*stays, (len(like.keys[0]), len(like.keys[1]))]:
        if i - at > 1 and j - to > 1 and (i - at) * (j - to) <= GAP:
            olds, news = (
                [
                    n
                    for n in range(start + 1, end)
                    if n not in taken[side]
                    and n not in citing[side]
                    and like.keys[side][n] not in known[1 - side]
                ]
                for side, (start, end) in enumerate(((at, i), (to, j)))
            )
            scores = {(old, new): like.of(old, new) for old in olds for new in news}
            rivals = _rivals(scores)
            sure = [
                (old, new, int(score * SCALE))
                for (old, new), score in scores.items()
                if score >= CERTAIN and score > DISTINCT * max(rivals[old, new])
            ]
            found |= heaviest_chain(sure) if sure else ()
        at, to = i, j
    return found


def _rivals(scores: Mapping[tuple[int, int], float]) -> dict[tuple[int, int], tuple[float, float]]:
    """For each pair, the best score that its old end has with anything else, and its new end."""
    best: tuple[dict[int, float], dict[int, float]] = ({}, {})
    second: tuple[dict[int, float], dict[int, float]] = ({}, {})
    for pair, score in scores.items():
        for side, end in enumerate(pair):
            if score > best[side].get(end, 0.0):
                second[side][end] = best[side].get(end, 0.0)
                best[side][end] = score
            elif score > second[side].get(end, 0.0):
                second[side][end] = score

    def other(side: int, end: int, score: float) -> float:
        top = best[side].get(end, 0.0)
        return second[side].get(end, 0.0) if score == top else top

    return {
        (old, new): (other(0, old, score), other(1, new, score))
        for (old, new), score in scores.items()
    }


def _strangers(
    fixed: Mapping[int, int], taken: Container[int], scores: Mapping[tuple[int, int], float]
) -> tuple[dict[int, float], dict[int, float]]:
    """For each free article, the most it shares with one that has its partner: chance alone.

    In a paper of stock phrases strangers share a third of their words, in another a tenth.
    """
    most: tuple[dict[int, float], dict[int, float]] = ({}, {})
    for (old, new), score in scores.items():
        if (old in fixed) != (new in taken):
            side, end = (1, new) if old in fixed else (0, old)
            most[side][end] = max(score, most[side].get(end, 0.0))
    return most


class _Order:
    """Which pairs run forward together with a chain of pairs."""

    def __init__(self, stays: Iterable[tuple[int, int]]) -> None:
        pairs = sorted(stays)
        self._olds = [old for old, _ in pairs]
        self._news = [new for _, new in pairs]

    def allows(self, old: int, new: int) -> bool:
        at = bisect_left(self._olds, old)
        if at < len(self._olds) and self._olds[at] == old:
            return self._news[at] == new
        before = self._news[at - 1] if at else -1
        after = self._news[at] if at < len(self._news) else math.inf
        return before < new < after
