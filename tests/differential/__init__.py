"""Our statements against those of Alembic's offline mode, revision by revision."""
