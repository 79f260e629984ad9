"""Rows that bring the generated key along."""

import sqlalchemy as sa
from alembic import op

revision = "d062"
down_revision = "d061"

customer = sa.table("customer", sa.column("id", sa.Integer()), sa.column("name", sa.String(60)))


def upgrade() -> None:
    op.bulk_insert(customer, [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}])


def downgrade() -> None:
    op.execute(customer.delete())
