"""Reserved and mixed-case names."""

import sqlalchemy as sa
from alembic import op

revision = "d072"
down_revision = "d071"


def upgrade() -> None:
    op.add_column("Order", sa.Column("User", sa.Integer(), nullable=True))
    op.create_index("ix Order", "Order", ["User"])


def downgrade() -> None:
    op.drop_index("ix Order", table_name="Order")
    op.drop_column("Order", "User")
