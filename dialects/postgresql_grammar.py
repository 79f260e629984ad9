"""What text SQL does to a schema of PostgreSQL: names, types and statements of its own.

The grammar is that of the manual, part VI, "SQL Commands", for versions 10 to 17.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from ..records import replace
from ..schema.changes import CreateDomain, CreateEnum, CreateType, MoveTable, SetDefaultSchema
from ..schema.text import Grammar, NotFollowed, Reader, TypeText
from ..schema.text.alter import Target
from ..schema.text.columns import ColumnText
from ..schema.text.tables import Operations
from .postgresql_types import SERIALS, reflected

CAPITALS = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
TAGGED = re.compile(r"(\$\w*\$)(.*)\1", re.S)
LONGEST_NAME = 63
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
ESCAPED = re.compile(r"\\(.)|''", re.S)
#: A guard of a type in a block: nothing else is asked but whether a type of this name exists.
GUARD = re.compile(
    r"SELECT (1|''|\*|TRUE|NULL|TYPNAME|OID) FROM (PG_CATALOG \. )?PG_TYPE( \w+)? WHERE (\w+ \. )?TYPNAME = ''"
)


class PostgreSQLGrammar(Grammar):
    """Statements of PostgreSQL."""

    literal_prefixes = frozenset(("N",))
    statements: ClassVar[Mapping[str, str]] = {**Grammar.statements, "DO": "_do", "RESET": "_reset"}
    actions: ClassVar[Mapping[str, str]] = {**Grammar.actions, "SET": "_set_schema"}
    silent_actions = (
        ("OWNER", "TO"),
        ("ENABLE",),
        ("DISABLE",),
        ("FORCE", "ROW"),
        ("NO", "FORCE"),
        ("CLUSTER", "ON"),
        ("SET", "WITHOUT"),
        ("SET", "TABLESPACE"),
        ("SET", "LOGGED"),
        ("SET", "UNLOGGED"),
        ("SET", "ACCESS"),
        ("SET", "("),
        ("RESET", "("),
        ("REPLICA", "IDENTITY"),
        ("VALIDATE", "CONSTRAINT"),
        ("ALTER", "CONSTRAINT"),
    )
    #: What SET does to a column, and is not kept.
    silent_settings = ("STATISTICS", "STORAGE", "COMPRESSION", "(")

    # Names, literals and types.

    def unquoted(self, text: str) -> str:
        """Return a name in lower case: 4.1.1 of the manual. Letters beyond ASCII stay as they are in UTF-8."""
        return text.translate(CAPITALS)

    def string(self, text: str) -> str:
        """Return the value of a literal: plain, with escapes, or between dollars."""
        if found := TAGGED.fullmatch(text):
            return found[2]
        if text[0] in "eE":
            if "\n" in text or re.search(r"\\[0-7xuU]", text):
                raise NotFollowed("a literal has escapes by number")
            return ESCAPED.sub(lambda one: "'" if one[0] == "''" else ESCAPES.get(one[1], one[1]), text[2:-1])
        return super().string(text)

    def type_of(self, spelling: TypeText) -> TypeEngine[Any]:
        """Return a type as reflection gives it."""
        return reflected(spelling)

    # Columns and tables.

    def typed(self, name: str, reader: Reader, sequence_table: tuple[str, str | None] | None) -> ColumnText:
        """Take a column's type; of a serial, the sequence and the default come along: 8.1.4 of the manual."""
        spelling = self.take_type(reader)
        column = ColumnText(name, self.type_of(spelling))
        if spelling.base in SERIALS and not spelling.is_quoted:
            if sequence_table is None or spelling.dimensions:
                raise NotFollowed("a serial stands outside a table")
            table, schema = sequence_table
            column.sequence = sequence_name(table, name)
            quoted = self.dialect.sa.identifier_preparer.quote
            path = quoted(column.sequence) if schema is None else f"{quoted(schema)}.{quoted(column.sequence)}"
            literal = path.replace("'", "''")
            column.default, column.nullable = f"nextval('{literal}'::regclass)", False
        return column

    def is_stored(self, word: str) -> bool | None:
        """Tell whether a computed column is stored; before version 18 no other is."""
        return word == "STORED"

    def table_options(self, reader: Reader) -> dict[str, Any]:
        """Take what follows the columns; none of it is kept. Inherited columns are not followed."""
        while not reader.is_done:
            if reader.takes("WITH"):
                reader.group()
            elif reader.takes("PARTITION", "BY"):
                reader.word()
                reader.group()
            elif reader.takes("TABLESPACE") or reader.takes("USING"):
                reader.name()
            elif reader.takes("WITHOUT", "OIDS"):
                pass
            elif reader.takes("ON", "COMMIT"):
                if reader.takes("DROP"):
                    raise NotFollowed("the table goes when the transaction ends")
                reader.rest()
            else:
                break
        return {}

    def index_name(self, table: str, names: Sequence[str], unique: bool) -> str:
        """Return the name that the server gives an index: ChooseIndexName in its indexcmds.c."""
        return object_name(table, "_".join(names)[:LONGEST_NAME], "idx")

    def index_expression(self, reader: Reader, names: list[str]) -> Any:
        """Take an expression of an index; the name of a function's call stands for it in the index's name."""
        token = reader.peek()
        made = super().index_expression(reader, names)
        if token is not None and token.kind == "word":
            names[-1] = self.fold(token)
        return made

    def column_part(self, reader: Reader, name: str, options: dict[str, Any]) -> None:
        """Take a collation and an operator class."""
        if reader.takes("COLLATE"):
            raise NotFollowed("an index has a collation of its own")
        token = reader.peek()
        if token is not None and token.text.upper() not in ("ASC", "DESC", "NULLS"):
            options.setdefault("ops", {})[name] = ".".join(reader.names())

    # ALTER TABLE.

    def alter_column(self, reader: Reader, target: Target, name: str) -> Operations:
        """Take what is changed of a column."""
        if any(reader.takes("SET", word) for word in self.silent_settings) or reader.takes("RESET"):
            reader.rest()
            return ()
        if reader.takes("ADD", "GENERATED"):
            column = ColumnText(name, sa.types.NULLTYPE)
            self._generated(reader, column)
            return (self.altered(target, name, server_default=column.identity),)
        if reader.takes("DROP", "IDENTITY") or reader.takes("DROP", "EXPRESSION"):
            reader.takes("IF", "EXISTS")
            return (self.altered(target, name, server_default=None),)
        return super().alter_column(reader, target, name)

    def added_constraint(self, reader: Reader, target: Target) -> Operations:
        """Take a constraint that is added; one from an index takes the index, which is not followed."""
        if reader.shows("UNIQUE", "USING") or reader.shows("PRIMARY", "KEY", "USING"):
            raise NotFollowed("an index becomes a constraint")
        return super().added_constraint(reader, target)

    def _set_schema(self, reader: Reader, target: Target) -> Operations:
        reader.needs("SCHEMA")
        return (MoveTable(**target.place, new_schema=reader.name()),)

    # Settings and blocks.

    def setting(self, reader: Reader) -> Operations:
        """Take SET; the search path says where names without a schema live."""
        local = reader.takes_one(("LOCAL", "SESSION")) == "LOCAL"
        if reader.takes("SCHEMA"):
            return self.default_schemas(reader, local)
        if reader.takes("SEARCH_PATH"):
            if not reader.takes("TO"):
                reader.needs("=")
            if reader.takes("DEFAULT"):
                return (SetDefaultSchema(schemas=(), is_local=local),)
            return self.default_schemas(reader, local)
        reader.rest()
        return ()

    def _reset(self, reader: Reader) -> Operations:
        if reader.takes("SEARCH_PATH") or reader.takes("ALL"):
            return (SetDefaultSchema(schemas=()),)
        reader.rest()
        return ()

    def _select(self, reader: Reader) -> Operations:
        """Take a query; set_config of the search path, as dumps have it, sets that."""
        if reader.takes("PG_CATALOG", ".", "SET_CONFIG") or reader.takes("SET_CONFIG"):
            items = list(reader.group().items())
            if len(items) == 3 and self.literal(items[0]).lower() == "search_path":
                path = self.reader(self.literal(items[1]))
                return self.default_schemas(path, items[2].takes("TRUE"))
        return super()._select(reader)

    def _do(self, reader: Reader) -> Operations:
        """Take a block. Followed is one that makes a type unless there is one of that name."""
        if reader.takes("LANGUAGE"):
            reader.name()
        body = self.reader(self.literal(reader))
        if reader.takes("LANGUAGE"):
            reader.name()
        reader.ends()
        body.needs("BEGIN")
        asked = self.guard(body) if body.takes("IF", "NOT", "EXISTS") else None
        start = body.at
        body.skip((";",))
        made = self.reader(body.source(start))
        found = self.statement(made)
        made.ends()
        body.needs(";")
        self.block_end(body, asked is not None)
        types = (CreateEnum, CreateDomain, CreateType)
        if len(found) != 1 or not isinstance(found[0], types) or asked not in (None, found[0].name):
            raise NotFollowed("a block makes something else than the type that it asks for")
        return (replace(found[0], if_not_exists=True),)

    def guard(self, body: Reader) -> str:
        """Take the condition whether a type of some name exists, and THEN; return the name."""
        condition = body.group()
        found = condition.tokens[condition.at : condition.stop]
        words = " ".join("''" if token.kind == "literal" else token.text.upper() for token in found)
        if not GUARD.fullmatch(words):
            raise NotFollowed("a block asks something that is not known")
        body.needs("THEN")
        return self.string(found[-1].text)

    def block_end(self, body: Reader, guarded: bool) -> None:
        """Take the end of the guard, or the handler that hides that the type exists; and the end of the block."""
        if guarded:
            body.needs("END", "IF", ";")
        else:
            body.needs("EXCEPTION", "WHEN", "DUPLICATE_OBJECT", "THEN")
            if body.takes("RAISE", "NOTICE"):
                body.skip((";",))
            else:
                body.takes("NULL")
            body.takes(";")
        body.needs("END")
        body.takes(";")
        body.ends()


def sequence_name(table: str, column: str) -> str:
    """Return the name of the sequence that a serial column gets, unless it is taken."""
    return object_name(table, column, "seq")


def object_name(first: str, second: str, label: str) -> str:
    """Return ``first_second_label``, cut as makeObjectName in the server's indexcmds.c does: the longer part first."""
    room = LONGEST_NAME - len(label) - 2
    one, two = first.encode(), second.encode()
    while len(one) + len(two) > room:
        if len(one) > len(two):
            one = one[:-1]
        else:
            two = two[:-1]
    return f"{one.decode(errors='ignore')}_{two.decode(errors='ignore')}_{label}"
