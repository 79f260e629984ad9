"""Questions to Oracle, by SQL*Plus or SQLcl: a block for each line, with nothing but SELECTs of ``all_…`` in it.

A query over a table that may be missing is a text for EXECUTE IMMEDIATE, which runs only where the catalogue has the
table and its columns. Counters are variables of the client. No server was asked (Database Reference 19c).
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
TYPE = re.compile(r"(?P<name>\w+(?: PRECISION)?)\s*(?:\((?P<args>[^)]*)\))?(?P<rest>.*)", re.I | re.S)
#: What these types are in the catalogue (SQL Language Reference 19c, "ANSI, DB2, and SQL/DS Data Types").
SYNONYMS = {
    "INTEGER": "NUMBER(*,0)",
    "INT": "NUMBER(*,0)",
    "SMALLINT": "NUMBER(*,0)",
    "BIGINT": "NUMBER(*,0)",
    "DOUBLE PRECISION": "FLOAT",
    "REAL": "FLOAT",
    "NUMERIC": "NUMBER",
    "DECIMAL": "NUMBER",
    "VARCHAR": "VARCHAR2",
}
TYPE_SQL = """c.data_type || CASE
        WHEN c.data_type IN ('VARCHAR2', 'CHAR', 'NVARCHAR2', 'NCHAR') THEN '(' || c.char_length || ')'
        WHEN c.data_type = 'RAW' THEN '(' || c.data_length || ')'
        WHEN c.data_type = 'NUMBER' AND c.data_precision IS NOT NULL
            THEN '(' || c.data_precision || ',' || c.data_scale || ')'
        WHEN c.data_type = 'NUMBER' AND c.data_scale = 0 THEN '(*,0)'
        END"""
BLOCK = """DECLARE
    met NUMBER := 1;
    n NUMBER;
    found VARCHAR2(32767);
    status VARCHAR2(4);
BEGIN
{body}
    IF status = 'PASS' THEN
        :sqlgen_pass := :sqlgen_pass + 1;
    ELSIF status = 'WARN' THEN
        :sqlgen_warn := :sqlgen_warn + 1;
    ELSIF status = 'FAIL' THEN
        :sqlgen_fail := :sqlgen_fail + 1;
    ELSE
        :sqlgen_skip := :sqlgen_skip + 1;
    END IF;
END;
/"""
FOUND_TEXT = "SUBSTR(REPLACE(REPLACE(REPLACE(found, CHR(10), ' '), CHR(13), ' '), '|', ' '), 1, 200)"


class OracleQuestions(Questions):
    """How Oracle is asked."""

    distinct_nulls: ClassVar[Literal["any", "all", "none"]] = "all"
    empties = True
    entering = ("ALTER SESSION SET CURRENT_SCHEMA = {schema}", "/")
    from_nothing = " FROM dual"

    # The form of a script.

    def command(self, file: str) -> str:
        """Return the call of SQL*Plus, told that the file is in UTF-8."""
        return f"NLS_LANG=.AL32UTF8 sqlplus -S -L USER@DATABASE @{file}"

    def opening(self) -> Iterable[str]:
        """Return the settings of the client, and its variables."""
        return (
            "WHENEVER SQLERROR CONTINUE",
            "SET DEFINE OFF",
            "SET SQLBLANKLINES ON",
            "SET SQLPREFIX ~",
            "SET FEEDBACK OFF",
            "SET LINESIZE 1000",
            "SET TRIMOUT ON",
            "SET TRIMSPOOL ON",
            "SET SERVEROUTPUT ON SIZE UNLIMITED FORMAT WRAPPED",
            *(f"VARIABLE sqlgen_{word} NUMBER" for word in COUNTERS),
            "BEGIN",
            *(f"    :sqlgen_{word} := 0;" for word in COUNTERS),
            "END;",
            "/",
            "SET TRANSACTION READ ONLY",
            "/",
        )

    def closing(self, title: str, total: int) -> Iterable[str]:
        """Return the verdict."""
        passed, warned, failed, skipped = (f":sqlgen_{word}" for word in COUNTERS)
        return (
            "DECLARE",
            "    silent NUMBER;",
            "    verdict VARCHAR2(6) := 'FAILED';",
            "BEGIN",
            f"    silent := {total} - {passed} - {warned} - {failed} - {skipped};",
            f"    IF {failed} = 0 AND silent = 0 THEN",
            "        verdict := 'passed';",
            "    END IF;",
            f"    DBMS_OUTPUT.PUT_LINE('sqlgen: {title} ' || verdict || ': ' || {failed} || ' FAIL, ' ||",
            f"        {warned} || ' WARN, ' || {passed} || ' PASS, ' || {skipped} || ' SKIP, ' ||",
            "        silent || ' without an answer');",
            "END;",
            "/",
            "ROLLBACK",
            "/",
            "SET FEEDBACK ON",
        )

    def line(self, check: Check, body: Iterable[str], found: str) -> str:
        """Return the block of a line; ``body`` sets ``status``."""
        name, place, subject, remedy = map(self.literal, check.fields)
        lines = [f"    {one}" for one in body]
        lines += [
            f"    DBMS_OUTPUT.PUT_LINE(status || ' | ' || {name} || ' | ' || {place} || ' | ' ||\n        {subject} ||",
            f"        ' | ' || {found} ||",
            f"        ' | ' || CASE status WHEN 'PASS' THEN '-' ELSE {remedy} END);",
        ]
        block: str = self.dialect.fitted(BLOCK.format(body="\n".join(lines)))
        return block

    def counted(self, check: Count) -> str:
        """Return a count; one that needs tables is run as a text, where they are there."""
        body: list[str] = []
        if check.needs:
            met = " AND ".join(map(self.met, check.needs))
            body += [f"SELECT CASE WHEN {met} THEN 1 ELSE 0 END INTO met FROM dual;"]
        run = f"EXECUTE IMMEDIATE {self.literal(check.sql)} INTO n;"
        body += ["IF met = 1 THEN", f"    {run}", "END IF;"]
        status = f"CASE WHEN n IS NULL THEN '{check.unmet}' WHEN n = 0 THEN 'PASS' ELSE '{check.severity}' END"
        unmet = self.literal(shown(self.unmet_text(check)))
        found = f"CASE WHEN n IS NULL THEN {unmet} ELSE n || {self.literal(f' {check.unit}')} END"
        return self.line(check, [*body, f"status := {status};"], found)

    def met(self, need: Need) -> str:
        """Return the condition that a table and its columns are there."""
        where = f"c.owner = {self.owner(need.schema)} AND c.table_name = {self.kept(need.table)}"
        if not need.columns:
            return f"(SELECT COUNT(*) FROM all_tables c WHERE {where}) = 1"
        names = ", ".join(map(self.kept, need.columns))
        return (
            f"(SELECT COUNT(*) FROM all_tab_columns c WHERE {where} AND c.column_name IN ({names})) = "
            f"{len(set(need.columns))}"
        )

    def compared(self, check: Fact) -> str:
        """Return a comparison."""
        wanted, plain = self.literal(check.wanted), self.literal(shown(check.wanted))
        body = [
            f"SELECT MAX(told) INTO found FROM ({check.sql});",
            f"status := CASE WHEN found = {wanted} THEN 'PASS' ELSE '{check.severity}' END;",
        ]
        failed = f"'found ' || NVL({FOUND_TEXT}, 'nothing') || ', wanted ' || {plain}"
        return self.line(check, body, f"CASE status WHEN 'PASS' THEN {plain} ELSE {failed} END")

    def told(self, check: Stated) -> str:
        """Return a line that is known."""
        return self.line(check, [f"status := '{check.status}';"], self.literal(shown(check.found)))

    # The catalogue.

    def name(self, name: str) -> str:
        """Return a name as the server keeps it."""
        return str(self.dialect.sa.denormalize_name(name))

    def kept(self, name: str) -> str:
        """Return a name as the server keeps it, as a literal."""
        return self.literal(self.name(name))

    def owner(self, schema: str | None) -> str:
        """Return the expression for a schema."""
        return self.kept(schema) if schema else "SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')"

    def where(self, table: state.Table) -> str:
        """Return the condition for what belongs to a table."""
        return f"c.owner = {self.owner(table.schema)} AND c.table_name = {self.kept(table.name)}"

    def table(self, table: state.Table) -> Told:
        """Return the question about a table, with its comment."""
        sql = (
            "SELECT 'table' || CASE WHEN c.comments IS NOT NULL THEN ' COMMENT ' || c.comments END AS told\n"
            f"        FROM all_tab_comments c WHERE {self.where(table)} AND c.table_type = 'TABLE'"
        )
        return Told(sql, "table" + (f" COMMENT {table.comment}" if table.comment else ""))

    def type_text(self, type_: TypeEngine[Any]) -> str:
        """Return a type as the catalogue tells it."""
        text: str = self.dialect.type_sql(type_).upper()
        found = TYPE.fullmatch(text)
        if found is None:
            return text
        name = SYNONYMS.get(found["name"], found["name"])
        args = re.sub(r" (?:CHAR|BYTE)\Z", "", (found["args"] or "").strip())
        args = squeezed(args)
        if name == "NUMBER" and args:
            args = args if "," in args else f"{args},0"
        elif name == "NUMBER" and found["name"] in ("NUMERIC", "DECIMAL"):
            name = "NUMBER(*,0)"
        if name.startswith("TIMESTAMP"):
            args = args or "6"
        if name in ("FLOAT", "NUMBER(*,0)", "CLOB", "BLOB", "DATE"):
            args = ""
        if name in ("CHAR", "NCHAR"):
            args = args or "1"
        return f"{name}{f'({args})' if args else ''}{found['rest'].rstrip()}"

    def column(self, table: state.Table, column: state.Column) -> Told:
        """Return the question about a column; defaults are kept as LONG, which no expression can hold."""
        computed = column.computed is not None
        wanted = "virtual" if computed else self.type_text(column.type)
        wanted += "" if column.nullable or computed else " NOT NULL"
        wanted += " IDENTITY" if column.identity else ""
        wanted += f" COMMENT {column.comment}" if column.comment else ""
        sql = (
            f"SELECT CASE c.virtual_column WHEN 'YES' THEN 'virtual' ELSE {TYPE_SQL} END\n"
            "        || CASE WHEN c.nullable = 'N' AND c.virtual_column = 'NO' THEN ' NOT NULL' END\n"
            "        || CASE c.identity_column WHEN 'YES' THEN ' IDENTITY' END\n"
            "        || CASE WHEN m.comments IS NOT NULL THEN ' COMMENT ' || m.comments END AS told\n"
            "        FROM all_tab_cols c LEFT JOIN all_col_comments m ON m.owner = c.owner"
            " AND m.table_name = c.table_name AND m.column_name = c.column_name\n"
            f"        WHERE {self.where(table)} AND c.column_name = {self.kept(column.name)}"
        )
        return Told(sql, wanted, "the expression" if computed else "the default" if column.default else "")

    def columns_of(self, alias: str) -> str:
        """Return the columns of a constraint, in order."""
        return (
            f"(SELECT LISTAGG(k.column_name, ', ') WITHIN GROUP (ORDER BY k.position) FROM all_cons_columns k"
            f" WHERE k.owner = {alias}.owner AND k.constraint_name = {alias}.constraint_name)"
        )

    def listed(self, names: Iterable[str]) -> str:
        """Return names as the server keeps them."""
        return ", ".join(map(self.name, names))

    def named(self, constraint: state.Constraint) -> str:
        """Return the condition for a constraint: its name, or its columns where the server named it."""
        if isinstance(constraint.name, ServerName) or constraint.name is None:
            return f"{self.columns_of('c')} = {self.literal(self.listed(constraint.columns))}"
        return f"c.constraint_name = {self.kept(constraint.name)}"

    def key(self, table: state.Table, key: state.PrimaryKey | state.Unique) -> Told:
        """Return the question about a primary key or UNIQUE constraint."""
        word, kind = ("PRIMARY KEY", "P") if isinstance(key, state.PrimaryKey) else ("UNIQUE", "U")
        sql = (
            f"SELECT '{word} (' || {self.columns_of('c')} || ')' AS told\n        FROM all_constraints c"
            f" WHERE {self.where(table)} AND c.constraint_type = '{kind}' AND {self.named(key)}"
        )
        return Told(sql, f"{word} ({self.listed(key.columns)})")

    def foreign_key(self, table: state.Table, key: state.ForeignKey) -> Told:
        """Return the question about a foreign key."""
        sql = (
            f"SELECT 'FOREIGN KEY (' || {self.columns_of('c')} || ') REFERENCES ' || r.table_name\n"
            f"        || ' (' || {self.columns_of('r')} || ') ON DELETE ' || c.delete_rule AS told\n"
            "        FROM all_constraints c JOIN all_constraints r ON r.owner = c.r_owner"
            " AND r.constraint_name = c.r_constraint_name\n"
            f"        WHERE {self.where(table)} AND c.constraint_type = 'R' AND {self.named(key)}"
        )
        action = self.answers.key_options(key).get("ondelete", "NO ACTION")
        wanted = (
            f"FOREIGN KEY ({self.listed(key.columns)}) REFERENCES {self.name(key.table)}"
            f" ({self.listed(key.referred)}) ON DELETE {action}"
        )
        return Told(sql, wanted)

    def check(self, table: state.Table, check: state.Check) -> Told:
        """Return the question about a CHECK: whether it is there; one that the server named cannot be told."""
        named = isinstance(check.name, str) and not isinstance(check.name, ServerName)
        where = f" AND c.constraint_name = {self.kept(str(check.name))}" if named else ""
        sql = (
            f"SELECT 'CHECK' AS told FROM all_constraints c WHERE {self.where(table)}"
            f" AND c.constraint_type = 'C'{where}"
        )
        return Told(sql, "CHECK", "the condition")

    def index(self, table: state.Table, index: state.Index) -> Told:
        """Return the question about an index; a column in descending order is an expression to the server."""
        part = "CASE WHEN k.column_name LIKE 'SYS_NC%' THEN '?' ELSE k.column_name END"
        columns = (
            f"(SELECT LISTAGG({part} || CASE k.descend WHEN 'DESC' THEN ' DESC' END, ', ')"
            " WITHIN GROUP (ORDER BY k.column_position) FROM all_ind_columns k"
            " WHERE k.index_owner = c.owner AND k.index_name = c.index_name)"
        )
        sql = (
            f"SELECT CASE c.uniqueness WHEN 'UNIQUE' THEN 'UNIQUE ' END || '(' || {columns} || ')' AS told\n"
            f"        FROM all_indexes c WHERE c.table_owner = {self.owner(table.schema)} AND c.table_name = "
            f"{self.kept(table.name)} AND c.index_name = {self.kept(str(index.name))}"
        )
        descending = ["desc" in part.order for part in index.parts]
        parts = [
            f"{'?' if late or part.column is None else self.name(part.column)}{' DESC' * late}"
            for part, late in zip(index.parts, descending, strict=True)
        ]
        return Told(sql, f"{'UNIQUE ' * index.unique}({', '.join(parts)})", "the expressions" if "?" in parts else "")

    def exists(self, kind: str, name: str, schema: str | None, table: str = "") -> str:
        """Return a query that counts the objects of a kind and name."""
        owner, kept = self.owner(schema), self.kept(name)
        if kind == "column":
            return (
                f"SELECT COUNT(*) FROM all_tab_columns c WHERE c.owner = {owner}"
                f" AND c.table_name = {self.kept(table)} AND c.column_name = {kept}"
            )
        if kind == "constraint":
            return f"SELECT COUNT(*) FROM all_constraints c WHERE c.owner = {owner} AND c.constraint_name = {kept}"
        kinds = {"index": "'INDEX'", "trigger": "'TRIGGER'"}.get(
            kind, "'TABLE', 'VIEW', 'SEQUENCE', 'SYNONYM', 'TYPE', 'MATERIALIZED VIEW'"
        )
        return (
            f"SELECT COUNT(*) FROM all_objects c WHERE c.owner = {owner} AND c.object_name = {kept}"
            f" AND c.object_type IN ({kinds})"
        )

    def there(self, kind: str, name: str, schema: str | None, table: str = "") -> str:
        """Return a query that is ``there`` for an object that exists."""
        return f"SELECT CASE WHEN ({self.exists(kind, name, schema, table)}) > 0 THEN 'there' END AS told FROM dual"

    # Server and user.

    def server(self) -> Told:
        """Return the question about the server's version."""
        first = "TO_NUMBER(REGEXP_SUBSTR(p.version, '^[0-9]+'))"
        sql = (
            f"SELECT CASE WHEN {first} >= {self.dialect.version_info[0]} THEN 'new enough' ELSE p.version END AS told\n"
            "        FROM product_component_version p WHERE p.product LIKE 'Oracle%'"
        )
        return Told(sql, "new enough")

    def rights(self, needed: Iterable[tuple[str, Need | None]]) -> Iterator[Right]:
        """Yield the right to create tables; in a schema of one's own nothing else has to be granted."""
        if any(word == "CREATE" for word, _ in needed):
            sql = (
                "SELECT CASE WHEN COUNT(*) > 0 THEN 'granted' END AS told FROM session_privs p"
                " WHERE p.privilege IN ('CREATE TABLE', 'CREATE ANY TABLE')"
            )
            yield Right("CREATE TABLE", "schema (current)", sql)

    # Rows.

    def too_long(self, column: str, length: int, type_: TypeEngine[Any]) -> str:
        """Return the condition for a text that is too long."""
        return f"LENGTH({column}) > {length}"

    def no_integer(self, column: str) -> str:
        """Return the condition for a text that is no integer."""
        return f"NOT REGEXP_LIKE({column}, '^[[:space:]]*[-+]?[0-9]+[[:space:]]*$')"
