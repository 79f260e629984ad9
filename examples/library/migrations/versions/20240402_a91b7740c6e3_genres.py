"""Genres, as they are printed on the shelves

The codes are the first three letters on the spine label. They are fixed: the label
printer in the cellar knows them too.

Revision ID: a91b7740c6e3
Revises: 5c2e9d81a4f7
Create Date: 2024-04-02 10:47:19
"""

import sqlalchemy as sa
from alembic import op

revision = "a91b7740c6e3"
down_revision = "5c2e9d81a4f7"
branch_labels = None
depends_on = None


def upgrade():
    genre = op.create_table(
        "genre",
        sa.Column("code", sa.String(3), nullable=False),
        sa.Column("name", sa.Unicode(80), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_genre")),
        sa.UniqueConstraint("name", name=op.f("uq_genre_name")),
    )
    op.bulk_insert(
        genre,
        [
            {"code": "BIO", "name": "Biography"},
            {"code": "CHI", "name": "Children's books"},
            {"code": "COM", "name": "Comics and bandes dessinées"},
            {"code": "CRI", "name": "Crime & mystery"},
            {"code": "HIS", "name": "History"},
            {"code": "SFF", "name": "Science fiction and fantasy"},
        ],
    )
    op.add_column("title", sa.Column("genre_code", sa.String(3)))
    # SQLite cannot add a constraint to a table that stands; there the application checks the code.
    if op.get_context().dialect.name != "sqlite":
        op.create_foreign_key(op.f("fk_title_genre_code"), "title", "genre", ["genre_code"], ["code"])


def downgrade():
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint(op.f("fk_title_genre_code"), "title", type_="foreignkey")
    op.drop_column("title", "genre_code")
    op.drop_table("genre")
