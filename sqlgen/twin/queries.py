"""A query of a revision, compiled for the twin's database and run there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler, SQLiteDialect
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression

from ..compiler import OfflineDialect
from .checks import DIRECTIONS, ORDERING, Checks, RowId, inner
from .database import ORDER, SAME, Database
from .facts import RowFacts
from .tables import TwinTable
from .values import NotKnown, encoded, kind_of_type, kind_of_value

NULLS = {operators.nulls_first_op: True, operators.nulls_last_op: False}
ValueOf = Callable[[Any], Any]


class TwinCompiler(SQLiteCompiler):
    """Writes queries with the names of the twin's tables, and with its collations."""

    def visit_table(self, table: Any, *arguments: Any, **options: Any) -> str:
        """Return a table of the FROM clause."""
        enclosing_alias = options.get("enclosing_alias")
        place = self.preparer.quote_identifier(self.dialect.places(table).place)  # type: ignore[attr-defined]
        aliased = enclosing_alias is not None and enclosing_alias.element is table
        return place if aliased else f"{place} AS {self.preparer.quote_identifier(table.name)}"

    def visit_column(self, column: Any, *arguments: Any, **options: Any) -> str:
        """Return a column; the number of a row has the name that the twin's database gives it."""
        if isinstance(column, RowId):
            return f"{self.preparer.quote_identifier(column.name)}.rowid"
        options.pop("ambiguous_table_name_map", None)  # no other names for tables that only a schema tells apart
        return super().visit_column(column, *arguments, **options)

    def order_by_clause(self, select: Any, **options: Any) -> str:
        """Return ORDER BY, with NULLs where the target has them."""
        keys = [self._key(key, options) for key in select._order_by_clauses]
        return f" ORDER BY {', '.join(keys)}" if keys else ""

    def _key(self, key: Any, options: Mapping[str, Any]) -> str:
        nulls, ascending = None, True
        key = inner(key)
        while isinstance(key, UnaryExpression) and key.modifier in DIRECTIONS:
            if key.modifier in NULLS:
                nulls = NULLS[key.modifier]
            else:
                ascending = key.modifier is operators.asc_op
            key = inner(key.element)
        if nulls is None:
            nulls = ascending == self.dialect.nulls_first  # type: ignore[attr-defined]
        text = self.process(key, **options)
        return f"{text} COLLATE {ORDER} {'ASC' if ascending else 'DESC'} NULLS {'FIRST' if nulls else 'LAST'}"

    def _generate_generic_binary(self, binary: Any, opstring: str, *arguments: Any, **options: Any) -> str:
        operator = binary.operator
        if operator in (*ORDERING, operators.between_op, operators.not_between_op):
            collation = ORDER
        elif operator in (operators.eq, operators.ne, operators.in_op, operators.not_in_op):
            collation = SAME
        else:
            return super()._generate_generic_binary(binary, opstring, *arguments, **options)
        options["_in_operator_expression"] = True
        options["_binary_op"] = operator
        left, right = (self.process(side, **options) for side in (binary.left, binary.right))
        return f"({left} COLLATE {collation}{opstring}{right})"

    def visit_function(self, func: Any, *arguments: Any, **options: Any) -> str:
        """Return a call; the least and the greatest text are so by the order that counts."""
        text: str = super().visit_function(func, *arguments, **options)
        if func.name.lower() not in ("min", "max"):
            return text
        return f"{text[:-1]} COLLATE {ORDER})"


class TwinDialect(SQLiteDialect):
    """The dialect of the twin's database; ``places`` finds a table there."""

    statement_compiler = TwinCompiler
    supports_statement_cache = False

    def __init__(self, places: Callable[[Any], TwinTable], facts: RowFacts) -> None:
        super().__init__(paramstyle="named")
        self.places = places
        self.nulls_first = facts.nulls_first
        preparer: Any = self.identifier_preparer
        preparer.schema_for_object = lambda _table: None  # a table of a schema stands under its plain name


class Queries:
    """Runs queries for one target dialect. ``places`` finds a table of a statement among the twin's, or refuses."""

    def __init__(
        self, database: Database, target: OfflineDialect, facts: RowFacts, places: Callable[[Any], TwinTable]
    ) -> None:
        self.database = database
        self.target = target
        self.facts = facts
        self.places = places
        self.dialect = TwinDialect(places, facts)

    def run(self, statement: Any, value_of: ValueOf) -> tuple[list[tuple[Any, ...]], list[str]]:
        """Return the rows of a query, as the twin keeps values, and the kinds of its columns.

        ``value_of`` returns the value of a parameter. Raises NotKnown.
        """
        checks = Checks(self.places, self.facts)
        kinds = checks.kinds(statement)
        try:
            compiled: Any = statement.compile(dialect=self.dialect)
            values = {name: self._value(bind, value_of(bind), checks) for name, bind in compiled.binds.items()}
            expanded = compiled._process_parameters_for_postcompile(values)
        except (
            sa.exc.SQLAlchemyError,
            AttributeError,
            TypeError,
            ValueError,
            LookupError,
            NotImplementedError,
        ) as error:
            raise NotKnown(f"{type(error).__name__}: {error}") from error
        values.update(expanded.additional_parameters)
        used = {name: value for name, value in values.items() if not isinstance(value, list)}
        return self.database.run(expanded.statement, used), kinds

    def _value(self, bind: Any, value: Any, checks: Checks) -> Any:
        """Return the value of a parameter as the twin keeps it; of one for IN, a list."""
        if isinstance(value, list | tuple | set) and bind.expanding:
            return [self._value(bind, one, checks) for one in value]
        type_ = bind.type
        kind = checks.bound.get(id(bind), "")
        if value is not None and not type_._isnull:
            processor = type_._cached_bind_processor(self.target)
            value = processor(value) if processor is not None else value
            kind = kind or kind_of_type(type_, self.target, self.facts)
        if value is None:
            return None
        return encoded(value, kind or kind_of_value(value), None, self.facts)
