"""The name alone."""

from alembic import op

revision = "d041"
down_revision = "d040"


def upgrade() -> None:
    op.drop_index("ix_invoice_issued")


def downgrade() -> None:
    op.create_index("ix_invoice_issued", "invoice", ["issued"])
