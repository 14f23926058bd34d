"""Papers of a pool under each of their names, found by names and texts that may be one paper's. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from watcher.link.likeness import sketch
from watcher.link.names import Name, names
from watcher.link.pair import keys
from watcher.model import Document, Stage

CROWD = 200
"""A key of near names or texts that more papers than this share says nothing."""
HEAD = 3000
"""Characters of a text among which names of papers put out together are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What linking knows of a document."""

    id: str
    title: str
    published: date | None = None
    bodies: tuple[str, ...] = ()
    text: str = ""
    """At its head attachment names and 《…（征求意见稿）》 are read; whole it is compared with others'."""
    stage: Stage | None = None
    """None: decided from the title's own markers."""
    prints: frozenset[str] | None = None
    """Of its text's sentences (see `sketch`) where they are known; None: read from the text."""


def as_paper(document: Document, id_: str, prints: frozenset[str] | None = None) -> Paper:
    """A document as linking knows it: the names of its files stand before its text."""
    files = "\n".join(attachment.name for attachment in document.attachments)
    return Paper(
        id=id_,
        title=document.title,
        published=document.published,
        bodies=document.facts.bodies,
        text=f"{files}\n{document.notice}\n{document.text}".strip(),
        stage=document.facts.stage,
        prints=prints,
    )


class Named(NamedTuple):
    """A paper under one of its names; a notice of several drafts has several."""

    paper: Paper
    name: Name
    alone: bool
    """Whether it is the paper's only name, so that all its text is this one's."""
    prints: frozenset[str]
    """Of sentences of such a text (see `sketch`)."""


def named(paper: Paper) -> list[Named]:
    """A paper under each of its names; none where its title names nothing."""
    found = names(paper.title, paper.text[:HEAD])
    alone = len(found) == 1
    prints = frozenset[str]()
    if alone:
        prints = sketch(paper.text) if paper.prints is None else paper.prints
    return [Named(paper, name, alone, prints) for name in found]


class Index:
    """Named papers by everything that equal or nearly equal names, or texts, share."""

    def __init__(self, every: Iterable[Named]) -> None:
        self._same: dict[str, list[Named]] = defaultdict(list)
        self._near: dict[str, list[Named]] = defaultdict(list)
        for one in every:
            self._same[one.name.loose].append(one)
            for key in _keys(one):
                self._near[key].append(one)

    def same(self, name: Name) -> list[Named]:
        """Those of the same name, form words aside."""
        return self._same.get(name.loose, [])

    def near(self, asked: Named) -> Iterator[Named]:
        """Those whose name or text may match, each once."""
        seen: set[tuple[str, Name]] = set()
        crowded = [self._near.get(key, []) for key in _keys(asked)]
        for found in (self.same(asked.name), *(some for some in crowded if len(some) <= CROWD)):
            for one in found:
                if (one.paper.id, one.name) not in seen:
                    seen.add((one.paper.id, one.name))
                    yield one


def _keys(one: Named) -> tuple[str, ...]:
    return (*keys(one.name), *marked(one.prints))


MARK = "#"


def marked(prints: Iterable[str]) -> list[str]:
    """Prints as keys that no name has."""
    return [f"{MARK}{each}" for each in prints]
