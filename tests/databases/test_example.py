"""The example project's scripts, applied with the plain clients: what a DBA would do with them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner

from sqlgen import Project
from sqlgen.cli import main
from tests.databases.clients import Client, Database

EXAMPLE = Path(__file__).parents[2] / "examples" / "library"
HEADS = ["b2a80e4c97f5"]
REVISIONS = 12
TABLES = [
    "alembic_version",
    "author",
    "fee",
    "genre",
    "identifier",
    "item",
    "loan",
    "patron",
    "reservation",
    "tariff",
    "title",
    "title_author",
]
GENRES = [
    ("BIO", "Biography"),
    ("CHI", "Children's books"),
    ("COM", "Comics and bandes dessinées"),
    ("CRI", "Crime & mystery"),
    ("HIS", "History"),
    ("SFF", "Science fiction and fantasy"),
]
CENTS_PER_DAY = [("adult", 25), ("child", 0), ("reduced", 10), ("uncollected", 100)]
A_TITLE_WITH_ISBN = "INSERT INTO title (name, medium, isbn) VALUES ('Persuasion', 'book', '978-0-14-143968-6');\n"


@pytest.fixture(scope="module")
def project() -> Project:
    return Project.open(EXAMPLE)


def upgrade(project: Project, database: Database, dialect: str, symbols: str) -> None:
    database.run_script(str(project.script(symbols, dialect=dialect, direction="upgrade"))).check()


def downgrade(project: Project, database: Database, dialect: str, symbols: str) -> None:
    database.run_script(str(project.script(symbols, dialect=dialect, direction="downgrade"))).check()


@pytest.fixture
def upgraded(project: Project, client: Client, database: Database) -> Database:
    upgrade(project, database, client.dialect, "base:heads")
    return database


def test_upgrade_ends_at_the_heads(upgraded: Database) -> None:
    assert upgraded.versions() == HEADS
    assert upgraded.tables() == TABLES


def test_rows_are_stored_as_the_revisions_wrote_them(upgraded: Database) -> None:
    assert upgraded.query("SELECT code, name FROM genre ORDER BY code") == GENRES


def test_updates_are_stored_too(upgraded: Database) -> None:
    rows = upgraded.query("SELECT code, per_day FROM tariff ORDER BY code")
    assert [(code, round(float(per_day or -1) * 100)) for code, per_day in rows] == CENTS_PER_DAY


def test_downgrade_leaves_nothing(project: Project, client: Client, upgraded: Database) -> None:
    downgrade(project, upgraded, client.dialect, "heads:base")
    assert upgraded.versions() == []
    assert set(upgraded.tables()) <= {"alembic_version"}


def test_there_and_back_and_there_again(project: Project, client: Client, upgraded: Database) -> None:
    downgrade(project, upgraded, client.dialect, "heads:a91b7740c6e3")
    assert upgraded.versions() == ["a91b7740c6e3"]
    upgrade(project, upgraded, client.dialect, "a91b7740c6e3:heads")
    assert upgraded.versions() == HEADS
    assert upgraded.tables() == TABLES


def test_rows_that_stand_are_taken_along(project: Project, client: Client, database: Database) -> None:
    upgrade(project, database, client.dialect, "base:93ce5f60b8d1")
    database.run_script(A_TITLE_WITH_ISBN).check()
    upgrade(project, database, client.dialect, "93ce5f60b8d1:heads")
    assert database.query("SELECT scheme, code FROM identifier") == [("isbn", "978-0-14-143968-6")]
    downgrade(project, database, client.dialect, "heads:93ce5f60b8d1")
    assert database.query("SELECT isbn FROM title") == [("978-0-14-143968-6",)]


def apply(database: Database, files: Iterable[Path]) -> list[list[str]]:
    """Apply one file after another, and return what the version table held after each."""
    versions = []
    for path in files:
        database.run_script(path).check()
        versions.append(database.versions())
    return versions


def test_one_file_per_revision(
    client: Client, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLE)
    CliRunner().invoke(
        main, ["upgrade", "base:heads", "-d", client.dialect, "-o", str(tmp_path)], catch_exceptions=False
    )
    ups, downs = (sorted(tmp_path.glob(f"{client.dialect}/revisions/*.{way}.sql")) for way in ("upgrade", "downgrade"))
    assert len(ups) == len(downs) == REVISIONS
    states = apply(database, ups)
    assert states[-1] == HEADS
    assert apply(database, reversed(downs)) == [*reversed(states[:-1]), []]
