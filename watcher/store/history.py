"""History read again under changed rules: what is known is concluded anew, and nobody is alerted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update

from watcher.correct import alike, as_rules_said, corrected, standing
from watcher.model import Cause, Document
from watcher.store import schema as t
from watcher.store.codec import document_of
from watcher.store.database import Database
from watcher.store.labels import conclusions, history
from watcher.store.links import rename_for_links
from watcher.store.same import index
from watcher.store.versions import add_version


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What one batch came to."""

    read: int
    changed: tuple[int, ...]
    """The papers that have other labels now."""
    last: int | None
    """The id to go on below; None when nothing is left."""


class History:
    def __init__(self, db: Database) -> None:
        self.db = db

    def conclude_again(
        self,
        rules: str,
        conclude: Callable[[Document], Document],
        now: datetime,
        *,
        below: int | None = None,
        ids: frozenset[int] | None = None,
        limit: int = 20,
    ) -> Pass:
        """Conclude up to `limit` papers anew that other rules concluded, the newest first.

        ONE transaction: each of them has what `conclude` says (it is given what rules had said, not
        what readers corrected) with the labels that stand on top, the fingerprint `rules`, and a
        version with cause=rule where its labels differ; it is found for links by the names that it
        has by today's rules. What is owed stays as it is. `below` goes on
        where the last batch ended, `ids` limits it to some papers.
        """
        due: list[ColumnElement[bool]] = [
            t.document.c.merged_into.is_(None),
            or_(t.document.c.rules.is_(None), t.document.c.rules != rules),
        ]
        if below is not None:
            due.append(t.document.c.id < below)
        if ids is not None:
            due.append(t.document.c.id.in_(ids))
        query = (
            select(t.document, t.version.c.text, t.version.c.notice, t.version.c.snapshot)
            .join(t.version, t.version.c.id == t.document.c.version_id)
            .where(*due)
            .order_by(t.document.c.id.desc())
            .limit(limit)
        )
        changed = []
        with self.db.write() as tx:
            self.db.alone(tx)  # nothing is recorded between what is read here and what is written
            rows = tx.execute(query).mappings().all()
            for row in rows:
                known = document_of(row, row["text"], row["notice"])
                labels = history(tx, known.id)
                document = corrected(conclude(as_rules_said(known, labels)), standing(labels))
                tx.execute(
                    update(t.document)
                    .where(t.document.c.id == known.id)
                    .values(**conclusions(document), rules=rules)
                )
                if document.facts.doc_number != known.facts.doc_number:
                    index(tx, self.db, document, ())
                rename_for_links(tx, self.db, document)
                if not alike(document, known):
                    add_version(tx, document, Cause.RULE, row["snapshot"], now)
                    changed.append(known.id)
        last = int(rows[-1]["id"]) if len(rows) == limit else None
        return Pass(read=len(rows), changed=tuple(changed), last=last)
