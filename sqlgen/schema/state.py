"""The schema as data: tables with all that belongs to them, types, sequences, views, triggers and programs.

Everything is frozen, so that a schema may be kept as it was before a change: a change makes a new :class:`Catalog` that
shares what stayed the same. Names of schemas are None for the default one. Constraints have the names that the server
gives them; where only the server knows the name, it is a :class:`ServerName`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from sqlalchemy.types import TypeEngine

from ..errors import NeedsDatabase
from ..records import dataclass, field, replace
from .shared import ByName, Shared

Key = tuple[str | None, str]
"""Schema and name of an object."""

Frozen = TypeVar("Frozen", bound=Any)
Named = TypeVar("Named", bound="Constraint")


def changed(one: Frozen, **fields: Any) -> Frozen:
    """Return an object with other values in some fields; the object itself where they are the very same."""
    return one if all(getattr(one, name) is value for name, value in fields.items()) else replace(one, **fields)


class ServerName(str):
    """The name of a constraint that the server made, and that nobody can tell; as text it describes the constraint.

    ``kind`` is ``primary``, ``unique``, ``foreignkey``, ``check`` or ``default``; a dialect finds the constraint by
    ``table``, ``schema`` and ``columns``.
    """

    __slots__ = ("columns", "kind", "schema", "table")

    kind: str
    table: str
    schema: str | None
    columns: tuple[str, ...]

    def __new__(cls, kind: str, table: str, schema: str | None, columns: tuple[str, ...]) -> ServerName:
        """Make a name that stands for the one on the server."""
        self = super().__new__(cls, f"<{kind} constraint of {table} ({', '.join(columns)})>")
        self.kind, self.table, self.schema, self.columns = kind, table, schema, columns
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make the name again, for copies."""
        return ServerName, (self.kind, self.table, self.schema, self.columns)


#: Stands for the user who made a view, where the server's text of the view has one: nobody else knows the name.
UNTOLD_USER = "sqlgen_untold_user"

#: Such a name within other text.
SERVER_NAME = re.compile(r"<(?:primary|unique|foreignkey|check|default) constraint of .*? \(.*?\)>")


def unforetold(name: str) -> NeedsDatabase:
    """Return the error for a name that would be written into a script, and that only the server knows."""
    return NeedsDatabase(
        f"only the server knows the name of the {name.strip('<>')}",
        hint="Hand the name to op.drop_constraint as it came from the inspector: the script then looks it up where it "
        "can. Or name the constraint where it is made.",
    )


def untold_user() -> NeedsDatabase:
    """Return the error for a statement with the text of a view in which the user who made it is not known."""
    return NeedsDatabase(
        "the text of the view names the user who made it, which only the server knows",
        hint="Let the user who runs the script own the view: "
        "re.sub(r'DEFINER=\\S+', 'DEFINER=CURRENT_USER', text). Or keep the text of the view in the revision.",
    )


@dataclass(frozen=True, slots=True)
class Computed:
    """What computes a column: SQL text, and whether the value is stored (None where the revision left that open)."""

    sqltext: str
    persisted: bool | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``written`` is the default as the revision gave it, ``default`` the same as SQL text.

    ``written`` may be a string, an SQL expression, ``sa.Identity``, ``sa.Computed`` or None for nothing. ``checks`` are
    the CHECKs that the column's type brought along, each behind the name that a naming convention gives it.
    """

    name: str
    type: TypeEngine[Any]
    nullable: bool = True
    default: str | None = None
    written: Any = None
    computed: Computed | None = None
    identity: Mapping[str, Any] | None = None
    comment: str | None = None
    autoincrement: bool = False
    checks: tuple[tuple[Any, Any], ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Constraint:
    """What all constraints have; ``options`` go by the names of SQLAlchemy's arguments, dialects' ones included."""

    name: str | None
    columns: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    comment: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class PrimaryKey(Constraint):
    """The primary key."""


@dataclass(frozen=True, slots=True)
class Unique(Constraint):
    """A UNIQUE constraint."""


@dataclass(frozen=True, slots=True)
class ForeignKey(Constraint):
    """A foreign key, with the table and columns it points to."""

    schema: str | None
    table: str
    referred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check(Constraint):
    """A CHECK; ``columns`` are those it names, as far as that is known. ``type_bound`` says that a type brought it.

    ``inline`` says that it stands in the definition of its column, the only one of ``columns``.
    """

    sqltext: str
    type_bound: bool = False
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Exclude(Constraint):
    """An EXCLUDE constraint; ``definition`` is its SQL behind the name."""

    definition: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an index: a column's name, or an expression as SQL text; ``order`` are words such as ``desc``."""

    column: str | None
    expression: str | None = None
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """An index. ``implicit`` says that the server made it for a foreign key, and drops it when another one will do."""

    name: str | None
    parts: tuple[Part, ...]
    unique: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    implicit: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are parts by themselves."""
        return tuple(part.column for part in self.parts if part.column is not None)


@dataclass(frozen=True, slots=True)
class Table:
    """One table. Constraints and indexes stand in the order in which they were made."""

    name: str
    schema: str | None
    columns: tuple[Column, ...]
    primary_key: PrimaryKey | None = None
    uniques: tuple[Unique, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    excludes: tuple[Exclude, ...] = ()
    indexes: tuple[Index, ...] = ()
    comment: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Schema and name."""
        return self.schema, self.name

    def column(self, name: str) -> Column | None:
        """Return the column of a name, None when there is none."""
        return next((column for column in self.columns if column.name == name), None)

    def constraints(self) -> Iterator[Constraint]:
        """Yield every constraint, the primary key first."""
        if self.primary_key is not None:
            yield self.primary_key
        for group in (self.uniques, self.foreign_keys, self.checks, self.excludes):
            yield from group


def index_names(table: Table) -> list[str | None]:
    """Return the names of a table's indexes, and of the constraints that may have one; None for what nobody knows."""
    told = [*(one.name for one in table.constraints()), *(one.name for one in table.indexes)]
    return [None if isinstance(name, ServerName) else name for name in told]


@dataclass(frozen=True, slots=True)
class Enumeration:
    """An enum type with its values, in their order."""

    name: str
    schema: str | None
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain: a type with a default and CHECKs of its own, each as name and SQL text."""

    name: str
    schema: str | None
    type: TypeEngine[Any]
    nullable: bool = True
    default: str | None = None
    checks: tuple[tuple[str | None, str], ...] = ()
    collation: str | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence; ``owner`` is the table's key and the column that takes it along when it goes."""

    name: str
    schema: str | None
    options: Mapping[str, Any] = field(default_factory=dict)
    owner: tuple[Key, str] | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A view with its query as SQL text; ``columns`` are the names that it was given in front of the query.

    ``shape`` are its columns as the server worked them out when it was made, and ``worded`` is the query in the words
    of the server; None where that is not known. ``clauses`` stand between CREATE and VIEW: their words and values.
    """

    name: str
    schema: str | None
    definition: str
    materialized: bool = False
    indexes: tuple[Index, ...] = ()
    columns: tuple[str, ...] = ()
    shape: tuple[Column, ...] | None = None
    worded: str | None = None
    clauses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger on a table, as SQL text."""

    name: str
    schema: str | None
    table: str
    text: str


@dataclass(frozen=True, slots=True)
class Routine:
    """A function, procedure or package, as SQL text; of several with one name the texts stand one after another.

    No text says that there is such a program, and that nobody knows which.
    """

    name: str
    schema: str | None
    kind: str
    text: str


#: What stands between the texts of programs with one name: the end of a statement, and an empty line.
OVERLOADED = ";\n\n-- with other arguments\n"
ARGUMENTS = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
DEFAULTS = re.compile(r"\s*(?:\bDEFAULT\b|:?=)[^,]*", re.I)


def beside(old: Routine, new: Routine) -> Routine:
    """Return what two definitions of one name make: the new one, or both where their arguments differ."""
    texts = [one for one in old.text.split(OVERLOADED) if arguments(one) != arguments(new.text)]
    return replace(new, text=OVERLOADED.join([*(one.rstrip().rstrip(";") for one in texts), new.text]))


def left_of(routine: Routine, dropped: str | None) -> Routine | None:
    """Return what is left of a name when the program with some arguments is dropped, None for nothing.

    A routine without text is one of which nobody knows what is left.
    """
    texts = routine.text.split(OVERLOADED)
    if len(texts) == 1 and routine.text:
        return None
    wanted = listed(dropped or "")
    left = [one for one in texts if not fits(listed(arguments(one)), wanted)]
    return replace(routine, text=OVERLOADED.join(left) if len(left) == len(texts) - 1 else "")


def listed(arguments: str) -> list[str]:
    """Return the arguments of a program one by one."""
    return [" ".join(one.lower().split()) for one in arguments.strip("() ").split(",") if one.strip()]


def fits(defined: list[str], dropped: list[str]) -> bool:
    """Tell whether arguments that a DROP tells are those of a definition, which has their names besides."""
    if len(defined) != len(dropped):
        return False
    return all(one == told or one.endswith(f" {told}") for one, told in zip(defined, dropped, strict=True))


def arguments(text: str) -> str:
    """Return the arguments of a program as they are written, without defaults."""
    found = ARGUMENTS.search(text)
    return " ".join(DEFAULTS.sub("", found[1]).lower().split()) if found else ""


Object = Table | Enumeration | Domain | Sequence | View | Trigger | Routine

#: Where objects of a class are kept.
PLACES: Mapping[type[Any], str] = {
    Table: "tables",
    Enumeration: "types",
    Domain: "types",
    Sequence: "sequences",
    View: "views",
    Trigger: "triggers",
    Routine: "routines",
}


@dataclass(frozen=True, slots=True)
class Catalog:
    """A whole schema."""

    tables: Shared[Key, Table] = field(default_factory=Shared)
    types: Shared[Key, Enumeration | Domain] = field(default_factory=Shared)
    sequences: Shared[Key, Sequence] = field(default_factory=Shared)
    views: Shared[Key, View] = field(default_factory=Shared)
    triggers: Shared[Key, Trigger] = field(default_factory=Shared)
    routines: Shared[Key, Routine] = field(default_factory=Shared)
    schemas: tuple[str, ...] = ()

    def put(self, *objects: Object) -> Catalog:
        """Return the schema with objects in it, in place of those of the same name."""
        changed: dict[str, Any] = {}
        for one in objects:
            place = PLACES[type(one)]
            changed[place] = changed.get(place, getattr(self, place)).put((one.schema, one.name), one)
        return self._with(changed)

    def without(self, place: str, *keys: Key) -> Catalog:
        """Return the schema without the objects of these keys; ``place`` is the field that holds them."""
        there: Shared[Key, Any] = getattr(self, place)
        left = there.without(keys)
        return self if left is there else self._with({place: left})

    def _with(self, changed: dict[str, Any]) -> Catalog:
        return replace(self, **changed) if changed else self


class Owners:
    """Finds the sequences that a table owns, in one catalog after the other."""

    def __init__(self) -> None:
        self._named = ByName[Key, Sequence](lambda one: [one.owner[0]] if one.owner is not None else [])

    def of(self, catalog: Catalog, table: Key, column: str | None = None) -> list[Key]:
        """Return the sequences that go with a table, or with one of its columns, sorted."""
        keys = self._named.at(catalog.sequences).get(table, ())
        wanted = (key for key in keys if column is None or catalog.sequences[key].owner == (table, column))
        return sorted(wanted, key=in_order)


def in_order(key: Key) -> tuple[str, str]:
    """Return what keys are sorted by, the default schema first."""
    return key[0] or "", key[1]
