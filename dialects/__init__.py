"""The databases that sqlgen writes scripts for, one file each.

A database of another package joins by the entry-point group ``sqlgen.dialects``: name = "module:Class".
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from ..errors import UnknownDialect, closest

if TYPE_CHECKING:
    from ..dialect import Dialect

GROUP = "sqlgen.dialects"

#: Module and class of each built-in database, in the order in which they are listed.
BUILT_IN = {
    "postgresql": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "sqlite": "SQLite",
    "mssql": "SQLServer",
    "oracle": "Oracle",
}

#: Other words for the built-in ones. They stand here so that a name is understood without loading any dialect.
ALIASES = {
    "postgres": "postgresql",
    "pg": "postgresql",
    "pgsql": "postgresql",
    "psql": "postgresql",
    "maria": "mariadb",
    "sqlite3": "sqlite",
    "sqlserver": "mssql",
    "tsql": "mssql",
    "ora": "oracle",
}


@lru_cache(maxsize=1)
def _others() -> dict[str, EntryPoint]:
    """Return the entry points of other packages, by name."""
    return {point.name: point for point in sorted(entry_points(group=GROUP)) if point.name not in BUILT_IN}


def names() -> tuple[str, ...]:
    """Return the names of all databases: the built-in ones in their order, then others by name."""
    return (*BUILT_IN, *_others())


def get(name: str) -> type[Dialect]:
    """Return the class for a name or alias; a driver (``mysql+pymysql``) and upper case do not matter.

    Raises UnknownDialect, with the nearest name.
    """
    word = name.strip().lower().partition("+")[0]
    word = ALIASES.get(word, word)
    if word in BUILT_IN:
        found: type[Dialect] = getattr(import_module(f".{word}", __name__), BUILT_IN[word])
        return found
    if word in _others():
        other: type[Dialect] = _others()[word].load()
        return other
    near = closest(word, [*names(), *ALIASES])
    raise UnknownDialect(
        f"there is no dialect {name!r}" + (f"; did you mean {ALIASES.get(near, near)!r}?" if near else ""),
        hint=f"Known are: {', '.join(names())}.",
    )
