"""An identity, added and dropped."""

import sqlalchemy as sa
from alembic import op

revision = "d034"
down_revision = "d033"


def upgrade() -> None:
    op.alter_column(
        "invoice",
        "id",
        server_default=sa.Identity(start=10),
        existing_server_default=None,
        existing_type=sa.Integer(),
        existing_nullable=False,
    )


def downgrade() -> None:
    op.alter_column(
        "invoice",
        "id",
        server_default=None,
        existing_server_default=sa.Identity(start=10),
        existing_type=sa.Integer(),
        existing_nullable=False,
    )
