"""What only PostgreSQL has."""

import sqlalchemy as sa
from alembic import op

revision = "d050"
down_revision = "d049"


def upgrade() -> None:
    op.create_exclude_constraint(
        "ex_room", "booking", (sa.column("room"), "="), ("during", "&&"), where="room IS NOT NULL", using="gist"
    )


def downgrade() -> None:
    op.drop_constraint("ex_room", "booking")
