"""Makes traditional.txt: one simplified character for each traditional one, from OpenCC's table.

`python -m watcher.classify.traditional_table TSCharacters.txt > watcher/classify/traditional.txt`

The input is OpenCC's `data/dictionary/TSCharacters.txt` (github.com/BYVoid/OpenCC, Apache-2.0), which
the PyPI package opencc-python-reimplemented carries as well: a line a character, its simplified forms
behind a tab, the usual one first. Run it again when OpenCC has a better table; nothing else uses it.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import wrap

import click

_HEAD = """\
# Traditional characters and the simplified one each is read as, in pairs. Made by traditional_table.py
# from OpenCC's TSCharacters.txt (github.com/BYVoid/OpenCC, Apache-2.0); do not edit by hand.
"""


def pairs(lines: Iterable[str]) -> Iterator[str]:
    """Each traditional character with its simplified one, as strings of two.

    A character that OpenCC may also leave as it is (乾, 徵, 瞭) goes to its other form: terms and
    texts are folded alike, so what counts is that 徵求 and 征求 meet. Characters beyond the basic
    plane are rare names, and left alone.
    """
    simpler: dict[str, str] = {}
    for line in lines:
        old, _, forms = line.strip().partition("\t")
        others = [new for new in forms.split() if new != old and len(new) == 1]
        if len(old) == 1 and others and max(old, others[0]) <= "\uffff":
            simpler[old] = others[0]
    for old, new in sorted(simpler.items()):
        seen = {old}
        while new in simpler and new not in seen:  # a chain ends where nothing simpler is known
            seen.add(new)
            new = simpler[new]
        if new != old:
            yield old + new


if __name__ == "__main__":
    source = Path(sys.argv[1]).read_text(encoding="utf-8")
    click.echo(_HEAD + "\n".join(wrap("".join(pairs(source.splitlines())), 120)))
