"""Types that differ most between databases."""

import sqlalchemy as sa
from alembic import op

revision = "d009"
down_revision = "d008"


def upgrade() -> None:
    op.create_table(
        "measurement",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("taken", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.Time(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("exact", sa.Double(), nullable=True),
    )


def downgrade() -> None:
    op.drop_table("measurement")
