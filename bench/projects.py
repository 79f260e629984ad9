"""The files around the revisions of a synthetic project, as both tools read them."""

from __future__ import annotations

from pathlib import Path

CONFIGURATION = """# A synthetic project. -x dialect=NAME tells Alembic the database; sqlgen is told with -d.

[alembic]
script_location = %(here)s/migrations
prepend_sys_path = %(here)s
path_separator = os
sqlalchemy.url = sqlite:///app.db

[loggers]
keys = root,alembic

[handlers]
keys = console

[formatters]
keys = plain

[logger_root]
level = WARNING
handlers = console

[logger_alembic]
level = WARNING
handlers =
qualname = alembic

[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain

[formatter_plain]
format = %(levelname)s %(name)s: %(message)s
"""

ENVIRONMENT = '''"""Run the revisions, on a database or as a script."""

from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name, disable_existing_loggers=False)

target_metadata = None


def run_offline() -> None:
    """Write the statements down; the dialect is all that is known of the database."""
    context.configure(
        dialect_name=context.get_x_argument(as_dictionary=True).get("dialect", "sqlite"),
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Run the statements on the database of alembic.ini."""
    engine = engine_from_config(config.get_section("alembic", {}), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
'''

TREE = """[tool.sqlgen]
dialects = ["postgresql", "mysql", "sqlite", "mssql", "oracle"]
"""


def write_project(folder: Path, revisions: dict[str, str]) -> None:
    """Write a project into the folder: its configuration, and each revision's text under its file name."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    files = {
        folder / "alembic.ini": CONFIGURATION,
        folder / "pyproject.toml": TREE,
        folder / "migrations" / "env.py": ENVIRONMENT,
        **{versions / name: text for name, text in revisions.items()},
    }
    for path, text in files.items():
        path.write_text(text, encoding="utf-8", newline="\n")
