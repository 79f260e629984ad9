"""A copy whose source is spelled out."""

import sqlalchemy as sa
from alembic import op

revision = "d066"
down_revision = "d065"

note = sa.Table(
    "note",
    sa.MetaData(),
    sa.Column("code", sa.String(8), primary_key=True),
    sa.Column("body", sa.String(80)),
)


def upgrade() -> None:
    with op.batch_alter_table("note", copy_from=note) as batch_op:
        batch_op.alter_column("body", nullable=False, existing_type=sa.String(80))


def downgrade() -> None:
    with op.batch_alter_table("note", copy_from=note, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("colour", sa.String(10)))
