"""Outside a transaction."""

from alembic import op

revision = "d039"
down_revision = "d038"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_invoice_total", "invoice", ["total"], postgresql_concurrently=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_invoice_total", table_name="invoice", postgresql_concurrently=True)
