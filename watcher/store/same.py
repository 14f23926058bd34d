"""Which document a sighting shows: what documents are found by, and two that turn out to be one."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, select, update

from watcher.identity import (
    Profile,
    number_identity,
    own_address,
    same_by_number,
    same_by_title,
    title_identity,
)
from watcher.model import Document, Item
from watcher.store import schema as t
from watcher.store.codec import facts_from_json
from watcher.store.database import Database


def known_as(tx: Connection, source_id: str, item: Item, document: Document) -> int | None:
    """The document that a row shows, if it is known from this or another source.

    `document` is what the row alone tells of. Two rows of one list are two papers, however alike
    their titles are; only their address can make them one.
    """
    address = own_address(item.url, item.key)
    if address is not None:
        for known in tx.execute(_named("address", address)).scalars():
            return int(known)
    here = select(t.sighting.c.key).where(
        t.sighting.c.source_id == source_id, t.sighting.c.document_id == t.document.c.id
    )
    profile = profile_of(document)
    if item.title:
        alike = _profiles(_named("title", title_identity(item.title))).where(~here.exists())
        for row in tx.execute(alike).mappings():
            if same_by_title(profile, _profile(row)):
                return int(row["id"])
    if number := number_identity(profile):
        alike = _profiles(_named("number", number)).where(~here.exists())
        for row in tx.execute(alike).mappings():
            if same_by_number(profile, _profile(row)):
                return int(row["id"])
    for title in item.aka:  # a brief names the ministry's paper by its Chinese title
        named = _profiles(_named("title", title_identity(title))).where(~here.exists())
        for row in tx.execute(named).mappings():
            return int(row["id"])
    return None


def elder(tx: Connection, document: Document) -> int | None:
    """The other document that this one turns out to be, by the number its page bears."""
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
    """Let one document be the other: its sightings and names pass over, what it owed is not owed.

    A message that has left, or may have, stays as it is; and so does one to a target that the
    elder owes nothing.
    """
    tx.execute(
        update(t.sighting).where(t.sighting.c.document_id == younger).values(document_id=into)
    )
    names = tx.execute(
        select(t.name.c.name, t.name.c.kind).where(t.name.c.document_id == younger)
    ).all()
    tx.execute(delete(t.name).where(t.name.c.document_id == younger))
    write_names(tx, db, into, [(row.name, row.kind) for row in names])
    tx.execute(
        delete(t.link).where((t.link.c.draft_id == younger) | (t.link.c.final_id == younger))
    )
    told = (
        select(t.delivery.c.target)
        .join(t.change, t.change.c.id == t.delivery.c.change_id)
        .where(t.change.c.document_id == into)
    )
    of_younger = select(t.change.c.id).where(t.change.c.document_id == younger)
    tx.execute(
        delete(t.delivery).where(
            t.delivery.c.change_id.in_(of_younger),
            t.delivery.c.state.in_(["owed", "held"]),
            ~t.delivery.c.in_flight,
            t.delivery.c.attempts == 0,
            t.delivery.c.target.in_(told),
        )
    )
    tx.execute(
        update(t.document)
        .where(t.document.c.id == younger)
        .values(merged_into=into, next_read_at=None)
    )


def index(
    tx: Connection,
    db: Database,
    document: Document,
    cores: Iterable[str],
    address: str | None = None,
) -> None:
    """Let a document be found by its title, its number, its name cores and an address."""
    names = [(core, "core") for core in sorted(cores)]
    names.append((title_identity(document.title), "title"))
    if number := number_identity(profile_of(document)):
        names.append((number, "number"))
    if address:
        names.append((address, "address"))
    write_names(tx, db, document.id, names)


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
    )


def _named(kind: str, name: str) -> Select[Any]:
    return (
        select(t.name.c.document_id)
        .where(t.name.c.kind == kind, t.name.c.name == name)
        .order_by(t.name.c.document_id)
        .limit(100)
    )


def _profiles(ids: Select[Any]) -> Select[Any]:
    columns = (t.document.c.id, t.document.c.title, t.document.c.published, t.document.c.facts)
    return (
        select(*columns).where(t.document.c.id.in_(ids.scalar_subquery())).order_by(t.document.c.id)
    )


def _profile(row: RowMapping) -> Profile:
    facts = facts_from_json(row["facts"])
    return Profile(
        title=row["title"],
        published=row["published"],
        bodies=facts.bodies,
        stage=facts.stage,
        doc_number=facts.doc_number,
    )


def _share_a_list(tx: Connection, one: int, other: int) -> bool:
    mine = select(t.sighting.c.source_id).where(t.sighting.c.document_id == one)
    query = select(t.sighting.c.key).where(
        t.sighting.c.document_id == other, t.sighting.c.source_id.in_(mine.scalar_subquery())
    )
    return tx.execute(query.limit(1)).first() is not None
