"""Reservations: the next patron in line for a title

The queue of a title is the order of requested_at; there is no column for the position,
because it changed under our feet in the old system.

Revision ID: 7e60c4a8f1b5
Revises: a91b7740c6e3
Create Date: 2024-05-13 16:21:54
"""

import sqlalchemy as sa
from alembic import op

revision = "7e60c4a8f1b5"
down_revision = "a91b7740c6e3"
branch_labels = ("reservations",)
depends_on = None


def upgrade():
    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("title_id", sa.Integer, nullable=False),
        sa.Column("patron_id", sa.Integer, nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "ready", "collected", "expired", name="reservation_state", length=20),
            nullable=False,
            server_default="waiting",
        ),
        sa.Column("requested_at", sa.DateTime, nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_reservation_title_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["patron_id"], ["patron.id"], name=op.f("fk_reservation_patron_id")),
    )
    op.create_index(op.f("ix_reservation_queue"), "reservation", ["state", "requested_at"])


def downgrade():
    op.drop_index(op.f("ix_reservation_queue"), table_name="reservation")
    op.drop_table("reservation")
    sa.Enum(name="reservation_state").drop(op.get_bind())
