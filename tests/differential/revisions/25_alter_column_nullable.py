"""Whether a column may be empty."""

import sqlalchemy as sa
from alembic import op

revision = "d025"
down_revision = "d024"


def upgrade() -> None:
    op.alter_column("invoice", "number", existing_type=sa.String(20), nullable=True)


def downgrade() -> None:
    op.alter_column("invoice", "number", existing_type=sa.String(20), nullable=False)
