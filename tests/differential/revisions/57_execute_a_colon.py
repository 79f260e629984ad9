"""Text in which a colon starts a name that nobody binds."""

from alembic import op

revision = "d057"
down_revision = "d056"


def upgrade() -> None:
    op.execute("UPDATE event SET body = '{\"a\":true}'")


def downgrade() -> None:
    op.execute("UPDATE event SET body = NULL")
