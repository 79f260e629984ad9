"""Entities replaced: in place, by way of a DO block, and by dropping them first."""

from alembic import op
from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_materialized_view import PGMaterializedView
from alembic_utils.pg_policy import PGPolicy
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView

revision = "a2"
down_revision = "a1"

touch = PGFunction(
    schema="public",
    signature="touch()",
    definition="RETURNS trigger AS $$ BEGIN NEW.touched := 2; RETURN NEW; END; $$ LANGUAGE plpgsql",
)
touched = PGTrigger(
    schema="public",
    signature="invoice_touched",
    on_entity="public.invoice",
    definition="BEFORE UPDATE ON public.invoice FOR EACH ROW EXECUTE PROCEDURE public.touch()",
)
open_invoice = PGView(schema="public", signature="open_invoice", definition="SELECT state, id FROM invoice")
by_state = PGMaterializedView(
    schema="public", signature="by_state", definition="SELECT state FROM invoice;", with_data=False
)
own = PGPolicy(schema="public", signature="own", on_entity="invoice", definition="FOR UPDATE USING (state <> 'paid')")


def upgrade() -> None:
    for entity in (touch, touched, open_invoice, by_state, own):
        op.replace_entity(entity)
    op.execute("UPDATE invoice SET state = state")


def downgrade() -> None:
    op.drop_entity(open_invoice, cascade=True)
    op.create_entity(open_invoice)
