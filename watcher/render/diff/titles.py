"""What every rendering of a diff says alike: names of the texts, labels of articles, clean characters."""

import re
from dataclasses import dataclass

from watcher.diff import Entry, TextDiff
from watcher.render.scraped import clean as one_line

# Not one of these belongs in a ministry's paper: a terminal obeys the controls, bidirectional
# marks let a text pretend to be another, XML and UTF-8 have no place for the last two groups.
_HOSTILE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb"
    "\ufffe\uffff\U000e0000-\U000e007f]"
)


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


def heading(entry: Entry, diff: TextDiff) -> str:
    """第九条 → 第十条, or 第九条 alone when it keeps its number."""
    old = "、".join(_names(entry.old, entry.old_labels, diff.unit))
    new = "、".join(_names(entry.new, entry.new_labels, diff.unit))
    if old and new and old != new:
        return f"{old} → {new}"
    return new or old


def _names(numbers: tuple[str, ...], labels: tuple[str, ...], unit: str) -> list[str]:
    """The paper's own labels; paragraphs without one get their rank."""
    return [
        one_line(label) if label else f"¶{number}" if unit == "paragraph" else number
        for number, label in zip(numbers, labels, strict=True)
    ]


def verdict(entry: Entry) -> str:
    """ "changed · 30 → 15 days", "new", "same"."""
    said = "new" if entry.op == "inserted" else entry.op
    return " · ".join([said, *(one_line(mark.reason) for mark in entry.substantive)])


def quiet(entry: Entry) -> bool:
    """Whether nothing happened that a reader must see."""
    return entry.op in ("same", "renumbered")


def headline(diff: TextDiff) -> str:
    """ "9 of 31 changed, 4 substantive, 4 new, 1 deleted": entries of the articles there are now."""
    edited = [e for e in diff.entries if e.old and e.new and not quiet(e)]
    now = sum(len(entry.new) for entry in diff.entries)
    weighty = sum(bool(entry.substantive) for entry in edited)
    counts = (
        (weighty, "substantive"),
        (diff.stats["inserted"], "new"),
        (diff.stats["deleted"], "deleted"),
    )
    return ", ".join(
        [f"{len(edited)} of {now} changed", *(f"{n} {word}" for n, word in counts if n)]
    )
