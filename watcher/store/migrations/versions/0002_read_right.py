"""Attachments as read, notices beside their papers, merged documents, held alerts, names for identity."""

import json
from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from alembic import op

from watcher.identity import Profile, number_identity, own_address, title_identity
from watcher.model import Stage

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("document_id", ROW_ID, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("quality", sa.String(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.String(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_attachment_document_id_document"
        ),
        sa.PrimaryKeyConstraint("document_id", "position", name="pk_attachment"),
    )
    op.add_column("document", sa.Column("merged_into", ROW_ID, nullable=True))
    op.create_index("ix_document_merged_into", "document", ["merged_into"])
    op.add_column(
        "document", sa.Column("conflicts", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column("version", sa.Column("notice", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "change", sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table("source") as source:
        source.add_column(sa.Column("row_counts", sa.JSON(), nullable=False, server_default="[]"))
        source.add_column(sa.Column("silent_since", sa.BigInteger(), nullable=True))
        source.add_column(sa.Column("held_at", sa.BigInteger(), nullable=True))
        source.add_column(sa.Column("held_reason", sa.Text(), nullable=True))
        source.add_column(
            sa.Column("holding", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    _carry_habits()
    with op.batch_alter_table("source") as source:
        source.drop_column("usual_rows")
    _name_anew()


def _carry_habits() -> None:
    source = sa.table(
        "source",
        sa.column("id", sa.String),
        sa.column("usual_rows", sa.Float),
        sa.column("row_counts", sa.JSON),
    )
    connection = op.get_bind()
    for row in connection.execute(
        sa.select(source.c.id, source.c.usual_rows).where(source.c.usual_rows.isnot(None))
    ).all():
        connection.execute(
            source.update()
            .where(source.c.id == row.id)
            .values(row_counts=[max(1, round(row.usual_rows))])
        )


def _name_anew() -> None:
    """Titles are found without who speaks at their head, and addresses and numbers are names now."""
    name = sa.table(
        "name",
        sa.column("name", sa.String),
        sa.column("kind", sa.String),
        sa.column("document_id", ROW_ID),
    )
    connection = op.get_bind()
    connection.execute(name.delete().where(name.c.kind == "title"))
    rows = dict.fromkeys((*_of_documents(connection), *_of_sightings(connection)))
    if rows:
        keys = ("name", "kind", "document_id")
        connection.execute(name.insert(), [dict(zip(keys, row, strict=True)) for row in rows])


def _of_documents(connection: sa.Connection) -> Iterator[tuple[str, str, int]]:
    columns = "id, title, published, stage, facts"
    for row in connection.execute(sa.text(f"SELECT {columns} FROM document")).all():  # noqa: S608 - our own words
        yield title_identity(row.title), "title", row.id
        facts = json.loads(row.facts) if isinstance(row.facts, str) else row.facts
        day = date.fromisoformat(str(row.published)[:10]) if row.published else None
        profile = Profile(
            title=row.title,
            published=day,
            bodies=tuple(facts["bodies"]),
            stage=Stage(row.stage) if row.stage else None,
            doc_number=facts["doc_number"],
        )
        if number := number_identity(profile):
            yield number, "number", row.id


def _of_sightings(connection: sa.Connection) -> Iterator[tuple[str, str, int]]:
    for row in connection.execute(sa.text("SELECT document_id, url, key FROM sighting")).all():
        if address := own_address(row.url, row.key):
            yield address, "address", row.document_id
