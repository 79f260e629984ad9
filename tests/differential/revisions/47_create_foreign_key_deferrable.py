"""A reference that is checked at the end."""

from alembic import op

revision = "d047"
down_revision = "d046"


def upgrade() -> None:
    op.create_foreign_key(
        "fk_invoice_late", "invoice", "customer", ["late_id"], ["id"], deferrable=True, initially="DEFERRED"
    )


def downgrade() -> None:
    op.drop_constraint("fk_invoice_late", "invoice", type_="foreignkey")
