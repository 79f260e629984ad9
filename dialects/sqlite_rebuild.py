"""Changing a SQLite table by copying it: create, fill, drop, rename, index (sqlite.org/lang_altertable.html, 7).

The copy keeps the columns' old names. SQLite renames them afterwards, in place, because it then follows them into
CHECKs, expressions, views, triggers and the foreign keys of other tables, none of which a copy could do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import schema as sa_schema

from ..copying import AS_IT_IS, Rendered
from ..statement import Statement
from .sqlite_changes import TableChanges
from .sqlite_parts import Part, Written, WrittenIndex, final_name, referents, rules
from .sqlite_references import compared, counted, dangling, forgotten
from .sqlite_table import Clause

PREFIX = "_alembic_tmp_"
#: Alembic cuts the name of the copy here; a copy is gone before the next one is made, so that no two can meet.
LONGEST = 50


class Rebuild(TableChanges):
    """The copy of a table that has the changes of one or several batches."""

    def pieces(self) -> Iterator[Rendered]:
        """Yield the statements of the copy.

        While a table with the old name is missing, a view that names it would stop its renaming, unless
        ``legacy_alter_table`` is on (sqlite.org/pragma.html#pragma_legacy_alter_table; tried with 3.40).
        """
        self.table.check(self.batch)
        turned_off = self.table.keys_are_on()
        if turned_off:
            yield from self.without_keys()
        programs = self.table.has_programs()
        sound = not programs or self.table.fault(self.batch) == ""
        self.gather()
        for text in self.executed:
            yield from self.dialect.execute(text, None)  # type: ignore[arg-type, misc]
        old = self.dialect.qualify(self.batch.table_name, self.batch.schema)
        temporary = (PREFIX + self.batch.table_name)[:LONGEST]
        new = self.dialect.qualify(temporary, self.batch.schema)
        definition = self.definition(new)
        self.check_references()
        watched = bool(self.table.pointing) or "REFERENCES" in definition.upper()
        if watched:
            yield from counted()
        # As text: the schema that the run keeps in mind knows of no table under the temporary name.
        yield definition
        yield Statement(self.copy_rows(old, new, definition), kind="dml")
        yield from self.copy_counter(temporary)
        yield f"DROP TABLE {old}"
        yield "PRAGMA legacy_alter_table = ON"
        yield f"ALTER TABLE {new} RENAME TO {self.dialect.name_of(self.batch.table_name)}"
        yield "PRAGMA legacy_alter_table = OFF"
        yield from self.new_indexes()
        yield from self.table.triggers
        if watched:
            yield from compared()
            yield from forgotten()
        for _, before, after in self.names.renames:
            self.dialect.need("rename_column")
            names = {"column": self.dialect.name_of(before), "new": self.dialect.name_of(after)}
            yield self.dialect.rename_column_sql.format(table=old, **names)
        if turned_off:
            yield Statement("PRAGMA foreign_keys = ON", transactional=False)
        if sound and (programs or self.executed) and (fault := self.table.fault(self.batch)):
            raise self.refused(
                f"would leave behind what names something that is gone from {self.batch.subject}: {fault}",
                "Drop that view or trigger with op.execute before the batch, and create it again after it.",
            )

    def without_keys(self) -> Iterator[Rendered]:
        """Yield the statement that turns foreign keys off, which works outside of a transaction only.

        Raises Unsupported where a savepoint keeps one open (sqlite.org/pragma.html#pragma_foreign_keys).
        """
        yield Statement("PRAGMA foreign_keys = OFF", transactional=False)
        if self.table.keys_are_on():
            raise self.refused(
                f"would delete the rows that point to {self.batch.subject}, because foreign keys are on",
                "Turn them off before the savepoint that this block stands in.",
            )

    def check_references(self) -> None:
        """Raise Unsupported when a foreign key would point to a column that is gone."""
        kept = [part.clause for part in self.constraints if isinstance(part, Written)]
        kept += [clause for column in self.columns.values() for clause in column.text.clauses]
        name = self.batch.table_name
        others = self.table.referring(name) if self.executed else self.table.pointing
        if found := dangling(name, self.dropped, kept, others):
            raise self.refused(
                f"cannot drop {self.batch.subject}.{found[0]}, to which a foreign key of {found[1]} points",
                f"Drop that foreign key first, with batch_alter_table({found[1]!r}).",
            )

    def copy_counter(self, temporary: str) -> Iterator[Rendered]:
        """Yield statements that keep the highest key ever given out, where AUTOINCREMENT must not give it out again.

        Dropping a table drops its counter; renaming one takes it along (sqlite.org/autoinc.html; tried with 3.40).
        """
        if not (self.table.counts and any(column.counts for column in self.columns.values())):
            return
        counters = self.dialect.qualify("sqlite_sequence", self.batch.schema)
        old, new = map(self.dialect.text_literal, (self.batch.table_name, temporary))
        yield Statement(f"DELETE FROM {counters} WHERE name = {new}", kind="dml")
        yield Statement(
            f"INSERT INTO {counters} (name, seq) SELECT {new}, seq FROM {counters} WHERE name = {old}", kind="dml"
        )

    def definition(self, name: str) -> str:
        """Return the CREATE TABLE of the new table."""
        key = self.key()
        items = [*map(str, self.columns.values()), *([key] if key else [])]
        items += [self.printed(part) for part in self.constraints]
        prefix, options = self.table.around(self.batch.table_kwargs)
        lines = ",\n".join(f"    {item}" for item in items)
        return f"CREATE {prefix}TABLE {name} (\n{lines}\n){options}"

    def key(self) -> str:
        """Return the primary key as a constraint that stands by itself; empty where a column says it, or there is none.

        Raises Unsupported where a new column would bring a second key.
        """
        inline = [name for name, column in self.columns.items() if column.text.has("primary")]
        names = [name for name in (self.primary.column_names() if self.primary else ()) if name in self.columns]
        added = [name for name in self.new_keys if name in self.columns and name not in (*names, *inline)]
        if (names or inline) and added:
            raise self.refused(
                f"cannot add {self.batch.subject}.{added[0]} as a primary key to a table that has one",
                "Say with create_primary_key, in the same batch, what the key is to be.",
            )
        names = names or added
        if self.batch.table_kwargs.get("sqlite_autoincrement") and len(names) == 1 and not inline:
            column = self.columns[names[0]]
            column.text = column.text.with_clause(Clause("primary", "PRIMARY KEY AUTOINCREMENT"))
            return ""
        if not names or inline:
            return ""
        if self.primary is None or names != self.primary.column_names():
            return f"PRIMARY KEY ({', '.join(map(self.dialect.name_of, names))})"
        return self.printed(self.primary)

    def printed(self, part: Part | Written) -> str:
        """Return a constraint for the new table."""
        if isinstance(part, Written):
            return part.clause.text
        item = self.moved(part)
        home = self.home()
        home.append_constraint(item)
        referents(home)
        return self.dialect.sa.ddl_compiler(self.dialect.sa, None).process(item)  # type: ignore[arg-type]

    def moved(self, part: Part) -> sa.Constraint:
        """Return a constraint for the new table. Raises Unsupported for one that SQLite does not have."""
        one = part.item
        facts: dict[str, Any] = {
            "name": final_name(one),
            "deferrable": one.deferrable,
            "initially": one.initially,
            **part.options(),
        }
        if isinstance(one, sa.CheckConstraint):
            return sa.CheckConstraint(part.expression(one.sqltext), **facts)
        if isinstance(one, sa.ForeignKeyConstraint):
            return sa.ForeignKeyConstraint(part.column_names(), self.targets(part), **rules(one), **facts)
        if isinstance(one, (sa.UniqueConstraint, sa.PrimaryKeyConstraint)):
            return type(one)(*part.column_names(), **facts)
        raise self.dialect.unsupported(f"has no constraint of the kind {type(one).__name__}")

    def targets(self, part: Part) -> list[str]:
        """Return what a foreign key points to, in its own table by the names in the copy."""
        own = f"{self.batch.schema}.{self.batch.table_name}" if self.batch.schema else self.batch.table_name
        found: list[str] = []
        for element in part.item.elements:
            owner, _, column = element.target_fullname.rpartition(".")
            found.append(f"{owner}.{part.names.get(column, column) if owner == own else column}")
        return found

    def copy_rows(self, old: str, new: str, definition: str) -> str:
        """Return INSERT … SELECT for the columns that both tables have, without the computed ones.

        OR ABORT stands against the table's own ON CONFLICT, which may leave rows out (sqlite.org/lang_conflict.html).
        """
        filled = self.kept.union(self.fills)
        names = [one.name for one in self.columns.values() if one.name in filled and not one.text.has("generated")]
        columns = ", ".join(map(self.dialect.name_of, names))
        values = ", ".join(self.value(name, f"{old}.{self.dialect.name_of(name)}") for name in names)
        verb = "INSERT OR ABORT" if "ON CONFLICT" in definition.upper() else "INSERT"
        return f"{verb} INTO {new} ({columns}) SELECT {values} \nFROM {old}"

    def value(self, name: str, source: str) -> str:
        """Return the SQL of a column's value."""
        if name in self.fills:
            return f"{self.fills[name]} AS {self.dialect.name_of(name)}"
        template = self.casts.get(name, AS_IT_IS)
        return source if template == AS_IT_IS else f"{template.format(source)} AS {self.dialect.name_of(name)}"

    def new_indexes(self) -> Iterator[Rendered]:
        """Yield CREATE INDEX for the indexes."""
        if not self.indexes:
            return
        home = self.home()
        for part in self.indexes:
            if isinstance(part, WrittenIndex):
                yield part.sql
                continue
            expressions = [self.indexed(part, one, home) for one in part.item.expressions]
            copy = sa.Index(part.item.name, *expressions, unique=part.item.unique, _table=home, **part.options())
            yield sa_schema.CreateIndex(copy)

    def indexed(self, part: Part, expression: Any, home: sa.Table) -> Any:
        """Return one element of an index for the new table."""
        if isinstance(expression, sa.Column):
            return home.c[part.names.get(expression.name, expression.name)]
        return part.expression(expression)
