"""Microsoft SQL Server: versions 2016 and later, scripts for sqlcmd."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.mssql.base import MSDialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeEngine

from ..alter import GENERATED, renames
from ..conditions import Condition, Piece
from ..operations.model import (
    UNSET,
    AlterColumn,
    BulkInsert,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTableComment,
    RenameTable,
    SetTableComment,
)
from ..records import replace
from ..rendering import given
from ..schema.state import Column, ServerName, unforetold
from ..statement import Statement
from ..twin.facts import RowFacts
from ..values import Row
from .mssql_form import SQLServerForm
from .mssql_grammar import SQLServerGrammar
from .mssql_literals import SQLServerLiterals
from .mssql_reflection import SQLServerAnswers
from .mssql_schema import DEFAULT_NAME, SQLServerFollower, without_name
from .mssql_text import SQLServerText

if TYPE_CHECKING:
    from ..questions import Questions
    from ..schema.catalogue_queries import Catalogue

#: What sp_…extendedproperty does.
COMMENT_VERBS = ("add", "update", "drop")


# Types that a column with IDENTITY cannot have.
NO_IDENTITY = (sa.String, sa.Date, sa.DateTime, sa.Time, sa.Boolean, sa.LargeBinary, sa.JSON, sa.Uuid, sa.Float)

# What a string may begin with, besides a quote.
STRING_WORDS = ("N", "CHAR", "NCHAR")

DROP_FOUND_SQL = """DECLARE @sqlgen_sql nvarchar(max) = N'';
SELECT @sqlgen_sql = @sqlgen_sql + {alter} + QUOTENAME(c.name) + N'; '
FROM {source}
WHERE {alias}.parent_object_id = OBJECT_ID({table})
AND COL_NAME({alias}.parent_object_id, {alias}.parent_column_id) = {column};
EXEC (@sqlgen_sql)"""

DROP_UNFORETOLD_SQL = """DECLARE @sqlgen_sql nvarchar(max) = N'';
SELECT @sqlgen_sql = @sqlgen_sql + {alter} + QUOTENAME(c.name)
FROM {source} c
WHERE c.parent_object_id = OBJECT_ID({table})
AND c.is_system_named = 1
AND c.type = '{type}'
AND {count}) = {number}
AND {count}
    AND {name} IN ({columns})) = {number};
IF @@ROWCOUNT <> 1 THROW 50000, {complaint}, 1;
EXEC (@sqlgen_sql)"""

# Per kind of a constraint that the server named: its view, its type, and what counts its columns.
INDEXED = """(SELECT COUNT(*) FROM sys.index_columns k
    WHERE k.object_id = c.parent_object_id AND k.index_id = c.unique_index_id AND k.is_included_column = 0"""
UNFORETOLD: Mapping[str, tuple[str, str, str, str]] = {
    "primary": ("sys.key_constraints", "PK", INDEXED, "COL_NAME(k.object_id, k.column_id)"),
    "unique": ("sys.key_constraints", "UQ", INDEXED, "COL_NAME(k.object_id, k.column_id)"),
    "foreignkey": (
        "sys.foreign_keys",
        "F",
        "(SELECT COUNT(*) FROM sys.foreign_key_columns k\n    WHERE k.constraint_object_id = c.object_id",
        "COL_NAME(k.parent_object_id, k.parent_column_id)",
    ),
}

KEEP_NULLABLE_SQL = """DECLARE @sqlgen_sql nvarchar(max);
SELECT @sqlgen_sql = {change} + CASE is_nullable WHEN 1 THEN N' NULL' ELSE N' NOT NULL' END
FROM sys.columns
WHERE object_id = OBJECT_ID({table})
AND name = {column};
EXEC (@sqlgen_sql)"""

FOUND_IN: Mapping[str, tuple[str, str]] = {
    "mssql_drop_default": ("sys.default_constraints c", "c"),
    "mssql_drop_check": ("sys.check_constraints c", "c"),
    "mssql_drop_foreign_key": (
        "sys.foreign_keys c JOIN sys.foreign_key_columns k ON k.constraint_object_id = c.object_id",
        "k",
    ),
}


def may_be_identity(type_: TypeEngine[Any]) -> bool:
    """Tell whether a column of a type can have IDENTITY: an integer, a decimal of scale 0, or what nobody knows."""
    return not isinstance(type_, NO_IDENTITY) and not getattr(type_, "scale", None)


def is_identity(column: sa.Column[Any]) -> bool:
    """Tell whether SQLAlchemy makes a column with IDENTITY; at most one of a table is."""
    if column.identity is not None:
        return True
    numbered = column is column.table._autoincrement_column or column.autoincrement is True
    return numbered and (not isinstance(column.default, sa.Sequence) or column.default.optional)


class SQLServer(SQLServerText):
    """SQL Server and sqlcmd.

    An INSERT takes 1,000 rows (error 10738), and its literals are converted as those of UNION ALL: a 5 among them makes
    integers of '007' too (Microsoft Learn, "Table Value Constructor (Transact-SQL)"). A batch has 65,536 times the size
    of a network packet, 4 KB unless configured ("Maximum capacity specifications"), and is sent in UTF-16, which takes
    up to twice the bytes of UTF-8.
    """

    name = "mssql"
    aliases = ("sqlserver", "tsql")
    title = "SQL Server"
    default_version = "16"
    sqlalchemy_class: ClassVar[type[DefaultDialect]] = MSDialect
    #: The usual collations ignore case; NULL comes first, LIKE knows classes, DATETIME rounds to 1/300 s, and an
    #: identity goes on behind a key that was given.
    row_facts: ClassVar[RowFacts | None] = RowFacts(
        parser="tsql",
        folds_case=True,
        fraction=None,
        numbers_rows=True,
        own_keys_count=True,
        sum_of_integers="int",
        like_classes=True,
    )
    form_class = SQLServerForm
    literals_class = SQLServerLiterals
    grammar = SQLServerGrammar
    follower_class = SQLServerFollower
    answers_class = SQLServerAnswers
    default_schema = "dbo"
    longest_name = 128  # Microsoft Learn, "Database identifiers"
    driver = server_driver = "pyodbc"
    database_sql = "DB_NAME()"
    transactional_ddl = True
    begin = "BEGIN TRANSACTION;"
    commit = "COMMIT TRANSACTION;"
    batch_separator = "GO"
    rows_per_insert = 1000
    largest_statement = 65_536 * 4_096 // 2
    one_type_per_column = True
    features: ClassVar[Mapping[str, tuple[int, ...] | None]] = {
        "create_table_if_not_exists": None,
        "drop_table_if_exists": (13,),
        "add_column_if_not_exists": None,
        "drop_column_if_exists": (13,),
        "create_index_if_not_exists": None,
        "drop_index_if_exists": (13,),
        "drop_constraint_if_exists": (13,),
        "expression_indexes": None,
        "exclude": None,
        "deferrable": None,
        "match": None,
        "identity_alter": None,
    }
    actions: ClassVar[Mapping[str, str | None]] = {
        "ON DELETE RESTRICT": "ON DELETE NO ACTION",
        "ON UPDATE RESTRICT": "ON UPDATE NO ACTION",
    }
    refused_prefixes = frozenset({"TEMPORARY", "TEMP", "GLOBAL TEMPORARY", "LOCAL TEMPORARY"})
    guards = True
    hints: ClassVar[Mapping[str, str]] = {
        "deferrable": "Leave deferrable and initially out; all constraints are checked at once.",
        "match": "Leave match out.",
        "prefix": "A temporary table has a name that begins with #.",
        "expression_indexes": "Add a computed column for the expression, and index that.",
        "identity_alter": "Add a column with IDENTITY, copy what is needed, and drop the old one.",
    }
    aspects = ("generated", "drop_default", "type", "comment", "default", "rename")
    add_column_sql = "ALTER TABLE {table} ADD {guard}{spec}"
    type_change_sql = "ALTER TABLE {table} ALTER COLUMN {column} {type}"
    set_default_sql = "ALTER TABLE {table} ADD DEFAULT {default} FOR {column}"
    rename_sql: ClassVar[str] = "EXEC sp_rename {old}, {new}"
    identity_insert_sql: ClassVar[str] = "SET IDENTITY_INSERT {table} {state}"
    identity_guard_sql: ClassVar[str] = (
        "IF EXISTS (SELECT 1 FROM sys.identity_columns WHERE object_id = OBJECT_ID({table}) AND name IN ({names}))\n"
        "    "
    )

    @property
    def catalogue(self) -> type[Catalogue]:
        """What answers queries against the database's own catalogue."""
        from .mssql_catalogue import SQLServerCatalogue

        return SQLServerCatalogue

    @property
    def questions_class(self) -> type[Questions]:
        """What asks the database by its plain client."""
        from .mssql_checks import SQLServerQuestions

        return SQLServerQuestions

    def pin(self, dialect: Any) -> None:
        """Set what SQLAlchemy asks of a live server."""
        dialect._setup_version_attributes()
        dialect._supports_nvarchar_max = True
        dialect.supports_comments = True

    def national(self, text: str) -> str:
        """Return text as a literal with N."""
        return self.sa.literals.render(text, sa.Unicode())

    def object_name(self, name: str, schema: str | None) -> str:
        """Return the literal by which OBJECT_ID finds a table."""
        return self.national(self.qualify(name, schema))

    def rename_table(self, operation: RenameTable, _bind: sa.Connection) -> Iterator[Piece]:
        """Yield a call of sp_rename."""
        yield self.rename_sql.format(
            old=self.sa.literals.quote(self.qualify(operation.table_name, operation.schema)),
            new=self.new_name(operation.new_table_name),
        )

    def alter_rename(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield a call of sp_rename."""
        if renames(operation):
            table = self.qualify(operation.table_name, operation.schema)
            old = self.sa.literals.quote(f"{table}.{self.name_of(operation.column_name)}")
            yield self.rename_sql.format(old=old, new=self.new_name(str(operation.new_column_name))) + ", 'COLUMN'"

    def new_name(self, name: str) -> str:
        """Return the new name for sp_rename, which takes it as it is: brackets would become a part of it."""
        quoted = self.name_of(name)
        return quoted if quoted == name else self.national(str(name))

    def drop_index(self, operation: DropIndex, bind: sa.Connection) -> Iterator[Piece]:
        """Yield DROP INDEX … ON its table. Raises Unsupported when nobody knows whose index it is."""
        yield from super().drop_index(self.with_its_table(operation), bind)

    def drop_column(self, operation: DropColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield the drops of what would keep the column from going, then DROP COLUMN.

        A default is a constraint that the server refuses to drop along: it goes unless there is certainly none.
        CHECKs and foreign keys go where the revision asks for it.
        """
        known = self.known_column(operation)
        wanted = {option for option in FOUND_IN if operation.options.get(option)}
        if known is None or known.default is not None:
            wanted.add("mssql_drop_default")
        if "mssql_drop_default" in wanted:
            yield self.default_dropped(operation, known)
        for option in (one for one in FOUND_IN if one in wanted and one != "mssql_drop_default"):
            yield self.drop_found(option, operation.table_name, operation.schema, operation.column_name)
        yield from super().drop_column(operation, bind)

    def drop_found(self, option: str, table: str, schema: str | None, column: str) -> Statement:
        """Return the batch that drops all constraints of one kind on a column, whatever the server called them."""
        source, alias = FOUND_IN[option]
        sql = DROP_FOUND_SQL.format(
            alter=self.national(f"ALTER TABLE {self.qualify(table, schema)} DROP CONSTRAINT "),
            table=self.object_name(table, schema),
            source=source,
            alias=alias,
            column=self.national(str(column)),
        )
        return Statement(sql, kind="ddl", alone=True)

    def alter_drop_default(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the drop of the default that stands, unless there is certainly none.

        It must go before another one comes, and before a change of type, after which it comes back
        (Microsoft Learn, ALTER TABLE, ALTER COLUMN: "the modified column can't be used in a default definition").
        """
        kept = self.kept_default(operation)
        changed = given(operation.server_default) and self.existing_default(operation) is not None
        if kept is not None or changed:
            yield self.default_dropped(operation, self.known_column(operation))

    def default_dropped(self, operation: AlterColumn | DropColumn, known: Column | None) -> Statement:
        """Return the drop of a column's default: by its name where text gave it one, else looked up in the script."""
        name = known.options.get(DEFAULT_NAME) if known is not None else None
        if name is None:
            option = "mssql_drop_default"
            return self.drop_found(option, operation.table_name, operation.schema, operation.column_name)
        table = self.qualify(operation.table_name, operation.schema)
        return Statement(f"ALTER TABLE {table} DROP CONSTRAINT {self.name_of(name)}", kind="ddl")

    def drop_unforetold(self, operation: DropConstraint, name: ServerName) -> Iterator[Piece]:
        """Yield the batch that finds a key or foreign key that the server named, by its columns, and drops it.

        It ends in an error when there is not just one. Raises NeedsDatabase for a CHECK: of one over several columns
        the server does not tell the columns.
        """
        if name.kind not in UNFORETOLD:
            raise unforetold(name)
        source, type_, count, column = UNFORETOLD[name.kind]
        table = self.qualify(operation.table_name, operation.schema)
        sql = DROP_UNFORETOLD_SQL.format(
            alter=self.national(f"ALTER TABLE {table} DROP CONSTRAINT "),
            source=source,
            table=self.object_name(operation.table_name, operation.schema),
            type=type_,
            count=count,
            name=column,
            number=len(name.columns),
            columns=", ".join(map(self.national, name.columns)),
            complaint=self.national(f"There is not just one {name.strip('<>')}."),
        )
        yield Statement(sql, kind="ddl", alone=True)

    def kept_default(self, operation: AlterColumn) -> Any:
        """Return the default that a change of type must put back, None where there is none to be put back.

        Another length of the same type leaves it alone.
        """
        old, type_ = self.existing_default(operation), self.existing_type(operation)
        if given(operation.server_default) or operation.type_ is None:
            return None
        if type_ is not None and self.kind_of_type(type_) == self.kind_of_type(operation.type_):
            return None
        return None if not given(old) or isinstance(old, GENERATED) else old

    def kind_of_type(self, type_: TypeEngine[Any]) -> str:
        """Return a type without its length."""
        return self.type_sql(type_).partition("(")[0]

    def alter_default(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield ADD DEFAULT, for a new default or for one that is put back; dropping comes before the type."""
        default = operation.server_default if given(operation.server_default) else self.kept_default(operation)
        if default is not None:
            yield from super().alter_default(replace(operation, server_default=default))

    def alter_type(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of type and nullability, which is one statement here.

        Where nobody tells whether the column may be NULL, the script asks the server, which would else take a default
        of its own. Raises Unsupported when nobody tells the type.
        """
        if operation.type_ is None and operation.nullable is None:
            return
        if isinstance(self.existing_default(operation), sa.Computed):
            raise self.unsupported(
                f"cannot change the computed column {operation.subject}", "Drop the column and add it again."
            )
        change = self.type_change_sql.format(**self.place(operation), type=self.type_sql(self.type_after(operation)))
        nullable = self.nullable_after(operation)
        if nullable is None:
            yield self.as_it_is(operation, change)
        else:
            yield change + (" NULL" if nullable else " NOT NULL")

    def as_it_is(self, operation: AlterColumn, change: str) -> Statement:
        """Return the batch that changes a type, and leaves NULL or NOT NULL as the server has it."""
        sql = KEEP_NULLABLE_SQL.format(
            change=self.national(change),
            table=self.object_name(operation.table_name, operation.schema),
            column=self.national(operation.column_name),
        )
        return Statement(sql, kind="ddl", alone=True)

    def guarded(self, condition: Condition, statement: Statement) -> Iterator[Statement]:
        """Yield the statement behind IF."""
        table = self.object_name(condition.table, condition.schema)
        name = self.national(condition.name)
        found = {
            "table": f"OBJECT_ID({table}, N'U') IS NOT NULL",
            "column": f"COL_LENGTH({table}, {name}) IS NOT NULL",
            "index": f"INDEXPROPERTY(OBJECT_ID({table}), {name}, 'IndexID') IS NOT NULL",
        }[condition.kind]
        test = found if condition.exists else found.replace("IS NOT NULL", "IS NULL")
        yield replace(statement, sql=f"IF {test}\n{textwrap.indent(statement.sql, '    ')}")

    def alter_comment(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of the comment."""
        if given(operation.comment):
            known = self.known_column(operation)
            old = operation.existing_comment or (known.comment if known else UNSET)
            yield self.comment_change(
                operation.comment, old, operation.table_name, operation.schema, operation.column_name
            )

    def table_comments(self, table: sa.Table, repeatable: bool = False) -> Iterator[Piece]:
        """Yield the comments of a table and its columns."""
        old = UNSET if repeatable else None
        if table.comment is not None:
            yield self.comment_change(table.comment, old, table.name, table.schema)
        for column in table.columns:
            if column.comment is not None:
                yield self.comment_change(column.comment, old, table.name, table.schema, column.name)

    def set_table_comment(self, operation: SetTableComment, _bind: sa.Connection) -> Iterator[Piece]:
        """Yield the statement that sets a table's comment."""
        yield self.comment_change(
            operation.comment, self.existing_comment(operation), operation.table_name, operation.schema
        )

    def drop_table_comment(self, operation: DropTableComment, _bind: sa.Connection) -> Iterator[Piece]:
        """Yield the statement that takes a table's comment away."""
        yield self.comment_change(None, self.existing_comment(operation), operation.table_name, operation.schema)

    def existing_comment(self, operation: SetTableComment | DropTableComment) -> Any:
        """Return the comment that a table has: told by the revision, or else known; UNSET when nobody knows."""
        source = self.sa.schema_source
        known = source.comment(operation.table_name, operation.schema) if source else UNSET
        return operation.existing_comment or known

    def comment_change(self, new: Any, old: Any, table: str, schema: str | None, column: str | None = None) -> str:
        """Return the call that sets a comment, or takes it away.

        A comment is an extended property, which is added once, and then updated; the script asks the server which of
        the two it is where nobody knows the comment that stands: ``old`` is then UNSET, and None for none.
        """
        place = f"'schema', {self.new_name(schema or self.schema or 'dbo')}, 'table', {self.new_name(table)}"
        if column is not None:
            place += f", 'column', {self.new_name(column)}"
        text = "" if new is None else f", {self.national(str(new))}"
        calls = {verb: f"execute sp_{verb}extendedproperty 'MS_Description'{text}, {place}" for verb in COMMENT_VERBS}
        if given(old) and (old or new is not None):
            return calls["drop" if new is None else "update" if old else "add"]
        test = f"IF EXISTS (SELECT 1 FROM sys.fn_listextendedproperty(N'MS_Description', {self.listed(place)}))"
        if new is None:
            return f"{test}\n    {calls['drop']}"
        return f"{test}\n    {calls['update']}\nELSE\n    {calls['add']}"

    def listed(self, place: str) -> str:
        """Return the place of a comment as arguments of a function, which takes no bare names."""
        words = [word if word.startswith(("'", "N'")) else f"N'{word}'" for word in place.split(", ")]
        return ", ".join([*words, "NULL", "NULL"][:6])

    def bulk_insert(self, operation: BulkInsert, _bind: sa.Connection) -> Iterator[Piece]:
        """Yield INSERT statements; between SET IDENTITY_INSERT where rows give a value for an identity column.

        The setting stays until it is taken back, also beyond GO, and one table of a session can have it at a time
        (Microsoft Learn, "SET IDENTITY_INSERT").
        """
        table = self.sa.identifier_preparer.format_table(operation.table)
        guards: dict[tuple[str, ...], str | None] = {}

        def guard_of(numbered: tuple[int, Row]) -> str | None:
            keys = tuple(numbered[1])
            if keys not in guards:
                guards[keys] = self.identity_guard(operation.table, numbered[1])
            return guards[keys]

        for guard, rows in groupby(enumerate(operation.rows), key=guard_of):
            if guard is not None:
                yield Statement(guard + self.identity_insert_sql.format(table=table, state="ON"), kind="dml")
            yield from self.inserts(operation, rows)
            if guard is not None:
                yield Statement(guard + self.identity_insert_sql.format(table=table, state="OFF"), kind="dml")

    def identity_guard(self, table: Any, row: Row) -> str | None:
        """Return what to write before SET IDENTITY_INSERT, or None where that is not needed.

        Where the revision does not tell which column is the identity, the script asks the server.
        """
        columns = [column for key, column in table.c.items() if key in row]
        if isinstance(table, sa.Table):
            return "" if any(map(is_identity, columns)) else None
        possible = [str(column.name) for column in columns if may_be_identity(column.type)]
        if not possible:
            return None
        names = ", ".join(map(self.national, possible))
        return self.identity_guard_sql.format(table=self.object_name(table.name, table.schema), names=names)

    def literal_kind(self, literal: str) -> str:
        """Return a literal's kind; of strings there is one, because NVARCHAR holds all of them."""
        kind = super().literal_kind(literal)
        return "text" if kind.lstrip("(") in STRING_WORDS else kind

    def column_options(self, column: Column) -> Mapping[str, Any]:
        """Return the options of a column without the name of its default."""
        return without_name(column)

    def named_default(self, column: Column) -> str:
        """Return the name that a revision gave to a default."""
        return str(column.options.get(DEFAULT_NAME) or "") if column.default is not None else ""

    def with_named_default(self, table: str, column: Column) -> str:
        """Return ALTER TABLE … ADD CONSTRAINT … DEFAULT."""
        name = self.name_of(self.named_default(column))
        return f"ALTER TABLE {table} ADD CONSTRAINT {name} DEFAULT {column.default} FOR {self.name_of(column.name)}"
