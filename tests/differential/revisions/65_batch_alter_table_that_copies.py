"""A batch that SQLite can only do by copying the table."""

import sqlalchemy as sa
from alembic import op

revision = "d065"
down_revision = "d064"


def upgrade() -> None:
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.alter_column("number", type_=sa.String(50), existing_type=sa.String(20), existing_nullable=False)
        batch_op.create_unique_constraint("uq_invoice_colour", ["colour"])
        batch_op.drop_column("notes")


def downgrade() -> None:
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notes", sa.Text(), nullable=True))
        batch_op.drop_constraint("uq_invoice_colour", type_="unique")
