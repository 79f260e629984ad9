"""What a column is on the real server after ``alter_column``: the change is there, and nothing else is lost."""

from __future__ import annotations

import re

import pytest
from sqlgen.dialects import get

from sqlgen.errors import RenderError
from tests.databases.clients import Client, Database
from tests.dialects.operations.columns import ALTER_COLUMN
from tests.dialects.operations.golden import tried

AFTER = {
    "not null": "c integer NOT NULL",
    "not null, all told": "c integer NOT NULL",
    "not null, nothing told": "c integer NOT NULL",
    "null": "b varchar(20) NULL DEFAULT 'x' COMMENT it's",
    "null, with a default and a comment told": "b varchar(20) NULL DEFAULT 'x' COMMENT it's",
    "type": "b varchar(50) NOT NULL DEFAULT 'x' COMMENT it's",
    "type, nothing told": "b varchar(50) NOT NULL DEFAULT 'x' COMMENT it's",
    "type, all told": "b varchar(50) NOT NULL DEFAULT 'x' COMMENT it's",
    "type, using": "c varchar(9) NULL",
    "default": "c integer NULL DEFAULT 7",
    "default, nothing told": "c integer NULL DEFAULT 7",
    "default, where one stands": "b varchar(20) NOT NULL DEFAULT 'it''s' COMMENT it's",
    "default, a function": "b varchar(20) NOT NULL DEFAULT upper('x') COMMENT it's",
    "default, of a time": "at datetime NULL DEFAULT now()",
    "default, dropped": "b varchar(20) NOT NULL COMMENT it's",
    "default, dropped, nothing told": "b varchar(20) NOT NULL COMMENT it's",
    "default and type": "b integer NOT NULL DEFAULT 7 COMMENT it's",
    "name": "n varchar(20) NOT NULL DEFAULT 'x' COMMENT it's",
    "name, nothing told": "n varchar(20) NOT NULL DEFAULT 'x' COMMENT it's",
    "name, type told": "n varchar(20) NOT NULL DEFAULT 'x' COMMENT it's",
    "name and type": "n varchar(50) NOT NULL DEFAULT 'x' COMMENT it's",
    "name, to what it is called": "b varchar(20) NULL DEFAULT 'x' COMMENT it's",
    "comment": "c integer NULL COMMENT it's",
    "comment, where one stands": "b varchar(20) NOT NULL DEFAULT 'x' COMMENT new",
    "comment, dropped": "b varchar(20) NOT NULL DEFAULT 'x'",
    "identity": "a integer NOT NULL IDENTITY",
    "identity, of a column that may be null": "c integer NOT NULL IDENTITY",
    "identity, changed": "a integer NOT NULL IDENTITY",
    "identity, dropped": "a integer NOT NULL",
    "identity, replaced by a default": "a integer NOT NULL DEFAULT 7",
    "computed": "c integer NULL COMPUTED a + 1",
    "computed, changed": "a integer NULL COMPUTED id + 2",
    "computed, ended": "a integer NULL",
    "computed, with another type": "a bigint NULL COMPUTED id + 1",
    "autoincrement": "a integer NOT NULL AUTO_INCREMENT",
    "autoincrement that stands": "id bigint NOT NULL AUTO_INCREMENT",
    "everything": "n varchar(9) NULL DEFAULT 'y' COMMENT co",
}
"""Row of the table -> the column on every server that can do it."""

QUERIES = {
    "postgresql": """
        SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
               col_description(a.attrelid, a.attnum), a.attidentity <> '', a.attgenerated <> ''
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = 't'::regclass AND a.attname = '{name}'""",
    "mariadb": """
        SELECT column_name, column_type, is_nullable = 'NO', COALESCE(generation_expression, column_default),
               NULLIF(column_comment, ''), extra LIKE '%auto_increment%', generation_expression IS NOT NULL
        FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = 't' AND column_name = '{name}'""",
}

SAME = (
    (r"character varying", "varchar"),
    (r"timestamp without time zone", "datetime"),
    (r"\bint\(11\)", "integer"),
    (r"\bbigint\(20\)", "bigint"),
)
"""How servers spell one type."""

SAME_DEFAULT = (
    (r"'(\d+)'(::integer)?$", r"\1"),
    (r"::[a-z ]+", ""),
    (r"current_timestamp\(\)", "now()"),
    (r"\bucase\(", "upper("),
    (r"`", ""),
    (r"^\((.*)\)$", r"\1"),
)
"""How servers spell one default."""


def spelt(text: str, same: tuple[tuple[str, str], ...]) -> str:
    """Return a type or a default in the spelling of this file."""
    for pattern, plain in same:
        text = re.sub(pattern, plain, text)
    return text


def column(database: Database, server: str, name: str) -> str:
    """Return a column of ``t`` as the server's catalogue has it, in one spelling."""
    (row,) = database.query(QUERIES[server].format(name=name))
    label, type_, not_null, default, comment, counts, computed = row
    parts = [str(label), spelt(str(type_), SAME), "NOT NULL" if not_null in ("t", "1") else "NULL"]
    if counts in ("t", "1"):
        parts.append("IDENTITY" if server == "postgresql" else "AUTO_INCREMENT")
    if default not in (None, "NULL") and "nextval(" not in str(default):
        parts += ["COMPUTED" if computed in ("t", "1") else "DEFAULT", spelt(str(default), SAME_DEFAULT)]
    return " ".join([*parts, *(["COMMENT", comment] if comment else [])])


@pytest.mark.parametrize("row", AFTER)
@pytest.mark.parametrize(
    "server", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("postgresql", "mariadb")]
)
def test_the_column_is_what_was_asked(request: pytest.FixtureRequest, server: str, row: str) -> None:
    client: Client = request.getfixturevalue(server)
    outcome = tried(server, ALTER_COLUMN[row])
    if isinstance(outcome, RenderError):
        assert row.startswith(("identity", "computed", "autoincrement"))
        return
    spoken = get(server)()
    database = client.fresh_database()
    lines = [*spoken.form().preamble(), *(spoken.terminate(sql) for statements in outcome for sql in statements)]
    database.run_script("\n".join(lines) + "\n").check()
    expected = AFTER[row] if "AUTO_INCREMENT" not in AFTER[row] or server == "mariadb" else AFTER[row][:-15]
    assert column(database, server, AFTER[row].partition(" ")[0]) == expected
