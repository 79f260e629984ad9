"""A table with an index of its own, in a schema."""

import sqlalchemy as sa
from alembic import op

revision = "d004"
down_revision = "d003"


def upgrade() -> None:
    op.create_table(
        "stock",
        sa.Column("sku", sa.String(40), primary_key=True),
        sa.Column("shelf", sa.Integer(), index=True, nullable=True),
        schema="warehouse",
    )


def downgrade() -> None:
    op.drop_table("stock", schema="warehouse")
