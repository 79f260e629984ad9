"""Projects made of a few lines, and what is rendered from them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlgen.project import Project
from sqlgen.scripts import Script

#: The line of a revision file on which the body of upgrade() starts.
FIRST_LINE = 9
HEADER = '''\
"""{message}"""
import sqlalchemy as sa
from alembic import context, op
revision = "{id}"
down_revision = {down!r}
branch_labels = None
depends_on = None
def {name}({parameters}):
'''


def revision_text(id: str, down: str | None, body: str, parameters: str = "") -> str:
    """Return the text of a revision whose upgrade() has a body, the first line of it on line FIRST_LINE."""
    upgrade = HEADER.format(message=f"Revision {id}", id=id, down=down, name="upgrade", parameters=parameters)
    return f"{upgrade}{textwrap.indent(textwrap.dedent(body), '    ')}\ndef downgrade({parameters}):\n    pass\n"


def make_project(
    folder: Path, bodies: Mapping[str, str] | str, *, env: str = "", ini: str = "", parameters: str = ""
) -> Path:
    """Write a project of one line of revisions, by id, and return its folder; a single body is revision ``a1``."""
    chain = {"a1": bodies} if isinstance(bodies, str) else bodies
    versions = folder / "mig" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(f"[alembic]\nscript_location = %(here)s/mig\nprepend_sys_path = .\n{ini}")
    if env:
        (folder / "mig" / "env.py").write_text(textwrap.dedent(env))
    down: str | None = None
    for id, body in chain.items():
        (versions / f"{id}.py").write_text(revision_text(id, down, body, parameters), encoding="utf-8")
        down = id
    return folder


def render(folder: Path, dialect: str = "postgresql", range_text: str = "heads", **options: Any) -> Script:
    """Return the script of a project."""
    opening = {key: options.pop(key) for key in ("x", "use_env", "warn") if key in options}
    return Project.open(folder, **opening).script(range_text, dialect=dialect, **options)


def statements(script: Script) -> list[str]:
    """Return the revisions' own statements, each on one line."""
    return [flat(statement.sql) for statement in script.statements if statement.kind != "version"]


def flat(sql: object) -> str:
    """Return SQL on one line."""
    return " ".join(str(sql).split())


def rendered(folder: Path, body: str, dialect: str = "postgresql", **options: Any) -> list[str]:
    """Return what a body of upgrade() becomes."""
    return statements(render(make_project(folder, body), dialect, **options))


def rendered_later(folder: Path, body: str, dialect: str = "postgresql", **options: Any) -> list[str]:
    """Return what a body of upgrade() becomes on a database that an older revision left behind, with unknown tables."""
    project = make_project(folder, {"a0": "pass", "a1": body})
    return statements(render(project, dialect, "a0:a1", **options))
