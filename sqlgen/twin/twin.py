"""The row twin: answers what revisions read of the rows that the script itself wrote.

Each statement of a revision is run here too: a SELECT gives its rows, an INSERT adds some, and an UPDATE or DELETE is
a SELECT of the rows that it hits, whose new values are then put in their place. What cannot be followed with certainty
makes the table, or the columns, unknown from there on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import functions, selectable, visitors
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.sql.elements import BindParameter, ClauseElement, ColumnClause

from ..compiler import OfflineDialect
from ..literals import ServerValue, Verbatim
from ..operations.model import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    DropTableComment,
    Operation,
    RenameTable,
    SetTableComment,
)
from ..records import dataclass, replace
from ..schema.replica import Outcome
from ..schema.words import KNOWN_CALLS
from .checks import RowId
from .facts import RowFacts
from .kept import Kept
from .mirror import Cell, Mirror, quoted
from .parse import Change, Translator
from .queries import Queries, ValueOf
from .received import Received
from .tables import Key, TwinColumn
from .text import (
    dropped,
    leaves_rows,
    makes_trigger,
    moves_keys,
    named_words,
    only_reads,
    turns,
    without_comments,
    works_out,
    writes,
)
from .values import NotKnown, decoded, is_unknown, unknown, unknown_expression

Rows = list[tuple[Any, ...]]

#: What text may do to a schema with an effect on rows that is known, or with none.
FOLLOWED = (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    DropTableComment,
    RenameTable,
    SetTableComment,
)


@dataclass(frozen=True, slots=True)
class Returning:
    """What RETURNING asks of the rows that a statement of a kind writes: a query without FROM, and their condition."""

    query: Any
    value_of: ValueOf
    types: list[Any] | None
    kind: str
    criteria: tuple[Any, ...] = ()


def kind_and_criteria(statement: Any) -> tuple[str, tuple[Any, ...]]:
    """Return which kind of statement writes rows, and by which condition."""
    if isinstance(statement, Insert):
        return "insert", ()
    return "delete" if isinstance(statement, Delete) else "update", statement._where_criteria


class Twin(Mirror):
    """The mirror of the tables that a script made, with the answers to the statements of revisions.

    ``missing`` makes the object that stands for a value which only the server knows.
    """

    def __init__(
        self, dialect: OfflineDialect, facts: RowFacts, missing: Callable[[str], Any], kept: Kept | None = None
    ) -> None:
        super().__init__(dialect, facts, kept)
        self.missing = missing
        self.queries = Queries(self.database, dialect, facts, self.find)
        self.translator = Translator(facts.parser, self._column_names)

    # What comes over the connection.

    def select(self, received: Received) -> Rows:
        """Return the rows of a SELECT as a driver would. Raises NotKnown."""
        statement = received.statement
        if not isinstance(statement, selectable.Select | selectable.CompoundSelect):
            raise NotKnown("a statement that is no SELECT of SQLAlchemy's")
        types = [column.type for column in received.compiled._result_columns]
        return self.rows(statement, received.value_of, types)

    def rows(self, statement: Any, value_of: ValueOf, types: list[Any] | None = None) -> Rows:
        """Return the rows of a SELECT as a driver would; ``types`` are those that SQLAlchemy knows. Raises NotKnown."""
        try:
            found, kinds = self.queries.run(statement, value_of)
        except NotKnown:
            self._may_write(statement)
            raise
        typed = [type_ is not None and not type_._isnull for type_ in types or [None] * len(kinds)]
        if len(typed) != len(kinds):
            raise NotKnown("a query with columns of SQLAlchemy's own")
        return [tuple(map(self._decoded, row, kinds, typed)) for row in found]

    def _decoded(self, value: Any, kind: str, typed: bool) -> Any:
        return decoded(value, kind, typed=typed, facts=self.facts, missing=self.missing)

    def _may_write(self, statement: Any) -> None:
        """A function that nobody here knows may write rows, and a known one may move a sequence."""
        calls = [part for part in visitors.iterate(statement) if isinstance(part, functions.FunctionElement)]
        names = [getattr(call, "name", "") for call in calls]
        if any(not KNOWN_CALLS.fullmatch(name) for name in names):
            self.lose_all("a query called a function that may have written it")
        if names:
            self.lose_keys()

    def write(self, sets: Iterable[Received]) -> int | None:
        """Follow an INSERT, UPDATE or DELETE with each of its sets of values.

        Return how many rows it hits, None when nobody here knows.
        """
        self.written()
        count = 0
        for received in sets:
            try:
                count += self._write(received)
            except NotKnown as error:
                self._spoil(received, str(error))
                return None
        return count

    def write_returning(self, received: Received) -> tuple[int | None, Rows | None]:
        """Follow a statement with RETURNING; return how many rows it hits, and what it gives, as far as known."""
        if not self.facts.returning:
            return self.write([received]), None
        statement = received.statement
        types = [column.type for column in received.compiled._result_columns]
        query = sa.select(*statement._returning)
        with_rows = Returning(query, received.value_of, types, *kind_and_criteria(statement))
        found = self._seen_before(statement.table, with_rows)
        count = self.write([received])
        return count, self._seen_after(found, with_rows) if count is not None else None

    def _seen_before(self, clause: Any, returning: Returning) -> Rows | Any:
        """Return the rows that DELETE … RETURNING gives, of another statement the query for them; None if unknown."""
        query = returning.query.select_from(clause)
        try:
            table = self.find(clause)
            if len(query.where(*returning.criteria).get_final_froms()) != 1:
                raise NotKnown("RETURNING of several tables")
            if returning.kind == "delete":
                return self.rows(query.where(*returning.criteria), returning.value_of, returning.types)
            number = RowId(str(clause.name), sa.Integer())
            if returning.kind == "update":
                hit, _ = self._hit(clause, [], returning.criteria, returning.value_of)
                return query.where(number.in_([row[0] for row in hit]))
            last = self.database.run(f"SELECT coalesce(max(rowid), 0) FROM {quoted(table.place)}")[0][0]
            return query.where(number > last)
        except NotKnown:
            return None

    def _seen_after(self, found: Rows | Any, returning: Returning) -> Rows | None:
        """Return the rows that RETURNING gives, None when nobody here knows."""
        if found is None or isinstance(found, list):
            return found
        try:
            return self.rows(found, returning.value_of, returning.types)
        except NotKnown:
            return None

    def _write(self, received: Received) -> int:
        statement = received.statement
        if not isinstance(statement.table, selectable.TableClause):
            raise NotKnown("a statement that writes a join")
        plain = not any((statement._prefixes, statement._hints, statement.dialect_kwargs, statement._independent_ctes))
        if not plain or getattr(statement, "_post_values_clause", None) is not None:
            raise NotKnown("a hint, a prefix or ON CONFLICT")
        self.find(statement.table)
        if isinstance(statement, Insert):
            return self._insert(received)
        if isinstance(statement, Update):
            return self.update(statement.table, received.updated(), statement._where_criteria, received.value_of)
        if isinstance(statement, Delete):
            return self.delete(statement.table, statement._where_criteria, received.value_of)
        raise NotKnown("a statement of a kind of its own")

    def _spoil(self, received: Received, why: str) -> None:
        """Note what a statement made unknown that could not be followed: columns of an UPDATE, else the whole table."""
        statement = received.statement
        tables = [part for part in visitors.iterate(statement) if isinstance(part, selectable.TableClause)]
        keys = [self._key_of(table) for table in tables]
        known = [key for key in keys if key in self.tables]
        if isinstance(statement, Update) and isinstance(statement.table, selectable.TableClause):
            key = self._key_of(statement.table)
            if key in self.tables and not self.tables[key].lost:
                self._safely(key, lambda: self.blur(key, self._set_columns(received), why))
            return
        if isinstance(getattr(statement, "table", None), selectable.TableClause):
            known = [key for key in known if key == self._key_of(statement.table)]
        for key in known:
            self.lose(key, why)
            self.lose_children(key)

    @staticmethod
    def _set_columns(received: Received) -> list[str]:
        columns = received.statement.table.c
        return [str(columns[key].name) for key in received.updated() if key in columns]

    def _key_of(self, table: Any) -> Key:
        return self.key(str(table.name), getattr(table, "schema", None))

    def blur(self, key: Key, columns: list[str], why: str) -> None:
        """Make some columns of all rows of a table unknown. Raises NotKnown when one is not there."""
        table = self.settled(key, self.tables[key])
        self.lose_children(key, columns)
        for name in columns:
            column = table.column(name)
            what = unknown(f"column {column.name} after an UPDATE ({why})", null=True)
            self.database.run(f"UPDATE {quoted(table.place)} SET {quoted(column.name)} = ?", (what,))
            table = table.with_column(replace(column, doubtful=True))
        self.tables[key] = table

    # INSERT.

    def _insert(self, received: Received) -> int:
        table = received.statement.table
        if received.statement.select is not None:
            return self.insert_from(
                table, received.statement._select_names, received.statement.select, received.value_of
            )
        rows = [
            {name: self._given(value, received.value_of) for name, value in row.items()} for row in received.inserted()
        ]
        return self.insert(self._key_of(table), table, rows)

    def _given(self, value: Any, value_of: ValueOf) -> Any:
        """Return a value as an author would give it in a row; of an expression what it comes to."""
        if isinstance(value, ServerValue | Verbatim):
            return Cell(unknown("what only the server knows"))
        if hasattr(value, "__clause_element__"):
            value = value.__clause_element__()
        if not isinstance(value, ClauseElement):
            return value
        if isinstance(value, BindParameter):
            return value_of(value)
        try:
            query = value if isinstance(value, selectable.SelectBase) else sa.select(value)  # type: ignore[call-overload]
            rows, _ = self.queries.run(query, value_of)
        except NotKnown as error:
            return Cell(unknown_expression(str(value), f"{value}: {error}"))
        return Cell(rows[0][0] if rows else None)

    def insert_from(self, clause: Any, keys: Iterable[Any], query: Any, value_of: ValueOf) -> int:
        """Follow INSERT … SELECT. Raises NotKnown."""
        key = self._key_of(clause)
        table = self.find(clause)
        names = [name if isinstance(name, str) else name.key for name in keys]
        rows, kinds = self.queries.run(query, value_of)
        for name, kind in zip(names, kinds, strict=True):
            self._fits(table.column(str(clause.c[name].name)), kind)
        # The order in which a server numbers these rows is its own.
        self.tables[key] = replace(self.tables[key], next_key=None)
        return self.insert(key, clause, (dict(zip(names, map(Cell, row), strict=True)) for row in rows))

    @staticmethod
    def _fits(column: TwinColumn, kind: str) -> None:
        """Raise NotKnown unless a column keeps values of a kind as they are."""
        if kind not in (column.kind, "null") and not (kind in ("text", "enum") and column.kind in ("text", "enum")):
            raise NotKnown(f"a value of another kind in column {column.name}")

    # UPDATE and DELETE.

    def update(self, clause: Any, changes: Mapping[str, Any], criteria: Any, value_of: ValueOf) -> int:
        """Follow an UPDATE; ``changes`` are values or expressions by the keys of columns. Raises NotKnown."""
        key = self._key_of(clause)
        table = self.find(clause)
        columns = {name: table.column(str(clause.c[name].name)) for name in changes}
        plain = {name: self._plain_value(value, value_of) for name, value in changes.items()}
        worked_out = [name for name, value in plain.items() if isinstance(value, ClauseElement)]
        if self.facts.sets_in_order and any(mentions(plain[name], set(changes) - {name}) for name in worked_out):
            raise NotKnown("an UPDATE with expressions, which sees its own changes")
        for name in worked_out:
            plain[name] = self._followed(clause, columns[name], plain[name], criteria, value_of)
        worked_out = [name for name, value in plain.items() if isinstance(value, ClauseElement)]
        rows, _ = self._hit(clause, [plain[name] for name in worked_out], criteria, value_of)
        makers = {name: self._maker(clause.c[name], column) for name, column in columns.items()}
        fixed = {name: makers[name](plain[name]) for name in changes if name not in worked_out}
        parts = []
        for number, *values in rows:
            own = {name: makers[name](Cell(value)) for name, value in zip(worked_out, values, strict=True)}
            parts.append([*((fixed | own)[name] for name in changes), number])
        if rows:
            assignments = ", ".join(f"{quoted(columns[name].name)} = ?" for name in changes)
            self.database.run_many(f"UPDATE {quoted(table.place)} SET {assignments} WHERE rowid = ?", parts)
            for place, column in enumerate(columns.values()):
                if any(is_unknown(part[place]) for part in parts):
                    self.tables[key] = self.tables[key].with_column(replace(column, doubtful=True))
            self.lose_children(key, [column.name for column in columns.values()])
        return len(rows)

    def _followed(self, clause: Any, column: TwinColumn, value: Any, criteria: Any, value_of: ValueOf) -> Any:
        """Return an expression of UPDATE when it can be worked out here; else what stands for its unknown value."""
        try:
            _, kinds = self._hit(clause, [value], criteria, value_of)
            self._fits(column, kinds[1])
        except NotKnown as error:
            return Cell(unknown_expression(str(value), f"column {column.name} after an UPDATE ({error})"))
        return value

    def _plain_value(self, value: Any, value_of: ValueOf) -> Any:
        """Return a value, or an expression that must be worked out for each row."""
        if hasattr(value, "__clause_element__"):
            value = value.__clause_element__()
        if isinstance(value, BindParameter):
            return value_of(value)
        if isinstance(value, selectable.SelectBase):
            return value.scalar_subquery()
        return value

    def _hit(self, clause: Any, expressions: list[Any], criteria: Any, value_of: ValueOf) -> tuple[Rows, list[str]]:
        """Return the numbers of the rows that a statement hits, with what expressions come to in each."""
        query = sa.select(RowId(str(clause.name), sa.Integer()), *expressions).select_from(clause).where(*criteria)
        rows, kinds = self.queries.run(query, value_of)
        found: dict[Any, Any] = {}
        for row in rows:
            if found.setdefault(row[0], row) != row:
                raise NotKnown("an UPDATE whose join finds several values for one row")
        return list(found.values()), kinds

    def delete(self, clause: Any, criteria: Any, value_of: ValueOf) -> int:
        """Follow a DELETE. Raises NotKnown."""
        table = self.find(clause)
        rows, _ = self._hit(clause, [], criteria, value_of)
        if rows:
            self.database.run_many(f"DELETE FROM {quoted(table.place)} WHERE rowid = ?", [row[:1] for row in rows])
            self.lose_children(self._key_of(clause))
        return len(rows)

    def last_key(self, clause: Any) -> int | None:
        """Return the last key that the server gave to a row of a table, None when only the server knows it."""
        table = self.tables.get(self._key_of(clause))
        return table.next_key - 1 if table is not None and not table.lost and table.next_key else None

    # Text.

    def text_rows(self, sql: str) -> tuple[Rows, list[str]]:
        """Return the rows of a SELECT in text, and the names of its columns. Raises NotKnown."""
        query, names = self.translator.query(sql)
        return self.rows(query, Received.own_value), names

    def text(self, sql: str, changes: tuple[Operation, ...] | None = None) -> Outcome | None:
        """Follow a statement of text; return how many rows it hits, and gives back, None when nobody here knows.

        ``changes`` are what it does to the schema, where that is understood.
        """
        sql = without_comments(sql)
        if makes_trigger(sql):
            self.triggers = True
        if changes and not works_out(sql) and all(isinstance(change, FOLLOWED) for change in changes):
            for change in changes:
                self._follow(change)
            return None
        if turns(sql):
            self.lose_all("text SQL changed which schema is meant")
        if leaves_rows(sql) or not self.tables:
            return None
        if (table := dropped(sql)) is not None:
            self.drop(*table)
            return None
        if moves_keys(sql):
            self.lose_keys()
        if moves_keys(sql) or only_reads(sql):
            return None
        self.written()
        why = "text SQL"
        try:
            if writes(sql):
                return self._outcome(self.translator.change(sql))
        except NotKnown as error:
            why = f"text SQL that was not followed ({error})"
        self._text_spoils(sql, why)
        return None

    def _follow(self, change: Operation) -> None:
        if isinstance(change, CreateTable):
            self.create(change.table, if_missing=change.if_not_exists)
        elif isinstance(change, DropTable):
            self.drop(str(change.table.name), change.table.schema)
        else:
            self.applied(change)

    def _outcome(self, change: Change) -> Outcome:
        """Follow a change. Raises NotKnown."""
        if not change.returning:
            return Outcome(rowcount=self._change_rows(change))
        if not self.facts.returning:
            raise NotKnown("RETURNING")
        returning = Returning(sa.select(*change.returning), Received.own_value, None, change.kind, change.criteria)
        found = self._seen_before(change.table, returning)
        count = self._change_rows(change)
        rows = self._seen_after(found, returning)
        if rows is None:
            return Outcome(rowcount=count)
        return Outcome(tuple(str(column.name) for column in change.returning), rows, count)

    def _change_rows(self, change: Change) -> int:
        table = change.table
        if change.kind == "update":
            return self.update(table, change.changes, change.criteria, Received.own_value)
        if change.kind == "insert" and change.query is None:
            rows = [
                {name: self._given(value, Received.own_value) for name, value in row.items()} for row in change.rows
            ]
            return self.insert(self._key_of(table), table, rows)
        if change.kind == "insert":
            return self.insert_from(table, change.columns, change.query, Received.own_value)
        if change.restarts:
            self.lose_keys()
        return self.delete(table, change.criteria, Received.own_value)

    def _text_spoils(self, sql: str, why: str) -> None:
        """Lose what a text may have written."""
        words = named_words(sql)
        if words is None:
            self.lose_all(f"{why} may have written it")
            return
        for key in [key for key in self.tables if key[1] in words]:
            self.lose(key, f"{why} may have written it")
            self.lose_children(key)

    def _column_names(self, name: str, schema: str | None) -> list[str]:
        table = self.find(sa.table(name, schema=schema))
        return [column.name for column in table.columns.values()]


def mentions(expression: Any, names: set[str]) -> bool:
    """Tell whether an expression mentions a column of one of these names."""
    return any(isinstance(part, ColumnClause) and part.key in names for part in visitors.iterate(expression))
