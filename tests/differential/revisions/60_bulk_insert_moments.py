"""Rows with dates and times."""

import datetime

import sqlalchemy as sa
from alembic import op

revision = "d060"
down_revision = "d059"

visit = sa.table("visit", sa.column("code", sa.String(8)), sa.column("at", sa.DateTime()), sa.column("on", sa.Time()))


def upgrade() -> None:
    op.bulk_insert(
        visit,
        [{"code": "A", "at": datetime.datetime(2024, 2, 29, 12, 30), "on": datetime.time(8, 15)}],
    )


def downgrade() -> None:
    op.execute(visit.delete())
