"""SQL Server's flags."""

import sqlalchemy as sa
from alembic import op

revision = "d024"
down_revision = "d023"


def upgrade() -> None:
    op.drop_column("invoice", "lines", mssql_drop_default=True, mssql_drop_check=True, mssql_drop_foreign_key=True)


def downgrade() -> None:
    op.add_column("invoice", sa.Column("lines", sa.SmallInteger(), nullable=True))
