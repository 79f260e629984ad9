"""Defaults that are functions and quoted words."""

import sqlalchemy as sa
from alembic import op

revision = "d013"
down_revision = "d012"


def upgrade() -> None:
    op.create_table(
        "visit",
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("at", sa.DateTime(), server_default=sa.func.now(), nullable=False),
        sa.Column("order", sa.String(8), server_default="it's", nullable=False),
    )


def downgrade() -> None:
    op.drop_table("visit")
