"""An env.py as the manual of alembic-postgresql-enum shows it: importing the plug-in is all."""

import alembic_postgresql_enum
from alembic import context

alembic_postgresql_enum.set_configuration(alembic_postgresql_enum.Config(add_type_ignore=True))

context.configure(
    url=context.config.get_main_option("sqlalchemy.url"), literal_binds=True, dialect_opts={"paramstyle": "named"}
)
with context.begin_transaction():
    context.run_migrations()
