"""The second world runs behind: what is told is what would be told if it had run along, statement by statement."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sqlgen.errors import CommandError
from sqlgen.schema.replica import Outcome, Replica
from tests.recording.projects import rendered

BEGIN = """\
bind = op.get_bind()
def text(sql):
    return sa.text(sql)
op.execute("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER, made TEXT)")
op.execute("CREATE TABLE u (id INTEGER PRIMARY KEY, n INTEGER UNIQUE)")
op.execute("INSERT INTO t (n, made) VALUES (1, 'a'), (2, 'b'), (3, 'c')")
op.execute("INSERT INTO u (n) VALUES (1), (2)")
"""
WRITES = (
    "UPDATE t SET made = CURRENT_TIMESTAMP WHERE n = 2",
    "UPDATE t SET n = random() WHERE id = 1",
    "DELETE FROM t WHERE n = 1 AND random() > 0",
    "INSERT INTO t (n) SELECT n FROM u WHERE random() > 0",
    "INSERT INTO t (n, made) VALUES (7, 'd')",
    "INSERT OR IGNORE INTO u (n) SELECT n FROM t",
    "UPDATE u SET n = n + 10",
    "DELETE FROM u WHERE n > 11",
    "INSERT INTO t (n) SELECT count(*) FROM u",
    "CREATE TABLE v AS SELECT n, made FROM t",
    "CREATE TABLE w AS SELECT random() AS n, 'x' AS made",
    "DROP TABLE IF EXISTS v",
    "ALTER TABLE u ADD COLUMN made TEXT DEFAULT 'z'",
    "ALTER TABLE t RENAME COLUMN made TO made_at",
    "CREATE TABLE IF NOT EXISTS x (n INTEGER)",
    "INSERT INTO x SELECT n FROM t",
    "DROP TABLE x",
    "CREATE INDEX IF NOT EXISTS ix ON t (n)",
    "CREATE VIEW IF NOT EXISTS y AS SELECT sum(n) AS s FROM t",
)
RENAMES = ("ALTER TABLE t RENAME TO t2", "ALTER TABLE t2 RENAME TO t")
ASKS = (
    "SELECT * FROM t ORDER BY id",
    "SELECT * FROM t2 ORDER BY id",
    "SELECT count(*) FROM t",
    "SELECT n FROM u ORDER BY id",
    "SELECT * FROM v",
    "SELECT * FROM w",
    "SELECT count(*) FROM x",
    "SELECT s FROM y",
    "SELECT changes()",
    "SELECT total_changes()",
    "SELECT last_insert_rowid()",
    "SELECT seq FROM sqlite_sequence",
    "SELECT name FROM sqlite_master ORDER BY name",
    "PRAGMA table_info(t)",
    "PRAGMA integrity_check",
)
STEPS = st.one_of(
    st.sampled_from([f"op.execute({sql!r})" for sql in (*WRITES, *RENAMES)]),
    st.sampled_from([f"bind.execute(text({sql!r}))" for sql in (*WRITES, *RENAMES)]),
    st.sampled_from([f"counts.append(bind.execute(text({sql!r})))" for sql in WRITES if not sql.startswith("CREATE")]),
    st.sampled_from(["point = bind.begin_nested()", "point = point and point.rollback()"]),
    st.sampled_from([f"found.append(told(bind.execute(text({sql!r})).all()))" for sql in ASKS]),
)
TELLS = """\
counts, found, point = [], [], None
def told(rows):
    return [[repr(value) for value in row] for row in rows]
"""
END = "op.execute('-- ' + repr((found, [(repr(one.rowcount), repr(one.lastrowid)) for one in counts])))\n"

numbers = itertools.count()


def outcome(folder: Path, steps: list[str]) -> tuple[str, ...]:
    """Return the statements of a revision, or its error."""
    guarded = [f"try:\n    {step}\nexcept sa.exc.DBAPIError:\n    found.append('refused')\n" for step in steps]
    try:
        return tuple(rendered(folder / str(next(numbers)), BEGIN + TELLS + "".join(guarded) + END, "sqlite"))
    except CommandError as error:
        return type(error).__name__, error.message


def always(self: Replica, outcome: Outcome) -> bool:
    return True


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=2, max_size=9))
def test_what_is_told_is_the_same(tmp_path: Path, steps: list[str]) -> None:
    late = outcome(tmp_path, steps)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Replica, "_may_differ", always)
        assert late == outcome(tmp_path, steps)
