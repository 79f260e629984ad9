"""Text that makes tables, run by a server and followed by the grammar: reflection shows the same columns."""

from __future__ import annotations

import re
import warnings
from typing import Any

import pytest
import sqlalchemy as sa
from sqlgen.dialects import get

from sqlgen.dialect import Dialect
from sqlgen.operations.model import CreateIndex, CreateTable
from sqlgen.schema.changes import CreateSequence
from sqlgen.schema.raw_sql import changes
from tests.databases.clients import Client
from tests.databases.round_trips.trips import engine_for

BOTH = """\
int, integer, smallint, bigint, numeric, decimal, dec, numeric(5), real, float, float(10), float(30), date,
time, timestamp, char, character, char(3), varchar(4), text, boolean, bool, bit, double precision, character
varying(5), bit(5), national character(2), nchar(3)"""

TYPES = {
    "postgresql": """\
int2, int4, int8, float4, float8, timestamptz, timestamptz(3), timetz, varchar, varbit(3), bytea, uuid, json,
jsonb, inet, cidr, macaddr, money, tsvector, tsquery, int4range, tstzrange, oid, regclass, interval,
interval(2), integer[], text[][], timestamp(3) with time zone, timestamp without time zone, time(2) with time
zone, bit varying(7), varchar(5)[3], "char", interval day to second(3), interval year to month, timestamptz
array, pg_catalog.int8, national char varying(3), name""",
    "mariadb": """\
tinyint, mediumint, int1, int2, int3, int4, int8, middleint, fixed, double, float4, float8, year, datetime,
int(5), tinyint(1), bigint(7), datetime(6), time(3), timestamp(2), tinytext, mediumtext, longtext, blob,
longblob, tinyblob, mediumblob, binary, binary(5), varbinary(9), json, uuid, long, nvarchar(7), text(300),
text(30), int unsigned, bigint(7) unsigned zerofill, long varchar, long varbinary, varchar(5) character set
latin1, national varchar(3), varchar(5) collate latin1_bin, varchar(5) character set utf8mb3 collate
utf8mb3_bin, blob(70000), blob(5)""",
}
"""Types that text may name. What has a comma in it stands in the tables of tests/golden/text_sql."""


def columns(name: str) -> str:
    """Return a table with a column of each type."""
    types = [type_ for type_ in TYPES[name] if type_ != "zerofill"]
    types = re.split(r",\s+", f"{BOTH}, {TYPES[name]}")
    return "CREATE TABLE t (" + ", ".join(f"c{number} {type_} NULL" for number, type_ in enumerate(types)) + ")"


def table(sql: str, dialect: Dialect) -> sa.Table:
    """Return the table that a text makes."""
    followed = changes(sql, dialect)
    assert followed is not None, sql
    return next(one.table for one in followed if isinstance(one, CreateTable))


def told(type_: Any, dialect: Dialect) -> str:
    """Return a type in words: as it compiles, with what only its attributes say."""
    shown = type_.item_type if isinstance(type_, sa.ARRAY) else type_
    return f"{type(type_).__name__} {type(shown).__name__} {dialect.type_sql(type_)}"


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("postgresql", "mariadb")]
)
def test_types_are_those_of_the_server(name: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(name)
    dialect = get(name)()
    with engine_for(client.fresh_database()).begin() as connection, warnings.catch_warnings():
        connection.exec_driver_sql(columns(name).replace("%", "%%"))
        reflected = {one["name"]: one["type"] for one in sa.inspect(connection).get_columns("t")}
    found = {column.name: told(column.type, dialect) for column in table(columns(name), dialect).columns}
    assert found == {key: told(type_, dialect) for key, type_ in reflected.items()}


NAMELESS = (
    "CREATE TABLE a_table_with_a_name_that_is_rather_long_for_one "
    "(id serial PRIMARY KEY, and_a_column_with_a_long_name_too serial, b int, c text)"
)
INDEXES = (
    "CREATE INDEX ON a_table_with_a_name_that_is_rather_long_for_one (and_a_column_with_a_long_name_too, b)",
    "CREATE INDEX ON a_table_with_a_name_that_is_rather_long_for_one (lower(c), (b + 1), b)",
    "CREATE UNIQUE INDEX ON a_table_with_a_name_that_is_rather_long_for_one (b)",
)


@pytest.mark.xdist_group("postgresql")
def test_names_are_those_of_the_server(postgresql: Client) -> None:
    dialect = get("postgresql")()
    found = [one for sql in (NAMELESS, *INDEXES) for one in changes(sql, dialect) or ()]
    with engine_for(postgresql.fresh_database()).begin() as connection:
        for sql in (NAMELESS, *INDEXES):
            connection.exec_driver_sql(sql)
        inspector = sa.inspect(connection)
        sequences = set(inspector.get_sequence_names())
        (name,) = inspector.get_table_names()
        indexes = {str(one["name"]) for one in inspector.get_indexes(name)}
        defaults = [str(one["default"]) for one in inspector.get_columns(name)]
    assert {one.name for one in found if isinstance(one, CreateSequence)} == sequences
    assert {str(one.index.name) for one in found if isinstance(one, CreateIndex)} == indexes
    made = [str(getattr(column.server_default, "arg", None)) for column in table(NAMELESS, dialect).c]
    assert made == defaults


KEYS = "CREATE TABLE t (a int, b int, c varchar(9), KEY (a), KEY (a, b), KEY (c(3)), INDEX b (b), KEY (b, c))"


@pytest.mark.xdist_group("mariadb")
def test_names_of_keys_are_those_of_the_server(mariadb: Client) -> None:
    with engine_for(mariadb.fresh_database()).begin() as connection:
        connection.exec_driver_sql(KEYS)
        indexes = {one["name"]: one["column_names"] for one in sa.inspect(connection).get_indexes("t")}
    made = table(KEYS, get("mariadb")()).indexes
    assert {str(one.name): [column.name for column in one.columns] for one in made} == indexes
