"""Views on MariaDB: their columns, and their query in the words of the server.

The server keeps the names of tables and columns in a view, with ``*`` written out, and finds them anew each time. It
shows the types and defaults that the tables have by then, and an AUTO_INCREMENT as the default 0 (measured with 10.11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import NeedsDatabase
from ..records import dataclass, replace
from ..schema import state
from ..schema.state import Catalog
from .mariadb_shown import UNCERTAIN, default
from .mysql_origins import Known, Of, Origin, Within
from .mysql_printed import quoted
from .mysql_shown import Shown
from .mysql_views import OF, MakeKey, stands
from .mysql_words import WIDTHS, Worded

#: How many digits whole numbers of a type hold, signed and unsigned.
DIGITS: Mapping[str, tuple[int, int]] = {
    "tinyint": (3, 3),
    "smallint": (5, 5),
    "mediumint": (8, 8),
    "int": (10, 10),
    "bigint": (19, 20),
}
#: Types that stay what they are where the parts of a UNION have the same.
KEPT = re.compile(
    r"tinyint\(4\)|smallint\(6\)|mediumint\(9\)|int\(11\)|bigint\(2[01]\)|decimal\(\d+,(?P<scale>\d+)\)|float|double"
    r"|(?P<text>(?:var)?char\(\d+\))|(?P<date>date)"
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What DESCRIBE shows of a column; UNCERTAIN is what is not known."""

    type: Any
    nullable: Any
    default: Any

    @property
    def row(self) -> tuple[Any, ...]:
        """Type, whether NULL may stand there, key, default and what else there is."""
        null = self.nullable if self.nullable is UNCERTAIN else "YES" if self.nullable else "NO"
        return (self.type, null, "", self.default, "")


UNKNOWN = Facts(UNCERTAIN, UNCERTAIN, UNCERTAIN)


# The text.


def definition(catalog: Catalog, view: state.View, key: MakeKey) -> str:
    """Return what SHOW CREATE TABLE shows of a view. Raises NeedsDatabase where that is not certain.

    In the place of the user who made it, where the revision names none, stands UNTOLD_USER, which no script may have.
    """
    about = f"the revision reads the definition of view {view.name!r}"
    if view.worded is None or view.schema is not None:
        raise NeedsDatabase(
            f"{about}, and how the server words it is not known",
            hint="Keep the text of the view in the revision.",
        )
    if not stands(catalog, view, key):
        raise NeedsDatabase(
            f"{about}, which reads what is not there any more",
            hint="Make the view anew before, or keep its text in the revision.",
        )
    clauses = view.clauses
    security = clauses.get("SECURITY", "DEFINER")
    definer = clauses.get("DEFINER", f"`{state.UNTOLD_USER}`@`localhost`")
    if not definer or ("DEFINER" in clauses and security == "DEFINER"):
        raise NeedsDatabase(
            f"{about}, and whether its DEFINER may read the tables is not known: the server words it otherwise if not",
            hint="Leave DEFINER out where the view is made, or say SQL SECURITY INVOKER, or keep the text.",
        )
    head = f"CREATE ALGORITHM={clauses.get('ALGORITHM', 'UNDEFINED')} DEFINER={definer} SQL SECURITY {security}"
    return f"{head} VIEW {quoted(view.name)} AS {view.worded}"


# The columns.


def described(catalog: Catalog, view: state.View, shown: Shown, key: MakeKey) -> list[tuple[Any, ...]]:
    """Return what DESCRIBE shows of a view, UNCERTAIN where that is not known. Raises NeedsDatabase if not valid."""
    if not stands(catalog, view, key):
        raise NeedsDatabase(
            f"the revision inspects the columns of view {view.name!r}, which is not valid any more",
            hint="Make the view anew before, or name the columns in the revision.",
        )
    return [(one.name, *united([facts(catalog, of, shown) for of in one.options[OF]]).row) for one in view.shape or ()]


def facts(catalog: Catalog, origin: Origin, shown: Shown) -> Facts:
    """Return what DESCRIBE shows of a column that comes from a place."""
    match origin:
        case Known():
            return Facts(origin.type, origin.nullable, origin.default)
        case Of() | Within():
            found = of_source(catalog, origin, shown) if isinstance(origin, Of) else of_query(catalog, origin, shown)
            found = replace(found, nullable=True) if origin.is_outer and found is not UNKNOWN else found
            return called(origin.call, found, shown) if origin.call else found
    return UNKNOWN


def of_source(catalog: Catalog, origin: Of, shown: Shown) -> Facts:
    """Return what DESCRIBE shows of a column of a table or view as it is by now."""
    table, view = catalog.tables.get(origin.key), catalog.views.get(origin.key)
    column = table.column(origin.column) if table is not None else None
    if column is not None:
        worded = shown.type(column)
        counts = column.autoincrement and column.default is None
        return Facts(worded.text, column.nullable, "0" if counts else default(shown, column, worded))
    found = [one for one in (view.shape or ()) if one.name == origin.column] if view is not None else []
    return united([facts(catalog, of, shown) for of in found[0].options[OF]]) if found else UNKNOWN


def of_query(catalog: Catalog, origin: Within, shown: Shown) -> Facts:
    """Return what DESCRIBE shows of a column of a query in FROM."""
    return united([facts(catalog, of, shown) for of in origin.origins])


def called(call: str, argument: Facts, shown: Shown) -> Facts:
    """Return what DESCRIBE shows of a function over many rows."""
    if argument.type is UNCERTAIN:
        return UNKNOWN
    if call in ("min", "max"):
        keeps = argument.type.startswith("timestamp") and argument.default is not None
        return Facts(argument.type, True, UNCERTAIN if keeps else None)
    worded = shown.words.type(argument.type)
    if worded.base in ("float", "double"):
        return Facts("double" if not worded.args else UNCERTAIN, True, None)
    exact = exactness(worded)
    if exact is None:
        return Facts(UNCERTAIN, True, None)
    digits, scale = exact
    digits, scale = (digits + 22, scale) if call == "sum" else (digits + 4, scale + 4)
    return Facts(f"decimal({digits},{scale})" if digits <= 65 and scale <= 30 else UNCERTAIN, True, None)


def exactness(worded: Worded) -> tuple[int, int] | None:
    """Return how many digits an exact number has, and how many of them behind the point; None for other types."""
    unsigned = "unsigned" in worded.attributes
    if worded.base in WIDTHS and worded.args in (str(WIDTHS[worded.base][unsigned]), "1"):
        return DIGITS[worded.base][unsigned], 0
    if worded.base == "decimal":
        digits, _, scale = worded.args.partition(",")
        return int(digits), int(scale)
    return None


def united(parts: list[Facts]) -> Facts:
    """Return what DESCRIBE shows of a column of a UNION, of which these are the parts."""
    if len(parts) == 1:
        return parts[0]
    types = {part.type for part in parts}
    nulls = {part.nullable for part in parts}
    kept = None if UNCERTAIN in types or UNCERTAIN in nulls else KEPT.fullmatch(parts[0].type)
    if len(types) > 1 or kept is None:
        return UNKNOWN
    zeros = "0." + "0" * int(kept["scale"] or 0)
    zero = "" if kept["text"] else "0000-00-00" if kept["date"] else zeros.removesuffix(".")
    return Facts(parts[0].type, True in nulls, None if True in nulls else zero)
