"""The files that documents offer, as they were last read."""

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, delete, select

from watcher.model import Attachment, AttachmentText, Validators
from watcher.store import schema as t
from watcher.store.database import Database
from watcher.store.findings import File


class Attachments:
    def __init__(self, db: Database) -> None:
        self.db = db

    def of(self, document_id: int) -> list[File]:
        """The files of a document in the order of its page."""
        query = (
            select(t.attachment)
            .where(t.attachment.c.document_id == document_id)
            .order_by(t.attachment.c.position)
        )
        with self.db.read() as tx:
            return [_file(row) for row in tx.execute(query).mappings()]


def save_files(tx: Connection, document_id: int, files: Sequence[File]) -> None:
    """Let these be the files of a document; what its page no longer offers is forgotten."""
    tx.execute(delete(t.attachment).where(t.attachment.c.document_id == document_id))
    rows = [
        {
            "document_id": document_id,
            "url": file.attachment.url,
            "position": position,
            "name": file.attachment.name,
            "kind": file.content and file.content.kind,
            "quality": file.content and file.content.quality,
            "reason": file.content and file.content.reason,
            "text": file.content.text if file.content else "",
            "snapshot": file.snapshot,
            "etag": file.validators.etag,
            "last_modified": file.validators.last_modified,
            "read_at": file.read_at,
            "failures": file.failures,
            "error": file.error,
        }
        for position, file in enumerate(files)
    ]
    if rows:
        tx.execute(t.attachment.insert(), rows)


def _file(row: RowMapping) -> File:
    content = None
    if row["kind"] is not None:
        content = AttachmentText(
            kind=row["kind"], quality=row["quality"], text=row["text"], reason=row["reason"]
        )
    return File(
        attachment=Attachment(name=row["name"], url=row["url"]),
        content=content,
        snapshot=row["snapshot"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        read_at=row["read_at"],
        failures=row["failures"],
        error=row["error"],
    )
