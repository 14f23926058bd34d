"""Teams made at run time, what they mute and review, the ledger of deliveries, editors' changes of briefs."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("change", sa.Column("mark", sa.String(), nullable=True))
    op.create_index("uq_change_mark", "change", ["document_id", "kind", "mark"], unique=True)
    op.add_column("delivery", sa.Column("letter", sa.JSON(), nullable=True))
    op.add_column("delivery", sa.Column("place", sa.String(), nullable=True))
    op.add_column(
        "delivery", sa.Column("exposed", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("delivery", sa.Column("handed", sa.String(), nullable=True))
    op.execute("UPDATE delivery SET exposed = 1 WHERE in_flight AND state = 'owed'")
    op.create_index("ix_delivery_owed_at", "delivery", ["target", "owed_at"])
    op.create_table(
        "attempt",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("delivery_id", ROW_ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name="fk_attempt_delivery_id_delivery"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index("ix_attempt_delivery_id", "attempt", ["delivery_id"])
    op.create_table(
        "team",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("targets", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
    )
    op.create_table(
        "subscription",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("wants", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("team_id", "id", name="pk_subscription"),
    )
    op.create_table(
        "listener",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("subscription_id", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("wants", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "subscription_id", "since", name="pk_listener"),
    )
    op.create_table(
        "mute",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("document_id", ROW_ID, nullable=True),
        sa.Column("subscription_id", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_mute_document_id_document"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mute"),
    )
    op.create_index("ix_mute_team_id", "mute", ["team_id"])
    op.create_table(
        "review",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("document_id", ROW_ID, nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name="fk_review_document_id_document"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
    )
    op.create_index("ix_review_document_id", "review", ["document_id"])
    op.create_table(
        "interaction",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_interaction"),
    )
    op.create_table(
        "brief_edit",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("document_id", ROW_ID, nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_brief_edit"),
    )
    op.create_index("ix_brief_edit_period", "brief_edit", ["team_id", "start", "end"])
