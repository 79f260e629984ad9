"""Generated numbers for a column that stands."""

import sqlalchemy as sa
from alembic import op

revision = "d033"
down_revision = "d032"


def upgrade() -> None:
    op.alter_column("invoice", "id", autoincrement=True, existing_type=sa.Integer(), existing_nullable=False)


def downgrade() -> None:
    op.alter_column(
        "invoice",
        "id",
        autoincrement=False,
        existing_autoincrement=True,
        existing_type=sa.Integer(),
        existing_nullable=False,
    )
