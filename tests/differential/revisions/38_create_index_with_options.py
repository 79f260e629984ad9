"""Options of the dialects."""

import sqlalchemy as sa
from alembic import op

revision = "d038"
down_revision = "d037"


def upgrade() -> None:
    op.create_index(
        "ix_invoice_open",
        "invoice",
        ["number"],
        postgresql_where=sa.text("paid_at IS NULL"),
        postgresql_using="btree",
        postgresql_include=["issued"],
        sqlite_where=sa.text("paid_at IS NULL"),
        mssql_where=sa.text("paid_at IS NULL"),
        mssql_include=["issued"],
        mysql_length=10,
        mariadb_length=10,
        oracle_compress=1,
    )


def downgrade() -> None:
    op.drop_index("ix_invoice_open", table_name="invoice")
