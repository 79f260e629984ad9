"""Entities of every kind that alembic_utils knows."""

import sqlalchemy as sa
from alembic import op
from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_grant_table import PGGrantTable, PGGrantTableChoice
from alembic_utils.pg_materialized_view import PGMaterializedView
from alembic_utils.pg_policy import PGPolicy
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView

revision = "a1"
down_revision = None

in_words = PGFunction(
    schema="public",
    signature="inWords(amount numeric, currency text default 'EUR; net')",
    definition="""
    RETURNS text AS $body$
    DECLARE
        words text := '';  -- a colon: {"a":true}
    BEGIN
        words := amount::text || ' ' || currency;
        RETURN words || ':' || 'it''s 5%';
    END;
    $body$ LANGUAGE plpgsql IMMUTABLE
    """,
)
touch = PGFunction(
    schema="public",
    signature="touch()",
    definition="RETURNS trigger AS $$ BEGIN NEW.touched := 1; RETURN NEW; END; $$ LANGUAGE plpgsql",
)
touched = PGTrigger(
    schema="public",
    signature="invoice_touched",
    on_entity="public.invoice",
    definition="BEFORE INSERT OR UPDATE ON public.invoice FOR EACH ROW EXECUTE PROCEDURE public.touch()",
)
open_invoice = PGView(
    schema="public",
    signature="open_invoice",
    definition="SELECT id, \"inWords\"(amount) AS words FROM invoice WHERE state LIKE 'open%';",
)
by_state = PGMaterializedView(
    schema="public",
    signature="by_state",
    definition="SELECT state, sum(amount)::numeric(12, 2) AS total FROM invoice GROUP BY state",
)
own = PGPolicy(
    schema="public", signature="own", on_entity="invoice", definition="AS PERMISSIVE FOR SELECT TO public USING (true)"
)
reading = PGGrantTable(
    schema="public", table="invoice", columns=["id", "state"], role="postgres", grant=PGGrantTableChoice.SELECT
)


def upgrade() -> None:
    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("amount", sa.Numeric(12, 2), nullable=False),
        sa.Column("touched", sa.Integer),
    )
    op.create_entity(in_words)
    op.create_entity(touch)
    op.create_entity(touched)
    op.create_entity(open_invoice)
    op.create_entity(by_state)
    op.create_entity(own)
    op.create_entity(reading)
    op.execute("INSERT INTO invoice (id, state, amount) VALUES (1, 'open', 12.5), (2, 'paid', 3)")


def downgrade() -> None:
    for entity in (reading, own, by_state, open_invoice, touched, touch, in_words):
        op.drop_entity(entity)
    op.drop_table("invoice")
