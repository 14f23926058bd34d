"""What people decided of links. Papers are to be concluded anew, which names them for links as of today.

The names by which papers to link are found are an index, made by the rules of the day: a migration that
made them would need those rules. The daemon makes them as it reads history again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


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
    op.execute(sa.text("UPDATE document SET rules = NULL"))
