"""Another comment."""

import sqlalchemy as sa
from alembic import op

revision = "d031"
down_revision = "d030"


def upgrade() -> None:
    op.alter_column(
        "supplier",
        "vat",
        comment="without country",
        existing_comment="with country",
        existing_type=sa.String(20),
        existing_nullable=True,
        schema="purchase",
    )


def downgrade() -> None:
    op.alter_column(
        "supplier",
        "vat",
        comment=None,
        existing_comment="without country",
        existing_type=sa.String(20),
        existing_nullable=True,
        schema="purchase",
    )
