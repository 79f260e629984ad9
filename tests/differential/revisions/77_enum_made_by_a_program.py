"""A type that text has made, and that a column finds standing."""

import sqlalchemy as sa
from alembic import op

revision = "d077"
down_revision = "d076"


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "DO $$ BEGIN CREATE TYPE mood AS ENUM ('good', 'bad'); EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        )
        op.add_column("note", sa.Column("mood", sa.Enum("good", "bad", name="mood")))


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.drop_column("note", "mood")
        op.execute("DROP TYPE mood")
