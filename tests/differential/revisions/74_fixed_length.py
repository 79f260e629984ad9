"""A type of the author's own, which is a fixed-length text."""

import sqlalchemy as sa
from alembic import op

revision = "d074"
down_revision = "d073"


class Badge(sa.TypeDecorator[str]):
    """What is printed on a visitor's badge."""

    impl = sa.CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[str]:
        """Return the type that every database has."""
        return dialect.type_descriptor(sa.CHAR(12))


def upgrade() -> None:
    op.create_table("visitor", sa.Column("badge", Badge(), primary_key=True), sa.Column("name", sa.String(60)))


def downgrade() -> None:
    op.drop_table("visitor")
