"""Lay two texts out as one: every passage once, in a reading order that keeps both orders. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from watcher.diff.align import pair_off
from watcher.diff.articles import ARTICLE, HEADING, PREAMBLE, TAIL, Block
from watcher.diff.hunks import Hunk, hunks, replaced
from watcher.diff.likeness import Likeness
from watcher.diff.matching import heaviest_chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of the joint text. Over all passages `equal`+`delete` spell the old text in its own
    order and `equal`+`insert` the new one, blanks aside; so a move is a delete and an insert."""

    kind: str
    """preamble, heading, article or tail."""
    hunks: tuple[Hunk, ...]
    entry: int | None = None
    """Rank of the diff's entry this article belongs to."""


"""Of each entry that keeps its place: its rank, its blocks in the old text, in the new one."""


def lay_out(
    old: Sequence[Block],
    new: Sequence[Block],
    kept: Mapping[int, tuple[tuple[int, ...], tuple[int, ...], tuple[Hunk, ...]]],
    owner: tuple[Mapping[int, int], Mapping[int, int]],
) -> tuple[tuple[Passage, ...], bool]:
    """Return the passages, and whether one of them is coarse.

    `kept` holds, by entry, the ranks of its blocks on either side and its hunks, for entries that
    may be read in place; `owner` names the entry of an article block on either side.
    """
    joint: dict[tuple[int, int], tuple[int, int, Passage]] = {}
    coarse = False
    for entry, (olds, news, body) in kept.items():
        if _adjoining(olds) and _adjoining(news):
            label = replaced(_lead(old[olds[0]]), _lead(new[news[0]]))
            passage = Passage(kind=ARTICLE, hunks=(*label, *body), entry=entry)
            joint[olds[0], news[0]] = (len(olds), len(news), passage)
    for kind in (PREAMBLE, HEADING, TAIL):
        for i, j in _partners(old, new, kind):
            found, rough = hunks(old[i].text, new[j].text)
            coarse = coarse or rough
            joint[i, j] = (1, 1, Passage(kind=kind, hunks=found))
    stay = heaviest_chain([(i, j, _heft(old[i], new[j])) for i, j in joint])
    flow: list[Passage] = []
    at = to = 0
    for i, j in [*sorted(stay), (len(old), len(new))]:
        flow += [_alone(old[n], "delete", owner[0].get(n)) for n in range(at, i)]
        flow += [_alone(new[n], "insert", owner[1].get(n)) for n in range(to, j)]
        if i < len(old):
            high, wide, passage = joint[i, j]
            flow.append(passage)
            at, to = i + high, j + wide
    return tuple(flow), coarse


def _adjoining(ranks: Sequence[int]) -> bool:
    return bool(ranks) and list(ranks) == list(range(ranks[0], ranks[0] + len(ranks)))


def _lead(block: Block) -> str:
    return f"{block.label} " if block.label else ""


def _heft(old: Block, new: Block) -> int:
    """Articles hold their place before headings do."""
    return 1 + (len(old.text) + len(new.text)) * (1 if old.kind == HEADING else 10)


def _partners(old: Sequence[Block], new: Sequence[Block], kind: str) -> list[tuple[int, int]]:
    olds = [n for n, block in enumerate(old) if block.kind == kind]
    news = [n for n, block in enumerate(new) if block.kind == kind]
    if kind != HEADING:
        return list(zip(olds, news, strict=False))
    like = Likeness([old[n].text for n in olds], [new[n].text for n in news])
    return [(olds[i], news[j]) for i, j in pair_off(like).items()]


def _alone(block: Block, op: str, entry: int | None) -> Passage:
    hunk: Hunk = ("delete", block.whole) if op == "delete" else ("insert", block.whole)
    return Passage(kind=block.kind, hunks=(hunk,), entry=entry)
