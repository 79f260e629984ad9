"""What was released stays as it was, or somebody says why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sqlgen.errors import Source
from sqlgen.review import fingerprints
from sqlgen.review.sums import Release, parsed
from tests.review.conftest import CREATE, Work


@pytest.fixture
def released(repository: Work) -> Work:
    """The project with a2 released as 1.0, and a3 that is not."""
    path = repository.path("sqlgen.sum")
    sums = parsed(path.read_text(), Source("x"))
    path.write_text(replace(sums, releases=(Release("1.0", (), ("a2",), "m"),)).text())
    repository.revision("a3", "a2")
    repository.sqlgen("generate")
    repository.commit("released")
    return repository


def test_a_release_is_kept_and_new_revisions_are_free(released: Work) -> None:
    assert "\nrelease 1.0 base..a2 m\n" in released.path("sqlgen.sum").read_text()
    released.revision("a3", "a2", upgrade=CREATE.format("other"))
    released.sqlgen("generate")
    released.sqlgen("check")


def test_a_released_revision_with_other_statements_is_an_error_with_the_difference(released: Work) -> None:
    released.revision("a2", "a1", upgrade=CREATE.format("other"))
    before = released.tree()
    done = released.sqlgen("generate", "--force", code=1)
    assert (
        "the upgrade of revision a2 was released for postgresql with 1.0, and its statements are others" in done.stderr
    )
    assert "\n-CREATE TABLE t_a2 (\n" in done.stderr
    assert "\n+CREATE TABLE other (\n" in done.stderr
    assert "sqlgen sum --accept a2 --reason" in done.stderr
    assert released.tree() == before
    findings = [one for one in released.json("check", code=1)["findings"] if one["kind"] == "released"]
    assert [(one["dialect"], one["path"], one["line"]) for one in findings] == [
        ("postgresql", "migrations/versions/a2.py", 6),
        ("sqlite", "migrations/versions/a2.py", 6),
    ]
    assert "+CREATE TABLE other (" in findings[0]["diff"]


def test_a_library_that_changes_released_statements_is_an_error_too(
    released: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered = fingerprints.normal
    monkeypatch.setattr(fingerprints, "normal", lambda sql, syntax: rendered(sql, syntax).replace("INTEGER", "INT"))
    monkeypatch.setattr("sqlgen.scripts.script.laid_out", lambda sql, _: sql.replace("INTEGER", "INT"))
    done = released.sqlgen("generate", code=1)
    assert "its statements are others now although its file is as it was" in done.stderr


def test_layout_of_a_released_revision_is_free(released: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    path = released.root / "migrations/versions/a2.py"
    path.write_text(path.read_text().replace('"""make a2"""', '"""make a2\n\nwhy\n"""'))
    monkeypatch.setattr("sqlgen.scripts.script.laid_out", lambda sql, _: sql.replace("(\n", "(\n\n"))
    released.sqlgen("generate")
    released.sqlgen("check")


def test_a_released_revision_that_is_gone_is_an_error(released: Work) -> None:
    (released.root / "migrations/versions/a2.py").unlink()
    released.revision("a3", "a1")
    done = released.sqlgen("generate", code=1)
    assert "revision a2 was released with 1.0, and there is no such revision any more" in done.stderr
    assert "Bring it back" in done.stderr


def test_a_released_revision_with_another_parent_is_an_error(released: Work) -> None:
    released.revision("a0", None)
    released.revision("a1", "a0")
    done = released.sqlgen("generate", code=1)
    assert "revision a1 was released with 1.0 after base, and now follows a0" in done.stderr


def test_a_change_is_accepted_with_a_reason(released: Work) -> None:
    released.revision("a2", "a1", upgrade=CREATE.format("other"))
    assert "its statements changed" in released.sqlgen("sum", code=1).stdout
    done = released.sqlgen("sum", "--accept", "a2", "--reason", "nobody  had\napplied it")
    assert "Next: sqlgen generate" in done.stderr
    released.sqlgen("generate")
    released.sqlgen("check")
    lines = [line for line in released.path("sqlgen.sum").read_text().splitlines() if line.startswith("accepted a2 ")]
    assert [line.split(" ", 3)[3] for line in lines] == ["nobody had applied it"] * 2
    assert "other" in released.path("sqlite/upgrade.sql").read_text()
    released.revision("a2", "a1", upgrade=CREATE.format("third"))
    released.sqlgen("generate", code=1)


def test_the_difference_is_shown_without_files_of_single_revisions_too(work: Work) -> None:
    config = work.root / "pyproject.toml"
    config.write_text(config.read_text() + 'layout = ["upgrade"]\n')
    work.sqlgen("generate")
    work.sqlgen("release", "1.0")
    work.revision("a2", "a1", upgrade=CREATE.format("other"))
    done = work.sqlgen("generate", code=1)
    assert "\n-CREATE TABLE t_a2 (\n" in done.stderr
    assert "\n+CREATE TABLE other (\n" in done.stderr


def test_two_releases_of_one_name_are_an_error(released: Work) -> None:
    path = released.path("sqlgen.sum")
    sums = parsed(path.read_text(), Source("x"))
    path.write_text(replace(sums, releases=(*sums.releases, Release("1.0", (), ("a1",), "n"))).text())
    assert "two branches have a release 1.0 each" in released.sqlgen("generate", code=1).stderr


NEVER = "raise NotImplementedError('never')"


def test_a_new_revision_that_cannot_be_taken_back_changes_nothing_that_was_released(released: Work) -> None:
    released.revision("a3", "a2", downgrade=NEVER)
    released.sqlgen("generate")
    released.sqlgen("check")


def test_a_released_revision_that_lost_its_way_back_is_an_error(released: Work) -> None:
    released.revision("a2", "a1", downgrade=NEVER)
    done = released.sqlgen("generate", code=1)
    assert "the downgrade of revision a2 was released for postgresql" in done.stderr
    assert "there is no script for it any more" in done.stderr


def test_a_fingerprint_that_cannot_be_had_today_is_remembered(released: Work) -> None:
    label = 'branch_labels = ("x",)'
    released.revision("x1", None, more=label)
    released.revision("m4", ("a3", "x1"), downgrade=NEVER)
    released.sqlgen("generate")
    released.sqlgen("check")
    line = next(one for one in released.path("sqlgen.sum").read_text().splitlines() if one.startswith("revision a1 "))
    assert "?" not in line
    released.revision("a1", None, downgrade=CREATE.format("other"))
    released.revision("m4", ("a3", "x1"))
    assert "the downgrade of revision a1 was released" in released.sqlgen("generate", code=1).stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--accept", "a2"], "--accept and --reason go together"),
        (["--reason", "x"], "--accept and --reason go together"),
        (["--accept", "a3", "--reason", "x"], "revision a3 is in no release"),
        (["--accept", "a2", "--reason", "x"], "are as they were released"),
        (["--accept", "a2", "--reason", " "], "the reason is empty"),
        (["--accept", "zz", "--reason", "x"], "zz"),
        (["--accept", "base", "--reason", "x"], "names no revision"),
    ],
)
def test_what_cannot_be_accepted_is_an_error(released: Work, words: list[str], message: str) -> None:
    before = released.tree()
    assert message in released.sqlgen("sum", *words, code=2).stderr
    assert released.tree() == before


def test_nothing_is_accepted_in_ci(released: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    released.revision("a2", "a1", upgrade=CREATE.format("other"))
    monkeypatch.setenv("CI", "true")
    assert "nothing is written" in released.sqlgen("sum", "--accept", "a2", "--reason", "x", code=2).stderr


def test_sum_tells_how_each_revision_stands(released: Work) -> None:
    path = released.root / "migrations/versions/a1.py"
    path.write_text(path.read_text() + "# a comment\n")
    released.revision("a3", "a2", upgrade=CREATE.format("other"))
    released.revision("a4", "a3")
    assert released.sqlgen("sum").stdout.splitlines() == [
        "a1  1.0  its source changed, its statements did not",
        "a2  1.0  as it was",
        "a3  -    its statements changed",
        "a4  -    new",
    ]
    (released.root / "migrations/versions/a3.py").unlink()
    released.revision("a4", "a2")
    states = released.json("sum")["revisions"]
    assert states[-1] == {"revision": "a3", "release": None, "state": "gone"}
