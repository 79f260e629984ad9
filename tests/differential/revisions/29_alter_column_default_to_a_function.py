"""A default that is an expression."""

import sqlalchemy as sa
from alembic import op

revision = "d029"
down_revision = "d028"


def upgrade() -> None:
    op.alter_column(
        "invoice",
        "paid_at",
        server_default=sa.func.now(),
        existing_type=sa.DateTime(),
        existing_nullable=True,
    )


def downgrade() -> None:
    op.alter_column(
        "invoice",
        "paid_at",
        server_default=None,
        existing_server_default=sa.func.now(),
        existing_type=sa.DateTime(),
        existing_nullable=True,
    )
