"""Text with a value of its own."""

import sqlalchemy as sa
from alembic import op

revision = "d055"
down_revision = "d054"


def upgrade() -> None:
    op.execute(sa.text("UPDATE invoice SET currency = :code").bindparams(code="it's"))
    op.execute(sa.text("UPDATE invoice SET lines = :n").bindparams(sa.bindparam("n", 3, type_=sa.Integer())))


def downgrade() -> None:
    op.execute("UPDATE invoice SET currency = NULL")
