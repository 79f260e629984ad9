"""What is known about rows: a table that the script made, and put nothing into, has none.

From the base that is much of what revisions read: the loops of data migrations find nothing to do on a database that
the same script creates. Everything else is unknown, and reading it is an error elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy.sql import functions, selectable, visitors
from sqlalchemy.sql.dml import Delete, Update
from sqlalchemy.sql.elements import ClauseElement, Label

from .names import QUALIFIED, split_name

IsEmpty = Callable[[str, str | None], bool]
Rows = list[tuple[Any, ...]]

SELECT = re.compile(rf"\s*select\s+(?P<columns>.+?)\s+from\s+{QUALIFIED}(?P<rest>.*)$", re.I | re.S)
COUNT = re.compile(r"\s*count\s*\([^()]*\)(?:\s+(?:as\s+)?\w+)?\s*$", re.I)
BEYOND = re.compile(r"\b(select|union|intersect|except|right|full|into|having)\b", re.I)
GROUPED = re.compile(r"\bgroup\s+by\b", re.I)
CHANGED = re.compile(rf"\s*(?:update|delete\s+from)\s+(?:only\s+)?{QUALIFIED}", re.I)


def text_rows(sql: str, is_empty: IsEmpty) -> Rows | None:
    """Return the rows that a SELECT in text gives, None when nobody knows.

    One table, or joins that start from an empty one; functions in the list of columns may be aggregates, which give a
    row even for an empty table, so only a lone ``count`` is answered.
    """
    found = SELECT.match(sql)
    if found is None or BEYOND.search(found["rest"]) or not is_empty(*split_name(found["name"])):
        return None
    if GROUPED.search(found["rest"]) or "(" not in found["columns"]:
        return []
    return [(0,)] if COUNT.match(found["columns"]) else None


def select_rows(select: Any, is_empty: IsEmpty) -> Rows | None:
    """Return the rows that a SQLAlchemy SELECT gives, None when nobody knows."""
    if not isinstance(select, selectable.Select) or select._having_criteria:
        return None
    if not any(from_is_empty(source, is_empty) for source in select.get_final_froms()):
        return None
    columns = list(select.selected_columns)
    if select._group_by_clauses or not any(map(calls_function, columns)):
        return []
    alone: Any = columns[0].element if isinstance(columns[0], Label) else columns[0]
    return [(0,)] if len(columns) == 1 and isinstance(alone, functions.count) else None


def calls_function(column: ClauseElement) -> bool:
    """Tell whether a column calls a function, which may be an aggregate, or holds a query of its own."""
    kinds = (functions.FunctionElement, selectable.SelectBase)
    return any(isinstance(part, kinds) for part in visitors.iterate(column))


def from_is_empty(source: Any, is_empty: IsEmpty) -> bool:
    """Tell whether a FROM element certainly has no rows."""
    if isinstance(source, selectable.Join):
        left, right = from_is_empty(source.left, is_empty), from_is_empty(source.right, is_empty)
        return (left and right) if source.full else left if source.isouter else left or right
    if isinstance(source, selectable.TableClause):
        return is_empty(source.name, source.schema)
    if isinstance(source, selectable.Subquery | selectable.CTE):
        return select_rows(source.element, is_empty) == []
    return isinstance(source, selectable.AliasedReturnsRows) and from_is_empty(source.element, is_empty)


def untouched(sql: str, element: Any, is_empty: IsEmpty) -> bool:
    """Tell whether an UPDATE or DELETE certainly hits no row."""
    if isinstance(element, Update | Delete):
        return isinstance(element.table, selectable.TableClause) and is_empty(element.table.name, element.table.schema)
    found = CHANGED.match(sql)
    return found is not None and is_empty(*split_name(found["name"]))
