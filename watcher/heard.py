"""Who hears of a paper because they heard of another: a correction, a next round, a final, an interpretation."""

from collections.abc import Sequence

from watcher.link.lineage import about, meant, subjects
from watcher.model import ChangeKind, Document, Link, Stage
from watcher.store import Store
from watcher.store.findings import NEW
from watcher.store.links import STANDING


def heard_before(
    store: Store, document: Document, kind: ChangeKind, links: Sequence[Link]
) -> tuple[list[int], str]:
    """Whose readers hear of a change of this document too, and what it is to them.

    Of a correction, its own; else those of the drafts that it is surely the final or a next
    round of, by what was found now (`links`) or before; of an interpretation, those of what it
    explains.
    """
    if kind is not ChangeKind.NEW and document.id:
        return [document.id], "a change to a paper"
    if document.facts.stage is Stage.INTERPRETATION:
        return _explained(store, document), "an interpretation of a paper"
    me = str(document.id) if document.id else NEW
    known = store.links.of([document.id]) if document.id else []
    sure = [x for x in (*links, *known) if x.state in STANDING and x.final == me]
    draft = document.facts.stage is Stage.DRAFT
    wanted = "round" if draft else "final"
    follows = "a new round of a draft" if draft else "the final of a draft"
    return sorted({int(x.draft) for x in sure if x.kind == wanted}), follows


def _explained(store: Store, document: Document) -> list[int]:
    """The papers that an interpretation explains, as far as they are known."""
    if document.section:
        return []
    named = subjects(document.title, document.facts)
    explained = [each for each in named if each.relation == "explains"]
    cores = about(document.title, document.facts)
    others = store.links.candidates(cores, ()) if explained and cores else []
    found = [meant(each, document, others) for each in explained]
    return sorted({one.id for one in found if one is not None})
