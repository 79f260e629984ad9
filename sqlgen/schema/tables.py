"""What the script itself made of its tables: columns, keys, constraints and indexes, as reflection would tell them.

Only tables that SQLAlchemy's constructs created are described, and only while every change of them is understood. A
constraint without a name has none here, whatever name the server gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.sql.elements import ClauseElement, TextClause
from sqlalchemy.sql.naming import _constraint_name_for_table
from sqlalchemy.types import TypeEngine

from ..operations.model import (
    UNSET,
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateIndex,
    DropColumn,
    DropConstraint,
    DropIndex,
    Operation,
    SetTableComment,
)

#: What is kept of a column for ourselves: its default as it was written, and the CHECKs of its type with their names.
OWN = {"server_default", "type_checks"}

Facts = Mapping[str, Any]
Described = tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class TableState:
    """One table; each field holds what the reflection method of that name returns for it."""

    columns: Described
    pk: Facts
    foreign_keys: Described = ()
    unique_constraints: Described = ()
    check_constraints: Described = ()
    indexes: Described = ()
    comment: str | None = None

    def answer(self, question: str) -> Any:
        """Return what ``get_…`` of this name returns, as fresh objects. Raises KeyError for other questions."""
        match question:
            case "pk_constraint":
                return dict(self.pk)
            case "table_comment":
                return {"text": self.comment}
            case "table_options":
                return {}
        fields: dict[str, Described] = {
            "columns": self.columns,
            "foreign_keys": self.foreign_keys,
            "unique_constraints": self.unique_constraints,
            "check_constraints": self.check_constraints,
            "indexes": self.indexes,
        }
        return [{key: value for key, value in facts.items() if key not in OWN} for facts in fields[question]]


class ServerType(TypeEngine[Any]):
    """The type of a reflected column, of which only the server knows its class and length: asking is refused."""

    def __init__(self, refuse: Callable[[], NoReturn]) -> None:
        self.__dict__["refuse"] = refuse

    def _refused(self, *_: Any, **__: Any) -> NoReturn:
        self.__dict__["refuse"]()
        raise AssertionError

    # isinstance() looks here when the class itself does not fit.
    __class__ = property(_refused)
    __getattr__ = __str__ = __repr__ = compile = _refused


class ColumnFacts(dict[str, Any]):
    """What ``get_columns`` tells of a column. Its type and default are the server's wording, which is not known here.

    ``refuse`` raises the error for a question about one of them.
    """

    def __init__(self, facts: Facts, refuse: Callable[[str], NoReturn]) -> None:
        column = facts["name"]
        unknown = ServerType(lambda: refuse(f"the reflected type of column {column!r}"))
        super().__init__({**facts, "type": unknown})
        self.refuse = refuse

    def __getitem__(self, key: str) -> Any:
        if key == "default":
            self.refuse(f"the reflected default of column {super().__getitem__('name')!r}")
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """Return a fact, or ``default``."""
        return self[key] if key in self.keys() else default

    def values(self) -> Any:
        """Return all facts, which include the unknown ones."""
        return [self[key] for key in self]

    def items(self) -> Any:
        """Return all facts by name, which include the unknown ones."""
        return [(key, self[key]) for key in self]


def certain(state: TableState, question: str, *, plain: bool) -> bool:
    """Tell whether an answer has no name that only the server knows.

    ``plain`` says that the database reflects what was written: nameless constraints have no name, and only indexes
    are indexes. Elsewhere servers name constraints, and keep indexes for them.
    """
    if plain or question in ("columns", "table_comment", "table_options"):
        return True
    if question == "indexes":
        return not state.unique_constraints and not state.foreign_keys
    found = state.answer(question)
    return all(one["name"] is not None for one in (found if isinstance(found, list) else [found]))


def described(table: sa.Table) -> TableState:
    """Return the state of a table just created."""
    state = TableState(
        tuple(column_facts(column) for column in table.columns),
        {"constrained_columns": [c.name for c in table.primary_key.columns], "name": name_of(table.primary_key)},
        comment=table.comment,
    )
    for constraint in table._sorted_constraints:
        state = with_constraint(state, constraint)
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        state = replace(state, indexes=(*state.indexes, index_facts(index)))
    return state


def name_of(named: Any) -> str | None:
    """Return the name of a constraint or index, None when it has none."""
    return str(named.name) if isinstance(named.name, str) else None


def column_facts(column: sa.Column[Any]) -> Facts:
    """Return what ``get_columns`` tells of a column."""
    facts: dict[str, Any] = {
        "name": str(column.name),
        "type": column.type,
        "nullable": bool(column.nullable) and not column.primary_key,
        "default": default_text(column.server_default),
        "autoincrement": column.table is not None and column is column.table._autoincrement_column,
        "comment": column.comment,
        "server_default": written_default(column),
        "type_checks": type_checks(column),
    }
    if isinstance(column.identity, sa.Identity):
        facts["identity"] = {"always": bool(column.identity.always)}
    return facts


def written_default(column: sa.Column[Any]) -> Any:
    """Return what the server fills in, as ``alter_column`` would be told it: an object, or None for nothing."""
    default = column.computed or column.identity or column.server_default
    return default.arg if isinstance(default, sa.DefaultClause) else default


def type_checks(column: sa.Column[Any]) -> tuple[tuple[Any, sa.Constraint], ...]:
    """Return the CHECKs that a column's type brought along, each behind the name that a naming convention gives it."""
    table: Any = column.table
    return tuple(
        (_constraint_name_for_table(constraint, table) or name_of(constraint), constraint)  # type: ignore[no-untyped-call]
        for constraint in (table._sorted_constraints if table is not None else ())
        if getattr(constraint, "_type_bound", False) and constraint.columns.contains_column(column)
    )


def default_text(default: Any) -> str | None:
    """Return a server default as SQL text."""
    argument = getattr(default, "arg", default)
    if isinstance(argument, str):
        return "'" + argument.replace("'", "''") + "'"
    if isinstance(argument, TextClause):
        return argument.text
    return str(argument) if isinstance(argument, ClauseElement) else None


def index_facts(index: sa.Index) -> Facts:
    """Return what ``get_indexes`` tells of an index; an expression has no column name."""
    names = [column.name if isinstance(column, sa.Column) else None for column in index.expressions]
    return {"name": name_of(index), "column_names": names, "unique": bool(index.unique)}


def with_constraint(state: TableState, constraint: sa.Constraint) -> TableState:
    """Return the state with one more constraint."""
    match constraint:
        case sa.PrimaryKeyConstraint():
            names = [column.name for column in constraint.columns]
            return replace(state, pk={"constrained_columns": names, "name": name_of(constraint)})
        case sa.UniqueConstraint():
            facts = {"name": name_of(constraint), "column_names": [column.name for column in constraint.columns]}
            return replace(state, unique_constraints=(*state.unique_constraints, facts))
        case sa.CheckConstraint() if not getattr(constraint, "_type_bound", False):
            facts = {"name": name_of(constraint), "sqltext": str(constraint.sqltext)}
            return replace(state, check_constraints=(*state.check_constraints, facts))
        case sa.ForeignKeyConstraint():
            return replace(state, foreign_keys=(*state.foreign_keys, foreign_key_facts(constraint)))
    return state


def foreign_key_facts(constraint: sa.ForeignKeyConstraint) -> Facts:
    """Return what ``get_foreign_keys`` tells of a foreign key."""
    targets = [element.target_fullname.split(".") for element in constraint.elements]
    return {
        "name": name_of(constraint),
        "constrained_columns": list(constraint.column_keys),
        "referred_schema": targets[0][-3] if len(targets[0]) > 2 else None,
        "referred_table": targets[0][-2],
        "referred_columns": [target[-1] for target in targets],
        "options": {"ondelete": constraint.ondelete} if constraint.ondelete else {},
    }


def changed(state: TableState, operation: Operation, *, takes_along: bool) -> TableState | None:
    """Return a table's state after an operation on it; None when it is not understood.

    ``takes_along`` says that a column takes every constraint and index over it along when it goes. Elsewhere the server
    refuses, or leaves the column out of the index (MySQL), so that nothing is known of those over several columns.
    """
    if isinstance(operation, DropColumn) and not takes_along and shares(state, operation.column_name):
        return None
    change = CHANGES.get(type(operation))
    return change(state, operation) if change else None


def shares(state: TableState, column: str) -> bool:
    """Tell whether a key, constraint or index is over this column and another one."""
    lists = [one["column_names"] for one in (*state.unique_constraints, *state.indexes)]
    lists += [one["constrained_columns"] for one in (*state.foreign_keys, state.pk)]
    return any(column in names and len(names) > 1 for names in lists)


def _add_column(state: TableState, operation: AddColumn) -> TableState:
    column = operation.column
    if operation.if_not_exists and any(one["name"] == column.name for one in state.columns):
        return state
    state = replace(state, columns=(*state.columns, column_facts(column)))
    for constraint in column.table._sorted_constraints:
        if not isinstance(constraint, sa.PrimaryKeyConstraint):
            state = with_constraint(state, constraint)
    made = tuple(index_facts(index) for index in sorted(column.table.indexes, key=lambda index: str(index.name)))
    return replace(state, indexes=(*state.indexes, *made))


def _drop_column(state: TableState, operation: DropColumn) -> TableState:
    name = operation.column_name

    def left(facts: Described, field: str) -> Described:
        return tuple(one for one in facts if name not in one[field])

    return replace(
        state,
        columns=tuple(one for one in state.columns if one["name"] != name),
        indexes=left(state.indexes, "column_names"),
        unique_constraints=left(state.unique_constraints, "column_names"),
        foreign_keys=left(state.foreign_keys, "constrained_columns"),
    )


def _alter_column(state: TableState, operation: AlterColumn) -> TableState | None:
    if operation.new_column_name and operation.new_column_name != operation.column_name:
        state = _rename_column(state, operation.column_name, operation.new_column_name)
    changes: dict[str, Any] = {}
    if operation.type_ is not None:
        changes |= {"type": operation.type_, "type_checks": ()}
    if operation.nullable is not None:
        changes["nullable"] = operation.nullable
    if operation.comment is not UNSET:
        changes["comment"] = operation.comment
    if operation.server_default is not UNSET:
        changes["default"] = default_text(operation.server_default)
        changes["server_default"] = operation.server_default
    if operation.autoincrement is not None:
        changes["autoincrement"] = operation.autoincrement is True
    name = operation.new_column_name or operation.column_name
    if all(one["name"] != name for one in state.columns):
        return None
    return replace(state, columns=tuple({**one, **changes} if one["name"] == name else one for one in state.columns))


def _rename_column(state: TableState, old: str, new: str) -> TableState:
    def renamed(facts: Facts) -> Facts:
        lists = ("column_names", "constrained_columns")
        return {
            key: [new if name == old else name for name in value] if key in lists else value
            for key, value in facts.items()
        }

    return replace(
        state,
        columns=tuple({**one, "name": new} if one["name"] == old else one for one in state.columns),
        pk=renamed(state.pk),
        foreign_keys=tuple(map(renamed, state.foreign_keys)),
        unique_constraints=tuple(map(renamed, state.unique_constraints)),
        indexes=tuple(map(renamed, state.indexes)),
    )


def _add_constraint(state: TableState, operation: AddConstraint) -> TableState:
    return with_constraint(state, operation.constraint)


def _drop_constraint(state: TableState, operation: DropConstraint) -> TableState:
    name = name_of(operation.constraint)

    def left(facts: Described) -> Described:
        return tuple(one for one in facts if one["name"] != name)

    dropped_pk = operation.type_ == "primary" or (name is not None and state.pk["name"] == name)
    return replace(
        state,
        pk={"constrained_columns": [], "name": None} if dropped_pk else state.pk,
        foreign_keys=left(state.foreign_keys),
        unique_constraints=left(state.unique_constraints),
        check_constraints=left(state.check_constraints),
        indexes=left(state.indexes) if operation.type_ == "unique" else state.indexes,
    )


def _create_index(state: TableState, operation: CreateIndex) -> TableState:
    if operation.if_not_exists and any(one["name"] == name_of(operation.index) for one in state.indexes):
        return state
    return replace(state, indexes=(*state.indexes, index_facts(operation.index)))


def _drop_index(state: TableState, operation: DropIndex) -> TableState:
    name = name_of(operation.index)
    return replace(state, indexes=tuple(one for one in state.indexes if one["name"] != name))


def _comment(state: TableState, operation: SetTableComment) -> TableState:
    return replace(state, comment=operation.comment)


CHANGES: dict[type[Operation], Callable[[TableState, Any], TableState | None]] = {
    AddColumn: _add_column,
    DropColumn: _drop_column,
    AlterColumn: _alter_column,
    AddConstraint: _add_constraint,
    DropConstraint: _drop_constraint,
    CreateIndex: _create_index,
    DropIndex: _drop_index,
    SetTableComment: _comment,
}


def target_of(operation: Operation) -> tuple[str | None, str | None]:
    """Return name and schema of the table that an operation changes; no name when that is not known."""
    if isinstance(operation, CreateIndex):
        table = operation.index.table
        return (table.name, table.schema) if table is not None else (None, None)
    if isinstance(operation, DropIndex):
        return operation.table_name, operation.schema
    return getattr(operation, "table_name", None), getattr(operation, "schema", None)
