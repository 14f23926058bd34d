"""Tie drafts to their finals and to each other by name, date, body and text, with reasons one can read. Pure."""

from watcher.link.index import HEAD, MARK, Paper, as_paper, marked
from watcher.link.likeness import sketch
from watcher.link.names import cores, names, several
from watcher.link.pair import keys
from watcher.link.pool import link, unfinished, withdraws
from watcher.model import Document, Stage

__all__ = [
    "HEAD",
    "MARK",
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


def linkable(document: Document) -> bool:
    """Whether a document may be a draft or a final; the items of a brief are not."""
    return document.facts.stage in (Stage.DRAFT, Stage.FINAL, None) and not document.section


def found_by(document: Document) -> tuple[frozenset[str], frozenset[str]]:
    """What papers that a document may be linked to are found by: equal names, keys of near ones."""
    if not linkable(document):
        return frozenset(), frozenset()
    me = as_paper(document, "")
    return cores(me.title, me.text[:HEAD]), near(me.title, me.text)


def near(title: str, text: str = "") -> frozenset[str]:
    """Keys of which papers that may be linked share at least one, also where no core is the same.

    A paper whose name was changed in one word, or from 规定 to 办法, is found by the keys of its names;
    one that has another name by prints of its sentences. Many that share one key are no match. Of a
    notice of many drafts the first names have keys. `text` is all of the text that linking compares.
    """
    found = names(title, text[:HEAD])
    of_names = [key for name in found[:_MOST] for key in keys(name)]
    return frozenset([*of_names, *(marked(sketch(text)) if len(found) == 1 else ())])
