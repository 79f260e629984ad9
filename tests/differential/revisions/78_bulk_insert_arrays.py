"""Arrays as values, one of them empty."""

import sqlalchemy as sa
from alembic import op

revision = "d078"
down_revision = "d077"


def upgrade() -> None:
    tags = sa.table("tagged", sa.column("id", sa.Integer), sa.column("tags", sa.ARRAY(sa.Integer)))
    op.bulk_insert(tags, [{"id": 1, "tags": [1, 2]}])


def downgrade() -> None:
    op.execute("DELETE FROM tagged")
