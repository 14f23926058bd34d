from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from watcher.diff.matching import assign, heaviest_chain

WORTH = st.lists(st.dictionaries(st.integers(0, 4), st.integers(1, 9), max_size=5), max_size=5)


@given(WORTH)
def test_assign_is_the_best_there_is(worth: list[dict[int, int]]) -> None:
    chosen, hasty = assign(worth, 5)
    assert not hasty
    taken = [column for column in chosen if column is not None]
    assert len(set(taken)) == len(taken)
    best = max(
        sum(worth[row][c] for row, c in enumerate(choice) if c is not None)
        for choice in product(*[[None, *edges] for edges in worth])
        if len({c for c in choice if c is not None}) == sum(c is not None for c in choice)
    )
    assert sum(worth[row][c] for row, c in enumerate(chosen) if c is not None) == best


def test_the_greedy_choice_is_not_taken() -> None:
    """Row 0 would rather have column 0, but only it can do without."""
    assert assign([{0: 9, 1: 8}, {0: 7}], 2) == ([1, 0], False)


@given(st.permutations(range(6)), st.lists(st.integers(1, 9), min_size=6, max_size=6))
def test_heaviest_chain(news: list[int], weights: list[int]) -> None:
    pairs = list(zip(range(6), news, weights, strict=True))
    weight = {pair[:2]: pair[2] for pair in pairs}
    chain = sorted(heaviest_chain(pairs))
    assert all(a[1] < b[1] for a, b in pairwise(chain))
    best = 0
    for bits in range(64):
        some = [pair for n, pair in enumerate(pairs) if bits >> n & 1]
        if all(a[1] < b[1] for a, b in pairwise(some)):
            best = max(best, sum(pair[2] for pair in some))
    assert sum(weight[pair] for pair in chain) == best
