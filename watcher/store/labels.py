"""Readers' labels in the database: their history, which stand, and the papers they correct."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, Select, or_, select, update

from watcher.correct import (
    NONE,
    RULES,
    UNSET,
    Label,
    as_rules_said,
    corrected,
    rules_said,
    standing,
    value_of,
)
from watcher.errors import StoreError
from watcher.model import Document
from watcher.store import schema as t
from watcher.store.codec import document_columns, document_of
from watcher.store.database import Database

CONCLUDED = ("facts", "stage", "deadline", "classification", "sector")
"""The columns of a document that rules and labels fill."""


class Labels:
    """Labels follow a paper that turned out to be another: they are kept, and asked for, as that one's."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, label: Label) -> Document:
        """Add a label and correct its paper, both or neither; return the paper without its text.

        Nobody is alerted. A reading of the paper under way ends: it began from what is no longer
        so. Raises StoreError for a paper that is not known.
        """
        with self.db.write() as tx:
            self.db.alone(tx)
            row = _document(tx, label.document_id)
            if row["merged_into"] is not None:
                row = _document(tx, row["merged_into"])
            document = document_of(row)
            label = replace(label, document_id=document.id, value=label.value or NONE)
            before = history(tx, document.id)
            stands = any(each.field == label.field for each in standing(before))
            if not stands:
                said = value_of(document, label.field)
                _insert(tx, replace(label, value=said, by=RULES, note=""))
            _insert(tx, label)
            if stands and label.value == UNSET:  # until the rules are asked again
                said_then = [each for each in rules_said(before) if each.field == label.field]
                document = corrected(document, said_then)
            document = corrected(document, standing([*before, label]))
            tx.execute(
                update(t.document)
                .where(t.document.c.id == document.id)
                .values(
                    **conclusions(document),
                    rules=None,  # a corrected stage may tip the sector: the rules are asked again
                    fence=t.document.c.fence + 1,
                    leased_until=t.NEVER,
                )
            )
        return document

    def of(self, document_id: int) -> list[Label]:
        """Every label of a paper in the order they were made, with what rules had said before.

        Of one that turned out to be another: that one's.
        """
        with self.db.read() as tx:
            into = select(t.document.c.merged_into).where(t.document.c.id == document_id)
            return history(tx, tx.execute(into).scalar() or document_id)

    def standing(self) -> list[Label]:
        """The label that stands for each paper and field."""
        with self.db.read() as tx:
            rows = tx.execute(_labels().order_by(t.label.c.id)).mappings()
            return list(standing(_label(row) for row in rows))


def history(tx: Connection, document_id: int) -> list[Label]:
    """The labels of a paper and of those that turned out to be it, in the order they were made."""
    mine = or_(t.label.c.document_id == document_id, t.document.c.merged_into == document_id)
    rows = tx.execute(_labels().where(mine).order_by(t.label.c.id)).mappings()
    return [_label(row) for row in rows]


def say_deadline(tx: Connection, document_id: int, on: date, at: datetime) -> date | None:
    """Keep what a list says now beneath a reader's deadline; return what was known without any."""
    before = history(tx, document_id)
    said = as_rules_said(document_of(_document(tx, document_id)), before).facts.deadline
    if on != said and any(label.field == "deadline" for label in standing(before)):
        value, field = on.isoformat(), "deadline"
        _insert(tx, Label(document_id=document_id, field=field, value=value, by=RULES, at=at))
    return said


def relabel(tx: Connection, document_id: int) -> None:
    """Let a paper that took over another's labels be what they say."""
    labels = standing(history(tx, document_id))
    if labels:
        document = corrected(document_of(_document(tx, document_id)), labels)
        values = conclusions(document) | {"rules": None}
        tx.execute(update(t.document).where(t.document.c.id == document_id).values(**values))


def conclusions(document: Document) -> dict[str, object]:
    return {k: v for k, v in document_columns(document).items() if k in CONCLUDED}


def _labels() -> Select[tuple[object, ...]]:
    return select(t.label, t.document.c.merged_into).join(
        t.document, t.document.c.id == t.label.c.document_id
    )


def _label(row: RowMapping) -> Label:
    return Label(
        document_id=row["merged_into"] or row["document_id"],
        field=row["field"],
        value=row["value"],
        by=row["by"],
        at=row["at"],
        note=row["note"],
    )


def _insert(tx: Connection, label: Label) -> None:
    tx.execute(
        t.label.insert().values(
            document_id=label.document_id,
            field=label.field,
            value=label.value,
            by=label.by,
            note=label.note,
            at=label.at,
        )
    )


def _document(tx: Connection, document_id: int) -> RowMapping:
    # FOR UPDATE is PostgreSQL's; SQLite's writer is alone anyway
    query = select(t.document).where(t.document.c.id == document_id).with_for_update()
    row = tx.execute(query).mappings().first()
    if row is None:
        raise StoreError(f"no paper {document_id}")
    return row
