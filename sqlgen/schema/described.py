"""SQLAlchemy's tables, columns, constraints and indexes as the data of :mod:`sqlgen.schema.state`."""

from __future__ import annotations

from collections.abc import Mapping
from sys import intern
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.schema import AddConstraint
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ClauseElement, ColumnClause, TextClause, UnaryExpression, _truncated_label
from sqlalchemy.sql.naming import _constraint_name_for_table
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import TypeEngine

from ..operations.copies import options_of, without_table
from . import state

IDENTITY = ("always", "start", "increment", "minvalue", "maxvalue", "cycle", "cache")
#: What is told of a column in its ``info``.
NAMED = ("default_name",)
#: Of most columns; one for all of them.
NO_OPTIONS: Mapping[str, Any] = {}
KEY_OPTIONS = ("onupdate", "ondelete", "deferrable", "initially", "match")


class Wording(Protocol):
    """What a description asks of a dialect: SQL text of expressions, as the script has it."""

    @property
    def sa(self) -> Any:
        """SQLAlchemy's dialect object."""

    def default_sql(self, default: Any, type_: TypeEngine[Any] | None = None) -> str:
        """Return a server default as it stands behind DEFAULT."""

    def expression_sql(self, expression: Any) -> str:
        """Return an expression with its literals, columns without their table."""

    def wanted(self, constraint: Any) -> bool:
        """Tell whether a constraint that comes with a column's type exists on this database."""


class Describer:
    """Turns SQLAlchemy's objects into states, worded by one dialect."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording

    def table(self, table: sa.Table) -> state.Table:
        """Return a table that is about to be made, its constraints named where the revision named them."""
        uniques, keys, checks, excludes = self.constraints(table)
        inline = tuple(check for column in table.columns for check in self.inline_checks(column))
        primary = table.primary_key
        return state.Table(
            name=str(table.name),
            schema=table.schema,
            columns=tuple(self.column(column) for column in table.columns),
            primary_key=self.primary_key(primary) if len(primary.columns) else None,
            uniques=uniques,
            foreign_keys=keys,
            checks=(*inline, *checks),
            excludes=excludes,
            indexes=tuple(self.index(one) for one in sorted(table.indexes, key=lambda one: str(one.name))),
            comment=table.comment,
            options=table_options(table),
        )

    def constraints(self, table: sa.Table) -> tuple[tuple[Any, ...], ...]:
        """Return the UNIQUE, foreign-key, CHECK and EXCLUDE constraints of a table."""
        groups: dict[type[Any], list[Any]] = {
            state.Unique: [],
            state.ForeignKey: [],
            state.Check: [],
            state.Exclude: [],
        }
        for constraint in table._sorted_constraints:
            found = self.constraint(constraint)
            if found is not None and not isinstance(found, state.PrimaryKey):
                groups[type(found)].append(found)
        return tuple(tuple(group) for group in groups.values())

    def inline_checks(self, column: sa.Column[Any]) -> list[state.Check]:
        """Return the CHECKs that stand in the definition of a column."""
        found = sorted(column.constraints, key=lambda one: one._creation_order)
        return [
            state.Check(
                str(one.name) if isinstance(one.name, str) else None,  # no naming convention counts here
                (str(column.name),),
                self.wording.expression_sql(one.sqltext),
                inline=True,
            )
            for one in found
            if isinstance(one, sa.CheckConstraint)
        ]

    def column(self, column: sa.Column[Any]) -> state.Column:
        """Return a column."""
        identity = column.identity if isinstance(column.identity, sa.Identity) else None
        table = column.table
        info = column.info if "info" in vars(column) else {}
        return state.Column(
            name=intern(str(column.name)),
            type=without_table(column.type, table),
            nullable=bool(column.nullable) and not column.primary_key and identity is None,
            default=self.default(written_default(column), column.type),
            written=written_default(column),
            computed=self.computed(column.computed),
            identity=identity_options(identity),
            comment=column.comment,
            autoincrement=table is not None and column is table._autoincrement_column,
            checks=type_checks(column),
            options={**options_of(column), **{key: info[key] for key in NAMED if key in info}} or NO_OPTIONS,
        )

    def default(self, written: Any, type_: TypeEngine[Any] | None) -> str | None:
        """Return what a revision gave as a default as SQL text; None for nothing, IDENTITY and computed columns."""
        if written is None or isinstance(written, (sa.Identity, sa.Computed, sa.FetchedValue)):
            return None
        if isinstance(written, sa.Sequence):
            return self.wording.expression_sql(written.next_value())
        return self.wording.default_sql(written, type_) or None

    def computed(self, computed: Any) -> state.Computed | None:
        """Return what computes a column, None for nothing."""
        if computed is None:
            return None
        return state.Computed(self.wording.expression_sql(computed.sqltext), computed.persisted)

    def constraint(self, constraint: Any) -> state.Constraint | None:
        """Return a constraint; None for one that this database has not."""
        if getattr(constraint, "_type_bound", False) and not self.wording.wanted(constraint):
            return None
        match constraint:
            case sa.PrimaryKeyConstraint():
                return self.primary_key(constraint)
            case sa.UniqueConstraint():
                return state.Unique(
                    name_of(constraint),
                    names_of(constraint.columns),
                    **self.told(constraint, "deferrable", "initially"),
                )
            case sa.ForeignKeyConstraint():
                return self.foreign_key(constraint)
            case sa.CheckConstraint():
                return self.check(constraint)
        return self.exclude(constraint) if constraint.__visit_name__ == "exclude_constraint" else None

    def primary_key(self, constraint: sa.PrimaryKeyConstraint) -> state.PrimaryKey:
        """Return a primary key."""
        told = self.told(constraint, "deferrable", "initially")
        return state.PrimaryKey(name_of(constraint), names_of(constraint.columns), **told)

    def foreign_key(self, constraint: sa.ForeignKeyConstraint) -> state.ForeignKey:
        """Return a foreign key; one that names no columns of the other table points to its primary key."""
        targets = [element.target_fullname.split(".") for element in constraint.elements]
        return state.ForeignKey(
            name_of(constraint),
            tuple(map(str, constraint.column_keys)),
            targets[0][-3] if len(targets[0]) > 2 else None,
            targets[0][-2],
            tuple(target[-1] for target in targets),
            **self.told(constraint, *KEY_OPTIONS),
        )

    def check(self, constraint: sa.CheckConstraint) -> state.Check:
        """Return a CHECK."""
        bound = bool(getattr(constraint, "_type_bound", False))
        columns = names_of(constraint.columns) or columns_in(constraint.sqltext)
        text = self.wording.expression_sql(constraint.sqltext)
        return state.Check(name_of(constraint), columns, text, bound, **self.told(constraint))

    def exclude(self, constraint: Any) -> state.Exclude:
        """Return an EXCLUDE constraint."""
        sql = str(AddConstraint(constraint).compile(dialect=self.wording.sa))
        return state.Exclude(
            name_of(constraint), names_of(constraint.columns), sql[sql.index("EXCLUDE") :], **self.told(constraint)
        )

    def index(self, index: sa.Index) -> state.Index:
        """Return an index."""
        options = {name: self.option(value) for name, value in options_of(index).items() if said(value)}
        parts = tuple(map(self.part, index.expressions))
        return state.Index(self.index_name(index), parts, bool(index.unique), options)

    def index_name(self, index: sa.Index) -> str | None:
        """Return the name of an index as a script has it: SQLAlchemy shortens the long ones that it makes itself."""
        if not isinstance(index.name, _truncated_label):
            return name_of(index)
        preparer = self.wording.sa.identifier_preparer
        return str(preparer.truncate_and_render_index_name(index.name, _alembic_quote=False))

    def part(self, element: Any) -> state.Part:
        """Return one part of an index."""
        order: list[str] = []
        while isinstance(element, UnaryExpression) and element.modifier in ORDERS:
            order.insert(0, ORDERS[element.modifier])
            element = element.element
        if isinstance(element, ColumnClause) and not element.is_literal:
            return state.Part(str(element.name), None, tuple(order))
        return state.Part(None, self.wording.expression_sql(element), tuple(order))

    def option(self, value: Any) -> Any:
        """Return an option of an index: SQL as text, columns by their names."""
        if isinstance(value, sa.Column):
            return str(value.name)
        if isinstance(value, ClauseElement):
            return self.wording.expression_sql(value)
        if isinstance(value, (list, tuple)):
            return tuple(map(self.option, value))
        return dict(value) if isinstance(value, Mapping) else value

    def told(self, constraint: Any, *names: str) -> dict[str, Any]:
        """Return options and comment of a constraint as arguments for its state."""
        options = {name: getattr(constraint, name) for name in names if said(getattr(constraint, name, None))}
        options |= {name: self.option(value) for name, value in options_of(constraint).items() if said(value)}
        return {"options": options, "comment": getattr(constraint, "comment", None)}


#: How the parts of an index may be ordered, by SQLAlchemy's operators.
ORDERS = {
    operators.desc_op: "desc",
    operators.asc_op: "asc",
    operators.nulls_first_op: "nulls_first",
    operators.nulls_last_op: "nulls_last",
}


def said(value: Any) -> bool:
    """Tell whether an option was given a value."""
    return value is not None and value is not False and not (isinstance(value, (list, tuple, dict)) and not value)


def name_of(named: Any) -> str | None:
    """Return the name of a constraint or index, by the naming convention of its table; None when it has none."""
    table = getattr(named, "table", None)
    if table is not None and not isinstance(named, sa.Index):
        found = _constraint_name_for_table(named, table)  # type: ignore[no-untyped-call]
        if isinstance(found, str):
            return str(found)
    return str(named.name) if isinstance(named.name, str) else None


def table_options(table: sa.Table) -> dict[str, Any]:
    """Return the options of a table; words between CREATE and TABLE are the option ``prefixes``."""
    return options_of(table) | ({"prefixes": tuple(map(str, table._prefixes))} if table._prefixes else {})


def names_of(columns: Any) -> tuple[str, ...]:
    """Return the names of columns."""
    return tuple(str(column.name) for column in columns)


def columns_in(expression: Any) -> tuple[str, ...]:
    """Return the columns that an expression names as objects; of text nothing is known."""
    if isinstance(expression, TextClause):
        return ()
    found = (str(part.name) for part in iterate(expression) if isinstance(part, ColumnClause) and not part.is_literal)
    return tuple(dict.fromkeys(found))


def written_default(column: sa.Column[Any]) -> Any:
    """Return what the server fills in, as ``alter_column`` would be told it: an object, or None for nothing."""
    default = column.computed or column.identity or column.server_default
    return default.arg if isinstance(default, sa.DefaultClause) else default


def identity_options(identity: sa.Identity | None) -> Mapping[str, Any] | None:
    """Return the options of an IDENTITY that were given, None for no IDENTITY."""
    if identity is None:
        return None
    options = {name: getattr(identity, name, None) for name in IDENTITY}
    return {name: value for name, value in options.items() if value is not None} | {"always": bool(identity.always)}


def type_checks(column: sa.Column[Any]) -> tuple[tuple[Any, sa.Constraint], ...]:
    """Return the CHECKs that a column's type brought along, each behind the name that a naming convention gives it."""
    table: Any = column.table
    return tuple(
        (name_of(constraint), constraint)
        for constraint in (table._sorted_constraints if table is not None else ())
        if getattr(constraint, "_type_bound", False) and constraint.columns.contains_column(column)
    )
