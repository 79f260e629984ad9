"""An argument that does not exist; Alembic takes any."""

import sqlalchemy as sa
from alembic import op

revision = "d075"
down_revision = "d074"


def upgrade() -> None:
    op.alter_column("invoice", "number", _type=sa.String(40), existing_type=sa.String(20), nullable=True)


def downgrade() -> None:
    op.alter_column("invoice", "number", existing_type=sa.String(20), nullable=False)
