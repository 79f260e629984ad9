"""A comment that comes with a column."""

import sqlalchemy as sa
from alembic import op

revision = "d020"
down_revision = "d019"


def upgrade() -> None:
    op.add_column("supplier", sa.Column("vat", sa.String(20), comment="with country"), schema="purchase")


def downgrade() -> None:
    op.drop_column("supplier", "vat", schema="purchase")
