"""A statement as SQLAlchemy hands it to the driver: what it is, and which values came with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.sql.elements import BindParameter

from ..records import dataclass, field
from .values import NotKnown


@dataclass(frozen=True, slots=True)
class Received:
    """A compiled statement with one set of values, as their author gave them, by the names of parameters.

    ``fresh`` says that it was compiled for this call; a statement out of SQLAlchemy's cache holds the values of an
    older call besides. ``expanded`` are the names that took the place of a parameter which is a list.
    """

    compiled: Any
    values: Mapping[str, Any]
    fresh: bool = True
    expanded: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def statement(self) -> Any:
        """The statement; of an ORM query the one that it became."""
        state = self.compiled.compile_state
        return getattr(state, "statement", None) if hasattr(state, "statement") else self.compiled.statement

    def value_of(self, bind: Any) -> Any:
        """Return the value of a parameter; for IN the list of them. Raises NotKnown for one that has none."""
        name = self.compiled.bind_names.get(bind, "" if bind.unique else bind.key)
        if name in self.values:
            return self.values[name]
        if name in self.expanded and not bind.type._is_tuple_type:
            return [self.values[one] for one in self.expanded[name]]
        if bind.required or not self.fresh:
            raise NotKnown("a parameter whose value is not told")
        return bind.effective_value

    @staticmethod
    def own_value(bind: Any) -> Any:
        """Return the value that a parameter of our own holds."""
        return bind.effective_value

    def inserted(self) -> list[dict[str, Any]]:
        """Return the rows of an INSERT … VALUES: values and expressions by the keys of columns."""
        state = self.compiled.compile_state
        if state._has_multi_parameters:
            return [self._row(row, f"_m{number}") for number, row in enumerate(state._multi_parameters)]
        return [self._row(state._dict_parameters or {}, "")]

    def _row(self, given: Mapping[Any, Any], suffix: str) -> dict[str, Any]:
        row = self._assigned(given, suffix)
        for column in self.compiled.insert_prefetch:
            if column.key not in row and column.key + suffix in self.values:
                row[column.key] = self.values[column.key + suffix]
        return row

    def updated(self) -> dict[str, Any]:
        """Return what an UPDATE sets: values and expressions by the keys of columns."""
        changes = self._assigned(self.compiled.compile_state._dict_parameters or {}, "")
        for column in self.compiled.update_prefetch:
            if column.key not in changes:
                changes[column.key] = self.values[column.key]
        for column in self.statement.table.c:
            onupdate = getattr(column, "onupdate", None)
            if onupdate is not None and column.key not in changes:
                changes[column.key] = onupdate.arg if onupdate.is_clause_element else onupdate
        return changes

    def _assigned(self, given: Mapping[Any, Any], suffix: str) -> dict[str, Any]:
        columns = self.statement.table.c
        found: dict[str, Any] = {}
        for one, value in given.items():
            key = one if isinstance(one, str) else one.key
            named = isinstance(value, BindParameter) and value.unique and key + suffix in self.values
            found[key] = self.values[key + suffix] if named else value
        for key in self.compiled.column_keys or ():
            if key in columns and key not in found and not suffix and key in self.values:
                found[key] = self.values[key]
        return found
