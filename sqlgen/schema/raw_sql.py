"""What text SQL does to the schema.

A statement is followed when every word of it is in the grammar of its database, see :mod:`sqlgen.schema.text`. The
grammar keeps defaults, conditions and queries as they were written, which a parser that builds trees does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import TypeEngine

from ..errors import Unsupported
from ..operations.model import Operation
from ..splitting import split, tokens
from .text import Grammar, Known, NotFollowed, TextDialect

WORD = re.compile(r"\w+")


class HasGrammar(TextDialect, Protocol):
    """A dialect that says how its text is taken."""

    @property
    def grammar(self) -> Callable[..., Grammar]:
        """The class of its grammar."""


def changes(sql: str, dialect: HasGrammar, known: Known | None = None) -> tuple[Operation, ...] | None:
    """Return what a text does to the schema, in order; () when certainly nothing, None when it cannot be followed.

    ``known`` is asked about what a statement leaves to the schema as it stands: a foreign key to "the" primary key,
    and ``ALTER TABLE IF EXISTS``. Without it, such statements are not followed.
    """
    found: list[Operation] = []
    try:
        for statement in split(sql, dialect.syntax):
            found += dialect.grammar(dialect, known).changes(statement)
    except (NotFollowed, Unsupported, SQLAlchemyError):
        return None
    return tuple(found)


def type_named(text: str, dialect: HasGrammar) -> TypeEngine[Any]:
    """Return the type that a text names, as the dialect's reflection would give it.

    A name of no built-in type gives a :class:`~sqlgen.schema.changes.NamedType` where a database has types of its
    users. Raises Unsupported for a type that is not known.
    """
    try:
        return dialect.grammar(dialect).type_named(text)
    except NotFollowed as error:
        raise Unsupported(f"the type {text!r} is not known", hint="Name it as the database's manual does.") from error


def named(sql: str, dialect: HasGrammar) -> set[str]:
    """Return the words of a text, and its quoted names, in lower case: what it may do something to is among them."""
    found = {word.lower() for word in WORD.findall(sql)}
    try:
        quoted = [
            token.text[1:-1].lower() for token in tokens(sql, dialect.syntax, words=False) if token.kind == "name"
        ]
    except Unsupported:
        return found
    return found.union(quoted)
