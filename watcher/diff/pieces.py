"""Find the articles that were split off, or absorbed by, one that has a partner already. Pure."""

import math
from collections import defaultdict
from collections.abc import Mapping
from heapq import nlargest
from itertools import pairwise
from statistics import median

from watcher.diff.likeness import Likeness

NEAR = 2
"""Pieces of one article that stand at most this many places apart are neighbours."""
SHARE_NEAR, SHARE_FAR = 0.17, 0.25
"""What a lone article must share with the rest of a paired one to be a piece of it."""
REST_FAR = 0.40
"""And, away from its neighbours, how much of that rest it must hold."""

DISTINCT_FAR = 1.5
"""And how many times its next best place this one must be worth."""
CHANCE_NEAR, CHANCE_FAR = 2.5, 3.5
"""And how many times what lone articles of this paper share with a place that is not theirs."""
INSIDE, INSIDE_SHARE = 0.8, 0.1
"""A piece that stands in the rest, all but a little, may be a small part of it; it shares so much at least."""
SMALL = 0.25
"""How much of a whole may stand between two of its pieces without being one."""
FAR = 1_000_000
"""Beyond this product of pairs and lone articles, only neighbours are looked at."""
SPLIT, MERGE = 0, 1
NOTHING = (0.0, 0, False, 0.0, 0.0)
Pieces = dict[int, list[int]]


def pieces(like: Likeness, pairs: Mapping[int, int]) -> tuple[Pieces, Pieces]:
    """New articles split off a paired old one (by old rank), old ones merged into a paired new one
    (by new rank).

    What counts is the rest: the words of an article that its partner does not have. A neighbour
    must fit this article better than any other; one far away must fit it clearly better. No article
    is both split and merged: the stronger relation stands.
    """
    partner = {new: old for old, new in pairs.items()}
    found: list[tuple[float, int, int, int]] = []
    for kind in (SPLIT, MERGE):
        shares = _shares(like, pairs, kind)
        ranked = {piece: nlargest(2, [*fits, NOTHING, NOTHING]) for piece, fits in shares.items()}
        chance = median([rival[0] for _, rival in ranked.values()]) if ranked else 0.0
        for piece, (best, rival) in ranked.items():
            share, whole, near, held, inside = best
            if inside >= INSIDE and share >= max(INSIDE_SHARE, DISTINCT_FAR * rival[0]):
                fit = True
            elif near:
                fit = share >= max(SHARE_NEAR, rival[0], CHANCE_NEAR * chance)
            else:
                least = max(SHARE_FAR, DISTINCT_FAR * rival[0], CHANCE_FAR * chance)
                fit = share >= least and held >= REST_FAR
            if fit:
                found.append((share, kind, -whole, piece))
    splits: Pieces = {}
    merges: Pieces = {}
    for _, kind, whole, piece in sorted(found, key=lambda row: (-row[0], *row[1:])):
        if kind == SPLIT and pairs[whole] not in merges:
            splits.setdefault(whole, []).append(piece)
        elif kind == MERGE and partner[whole] not in splits:
            merges.setdefault(whole, []).append(piece)
    _fill(splits, dict(pairs), like, 0)
    _fill(merges, partner, like, 1)
    return splits, merges


def _fill(pieces: Pieces, pairs: Mapping[int, int], like: Likeness, ours: int) -> None:
    """Join to a whole the short lone articles between two of its pieces: 1.2.2 among 1.2.1 … 1.2.4."""
    theirs = 1 - ours
    busy = set(pairs.values()) | {k for found in pieces.values() for k in found}
    for whole, found in pieces.items():
        least = SMALL * like.mass[ours][whole]
        ranks = sorted([pairs[whole], *found])
        for at, to in pairwise(ranks):
            hole = range(at + 1, to)
            if not busy & set(hole) and sum(like.mass[theirs][k] for k in hole) <= least:
                found += hole


def _shares(
    like: Likeness, pairs: Mapping[int, int], kind: int
) -> dict[int, list[tuple[float, int, bool, float, float]]]:
    """For each lone article: what it shares with the rest of every paired one.

    Rows of (share, minus the whole's rank, whether it is near, how much of the rest it holds, how
    much of it stands in the rest).
    """
    ours, theirs = (0, 1) if kind == SPLIT else (1, 0)
    couples = [(i, j) if kind == SPLIT else (j, i) for i, j in pairs.items()]
    paired = {partner for _, partner in couples}
    free = [k for k in range(len(like.keys[theirs])) if k not in paired]
    shares: dict[int, list[tuple[float, int, bool, float, float]]] = {k: [] for k in free}
    couples = [
        (whole, partner)
        for whole, partner in couples
        if like.keys[ours][whole] != like.keys[theirs][partner]  # else nothing is left over
    ]
    if not couples:
        return shares
    wide = len(couples) * len(free) > FAR
    where: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for k in free:
        for g, count in like.grams[theirs][k].items():
            where[g].append((k, count))
    for whole, partner in couples:
        rest = like.grams[ours][whole] - like.grams[theirs][partner]
        like.coarse = like.coarse or (wide and bool(rest))
        left = like.sum(rest)
        held: dict[int, float] = defaultdict(float)
        for g, count in rest.items():
            weight = like.weight[g]
            for k, most in where.get(g, ()):
                if not wide or abs(k - partner) <= NEAR:
                    held[k] += min(count, most) * weight
        for k, both in held.items():
            mass = like.mass[theirs][k]
            share = both / math.sqrt(like.mass[ours][whole] * mass)
            near = abs(k - partner) <= NEAR
            shares[k].append((share, -whole, near, both / left, both / mass))
    return shares
