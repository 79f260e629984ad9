"""Checks of what a revision passes to the functions of ``op``.

All of them raise TypeError, as Python itself does for a wrong argument, with the function's name in the message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.exc import NoSuchModuleError


def dialect_options(function: str, options: Mapping[str, Any], parameters: Iterable[str]) -> dict[str, Any]:
    """Return options of the form ``<dialect>_<name>``.

    Raises TypeError for any other name, with the one among ``parameters`` that may have been meant: an argument
    that nobody reads is a mistake that shows nowhere.
    """
    for name in options:
        prefix, _, rest = name.partition("_")
        if not (prefix and rest and _is_dialect(prefix)):
            near = get_close_matches(name, sorted(parameters), n=1)
            meant = f"; did you mean {near[0]!r}?" if near else ""
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}{meant}")
    return dict(options)


@cache
def _is_dialect(prefix: str) -> bool:
    """Tell whether SQLAlchemy knows a dialect of this name."""
    try:
        registry.load(prefix)
    except NoSuchModuleError:
        return False
    except ImportError:  # it is registered, and its own module lacks something
        return True
    return True


def checked_column(function: str, column: Any) -> sa.Column[Any]:
    """Return the column; raises TypeError when it is no ``sa.Column``."""
    if not isinstance(column, sa.Column):
        raise TypeError(f"{function}() needs a sqlalchemy.Column, not {_kind(column)}")
    return column


def checked_names(function: str, parameter: str, names: Any) -> list[Any]:
    """Return a list of column names or expressions.

    Raises TypeError for a bare string, whose letters would be taken for columns, and for what is no list or empty.
    """
    if isinstance(names, (str, bytes)) or not isinstance(names, Iterable):
        raise TypeError(f"{function}() needs a list for {parameter!r}, not {_kind(names)}")
    given = list(names)
    if not given:
        raise TypeError(f"{function}() needs at least one column in {parameter!r}")
    return given


def checked_table_name(function: str, name: Any) -> str:
    """Return a table's name; raises TypeError when it is no string."""
    if not isinstance(name, str):
        raise TypeError(f"{function}() needs the name of a table as a string, not {_kind(name)}")
    return name


def checked_statement(function: str, statement: Any) -> str | sa.Executable:
    """Return text or a SQLAlchemy statement; raises TypeError for anything else."""
    if not isinstance(statement, (str, sa.Executable)):
        raise TypeError(f"{function}() needs a string or a SQLAlchemy statement, not {_kind(statement)}")
    return statement


def checked_rows(table: Any, rows: Any) -> tuple[dict[str, Any], ...]:
    """Return the rows of a ``bulk_insert``.

    Raises TypeError unless they are a list of dictionaries for a table whose columns the keys name.
    """
    if not isinstance(table, sa.TableClause):
        raise TypeError(f"bulk_insert() needs a sqlalchemy table, not {_kind(table)}")
    if not isinstance(rows, list):
        raise TypeError(f"bulk_insert() needs a list of dictionaries, not {_kind(rows)}")
    known = set(table.c.keys())
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise TypeError(f"bulk_insert() needs a list of dictionaries; row {number} is {_kind(row)}")
        if not known.issuperset(row):
            strange = next(key for key in row if key not in known)
            raise TypeError(f"bulk_insert(): row {number} has {strange!r}, which is no column of {table.fullname!r}")
    return tuple(rows)


def _kind(value: object) -> str:
    """Return what a value is, for a message."""
    return "None" if value is None else f"{type(value).__name__} {value!r}"[:80]
