"""What no tool on SQLAlchemy can go below: the parts of ``base:head`` that do not depend on how a tool is written.

    python -m bench.floors FOLDER            a history of bench.histories, beside Alembic's whole run

Each stage does what the ones before it do, in a process of its own:

- ``start``: Python, click, SQLAlchemy and its dialect of PostgreSQL;
- ``modules``: the revision files are read and executed, from byte code where that is there;
- ``constructs``: ``upgrade()`` is called, in order; the operations take what they are given and do nothing;
- ``tables``: SQLAlchemy builds each table and index, and tables for each column;
- ``text``: SQLAlchemy compiles them, constraints and types, names are put in quotes, and the statements into a file,
  with one for the version table per revision. Values of rows are written without a look at their types.

There is no shadow schema, check, guard or comment in it, and of most arguments no notice is taken. So it is below what
a tool needs, and a bar below it cannot be met.
"""

from __future__ import annotations

import argparse
import importlib
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from graphlib import TopologicalSorter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from bench.measure import Figure, median, run
from bench.works import alembic

STAGES = ("start", "modules", "constructs", "tables", "text")


class Operations:
    """Stands for ``alembic.op``: takes all calls; from the stage ``tables`` on it builds, then it compiles."""

    def __init__(self, stage: str) -> None:
        self.builds = STAGES.index(stage) >= STAGES.index("tables")
        self.compiles = stage == "text"
        self.texts: list[str] = []
        self.sa = importlib.import_module("sqlalchemy")
        self.dialect = importlib.import_module("sqlalchemy.dialects.postgresql").dialect()

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None

    def get_bind(self) -> Any:
        """Return what tells the dialect."""
        return SimpleNamespace(dialect=self.dialect, execute=self.execute)

    def get_context(self) -> Any:
        """Return what tells the dialect."""
        return SimpleNamespace(dialect=self.dialect)

    @contextmanager
    def batch_alter_table(self, table: str, **_: Any) -> Iterator[Any]:
        """Return a block that takes all calls, for one table."""
        yield Batch(self, table)

    def create_table(self, name: str, *items: Any, **_: Any) -> Any:
        """Build and compile a table."""
        if not self.builds:
            return None
        sa = self.sa
        table = sa.Table(name, sa.MetaData(), *items)
        for key in table.foreign_keys:
            sa.Table(key._column_tokens[1], table.metadata, sa.Column("id"), extend_existing=True)
        if self.compiles:
            self.texts.append(str(sa.schema.CreateTable(table).compile(dialect=self.dialect)))
        return table

    def create_index(self, name: str, table: str, columns: list[Any], **more: Any) -> None:
        """Build and compile an index."""
        if not self.builds:
            return
        sa = self.sa
        home = sa.Table(table, sa.MetaData(), *(sa.Column(one) for one in columns if isinstance(one, str)))
        index = sa.Index(name, *columns, unique=more.get("unique"), _table=home)
        if self.compiles:
            self.texts.append(str(sa.schema.CreateIndex(index).compile(dialect=self.dialect)))

    def add_column(self, table: str, column: Any, *_: Any, **__: Any) -> None:
        """Build a table for a column, and compile the column."""
        if not self.builds or not isinstance(column, self.sa.Column):
            return
        self.sa.Table(table, self.sa.MetaData(), column)
        if self.compiles:
            compiler = self.dialect.ddl_compiler(self.dialect, None)
            self.texts.append(f"ALTER TABLE {table} ADD {compiler.get_column_specification(column)}")

    def add_constraint(self, table: str, constraint: Any, columns: list[str], target: str = "") -> None:
        """Build the tables that a constraint needs, and compile it."""
        sa = self.sa
        home = sa.Table(table, sa.MetaData(), *(sa.Column(one) for one in columns))
        if target:
            sa.Table(target.partition(".")[0], home.metadata, sa.Column(target.partition(".")[2]))
        home.append_constraint(constraint)
        if self.compiles:
            self.texts.append(str(sa.schema.AddConstraint(constraint).compile(dialect=self.dialect)))

    def create_foreign_key(self, name: str, table: str, target: str, local: list[str], remote: list[str]) -> None:
        """Build and compile a foreign key."""
        if self.builds:
            names = [f"{target}.{one}" for one in remote]
            self.add_constraint(table, self.sa.ForeignKeyConstraint(local, names, name=name), local, names[0])

    def create_unique_constraint(self, name: str, table: str, columns: list[str]) -> None:
        """Build and compile a UNIQUE constraint."""
        if self.builds:
            self.add_constraint(table, self.sa.UniqueConstraint(*columns, name=name), columns)

    def create_check_constraint(self, name: str, table: str, condition: Any) -> None:
        """Build and compile a CHECK constraint."""
        if self.builds:
            self.add_constraint(table, self.sa.CheckConstraint(condition, name=name), [])

    def change(self, table: str, *names: Any, **more: Any) -> None:
        """Write any other change of a table: names in quotes, and a type."""
        if self.compiles:
            quote = self.dialect.identifier_preparer.quote
            type_ = more.get("type_")
            worded = self.dialect.type_compiler_instance.process(type_) if hasattr(type_, "compile") else ""
            told = ", ".join(quote(one) for one in (table, *names) if isinstance(one, str))
            self.texts.append(f"ALTER TABLE {told} {worded}")

    alter_column = drop_column = drop_constraint = drop_table = drop_index = rename_table = change
    create_table_comment = drop_table_comment = change

    def version(self, id: str) -> None:
        """Write what a revision does to the version table."""
        if self.compiles:
            self.texts.append(f"UPDATE alembic_version SET version_num = '{id}'")

    def execute(self, statement: Any, *_: Any, **__: Any) -> None:
        """Compile a statement."""
        if self.compiles:
            text = statement if isinstance(statement, str) else statement.compile(dialect=self.dialect)
            self.texts.append(str(text))

    def bulk_insert(self, table: Any, rows: list[dict[str, Any]], **_: Any) -> None:
        """Write rows."""
        if self.compiles:
            self.texts += [f"INSERT INTO {table.name} VALUES ({', '.join(map(repr, row.values()))})" for row in rows]


class Batch:
    """Stands for a block that changes one table."""

    named_first = ("create_index", "create_foreign_key", "create_unique_constraint", "create_check_constraint")

    def __init__(self, operations: Operations, table: str) -> None:
        self.operations = operations
        self.table = table

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.operations, name)
        if name in self.named_first:
            return lambda first, *more, **named: call(first, self.table, *more, **named)
        return lambda *more, **named: call(self.table, *more, **named)


def perform(stage: str, folder: Path) -> None:
    """Do all that belongs to a stage."""
    importlib.import_module("click")
    operations = Operations(stage)
    if stage == "start":
        return
    stub: Any = ModuleType("alembic")
    stub.op = operations
    stub.context = operations
    sys.modules["alembic"] = stub
    found: dict[str, Any] = {}
    for path in sorted((folder / "migrations/versions").glob("*.py")):
        spec = spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        found[module.revision] = module
    below = {id: [*names(module.down_revision), *names(module.depends_on)] for id, module in found.items()}
    for id in TopologicalSorter(below).static_order():
        if stage != "modules":
            found[id].upgrade()
            operations.version(id)
    with tempfile.TemporaryFile("w") as file:
        file.write(";\n\n".join(operations.texts))


def names(value: Any) -> tuple[str, ...]:
    """Return the revisions that a header variable names."""
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def stage_command(stage: str, folder: Path) -> tuple[str, ...]:
    """Return the command that does all of a stage."""
    return sys.executable, "-m", "bench.floors", str(folder), "--stage", stage


def main() -> None:
    """Do a stage, or measure all of them beside Alembic."""
    parser = argparse.ArgumentParser(prog="bench.floors", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stage", choices=STAGES)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    if asked.stage:
        perform(asked.stage, folder)
        return
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[1])
    commands = {stage: stage_command(stage, folder) for stage in STAGES}
    commands["Alembic"] = alembic("upgrade", "base:head", "--sql", dialect="postgresql")
    figures: dict[str, list[Figure]] = {name: [] for name in commands}
    for number in range(asked.runs + 1):
        for name, command in commands.items():
            figure = run(command, folder, environment)
            if number:
                figures[name].append(figure)
    for stage, found in figures.items():
        ratio = statistics.median(one.cpu / its.cpu for one, its in zip(found, figures["Alembic"], strict=True))
        print(f"{stage:<12} {median(found).cpu:6.2f} s  {ratio:5.2f} of Alembic")


if __name__ == "__main__":
    main()
