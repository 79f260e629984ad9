"""Several changes of one SQLite table in one revision: one copy, which gives what a copy per change gives."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from sqlgen.errors import CommandError
from tests.databases.clients import Client, Database
from tests.recording.projects import make_project, render

pytestmark = pytest.mark.xdist_group("sqlite")

COPIES = re.compile(r"^CREATE TABLE _alembic_tmp_(\w+)", re.M)

MADE = (
    "CREATE TABLE p (id INTEGER PRIMARY KEY, k TEXT UNIQUE)",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER DEFAULT 4, c VARCHAR(10) COLLATE NOCASE,"
    " d TEXT CHECK (d <> ''), e REAL, up INTEGER REFERENCES t (id) ON DELETE CASCADE, UNIQUE (c, e),"
    " CONSTRAINT ck CHECK (b < 100), CONSTRAINT un UNIQUE (id, a))",
    "CREATE TABLE child (id INTEGER PRIMARY KEY, t INTEGER REFERENCES t (id) ON DELETE CASCADE)",
    "CREATE INDEX ix_part ON t (a) WHERE b > 1",
    "CREATE INDEX ix_expr ON t (lower(a), b DESC)",
    "CREATE VIEW v AS SELECT id, up FROM t",
    "CREATE TABLE log (n)",
    "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.id); END",
)
ROWS = (
    "INSERT INTO p VALUES (1, 'x'), (2, '12')",
    "INSERT INTO t (id, a, b, c, d, e, up) VALUES (1, 'x', 1, 'C', '007', 1.5, NULL), (5, '12', 2, NULL, 'y', 2, 1),"
    " (9, NULL, 77, 'c', '2024-05-06', 3, 5)",
    "INSERT INTO child VALUES (1, 1), (2, 9)",
)
NAMES = ("a", "b", "c", "d", "e", "f", "g h", "Order", "k")
TYPES = ("sa.Integer()", "sa.Text()", "sa.String(10)", "sa.String(20)", "sa.Float()", "sa.Date()", "sa.Numeric(8, 2)")
DEFAULTS = ("None", "'7'", "'it'", "sa.text('5')", "sa.text('CURRENT_DATE')", 'sa.text("(1 + 1)")')
CONVENTION = "{'uq': 'uq_%(table_name)s_%(column_0_name)s', 'fk': 'fk_%(table_name)s_%(column_0_name)s'}"


@dataclass
class Draft:
    """Draws calls that mostly fit the table; what does not fit is refused with one copy and with several."""

    draw: Any
    columns: list[str] = field(default_factory=lambda: ["a", "b", "c", "d", "e"])
    constraints: list[str] = field(default_factory=lambda: ["ck", "un"])
    indexes: list[str] = field(default_factory=lambda: ["ix_part", "ix_expr"])
    made: int = 0

    def pick(self, choices: Any) -> Any:
        return self.draw(st.sampled_from(sorted(choices)))

    def one(self) -> str:
        return str(self.pick(self.columns or NAMES))

    def name(self, prefix: str, known: list[str]) -> str:
        self.made += 1
        known.append(f"{prefix}{self.made}")
        return known[-1]

    def gone(self, known: list[str]) -> str:
        name = str(self.pick(known or ["none"]))
        known[:] = [one for one in known if one != name]
        return name

    def free(self) -> str:
        return str(self.pick([one for one in NAMES if one not in self.columns] or NAMES))

    def add(self) -> tuple[str, str]:
        name = self.free()
        self.columns.append(name)
        more = self.pick(("", ", server_default='7'", ", nullable=False", ", nullable=False, server_default='7'"))
        computed = ", sa.Computed('id + 1', persisted=True)" if not more and self.draw(st.booleans()) else more
        return "add_column", f"sa.Column({name!r}, {self.pick(TYPES)}{computed})"

    def drop(self) -> tuple[str, str]:
        name = str(self.pick([one for one in self.columns if one not in ("a", "b")] or NAMES))
        self.columns = [one for one in self.columns if one != name]
        return "drop_column", repr(name)

    def rename(self) -> tuple[str, str]:
        old, new = self.one(), self.free()
        self.columns = [new if one == old else one for one in self.columns]
        return "alter_column", f"{old!r}, new_column_name={new!r}"

    def retype(self) -> tuple[str, str]:
        return "alter_column", f"{self.one()!r}, type_={self.pick(TYPES)}"

    def null(self) -> tuple[str, str]:
        return "alter_column", f"{self.one()!r}, nullable={self.draw(st.booleans())}"

    def default(self) -> tuple[str, str]:
        return "alter_column", f"{self.one()!r}, server_default={self.pick(DEFAULTS)}"

    def check(self) -> tuple[str, str]:
        quoted = f'"{self.one()}"'
        condition = self.pick((f"{quoted} <> 'z'", f"{quoted} <> '12'", f"{quoted} IS NOT NULL"))
        return "create_check_constraint", f"{self.name('ck', self.constraints)!r}, {{t}}{condition!r}"

    def unique(self) -> tuple[str, str]:
        columns = [self.one(), *(["id"] if self.draw(st.booleans()) else [])]
        return "create_unique_constraint", f"{self.name('u', self.constraints)!r}, {{t}}{columns!r}"

    def key(self) -> tuple[str, str]:
        target, remote = self.pick((("p", "id"), ("p", "k"), ("t", "id")))
        name = self.name("fk", self.constraints)
        return "create_foreign_key", f"{name!r}, {{t}}{target!r}, [{self.one()!r}], [{remote!r}]"

    def unconstrain(self) -> tuple[str, str]:
        return "drop_constraint", f"{self.gone(self.constraints)!r}{{end}}"

    def index(self) -> tuple[str, str]:
        unique = self.pick(("", ", unique=True"))
        return "create_index", f"{self.name('ix', self.indexes)!r}, {{t}}[{self.one()!r}]{unique}"

    def unindex(self) -> tuple[str, str]:
        return "drop_index", f"{self.gone(self.indexes)!r}{{end}}"

    def call(self) -> tuple[str, str]:
        return self.draw(
            st.sampled_from(
                (
                    self.add, self.drop, self.rename, self.rename, self.retype, self.null, self.null, self.default,
                    self.check, self.unique, self.key, self.unconstrain, self.index, self.unindex,
                )
            )
        )()  # fmt: skip

    def change(self) -> str:
        """Return one operation outside of a block, or one block."""
        if self.draw(st.integers(0, 3)) == 0:
            function, arguments = self.call()
            first = "" if "{t}" in arguments or "{end}" in arguments else "'t', "
            return f"op.{function}({first}{arguments.format(t=repr('t') + ', ', end=', ' + repr('t'))})"
        options = self.pick(("", "", ", recreate='always'", f", naming_convention={CONVENTION}"))
        if self.draw(st.integers(0, 9)) == 0 and len(self.columns) > 1:
            options = f", recreate='always', partial_reordering=[({self.columns[-1]!r}, {self.columns[0]!r})]"
        calls = [self.call() for _ in range(self.draw(st.integers(1, 3)))]
        lines = [f"    batch.{function}({arguments.format(t='', end='')})" for function, arguments in calls]
        return "\n".join([f"with op.batch_alter_table('t'{options}) as batch:", *lines])


@st.composite
def changes(draw: st.DrawFn) -> list[str]:
    draft = Draft(draw)
    return [draft.change() for _ in range(draw(st.integers(2, 5)))]


MAKING = "\n".join(f"op.execute({sql!r})" for sql in MADE)


def rendered(folder: Path, bodies: list[str], range_text: str = "a1:heads") -> str:
    """Return the script of revisions over the tables; of an error its text without its place."""
    revisions = {"a1": MAKING, **{f"b{number}": body for number, body in enumerate(bodies)}}
    return str(render(make_project(folder, revisions), "sqlite", range_text, copy_tables=True))


def before(sqlite: Client, script: str) -> Database:
    """Return a database with the tables, and rows of which no script knows."""
    database = sqlite.fresh_database()
    database.run_script(script).check()
    database.run_script(";\n".join([*ROWS, ""])).check()
    return database


def unquoted(sql: str) -> str:
    return re.sub(r'"(\w+)"', r"\1", " ".join(sql.split()))


def found(database: Database) -> list[Any]:
    """Return the schema in its order, without quotes that are not needed, and all rows."""
    schema = database.query("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, rowid")
    rows = [database.query(f"SELECT * FROM {table} ORDER BY 1") for table in ("t", "child", "p", "log", "v")]
    kinds = database.query("SELECT group_concat(name, char(10)) FROM pragma_table_info('t')")[0][0]
    typed = ", ".join(f'typeof("{name}")' for name in str(kinds).split("\n"))
    return [
        [
            (kind, name, table, unquoted(str(sql)))
            for kind, name, table, sql in schema
            if not str(table) == "alembic_version"
        ],
        rows,
        database.query(f"SELECT {typed} FROM t ORDER BY id"),
    ]


def outcome(sqlite: Client, folder: Path, bodies: list[str]) -> tuple[Any, int]:
    """Return what a script of these revisions leaves behind, or why there is none, and how often it copies."""
    try:
        script = rendered(folder, bodies)
    except CommandError as error:
        return ("refused", error.message), 0
    database = before(sqlite, rendered(folder / "first", [], "base:a1"))
    done = database.run_script(script)
    return ((done.stderr != "", *found(database)) if not done.stderr else "failed"), len(COPIES.findall(script))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=changes())
def test_one_revision_gives_what_a_revision_per_change_gives(changes: list[str], sqlite: Client) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as many:
        (Path(one) / "first").mkdir()
        (Path(many) / "first").mkdir()
        joined, few = outcome(sqlite, Path(one), ["\n".join(changes)])
        apart, copies = outcome(sqlite, Path(many), changes)
    event(f"{copies} copies become {few}; {'failed' if joined == 'failed' else joined[0]}")
    assert joined == apart
    assert few <= copies
