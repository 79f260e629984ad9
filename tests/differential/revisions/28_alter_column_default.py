"""Setting and dropping a default."""

import sqlalchemy as sa
from alembic import op

revision = "d028"
down_revision = "d027"


def upgrade() -> None:
    op.alter_column("invoice", "total", server_default="1", existing_type=sa.Numeric(12, 2), existing_nullable=False)


def downgrade() -> None:
    op.alter_column(
        "invoice",
        "total",
        server_default=None,
        existing_server_default="1",
        existing_type=sa.Numeric(12, 2),
        existing_nullable=False,
    )
