"""What batch operations are outside SQLite; there only columns are added."""

import sqlalchemy as sa
from alembic import op

revision = "d064"
down_revision = "d063"


def upgrade() -> None:
    with op.batch_alter_table("invoice") as batch_op:
        batch_op.add_column(sa.Column("colour", sa.String(10)))
        batch_op.create_index("ix_invoice_colour", ["colour"])


def downgrade() -> None:
    with op.batch_alter_table("invoice") as batch_op:
        batch_op.drop_index("ix_invoice_colour")
