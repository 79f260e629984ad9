"""Oracle Database: versions 12.2 and later, scripts for SQL*Plus and SQLcl."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.oracle.base import OracleDialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeEngine

from ..conditions import Condition, Piece
from ..inserts import InsertForm
from ..operations.model import AlterColumn, BulkInsert, DropConstraint
from ..records import replace
from ..rendering import given
from ..schema.state import ServerName
from ..statement import Statement
from ..twin.facts import RowFacts
from .oracle_form import OracleForm
from .oracle_grammar import OracleGrammar
from .oracle_lines import fitted, quoted_block
from .oracle_literals import OracleLiterals
from .oracle_reflection import OracleAnswers
from .oracle_schema import OracleFollower
from .oracle_text import OracleText

if TYPE_CHECKING:
    from ..questions import Questions
    from ..schema.catalogue_queries import Catalogue

#: The error for an object that is there already, and for one that is not.
PRESENT = {"table": -955, "index": -955, "column": -1430}
ABSENT = {"table": -942, "index": -1418, "column": -904, "constraint": -2443}
GUARD_SQL = """BEGIN
{inner}
EXCEPTION
    WHEN OTHERS THEN
        IF SQLCODE <> {number} THEN
            RAISE;
        END IF;
END;"""
DROP_UNFORETOLD_SQL = """DECLARE
    sqlgen_name VARCHAR2(128);
BEGIN
    SELECT c.constraint_name INTO sqlgen_name
    FROM all_constraints c
    WHERE c.owner = {owner}
    AND c.table_name = {table_name}
    AND c.constraint_type = '{type}'
    AND c.generated = 'GENERATED NAME'
    AND (c.constraint_type <> 'C' OR c.search_condition_vc NOT LIKE '%IS NOT NULL')
    AND {count}) = {number}
    AND {count}
        AND k.column_name IN ({columns})) = {number};
    EXECUTE IMMEDIATE {alter} || sqlgen_name || '"';
END;"""
COUNTED = """(SELECT COUNT(*) FROM all_cons_columns k
        WHERE k.owner = c.owner AND k.constraint_name = c.constraint_name"""
UNFORETOLD = {"primary": "P", "unique": "U", "foreignkey": "R", "check": "C"}
MULTIROW_VERSION = (23,)


class Oracle(OracleText):
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
    #: ``''`` is NULL, NULL comes last, a plain date and time is a DATE without fractions.
    row_facts: ClassVar[RowFacts | None] = RowFacts(
        parser="oracle",
        nulls_first=False,
        fraction=None,
        double_floats=False,
        empty_is_null=True,
        numbers_rows=True,
        own_keys_count=True,
    )
    form_class = OracleForm
    literals_class = OracleLiterals
    grammar = OracleGrammar
    follower_class = OracleFollower
    answers_class = OracleAnswers
    longest_name = 128  # SQL Language Reference, "Database Object Naming Rules"
    names_in_bytes = True
    driver = server_driver = "oracledb"
    database_sql = "SYS_CONTEXT('USERENV', 'DB_NAME')"
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
        "exclude": None,
        "match": None,
        "identity": (12,),
        "identity_alter": (12,),
    }
    actions: ClassVar[Mapping[str, str | None]] = {
        "ON DELETE NO ACTION": "",
        "ON DELETE RESTRICT": "",
        "ON DELETE SET DEFAULT": None,
        "ON UPDATE NO ACTION": "",
        "ON UPDATE RESTRICT": "",
        "ON UPDATE CASCADE": None,
        "ON UPDATE SET NULL": None,
        "ON UPDATE SET DEFAULT": None,
    }
    refused_prefixes = frozenset({"TEMPORARY", "TEMP", "LOCAL TEMPORARY"})
    guards = True
    hints: ClassVar[Mapping[str, str]] = {
        "match": "Leave match out.",
        "prefix": "Say GLOBAL TEMPORARY, or PRIVATE TEMPORARY.",
        "action": "Leave it out for this database, and keep the rows right by a trigger or in the application.",
    }
    add_column_sql = "ALTER TABLE {table} ADD {guard}{spec}"
    nullable_sql = "ALTER TABLE {table} MODIFY {column} NULL"
    not_null_sql = "ALTER TABLE {table} MODIFY {column} NOT NULL"
    set_default_sql = "ALTER TABLE {table} MODIFY {column} DEFAULT {default}"
    drop_default_sql = "ALTER TABLE {table} MODIFY {column} DEFAULT NULL"
    type_change_sql = "ALTER TABLE {table} MODIFY {column} {type}"
    no_comment = "''"
    identity_sql: ClassVar[str] = "ALTER TABLE {table} MODIFY {column} {change}"

    @property
    def catalogue(self) -> type[Catalogue]:
        """What answers queries against the database's own catalogue."""
        from .oracle_catalogue import OracleCatalogue

        return OracleCatalogue

    @property
    def questions_class(self) -> type[Questions]:
        """What asks the database by its plain client."""
        from .oracle_checks import OracleQuestions

        return OracleQuestions

    def sa_version(self) -> tuple[int, ...]:
        """Return at least two numbers, which SQLAlchemy compares with 12.2."""
        return (*self.version_info, 0, 0)[:3]

    def pin(self, dialect: Any) -> None:
        """Set what SQLAlchemy asks of a live server."""
        # SQLAlchemy makes DATE of every DateTime; the drivers' own dialects leave TIMESTAMP as it is.
        dialect.colspecs = {**dialect.colspecs, sa.TIMESTAMP: sa.TIMESTAMP}
        dialect._json_serializer = getattr(dialect, "_json_serializer", None)  # missing in SQLAlchemy 2.0
        dialect._supports_oracle_json = self.version_info >= (21,)
        dialect.supports_native_boolean = self.version_info >= (23,)
        dialect.supports_identity_columns = self.version_info >= (12,)
        dialect._supports_offset_fetch = self.version_info >= (12,)
        dialect._max_identifier_length = None
        dialect.max_identifier_length = 128 if self.sa_version() >= (12, 2) else 30

    def alter_identity(self, operation: AlterColumn, new: Any, old: Any) -> Iterator[Piece]:
        """Yield the change of IDENTITY, or its end.

        Raises Unsupported for a plain column: "you cannot specify this clause on column properties that are not
        identity columns" (Oracle SQL Language Reference, ALTER TABLE, identity_clause).
        """
        if isinstance(new, sa.Identity) and given(old) and not isinstance(old, sa.Identity):
            raise self.unsupported(
                f"cannot make {operation.subject} an identity column",
                "Add a column with sa.Identity(), copy what is needed, and drop the old one.",
            )
        change = self.identity_sql_of(new) if isinstance(new, sa.Identity) else "DROP IDENTITY"
        yield self.identity_sql.format(**self.place(operation), change=change)

    def alter_nullable(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of NOT NULL; none where there is none: ORA-01442 and ORA-01451 say that it stands so."""
        known = self.known_column(operation)
        told = operation.existing_nullable
        stands = told if told is not None else known.nullable if known else None
        if operation.nullable is not stands:
            yield from super().alter_nullable(operation)

    def drop_constraint(self, operation: DropConstraint, bind: sa.Connection) -> Iterator[Piece]:
        """Yield DROP CONSTRAINT; a primary key can go without its name."""
        if operation.type_ != "primary" or operation.constraint.name or operation.if_exists:
            yield from super().drop_constraint(operation, bind)
        else:
            yield f"ALTER TABLE {self.qualify(operation.table_name, operation.schema)} DROP PRIMARY KEY"

    def drop_unforetold(self, operation: DropConstraint, name: ServerName) -> Iterator[Piece]:
        """Yield the block that finds a constraint that the server named, by its columns, and drops it.

        SELECT INTO ends in an error when there is not just one. The condition of a CHECK is a LONG, and as text since
        12.2; NOT NULL is a CHECK too.
        """
        sqlalchemy: Any = self.sa
        stored = sqlalchemy.denormalize_name
        literal = self.sa.literals.quote
        owner = "SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')"
        table = self.qualify(operation.table_name, operation.schema)
        sql = DROP_UNFORETOLD_SQL.format(
            owner=literal(stored(operation.schema)) if operation.schema else owner,
            table_name=literal(stored(operation.table_name)),
            type=UNFORETOLD[name.kind],
            count=COUNTED,
            number=len(name.columns),
            columns=", ".join(literal(stored(column)) for column in name.columns),
            alter=literal(f'ALTER TABLE {table} DROP CONSTRAINT "'),
        )
        yield Statement(sql, kind="ddl", alone=True)

    def check_type(self, type_: TypeEngine[Any], sql: str) -> None:
        """Raise Unsupported for types that lack a length, or that the server does not have."""
        if sql in ("VARCHAR2", "NVARCHAR2", "RAW"):
            raise self.unsupported(f"needs a length for {sql}", f"Give {type(type_).__name__} a length.")
        if sql.partition("(")[0] in ("TIME", "TIME WITH TIME ZONE", "VARBINARY", "BINARY"):
            raise self.unsupported(f"has no type {sql}", "Choose DateTime, Interval, LargeBinary or RAW.")

    def guarded(self, condition: Condition, statement: Statement) -> Iterator[Statement]:
        """Yield a block that runs the statement, and takes the error for an object that is there, or is not, as done.

        The numbers are those of the Oracle Database Error Messages: ORA-00942 and so on.
        """
        number = ABSENT[condition.kind] if condition.exists else PRESENT[condition.kind]
        sql = self.fitted(statement.sql)
        inner = textwrap.indent(sql, "    ") if self.is_plsql(sql) else f"    EXECUTE IMMEDIATE {quoted_block(sql)};"
        yield replace(statement, sql=GUARD_SQL.format(inner=inner, number=number))

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
        return sql if self.is_plsql(sql) else fitted(sql.rstrip().rstrip(";"), self.text_literal)
