"""A diff in ten seconds: how many articles became what, in Chinese, and the weightiest changes quoted. Pure."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from watcher.diff import OPS, Entry, Hunk, Mark, TextDiff

POINTS = 5
"""Changes quoted in a summary; a reader takes in no more at once."""

# What a reader in a company asks first: what it may cost, what one must do, by when, how much,
# whom it meets. A changed day in force comes last: between a draft and its final it nearly always
# changes. Kinds that are not named here weigh as much as an amount.
_WEIGHTS: Mapping[str, float] = {
    "penalty": 6,
    "obligation": 5,
    "time_limit": 4.5,
    "scope": 3,
    "exception": 3,
    "effective_date": 2,
    "date": 1,
}
_USUAL_WEIGHT = 4.0
_BARE_ARTICLE = 2.0
"""A new or deleted article in which nothing of substance was recognised."""
_BARE_DUTY = 2.5
"""应当 that came or went: nearly every sentence of a regulation has one."""
_AGAIN = 0.75
"""Worth of one more change of a kind already told, less still of the same figures: five raised fines say
less than one of each."""

_OPS_ZH: Mapping[str, str] = {
    "same": "未变",
    "changed": "修改",
    "renumbered": "仅序号变化",
    "moved": "移动",
    "inserted": "新增",
    "deleted": "删除",
    "split": "拆分",
    "merged": "合并",
}
_BEFORE_ZH: Mapping[str, str] = {"draft": "征求意见稿", "before": "原文"}
_END = re.compile(r"[。；！？\n]")
_PAUSE = re.compile("[，：,:]")
_WORD_REST = re.compile(r"[A-Za-z]+\s+")
_WORD_BEGUN = re.compile(r"\s[A-Za-z]+\Z")
_Cut = Callable[[str, int], tuple[str, bool]]
WIDTH = 60
"""Characters of each side of a change that are quoted; half of that before it, a third after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One change worth quoting."""

    entry: int
    """Rank of the diff's entry."""
    mark: Mark | None
    """The weightiest of its marks, if it has any."""
    quote: tuple[Hunk, ...]
    """The clause around the change, cut to a line or two; … stands for what is left out."""


def summary_zh(diff: TextDiff, *, before: str = "draft") -> str:
    """One line: 共31条（征求意见稿28条）：14条未变，9条修改（实质性4条），新增1条.

    `before` is what `summary` calls the older text.
    """
    unit = "条" if diff.unit == "article" else "段"
    old, new = sum(len(e.old) for e in diff.entries), sum(len(e.new) for e in diff.entries)
    told = []
    for op in OPS:
        count = diff.stats[op]
        if not count:
            continue
        weighty = sum(e.op == op and bool(e.substantive) for e in diff.entries)
        word = _OPS_ZH[op]
        if op in ("inserted", "deleted"):
            told.append(f"{word}{count}{unit}")
        else:
            told.append(f"{count}{unit}{word}" + (f"（实质性{weighty}{unit}）" if weighty else ""))
    return f"共{new}{unit}（{_BEFORE_ZH.get(before, before)}{old}{unit}）：{'，'.join(told) or '无可比较'}"


def weightiest(diff: TextDiff, limit: int = POINTS, *, width: int = WIDTH) -> tuple[Point, ...]:
    """The changes that matter most, the weightiest first, one per entry; () where nothing changed.

    `width` bounds the quotations, see `quotation`.
    """
    weights = {n: weight for n, entry in enumerate(diff.entries) if (weight := _weight(entry))}
    leading = {n: _leading(diff.entries[n]) for n in weights}
    told: Counter[str] = Counter()
    points: list[Point] = []

    def worth(n: int) -> tuple[float, int]:
        mark = leading[n]
        return weights[n] * (_AGAIN ** (told[mark.kind] + told[mark.reason]) if mark else 1), -n

    while weights and len(points) < limit:
        n = max(weights, key=worth)
        del weights[n]
        mark = leading[n]
        told.update([mark.kind, mark.reason] if mark else [])
        points.append(
            Point(entry=n, mark=mark, quote=quotation(diff.entries[n].hunks, mark, width))
        )
    return tuple(points)


def _leading(entry: Entry) -> Mark | None:
    return max(entry.substantive, key=lambda mark: _heft(mark, entry), default=None)


def _weight(entry: Entry) -> float:
    if entry.op in ("same", "renumbered") or entry.similarity == 1.0:
        return 0
    if not entry.substantive:
        return _BARE_ARTICLE if not entry.old or not entry.new else 1 - entry.similarity
    hefts = sorted((_heft(mark, entry) for mark in entry.substantive), reverse=True)
    return hefts[0] + 0.1 * min(sum(hefts[1:]), 10)


def _heft(mark: Mark, entry: Entry) -> float:
    """What became something else is surer news than words that came with a whole new article."""
    weight = _WEIGHTS.get(mark.kind, _USUAL_WEIGHT)
    if mark.kind == "obligation" and not (mark.old and mark.new):
        weight = _BARE_DUTY
    if mark.old and mark.new:
        return weight * 1.5
    return weight * 1.2 if entry.old and entry.new else weight


# ---------------------------------------------------------------- quotations


def quotation(hunks: Sequence[Hunk], mark: Mark | None, width: int = WIDTH) -> tuple[Hunk, ...]:
    """The clause of `hunks` in which `mark` stands, or the first change; () where nothing changed.

    Either side of a change is cut to `width` characters, what stands before to half of that, what
    follows to a third; … says that something was left out.
    """
    changed = [n for n, (op, _) in enumerate(hunks) if op != "equal"]
    if not changed:
        return ()
    at = _place(hunks, mark) if mark else None
    first = last = changed[0] if at is None else at
    while first and hunks[first - 1][0] != "equal":
        first -= 1
    while last + 1 < len(hunks) and hunks[last + 1][0] != "equal":
        last += 1
    words = (_first_word(mark.old), _first_word(mark.new)) if mark else ("", "")
    island = [
        (op, _around(text, words[op == "insert"], width)) for op, text in hunks[first : last + 1]
    ]
    before = list(_walk(hunks[:first][::-1], width // 2, _tail))[::-1]
    return (*before, *island, *_walk(hunks[last + 1 :], width // 3, _head))


def _first_word(words: str) -> str:
    """A mark on all new or all gone words lists them: 可以、应."""
    return words.partition("、")[0]


def _place(hunks: Sequence[Hunk], mark: Mark) -> int | None:
    """Rank of the first change that touches the mark's words in the new text, else in the old."""
    for gone, word in (("delete", _first_word(mark.new)), ("insert", _first_word(mark.old))):
        side = [(n, op, text) for n, (op, text) in enumerate(hunks) if op != gone]
        whole = "".join(text for _, _, text in side)
        ends = list(accumulate(len(text) for _, _, text in side))
        start = whole.find(word) if word else -1
        while start >= 0:
            for k in range(bisect_right(ends, start), len(side)):
                if ends[k] - len(side[k][2]) >= start + len(word):
                    break
                if side[k][1] != "equal":
                    return side[k][0]
            start = whole.find(word, start + 1)
    return None


def _around(text: str, word: str, width: int) -> str:
    """The sentence of a long `text` that holds `word`, cut to `width` characters."""
    if len(text) <= width:
        return text.replace("\n", " ")
    at = max(text.find(word), 0)
    ends = [m.end() for m in _END.finditer(text, 0, at)]
    start = ends[-1] if ends and at - ends[-1] < width else max(at - width // 2, 0)
    stop = _END.search(text, at + len(word), start + width)
    end = stop.end() if stop else min(start + width, len(text))
    opening, closing = "…" * (start > 0), "…" * (end < len(text))
    return opening + text[start:end].strip().replace("\n", " ") + closing


def _walk(hunks: Sequence[Hunk], room: int, cut: _Cut) -> Iterator[Hunk]:
    """The hunks away from a change, to the end of its sentence or as far as there is room."""
    for op, text in hunks:
        if op != "equal" and (len(text) > room or _END.search(text)):
            yield "equal", "…"
            return
        piece, ended = cut(text, room) if op == "equal" else (text, False)
        if piece:
            yield op, piece
        room -= len(piece)
        if ended:
            return


def _tail(text: str, room: int) -> tuple[str, bool]:
    """What stands before a change: from the beginning of its sentence, or a clause that fits."""
    ends = [m.end() for m in _END.finditer(text[-room - 1 :])]
    if ends:
        return text[-room - 1 :][ends[-1] :], True
    if len(text) <= room:
        return text, False
    kept = text[len(text) - room :]
    pause = _PAUSE.search(kept) or _WORD_REST.match(kept)
    return "…" + (kept[pause.end() :] if pause else kept), True


def _head(text: str, room: int) -> tuple[str, bool]:
    """What stands after a change: to the end of its sentence, or of a clause that fits."""
    kept = text[: max(room, 0)]
    if end := _END.search(kept):
        return kept[: end.end()].rstrip(), True
    if len(text) <= room:
        return text, False
    pauses = list(_PAUSE.finditer(kept))
    return (kept[: pauses[-1].start()] if pauses else _WORD_BEGUN.sub("", kept)) + "…", True
