"""A column of an enumerated type."""

import sqlalchemy as sa
from alembic import op

revision = "d007"
down_revision = "d006"


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("state", sa.Enum("open", "closed", name="ticket_state"), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("ticket")
