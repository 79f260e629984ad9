"""Merge fees and reservations

Revision ID: 0b5e91c7d2a6
Revises: c8247fd0b93e, 42da6e9b03f8
Create Date: 2024-07-01 08:00:27
"""

revision = "0b5e91c7d2a6"
down_revision = ("c8247fd0b93e", "42da6e9b03f8")
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
