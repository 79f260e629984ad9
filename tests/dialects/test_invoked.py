"""Operation objects, invoked: the statements are Alembic's."""

from __future__ import annotations

import pytest

from tests.dialects.invoked_cases import CASES
from tests.differential.case_tables import by_alembic, by_sqlgen, in_order
from tests.differential.outcome import DIALECTS

#: Differences that have nothing to do with objects; docs/differences.md has their reasons.
DIFFERENT = {
    "alter": ("sqlite",),
    "alter_reversed": ("sqlite",),
    "comment": ("sqlite", "mssql"),
    "add_column_reversed": ("mssql",),
    "drop_column": ("mssql",),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("case", CASES)
def test_an_object_gives_what_alembics_gives(case: str, dialect: str) -> None:
    theirs, ours = by_alembic("tests.dialects.invoked_cases", DIALECTS)[case, dialect], by_sqlgen(CASES[case], dialect)
    if theirs.error:
        assert ours.error
        return
    same = [*map(in_order, theirs.statements)] == [*map(in_order, ours.statements)]
    assert same is (dialect not in DIFFERENT.get(case, ())), f"{theirs}\n{ours}"
