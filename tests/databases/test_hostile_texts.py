"""Texts that make a client do something, in every place where an author may write one: stored exactly, none executed.

Rows, comments, names of tables and columns, messages and docstrings; in both forms, with a client that speaks LATIN1,
with the line ends of another system, and with a byte order mark.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

import sqlgen
from sqlgen import Project
from sqlgen.errors import CommandError
from tests.databases.clients import Client, Database
from tests.recording.projects import make_project
from tests.scripts.invented import HOSTILE

MORE = {
    "quote": "'",
    "quotes": "''\"\"''",
    "backslash at the end": "C:\\dir\\",
    "backslashes": "a\\\\b\\'c",
    "escapes": "\\n\\t\\0\\Z\\x41",
    "psql": "\\q",
    "psql variable": ":PORT :'USER' :\"HOST\"",
    "shell": "`touch evil` $(touch evil)",
    "dollar": "$$ $sql$ $sqlgen$ $sqlgen1$",
    "execute": "$sql$; DROP TABLE log; $sql$",
    "block": "END $sqlgen$; END$$\nDELIMITER ;\nDROP TABLE log;",
    "q-quote": "]' }' )' >' !'",
    "percent": "100% %s %(x)s %%",
    "statement": "x'); DROP TABLE log; --",
    "comment": "/* -- */ -- /*!50000 x */",
    "spaces": "  two  ",
    "emoji": "🙈 é 漢 \u00e9 e\u0301",
    "lines": "one\ntwo\r\nthree\rfour",
    "long": "é" * 35_000,
}
TEXTS = {**HOSTILE, **MORE}
Stored = dict[str, tuple[str, str | None, str]]
"""For each revision the name of its table and column, the comment, and the row."""

REVISION = '''\
"""{message}

{story}
"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql
LONG = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
revision = {id!r}
down_revision = {down!r}


def upgrade():
    table = op.create_table({table!r}, sa.Column({column!r}, LONG), comment={comment!r})
    op.bulk_insert(table, [{{{column!r}: value}} for value in {values!r}])
    op.execute(sa.text("INSERT INTO log (what) VALUES (:text)").bindparams(text={kept!r}))
'''


def taken(dialect: str, text: str, *, name: bool = False, comment: bool = False) -> bool:
    """Tell whether a text can be in a name, a comment, or a row; if not, there must be an error that says so."""
    table, note = (text if name else "t"), (text if comment else None)
    try:
        with sqlgen.capture(dialect) as captured:
            made = captured.op.create_table(table, sqlgen_column(text if name else "c"), comment=note)
            captured.op.bulk_insert(made, [{} if name or comment else {"c": text}])
    except CommandError:
        return False
    return True


def sqlgen_column(name: str) -> object:
    """Return a column of text."""
    import sqlalchemy as sa

    return sa.Column(name, sa.Text)


def named(text: str) -> str:
    """Return a text as a name: short enough, and with something in it that a server does not strip."""
    return f"n{text[:20]}n"


def project(folder: Path, dialect: str) -> tuple[Project, Stored]:
    """Return a chain with one revision for each text, and what each must have stored: table, comment, row."""
    make_project(folder, {})
    versions = folder / "mig" / "versions"
    (versions / "r0.py").write_text(
        'import sqlalchemy as sa\nfrom alembic import op\nrevision = "r0"\ndown_revision = None\n'
        'def upgrade():\n    op.create_table("log", sa.Column("what", sa.Text))\n'
    )
    expected: Stored = {}
    down = "r0"
    for number, (title, text) in enumerate(TEXTS.items(), 1):
        id = f"r{number}"
        name = named(text) if taken(dialect, named(text), name=True) else f"t{number}"
        comment = text[:500] if dialect != "sqlite" and taken(dialect, text[:500], comment=True) else None
        value = text if taken(dialect, text) else title
        expected[id] = (name, comment or None, value)
        safe = text.encode("unicode_escape").decode().replace('"', "\\x22")
        body = REVISION.format(
            message=safe,
            story=safe,
            id=id,
            down=down,
            table=name,
            column=name,
            comment=comment,
            values=[value],
            kept=f"{id}",
        )
        (versions / f"{id}.py").write_text(body, encoding="utf-8")
        down = id
    return Project.open(folder), expected


@dataclass(slots=True)
class Chains:
    """The chains of all dialects, each made once."""

    folder: Path
    made: dict[str, tuple[Project, Stored]] = field(default_factory=dict)

    def script(self, dialect: str, form: str) -> tuple[str, Stored]:
        """Return the script of a dialect, and what it must store."""
        if dialect not in self.made:
            self.made[dialect] = project(self.folder / dialect, dialect)
        chain, expected = self.made[dialect]
        return str(chain.script("heads", dialect=dialect, form=form)), expected


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> Chains:
    """Return the chains of this module."""
    return Chains(tmp_path_factory.mktemp("hostile"))


FORMS = [
    pytest.param(dialect, form, marks=pytest.mark.xdist_group(dialect), id=f"{dialect}-{form}")
    for dialect, form in [
        ("postgresql", "plain"),
        ("postgresql", "block"),
        ("mariadb", "plain"),
        ("mariadb", "block"),
        ("sqlite", "plain"),
    ]
]
LATIN1 = {
    "postgresql": {"PGCLIENTENCODING": "LATIN1"},
    "mariadb": {"LC_ALL": "C", "LANG": "C"},
    "sqlite": {"LC_ALL": "C"},
}


def stored(database: Database, dialect: str, table: str) -> str:
    """Return the row of a table, as hexadecimal digits of UTF-8."""
    quote = "`" if dialect == "mariadb" else '"'
    name = quote + table.replace(quote, quote * 2) + quote
    digits = {
        "postgresql": f"encode(convert_to({name}, 'UTF8'), 'hex')",
        "mariadb": f"HEX({name})",
        "sqlite": f"hex(CAST({name} AS BLOB))",
    }[dialect]
    marked = f"CONCAT('x', {digits})" if dialect == "mariadb" else f"'x' || {digits}"
    ((found,),) = database.query(f"SELECT {marked} FROM {name}")
    return str(found)[1:].lower()


def comments(database: Database, dialect: str) -> set[str]:
    """Return the comments of all tables, as hexadecimal digits of UTF-8."""
    query = {
        "postgresql": "SELECT encode(convert_to(description, 'UTF8'), 'hex') FROM pg_description "
        "WHERE objsubid = 0 AND classoid = 'pg_class'::regclass AND objoid >= 16384",
        "mariadb": "SELECT HEX(table_comment) FROM information_schema.tables WHERE table_schema = DATABASE()",
    }[dialect]
    return {str(found).lower() for (found,) in database.query(query)}


@pytest.mark.parametrize(("dialect", "form"), FORMS)
@pytest.mark.parametrize("surroundings", ["plain", "LATIN1", "CRLF", "BOM"])
def test_every_text_in_every_place(
    dialect: str, form: str, surroundings: str, chains: Chains, request: pytest.FixtureRequest
) -> None:
    client: Client = request.getfixturevalue(dialect)
    text, expected = chains.script(dialect, form)
    if surroundings == "CRLF":
        text = text.replace("\n", "\r\n")
    if surroundings == "BOM":
        text = "\ufeff" + text
    database = client.fresh_database()
    here = set(Path.cwd().iterdir())
    path = database.scratch() / "hostile.sql"
    path.write_bytes(text.encode())
    done = database.run_file(path, env=LATIN1[dialect] if surroundings == "LATIN1" else None)
    if surroundings == "BOM" and done.returncode != 0:
        assert database.tables() == []
        return
    done.check()
    assert database.versions() == [f"r{len(TEXTS)}"]
    assert not list(database.scratch().glob("evil*"))
    assert set(Path.cwd().iterdir()) == here
    assert [str(what) for (what,) in database.query("SELECT what FROM log")] == list(expected)
    wrong = [
        id for id, (table, _, value) in expected.items() if stored(database, dialect, table) != value.encode().hex()
    ]
    assert not wrong
    if dialect != "sqlite":
        wanted = {comment.encode().hex() for _, comment, _ in expected.values() if comment}
        assert not wanted - comments(database, dialect)
        assert len(wanted) > 30
    assert sum(value == TEXTS[title] for title, (_, _, value) in zip(TEXTS, expected.values(), strict=True)) >= 42
