"""A change of type of a column that the revision itself made, and of which it tells nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "d080"
down_revision = "d079"


def upgrade() -> None:
    op.create_table("box", sa.Column("label", sa.String(20), nullable=False))
    op.alter_column("box", "label", type_=sa.String(50))


def downgrade() -> None:
    op.drop_table("box")
