"""What a grammar knows of its database: names, literals, types."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeEngine

from ...operations.tables import Skeletons
from ...records import dataclass
from ...splitting import Syntax, Token, tokens
from .reader import NotFollowed, Reader

#: What SQLAlchemy's text() would take for a parameter.
PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w+(?!:))")

#: Words that belong to a type when they follow its name.
TYPE_WORDS = frozenset(("VARYING", "PRECISION", "UNSIGNED", "SIGNED", "ZEROFILL", "RAW", "ARRAY", "ASCII", "UNICODE"))
ZONES = (("WITH", "TIME", "ZONE"), ("WITHOUT", "TIME", "ZONE"), ("WITH", "LOCAL", "TIME", "ZONE"))
FIELDS = frozenset(("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"))
LEADING = {"NATIONAL": ("CHARACTER", "CHAR", "VARCHAR"), "LONG": ("VARCHAR", "VARBINARY", "RAW")}


class TextDialect(Protocol):
    """A dialect, as far as text SQL needs it."""

    @property
    def name(self) -> str:
        """Its name, before ``_`` in the names of its options."""

    @property
    def syntax(self) -> Syntax:
        """How its text is read."""

    @property
    def sa(self) -> DefaultDialect:
        """SQLAlchemy's dialect."""

    @property
    def version_info(self) -> tuple[int, ...]:
        """The version of the server."""


class Known(Protocol):
    """What a statement may leave to the schema as it stands; None says that nobody knows."""

    def has_table(self, name: str, schema: str | None) -> bool | None:
        """Tell whether a table exists."""

    def primary_key(self, name: str, schema: str | None) -> Sequence[str] | None:
        """Return the columns of a table's primary key."""


@dataclass(frozen=True, slots=True)
class TypeText:
    """A type as it is written.

    ``base`` is its name in lower case, the words with single blanks between them and no arguments; ``name`` and
    ``schema`` are the same as the names of a type of somebody's own. ``is_quoted`` says that it is no built-in word.
    """

    base: str
    name: str
    schema: str | None = None
    is_quoted: bool = False
    arguments: tuple[str, ...] = ()
    dimensions: int = 0
    charset: str | None = None
    collation: str | None = None

    def numbers(self) -> list[int]:
        """Return the arguments as numbers. Raises NotFollowed where one is none."""
        if not all(re.fullmatch(r"-?\d+", one) for one in self.arguments):
            raise NotFollowed(f"{self.base} has an argument that is no number")
        return [int(one) for one in self.arguments]


class TextFacts:
    """Names, literals and types. ``known`` tells what a statement leaves to the schema."""

    #: What may be put around a literal: a word directly in front of it, such as N'…'.
    literal_prefixes: ClassVar[frozenset[str]] = frozenset(("N",))

    def __init__(self, dialect: TextDialect, known: Known | None = None) -> None:
        self.dialect = dialect
        self.known = known
        self.skeletons = Skeletons()

    def stands(self, name: str, schema: str | None) -> bool:
        """Tell whether a table exists. Raises NotFollowed when nobody knows."""
        answer = self.known.has_table(name, schema) if self.known is not None else None
        if answer is None:
            raise NotFollowed(f"what is done depends on whether {name} exists")
        return answer

    def reader(self, sql: str) -> Reader:
        """Return a reader of a text. Raises NotFollowed for comments whose content is executed."""
        found = [token for token in tokens(sql, self.dialect.syntax) if token.kind != "comment"]
        while found and found[-1].kind == "end":
            found.pop()
        if any(token.kind in ("code", "batch", "delimiter") for token in found):
            raise NotFollowed("the text has marks that only its client understands")
        return Reader(sql, found, self.fold)

    # Names and literals.

    def fold(self, token: Token) -> str:
        """Return a name as the server keeps it, and as reflection shows it."""
        return self.quoted(token.text) if token.kind == "name" else self.unquoted(token.text)

    def unquoted(self, text: str) -> str:
        """Return a name that stands without quotes."""
        return text

    def quoted(self, text: str) -> str:
        """Return a name that stands in quotes."""
        closing = text[-1]
        return text[1:-1].replace(closing * 2, closing)

    def string(self, text: str) -> str:
        """Return the value of a literal. Raises NotFollowed for a form that is not known."""
        if text[:1] != "'":
            raise NotFollowed(f"{text[:20]} is no plain literal")
        return text[1:-1].replace("''", "'")

    def literal(self, reader: Reader) -> str:
        """Take a literal, and return its value."""
        reader.takes_one(self.literal_prefixes)
        token = reader.next()
        if token.kind != "literal":
            raise NotFollowed(f"{token.text} is no literal")
        return self.string(token.text)

    def option(self, key: str) -> str:
        """Return the name of an option of SQLAlchemy's for this database."""
        return f"{self.dialect.name}_{key}"

    # Types.

    def take_type(self, reader: Reader) -> TypeText:
        """Take a type."""
        start, first = reader.at, reader.next()
        if first.kind not in ("word", "name"):
            raise NotFollowed(f"{first.text} is no type")
        words, parts = [first.text.lower()], [self.fold(first)]
        while reader.takes("."):
            token = reader.next()
            words, parts = [token.text.lower()], [*parts, self.fold(token)]
        arguments: tuple[str, ...] = ()
        found: dict[str, Any] = {"dimensions": 0, "charset": None}
        if second := reader.takes_one(LEADING.get(words[0].upper(), ())):
            words.append(second.lower())
        while not reader.is_done:
            if reader.shows("(") and not arguments:
                arguments = tuple(one.rest() for one in reader.group().items())
            elif not self._continues(reader, words, found):
                break
        return TypeText(
            " ".join(words),
            parts[-1],
            ".".join(parts[:-1]) or None,
            reader.tokens[start].kind == "name" or reader.tokens[reader.at - 1].kind == "name",
            arguments,
            **found,
        )

    def _continues(self, reader: Reader, words: list[str], found: dict[str, Any]) -> bool:
        """Take one more part of a type, and tell whether there was one."""
        zone = next((zone for zone in ZONES if reader.takes(*zone)), None)
        if zone is not None:
            words += [word.lower() for word in zone]
        elif reader.takes("["):
            if not reader.shows("]"):
                reader.number()
            reader.needs("]")
            found["dimensions"] += 1
        elif reader.takes("CHARACTER", "SET") or reader.takes("CHARSET"):
            found["charset"] = reader.name().lower()
        elif words[0] == "interval" and (word := reader.takes_one(FIELDS)):
            words.append(word.lower())
        elif word := reader.takes_one(TYPE_WORDS):
            if word == "ARRAY":
                found["dimensions"] += 1
            else:
                words.append(word.lower())
        else:
            return False
        return True

    def type_of(self, spelling: TypeText) -> TypeEngine[Any]:
        """Return a type as reflection would give it. Raises NotFollowed for one that is not known."""
        raise NotFollowed(f"the type {spelling.base} is not known")

    def type_named(self, text: str) -> TypeEngine[Any]:
        """Return the type that a text names. Raises NotFollowed for one that is not known."""
        reader = self.reader(text)
        found = self.type_of(self.take_type(reader))
        reader.ends()
        return found


def clause(sql: str) -> sa.TextClause:
    """Return SQL text as SQLAlchemy keeps it, with nothing in it taken for a parameter."""
    return sa.text(escaped(sql))


def escaped(sql: str) -> str:
    """Return SQL text with the colons escaped that SQLAlchemy would take for parameters."""
    return PARAMETER.sub(r"\\:", sql)


def dialect_options(prefix: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options that were given, under SQLAlchemy's names for one database."""
    return {f"{prefix}_{key}": value for key, value in options.items() if value not in (None, {}, [], "")}
