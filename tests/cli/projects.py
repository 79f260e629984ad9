"""A small project for the tests of the command line: a1 -> a2 -> m1, and b1 (label side) -> m1."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

REVISIONS: Mapping[str, str] = {
    "a1": "down_revision = None",
    "a2": 'down_revision = "a1"\ndepends_on = ("b1",)',
    "b1": 'down_revision = None\nbranch_labels = ("side",)',
    "m1": 'down_revision = ("a2", "b1")',
}
MESSAGES = {"a1": "first\n\nlonger story", "a2": "second", "b1": "grüße", "m1": "join"}


def make_project(root: Path, without: str = "") -> Path:
    """Write the project into a folder, leaving out one revision, and return it."""
    versions = root / "mig/versions"
    versions.mkdir(parents=True)
    (root / "alembic.ini").write_text("[alembic]\nscript_location = mig\n")
    (root / "mig/env.py").write_text("raise SystemExit('env.py was run')\n")
    for id, header in REVISIONS.items():
        if id != without:
            text = f'"""{MESSAGES[id]}"""\nrevision = "{id}"\n{header}\nimport nosuch_package\n'
            (versions / f"{id}.py").write_text(text, encoding="utf-8")
    return root


def run_sqlgen(folder: Path, *words: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the program in a process of its own."""
    environ = {**os.environ, **(env or {})}
    return subprocess.run([sys.executable, "-m", "sqlgen", *words], cwd=folder, capture_output=True, env=environ)
