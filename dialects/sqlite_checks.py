"""Questions to SQLite, by its shell, for a file that is opened for reading only.

Everything of the script's own is in a database in memory beside it: the lines, printed at the end, and an empty
stand-in for each table that a question names. A name without a schema is looked for in the file first
(sqlite.org/lang_naming.html), so that the stand-in counts only where the file lacks the table, and the question is no
error. Only a missing column is one; the line of such a question is there before it is asked, and the answer takes its
place.

What a database should tell of its schema is what the replica tells when it is asked the same: no wording has to be
foretold.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.types import TypeEngine

from ..questions import Check, Count, Fact, Need, Questions, Stated, Told, shown
from ..schema import state

BESIDE = "sqlgen"
LINES = f"{BESIDE}.checks"
QUOTES = ("'\"'", "'`'")
#: What stands behind the name of a constraint (sqlite.org/lang_createtable.html).
BEHIND_NAME = ("UNIQUE", "CHECK", "FOREIGN", "PRIMARY", "NOT NULL", "REFERENCES", "DEFAULT")
FOUND_TEXT = "substr(replace(replace(replace(q.found, char(10), ' '), char(13), ' '), '|', ' '), 1, 200)"
INSERT = """INSERT INTO {lines} (status, line)
SELECT q.status, q.status || ' | ' || {name} || ' | ' || {place} || ' | ' || {subject} || ' | ' || {found}
    || ' | ' || CASE q.status WHEN 'PASS' THEN '-' ELSE {remedy} END
  FROM ({asked}) AS q;"""
UPDATE = """UPDATE {lines} SET (status, line) = (
SELECT q.status, q.status || ' | ' || {name} || ' | ' || {place} || ' | ' || {subject} || ' | ' || {found}
    || ' | ' || CASE q.status WHEN 'PASS' THEN '-' ELSE {remedy} END
  FROM ({asked}) AS q)
 WHERE number = (SELECT max(number) FROM {lines});"""


def tight(text: str, kept: tuple[str, ...] = ()) -> str:
    """Return the expression for SQL text without blanks, line ends and quotes of names, in lower case."""
    for one in ("' '", "char(9)", "char(10)", "char(13)", *QUOTES):
        if one not in kept:
            text = f"replace({text}, {one}, '')"
    return f"lower({text})"


def written(name: str) -> list[str]:
    """Return the forms in which the text of a table may have the name of a constraint."""
    quoted = [f'"{name}"', f"`{name}`", f"[{name}]"]
    return [f"CONSTRAINT {one}" for one in (*quoted, *(f"{name} {word}" for word in BEHIND_NAME))]


class SQLiteQuestions(Questions):
    """How SQLite is asked."""

    enforces_types = False
    names_constraints = False

    # The form of a script.

    def command(self, file: str) -> str:
        """Return the call of the shell, with no right to write into the file (sqlite.org/uri.html)."""
        return f"sqlite3 'file:DATABASE?mode=ro' < {file}"

    def opening(self) -> Iterable[str]:
        """Return the settings of the shell, and the database for the lines."""
        return (
            ".bail off",
            ".mode list",
            ".headers off",
            ".timeout 5000",
            f"ATTACH ':memory:' AS {BESIDE};",
            f"CREATE TABLE {LINES} (number INTEGER PRIMARY KEY, status TEXT, line TEXT);",
        )

    def closing(self, title: str, total: int) -> Iterable[str]:
        """Return the lines and the verdict."""
        passed, warned, failed, skipped = (
            f"(SELECT count(*) FROM {LINES} WHERE status = '{word}')" for word in ("PASS", "WARN", "FAIL", "SKIP")
        )
        silent = f"({total} - (SELECT count(*) FROM {LINES}))"
        return (
            f"SELECT line FROM {LINES} ORDER BY number;",
            f"SELECT 'sqlgen: {title} ' || CASE WHEN {failed} = 0 AND {silent} = 0 THEN 'passed' ELSE 'FAILED' END",
            f"    || ': ' || {failed} || ' FAIL, ' || {warned} || ' WARN, '",
            f"    || {passed} || ' PASS, ' || {skipped} || ' SKIP, ' || {silent} || ' without an answer';",
            f"DETACH {BESIDE};",
        )

    def line(self, form: str, check: Check, asked: str, found: str) -> str:
        """Return the statement of a line."""
        name, place, subject, remedy = map(self.literal, check.fields)
        return form.format(
            lines=LINES, name=name, place=place, subject=subject, remedy=remedy, asked=asked, found=found
        )

    def counted(self, check: Count) -> str:
        """Return a count; one that needs tables has stand-ins for them, and a line already when it is asked."""
        if not check.needs:
            found = f"q.n || {self.literal(f' {check.unit}')}"
            return self.line(INSERT, check, self.judged(check, check.sql), found)
        unmet = self.literal(shown(self.unmet_text(check)))
        first = self.line(INSERT, check, f"SELECT '{check.unmet}' AS status", unmet)
        met = " AND ".join(map(self.met, check.needs))
        asked = self.judged(check, f"SELECT CASE WHEN {met}\n            THEN ({check.sql}) END")
        found = f"coalesce(q.n || {self.literal(f' {check.unit}')}, {unmet})"
        return "\n".join(
            [*map(self.stand_in, dict.fromkeys(check.needs)), first, self.line(UPDATE, check, asked, found)]
        )

    def judged(self, check: Count, sql: str) -> str:
        """Return the query of a count and its status."""
        status = f"CASE WHEN n IS NULL THEN '{check.unmet}' WHEN n = 0 THEN 'PASS' ELSE '{check.severity}' END"
        return f"SELECT n, {status} AS status\n        FROM (SELECT ({sql}) AS n)"

    def stand_in(self, need: Need) -> str:
        """Return the statements that make an empty table of a name beside the file."""
        name = f"{BESIDE}.{self.dialect.name_of(need.table)}"
        columns = ", ".join(map(self.dialect.name_of, need.columns)) or "x"
        return f"DROP TABLE IF EXISTS {name};\nCREATE TABLE {name} ({columns});"

    def met(self, need: Need) -> str:
        """Return the condition that a table and its columns are in the file."""
        place = need.schema or "main"
        names = ", ".join(f"lower({self.literal(name)})" for name in dict.fromkeys(need.columns))
        where = f" WHERE lower(name) IN ({names})" if names else ""
        test = f"= {len(set(need.columns))}" if names else "> 0"
        return f"(SELECT count(*) FROM {self.pragma('table_xinfo', need.table, place)}{where}) {test}"

    def compared(self, check: Fact) -> str:
        """Return a comparison."""
        plain = self.literal(shown(check.wanted))
        asked = (
            f"SELECT found, CASE WHEN found = {self.literal(check.wanted)} THEN 'PASS' ELSE '{check.severity}' END"
            f" AS status\n        FROM (SELECT ({check.sql}) AS found)"
        )
        failed = f"'found ' || coalesce({FOUND_TEXT}, 'nothing') || ', wanted ' || {plain}"
        return self.line(INSERT, check, asked, f"CASE q.status WHEN 'PASS' THEN {plain} ELSE {failed} END")

    def told(self, check: Stated) -> str:
        """Return a line that is known."""
        return self.line(INSERT, check, f"SELECT '{check.status}' AS status", self.literal(shown(check.found)))

    # The catalogue. What is wanted is what the replica says, see ``sqlgen.checks.postcheck``.

    def master(self, schema: str | None) -> str:
        """Return the table of the schema."""
        return f"{self.dialect.sa.identifier_preparer.quote_schema(schema or 'main')}.sqlite_master"

    def pragma(self, name: str, argument: str, schema: str | None) -> str:
        """Return a table-valued PRAGMA."""
        return f"pragma_{name}({self.literal(argument)}, {self.literal(schema or 'main')})"

    def table(self, table: state.Table) -> Told:
        """Return the question about a table."""
        sql = (
            f"SELECT 'table' FROM {self.master(table.schema)} WHERE type = 'table' AND name = "
            f"{self.literal(table.name)} COLLATE NOCASE"
        )
        return Told(sql, "")

    def column(self, table: state.Table, column: state.Column) -> Told:
        """Return the question about a column."""
        sql = (
            "SELECT lower(type) || CASE \"notnull\" WHEN 1 THEN ' NOT NULL' ELSE '' END\n"
            "    || coalesce(' DEFAULT ' || dflt_value, '')\n"
            "    || CASE hidden WHEN 2 THEN ' VIRTUAL' WHEN 3 THEN ' STORED' ELSE '' END\n"
            f"  FROM {self.pragma('table_xinfo', table.name, table.schema)} WHERE name = {self.literal(column.name)}"
            " COLLATE NOCASE"
        )
        return Told(sql, "", "the expression" if column.computed is not None else "")

    def key(self, table: state.Table, key: state.PrimaryKey | state.Unique) -> Told:
        """Return the question about a primary key, or about a UNIQUE constraint over the same columns."""
        if isinstance(key, state.PrimaryKey):
            sql = (
                "SELECT 'PRIMARY KEY (' || group_concat(name, ', ') || ')' FROM (SELECT name FROM "
                f"{self.pragma('table_info', table.name, table.schema)} WHERE pk > 0 ORDER BY pk)"
            )
            return Told(sql, "")
        columns = self.literal(", ".join(key.columns).lower())
        place = self.literal(table.schema or "main")
        names = (
            f"SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_info(i.name, {place}) ORDER BY seqno)"
        )
        sql = (
            f"SELECT max('UNIQUE (' || ({names}) || ')') FROM "
            f"{self.pragma('index_list', table.name, table.schema)} AS i\n"
            f" WHERE i.origin = 'u' AND lower(({names})) = {columns}"
        )
        return Told(sql, "")

    def foreign_key(self, table: state.Table, key: state.ForeignKey) -> Told:
        """Return the question about a foreign key over the same columns."""
        columns = self.literal(", ".join(key.columns).lower())
        rows = f"SELECT * FROM {self.pragma('foreign_key_list', table.name, table.schema)} ORDER BY id, seq"
        sql = (
            "SELECT max(told) FROM (SELECT 'FOREIGN KEY (' || group_concat(\"from\", ', ') || ') REFERENCES '"
            " || min(\"table\")\n    || coalesce(' (' || group_concat(\"to\", ', ') || ')', '')\n"
            "    || ' ON UPDATE ' || min(on_update) || ' ON DELETE ' || min(on_delete) AS told\n"
            f"  FROM ({rows}) GROUP BY id HAVING lower(group_concat(\"from\", ', ')) = {columns}\n"
            f'    AND lower(min("table")) = {self.literal(key.table.lower())})'
        )
        return Told(sql, "")

    def check(self, table: state.Table, check: state.Check) -> Told:
        """Return the question about a CHECK: whether its condition stands in the text of the table."""
        condition = tight(self.literal(f"CHECK ({check.sqltext})"))
        sql = (
            f"SELECT 'CHECK' FROM {self.master(table.schema)} WHERE type = 'table' AND name = "
            f"{self.literal(table.name)} COLLATE NOCASE\n    AND instr({tight('sql')}, {condition}) > 0"
        )
        return Told(sql, "")

    def index(self, table: state.Table, index: state.Index) -> Told:
        """Return the question about an index; of its expressions only that there are some."""
        name = self.literal(str(index.name))
        parts = (
            "SELECT group_concat(coalesce(name, '?') || CASE \"desc\" WHEN 1 THEN ' DESC' ELSE '' END, ', ') FROM "
            f"(SELECT * FROM {self.pragma('index_xinfo', str(index.name), table.schema)} WHERE key = 1 ORDER BY seqno)"
        )
        sql = (
            f"SELECT CASE i.\"unique\" WHEN 1 THEN 'UNIQUE ' ELSE '' END || '(' || ({parts}) || ')'\n"
            "    || CASE i.partial WHEN 1 THEN ' WHERE' ELSE '' END\n"
            f"  FROM {self.pragma('index_list', table.name, table.schema)} AS i WHERE i.name = {name} COLLATE NOCASE"
        )
        texts = any(part.expression is not None for part in index.parts) or self.option(index.options, "where")
        return Told(sql, "", "the expressions" if texts is not False and texts is not None else "")

    def exists(self, kind: str, name: str, schema: str | None, table: str = "") -> str:
        """Return a query that counts the objects of a kind and name; tables, views and indexes share their names."""
        literal = self.literal(name)
        if kind == "column":
            columns = self.pragma("table_xinfo", table, schema)
            return f"SELECT count(*) FROM {columns} WHERE name = {literal} COLLATE NOCASE"
        if kind == "constraint":
            text = tight("sql", QUOTES)
            found = " + ".join(f"instr({text}, {tight(self.literal(one), QUOTES)})" for one in written(name))
            return (
                f"SELECT count(*) FROM {self.master(schema)} WHERE type = 'table' AND name = {self.literal(table)}"
                f" COLLATE NOCASE\n    AND {found} > 0"
            )
        kinds = f"type = '{kind}'" if kind in ("view", "trigger") else "type IN ('table', 'view', 'index')"
        return f"SELECT count(*) FROM {self.master(schema)} WHERE {kinds} AND name = {literal} COLLATE NOCASE"

    # Server.

    def server(self) -> Told:
        """Return the question about the version of the shell's library."""
        wanted = (*self.dialect.version_info, 0, 0)[:2]
        first = "CAST(sqlite_version() AS INTEGER)"
        rest = "substr(sqlite_version(), instr(sqlite_version(), '.') + 1)"
        sql = (
            f"SELECT CASE WHEN {first} * 1000 + CAST({rest} AS INTEGER) >= {wanted[0] * 1000 + wanted[1]}"
            " THEN 'new enough' ELSE sqlite_version() END"
        )
        return Told(sql, "new enough")

    # Rows.

    def too_long(self, column: str, length: int, type_: TypeEngine[Any]) -> str:
        """Return the condition for a text that is too long, for a target that asks."""
        return f"length({column}) > {length}"

    def no_integer(self, column: str) -> str:
        """Return the condition for a text that is no integer."""
        return f"trim({column}) NOT GLOB '[0-9]*'"
