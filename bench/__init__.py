"""What sqlgen costs beside Alembic: synthetic projects, and the programs that measure both tools on them."""
