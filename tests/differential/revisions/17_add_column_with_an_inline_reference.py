"""A reference within ADD COLUMN."""

import sqlalchemy as sa
from alembic import op

revision = "d017"
down_revision = "d016"


def upgrade() -> None:
    op.add_column("invoice", sa.Column("payer_id", sa.Integer(), sa.ForeignKey("customer.id")), inline_references=True)


def downgrade() -> None:
    op.drop_column("invoice", "payer_id")
