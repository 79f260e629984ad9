"""An integer primary key, which most databases generate."""

import sqlalchemy as sa
from alembic import op

revision = "d002"
down_revision = "d001"


def upgrade() -> None:
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Unicode(60), nullable=False, server_default="nobody"),
    )


def downgrade() -> None:
    op.drop_table("customer")
