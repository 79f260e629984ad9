"""The operations that revisions perform, as frozen data.

``op.*`` functions build them, a dialect prints them, the shadow schema applies them. No operation knows a
database by name. Values that were not given are :data:`UNSET`, because ``None`` and ``False`` mean something
of their own in Alembic's signatures (``server_default=None`` drops a default, leaving it out keeps it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, ClassVar, Final, Protocol

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from ..errors import RenderError
from ..records import dataclass, field


class Unset(Enum):
    """The type of :data:`UNSET`."""

    TOKEN = "not given"

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


UNSET: Final = Unset.TOKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that a revision does to the database.

    ``symbol`` is the function a revision calls for it; ``destructive`` says that rows or objects are lost.
    """

    symbol: ClassVar[str] = ""
    destructive: ClassVar[bool] = False

    @property
    def subject(self) -> str:
        """The name of the object that the operation is about, for banners and errors; may be empty."""
        return ""

    def describe(self) -> str:
        """Return the call in short, such as ``op.create_table("invoice")``."""
        return f'op.{self.symbol}("{self.subject}")' if self.subject else f"op.{self.symbol}()"


def qualified(name: str, schema: str | None) -> str:
    """Return ``schema.name`` for people to read, unquoted."""
    return f"{schema}.{name}" if schema else name


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTable(Operation):
    """``CREATE TABLE`` with its indexes and comments; ``table`` is complete."""

    symbol: ClassVar[str] = "create_table"
    table: sa.Table
    if_not_exists: bool = False

    @property
    def subject(self) -> str:
        """The table's name."""
        return self.table.fullname


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTable(Operation):
    """``DROP TABLE``; ``table`` holds the name and what the revision told of it.

    ``cascade``, here and below, is what only text SQL says: what depends on the object goes along.
    """

    symbol: ClassVar[str] = "drop_table"
    destructive: ClassVar[bool] = True
    table: sa.Table
    if_exists: bool = False
    cascade: bool = False

    @property
    def subject(self) -> str:
        """The table's name."""
        return self.table.fullname


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOperation(Operation):
    """An operation on one table that is known by name."""

    table_name: str
    schema: str | None = None

    @property
    def subject(self) -> str:
        """The table's name."""
        return qualified(self.table_name, self.schema)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTable(TableOperation):
    """Give a table another name in the same schema."""

    symbol: ClassVar[str] = "rename_table"
    new_table_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn(TableOperation):
    """Add a column. ``column`` belongs to a skeleton table of its own that carries the right name and schema.

    Foreign keys, UNIQUE, index, CHECK of the column's type and its comment come along.
    """

    symbol: ClassVar[str] = "add_column"
    column: sa.Column[Any]
    if_not_exists: bool = False
    inline_references: bool = False
    inline_primary_key: bool = False

    @property
    def subject(self) -> str:
        """Table and column."""
        return f"{qualified(self.table_name, self.schema)}.{self.column.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn(TableOperation):
    """Drop a column. ``options`` holds dialect arguments such as ``mssql_drop_default``."""

    symbol: ClassVar[str] = "drop_column"
    destructive: ClassVar[bool] = True
    column_name: str
    if_exists: bool = False
    cascade: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """Table and column."""
        return f"{qualified(self.table_name, self.schema)}.{self.column_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterColumn(TableOperation):
    """Change one column in any mix of ways; the ``existing_*`` fields tell what it is now.

    ``server_default`` and ``existing_server_default`` are a string, an SQL expression, ``sa.Identity``,
    ``sa.Computed``, ``None`` (no default) or UNSET. When the type changes, ``existing_checks`` are the CHECK
    constraints that went with the old type, ``new_checks`` those of the new one (on skeleton tables, named by the
    naming convention; whether a dialect has them at all is SQLAlchemy's ``_create_rule``).
    """

    symbol: ClassVar[str] = "alter_column"
    column_name: str
    nullable: bool | None = None
    comment: str | Unset | None = UNSET
    server_default: Any = UNSET
    new_column_name: str | None = None
    type_: TypeEngine[Any] | None = None
    autoincrement: bool | str | None = None
    existing_type: TypeEngine[Any] | None = None
    existing_server_default: Any = UNSET
    existing_nullable: bool | None = None
    existing_comment: str | None = None
    existing_autoincrement: bool | str | None = None
    existing_checks: tuple[sa.CheckConstraint, ...] = ()
    new_checks: tuple[sa.CheckConstraint, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """Table and column."""
        return f"{qualified(self.table_name, self.schema)}.{self.column_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateIndex(Operation):
    """``CREATE INDEX``; ``index`` hangs on a skeleton table."""

    symbol: ClassVar[str] = "create_index"
    index: sa.Index
    if_not_exists: bool = False

    @property
    def subject(self) -> str:
        """The index's name."""
        return str(self.index.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndex(Operation):
    """``DROP INDEX``. ``table_name`` is None when the revision did not say whose index it is."""

    symbol: ClassVar[str] = "drop_index"
    index: sa.Index
    table_name: str | None = None
    schema: str | None = None
    if_exists: bool = False
    cascade: bool = False

    @property
    def subject(self) -> str:
        """The index's name."""
        return str(self.index.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddConstraint(TableOperation):
    """Add a primary key, UNIQUE, foreign key, CHECK or exclude constraint to a table that exists.

    ``constraint`` hangs on a skeleton table; ``call`` is the op function that was used.
    """

    symbol: ClassVar[str] = "create_constraint"
    constraint: sa.Constraint
    call: str = "create_constraint"

    def describe(self) -> str:
        """Return the call in short, with the constraint's and the table's name."""
        name = f'"{self.constraint.name}", ' if self.constraint.name else ""
        return f'op.{self.call}({name}"{self.subject}")'


@dataclass(frozen=True, slots=True, kw_only=True)
class DropConstraint(TableOperation):
    """Drop a constraint. ``type_`` is ``foreignkey``, ``primary``, ``unique``, ``check`` or None when not told.

    ``constraint`` is the same as an object on a skeleton table, so that naming conventions and quoting apply.
    """

    symbol: ClassVar[str] = "drop_constraint"
    constraint: sa.Constraint
    type_: str | None = None
    if_exists: bool = False
    cascade: bool = False

    def describe(self) -> str:
        """Return the call in short, with the constraint's and the table's name."""
        return f'op.drop_constraint("{self.constraint.name}", "{self.subject}")'


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTableComment(TableOperation):
    """Set a table's comment; ``existing_comment`` is what it was, when told."""

    symbol: ClassVar[str] = "create_table_comment"
    comment: str | None
    existing_comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTableComment(TableOperation):
    """Take a table's comment away."""

    symbol: ClassVar[str] = "drop_table_comment"
    existing_comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Execute(Operation):
    """Run a piece of SQL text, or a SQLAlchemy statement, without asking for its result."""

    symbol: ClassVar[str] = "execute"
    statement: str | sa.Executable
    execution_options: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkInsert(Operation):
    """Insert rows, given as dictionaries by column key. ``multiinsert=False`` asks for one INSERT per row."""

    symbol: ClassVar[str] = "bulk_insert"
    table: sa.sql.expression.TableClause
    rows: Sequence[Mapping[str, Any]]
    multiinsert: bool = True

    def describe(self) -> str:
        """Return the call in short, with the count of rows."""
        return f'op.bulk_insert("{self.table.fullname}"), {len(self.rows)} row{"s" * (len(self.rows) != 1)}'


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAlter(TableOperation):
    """What a ``batch_alter_table`` block gathered, in order.

    ``recreate`` is ``auto``, ``always`` or ``never``; ``positions`` tells, per column name, what
    ``insert_before``/``insert_after`` said; ``copy_from`` is the whole table as the revision described it.
    """

    symbol: ClassVar[str] = "batch_alter_table"
    operations: tuple[Operation, ...]
    recreate: str = "auto"
    copy_from: sa.Table | None = None
    partial_reordering: tuple[tuple[str, ...], ...] = ()
    table_args: tuple[Any, ...] = ()
    table_kwargs: Mapping[str, Any] = field(default_factory=dict)
    reflect_args: tuple[Any, ...] = ()
    reflect_kwargs: Mapping[str, Any] = field(default_factory=dict)
    positions: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    naming_convention: Mapping[str, str] | None = None


class Funnel(Protocol):
    """Where operations go: the recorder, as the ``op`` functions see it."""

    @property
    def bind(self) -> sa.Connection:
        """The recording connection."""

    @property
    def context(self) -> Any:
        """The migration context that ``op.get_context()`` returns."""

    @property
    def naming_convention(self) -> Mapping[str, Any] | None:
        """The naming convention of env.py's ``target_metadata``, or None."""

    def record(self, operation: Operation) -> None:
        """Render one operation for the dialect at hand and keep its statements."""

    def failed(self, error: RenderError) -> RenderError:
        """Fill in where an error arose, and remember it: code that swallows it must not hide it."""
