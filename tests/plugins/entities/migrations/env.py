"""An env.py as the manual of alembic_utils shows it: the entities are registered for autogenerate."""

from alembic import context
from alembic_utils.pg_view import PGView
from alembic_utils.replaceable_entity import register_entities

register_entities([PGView(schema="public", signature="open_invoice", definition="SELECT 1 AS one")])

context.configure(
    url=context.config.get_main_option("sqlalchemy.url"), literal_binds=True, dialect_opts={"paramstyle": "named"}
)
with context.begin_transaction():
    context.run_migrations()
