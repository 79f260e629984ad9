"""A PostgreSQL type, made first and used then."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "d068"
down_revision = "d067"

mood = postgresql.ENUM("good", "bad", name="mood", create_type=False)


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        mood.create(op.get_bind(), checkfirst=False)
        op.add_column("note", sa.Column("mood", mood))


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.drop_column("note", "mood")
        mood.drop(op.get_bind(), checkfirst=False)
