"""Kinds of columns: their types, values that fit, defaults, and the kinds that their values can be changed to."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.types import TypeEngine

from tests.fuzz.chance import Chance
from tests.fuzz.words import TEXTS

ALL = ("postgresql", "mariadb", "sqlite")
DAY = dt.datetime(2000, 1, 1, 12, 30, 15)


class Colour(enum.Enum):
    """An enumeration of Python's."""

    RED = "r"
    GREEN = "g"
    DARK_BLUE = "b"


@dataclass(frozen=True)
class Kind:
    """A kind of column.

    ``type`` makes the type from a size and a name of its own; ``value`` makes a value from chance and a serial
    number, a different one for each number where the kind is ``distinct``. ``defaults`` are server defaults.
    ``keyable`` says that keys and indexes can hold it, ``widens`` which kinds take all its values without being told
    how, ``textual`` and ``numeric`` which expressions it can stand in.
    """

    name: str
    type: Callable[[int, str], TypeEngine[Any]]
    value: Callable[[Chance, int, int], Any]
    defaults: tuple[Any, ...] = ()
    databases: tuple[str, ...] = ALL
    distinct: bool = False
    keyable: bool = True
    widens: tuple[str, ...] = ()
    textual: bool = False
    numeric: bool = False
    checked: bool = False

    def __str__(self) -> str:
        return self.name


def text(chance: Chance, size: int, serial: int) -> str:
    return f"{serial} {chance.pick(TEXTS)}"[:size]


def plain(factory: Callable[[], TypeEngine[Any]]) -> Callable[[int, str], TypeEngine[Any]]:
    return lambda _size, _name: factory()


NOW = (sa.text("CURRENT_TIMESTAMP"), sa.func.now())
WORDS = ("low", "it's", "100%", "co:lon", "a b", "naïve", "back\\slash", 'q"')
JSON_VALUES: tuple[Any, ...] = (None, {}, {"a": True}, [1, 2.5, "it's"], {"k:v": "naïve \\ \n"}, "text", 0)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "smallint",
            plain(sa.SmallInteger),
            lambda _c, _s, n: n % 30000,
            ("0", sa.text("7")),
            distinct=True,
            numeric=True,
            widens=("integer", "bigint", "numeric"),
        ),
        Kind(
            "integer",
            plain(sa.Integer),
            lambda _c, _s, n: n,
            ("0", "-1", sa.text("42")),
            distinct=True,
            numeric=True,
            widens=("bigint", "numeric", "string", "text"),
        ),
        Kind(
            "bigint",
            plain(sa.BigInteger),
            lambda _c, _s, n: 2**40 + n,
            ("0", sa.text("9000000000")),
            distinct=True,
            numeric=True,
            widens=("text",),
        ),
        Kind(
            "numeric",
            lambda _s, _n: sa.Numeric(24, 4),
            lambda _c, _s, n: decimal.Decimal(n) + decimal.Decimal("0.25"),
            ("0", "1.5", sa.text("0.25")),
            distinct=True,
            numeric=True,
        ),
        Kind("float", plain(sa.Float), lambda _c, _s, n: n + 0.5, ("1.5",), widens=("double",), numeric=True),
        Kind("double", plain(sa.Double), lambda _c, _s, n: n + 0.125, ("0",), numeric=True),
        Kind(
            "string",
            lambda size, _n: sa.String(size),
            text,
            ("", *(TEXTS[:8]), sa.text("'it''s a\\:b 100%'")),
            distinct=True,
            textual=True,
            widens=("string", "text", "unicode_text"),
        ),
        Kind(
            "text", plain(sa.Text), text, (*TEXTS[:12], "", sa.text("'x'")), keyable=False, textual=True, distinct=True
        ),
        Kind("unicode_text", plain(sa.UnicodeText), text, (), keyable=False, textual=True, widens=("text",)),
        Kind("boolean", plain(sa.Boolean), lambda c, _s, _n: c.of(0.5), (sa.true(), sa.false())),
        Kind(
            "checked_boolean",
            lambda _s, name: sa.Boolean(create_constraint=True, name=name),
            lambda c, _s, _n: c.of(0.5),
            (sa.false(),),
            checked=True,
        ),
        Kind(
            "date",
            plain(sa.Date),
            lambda _c, _s, n: DAY.date() + dt.timedelta(days=n),
            ("2024-02-29",),
            distinct=True,
            widens=("datetime",),
        ),
        Kind(
            "datetime",
            plain(sa.DateTime),
            lambda _c, _s, n: DAY + dt.timedelta(hours=n),
            ("2024-02-29 12:00:00", *NOW),
            distinct=True,
        ),
        Kind(
            "moment",
            lambda _s, _n: sa.DateTime(timezone=True),
            lambda _c, _s, n: (DAY + dt.timedelta(hours=n)).replace(tzinfo=dt.timezone.utc),
            NOW,
        ),
        Kind("time", plain(sa.Time), lambda _c, _s, n: dt.time(n % 24, 5, 9), ("12:30:00",)),
        Kind("interval", plain(sa.Interval), lambda _c, _s, n: dt.timedelta(hours=n), ()),
        Kind("binary", plain(sa.LargeBinary), lambda c, _s, n: bytes([c.number(0, 255), n % 256, 0]), keyable=False),
        Kind("uuid", plain(sa.Uuid), lambda _c, _s, n: uuid.UUID(int=n), distinct=True),
        Kind("json", plain(sa.JSON), lambda c, _s, _n: c.pick(JSON_VALUES), keyable=False),
        Kind(
            "enum",
            lambda _s, _n: sa.Enum(
                "low", "it's", "100%", "co:lon", "a b", "naïve", "back\\slash", 'q"', name="Mood Enum"
            ),
            lambda c, _s, _n: c.pick(WORDS),
            ("low", "it's"),
            widens=("string", "text"),
        ),
        Kind(
            "python_enum",
            lambda _s, _n: sa.Enum(Colour, name="colour"),
            lambda c, _s, _n: c.pick(tuple(Colour)),
            ("RED",),
            widens=("string",),
        ),
        Kind(
            "checked_enum",
            lambda _s, name: sa.Enum("a", "it's", "50%", native_enum=False, create_constraint=True, name=name),
            lambda c, _s, _n: c.pick(("a", "it's", "50%")),
            ("a",),
            checked=True,
        ),
        Kind(
            "array",
            lambda _s, _n: postgresql.ARRAY(sa.Integer()),
            lambda _c, _s, n: [n, None, -n],
            ("{}", sa.text("ARRAY[1, 2]")),
            ("postgresql",),
        ),
        Kind(
            "jsonb",
            plain(postgresql.JSONB),
            lambda c, _s, _n: c.pick(JSON_VALUES),
            ("{}", '{"a":true}', sa.text("'[]'\\:\\:jsonb")),
            ("postgresql",),
        ),
        Kind(
            "enum_array",
            lambda _s, _n: postgresql.ARRAY(sa.Enum("x", "it's", name="Letters")),
            lambda c, _s, _n: c.pick((["x", "it's"], [], [None])),
            ("{x}",),
            ("postgresql",),
        ),
        Kind(
            "schema_enum",
            lambda _s, _n: sa.Enum("x", "50%", name="Per Schema", schema="Fuzz 100%"),
            lambda c, _s, _n: c.pick(("x", "50%")),
            ("50%",),
            ("postgresql",),
            widens=("text",),
        ),
        Kind("inet", plain(postgresql.INET), lambda _c, _s, n: f"10.0.{n % 250}.1/24", (), ("postgresql",)),
        Kind(
            "tinyint",
            lambda _s, _n: mysql.TINYINT(unsigned=True),
            lambda _c, _s, n: n % 250,
            ("3",),
            ("mariadb",),
            numeric=True,
            widens=("smallint", "integer"),
        ),
        Kind("mediumtext", plain(mysql.MEDIUMTEXT), text, (), ("mariadb",), keyable=False, textual=True),
        Kind("year", plain(mysql.YEAR), lambda _c, _s, n: 2000 + n % 100, ("2024",), ("mariadb",)),
        Kind(
            "collated",
            lambda size, _n: mysql.VARCHAR(size, charset="utf8mb4", collation="utf8mb4_bin"),
            text,
            ("x",),
            ("mariadb",),
            textual=True,
        ),
    )
}
