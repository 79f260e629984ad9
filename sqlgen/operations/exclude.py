"""A constraint that SQLAlchemy keeps with one of its dialects, told without that dialect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import ColumnCollectionConstraint
from sqlalchemy.sql.elements import quoted_name


class ExcludeConstraint(ColumnCollectionConstraint):
    """No two rows may agree, by the given operators, in all the given columns or expressions.

    Compilers see it as SQLAlchemy's own class: by its ``__visit_name__``, ``using``, ``where``, ``ops`` and the
    list of (expression, name, operator). A compiler without the construct raises UnsupportedCompilationError.
    ``using`` is the access method, ``ops`` an operator class per column.
    """

    __visit_name__ = "exclude_constraint"

    def __init__(
        self,
        *elements: tuple[Any, str],
        name: Any = None,
        where: Any = None,
        using: str = "gist",
        ops: Mapping[str, str] | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        info: dict[Any, Any] | None = None,
    ) -> None:
        columns = [expression for expression, _ in elements if isinstance(expression, sa.Column)]
        super().__init__(*columns, name=name, deferrable=deferrable, initially=initially, info=info)
        self._render_exprs = [(expression, _name(expression), operator) for expression, operator in elements]
        self.operators = {name: operator for _, name, operator in self._render_exprs if name is not None}
        self.where = sa.text(where) if isinstance(where, str) else where
        self.using = using
        self.ops = dict(ops or {})

    def _copy(self, *, target_table: sa.Table | None = None, **kw: Any) -> ExcludeConstraint:
        """Return the constraint for another table with the same columns; SQLAlchemy's to_metadata() calls this."""
        elements = [
            (target_table.c.get(name, expression) if target_table is not None and name else expression, operator)
            for expression, name, operator in self._render_exprs
        ]
        copied = ExcludeConstraint(
            *elements,
            name=self.name,
            where=self.where,
            using=self.using,
            ops=self.ops,
            deferrable=self.deferrable,
            initially=self.initially,
        )
        return self._schema_item_copy(copied)


def _name(expression: Any) -> str | quoted_name | None:
    """Return the name of the column that an element is, or None for an expression."""
    return expression.name if isinstance(expression, sa.Column) else None
