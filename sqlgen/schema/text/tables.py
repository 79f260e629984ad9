"""CREATE TABLE, DROP TABLE and indexes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, cast

import sqlalchemy as sa

from ...operations.constraint_ops import DropIndexOp
from ...operations.model import CreateIndex, CreateTable, DropIndex, DropTable, Operation
from ...records import replace
from ..changes import CopyTable, CreateSequence
from .columns import ColumnGrammar, ColumnText
from .facts import clause, dialect_options, escaped
from .reader import NotFollowed, Reader

Operations = tuple[Operation, ...]
TEMPORARY = frozenset(("TEMP", "TEMPORARY"))
INDEX_KINDS = frozenset(("UNIQUE", "FULLTEXT", "SPATIAL", "BITMAP", "CLUSTERED", "NONCLUSTERED"))
ORDERS = frozenset(("ASC", "DESC"))


class TableGrammar(ColumnGrammar):
    """Tables and indexes as wholes."""

    #: Words that begin an index among the columns of a table; none where a table cannot hold any.
    index_words: ClassVar[frozenset[str]] = frozenset()
    #: Where no two indexes have the same name: in a ``schema``, or in a ``table``.
    index_scope: ClassVar[str] = "schema"
    #: Whether the schema of an index, and of its table, stands before the index's name alone.
    index_names_schema: ClassVar[bool] = False

    def create_table(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take CREATE TABLE from the name on."""
        if_not_exists = reader.takes("IF", "NOT", "EXISTS")
        name, schema = reader.qualified()
        temporary = bool(TEMPORARY & set(said)) or name.startswith("#")
        if reader.shows("LIKE") or reader.shows("(", "LIKE"):
            copied = self.copied(reader)
            return self.replaced(
                name,
                schema,
                said,
                CopyTable(table_name=name, schema=schema, if_not_exists=if_not_exists, temporary=temporary, **copied),
            )
        columns, others = self.table_items(reader.group(), name, schema)
        options = self.table_options(reader)
        reader.ends()
        options |= {"prefixes": ["TEMPORARY"]} if temporary else {}
        table = self.table(name, schema, columns, others, options)
        made = CreateTable(table=table, if_not_exists=if_not_exists)
        sequences = [
            CreateSequence(
                name=column.sequence,
                schema=schema,
                type_=column.type_,
                owned_by=(schema, name, column.name),
                if_not_exists=if_not_exists,
            )
            for column in columns
            if column.sequence
        ]
        return (*sequences, *self.replaced(name, schema, said, made))

    def replaced(self, name: str, schema: str | None, said: Collection[str], made: Operation) -> Operations:
        """Return the operations that make a table, in the place of one that may exist."""
        if "REPLACE" not in said:
            return (made,)
        return (DropTable(table=self.skeletons.table(name, schema=schema), if_exists=True), made)

    def copied(self, reader: Reader) -> dict[str, Any]:
        """Take LIKE, with or without parentheses, and return what is copied."""
        inner = reader.group() if reader.shows("(") else reader
        inner.needs("LIKE")
        source_name, source_schema = inner.qualified()
        including: set[str] = set()
        while not inner.is_done:
            taken = inner.takes("INCLUDING")
            if not taken:
                inner.needs("EXCLUDING")
            word = inner.word().lower()
            (including.add if taken else including.discard)(word)
        reader.ends()
        return {"source_name": source_name, "source_schema": source_schema, "including": frozenset(including)}

    def table_items(self, reader: Reader, name: str, schema: str | None) -> tuple[list[ColumnText], list[Any]]:
        """Take what stands in the parentheses of CREATE TABLE: columns; and constraints and indexes."""
        self.own_table, self.own_key = (name, schema), self.primary_key(reader)
        columns: list[ColumnText] = []
        others: list[Any] = []
        for item in reader.items():
            if self.is_constraint(item):
                others.append(self.constraint(item))
            elif self.is_index(item):
                others.append(self.inner_index(item, others, (name, schema)))
            else:
                columns.append(self.column(item, (name, schema)))
            item.ends()
        return columns, others

    def primary_key(self, reader: Reader) -> list[str]:
        """Return the primary key of a table from what stands in its parentheses; nothing is taken."""
        for item in reader.part(reader.at, reader.stop).items():
            start = item.at
            item.skip(("PRIMARY",))
            if not item.takes("PRIMARY", "KEY"):
                continue
            item.skip(("(",))
            if not item.is_done:
                return [key.name() for key in item.group().items()]
            return [item.part(start, item.stop).name()]
        return []

    def is_index(self, reader: Reader) -> bool:
        """Tell whether an index comes next, among the columns of a table."""
        return any(reader.shows(word) for word in self.index_words)

    def inner_index(self, reader: Reader, others: Sequence[Any], table: tuple[str, str | None]) -> sa.Index:
        """Take an index among the columns of a table. Raises NotFollowed where there is no such thing."""
        raise NotFollowed("a table holds no indexes")

    def table_options(self, reader: Reader) -> dict[str, Any]:
        """Take what follows the parentheses, and return arguments for ``sa.Table``."""
        return {}

    def table(
        self,
        name: str,
        schema: str | None,
        columns: Sequence[ColumnText],
        others: Sequence[Any],
        options: Mapping[str, Any],
    ) -> sa.Table:
        """Return a table. The columns of its primary key are NOT NULL."""
        keyed = {str(key) for one in others if isinstance(one, sa.PrimaryKeyConstraint) for key in one._pending_colargs}
        items: list[Any] = []
        for column in columns:
            column.nullable = False if column.name in keyed else column.nullable
            items += [column.column(), *column.constraints]
        named = next((column.primary for column in columns if column.primary and column.primary[0]), None)
        if named is not None:
            keys = [column.name for column in columns if column.primary]
            items.append(sa.PrimaryKeyConstraint(*keys, name=named[0]))
        return self.skeletons.table(name, [*items, *others], schema=schema, **options)

    def drop_table(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take DROP TABLE from the names on."""
        if_exists, names, cascade = self.dropped(reader)
        options = {"prefixes": ["TEMPORARY"]} if "TEMPORARY" in said else {}
        return tuple(
            DropTable(table=self.skeletons.table(name, schema=schema, **options), if_exists=if_exists, cascade=cascade)
            for name, schema in names
        )

    def dropped(self, reader: Reader) -> tuple[bool, list[tuple[str, str | None]], bool]:
        """Take the end of a DROP: IF EXISTS, names, CASCADE."""
        if_exists = reader.takes("IF", "EXISTS")
        names = [reader.qualified()]
        while reader.takes(","):
            names.append(reader.qualified())
        return if_exists, names, self.cascades(reader)

    def cascades(self, reader: Reader) -> bool:
        """Take CASCADE or RESTRICT, which end a statement, and tell whether it is the first."""
        cascade = reader.takes("CASCADE")
        reader.takes("CONSTRAINTS")
        reader.takes("RESTRICT")
        reader.takes("PURGE")
        reader.ends()
        return cascade

    # Indexes.

    def create_index(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take CREATE INDEX from behind that word."""
        reader.takes("CONCURRENTLY")
        if_not_exists = reader.takes("IF", "NOT", "EXISTS")
        name, owner = (None, None) if reader.shows("ON") else reader.qualified()
        options = self.index_kind(said)
        if reader.takes("USING"):
            options["using"] = reader.name()
        reader.needs("ON")
        reader.takes("ONLY")
        table, schema = reader.qualified()
        if reader.takes("USING"):
            options["using"] = reader.name()
        schema = owner if self.index_names_schema else schema
        index = self.index(name, table, schema, reader, options)
        reader.ends()
        return (CreateIndex(index=index, if_not_exists=if_not_exists),)

    def index_kind(self, said: Collection[str]) -> dict[str, Any]:
        """Return the options that words before INDEX stand for."""
        return {"unique": "UNIQUE" in said}

    def index(
        self, name: str | None, table: str, schema: str | None, reader: Reader, options: dict[str, Any]
    ) -> sa.Index:
        """Take the parts of an index and what follows them, and return the index."""
        expressions: list[Any] = []
        names: list[str] = []
        for item in reader.group().items():
            expressions.append(self.index_part(item, options, names))
            item.ends()
        self.index_options(reader, options)
        unique = bool(options.pop("unique", False))
        given = dialect_options(self.dialect.name, options)
        info = {} if name is not None else {"nameless": self.index_scope}
        called = name if name is not None else self.index_name(table, names, unique)
        return self.skeletons.index(called, table, expressions, schema=schema, unique=unique, info=info, **given)

    def index_name(self, table: str, names: Sequence[str], unique: bool) -> str:
        """Return the name that the server gives an index, unless it is taken. Raises NotFollowed where it is drawn."""
        raise NotFollowed("an index has no name")

    def index_part(self, reader: Reader, options: dict[str, Any], names: list[str]) -> Any:
        """Take a column or an expression of an index; ``names`` gets what it is called by."""
        token = reader.peek()
        if token is None or token.kind not in ("word", "name") or self.is_call(reader):
            return self.index_expression(reader, names)
        name = reader.name()
        names.append(name)
        self.column_part(reader, name, options)
        return ordered(sa.Column(name), reader)

    def is_call(self, reader: Reader) -> bool:
        """Tell whether a function's call, or another expression that starts with a word, comes next."""
        following = reader.peek(1)
        return following is not None and following.kind not in ("word", "name")

    def index_expression(self, reader: Reader, names: list[str]) -> Any:
        """Take an expression of an index."""
        names.append("expr")
        text = reader.expression((*ORDERS, "NULLS"))
        if reader.is_done:
            return clause(text)
        return clause(f"{text} {reader.rest()}")

    def column_part(self, reader: Reader, name: str, options: dict[str, Any]) -> None:
        """Take what may stand between a column of an index and its order."""

    def index_options(self, reader: Reader, options: dict[str, Any]) -> None:
        """Take what follows the parts of an index."""
        if reader.takes("INCLUDE"):
            options["include"] = [item.name() for item in reader.group().items()]
        if distinct := self.nulls_distinct(reader):
            options |= distinct
        if reader.takes("WITH"):
            options["with"] = self.storage(reader.group())
        if reader.takes("TABLESPACE"):
            options["tablespace"] = reader.name()
        if reader.takes("WHERE"):
            options["where"] = escaped(reader.rest())

    def storage(self, reader: Reader) -> dict[str, str]:
        """Take parameters of the form ``name = value``."""
        found = {}
        for item in reader.items():
            key = item.name()
            found[key] = item.rest() if item.takes("=") else ""
        return found

    def drop_index(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take DROP INDEX from behind that word."""
        reader.takes("CONCURRENTLY")
        if_exists = reader.takes("IF", "EXISTS")
        names = [reader.qualified()]
        while reader.takes(","):
            names.append(reader.qualified())
        table: str | None = None
        if reader.takes("ON"):
            table, schema = reader.qualified()
            names = [(name, schema) for name, _ in names]
        self.drop_index_options(reader)
        cascade = self.cascades(reader)
        return tuple(
            replace(self.dropped_index(name, table, schema, if_exists), cascade=cascade) for name, schema in names
        )

    def drop_index_options(self, reader: Reader) -> None:
        """Take what may follow the names of DROP INDEX."""

    def dropped_index(self, name: str, table: str | None, schema: str | None, if_exists: bool = False) -> DropIndex:
        """Return the operation that drops an index."""
        made = DropIndexOp(name, table, schema=schema, if_exists=if_exists).to_operation(self.skeletons)
        return cast(DropIndex, made)


def ordered(column: Any, reader: Reader) -> Any:
    """Take the order of a column in an index, and return the column with it; ASC is none."""
    word = reader.takes_one(ORDERS)
    expression = column.desc() if word == "DESC" else column
    if reader.takes("NULLS", "FIRST"):
        return expression.nulls_first()
    if reader.takes("NULLS", "LAST"):
        return expression.nulls_last()
    return expression
