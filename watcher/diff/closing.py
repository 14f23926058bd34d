"""Find where a regulation's articles end: annexes, and the signature above a closing date. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

from watcher.diff.sections import is_labelled

_N = r"[零〇一二三四五六七八九十百千两\d]+"
_EN = r"(?:[0-9]{1,4}|[IVXLC]{1,8})"
_ANNEX = re.compile(
    rf"\s*[（(【]?附\s*(?:件|录|表|图)?\s*(?:{_N}|[A-Z])?\s*[)）】]?\s*(?:[:：.．、\s]|$)"
    rf"|\s*(?:Annex|ANNEX|Appendix|APPENDIX|Schedule|SCHEDULE)(?:\s{{1,3}}(?:{_EN}|[A-Z]))?\s*(?:$|[:.—-]|\s[A-Z])"
)
_DATED = re.compile(
    r"\s*(?:\d{4}|[二一][〇零○一二三四五六七八九]{3})\s*年\s*\S{1,2}\s*月\s*\S{1,3}\s*日\s*$"
    r"|\s*(?:\d{1,2}\s+[A-Z][a-z]{2,8}|[A-Z][a-z]{2,8}\s+\d{1,2}),?\s+\d{4}\s*$"
)


def is_annex(line: str) -> bool:
    """附件1：…, 附录A, Annex 2: what an annex opens with, and what only lists them."""
    return bool(_ANNEX.match(line))


def tail_start(lines: Sequence[str], start: int) -> int:
    """First line from `start` on that is an annex, or the signature above a closing date."""
    for at in range(start, len(lines)):
        if is_annex(lines[at]) and (
            len(lines[at].strip()) <= 60 and lines[at].rstrip()[-1] not in "。；"
        ):
            return _signature(lines, start, at)
    return _signature(lines, start, len(lines))


def _signature(lines: Sequence[str], start: int, end: int) -> int:
    """Where a signing body and a date stand last before `end`; else `end`."""
    last = [at for at in range(start, end) if lines[at].strip()][-6:]
    dated = next((at for at in reversed(last) if _DATED.match(lines[at])), None)
    if dated is None or dated != last[-1]:
        return end
    first = dated
    for before, at in reversed(list(pairwise(last))):
        line = lines[before].strip()
        if at != first or len(line) > 30 or line[-1] in "。；：，、;:,.)）" or is_labelled(line):
            break
        first = before
    return first
