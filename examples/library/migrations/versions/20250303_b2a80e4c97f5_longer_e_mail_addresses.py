"""Longer e-mail addresses; comments for the reporting team

The reporting team reads the tables through a tool that shows the comments.

Revision ID: b2a80e4c97f5
Revises: 6d1f3be7509c
Create Date: 2025-03-03 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "b2a80e4c97f5"
down_revision = "6d1f3be7509c"
branch_labels = None
depends_on = None

COMMENTS = {
    "loan": "One row per borrowing; never deleted, the statistics count them",
    "tariff": "What a day of delay costs, and where it stops",
}


def upgrade():
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":  # enforces no length of a VARCHAR, and keeps no comments
        return
    op.alter_column("patron", "email", type_=sa.String(254), existing_type=sa.String(100), existing_nullable=True)
    # SQL Server keeps a comment as a property, under the name of the schema.
    schema = "dbo" if dialect == "mssql" else None
    for table, comment in COMMENTS.items():
        op.create_table_comment(table, comment, schema=schema)
    op.alter_column(
        "loan",
        "returned_on",
        comment="Empty while the item is out",
        existing_type=sa.Date,
        existing_nullable=True,
        schema=schema,
    )


def downgrade():
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        return
    schema = "dbo" if dialect == "mssql" else None
    op.alter_column(
        "loan",
        "returned_on",
        comment=None,
        existing_comment="Empty while the item is out",
        existing_type=sa.Date,
        existing_nullable=True,
        schema=schema,
    )
    for table, comment in COMMENTS.items():
        op.drop_table_comment(table, existing_comment=comment, schema=schema)
    op.alter_column("patron", "email", type_=sa.String(100), existing_type=sa.String(254), existing_nullable=True)
