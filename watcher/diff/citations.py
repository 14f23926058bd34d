"""Which articles of its own paper a text cites, and which citations only follow a renumbering. Pure."""

import re
from collections.abc import Mapping

from watcher.diff.articles import comparable
from watcher.text import cn_number

# A number after 》 belongs to another paper; so does one after a paper's short name (民法典第十条).
_CITED = re.compile(
    # the first letter stands before what must not precede it: so the search skips to it
    r"第(?<!》第)(?<!法典第)(?<!宪法第)\s{0,2}(?P<n>[零〇一二三四五六七八九十百千\d０-９]{1,9})\s{0,2}条"
    r"(?:之(?P<sub>[一二三四五六七八九十\d]{1,3}))?"
    r"|(?:A(?<!\wA)rticle|S(?<!\wS)ection)\s{1,3}(?P<en>[0-9]{1,4})(?![0-9])(?!\s{1,3}of\s{1,3}the\s{1,3}[A-Z])"
)


def cited(text: str) -> list[tuple[str, str]]:
    """Each citation of an article as it stands and as a number: ("第十条", "10")."""
    return [(m[0], _number(m)) for m in _CITED.finditer(text)]


def with_numbers(text: str, renumbered: Mapping[str, str]) -> str:
    """`text` for comparison, with the articles it cites under their new numbers."""

    def name(match: re.Match[str]) -> str:
        number = _number(match)
        return f"第{renumbered.get(number, number)}条"

    return comparable(_CITED.sub(name, text))


def followed(old: str, new: str, renumbered: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Citations of `old` that stand in `new` under the new number of the article they cite.

    Each pair once, as (第十条, 第十一条), in OLD's order.
    """
    there = cited(new)
    found: dict[tuple[str, str], None] = {}
    for text, number in cited(old):
        to = renumbered.get(number, number)
        if to == number:
            continue
        if now := next((words for words, n in there if n == to), None):
            found[text, now] = None
    return tuple(found)


def _number(match: re.Match[str]) -> str:
    """ "12", "12.1"; what mixes digits of two kinds (第3十条) stays as it stands."""
    if match["en"]:
        return match["en"]
    main, sub = match["n"], match["sub"]
    try:
        return str(cn_number(main)) + (f".{cn_number(sub)}" if sub else "")
    except ValueError:
        return comparable(main)
