"""Fees for late returns, by tariff

One row of fee for each loan that came back late. The tariff is kept with the fee, so
that an old fee still says why it was raised after the tariffs have changed.

Revision ID: d3f85b1920ca
Revises: a91b7740c6e3
Create Date: 2024-05-06 08:30:00
"""

import datetime
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

revision = "d3f85b1920ca"
down_revision = "a91b7740c6e3"
branch_labels = ("fees",)
depends_on = None


def upgrade():
    tariff = op.create_table(
        "tariff",
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("description", sa.Unicode(200), nullable=False),
        sa.Column("per_day", sa.Numeric(6, 2), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_tariff")),
        sa.CheckConstraint("per_day >= 0", name=op.f("ck_tariff_per_day")),
    )
    op.bulk_insert(
        tariff,
        [
            {
                "code": "adult",
                "description": "Adults, from the first day",
                "per_day": Decimal("0.20"),
                "valid_from": datetime.date(2024, 6, 1),
            },
            {
                "code": "reduced",
                "description": "Students and over-65s, 50% off",
                "per_day": Decimal("0.10"),
                "valid_from": datetime.date(2024, 6, 1),
            },
            {
                "code": "child",
                "description": "Children don't pay",
                "per_day": Decimal("0.00"),
                "valid_from": datetime.date(2024, 6, 1),
            },
        ],
    )

    op.create_table(
        "fee",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("loan_id", sa.Integer, nullable=False),
        sa.Column("tariff_code", sa.String(20), nullable=False),
        sa.Column("amount", sa.Numeric(8, 2), nullable=False),
        sa.Column("paid_on", sa.Date),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee")),
        sa.UniqueConstraint("loan_id", name=op.f("uq_fee_loan_id")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_fee_loan_id")),
        sa.ForeignKeyConstraint(["tariff_code"], ["tariff.code"], name=op.f("fk_fee_tariff_code")),
    )


def downgrade():
    op.drop_table("fee")
    op.drop_table("tariff")
