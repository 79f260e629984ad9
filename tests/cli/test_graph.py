from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from sqlgen.revisions.graph import RevisionGraph
from sqlgen.revisions.revision import Revision
from tests.cli.conftest import Run
from tests.cli.projects import MESSAGES, make_project

LONG_A1 = """\
Rev: a1
Parent: <base>
Path: mig/versions/a1.py

    first

    longer story

"""
LONG_A2 = """\
Rev: a2
Parent: a1
Also depends on: b1
Path: mig/versions/a2.py

    second

"""
LONG_M1 = """\
Rev: m1 (head) (mergepoint)
Merges: a2, b1
Branch names: side
Path: mig/versions/m1.py

    join

"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("heads", "m1 (side) (head) (mergepoint)\n"),
        ("heads -v", LONG_M1),
        ("branches", ""),
        ("show a1", LONG_A1),
        ("show a2 m1", LONG_A2 + LONG_M1),
        ("show heads", LONG_M1),
        ("show m1-2", LONG_A1),
        ("history -r :a1", "<base> -> a1, first\n"),
        ("history -r a1:a2", "a1 (b1) -> a2, second\n<base> -> a1, first\n"),
    ],
)
def test_output(run: Run, words: str, expected: str) -> None:
    result = run(*words.split())
    if words == "show m1-2":
        assert result.exit_code == 2  # an ambiguous walk: m1 is a merge
    else:
        assert (result.stdout, result.exit_code) == (expected, 0)


def test_history(run: Run) -> None:
    lines = run("history").stdout.splitlines()
    assert sorted(lines) == [
        "<base> -> a1, first",
        "<base> -> b1 (side), grüße",
        "a1 (b1) -> a2, second",
        "a2, b1 -> m1 (side) (head) (mergepoint), join",
    ]
    assert lines[0].startswith("a2, b1 -> m1")
    assert run("history", "-r", ":").stdout.splitlines() == lines


def test_branches(run: Run, folder: Path) -> None:
    (folder / "mig/versions/c1.py").write_text("revision = 'c1'\ndown_revision = 'a1'\n")
    assert run("branches").stdout == "a1 (branchpoint)\n    -> a2\n    -> c1 (head)\n\n"
    assert "Branches into: a2, c1\n" in run("branches", "-v").stdout
    found = json.loads(run("branches", "--json").stdout)
    assert [(item["revision"], item["children"]) for item in found] == [("a1", ["a2", "c1"])]


def test_effective_heads(run: Run, folder: Path) -> None:
    (folder / "mig/versions/m1.py").unlink()
    assert run("heads").stdout == "a2 (head)\nb1 (side) (effective head)\n"
    assert run("heads", "--resolve-dependencies").stdout == "a2 (head)\n"


@pytest.mark.parametrize("range_text", ["-1:", "-1:head"])
def test_a_range_may_count_down(run: Run, folder: Path, range_text: str) -> None:
    for id in ("m1", "a2", "b1"):
        (folder / f"mig/versions/{id}.py").unlink()
    (folder / "mig/versions/c1.py").write_text("revision = 'c1'\ndown_revision = 'a1'\n")
    assert run("history", "-r", range_text).stdout.splitlines()[0] == "a1 -> c1 (head), empty message"


def test_json(run: Run) -> None:
    assert json.loads(run("show", "a2", "--json").stdout) == [
        {
            "revision": "a2",
            "down_revision": ["a1"],
            "depends_on": ["b1"],
            "branch_labels": [],
            "is_head": False,
            "message": "second",
            "doc": "second",
            "create_date": None,
            "path": "mig/versions/a2.py",
        }
    ]
    assert {item["revision"] for item in json.loads(run("history", "--json").stdout)} == set(MESSAGES)
    assert [item["is_head"] for item in json.loads(run("heads", "--json").stdout)] == [True]


def test_a_project_without_revisions(run: Run, folder: Path) -> None:
    shutil.rmtree(folder / "mig/versions")
    for command in ("heads", "branches", "history"):
        assert (run(command).stdout, run(command).exit_code) == ("", 0)
        assert json.loads(run(command, "--json").stdout) == []


@pytest.mark.usefixtures("folder")
def test_with_a_file_named(run: Run, tmp_path: Path) -> None:
    other = make_project(tmp_path / "other", without="m1")
    assert run("-c", str(other / "alembic.ini"), "heads").stdout == "a2 (head)\nb1 (side) (effective head)\n"
    assert "Path: other/mig/versions/a2.py\n" in run("-c", "other/alembic.ini", "show", "a2").stdout


def test_a_computed_header_is_left_to_the_renderer(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "mig/versions/c1.py").write_text("revision = 'c' + str(1)\ndown_revision = 'm1'\n")
    opened: list[dict[str, Any]] = []

    def open_project(*_: object, **options: Any) -> SimpleNamespace:
        opened.append(options)
        return SimpleNamespace(revisions=RevisionGraph([Revision("computed")]))

    fake = ModuleType("sqlgen.project")
    fake.Project = SimpleNamespace(open=open_project)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sqlgen.project", fake)
    assert run("heads").stdout == "computed (head)\n"
    assert opened[0]["use_env"] is False


def test_a_switch_read_otherwise_than_written_is_told(run: Run, folder: Path) -> None:
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = mig\nsourceless = True\n")
    assert "sqlgen: warning: alembic.ini:3: sourceless = True counts as false" in run("heads").stderr
