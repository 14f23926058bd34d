"""Choose the best one-to-one pairing of two lists, given what each pair is worth. Pure."""

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush

STEPS = 1_000_000
"""How many edges are looked at in all; thousands of articles of one wording would ask for billions."""


def assign(
    worth: Sequence[Mapping[int, int]], columns: int, steps: int = STEPS
) -> tuple[list[int | None], bool]:
    """Give every row at most one column so that the sum of `worth` is greatest; None: left alone.

    `worth[row]` maps the columns a row may take to integers above 0 (integers, so that the answer
    is the same on every machine). Hungarian method on a sparse graph: one shortest augmenting path
    per row, with potentials; a private column of worth 0 stands for staying alone. Also returned:
    whether `steps` were used up, so that the last rows took the best of what was free.
    """
    rows = len(worth)
    cost = [
        [*((column, -w) for column, w in sorted(edges.items())), (columns + row, 0)]
        for row, edges in enumerate(worth)
    ]
    u = [min(c for _, c in edges) for edges in cost]
    v = [0] * (columns + rows)
    row_of: dict[int, int] = {}
    hasty = False
    for start in range(rows):
        if steps > 0:
            steps -= _augment(start, cost, u, v, row_of)
        else:
            hasty = True
            free = [(c, column) for column, c in cost[start] if column not in row_of]
            row_of[min(free)[1]] = start
    taken: list[int | None] = [None] * rows
    for column, row in row_of.items():
        if column < columns:
            taken[row] = column
    return taken, hasty


def _augment(
    start: int,
    cost: Sequence[Sequence[tuple[int, int]]],
    u: list[int],
    v: list[int],
    row_of: dict[int, int],
) -> int:
    """Dijkstra over reduced costs from one free row to the nearest free column, then flip the path.

    Returns how many edges were looked at.
    """
    distance: dict[int, int] = {}
    came_from: dict[int, int] = {}
    settled: dict[int, int] = {}
    heap: list[tuple[int, int]] = []
    row, base, looked = start, 0, 0
    while True:
        looked += len(cost[row])
        for column, c in cost[row]:
            if column in settled:
                continue
            reach = base + c - u[row] - v[column]
            if column not in distance or reach < distance[column]:
                distance[column] = reach
                came_from[column] = row
                heappush(heap, (reach, column))
        while True:
            base, nearest = heappop(heap)
            if nearest not in settled and distance[nearest] == base:
                break
        if nearest not in row_of:
            break
        settled[nearest] = base
        row = row_of[nearest]
    u[start] += base
    for column, reach in settled.items():
        u[row_of[column]] += base - reach
        v[column] -= base - reach
    column = nearest
    held = {row_of[taken]: taken for taken in settled}
    while True:
        row = came_from[column]
        row_of[column] = row
        if row == start:
            return looked
        column = held[row]


def heaviest_chain(pairs: Sequence[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """The (old, new) pairs of greatest total weight that run forward on both sides.

    `pairs` are (old, new, weight), each old and each new at most once. Ties keep the earlier pair.
    """
    ordered = sorted(pairs)
    news = {new: rank for rank, new in enumerate(sorted(new for _, new, _ in ordered), 1)}
    best: list[tuple[int, int]] = [(0, -1)] * (len(ordered) + 1)  # Fenwick tree of (weight, index)
    total = [0] * len(ordered)
    back = [-1] * len(ordered)
    top, end = 0, -1
    for index, (_, new, weight) in enumerate(ordered):
        rank = news[new]
        reach, previous, at = 0, -1, rank - 1
        while at > 0:
            if best[at][0] > reach:
                reach, previous = best[at]
            at -= at & -at
        total[index], back[index] = reach + weight, previous
        at = rank
        while at < len(best):
            if best[at][0] < total[index]:
                best[at] = (total[index], index)
            at += at & -at
        if total[index] > top:
            top, end = total[index], index
    chain = set()
    while end >= 0:
        chain.add(ordered[end][:2])
        end = back[end]
    return chain
