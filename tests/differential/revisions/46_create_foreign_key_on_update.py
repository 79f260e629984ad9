"""What happens when the key changes."""

from alembic import op

revision = "d046"
down_revision = "d045"


def upgrade() -> None:
    op.create_foreign_key("fk_invoice_payer", "invoice", "customer", ["payer_id"], ["id"], onupdate="CASCADE")


def downgrade() -> None:
    op.drop_constraint("fk_invoice_payer", "invoice", type_="foreignkey")
