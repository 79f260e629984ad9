"""Several statements in one text, and text that commits."""

from alembic import op

revision = "d090"
down_revision = "d077"


def upgrade() -> None:
    op.execute("DELETE FROM invoice; DELETE FROM customer;")


def downgrade() -> None:
    op.execute("UPDATE invoice SET currency = 'EUR'")
    op.execute("COMMIT")
    op.execute("BEGIN")
    op.execute("UPDATE invoice SET currency = NULL")
