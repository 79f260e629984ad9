"""Indexes, plain and unique, on an expression, in a schema."""

from alembic import op

revision = "d036"
down_revision = "d035"


def upgrade() -> None:
    op.create_index("ix_invoice_issued", "invoice", ["issued", "number"])
    op.create_index(op.f("uq_invoice_number"), "invoice", ["number"], unique=True)
    op.create_index("ix_stock_shelf_sku", "stock", ["shelf", "sku"], schema="warehouse")


def downgrade() -> None:
    op.drop_index("ix_stock_shelf_sku", table_name="stock", schema="warehouse")
    op.drop_index(op.f("uq_invoice_number"), table_name="invoice")
    op.drop_index("ix_invoice_issued", table_name="invoice")
