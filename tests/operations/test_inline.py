from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from .funnel import made

DAYS = sa.table("t", sa.column("day", sa.Date), sa.column("n", sa.Integer))

LITERALS: list[tuple[tuple[Any, ...], str]] = [
    (("2001-01-01",), "'2001-01-01'"),
    (("it's",), "'it''s'"),
    ((5,), "5"),
    ((None,), "NULL"),
]


@pytest.mark.parametrize(("arguments", "expected"), LITERALS)
def test_a_literal_prints_by_its_own_type(arguments: tuple[Any, ...], expected: str) -> None:
    literal = made()[0].inline_literal(*arguments)
    assert str(DAYS.update().values(day=literal).compile()) == f"UPDATE t SET day={expected}"


@pytest.mark.parametrize("type_", [sa.String, sa.String(10)])
def test_a_literal_takes_a_type_or_its_class(type_: Any) -> None:
    literal = made()[0].inline_literal("x", type_)
    assert (str(literal), literal.type._type_affinity) == ("'x'", sa.String)


def test_a_cached_statement_does_not_repeat_the_first_value() -> None:
    op, _ = made()
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (day, n)")
        for day in ("2001-01-01", "2002-02-02"):
            connection.execute(DAYS.insert().values(day=op.inline_literal(day), n=1))
        assert connection.exec_driver_sql("SELECT day FROM t").scalars().all() == ["2001-01-01", "2002-02-02"]
    engine.dispose()
