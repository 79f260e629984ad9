"""A row of a table whose key the database generates."""

import sqlalchemy as sa
from alembic import op

revision = "d058"
down_revision = "d057"

customer = sa.Table(
    "customer",
    sa.MetaData(),
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("name", sa.String(60), nullable=False),
)


def upgrade() -> None:
    op.execute(customer.insert().values(name="Ada"))
    op.execute(customer.insert().values(id=7, name="Bob"))


def downgrade() -> None:
    op.execute(customer.delete().where(customer.c.name == "Ada"))
