"""Copies of SQLite tables: our statements are Alembic's, or one of the reasons below says why not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.dialects.batch_cases import CASES
from tests.differential.case_tables import by_alembic, by_sqlgen, in_order
from tests.differential.outcome import Outcome

PAGE = Path(__file__).parents[2] / "docs" / "differences.md"
SECTION = "## Tables that are copied on SQLite"
OURS_ALONE = re.compile(
    r"PRAGMA legacy_alter_table = (ON|OFF)|(DELETE FROM|INSERT INTO) sqlite_sequence\b.*|.*_sqlgen_keys.*"
)

REASONS = {
    "Renamed in place": "rename rename_always rename_constraints rename_pk rename_uq_old rename_old_name rename_self_fk"
    " rename_computed bool_renamed all rename_index_where rename_index_expr rename_index_text rename_where_text"
    " check_renamed check_column_expr_renamed add_then_rename quoted rename_uq_new rename_check_text_new"
    " rename_check_expr_new",
    "No copy where there is a statement": "add_fk_plain add_bool_auto comment alter_nothing table_comment",
    "No casts that destroy": "type_numeric type_date type_bool type_moments",
    "Nothing is lost": "add_index drop_auto_indexed unique_flag prefixes computed_to_none computed_to_none2"
    " computed_kept create_unique_conflict pk_on_conflict on_conflict_kept",
    "Places": "alter_before alter_after reorder reorder2",
    "Alembic fails": "add_unique add_unique_auto rename_then_drop_old rename_index_new rename_twice rename_swap"
    " create_index_expr_always create_unique_none drop_unique_unnamed drop_fk_unnamed convention_create"
    " convention_create2 create_fk_none drop_bool_check default_computed key_differs add_then_drop add_everything",
    "Refused": "add_pk add_pk_always drop_check_mentions drop_index_text never_type add_taken type_moment_to_time"
    " unique_deferrable create_fk_schema",
}
REASON_OF = {case: reason for reason, cases in REASONS.items() for case in cases.split()}


def levelled(statements: Iterable[str]) -> list[str]:
    """Return statements without what only we say, their sets in an order."""
    plain = [in_order(sql) for sql in statements if not OURS_ALONE.fullmatch(sql)]
    rest = [sql for sql in plain if not re.match("CREATE (UNIQUE )?INDEX", sql)]
    return [*rest, *sorted(sql for sql in plain if sql not in rest)]


def why(theirs: Outcome, ours: Outcome) -> str:
    """Return in what way two outcomes differ; empty for not at all."""
    if ours.error:
        return "" if theirs.error else "Refused"
    if theirs.error:
        return "Alembic fails"
    return "" if levelled(theirs.statements) == levelled(ours.statements) else "differs"


@pytest.mark.parametrize("case", CASES)
def test_a_copy_is_alembics(case: str) -> None:
    theirs, ours = (
        by_alembic("tests.dialects.batch_cases", ("sqlite",))[case, "sqlite"],
        by_sqlgen(CASES[case], "sqlite"),
    )
    found, reason = why(theirs, ours), REASON_OF.get(case, "")
    assert bool(found) is bool(reason), f"{found}\n{theirs}\n{ours}"
    assert found == reason or (found == "differs" and reason not in ("Alembic fails", "Refused")), f"{found} {reason}"


def test_every_reason_is_on_the_page() -> None:
    section = PAGE.read_text("utf-8").partition(SECTION)[2].partition("\n## ")[0]
    assert sorted(re.findall(r"^- \*\*(.+)\*\*:", section, re.M)) == sorted(REASONS)


def test_the_same_each_time() -> None:
    assert [by_sqlgen(CASES[case], "sqlite") for case in CASES] == [by_sqlgen(CASES[case], "sqlite") for case in CASES]
