"""Two packages that bring operations of their own, alembic_utils and alembic-postgresql-enum, unmodified."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import sqlgen
from sqlgen.errors import NeedsDatabase
from tests.differential.compare import Comparison
from tests.differential.intended import DIFFERENCES, REFUSALS
from tests.differential.outcome import DIRECTIONS, Key, Outcome
from tests.plugins.projects import HERE, NAMES, by_alembic_alone, by_sqlgen, script
from tests.recording.projects import FIRST_LINE, make_project, render
from tests.recording.test_alembic_names import HIDE

PRINT = "import sys; from tests.plugins.projects import script; print(script(sys.argv[1]), end='')"


@cache
def theirs(name: str) -> dict[Key, Outcome]:
    return by_alembic_alone(name)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", NAMES)
def test_a_project_gives_what_alembic_gives(name: str, direction: str) -> None:
    comparison = Comparison(DIFFERENCES, REFUSALS)
    for stem, outcome in by_sqlgen(name, direction).items():
        expected = theirs(name)[stem, direction, "postgresql"]
        assert expected.error == ""
        comparison.add(stem, "postgresql", expected, outcome)
    assert "\n".join(map(str, comparison.findings)) == ""
    assert comparison.compared == 2


@pytest.mark.parametrize("name", NAMES)
def test_a_project_needs_no_alembic(name: str) -> None:
    command = [sys.executable, "-c", HIDE + PRINT, name]
    printed = subprocess.run(command, cwd=HERE.parents[1], check=True, capture_output=True, text=True).stdout
    assert printed == script(name)


OLD_STYLE = """
op.create_table("t", sa.Column("c", sa.Enum("a", name="kind")))
op.sync_enum_values("public", "kind", ["a", "b"], [("t", "c")])
"""


def test_what_the_plug_in_asks_of_the_server_is_an_error_with_its_line(tmp_path: Path) -> None:
    # Alembic fails here as well, without a place: AttributeError: 'NoneType' object has no attribute 'scalar'.
    folder = make_project(tmp_path, OLD_STYLE, env=(HERE / "enums" / "migrations" / "env.py").read_text("utf-8"))
    with pytest.raises(NeedsDatabase, match="reads rows: SELECT column_default FROM information_schema") as caught:
        render(folder)
    assert str(caught.value.place) == f"mig/versions/a1.py:{FIRST_LINE + 2}"


@pytest.mark.parametrize("dialect", ["mysql", "sqlite"])
def test_the_plug_in_itself_leaves_other_databases_alone(dialect: str, caplog: pytest.LogCaptureFixture) -> None:
    with sqlgen.capture(dialect) as captured:
        import alembic_postgresql_enum  # noqa: F401  # registers its operations

        op: Any = captured.op
        op.add_enum_value("public", "kind", "c")
    assert captured.statements == []
    assert f"you are using {dialect}, skipping" in caplog.text
