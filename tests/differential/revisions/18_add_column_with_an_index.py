"""An index and a unique constraint that come with a column."""

import sqlalchemy as sa
from alembic import op

revision = "d018"
down_revision = "d017"


def upgrade() -> None:
    op.add_column("invoice", sa.Column("barcode", sa.String(20), index=True))


def downgrade() -> None:
    op.drop_column("invoice", "barcode")
