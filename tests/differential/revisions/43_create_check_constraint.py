"""A condition as text and as an expression."""

import sqlalchemy as sa
from alembic import op

revision = "d043"
down_revision = "d042"


def upgrade() -> None:
    op.create_check_constraint("ck_invoice_total", "invoice", "total >= 0")
    op.create_check_constraint("ck_invoice_number", "invoice", sa.func.length(sa.column("number")) > 3)


def downgrade() -> None:
    op.drop_constraint("ck_invoice_number", "invoice", type_="check")
    op.drop_constraint("ck_invoice_total", "invoice", type_="check")
