"""What text SQL does to a schema of SQL Server: names, types and statements of its own.

The grammar is that of Microsoft Learn, "Transact-SQL reference", statements, and system stored procedures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.mssql.base import MSDialect
from sqlalchemy.types import TypeEngine

from ..operations.model import (
    AddColumn,
    AlterColumn,
    CreateIndex,
    CreateTable,
    DropTable,
    DropTableComment,
    Operation,
    RenameTable,
    SetTableComment,
)
from ..records import replace
from ..schema.changes import RenameIndex
from ..schema.text import Grammar, NotFollowed, Reader, TypeText
from ..schema.text.alter import Target
from ..schema.text.columns import COLUMN_WORDS, ColumnText
from ..schema.text.reader import words
from ..schema.text.tables import Operations

ALIASES = {
    "integer": "int",
    "dec": "decimal",
    "character": "char",
    "char varying": "varchar",
    "character varying": "varchar",
    "national char": "nchar",
    "national character": "nchar",
    "national char varying": "nvarchar",
    "national character varying": "nvarchar",
    "national text": "ntext",
    "binary varying": "varbinary",
    "rowversion": "timestamp",
    "double precision": "float",
    "sysname": "nvarchar",
}
LENGTHS = frozenset(("char", "varchar", "nchar", "nvarchar", "binary", "varbinary"))


ASKED = frozenset(("OBJECT_ID", "COL_LENGTH", "INDEXPROPERTY"))
#: Where the statement behind a condition begins.
BEGINNINGS = words("CREATE ALTER DROP INSERT UPDATE DELETE MERGE EXEC EXECUTE SET TRUNCATE PRINT BEGIN ELSE")


class SQLServerGrammar(Grammar):
    """Statements of SQL Server."""

    joins_statements = True
    statements: ClassVar[Mapping[str, str]] = {
        **Grammar.statements,
        "IF": "_if",
        "EXEC": "_procedure",
        "EXECUTE": "_procedure",
    }
    clauses: ClassVar[Mapping[str, str]] = {**Grammar.clauses, "IDENTITY": "_identity", "WITH": "_with_values"}
    silent_clauses = frozenset(("ROWGUIDCOL", "SPARSE"))
    default_ends = COLUMN_WORDS | {"WITH"}
    silent_actions = (("CHECK", "CONSTRAINT"), ("NOCHECK", "CONSTRAINT"), ("ENABLE",), ("DISABLE",), ("SET", "("))
    procedures: ClassVar[Mapping[str, str]] = {
        "SP_RENAME": "_sp_rename",
        "SP_ADDEXTENDEDPROPERTY": "_described",
        "SP_UPDATEEXTENDEDPROPERTY": "_described",
        "SP_DROPEXTENDEDPROPERTY": "_undescribed",
    }
    dropping = "CONSTRAINT"

    def type_of(self, spelling: TypeText) -> TypeEngine[Any]:
        """Return a type as reflection gives it. A type in another schema than ``sys`` is not known."""
        if spelling.schema not in (None, "sys") or spelling.dimensions:
            raise NotFollowed("types of one's own are not known")
        written = spelling.name.lower() if spelling.is_quoted else spelling.base
        base = ALIASES.get(written, written)
        if base == "float" and spelling.arguments and spelling.numbers()[0] <= 24:
            base = "real"
        found: Any = MSDialect.ischema_names.get(base)
        if found is None:
            raise NotFollowed(f"the type {base} is not known")
        if base in LENGTHS:
            first = (spelling.arguments or ("128" if written == "sysname" else "1",))[0]
            options: dict[str, Any] = {"length": None if first.upper() == "MAX" else int(first)}
        else:
            options = self.type_options(base, spelling.numbers())
        made: TypeEngine[Any] = found(**options)
        return made

    def type_options(self, base: str, numbers: list[int]) -> dict[str, Any]:
        """Return what reflection tells of a type's digits; a short float is stored as REAL, and shown as such."""
        if base in ("decimal", "numeric"):
            precision, scale = [*(numbers or [18]), 0][:2]
            return {"precision": precision, "scale": scale}
        if base == "float":
            return {"precision": 53}
        return {"precision": 24} if base == "real" else {}

    # Columns and tables.

    def _identity(self, reader: Reader, column: ColumnText) -> None:
        numbers = [item.number() for item in reader.group().items()] if reader.shows("(") else [1, 1]
        reader.takes("NOT", "FOR", "REPLICATION")
        start, increment = numbers
        column.identity = sa.Identity(start=start, increment=increment)

    def _with_values(self, reader: Reader, column: ColumnText) -> None:
        reader.needs("VALUES")

    def _not(self, reader: Reader, column: ColumnText) -> None:
        if not reader.takes("FOR", "REPLICATION"):
            super()._not(reader, column)

    def is_stored(self, word: str) -> bool | None:
        """Tell whether a computed column is stored."""
        return word == "PERSISTED"

    def table_options(self, reader: Reader) -> dict[str, Any]:
        """Take what follows the columns; none of it is kept."""
        while not reader.is_done:
            if reader.takes("WITH"):
                reader.group()
            else:
                if not reader.takes("ON"):
                    reader.needs("TEXTIMAGE_ON")
                reader.name()
                if reader.shows("("):
                    reader.group()
        return {}

    def index_kind(self, said: Any) -> dict[str, Any]:
        """Return the options that words before INDEX stand for."""
        clustered = True if "CLUSTERED" in said else False if "NONCLUSTERED" in said else None
        return {"unique": "UNIQUE" in said, "clustered": clustered}

    def index_options(self, reader: Reader, options: dict[str, Any]) -> None:
        """Take what follows the parts of an index."""
        if reader.takes("INCLUDE"):
            options["include"] = [item.name() for item in reader.group().items()]
        if reader.takes("WHERE"):
            options["where"] = reader.expression(("WITH", "ON"))
        if reader.takes("WITH"):
            reader.group()
        if reader.takes("ON"):
            reader.name()

    def drop_index(self, reader: Reader, said: Any) -> Operations:
        """Take DROP INDEX, in its old form too, where the table stands before the name."""
        if_exists = reader.takes("IF", "EXISTS")
        found: list[Operation] = []
        for item in reader.part(reader.at, reader.stop).items():
            *owner, name = item.names()
            table = ".".join(owner) or None
            schema = owner[-2] if len(owner) > 1 else None
            if item.takes("ON"):
                table, schema = item.qualified()
            elif owner:
                table = owner[-1]
            found.append(self.dropped_index(name, table, schema, if_exists))
            item.ends()
        reader.rest()
        return tuple(found)

    # ALTER TABLE.

    def action_word(self, reader: Reader, last: str) -> str:
        """Take the word that an action begins with; ADD and DROP go on behind a comma."""
        if reader.takes("WITH", "CHECK") or reader.takes("WITH", "NOCHECK"):
            reader.needs("ADD")
            return "ADD"
        if not any(reader.shows(word) for word in self.actions) and last in ("ADD", "DROP"):
            return last
        return super().action_word(reader, last)

    def _added_one(self, reader: Reader, target: Target) -> Operations:
        start, name = reader.at, None
        if reader.takes("CONSTRAINT"):
            name = reader.name()
        if reader.takes("DEFAULT"):
            default = self.default_clause(reader)
            reader.needs("FOR")
            made = self.altered(target, reader.name(), server_default=default)
            reader.takes("WITH", "VALUES")
            return (replace(made, options={"default_name": name}) if name else made,)
        reader.at = start
        return super()._added_one(reader, target)

    def _drop(self, reader: Reader, target: Target) -> Operations:
        if kind := reader.takes_one(("COLUMN", "CONSTRAINT")):
            self.dropping = kind
        elif reader.tokens[reader.at - 1].text.upper() == "DROP":
            self.dropping = "CONSTRAINT"
        if self.dropping == "COLUMN":
            return self.column_dropped(reader, target)
        if_exists = reader.takes("IF", "EXISTS")
        name = reader.name()
        if reader.takes("WITH"):
            reader.group()
        return (self.constraint_dropped(target, name, None, if_exists, False),)

    def alter_column(self, reader: Reader, target: Target, name: str) -> Operations:
        """Take a column's new type, collation and nullability; without a word it takes NULL."""
        if reader.shows("ADD") or reader.shows("DROP"):
            raise NotFollowed("a property of a column is changed")
        column = ColumnText(name, self.type_of(self.take_type(reader)))
        self.column_clauses(reader, column)
        return (self.altered(target, name, type_=column.type_, nullable=column.is_nullable),)

    # Guards.

    def _if(self, reader: Reader) -> Operations:
        """Take a statement that depends on whether its own object exists, or that does the same in any case."""
        if any(reader.shows(word) for word in ASKED):
            absent, names = self.condition(reader)
            return tuple(self.guarded(one, absent, names) for one in self.statement(reader))
        start = reader.at
        reader.skip(BEGINNINGS)
        asks_for_comment = "FN_LISTEXTENDEDPROPERTY" in reader.part(start, reader.at).words()
        branches = [self.branch(reader)]
        branches.append(self.branch(reader) if reader.takes("ELSE") else ())
        same = branches[0] == branches[1]
        dropped = [getattr(one, "comment", None) is None for one in branches[0]]
        if not same and not (asks_for_comment and not branches[1] and all(dropped)):
            raise NotFollowed("what is done depends on a condition")
        return branches[0]

    def branch(self, reader: Reader) -> Operations:
        """Take a statement up to ELSE."""
        start = reader.at
        reader.skip(("ELSE",))
        part = reader.part(start, reader.at)
        found = self.statement(part)
        part.ends()
        return found

    def condition(self, reader: Reader) -> tuple[bool, list[str]]:
        """Take OBJECT_ID, COL_LENGTH or INDEXPROPERTY and IS [NOT] NULL; tell whether nothing must be there, and what.

        What is asked for are names: of a table, and of a column or an index.
        """
        reader.takes_one(ASKED)
        names = []
        for item in reader.group().items():
            if item.takes("OBJECT_ID"):
                item = next(item.group().items())
            names.append(self.literal(item).upper())
        reader.needs("IS")
        absent = not reader.takes("NOT")
        reader.needs("NULL")
        return absent, [self.reader(name).names()[-1] for name in names]

    def guarded(self, operation: Operation, absent: bool, names: list[str]) -> Operation:
        """Return an operation that takes place only where its object is not there, or is there."""
        match operation:
            case CreateTable() if absent and operation.table.name.upper() == names[0]:
                return replace(operation, if_not_exists=True)
            case AddColumn() if absent and names[:2] == [operation.table_name.upper(), operation.column.name.upper()]:
                return replace(operation, if_not_exists=True)
            case CreateIndex() if absent and names[1:2] == [str(operation.index.name).upper()]:
                return replace(operation, if_not_exists=True)
            case DropTable() if not absent and operation.table.name.upper() == names[0]:
                return replace(operation, if_exists=True)
        raise NotFollowed("a statement depends on something else than its object")

    # Procedures.

    def _procedure(self, reader: Reader) -> Operations:
        """Take the call of a procedure that is known."""
        called = reader.names()[-1].upper()
        if called not in self.procedures:
            raise NotFollowed(f"the procedure {called} is not known")
        arguments = []
        for item in reader.items():
            if item.takes("@"):
                item.name()
                item.needs("=")
            arguments.append(self.argument(item))
            item.ends()
        found: Operations = getattr(self, self.procedures[called])(arguments)
        return found

    def argument(self, reader: Reader) -> str | None:
        """Take an argument: a literal, a bare word, or NULL."""
        if reader.takes("NULL"):
            return None
        token = reader.peek(1) if reader.shows("N") else reader.peek()
        return self.literal(reader) if token is not None and token.kind == "literal" else reader.name()

    def _sp_rename(self, arguments: list[str | None]) -> Operations:
        """Return what sp_rename does: to a table or another object, a column or an index."""
        old, new, kind = [*arguments, None][:3]
        if old is None or new is None:
            raise NotFollowed("sp_rename lacks a name")
        path = self.reader(old)
        parts = path.names()
        path.ends()
        if kind is None or kind.upper() == "OBJECT":
            if len(parts) > 2:
                raise NotFollowed("sp_rename renames a constraint, or an object of another database")
            schema = parts[0] if len(parts) == 2 else None
            if self.known is not None and not self.known.has_table(parts[-1], schema):
                raise NotFollowed("sp_rename may rename something else than a table")
            return (RenameTable(table_name=parts[-1], schema=schema, new_table_name=new),)
        if len(parts) < 2:
            raise NotFollowed("sp_rename does not name the table")
        target = Target(parts[-2], parts[-3] if len(parts) > 2 else None)
        if kind.upper() == "COLUMN":
            return (self.altered(target, parts[-1], new_column_name=new),)
        if kind.upper() == "INDEX":
            return (RenameIndex(name=parts[-1], schema=target.schema, new_name=new, table_name=target.name),)
        raise NotFollowed(f"sp_rename renames a {kind}")

    def _described(self, arguments: list[str | None]) -> Operations:
        return self.comment_set(arguments[0], arguments[1], arguments[2:])

    def _undescribed(self, arguments: list[str | None]) -> Operations:
        return self.comment_set(arguments[0], None, arguments[1:])

    def comment_set(self, name: str | None, comment: str | None, levels: list[str | None]) -> Operations:
        """Return the operation that sets the comment of a table or a column."""
        if name != "MS_Description":
            return ()
        kinds = [str(kind).lower() for kind in levels[::2] if kind is not None]
        names = [str(one) for one in levels[1::2] if one is not None]
        if kinds not in (["schema", "table"], ["schema", "table", "column"]) or len(names) != len(kinds):
            raise NotFollowed("a comment is of something else than a table or a column")
        schema, table = names[:2]
        if len(names) == 3:
            return (AlterColumn(table_name=table, schema=schema, column_name=names[2], comment=comment),)
        if comment is None:
            return (DropTableComment(table_name=table, schema=schema),)
        return (SetTableComment(table_name=table, schema=schema, comment=comment),)
