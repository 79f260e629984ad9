"""A column that the database computes."""

import sqlalchemy as sa
from alembic import op

revision = "d011"
down_revision = "d010"


def upgrade() -> None:
    op.create_table(
        "rectangle",
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("area", sa.Integer(), sa.Computed("width * 2", persisted=True)),
    )


def downgrade() -> None:
    op.drop_table("rectangle")
