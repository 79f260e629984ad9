"""A type and nothing about what stood there."""

import sqlalchemy as sa
from alembic import op

revision = "d035"
down_revision = "d034"


def upgrade() -> None:
    op.alter_column("invoice", "reference", type_=sa.Integer())


def downgrade() -> None:
    op.alter_column("invoice", "reference", type_=sa.BigInteger())
