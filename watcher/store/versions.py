"""Versions of a document as they are written: numbered, never changed."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from watcher.model import Cause, Document
from watcher.store import schema as t
from watcher.store.codec import content_hash


def add_version(
    tx: Connection, document: Document, cause: Cause, snapshot: str | None, now: datetime
) -> int:
    """Save what a document says now as its next version, and let it be the latest."""
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
                notice=document.notice,
                text_hash=content_hash(document),
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
