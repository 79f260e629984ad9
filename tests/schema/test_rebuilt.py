"""Whole schemas that no server here can be asked about: what a schema script says of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sqlgen import Project
from sqlgen.schema.rebuilt import enclosed
from tests.recording.projects import flat, make_project

RING = """\
op.create_table("b", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a_id", sa.Integer))
op.create_table("a", sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("b_id", sa.Integer, sa.ForeignKey("b.id")))
op.create_foreign_key("fk_b", "b", "a", ["a_id"], ["id"])
"""
NAMED = 'op.execute("ALTER TABLE a ADD c INT CONSTRAINT df_c DEFAULT 7 NOT NULL")'
PARTS = {
    "lower(a)": "(lower(a))",
    "(lower(a))": "(lower(a))",
    "a || b": "(a || b)",
    "(a) + (b)": "((a) + (b))",
    "name gin_trgm_ops": "name gin_trgm_ops",
    "lower(name) text_pattern_ops": "lower(name) text_pattern_ops",
    "f('a || b')": "(f('a || b'))",
}


def sql_of(folder: Path, body: str, dialect: str) -> list[str]:
    project = Project.open(make_project(folder, body))
    script = project.schema(dialect=dialect)
    file = folder / "it.json"
    file.write_text(project.snapshot(dialect=dialect), encoding="utf-8")
    assert json.loads(file.read_text())["dialect"] == dialect
    assert project.snapshot(dialect=dialect) == file.read_text()
    again = project.schema(dialect=dialect, baseline=file)
    assert [flat(one) for one in again.statements] == [flat(one) for one in script.statements]
    return [flat(one) for one in script.statements if one.kind != "version"]


@pytest.mark.parametrize("dialect", ["mssql", "oracle"])
def test_a_ring_is_closed_after_the_tables(tmp_path: Path, dialect: str) -> None:
    statements = sql_of(tmp_path, RING, dialect)
    assert [one.split()[:3] for one in statements] == [
        ["CREATE", "TABLE", "a"],
        ["CREATE", "TABLE", "b"],
        ["ALTER", "TABLE", "a"],
    ]
    assert statements[2].endswith("ADD FOREIGN KEY(b_id) REFERENCES b (id)"), "only the server knows its name"
    assert "CONSTRAINT fk_b FOREIGN KEY(a_id) REFERENCES a (id)" in statements[1]


def test_a_default_keeps_its_name(tmp_path: Path) -> None:
    statements = sql_of(tmp_path, f"{RING}{NAMED}", "mssql")
    assert "ALTER TABLE a ADD CONSTRAINT df_c DEFAULT 7 FOR c" in statements
    assert "c INTEGER NOT NULL" in statements[0]


@pytest.mark.parametrize(("expression", "part"), PARTS.items())
def test_an_expression_of_an_index_is_enclosed_where_it_must_be(expression: str, part: str) -> None:
    assert enclosed(expression) == part
