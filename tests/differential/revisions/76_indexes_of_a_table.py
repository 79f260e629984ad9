"""Several indexes that come with a table."""

import sqlalchemy as sa
from alembic import op

revision = "d076"
down_revision = "d075"


def upgrade() -> None:
    op.create_table(
        "guest",
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("first", sa.String(60), index=True),
        sa.Column("last", sa.String(60), index=True),
        sa.Column("room", sa.Integer(), unique=True, index=True),
    )


def downgrade() -> None:
    op.drop_table("guest")
