"""A JSON column."""

import sqlalchemy as sa
from alembic import op

revision = "d010"
down_revision = "d009"


def upgrade() -> None:
    op.create_table("event", sa.Column("code", sa.String(8), primary_key=True), sa.Column("body", sa.JSON()))


def downgrade() -> None:
    op.drop_table("event")
