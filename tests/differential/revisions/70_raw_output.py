"""A trailing semicolon, a comment, text straight into the script."""

from alembic import op

revision = "d070"
down_revision = "d069"


def upgrade() -> None:
    op.execute("DELETE FROM invoice;")
    op.get_context().impl.static_output("-- a word to the DBA")


def downgrade() -> None:
    op.get_context().execute("DELETE FROM invoice")
