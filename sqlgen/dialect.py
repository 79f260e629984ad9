"""The contract that a database fulfils: facts as class attributes, rendering of operations, form of a script.

Adding a database is writing one subclass of :class:`Dialect`. Where it differs in a word it sets an attribute, where
it differs in more it overrides the method of that aspect; what it has no correct form of, it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

from .alter import ColumnRendering
from .compiler import OfflineDialect, offline
from .errors import UsageError
from .inserts import insert_statements
from .literals import Literals
from .operations.model import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    BatchAlter,
    BulkInsert,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    DropTableComment,
    Execute,
    Operation,
    RenameTable,
    SetTableComment,
)
from .rendering import Piece, Version
from .statement import Statement

__all__ = ["Dialect", "Piece", "unescaped"]

METHODS: Mapping[type[Operation], str] = {
    CreateTable: "create_table",
    DropTable: "drop_table",
    RenameTable: "rename_table",
    AddColumn: "add_column",
    DropColumn: "drop_column",
    AlterColumn: "alter_column",
    CreateIndex: "create_index",
    DropIndex: "drop_index",
    AddConstraint: "add_constraint",
    DropConstraint: "drop_constraint",
    SetTableComment: "set_table_comment",
    DropTableComment: "drop_table_comment",
    Execute: "execute",
    BulkInsert: "bulk_insert",
    BatchAlter: "batch_alter",
}

# A colon behind a backslash is how text() is told that no parameter is meant.
ESCAPED_COLON = re.compile(r"\\:")
QUOTED = re.compile(r"'(?:[^'\\]|''|\\.)*'|\"[^\"]*\"|`[^`]*`|\[[^\]\n]*\]", re.S)
LINE_COMMENT = re.compile(r"--(?:\s|$)|--[^\d(]|(?:^|\s)#")
VERSION = re.compile(r"\d+(?:\.\d+)*")


class Dialect(ColumnRendering):
    """One database: what it is called, what it can do, how it is written to.

    ``name`` and ``aliases`` choose it, ``title`` names it in sentences. ``driver`` is what ``bind.dialect.driver``
    says while revisions run. ``begin`` and ``commit`` are empty where DDL commits by itself. ``terminator`` ends a
    statement, ``batch_separator`` is a line of its own after it, if any. ``rows_per_insert`` limits a
    statement. ``native_decimal`` says that drivers send decimals as they are, not as floats. ``reserved_words`` are
    those that a name must be quoted for, and that SQLAlchemy does not know of.
    """

    name: ClassVar[str] = ""
    aliases: ClassVar[tuple[str, ...]] = ()
    default_version: ClassVar[str] = ""
    sqlalchemy_class: ClassVar[type[DefaultDialect]] = DefaultDialect
    literals_class: ClassVar[type[Literals]] = Literals
    default_schema: ClassVar[str | None] = None
    driver: ClassVar[str] = ""
    transactional_ddl: ClassVar[bool] = False
    begin: ClassVar[str] = ""
    commit: ClassVar[str] = ""
    terminator: ClassVar[str] = ";"
    batch_separator: ClassVar[str] = ""
    rows_per_insert: ClassVar[int] = 500
    takes_along: ClassVar[bool] = False
    reflects_plainly: ClassVar[bool] = False
    empty_row: ClassVar[str] = "DEFAULT VALUES"
    native_decimal: ClassVar[bool] = True
    reserved_words: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, version: str = "", default_schema: str | None = None) -> None:
        self.version = version or self.default_version
        found = VERSION.match(self.version)
        if found is None and self.version:
            raise UsageError(
                f"{self.version!r} is no version of {self.title}", hint=f"Give numbers, such as {self.default_version}."
            )
        self.version_info: Version = tuple(map(int, found[0].split("."))) if found else ()
        self.schema = default_schema or self.default_schema
        self.sa = self.sqlalchemy()

    def sqlalchemy(self, context: type | None = None, options: Mapping[str, Any] | None = None) -> OfflineDialect:
        """Return a new SQLAlchemy dialect object for one run, pinned to this version; it is ``self.sa`` from now on.

        ``context`` is mixed into its execution context, ``options`` go to its constructor.
        """
        self.sa = offline(
            self.sqlalchemy_class,
            self.literals_class(),
            version=self.sa_version(),
            default_schema=self.schema,
            context=context,
            options={**self.sa_options(), **(options or {})},
        )
        self.sa.driver = self.driver
        self.sa.supports_native_decimal = self.native_decimal
        preparer = self.sa.identifier_preparer
        preparer.reserved_words = {*preparer.reserved_words, *self.reserved_words}
        self.pin(self.sa)
        return self.sa

    def sa_version(self) -> Version:
        """Return the version as SQLAlchemy's dialect wants to see it."""
        return self.version_info

    def sa_options(self) -> dict[str, Any]:
        """Return arguments for the constructor of SQLAlchemy's dialect."""
        return {}

    def pin(self, dialect: Any) -> None:
        """Set what SQLAlchemy's ``initialize()`` would set after it had asked a server of this version."""

    def compile(self, operation: Operation, bind: sa.Connection) -> Iterator[Piece]:
        """Yield the statements of one operation, in order; what comes from events goes to ``bind`` directly.

        Raises Unsupported where this database has no correct form, LiteralError for a value that cannot be written.
        """
        for cls in type(operation).__mro__:
            if cls in METHODS:
                method = getattr(self, METHODS[cls])
                break
        else:
            raise self.unsupported(f"does not know the operation {type(operation).__name__}")
        try:
            yield from method(operation, bind)
        except sa.exc.CompileError as error:
            raise self.unsupported(f"has no form of {operation.describe()}: {error}") from error

    def execute(self, operation: Execute, _bind: sa.Connection) -> Iterator[Piece]:
        """Yield text as it is, without the escapes of ``text()`` and a trailing terminator; or the statement."""
        if not isinstance(operation.statement, str):
            yield operation.statement
            return
        if text := self.trimmed(unescaped(operation.statement)):
            yield Statement(text, kind="raw")

    def trimmed(self, text: str) -> str:
        """Return text of the author's without its terminator and the white space around it."""
        return text.strip().rstrip(";").rstrip() if not self.is_program(text) else text.strip()

    def is_program(self, sql: str) -> bool:
        """Tell whether a statement has a body, with semicolons that belong to it."""
        return False

    def bulk_insert(self, operation: BulkInsert, _bind: sa.Connection) -> Iterator[Piece]:
        """Yield INSERT statements with literals; none at all for no rows."""
        rows = insert_statements(
            self.sa,
            operation.table,
            operation.rows,
            chunk=self.rows_per_insert if operation.multiinsert else 1,
            empty=self.empty_row,
        )
        for sql in rows:
            yield Statement(sql, kind="dml")

    def batch_alter(self, operation: BatchAlter, bind: sa.Connection) -> Iterator[Piece]:
        """Yield the statements of the inner operations, in their order."""
        for inner in operation.operations:
            yield from self.compile(inner, bind)

    def preamble(self) -> tuple[str, ...]:
        """Return the lines at the top of a script that make the plain client stop at the first error."""
        return ()

    def apply_command(self, file: str) -> str:
        """Return the command line that applies a script."""
        raise NotImplementedError

    def verdict(self, text: str) -> tuple[str, ...]:
        """Return the lines that make the client print a text at the end."""
        raise NotImplementedError

    def terminate(self, sql: str) -> str:
        """Return a statement as the client needs it, with terminator and separator lines, without a last newline."""
        text = sql.strip()
        if ends_in_comment(text):
            text += "\n" + self.terminator
        elif not text.endswith(self.terminator):
            text += self.terminator
        return f"{text}\n{self.batch_separator}" if self.batch_separator else text


def unescaped(text: str) -> str:
    r"""Return text with ``\:`` turned into ``:``, as SQLAlchemy's ``text()`` does."""
    return ESCAPED_COLON.sub(":", text)


def ends_in_comment(sql: str) -> bool:
    """Tell whether the last line ends in a comment, which would swallow whatever is put behind it."""
    last = sql.rpartition("\n")[2]
    return ("--" in last or "#" in last) and LINE_COMMENT.search(QUOTED.sub("", sql).rpartition("\n")[2]) is not None
