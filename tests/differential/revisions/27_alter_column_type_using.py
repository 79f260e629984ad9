"""Another type by way of an expression."""

import sqlalchemy as sa
from alembic import op

revision = "d027"
down_revision = "d026"


def upgrade() -> None:
    op.alter_column(
        "invoice",
        "reference",
        type_=sa.Integer(),
        existing_type=sa.String(20),
        existing_nullable=True,
        postgresql_using="reference::integer",
    )


def downgrade() -> None:
    op.alter_column("invoice", "reference", type_=sa.String(20), existing_type=sa.Integer(), existing_nullable=True)
