"""References with their actions, and into a schema."""

from alembic import op

revision = "d045"
down_revision = "d044"


def upgrade() -> None:
    op.create_foreign_key("fk_invoice_customer", "invoice", "customer", ["customer_id"], ["id"], ondelete="SET NULL")
    op.create_foreign_key("fk_invoice_stock", "invoice", "stock", ["sku"], ["sku"], referent_schema="warehouse")


def downgrade() -> None:
    op.drop_constraint("fk_invoice_stock", "invoice", type_="foreignkey")
    op.drop_constraint("fk_invoice_customer", "invoice", type_="foreignkey")
