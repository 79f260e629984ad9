"""Names by a naming convention, on every dialect: those that Alembic gives, or a reason why not."""

from __future__ import annotations

import pytest

from tests.dialects.naming_cases import CASES, OPTIONS
from tests.differential.case_tables import by_alembic, by_sqlgen
from tests.differential.outcome import DIALECTS

#: What differs, and is on the page: Alembic never drops the CHECK of a type on these two servers, forgets the CHECK
#: of a new column on others, leaves SQLite with half of what was asked for, and must be told what kind it drops.
DIFFERENT = {
    **dict.fromkeys(("type_from_choice", "type_choice"), ("mysql", "mariadb", "sqlite")),
    "type_to_choice": ("sqlite",),
    "add_check": ("mssql", "oracle"),
    "add_choice": ("sqlite",),
    "add_fk": ("sqlite",),
    "drop_any": ("mysql", "mariadb"),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("case", CASES)
def test_names_are_alembics(case: str, dialect: str) -> None:
    theirs = by_alembic("tests.dialects.naming_cases", DIALECTS)[case, dialect]
    ours = by_sqlgen(CASES[case], dialect, OPTIONS[case])
    assert "Assertion" not in ours.error
    same = bool(ours.error) if theirs.error else ours.statements == theirs.statements
    assert same is (dialect not in DIFFERENT.get(case.partition("-")[0], ())), f"{theirs}\n{ours}"


@pytest.mark.parametrize(
    ("case", "dialect", "expected"),
    [
        ("type_choice", "mysql", "ALTER TABLE t DROP CHECK ck_t_k"),
        ("type_choice", "mariadb", "ALTER TABLE t DROP CONSTRAINT ck_t_k"),
        ("add_check", "mssql", "ALTER TABLE t ADD n INTEGER NULL CONSTRAINT ck_t_positive CHECK (n > 0)"),
        ("add_check", "oracle", "ALTER TABLE t ADD n INTEGER CONSTRAINT ck_t_positive CHECK (n > 0)"),
        ("add_choice", "sqlite", "ALTER TABLE t ADD COLUMN n VARCHAR(1) CONSTRAINT ck_t_k CHECK (n IN ('a', 'b'))"),
        ("add_fk", "sqlite", "ALTER TABLE t ADD COLUMN n INTEGER CONSTRAINT fk_t_n_o REFERENCES o (id)"),
    ],
)
def test_what_differs_is_named_too(case: str, dialect: str, expected: str) -> None:
    assert by_sqlgen(CASES[f"{case}-names"], dialect, OPTIONS[f"{case}-names"]).statements[0] == expected


def test_an_index_that_gets_no_name() -> None:
    outcome = by_sqlgen(CASES["ix-one"], "postgresql", OPTIONS["ix-one"])
    assert outcome.error == "RenderError: an index of table 't' has no name"
