"""Running revisions with no database: a recording connection, ``alembic.context``, and the replay of a plan."""
