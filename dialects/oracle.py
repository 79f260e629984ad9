"""Oracle Database: versions 12.2 and later, scripts for SQL*Plus and SQLcl."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects import oracle
from sqlalchemy.dialects.oracle.base import OracleDialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeEngine

from ..dialect import Dialect, Piece
from ..inserts import InsertForm
from ..literals import Literals, concatenated
from ..operations.model import AlterColumn, BulkInsert
from .oracle_lines import fitted

# SQL*Plus skips an input line of more than 2499 bytes (SP2-0027), and a literal ends at 4000 (ORA-01704).
LINE_BYTES = 1000
LITERAL_BYTES = 4000
RAW_BYTES = 2000
MULTIROW_VERSION = (23,)
PROGRAM = re.compile(
    r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:DECLARE\b|BEGIN\b|<<|CREATE\s+(?:OR\s+REPLACE\s+)?"
    r"(?:(?:NON)?EDITIONABLE\s+)?(?:FUNCTION|PROCEDURE|PACKAGE|TRIGGER|TYPE|LIBRARY)\b)",
    re.I | re.S,
)


def pieces(text: str, size: int) -> Iterator[str]:
    """Yield text in parts of at most ``size`` bytes in UTF-8."""
    part, used = "", 0
    for character in text:
        width = len(character.encode())
        if used + width > size:
            yield part
            part, used = "", 0
        part += character
        used += width
    yield part


class OracleLiterals(Literals):
    """Literals for SQL*Plus, which reads a hyphen at the end of a line, a blank line and ``/`` in its own way."""

    title = "Oracle"
    words = ("1", "0")

    def text(self, value: str, type_: TypeEngine[Any]) -> str:
        """Return a string; in pieces where it is long, and as a CLOB beyond 4000 bytes."""
        if not value:
            return "''"
        size = len(value.encode())
        prefix = "N" if isinstance(type_, (oracle.NVARCHAR2, oracle.NCLOB)) else ""
        if size <= LINE_BYTES:
            return concatenated(value, quote=lambda run: prefix + self.quote(run), char=self.characters, joint=" || ")
        wrap = "TO_{}CLOB({{}})".format("N" * bool(prefix)) if size > LITERAL_BYTES else "{}"
        return concatenated(
            value,
            quote=lambda run: " ||\n".join(wrap.format(prefix + self.quote(one)) for one in pieces(run, LINE_BYTES)),
            char=lambda run: wrap.format(self.characters(run)),
            joint=" ||\n",
        )

    @staticmethod
    def characters(run: str) -> str:
        """Return control characters; those outside ASCII as Unicode."""
        return " || ".join(f"CHR({ord(one)})" if ord(one) < 128 else f"UNISTR('\\{ord(one):04X}')" for one in run)

    def binary(self, value: bytes, type_: TypeEngine[Any]) -> str:
        """Return RAW; raises LiteralError for more than 2000 bytes, which no literal can hold."""
        if len(value) > RAW_BYTES:
            raise self.refusal(value, type_, f"Oracle has no literal for {len(value)} bytes, only for {RAW_BYTES}")
        digits = value.hex()
        parts = [digits[start : start + LINE_BYTES] for start in range(0, len(digits), LINE_BYTES)]
        return f"HEXTORAW({f' ||{chr(10)}'.join(map(self.quote, parts)) or self.quote('')})"

    def write_datetime(self, value: dt.datetime, type_: TypeEngine[Any]) -> str:
        """Return a TIMESTAMP where the column keeps fractions or offsets, else a DATE, which has neither."""
        exact = isinstance(type_, sa.TIMESTAMP) or getattr(type_, "timezone", False)
        if not exact:
            plain = value.replace(tzinfo=None, microsecond=0)
            return f"TO_DATE('{plain.isoformat(sep=' ')}', 'YYYY-MM-DD HH24:MI:SS')"
        zone = value.strftime("%z") if getattr(type_, "timezone", False) else ""
        offset = f" {zone[:3]}:{zone[3:5]}" if zone else ""
        return f"TIMESTAMP '{value.replace(tzinfo=None).isoformat(sep=' ')}{offset}'"

    def date(self, value: dt.date, _type: TypeEngine[Any]) -> str:
        """Return a DATE."""
        return f"DATE '{value.isoformat()}'"

    def interval(self, value: dt.timedelta, _type: TypeEngine[Any]) -> str:
        """Return an interval of seconds."""
        micros = value // dt.timedelta(microseconds=1)
        sign, micros = ("-", -micros) if micros < 0 else ("", micros)
        return f"NUMTODSINTERVAL({sign}{micros // 10**6}.{micros % 10**6:06d}, 'SECOND')"

    def not_a_number(self, value: Any, type_: TypeEngine[Any]) -> str:
        """Return the constants of BINARY_DOUBLE; NUMBER has none."""
        if not isinstance(type_, sa.Float):
            raise self.refusal(value, type_, f"Oracle has no NUMBER {value}")
        word = "BINARY_DOUBLE_NAN" if math.isnan(value) else "BINARY_DOUBLE_INFINITY"
        return f"-{word}" if value < 0 else word


class Oracle(Dialect):
    """Oracle and SQL*Plus.

    Several rows in one VALUES came with version 23 ("Table Value Constructor" in Oracle Database New Features). Before,
    INSERT ALL could write several, but gives all of them the same value of a sequence, and of an identity column with
    it (SQL Language Reference, "INSERT", restrictions on multitable inserts): one INSERT per row is the form that is
    right. The manual names no most of rows, and no length of a statement ("Logical Database Limits").
    """

    name = "oracle"
    aliases = ("ora",)
    title = "Oracle"
    default_version = "19"
    sqlalchemy_class: ClassVar[type[DefaultDialect]] = OracleDialect
    literals_class = OracleLiterals
    driver = "oracledb"
    commit = "COMMIT"
    terminator = ""
    batch_separator = "/"
    one_type_per_column = True
    features: ClassVar[Mapping[str, tuple[int, ...] | None]] = {
        "create_table_if_not_exists": (23,),
        "drop_table_if_exists": (23,),
        "add_column_if_not_exists": None,
        "drop_column_if_exists": None,
        "create_index_if_not_exists": (23,),
        "drop_index_if_exists": (23,),
        "drop_constraint_if_exists": None,
        "match": None,
        "identity_alter": (12,),
    }
    hints: ClassVar[Mapping[str, str]] = {"match": "Leave match out."}
    add_column_sql = "ALTER TABLE {table} ADD {guard}{spec}"
    nullable_sql = "ALTER TABLE {table} MODIFY {column} NULL"
    not_null_sql = "ALTER TABLE {table} MODIFY {column} NOT NULL"
    set_default_sql = "ALTER TABLE {table} MODIFY {column} DEFAULT {default}"
    drop_default_sql = "ALTER TABLE {table} MODIFY {column} DEFAULT NULL"
    type_change_sql = "ALTER TABLE {table} MODIFY {column} {type}"
    no_comment = "''"
    identity_sql: ClassVar[str] = "ALTER TABLE {table} MODIFY {column} {change}"

    def sa_version(self) -> tuple[int, ...]:
        """Return at least two numbers, which SQLAlchemy compares with 12.2."""
        return (*self.version_info, 0, 0)[:3]

    def pin(self, dialect: Any) -> None:
        """Set what SQLAlchemy asks of a live server."""
        dialect._json_serializer = getattr(dialect, "_json_serializer", None)  # missing in SQLAlchemy 2.0
        dialect._supports_oracle_json = self.version_info >= (21,)
        dialect.supports_native_boolean = self.version_info >= (23,)
        dialect.supports_identity_columns = self.version_info >= (12,)
        dialect._supports_offset_fetch = self.version_info >= (12,)
        dialect._max_identifier_length = None
        dialect.max_identifier_length = 128 if self.sa_version() >= (12, 2) else 30

    def alter_generated(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the statement that adds, changes or drops IDENTITY."""
        self.need("identity_alter")
        new = operation.server_default
        change = self.identity_sql_of(new) if isinstance(new, sa.Identity) else "DROP IDENTITY"
        yield self.identity_sql.format(**self.place(operation), change=change)
        if new is not None and not isinstance(new, sa.Identity):
            default = self.default_sql(new, operation.type_ or operation.existing_type)
            yield self.set_default_sql.format(**self.place(operation), default=default)

    def insert_form(self, operation: BulkInsert) -> InsertForm:
        """Return one INSERT per row before version 23, and a row of defaults that names a column.

        A row with the next value of a sequence has an INSERT of its own in every version: among rows that a query puts
        together the server refuses it (ORA-02287), and the manual does not say whether VALUES is such a query.
        """
        first = next(iter(operation.table.c), None)
        empty = f"({self.name_of(first.name)}) VALUES (DEFAULT)" if first is not None else ""
        form = super().insert_form(operation)
        rowwise = tuple(kind for kind in form.rowwise if kind is not sa.sql.functions.next_value)
        rows = form.rows if self.version_info >= MULTIROW_VERSION else 1
        return replace(form, rows=rows, empty=empty, rowwise=rowwise)

    def fitted(self, sql: str) -> str:
        """Return a statement in lines that SQL*Plus reads as they are; PL/SQL has the lines that its author gave it."""
        return sql if self.is_program(sql) else fitted(sql.rstrip().rstrip(";"), self.text_literal)

    def is_program(self, sql: str) -> bool:
        """Tell whether a statement is PL/SQL, whose last semicolon belongs to it."""
        return PROGRAM.match(sql) is not None

    def terminate(self, sql: str) -> str:
        """Return a statement with a line ``/`` after it, and ``;`` before that only where it is PL/SQL."""
        text = sql.strip()
        if text.endswith("\n/"):
            text = text[:-2].rstrip()
        if not self.is_program(text):
            text = text.rstrip(";").rstrip()
        elif not text.endswith(";"):
            text += "" if re.search(r";\s*(?:--[^\n]*|/\*.*?\*/\s*)\Z", text, re.S) else ";"
        return f"{text}\n/"

    def preamble(self) -> tuple[str, ...]:
        """Return the settings of the client: the default of EXIT would commit."""
        return (
            "WHENEVER OSERROR EXIT FAILURE ROLLBACK",
            "WHENEVER SQLERROR EXIT FAILURE ROLLBACK",
            "SET DEFINE OFF",
            "SET SQLBLANKLINES ON",
            "SET SQLPREFIX ~",
            "SET SERVEROUTPUT ON",
            "ALTER SESSION SET DDL_LOCK_TIMEOUT = 5",
            "/",
        )

    def apply_command(self, file: str) -> str:
        """Return the call of SQL*Plus, told that the file is in UTF-8."""
        return f"NLS_LANG=.AL32UTF8 sqlplus -L USER@DATABASE @{file}"

    def verdict(self, text: str) -> tuple[str, ...]:
        """Return a PROMPT line."""
        return (f"PROMPT {text}",)
