"""Creating and dropping with a condition."""

import sqlalchemy as sa
from alembic import op

revision = "d005"
down_revision = "d004"


def upgrade() -> None:
    op.create_table("setting", sa.Column("name", sa.String(40), primary_key=True), if_not_exists=True)


def downgrade() -> None:
    op.drop_table("setting", if_exists=True)
