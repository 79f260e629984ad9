"""Values that are given at execution."""

import sqlalchemy as sa
from alembic import op

revision = "d056"
down_revision = "d055"


def upgrade() -> None:
    op.get_bind().execute(sa.text("UPDATE invoice SET currency = :code"), {"code": "EUR"})


def downgrade() -> None:
    op.get_bind().execute(sa.text("UPDATE invoice SET lines = :n"), {"n": 3})
