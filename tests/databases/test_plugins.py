"""Scripts of projects that use other people's operations, on PostgreSQL, beside Alembic's own."""

from __future__ import annotations

import pytest

from tests.databases.clients import Client, Database, Row
from tests.plugins.projects import NAMES, alembic_script, script

pytestmark = pytest.mark.xdist_group("postgresql")

CATALOGUE = """
SELECT 'type', t.typname, string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
  FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid GROUP BY t.typname
UNION ALL SELECT 'column', table_name || '.' || column_name, udt_name || ' ' || coalesce(column_default, '')
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'view', viewname, definition FROM pg_views WHERE schemaname = 'public'
UNION ALL SELECT 'materialized view', matviewname, definition FROM pg_matviews
UNION ALL SELECT 'function', proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'policy', policyname, cmd || qual FROM pg_policies
UNION ALL SELECT 'grant', column_name, privilege_type || grantee FROM information_schema.role_column_grants
  WHERE table_schema = 'public'
UNION ALL SELECT 'operator', oprname, oprcode::text FROM pg_operator WHERE oprnamespace = 'public'::regnamespace
ORDER BY 1, 2, 3
"""
ROWS = {
    "entities": ("SELECT id, state, touched FROM invoice ORDER BY id", [("1", "open", "2"), ("2", "paid", "2")]),
    "enums": ("SELECT id, state, states FROM parcel ORDER BY id", [("1", "paid", "{sent,paid}"), ("2", "draft", None)]),
}


def kinds(database: Database) -> list[Row]:
    return database.query(CATALOGUE)


@pytest.mark.parametrize("name", NAMES)
def test_a_script_leaves_what_alembics_leaves(name: str, postgresql: Client) -> None:
    ours, theirs = postgresql.fresh_database(), postgresql.fresh_database()
    ours.run_script(script(name)).check()
    theirs.run_script(alembic_script(name)).check()
    assert kinds(ours) == kinds(theirs)
    question, rows = ROWS[name]
    assert ours.query(question) == rows
    assert ours.versions() == theirs.versions() != []


@pytest.mark.parametrize("name", NAMES)
def test_a_script_and_its_way_back_apply(name: str, postgresql: Client) -> None:
    database = postgresql.fresh_database()
    empty = kinds(database)
    database.run_script(script(name)).check()
    database.run_script(script(name, "downgrade")).check()
    assert database.tables() == ["alembic_version"]
    assert [kind for kind in kinds(database) if "version" not in str(kind)] == empty
