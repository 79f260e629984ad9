"""Another name."""

import sqlalchemy as sa
from alembic import op

revision = "d030"
down_revision = "d029"


def upgrade() -> None:
    op.alter_column("invoice", "notes", new_column_name="remarks", existing_type=sa.Text(), existing_nullable=True)


def downgrade() -> None:
    op.alter_column("invoice", "remarks", new_column_name="notes", existing_type=sa.Text(), existing_nullable=True)
