"""A reserved title waits five days on the counter, then it costs a fee

Needs the caps of the fees branch: an uncollected reservation is charged by tariff,
like a late return.

Revision ID: 42da6e9b03f8
Revises: 7e60c4a8f1b5
Create Date: 2024-06-24 09:58:12
"""

import datetime
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

revision = "42da6e9b03f8"
down_revision = "7e60c4a8f1b5"
branch_labels = None
depends_on = "c8247fd0b93e"

tariff = sa.table(
    "tariff",
    sa.column("code", sa.String(20)),
    sa.column("description", sa.Unicode(200)),
    sa.column("per_day", sa.Numeric(6, 2)),
    sa.column("valid_from", sa.Date),
    sa.column("cap", sa.Numeric(6, 2)),
)


def upgrade():
    op.add_column("reservation", sa.Column("keep_until", sa.Date))
    op.bulk_insert(
        tariff,
        [
            {
                "code": "uncollected",
                "description": "Reserved, and not collected within 5 days",
                "per_day": Decimal("1.00"),
                "valid_from": datetime.date(2024, 7, 1),
                "cap": Decimal("1.00"),
            }
        ],
    )


def downgrade():
    op.execute(sa.delete(tariff).where(tariff.c.code == "uncollected"))
    op.drop_column("reservation", "keep_until")
