"""Rows of plain values."""

import datetime
import decimal

import sqlalchemy as sa
from alembic import op

revision = "d059"
down_revision = "d058"

rate = sa.table(
    "rate",
    sa.column("code", sa.String(8)),
    sa.column("value", sa.Numeric(8, 2)),
    sa.column("since", sa.Date()),
    sa.column("active", sa.Boolean()),
)


def upgrade() -> None:
    op.bulk_insert(
        rate,
        [
            {"code": "A", "value": decimal.Decimal("1.50"), "since": datetime.date(2024, 2, 29), "active": True},
            {"code": "it's", "value": None, "since": datetime.date(1999, 12, 31), "active": False},
        ],
    )
    op.bulk_insert(rate, [{"code": "B", "value": 2}], multiinsert=False)


def downgrade() -> None:
    op.execute(rate.delete().where(rate.c.code.in_(["A", "B"])))
