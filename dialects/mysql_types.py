"""Types of MySQL and MariaDB: from what text says to what SHOW CREATE TABLE says, and to SQLAlchemy's types.

Sources: MySQL manual, 13.9 "Using Data Types from Other Database Engines" and 13.1.1 (display widths, which 8.0.19
leaves out, save for tinyint(1) and ZEROFILL); MariaDB Knowledge Base, "Data Types".
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.mysql.base import MySQLDialect
from sqlalchemy.types import TypeEngine

from ..schema.text import NotFollowed, TypeText

ALIASES = {
    "bool": "tinyint",
    "boolean": "tinyint",
    "int1": "tinyint",
    "int2": "smallint",
    "int3": "mediumint",
    "middleint": "mediumint",
    "int4": "int",
    "integer": "int",
    "int8": "bigint",
    "dec": "decimal",
    "numeric": "decimal",
    "fixed": "decimal",
    "double precision": "double",
    "real": "double",
    "float8": "double",
    "float4": "float",
    "character": "char",
    "nchar": "char",
    "national char": "char",
    "national character": "char",
    "character varying": "varchar",
    "char varying": "varchar",
    "nvarchar": "varchar",
    "national varchar": "varchar",
    "national character varying": "varchar",
    "long": "mediumtext",
    "long varchar": "mediumtext",
    "long varbinary": "mediumblob",
}
NATIONAL = frozenset(word for word in ALIASES if word.startswith("n") and "char" in word)
#: How wide an integer is shown, signed and unsigned.
WIDTHS = {"tinyint": (4, 3), "smallint": (6, 5), "mediumint": (9, 8), "int": (11, 10), "bigint": (20, 20)}
DEFAULTS = {"decimal": (10, 0), "char": (1,), "binary": (1,), "bit": (1,)}
ATTRIBUTES = ("unsigned", "signed", "zerofill")
#: Character sets: how many bytes a character may take, and their collation unless another one is said.
SETS = {
    "latin1": (1, "latin1_swedish_ci"),
    "ascii": (1, "ascii_general_ci"),
    "utf8mb3": (3, "utf8mb3_general_ci"),
    "utf8mb4": (4, "utf8mb4_general_ci"),
}
LOBS = ((2**8, "tiny"), (2**16, ""), (2**24, "medium"))
TEXTS = frozenset(("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set"))


def reflected(spelling: TypeText, values: list[str], *, shows_widths: bool, is_mariadb: bool) -> TypeEngine[Any]:
    """Return the type that reflection gives for a column of it; ``values`` are those of an ENUM or SET.

    ``shows_widths`` says that the server keeps widths of integers; ``is_mariadb`` that JSON is another word for
    LONGTEXT, that YEAR has a width, and that the collation is always shown with a character set. Raises NotFollowed
    for a type that is not known.
    """
    words = [word for word in spelling.base.split() if word not in ATTRIBUTES]
    attributes: dict[str, Any] = {word: True for word in spelling.base.split() if word in ("unsigned", "zerofill")}
    written = " ".join(words)
    base = ALIASES.get(written, written)
    if base == "json" and is_mariadb:
        return _made("longtext", charset="utf8mb4", collate="utf8mb4_bin")
    if base in ("enum", "set"):
        return _made(base, *values, **_texts(base, written, spelling, is_mariadb))
    numbers = spelling.numbers()
    base, numbers = _exact(base, written, numbers, charset_of(written, spelling))
    if base in WIDTHS:
        numbers = _width(base, numbers, attributes, shows_widths)
        attributes |= {"unsigned": True} if attributes.get("zerofill") else {}
    if base in ("datetime", "time", "timestamp"):
        attributes["fsp"] = numbers[0] if numbers and numbers[0] else None
        numbers = []
    if base == "year":
        numbers = [4] if is_mariadb else []
    return _made(base, *numbers, **attributes, **_texts(base, written, spelling, is_mariadb))


def _made(base: str, *arguments: Any, **options: Any) -> TypeEngine[Any]:
    """Return a type by the name that the server has for it. Raises NotFollowed for one that is not known."""
    found = MySQLDialect.ischema_names.get(base)
    if found is None:
        raise NotFollowed(f"the type {base} is not known")
    made: TypeEngine[Any] = found(*arguments, **options)
    return made


def _texts(base: str, written: str, spelling: TypeText, shows_collations: bool) -> dict[str, str]:
    """Return character set and collation, as far as they are said; a collation's name begins with its set's."""
    charset = charset_of(written, spelling)
    if base not in TEXTS or charset is None:
        return {}
    if charset not in SETS:
        raise NotFollowed(f"the default collation of {charset} is not known")
    collation = spelling.collation or (SETS[charset][1] if shows_collations else "")
    return {"charset": charset, **({"collate": collation} if collation else {})}


def charset_of(written: str, spelling: TypeText) -> str | None:
    """Return the character set of a type, None where it is the table's."""
    charset = "utf8mb3" if written in NATIONAL else spelling.charset
    if charset is None and spelling.collation:
        charset = spelling.collation.partition("_")[0]
    return "utf8mb3" if charset == "utf8" else charset


def lob(base: str, size: int, charset: str | None) -> str:
    """Return the smallest type that holds so many bytes, or characters of the set, which may be the table's."""
    widths = {1} if base == "blob" else {SETS[charset][0]} if charset in SETS else {1, 4}
    found = {next((prefix for limit, prefix in LOBS if size * width < limit), "long") for width in widths}
    if len(found) > 1:
        raise NotFollowed("how large a TEXT is depends on the table's character set")
    return found.pop() + base


def _exact(base: str, written: str, numbers: list[int], charset: str | None) -> tuple[str, list[int]]:
    """Return base and arguments as the server keeps them."""
    if written in ("bool", "boolean"):
        return base, [1]
    if base in ("blob", "text") and numbers:
        return lob(base, numbers[0], charset), []
    if base == "float" and len(numbers) == 1:
        return ("float" if numbers[0] <= 24 else "double"), []
    if base == "decimal":
        return base, [*(numbers or [10]), 0][:2]
    return base, numbers or list(DEFAULTS.get(base, ()))


def _width(base: str, numbers: list[int], attributes: dict[str, Any], shows_widths: bool) -> list[int]:
    """Return the width with which an integer is shown."""
    if not shows_widths and not attributes.get("zerofill"):
        return numbers if (base, numbers) == ("tinyint", [1]) and not attributes else []
    unsigned = bool(attributes)
    return numbers or [WIDTHS[base][unsigned]]
