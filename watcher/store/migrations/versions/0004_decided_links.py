"""What people decided of links; names by which nearly equal titles and papers about papers are found.

The names are an index: they are made by the rules of the day, from what is stored.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from watcher.link import HEAD, near
from watcher.link.lineage import about
from watcher.model import Stage
from watcher.store.codec import facts_from_json

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
DOCUMENT = sa.table(
    "document",
    sa.column("id", ROW_ID),
    sa.column("title", sa.Text),
    sa.column("facts", sa.JSON),
    sa.column("attachments", sa.JSON),
    sa.column("section", sa.String),
    sa.column("version_id", ROW_ID),
    sa.column("merged_into", ROW_ID),
)
VERSION = sa.table(
    "version", sa.column("id", ROW_ID), sa.column("text", sa.Text), sa.column("notice", sa.Text)
)
NAME = sa.table(
    "name",
    sa.column("name", sa.String),
    sa.column("kind", sa.String),
    sa.column("document_id", ROW_ID),
)
AT_ONCE = 500


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("draft_id", ROW_ID, nullable=False),
        sa.Column("final_id", ROW_ID, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("was", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["document.id"], name="fk_decision_draft_id_document"
        ),
        sa.ForeignKeyConstraint(
            ["final_id"], ["document.id"], name="fk_decision_final_id_document"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
    )
    op.create_index("ix_decision_draft_id", "decision", ["draft_id"])
    last: int | None = 0
    while last is not None:
        last = _name_some(op.get_bind(), last)


def _name_some(connection: sa.Connection, above: int) -> int | None:
    """Name the next papers; return the id to go on from, None at the end."""
    query = (
        sa.select(
            DOCUMENT,
            sa.func.substr(VERSION.c.notice, 1, HEAD).label("notice"),
            sa.func.substr(VERSION.c.text, 1, HEAD).label("text"),
        )
        .outerjoin(VERSION, VERSION.c.id == DOCUMENT.c.version_id)
        .where(DOCUMENT.c.id > above, DOCUMENT.c.merged_into.is_(None))
        .order_by(DOCUMENT.c.id)
        .limit(AT_ONCE)
    )
    rows = connection.execute(query).mappings().all()
    names = [name for row in rows for name in _names(row)]
    if names:
        connection.execute(NAME.insert(), names)
    return int(rows[-1]["id"]) if len(rows) == AT_ONCE else None


def _names(row: Any) -> Iterator[dict[str, Any]]:
    files = "\n".join(attachment["name"] for attachment in row["attachments"])
    head = f"{files}\n{row['notice'] or ''}\n{row['text'] or ''}"[:HEAD].strip()
    facts = facts_from_json(row["facts"])
    if row["section"] is not None:
        return
    if facts.stage in (Stage.DRAFT, Stage.FINAL, None):
        for key in near(row["title"], head):
            yield {"name": key, "kind": "near", "document_id": row["id"]}
    for core in about(row["title"], facts):
        yield {"name": core, "kind": "about", "document_id": row["id"]}
