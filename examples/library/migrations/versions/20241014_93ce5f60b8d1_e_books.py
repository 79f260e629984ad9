"""E-books and games as media

The way back leaves the two values in PostgreSQL's type, which cannot forget a value
without being built anew; they do no harm there.

Revision ID: 93ce5f60b8d1
Revises: f47d08a2c51b
Create Date: 2024-10-14 10:15:46
"""

import sqlalchemy as sa
from alembic import op

revision = "93ce5f60b8d1"
down_revision = "f47d08a2c51b"
branch_labels = None
depends_on = None

OLD = sa.Enum("book", "audiobook", "film", "map", name="medium", length=20)
NEW = sa.Enum("book", "audiobook", "film", "map", "e-book", "game", name="medium", length=20)


def upgrade():
    dialect = op.get_context().dialect.name
    if dialect == "postgresql":
        # A value added inside a transaction cannot be used before its end.
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE medium ADD VALUE IF NOT EXISTS 'e-book'")
            op.execute("ALTER TYPE medium ADD VALUE IF NOT EXISTS 'game'")
    elif dialect in ("mysql", "mariadb"):
        op.alter_column("title", "medium", type_=NEW, existing_type=OLD, existing_nullable=False)
    # Elsewhere the column is a VARCHAR that takes any value.


def downgrade():
    op.execute("UPDATE title SET medium = 'book' WHERE medium IN ('e-book', 'game')")
    if op.get_context().dialect.name in ("mysql", "mariadb"):
        op.alter_column("title", "medium", type_=OLD, existing_type=NEW, existing_nullable=False)
