"""Papers in the database, read: documents, their versions, links and sightings, and which are due for reading."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select, update

from watcher.errors import StoreError
from watcher.model import ChangeKind, Document, Link, Stage, Validators
from watcher.settings import Target
from watcher.store import schema as t
from watcher.store.batch import target_of
from watcher.store.codec import document_of, link_of
from watcher.store.database import Database

LEASE = timedelta(minutes=10)
"""A page with many large attachments takes minutes."""

_AT_ONCE = 200
"""Documents read into memory together, with their texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReading:
    """A document whose page is to be read, and the claim under which it may be."""

    document: Document
    fence: int
    first_seen_at: datetime
    reads: int
    failures: int
    gone: int
    """Readings in a row that found the page gone; kept when it was withdrawn for that."""
    short: int
    """Readings in a row that found much less text than there was."""
    withdrawn: bool
    text_hash: str
    """Of its latest version."""
    validators: Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A document with what the store knows of its history."""

    document: Document
    first_seen_at: datetime
    withdrawn_at: datetime | None
    read_error: str | None
    reads: int
    merged_into: int | None = None
    """The document that this one turned out to be."""
    rules: str | None = None
    """The fingerprint of the rules that concluded it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    id: int
    document_id: int
    number: int
    title: str
    text: str
    notice: str
    cause: str
    snapshot: str | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChange:
    id: int
    kind: ChangeKind
    document: Document
    source_id: str
    was: str | None
    before_id: int | None
    after_id: int | None
    at: datetime


class Papers:
    def __init__(self, db: Database) -> None:
        self.db = db

    def get(self, ids: Collection[int]) -> dict[int, Document]:
        """Documents by id with the text of their latest version; unknown ids are left out."""
        query = (
            select(t.document, t.version.c.text, t.version.c.notice)
            .outerjoin(t.version, t.version.c.id == t.document.c.version_id)
            .where(t.document.c.id.in_(ids))
        )
        with self.db.read() as tx:
            rows = tx.execute(query).mappings()
            return {
                row["id"]: document_of(row, row["text"] or "", row["notice"] or "") for row in rows
            }

    def newest(
        self,
        *,
        source: str | None = None,
        stage: Stage | None = None,
        sector: str | None = None,
        since: datetime | None = None,
        ids: Collection[int] | None = None,
        limit: int = 50,
    ) -> list[Listed]:
        """The newest documents first, without their text; asked for by id, merged ones too."""
        conditions: list[ColumnElement[bool]] = []
        if ids is None:
            conditions.append(t.document.c.merged_into.is_(None))
        if source is not None:
            conditions.append(t.document.c.source_id == source)
        if stage is not None:
            conditions.append(t.document.c.stage == stage)
        if sector is not None:
            conditions.append(t.document.c.sector == sector)
        if since is not None:
            conditions.append(t.document.c.first_seen_at >= since)
        if ids is not None:
            conditions.append(t.document.c.id.in_(ids))
        query = (
            select(t.document)
            .where(*conditions)
            .order_by(t.document.c.first_seen_at.desc(), t.document.c.id.desc())
            .limit(limit)
        )
        with self.db.read() as tx:
            return [_listed(row) for row in tx.execute(query).mappings()]

    def every(self, since: datetime | None = None) -> Iterator[Document]:
        """Every document first seen since then, with its text, the newest first, some at a time."""
        conditions: list[ColumnElement[bool]] = [t.document.c.merged_into.is_(None)]
        if since is not None:
            conditions.append(t.document.c.first_seen_at >= since)
        below: list[ColumnElement[bool]] = []
        while True:
            query = select(t.document.c.id).where(*conditions, *below)
            with self.db.read() as tx:
                found = tx.execute(query.order_by(t.document.c.id.desc()).limit(_AT_ONCE))
                ids = list(found.scalars())
            if not ids:
                return
            documents = self.get(ids)
            yield from (documents[id_] for id_ in ids if id_ in documents)
            below = [t.document.c.id < ids[-1]]

    def versions(self, document_id: int) -> list[StoredVersion]:
        query = select(t.version).where(t.version.c.document_id == document_id)
        with self.db.read() as tx:
            rows = tx.execute(query.order_by(t.version.c.number)).mappings()
            return [StoredVersion(**{k: row[k] for k in StoredVersion.__slots__}) for row in rows]

    def version(self, version_id: int) -> StoredVersion | None:
        with self.db.read() as tx:
            row = (
                tx.execute(select(t.version).where(t.version.c.id == version_id)).mappings().first()
            )
        return StoredVersion(**{k: row[k] for k in StoredVersion.__slots__}) if row else None

    def links(self, document_id: int) -> list[Link]:
        """Every link of a document, as draft or as final, the surest first."""
        either = or_(t.link.c.draft_id == document_id, t.link.c.final_id == document_id)
        with self.db.read() as tx:
            rows = tx.execute(
                select(t.link).where(either).order_by(t.link.c.score.desc())
            ).mappings()
            return [link_of(row) for row in rows]

    def sightings(self, document_id: int) -> list[RowMapping]:
        """Where a document was seen: source_id, url, title, first_seen_at, gone_at."""
        query = select(t.sighting).where(t.sighting.c.document_id == document_id)
        with self.db.read() as tx:
            return list(tx.execute(query.order_by(t.sighting.c.first_seen_at)).mappings())

    def heard(self, document_ids: Collection[int]) -> Mapping[Target, datetime]:
        """Which targets were told of any of these documents, and when last."""
        query = (
            select(t.delivery.c.target, func.max(t.delivery.c.sent_at))
            .join(t.change, t.change.c.id == t.delivery.c.change_id)
            .where(t.change.c.document_id.in_(document_ids), t.delivery.c.state == "sent")
            .group_by(t.delivery.c.target)
        )
        with self.db.read() as tx:
            return {target_of(row[0]): row[1] for row in tx.execute(query)}

    def told(self, document_id: int) -> list[RowMapping]:
        """The outbox's rows about a document, or about one that turned out to be it, oldest first."""
        query = (
            select(t.delivery)
            .join(t.change, t.change.c.id == t.delivery.c.change_id)
            .join(t.document, t.document.c.id == t.change.c.document_id)
            .where(or_(t.document.c.id == document_id, t.document.c.merged_into == document_id))
            .order_by(t.delivery.c.id)
        )
        with self.db.read() as tx:
            return list(tx.execute(query).mappings())

    def change(self, change_id: int) -> StoredChange:
        query = select(t.change).where(t.change.c.id == change_id)
        with self.db.read() as tx:
            row = tx.execute(query).mappings().first()
        if row is None:
            raise StoreError(f"change {change_id} is missing")
        return self._changes([row])[0]

    def changes(self, document_id: int) -> list[StoredChange]:
        query = (
            select(t.change).where(t.change.c.document_id == document_id).order_by(t.change.c.id)
        )
        with self.db.read() as tx:
            rows = tx.execute(query).mappings().all()
        return self._changes(rows)

    def _changes(self, rows: Sequence[RowMapping]) -> list[StoredChange]:
        documents = self.get({row["document_id"] for row in rows})
        return [
            StoredChange(
                id=row["id"],
                kind=ChangeKind(row["kind"]),
                document=documents[row["document_id"]],
                source_id=row["source_id"],
                was=row["was"],
                before_id=row["before_id"],
                after_id=row["after_id"],
                at=row["at"],
            )
            for row in rows
        ]

    # ------------------------------------------------------------ reading pages

    def rehome(self, source_ids: Collection[str]) -> None:
        """Let papers whose source is not configured pass to another that shows them, to be read on."""
        shows = (
            select(func.min(t.sighting.c.source_id))
            .where(
                t.sighting.c.document_id == t.document.c.id,
                t.sighting.c.source_id.in_(source_ids),
            )
            .scalar_subquery()
        )
        with self.db.write() as tx:
            tx.execute(
                update(t.document)
                .where(t.document.c.source_id.not_in(source_ids))
                .where(t.document.c.next_read_at.isnot(None))
                .values(source_id=func.coalesce(shows, t.document.c.source_id))
            )

    def claim_due(self, source_ids: Collection[str], now: datetime, limit: int) -> list[DueReading]:
        """Lease up to `limit` documents whose page is due for reading, the longest due first."""
        due = and_(
            t.document.c.next_read_at <= now,
            t.document.c.leased_until <= now,
            t.document.c.source_id.in_(source_ids),
        )
        which = (
            select(t.document.c.id)
            .where(due)
            .order_by(t.document.c.next_read_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self.db.read() as tx:
            if tx.execute(select(t.document.c.id).where(due).limit(1)).first() is None:
                return []
        with self.db.write() as tx:
            claimed = tx.execute(
                update(t.document)
                .where(t.document.c.id.in_(which.scalar_subquery()))
                .values(leased_until=now + LEASE, fence=t.document.c.fence + 1)
                .returning(t.document.c.id)
            ).scalars()
            query = (
                select(t.document, t.version.c.text, t.version.c.notice, t.version.c.text_hash)
                .join(t.version, t.version.c.id == t.document.c.version_id)
                .where(t.document.c.id.in_(list(claimed)))
                .order_by(t.document.c.next_read_at)
            )
            return [_due_reading(row) for row in tx.execute(query).mappings()]

    def release(self, reading: DueReading) -> None:
        """Give a claim back unused; the page is due as before."""
        with self.db.write() as tx:
            tx.execute(
                update(t.document)
                .where(t.document.c.id == reading.document.id, t.document.c.fence == reading.fence)
                .values(leased_until=t.NEVER)
            )

    def release_leases(self) -> None:
        """Free what a dead process held. Only for the holder of the loop lock."""
        with self.db.write() as tx:
            held = t.document.c.leased_until > t.NEVER
            tx.execute(update(t.document).where(held).values(leased_until=t.NEVER))


def _listed(row: RowMapping) -> Listed:
    return Listed(
        document=document_of(row),
        first_seen_at=row["first_seen_at"],
        withdrawn_at=row["withdrawn_at"],
        read_error=row["read_error"],
        reads=row["reads"],
        merged_into=row["merged_into"],
        rules=row["rules"],
    )


def _due_reading(row: RowMapping) -> DueReading:
    return DueReading(
        document=document_of(row, row["text"], row["notice"]),
        fence=row["fence"],
        first_seen_at=row["first_seen_at"],
        reads=row["reads"],
        failures=row["read_failures"],
        gone=row["gone"],
        short=row["short"],
        withdrawn=row["withdrawn_at"] is not None,
        text_hash=row["text_hash"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
    )
