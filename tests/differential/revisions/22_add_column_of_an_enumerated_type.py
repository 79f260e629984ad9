"""An enumeration on a table that stands."""

import sqlalchemy as sa
from alembic import op

revision = "d022"
down_revision = "d021"


def upgrade() -> None:
    op.add_column("invoice", sa.Column("kind", sa.Enum("paper", "mail", name="invoice_kind")))


def downgrade() -> None:
    op.drop_column("invoice", "kind")
