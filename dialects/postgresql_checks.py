"""Questions to PostgreSQL, by psql or any other client: SELECTs, each in a read-only transaction of its own.

A SELECT cannot name a table that may be missing, and a read-only session makes no function: such a query is a text for
``ts_stat()``, which runs a query that gives a ``tsvector`` (PostgreSQL 15, 12.4.4), only where the catalogue has the
table and its columns. ``query_to_xml()`` would do too, but not on servers without libxml. Counters are settings of the
session, which a read-only transaction may set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.types import TypeEngine

from ..questions import Check, Count, Fact, Need, Questions, Right, Stated, Told, shown, squeezed
from ..schema import state
from .postgresql_reflection import DEFAULT_OPS, ordered
from .postgresql_type_names import TypeName
from .postgresql_words import Words

#: How a foreign key's actions stand in the catalogue (51.13 pg_constraint).
ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
SETTINGS = (
    r"\set QUIET on",
    r"\set ON_ERROR_STOP off",
    r"\encoding UTF8",
    r"\pset format unaligned",
    r"\pset tuples_only on",
    "SET standard_conforming_strings = on;",
    "SET client_min_messages = error;",
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;",
    *(f"SET sqlgen.{status} = '0';" for status in ("pass", "warn", "fail", "skip")),
)
LINE = """SELECT concat_ws(' | ', s.status, {name}, {place}, {subject},
         {found},
         CASE s.status WHEN 'PASS' THEN '-' ELSE {remedy} END)
    || left(set_config('sqlgen.' || lower(s.status), (current_setting('sqlgen.' || lower(s.status))::int + 1)::text,
         false), 0)
  FROM (SELECT {asked}) AS q CROSS JOIN LATERAL (SELECT {status} AS status) AS s;"""
#: A text of the catalogue on one line, without the separator of fields.
FOUND_TEXT = r"left(regexp_replace(q.found, E'[\\x01-\\x1f|]', ' ', 'g'), 200)"
COLUMN_NAMES = (
    "(SELECT string_agg(a.attname::text, ', ' ORDER BY k.n) FROM unnest({numbers}) WITH ORDINALITY AS k(number, n) "
    "JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = k.number)"
)
SQUEEZED = "regexp_replace({text}, E'[\\\\s()\\\\\\\\]', '', 'g')"
ACTION = "CASE {code} " + " ".join(f"WHEN '{code}' THEN '{word}'" for code, word in ACTIONS.items()) + " END"


class PostgreSQLQuestions(Questions):
    """How PostgreSQL is asked."""

    entering = ("SET search_path = {schema};",)
    answers: Any

    @property
    def words(self) -> Words:
        """What gives expressions the server's words."""
        found: Words = self.answers.words
        return found

    # The form of a script.

    def command(self, file: str) -> str:
        """Return the call of psql."""
        return f"psql -X -d DATABASE -f {file}"

    def opening(self) -> Iterable[str]:
        """Return the settings of psql and of the session; each statement is a transaction of its own."""
        return SETTINGS

    def closing(self, title: str, total: int) -> Iterable[str]:
        """Return the verdict, and the settings that put psql and the session back."""
        counts = [f"current_setting('sqlgen.{word}')::int" for word in ("pass", "warn", "fail", "skip")]
        passed, warned, failed, skipped = counts
        silent = f"{total} - {' - '.join(counts)}"
        return (
            f"SELECT format('sqlgen: {title} %s: %s FAIL, %s WARN, %s PASS, %s SKIP, %s without an answer', "
            f"CASE WHEN {failed} = 0 AND {silent} = 0 THEN 'passed' ELSE 'FAILED' END,\n"
            f"         {failed}, {warned}, {passed}, {skipped}, {silent});",
            "RESET default_transaction_read_only;",
            "RESET client_min_messages;",
            r"\pset tuples_only off",
            r"\pset format aligned",
            r"\set QUIET off",
        )

    def line(self, check: Check, asked: str, status: str, found: str) -> str:
        """Return the SELECT of a line."""
        name, place, subject, remedy = map(self.literal, check.fields)
        return LINE.format(
            name=name, place=place, subject=subject, remedy=remedy, asked=asked, status=status, found=found
        )

    def counted(self, check: Count) -> str:
        """Return a count; one that needs tables is run as a text, where they are there and may be read."""
        if not check.needs:
            asked = f"({check.sql})::bigint AS n"
        else:
            text = self.literal(f"SELECT array_to_tsvector(ARRAY[({check.sql})::text])")
            run = f"(SELECT s.word::bigint FROM ts_stat({text}) AS s)"
            asked = f"CASE WHEN {' AND '.join(map(self.met, check.needs))}\n         THEN {run} END AS n"
        status = f"CASE WHEN q.n IS NULL THEN '{check.unmet}' WHEN q.n = 0 THEN 'PASS' ELSE '{check.severity}' END"
        unmet = self.literal(shown(self.unmet_text(check)))
        return self.line(check, asked, status, f"coalesce(q.n || {self.literal(f' {check.unit}')}, {unmet})")

    def met(self, need: Need) -> str:
        """Return the condition that a table and its columns are there and may be read."""
        table = self.regclass(need.table, need.schema)
        told = f"has_table_privilege({table}, 'SELECT')"
        if need.columns:
            names = ", ".join(self.literal(name) for name in need.columns)
            told += (
                f" AND (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = {table} AND NOT a.attisdropped"
                f" AND a.attname IN ({names})) = {len(set(need.columns))}"
            )
        return f"{table} IS NOT NULL AND {told}"

    def compared(self, check: Fact) -> str:
        """Return a comparison."""
        wanted = self.literal(check.wanted)
        plain = self.literal(shown(check.wanted))
        failed = f"concat('found ', coalesce({FOUND_TEXT}, 'nothing'), ', wanted ', {plain})"
        return self.line(
            check,
            f"({check.sql})::text AS found",
            f"CASE WHEN q.found = {wanted} THEN 'PASS' ELSE '{check.severity}' END",
            f"CASE s.status WHEN 'PASS' THEN {plain} ELSE {failed} END",
        )

    def told(self, check: Stated) -> str:
        """Return a line that is known."""
        return self.line(check, "1 AS known", f"'{check.status}'", self.literal(shown(check.found)))

    # The catalogue.

    def regclass(self, name: str, schema: str | None) -> str:
        """Return the expression for a table, NULL when there is none."""
        return f"to_regclass({self.literal(self.table_name(name, schema))})"

    def of(self, table: state.Table) -> str:
        """Return the expression for a table of the shadow's."""
        return self.regclass(table.name, table.schema)

    def table(self, table: state.Table) -> Told:
        """Return the question about a table, with its comment."""
        comment = "coalesce(' COMMENT ' || obj_description(c.oid, 'pg_class'), '')"
        sql = f"SELECT 'table' || {comment} FROM pg_class c WHERE c.oid = {self.of(table)} AND c.relkind IN ('r', 'p')"
        return Told(sql, "table" + (f" COMMENT {table.comment}" if table.comment else ""))

    def known(self, text: str, types: Any) -> bool:
        """Tell whether an expression is in the server's words for certain."""
        return self.words.knows(text, types)

    def column(self, table: state.Table, column: state.Column) -> Told:
        """Return the question about a column."""
        wanted = self.words.type(column.type).formatted() + ("" if column.nullable else " NOT NULL")
        new = self.dialect.version_info >= (12,)
        text, generated, unsure = "pg_get_expr(d.adbin, d.adrelid)", "", ""
        types = self.words.column_types(table, self.answers.catalog)
        if column.identity is not None:
            wanted += f" GENERATED {'ALWAYS' if column.identity.get('always') else 'BY DEFAULT'} AS IDENTITY"
        if column.computed is not None:
            target = TypeName(self.words.type(column.type).plain.base)
            worded = self.words.expression(column.computed.sqltext, types, pretty=False, target=target)
            wanted += f" GENERATED {tight(worded)}"
            unsure = "" if self.known(column.computed.sqltext, types) else "the expression"
        elif column.default is not None:
            wanted += f" DEFAULT {tight(column.default)}"
            unsure = "" if self.known(column.default, {}) else "the default"
        if unsure:
            text = "'?'"
            wanted = f"{wanted.partition(' DEFAULT ')[0].partition(' GENERATED ')[0]}"
            wanted += " GENERATED ?" if column.computed is not None else " DEFAULT ?"
        if new:
            generated = f"WHEN a.attgenerated <> '' THEN ' GENERATED ' || {SQUEEZED.format(text=text)} "
        wanted += f" COMMENT {column.comment}" if column.comment else ""
        sql = (
            "SELECT format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END\n"
            "    || CASE a.attidentity WHEN 'a' THEN ' GENERATED ALWAYS AS IDENTITY'"
            " WHEN 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY' ELSE '' END\n"
            f"    || CASE WHEN d.adbin IS NULL THEN '' {generated}"
            f"ELSE ' DEFAULT ' || {SQUEEZED.format(text=text)} END\n"
            "    || coalesce(' COMMENT ' || col_description(a.attrelid, a.attnum), '')\n"
            "  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum\n"
            f" WHERE a.attrelid = {self.of(table)} AND a.attname = {self.literal(column.name)} AND NOT a.attisdropped"
        )
        return Told(sql, wanted, unsure)

    def constraint(self, table: state.Table, name: str | None, kind: str, told: str) -> str:
        """Return the query about a constraint."""
        return (
            f"SELECT {told}\n  FROM pg_constraint c\n"
            f" WHERE c.conrelid = {self.of(table)} AND c.contype = '{kind}' AND c.conname = {self.literal(str(name))}"
        )

    def key(self, table: state.Table, key: state.PrimaryKey | state.Unique) -> Told:
        """Return the question about a primary key or UNIQUE constraint."""
        word, kind = ("PRIMARY KEY", "p") if isinstance(key, state.PrimaryKey) else ("UNIQUE", "u")
        names = COLUMN_NAMES.format(numbers="c.conkey", table="c.conrelid")
        sql = self.constraint(table, key.name, kind, f"'{word} (' || {names} || ')'")
        return Told(sql, f"{word} ({', '.join(key.columns)})")

    def foreign_key(self, table: state.Table, key: state.ForeignKey) -> Told:
        """Return the question about a foreign key."""
        own = COLUMN_NAMES.format(numbers="c.conkey", table="c.conrelid")
        other = COLUMN_NAMES.format(numbers="c.confkey", table="c.confrelid")
        told = (
            f"'FOREIGN KEY (' || {own} || ') REFERENCES '\n"
            f"    || (SELECT r.relname FROM pg_class r WHERE r.oid = c.confrelid) || ' (' || {other} || ')'\n"
            f"    || ' ON UPDATE ' || {ACTION.format(code='c.confupdtype')}"
            f" || ' ON DELETE ' || {ACTION.format(code='c.confdeltype')}\n"
            "    || CASE WHEN c.condeferred THEN ' INITIALLY DEFERRED' WHEN c.condeferrable THEN ' DEFERRABLE'"
            " ELSE '' END"
        )
        options = self.answers.key_options(key)
        actions = [action_word(options.get(name)) for name in ("onupdate", "ondelete")]
        late = options.get("initially") == "DEFERRED"
        wanted = (
            f"FOREIGN KEY ({', '.join(key.columns)}) REFERENCES {key.table} ({', '.join(key.referred)})"
            f" ON UPDATE {actions[0]} ON DELETE {actions[1]}"
            + (" INITIALLY DEFERRED" if late else " DEFERRABLE" if options.get("deferrable") else "")
        )
        return Told(self.constraint(table, key.name, "f", told), wanted)

    def check(self, table: state.Table, check: state.Check) -> Told:
        """Return the question about a CHECK."""
        types = self.words.column_types(table, self.answers.catalog)
        if not self.known(check.sqltext, types):
            return Told(self.constraint(table, check.name, "c", "'CHECK'"), "CHECK", "the condition")
        told = f"'CHECK ' || {SQUEEZED.format(text='pg_get_expr(c.conbin, c.conrelid)')}"
        worded = self.words.expression(check.sqltext, types, pretty=False)
        return Told(self.constraint(table, check.name, "c", told), f"CHECK {tight(worded)}")

    def exclude(self, table: state.Table, one: state.Exclude) -> Told:
        """Return the question about an EXCLUDE constraint: whether it is there."""
        return Told(self.constraint(table, one.name, "x", "'EXCLUDE'"), "EXCLUDE", "what it excludes")

    def index(self, table: state.Table, index: state.Index) -> Told:
        """Return the question about an index."""
        types = self.words.column_types(table, self.answers.catalog)
        texts = [str(part.expression) for part in index.parts if part.expression is not None]
        where = self.option(index.options, "where")
        unsure = not all(self.known(text, types) for text in (*texts, *([str(where)] if where is not None else [])))
        ops = [str(one) for one in (self.option(index.options, "ops") or {}).values()]
        parts = [f"{'?' if unsure else self.part(part, types)}{order(part)}" for part in index.parts]
        using = str(self.option(index.options, "using") or "btree").lower()
        wanted = f"{'UNIQUE ' if index.unique else ''}{using} ({', '.join(parts)})"
        if where is not None and str(where).lower() != "true":
            wanted += " WHERE" if unsure else f" WHERE {tight(self.words.expression(str(where), types, False))}"
        doubt = "the expressions" if unsure else "operator classes" if set(ops) - {*DEFAULT_OPS} else ""
        return Told(self.index_sql(table, str(index.name), unsure), wanted, doubt)

    def part(self, part: state.Part, types: Any) -> str:
        """Return a part of an index."""
        if part.column is not None:
            return part.column
        return tight(self.words.expression(str(part.expression), types, pretty=False))

    def index_sql(self, table: state.Table, name: str, unsure: bool) -> str:
        """Return the query about an index."""
        keys = "i.indnkeyatts" if self.dialect.version_info >= (11,) else "i.indnatts"
        definition = SQUEEZED.format(text="pg_get_indexdef(i.indexrelid, n, false)")
        predicate = SQUEEZED.format(text="pg_get_expr(i.indpred, i.indrelid)")
        column = (
            "(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[n - 1])"
        )
        part = "'?'" if unsure else f"CASE i.indkey[n - 1] WHEN 0 THEN {definition} ELSE {column} END"
        return (
            "SELECT CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || m.amname || ' (' || (\n"
            f"    SELECT string_agg({part}\n"
            "        || CASE i.indoption[n - 1] & 3 WHEN 1 THEN ' DESC NULLS LAST' WHEN 2 THEN ' NULLS FIRST'"
            " WHEN 3 THEN ' DESC' ELSE '' END, ', ' ORDER BY n)\n"
            f"    FROM generate_series(1, {keys}) AS n) || ')'\n"
            f"    || CASE WHEN i.indpred IS NULL THEN '' ELSE ' WHERE'"
            f"{'' if unsure else f' || {chr(39)} {chr(39)} || {predicate}'} END\n"
            "    || CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END\n"
            "  FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam\n"
            f" WHERE i.indrelid = {self.of(table)} AND x.relname = {self.literal(name)}"
        )

    def enumeration(self, one: state.Enumeration) -> Told:
        """Return the question about an enum type."""
        type_ = f"to_regtype({self.literal(self.table_name(one.name, one.schema))})"
        sql = (
            "SELECT string_agg(e.enumlabel::text, ', ' ORDER BY e.enumsortorder)\n"
            f"  FROM pg_enum e WHERE e.enumtypid = {type_}"
        )
        return Told(sql, ", ".join(one.values))

    def exists(self, kind: str, name: str, schema: str | None, table: str = "") -> str:
        """Return a query that counts the objects of a kind and name; tables, views, indexes share their names."""
        literal = self.literal(name)
        if kind == "column":
            return (
                f"SELECT count(*) FROM pg_attribute a WHERE a.attrelid = {self.regclass(table, schema)}"
                f" AND a.attname = {literal} AND NOT a.attisdropped"
            )
        if kind in ("constraint", "trigger"):
            place, own = ("pg_constraint", "con") if kind == "constraint" else ("pg_trigger", "tg")
            return (
                f"SELECT count(*) FROM {place} c WHERE c.{own}relid = {self.regclass(table, schema)}"
                f" AND c.{own}name = {literal}"
            )
        if kind == "type":
            return (
                "SELECT count(*) FROM pg_type t"
                f" WHERE t.oid = to_regtype({self.literal(self.table_name(name, schema))})"
            )
        kinds = {"view": " AND c.relkind IN ('v', 'm')", "sequence": " AND c.relkind = 'S'"}.get(kind, "")
        return f"SELECT count(*) FROM pg_class c WHERE c.oid = {self.regclass(name, schema)}{kinds}"

    # Server and user.

    def server(self) -> Told:
        """Return the question about the server's version."""
        wanted = (*self.dialect.version_info, 0, 0)[:2]
        number = wanted[0] * 10000 + wanted[1] * (1 if wanted[0] >= 10 else 100)
        sql = f"SELECT CASE WHEN current_setting('server_version_num')::int >= {number} THEN 'new enough' ELSE"
        return Told(f"{sql} current_setting('server_version') END", "new enough")

    def rights(self, needed: Iterable[tuple[str, Need | None]]) -> Iterator[Right]:
        """Yield the rights: to create in a schema, to own what is altered, to write rows."""
        for word, need in needed:
            if need is None or word == "CREATE":
                schema = need.schema if need is not None else None
                name = self.literal(schema) if schema else "current_schema()"
                sql = (
                    "SELECT 'granted' FROM pg_namespace n WHERE n.nspname = "
                    f"{name} AND has_schema_privilege(n.oid, 'CREATE')"
                )
                yield Right("CREATE", f"schema {schema or '(current)'}", sql)
                continue
            table = self.regclass(need.table, need.schema)
            subject = f"table {need.schema + '.' if need.schema else ''}{need.table}"
            if word in ("ALTER", "DROP", "INDEX"):
                told = "pg_has_role(c.relowner, 'USAGE')"
                yield Right("ownership", subject, f"SELECT 'granted' FROM pg_class c WHERE c.oid = {table} AND {told}")
            else:
                told = f"has_table_privilege(c.oid, '{word}')"
                yield Right(word, subject, f"SELECT 'granted' FROM pg_class c WHERE c.oid = {table} AND {told}")

    # Rows.

    def too_long(self, column: str, length: int, type_: TypeEngine[Any]) -> str:
        """Return the condition for a text that is too long; blanks at its end are cut (8.3)."""
        return f"char_length(rtrim({column}::text)) > {length}"

    def no_integer(self, column: str) -> str:
        """Return the condition for a text that is no integer."""
        return f"{column}::text !~ '^\\s*[-+]?[0-9]+\\s*$'"


def tight(text: str) -> str:
    """Return SQL text without blanks, parentheses and backslashes, as ``SQUEEZED`` does."""
    return squeezed(text, " \t\n\r()\\")


def order(part: state.Part) -> str:
    """Return how a part of an index is ordered, where that is not the default."""
    words = {("desc",): " DESC", ("desc", "nulls_last"): " DESC NULLS LAST", ("nulls_first",): " NULLS FIRST"}
    return words.get(ordered(part), "")


def action_word(action: Any) -> str:
    """Return an action of a foreign key without the columns that it names."""
    return re.sub(r"\s*\(.*", "", str(action or "NO ACTION"), flags=re.S).upper()
