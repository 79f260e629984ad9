"""Options of one dialect, and prefixes."""

import sqlalchemy as sa
from alembic import op

revision = "d012"
down_revision = "d011"


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("token", sa.String(32), primary_key=True),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        mariadb_engine="InnoDB",
        mariadb_charset="utf8mb4",
        sqlite_with_rowid=False,
        oracle_compress=True,
        postgresql_partition_by="HASH (token)",
    )


def downgrade() -> None:
    op.drop_table("session")
