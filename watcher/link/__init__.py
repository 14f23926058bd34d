"""Tie drafts to their finals and to each other by name, date, body and text, with reasons one can read. Pure."""

from watcher.link.index import HEAD, Paper, as_paper, marked
from watcher.link.likeness import sketch
from watcher.link.names import cores, names, several
from watcher.link.pair import keys
from watcher.link.pool import link, unfinished, withdraws

__all__ = [
    "HEAD",
    "Paper",
    "as_paper",
    "cores",
    "link",
    "near",
    "several",
    "unfinished",
    "withdraws",
]

_MOST = 12


def near(title: str, text: str = "") -> frozenset[str]:
    """Keys of which papers that may be linked share at least one, also where no core is the same.

    A paper whose name was changed in one word, or from 规定 to 办法, is found by the keys of its names;
    one that has another name by prints of its sentences. Many that share one key are no match. Of a
    notice of many drafts the first names have keys. `text` is all of the text that linking compares.
    """
    found = names(title, text[:HEAD])
    of_names = [key for name in found[:_MOST] for key in keys(name)]
    return frozenset([*of_names, *(marked(sketch(text)) if len(found) == 1 else ())])
