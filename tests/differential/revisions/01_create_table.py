"""A table with the usual types and defaults."""

import sqlalchemy as sa
from alembic import op

revision = "d001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("issued", sa.Date(), nullable=False),
        sa.Column("paid_at", sa.DateTime(), nullable=True),
        sa.Column("total", sa.Numeric(12, 2), server_default="0", nullable=False),
        sa.Column("weight", sa.Float(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("lines", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("reference", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invoice"),
    )


def downgrade() -> None:
    op.drop_table("invoice")
