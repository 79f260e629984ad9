"""A literal of one type for a column of another."""

import sqlalchemy as sa
from alembic import op

revision = "d063"
down_revision = "d062"

rate = sa.table("rate", sa.column("code", sa.String(8)), sa.column("since", sa.Date()))


def upgrade() -> None:
    op.bulk_insert(rate, [{"code": "A", "since": op.inline_literal("2024-02-29")}], multiinsert=False)


def downgrade() -> None:
    op.execute(rate.delete().where(rate.c.code == op.inline_literal("A")))
