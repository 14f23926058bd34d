"""Which document a sighting shows: what documents are found by, and two that turn out to be one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    delete,
    func,
    select,
    update,
)

from watcher.identity import (
    Profile,
    number_identity,
    own_address,
    same_as_told,
    same_by_number,
    same_by_title,
    title_identity,
)
from watcher.link import cores as cores_of
from watcher.model import Cause, ChangeKind, Document, Item
from watcher.store import schema as t
from watcher.store.codec import document_columns, facts_from_json, facts_to_json
from watcher.store.database import Database
from watcher.store.findings import Arrival
from watcher.store.versions import add_version
from watcher.text import letters


def known_as(tx: Connection, source_id: str, item: Item, document: Document) -> int | None:
    """The document that a row shows, if it is known from this or another source.

    `document` is what the row alone tells of. Two rows of one list are two papers, however alike
    their titles are; only their address can make them one. A brief's item is the paper it names.
    """
    address = own_address(item.url, item.key)
    if address is not None:
        first = select(func.min(t.name.c.document_id)).where(
            t.name.c.kind == "address", t.name.c.name == address
        )
        if (known := tx.execute(first).scalar()) is not None:
            return int(known)
    here = _sighted_on(source_id)
    profile = profile_of(document)
    if item.title:
        alike = _profiles(_named("title", title_identity(item.title))).where(~here.exists())
        rows = [(row["id"], _profile(row)) for row in tx.execute(alike).mappings()]
        near = [
            (abs(profile.published - other.published), id_)
            for id_, other in rows
            if same_by_title(profile, other) and profile.published and other.published
        ]
        if near:  # of a notice that comes every day in the same words, that of the day
            return int(min(near)[1])
    if number := number_identity(profile):
        alike = _profiles(_named("number", number)).where(~here.exists())
        for row in tx.execute(alike).mappings():
            if same_by_number(profile, _profile(row)):
                return int(row["id"])
    if not document.aka:
        return None
    named = t.name.c.kind.in_(("title", "core", "aka")), t.name.c.name.in_(_aka_names(document))
    named_so = _profiles(_recent(and_(*named))).where(~here.exists())
    found = [row for row in _read(tx, named_so) if same_as_told(profile, row[1])]
    return _nearest(profile, found)


def told_before(tx: Connection, source_id: str, document: Document, *, news: bool) -> int | None:
    """The document that only briefs have told of so far, and that is this paper of a ministry.

    What stood in a brief's baseline was told to nobody: it keeps no paper from being `news`.
    """
    if document.section:
        return None
    titles = {title_identity(document.title), *cores_of(document.title)}
    rows = _profiles(_recent(and_(t.name.c.kind == "aka", t.name.c.name.in_(titles))))
    rows = rows.where(t.document.c.section.isnot(None), ~_sighted_on(source_id).exists())
    if news:
        heard = select(t.change.c.id).where(
            t.change.c.document_id == t.document.c.id, t.change.c.kind == ChangeKind.NEW
        )
        rows = rows.where(heard.exists())
    me = profile_of(document)
    return _nearest(me, [row for row in _read(tx, rows) if same_as_told(row[1], me)])


def _read(tx: Connection, rows: Select[Any]) -> list[tuple[int, Profile]]:
    unmerged = rows.where(t.document.c.merged_into.is_(None))
    return [(int(row["id"]), _profile(row)) for row in tx.execute(unmerged).mappings()]


def _nearest(me: Profile, found: Sequence[tuple[int, Profile]]) -> int | None:
    def apart(other: Profile) -> timedelta:
        days = me.published, other.published
        return abs(days[0] - days[1]) if days[0] and days[1] else timedelta.max

    return min(((apart(other), id_) for id_, other in found), default=(None, None))[1]


def _sighted_on(source_id: str) -> Select[Any]:
    return select(t.sighting.c.key).where(
        t.sighting.c.source_id == source_id, t.sighting.c.document_id == t.document.c.id
    )


def _recent(condition: ColumnElement[bool]) -> Select[Any]:
    ids = select(t.name.c.document_id).where(condition)
    return ids.order_by(t.name.c.document_id.desc()).limit(_MOST)


_MOST = 200
"""Documents with one of a paper's names that are looked at, the newest."""


def _aka_names(document: Document) -> list[str]:
    """What a paper is found by under the names that a brief gives it."""
    found = {found for name in document.aka for found in (title_identity(name), *cores_of(name))}
    return sorted(filter(None, found))


def join(tx: Connection, db: Database, document_id: int, document: Document) -> None:
    """Let a known paper be shown, and found, by the names that a brief gives it.

    What the brief says that it wants reached is kept where the paper was found to say nothing of it.
    """
    if not document.aka:
        return
    mine = t.document.c.id == document_id
    known = select(t.document.c.title, t.document.c.aka, t.document.c.facts).where(mine)
    row = tx.execute(known).one()
    values: dict[str, Any] = {"aka": list(_others(row.title, (*row.aka, *document.aka)))}
    facts = facts_from_json(row.facts)
    if document.facts.targets and not facts.targets:
        values["facts"] = facts_to_json(replace(facts, targets=document.facts.targets))
    tx.execute(update(t.document).where(mine).values(**values))
    write_names(tx, db, document_id, [(name, "aka") for name in _aka_names(document)])


def take_over(
    tx: Connection,
    db: Database,
    document_id: int,
    arrival: Arrival,
    at: datetime,
    snapshot: str | None,
) -> Document:
    """Let what a brief told of be the ministry's paper from now on: its title, its page, its source.

    What the brief said stays, as the version before; so do the names it gives, and a deadline
    and targets that the ministry's row does not tell.
    """
    before = t.document.c.id == document_id
    row = tx.execute(select(t.document).where(before)).mappings().one()
    paper = arrival.paper.document
    said = facts_from_json(row["facts"])
    deadline = paper.facts.deadline or said.deadline
    targets = paper.facts.targets or said.targets
    document = replace(
        paper,
        id=document_id,
        aka=_others(paper.title, (*row["aka"], *paper.aka)),
        facts=replace(paper.facts, deadline=deadline, targets=targets),
    )
    values = document_columns(document) | {
        "next_read_at": arrival.next_read_at,
        "fence": t.document.c.fence + 1,
        "leased_until": t.NEVER,
    }
    tx.execute(update(t.document).where(before).values(**values))
    add_version(tx, document, Cause.LISTED, arrival.snapshot or snapshot, at)
    index(tx, db, document, arrival.paper.cores)
    return document


def _others(title: str, names: Sequence[str]) -> tuple[str, ...]:
    """What a paper is called besides its title, each name once."""
    found = {letters(title): title}
    for name in names:
        found.setdefault(letters(name), name)
    return tuple(found.values())[1:]


def double(tx: Connection, document: Document) -> int | None:
    """The other document that is the same paper as this one, by the number its page bears."""
    profile = profile_of(document)
    number = number_identity(profile)
    if number is None:
        return None
    for row in tx.execute(_profiles(_named("number", number))).mappings():
        if row["id"] == document.id or not same_by_number(profile, _profile(row)):
            continue
        alike = title_identity(row["title"]) == title_identity(document.title)
        if alike or not _share_a_list(tx, row["id"], document.id):
            return int(row["id"])
    return None


def merge(tx: Connection, db: Database, younger: int, into: int) -> None:
    """Let one document be the other: its sightings, names and links pass over, and what it owes.

    A reading of the younger that is under way ends here; an elder that was not read any more is
    read on in its place. Where both have a link to one paper, what people decided stands, else the
    elder's own.
    """
    due = select(t.document.c.next_read_at).where(t.document.c.id == younger)
    tx.execute(
        update(t.document)
        .where(t.document.c.id == into, t.document.c.next_read_at.is_(None))
        .values(next_read_at=tx.execute(due).scalar())
    )
    tx.execute(
        update(t.sighting).where(t.sighting.c.document_id == younger).values(document_id=into)
    )
    names = tx.execute(
        select(t.name.c.name, t.name.c.kind).where(t.name.c.document_id == younger)
    ).all()
    tx.execute(delete(t.name).where(t.name.c.document_id == younger))
    write_names(tx, db, into, [(row.name, row.kind) for row in names])
    _pass_links(tx, db, younger, into)
    _pass_deliveries(tx, younger, into)
    tx.execute(
        update(t.document).where(t.document.c.merged_into == younger).values(merged_into=into)
    )
    tx.execute(
        update(t.document)
        .where(t.document.c.id == younger)
        .values(
            merged_into=into,
            next_read_at=None,
            fence=t.document.c.fence + 1,
            leased_until=t.NEVER,
        )
    )


def heirs(tx: Connection, ids: Iterable[int]) -> dict[int, int]:
    """Which of these documents turned out to be another, and which one."""
    asked = sorted(set(ids))
    found: dict[int, int] = {}
    for start in range(0, len(asked), _AT_ONCE):
        merged = select(t.document.c.id, t.document.c.merged_into).where(
            t.document.c.id.in_(asked[start : start + _AT_ONCE]),
            t.document.c.merged_into.isnot(None),
        )
        found |= {row.id: int(row.merged_into) for row in tx.execute(merged)}
    return found


_AT_ONCE = 1000
"""Values in one IN: databases take only so many."""


def _pass_links(tx: Connection, db: Database, younger: int, into: int) -> None:
    ends = (t.link.c.draft_id == younger) | (t.link.c.final_id == younger)
    rows = [dict(row) for row in tx.execute(select(t.link).where(ends)).mappings()]
    tx.execute(delete(t.link).where(ends))
    for row in rows:
        for end in ("draft_id", "final_id"):
            row[end] = into if row[end] == younger else row[end]
        if row["draft_id"] == row["final_id"]:
            continue
        insert = db.insert(t.link).values(**row)
        keys = ["draft_id", "final_id"]
        if row["state"] in _DECIDED:
            undecided = t.link.c.state.not_in(_DECIDED)
            tx.execute(insert.on_conflict_do_update(index_elements=keys, set_=row, where=undecided))
        else:
            tx.execute(insert.on_conflict_do_nothing(index_elements=keys))


_DECIDED = ("confirmed", "rejected")


def _pass_deliveries(tx: Connection, younger: int, into: int) -> None:
    """Let every target hear of the two arrivals once: what has left stays, one of two owed goes.

    Where the elder's arrival was news, the younger's alerts become its own, so that it knows whom
    it has told; what may be on its way is never dropped.
    """
    elders = {row["target"]: row for row in _arrival_rows(tx, into)}
    news = t.change.c.document_id == into, t.change.c.kind == ChangeKind.NEW
    elder = tx.execute(select(t.change.c.id).where(*news)).scalar()
    for row in _arrival_rows(tx, younger):
        other = elders.get(row["target"])
        if other is not None and _waits(row) and _tells(other, row):
            _drop(tx, row, other)
        elif row["state"] in ("owed", "sent") and (other is None or _waits(other)):
            if other is not None:
                _drop(tx, other, row)
            if elder is not None:
                mine = t.delivery.c.id == row["id"]
                tx.execute(update(t.delivery).where(mine).values(change_id=elder))


def _arrival_rows(tx: Connection, document_id: int) -> Sequence[RowMapping]:
    query = (
        select(t.delivery)
        .join(t.change, t.change.c.id == t.delivery.c.change_id)
        .where(t.change.c.document_id == document_id, t.change.c.kind == ChangeKind.NEW)
        .order_by(t.delivery.c.id)
    )
    return tx.execute(query).mappings().all()


def _waits(row: RowMapping) -> bool:
    """Whether a delivery has surely not left yet."""
    return row["state"] in ("owed", "held") and not row["in_flight"] and not row["attempts"]


def _tells(one: RowMapping, other: RowMapping) -> bool:
    """Whether `one` says what `other` would: a dead row says nothing, a held one may never."""
    return one["state"] in ("owed", "sent") or (one["state"], other["state"]) == ("held", "held")


def _drop(tx: Connection, row: RowMapping, kept: RowMapping) -> None:
    """Forget one of two rows of one paper; the other inherits what the ledger says of it."""
    of_row = t.attempt.c.delivery_id == row["id"]
    tx.execute(update(t.attempt).where(of_row).values(delivery_id=kept["id"]))
    tx.execute(delete(t.delivery).where(t.delivery.c.id == row["id"]))


def index(tx: Connection, db: Database, document: Document, cores: Iterable[str]) -> None:
    """Let a document be found by its title, its number and its name cores."""
    names = [(core, "core") for core in sorted(cores)]
    names.append((title_identity(document.title), "title"))
    names += [(name, "aka") for name in _aka_names(document)]
    if number := number_identity(profile_of(document)):
        names.append((number, "number"))
    write_names(tx, db, document.id, names)


def share_address(tx: Connection, document_id: int, address: str) -> None:
    """Other rows have this address as well now: it tells nobody's paper any more."""
    own = t.name.c.document_id == document_id, t.name.c.kind == "address"
    tx.execute(delete(t.name).where(*own, t.name.c.name == address))


def write_names(
    tx: Connection, db: Database, document_id: int, names: Iterable[tuple[str, str]]
) -> None:
    rows = [{"name": name, "kind": kind, "document_id": document_id} for name, kind in names]
    if rows:
        tx.execute(db.insert(t.name).on_conflict_do_nothing(), rows)


def profile_of(document: Document) -> Profile:
    return Profile(
        title=document.title,
        published=document.published,
        bodies=document.facts.bodies,
        stage=document.facts.stage,
        doc_number=document.facts.doc_number,
        aka=document.aka,
    )


def _named(kind: str, name: str) -> Select[Any]:
    return (
        select(t.name.c.document_id)
        .where(t.name.c.kind == kind, t.name.c.name == name)
        .order_by(t.name.c.document_id.desc())  # of a title in daily use only the last can match
        .limit(100)
    )


def _profiles(ids: Select[Any]) -> Select[Any]:
    known = t.document.c
    return (
        select(known.id, known.title, known.published, known.facts, known.aka)
        .where(t.document.c.id.in_(ids.scalar_subquery()))
        .where(t.document.c.withdrawn_at.is_(None))  # readers must hear of what is put up again
        .order_by(t.document.c.id)
    )


def _profile(row: RowMapping) -> Profile:
    facts = facts_from_json(row["facts"])
    return Profile(
        title=row["title"],
        published=row["published"],
        bodies=facts.bodies,
        stage=facts.stage,
        doc_number=facts.doc_number,
        aka=tuple(row["aka"]),
    )


def _share_a_list(tx: Connection, one: int, other: int) -> bool:
    mine = select(t.sighting.c.source_id).where(t.sighting.c.document_id == one)
    query = select(t.sighting.c.key).where(
        t.sighting.c.document_id == other, t.sighting.c.source_id.in_(mine.scalar_subquery())
    )
    return tx.execute(query.limit(1)).first() is not None
