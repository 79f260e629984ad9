"""Rows go through in bounded memory, from ``op.bulk_insert`` to the file; errors and order are as with few of them."""

from __future__ import annotations

import datetime as dt
import sys
import tracemalloc
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

import sqlgen
from sqlgen.errors import LiteralError
from sqlgen.scripts import write_file, write_scripts

from .projects import FIRST_LINE, make_project, render

TYPES: tuple[Any, ...] = (
    sa.Integer,
    sa.String(200),
    sa.Numeric(10, 2),
    sa.Float,
    sa.Date,
    sa.DateTime,
    sa.Boolean,
    sa.LargeBinary,
)
TABLE = sa.table("t", *(sa.column(f"c{number}", type_) for number, type_ in enumerate(TYPES)))
BODY = """\
import many_rows
op.create_table("t", *(sa.Column(column.name, column.type) for column in many_rows.TABLE.columns))
op.bulk_insert(many_rows.TABLE, many_rows.ROWS)
"""

MIB = 1 << 20
MOST = 6 * MIB
"""What rendering and writing may take besides the rows, whatever their number."""


def make_rows(count: int) -> list[dict[str, Any]]:
    day, moment = dt.date(2000, 1, 1), dt.datetime(2020, 1, 1)
    values = (
        (
            number,
            f"it's row {number} of the {number % 97}th lot",
            Decimal(number) / 100,
            number / 7,
            day + dt.timedelta(days=number % 9000),
            moment + dt.timedelta(minutes=number),
            None if number % 5 == 0 else number % 2 == 0,
            number.to_bytes(8, "big"),
        )
        for number in range(count)
    )
    return [{f"c{place}": value for place, value in enumerate(row)} for row in values]


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Return a folder with a project whose revision inserts ``many.ROWS``."""
    found = SimpleNamespace(TABLE=TABLE, ROWS=[], folder=make_project(tmp_path, BODY))
    monkeypatch.setitem(sys.modules, "many_rows", found)
    return found


@pytest.mark.parametrize(
    ("dialect", "count"), [("postgresql", 10_000), ("postgresql", 50_000), ("oracle", 2_000), ("oracle", 10_000)]
)
def test_memory_does_not_grow_with_the_rows(many: SimpleNamespace, dialect: str, count: int) -> None:
    """Oracle has a statement per row, PostgreSQL one per 500."""
    many.ROWS = make_rows(10)
    render(many.folder, dialect)  # imports and compiled patterns are not what is measured
    many.ROWS = make_rows(count)
    tracemalloc.start()
    try:
        script = render(many.folder, dialect)
        write_file(many.folder / "script.sql", script.pieces())
        assert script.statement_count == 1 + (count if dialect == "oracle" else count // 500)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (many.folder / "script.sql").stat().st_size > count * 100
    assert peak < MOST


@pytest.mark.parametrize("dialect", ["postgresql", "mssql", "oracle"])
def test_a_script_is_the_same_as_text_in_pieces_and_in_files(many: SimpleNamespace, dialect: str) -> None:
    many.ROWS = make_rows(12_000)
    script = render(many.folder, dialect)
    assert "".join(script.pieces()) == str(script)
    first, second = write_scripts(many.folder / "out", [script], per_revision=True)
    assert first.read_bytes() == str(script).encode()
    assert second.read_bytes().count(b"INSERT INTO t ") == first.read_bytes().count(b"INSERT INTO t ")


def test_the_script_s_statements_are_those_of_capture(many: SimpleNamespace) -> None:
    many.ROWS = make_rows(3000)
    statements = [one for one in render(many.folder, "mssql").statements if one.kind not in ("version", "ddl")]
    with sqlgen.capture("mssql") as captured:
        captured.op.bulk_insert(TABLE, many.ROWS)
    assert [str(one) for one in statements] == [str(one) for one in captured.statements]
    assert {str(one.source) for one in statements} == {f"mig/versions/a1.py:{FIRST_LINE + 2}"}
    assert {one.operation for one in statements} == {'op.bulk_insert("t"), 3000 rows'}


def test_a_bad_value_late_in_the_rows_is_an_error_with_its_line(many: SimpleNamespace) -> None:
    many.ROWS = [*make_rows(2000), {"c1": "\0"}]
    with pytest.raises(LiteralError, match=r"row 2001 \(rows\[2000\]\): t\.c1: ") as caught:
        render(many.folder)
    assert str(caught.value).startswith(f"mig/versions/a1.py:{FIRST_LINE + 2}:")


def test_rows_between_other_statements_keep_their_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = """
    import many_rows
    op.execute("UPDATE first SET a = 1")
    op.bulk_insert(many_rows.TABLE, many_rows.ROWS)
    with op.get_bind().begin_nested() as taken_back:
        op.bulk_insert(many_rows.TABLE, many_rows.ROWS)
        op.execute("UPDATE no SET a = 1")
        taken_back.rollback()
    op.bulk_insert(many_rows.TABLE, many_rows.ROWS[:2])
    op.execute("DELETE FROM last")
    """
    monkeypatch.setitem(sys.modules, "many_rows", SimpleNamespace(TABLE=TABLE, ROWS=make_rows(5)))
    statements = render(make_project(tmp_path, body), "oracle", starts_empty=False).sections[0].statements[1:-1]
    assert [one.sql.split()[0] for one in statements] == ["UPDATE", *["INSERT"] * 7, "DELETE"]
    assert [one.sql.split("(")[2].split(",")[0] for one in statements[1:-1]] == list("0123401")


@pytest.mark.parametrize("dialect", ["postgresql", "mssql"])
def test_rows_tell_the_shadow_schema_that_a_table_is_filled(tmp_path: Path, dialect: str) -> None:
    """And nothing else: no word of a value is taken for SQL."""
    body = """
    a = op.create_table("a", sa.Column("id", sa.Integer), sa.Column("b", sa.String(99)))
    op.create_table("empty", sa.Column("id", sa.Integer))
    op.bulk_insert(sa.table("a", sa.column("id"), sa.column("b")), [{"id": 1, "b": "; begin create table a empty"}])
    bind = op.get_bind()
    assert bind.execute(sa.text("SELECT id FROM empty")).all() == []
    assert sa.inspect(bind).has_table("empty")
    assert bind.execute(sa.text("SELECT id, b FROM a")).all() == [(1, "; begin create table a empty")]
    """
    render(make_project(tmp_path, body), dialect)
