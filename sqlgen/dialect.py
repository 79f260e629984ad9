"""The contract that a database fulfils: facts as class attributes, rendering of operations, form of a script.

Adding a database is writing one subclass of :class:`Dialect`. Where it differs in a word it sets an attribute, where
it differs in more it overrides the method of that aspect; what it has no correct form of, it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeEngine

from .alter import ColumnRendering
from .compiler import OfflineDialect, offline
from .conditions import Piece
from .copying import Copy
from .errors import UsageError
from .features import Version
from .form import Form, Shape
from .inserts import InsertForm, insert_statements
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
from .schema.answers import Answers
from .schema.follow import Follower
from .schema.raw_sql import changes, type_named
from .schema.shadow import Shadow
from .schema.state import Catalog
from .schema.text import Grammar
from .splitting import STANDARD, Syntax, last_token, split, tokens
from .statement import Statement
from .twin.facts import RowFacts
from .values import Row

if TYPE_CHECKING:
    from .questions import Questions
    from .schema.catalogue_queries import Catalogue
    from .schema.rebuilt import Making
    from .schema.replica import Replica

__all__ = ["Dialect", "unescaped"]

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
# What revisions get for the name of a database that nobody told, and that name as a literal.
UNTOLD_DATABASE = "sqlgen_untold_database"
UNTOLD_LITERAL = re.compile(rf"N?'{UNTOLD_DATABASE}'")
VERSION = re.compile(r"\d+(?:\.\d+)*")
# How a literal begins; the word of a function, or of a prefix, is a kind of its own.
LITERAL_KIND = re.compile(
    r"(?P<null>NULL\Z)|(?P<text>\(*')|(?P<binary>0x)|(?P<float>[-+]?[\d.]+e)|(?P<number>[-+]?[\d.])|(?P<word>\(*\w+)",
    re.I,
)


class Dialect(ColumnRendering):
    """One database: what it is called, what it can do, how it is written to.

    ``name`` and ``aliases`` choose it, ``title`` names it in sentences. ``driver`` is what ``bind.dialect.driver`` says
    while revisions run, ``server_driver`` the one that reads a server where the user names none, ``server_fact`` the
    attribute of SQLAlchemy's dialect that is true of this database behind the URL of another. ``begin`` and ``commit``
    are empty where DDL commits by itself. ``terminator`` ends a statement, ``batch_separator`` is a line of its own
    after it, if any. ``native_decimal`` says that drivers send decimals as they are, not as floats, and
    ``driver_doubles_percents`` that a ``%`` is written ``%%`` in what ``exec_driver_sql`` gets. ``syntax`` is how text
    SQL is read, ``grammar`` what it does to the schema; ``catalogue`` has the tables of the database's own that a query
    may ask, None where no such query is answered. ``turn`` matches text that is nothing but a command of transactions,
    as the group ``begin``, ``commit``, or ``refused`` for what a script with transactions of its own cannot hold.

    ``beside_schema`` matches the beginning of text that makes what a schema rests on and no catalog holds, such as
    extensions.

    Rows of ``bulk_insert`` are cut into statements of at most ``rows_per_insert`` rows and ``bytes_per_insert`` bytes,
    which an editor can still show and a DBA still find a failing row in. ``largest_statement`` is how many bytes the
    server takes at all, 1 GiB - 1 where its vendor names no limit. ``database_sql`` is an expression
    for the name of the database that a session is in, empty where databases have none. ``one_type_per_column`` says
    that the literals of a column in one statement must agree on a type. ``reserved_words`` are those that a name must
    be quoted for, and that SQLAlchemy does not know of. ``row_facts`` is how values are kept and compared, for
    answering reads of rows that the script wrote; None where these are not answered so.
    """

    name: ClassVar[str] = ""
    aliases: ClassVar[tuple[str, ...]] = ()
    default_version: ClassVar[str] = ""
    sqlalchemy_class: ClassVar[type[DefaultDialect]] = DefaultDialect
    literals_class: ClassVar[type[Literals]] = Literals
    default_schema: ClassVar[str | None] = None
    driver: ClassVar[str] = ""
    server_driver: ClassVar[str] = ""
    server_fact: ClassVar[str] = "-"
    transactional_ddl: ClassVar[bool] = False
    begin: ClassVar[str] = ""
    commit: ClassVar[str] = ""
    terminator: ClassVar[str] = ";"
    batch_separator: ClassVar[str] = ""
    rows_per_insert: ClassVar[int] = 500
    bytes_per_insert: ClassVar[int] = 1_000_000
    largest_statement: ClassVar[int] = 2**30 - 1
    one_type_per_column: ClassVar[bool] = False
    follower_class: ClassVar[type[Follower]] = Follower
    answers_class: ClassVar[type[Answers]] = Answers
    form_class: ClassVar[type[Form]] = Form
    database_sql: ClassVar[str] = ""
    empty_row: ClassVar[str] = "DEFAULT VALUES"
    native_decimal: ClassVar[bool] = True
    syntax: ClassVar[Syntax] = STANDARD
    grammar: ClassVar[type[Grammar]] = Grammar
    turn: ClassVar[re.Pattern[str] | None] = None
    beside_schema: ClassVar[re.Pattern[str] | None] = None
    driver_doubles_percents: ClassVar[bool] = False
    row_facts: ClassVar[RowFacts | None] = None

    #: What the server cannot change in place is changed by a copy of the table, also outside of ``batch_alter_table``.
    copy_tables = False
    #: Line feeds stand in literals as they are, for readable function bodies, where the client leaves them alone.
    raw_newlines = False
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
            self.literals_class(raw_newlines=self.raw_newlines),
            rules=self,
            version=self.sa_version(),
            default_schema=self.schema,
            context=context,
            options={**self.sa_options(), **(options or {})},
        )
        self.sa.driver = self.driver
        self.sa.driver_doubles_percents = self.driver_doubles_percents
        self.sa.supports_native_decimal = self.native_decimal
        preparer = self.sa.identifier_preparer
        preparer.reserved_words = {*preparer.reserved_words, *self.reserved_words}
        self.pin(self.sa)
        return self.sa

    def shadow(self) -> Shadow:
        """Return the schema of an empty database, which changes and answers as this one does."""
        return Shadow(
            self.follower_class(self, self.schema),
            self.answers_class(self, self.schema),
            lambda sql, known: changes(sql, self, known),
        )

    @property
    def questions_class(self) -> type[Questions]:
        """What asks a database by its plain client; imported when it is needed, as few commands do."""
        from .questions import Questions

        return Questions

    @property
    def catalogue(self) -> type[Catalogue] | None:
        """What answers queries against the database's own catalogue; None where nothing does."""
        return None

    def questions(self, catalog: Catalog) -> Questions:
        """Return how a database of a schema is asked by its plain client."""
        answers = self.answers_class(self, self.schema)
        answers.catalog = catalog
        return self.questions_class(self, answers)

    def type_named(self, text: str) -> TypeEngine[Any]:
        """Return the type that a text names. Raises Unsupported for one that is not known."""
        return type_named(text, self)

    @classmethod
    def reading(cls, url: sa.URL) -> sa.URL:
        """Return an address as it is opened for reading. Raises UsageError where nothing is there to be read."""
        return url

    @classmethod
    def writing(cls, url: sa.URL) -> sa.URL:
        """Return an address as it is opened for running scripts: a driver must take several statements at once."""
        return url

    def schema_on_server(
        self, connection: sa.Connection, catalog: Catalog, version_table: str
    ) -> tuple[Catalog, tuple[str, ...], tuple[str, ...]]:
        """Return a reflected schema with what only this database has, and what is beside it and the same as text."""
        return catalog, (), ()

    def schema_makings(self, catalog: Catalog) -> Iterable[Making]:
        """Yield what makes the schema of a catalog, in order, printed by this dialect."""
        from .schema.rebuilt import makings

        return makings(catalog, self)

    def replica(self) -> Replica | None:
        """Return a database in memory that can follow a script; None where no such database runs in this process."""
        return None

    def sa_version(self) -> Version:
        """Return the version as SQLAlchemy's dialect wants to see it."""
        return self.version_info

    def sa_options(self) -> dict[str, Any]:
        """Return arguments for the constructor of SQLAlchemy's dialect."""
        return {}

    def pin(self, dialect: Any) -> None:
        """Set what SQLAlchemy's ``initialize()`` would set after it had asked a server of this version."""

    def compile(self, operation: Operation, bind: sa.Connection) -> Iterator[Piece | Operation]:
        """Yield the statements of one operation, in order; what comes from events goes to ``bind`` directly.

        An operation that is made of others yields those, which see the schema as the ones before left it. A copy of a
        table comes before the statements of the copy.

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
        """Yield the statements of a text, without the escapes of ``text()``; or the statement."""
        if isinstance(operation.statement, str):
            yield from self.texts(unescaped(operation.statement))
        else:
            yield operation.statement

    def texts(self, text: str) -> Iterator[Statement]:
        """Yield the statements in text of the author's; a text of nothing but comments stays as it is.

        Raises Unsupported for what the client would not take as it is.
        """
        pieces = self.text_pieces(text)
        for piece in pieces:
            self.check_piece(piece)
            yield Statement(piece, kind="raw", transactional=not self.stands_outside(piece))
        remark = "" if pieces else "\n".join(one.text for one in tokens(text, self.syntax) if one.kind == "comment")
        if remark:
            self.check_piece(remark)
            yield Statement(self.written(remark), kind="raw", verbatim=True)

    def text_pieces(self, text: str) -> list[str]:
        """Return the statements in text of the author's, as they were written, without their terminators."""
        return split(text, self.syntax)

    def check_piece(self, sql: str) -> None:
        """Raise Unsupported for a statement of the author's that the client would read in another way."""

    def in_this_database(self, sql: str) -> str:
        """Return text in which a revision named the database it is run in, with what stands for that on the server.

        Raises Unsupported for a place where only the name itself can stand.
        """
        found = UNTOLD_LITERAL.sub(self.database_sql, sql)
        if UNTOLD_DATABASE in found:
            raise self.unsupported(
                "cannot be told the name of the database, which the revision takes from the connection's URL",
                "Say it in sqlalchemy.url of the configuration file, or in the url that env.py configures.",
            )
        return found

    def written(self, sql: str) -> str:
        """Return a statement or comment as its client reads it right, with no token changed."""
        return sql

    def stands_outside(self, sql: str) -> bool:
        """Tell whether the server refuses a statement inside a transaction."""
        return False

    def bulk_insert(self, operation: BulkInsert, _bind: sa.Connection) -> Iterator[Piece]:
        """Yield INSERT statements with literals, each as soon as it is full; none at all for no rows."""
        yield from self.inserts(operation, enumerate(operation.rows))

    def inserts(self, operation: BulkInsert, rows: Iterable[tuple[int, Row]]) -> Iterator[Piece]:
        """Yield the INSERT statements of some rows, which come with their places in the operation."""
        for sql in insert_statements(self.sa, operation.table, rows, self.insert_form(operation)):
            yield Statement(sql, kind="dml")

    def insert_form(self, operation: BulkInsert) -> InsertForm:
        """Return how the rows of an operation are written."""
        return InsertForm(
            rows=self.rows_per_insert if operation.multiinsert else 1,
            size=self.bytes_per_insert,
            largest=self.largest_statement,
            empty=self.empty_row,
            kind=self.literal_kind if self.one_type_per_column else None,
        )

    def literal_kind(self, literal: str) -> str:
        """Return what the server takes a literal for, in a word; empty for NULL. See ``one_type_per_column``."""
        found = LITERAL_KIND.match(literal)
        if found is None:
            return literal
        return {"null": "", "word": found[0].upper()}.get(str(found.lastgroup), str(found.lastgroup))

    def copy(self, blocks: Sequence[BatchAlter]) -> Copy | None:
        """Return one table, as it is at this moment, on its way through several blocks of changes.

        None where the database changes its tables in place, or no copy does what a block asks for. Raises Unsupported
        for a table that is not known.
        """
        return None

    def batch_alter(self, operation: BatchAlter, bind: sa.Connection) -> Iterator[Piece | Operation]:
        """Yield the inner operations, in their order.

        Raises Unsupported where only a copy of the table gives what is asked for: the order of columns, and what
        ``table_args`` and ``table_kwargs`` add when ``recreate="always"`` makes them count.
        """
        added = [one.column.name for one in operation.operations if isinstance(one, AddColumn)]
        if any(name in operation.positions for name in added):
            raise self.unsupported(
                "adds columns at the end of a table that it does not copy",
                "Leave insert_before and insert_after out; recreate='always' copies tables where that is done at all.",
            )
        if operation.recreate == "always" and (
            operation.partial_reordering or operation.table_args or operation.table_kwargs
        ):
            raise self.unsupported(
                "changes tables in place, without partial_reordering, table_args and table_kwargs",
                "Say what they add with operations of the batch.",
            )
        yield from operation.operations

    def form(self, shape: Shape | None = None) -> Form:
        """Return what writes the form of a script. Raises UsageError for a shape that cannot be."""
        return self.form_class(self, shape)

    def fitted(self, sql: str) -> str:
        """Return a statement that sqlgen wrote in lines that the client reads as they are.

        Raises RenderError where it cannot be written so. Text of the author's does not come here.
        """
        return sql

    def terminate(self, sql: str) -> str:
        """Return a statement as the client needs it, with terminator and separator lines, without a last newline."""
        text = sql.strip()
        if self.ends_in_comment(text):
            text += "\n" + self.terminator
        elif not text.endswith(self.terminator):
            text += self.terminator
        return f"{text}\n{self.batch_separator}" if self.batch_separator else text

    def ends_in_comment(self, sql: str) -> bool:
        """Tell whether the last line ends in a comment, which would swallow whatever is put behind it."""
        last = sql[sql.rfind("\n") + 1 :]
        if "--" not in last and "#" not in last:
            return False
        token = last_token(sql, self.syntax)
        at_end = token is not None and token.kind == "comment" and token.end == len(sql)
        return token is not None and at_end and not token.text.startswith("/*")


def unescaped(text: str) -> str:
    r"""Return text with ``\:`` turned into ``:``, as SQLAlchemy's ``text()`` does."""
    return ESCAPED_COLON.sub(":", text)
