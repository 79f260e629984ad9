"""A primary key for a table that has none."""

from alembic import op

revision = "d044"
down_revision = "d043"


def upgrade() -> None:
    op.create_primary_key("pk_log", "log", ["day", "number"])


def downgrade() -> None:
    op.drop_constraint("pk_log", "log", type_="primary")
