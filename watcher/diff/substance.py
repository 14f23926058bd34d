"""Which changes of an article alter what it demands, with the reason in a few English words. Pure."""

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from watcher.diff.hunks import Hunk
from watcher.diff.hunks import hunks as differences
from watcher.diff.terms import Term, terms

LABELS = {
    "obligation": ("obligation", "义务强度"),
    "penalty": ("penalty", "处罚"),
    "amount": ("amount", "金额"),
    "percentage": ("percentage", "比例"),
    "time_limit": ("time limit", "期限"),
    "effective_date": ("in force", "施行日期"),
    "threshold": ("threshold", "门槛"),
    "date": ("date", "日期"),
    "scope": ("scope", "对象和范围"),
    "exception": ("exception", "例外"),
}
"""What each kind is called, in English and in Chinese; the order in which marks are told."""
KINDS = tuple(LABELS)
_LONG = 30
"""Characters of a phrase in a reason; words and figures are shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One change of substance. `old` or `new` is empty where the words are new or gone."""

    kind: str
    """One of KINDS."""
    reason: str
    """For a reader of English: "30 → 15 days", "obligation: 应当 → 可以"."""
    old: str
    new: str

    @property
    def label(self) -> str:
        """The kind for a reader of English."""
        return LABELS[self.kind][0]

    @property
    def label_zh(self) -> str:
        """The kind for a reader of Chinese."""
        return LABELS[self.kind][1]

    @property
    def reason_zh(self) -> str:
        """For a reader of Chinese, in the papers' own words: "期限：三十日 → 十五日"."""
        if self.old and self.new:
            return f"{self.label_zh}：{self.old} → {self.new}"
        return f"{'新增' if self.new else '删去'}{self.label_zh}：{self.new or self.old}"


def marks(hunks: Sequence[Hunk]) -> tuple[Mark, ...]:
    """Read the hunks of one entry; return its marks in order of KINDS, then of place.

    A term counts when a change touches it. Terms that only changed their place cancel out; what
    is left on both sides of one change is told as "from → to", the rest as added or removed. Where
    all is new or all is gone, there is one mark per kind.
    """
    old = "".join(text for op, text in hunks if op != "insert")
    new = "".join(text for op, text in hunks if op != "delete")
    before, after = terms(old), terms(new)
    left_changed, right_changed = _changed(hunks, "delete"), _changed(hunks, "insert")
    gone, come = _touched(before, left_changed), _touched(after, right_changed)
    gone = _with_partners(gone, before, come, hunks, "insert")
    come = _with_partners(come, after, gone, hunks, "delete")
    if not old or not new:
        return tuple(_wholesale(gone or come, "removed" if gone else "added"))
    found: list[Mark] = []
    told = {term.kind for term, _ in (*gone, *come)}
    for kind in [kind for kind in KINDS if kind in told]:
        left = [(t, at) for t, at in gone if t.kind == kind]
        right = [(t, at) for t, at in come if t.kind == kind]
        _take(left, right, lambda placed: placed[0].value)
        pairs = _take(left, right, lambda placed: (placed[1], placed[0].form))
        # One amount gone and one come in a sentence that was also rewritten are still one change.
        for form in dict.fromkeys(t.form for t, _ in left):
            if [t.form for t, _ in left].count(form) == [t.form for t, _ in right].count(form) == 1:
                pairs += _take(left, right, lambda placed: placed[0].form)
        found += [_mark(kind, was, now) for was, now in pairs]
        found += _wholesale(left, "removed")
        found += _wholesale(right, "added")
    return tuple(dict.fromkeys(found))


_RANGED = ("money", "time", "times", "share", "count")
"""Forms of figures that can be the ends of a range."""
Placed = tuple[Term, int]
"""A term, and which of the entry's changes touches it."""


def _take(
    left: list[Placed], right: list[Placed], key: Callable[[Placed], Hashable]
) -> list[tuple[Term, Term]]:
    """Move every old term, with the first new one of the same key, out of the two lists."""
    waiting: dict[Hashable, deque[Placed]] = defaultdict(deque)
    for now in right:
        waiting[key(now)].append(now)
    pairs: list[tuple[Placed, Placed]] = []
    kept: list[Placed] = []
    for was in left:
        if fits := waiting.get(key(was)):
            pairs.append((was, fits.popleft()))
        else:
            kept.append(was)
    gone = {now for _, now in pairs}
    left[:] = kept
    right[:] = [now for now in right if now not in gone]
    return [(was[0], now[0]) for was, now in pairs]


def _changed(hunks: Sequence[Hunk], op: str) -> list[tuple[int, int, int]]:
    """(start, end, which change) of the stretches of one side that are not in the other.

    A pure insertion has an empty stretch on the old side: it may stand inside a term there.
    """
    spans: list[tuple[int, int, int]] = []
    at = island = 0
    before = "equal"
    for kind, text in hunks:
        if kind == "equal":
            at += len(text)
        else:
            island += before == "equal"
            length = len(text) if kind == op else 0
            spans.append((at, at + length, island))
            at += length
        before = kind
    return spans


def _touched(
    found_terms: Sequence[Term], changed: Sequence[tuple[int, int, int]]
) -> list[tuple[Term, int]]:
    found = []
    at = 0
    for term in found_terms:
        # 处理者[→和受托人]应当: what is joined to an addressee changes who is addressed
        joined = term.form in ("addressee", "extent")
        while at < len(changed) and changed[at][1] <= term.start - joined:
            at += 1
        if at < len(changed) and changed[at][0] < term.end + joined:
            found.append((term, changed[at][2]))
    return found


def _with_partners(
    mine: Sequence[Placed],
    whole: Sequence[Term],
    theirs: Sequence[Placed],
    hunks: Sequence[Hunk],
    their_op: str,
) -> list[Placed]:
    """`mine`, and the figures of `whole` that stand untouched within a touched one of the other side.

    In 五万元以下 → 一万元以上五万元以下 nothing of the old amount is gone, yet it became a range.
    """
    figures = [(term, island) for term, island in theirs if term.form in _RANGED]
    if not figures:
        return list(mine)
    known = {term for term, _ in mine}
    spans: list[tuple[int, int]] = []
    at = to = 0
    for op, text in hunks:
        if op == "equal":
            spans.append((at, to - at))
        at += len(text) if op != their_op else 0
        to += len(text) if op in ("equal", their_op) else 0
    starts = [start for start, _ in spans]
    places = [term.start for term, _ in figures]
    found = list(mine)
    for term in whole:
        n = bisect_right(starts, term.start) - 1
        if term in known or n < 0 or term.form not in _RANGED:
            continue
        shift = spans[n][1]
        k = bisect_right(places, term.start + shift) - 1
        other, island = figures[k]
        alike = (other.kind, other.form) == (term.kind, term.form)
        if k >= 0 and alike and term.end + shift <= other.end:
            found.append((term, island))
    return sorted(found, key=lambda placed: placed[0].start)


def _wholesale(found: Sequence[tuple[Term, int]], verb: str) -> Iterator[Mark]:
    for kind in [kind for kind in KINDS if any(term.kind == kind for term, _ in found)]:
        of_kind = list(
            dict.fromkeys((t.text, _short(t.said)) for t, _ in found if t.kind == kind and t.alone)
        )
        if of_kind:
            texts = "、".join(text for text, _ in of_kind)
            said = ", ".join(dict.fromkeys(value for _, value in of_kind))
            reason = f"{LABELS[kind][0]} {verb}: {said}"
            old, new = (texts, "") if verb == "removed" else ("", texts)
            yield Mark(kind=kind, reason=reason, old=old, new=new)


def _mark(kind: str, was: Term, now: Term) -> Mark:
    if was.form == "extent":
        return _narrowed(kind, was.text, now.text)
    reason = _from_to(was.said, now.said)
    if kind not in ("time_limit", "amount", "percentage", "threshold") or was.form == "word":
        reason = f"{LABELS[kind][0]}: {reason}"
    return Mark(kind=kind, reason=reason, old=was.text, new=now.text)


def _narrowed(kind: str, was: str, now: str) -> Mark:
    """A phrase by what differs in it: what joined it, what left it, else the whole if it is short."""
    found, _ = differences(was, now)
    old, new = (
        "、".join(_bare(text) for op, text in found if op == side and _bare(text))
        for side in ("delete", "insert")
    )
    if old and new and max(len(was), len(now)) <= _LONG:
        old, new = was, now
    if old and new:
        reason = f"{LABELS[kind][0]}: {_short(old)} → {_short(new)}"
    else:
        reason = f"{LABELS[kind][0]} {'added' if new else 'removed'}: {_short(new or old)}"
    return Mark(kind=kind, reason=reason, old=old, new=new)


def _bare(text: str) -> str:
    return text.strip("，、；和及的等,; ").removeprefix("and ").removeprefix("or ")


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _from_to(was: str, now: str) -> str:
    """The common last word is said once: "30 → 15 days"."""
    amount, _, unit = was.partition(" ")
    return f"{amount} → {now}" if unit and now.partition(" ")[2] == unit else f"{was} → {now}"
