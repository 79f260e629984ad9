"""The value that ``op.inline_literal`` makes."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter


class InlineLiteral(BindParameter[Any]):
    """A value that is always printed into the statement, by its own type and not by the column's.

    A string can so stand for a date, and a type without a literal form can be written as text.
    """

    inherit_cache = False  # the text depends on the value, so a cached statement would repeat the first one


@compiles(InlineLiteral)
def print_literal(element: InlineLiteral, compiler: SQLCompiler, **kw: Any) -> str:
    """Return the value as text in the dialect at hand."""
    if element.value is None:
        return "NULL"
    return str(compiler.render_literal_value(element.value, element.type))
