"""Everything that is no table: types, sequences, views, schemas, triggers, programs, comments."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from ...operations.model import AlterColumn, DropTableComment, Operation, SetTableComment
from ..changes import (
    AddEnumValue,
    AlterSequence,
    CreateDomain,
    CreateEnum,
    CreateRoutine,
    CreateSchema,
    CreateSequence,
    CreateTrigger,
    CreateType,
    CreateView,
    DropRoutine,
    DropSchema,
    DropSequence,
    DropTrigger,
    DropType,
    DropView,
    MoveType,
    MoveView,
    RenameEnumValue,
    RenameIndex,
    RenameType,
    RenameView,
    SetObjectComment,
)
from .alter import AlterGrammar
from .columns import ColumnText
from .query import query_of
from .reader import NotFollowed, Reader
from .tables import Operations

SEQUENCE_ENDS = ("OWNED", "RENAME", "SET", "OWNER", "RESTART", "AS")


class ObjectGrammar(AlterGrammar):
    """CREATE, ALTER, DROP and COMMENT of what is no table."""

    #: What a schema is called.
    schema_words: ClassVar[frozenset[str]] = frozenset(("SCHEMA",))
    #: How CREATE and DROP of a kind are taken, from behind the word.
    kinds: ClassVar[Mapping[str, str]] = {
        "TABLE": "table",
        "INDEX": "index",
        "VIEW": "view",
        "TYPE": "type",
        "DOMAIN": "domain",
        "SEQUENCE": "sequence",
        "SCHEMA": "schema",
        "TRIGGER": "trigger",
        "RULE": "trigger",
        "EVENT": "event",
        "FUNCTION": "routine",
        "PROCEDURE": "routine",
        "PROC": "routine",
        "PACKAGE": "routine",
        "AGGREGATE": "routine",
    }

    # Types.

    def create_type(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take CREATE TYPE from the name on."""
        name, schema = reader.qualified()
        if not reader.takes("AS", "ENUM"):
            reader.rest()
            return (CreateType(name=name, schema=schema, text=reader.text),)
        values = []
        for item in reader.group().items():
            values.append(self.literal(item))
            item.ends()
        reader.ends()
        return (CreateEnum(name=name, schema=schema, values=tuple(values)),)

    def drop_type(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take DROP TYPE from the names on."""
        if_exists, names, cascade = self.dropped(reader)
        return tuple(DropType(name=name, schema=schema, if_exists=if_exists, cascade=cascade) for name, schema in names)

    drop_domain = drop_type

    def create_domain(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take CREATE DOMAIN from the name on."""
        name, schema = reader.qualified()
        reader.takes("AS")
        column = ColumnText("VALUE", self.type_of(self.take_type(reader)))
        collation = ".".join(reader.names()) if reader.takes("COLLATE") else None
        self.column_clauses(reader, column)
        reader.ends()
        checks = tuple((_name(one), str(one.sqltext)) for one in column.constraints if hasattr(one, "sqltext"))
        return (
            CreateDomain(
                name=name,
                schema=schema,
                type_=column.type_,
                nullable=column.is_nullable,
                default=column.default,
                collation=collation,
                checks=checks,
            ),
        )

    def alter_type(self, reader: Reader) -> Operations:
        """Take ALTER TYPE from the name on."""
        name, schema = reader.qualified()
        place: dict[str, Any] = {"name": name, "schema": schema}
        if reader.takes("ADD", "VALUE"):
            return (self.value_added(reader, place),)
        if reader.takes("RENAME", "VALUE"):
            value = self.literal(reader)
            reader.needs("TO")
            return (RenameEnumValue(**place, value=value, new_value=self.literal(reader)),)
        if reader.takes("RENAME", "TO"):
            return (RenameType(**place, new_name=reader.name()),)
        if reader.takes("SET", "SCHEMA"):
            return (MoveType(**place, new_schema=reader.name()),)
        reader.needs("OWNER")
        reader.rest()
        return ()

    def value_added(self, reader: Reader, place: dict[str, Any]) -> AddEnumValue:
        """Take a new value and where it goes."""
        if_not_exists = reader.takes("IF", "NOT", "EXISTS")
        value = self.literal(reader)
        before = self.literal(reader) if reader.takes("BEFORE") else None
        after = self.literal(reader) if reader.takes("AFTER") else None
        return AddEnumValue(**place, value=value, before=before, after=after, if_not_exists=if_not_exists)

    # Sequences.

    def create_sequence(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take CREATE SEQUENCE from the name on."""
        if_not_exists = reader.takes("IF", "NOT", "EXISTS")
        name, schema = reader.qualified()
        found = self.sequence_facts(reader)
        found.pop("disowned", None)
        return (CreateSequence(name=name, schema=schema, if_not_exists=if_not_exists, **found),)

    def alter_sequence(self, reader: Reader) -> Operations:
        """Take ALTER SEQUENCE from the name on."""
        if_exists = reader.takes("IF", "EXISTS")
        name, schema = reader.qualified()
        place: dict[str, Any] = {"name": name, "schema": schema, "if_exists": if_exists}
        if reader.takes("RENAME", "TO"):
            return (AlterSequence(**place, new_name=reader.name()),)
        if reader.takes("SET", "SCHEMA"):
            return (AlterSequence(**place, new_schema=reader.name()),)
        if reader.takes("OWNER"):
            reader.rest()
            return ()
        return (AlterSequence(**place, **self.sequence_facts(reader)),)

    def sequence_facts(self, reader: Reader) -> dict[str, Any]:
        """Take the options of a sequence to the end."""
        found: dict[str, Any] = {"options": {}}
        while not reader.is_done:
            if reader.takes("AS"):
                found["type_"] = self.type_of(self.take_type(reader))
            elif reader.takes("OWNED", "BY", "NONE"):
                found["disowned"] = True
            elif reader.takes("OWNED", "BY"):
                found["owned_by"] = owner(reader)
            elif reader.takes("RESTART"):
                if reader.takes("WITH") or not reader.is_done:
                    reader.number()
            else:
                start = reader.at
                reader.skip(SEQUENCE_ENDS)
                found["options"] |= self.sequence_options(reader.part(start, reader.at))
        return found

    def drop_sequence(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take DROP SEQUENCE from the names on."""
        if_exists, names, cascade = self.dropped(reader)
        return tuple(
            DropSequence(name=name, schema=schema, if_exists=if_exists, cascade=cascade) for name, schema in names
        )

    # Views.

    def create_view(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take CREATE VIEW from the name on."""
        if_not_exists = reader.takes("IF", "NOT", "EXISTS")
        name, schema = reader.qualified()
        columns = tuple(item.name() for item in reader.group().items()) if reader.shows("(") else ()
        reader.skip(("AS",))
        reader.needs("AS")
        query = query_of(reader.part(reader.at, reader.stop))
        definition = reader.rest()
        if not definition:
            raise NotFollowed("a view has no query")
        return (
            CreateView(
                name=name,
                schema=schema,
                definition=definition,
                query=query,
                columns=columns,
                materialized="MATERIALIZED" in said,
                temporary=bool({"TEMP", "TEMPORARY"} & set(said)),
                or_replace="OR" in said,
                if_not_exists=if_not_exists,
            ),
        )

    def alter_view(self, reader: Reader, materialized: bool = False) -> Operations:
        """Take ALTER VIEW from the name on."""
        if reader.takes("IF", "EXISTS"):
            raise NotFollowed("a view is altered if it exists")
        name, schema = reader.qualified()
        if reader.takes("RENAME", "TO"):
            return (RenameView(name=name, schema=schema, new_name=reader.name(), materialized=materialized),)
        if reader.takes("SET", "SCHEMA"):
            return (MoveView(name=name, schema=schema, new_schema=reader.name(), materialized=materialized),)
        reader.needs("OWNER")
        reader.rest()
        return ()

    def drop_view(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take DROP VIEW from the names on."""
        if_exists, names, cascade = self.dropped(reader)
        return tuple(
            DropView(
                name=name, schema=schema, materialized="MATERIALIZED" in said, if_exists=if_exists, cascade=cascade
            )
            for name, schema in names
        )

    # Schemas.

    def create_schema(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take CREATE SCHEMA from the name on; nothing but its owner and options may follow."""
        if_not_exists = reader.takes("IF", "NOT", "EXISTS")
        owned = reader.takes("AUTHORIZATION")
        name = reader.name()
        if not owned and reader.takes("AUTHORIZATION"):
            reader.name()
        self.schema_options(reader)
        reader.ends()
        return (CreateSchema(name=name, if_not_exists=if_not_exists),)

    def schema_options(self, reader: Reader) -> None:
        """Take what may follow the name of a new schema."""

    def drop_schema(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take DROP SCHEMA from the names on."""
        if_exists, names, cascade = self.dropped(reader)
        if any(schema is not None for _, schema in names):
            raise NotFollowed("a schema has a name with a dot")
        return tuple(DropSchema(name=name, if_exists=if_exists, cascade=cascade) for name, _ in names)

    # Programs.

    def create_trigger(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take CREATE TRIGGER from the name on."""
        if_not_exists = reader.takes("IF", "NOT", "EXISTS")
        name, schema = reader.qualified()
        while not reader.takes_one(("ON", "TO")):  # of a rule: ON INSERT TO table
            reader.next()
        if reader.takes_one(("INSERT", "UPDATE", "DELETE", "SELECT")):
            reader.needs("TO")
        table = self.trigger_table(reader)
        reader.rest()
        return (
            CreateTrigger(
                name=name,
                schema=schema,
                text=reader.text,
                table_name=table[0],
                table_schema=table[1],
                or_replace="OR" in said,
                if_not_exists=if_not_exists,
            ),
        )

    def trigger_table(self, reader: Reader) -> tuple[str | None, str | None]:
        """Take the table of a trigger; None where it is one of a database, a schema or a server."""
        if any(reader.shows(word) for word in ("DATABASE", "SCHEMA")) or reader.shows("ALL", "SERVER"):
            return None, None
        return reader.qualified()

    def drop_trigger(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take DROP TRIGGER from the name on."""
        if_exists = reader.takes("IF", "EXISTS")
        name, schema = reader.qualified()
        table: tuple[str | None, str | None] = self.trigger_table(reader) if reader.takes("ON") else (None, None)
        cascade = self.cascades(reader)
        return (
            DropTrigger(
                name=name,
                schema=schema,
                table_name=table[0],
                table_schema=table[1],
                if_exists=if_exists,
                cascade=cascade,
            ),
        )

    def create_event(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take CREATE EVENT from the name on."""
        reader.takes("IF", "NOT", "EXISTS")
        name, schema = reader.qualified()
        reader.rest()
        return (CreateTrigger(name=name, schema=schema, text=reader.text),)

    drop_event = drop_trigger

    def create_routine(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take CREATE FUNCTION and the like from the name on."""
        reader.takes("BODY")
        reader.takes("IF", "NOT", "EXISTS")
        name, schema = reader.qualified()
        reader.rest()
        kind = self.routine_kind(said)
        return (CreateRoutine(name=name, schema=schema, kind=kind, text=reader.text, or_replace="OR" in said),)

    def drop_routine(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take DROP FUNCTION and the like from the names on."""
        reader.takes("BODY")
        if_exists = reader.takes("IF", "EXISTS")
        found = []
        for item in reader.part(reader.at, reader.stop).items():
            name, schema = item.qualified()
            group = item.group() if item.shows("(") else None
            arguments = group.source(group.at, group.stop) if group is not None else None
            cascade = self.cascades(item)
            found.append((name, schema, arguments, cascade))
        reader.rest()
        kind = self.routine_kind(said)
        return tuple(
            DropRoutine(
                name=name, schema=schema, kind=kind, arguments=arguments, if_exists=if_exists, cascade=found[-1][3]
            )
            for name, schema, arguments, _ in found
        )

    def routine_kind(self, said: Collection[str]) -> str:
        """Return the kind of a program, of the words that said it."""
        words = ("function", "procedure", "package", "aggregate")
        return next((word for word in words if word.upper() in said), "procedure")

    # Indexes and comments.

    def alter_index(self, reader: Reader) -> Operations:
        """Take ALTER INDEX from the name on."""
        if_exists = reader.takes("IF", "EXISTS")
        name, schema = reader.qualified()
        if reader.takes("RENAME", "TO"):
            return (RenameIndex(name=name, schema=schema, new_name=reader.name(), if_exists=if_exists),)
        if not reader.takes_one(("SET", "RESET", "REBUILD", "ALTER", "COMPILE", "COALESCE")):
            raise NotFollowed("the change of an index is not known")
        reader.rest()
        return ()

    def comment_on(self, reader: Reader) -> Operations:
        """Take COMMENT ON from behind those words."""
        kind = reader.word()
        if kind == "TABLE":
            name, schema = reader.qualified()
            comment = self.comment(reader)
            if comment is None:
                return (DropTableComment(table_name=name, schema=schema),)
            return (SetTableComment(table_name=name, schema=schema, comment=comment),)
        if kind == "COLUMN":
            schema, name, column = owner(reader)
            return (AlterColumn(table_name=name, schema=schema, column_name=column, comment=self.comment(reader)),)
        if kind == "CONSTRAINT":
            constraint = reader.name()
            reader.needs("ON")
            domain = reader.takes("DOMAIN")
            name, schema = reader.qualified()
            comment = self.comment(reader)
            if domain:
                return ()
            made: Operation = SetObjectComment(
                name=constraint, schema=schema, kind="constraint", comment=comment, table_name=name
            )
            return (made,)
        if kind not in ("INDEX", "TYPE", "SEQUENCE", "VIEW", "DOMAIN", "SCHEMA"):
            reader.rest()
            return ()
        name, schema = reader.qualified()
        return (SetObjectComment(name=name, schema=schema, kind=kind.lower(), comment=self.comment(reader)),)

    def comment(self, reader: Reader) -> str | None:
        """Take IS and a comment to the end; an empty one is none."""
        reader.needs("IS")
        text = None if reader.takes("NULL") else self.literal(reader)
        reader.ends()
        return text or None


def owner(reader: Reader) -> tuple[str | None, str, str]:
    """Take ``schema.table.column``; return schema, table and column."""
    parts = reader.names()
    if not 2 <= len(parts) <= 3:
        raise NotFollowed("a column is not named with its table")
    return (parts[0] if len(parts) == 3 else None), parts[-2], parts[-1]


def _name(named: Any) -> str | None:
    return named.name if isinstance(named.name, str) else None
