"""A percent sign in a constraint, a default and a literal."""

import sqlalchemy as sa
from alembic import op

revision = "d071"
down_revision = "d070"


def upgrade() -> None:
    op.create_check_constraint("ck_code", "rate", "code LIKE 'A%'")
    op.add_column("rate", sa.Column("share", sa.String(8), server_default="10%"))
    op.execute(sa.text("UPDATE rate SET share = '5%'"))


def downgrade() -> None:
    op.drop_column("rate", "share")
