"""Table events and types that bring something along: what Alembic gives, or a reason why not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.dialects.type_cases import CASES, OF_POSTGRESQL
from tests.differential.case_tables import by_alembic, by_sqlgen
from tests.differential.outcome import DIALECTS

PAGE = Path(__file__).parents[2] / "docs" / "differences.md"
CHECKS = "CHECKs come and go with their types"
TYPES = "Types of the pinned server"
REFUSED = "What a database cannot do is refused"
NEW_COLUMNS = "Types of new columns"
#: case -> dialect -> heading of docs/differences.md
DIFFERENT: dict[str, dict[str, str]] = {
    "boolean": {"oracle": TYPES},
    "enum_column_dropped": {"mssql": "Default constraints on SQL Server"},
    "add_enum": {"postgresql": NEW_COLUMNS},
    "add_decorated": {"postgresql": NEW_COLUMNS},
    "add_array": {"postgresql": NEW_COLUMNS},
    "add_domain": {"postgresql": NEW_COLUMNS},
    "add_boolean": {"sqlite": CHECKS, "oracle": TYPES},
    "add_boolean_unnamed": {"sqlite": CHECKS, "oracle": TYPES},
    "alter_from_boolean": {"mysql": CHECKS, "mariadb": CHECKS, "sqlite": REFUSED, "oracle": TYPES},
    "alter_to_boolean": {"sqlite": REFUSED, "oracle": TYPES},
    "alter_to_boolean_unnamed": {"sqlite": REFUSED, "oracle": TYPES},
    "alter_boolean_and_name": {"mysql": CHECKS, "mariadb": CHECKS, "sqlite": REFUSED, "oracle": CHECKS},
    "alter_checked_enum": {"mysql": CHECKS, "mariadb": CHECKS, "sqlite": REFUSED},
    "alter_from_unnamed_boolean": {"mysql": CHECKS, "mariadb": CHECKS, "sqlite": REFUSED, "oracle": TYPES},
}
PAIRS = [
    (case, dialect) for case in CASES for dialect in DIALECTS if dialect == "postgresql" or case not in OF_POSTGRESQL
]


@pytest.mark.parametrize(("case", "dialect"), PAIRS)
def test_types_and_events_are_alembics(case: str, dialect: str) -> None:
    theirs = by_alembic("tests.dialects.type_cases", DIALECTS)[case, dialect]
    ours = by_sqlgen(CASES[case], dialect)
    same = bool(ours.error) if theirs.error else ours.statements == theirs.statements
    reason = DIFFERENT.get(case, {}).get(dialect, "")
    if reason == TYPES and sa.__version__ < "2.1":
        reason = ""  # SQLAlchemy 2.0 knows of no BOOLEAN on Oracle either
    assert same is not bool(reason), f"{theirs}\n{ours}"


def test_every_reason_is_on_the_page() -> None:
    headings = re.findall(r"^#{2,3} (.+)$", PAGE.read_text("utf-8"), re.M)
    assert {reason for found in DIFFERENT.values() for reason in found.values()} <= set(headings)


def test_a_check_without_a_name_cannot_be_dropped() -> None:
    for dialect in ("mysql", "mariadb", "oracle"):
        error = by_sqlgen(CASES["alter_from_unnamed_boolean"], dialect).error
        assert error.endswith("cannot drop the CHECK of the old type of t.k, because it has no name")


def test_a_type_takes_the_schema_of_its_table() -> None:
    def call(op: object) -> None:
        kind = sa.Enum("a", name="kind", inherit_schema=True)
        op.create_table("t", sa.Column("k", kind), schema="s")  # type: ignore[attr-defined]

    assert by_sqlgen(call, "postgresql").statements == (
        "CREATE TYPE s.kind AS ENUM ('a')",
        "CREATE TABLE s.t ( k s.kind )",
    )
