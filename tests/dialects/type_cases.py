"""Tables with listeners, and columns whose types bring something along: an enumerated type, a domain, a CHECK."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column as C  # noqa: N817  # written many times below
from sqlalchemy import event
from sqlalchemy.dialects import postgresql as pg

Call = Callable[[Any], object]


class Choice(sa.TypeDecorator[str]):
    """An enumerated type in the author's own clothes."""

    impl = sa.Enum
    cache_ok = True

    def __init__(self) -> None:
        super().__init__("a", "b", name="choice")


@dataclass(frozen=True, slots=True)
class Case:
    """Calls, and what must have been done ``before`` them on a server."""

    call: Call
    before: Call = lambda _op: None

    def __call__(self, op: Any) -> None:
        self.call(op)


def kind(*values: str, **kw: Any) -> sa.Enum:
    """Return an enumerated type named kind."""
    return sa.Enum(*(values or ("a", "b")), **{"name": "kind", **kw})


def ddl(text: str) -> Any:
    """Return a statement for a listener; SQLAlchemy's annotations allow less of its ``execute_if`` than it does."""
    made: Callable[[str], sa.DDL] = sa.DDL
    return made(text)


def flag(name: str | None = "ck_f") -> sa.Boolean:
    """Return a Boolean with a CHECK."""
    return sa.Boolean(create_constraint=True, name=name)


def listen(name: str, sql: str) -> Call:
    """Return the creation and dropping of a table while every table is listened to."""

    def hear(_table: sa.Table, connection: sa.Connection, **_: Any) -> None:
        connection.execute(sa.text(sql))

    def call(op: Any) -> None:
        event.listen(sa.Table, name, hear)
        try:
            op.create_table("t", C("id", sa.Integer))
            op.drop_table("t")
        finally:
            event.remove(sa.Table, name, hear)

    return call


def with_listeners(op: Any) -> None:
    op.create_table(
        "t",
        C("id", sa.Integer),
        listeners=[
            ("before_create", ddl("CREATE TABLE before_t (id INTEGER)")),
            ("after_create", ddl("INSERT INTO %(table)s VALUES (5)").execute_if(dialect="postgresql")),
            ("after_create", ddl("INSERT INTO %(fullname)s VALUES (6)").execute_if(dialect=("mysql", "mariadb"))),
            ("after_create", lambda table, bind, **_: bind.execute(sa.text(f"UPDATE t SET id = {len(table.c)}"))),
        ],
    )


def not_on_mssql(_ddl: Any, _table: Any, bind: sa.Connection, **_: Any) -> bool:
    """Tell whether a statement is wanted."""
    return bind.dialect.name != "mssql"


def with_condition(op: Any) -> None:
    op.create_table(
        "t",
        C("id", sa.Integer),
        info={"rows": 3},
        listeners=[
            (
                "after_create",
                ddl("INSERT INTO t VALUES (1)").execute_if(callable_=not_on_mssql),
            ),
            ("after_create", lambda table, bind, **_: bind.execute(sa.text(f"UPDATE t SET id = {table.info['rows']}"))),
        ],
    )


def with_drop_listeners(op: Any) -> None:
    op.drop_table(
        "t",
        listeners=[
            ("before_drop", ddl("CREATE TABLE before_t (id INTEGER)")),
            ("after_drop", ddl("DROP TABLE before_t")),
        ],
    )


def make(*columns: Callable[[], Any], **kw: Any) -> Call:
    """Return the creation of a table of columns that are made anew each time."""
    return lambda op: op.create_table("t", C("id", sa.Integer), *(column() for column in columns), **kw)


def add(type_: Callable[[], Any]) -> Case:
    """Return the adding of a column to a table that stands."""
    return Case(lambda op: op.add_column("t", C("k", type_())), make())


def alter(existing: Callable[[], Any], type_: Callable[[], Any], **kw: Any) -> Case:
    """Return a change of a column's type."""
    return Case(
        lambda op: op.alter_column("t", "k", existing_type=existing(), type_=type_(), existing_nullable=True, **kw),
        make(lambda: C("k", existing())),
    )


def bound(op: Any) -> None:
    """Make the type by hand, and a table that does not make it again."""
    pg.ENUM("a", "b", name="kind").create(op.get_bind(), checkfirst=False)
    op.create_table("t", C("k", pg.ENUM("a", "b", name="kind", create_type=False)))


def schema(op: Any) -> None:
    op.execute("CREATE SCHEMA s")


CASES: dict[str, Case] = {
    "listeners": Case(with_listeners),
    "listeners_conditional": Case(with_condition),
    "listeners_of_drop": Case(with_drop_listeners, make()),
    "listeners_before_create": Case(listen("before_create", "CREATE TABLE heard (id INTEGER)")),
    "listeners_after_create": Case(listen("after_create", "INSERT INTO t VALUES (1)")),
    "listeners_before_drop": Case(listen("before_drop", "DELETE FROM t")),
    "listeners_after_drop": Case(listen("after_drop", "CREATE TABLE heard (id INTEGER)")),
    "enum": Case(make(lambda: C("k", kind()), lambda: C("other", kind()))),
    "enum_schema": Case(make(lambda: C("k", kind(schema="s"))), schema),
    "enum_of_a_table_in_a_schema": Case(make(lambda: C("k", kind()), schema="s"), schema),
    "enum_not_made": Case(
        make(lambda: C("k", pg.ENUM("a", "b", name="kind", create_type=False))),
        lambda op: op.execute("CREATE TYPE kind AS ENUM ('a', 'b')"),
    ),
    "enum_decorated": Case(make(lambda: C("k", Choice()))),
    "enum_array": Case(make(lambda: C("k", pg.ARRAY(kind())))),
    "enum_variant": Case(make(lambda: C("k", sa.String(5).with_variant(pg.ENUM("x", name="v"), "postgresql")))),
    "enum_by_hand": Case(bound),
    "enum_dropped_with_its_table": Case(lambda op: (make(lambda: C("k", kind()))(op), op.drop_table("t"))),
    "enum_column_dropped": Case(lambda op: op.drop_column("t", "k"), make(lambda: C("k", kind()))),
    "enum_checked": Case(
        make(
            lambda: C("k", kind("a", "b'c", create_constraint=True)),
            lambda: C("m", kind("a", "x%y", name="m", native_enum=False, create_constraint=True)),
            lambda: C("n", kind("a", name="n", native_enum=False, length=20)),
        )
    ),
    "domain": Case(make(lambda: C("k", pg.DOMAIN("positive", sa.Integer, check="VALUE > 0")))),
    "boolean": Case(make(lambda: C("f", flag()), lambda: C("g", flag(None)), lambda: C("h", sa.Boolean))),
    "add_enum": add(kind),
    "add_enum_not_made": Case(
        lambda op: op.add_column("t", C("k", pg.ENUM("a", "b", name="kind", create_type=False))),
        lambda op: (make()(op), op.execute("CREATE TYPE kind AS ENUM ('a', 'b')")),
    ),
    "add_decorated": add(Choice),
    "add_array": add(lambda: pg.ARRAY(kind())),
    "add_domain": add(lambda: pg.DOMAIN("positive", sa.Integer, check="VALUE > 0")),
    "add_boolean": add(flag),
    "add_boolean_unnamed": add(lambda: flag(None)),
    "alter_from_boolean": alter(flag, sa.Integer, postgresql_using="k::integer"),
    "alter_to_boolean": alter(sa.Integer, flag, postgresql_using="k::boolean"),
    "alter_to_boolean_unnamed": alter(sa.Integer, lambda: flag(None), postgresql_using="k::boolean"),
    "alter_boolean_and_name": alter(sa.Integer, flag, new_column_name="g", postgresql_using="k::boolean"),
    "alter_checked_enum": alter(
        lambda: kind("a", native_enum=False, create_constraint=True),
        lambda: kind("a", "b", native_enum=False, create_constraint=True),
    ),
    "alter_from_unnamed_boolean": alter(lambda: flag(None), sa.Integer, postgresql_using="k::integer"),
}
WORDS = ("array", "domain", "not_made", "variant", "by_hand", "schema")
#: Types that only one database has; where others take them for text, they do so on both sides.
OF_POSTGRESQL = {name for name in CASES if any(word in name for word in WORDS)}
