"""A table and its first rows."""

import sqlalchemy as sa
from alembic import op

revision = "d073"
down_revision = "d072"


def upgrade() -> None:
    colour = op.create_table(
        "colour",
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
    )
    op.bulk_insert(colour, [{"code": "R", "name": "red"}, {"code": "G", "name": "green"}])


def downgrade() -> None:
    op.drop_table("colour")
