"""Adding and dropping with a condition."""

import sqlalchemy as sa
from alembic import op

revision = "d021"
down_revision = "d020"


def upgrade() -> None:
    op.add_column("invoice", sa.Column("hint", sa.String(20)), if_not_exists=True)


def downgrade() -> None:
    op.drop_column("invoice", "hint", if_exists=True)
