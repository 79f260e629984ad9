"""Values added, dropped and renamed, with columns, defaults and an index that rest on the type."""

from alembic import op
from alembic_postgresql_enum import ColumnType, TableReference
from alembic_postgresql_enum.sql_commands.indexes import TableIndex

revision = "b2"
down_revision = "b1"

PLACES = [
    TableReference(
        table_schema="public",
        table_name="parcel",
        column_name="state",
        existing_server_default="'draft'::state",
    ),
    TableReference(
        table_schema="public",
        table_name="parcel",
        column_name="states",
        column_type=ColumnType.ARRAY,
    ),
]
DEFINITION = "CREATE INDEX ix_parcel_payed ON public.parcel USING btree (id) WHERE (state = '{}'::state)"


def upgrade() -> None:
    op.sync_enum_values(
        enum_schema="public",
        enum_name="state",
        new_values=["draft", "sent", "paid", "lost"],
        affected_columns=PLACES,
        enum_values_to_rename=[("payed", "paid")],
        indexes_to_recreate=[TableIndex(name="public.ix_parcel_payed", definition=DEFINITION.format("payed"))],
    )
    op.add_enum_value(enum_schema="shop", enum_name="size", new_value="middling", before_value="small")
    op.add_enum_value(enum_schema="shop", enum_name="size", new_value="huge")


def downgrade() -> None:
    op.sync_enum_values(enum_schema="shop", enum_name="size", new_values=["small", "it''s big"], affected_columns=[])
    op.sync_enum_values(
        enum_schema="public",
        enum_name="state",
        new_values=["draft", "sent", "payed"],
        affected_columns=PLACES,
        enum_values_to_rename=[("paid", "payed")],
        indexes_to_recreate=[TableIndex(name="public.ix_parcel_payed", definition=DEFINITION.format("paid"))],
    )
