"""Tie drafts to their finals and to each other by name, date, body and text, with reasons one can read. Pure."""

from watcher.link.names import cores, names
from watcher.link.pair import keys
from watcher.link.pool import HEAD, Paper, link, withdraws

__all__ = ["HEAD", "Paper", "cores", "link", "near", "withdraws"]

_MOST = 12


def near(title: str, text: str = "") -> frozenset[str]:
    """Keys of which papers that may be linked share at least one, also where no core is the same.

    A paper whose name was changed in one word, or from 规定 to 办法, is found by them; many that
    share one are no match. Of a notice of many drafts the first names have keys.
    """
    return frozenset(key for name in names(title, text)[:_MOST] for key in keys(name))
