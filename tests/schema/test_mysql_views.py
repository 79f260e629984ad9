"""Views on MySQL, of which the manual tells the names of the columns, and nothing else that reflection shows."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

import sqlgen
from sqlgen.errors import NeedsDatabase

TABLES = ("CREATE TABLE t (id INT PRIMARY KEY, a INT)", "CREATE TABLE o (id INT PRIMARY KEY, t_id INT, label TEXT)")
NAMES = (
    "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'v' "
    "ORDER BY ordinal_position"
)
#: What follows CREATE VIEW v, and the names of its columns; None where they are not certain.
VIEWS: dict[str, list[str] | None] = {
    "AS SELECT * FROM t": ["id", "a"],
    "AS SELECT t.*, label FROM t LEFT JOIN o ON o.t_id = t.id WHERE a IN (SELECT 1)": ["id", "a", "label"],
    "AS SELECT count(*) AS n, A FROM t GROUP BY a WITH CHECK OPTION": ["n", "A"],
    "AS SELECT id x FROM t UNION SELECT id FROM o": ["x"],
    "(p, q) AS SELECT id, a + 1 FROM t": ["p", "q"],
    "(p, q) AS SELECT s.x, s.y FROM (SELECT 1 AS x, 2 AS y) AS s": ["p", "q"],
    "(p, q) AS WITH s AS (SELECT 1 AS x, 2 AS y) SELECT x, y FROM s": None,
    "AS SELECT id, a + 1 FROM t": None,
    "AS SELECT 1 FROM t": None,
    "AS SELECT id FROM nowhere.t": None,
}


def answers(script: list[str], *queries: str) -> list[Any]:
    """Return what queries give after a script: the first column of each row, None for a refusal."""
    found: list[Any] = []
    with sqlgen.capture("mysql", from_base=True) as captured:
        for sql in script:
            captured.op.execute(sql)
        for sql in queries:
            try:
                found.append([row[0] for row in captured.op.get_bind().execute(sa.text(sql))])
            except NeedsDatabase:
                found.append(None)
        captured.recorder.error = None
    return found


@pytest.mark.parametrize(("view", "names"), VIEWS.items())
def test_the_names_of_columns_are_told(view: str, names: list[str] | None) -> None:
    assert answers([*TABLES, f"CREATE VIEW v {view}"], NAMES, "SHOW COLUMNS FROM v", "DESC v") == [names] * 3


def test_whether_null_may_stand_is_not_told() -> None:
    query = NAMES.replace("column_name", "is_nullable", 1)
    nullable = f"{NAMES.partition(' ORDER')[0]} AND is_nullable = 'NO'"
    assert answers([*TABLES, "CREATE VIEW v AS SELECT id FROM t"], query, nullable) == [None, None]


@pytest.mark.parametrize(
    "change", ["ALTER TABLE t DROP COLUMN a", "DROP TABLE t", "ALTER TABLE t RENAME COLUMN a TO b"]
)
@pytest.mark.parametrize("view", ["SELECT id FROM t WHERE a > 1", "SELECT id, a FROM t FOR UPDATE"])
def test_a_view_without_its_table_is_refused(change: str, view: str) -> None:
    script = [*TABLES, f"CREATE VIEW v AS {view}", change]
    assert answers(script, NAMES, "SHOW COLUMNS FROM v") == [None, None]


def test_a_column_that_comes_later_is_none_of_a_view() -> None:
    changes = ["CREATE VIEW v AS SELECT * FROM t", "ALTER TABLE t ADD COLUMN b INT FIRST"]
    assert answers([*TABLES, *changes], NAMES) == [["id", "a"]]


@pytest.mark.parametrize("ask", [lambda look: look.get_columns("v"), lambda look: look.get_view_definition("v")])
def test_types_and_text_are_refused(ask: Any) -> None:
    with sqlgen.capture("mysql", from_base=True) as captured:
        for sql in (*TABLES, "CREATE VIEW v AS SELECT id FROM t"):
            captured.op.execute(sql)
        with pytest.raises(NeedsDatabase, match=r"(?s)test_mysql_views.py:.*view 'v'"):
            ask(sa.inspect(captured.op.get_bind()))
        captured.recorder.error = None
