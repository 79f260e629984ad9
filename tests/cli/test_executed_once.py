"""A revision's file is executed once in a run, also where the history is replayed because something asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

REVISION = """\
from pathlib import Path
import sqlalchemy as sa
from alembic import op
revision = "{id}"
down_revision = {down!r}
def upgrade():
    op.create_table("t{id}", sa.Column("id", sa.Integer, primary_key=True))
def downgrade():
    if sa.inspect(op.get_bind()).has_table("t{id}"):
        op.drop_table("t{id}")
with Path("ran.txt").open("a") as file:
    file.write("{id}\\n")
"""


def test_a_downgrade_that_asks_for_the_history(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "own"
    (root / "mig/versions").mkdir(parents=True)
    (root / "alembic.ini").write_text("[alembic]\nscript_location = mig\n")
    for id, down in (("a1", None), ("a2", "a1"), ("a3", "a2")):
        (root / f"mig/versions/{id}.py").write_text(REVISION.format(id=id, down=down))
    monkeypatch.chdir(root)
    result = run("downgrade", "head:-1", "-d", "postgresql")
    assert result.exit_code == 0, result.stderr
    assert "DROP TABLE ta3" in result.stdout
    assert sorted((root / "ran.txt").read_text().split()) == ["a1", "a2", "a3"]
