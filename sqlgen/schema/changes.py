"""Operations that text SQL can ask for, and that no function of ``op`` stands for.

They are frozen data like those of :mod:`sqlgen.operations.model`. Nothing renders them: they tell the shadow schema
what a statement of the author's does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy.types import TypeEngine, UserDefinedType

from ..operations.model import Operation, TableOperation, qualified
from ..records import dataclass, field
from .queries import Query


class NamedType(UserDefinedType[Any]):
    """The type of a column that text names and that the database does not come with: an enum, a domain or the like.

    Which of these it is, and what it holds, only the schema tells.
    """

    cache_ok = True

    def __init__(self, name: str, schema: str | None = None) -> None:
        self.name = name
        self.schema = schema

    def get_col_spec(self, **_: Any) -> str:
        """Return the name, with its schema."""
        return qualified(self.name, self.schema)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectOperation(Operation):
    """An operation on an object that has a name in a schema, and is no table."""

    symbol: ClassVar[str] = "execute"
    name: str
    schema: str | None = None

    @property
    def subject(self) -> str:
        """The object's name."""
        return qualified(self.name, self.schema)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateEnum(ObjectOperation):
    """A type with its values, in their order."""

    values: tuple[str, ...]
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEnumValue(ObjectOperation):
    """One more value, at the end, or beside the one that ``before`` or ``after`` names."""

    value: str
    before: str | None = None
    after: str | None = None
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameEnumValue(ObjectOperation):
    """Another word for a value, also in the rows."""

    value: str
    new_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateType(ObjectOperation):
    """A type that is neither enum nor domain; ``text`` is the statement."""

    text: str
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateDomain(ObjectOperation):
    """A domain over a type. ``checks`` are (name or None, condition)."""

    type_: TypeEngine[Any]
    nullable: bool = True
    default: str | None = None
    collation: str | None = None
    checks: tuple[tuple[str | None, str], ...] = ()
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameType(ObjectOperation):
    """Give a type another name in the same schema."""

    new_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveType(ObjectOperation):
    """Move a type to another schema."""

    new_schema: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropType(ObjectOperation):
    """Drop a type, of whatever kind."""

    destructive: ClassVar[bool] = True
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSequence(ObjectOperation):
    """A sequence. ``options`` are those of ``sa.Sequence``; ``owned_by`` is (schema, table, column)."""

    options: Mapping[str, Any] = field(default_factory=dict)
    type_: TypeEngine[Any] | None = None
    owned_by: tuple[str | None, str, str] | None = None
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterSequence(ObjectOperation):
    """Change what is given of a sequence; ``disowned`` says that no column owns it any more."""

    options: Mapping[str, Any] = field(default_factory=dict)
    type_: TypeEngine[Any] | None = None
    owned_by: tuple[str | None, str, str] | None = None
    disowned: bool = False
    new_name: str | None = None
    new_schema: str | None = None
    if_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSequence(ObjectOperation):
    """Drop a sequence."""

    destructive: ClassVar[bool] = True
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateView(ObjectOperation):
    """A view; ``definition`` is the query as it was written, ``columns`` the names that were given.

    ``query`` is the same taken apart, None for one that is not plain. ``clauses`` stand between CREATE and VIEW.
    """

    definition: str
    query: Query | None = None
    columns: tuple[str, ...] = ()
    clauses: Mapping[str, str] = field(default_factory=dict)
    materialized: bool = False
    temporary: bool = False
    or_replace: bool = False
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameView(ObjectOperation):
    """Give a view another name in the same schema."""

    new_name: str
    materialized: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveView(ObjectOperation):
    """Move a view to another schema."""

    new_schema: str
    materialized: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropView(ObjectOperation):
    """Drop a view."""

    materialized: bool = False
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSchema(ObjectOperation):
    """A schema; ``name`` is its own, ``schema`` always None."""

    if_not_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSchema(ObjectOperation):
    """Drop a schema, and with ``cascade`` all that is in it."""

    destructive: ClassVar[bool] = True
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDefaultSchema(Operation):
    """Names without a schema mean these from now on, the first that exists for new objects; none: as at the start.

    ``is_local`` says that this lasts until the transaction ends.
    """

    symbol: ClassVar[str] = "execute"
    schemas: tuple[str, ...]
    is_local: bool = False

    @property
    def subject(self) -> str:
        """The names."""
        return ", ".join(self.schemas)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTrigger(ObjectOperation):
    """What runs by itself when a table is written: a trigger, a rule or, without a table, an event.

    ``table_name`` and ``table_schema`` say of what; ``text`` is the statement.
    """

    text: str
    table_name: str | None = None
    table_schema: str | None = None
    or_replace: bool = False
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTrigger(ObjectOperation):
    """Drop a trigger, rule or event; ``table_name`` is None where the statement does not say of what."""

    table_name: str | None = None
    table_schema: str | None = None
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRoutine(ObjectOperation):
    """A program: ``kind`` is function, procedure, package or the like; ``text`` is the statement."""

    kind: str
    text: str
    or_replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DropRoutine(ObjectOperation):
    """Drop a program. ``arguments`` are what stands between parentheses behind its name, None for no parentheses."""

    kind: str
    arguments: str | None = None
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameIndex(ObjectOperation):
    """Give an index another name. ``table_name`` is None where the statement does not say whose index it is."""

    new_name: str
    table_name: str | None = None
    if_exists: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameConstraint(TableOperation):
    """Give a constraint another name; the index behind it goes along."""

    symbol: ClassVar[str] = "execute"
    constraint_name: str
    new_constraint_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveTable(TableOperation):
    """Move a table, with its indexes and the sequences it owns, to another schema, under a new name if there is one."""

    symbol: ClassVar[str] = "execute"
    new_schema: str | None
    new_table_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveColumn(TableOperation):
    """Move a column behind another one; to the first place when ``after`` is None."""

    symbol: ClassVar[str] = "execute"
    column_name: str
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTableOptions(TableOperation):
    """Change options of a table, such as its engine; keys are lower-case words joined by ``_``.

    ``converts`` says that the columns take the character set too.
    """

    symbol: ClassVar[str] = "execute"
    options: Mapping[str, str]
    converts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyTable(TableOperation):
    """A new, empty table with the columns of another one.

    ``including`` is what comes along besides names, types and NOT NULL: ``all``, or words such as ``defaults``.
    """

    symbol: ClassVar[str] = "execute"
    source_name: str
    source_schema: str | None = None
    including: frozenset[str] = frozenset()
    if_not_exists: bool = False
    temporary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetObjectComment(ObjectOperation):
    """Set the comment of something that is no table and no column; ``kind`` says of what, in lower case.

    For a constraint, ``table_name`` says of which table.
    """

    kind: str
    comment: str | None
    table_name: str | None = None
