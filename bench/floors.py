"""What no tool on SQLAlchemy can go below: the parts of ``base:head`` that do not depend on how a tool is written.

    python -m bench.floors FOLDER                     a history of bench.histories, beside Alembic's whole run
    python -m bench.floors FOLDER --databases five    five databases in one process, beside Alembic's five runs
    python -m bench.floors FOLDER --databases apart   the same, with one run of each ``upgrade()`` per database

Each stage does what the ones before it do, in a process of its own:

- ``start``: Python, click, SQLAlchemy and its dialects;
- ``modules``: the revision files are read and executed once, from byte code where that is there;
- ``constructs``: ``upgrade()`` is called, in order; the operations take what they are given and do nothing;
- ``tables``: SQLAlchemy builds each table and index, and tables for each column;
- ``text``: SQLAlchemy compiles them, constraints and types, names are put in quotes, and the statements into a file for
  each database, with one for the version table per revision. Values of rows are written without a look at their types.

Several databases share all that can be shared. ``upgrade()`` is called once, and what it does is built once and
compiled for each of them. Only where a revision asks which database it is, it is called once for each of them: nobody
can know what it does with the answer. What it did before it asked is the same for all, and built once even then. Rows
and text are written the same for all.

There is no shadow schema, check, guard or comment in it, and of most arguments no notice is taken; nor is there what
one database needs more statements for than another, such as a copy of a table. So it is below what a tool needs, and a
bar below it cannot be met.
"""

from __future__ import annotations

import argparse
import importlib
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from graphlib import TopologicalSorter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from bench.measure import Figure, median, run, together
from bench.works import FIVE, Command, scripts_of

STAGES = ("start", "modules", "constructs", "tables", "text")
DATABASES = {"one": ("postgresql",), "five": FIVE, "apart": FIVE}


class Operations:
    """Stands for ``alembic.op``: takes all calls; from the stage ``tables`` on it builds, then it compiles.

    ``meant`` are the databases that an operation is for now: all of them, until somebody asks which one it is; ``turn``
    is the one that is told then. ``apart`` shares nothing.
    """

    def __init__(self, stage: str, databases: Sequence[str] = DATABASES["one"], *, apart: bool = False) -> None:
        self.stage, self.apart = stage, apart
        self.sa = importlib.import_module("sqlalchemy")
        found = {name: importlib.import_module(f"sqlalchemy.dialects.{name}").dialect() for name in databases}
        self.dialects: dict[str, Any] = found
        self.texts: dict[str, list[str]] = {name: [] for name in databases}
        self.asking: list[str] = []
        self.tables: dict[str, Any] = {}
        self.begin(databases)

    def begin(self, meant: Sequence[str], turn: str = "") -> None:
        """Let operations be for some databases, until somebody asks which one it is."""
        self.meant = tuple(meant)
        self.turn = turn or next(iter(self.dialects))
        self.asked = False
        self.set_up()

    def set_up(self) -> None:
        """Note what is to be done for whom: looked up in each operation."""
        self.builds = bool(self.meant) and STAGES.index(self.stage) >= STAGES.index("tables")
        self.targets = [(self.dialects[name], self.texts[name]) for name in self.meant if self.stage == "text"]

    def upgrade(self, module: Any) -> None:
        """Call ``upgrade()`` for all databases, once if it does not ask which one it is."""
        first, *rest = self.dialects
        self.tables.clear()
        self.begin([first] if self.apart else tuple(self.dialects), first)
        module.upgrade()
        if self.asked:
            self.asking.append(module.revision)
        for name in rest if self.asked or self.apart else ():
            self.begin([name] if self.apart else (), name)
            module.upgrade()
        self.begin(tuple(self.dialects))
        for _, texts in self.targets:
            texts.append(f"UPDATE alembic_version SET version_num = '{module.revision}'")

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None

    def get_bind(self) -> Any:
        """Return what tells the dialect; what comes next is for this one only."""
        self.asked = True
        self.meant = (self.turn,)
        self.set_up()
        return SimpleNamespace(dialect=self.dialects[self.turn], execute=self.execute)

    get_context = get_bind

    @contextmanager
    def batch_alter_table(self, table: str, **_: Any) -> Iterator[Any]:
        """Return a block that takes all calls, for one table."""
        yield Batch(self, table)

    def create_table(self, name: str, *items: Any, **_: Any) -> Any:
        """Build and compile a table."""
        if not self.builds:
            return self.tables.get(name)
        sa = self.sa
        table = self.tables[name] = sa.Table(name, sa.MetaData(), *items)
        for key in table.foreign_keys:
            sa.Table(key._column_tokens[1], table.metadata, sa.Column("id"), extend_existing=True)
        self.compile(sa.schema.CreateTable(table))
        return table

    def compile(self, construct: Any) -> None:
        """Compile a construct for each database that it is for."""
        for dialect, texts in self.targets:
            texts.append(str(construct.compile(dialect=dialect)))

    def create_index(self, name: str, table: str, columns: list[Any], **more: Any) -> None:
        """Build and compile an index."""
        if not self.builds:
            return
        sa = self.sa
        home = sa.Table(table, sa.MetaData(), *(sa.Column(one) for one in columns if isinstance(one, str)))
        self.compile(sa.schema.CreateIndex(sa.Index(name, *columns, unique=more.get("unique"), _table=home)))

    def add_column(self, table: str, column: Any, *_: Any, **__: Any) -> None:
        """Build a table for a column, and compile the column."""
        if not self.builds or not isinstance(column, self.sa.Column):
            return
        self.sa.Table(table, self.sa.MetaData(), column)
        for dialect, texts in self.targets:
            compiler = dialect.ddl_compiler(dialect, None)
            texts.append(f"ALTER TABLE {table} ADD {compiler.get_column_specification(column)}")

    def add_constraint(self, table: str, constraint: Any, columns: list[str], target: str = "") -> None:
        """Build the tables that a constraint needs, and compile it."""
        sa = self.sa
        home = sa.Table(table, sa.MetaData(), *(sa.Column(one) for one in columns))
        if target:
            sa.Table(target.partition(".")[0], home.metadata, sa.Column(target.partition(".")[2]))
        home.append_constraint(constraint)
        self.compile(sa.schema.AddConstraint(constraint))

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
        type_ = more.get("type_")
        for dialect, texts in self.targets:
            quote = dialect.identifier_preparer.quote
            worded = dialect.type_compiler_instance.process(type_) if hasattr(type_, "compile") else ""
            told = ", ".join(quote(one) for one in (table, *names) if isinstance(one, str))
            texts.append(f"ALTER TABLE {told} {worded}")

    alter_column = drop_column = drop_constraint = drop_table = drop_index = rename_table = change
    create_table_comment = drop_table_comment = change

    def execute(self, statement: Any, *_: Any, **__: Any) -> None:
        """Compile a statement; text is taken as it is."""
        if isinstance(statement, str):
            self.write([statement])
        else:
            self.compile(statement)

    def bulk_insert(self, table: Any, rows: list[dict[str, Any]], **_: Any) -> None:
        """Write rows."""
        if self.targets:
            self.write([f"INSERT INTO {table.name} VALUES ({', '.join(map(repr, row.values()))})" for row in rows])

    def write(self, statements: list[str]) -> None:
        """Write statements that are the same for all databases."""
        for _, texts in self.targets:
            texts += statements


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


def perform(
    stage: str, folder: Path, databases: Sequence[str] = DATABASES["one"], *, apart: bool = False
) -> Operations:
    """Do all that belongs to a stage, and return what took the calls."""
    importlib.import_module("click")
    operations = Operations(stage, databases, apart=apart)
    if stage == "start":
        return operations
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
            operations.upgrade(found[id])
    for texts in operations.texts.values():
        with tempfile.TemporaryFile("w") as file:
            file.write(";\n\n".join(texts))
    return operations


def names(value: Any) -> tuple[str, ...]:
    """Return the revisions that a header variable names."""
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def stage_command(stage: str, folder: Path, databases: str = "one") -> tuple[str, ...]:
    """Return the command that does all of a stage."""
    return sys.executable, "-m", "bench.floors", str(folder), "--databases", databases, "--stage", stage


def main() -> None:
    """Do a stage, or measure all of them beside Alembic."""
    parser = argparse.ArgumentParser(prog="bench.floors", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--stage", choices=STAGES)
    parser.add_argument("--databases", choices=DATABASES, default="one")
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    folder, databases = asked.folder.resolve(), DATABASES[asked.databases]
    if asked.stage:
        perform(asked.stage, folder, databases, apart=asked.databases == "apart")
        return
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[1])
    commands: dict[str, tuple[Command, ...]] = {
        stage: (stage_command(stage, folder, asked.databases),) for stage in STAGES
    }
    commands["Alembic"] = scripts_of(*databases)
    figures: dict[str, list[Figure]] = {name: [] for name in commands}
    for number in range(asked.runs + 1):
        for name, side in commands.items():
            figure = together(run(command, folder, environment) for command in side)
            if number:
                figures[name].append(figure)
    for stage, found in figures.items():
        ratio = statistics.median(one.cpu / its.cpu for one, its in zip(found, figures["Alembic"], strict=True))
        print(f"{stage:<12} {median(found).cpu:6.2f} s  {ratio:5.2f} of Alembic")
    if len(databases) > 1:
        print(f"{len(perform('constructs', folder, databases).asking)} revisions ask which database it is")


if __name__ == "__main__":
    main()
