"""A unique constraint."""

from alembic import op

revision = "d042"
down_revision = "d041"


def upgrade() -> None:
    op.create_unique_constraint("uq_invoice_reference", "invoice", ["reference", "number"])


def downgrade() -> None:
    op.drop_constraint("uq_invoice_reference", "invoice", type_="unique")
