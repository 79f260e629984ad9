"""Patrons, the copies on the shelf, and who has borrowed which

A loan with no returned_on is still out. Loans are never deleted: the yearly
statistics count them.

Revision ID: 5c2e9d81a4f7
Revises: 1f0c3a7be2d4
Create Date: 2024-03-11 14:03:05
"""

import sqlalchemy as sa
from alembic import op

revision = "5c2e9d81a4f7"
down_revision = "1f0c3a7be2d4"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "patron",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("card_number", sa.String(12), nullable=False),
        sa.Column("full_name", sa.Unicode(200), nullable=False),
        sa.Column("email", sa.String(100)),
        sa.Column("joined_at", sa.DateTime, nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patron")),
        sa.UniqueConstraint("card_number", name=op.f("uq_patron_card_number")),
    )

    op.create_table(
        "shelf_copy",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("title_id", sa.Integer, nullable=False),
        sa.Column("barcode", sa.String(20), nullable=False),
        sa.Column("acquired_on", sa.Date),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf_copy")),
        sa.UniqueConstraint("barcode", name=op.f("uq_shelf_copy_barcode")),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_shelf_copy_title_id")),
    )

    op.create_table(
        "loan",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("copy_id", sa.Integer, nullable=False),
        sa.Column("patron_id", sa.Integer, nullable=False),
        sa.Column("lent_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("returned_on", sa.Date),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
        sa.ForeignKeyConstraint(["copy_id"], ["shelf_copy.id"], name=op.f("fk_loan_copy_id")),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_loan_patron_id")),
        sa.CheckConstraint("due_on >= lent_on", name=op.f("ck_loan_due_on")),
    )
    op.create_index(op.f("ix_loan_due_on_returned_on"), "loan", ["due_on", "returned_on"])


def downgrade():
    op.drop_index(op.f("ix_loan_due_on_returned_on"), table_name="loan")
    op.drop_table("loan")
    op.drop_table("shelf_copy")
    op.drop_table("patron")
