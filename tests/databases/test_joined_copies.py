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
        twice = (self.rename, self.null)
        others = (self.add, self.drop, self.retype, self.default, self.check, self.unique, self.key)
        less = (self.unconstrain, self.index, self.unindex)
        made: tuple[str, str] = self.draw(st.sampled_from((*twice, *twice, *others, *less)))()
        return made

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
        [(kind, name, table, unquoted(str(sql))) for kind, name, table, sql in schema if table != "alembic_version"],
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


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


def block(*calls: str, table: str = "t", options: str = "") -> str:
    """Return a block; each call is one on ``batch``."""
    lines = [f"    batch.{one}" for one in calls] or ["    pass"]
    return "\n".join([f"with op.batch_alter_table({table!r}{options}) as batch:", *lines])


NOT_NULL = block("alter_column('b', nullable=False)")
CHECKED = block("create_check_constraint('ck2', 'b <> 5')")
TYPED = block("alter_column('b', type_=sa.Text())")
#: Changes that become one copy.
TOGETHER = {
    "three blocks": [NOT_NULL, CHECKED, block("add_column(sa.Column('n', sa.Integer, unique=True))")],
    "five operations outside of blocks": [
        "op.alter_column('t', 'b', nullable=False)",
        "op.alter_column('t', 'e', server_default='2')",
        "op.alter_column('t', 'c', type_=sa.String(40))",
        "op.create_check_constraint('ck2', 't', 'b <> 5')",
        "op.drop_constraint('un', 't')",
    ],
    "a renamed column, by its new name": [
        block("alter_column('b', new_column_name='n', nullable=False)"),
        block("alter_column('n', type_=sa.Text())", "create_unique_constraint('u', ['n'])"),
    ],
    "renamed twice": [
        block("alter_column('b', new_column_name='n', nullable=False)"),
        block("alter_column('n', new_column_name='m', server_default='3')"),
    ],
    "a new column, then a constraint on it": [
        block("add_column(sa.Column('n', sa.Integer, unique=True))"),
        block("create_foreign_key('fk', 'p', ['n'], ['id'])"),
    ],
    "NOT NULL with a default for the rows, which goes": [
        block(
            "add_column(sa.Column('n', sa.Integer, nullable=False, server_default='7'))", options=", recreate='always'"
        ),
        block("alter_column('n', server_default=None)"),
    ],
    "changes in place in between": [
        NOT_NULL,
        "op.add_column('t', sa.Column('n', sa.Integer, server_default='7'))",
        "op.alter_column('t', 'n', new_column_name='m')",
        "op.create_index('ix_m', 't', ['m'])",
        "op.drop_index('ix_part', 't')",
        block("alter_column('m', nullable=False)"),
    ],
    "never and always": [
        block("alter_column('b', nullable=False)", options=", recreate='always'"),
        block("add_column(sa.Column('n', sa.Integer))", options=", recreate='never'"),
        block("create_check_constraint('ck2', 'n <> 5')", options=", recreate='auto'"),
    ],
    "orders of columns": [
        block("add_column(sa.Column('n', sa.Integer), insert_after='a')", options=", recreate='always'"),
        block("alter_column('n', nullable=True)", options=", partial_reordering=[('e', 'a', 'n')]"),
    ],
    "a constraint in table_args": [
        block("alter_column('b', nullable=False)", options=", table_args=(sa.CheckConstraint('b <> 5', name='more'),)"),
        NOT_NULL,
    ],
    "names by a convention": [
        NOT_NULL,
        block("drop_constraint('uq_t_c', type_='unique')", options=f", naming_convention={CONVENTION}"),
    ],
    "a description of the table": [
        block(
            "alter_column('k', nullable=False)",
            table="p",
            options=", copy_from=sa.Table('p', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True),"
            " sa.Column('k', sa.Text(), sa.CheckConstraint('k > 0')))",
        ),
        block("create_unique_constraint('uk', ['k'])", table="p"),
    ],
    "a look in between": [
        NOT_NULL,
        "assert not {c['name']: c for c in sa.inspect(op.get_bind()).get_columns('t')}['b']['nullable']",
        "assert op.get_bind().scalar(sa.text('SELECT sql FROM sqlite_master WHERE name = \\'t\\'')).count('NOT')",
        CHECKED,
        "assert [c['name'] for c in sa.inspect(op.get_bind()).get_check_constraints('t') if c['name'] == 'ck2']",
    ],
    "one block of nothing but a copy": [block("f('x')", options=", recreate='always'"), NOT_NULL],
    "in a loop": ["for name in ('a', 'b', 'e'):\n    op.alter_column('t', name, server_default='3')"],
}
#: Changes that stay two copies.
APART = {
    "rows written in between": [NOT_NULL, "op.execute('UPDATE t SET b = 3')", CHECKED],
    "text in between": [NOT_NULL, "op.execute('SELECT 1')", CHECKED],
    "another table in between": [NOT_NULL, "op.create_table('o', sa.Column('id', sa.Integer))", CHECKED],
    "the table renamed in between": [
        NOT_NULL,
        "op.rename_table('t', 's')",
        "op.rename_table('s', 't')",
        CHECKED,
    ],
    "values converted twice": [TYPED, block("alter_column('b', type_=sa.Float())")],
    "a new column of another type": [
        block("add_column(sa.Column('n', sa.Text, server_default='007'))", options=", recreate='always'"),
        block("alter_column('n', type_=sa.Integer())"),
    ],
    "a constraint that goes again": [CHECKED, block("drop_constraint('ck2')")],
    "a constraint over another type that goes": [TYPED, block("drop_constraint('ck')")],
    "NOT NULL that goes again": [NOT_NULL, block("alter_column('b', nullable=True)")],
    "a column without a value that gets a default": [
        block("add_column(sa.Column('n', sa.Integer))", options=", recreate='always'"),
        block("alter_column('n', server_default='4')"),
    ],
    "arguments of the table": [
        block(options=", recreate='always', table_kwargs={'sqlite_autoincrement': True}"),
        NOT_NULL,
    ],
    "a savepoint in between": [NOT_NULL, f"with op.get_bind().begin_nested():\n    pass\n{CHECKED}"],
    "outside of the transaction": [
        NOT_NULL,
        f"with op.get_context().autocommit_block():\n    pass\n{CHECKED}",
    ],
    "a foreign key that goes and comes back": [
        block("drop_constraint('fk_t_up', type_='foreignkey')", options=f", naming_convention={CONVENTION}"),
        block("create_foreign_key('fk', 't', ['up'], ['id'])"),
    ],
}


@pytest.mark.parametrize("name", [*TOGETHER, *APART])
def test_what_becomes_one_copy(name: str, sqlite: Client, tmp_path: Path) -> None:
    bodies = TOGETHER.get(name) or APART[name]
    (tmp_path / "one" / "first").mkdir(parents=True)
    (tmp_path / "many" / "first").mkdir(parents=True)
    joined, few = outcome(sqlite, tmp_path / "one", ["\n".join(bodies)])
    apart, copies = outcome(sqlite, tmp_path / "many", bodies)
    assert joined == apart
    assert joined[0] != "refused", joined
    assert few == (1 if name in TOGETHER else copies)
    assert copies > 1 or len(bodies) == 1


def two(folder: Path, *bodies: str, **options: Any) -> str:
    """Return the script of one revision with these changes."""
    return rendered(folder, ["\n".join(bodies)], **options)


def test_the_comment_tells_of_all_calls(tmp_path: Path) -> None:
    script = two(tmp_path, NOT_NULL, "op.drop_constraint('un', 't')\n", CHECKED, "op.execute('SELECT 1')")
    told = [" ".join(line.split()) for line in script.splitlines() if re.match(r"-- (\[|   ).* b0.py:", line)]
    assert told == [
        '-- [1] op.batch_alter_table("t") b0.py:9',
        '-- op.drop_constraint("un", "t") b0.py:11',
        '-- op.batch_alter_table("t") b0.py:13',
        "-- [2] op.execute() b0.py:15",
    ]


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (block("drop_column('zz')"), "finds no column 'zz'"),
        (block("drop_constraint('zz')"), "finds no constraint 'zz'"),
        (block("create_unique_constraint('u', ['zz'])"), "zz"),
        (block("create_check_constraint('ck3', 'b > 5')"), "CHECK constraint failed: ck3"),
        ("op.alter_column('t', 'a', nullable=False)", "NOT NULL constraint failed"),
    ],
)
def test_an_error_names_the_line_of_the_second(tmp_path: Path, second: str, message: str) -> None:
    rows = "\n".join(f"op.execute({sql!r})" for sql in ROWS)
    with pytest.raises(CommandError, match=re.escape(message)) as caught:
        two(tmp_path, rows, NOT_NULL, "", second, range_text="heads")
    place = caught.value.place
    assert place is not None
    assert place.line == 9 + len(ROWS) + 3


def test_foreign_keys_that_are_on_are_no_reason_to_fail(sqlite: Client, tmp_path: Path) -> None:
    script = two(tmp_path, "op.execute('PRAGMA foreign_keys = ON')", NOT_NULL, CHECKED)
    assert len(COPIES.findall(script)) == 2
    (tmp_path / "first").mkdir()
    database = before(sqlite, rendered(tmp_path / "first", [], "base:a1"))
    database.run_script(script).check()
    assert database.query("SELECT count(*) FROM child") == [("2",)]


def test_foreign_keys_can_be_turned_on_behind_a_copy(tmp_path: Path) -> None:
    script = two(
        tmp_path,
        NOT_NULL,
        CHECKED,
        "op.execute('PRAGMA foreign_keys = ON')",
        "assert op.get_bind().scalar(sa.text('PRAGMA foreign_keys')) == 1",
    )
    assert len(COPIES.findall(script)) == 1


def test_a_downgrade_copies_once(sqlite: Client, tmp_path: Path) -> None:
    make_project(tmp_path, {"a1": MAKING, "b0": "\n".join([NOT_NULL, CHECKED])})
    file = tmp_path / "mig" / "versions" / "b0.py"
    back = [block("drop_constraint('ck2')"), block("alter_column('b', nullable=True)")]
    body = "\n".join(f"    {line}" for one in back for line in one.splitlines())
    text = file.read_text()
    file.write_text(text[: text.rindex("    pass")] + body + "\n")
    up, down = (
        str(render(tmp_path, "sqlite", range_text, direction=direction))
        for range_text, direction in (
            ("a1:heads", "upgrade"),
            ("heads:a1", "downgrade"),
        )
    )
    assert [len(COPIES.findall(one)) for one in (up, down)] == [1, 1]
    (tmp_path / "first").mkdir()
    database = before(sqlite, rendered(tmp_path / "first", [], "base:a1"))
    start = found(database)
    database.run_script(up).check()
    database.run_script(down).check()
    assert found(database)[1:] == start[1:]
    ((definition,),) = database.query("SELECT sql FROM sqlite_schema WHERE name = 't'")
    assert "ck2" not in str(definition)
    assert "NOT NULL" not in str(definition)


def test_the_script_of_a_revision_in_many_is_the_same(tmp_path: Path) -> None:
    """History that is replayed in silence, and what follows a joined copy, see the same schema."""
    later = "assert 'ck2' in {c['name'] for c in sa.inspect(op.get_bind()).get_check_constraints('t')}"
    project = make_project(tmp_path, {"a1": MAKING, "b0": f"{NOT_NULL}\n{CHECKED}", "b1": f"{later}\n{TYPED}"})
    whole, last = (str(render(project, "sqlite", one)) for one in ("heads", "b0:heads"))
    last_of = [one.split("-- Revision b1")[1].split("-- [1]")[1].split("-- version:")[0] for one in (whole, last)]
    assert last_of[0] == last_of[1]
    assert COPIES.findall(last_of[0]) == ["t"]
