"""Questions to SQL Server, by sqlcmd: one batch that prints its lines, with nothing but SELECTs of ``sys.…`` in it.

A query over a table that may be missing is a text for ``sp_executesql``, which runs only where the catalogue has the
table and its columns. No server was asked (Microsoft Learn, "System catalog views").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from sqlalchemy.types import TypeEngine

from ..questions import Check, Count, Fact, Need, Questions, Right, Stated, Told, shown, squeezed
from ..schema import state
from ..schema.state import ServerName

COUNTERS = ("pass", "warn", "fail", "skip")
TYPE = re.compile(r"(?P<name>[\w ]+?)\s*(?:\((?P<args>[^)]*)\))?\s*(?:COLLATE .*)?", re.I | re.S)
SYNONYMS = {"integer": "int", "double precision": "float", "dec": "decimal", "rowversion": "timestamp"}
#: What the server fills in where nobody says it.
SIZES = {"decimal": "18,0", "numeric": "18,0", "datetime2": "7", "time": "7", "datetimeoffset": "7"}
SIZED = ("char", "varchar", "nchar", "nvarchar", "binary", "varbinary", *SIZES)
#: A default whose words are known: a text or a number.
PLAIN = re.compile(r"N?'(?:[^']|'')*'|[-+]?\d+(?:\.\d+)?")
TYPE_SQL = """CONCAT(TYPE_NAME(c.user_type_id), CASE
        WHEN TYPE_NAME(c.system_type_id) IN (N'nvarchar', N'nchar')
            THEN CONCAT(N'(', IIF(c.max_length = -1, N'max', CAST(c.max_length / 2 AS nvarchar(10))), N')')
        WHEN TYPE_NAME(c.system_type_id) IN (N'varchar', N'char', N'varbinary', N'binary')
            THEN CONCAT(N'(', IIF(c.max_length = -1, N'max', CAST(c.max_length AS nvarchar(10))), N')')
        WHEN TYPE_NAME(c.system_type_id) IN (N'decimal', N'numeric')
            THEN CONCAT(N'(', c.[precision], N',', c.scale, N')')
        WHEN TYPE_NAME(c.system_type_id) IN (N'datetime2', N'time', N'datetimeoffset') THEN CONCAT(N'(', c.scale, N')')
        ELSE N'' END)"""
COMMENT_SQL = (
    "(SELECT CAST(p.value AS nvarchar(max)) FROM sys.extended_properties p WHERE p.class = 1"
    " AND p.major_id = c.object_id AND p.minor_id = {number} AND p.name = N'MS_Description')"
)
DROP_SIGNS = "REPLACE(REPLACE(REPLACE({0}, N'(', N''), N')', N''), N' ', N'')"
FOUND_TEXT = "LEFT(REPLACE(REPLACE(REPLACE(@found, NCHAR(10), N' '), NCHAR(13), N' '), N'|', N' '), 200)"


class SQLServerQuestions(Questions):
    """How SQL Server is asked."""

    distinct_nulls: ClassVar[Literal["any", "all", "none"]] = "none"
    index_is_tables = True

    # The form of a script.

    def command(self, file: str) -> str:
        """Return the call of sqlcmd."""
        return f"sqlcmd -I -x -f 65001 -S SERVER -d DATABASE -i {file}"

    def opening(self) -> Iterable[str]:
        """Return the settings of the session and the variables of the batch."""
        return (
            "SET NOCOUNT ON;",
            "SET ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL, QUOTED_IDENTIFIER ON;",
            "SET LOCK_TIMEOUT 5000;",
            "GO",
            "DECLARE @status nvarchar(4), @line nvarchar(4000), @found nvarchar(max), @sql nvarchar(max), @n bigint;",
            f"DECLARE {', '.join(f'@{word}ed int = 0' for word in COUNTERS)};",
        )

    def closing(self, title: str, total: int) -> Iterable[str]:
        """Return the verdict, which ends the batch."""
        passed, warned, failed, skipped = (f"@{word}ed" for word in COUNTERS)
        return (
            f"SET @n = {total} - {passed} - {warned} - {failed} - {skipped};",
            f"SET @line = CONCAT(N'sqlgen: {title} ', IIF({failed} = 0 AND @n = 0, N'passed', N'FAILED'), N': ',",
            f"    {failed}, N' FAIL, ', {warned}, N' WARN, ', {passed}, N' PASS, ', {skipped}, N' SKIP, ',",
            "    @n, N' without an answer');",
            "PRINT @line;",
            "GO",
        )

    def literal(self, text: str) -> str:
        """Return text as a national literal."""
        found: str = self.dialect.national(text)
        return found

    def line(self, check: Check, found: str) -> str:
        """Return the PRINT of a line, and the counting; ``@status`` is set already."""
        name, place, subject, remedy = map(self.literal, check.fields)
        counted = ", ".join(f"@{word}ed = @{word}ed + IIF(@status = N'{word.upper()}', 1, 0)" for word in COUNTERS)
        return (
            f"SET @line = CONCAT(@status, N' | ', {name}, N' | ', {place}, N' | ', {subject}, N' | ',\n    {found},\n"
            f"    N' | ', IIF(@status = N'PASS', N'-', {remedy}));\nPRINT @line;\nSELECT {counted};"
        )

    def counted(self, check: Count) -> str:
        """Return a count; one that needs tables is run as a text, where they are there."""
        if check.needs:
            met = " AND ".join(map(self.met, check.needs))
            start = (
                f"SET @n = NULL;\nSET @sql = {self.literal(f'SET @n = ({check.sql})')};\nIF {met}\nBEGIN\n"
                "    BEGIN TRY\n        EXEC sp_executesql @sql, N'@n bigint OUTPUT', @n OUTPUT;\n    END TRY\n"
                "    BEGIN CATCH\n        SET @n = NULL;\n    END CATCH;\nEND;\n"
            )
        else:
            start = f"SET @n = ({check.sql});\n"
        status = f"CASE WHEN @n IS NULL THEN N'{check.unmet}' WHEN @n = 0 THEN N'PASS' ELSE N'{check.severity}' END"
        unmet = self.literal(shown(self.unmet_text(check)))
        found = f"IIF(@n IS NULL, {unmet}, CONCAT(@n, {self.literal(f' {check.unit}')}))"
        return f"{start}SET @status = {status};\n{self.line(check, found)}"

    def met(self, need: Need) -> str:
        """Return the condition that a table and its columns are there."""
        table = self.object_id(need.table, need.schema)
        if not need.columns:
            return f"{table} IS NOT NULL"
        names = ", ".join(self.literal(name) for name in need.columns)
        wanted = len(set(need.columns))
        return f"(SELECT COUNT(*) FROM sys.columns c WHERE c.object_id = {table} AND c.name IN ({names})) = {wanted}"

    def compared(self, check: Fact) -> str:
        """Return a comparison, sign by sign."""
        plain = self.literal(shown(check.wanted))
        same = f"@found COLLATE Latin1_General_BIN2 = {self.literal(check.wanted)}"
        found = f"CONCAT(N'found ', COALESCE({FOUND_TEXT}, N'nothing'), N', wanted ', {plain})"
        return (
            f"SET @found = ({check.sql});\nSET @status = CASE WHEN {same} THEN N'PASS' ELSE N'{check.severity}' END;\n"
            + self.line(check, f"IIF(@status = N'PASS', {plain}, {found})")
        )

    def told(self, check: Stated) -> str:
        """Return a line that is known."""
        return f"SET @status = N'{check.status}';\n{self.line(check, self.literal(shown(check.found)))}"

    # The catalogue.

    def object_id(self, name: str, schema: str | None) -> str:
        """Return the number of an object, NULL when there is none."""
        return f"OBJECT_ID({self.literal(self.table_name(name, schema))})"

    def of(self, table: state.Table) -> str:
        """Return the number of a table."""
        return self.object_id(table.name, table.schema)

    def joined(self, value: str, order: str, source: str) -> str:
        """Return the query that joins values by commas; STRING_AGG came with 2017."""
        if self.dialect.version_info >= (14,):
            text = f"CAST({value} AS nvarchar(max))"
            return f"(SELECT STRING_AGG({text}, N', ') WITHIN GROUP (ORDER BY {order}) {source})"
        listed = f"(SELECT N', ' + {value} {source} ORDER BY {order} FOR XML PATH(N''), TYPE)"
        return f"STUFF({listed}.value(N'.', N'nvarchar(max)'), 1, 2, N'')"

    def table(self, table: state.Table) -> Told:
        """Return the question about a table, with its comment."""
        comment = COMMENT_SQL.format(number="0")
        sql = (
            f"SELECT CONCAT(N'table', N' COMMENT ' + {comment}) FROM sys.tables c WHERE c.object_id = {self.of(table)}"
        )
        return Told(sql, "table" + (f" COMMENT {table.comment}" if table.comment else ""))

    def type_text(self, type_: TypeEngine[Any]) -> str:
        """Return a type as the catalogue tells it."""
        found = TYPE.fullmatch(self.dialect.type_sql(type_))
        if found is None:
            return str(self.dialect.type_sql(type_)).lower()
        name = SYNONYMS.get(found["name"].lower(), found["name"].lower())
        args = squeezed(found["args"] or SIZES.get(name, "1")).lower()
        if name in ("decimal", "numeric") and "," not in args:
            args += ",0"
        if name == "float":
            name = "real" if found["args"] and int(args) <= 24 else "float"
        return f"{name}({args})" if name in SIZED else name

    def column(self, table: state.Table, column: state.Column) -> Told:
        """Return the question about a column."""
        computed = column.computed is not None
        default = squeezed(column.default or "")
        plain = PLAIN.fullmatch(column.default or "") is not None
        wanted = "computed" if computed else self.type_text(column.type)
        wanted += ("" if column.nullable or computed else " NOT NULL") + (" IDENTITY" if column.identity else "")
        wanted += f" DEFAULT {default if plain else '?'}" if default and not computed else ""
        wanted += f" COMMENT {column.comment}" if column.comment else ""
        text = DROP_SIGNS.format("d.[definition]") if plain or not default else "N'?'"
        sql = (
            f"SELECT CONCAT(IIF(c.is_computed = 1, N'computed', {TYPE_SQL}),\n"
            "        IIF(c.is_nullable = 1 OR c.is_computed = 1, N'', N' NOT NULL'),\n"
            f"        IIF(c.is_identity = 1, N' IDENTITY', N''), N' DEFAULT ' + {text},\n"
            f"        N' COMMENT ' + {COMMENT_SQL.format(number='c.column_id')})\n"
            "    FROM sys.columns c LEFT JOIN sys.default_constraints d ON d.object_id = c.default_object_id\n"
            f"    WHERE c.object_id = {self.of(table)} AND c.name = {self.literal(column.name)}"
        )
        return Told(sql, wanted, "the expression" if computed else "" if plain or not default else "the default")

    def named(self, constraint: state.Constraint, columns: str) -> str:
        """Return the condition for a constraint: its name, or its columns where the server named it."""
        if isinstance(constraint.name, ServerName) or constraint.name is None:
            return f"{columns} = {self.literal(', '.join(constraint.columns))}"
        return f"c.name = {self.literal(constraint.name)}"

    def key(self, table: state.Table, key: state.PrimaryKey | state.Unique) -> Told:
        """Return the question about a primary key or UNIQUE constraint."""
        word, kind = ("PRIMARY KEY", "PK") if isinstance(key, state.PrimaryKey) else ("UNIQUE", "UQ")
        columns = self.joined(
            "COL_NAME(k.object_id, k.column_id)",
            "k.key_ordinal",
            "FROM sys.index_columns k WHERE k.object_id = c.parent_object_id AND k.index_id = c.unique_index_id"
            " AND k.is_included_column = 0",
        )
        sql = (
            f"SELECT TOP 1 CONCAT(N'{word} (', {columns}, N')')\n    FROM sys.key_constraints c"
            f" WHERE c.parent_object_id = {self.of(table)} AND c.type = '{kind}' AND {self.named(key, columns)}"
        )
        return Told(sql, f"{word} ({', '.join(key.columns)})")

    def foreign_key(self, table: state.Table, key: state.ForeignKey) -> Told:
        """Return the question about a foreign key."""
        source = "FROM sys.foreign_key_columns k WHERE k.constraint_object_id = c.object_id"
        own = self.joined("COL_NAME(k.parent_object_id, k.parent_column_id)", "k.constraint_column_id", source)
        other = self.joined(
            "COL_NAME(k.referenced_object_id, k.referenced_column_id)", "k.constraint_column_id", source
        )
        action = "REPLACE({0} COLLATE Latin1_General_BIN2, N'_', N' ')"
        sql = (
            f"SELECT TOP 1 CONCAT(N'FOREIGN KEY (', {own}, N') REFERENCES ',\n"
            f"        OBJECT_NAME(c.referenced_object_id), N' (', {other}, N')',\n"
            f"        N' ON UPDATE ', {action.format('c.update_referential_action_desc')},\n"
            f"        N' ON DELETE ', {action.format('c.delete_referential_action_desc')})\n"
            f"    FROM sys.foreign_keys c WHERE c.parent_object_id = {self.of(table)} AND {self.named(key, own)}"
        )
        options = self.answers.key_options(key)
        actions = [str(options.get(name, "NO ACTION")) for name in ("onupdate", "ondelete")]
        wanted = (
            f"FOREIGN KEY ({', '.join(key.columns)}) REFERENCES {key.table} ({', '.join(key.referred)})"
            f" ON UPDATE {actions[0]} ON DELETE {actions[1]}"
        )
        return Told(sql, wanted)

    def check(self, table: state.Table, check: state.Check) -> Told:
        """Return the question about a CHECK: whether it is there; one that the server named cannot be told."""
        named = isinstance(check.name, str) and not isinstance(check.name, ServerName)
        where = f" AND c.name = {self.literal(str(check.name))}" if named else ""
        sql = f"SELECT TOP 1 N'CHECK' FROM sys.check_constraints c WHERE c.parent_object_id = {self.of(table)}{where}"
        return Told(sql, "CHECK", "the condition")

    def index(self, table: state.Table, index: state.Index) -> Told:
        """Return the question about an index."""
        columns = self.joined(
            "CONCAT(COL_NAME(k.object_id, k.column_id), IIF(k.is_descending_key = 1, N' DESC', N''))",
            "k.key_ordinal",
            "FROM sys.index_columns k WHERE k.object_id = c.object_id AND k.index_id = c.index_id"
            " AND k.is_included_column = 0 AND k.key_ordinal > 0",
        )
        sql = (
            f"SELECT CONCAT(IIF(c.is_unique = 1, N'UNIQUE ', N''), N'(', {columns}, N')',\n"
            "        IIF(c.has_filter = 1, N' WHERE', N''))\n"
            f"    FROM sys.indexes c WHERE c.object_id = {self.of(table)} AND c.name = {self.literal(str(index.name))}"
        )
        where = self.option(index.options, "where")
        parts = [f"{part.column or '?'}{' DESC' * ('desc' in part.order)}" for part in index.parts]
        wanted = f"{'UNIQUE ' * index.unique}({', '.join(parts)})" + (" WHERE" if where is not None else "")
        return Told(sql, wanted, "the condition" if where is not None else "")

    def exists(self, kind: str, name: str, schema: str | None, table: str = "") -> str:
        """Return a query that counts the objects of a kind and name."""
        literal = self.literal(name)
        if kind in ("column", "index"):
            view = "sys.columns" if kind == "column" else "sys.indexes"
            return (
                f"SELECT COUNT(*) FROM {view} c WHERE c.object_id = {self.object_id(table, schema)}"
                f" AND c.name = {literal}"
            )
        if kind == "constraint":
            return (
                f"SELECT COUNT(*) FROM sys.objects c WHERE c.parent_object_id = {self.object_id(table, schema)}"
                f" AND c.name = {literal}"
            )
        return f"SELECT COUNT(*) FROM sys.objects c WHERE c.object_id = {self.object_id(name, schema)}"

    # Server and user.

    def server(self) -> Told:
        """Return the question about the server's version."""
        number = self.dialect.version_info[0]
        found = "CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128))"
        sql = f"SELECT IIF(CAST(PARSENAME({found}, 4) AS int) >= {number}, N'new enough', {found})"
        return Told(sql, "new enough")

    def rights(self, needed: Iterable[tuple[str, Need | None]]) -> Iterator[Right]:
        """Yield the rights: to create tables and to alter the schema, to alter tables, to write rows."""
        for word, need in needed:
            if need is None or word == "CREATE":
                schema = need.schema if need is not None else None
                name = self.literal(schema) if schema else "SCHEMA_NAME()"
                alter = f"HAS_PERMS_BY_NAME(QUOTENAME({name}), N'SCHEMA', N'ALTER')"
                create = "HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'CREATE TABLE')"
                sql = f"SELECT CASE WHEN {alter} = 1 AND {create} = 1 THEN N'granted' END"
                yield Right("CREATE TABLE", f"schema {schema or '(current)'}", sql)
                continue
            right = "ALTER" if word in ("ALTER", "DROP", "INDEX") else word
            table = self.literal(self.table_name(need.table, need.schema))
            sql = f"SELECT CASE WHEN HAS_PERMS_BY_NAME({table}, N'OBJECT', N'{right}') = 1 THEN N'granted' END"
            yield Right(right, f"table {need.schema + '.' if need.schema else ''}{need.table}", sql)

    # Rows.

    def too_long(self, column: str, length: int, type_: TypeEngine[Any]) -> str:
        """Return the condition for a text that is too long; LEN leaves blanks at the end out."""
        return f"LEN(CONCAT({column}, N'.')) - 1 > {length}"

    def no_integer(self, column: str) -> str:
        """Return the condition for a text that is no integer."""
        return f"TRY_CAST({column} AS bigint) IS NULL"

    def not_converted(self, column: str, type_: TypeEngine[Any]) -> str | None:
        """Return the condition for a value that cannot be converted."""
        return f"TRY_CAST({column} AS {self.dialect.type_sql(type_)}) IS NULL"
