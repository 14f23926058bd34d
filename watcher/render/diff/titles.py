"""What every rendering of a diff says alike: names of the texts, labels of articles, clean characters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from watcher.diff import Entry, Hunk, TextDiff
from watcher.diff.points import POINTS, WIDTH, Point, weightiest
from watcher.render.scraped import clean as one_line

# Not one of these belongs in a ministry's paper: a terminal obeys the controls, bidirectional
# marks let a text pretend to be another, XML and UTF-8 have no place for the last two groups.
_HOSTILE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e007f]"
)


MARKS: Mapping[str, tuple[str, str]] = {
    "equal": ("", ""),
    "delete": ("[-", "-]"),
    "insert": ("{+", "+}"),
}
"""How plain text shows what is gone and what is new, as `git diff --word-diff` does."""
_DECIMAL = re.compile(r"[0-9]+(?:[.．][0-9]+)*[.．、]?")  # 1.2.3 names what it stands under itself
_SENTENCE = re.compile("[。；，：,;]")
_CAPTION = 30
"""Characters of a heading; a first line that is longer is text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffTitles:
    """Names of what is compared, as a person would say them."""

    old: str
    """"draft 2026-10-09", or a file's name."""
    new: str
    paper: str = ""
    """The paper's title, where it is known."""
    before: str = "draft"
    """What the older text is called in a summary."""


def clean(text: str) -> str:
    """`text` with what a reader cannot see but a program may obey shown as \ufffd."""
    return _HOSTILE.sub("\ufffd", text)


def headings(diff: TextDiff) -> tuple[str, ...]:
    """What each entry is called: 第九条 → 第十条, or 第九条 alone when it keeps its number.

    Labels such as （一） come many times in a plan: those above one stand before it, and its own
    first line after it where that is a heading: 三、（一） 数据安全.
    """
    named = []
    for entry in diff.entries:
        name = _numbers(entry, diff.unit)
        if diff.unit != "article":
            name = _path(entry) + name
            name = " ".join(filter(None, (name, _caption(entry))))
        named.append(name)
    return tuple(named)


def _path(entry: Entry) -> str:
    """The labels that an entry's own stands under; 1.2.3 names what it stands under itself."""
    label = one_line((entry.new_labels or entry.old_labels)[0])
    if not label:
        return ""
    above = map(one_line, entry.above)
    return "".join(
        each for each in above if not (_DECIMAL.fullmatch(label) and _DECIMAL.fullmatch(each))
    )


def _caption(entry: Entry) -> str:
    """The heading that an entry's text begins with, if it does."""
    if not any((*entry.old_labels, *entry.new_labels)):
        return ""
    gone = "delete" if entry.new else "insert"
    text = "".join(text for op, text in entry.hunks if op != gone).lstrip()
    first = one_line(text.partition("\n")[0])
    return first if len(first) <= _CAPTION and not _SENTENCE.search(first) else ""


def _numbers(entry: Entry, unit: str) -> str:
    old = "、".join(_names(entry.old, entry.old_labels, unit))
    new = "、".join(_names(entry.new, entry.new_labels, unit))
    return f"{old} → {new}" if old and new and old != new else new or old


def _names(numbers: tuple[str, ...], labels: tuple[str, ...], unit: str) -> list[str]:
    """The paper's own labels; paragraphs without one get their rank."""
    return [
        one_line(label) if label else f"¶{number}" if unit == "paragraph" else number
        for number, label in zip(numbers, labels, strict=True)
    ]


def verdict(entry: Entry) -> str:
    """ "changed · 30 → 15 days", "new", "same", "changed · follows renumbering: 第十条 → 第十一条"."""
    moved = ", ".join(f"{one_line(old)} → {one_line(new)}" for old, new in entry.followed)
    reasons = [one_line(mark.reason) for mark in entry.substantive]
    return " · ".join(
        [_said(entry), *reasons, *([f"follows renumbering: {moved}"] if moved else [])]
    )


def replaced(diff: TextDiff) -> tuple[str, ...]:
    """Words put for others all over the paper, once each: "throughout: 帐 → 账 (in 5)"."""
    return tuple(
        f"throughout: {one_line(each.old)} → {one_line(each.new)} (in {len(each.entries)})"
        for each in diff.replacements
    )


def _said(entry: Entry) -> str:
    return "new" if entry.op == "inserted" else entry.op


def reason(point: Point, diff: TextDiff) -> str:
    """ "30 → 15 days · 期限", "new: penalty added: 警告 · 处罚", "deleted": why a change is quoted."""
    entry = diff.entries[point.entry]
    if point.mark is None:
        return _said(entry)
    bare = not entry.old or not entry.new
    said = f"{_said(entry)} · " if bare else ""
    return f"{said}{one_line(point.mark.reason)} · {point.mark.label_zh}"


def point_lines(diff: TextDiff, limit: int = POINTS, *, width: int = WIDTH) -> tuple[str, ...]:
    """The weightiest changes, one line each: 第九条 → 第十条: 30 → 15 days · 期限: 应当在[-三十-]{+十五+}日内."""
    names = headings(diff)
    return tuple(
        f"{names[point.entry]}: {reason(point, diff)}: {one_line(marked(point.quote))}"
        for point in weightiest(diff, limit, width=width)
    )


def marked(hunks: Sequence[Hunk]) -> str:
    """[-gone-] and {+come+} in one text."""
    return "".join(f"{MARKS[op][0]}{text}{MARKS[op][1]}" for op, text in hunks)


def quiet(entry: Entry) -> bool:
    """Whether nothing happened that a reader must see."""
    return entry.op in ("same", "renumbered")
