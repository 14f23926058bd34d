"""Automatic numbers: which label the next paragraph of a list shows, whatever the file format.

ECMA-376 part 1, 17.9 (numbering); [MS-DOC] 2.4.6.3 says the same of the old format.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from watcher.extract.attachment.numerals import written

LEVELS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How one level of a list looks; `text` has %1 … %9 where the levels' numbers go."""

    start: int = 1
    form: str = "decimal"
    """One of ECMA-376's number formats."""
    text: str = ""
    suffix: str = "tab"
    """tab, space or nothing."""
    restart: int | None = None
    """1-based level above which a paragraph restarts this one; 0 never, None any higher level."""
    legal: bool = False
    """Higher levels' numbers are shown as digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedList:
    abstract: str
    """Lists of one abstract definition count together."""
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    """Levels at which this list starts anew, and with what."""


class Numbering:
    """Counts the paragraphs of one document, asked in their order."""

    def __init__(self, lists: Mapping[str, NumberedList]) -> None:
        self._lists = lists
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[tuple[str, int]] = set()

    def label(self, name: str | None, level: int) -> str:
        """What the next paragraph of a list shows, with the blank before its text, or ""."""
        listed = self._lists.get(name or "")
        form = listed.levels.get(level) if listed is not None else None
        if name is None or listed is None or form is None:
            return ""
        counts = self._count(name, listed, level)
        if form.form == "bullet":
            return ""
        text = form.text
        for other in range(LEVELS - 1, -1, -1):
            if f"%{other + 1}" in text:
                there = listed.levels.get(other, Level())
                shown = "decimal" if form.legal and other < level else there.form
                text = text.replace(f"%{other + 1}", written(counts.get(other, there.start), shown))
        close = form.suffix == "nothing" or not text or text.endswith((" ", "\u3000", "、"))
        return text if close else f"{text} "

    def _count(self, name: str, listed: NumberedList, level: int) -> dict[int, int]:
        """Step the counter of `level`; those below it start anew."""
        counts = self._counts[listed.abstract]
        start = listed.starts.get(level)
        if start is not None and (name, level) not in self._started:
            self._started.add((name, level))
            counts[level] = start
        elif level in counts:
            counts[level] += 1
        else:
            counts[level] = listed.levels[level].start if start is None else start
        for lower in [other for other in counts if other > level]:
            restart = listed.levels.get(lower, Level()).restart
            if restart is None or (restart and level < restart):
                del counts[lower]
        return counts
