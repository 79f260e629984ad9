"""Identifiers: ISBNs move to a table of their own

Films and games have no ISBN but an EAN or a publisher's number, and some books have
two ISBNs. The numbers that we have are taken over before the old column goes.

Revision ID: 6d1f3be7509c
Revises: 93ce5f60b8d1
Create Date: 2025-01-13 15:32:10
"""

import sqlalchemy as sa
from alembic import op

revision = "6d1f3be7509c"
down_revision = "93ce5f60b8d1"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "identifier",
        sa.Column("title_id", sa.Integer, nullable=False),
        sa.Column("scheme", sa.String(10), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("title_id", "scheme", "code", name=op.f("pk_identifier")),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_identifier_title_id"), ondelete="CASCADE"),
        sa.CheckConstraint("scheme IN ('isbn', 'ean', 'publisher')", name=op.f("ck_identifier_scheme")),
    )
    op.create_index(op.f("ix_identifier_code"), "identifier", ["code"])
    op.execute(
        "INSERT INTO identifier (title_id, scheme, code) SELECT id, 'isbn', isbn FROM title WHERE isbn IS NOT NULL"
    )
    op.drop_column("title", "isbn")


def downgrade():
    op.add_column("title", sa.Column("isbn", sa.String(17)))
    op.execute(
        "UPDATE title SET isbn = (SELECT MIN(code) FROM identifier"
        " WHERE identifier.title_id = title.id AND identifier.scheme = 'isbn')"
    )
    op.drop_index(op.f("ix_identifier_code"), table_name="identifier")
    op.drop_table("identifier")
