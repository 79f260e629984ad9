"""SQL as text."""

import sqlalchemy as sa
from alembic import op

revision = "d052"
down_revision = "d051"


def upgrade() -> None:
    op.execute("UPDATE invoice SET currency = 'EUR' WHERE currency IS NULL")
    op.execute(sa.text("DELETE FROM invoice WHERE number LIKE '100%'"))


def downgrade() -> None:
    op.execute("UPDATE invoice SET currency = NULL WHERE notes = '12\\:30'")
