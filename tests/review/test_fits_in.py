"""What ships for other tools: hooks for pre-commit, the action for GitHub, the attributes for git."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from sqlgen.cli import main
from tests.review.conftest import AUTHOR, Work

ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_a_hook_runs_in_a_project_and_says_nothing_when_all_is_well(generated: Work, hook: dict[str, Any]) -> None:
    program, *words = shlex.split(hook["entry"])
    assert program == "sqlgen"
    assert generated.sqlgen(*words).output == ""
    assert hook["pass_filenames"] is False
    assert hook["require_serial"] is True


@pytest.mark.parametrize(
    "path", ["migrations/versions/a.py", "models.py", "out/oracle/upgrade.sql", "out/sqlgen.sum", "alembic.ini"]
)
def test_hooks_run_for_what_scripts_are_made_of(path: str) -> None:
    assert all(re.search(hook["files"], path) for hook in HOOKS)
    assert not any(re.search(hook["files"], "README.md") for hook in HOOKS)


def test_a_hook_of_git_works_with_the_variables_that_git_sets(repository: Work) -> None:
    hook = repository.root / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} -m sqlgen check --quiet\n")
    hook.chmod(0o755)
    repository.git("commit", "-q", "--allow-empty", "-m", "clean")
    repository.revision("a3", "a2")
    repository.git("add", "-A")
    refused = repository.git("commit", "-q", "-m", "stale", check=False)
    assert refused.returncode == 1
    assert "out/sqlite/upgrade.sql: stale" in refused.stdout + refused.stderr


def test_the_action_runs_commands_that_there_are() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    runs = [step["run"] for step in action["runs"]["steps"]]
    commands = [words[1] for run in runs if (words := run.split())[0] == "sqlgen"]
    assert commands == ["check", "diff"]
    found = [main.get_command(click.Context(main), name) for name in commands]
    options = {option for command in found if command for param in command.params for option in param.opts}
    assert {"--junit", "--format"} <= options
    assert not any("${{" in run for run in runs), "an input in a command line could be one of its own"


@pytest.mark.parametrize("step", [1, 2])
def test_the_steps_of_the_action_run(repository: Work, step: int) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    summary = repository.root / "summary.md"
    environ = {
        **os.environ,
        **AUTHOR,
        "JUNIT": "build/report.xml",
        "BASE": "main",
        "GITHUB_STEP_SUMMARY": str(summary),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    run = action["runs"]["steps"][step]["run"]
    done = subprocess.run(["bash", "-ec", run], cwd=repository.root, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (repository.root / "build/report.xml").exists() == (step == 1)
    assert summary.exists() == (step == 2)


def test_our_own_scripts_are_not_marked_as_generated() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("no repository")
    words = ["git", "check-attr", "linguist-generated", "eol", "--", "out/oracle/upgrade.sql", "out/sqlgen.sum"]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "out/oracle/upgrade.sql: linguist-generated: unspecified" in told
    assert "out/oracle/upgrade.sql: eol: lf" in told
    assert "out/sqlgen.sum: linguist-generated: set" in told
