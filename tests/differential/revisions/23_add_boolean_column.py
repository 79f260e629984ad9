"""A boolean with a default."""

import sqlalchemy as sa
from alembic import op

revision = "d023"
down_revision = "d022"


def upgrade() -> None:
    op.add_column("invoice", sa.Column("sent", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("invoice", "sent")
