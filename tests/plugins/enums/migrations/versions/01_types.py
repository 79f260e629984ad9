"""What the plug-in writes for new types: they are made by hand, and the columns do not make them again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b1"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA shop")
    sa.Enum("draft", "sent", "payed", name="state").create(op.get_bind())
    sa.Enum("small", "it's big", name="size", schema="shop").create(op.get_bind())
    op.create_table(
        "parcel",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "state",
            postgresql.ENUM("draft", "sent", "payed", name="state", create_type=False),
            server_default="draft",
            nullable=False,
        ),
        sa.Column(
            "states", postgresql.ARRAY(postgresql.ENUM("draft", "sent", "payed", name="state", create_type=False))
        ),
    )
    op.create_index("ix_parcel_payed", "parcel", ["id"], postgresql_where=sa.text("state = 'payed'::state"))
    op.execute("INSERT INTO parcel VALUES (1, 'payed', '{sent,payed}'), (2, DEFAULT, NULL)")


def downgrade() -> None:
    op.drop_table("parcel")
    sa.Enum("small", "it's big", name="size", schema="shop").drop(op.get_bind())
    sa.Enum("draft", "sent", "payed", name="state").drop(op.get_bind())
    op.execute("DROP SCHEMA shop")
