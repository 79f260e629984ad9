"""SQLAlchemy's dialects, compiling with no driver and no server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import types as sqltypes

from sqlgen import dialects
from sqlgen.compiler import MARKED, OfflineDialect, literal, literal_writer
from sqlgen.errors import LiteralError, NeedsDatabase
from sqlgen.literals import ServerValue, Verbatim
from sqlgen.recording.recorder import Recorder

DIALECTS = ("postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle")


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> OfflineDialect:
    """The offline dialect of each database in turn."""
    return Recorder(dialects.get(request.param)("", None)).sa


def test_facts(dialect: OfflineDialect) -> None:
    assert dialect.paramstyle == "named"
    assert dialect.server_version_info
    assert not dialect.insert_returning
    assert not dialect.use_insertmanyvalues
    assert isinstance(dialect, dialects_class(dialect.name))


def dialects_class(name: str) -> type:
    """Return SQLAlchemy's own class of a dialect's name, by its registry."""
    module = __import__(f"sqlalchemy.dialects.{name if name != 'mariadb' else 'mysql'}.base", fromlist=["_"])
    names = {"postgresql": "PGDialect", "sqlite": "SQLiteDialect", "mssql": "MSDialect", "oracle": "OracleDialect"}
    found: type = getattr(module, names.get(name, "MySQLDialect"))
    return found


def test_percent_signs_are_not_doubled(dialect: OfflineDialect) -> None:
    text = sa.text("UPDATE t SET a = 5 % 2, b = '100%'")
    assert str(text.compile(dialect=dialect)) == text.text
    column = sa.column("a", sa.Integer) % 2
    assert "%%" not in str(column.compile(dialect=dialect))


def test_values_are_marked(dialect: OfflineDialect) -> None:
    statement = sa.table("t", sa.column("a")).delete().where(sa.column("a") == sa.bindparam("v", "\x02x\x03"))
    assert MARKED.findall(str(statement.compile(dialect=dialect))) == ["v"]


def test_literal_binds(dialect: OfflineDialect) -> None:
    statement = sa.select(sa.literal(5)).where(sa.column("a") == "it's")
    assert "it''s" in str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


class Doubled(sqltypes.TypeDecorator[int]):
    """Stores twice the value."""

    impl = sqltypes.Integer
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else value * 2


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (3, Doubled(), "6"),
        (None, Doubled(), "NULL"),
        (7, sqltypes.Integer(), "7"),
        ("x", sqltypes.Enum("x", "y"), "'x'"),
        (Verbatim(":a"), sqltypes.Integer(), ":a"),
        (Verbatim(":a"), Doubled(), ":a"),
    ],
)
def test_literals_pass_the_type_first(dialect: OfflineDialect, value: Any, type_: Any, expected: str) -> None:
    assert literal(dialect, value, type_).replace("N'", "'") == expected
    assert literal_writer(dialect, type_)(value).replace("N'", "'") == expected


@pytest.mark.parametrize("type_", [sqltypes.Integer(), sqltypes.String(), Doubled(), sqltypes.JSON()])
def test_what_only_the_server_knows_has_no_literal(dialect: OfflineDialect, type_: Any) -> None:
    with pytest.raises(LiteralError, match="only the server will know"):
        literal(dialect, ServerValue("a key"), type_)


def test_types_outside_the_list_are_refused(dialect: OfflineDialect) -> None:
    with pytest.raises(LiteralError):
        literal(dialect, object(), sqltypes.Integer())


class Source:
    """Answers with what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Any, ...]]] = []

    def reflecting(self, question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> None:
        """It has no rows."""

    def answer(self, question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        self.asked.append((question, arguments))
        return arguments[0] == "there"


def test_reflection_goes_to_the_source(dialect: OfflineDialect) -> None:
    source: Any = Source()
    dialect.schema_source = source
    connection: Any = None
    assert dialect.has_table(connection, "there", schema=None) is True
    assert dict(dialect.has_multi_table(connection, ["there", "not"])) == {(None, "there"): True, (None, "not"): False}
    dialect.get_columns(connection, "t")
    assert [question for question, _ in source.asked] == ["has_table", "has_table", "has_table", "get_columns"]


def test_reflection_without_a_source(dialect: OfflineDialect) -> None:
    dialect.schema_source = None
    with pytest.raises(NeedsDatabase, match="has_table"):
        dialect.has_table(None, "t")  # type: ignore[arg-type]
