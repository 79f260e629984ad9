"""Name, type, default and nullability in one call."""

import sqlalchemy as sa
from alembic import op

revision = "d032"
down_revision = "d031"


def upgrade() -> None:
    op.alter_column(
        "invoice",
        "lines",
        new_column_name="positions",
        type_=sa.Integer(),
        server_default="2",
        nullable=True,
        existing_type=sa.SmallInteger(),
        existing_nullable=False,
        existing_server_default=sa.text("1"),
    )


def downgrade() -> None:
    op.alter_column(
        "invoice",
        "positions",
        new_column_name="lines",
        type_=sa.SmallInteger(),
        server_default=sa.text("1"),
        nullable=False,
        existing_type=sa.Integer(),
        existing_nullable=True,
        existing_server_default="2",
    )
