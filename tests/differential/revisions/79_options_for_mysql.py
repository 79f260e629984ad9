"""A table and an index with options for MySQL, which MariaDB understands too."""

import sqlalchemy as sa
from alembic import op

revision = "d079"
down_revision = "d078"


def upgrade() -> None:
    op.create_table("parcel", sa.Column("label", sa.String(200)), mysql_engine="InnoDB")
    op.create_index("ix_parcel_label", "parcel", ["label"], mysql_length={"label": 20})


def downgrade() -> None:
    op.drop_index("ix_parcel_label", table_name="parcel")
    op.drop_table("parcel")
