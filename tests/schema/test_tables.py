"""What revisions learn about tables that the script itself made."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

import sqlgen
from sqlgen.errors import NeedsDatabase, RenderError
from tests.recording.projects import rendered

MADE = """\
bind = op.get_bind()
op.create_table("u", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "t",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.String(9), nullable=False),
    sa.Column("b", sa.Integer, sa.ForeignKey("u.id", name="fk_b")),
    sa.UniqueConstraint("a", "b", name="uq_ab"),
    sa.CheckConstraint("b > 0", name="ck_b"),
)
def look():
    return sa.inspect(bind)
def columns():
    return [c["name"] for c in look().get_columns("t")]
def uniques():
    return [(c["name"], c["column_names"]) for c in look().get_unique_constraints("t")]
def keys():
    return [(k["name"], k["constrained_columns"], k["referred_table"]) for k in look().get_foreign_keys("t")]
"""

QUESTIONS = [
    ("columns()", ["id", "a", "b"]),
    ("[c['nullable'] for c in look().get_columns('t')]", [False, False, True]),
    ("uniques()", [("uq_ab", ["a", "b"])]),
    ("keys()", [("fk_b", ["b"], "u")]),
    ("[c['name'] for c in look().get_check_constraints('t')]", ["ck_b"]),
    ("sorted(c.name for c in sa.Table('t', sa.MetaData(), autoload_with=bind).columns)", ["a", "b", "id"]),
    ("look().get_table_comment('t')", {"text": None}),
]
CHANGES = [
    ("op.add_column('t', sa.Column('c', sa.Integer))", "columns()", ["id", "a", "b", "c"]),
    ("op.alter_column('t', 'a', new_column_name='z')", "columns()", ["id", "z", "b"]),
    ("op.alter_column('t', 'a', new_column_name='z')", "uniques()", [("uq_ab", ["z", "b"])]),
    ("op.drop_column('t', 'a')", "uniques()", []),
    ("op.drop_constraint('fk_b', 't', type_='foreignkey')", "keys()", []),
    ("op.create_unique_constraint('uq_a', 't', ['a'])", "uniques()", [("uq_a", ["a"]), ("uq_ab", ["a", "b"])]),
    ("op.rename_table('t', 's'); op.rename_table('s', 't')", "columns()", ["id", "a", "b"]),
    ("b = op.batch_alter_table('t')\nwith b as o: o.drop_column('b')", "columns()", ["id", "a"]),
    ("op.execute('UPDATE t SET a = 1')", "columns()", ["id", "a", "b"]),
    (
        "op.execute('CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN EXECUTE x; END $$ LANGUAGE plpgsql; '\n"
        "'CREATE TRIGGER g BEFORE INSERT ON t EXECUTE PROCEDURE f();')",
        "columns()",
        ["id", "a", "b"],
    ),
    ("op.alter_column('t', 'a', nullable=True)", "[c['nullable'] for c in look().get_columns('t')][1]", True),
]
UNCLEAR = [
    "op.execute('ALTER TABLE t ATTACH PARTITION x DEFAULT')",
    "op.execute('CALL change_everything()')",
    "op.execute('DO $$ BEGIN EXECUTE change(); END $$')",
    "bind.execute(sa.schema.DDL('ALTER TABLE t INHERIT u'))",
]


def said(expression: str, value: object) -> str:
    return f"assert {expression} == {value!r}, {expression}"


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle"])
@pytest.mark.parametrize(("question", "answer"), QUESTIONS)
def test_a_question(tmp_path: Path, dialect: str, question: str, answer: object) -> None:
    if dialect == "mssql" and ("uniques()" in question or "get_check_constraints" in question):
        with pytest.raises(RenderError, match="NotImplementedError"):  # as SQLAlchemy answers for SQL Server
            rendered(tmp_path, MADE + said(question, answer), dialect=dialect)
        return
    if dialect == "sqlite" and "comment" in question:
        pytest.skip("as SQLAlchemy says of a real database: it has no comments")
    assert rendered(tmp_path, MADE + said(question, answer), dialect=dialect)


@pytest.mark.parametrize(("change", "question", "answer"), CHANGES)
def test_a_change(tmp_path: Path, change: str, question: str, answer: object) -> None:
    assert rendered(tmp_path, f"{MADE}{change}\n{said(question, answer)}", dialect="postgresql")


@pytest.mark.parametrize("change", UNCLEAR)
def test_what_is_not_understood_is_not_told(tmp_path: Path, change: str) -> None:
    with pytest.raises(NeedsDatabase):
        rendered(tmp_path, f"{MADE}{change}\ncolumns()", dialect="postgresql")


def test_what_stands_is_not_made_again() -> None:
    with sqlgen.capture("oracle") as captured:
        op, bind = captured.op, captured.op.get_bind()
        op.create_table("t", sa.Column("a", sa.String(5), nullable=False))
        op.execute("INSERT INTO t (a) VALUES ('x')")
        op.create_table("t", sa.Column("b", sa.Integer), if_not_exists=True)
        op.add_column("t", sa.Column("a", sa.Integer), if_not_exists=True)
        (column,) = sa.inspect(bind).get_columns("t")
        assert (column["name"], column["nullable"]) == ("a", False)
        op.execute(sa.table("t", sa.column("a")).delete())
    assert str(captured.statements[-1]) == "DELETE FROM t"
