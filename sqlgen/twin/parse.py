"""Text SQL as constructs of SQLAlchemy over the twin's tables, so that both are answered by the same rules.

The parser is an extra (``sqlgen[sql]``); without it, and for whatever is not listed here, text is not followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import Label

from ..records import dataclass, field
from .values import NotKnown

FindColumns = Callable[[str, str | None], Iterable[str]]

COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "EQ": lambda one, other: one == other,
    "NEQ": lambda one, other: one != other,
    "LT": lambda one, other: one < other,
    "LTE": lambda one, other: one <= other,
    "GT": lambda one, other: one > other,
    "GTE": lambda one, other: one >= other,
    "And": lambda one, other: sa.and_(one, other),
    "Or": lambda one, other: sa.or_(one, other),
    "Add": lambda one, other: one + other,
    "Sub": lambda one, other: one - other,
    "Mul": lambda one, other: one * other,
    "Like": lambda one, other: one.like(other),
}
FUNCTIONS = {"Min": "min", "Max": "max", "Sum": "sum", "Lower": "lower", "Upper": "upper", "Length": "length"}


@dataclass(frozen=True, slots=True)
class Change:
    """A statement of text that writes a table: ``kind`` is ``insert``, ``update``, ``delete`` or ``truncate``.

    ``rows`` are those of VALUES, by columns; ``query`` is that of INSERT … SELECT, for ``columns``; ``changes`` are
    those of an UPDATE, ``criteria`` its condition; ``returning`` is what RETURNING gives of each row.
    """

    kind: str
    table: Any
    rows: list[dict[str, Any]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    query: Any = None
    changes: dict[str, Any] = field(default_factory=dict)
    criteria: tuple[Any, ...] = ()
    restarts: bool = False
    returning: tuple[Any, ...] = ()


def tree(sql: str, parser: str) -> Any:
    """Return the syntax tree of one statement. Raises NotKnown."""
    try:
        import sqlglot
        from sqlglot.errors import SqlglotError
    except ImportError as error:
        raise NotKnown("text SQL is followed with the extra sqlgen[sql] only") from error
    try:
        found = sqlglot.parse(sql, read=parser)
    except SqlglotError as error:
        raise NotKnown("text SQL that cannot be parsed") from error
    if len(found) != 1 or found[0] is None:
        raise NotKnown("several statements in one text")
    return found[0]


def part(node: Any, name: str) -> Any:
    """Return a part of a node; parts that are named like a word of Python have gained an underscore over time."""
    return node.args.get(name) or node.args.get(f"{name}_")


def only(node: Any, *names: str) -> None:
    """Raise NotKnown for a node with other parts than these."""
    for name, value in node.args.items():
        if value and name.removesuffix("_") not in names:
            raise NotKnown(f"{name.strip('_').replace('_', ' ')} in text SQL")


class Scope:
    """The tables that names in a query may mean; ``outer`` is that of the query around it."""

    def __init__(self, translator: Translator, outer: Scope | None = None) -> None:
        self.translator = translator
        self.outer = outer
        self.sources: dict[str, Any] = {}
        self.ctes: dict[str, Any] = dict(outer.ctes) if outer is not None else {}
        self.labels: dict[str, Any] = {}

    def add(self, name: str, source: Any) -> Any:
        """Let a name mean a source. Raises NotKnown for a second one of the name."""
        if name.lower() in self.sources:
            raise NotKnown(f"two tables {name} in one query")
        self.sources[name.lower()] = source
        return source

    def column(self, name: str, table: str) -> Any:
        """Return a column. Raises NotKnown for one that is not there, or there twice."""
        wanted = [self.sources[table.lower()]] if table.lower() in self.sources else []
        sources = wanted if table else list(self.sources.values())
        found = [one for source in sources for one in source.c if one.name.lower() == name.lower()]
        if len(found) == 1:
            return found[0]
        if found or self.outer is None or wanted:
            raise NotKnown(f"column {name} in text SQL")
        return self.outer.column(name, table)


class Translator:
    """Makes constructs of syntax trees. ``columns`` returns the names of a table's columns, or raises NotKnown."""

    def __init__(self, parser: str, columns: FindColumns) -> None:
        self.parser = parser
        self.columns = columns

    def query(self, sql: str) -> tuple[Any, list[str]]:
        """Return a SELECT, and the names of its columns. Raises NotKnown."""
        query = self._query(tree(sql, self.parser), None)
        return query, [str(column.name) for column in getattr(query, "selects", [query])[0].selected_columns]

    def change(self, sql: str) -> Change:
        """Return what a statement writes. Raises NotKnown."""
        node = tree(sql, self.parser)
        make: Callable[[Any], Change] | None = getattr(self, f"_change_{type(node).__name__.lower()}", None)
        if make is None:
            raise NotKnown("a statement that is not followed")
        return make(node)

    # Statements that write.

    def _change_insert(self, node: Any) -> Change:
        only(node, "this", "expression", "returning")
        target = node.this
        named = type(target).__name__ == "Schema"
        table = self._table(target.this if named else target)
        names = [one.name for one in target.expressions] if named else [column.name for column in table.c]
        known = {column.name.lower(): column.name for column in table.c}
        if any(name.lower() not in known for name in names):
            raise NotKnown("a column that is not there")
        names = [known[name.lower()] for name in names]
        source, scope = node.expression, Scope(self)
        scope.add(str(table.name), table)
        returning = self._returning(node, scope)
        if type(source).__name__ != "Values":
            return Change("insert", table, columns=names, query=self._query(source, None), returning=returning)
        only(source, "expressions")
        rows = [[self._value(cell) for cell in row.expressions] for row in source.expressions]
        if any(len(row) > len(names) for row in rows):
            raise NotKnown("more values than columns")
        return Change("insert", table, rows=[self._row(names, row) for row in rows], returning=returning)

    def _returning(self, node: Any, scope: Scope) -> tuple[Any, ...]:
        clause = part(node, "returning")
        if clause is None:
            return ()
        only(clause, "expressions")
        return tuple(column for one in clause.expressions for column in self._output(one, scope))

    @staticmethod
    def _row(names: list[str], values: list[Any]) -> dict[str, Any]:
        return {name: value for name, value in zip(names, values, strict=False) if value is not DEFAULT}

    def _value(self, node: Any) -> Any:
        if type(node).__name__ in ("Column", "Var") and node.name.upper() == "DEFAULT":
            return DEFAULT
        try:
            return self._expression(node, Scope(self))
        except NotKnown:
            return sa.text(node.sql(dialect=self.parser))

    def _change_update(self, node: Any) -> Change:
        only(node, "this", "expressions", "where", "returning")
        scope = Scope(self)
        table = self._source(node.this, scope)
        changes = {}
        for one in node.expressions:
            if type(one).__name__ != "EQ":
                raise NotKnown("an assignment of a kind of its own")
            column = scope.column(one.this.name, one.this.table)
            changes[column.name] = self._expression(one.expression, scope)
        criteria, returning = self._criteria(node, scope), self._returning(node, scope)
        return Change("update", table, changes=changes, criteria=criteria, returning=returning)

    def _change_delete(self, node: Any) -> Change:
        only(node, "this", "where", "returning")
        scope = Scope(self)
        table = self._source(node.this, scope)
        return Change("delete", table, criteria=self._criteria(node, scope), returning=self._returning(node, scope))

    def _change_truncatetable(self, node: Any) -> Change:
        only(node, "expressions", "identity")
        if len(node.expressions) != 1:
            raise NotKnown("TRUNCATE of several tables")
        restarts = str(node.args.get("identity") or "").upper() == "RESTART"
        return Change("truncate", self._table(node.expressions[0]), restarts=restarts)

    def _criteria(self, node: Any, scope: Scope) -> tuple[Any, ...]:
        where = part(node, "where")
        return (self._expression(where.this, scope),) if where is not None else ()

    # Queries.

    def _query(self, node: Any, outer: Scope | None) -> Any:
        name = type(node).__name__
        if name == "Subquery":
            only(node, "this")
            return self._query(node.this, outer)
        if name == "Union":
            only(node, "this", "expression", "distinct", "by_name")
            sides = [self._query(side, outer) for side in (node.this, node.expression)]
            return sa.union(*sides) if node.args.get("distinct") else sa.union_all(*sides)
        if name != "Select":
            raise NotKnown("a query of a kind of its own")
        names = (
            "expressions",
            "from",
            "joins",
            "where",
            "group",
            "having",
            "order",
            "limit",
            "offset",
            "distinct",
            "with",
        )
        only(node, *names)
        return self._select(node, outer)

    def _select(self, node: Any, outer: Scope | None) -> Any:
        scope = Scope(self, outer)
        self._ctes(node, scope)
        source = part(node, "from")
        froms = [self._source(source.this, scope)] if source is not None else []
        for join in node.args.get("joins") or ():
            froms = self._join(froms, join, scope)
        columns = [column for one in node.expressions for column in self._output(one, scope)]
        query = sa.select(*columns).select_from(*froms).where(*self._criteria(node, scope))
        if node.args.get("distinct") is not None:
            only(node.args["distinct"])
            query = query.distinct()
        if group := node.args.get("group"):
            only(group, "expressions")
            query = query.group_by(*(self._expression(key, scope) for key in group.expressions))
        if having := node.args.get("having"):
            query = query.having(self._expression(having.this, scope))
        return self._ordered(query, node, scope)

    def _ordered(self, query: Any, node: Any, scope: Scope) -> Any:
        if order := node.args.get("order"):
            only(order, "expressions")
            query = query.order_by(*(self._key(key, scope) for key in order.expressions))
        for name in ("limit", "offset"):
            if clause := node.args.get(name):
                only(clause, "expression")
                query = getattr(query, name)(self._number(clause.expression))
        return query

    def _key(self, node: Any, scope: Scope) -> Any:
        only(node, "this", "desc", "nulls_first")
        if type(node.this).__name__ == "Literal":
            raise NotKnown("ORDER BY a place")
        label = scope.labels.get(node.this.name.lower()) if type(node.this).__name__ == "Column" else None
        key = label if label is not None and not node.this.table else self._expression(node.this, scope)
        key = sa.desc(key) if node.args.get("desc") else sa.asc(key)
        return key.nulls_first() if node.args.get("nulls_first") else key.nulls_last()

    def _ctes(self, node: Any, scope: Scope) -> None:
        clause = part(node, "with")
        if clause is None:
            return
        only(clause, "expressions")
        for one in clause.expressions:
            only(one, "this", "alias")
            only(one.args["alias"], "this")
            scope.ctes[one.alias.lower()] = self._query(one.this, scope).cte(one.alias)

    def _source(self, node: Any, scope: Scope) -> Any:
        if type(node).__name__ == "Subquery":
            only(node, "this", "alias")
            return scope.add(node.alias, self._query(node.this, scope.outer).subquery(node.alias or None))
        if type(node).__name__ != "Table":
            raise NotKnown("a source of rows of a kind of its own")
        cte = scope.ctes.get(node.name.lower()) if not node.db else None
        source = cte if cte is not None else self._table(node)
        if alias := node.alias:
            source = source.alias(alias)
        return scope.add(alias or node.name, source)

    def _table(self, node: Any) -> Any:
        if type(node).__name__ != "Table":
            raise NotKnown("a table of a kind of its own")
        only(node, "this", "db", "alias")
        if node.args.get("alias"):
            only(node.args["alias"], "this")
        schema = node.db or None
        return sa.table(node.name, *map(sa.column, self.columns(node.name, schema)), schema=schema)

    def _join(self, froms: list[Any], node: Any, scope: Scope) -> list[Any]:
        only(node, "this", "side", "kind", "on")
        side, kind = str(node.args.get("side") or "").upper(), str(node.args.get("kind") or "").upper()
        source, on = self._source(node.this, scope), node.args.get("on")
        if kind in ("", "CROSS") and not side and on is None:
            return [*froms, source]
        if side not in ("", "LEFT") or kind not in ("", "INNER", "OUTER") or on is None or len(froms) != 1:
            raise NotKnown("a join of a kind of its own")
        return [froms[0].join(source, self._expression(on, scope), isouter=side == "LEFT")]

    def _output(self, node: Any, scope: Scope) -> list[Any]:
        name = type(node).__name__
        if name == "Star":
            only(node)
            return [column for source in scope.sources.values() for column in source.c]
        if name == "Column" and type(node.this).__name__ == "Star":
            if node.table.lower() not in scope.sources:
                raise NotKnown("the columns of a table that is not there")
            return list(scope.sources[node.table.lower()].c)
        if name != "Alias":
            return [self._named(node, self._expression(node, scope))]
        only(node, "this", "alias")
        label = self._expression(node.this, scope).label(node.alias)
        scope.labels[node.alias.lower()] = label
        return [label]

    @staticmethod
    def _named(node: Any, column: Any) -> Any:
        """Return an output with the name that servers give it: a column's own, or a function's."""
        if isinstance(column, sa.sql.elements.ColumnClause):
            return column
        names = {"count": "count", **{one: one for one in FUNCTIONS.values()}, "coalesce": "coalesce"}
        return Label(names.get(type(node).__name__.lower(), "?column?"), column)

    # Expressions.

    def _expression(self, node: Any, scope: Scope) -> Any:
        name = type(node).__name__
        if name in COMPARED:
            only(node, "this", "expression")
            return COMPARED[name](self._expression(node.this, scope), self._expression(node.expression, scope))
        if name in FUNCTIONS:
            only(node, "this")
            return getattr(sa.func, FUNCTIONS[name])(self._expression(node.this, scope))
        make: Callable[[Any, Scope], Any] | None = getattr(self, f"_make_{name.lower()}", None)
        if make is None:
            raise NotKnown(f"{name} in text SQL")
        return make(node, scope)

    def _make_column(self, node: Any, scope: Scope) -> Any:
        only(node, "this", "table")
        return scope.column(node.name, node.table)

    def _make_literal(self, node: Any, _scope: Scope) -> Any:
        return sa.literal(node.this) if node.is_string else sa.literal(number(node.this))

    def _make_national(self, node: Any, _scope: Scope) -> Any:
        return sa.literal(node.name)

    def _make_null(self, _node: Any, _scope: Scope) -> Any:
        return sa.null()

    def _make_boolean(self, node: Any, _scope: Scope) -> Any:
        return sa.literal(bool(node.this))

    def _make_paren(self, node: Any, scope: Scope) -> Any:
        return self._expression(node.this, scope)

    def _make_not(self, node: Any, scope: Scope) -> Any:
        return sa.not_(self._expression(node.this, scope))

    def _make_neg(self, node: Any, _scope: Scope) -> Any:
        if type(node.this).__name__ != "Literal" or node.this.is_string:
            raise NotKnown("a sign in text SQL")
        return sa.literal(-number(node.this.this))

    def _make_is(self, node: Any, scope: Scope) -> Any:
        if type(node.expression).__name__ != "Null":
            raise NotKnown("IS with a value in text SQL")
        return self._expression(node.this, scope).is_(None)

    def _make_in(self, node: Any, scope: Scope) -> Any:
        only(node, "this", "expressions", "query")
        query = node.args.get("query")
        members = [self._expression(one, scope) for one in node.expressions]
        return self._expression(node.this, scope).in_(self._query(query, scope) if query is not None else members)

    def _make_between(self, node: Any, scope: Scope) -> Any:
        only(node, "this", "low", "high")
        ends = (self._expression(node.args[name], scope) for name in ("low", "high"))
        return self._expression(node.this, scope).between(*ends)

    def _make_count(self, node: Any, scope: Scope) -> Any:
        only(node, "this", "big_int")
        if type(node.this).__name__ == "Star":
            return sa.func.count()
        if type(node.this).__name__ == "Distinct":
            only(node.this, "expressions")
            (one,) = node.this.expressions
            return sa.func.count(sa.distinct(self._expression(one, scope)))
        return sa.func.count(self._expression(node.this, scope))

    def _make_coalesce(self, node: Any, scope: Scope) -> Any:
        only(node, "this", "expressions")
        return sa.func.coalesce(*(self._expression(one, scope) for one in (node.this, *node.expressions)))

    def _make_case(self, node: Any, scope: Scope) -> Any:
        only(node, "ifs", "default")
        pairs = [
            (self._expression(one.this, scope), self._expression(one.args["true"], scope)) for one in node.args["ifs"]
        ]
        default = node.args.get("default")
        return sa.case(*pairs, else_=None if default is None else self._expression(default, scope))

    def _make_exists(self, node: Any, scope: Scope) -> Any:
        only(node, "this")
        return sa.exists(self._query(node.this, scope))

    def _make_subquery(self, node: Any, scope: Scope) -> Any:
        only(node, "this")
        return self._query(node.this, scope).scalar_subquery()

    def _number(self, node: Any) -> int:
        if type(node).__name__ != "Literal" or node.is_string:
            raise NotKnown("a LIMIT that is no number")
        return int(node.this)


DEFAULT = object()
"""The word DEFAULT among the values of a row."""


def number(text: str) -> int | Decimal:
    """Return the number of a literal."""
    return int(text) if text.isdigit() else Decimal(text)
