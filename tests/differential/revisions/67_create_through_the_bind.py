"""Tables and types that create themselves."""

import sqlalchemy as sa
from alembic import op

revision = "d067"
down_revision = "d066"

note = sa.Table("memo", sa.MetaData(), sa.Column("code", sa.String(8), primary_key=True))


def upgrade() -> None:
    note.create(op.get_bind(), checkfirst=False)


def downgrade() -> None:
    note.drop(op.get_bind(), checkfirst=False)
