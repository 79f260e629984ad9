"""SQL Server and Oracle, for want of servers: scripts of every form and client are accepted by sqlfluff's parser.

The commands of SQL*Plus are taken out for it. Of PL/SQL it knows neither q-quotes nor COMMIT in a block, so the first
become plain literals, which they are the same as, and the second is a statement that it knows.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlfluff.core import Linter

from sqlgen import Project
from tests.databases import nights

PARSERS = {"mssql": "tsql", "oracle": "oracle"}
SQLPLUS = re.compile(r"^(WHENEVER|SET (DEFINE|SQLBLANKLINES|SQLPREFIX|SERVEROUTPUT|TIMING)|PROMPT|SPOOL)\b.*$", re.M)
Q_QUOTED = re.compile(r"q'([\[{(<!|~])(.*?)[\]})>!|~]'", re.S)

SHAPES: dict[str, dict[str, object]] = {
    "plain": {},
    "plain, told": {"progress": "statement", "timing": True, "log": "out.log"},
    "block": {"form": "block"},
    "idempotent": {"idempotent": True},
    "other client": {},
    "any client": {"client": "plain"},
    "per revision": {"transaction": "per-revision"},
    "no transaction": {"transaction": "none"},
    "manual": {"commit": "manual"},
    "no commit": {"commit": "none"},
    "schema": {"schema": "sales"},
}
OTHERS: dict[tuple[str, str], dict[str, object]] = {
    ("mssql", "other client"): {"client": "ssms"},
    ("oracle", "other client"): {"client": "sqlcl"},
}
ONLY = {"per revision": "mssql", "manual": "mssql"}


def cases() -> list[object]:
    """Return each shape for each of the two databases that has it."""
    return [
        pytest.param(dialect, {**shape, **OTHERS.get((dialect, name), {})}, id=f"{dialect}-{name}")
        for dialect in PARSERS
        for name, shape in SHAPES.items()
        if ONLY.get(name, dialect) == dialect
    ]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return nights.project(tmp_path_factory.mktemp("chain"))


@pytest.fixture(scope="module")
def example() -> Project:
    return Project.open(Path(__file__).parents[2] / "examples" / "library")


def read(text: str, dialect: str) -> list[str]:
    """Return what the parser does not understand."""
    if dialect == "oracle":
        text = SQLPLUS.sub("", text)
        text = Q_QUOTED.sub(lambda found: "'" + found[2].replace("'", "''") + "'", text)
        text = re.sub(r"^    COMMIT;$", "    NULL;", text, flags=re.M)
        text = re.sub(r"(?<!;)\n/$", "\n;", text, flags=re.M)  # to the parser a quotient, behind a query
    parsed = Linter(dialect=PARSERS[dialect]).parse_string(text)
    assert parsed.tree is not None
    return [part.raw for part in parsed.tree.recursive_crawl("unparsable")]


@pytest.mark.parametrize(("dialect", "shape"), cases())
def test_every_form_is_read(project: Project, dialect: str, shape: dict[str, object]) -> None:
    for range_text, direction in [("base:r01", "upgrade"), ("r02:base", "downgrade"), ("r01:r03", "stamp")]:
        text = str(project.script(range_text, dialect=dialect, direction=direction, **shape))
        assert read(text, dialect) == []


@pytest.mark.parametrize("dialect", PARSERS)
def test_the_parser_does_find_faults(project: Project, dialect: str) -> None:
    text = str(project.script("base:r01", dialect=dialect, form="block"))
    assert read(text.replace("END", "EMD", 1), dialect)


@pytest.mark.parametrize("form", ["plain", "block"])
@pytest.mark.parametrize("dialect", PARSERS)
def test_the_example_is_read(example: Project, dialect: str, form: str) -> None:
    assert read(str(example.script("base:+3", dialect=dialect, form=form)), dialect) == []
