"""Scripts for DBAs from Alembic revisions."""
