"""Links in the database: found by rules, decided by people, and the names that papers to link are found by."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, or_, select, update

from watcher.errors import StoreError
from watcher.link import MARK, as_paper, found_by, several, unfinished
from watcher.link.lineage import Step, about, lineage, subjects
from watcher.model import Document, Link, Stage
from watcher.store import schema as t
from watcher.store.codec import link_of
from watcher.store.database import Database
from watcher.store.findings import NEW
from watcher.store.papers import Papers
from watcher.store.same import heirs, write_names

STANDING = ("linked", "confirmed")
DECIDED = ("confirmed", "rejected")
_CROWD = 40
"""A key of near names that more papers than this share says nothing."""
_MOST = 300
"""Papers of a lineage, and papers that share a name core, the newest."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person said of a link."""

    draft: int
    final: int
    state: str
    """confirmed or rejected."""
    was: str | None
    """What stood before; None where rules had found no link."""
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A link with both its papers, without their texts, and the last decision on it."""

    link: Link
    draft: Document
    final: Document
    at: datetime
    decision: Decision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A draft without a final, or a notice of several with too few."""

    document: Document
    names: tuple[str, ...]
    """Of a notice of several drafts those that wait, where others have their finals."""
    suggested: tuple[int, ...]
    """Papers that may be its final, and that nobody confirmed."""


class Links:
    def __init__(self, db: Database, papers: Papers) -> None:
        self.db = db
        self.papers = papers

    # ------------------------------------------------------------ finding what to link

    def candidates(self, cores: Collection[str], near: Collection[str]) -> list[Document]:
        """Papers with one of these name cores, or with a name that may be nearly equal.

        Of a name in daily use only the newest; of near names, keys that many share are passed over.
        """
        rank = func.row_number().over(
            partition_by=(t.name.c.kind, t.name.c.name), order_by=t.name.c.document_id.desc()
        )
        crowd = func.count().over(partition_by=(t.name.c.kind, t.name.c.name))
        same = and_(t.name.c.kind == "core", t.name.c.name.in_(sorted(cores)))
        alike = and_(t.name.c.kind == "near", t.name.c.name.in_(sorted(near)))
        found = select(
            t.name.c.kind, t.name.c.document_id, rank.label("rank"), crowd.label("crowd")
        ).where(or_(same, alike))
        some = found.subquery()
        query = (
            select(some.c.document_id)
            .where(or_(some.c.kind == "core", some.c.crowd <= _CROWD), some.c.rank <= _MOST)
            .distinct()
        )
        with self.db.read() as tx:
            ids = list(tx.execute(query).scalars())
        return list(self.papers.get(ids).values())

    def prints(self, document_ids: Iterable[int]) -> dict[int, frozenset[str]]:
        """The prints by which the texts of these papers are found; taking them anew costs much more."""
        found: dict[int, set[str]] = {id_: set() for id_ in document_ids}
        with self.db.read() as tx:
            for some in _batches(found):
                query = select(t.name.c.document_id, t.name.c.name).where(
                    t.name.c.document_id.in_(some),
                    t.name.c.kind == "near",
                    t.name.c.name.startswith(MARK),
                )
                for id_, name in tx.execute(query):
                    found[id_].add(name.removeprefix(MARK))
        return {id_: frozenset(prints) for id_, prints in found.items()}

    def of(self, document_ids: Iterable[int]) -> list[Link]:
        """Every link of these papers, as draft or as final, also those that people rejected."""
        found: dict[tuple[int, int], Link] = {}
        with self.db.read() as tx:
            for some in _batches(set(document_ids)):
                either = or_(t.link.c.draft_id.in_(some), t.link.c.final_id.in_(some))
                for row in tx.execute(select(t.link).where(either)).mappings():
                    found[row["draft_id"], row["final_id"]] = link_of(row)
        return [found[pair] for pair in sorted(found)]

    # ------------------------------------------------------------ people

    def decide(
        self, draft: int, final: int, state: str, *, by: str, note: str = "", at: datetime
    ) -> Tie:
        """Confirm or reject a link, whether rules found it or not; the decision is kept with its maker.

        Papers that turned out to be others are those others. Raises StoreError for a paper that is
        not known, and for a paper with itself.
        """
        if state not in DECIDED:
            raise ValueError(state)
        with self.db.write() as tx:
            self.db.alone(tx)
            now = heirs(tx, (draft, final))
            draft, final = now.get(draft, draft), now.get(final, final)
            stages = _stages(tx, (draft, final))
            for id_ in (draft, final):
                if id_ not in stages:
                    raise StoreError(f"no paper {id_}")
            if draft == final:
                raise StoreError(f"paper {draft} cannot be linked to itself")
            pair = t.link.c.draft_id == draft, t.link.c.final_id == final
            before = tx.execute(select(t.link.c.state).where(*pair)).scalar()
            if before is None:
                both = stages[draft] is stages[final] is Stage.DRAFT
                tx.execute(
                    t.link.insert().values(
                        draft_id=draft,
                        final_id=final,
                        kind="round" if both else "final",
                        state=state,
                        score=1.0 if state == "confirmed" else 0.0,
                        evidence=["people said so; rules had not found it"],
                        at=at,
                    )
                )
            else:
                tx.execute(update(t.link).where(*pair).values(state=state))
            tx.execute(
                t.decision.insert().values(
                    draft_id=draft, final_id=final, state=state, was=before, by=by, note=note, at=at
                )
            )
        (tie,) = self.listed(pair=(draft, final))
        return tie

    def decisions(self, document_id: int) -> list[Decision]:
        """All that people said of a paper's links, and of those that turned out to be it, the oldest first."""
        rows = _decisions()
        both = or_(
            rows.selected_columns.draft == document_id, rows.selected_columns.final == document_id
        )
        with self.db.read() as tx:
            found = tx.execute(rows.where(both).order_by(t.decision.c.id)).mappings()
            return [Decision(**row) for row in found]

    def listed(
        self,
        *,
        state: str | None = None,
        pair: tuple[int, int] | None = None,
        limit: int = 50,
    ) -> list[Tie]:
        """Links with their papers, the newest first."""
        query = select(t.link).order_by(
            t.link.c.at.desc(), t.link.c.final_id.desc(), t.link.c.draft_id
        )
        if state is not None:
            query = query.where(t.link.c.state == state)
        if pair is not None:
            query = query.where(t.link.c.draft_id == pair[0], t.link.c.final_id == pair[1])
        with self.db.read() as tx:
            rows = tx.execute(query.limit(limit)).mappings().all()
        ids = {row[end] for row in rows for end in ("draft_id", "final_id")}
        papers = self._papers(ids)
        last = self._last_decisions(ids)
        return [
            Tie(
                link=link_of(row),
                draft=papers[row["draft_id"]],
                final=papers[row["final_id"]],
                at=row["at"],
                decision=last.get((row["draft_id"], row["final_id"])),
            )
            for row in rows
        ]

    def _papers(self, ids: Iterable[int]) -> dict[int, Document]:
        found: dict[int, Document] = {}
        for some in _batches(ids):
            for listed in self.papers.newest(ids=some, limit=len(some)):
                found[listed.document.id] = listed.document
        return found

    def _last_decisions(self, ids: Collection[int]) -> dict[tuple[int, int], Decision]:
        found: dict[tuple[int, int], Decision] = {}
        rows = _decisions()
        with self.db.read() as tx:
            for some in _batches(ids):
                mine = rows.where(rows.selected_columns.draft.in_(some)).order_by(t.decision.c.id)
                for row in tx.execute(mine).mappings():
                    found[row["draft"], row["final"]] = Decision(**row)
        return found

    # ------------------------------------------------------------ what follows from links

    def waiting(self, before: date, *, limit: int = 100) -> list[Waiting]:
        """Drafts put up before a day that have no final and no later round, the oldest first.

        A notice of several drafts waits until each has one. A link that was only suggested is no
        final. Drafts that were withdrawn are left out: their page is gone, or another paper says so.
        """
        query = (
            select(t.document.c.id, t.document.c.title)
            .where(
                t.document.c.stage == Stage.DRAFT,
                t.document.c.published < before,
                t.document.c.section.is_(None),
                t.document.c.merged_into.is_(None),
                t.document.c.withdrawn_at.is_(None),
            )
            .order_by(t.document.c.published, t.document.c.id)
        )
        ended = select(t.link.c.draft_id).where(t.link.c.state.in_(STANDING)).distinct()
        with self.db.read() as tx:
            drafts = [(row.id, row.title) for row in tx.execute(query)]
            done = set(tx.execute(ended).scalars())
        found: list[Waiting] = []
        for some in _batches(id_ for id_, title in drafts if id_ not in done or several(title)):
            papers = self._papers(some)
            over = self._taken_back(some)
            links = self.of(some)
            partly = self._partly(done.intersection(some), links)
            for id_ in some:
                names = partly.get(id_, ())
                if id_ in over or (id_ in done and not names):
                    continue
                perhaps = tuple(
                    int(link.final)
                    for link in links
                    if link.draft == str(id_) and link.state == "suggested"
                )
                found.append(Waiting(document=papers[id_], names=names, suggested=perhaps))
                if len(found) == limit:
                    return found
        return found

    def _partly(self, ids: Collection[int], links: Iterable[Link]) -> dict[int, tuple[str, ...]]:
        """Of these notices, each with a final, the names that have none."""
        came: dict[int, list[int]] = {id_: [] for id_ in ids}
        for link in links:
            if link.state in STANDING and int(link.draft) in came:
                came[int(link.draft)].append(int(link.final))
        papers = self.papers.get({*came, *(end for ends in came.values() for end in ends)})
        read = {id_: as_paper(document, str(id_)) for id_, document in papers.items()}
        found = {id_: unfinished(read[id_], [read[end] for end in came[id_]]) for id_ in came}
        return {id_: names for id_, names in found.items() if names}

    def _taken_back(self, ids: Collection[int]) -> set[int]:
        """Of these drafts those that a later paper withdraws."""
        said = self._about(ids)
        over: set[int] = set()
        for id_, others in said.items():
            for other in others:
                named = subjects(other.title, other.facts)
                if any(each.relation == "withdraws" for each in named):
                    over.add(id_)
        return over

    def _about(self, ids: Collection[int]) -> dict[int, list[Document]]:
        """By paper: others that are about one of its names."""
        mine, theirs = t.name.alias("mine"), t.name.alias("theirs")
        query = (
            select(mine.c.document_id, theirs.c.document_id.label("other"))
            .join(theirs, and_(theirs.c.name == mine.c.name, theirs.c.kind == "about"))
            .where(
                mine.c.kind == "core",
                mine.c.document_id.in_(ids),
                theirs.c.document_id != mine.c.document_id,
            )
            .distinct()
            .limit(_MOST)
        )
        with self.db.read() as tx:
            pairs = [(row.document_id, row.other) for row in tx.execute(query)]
        papers = self._papers({other for _, other in pairs})
        found: dict[int, list[Document]] = {}
        for id_, other in pairs:
            found.setdefault(id_, []).append(papers[other])
        return found

    def lineage(self, document_id: int) -> tuple[Step, ...]:
        """Rounds, final, interpretations, amendments and repeal of a paper, in order of date.

        Raises StoreError for a paper that is not known. At most some hundred papers are looked at.
        """
        with self.db.read() as tx:
            document_id = heirs(tx, (document_id,)).get(document_id, document_id)
        papers = self._papers((document_id,))
        if not papers:
            raise StoreError(f"no paper {document_id}")
        links: Sequence[Link] = ()
        fresh = set(papers)
        while fresh and len(papers) < _MOST:
            links = self.of(papers)
            ends = {int(end) for link in links for end in (link.draft, link.final)}
            named = frozenset[str]().union(*(about(p.title, p.facts) for p in papers.values()))
            ends |= {paper.id for paper in self._called(named)} if named else set()
            ends |= {other.id for others in self._about(fresh).values() for other in others}
            fresh = ends - papers.keys()
            papers |= self._papers(fresh)
        return lineage(document_id, papers, links)

    def _called(self, cores: Collection[str]) -> list[Document]:
        """Papers with one of these names, without their texts."""
        query = select(t.name.c.document_id).where(
            t.name.c.kind == "core", t.name.c.name.in_(sorted(cores)[:_AT_ONCE])
        )
        with self.db.read() as tx:
            ids = tx.execute(query.order_by(t.name.c.document_id.desc()).limit(_MOST)).scalars()
            return list(self._papers(set(ids)).values())


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    every = list(ids)
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))


def _stages(tx: Connection, ids: Iterable[int]) -> Mapping[int, Stage | None]:
    query = select(t.document.c.id, t.document.c.stage).where(t.document.c.id.in_(list(ids)))
    return {row.id: Stage(row.stage) if row.stage else None for row in tx.execute(query)}


def _decisions() -> Select[Any]:
    """Decisions by the papers that they are of today."""
    one, other = t.document.alias("one"), t.document.alias("other")
    return (
        select(
            func.coalesce(one.c.merged_into, one.c.id).label("draft"),
            func.coalesce(other.c.merged_into, other.c.id).label("final"),
            *(t.decision.c[name] for name in ("state", "was", "by", "at", "note")),
        )
        .join(one, one.c.id == t.decision.c.draft_id)
        .join(other, other.c.id == t.decision.c.final_id)
    )


# ---------------------------------------------------------------- within a recorder's transaction


def name_for_links(tx: Connection, db: Database, document: Document, near: Collection[str]) -> None:
    """Let a document be found by names like its own, and by the papers that it is about."""
    if document.section:
        return
    names = [(key, "near") for key in sorted(near)]
    names += [(core, "about") for core in sorted(about(document.title, document.facts))]
    write_names(tx, db, document.id, names)


def rename_for_links(tx: Connection, db: Database, document: Document) -> None:
    """Let a document be found by the names that it has by the rules of today, and by no others."""
    kinds = t.name.c.kind.in_(("core", "near", "about"))
    tx.execute(delete(t.name).where(t.name.c.document_id == document.id, kinds))
    cores, near = found_by(document)
    write_names(tx, db, document.id, [(core, "core") for core in sorted(cores)])
    name_for_links(tx, db, document, near)


def save_links(
    tx: Connection, db: Database, document_id: int, links: Sequence[Link], now: datetime
) -> None:
    """Save links; what people have confirmed or rejected stays."""
    ends = [
        tuple(document_id if end == NEW else int(end) for end in (link.draft, link.final))
        for link in links
    ]
    merged = heirs(tx, (end for pair in ends for end in pair))  # since they were concluded
    for link, pair in zip(links, ends, strict=True):
        draft_id, final_id = (merged.get(end, end) for end in pair)
        values = {
            "kind": link.kind,
            "state": link.state,
            "score": link.score,
            "evidence": list(link.evidence),
            "at": now,
        }
        tx.execute(
            db.insert(t.link)
            .values(draft_id=draft_id, final_id=final_id, **values)
            .on_conflict_do_update(
                index_elements=["draft_id", "final_id"],
                set_=values,
                where=t.link.c.state.not_in(DECIDED),
            )
        )
