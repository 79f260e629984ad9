"""Catalogue: authors, and the titles that they wrote

A title is the work as it stands in the catalogue; the books on the shelf come with
the next revision. Authors are filed by sort_name ("Le Guin, Ursula K."), and shown
by name.

Revision ID: 1f0c3a7be2d4
Revises:
Create Date: 2024-03-04 09:12:40
"""

import sqlalchemy as sa
from alembic import op

revision = "1f0c3a7be2d4"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "author",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("name", sa.Unicode(200), nullable=False),
        sa.Column("sort_name", sa.Unicode(200), nullable=False),
        sa.Column("born_year", sa.SmallInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_author")),
    )
    op.create_index(op.f("ix_author_sort_name"), "author", ["sort_name"])

    op.create_table(
        "title",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("name", sa.Unicode(300), nullable=False),
        sa.Column("medium", sa.Enum("book", "audiobook", "film", "map", name="medium", length=20), nullable=False),
        sa.Column("published_year", sa.SmallInteger),
        sa.Column("isbn", sa.String(17)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_title")),
        sa.CheckConstraint("published_year BETWEEN 1400 AND 2999", name=op.f("ck_title_published_year")),
    )
    op.create_index(op.f("ix_title_name"), "title", ["name"])

    op.create_table(
        "title_author",
        sa.Column("title_id", sa.Integer, nullable=False),
        sa.Column("author_id", sa.Integer, nullable=False),
        sa.Column("position", sa.SmallInteger, nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("title_id", "author_id", name=op.f("pk_title_author")),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_title_author_title_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name=op.f("fk_title_author_author_id")),
    )


def downgrade():
    op.drop_table("title_author")
    op.drop_index(op.f("ix_title_name"), table_name="title")
    op.drop_table("title")
    op.drop_index(op.f("ix_author_sort_name"), table_name="author")
    op.drop_table("author")
    sa.Enum(name="medium").drop(op.get_bind())
