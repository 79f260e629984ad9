"""A shelf copy is an item, and a patron has a display name

Laptops and board games can be borrowed since September; nobody calls them copies.
Patrons choose the name that stands on their card.

Revision ID: f47d08a2c51b
Revises: 0b5e91c7d2a6
Create Date: 2024-09-16 13:40:08
"""

import sqlalchemy as sa
from alembic import op

revision = "f47d08a2c51b"
down_revision = "0b5e91c7d2a6"
branch_labels = None
depends_on = None


def upgrade():
    op.rename_table("shelf_copy", "item")
    op.alter_column("loan", "copy_id", new_column_name="item_id", existing_type=sa.Integer, existing_nullable=False)
    op.alter_column(
        "patron",
        "full_name",
        new_column_name="display_name",
        existing_type=sa.Unicode(200),
        existing_nullable=False,
    )


def downgrade():
    op.alter_column(
        "patron",
        "display_name",
        new_column_name="full_name",
        existing_type=sa.Unicode(200),
        existing_nullable=False,
    )
    op.alter_column("loan", "item_id", new_column_name="copy_id", existing_type=sa.Integer, existing_nullable=False)
    op.rename_table("item", "shelf_copy")
