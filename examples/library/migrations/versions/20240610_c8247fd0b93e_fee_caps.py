"""Fees stop growing at a cap; adults pay 25 cents a day

Decided by the council on 4 June 2024. A fee that nobody asks for after sixty days
was costing more in letters than it brought in.

Revision ID: c8247fd0b93e
Revises: d3f85b1920ca
Create Date: 2024-06-10 11:05:33
"""

from decimal import Decimal

import sqlalchemy as sa
from alembic import op

revision = "c8247fd0b93e"
down_revision = "d3f85b1920ca"
branch_labels = None
depends_on = None

tariff = sa.table("tariff", sa.column("code", sa.String), sa.column("per_day", sa.Numeric(6, 2)))


def upgrade():
    op.add_column("tariff", sa.Column("cap", sa.Numeric(6, 2), nullable=False, server_default="15.00"))
    op.execute(sa.update(tariff).where(tariff.c.code == "adult").values(per_day=Decimal("0.25")))


def downgrade():
    op.execute(sa.update(tariff).where(tariff.c.code == "adult").values(per_day=Decimal("0.20")))
    op.drop_column("tariff", "cap", mssql_drop_default=True)
