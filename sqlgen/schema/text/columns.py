"""Columns and constraints as text defines them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from ...operations.exclude import ExcludeConstraint
from ...records import dataclass, field
from .facts import TextFacts, clause, dialect_options, escaped
from .reader import NotFollowed, Reader, words

#: Words that begin the next part of a column's definition, and so end a default.
COLUMN_WORDS = words(
    "NOT NULL CONSTRAINT CHECK PRIMARY UNIQUE REFERENCES GENERATED COMMENT ON AUTO_INCREMENT AUTOINCREMENT KEY "
    "COLLATE FIRST AFTER IDENTITY DEFERRABLE INITIALLY INVISIBLE VISIBLE ENABLE DISABLE VIRTUAL STORED ROWGUIDCOL "
    "FOR VALUES STORAGE COLUMN_FORMAT SPARSE , USING"
)
#: Words that no database takes for the name of a column; one in its place begins something that is not known here.
NO_NAMES = words(
    "LIKE CONSTRAINT PRIMARY FOREIGN UNIQUE CHECK REFERENCES TABLE SELECT FROM WHERE CREATE DEFAULT NOT NULL"
)
CONSTRAINT_WORDS = ("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "EXCLUDE")
ACTIONS = (("NO", "ACTION"), ("RESTRICT",), ("CASCADE",), ("SET", "NULL"), ("SET", "DEFAULT"))
#: Options of a sequence: the words, and what SQLAlchemy calls it; longer ones first.
SEQUENCE_NUMBERS = (
    (("START", "WITH"), "start"),
    (("START",), "start"),
    (("INCREMENT", "BY"), "increment"),
    (("INCREMENT",), "increment"),
    (("MINVALUE",), "minvalue"),
    (("MAXVALUE",), "maxvalue"),
    (("CACHE",), "cache"),
)
SEQUENCE_WORDS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("NO", "MINVALUE"), {"nominvalue": True}),
    (("NO", "MAXVALUE"), {"nomaxvalue": True}),
    (("NO", "CYCLE"), {"cycle": False}),
    (("NO", "CACHE"), {}),
    (("NO", "ORDER"), {}),
    (("NOMINVALUE",), {"nominvalue": True}),
    (("NOMAXVALUE",), {"nomaxvalue": True}),
    (("NOCYCLE",), {"cycle": False}),
    (("NOCACHE",), {}),
    (("NOORDER",), {}),
    (("ORDER",), {"order": True}),
    (("CYCLE",), {"cycle": True}),
)


@dataclass(slots=True)
class ColumnText:
    """A column as it was defined.

    ``place`` is (None,) for the first, or holds the name of the column before it; ``said`` are the words that its
    clauses begin with. ``primary`` holds the name of the key, or None.
    """

    name: str
    type_: TypeEngine[Any]
    nullable: bool | None = None
    default: str | None = None
    on_update: str | None = None
    identity: sa.Identity | None = None
    computed: sa.Computed | None = None
    comment: str | None = None
    autoincrement: bool = False
    sequence: str | None = None
    primary: tuple[str | None] | None = None
    foreign_keys: list[sa.ForeignKey] = field(default_factory=list)
    constraints: list[sa.Constraint] = field(default_factory=list)
    place: tuple[str | None] | None = None
    constraint_name: str | None = None
    default_name: str | None = None
    said: list[str] = field(default_factory=list)

    def server_default(self) -> Any:
        """Return what the server fills in, as operations have it; None for nothing."""
        if self.computed is not None or self.identity is not None:
            return self.computed if self.computed is not None else self.identity
        if self.default is None:
            return None
        return clause(self.default + (f" ON UPDATE {self.on_update}" if self.on_update else ""))

    def column(self) -> sa.Column[Any]:
        """Return the column, with its foreign keys, and part of the primary key if it says so."""
        generated: list[Any] = [one for one in (self.computed, self.identity) if one is not None]
        return sa.Column(
            self.name,
            self.type_,
            *generated,
            *self.foreign_keys,
            nullable=self.is_nullable,
            server_default=None if generated else self.server_default(),
            comment=self.comment,
            autoincrement="auto" if self.identity is not None else self.autoincrement,
            primary_key=self.primary is not None,
            info=self.info,
        )

    @property
    def info(self) -> dict[str, Any]:
        """Return what SQLAlchemy's column has no place for: a serial, the name of the default."""
        found = {"serial": bool(self.sequence), "default_name": self.default_name}
        return {key: value for key, value in found.items() if value}

    @property
    def is_nullable(self) -> bool:
        """Tell whether the column takes NULL."""
        never = self.primary is not None or self.identity is not None or self.autoincrement
        return not never if self.nullable is None or never else self.nullable


class ColumnGrammar(TextFacts):
    """Definitions of columns and of constraints."""

    clauses: ClassVar[Mapping[str, str]] = {
        "NOT": "_not",
        "NULL": "_null",
        "DEFAULT": "_default",
        "PRIMARY": "_primary",
        "UNIQUE": "_unique",
        "CHECK": "_check",
        "REFERENCES": "_references",
        "GENERATED": "_generated",
        "AS": "_computed",
        "COLLATE": "_collate",
    }
    #: The table that is being created, and its primary key once that is known.
    own_table: tuple[str, str | None] | None = None
    own_key: Sequence[str] | None = None

    #: Words that end the expression of a default.
    default_ends: ClassVar[frozenset[str]] = COLUMN_WORDS
    #: Words of a column's definition that change nothing of what is kept here.
    silent_clauses: ClassVar[frozenset[str]] = frozenset(("VISIBLE", "ENABLE"))

    def column(self, reader: Reader, sequence_table: tuple[str, str | None] | None = None) -> ColumnText:
        """Take a column's definition; ``sequence_table`` is the table, for the name of a sequence that it may own."""
        if any(reader.shows(word) for word in NO_NAMES):
            raise NotFollowed("a word that no column is called comes first")
        name = reader.name()
        if reader.shows("AS") or reader.shows("GENERATED"):
            column = ColumnText(name, sa.types.NULLTYPE)  # its type follows from the expression
        else:
            column = self.typed(name, reader, sequence_table)
        self.column_clauses(reader, column)
        return column

    def typed(self, name: str, reader: Reader, sequence_table: tuple[str, str | None] | None) -> ColumnText:
        """Take a column's type, which may say more than a type."""
        return ColumnText(name, self.type_of(self.take_type(reader)))

    def column_clauses(self, reader: Reader, column: ColumnText) -> None:
        """Take what follows the type."""
        while not reader.is_done and not reader.shows(","):
            if reader.takes("CONSTRAINT"):
                named = not reader.shows("CHECK") and not reader.shows("REFERENCES")
                column.constraint_name = reader.name() if named else None
            word = reader.word()
            if word in self.silent_clauses:
                continue
            if word not in self.clauses:
                raise NotFollowed(f"{word} in the definition of column {column.name}")
            column.said.append(word)
            method: Callable[[Reader, ColumnText], None] = getattr(self, self.clauses[word])
            method(reader, column)
            if not reader.shows("CONSTRAINT"):
                column.constraint_name = None

    def _not(self, reader: Reader, column: ColumnText) -> None:
        reader.needs("NULL")
        column.nullable = False

    def _null(self, reader: Reader, column: ColumnText) -> None:
        column.nullable = True

    def _default(self, reader: Reader, column: ColumnText) -> None:
        column.default = self.default(reader)
        column.default_name = column.constraint_name

    def default(self, reader: Reader) -> str | None:
        """Take the expression of a default; NULL is none."""
        text = reader.expression(self.default_ends)
        return None if text.upper() == "NULL" else text

    def _primary(self, reader: Reader, column: ColumnText) -> None:
        reader.needs("KEY")
        reader.takes_one(("ASC", "DESC", "CLUSTERED", "NONCLUSTERED"))
        column.primary = (column.constraint_name,)

    def _unique(self, reader: Reader, column: ColumnText) -> None:
        reader.takes_one(("KEY", "CLUSTERED", "NONCLUSTERED"))
        options = dialect_options(self.dialect.name, self.nulls_distinct(reader))
        column.constraints.append(sa.UniqueConstraint(column.name, name=column.constraint_name, **options))

    def _check(self, reader: Reader, column: ColumnText) -> None:
        condition = reader.group().rest()
        self.enforced(reader)
        column.constraints.append(sa.CheckConstraint(escaped(condition), name=column.constraint_name))

    def _references(self, reader: Reader, column: ColumnText) -> None:
        name, schema, columns, options = self.referent(reader, None)
        if len(columns) != 1:
            raise NotFollowed("a column refers to several")
        target = target_name(schema, name, columns[0])
        column.foreign_keys.append(sa.ForeignKey(target, name=column.constraint_name, **options))

    def _generated(self, reader: Reader, column: ColumnText) -> None:
        always = reader.takes("ALWAYS")
        on_null = False
        if not always:
            reader.needs("BY", "DEFAULT")
            on_null = reader.takes("ON", "NULL")
        reader.needs("AS")
        if not reader.takes("IDENTITY"):
            self._computed(reader, column)
            return
        options = self.sequence_options(reader.group()) if reader.shows("(") else {}
        column.identity = identity(always, on_null, options, self.dialect.name)

    def _computed(self, reader: Reader, column: ColumnText) -> None:
        text = reader.group().rest()
        word = reader.takes_one(("STORED", "PERSISTED", "PERSISTENT", "VIRTUAL"))
        column.computed = sa.Computed(escaped(text), persisted=self.is_stored(word))

    def is_stored(self, word: str) -> bool | None:
        """Tell whether the values of a computed column are stored, by the word that says so, or none."""
        return word != "VIRTUAL" and word != ""

    def _collate(self, reader: Reader, column: ColumnText) -> None:
        collation = ".".join(reader.names())
        if isinstance(column.type_, sa.String):
            column.type_.collation = collation

    def sequence_options(self, reader: Reader) -> dict[str, Any]:
        """Take the options of a sequence, as SQLAlchemy calls them."""
        options: dict[str, Any] = {}
        while not reader.is_done:
            number = next((key for words, key in SEQUENCE_NUMBERS if reader.takes(*words)), None)
            if number is not None:
                reader.takes("=")
                options[number] = reader.number()
                continue
            word = next((kept for words, kept in SEQUENCE_WORDS if reader.takes(*words)), None)
            if word is None:
                raise NotFollowed(f"{reader.next().text} is no option of a sequence")
            options |= word
        return options

    # Constraints of tables.

    def is_constraint(self, reader: Reader) -> bool:
        """Tell whether a constraint comes next, and no column."""
        return any(reader.shows(word) for word in CONSTRAINT_WORDS)

    def constraint(self, reader: Reader) -> sa.Constraint:
        """Take a constraint of a table. Its columns are given by name, it hangs on no table yet."""
        name = None
        if reader.takes("CONSTRAINT") and not any(reader.shows(word) for word in CONSTRAINT_WORDS[1:]):
            name = reader.name()
        kind = reader.takes_one(CONSTRAINT_WORDS[1:])
        if not kind:
            raise NotFollowed("no constraint comes")
        made: sa.Constraint = getattr(self, f"_{kind.lower()}_constraint")(reader, name)
        return made

    def key_columns(self, reader: Reader) -> tuple[list[str], dict[str, Any]]:
        """Take what a key is over: column names; and options."""
        reader.takes_one(("CLUSTERED", "NONCLUSTERED"))
        columns = []
        for item in reader.group().items():
            columns.append(item.name())
            item.takes_one(("ASC", "DESC"))
            item.ends()
        return columns, self.key_options(reader)

    def key_options(self, reader: Reader) -> dict[str, Any]:
        """Take what follows the columns of a key."""
        options: dict[str, Any] = {}
        if reader.takes("INCLUDE"):
            options[self.option("include")] = [item.name() for item in reader.group().items()]
        if reader.takes("WITH"):
            reader.group()
        if reader.takes("USING", "INDEX", "TABLESPACE") or reader.takes("ON"):
            reader.name()
        return options | self.deferral(reader)

    def _primary_constraint(self, reader: Reader, name: str | None) -> sa.Constraint:
        reader.needs("KEY")
        columns, options = self.key_columns(reader)
        return sa.PrimaryKeyConstraint(*columns, name=name, **options)

    def _unique_constraint(self, reader: Reader, name: str | None) -> sa.Constraint:
        distinct = dialect_options(self.dialect.name, self.nulls_distinct(reader))
        columns, options = self.key_columns(reader)
        return sa.UniqueConstraint(*columns, name=name, **distinct, **options)

    def _check_constraint(self, reader: Reader, name: str | None) -> sa.Constraint:
        condition = reader.group().rest()
        self.enforced(reader)
        return sa.CheckConstraint(escaped(condition), name=name, **self.deferral(reader))

    def _foreign_constraint(self, reader: Reader, name: str | None) -> sa.Constraint:
        reader.needs("KEY")
        name = self.foreign_name(reader, name)
        columns = [item.name() for item in reader.group().items()]
        reader.needs("REFERENCES")
        table, schema, remote, options = self.referent(reader, len(columns))
        targets = [target_name(schema, table, column) for column in remote]
        return sa.ForeignKeyConstraint(columns, targets, name=name, **options)

    def foreign_name(self, reader: Reader, name: str | None) -> str | None:
        """Return the name of a foreign key; what may stand behind FOREIGN KEY is taken."""
        return name

    def _exclude_constraint(self, reader: Reader, name: str | None) -> sa.Constraint:
        using = reader.name() if reader.takes("USING") else "btree"
        elements: list[tuple[Any, str]] = []
        for item in reader.group().items():
            expression = item.expression(("WITH",))
            item.needs("WITH")
            elements.append((self.element(expression), item.rest()))
        where = reader.group().rest() if reader.takes("WHERE") else None
        options = self.deferral(reader)
        condition = None if where is None else escaped(where)
        return ExcludeConstraint(*elements, name=name, using=using, where=condition, **options)

    def element(self, text: str) -> Any:
        """Return a column's name, or an expression as SQLAlchemy keeps it."""
        reader = self.reader(text)
        token = reader.next()
        alone = reader.is_done and token.kind in ("word", "name")
        return self.fold(token) if alone else clause(text)

    def nulls_distinct(self, reader: Reader) -> dict[str, Any]:
        """Take NULLS [NOT] DISTINCT."""
        if reader.takes("NULLS", "NOT", "DISTINCT"):
            return {"nulls_not_distinct": True}
        reader.takes("NULLS", "DISTINCT")
        return {}

    def enforced(self, reader: Reader) -> None:
        """Take what says when a CHECK counts; it is kept all the same."""
        while (
            reader.takes("NO", "INHERIT")
            or reader.takes("NOT", "VALID")
            or reader.takes("ENFORCED")
            or reader.takes("ENABLE")
            or reader.takes("VALIDATE")
            or reader.takes("NOVALIDATE")
        ):
            pass

    def referent(self, reader: Reader, count: int | None) -> tuple[str, str | None, list[str], dict[str, Any]]:
        """Take what a foreign key refers to: table, schema, columns, options."""
        name, schema = reader.qualified()
        if reader.shows("("):
            columns = [item.name() for item in reader.group().items()]
        else:
            columns = self.primary_key_columns(name, schema)
        if count is not None and len(columns) != count:
            raise NotFollowed("a foreign key has more columns on one side")
        return name, schema, columns, self.reference_options(reader)

    def primary_key_columns(self, name: str, schema: str | None) -> list[str]:
        """Return the primary key of another table. Raises NotFollowed when nobody knows it."""
        found = self.own_key if (name, schema) == self.own_table else None
        if found is None and self.known is not None:
            found = self.known.primary_key(name, schema)
        if not found:
            raise NotFollowed(f"a foreign key refers to the primary key of {name}, which is not known")
        return list(found)

    def reference_options(self, reader: Reader) -> dict[str, Any]:
        """Take MATCH, ON DELETE, ON UPDATE, DEFERRABLE and the like."""
        options: dict[str, Any] = {}
        while not reader.is_done:
            if reader.takes("MATCH"):
                word = reader.word()
                options |= {} if word == "SIMPLE" else {"match": word}
            elif reader.takes("ON", "DELETE"):
                options["ondelete"] = self.action(reader)
            elif reader.shows("ON", "UPDATE"):
                reader.needs("ON", "UPDATE")
                options["onupdate"] = self.action(reader)
            else:
                break
        options |= self.deferral(reader)
        self.enforced(reader)
        return options

    def action(self, reader: Reader) -> str:
        """Take the action of a foreign key, with the columns that some servers let it name."""
        words = next((words for words in ACTIONS if reader.takes(*words)), None)
        if words is None:
            raise NotFollowed("a foreign key has an action that is not known")
        start = reader.at
        if not reader.shows("("):
            return " ".join(words)
        reader.group()
        return f"{' '.join(words)} {reader.source(start)}"

    def deferral(self, reader: Reader) -> dict[str, Any]:
        """Take DEFERRABLE and INITIALLY …; what is so by itself is not kept."""
        options: dict[str, Any] = {}
        while not reader.is_done:
            if reader.takes("NOT", "DEFERRABLE"):
                continue
            if reader.takes("DEFERRABLE"):
                options["deferrable"] = True
            elif reader.takes("INITIALLY", "DEFERRED"):
                options |= {"initially": "DEFERRED", "deferrable": True}
            elif not reader.takes("INITIALLY", "IMMEDIATE"):
                break
        return options


def target_name(schema: str | None, table: str, column: str) -> str:
    """Return the target of a foreign key as SQLAlchemy takes it. Raises NotFollowed for names that hold a dot."""
    parts = [part for part in (schema, table, column) if part is not None]
    if any("." in part for part in parts):
        raise NotFollowed("a foreign key refers to a name with a dot in it")
    return ".".join(parts)


def identity(always: bool, on_null: bool, options: dict[str, Any], name: str) -> sa.Identity:
    """Return an identity. Since SQLAlchemy 2.1, two of its options carry the name of their database."""
    own = {"on_null": on_null, "order": options.pop("order", None)}
    given = {key: value for key, value in own.items() if value}
    try:
        return sa.Identity(always=always, **options, **{f"{name}_{key}": value for key, value in given.items()})
    except TypeError:
        return sa.Identity(always=always, **options, **given)
