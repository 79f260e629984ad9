"""What text SQL does to a schema of Oracle: names, types and statements of its own.

The grammar is that of the "SQL Language Reference", 19c, and of EXECUTE IMMEDIATE in PL/SQL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.oracle.base import OracleDialect
from sqlalchemy.dialects.oracle.types import FLOAT, NUMBER, TIMESTAMP
from sqlalchemy.types import TypeEngine

from ..operations.model import AlterColumn, Operation
from ..records import replace
from ..schema.changes import SetDefaultSchema
from ..schema.text import Grammar, NotFollowed, Reader, TypeText
from ..schema.text.alter import Target
from ..schema.text.columns import COLUMN_WORDS, ColumnText
from ..schema.text.reader import words
from ..schema.text.tables import Operations

ALIASES = {
    "varchar": "varchar2",
    "char varying": "varchar2",
    "character varying": "varchar2",
    "character": "char",
    "national character": "nchar",
    "national char": "nchar",
    "nchar varying": "nvarchar2",
    "national character varying": "nvarchar2",
    "national char varying": "nvarchar2",
    "long varchar": "long",
}
INTEGERS = frozenset(("integer", "int", "smallint"))
DECIMALS = frozenset(("numeric", "decimal", "dec"))
BINARY_DIGITS = {"float": 126, "double precision": 126, "real": 63}
LENGTHS = frozenset(("VARCHAR2", "NVARCHAR2", "CHAR", "NCHAR"))
LENGTH = re.compile(r"(\d+)(?:\s+(?:CHAR|BYTE))?", re.I)
QUOTED = re.compile(r"N?Q'(.)(.*)(.)'", re.I | re.S)
#: Errors that say that an object is there already, and those that say that it is not.
PRESENT = frozenset((955, 1430, 2260, 2261, 2264, 2275, 1408))
ABSENT = frozenset((942, 904, 1418, 2443, 2289, 4080, 4043))
#: What may follow the columns of a table or an index, and changes nothing here.
STORAGE = words(
    "TABLESPACE PCTFREE PCTUSED INITRANS MAXTRANS STORAGE LOGGING NOLOGGING COMPRESS NOCOMPRESS PARALLEL "
    "NOPARALLEL CACHE NOCACHE MONITORING ORGANIZATION SEGMENT ROW LOB ON ONLINE REVERSE LOCAL COMPUTE"
)


class OracleGrammar(Grammar):
    """Statements of Oracle."""

    statements: ClassVar[Mapping[str, str]] = {**Grammar.statements, "RENAME": "_rename_object"}
    actions: ClassVar[Mapping[str, str]] = {**Grammar.actions, "MODIFY": "_modify"}
    silent_actions = (("ENABLE",), ("DISABLE",), ("CACHE",), ("NOCACHE",), ("LOGGING",), ("NOLOGGING",), ("SHRINK",))
    default_ends = COLUMN_WORDS
    clauses: ClassVar[Mapping[str, str]] = {key: value for key, value in Grammar.clauses.items() if key != "COLLATE"}

    # Names, literals and types.

    def unquoted(self, text: str) -> str:
        """Return a name as SQLAlchemy shows one that has no quotes: in lower case."""
        return text.lower()

    def quoted(self, text: str) -> str:
        """Return a name in quotes as SQLAlchemy shows it: one in capitals alone is in lower case.

        Raises NotFollowed for one in lower case that needs no quotes: that is another name than the one without them.
        """
        sa_dialect: Any = self.dialect.sa
        name = text[1:-1]
        if name != name.upper() and sa_dialect.denormalize_name(name) == name.upper():
            raise NotFollowed(f"the name {text} in lower case stands in quotes")
        return str(sa_dialect.normalize_name(name))

    def string(self, text: str) -> str:
        """Return the value of a literal; q'[…]' has no escapes."""
        found = QUOTED.fullmatch(text)
        return found[2] if found else super().string(text.lstrip("nN"))

    def type_of(self, spelling: TypeText) -> TypeEngine[Any]:
        """Return a type as reflection gives it."""
        if spelling.is_quoted or spelling.schema is not None or spelling.dimensions:
            raise NotFollowed("types of one's own are not known")
        base = ALIASES.get(spelling.base, spelling.base)
        if base in INTEGERS:
            return sa.types.INTEGER()
        if base in ("number", *DECIMALS):
            return self.number(base, spelling)
        if base in BINARY_DIGITS:
            return self.binary_float(base, spelling)
        if base.startswith("timestamp"):
            return TIMESTAMP(timezone="with time zone" in base, local_timezone="local" in base)
        name = base.upper()
        found: Any = OracleDialect.ischema_names.get(name)
        if found is None:
            raise NotFollowed(f"the type {base} is not known")
        if name in LENGTHS or name == "RAW":
            length = LENGTH.fullmatch(spelling.arguments[0]) if spelling.arguments else None
            return made(found, int(length[1]) if length else 1)
        return made(found)

    def number(self, base: str, spelling: TypeText) -> TypeEngine[Any]:
        """Return a number; without digits NUMBER holds any, and DECIMAL integers."""
        arguments = spelling.arguments
        if not arguments:
            return made(NUMBER, None, None) if base == "number" else sa.types.INTEGER()
        scale = int(arguments[1]) if len(arguments) > 1 else 0
        if arguments[0] == "*":
            return sa.types.INTEGER() if scale == 0 else made(NUMBER, None, scale)
        return made(NUMBER, int(arguments[0]), scale)

    def binary_float(self, base: str, spelling: TypeText) -> TypeEngine[Any]:
        """Return a FLOAT, which is called by its digits."""
        digits = next(iter(spelling.numbers()), BINARY_DIGITS[base])
        if digits == 126:
            return sa.types.DOUBLE_PRECISION()
        return sa.types.REAL() if digits == 63 else made(FLOAT, binary_precision=digits)

    # Tables.

    def table_options(self, reader: Reader) -> dict[str, Any]:
        """Take what follows the columns; none of it is kept."""
        self.storage_clauses(reader)
        return {}

    def storage_clauses(self, reader: Reader) -> None:
        """Take clauses about storage to the end."""
        while not reader.is_done:
            if not reader.takes_one(STORAGE):
                raise NotFollowed(f"{reader.next().text} is no clause about storage")
            while not reader.is_done and not any(reader.shows(word) for word in STORAGE):
                if reader.shows("AS"):
                    raise NotFollowed("the rows of a query fill the table")
                if reader.shows("("):
                    reader.group()
                else:
                    reader.next()

    def index_kind(self, said: Any) -> dict[str, Any]:
        """Return the options that words before INDEX stand for."""
        return {"unique": "UNIQUE" in said, "bitmap": "BITMAP" in said}

    def index_options(self, reader: Reader, options: dict[str, Any]) -> None:
        """Take what follows the parts of an index."""
        if reader.takes("COMPRESS"):
            options["compress"] = reader.number() if reader.shows_number() else True
        self.storage_clauses(reader)

    def key_options(self, reader: Reader) -> dict[str, Any]:
        """Take what follows the columns of a key."""
        options = super().key_options(reader)
        if reader.takes("USING", "INDEX"):
            reader.rest()
        self.enforced(reader)
        return options

    # ALTER TABLE.

    def _modify(self, reader: Reader, target: Target) -> Operations:
        if reader.shows("("):
            return tuple(self.modified(item, target) for item in reader.group().items())
        return (self.modified(reader, target),)

    def modified(self, reader: Reader, target: Target) -> AlterColumn:
        """Take a column of MODIFY, of which only what changes is said."""
        if reader.takes("CONSTRAINT"):
            raise NotFollowed("the state of a constraint is changed")
        column = ColumnText(reader.name(), sa.types.NULLTYPE)
        if reader.takes("DROP", "IDENTITY"):
            return self.altered(target, column.name, server_default=None)
        token = reader.peek()
        if token is not None and token.text.upper() not in (*self.clauses, "CONSTRAINT"):
            column.type_ = self.type_of(self.take_type(reader))
        self.column_clauses(reader, column)
        reader.ends()
        if set(column.said) - {"DEFAULT", "NULL", "NOT", "GENERATED"} or column.computed is not None:
            raise NotFollowed("MODIFY adds more than a type, a default and NOT NULL")
        changes: dict[str, Any] = {"nullable": column.nullable}
        if column.type_ is not sa.types.NULLTYPE:
            changes["type_"] = column.type_
        if {"DEFAULT", "GENERATED"} & set(column.said):
            changes["server_default"] = column.server_default()
        return self.altered(target, column.name, **changes)

    def _drop(self, reader: Reader, target: Target) -> Operations:
        if reader.shows("UNIQUE"):
            raise NotFollowed("a constraint goes by its columns")
        return super()._drop(reader, target)

    def _rename_object(self, reader: Reader) -> Operations:
        old, new = self.renamed(reader)
        return self.table_renamed((new, None), Target(old, None))

    # Sessions and blocks.

    def _alter_object(self, reader: Reader) -> Operations:
        if reader.takes("SESSION", "SET", "CURRENT_SCHEMA", "="):
            return (SetDefaultSchema(schemas=(reader.name(),)),)
        if reader.takes("SESSION"):
            reader.rest()
            return ()
        return super()._alter_object(reader)

    def _begin(self, reader: Reader) -> Operations:
        """Take a block of EXECUTE IMMEDIATE with literals, and of handlers for objects that are there or are not."""
        found: list[Operation] = []
        while reader.takes("EXECUTE", "IMMEDIATE"):
            found += self.changes(self.literal(reader))
            reader.needs(";")
        if reader.takes("EXCEPTION", "WHEN", "OTHERS", "THEN"):
            number = self.handled(reader)
            if len(found) != 1:
                raise NotFollowed("a handler is for several statements")
            found = [guarded(found[0], number)]
        reader.needs("END")
        reader.takes(";")
        reader.ends()
        if not found:
            raise NotFollowed("a block does something else than EXECUTE IMMEDIATE")
        return tuple(found)

    def handled(self, reader: Reader) -> int:
        """Take a handler that raises all errors but one, and return the number of that."""
        reader.needs("IF", "SQLCODE")
        if not reader.takes("!", "="):
            reader.needs("<", ">")
        number = -reader.number()
        reader.needs("THEN", "RAISE", ";", "END", "IF", ";")
        return number


def made(cls: Any, *arguments: Any, **options: Any) -> TypeEngine[Any]:
    """Return a type of a class of SQLAlchemy's, which have no types of their own."""
    type_: TypeEngine[Any] = cls(*arguments, **options)
    return type_


def guarded(operation: Operation, number: int) -> Operation:
    """Return an operation of which the server's error of this number is no error."""
    fields = operation.__dataclass_fields__
    if number in PRESENT and "if_not_exists" in fields:
        return replace(operation, if_not_exists=True)  # type: ignore[call-arg]
    if number in ABSENT and "if_exists" in fields:
        return replace(operation, if_exists=True)  # type: ignore[call-arg]
    raise NotFollowed(f"ORA-{number:05} says nothing about {type(operation).__name__}")
