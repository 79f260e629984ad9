"""Projects that use other people's operations: rendered with the plug-in as it comes, against Alembic, and applied."""
