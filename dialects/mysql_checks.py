"""Questions to MySQL and MariaDB, by their client: SELECTs of ``information_schema``, prepared where a table may lack.

A query over a table that may be missing is a text that is prepared only when the catalogue has the table and its
columns (MySQL 8.0 Reference Manual, 13.5); counters are variables of the session. Nothing here raises an error, so that
the client, which ends at the first, comes to the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from sqlalchemy.types import TypeEngine

from ..questions import Check, Count, Fact, Need, Questions, Right, Stated, Told, shown, squeezed
from ..schema import state
from .mysql_definition import FOUND_IN
from .mysql_shown import Shown

COUNTERS = ("pass", "warn", "fail", "skip")
#: What is left out of a default before it is compared: quotes, backslashes, blanks, parentheses.
DROPPED = " \t\n\r()'\\"
#: The width that an integer shows; servers differ in whether they keep it.
WIDTH = re.compile(r"\b((?:tiny|small|medium|big)?int)\(\d+\)")
TYPE_SQL = "REGEXP_REPLACE(c.column_type, 'int\\\\([0-9]+\\\\)', 'int')"
NO_ACTION = ("RESTRICT", "NO ACTION")
FOUND_TEXT = "LEFT(REPLACE(REPLACE(REPLACE(@sqlgen_found, '\\n', ' '), '\\r', ' '), '|', ' '), 200)"
#: Rights of the schema that a statement's right may be had by.
HELD = """SELECT CASE WHEN
        (SELECT COUNT(*) FROM information_schema.user_privileges p
          WHERE p.grantee = @sqlgen_user AND p.privilege_type = '{word}')
      + (SELECT COUNT(*) FROM information_schema.schema_privileges p
          WHERE p.grantee = @sqlgen_user AND p.privilege_type = '{word}'
            AND {schema} LIKE p.table_schema){table} > 0
    THEN 'granted' END"""
HELD_ON_TABLE = """
      + (SELECT COUNT(*) FROM information_schema.table_privileges p
          WHERE p.grantee = @sqlgen_user AND p.privilege_type = '{word}'
            AND p.table_schema = {schema} AND p.table_name = {name})"""


def dropped(sql: str) -> str:
    """Return the expression for a text without what is left out before it is compared."""
    for one in ("' '", "'('", "')'", "''''", "'\\\\'", "'\\n'", "'\\t'", "'\\r'"):
        sql = f"REPLACE({sql}, {one}, '')"
    return sql


class MySQLQuestions(Questions):
    """How MySQL is asked. ``exact`` says that the words of defaults and conditions are known, not only their being."""

    exact: ClassVar[bool] = False
    fills_zeros = True
    entering = ("USE {schema};",)
    index_is_tables = True
    answers: Any

    @property
    def shown(self) -> Shown:
        """What writes a table as the server shows it."""
        found: Shown = self.answers.shown
        return found

    # The form of a script.

    def command(self, file: str) -> str:
        """Return the call of the client, without headings."""
        return f"{self.dialect.client} --default-character-set=utf8mb4 -N DATABASE < {file}"

    def opening(self) -> Iterable[str]:
        """Return the settings of the session."""
        return (
            "SET NAMES utf8mb4;",
            "SET LOCAL sql_mode = REPLACE(REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''), 'ANSI_QUOTES', '');",
            "SET LOCAL group_concat_max_len = 1000000;",
            f"SET {', '.join(f'@sqlgen_{word} = 0' for word in COUNTERS)};",
            "SET @sqlgen_user = CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''',",
            "    SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''');",
            "START TRANSACTION READ ONLY;",
        )

    def closing(self, title: str, total: int) -> Iterable[str]:
        """Return the verdict."""
        passed, warned, failed, skipped = (f"@sqlgen_{word}" for word in COUNTERS)
        return (
            f"SET @sqlgen_silent = {total} - {passed} - {warned} - {failed} - {skipped};",
            f"SELECT CONCAT('sqlgen: {title} ', IF({failed} = 0 AND @sqlgen_silent = 0, 'passed', 'FAILED'), ': ', "
            f"{failed}, ' FAIL, ', {warned}, ' WARN, ',\n    {passed}, ' PASS, ', {skipped}, ' SKIP, ', "
            "@sqlgen_silent, ' without an answer') AS result;",
            "ROLLBACK;",
        )

    def line(self, check: Check, found: str) -> str:
        """Return the SELECT of a line, and the counting; ``@sqlgen_status`` is set already."""
        name, place, subject, remedy = map(self.literal, check.fields)
        counted = ", ".join(
            f"@sqlgen_{word} = @sqlgen_{word} + (@sqlgen_status = '{word.upper()}')" for word in COUNTERS
        )
        return (
            f"SELECT CONCAT_WS(' | ', @sqlgen_status, {name}, {place}, {subject},\n    {found},\n"
            f"    IF(@sqlgen_status = 'PASS', '-', {remedy})) AS result;\nSET {counted};"
        )

    def counted(self, check: Count) -> str:
        """Return a count; one that needs tables is prepared where they are there."""
        if check.needs:
            met = " AND ".join(map(self.met, check.needs))
            query = self.literal(f"SET @sqlgen_n = ({check.sql})")
            start = (
                f"SET @sqlgen_n = NULL;\nSET @sqlgen_sql = IF({met},\n    {query}, 'DO 0');\n"
                "PREPARE sqlgen_check FROM @sqlgen_sql;\nEXECUTE sqlgen_check;\n"
            )
        else:
            start = f"SET @sqlgen_n = ({check.sql});\n"
        status = f"IF(@sqlgen_n IS NULL, '{check.unmet}', IF(@sqlgen_n = 0, 'PASS', '{check.severity}'))"
        unmet = self.literal(shown(self.unmet_text(check)))
        found = f"COALESCE(CONCAT(@sqlgen_n, {self.literal(f' {check.unit}')}), {unmet})"
        return f"{start}SET @sqlgen_status = {status};\n{self.line(check, found)}"

    def met(self, need: Need) -> str:
        """Return the condition that a table and its columns are there, as far as the user may see them."""
        where = self.where(need.table, need.schema)
        if not need.columns:
            return f"(SELECT COUNT(*) FROM information_schema.tables c WHERE {where}) = 1"
        names = ", ".join(self.literal(name) for name in need.columns)
        return (
            f"(SELECT COUNT(*) FROM information_schema.columns c WHERE {where} AND c.column_name IN ({names})) = "
            f"{len(set(need.columns))}"
        )

    def compared(self, check: Fact) -> str:
        """Return a comparison, byte by byte."""
        same = "CAST(CONVERT({0} USING utf8mb4) AS BINARY)"
        plain = self.literal(shown(check.wanted))
        found = f"CONCAT('found ', COALESCE({FOUND_TEXT}, 'nothing'), ', wanted ', {plain})"
        return (
            f"SET @sqlgen_found = ({check.sql});\n"
            f"SET @sqlgen_status = IF({same.format('@sqlgen_found')} <=> {same.format(self.literal(check.wanted))}, "
            f"'PASS', '{check.severity}');\n" + self.line(check, f"IF(@sqlgen_status = 'PASS', {plain}, {found})")
        )

    def told(self, check: Stated) -> str:
        """Return a line that is known."""
        return f"SET @sqlgen_status = '{check.status}';\n{self.line(check, self.literal(shown(check.found)))}"

    # The catalogue.

    def where(self, table: str, schema: str | None) -> str:
        """Return the condition for what belongs to a table, in a view with the alias ``c``."""
        return f"c.table_schema = {self.schema(schema)} AND c.table_name = {self.literal(table)}"

    def schema(self, schema: str | None) -> str:
        """Return the expression for a schema."""
        return self.literal(schema) if schema else "DATABASE()"

    def table(self, table: state.Table) -> Told:
        """Return the question about a table, with its comment."""
        sql = (
            "SELECT CONCAT('table', IF(CHAR_LENGTH(c.table_comment) = 0, '', CONCAT(' COMMENT ', c.table_comment)))\n"
            f"    FROM information_schema.tables c WHERE {self.where(table.name, table.schema)}"
            " AND c.table_type LIKE '%TABLE'"
        )
        comment = table.comment or self.shown.told(table).get("comment")
        return Told(sql, "table" + (f" COMMENT {comment}" if comment else ""))

    def column(self, table: state.Table, column: state.Column) -> Told:
        """Return the question about a column."""
        worded = self.shown.type(column)
        wanted = WIDTH.sub(r"\1", worded.text) + ("" if column.nullable else " NOT NULL")
        names = tuple(one.name for one in table.columns)
        written = "".join(part for part in self.shown.default(column, worded, names) if column.computed is None)
        default, _, updated = written.removeprefix("DEFAULT ").partition(" ON UPDATE ")
        expression = not self.exact and "(" in default and not default.lower().startswith("current_timestamp")
        found = "c.column_default"
        if default and default != "NULL":
            wanted += " DEFAULT ?" if expression else f" DEFAULT {squeezed(default, DROPPED)}"
        if expression:
            found = "'?'"
        if not self.exact:
            found = f"REPLACE({found}, 'CURRENT_TIMESTAMP', 'current_timestamp')"
            wanted = wanted.replace("CURRENT_TIMESTAMP", "current_timestamp")
        wanted += " ON UPDATE" if updated else ""
        wanted += " AUTO_INCREMENT" if column.autoincrement and column.default is None else ""
        if column.computed is not None:
            wanted = wanted.replace(" NOT NULL", "") + f" {'STORED' if column.computed.persisted else 'VIRTUAL'}"
        wanted += f" COMMENT {column.comment}" if column.comment else ""
        doubt = "the expression" if column.computed is not None else "the default" if expression else ""
        return Told(self.column_sql(table, column.name, found), wanted, doubt)

    def column_sql(self, table: state.Table, name: str, default: str) -> str:
        """Return the query about a column, with an expression for its default."""
        none = "c.column_default IS NULL OR c.column_default = 'NULL' OR c.generation_expression <> ''"
        return (
            f"SELECT CONCAT({TYPE_SQL}, IF(c.is_nullable = 'YES' OR c.generation_expression <> '', '', ' NOT NULL'),\n"
            f"        IF({none}, '', CONCAT(' DEFAULT ', {dropped(default)})),\n"
            "        IF(c.extra LIKE '%on update%', ' ON UPDATE', ''),\n"
            "        IF(c.extra LIKE '%auto_increment%', ' AUTO_INCREMENT', ''),\n"
            "        IF(c.extra LIKE '%STORED%', ' STORED', IF(c.extra LIKE '%VIRTUAL%', ' VIRTUAL', '')),\n"
            "        IF(CHAR_LENGTH(c.column_comment) = 0, '', CONCAT(' COMMENT ', c.column_comment)))\n"
            f"    FROM information_schema.columns c WHERE {self.where(table.name, table.schema)}"
            f" AND c.column_name = {self.literal(name)}"
        )

    def index_sql(self, table: state.Table, name: str) -> str:
        """Return the query about an index."""
        part = (
            "COALESCE(CONCAT('`', REPLACE(c.column_name, '`', '``'), '`',\n"
            "            IF(c.sub_part IS NULL OR c.index_type = 'SPATIAL', '', CONCAT('(', c.sub_part, ')'))), '?'),\n"
            "            IF(c.collation = 'D', ' DESC', '')"
        )
        return (
            "SELECT CONCAT(IF(MIN(c.index_type) IN ('FULLTEXT', 'SPATIAL'), CONCAT(MIN(c.index_type), ' '),\n"
            "            IF(MIN(c.non_unique) = 0, 'UNIQUE ', '')), '(',\n"
            f"        GROUP_CONCAT({part} ORDER BY c.seq_in_index SEPARATOR ','), ')')\n"
            f"    FROM information_schema.statistics c WHERE {self.where(table.name, table.schema)}"
            f" AND c.index_name = {self.literal(name)} GROUP BY c.index_name"
        )

    def key(self, table: state.Table, key: state.PrimaryKey | state.Unique) -> Told:
        """Return the question about a primary key or UNIQUE constraint: an index."""
        name = "PRIMARY" if isinstance(key, state.PrimaryKey) else str(key.name)
        plain = state.Index(name, tuple(map(state.Part, key.columns)), True, key.options)
        return Told(self.index_sql(table, name), self.index_text(table, plain))

    def index_text(self, table: state.Table, index: state.Index) -> str:
        """Return an index as the query tells it; an expression is only told to be one."""
        prefix = str(self.option(index.options, "prefix") or ("UNIQUE" if index.unique else "")).upper()
        prefix = prefix.removesuffix(" INDEX").removesuffix(" KEY")
        parts = [self.shown.part(table, index, part) for part in index.parts]
        ordered = self.dialect.version_info >= (10, 8) or not self.exact
        parts = [one if ordered or one.startswith("(") else one.removesuffix(" DESC") for one in parts]
        parts = ["?" + " DESC" * one.endswith(" DESC") if one.startswith("(") else one for one in parts]
        if prefix in ("FULLTEXT", "SPATIAL"):
            parts = [one.removesuffix(" DESC") for one in parts]
        return f"{f'{prefix} ' if prefix else ''}({','.join(parts)})"

    def index(self, table: state.Table, index: state.Index) -> Told:
        """Return the question about an index."""
        wanted = self.index_text(table, index)
        return Told(self.index_sql(table, str(index.name)), wanted, "the expressions" if "?" in wanted else "")

    def foreign_key(self, table: state.Table, key: state.ForeignKey) -> Told:
        """Return the question about a foreign key; RESTRICT and NO ACTION are the same here (13.1.20.5)."""
        columns = "GROUP_CONCAT({0} ORDER BY k.ordinal_position SEPARATOR ', ')"
        rule = "IF({0} IN ('RESTRICT', 'NO ACTION'), 'NO ACTION', {0})"
        sql = (
            f"SELECT CONCAT('FOREIGN KEY (', {columns.format('k.column_name')}, ') REFERENCES ',\n"
            f"        MIN(c.referenced_table_name), ' (', {columns.format('k.referenced_column_name')}, ')',\n"
            f"        ' ON UPDATE ', {rule.format('MIN(c.update_rule)')},\n"
            f"        ' ON DELETE ', {rule.format('MIN(c.delete_rule)')})\n"
            "    FROM information_schema.referential_constraints c JOIN information_schema.key_column_usage k\n"
            "        ON k.constraint_schema = c.constraint_schema AND k.constraint_name = c.constraint_name\n"
            "            AND k.table_name = c.table_name\n"
            f"    WHERE c.constraint_schema = {self.schema(table.schema)} AND c.table_name = "
            f"{self.literal(table.name)} AND c.constraint_name = {self.literal(str(key.name))}\n"
            "    GROUP BY c.constraint_name"
        )
        actions = [
            " ".join(str(key.options.get(name) or "NO ACTION").upper().split()) for name in ("onupdate", "ondelete")
        ]
        actions = ["NO ACTION" if one in NO_ACTION else one for one in actions]
        wanted = (
            f"FOREIGN KEY ({', '.join(key.columns)}) REFERENCES {key.table} ({', '.join(key.referred)})"
            f" ON UPDATE {actions[0]} ON DELETE {actions[1]}"
        )
        return Told(sql, wanted)

    def check(self, table: state.Table, check: state.Check) -> Told:
        """Return the question about a CHECK: whether it is there."""
        sql = (
            f"SELECT 'CHECK' FROM information_schema.table_constraints c WHERE {self.where(table.name, table.schema)}"
            f" AND c.constraint_type = 'CHECK' AND c.constraint_name = {self.literal(str(check.name))}"
        )
        return Told(sql, "CHECK", "the condition")

    def exists(self, kind: str, name: str, schema: str | None, table: str = "") -> str:
        """Return a query that counts the objects of a kind and name."""
        literal = self.literal(name)
        if kind in ("column", "index", "constraint"):
            view, condition = FOUND_IN["primary_key" if kind == "constraint" and name == "PRIMARY" else kind]
            counted = "DISTINCT c.index_name" if kind == "index" else "*"
            return (
                f"SELECT COUNT({counted}) FROM information_schema.{view} c WHERE {self.where(table, schema)}"
                f" AND c.{condition.format(name=literal)}"
            )
        if kind == "trigger":
            return (
                "SELECT COUNT(*) FROM information_schema.triggers c"
                f" WHERE c.trigger_schema = {self.schema(schema)} AND c.trigger_name = {literal}"
            )
        types = {"table": "", "view": " AND c.table_type LIKE '%VIEW'", "sequence": " AND c.table_type = 'SEQUENCE'"}
        return f"SELECT COUNT(*) FROM information_schema.tables c WHERE {self.where(name, schema)}{types[kind]}"

    # Server and user.

    def server(self) -> Told:
        """Return the question about the server's version."""
        wanted = (*self.dialect.version_info, 0)[:2]
        found = (
            "SUBSTRING_INDEX(VERSION(), '.', 1) * 1000 + SUBSTRING_INDEX(SUBSTRING_INDEX(VERSION(), '.', 2), '.', -1)"
        )
        sql = f"SELECT IF({found} >= {wanted[0] * 1000 + wanted[1]}, 'new enough', VERSION())"
        return Told(sql, "new enough")

    def rights(self, needed: Iterable[tuple[str, Need | None]]) -> Iterator[Right]:
        """Yield the rights; those that come by a role are not seen here, so that this only warns."""
        for word, need in needed:
            schema = self.schema(need.schema if need is not None else None)
            table, subject = "", "the schema"
            if need is not None:
                table = HELD_ON_TABLE.format(word=word, schema=schema, name=self.literal(need.table))
                subject = f"table {need.schema + '.' if need.schema else ''}{need.table}"
            yield Right(word, subject, HELD.format(word=word, schema=schema, table=table), "WARN")

    # Rows.

    def too_long(self, column: str, length: int, type_: TypeEngine[Any]) -> str:
        """Return the condition for a text that is too long."""
        return f"CHAR_LENGTH({column}) > {length}"

    def no_integer(self, column: str) -> str:
        """Return the condition for a text that is no integer."""
        return f"{column} NOT REGEXP '^[[:space:]]*[-+]?[0-9]+[[:space:]]*$'"


class MariaDBQuestions(MySQLQuestions):
    """How MariaDB is asked: its own words are known, and its catalogue tells of CHECKs by table."""

    exact = True

    def check(self, table: state.Table, check: state.Check) -> Told:
        """Return the question about a CHECK, its condition included where the server's words are known."""
        names = tuple(one.name for one in table.columns)
        known = self.shown.words.printer.knows(check.sqltext, names) and not check.inline
        clause = dropped("c.check_clause") if known else "'?'"
        sql = (
            f"SELECT CONCAT('CHECK ', {clause}) FROM information_schema.check_constraints c\n"
            f"    WHERE c.constraint_schema = {self.schema(table.schema)} AND c.table_name = "
            f"{self.literal(table.name)} AND c.constraint_name = {self.literal(str(check.name))}"
        )
        text = squeezed(self.shown.expression(check.sqltext, names), DROPPED) if known else "?"
        return Told(sql, f"CHECK {text}", "" if known else "the condition")
