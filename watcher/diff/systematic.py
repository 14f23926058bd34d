"""One word put for another all over a paper, told once instead of at every article. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from watcher.diff.hunks import Hunk

REPEATED = 3
"""In how many articles a replacement must be found."""
LONGEST = 30
"""Characters of a term; what is longer is a passage."""

_NO_TERM = re.compile(
    # numbers, what they count, and stops are no terms: 五百元 → 一千元 says another thing each time
    r"[\W\d_零〇一二三四五六七八九十百千万亿两第条款项元倍人次户台日天年月周岁个工作小时分之以内上下]*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """`old` became `new` in several articles."""

    old: str
    new: str
    entries: tuple[int, ...]
    """Ranks of the diff's entries where it did, in order."""


def replacements(entries: Iterable[Sequence[Hunk]]) -> tuple[Replacement, ...]:
    """The terms that were put for others in REPEATED entries or more, the most frequent first."""
    found: dict[tuple[str, str], dict[int, None]] = defaultdict(dict)
    for rank, hunks in enumerate(entries):
        for pair in swaps(hunks):
            found[pair][rank] = None
    rows = [
        Replacement(old=old, new=new, entries=tuple(ranks))
        for (old, new), ranks in found.items()
        if len(ranks) >= REPEATED
    ]
    return tuple(sorted(rows, key=lambda row: (-len(row.entries), row.entries, row.old, row.new)))


def swaps(hunks: Sequence[Hunk]) -> Iterator[tuple[str, str]]:
    """Each term that stands for another between two equals: ("帐", "账")."""
    for at in range(len(hunks) - 1):
        (op, old), (following, new) = hunks[at : at + 2]
        if (op, following) == ("delete", "insert") and max(len(old), len(new)) <= LONGEST:
            old, new = old.strip(), new.strip()
            if not _NO_TERM.fullmatch(old) and not _NO_TERM.fullmatch(new):
                yield old, new
