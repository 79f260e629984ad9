"""Comments of tables that stand."""

from alembic import op

revision = "d051"
down_revision = "d050"


def upgrade() -> None:
    op.create_table_comment("supplier", "who sells to us", existing_comment=None, schema="purchase")


def downgrade() -> None:
    op.drop_table_comment("supplier", existing_comment="who sells to us", schema="purchase")
