"""Another type, everything else as it was."""

import sqlalchemy as sa
from alembic import op

revision = "d026"
down_revision = "d025"


def upgrade() -> None:
    op.alter_column("invoice", "number", type_=sa.String(40), existing_type=sa.String(20), existing_nullable=False)


def downgrade() -> None:
    op.alter_column("invoice", "number", type_=sa.String(20), existing_type=sa.String(40), existing_nullable=False)
