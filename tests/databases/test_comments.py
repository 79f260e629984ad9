"""Comments of hostile text, fed to the plain clients: they must do nothing."""

from __future__ import annotations

from pathlib import Path

from sqlgen.scripts.comments import commented
from tests.databases.clients import Database
from tests.scripts.invented import HOSTILE


def test_hostile_comments_do_nothing(database: Database) -> None:
    around = [line for text in HOSTILE.values() for line in commented(text)]
    inside = [
        statement
        for number, text in enumerate(HOSTILE.values())
        for statement in (*commented(text), f"CREATE TABLE good_{number:02d} (id INT);")
    ]
    done = database.run_script("\n".join([*around, "", *inside, *around, ""])).check()
    assert "evil" not in done.stdout + done.stderr
    assert database.tables() == [f"good_{number:02d}" for number in range(len(HOSTILE))]
    assert not any((folder / "evil").exists() for folder in (database.scratch(), Path.cwd(), Path.home()))


def test_the_same_text_with_its_first_line_prefixed_does_harm(database: Database) -> None:
    database.run_script(f"-- {HOSTILE['LF']}\n").check()
    assert database.tables() == ["evil"]
