"""A column that refers to another table."""

import sqlalchemy as sa
from alembic import op

revision = "d016"
down_revision = "d015"


def upgrade() -> None:
    op.add_column("invoice", sa.Column("customer_id", sa.Integer(), sa.ForeignKey("customer.id", name="fk_customer")))


def downgrade() -> None:
    op.drop_column("invoice", "customer_id")
