"""Which queries the twin may answer: those of which every part means the same there as on the server.

A part that is not listed here is not answered. Adding one needs the certainty that values, NULL, case and types come
out alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy.sql import operators, selectable
from sqlalchemy.sql.elements import BindParameter, ColumnClause, Grouping, Label, UnaryExpression
from sqlalchemy.types import Boolean

from .facts import RowFacts
from .tables import TwinColumn, TwinTable
from .values import EQUAL, ORDERED, NotKnown, kind_of_value

FindTable = Callable[[Any], TwinTable]

#: Parts that mean the same everywhere, or whose own parts decide.
PLAIN = frozenset(
    (
        "select",
        "compound_select",
        "select_statement_grouping",
        "table",
        "column",
        "label",
        "grouping",
        "clauselist",
        "order_by_list",
        "element_list",
        "tuple",
        "bindparam",
        "null",
        "true",
        "false",
        "alias",
        "subquery",
        "cte",
        "join",
        "label_reference",
        "case",
    )
)
EQUALITY = (operators.eq, operators.ne, operators.is_distinct_from, operators.is_not_distinct_from)
ORDERING = (operators.lt, operators.le, operators.gt, operators.ge)
BETWEEN = (operators.between_op, operators.not_between_op)
IS = (operators.is_, operators.is_not)
IN = (operators.in_op, operators.not_in_op)
LIKE = (
    operators.like_op,
    operators.not_like_op,
    operators.startswith_op,
    operators.not_startswith_op,
    operators.endswith_op,
    operators.not_endswith_op,
    operators.contains_op,
    operators.not_contains_op,
)
ARITHMETIC = (operators.add, operators.sub, operators.mul)
UNARY = (operators.inv, operators.exists, operators.asc_op, operators.desc_op, operators.nulls_first_op)
DIRECTIONS = (operators.asc_op, operators.desc_op, operators.nulls_first_op, operators.nulls_last_op)
AGGREGATES = ("count", "min", "max", "sum")
FUNCTIONS = (*AGGREGATES, "coalesce", "lower", "upper", "length")
TEXTS = ("text", "enum")
NUMBERS = ("int", "float")
SORTED = ORDERED | {"bool"}


class RowId(ColumnClause[Any]):
    """The number of a row in the twin; its name is that of the table in the query."""

    inherit_cache = False


class Checks:
    """Goes through one query. ``bound`` tells, for a parameter compared with a column, of what kind that is."""

    def __init__(self, find: FindTable, facts: RowFacts) -> None:
        self.find = find
        self.facts = facts
        self.bound: dict[int, str] = {}

    def kinds(self, statement: Any) -> list[str]:
        """Return the kinds of a query's columns. Raises NotKnown for a query that is not certain here."""
        for part in self._parts(statement):
            self._check(part)
        return [self.output_kind(column) for column in selected(statement)]

    # The parts.

    def _parts(self, statement: Any) -> Iterator[Any]:
        """Yield every part of a query. Raises NotKnown where it decides by what only the server knows."""
        stack = [(statement, True)]
        while stack:
            part, hands_out = stack.pop()
            yield part
            if isinstance(part, ColumnClause):
                self._may_decide(part)
            elif isinstance(part, selectable.TableClause):
                self.find(part)
            elif not self._counts_rows(part):
                children = list(part.get_children())
                if hands_out and isinstance(part, selectable.Select) and not part._distinct:
                    children = without_outputs(children, part._raw_columns)
                stack.extend((child, isinstance(part, selectable.AliasedReturnsRows)) for child in children)

    def _may_decide(self, column: Any) -> None:
        if not is_literal(column) and self.column(column).doubtful:
            raise NotKnown(f"the query decides by column {column.name}, which only the server knows")

    def _counts_rows(self, part: Any) -> bool:
        """Tell whether a part is the count of a generated key, which is never NULL."""
        if part.__visit_name__ != "function" or part.name.lower() != "count":
            return False
        arguments = list(part.clauses)
        if len(arguments) != 1 or not isinstance(arguments[0], ColumnClause):
            return False
        return not is_literal(arguments[0]) and self.column(arguments[0]).key

    def _check(self, part: Any) -> None:
        name = part.__visit_name__
        check: Callable[[Any], None] | None = getattr(self, f"_{name}", None)
        if check is not None:
            check(part)
        elif name not in PLAIN:
            raise NotKnown(f"{name.replace('_', ' ')} in a query")

    def _select(self, select: Any) -> None:
        odd = (select._prefixes, select._suffixes, select._hints, select._statement_hints, select._distinct_on)
        if any(odd) or select._fetch_clause is not None or select._independent_ctes or select._correlate_except:
            raise NotKnown("a hint, prefix or FETCH in a query")
        self._sorted(select)
        if select._having_criteria and not select._group_by_clauses:
            raise NotKnown("HAVING without GROUP BY")
        aggregated = [column for column in select._raw_columns if has_aggregate(column)]
        if select._group_by_clauses or aggregated:
            self._grouped(select)
        if select._distinct:
            for column in selected(select):
                if self.kind(column) not in EQUAL:
                    raise NotKnown("DISTINCT over values that only the server compares")

    def _compound_select(self, select: Any) -> None:
        self._sorted(select)
        kinds = [[self.kind(column) for column in selected(one)] for one in select.selects]
        for column in zip(*kinds, strict=True):
            self._one_kind(list(column))
            if "all" not in select.keyword.name.lower() and not set(column) <= EQUAL | {"null"}:
                raise NotKnown("a union of values that only the server compares")

    def _sorted(self, select: Any) -> None:
        for key in select._order_by_clauses:
            plain = inner(key)
            while isinstance(plain, UnaryExpression) and plain.modifier in DIRECTIONS:
                plain = inner(plain.element)
            if self.kind(plain) not in SORTED:
                raise NotKnown("ORDER BY values that only the server can sort")

    def _grouped(self, select: Any) -> None:
        keys = [inner(key) for key in select._group_by_clauses]
        for key in keys:
            if not isinstance(key, ColumnClause) or self.kind(key) not in EQUAL:
                raise NotKnown("GROUP BY an expression")
        for column in selected(select):
            plain = inner(column)
            if not has_aggregate(plain) and not any(plain.compare(key) for key in keys):
                raise NotKnown("a column beside an aggregate")

    def _textclause(self, text: Any) -> None:
        if not text.text.strip().isdigit():
            raise NotKnown("text in a query")

    def _cte(self, cte: Any) -> None:
        if cte.recursive:
            raise NotKnown("WITH RECURSIVE")

    def _alias(self, alias: Any) -> None:
        if not isinstance(alias, selectable.Alias):
            raise NotKnown("an alias of a function")

    def _join(self, join: Any) -> None:
        if join.full:
            raise NotKnown("FULL JOIN")

    def _binary(self, binary: Any) -> None:
        operator = binary.operator
        if operator in EQUALITY:
            self.comparable(binary.left, binary.right, EQUAL)
        elif operator in ORDERING:
            self.comparable(binary.left, binary.right, ORDERED)
        elif operator in IS:
            self._is(binary)
        elif operator in IN:
            self._in(binary)
        elif operator in BETWEEN:
            for side in binary.right.clauses:
                self.comparable(binary.left, side, ORDERED)
        elif operator in LIKE:
            self._like(binary)
        elif operator in ARITHMETIC:
            self._numbers(binary.left, binary.right)
        else:
            raise NotKnown(f"operator {getattr(operator, 'opstring', operator.__name__)}")

    def _is(self, binary: Any) -> None:
        if binary.right.__visit_name__ not in ("null", "true", "false"):
            raise NotKnown("IS with a value")
        if binary.right.__visit_name__ != "null" and self.kind(binary.left) != "bool":
            raise NotKnown("IS TRUE of a number")

    def _in(self, binary: Any) -> None:
        right = bare(binary.right)
        if isinstance(right, BindParameter):
            self.comparable(binary.left, right, EQUAL)
        elif isinstance(right, selectable.SelectBase | selectable.SelectStatementGrouping):
            columns = selected(right)
            if len(columns) != 1:
                raise NotKnown("IN with several columns")
            self.comparable(binary.left, columns[0], EQUAL)
        else:
            for one in getattr(right, "clauses", ()) or [right]:
                self.comparable(binary.left, one, EQUAL)

    def _like(self, binary: Any) -> None:
        for side in (binary.left, binary.right):
            if self.kind(side) != "text":
                raise NotKnown("LIKE of a value that is no text")

    def _numbers(self, *sides: Any) -> None:
        if any(self.kind(side) != "int" for side in sides):
            raise NotKnown("arithmetic with other numbers than integers")

    def _expression_clauselist(self, part: Any) -> None:
        if part.operator in ARITHMETIC:
            self._numbers(*part.clauses)
        elif part.operator not in (operators.and_, operators.or_):
            raise NotKnown(f"operator {part.operator.__name__}")

    def _unary(self, unary: Any) -> None:
        operator = unary.operator or unary.modifier
        if operator is operators.neg:
            self._numbers(unary.element)
        elif operator in (operators.is_true, operators.is_false):
            if self.kind(unary.element) != "bool":
                raise NotKnown("the truth of a value that is no boolean")
        elif operator not in (*UNARY, *DIRECTIONS):
            raise NotKnown(f"operator {getattr(operator, '__name__', operator)}")

    def _function(self, function: Any) -> None:
        name = function.name.lower()
        if (
            type(function).__name__ in ("FunctionFilter", "next_value")
            or name not in FUNCTIONS
            or function.packagenames
        ):
            raise NotKnown(f"function {function.name}")
        self.kind(function)

    # Kinds.

    def column(self, column: Any) -> TwinColumn:
        """Return the twin's column behind a plain column."""
        root = base(column)
        if not isinstance(root, ColumnClause) or not isinstance(root.table, selectable.TableClause):
            return TwinColumn(str(column.name), self.kind(root) if root is not column else no_table(column), None)
        return self.find(root.table).column(str(root.name))

    def output_kind(self, column: Any) -> str:
        """Return the kind of a column of the result; one of no kind may be handed out, but not compared."""
        plain = inner(column)
        if isinstance(plain, ColumnClause) and not is_literal(plain):
            return self.column(plain).kind
        return self.kind(plain)

    def comparable(self, left: Any, right: Any, among: frozenset[str]) -> None:
        """Raise NotKnown unless two sides can be compared here as on the server."""
        one, other = bare(left), bare(right)
        if isinstance(one, BindParameter) and not isinstance(other, BindParameter):
            one, other = other, one
        kind = self.kind(one)
        if isinstance(other, BindParameter):
            self.bound[id(other)] = kind
        else:
            second = self.kind(other)
            if second not in (kind, "null") and not alike(kind, second):
                raise NotKnown(f"a comparison of {kind or 'a value'} with {second or 'a value'}")
        if kind not in among:
            raise NotKnown("a comparison that only the server can make")

    def kind(self, part: Any) -> str:
        """Return the kind of an expression's value."""
        part = bare(part)
        if isinstance(part, Label):
            return self.kind(part.element)
        if is_literal(part):
            return "int"
        if isinstance(part, ColumnClause):
            return self.column(part).kind
        if isinstance(part, BindParameter):
            return self._kind_of_bind(part)
        if isinstance(part, selectable.SelectBase | selectable.SelectStatementGrouping | selectable.ScalarSelect):
            return self.kind(selected(part)[0])
        find: Callable[[Any], str] | None = getattr(self, f"_kind_of_{part.__visit_name__}", None)
        if find is not None:
            return find(part)
        if isinstance(getattr(part, "type", None), Boolean):
            return "bool"
        raise NotKnown(f"{part.__visit_name__.replace('_', ' ')} in a query")

    def _kind_of_bind(self, bind: Any) -> str:
        value = bind.effective_value
        if isinstance(value, list | tuple):
            value = next(iter(value), None)
        return "null" if value is None else kind_of_value(value)

    def _kind_of_null(self, _part: Any) -> str:
        return "null"

    def _kind_of_function(self, function: Any) -> str:
        name, arguments = function.name.lower(), list(function.clauses)
        if name == "count":
            return "int"
        kinds = [self.kind(argument) for argument in arguments]
        if name == "coalesce" and kinds:
            return self._one_kind(kinds)
        if len(kinds) != 1:
            raise NotKnown(f"{name} of {len(kinds)} values")
        if name in ("min", "max") and kinds[0] in ORDERED:
            return kinds[0]
        if name == "sum" and kinds[0] == "int" and self.facts.sum_of_integers and plain_integer(arguments[0]):
            return "sum"
        if name in ("lower", "upper", "length") and kinds[0] == "text":
            return "int" if name == "length" else "text"
        raise NotKnown(f"function {name}")

    def _kind_of_case(self, case: Any) -> str:
        if case.value is not None:
            raise NotKnown("CASE with a value")
        results = [result for _, result in case.whens] + ([case.else_] if case.else_ is not None else [])
        return self._one_kind([self.kind(result) for result in results])

    def _kind_of_binary(self, binary: Any) -> str:
        return "int" if binary.operator in ARITHMETIC else "bool"

    def _kind_of_expression_clauselist(self, part: Any) -> str:
        return "int" if part.operator in ARITHMETIC else "bool"

    def _kind_of_unary(self, unary: Any) -> str:
        return self.kind(unary.element) if unary.modifier is not None or unary.operator is operators.neg else "bool"

    def _one_kind(self, kinds: list[str]) -> str:
        found = set(kinds) - {"null"}
        if len(found) > 1 and not found <= set(TEXTS):
            raise NotKnown("values of several kinds in one expression")
        return "text" if len(found) > 1 else next(iter(found), "null")


def is_literal(part: Any) -> bool:
    """Tell whether a column is none of a table's: a number, ``*``, the number of a row. Raises NotKnown for SQL."""
    if isinstance(part, RowId):
        return True
    if not isinstance(part, ColumnClause) or not part.is_literal:
        return False
    if part.name != "*" and not part.name.isdigit():
        raise NotKnown("text in a query")
    return True


def without_outputs(children: list[Any], columns: Any) -> list[Any]:
    """Return the parts of a SELECT without the plain columns that it hands out, each taken away once."""
    outputs = [id(column) for column in columns if isinstance(inner(column), ColumnClause)]
    kept = []
    for child in children:
        if id(child) in outputs:
            outputs.remove(id(child))
        else:
            kept.append(child)
    return kept


def no_table(column: Any) -> str:
    """Refuse a column whose table is not told. Raises NotKnown."""
    raise NotKnown(f"column {column.name} of a table that is not named")


def alike(one: str, other: str) -> bool:
    """Tell whether values of two kinds compare as they do on servers."""
    return (one in TEXTS and other in TEXTS) or (one in NUMBERS and other in NUMBERS)


def plain_integer(part: Any) -> bool:
    """Tell whether an expression is a column of type INTEGER, whose sum has a type that is known."""
    return type(getattr(bare(part), "type", None)).__name__.upper() == "INTEGER"


def bare(part: Any) -> Any:
    """Return what stands in parentheses."""
    while isinstance(part, Grouping | selectable.SelectStatementGrouping):
        part = part.element
    return part


def inner(column: Any) -> Any:
    """Return what a label, or a reference to one, stands for."""
    while isinstance(column, Label | Grouping) or column.__visit_name__ in ("label_reference",):
        column = column.element
    return column


def base(column: Any) -> Any:
    """Return what a column of a subquery or alias is of. Raises NotKnown when it is of several things."""
    roots = column.base_columns
    if len(roots) != 1:
        raise NotKnown(f"column {column.name} of a union")
    root = inner(next(iter(roots)))
    return base(root) if isinstance(root, ColumnClause) and root.base_columns != {root} else root


def selected(statement: Any) -> list[Any]:
    """Return the columns of a query; of a union those of its first part."""
    statement = getattr(statement, "element", statement)
    if isinstance(statement, selectable.SelectStatementGrouping):
        return selected(statement.element)
    if isinstance(statement, selectable.CompoundSelect):
        return selected(statement.selects[0])
    if not isinstance(statement, selectable.Select):
        raise NotKnown("a query that is no SELECT")
    return list(statement._all_selected_columns)


def has_aggregate(part: Any) -> bool:
    """Tell whether an expression holds an aggregate that is its own, not a subquery's."""
    stack = [part]
    while stack:
        one = stack.pop()
        if one.__visit_name__ == "function" and one.name.lower() in AGGREGATES:
            return True
        if not isinstance(one, selectable.ScalarSelect | selectable.FromClause | selectable.SelectBase):
            stack.extend(one.get_children())
    return False
