"""SQL as expressions."""

import sqlalchemy as sa
from alembic import op

revision = "d053"
down_revision = "d052"

invoice = sa.table("invoice", sa.column("number", sa.String(20)), sa.column("total", sa.Integer()))


def upgrade() -> None:
    op.execute(invoice.update().where(invoice.c.number == "it's").values(total=sa.literal(3)))
    op.execute(invoice.delete().where(invoice.c.total < 0))
    op.execute(invoice.insert().values(number="17", total=12))


def downgrade() -> None:
    op.execute(invoice.update().values(total=None))
