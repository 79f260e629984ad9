"""Creating and dropping with a condition."""

from alembic import op

revision = "d040"
down_revision = "d039"


def upgrade() -> None:
    op.create_index("ix_invoice_due", "invoice", ["due"], if_not_exists=True)


def downgrade() -> None:
    op.drop_index("ix_invoice_due", table_name="invoice", if_exists=True)
