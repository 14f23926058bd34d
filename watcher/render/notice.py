"""What operators are told of sources and channels, in words common to all media."""

from collections.abc import Sequence

from watcher.render.scraped import clean, cut

_MOST_LINES = 25
_LINE = 400


def notice_subject(subject: str) -> str:
    """The subject with the product's name before it, so that it can be filtered."""
    return f"watcher: {cut(clean(subject), 140) or 'notice'}"


def notice_lines(lines: Sequence[str]) -> list[str]:
    """At most 25 clean lines; a storm of faults says how many it left out."""
    known = [cut(line, _LINE) for line in map(clean, lines) if line]
    more = len(known) - _MOST_LINES
    return [*known[:_MOST_LINES], f"… and {more} more"] if more > 0 else known
