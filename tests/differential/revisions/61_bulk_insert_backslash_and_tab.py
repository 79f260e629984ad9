"""Text that databases read differently."""

import sqlalchemy as sa
from alembic import op

revision = "d061"
down_revision = "d060"

path = sa.table("path", sa.column("name", sa.String(60)))


def upgrade() -> None:
    op.bulk_insert(path, [{"name": "C:\\temp"}])


def downgrade() -> None:
    op.bulk_insert(path, [{"name": "one\ttwo"}])
