"""A unique constraint that comes with a column."""

import sqlalchemy as sa
from alembic import op

revision = "d019"
down_revision = "d018"


def upgrade() -> None:
    op.add_column("invoice", sa.Column("slug", sa.String(20), unique=True))


def downgrade() -> None:
    op.drop_column("invoice", "slug")
