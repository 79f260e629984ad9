"""An index on an expression."""

import sqlalchemy as sa
from alembic import op

revision = "d037"
down_revision = "d036"


def upgrade() -> None:
    op.create_index("ix_invoice_lower", "invoice", [sa.text("lower(number)")])


def downgrade() -> None:
    op.drop_index("ix_invoice_lower", table_name="invoice")
