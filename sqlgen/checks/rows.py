"""Questions about rows: what a change of one table meets in the rows that stand in it at the start of a script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlgen.checks.compared import demand, demands, label, renamed_columns
from sqlgen.checks.fitting import misfits
from sqlgen.checks.origins import Origins
from sqlgen.checks.watch import Moment
from sqlgen.operations.model import AlterColumn, BatchAlter, Operation, qualified
from sqlgen.questions import Check, Count, Need, Questions, Stated, Status
from sqlgen.records import dataclass
from sqlgen.schema import state
from sqlgen.schema.state import Table

SAVE = "Save them first, if anybody needs them."
MADE = "not asked: the script itself makes {what}"


@dataclass(slots=True)
class RowChecks:
    """Derives the questions about one table at one moment; ``old`` is the table before it."""

    questions: Questions
    origins: Origins
    moment: Moment
    old: Table
    place: dict[str, Any]

    # What goes.

    def dropped(self) -> Iterator[Check]:
        """Yield the question how many rows go with the table."""
        yield from self.count("rows are kept", (), "", "rows", SAVE, "WARN")

    def gone(self, new: Table, renamed: dict[str, str]) -> Iterator[Check]:
        """Yield the questions how many values go with the columns."""
        here = {one.name for one in new.columns}
        for column in self.old.columns:
            known = self.origins.names(self.old.key, [column.name])
            if renamed.get(column.name, column.name) not in here and known and column.computed is None:
                condition = f"{self.questions.column_name(known[0])} IS NOT NULL"
                yield from self.count("values are kept", (column.name,), condition, "values", SAVE, "WARN")

    # What comes.

    def changed(self, new: Table) -> Iterator[Check]:
        """Yield the questions about everything that is stricter than before."""
        renamed = renamed_columns(self.old, new, self.moment.operation)
        yield from self.gone(new, renamed)
        yield from self.added(new, renamed)
        back = {other: one for one, other in renamed.items()}
        for column in new.columns:
            before = self.old.column(back.get(column.name, column.name))
            if before is not None:
                yield from self.column(before, column)
        met = demands(self.old, renamed)
        rules: list[state.Constraint | state.Index] = [*new.constraints()]
        rules += [one for one in new.indexes if one.unique and not one.implicit]
        for one in rules:
            if demand(one, {}) not in met:
                met.add(demand(one, {}))
                yield from self.demanded(new, one, back)

    def added(self, new: Table, renamed: dict[str, str]) -> Iterator[Check]:
        """Yield the questions whether a table is empty that gets a column NOT NULL with nothing to fill it."""
        there = {renamed.get(one.name, one.name) for one in self.old.columns}
        for column in new.columns:
            filled = column.default is not None or column.computed or column.identity or column.autoincrement
            if column.name not in there and not column.nullable and not filled:
                remedy = "Give the column a default, or add it nullable and fill it."
                severity: Status = "WARN" if self.questions.fills_zeros else "FAIL"
                what = f"{qualified(self.old.name, self.old.schema)}.{column.name}"
                yield from self.count("no rows before NOT NULL", (), "", "rows", remedy, severity, subject=what)

    def column(self, before: state.Column, column: state.Column) -> Iterator[Check]:
        """Yield the questions about a column that is stricter than before."""
        known = self.origins.names(self.old.key, [before.name])
        shown = self.questions.column_name(known[0]) if known else ""
        if before.nullable and not column.nullable and column.computed is None:
            remedy = "Fill the NULLs first."
            yield from self.count("no NULL", (before.name,), f"{shown} IS NULL", "rows with NULL", remedy)
        if column.computed is not None or before.type is column.type or not known:
            return
        converts = self.converts(before.name)
        for misfit in misfits(self.questions, shown, before.type, column.type):
            if misfit.condition is None:
                yield self.stated(misfit.name, [before.name], misfit.remedy)
                continue
            severity = "WARN" if converts else misfit.severity
            remedy = f"The revision converts them; {misfit.remedy[0].lower()}{misfit.remedy[1:]}" if converts else ""
            yield from self.count(
                misfit.name, (before.name,), misfit.condition, "values", remedy or misfit.remedy, severity
            )

    def converts(self, column: str) -> bool:
        """Tell whether the revision says itself how the values of a column are converted."""
        return any(
            one.column_name == column and bool(self.questions.option(one.options, "using"))
            for one in alterations(self.moment.operation)
        )

    # Constraints and unique indexes.

    def demanded(self, new: Table, one: state.Constraint | state.Index, back: dict[str, str]) -> Iterator[Check]:
        """Yield the questions about the rows that a new constraint or unique index will not take."""
        if one.options and any(key.endswith("_not_valid") and value for key, value in one.options.items()):
            return
        columns = [back.get(column, column) for column in one.columns]
        match one:
            case state.PrimaryKey():
                for name in columns:
                    before = self.old.column(name)
                    if before is not None and before.nullable and (after := new.column(name)) and after.nullable:
                        shown = self.shown([name])
                        condition = f"{shown[0]} IS NULL" if shown else ""
                        yield from self.count("no NULL", (name,), condition, "rows with NULL", "Fill the NULLs first.")
                yield from self.unique("primary key", columns, [], "", ())
            case state.Unique():
                nulls = columns if not self.questions.option(one.options, "nulls_not_distinct") else []
                yield from self.unique(label(one), columns, nulls, "", ())
            case state.ForeignKey():
                yield from self.orphans(one, columns)
            case state.Check():
                yield from self.broken(new, one)
            case state.Index():
                yield from self.unique_index(new, one, columns)

    def shown(self, columns: Iterable[str]) -> list[str]:
        """Return columns of now as a query names them at the start; nothing when one was not there."""
        names = self.origins.names(self.old.key, columns)
        return [self.questions.column_name(name) for name in names or ()]

    def unique(
        self, subject: str, columns: list[str], nulls: list[str], condition: str, expressions: tuple[str, ...]
    ) -> Iterator[Check]:
        """Yield the question how many values of a key come more than once."""
        shown = self.shown(columns)
        if columns and not shown:
            yield self.stated("no duplicates", columns, MADE.format(what="a column of it"))
            return
        need = self.origins.need(self.old.key, columns)
        if need is None:
            return
        told = [one for one, name in zip(shown, columns, strict=True) if name in nulls]
        parts = [*shown, *expressions] if not expressions else list(expressions)
        sql = self.questions.repeated(self.questions.table_name(need.table, need.schema), parts, told, condition)
        what = f"{qualified(self.old.name, self.old.schema)} ({', '.join(columns)}) for {subject}"
        yield self.counted("no duplicates", need, sql, what, "values more than once", "Merge or delete the duplicates.")

    def unique_index(self, new: Table, index: state.Index, columns: list[str]) -> Iterator[Check]:
        """Yield the question about a unique index; expressions and conditions count as they are written."""
        where = self.questions.option(index.options, "where")
        texts = [part.expression for part in index.parts if part.expression is not None]
        if (texts or where is not None) and not self.same_names(new):
            yield self.stated("no duplicates", columns, MADE.format(what="names in its expressions"))
            return
        nulls = [] if self.questions.option(index.options, "nulls_not_distinct") else columns
        parts: tuple[str, ...] = ()
        lengths = self.questions.option(index.options, "length")
        if texts or lengths:
            plain = iter(self.shown(columns) or columns)
            parts = tuple(str(part.expression) if part.column is None else next(plain) for part in index.parts)
            if lengths:
                parts = tuple(self.prefix(one, name, lengths) for one, name in zip(parts, columns, strict=False))
        yield from self.unique(f"index {index.name}", columns, nulls, str(where) if where is not None else "", parts)

    @staticmethod
    def prefix(shown: str, column: str, lengths: Any) -> str:
        """Return the beginning of a column that an index is over."""
        length = lengths.get(column) if isinstance(lengths, dict) else lengths
        return f"LEFT({shown}, {length})" if length else shown

    def same_names(self, new: Table) -> bool:
        """Tell whether all columns of a table stood at the start under the names that they have now."""
        names = [one.name for one in self.old.columns]
        return self.origins.names(self.old.key, names) == tuple(names)

    def orphans(self, key: state.ForeignKey, columns: list[str]) -> Iterator[Check]:
        """Yield the question how many rows point to a row that is not there."""
        shown = self.shown(columns)
        own = self.origins.need(self.old.key, columns)
        other = self.origins.need((key.schema, key.table), key.referred)
        target = qualified(key.table, key.schema)
        if not shown or own is None or other is None:
            what = f"{', '.join(columns)}" if not shown or own is None else f"table {target} or a column of it"
            yield self.stated("no orphans", columns, MADE.format(what=what))
            return
        parent = self.questions.table_name(other.table, other.schema)
        pairs = zip(shown, (self.questions.column_name(name, "p") for name in other.columns), strict=True)
        joined = " AND ".join(f"{there} = {here}" for here, there in pairs)
        told = " AND ".join(f"{one} IS NOT NULL" for one in shown)
        condition = f"{told} AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE {joined})"
        sql = self.questions.counting(self.questions.table_name(own.table, own.schema), condition)
        what = f"{qualified(self.old.name, self.old.schema)} ({', '.join(columns)}) to {target}"
        remedy = "Add the missing parents, or mend the rows that point to them."
        yield self.counted("no orphans", own, sql, what, "rows", remedy, also=(other,))

    def broken(self, new: Table, check: state.Check) -> Iterator[Check]:
        """Yield the question how many rows break a CHECK."""
        if not self.same_names(new) or {one.name for one in new.columns} != {one.name for one in self.old.columns}:
            named = check.columns or tuple(one.name for one in new.columns)
            if self.origins.names(self.old.key, named) != tuple(named):
                yield self.stated("CHECK holds", list(check.columns), MADE.format(what="names in its condition"))
                return
        known = tuple(one for one in check.columns if self.old.column(one) is not None)
        remedy = "Mend the rows that break it."
        what = f"{qualified(self.old.name, self.old.schema)}, {label(check)}"
        yield from self.count("CHECK holds", known, f"NOT ({check.sqltext})", "rows", remedy, subject=what)

    # Lines.

    def count(
        self, name: str, columns: tuple[str, ...], condition: str, unit: str, remedy: str,
        severity: Status = "FAIL", *, subject: str = "",
    ) -> Iterator[Check]:  # fmt: skip
        """Yield the question how many rows meet a condition; nothing about columns that were not there."""
        need = self.origins.need(self.old.key, columns)
        table = qualified(self.old.name, self.old.schema)
        if need is None:
            yield self.stated(name, columns, MADE.format(what="the column"))
            return
        sql = self.questions.counting(self.questions.table_name(need.table, need.schema), condition)
        what = subject or (f"{table}.{columns[0]}" if columns else table)
        yield self.counted(name, need, sql, what, unit, remedy, severity)

    def counted(
        self, name: str, need: Need, sql: str, subject: str, unit: str, remedy: str,
        severity: Status = "FAIL", *, also: tuple[Need, ...] = (),
    ) -> Count:  # fmt: skip
        """Return a question about rows; where the script writes them before, a bad answer is a warning only."""
        needs = (need, *also)
        writers = [self.origins.written.get((one.schema, one.table)) for one in needs]
        writer = next(filter(None, writers), None)
        if writer is not None and severity == "FAIL":
            severity, remedy = "WARN", f"Step {writer} writes the table before, and may mend them. {remedy}"
        return Count(
            name=name, subject=subject, sql=sql, unit=unit, needs=needs, remedy=remedy, severity=severity, **self.place
        )

    def stated(self, name: str, columns: Iterable[str], why: str) -> Stated:
        """Return a line that says what is not asked."""
        table, listed = qualified(self.old.name, self.old.schema), ", ".join(columns)
        subject = f"{table} ({listed})" if listed else table
        return Stated(name=name, subject=subject, status="SKIP", found=why, **self.place)


def alterations(operation: Operation | None) -> list[AlterColumn]:
    """Return the changes of columns in an operation."""
    inner = operation.operations if isinstance(operation, BatchAlter) else (operation,)
    return [one for one in inner if isinstance(one, AlterColumn)]
