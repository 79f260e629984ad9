"""An operation of the revision's own."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import ops

revision = "d069"
down_revision = "d068"


def upgrade() -> None:
    op.invoke(ops.CreateIndexOp("ix_invoice_lines", "invoice", ["lines"]))
    op.invoke(ops.AddColumnOp("invoice", sa.Column("extra", sa.String(9))))


def downgrade() -> None:
    op.invoke(ops.DropColumnOp("invoice", "extra"))
    op.invoke(ops.DropIndexOp("ix_invoice_lines", "invoice"))
