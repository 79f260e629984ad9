"""Warnings about ``existing_…`` that says something else than the script made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recording.projects import make_project, render

MADE = """\
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("a", sa.String(50), nullable=False, server_default="x", comment="old"),
    sa.Column("f", sa.Boolean, server_default=sa.true()), sa.Column("n", sa.DateTime, server_default=sa.func.now()))
"""
#: What is said of the column, and the warning behind the operation's name; None for no warning.
CASES = [
    ("'a', existing_type=sa.String(50), existing_nullable=False, existing_server_default='x'", None),
    ("'a', existing_type=sa.String()", None),
    ("'a', existing_type=sa.VARCHAR(length=50)", None),
    ("'a', existing_type=sa.String(20)", "existing_type says VARCHAR(20), but by then the column has VARCHAR(50)"),
    ("'a', existing_type=sa.Text()", "existing_type says TEXT, but by then the column has VARCHAR(50)"),
    ("'a', existing_type=sa.Integer()", "existing_type says INTEGER, but by then the column has VARCHAR(50)"),
    ("'a', existing_nullable=True", "existing_nullable says NULL, but by then the column has NOT NULL"),
    (
        "'a', existing_server_default='y'",
        "existing_server_default says DEFAULT 'y', but by then the column has DEFAULT 'x'",
    ),
    (
        "'a', existing_server_default=None",
        "existing_server_default says no default, but by then the column has DEFAULT 'x'",
    ),
    (
        "'a', existing_comment='new'",
        "existing_comment says comment 'new', but by then the column has comment 'old'",
    ),
    ("'f', existing_type=sa.SmallInteger(), existing_server_default=sa.text('1')", None),
    ("'n', existing_type=sa.DateTime(), existing_server_default=sa.text('CURRENT_TIMESTAMP')", None),
    ("'nowhere', existing_nullable=True", None),
]


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb"])
@pytest.mark.parametrize(("said", "warning"), CASES)
def test_a_warning(tmp_path: Path, dialect: str, said: str, warning: str | None) -> None:
    heard: list[str] = []
    body = f"{MADE}op.alter_column('t', {said}, new_column_name='z')\n"
    if "nowhere" in said:
        body = (
            "op.alter_column('t', 'nowhere', new_column_name='z', existing_nullable=True, existing_type=sa.Integer())"
        )
    render(make_project(tmp_path, body), dialect, warn=heard.append, starts_empty="nowhere" not in said)
    line = 9 + body.count("\n", 0, body.index("op.alter_column"))
    column = said.split("'")[1]
    place = f'mig/versions/a1.py:{line}: op.alter_column("t.{column}")'
    assert heard == ([] if warning is None else [f"{place}: {warning}"])
