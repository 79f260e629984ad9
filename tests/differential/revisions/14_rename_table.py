"""Renaming, also in a schema."""

from alembic import op

revision = "d014"
down_revision = "d013"


def upgrade() -> None:
    op.rename_table("invoice", "bill")
    op.rename_table("stock", "shelf", schema="warehouse")


def downgrade() -> None:
    op.rename_table("shelf", "stock", schema="warehouse")
    op.rename_table("bill", "invoice")
