"""Foreign keys, unique and check constraints, named and nameless."""

import sqlalchemy as sa
from alembic import op

revision = "d003"
down_revision = "d002"


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger(), sa.Identity(start=100), primary_key=True),
        sa.Column("invoice_id", sa.Integer(), sa.ForeignKey("invoice.id", ondelete="CASCADE"), nullable=False),
        sa.Column("parcel", sa.String(30), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=True),
        sa.UniqueConstraint("parcel", name="uq_delivery_parcel"),
        sa.CheckConstraint("grams > 0", name="ck_delivery_grams"),
        sa.ForeignKeyConstraint(["parcel"], ["parcel.code"], name="fk_delivery_parcel"),
    )


def downgrade() -> None:
    op.drop_table("delivery")
