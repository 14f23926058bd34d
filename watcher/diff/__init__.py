"""Compare two texts of a regulation article by article. Pure: texts in, a `TextDiff` out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from watcher.diff.align import Cites, Group, align
from watcher.diff.articles import ARTICLE, HEADING, PREAMBLE, TAIL, Block, comparable, split_pair
from watcher.diff.citations import cited, followed, with_numbers
from watcher.diff.flow import Passage, lay_out
from watcher.diff.hunks import Hunk, hunks
from watcher.diff.substance import Mark, marks
from watcher.diff.systematic import Replacement, replacements

__all__ = [
    "OPS",
    "Entry",
    "Hunk",
    "Mark",
    "Passage",
    "Replacement",
    "TextDiff",
    "diff_texts",
    "summary",
]

OPS = ("same", "changed", "renumbered", "moved", "inserted", "deleted", "split", "merged")
"""What may have become of an article; the order in which they are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What became of one article, or of several that were split or merged."""

    op: str
    old: tuple[str, ...]
    """Numbers: "12"; "12.1" is 第十二条之一. By rank from 1 where the text has no 第X条."""
    new: tuple[str, ...]
    old_labels: tuple[str, ...]
    """第十二条之一, （一） as they stand; empty strings where paragraphs have none."""
    new_labels: tuple[str, ...]
    similarity: float
    """Share of the characters that stand in both, 0..1, blanks aside."""
    hunks: tuple[Hunk, ...]
    """Without the first label; the labels of further articles stand where they begin."""
    substantive: tuple[Mark, ...]
    followed: tuple[tuple[str, str], ...] = ()
    """Citations that changed only because the article they cite was renumbered: (第十条, 第十一条)."""
    above: tuple[str, ...] = ()
    """What the first article stands under now (if deleted: stood), from the top down: 第二章 处理, or
    二、 and （一） in a plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDiff:
    """All that changed between two texts.

    `entries` are in the new text's order, deletions where they stood. `preamble`, `headings` and
    `tail` hold what belongs to no article, so that nothing of either text is missing; `flow` is
    the whole of both texts in one reading order.
    """

    entries: tuple[Entry, ...]
    preamble: tuple[Hunk, ...]
    headings: tuple[Hunk, ...]
    tail: tuple[Hunk, ...]
    flow: tuple[Passage, ...]
    stats: Mapping[str, int]
    """Number of entries by op, all ops named."""
    coarse: bool
    """Too large to compare closely: a stretch is shown as replaced, or a partner may be missed."""
    unit: str
    """article (第X条) or paragraph (a heading's section, or one paragraph)."""
    replacements: tuple[Replacement, ...] = ()
    """Terms put for others all over the paper, to be told once."""


def diff_texts(old: str, new: str) -> TextDiff:
    """Compare two texts of one paper.

    Renumbering alone is no change, nor are width, blanks, quote style, or references to articles
    that were themselves renumbered (第十条 → 第十一条 where 10 became 11); the hunks show them.
    """
    before, after, unit = split_pair(old, new)
    ranks = [[n for n, b in enumerate(side) if b.kind == ARTICLE] for side in (before, after)]
    olds, news = [before[n] for n in ranks[0]], [after[n] for n in ranks[1]]
    groups, coarse = align(
        [b.text for b in olds],
        [b.text for b in news],
        _cites(olds, news),
        ([b.title for b in olds], [b.title for b in news]),
    )
    renumbered = {olds[g.old[0]].number: news[g.new[0]].number for g in groups if g.old and g.new}
    entries: list[Entry] = []
    kept: dict[int, tuple[tuple[int, ...], tuple[int, ...], tuple[Hunk, ...]]] = {}
    owner: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for at, group in enumerate(groups):
        entry, rough = _entry(
            group, [olds[i] for i in group.old], [news[j] for j in group.new], unit, renumbered
        )
        entries.append(entry)
        coarse = coarse or rough
        sides = tuple(ranks[0][i] for i in group.old), tuple(ranks[1][j] for j in group.new)
        for side, found in zip(owner, sides, strict=True):
            side.update(dict.fromkeys(found, at))
        if all(sides) and not group.moved:
            kept[at] = (*sides, entry.hunks)
    flow, rough = lay_out(before, after, kept, owner)
    return TextDiff(
        entries=tuple(entries),
        preamble=_joined(flow, PREAMBLE),
        headings=_joined(flow, HEADING),
        tail=_joined(flow, TAIL),
        flow=flow,
        stats={op: sum(entry.op == op for entry in entries) for op in OPS},
        coarse=coarse or rough,
        unit=unit,
        replacements=replacements([entry.hunks for entry in entries]),
    )


def _entry(
    group: Group,
    olds: Sequence[Block],
    news: Sequence[Block],
    unit: str,
    renumbered: Mapping[str, str],
) -> tuple[Entry, bool]:
    was, now = _text(olds), _text(news)
    found, coarse = hunks(was, now)
    same = was == now or comparable(was) == comparable(now)
    op = _op(group, olds, news, unit, renumbered, same)
    return Entry(
        op=op,
        old=tuple(block.number for block in olds),
        new=tuple(block.number for block in news),
        old_labels=tuple(block.label for block in olds),
        new_labels=tuple(block.label for block in news),
        similarity=1.0 if same else _similarity(found),
        hunks=found,
        substantive=() if same or op in ("same", "renumbered") else marks(found),
        followed=() if was == now else followed(was, now, renumbered),
        above=(news or olds)[0].above,
    ), coarse


def _op(
    group: Group,
    olds: Sequence[Block],
    news: Sequence[Block],
    unit: str,
    renumbered: Mapping[str, str],
    same: bool,
) -> str:
    if not olds or not news:
        return "inserted" if news else "deleted"
    if len(olds) > 1 or len(news) > 1:
        return "merged" if len(olds) > 1 else "split"
    if group.moved:
        return "moved"
    was, now = olds[0].text, news[0].text
    # A text that cites an article by a number that is another's now has changed though it stands.
    if cited(was) or cited(now):
        same = with_numbers(was, renumbered) == with_numbers(now, {})
    if not same:
        return "changed"
    if unit == "article":
        return "same" if olds[0].number == news[0].number else "renumbered"
    # Without 第X条 the numbers are ours: only a label that the paper prints can change.
    return "same" if comparable(olds[0].label) == comparable(news[0].label) else "renumbered"


def _text(blocks: Sequence[Block]) -> str:
    return "\n".join([block.text if not n else block.whole for n, block in enumerate(blocks)])


def _similarity(found: Sequence[Hunk]) -> float:
    size = {"equal": 0, "delete": 0, "insert": 0}
    for op, text in found:
        size[op] += sum(not c.isspace() for c in text)
    total = 2 * size["equal"] + size["delete"] + size["insert"]
    return round(2 * size["equal"] / total, 4) if total else 1.0


def _cites(*sides: Sequence[Block]) -> Cites:
    """For each article, the ranks of the articles of its own paper that it cites."""
    found = []
    for side in sides:
        rank = {block.number: n for n, block in enumerate(side)}
        found.append(
            [frozenset(rank[n] for _, n in cited(block.text) if n in rank) for block in side]
        )
    return found[0], found[1]


def _joined(flow: Sequence[Passage], kind: str) -> tuple[Hunk, ...]:
    """The hunks of all passages of a kind, a line break between any two."""
    parts = [passage.hunks for passage in flow if passage.kind == kind]
    if len(parts) < 2:
        return tuple(chain.from_iterable(parts))
    ended = []
    for part in parts:
        ops = {op for op, _ in part}
        ended.append((*part, (part[0][0] if len(ops) == 1 else "equal", "\n")))
    return tuple(chain.from_iterable(ended))


_SAID = {"inserted": "new", "renumbered": "renumbered only"}


def summary(diff: TextDiff, *, before: str = "draft") -> str:
    """One line: "31 articles (draft 28): 14 same, 9 changed (4 substantive), 1 deleted".

    `before` is what the older text is called. Nothing is said of what did not happen.
    """
    counts = [sum(len(side) for side in sides) for sides in _sides(diff)]
    told = []
    for op in OPS:
        if diff.stats[op]:
            weighty = sum(e.op == op and bool(e.substantive) for e in diff.entries)
            note = (
                f" ({weighty} substantive)" if op not in ("inserted", "deleted") and weighty else ""
            )
            told.append(f"{diff.stats[op]} {_SAID.get(op, op)}{note}")
    noun = diff.unit if counts[1] == 1 else f"{diff.unit}s"
    return f"{counts[1]} {noun} ({before} {counts[0]}): {', '.join(told) or 'nothing to compare'}"


def _sides(diff: TextDiff) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    return [entry.old for entry in diff.entries], [entry.new for entry in diff.entries]
