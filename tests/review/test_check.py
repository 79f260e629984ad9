"""``sqlgen check``: what is not as the revisions give it, and nothing written."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sqlgen.review import fingerprints
from sqlgen.review.findings import ANNOTATIONS, Finding, as_json, junit, workflow_commands
from tests.review.conftest import CREATE, Work

ROOT = Path(__file__).parents[2]


def test_a_fresh_tree_is_clean(generated: Work) -> None:
    done = generated.sqlgen("check")
    assert done.stdout == ""
    assert done.stderr == "15 files: all as the revisions give them\n".replace("15", "14")


def test_an_edited_revision_is_stale_with_the_right_diff(generated: Work) -> None:
    generated.revision("a2", "a1", upgrade=CREATE.format("t_a2").replace("primary_key", "key='k', primary_key"))
    assert generated.kinds() == [("stale", "out/sqlgen.sum")]
    generated.revision("a2", "a1", upgrade=CREATE.format("invoice"))
    before = generated.tree()
    done = generated.sqlgen("check", "--diff", code=1)
    assert generated.tree() == before
    assert "out/sqlite/upgrade.sql: stale: the statements of a2 are others now\n" in done.stdout
    assert "\n-CREATE TABLE t_a2 (\n" in done.stdout
    assert "\n+CREATE TABLE invoice (\n" in done.stdout
    assert "To mend: sqlgen generate\n" in done.stderr
    assert "0 of 14 files change in layout only, 6 in statements" in done.stderr


def test_a_comment_is_layout(generated: Work) -> None:
    path = generated.root / "migrations/versions/a2.py"
    path.write_text(path.read_text().replace('"""make a2"""', '"""make a2\n\nwhy it does\n"""'))
    done = generated.sqlgen("check", code=1)
    assert "out/sqlite/upgrade.sql: stale: layout only, the statements are the same" in done.stdout
    assert "8 of 14 files change in layout only, 0 in statements" in done.stderr


def test_each_kind_of_file_is_told(generated: Work) -> None:
    generated.path("sqlite/schema.sql").unlink()
    generated.path("sqlite/extra.sql").write_text("-- mine\n")
    edited = generated.path("postgresql/upgrade.sql")
    edited.write_text(edited.read_text().replace("CREATE TABLE t_a2", "CREATE TABLE t_a3"))
    assert generated.kinds() == [
        ("edited", "out/postgresql/upgrade.sql"),
        ("missing", "out/sqlite/schema.sql"),
        ("unexpected", "out/sqlite/extra.sql"),
    ]
    line = edited.read_text().splitlines().index("CREATE TABLE t_a3 (") + 1
    done = generated.sqlgen("check", code=1)
    assert f"out/postgresql/upgrade.sql:{line}: edited: it was edited by hand" in done.stdout
    assert "To mend: sqlgen generate --force" in done.stderr


def test_a_file_that_is_left_over_is_told(generated: Work) -> None:
    (generated.root / "migrations/versions/a2.py").unlink()
    assert ("unexpected", "out/sqlite/revisions/0002_a2_make_a2.upgrade.sql") in generated.kinds()


def test_without_a_sum_file_everything_else_is_still_compared(generated: Work) -> None:
    generated.path("sqlgen.sum").unlink()
    assert generated.kinds() == [("missing", "out/sqlgen.sum")]
    generated.path("sqlite/upgrade.sql").unlink()
    assert generated.kinds() == [("missing", "out/sqlite/upgrade.sql"), ("missing", "out/sqlgen.sum")]


def test_several_heads_are_told_with_their_files(generated: Work) -> None:
    generated.revision("b2", "a1")
    done = generated.sqlgen("check", code=1)
    assert "migrations/versions/b2.py:6: heads: 2 heads follow the same revisions: a2 (make a2;" in done.stdout
    assert "To mend: sqlgen merge a2 b2" in done.stderr


def test_a_revision_that_cannot_be_rendered_is_exit_code_3(generated: Work) -> None:
    generated.revision("a3", "a2", upgrade="op.drop_table('nowhere')")
    assert "migrations/versions/a3.py:11" in generated.sqlgen("check", code=3).stderr


def test_json_is_as_its_schema_says(generated: Work) -> None:
    generated.path("sqlite/schema.sql").unlink()
    found = generated.json("check", code=1)
    schema = json.loads((ROOT / "sqlgen/review/findings.schema.json").read_text())
    assert set(found) == set(schema["required"]) == set(schema["properties"])
    item = schema["properties"]["findings"]["items"]
    assert set(found["findings"][0]) == set(item["required"]) == set(item["properties"])
    summary = schema["properties"]["summary"]
    assert set(found["summary"]) == set(summary["required"]) == set(summary["properties"])
    assert found["summary"]["missing"] == 1
    assert found["summary"]["command"] == "sqlgen generate"


def test_junit_has_a_case_for_each_file(generated: Work) -> None:
    generated.path("sqlite/schema.sql").unlink()
    generated.path("sqlite/extra.sql").write_text("-- mine\n")
    generated.sqlgen("check", "--junit", "build/report.xml", code=1)
    suite = ElementTree.parse("build/report.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("15", "2")
    failed = [case.get("name") for case in suite if len(case)]
    assert failed == ["out/sqlite/schema.sql", "out/sqlite/extra.sql"]


def test_junit_takes_any_text() -> None:
    one = Finding("stale", 'a "b" <c> & \x00\x1b', "out/ü<.sql", patch="-]]>\n+\x07")
    case = ElementTree.fromstring(junit([one], [], "s"))[0][0]
    assert case.get("name") == "out/ü<.sql"
    assert "-]]>" in str(case[0].text)


def test_github_gets_annotations_from_the_top_of_the_workspace(
    generated: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(generated.root.parent))
    generated.path("sqlite/schema.sql").unlink()
    done = generated.sqlgen("check", code=1)
    assert (
        "::error title=sqlgen%3A missing,file=shop/out/sqlite/schema.sql::the revisions give this file" in done.stderr
    )


def test_annotations_are_as_many_as_github_shows_the_worst_first() -> None:
    many = [Finding("stale", "50 %\nsecond: line, x", f"out/{number}.sql", number) for number in range(30)]
    lines = list(workflow_commands([*many, Finding("heads", "two", "v,1.py", 3)], os.getcwd()))
    assert len(lines) == ANNOTATIONS
    assert lines[0] == "::error title=sqlgen%3A heads,file=v%2C1.py,line=3::two"
    assert lines[2] == "::error title=sqlgen%3A stale,file=out/1.sql,line=1::50 %25%0Asecond: line, x"
    assert lines[-1] == "::error title=sqlgen::and 22 more findings, see the log"
    assert len(list(workflow_commands(many[:ANNOTATIONS], os.getcwd()))) == ANNOTATIONS


def test_the_summary_counts_every_kind() -> None:
    found = as_json([Finding("stale", "x", "y")], 3, "")
    assert found["summary"]["stale"] == 1
    assert found["summary"]["command"] is None


def test_what_the_libraries_change_is_told_apart_from_the_source(
    generated: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered = fingerprints.normal
    laid_out = "sqlgen.scripts.script.laid_out"
    monkeypatch.setattr(laid_out, lambda sql, _: sql.replace("(\n", "(\n\n"))
    assert "8 of 14 files change in layout only, 0 in statements" in generated.sqlgen("check", code=1).stderr
    monkeypatch.setattr(laid_out, lambda sql, _: sql.replace("t_a2", "t_a3"))
    monkeypatch.setattr(fingerprints, "normal", lambda sql, syntax: rendered(sql, syntax).replace("t_a2", "t_a3"))
    done = generated.sqlgen("check", code=1)
    assert "the statements of a2 are others now; the file of a2 did not change" in done.stdout


def test_the_example_is_kept_by_sqlgen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "examples" / "library")
    assert Work(Path()).kinds() == [], "run: make demo"


def test_an_edited_revision_of_the_example_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "out", tmp_path / "out")
    shutil.copytree(ROOT / "examples/library", tmp_path / "examples/library")
    monkeypatch.chdir(tmp_path / "examples/library")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    work = Work(tmp_path / "examples/library")
    path = next(work.root.glob("migrations/versions/*b2a80e4c97f5*.py"))
    path.write_text(path.read_text().replace("254", "300"))
    done = work.sqlgen("check", "--diff", code=1)
    assert "-ALTER TABLE patron ALTER COLUMN email TYPE VARCHAR(254)" in done.stdout
    assert "+ALTER TABLE patron ALTER COLUMN email TYPE VARCHAR(300)" in done.stdout
    assert "../../out/oracle/upgrade.sql: stale: the statements of b2a80e4c97f5 are others now" in done.stdout
