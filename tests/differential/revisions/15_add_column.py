"""Plain columns, with and without a default."""

import sqlalchemy as sa
from alembic import op

revision = "d015"
down_revision = "d014"


def upgrade() -> None:
    op.add_column("invoice", sa.Column("due", sa.Date(), nullable=True))
    op.add_column("invoice", sa.Column("currency", sa.String(3), server_default="EUR", nullable=False))
    op.add_column("stock", sa.Column("batch", sa.String(10)), schema="warehouse")


def downgrade() -> None:
    op.drop_column("stock", "batch", schema="warehouse")
    op.drop_column("invoice", "currency")
    op.drop_column("invoice", "due")
