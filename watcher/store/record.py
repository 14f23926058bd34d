"""The two writings that make news: a visit's and a reading's. Each is ONE transaction with what it owes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from watcher.detect import Known, is_mirror
from watcher.model import Cause, ChangeKind, Document, Item, Link
from watcher.store import schema as t
from watcher.store.codec import document_columns
from watcher.store.database import Database
from watcher.store.findings import NEW, Arrival, Paper, Reading, RowChange, Visit
from watcher.store.outbox import owe
from watcher.store.sources import GOOD
from watcher.text import letters, text_hash


class Recorder:
    def __init__(self, db: Database) -> None:
        self.db = db

    def visit(self, visit: Visit) -> int | None:
        """Save a visit; return how many changes readers hear of, or None if the claim was lost."""
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
                    usual_rows=visit.usual_rows,
                    **GOOD,
                )
            )
            if held.rowcount == 0:
                return None
            for known, item in visit.corrections:
                self._correct(tx, state.id, known, item)
            news = sum(self._arrive(tx, visit, arrival) for arrival in visit.arrivals)
            return news + sum(self._change_row(tx, visit, change) for change in visit.changes)

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
                    read_error=reading.error,
                    etag=reading.validators.etag,
                    last_modified=reading.validators.last_modified,
                )
            )
            if held.rowcount == 0:
                return False
            if reading.paper is not None:
                self._read(tx, reading, reading.paper)
            return True

    # ------------------------------------------------------------ within a transaction

    def _arrive(self, tx: Connection, visit: Visit, arrival: Arrival) -> int:
        item, paper, source_id = arrival.item, arrival.paper, visit.state.id
        known = self._same(tx, source_id, item, paper.cores)
        if known is not None:
            self._see(tx, source_id, known, item, visit.at)
            return 0
        columns = document_columns(paper.document)
        document_id = int(
            tx.execute(
                t.document.insert()
                .values(**columns, first_seen_at=visit.at, next_read_at=arrival.next_read_at)
                .returning(t.document.c.id)
            ).scalar_one()
        )
        document = replace(paper.document, id=document_id)
        self._see(tx, source_id, document_id, item, visit.at)
        version_id = self._add_version(tx, document, Cause.LISTED, visit.snapshot, visit.at)
        self._index(tx, document, paper.cores)
        self._tie(tx, document_id, paper.links, visit.at)
        if visit.silent and not paper.notifications:
            return 0
        change_id = _add_change(
            tx, ChangeKind.NEW, document_id, source_id, None, version_id, None, visit.at
        )
        owe(tx, change_id, paper.notifications, visit.at)
        return 1

    def _change_row(self, tx: Connection, visit: Visit, change: RowChange) -> int:
        source_id, document_id = visit.state.id, change.known.document_id
        if change.item is not None:
            self._correct(tx, source_id, change.known, change.item)
        else:
            _set_gone(tx, source_id, change.known.key, visit.at)
        before = (
            tx.execute(select(t.document).where(t.document.c.id == document_id)).mappings().one()
        )
        if change.kind is ChangeKind.WITHDRAWN and self._stands_elsewhere(tx, document_id):
            return 0
        values: dict[str, Any] = {"version_id": before["version_id"]}
        if change.kind is ChangeKind.MODIFIED:
            document = change.paper.document
            same_title = letters(before["title"]) == letters(document.title)
            if same_title and before["deadline"] == document.facts.deadline:
                return 0  # another source said so before
            version_id = self._add_version(tx, document, Cause.LISTED, visit.snapshot, visit.at)
            self._index(tx, document, change.paper.cores)
            self._tie(tx, document_id, change.paper.links, visit.at)
            values = document_columns(document) | {"version_id": version_id}
            if before["next_read_at"] is not None or before["reads"]:
                values["next_read_at"] = visit.at
        else:
            gone = change.kind is ChangeKind.WITHDRAWN
            if gone == (before["withdrawn_at"] is not None):
                return 0
            values["withdrawn_at"] = visit.at if gone else None
        tx.execute(update(t.document).where(t.document.c.id == document_id).values(**values))
        change_id = _add_change(
            tx,
            change.kind,
            document_id,
            source_id,
            before["version_id"],
            values["version_id"],
            change.was,
            visit.at,
        )
        owe(tx, change_id, change.paper.notifications, visit.at)
        return 1

    def _read(self, tx: Connection, reading: Reading, paper: Paper) -> None:
        document, document_id = paper.document, reading.due.document.id
        before = tx.execute(
            select(t.document.c.version_id).where(t.document.c.id == document_id)
        ).scalar_one()
        after = before
        if text_hash(document.title, document.text) != reading.due.text_hash:
            after = self._add_version(tx, document, Cause.PAGE, reading.snapshot, reading.at)
        values = document_columns(document) | {"version_id": after}
        if reading.kind is ChangeKind.WITHDRAWN:
            values["withdrawn_at"] = reading.at
        elif reading.kind is ChangeKind.RESTORED:
            values["withdrawn_at"] = None
        tx.execute(update(t.document).where(t.document.c.id == document_id).values(**values))
        self._index(tx, document, paper.cores)
        self._tie(tx, document_id, paper.links, reading.at)
        if reading.kind is not None:
            change_id = _add_change(
                tx,
                reading.kind,
                document_id,
                document.source_id,
                before,
                after,
                reading.was,
                reading.at,
            )
        else:  # the first reading completes the NEW that waits for the text
            first = select(t.change.c.id).where(
                t.change.c.document_id == document_id, t.change.c.kind == ChangeKind.NEW
            )
            found = tx.execute(first).scalar()
            if found is None:
                return
            change_id = int(found)
            tx.execute(update(t.change).where(t.change.c.id == change_id).values(after_id=after))
        owe(tx, change_id, paper.notifications, reading.at)

    def _same(self, tx: Connection, source_id: str, item: Item, cores: Iterable[str]) -> int | None:
        """The document that this row shows, if it is known from this or another source."""
        if item.url is not None:
            found = tx.execute(
                select(t.document.c.id).where(t.document.c.url == item.url).limit(1)
            ).scalar()
            if found is not None:
                return int(found)
        here = select(t.sighting.c.key).where(
            t.sighting.c.source_id == source_id, t.sighting.c.document_id == t.document.c.id
        )
        others = (
            select(t.document.c.id, t.document.c.title, t.document.c.published)
            .join(t.name, t.name.c.document_id == t.document.c.id)
            .where(~here.exists())
            .distinct()
            .order_by(t.document.c.id)
        )
        if item.title:
            titled = others.where(t.name.c.kind == "title", t.name.c.name == letters(item.title))
            for row in tx.execute(titled):
                if is_mirror(item, title=row.title, published=row.published):
                    return int(row.id)
        for title in item.aka:  # a brief names the ministry's paper by its Chinese title
            titled = others.where(t.name.c.kind == "title", t.name.c.name == letters(title))
            found = tx.execute(titled).scalar()
            if found is not None:
                return int(found)
        return None

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
        if item.url != known.url:
            tx.execute(
                update(t.document)
                .where(t.document.c.id == known.document_id, t.document.c.url == known.url)
                .values(url=item.url, etag=None, last_modified=None)
            )

    def _stands_elsewhere(self, tx: Connection, document_id: int) -> bool:
        query = select(t.sighting.c.key).where(
            t.sighting.c.document_id == document_id, t.sighting.c.gone_at.is_(None)
        )
        return tx.execute(query.limit(1)).first() is not None

    def _add_version(
        self, tx: Connection, document: Document, cause: Cause, snapshot: str | None, now: datetime
    ) -> int:
        of = t.version.c.document_id == document.id
        numbers = tx.execute(select(t.version.c.number).where(of)).scalars()
        version_id = int(
            tx.execute(
                t.version.insert()
                .values(
                    document_id=document.id,
                    number=max(numbers, default=0) + 1,
                    title=document.title,
                    text=document.text,
                    text_hash=text_hash(document.title, document.text),
                    cause=cause,
                    snapshot=snapshot,
                    recorded_at=now,
                )
                .returning(t.version.c.id)
            ).scalar_one()
        )
        tx.execute(
            update(t.document).where(t.document.c.id == document.id).values(version_id=version_id)
        )
        return version_id

    def _index(self, tx: Connection, document: Document, cores: Iterable[str]) -> None:
        names = [{"name": core, "kind": "core"} for core in sorted(cores)]
        names.append({"name": letters(document.title), "kind": "title"})
        tx.execute(
            self.db.insert(t.name).on_conflict_do_nothing(),
            [entry | {"document_id": document.id} for entry in names],
        )

    def _tie(self, tx: Connection, document_id: int, links: Sequence[Link], now: datetime) -> None:
        """Save links; what people have confirmed or rejected stays."""
        for link in links:
            draft_id = document_id if link.draft == NEW else int(link.draft)
            final_id = document_id if link.final == NEW else int(link.final)
            values = {
                "kind": link.kind,
                "state": link.state,
                "score": link.score,
                "evidence": list(link.evidence),
                "at": now,
            }
            tx.execute(
                self.db.insert(t.link)
                .values(draft_id=draft_id, final_id=final_id, **values)
                .on_conflict_do_update(
                    index_elements=["draft_id", "final_id"],
                    set_=values,
                    where=t.link.c.state.in_(["linked", "suggested"]),
                )
            )


def _set_gone(tx: Connection, source_id: str, key: str, now: datetime) -> None:
    tx.execute(
        update(t.sighting)
        .where(t.sighting.c.source_id == source_id, t.sighting.c.key == key)
        .values(gone_at=now)
    )


def _add_change(
    tx: Connection,
    kind: ChangeKind,
    document_id: int,
    source_id: str,
    before_id: int | None,
    after_id: int | None,
    was: str | None,
    now: datetime,
) -> int:
    return int(
        tx.execute(
            t.change.insert()
            .values(
                kind=kind,
                document_id=document_id,
                source_id=source_id,
                before_id=before_id,
                after_id=after_id,
                was=was,
                at=now,
            )
            .returning(t.change.c.id)
        ).scalar_one()
    )
