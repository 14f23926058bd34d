"""The two writings that make news: a visit's and a reading's. Each is ONE transaction with what it owes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from watcher.correct import corrected, standing
from watcher.detect import Known
from watcher.identity import own_address
from watcher.model import Cause, ChangeKind, Document, Item, Link
from watcher.store import schema as t
from watcher.store.attachments import save_files
from watcher.store.codec import content_hash, document_columns, listed_columns, read_columns
from watcher.store.database import Database
from watcher.store.findings import Arrival, Paper, Reading, RowChange, Visit
from watcher.store.labels import history, relabel, say_deadline
from watcher.store.links import name_for_links, save_links
from watcher.store.owing import owe
from watcher.store.postings import owe_updates
from watcher.store.same import (
    double,
    heirs,
    index,
    join,
    known_as,
    merge,
    share_address,
    take_over,
    told_before,
    write_names,
)
from watcher.store.sources import GOOD
from watcher.store.versions import add_version
from watcher.text import letters


class Stale(Exception):
    """A document was changed by somebody else since the visit looked at it: look again."""


class Recorder:
    def __init__(self, db: Database) -> None:
        self.db = db

    def visit(self, visit: Visit) -> int | None:
        """Save a visit; return how many changes readers hear of, or None if the claim was lost.

        Raises Stale, and saves nothing, when a document it changes has a newer version than the
        one the visit concluded from, or has turned out to be another.
        """
        state = visit.state
        with self.db.write() as tx:
            self.db.alone(tx)
            held = tx.execute(
                update(t.source)
                .where(t.source.c.id == state.id, t.source.c.fence == state.fence)
                .values(
                    last_read_at=visit.at,
                    last_good_at=visit.at,
                    next_poll_at=visit.next_poll_at,
                    baseline_at=state.baseline_at or visit.at,
                    etag=visit.validators.etag,
                    last_modified=visit.validators.last_modified,
                    fingerprint=visit.fingerprint,
                    definition=visit.definition,
                    row_counts=list(visit.row_counts),
                    **_held(visit),
                    **GOOD,
                )
            )
            if held.rowcount == 0:
                return None
            rows = [*(known for known, _ in visit.corrections), *(c.known for c in visit.changes)]
            if heirs(tx, (known.document_id for known in rows)):
                raise Stale
            for known, item in visit.corrections:
                self._correct(tx, state.id, known, item)
            news = sum(self._arrive(tx, visit, arrival) for arrival in visit.arrivals)
            return news + sum(self._change_row(tx, visit, change) for change in visit.changes)

    def tie(self, links: Sequence[Link], now: datetime) -> None:
        """Save links between documents that are known by now."""
        with self.db.write() as tx:
            self._tie(tx, 0, links, now)

    def reading(self, reading: Reading) -> bool:
        """Save a reading of a document's page; False if the claim was lost."""
        due = reading.due
        failed = reading.error is not None
        with self.db.write() as tx:
            self.db.alone(tx)
            held = tx.execute(
                update(t.document)
                .where(t.document.c.id == due.document.id, t.document.c.fence == due.fence)
                .values(
                    next_read_at=reading.next_read_at,
                    leased_until=t.NEVER,
                    reads=due.reads if failed else due.reads + 1,
                    read_failures=due.failures + 1 if failed else 0,
                    gone=reading.gone,
                    short=reading.short,
                    read_error=reading.error,
                    etag=reading.validators.etag,
                    last_modified=reading.validators.last_modified,
                )
            )
            if held.rowcount == 0:
                return False
            if reading.files is not None:
                save_files(tx, due.document.id, reading.files)
            if reading.paper is not None:
                self._read(tx, reading, reading.paper)
            return True

    # ------------------------------------------------------------ within a transaction

    def _arrive(self, tx: Connection, visit: Visit, arrival: Arrival) -> int:
        item, paper, source_id = arrival.item, arrival.paper, visit.state.id
        known = known_as(tx, source_id, item, paper.document)
        if known is not None:
            self._see(tx, source_id, known, item, visit.at)
            join(tx, self.db, known, paper.document)
            return 0
        told = told_before(tx, source_id, paper.document, news=arrival.news)
        if told is not None:
            self._see(tx, source_id, told, item, visit.at)
            mine = _labelled(tx, replace(paper.document, id=told))
            arrival = replace(arrival, paper=replace(paper, document=mine))
            taken = take_over(tx, self.db, told, arrival, visit.at, visit.snapshot)
            name_for_links(tx, self.db, taken, paper.near)
            self._tie(tx, told, paper.links, visit.at)
            # whom the brief's words did not concern, its own title may
            _complete(tx, told, arrival.paper, visit.at)
            return 0
        columns = document_columns(paper.document)
        document_id = int(
            tx.execute(
                t.document.insert()
                .values(
                    **columns,
                    rules=paper.rules,
                    first_seen_at=visit.at,
                    next_read_at=arrival.next_read_at,
                )
                .returning(t.document.c.id)
            ).scalar_one()
        )
        document = replace(paper.document, id=document_id)
        self._see(tx, source_id, document_id, item, visit.at)
        version_id = add_version(
            tx, document, Cause.LISTED, arrival.snapshot or visit.snapshot, visit.at
        )
        self._index(tx, document, paper)
        self._tie(tx, document_id, paper.links, visit.at)
        if not arrival.news:
            return 0
        self._announce(
            tx,
            ChangeKind.NEW,
            paper,
            document_id,
            source_id,
            (None, version_id),
            None,
            visit.at,
            held=arrival.held,
        )
        return 1

    def _change_row(self, tx: Connection, visit: Visit, change: RowChange) -> int:
        source_id, document_id = visit.state.id, change.known.document_id
        if change.item is not None:
            self._correct(tx, source_id, change.known, change.item)
        else:
            _set_gone(tx, source_id, change.known.key, visit.at)
        row = select(t.document).where(t.document.c.id == document_id)
        before = tx.execute(row).mappings().one()
        if change.kind in (ChangeKind.WITHDRAWN, ChangeKind.RESTORED):
            gone = change.kind is ChangeKind.WITHDRAWN
            if gone == (before["withdrawn_at"] is not None):
                return 0
            if gone and self._stands_elsewhere(tx, document_id):
                return 0
            values: dict[str, Any] = {"withdrawn_at": visit.at if gone else None}
            after = before["version_id"]
        else:
            document = _labelled(tx, change.paper.document)
            if before["version_id"] != document.version_id:
                raise Stale
            same_title = letters(before["title"]) == letters(document.title)
            same_deadline = before["deadline"] == document.facts.deadline
            if change.item is not None and (on := change.item.deadline):
                # a reader's deadline must not hide that the list's has moved
                same_deadline = say_deadline(tx, document_id, on, visit.at) == on
            if change.kind and same_title and same_deadline:
                return 0  # another source said so before
            after = before["version_id"]
            if before["title"] != document.title:
                after = add_version(tx, document, Cause.LISTED, visit.snapshot, visit.at)
            self._index(tx, document, change.paper)
            self._tie(tx, document_id, change.paper.links, visit.at)
            # a reading under way concluded from what is no longer so: its claim ends here
            values = listed_columns(document) | {
                "rules": None,  # only its title was read: its facts are to be concluded again
                "fence": t.document.c.fence + 1,
                "leased_until": t.NEVER,
            }
            if change.kind and (before["next_read_at"] is not None or before["reads"]):
                values["next_read_at"] = visit.at
        tx.execute(update(t.document).where(t.document.c.id == document_id).values(**values))
        if change.kind is None:
            return 0
        versions = (before["version_id"], after)
        self._announce(
            tx, change.kind, change.paper, document_id, source_id, versions, change.was, visit.at
        )
        return 1

    def _read(self, tx: Connection, reading: Reading, paper: Paper) -> None:
        document, document_id = _labelled(tx, paper.document), reading.due.document.id
        before = tx.execute(
            select(t.document.c.version_id).where(t.document.c.id == document_id)
        ).scalar_one()
        after = before
        if content_hash(document) != reading.due.text_hash:
            after = add_version(tx, document, Cause.PAGE, reading.snapshot, reading.at)
        # of a page that is gone nothing was concluded now
        anew = paper.document != reading.due.document
        values = read_columns(document) | {"rules": paper.rules if anew else None}
        if reading.kind is ChangeKind.WITHDRAWN:
            values["withdrawn_at"] = reading.at
        elif reading.kind is ChangeKind.RESTORED:
            values["withdrawn_at"] = None
        tx.execute(update(t.document).where(t.document.c.id == document_id).values(**values))
        withdrawn = values.get("withdrawn_at", reading.due.withdrawn)
        other = None if withdrawn else double(tx, document)
        if other is not None:
            merge(tx, self.db, max(document_id, other), into=min(document_id, other))
            relabel(tx, min(document_id, other))
            if other < document_id:
                return
        self._index(tx, document, paper)
        self._tie(tx, document_id, paper.links, reading.at)
        if reading.kind is not None:
            versions = (before, after)
            self._announce(
                tx,
                reading.kind,
                paper,
                document_id,
                document.source_id,
                versions,
                reading.was,
                reading.at,
            )
            return
        _complete(tx, document_id, paper, reading.at, after)

    def _announce(
        self,
        tx: Connection,
        kind: ChangeKind,
        paper: Paper,
        document_id: int,
        source_id: str,
        versions: tuple[int | None, int | None],
        was: str | None,
        now: datetime,
        *,
        held: bool = False,
    ) -> None:
        """Record a change for readers, with what is owed for it."""
        holding = select(t.source.c.holding).where(t.source.c.id == source_id)
        held = held or bool(tx.execute(holding).scalar())
        change_id = int(
            tx.execute(
                t.change.insert()
                .values(
                    kind=kind,
                    document_id=document_id,
                    source_id=source_id,
                    before_id=versions[0],
                    after_id=versions[1],
                    was=was,
                    at=now,
                    held=held,
                )
                .returning(t.change.c.id)
            ).scalar_one()
        )
        owe(tx, kind, change_id, document_id, paper.notifications, now)
        if kind is not ChangeKind.NEW and not held:
            owe_updates(tx, self.db, document_id, f"change {change_id}", now)

    def _see(
        self, tx: Connection, source_id: str, document_id: int, item: Item, now: datetime
    ) -> None:
        values = {
            "document_id": document_id,
            "title": item.title,
            "url": item.url,
            "published": item.published,
            "deadline": item.deadline,
            "gone_at": None,
        }
        tx.execute(
            self.db.insert(t.sighting)
            .values(source_id=source_id, key=item.key, first_seen_at=now, **values)
            .on_conflict_do_update(index_elements=["source_id", "key"], set_=values)
        )
        self._name_address(tx, document_id, item)

    def _name_address(self, tx: Connection, document_id: int, item: Item) -> None:
        if address := own_address(item.url, item.key):
            write_names(tx, self.db, document_id, [(address, "address")])

    def _correct(self, tx: Connection, source_id: str, known: Known, item: Item) -> None:
        """Let a sighting say what its row says now; the document follows a moved address."""
        tx.execute(
            update(t.sighting)
            .where(t.sighting.c.source_id == source_id, t.sighting.c.key == known.key)
            .values(
                key=item.key,
                title=item.title,
                url=item.url,
                published=item.published or known.published,
                deadline=item.deadline or known.deadline,
                gone_at=None,
            )
        )
        alone = own_address(known.url, known.key)
        if alone and item.url and own_address(item.url, item.key) is None:
            share_address(tx, known.document_id, alone)
        if item.url != known.url:
            self._name_address(tx, known.document_id, item)
            tx.execute(
                update(t.document)
                .where(t.document.c.id == known.document_id, t.document.c.url == known.url)
                .values(
                    url=item.url,
                    etag=None,
                    last_modified=None,
                    # a reading of the old address must not have the last word
                    fence=t.document.c.fence + 1,
                    leased_until=t.NEVER,
                )
            )

    def _stands_elsewhere(self, tx: Connection, document_id: int) -> bool:
        query = select(t.sighting.c.key).where(
            t.sighting.c.document_id == document_id, t.sighting.c.gone_at.is_(None)
        )
        return tx.execute(query.limit(1)).first() is not None

    def _index(self, tx: Connection, document: Document, paper: Paper) -> None:
        """Let a document be found by all its names."""
        index(tx, self.db, document, paper.cores)
        name_for_links(tx, self.db, document, paper.near)

    def _tie(self, tx: Connection, document_id: int, links: Sequence[Link], now: datetime) -> None:
        save_links(tx, self.db, document_id, links, now)


def _complete(
    tx: Connection, document_id: int, paper: Paper, now: datetime, after: int | None = None
) -> None:
    """Let what was learnt of a paper complete its NEW, which may wait for the text; a baseline has none."""
    news = t.change.c.kind == ChangeKind.NEW, t.change.c.mark.is_(None)
    mine = t.change.c.document_id == document_id
    found = tx.execute(select(t.change.c.id).where(mine, *news)).scalar()
    if found is None:
        return
    if after is not None:
        tx.execute(update(t.change).where(t.change.c.id == found).values(after_id=after))
    owe(tx, ChangeKind.NEW, int(found), document_id, paper.notifications, now)


def _labelled(tx: Connection, document: Document) -> Document:
    """`document` with the labels that stand now: one may have been set since it was concluded."""
    return corrected(document, standing(history(tx, document.id)))


def _held(visit: Visit) -> dict[str, Any]:
    if visit.held_reason is None:
        return {}
    return {"held_at": visit.state.held_at or visit.at, "held_reason": visit.held_reason}


def _set_gone(tx: Connection, source_id: str, key: str, now: datetime) -> None:
    tx.execute(
        update(t.sighting)
        .where(t.sighting.c.source_id == source_id, t.sighting.c.key == key)
        .values(gone_at=now)
    )
