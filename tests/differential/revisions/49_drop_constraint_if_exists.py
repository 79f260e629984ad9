"""With a condition."""

from alembic import op

revision = "d049"
down_revision = "d048"


def upgrade() -> None:
    op.drop_constraint("uq_invoice_reference", "invoice", type_="unique", if_exists=True)


def downgrade() -> None:
    op.create_unique_constraint("uq_invoice_reference", "invoice", ["reference"])
