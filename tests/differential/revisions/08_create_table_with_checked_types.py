"""Booleans and enumerations that bring a check constraint."""

import sqlalchemy as sa
from alembic import op

revision = "d008"
down_revision = "d007"


def upgrade() -> None:
    op.create_table(
        "flag",
        sa.Column("code", sa.String(8), primary_key=True),
        sa.Column("active", sa.Boolean(create_constraint=True, name="ck_flag_active"), nullable=False),
        sa.Column("colour", sa.Enum("red", "green", name="ck_flag_colour", native_enum=False, create_constraint=True)),
    )


def downgrade() -> None:
    op.drop_table("flag")
