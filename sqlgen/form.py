"""The form of a script: what stands around its statements, for one database and one client.

A script refuses a database that is not where it starts, stops at the first error, and moves the version table only
when everything before that move is in. How much of this the *server* can enforce differs; the rest is a setting of
the client. So each database has a subclass of :class:`Form`, beside its dialect. Here is what all of them share, and
what a database without one gets: transactions, no guard.

Two forms: ``plain`` has one statement after another, to be read and compared; ``block`` has one block per revision
that the server runs as a whole, so that a statement which fails is never followed by the version's move, whatever the
client does. A script that may be run again (``idempotent``) is in blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from sqlalchemy.engine import URL

from .conditions import Condition
from .errors import Unsupported, UsageError, closest
from .records import dataclass, replace
from .splitting import Syntax
from .statement import Statement

Rows = tuple[str, ...]
"""The rows of the version table, sorted; none at base."""

PLAIN = "plain"
"""The name of a form, and of the client that has no commands of its own: GUIs, drivers."""

ACTING = re.compile(r"[^\w., \[\]]")
LOCK_TIMEOUT = 5.0
"""Seconds that a script waits for a lock unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the user asked of the form of a script; an empty word stands for the dialect's own choice.

    ``form`` is ``plain`` or ``block``, ``transaction`` ``per-revision``, ``all`` or ``none``, ``commit`` ``auto``,
    ``manual`` (the last transaction is left open) or ``none`` (whoever runs the script has a transaction open).
    ``lock_timeout`` and ``statement_timeout`` are in seconds; None for none. ``schema`` is where the script works.
    ``progress`` tells after what the client prints a line. ``log`` is a file that the client writes beside.
    """

    form: str = ""
    idempotent: bool = False
    client: str = ""
    transaction: str = ""
    commit: str = "auto"
    lock_timeout: float | None = LOCK_TIMEOUT
    statement_timeout: float | None = None
    schema: str = ""
    progress: str = ""
    timing: bool = False
    log: str = ""


@dataclass(frozen=True, slots=True)
class Versions:
    """The version table, as env.py configured it."""

    name: str = "alembic_version"
    schema: str | None = None


def shown(rows: Rows) -> str:
    """Return version rows as scripts compare and print them: ``a, b``, or ``base`` for none."""
    return ", ".join(sorted(rows)) or "base"


def starts(states: Sequence[Rows]) -> str:
    """Return where a script may start, in words."""
    first = shown(states[0])
    return first if len(states) == 1 else f"{first} or a later version of this script's"


class Target(Protocol):
    """What a form asks of a dialect."""

    name: ClassVar[str]
    title: ClassVar[str]
    begin: ClassVar[str]
    commit: ClassVar[str]
    transactional_ddl: ClassVar[bool]
    syntax: ClassVar[Syntax]
    version: str
    version_info: tuple[int, ...]
    sa: Any

    def terminate(self, sql: str) -> str:
        """Return a statement as the client needs it."""

    def fitted(self, sql: str) -> str:
        """Return a statement of ours in lines that the client reads as they are."""

    def ends_in_comment(self, sql: str) -> bool:
        """Tell whether the last line ends in a comment."""

    def name_of(self, name: str) -> str:
        """Return a name, quoted where it must be."""

    def qualify(self, name: str, schema: str | None) -> str:
        """Return a name with its schema."""

    def text_literal(self, value: str) -> str:
        """Return text as a literal."""

    def guarded(self, condition: Condition, statement: Statement) -> Iterator[Statement]:
        """Yield what runs a statement only under a condition."""


@dataclass(frozen=True, slots=True)
class Call:
    """How a client is started on a file: ``programs`` by preference, what they are told, what their environment has.

    ``stdin`` says that the file is read from there; otherwise its path is among the ``arguments`` already.
    """

    programs: tuple[str, ...]
    arguments: tuple[str, ...]
    env: Mapping[str, str]
    stdin: bool


class Form:
    """Writes what stands around the statements of one script, from its top to its bottom.

    ``clients`` are those that a script can be written for, the usual one first, with the command line that applies a
    file (``{file}``, ``{log}``). ``blocks`` says that the database has blocks, ``if_not_exists`` that CREATE TABLE has
    this clause. ``finish`` adds what the client wants after a statement.
    """

    clients: ClassVar[dict[str, str]] = {}
    blocks: ClassVar[bool] = False
    default_progress: ClassVar[str] = "revision"
    if_not_exists: ClassVar[bool] = False

    def __init__(
        self,
        dialect: Target,
        shape: Shape | None = None,
        versions: Versions | None = None,
        finish: Callable[[str], str] | None = None,
    ) -> None:
        self.dialect = dialect
        self.versions = versions or Versions()
        self.finish = finish or dialect.terminate
        self.shape = self.settled(shape or Shape())

    def settled(self, asked: Shape) -> Shape:
        """Return the shape with the dialect's own choices in the place of what was not asked for.

        Raises UsageError for what this database or client cannot do, and for what does not go together.
        """
        client = asked.client or next(iter(self.clients), "")
        if asked.client and asked.client not in self.clients:
            near = closest(asked.client, list(self.clients))
            raise UsageError(
                f"there is no client {asked.client!r} for {self.dialect.title}",
                hint=f"Did you mean {near!r}?" if near else f"There are {', '.join(self.clients)}.",
            )
        form = asked.form or ("block" if asked.idempotent else PLAIN)
        if asked.idempotent and form == PLAIN:
            raise UsageError(
                "a script that may be run again is in blocks", hint="Leave out --form, or say --form block."
            )
        if form == "block" and not self.blocks:
            raise UsageError(
                f"{self.dialect.title} has no blocks that hold the statements of a revision",
                hint=f"Leave out --idempotent and --form for {self.dialect.name}: its plain form is one transaction.",
            )
        settled = replace(asked, client=client, form=form, progress=asked.progress or self.default_progress)
        self.check(settled)
        return settled

    def check(self, shape: Shape) -> None:
        """Raise UsageError for what this database cannot do."""
        if not self.dialect.transactional_ddl:
            if shape.transaction in ("all", "per-revision"):
                raise UsageError(
                    f"{self.dialect.title} commits each statement that changes the schema, whatever a transaction says",
                    hint=f"Leave out --transaction for {self.dialect.name}.",
                )
            if shape.commit == "manual":
                raise UsageError(
                    f"{self.dialect.title} commits each statement that changes the schema: nothing can be left open",
                    hint=f"Leave out --commit for {self.dialect.name}.",
                )
        if shape.commit == "manual" and (shape.form == "block" or shape.transaction in ("per-revision", "none")):
            raise UsageError(
                "one transaction that is left open cannot be several, or a block",
                hint="Say --commit manual without --form block, --idempotent and --transaction.",
            )

    # What the form is made of.

    @property
    def table(self) -> str:
        """The version table, quoted where it must be."""
        return self.dialect.qualify(self.versions.name, self.versions.schema)

    @property
    def is_block(self) -> bool:
        """Whether each revision is a block."""
        return self.shape.form == "block"

    @property
    def server(self) -> tuple[int, int]:
        """The first two numbers of the version that the statements were written for."""
        major, minor = (*self.dialect.version_info, 0, 0)[:2]
        return major, minor

    def literal(self, text: str) -> str:
        """Return text as a literal."""
        return self.dialect.text_literal(text)

    def lines(self, sql: str) -> tuple[str, ...]:
        """Return a statement as the client wants it; nothing for nothing."""
        return (self.finish(sql),) if sql else ()

    # The top.

    def command(self, file: str) -> str:
        """Return the command line that applies a file."""
        text = self.clients.get(self.shape.client, "")
        log = self.log_option(self.shape.log) if self.shape.log else ""
        return text.format(file=file, log=log)

    @classmethod
    def call(cls, url: URL, file: str) -> Call | None:
        """Return how the usual client is started on a file, for the database of a URL; None where that is not known."""
        return None

    def log_option(self, file: str) -> str:
        """Return the part of the command line that keeps what the client prints in a file, if it has one."""
        return ""

    def cautions(self) -> tuple[str, ...]:
        """Return sentences for the header: what only the client can see to."""
        return ()

    def preamble(self) -> tuple[str, ...]:
        """Return the lines that set up client and session."""
        return ()

    def guard(self, states: Sequence[Rows]) -> tuple[str, ...]:
        """Return what refuses a database whose version rows are none of these, and a server that is too old."""
        return ()

    # The plain form.

    def begin(self, rows: Rows | None) -> tuple[str, ...]:
        """Return the lines that begin a transaction, and see that the database is still where it should be.

        ``rows`` is None when the version table may not be there yet.
        """
        return (*self.lines(self.dialect.begin), *(self.still(rows) if rows is not None else ()))

    def still(self, rows: Rows) -> tuple[str, ...]:
        """Return the lines that lock the version table and see that it has these rows."""
        return ()

    def unlocked(self, rows: Rows) -> tuple[str, ...]:
        """Return the same without a lock, where there is no transaction; nothing where the guard has looked already."""
        return ()

    def commit(self) -> tuple[str, ...]:
        """Return the lines that commit."""
        return self.lines(self.dialect.commit)

    def before_outside(self, rows: Rows | None, is_open: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what stands before and behind the COMMIT in front of a statement outside of transactions.

        ``is_open`` says that there is such a COMMIT; ``rows`` is None when the version table may not be there yet.
        """
        return (), ()

    def needs_commit(self, statement: Statement) -> str:
        """Return why a statement needs a COMMIT between it and what came before in its transaction; empty if not."""
        return ""

    def done(self, statement: Statement, label: str, text: str, *, inside: bool) -> str:
        """Return a statement's text with what must stand around it.

        ``label`` names its revision and number for the log; it is empty for one that is none of a revision's.
        """
        return text

    def made(self, sql: str) -> str:
        """Return the statement that makes the version table, unless an earlier downgrade left it there, empty."""
        return self.finish(
            sql.replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1) if self.if_not_exists else sql
        )

    def arrived(self, rows: Rows) -> tuple[str, ...]:
        """Return the lines that see that the version table has come to these rows."""
        return ()

    # The block form.

    def holds(self, statement: Statement) -> bool:
        """Tell whether a statement can stand in a block; the others stand between blocks."""
        return statement.transactional or not self.dialect.transactional_ddl

    def opened(self, block: Block) -> str:
        """Return the head of a block: it locks the version table, and sees that it is where the block starts."""
        raise NotImplementedError

    def held(self, part: Part) -> str:
        """Return a statement as it stands in a block. Raises Unsupported for what no block can hold."""
        raise NotImplementedError

    def closed(self, block: Block) -> str:
        """Return the foot of a block."""
        raise NotImplementedError

    def between(self, part: Part, rows: Rows) -> str:
        """Return a statement that stands between two blocks. Raises Unsupported where it cannot be guarded there."""
        raise self.out_of_place(part.statement, "cannot stand in a block, or in a transaction")

    def out_of_place(self, statement: Statement, why: str, hint: str = "Say --form plain.") -> Unsupported:
        """Return the error for a statement that the form which was asked for cannot hold."""
        return Unsupported(
            f"{statement.operation or ' '.join(statement.sql.split())[:60]} {why} on {self.dialect.title}",
            place=statement.source,
            hint=hint,
        )

    # The bottom.

    def verdict(self, rows: Rows, *, is_open: bool = False) -> tuple[str, ...]:
        """Return the lines that make the client tell where the database is now."""
        return ()


@dataclass(frozen=True, slots=True)
class Part:
    """A statement of a revision, with the lines of its comment, and its label for the log.

    ``moves`` says that it moves the version, ``creates`` that it makes the version table.
    """

    comment: tuple[str, ...]
    statement: Statement
    label: str = ""
    moves: bool = False
    creates: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """What one block holds: ``parts`` in order, between the version rows ``before`` and ``after``.

    ``number`` counts the blocks of a script from 1; ``revision`` is the id, empty for what is none of a revision's.
    ``arrives`` says that the version moves in this block; a revision may be cut, and then only its last block does.
    """

    number: int
    revision: str
    before: Rows
    after: Rows
    parts: Sequence[Part]
    arrives: bool


def plain_words(text: str) -> str:
    """Return text in which no client finds quotes, variables or commands: what else there is becomes ``_``."""
    return ACTING.sub("_", text)
