"""Where the columns of a view come from: columns of tables, of other views and of queries in FROM, and expressions.

The types of expressions are MariaDB's, measured with 10.11.
"""

from __future__ import annotations

import re

from ..records import dataclass, replace
from ..schema.state import Key
from .mysql_printed import ATOM, Item, string_value

INTEGER = re.compile(r"-?\d+")
COLUMN = re.compile(r"`(?:[^`]|``)+`\.`(?:[^`]|``)+`")
CALL = re.compile(rf"(?:(sum|avg|min|max)\((?:distinct )?)?{COLUMN.pattern}(\)?)")
COUNT = re.compile(r"count\([^()]*\)")
EXACT = re.compile(r"-?(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Of:
    """A column that is one of a table or view. ``is_outer`` says that a join may leave it empty.

    ``call`` is the function of which it is the argument: ``min``, ``max``, ``sum`` or ``avg``.
    """

    key: Key
    column: str
    is_outer: bool = False
    call: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A column with the type that the server gives an expression, as DESCRIBE shows it."""

    type: str
    nullable: bool
    default: str | None


@dataclass(frozen=True, slots=True)
class Within:
    """A column of a query in FROM, with an origin for each part of a UNION there; the rest is that of :class:`Of`."""

    origins: tuple[Origin, ...]
    is_outer: bool = False
    call: str = ""


Origin = Of | Within | Known | None
"""Where a column of a view comes from; None where its type is not known."""


@dataclass(frozen=True, slots=True)
class Source:
    """A table, view or query that a query reads, by what the query calls it; its columns with where they come from."""

    name: str
    columns: tuple[tuple[str, Of | Within], ...]


@dataclass(frozen=True, slots=True)
class Pick:
    """A column of a query; ``text`` prints it (None: not known), ``alias`` is its name in the query."""

    name: str
    text: str | None
    origin: Origin
    constant: bool = False
    binds: int = ATOM
    alias: str = ""
    is_given: bool = False

    @property
    def is_told(self) -> bool:
        """Whether the name is not made of an expression."""
        return self.is_given or COLUMN.fullmatch(self.text or "") is not None


def origin_of(item: Item, seen: list[Of | Within]) -> Origin:
    """Return where an item comes from; ``seen`` are the columns in it."""
    if item.constant:
        return literal(item.text)
    if COUNT.fullmatch(item.text):
        return Known("bigint(21)", nullable=False, default="0")
    if len(seen) != 1:
        return None
    call = CALL.fullmatch(item.text)
    if call is None or bool(call[1]) != bool(call[2]):
        return None
    return replace(seen[0], call=call[1] or "")


def literal(text: str) -> Origin:
    """Return the type of a literal, printed."""
    if text == "NULL":
        return Known("binary(0)", nullable=True, default=None)
    if text.startswith("'"):
        length = len(string_value(text))
        return Known(f"varchar({length})", nullable=False, default="") if 0 < length < 256 else None
    digits = text.removeprefix("-")
    if INTEGER.fullmatch(text) and len(digits) < 19:
        base = "int" if len(digits) < 10 else "bigint"
        return Known(f"{base}({len(text)})", nullable=False, default="0")
    if (found := EXACT.fullmatch(text)) and len(digits) < 30:
        whole, scale = len(found[1].lstrip("0")), len(found[2])
        return Known(f"decimal({max(whole + scale, scale + 1)},{scale})", nullable=False, default=f"0.{'0' * scale}")
    return None
