"""MATCH FULL."""

from alembic import op

revision = "d048"
down_revision = "d047"


def upgrade() -> None:
    op.create_foreign_key("fk_invoice_full", "invoice", "customer", ["a", "b"], ["a", "b"], match="FULL")


def downgrade() -> None:
    op.drop_constraint("fk_invoice_full", "invoice", type_="foreignkey")
