"""Comments of a table and of a column."""

import sqlalchemy as sa
from alembic import op

revision = "d006"
down_revision = "d005"


def upgrade() -> None:
    op.create_table(
        "supplier",
        sa.Column("code", sa.String(8), primary_key=True, comment="as on the supplier's letters"),
        schema="purchase",
        comment="who we buy from",
    )


def downgrade() -> None:
    op.drop_table("supplier", schema="purchase")
