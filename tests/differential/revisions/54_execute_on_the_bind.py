"""The same by way of the connection."""

import sqlalchemy as sa
from alembic import op

revision = "d054"
down_revision = "d053"

invoice = sa.table("invoice", sa.column("number", sa.String(20)), sa.column("total", sa.Integer()))


def upgrade() -> None:
    op.get_bind().execute(sa.text("UPDATE invoice SET total = 0 WHERE total < 0"))
    op.get_bind().execute(invoice.update().where(invoice.c.total == 0).values(number="none"))


def downgrade() -> None:
    op.get_bind().execute(invoice.delete())
