"""Which papers of a period are one matter: drafts with their finals, rounds, interpretations. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from watcher import link as linking
from watcher.compiled import Related
from watcher.link.lineage import about
from watcher.model import Document, Link, Stage


def day_of(document: Document) -> date | None:
    """When a paper was published, else signed."""
    return document.published or document.signed


def matters_of(
    papers: Mapping[int, Document], links: Sequence[Link], picked: Collection[int]
) -> tuple[list[int], Mapping[int, tuple[Related, ...]]]:
    """One paper for each matter, with the others of it: a final stands for its drafts, a later
    round for those before, and either for its interpretations. A picked paper stands itself.
    """
    group = {id_: id_ for id_ in papers}

    def root(id_: int) -> int:
        while group[id_] != id_:
            id_ = group[id_]
        return id_

    for one, other in [*_tied(papers, links), *_explained(papers)]:
        if one not in picked and other not in picked:
            group[root(one)] = root(other)
    matters: dict[int, list[Document]] = {}
    for id_ in sorted(papers):
        matters.setdefault(root(id_), []).append(papers[id_])
    leads: list[int] = []
    related: dict[int, tuple[Related, ...]] = {}
    for members in matters.values():
        lead = max(members, key=_stands_for)
        leads.append(lead.id)
        others = sorted(
            (each for each in members if each is not lead),
            key=lambda each: (day_of(each) or date.max, each.id),
        )
        related[lead.id] = tuple(
            Related(
                document=each.id,
                role=_role(each),
                title=each.title,
                url=each.url,
                day=day_of(each),
            )
            for each in others
        )
    return sorted(leads), related


def _tied(papers: Mapping[int, Document], links: Sequence[Link]) -> Iterator[tuple[int, int]]:
    for link in links:
        draft, final = int(link.draft), int(link.final)
        if draft in papers and final in papers:
            yield draft, final


def _explained(papers: Mapping[int, Document]) -> Iterator[tuple[int, int]]:
    """Interpretations with the papers of the period that they explain."""
    named: dict[str, int] = {}
    for id_, document in papers.items():
        if document.facts.stage in (Stage.DRAFT, Stage.FINAL) and not document.section:
            for core in linking.cores(document.title, document.text[: linking.HEAD]):
                named.setdefault(core, id_)
    for id_, document in papers.items():
        if document.facts.stage is Stage.INTERPRETATION and not document.section:
            found = {named[core] for core in about(document.title, document.facts) & named.keys()}
            yield from ((id_, other) for other in sorted(found))


def _stands_for(document: Document) -> tuple[int, int, date, int]:
    order = {Stage.FINAL: 2, Stage.DRAFT: 1}
    stage = document.facts.stage
    return (
        order.get(stage, 0) if stage else 0,
        document.facts.round or 1,
        day_of(document) or date.min,
        document.id,
    )


def _role(document: Document) -> str:
    stage = document.facts.stage
    if stage is Stage.DRAFT:
        return f"round {document.facts.round}" if (document.facts.round or 1) > 1 else "draft"
    return stage.value.replace("_", " ") if stage else "paper"
