"""A SQLite table as it is before it is copied: as ``copy_from`` describes it, or as the database has it in text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import schema as sa_schema
from sqlalchemy.sql.schema import NULL_UNSPECIFIED
from sqlalchemy.types import TypeEngine

from ..compiler import SchemaSource
from ..dialect import Dialect
from ..operations.model import BatchAlter
from ..records import dataclass, field, replace
from .sqlite_parts import Part, Written, WrittenIndex, convention_name, is_type_bound, mentioned
from .sqlite_table import Clause, ColumnText, column_text, parsed

#: What SQLAlchemy writes for the CHECK of a Boolean or an Enum.
CHECK_OF_TYPE = re.compile(
    r"""CHECK \s* \( \s* (?:"[^"]+" | \w+) \s+ IN \s* \(
    (?: [\s,]* (?:'(?:[^']|'')*' | \d+) )+ \s* \) \s* \)""",
    re.I | re.X,
)
TRIAL = "_sqlgen_trial"
#: A name that is the same in every text, but for the case of its letters.
PLAIN_NAME = re.compile(r"[\w$ -]+", re.A)


@dataclass(slots=True)
class CopiedColumn:
    """A column on its way into the copy; ``default`` is what the batch adds it with.

    ``settled`` says that the author, or the database, said whether it takes NULL: becoming a key does not change that.
    """

    text: ColumnText
    type: TypeEngine[Any]
    default: sa.DefaultClause | None = None
    settled: bool = True

    @classmethod
    def printed(cls, dialect: Dialect, column: sa.Column[Any]) -> CopiedColumn:
        """Return a column of SQLAlchemy's as it is printed."""
        compiler = dialect.sa.ddl_compiler(dialect.sa, None)  # type: ignore[arg-type]
        default = column.server_default
        text = column_text(compiler.process(sa_schema.CreateColumn(column)))
        settled = column._user_defined_nullable is not NULL_UNSPECIFIED
        return cls(text, column.type, default if isinstance(default, sa.DefaultClause) else None, settled)

    def __str__(self) -> str:
        return str(self.text)

    @property
    def name(self) -> str:
        """Its name in the copy."""
        return self.text.name

    @property
    def counts(self) -> bool:
        """Whether its keys are never given out again."""
        return any("AUTOINCREMENT" in one.text.upper() for one in self.text.clauses if one.kind == "primary")

    def expressions(self) -> list[str]:
        """Return the SQL inside that may name columns."""
        return [one.text for one in self.text.clauses if one.kind in ("check", "generated")]

    def retype(self, type_: TypeEngine[Any], sql: str) -> None:
        """Give it another type; a collation stays, unless the type has its own."""
        new = column_text(f"{self.text.written} {sql}")
        self.type = type_
        self.text = replace(self.text.without(*(one.kind for one in new.clauses)), type=new.type)
        for clause in new.clauses:
            self.text = self.text.with_clause(clause)

    def redefault(self, carrier: CopiedColumn) -> None:
        """Give it the default, or the computation, of another column."""
        kinds = ("default", "generated")
        self.text = self.text.without(*kinds)
        for clause in carrier.text.clauses:
            if clause.kind in kinds:
                self.text = self.text.with_clause(clause)

    def loses(self, unwanted: Callable[[Written], bool]) -> bool:
        """Leave out the constraints that are unwanted; tell whether there were any."""
        kept = tuple(one for one in self.text.clauses if one.kind not in CONSTRAINTS or not unwanted(Written(one)))
        lost = len(kept) < len(self.text.clauses)
        self.text = replace(self.text, clauses=kept)
        return lost


CONSTRAINTS = ("unique", "check", "references")


@dataclass(slots=True)
class Before:
    """The table, and what hangs on it: ``triggers`` as text. ``source`` knows the schema at this point of the run."""

    dialect: Dialect
    source: SchemaSource | None
    columns: list[CopiedColumn]
    primary: Part | Written | None = None
    constraints: list[Part | Written] = field(default_factory=list)
    indexes: list[Part | WrittenIndex] = field(default_factory=list)
    triggers: list[str] = field(default_factory=list)
    options: str = ""
    prefix: str = ""
    is_known: bool = False
    pointing: Sequence[tuple[Any, ...]] = ()

    @classmethod
    def described(cls, dialect: Dialect, table: sa.Table) -> Before:
        """Return a table that the revision describes."""
        source = dialect.sa.schema_source
        before = cls(dialect, source, [CopiedColumn.printed(dialect, column) for column in table.columns])
        before.primary = Part(table.primary_key) if table.primary_key.columns else None
        before.constraints = [Part(one) for one in wanted(dialect, table)]
        before.indexes = [Part(one) for one in by_name(table)]
        before.options = printed_options(dialect, table)
        before.prefix = "".join(f"{one} " for one in table._prefixes)
        before.look_around(table.name, table.schema)
        return before

    @classmethod
    def known(cls, dialect: Dialect, batch: BatchAlter) -> Before | None:
        """Return a table as the database has it; None when nobody knows. Raises Unsupported for a virtual one."""
        source = dialect.sa.schema_source
        found = schema_rows(source, batch.table_name, batch.schema)
        texts = [sql for kind, _, sql in found or () if kind == "table"]
        if not texts:
            return None
        text = parsed(texts[0])
        before = cls(dialect, source, [CopiedColumn(one, reflected(dialect, one.type)) for one in text.columns])
        for clause in text.constraints:
            if clause.kind == "primary":
                before.primary = Written(clause)
            else:
                before.constraints.append(Written(of_type(clause, before.columns)))
        before.options = text.options
        before.indexes = [WrittenIndex.of(name, sql) for kind, name, sql in found or () if kind == "index"]
        before.look_around(batch.table_name, batch.schema)
        before.heed(batch.reflect_args)
        return before

    def look_around(self, name: str, schema: str | None) -> None:
        """Find the triggers of the table, and what foreign keys point to it."""
        found = schema_rows(self.source, name, schema)
        self.is_known = found is not None
        self.triggers = [sql for kind, _, sql in found or () if kind == "trigger"]
        self.pointing = self.referring(name)

    def referring(self, name: str) -> Sequence[tuple[Any, ...]]:
        """Return the foreign keys of other tables that point to a table: theirs, the column here or None."""
        wanted = self.dialect.text_literal(name.lower())
        # A table that refers to another has its name in its text; only where quoting may change that, all are asked.
        text = self.dialect.text_literal(f"*{name.lower()}*")
        named = f"AND lower(m.sql) GLOB {text} " if PLAIN_NAME.fullmatch(name) else ""
        rows = self.source and self.source.query(
            "SELECT m.name, k.\"to\" FROM (SELECT m.name FROM sqlite_master AS m WHERE m.type = 'table' "
            f"{named}AND lower(m.name) <> {wanted}) AS m JOIN pragma_foreign_key_list(m.name) AS k "
            f'WHERE lower(k."table") = {wanted}',
            [name],
        )
        return rows or ()

    def heed(self, overriding: Sequence[Any]) -> None:
        """Take over what ``reflect_args`` say of columns: their types, and the names of these types' CHECKs."""
        columns = {one.name: one for one in overriding if isinstance(one, sa.Column)}
        names = {getattr(one.type, "name", None) for one in columns.values()} - {None}
        for column in self.columns:
            if column.name in columns:
                column.type = columns[column.name].type
        self.constraints = [
            Written(replace(part.clause, of_type=True, columns=of_type_columns(part.clause, self.columns)))
            if isinstance(part, Written) and part.clause.kind == "check" and part.name in names
            else part
            for part in self.constraints
        ]

    @property
    def counts(self) -> bool:
        """Whether the table's keys are never given out again."""
        return any(column.counts for column in self.columns)

    def check(self, batch: BatchAlter) -> None:
        """Raise Unsupported when triggers would be lost with the old table."""
        lost = not self.is_known and self.source is not None
        if lost and self.source is not None and self.source.answer("has_trigger", (batch.table_name,), {}):
            raise self.dialect.unsupported(
                f"would drop the triggers of {batch.subject} together with the table that it copies",
                "Drop them with op.execute before the batch, and create them again after it.",
            )

    def keys_are_on(self) -> bool:
        """Tell whether dropping the table would delete the rows that point to it: foreign keys were turned on."""
        return self.is_known and self.source is not None and self.source.query("PRAGMA foreign_keys", ()) == [(1,)]

    def fault(self, batch: BatchAlter) -> str:
        """Return what is wrong with the views and triggers at this moment; empty for nothing."""
        if not self.is_known or self.source is None or not self.has_programs():
            return ""
        name = self.dialect.qualify(batch.table_name, batch.schema)
        if found := self.source.trial(f"ALTER TABLE {name} RENAME TO {TRIAL}"):
            return found
        said = ((owner, self.source.trial(sql)) for owner, sql in self.firings())
        return next((f"in a trigger on {owner}, {found}" for owner, found in said if found), "")

    def has_programs(self) -> bool:
        """Tell whether there is a view or a trigger, which a change of a table may break."""
        found = self.source and self.source.query(
            "SELECT 1 FROM sqlite_master WHERE type IN ('view', 'trigger') UNION ALL "
            "SELECT 1 FROM sqlite_temp_master WHERE type IN ('view', 'trigger') LIMIT 1",
            (),
        )
        return found is None or bool(found)

    def firings(self) -> Iterator[tuple[str, str]]:
        """Yield tables, and statements that compile their triggers: renaming does not look at what they assign to."""
        rows = self.source and self.source.query(
            "SELECT m.tbl_name, group_concat(c.name, char(10)) FROM"
            " (SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger') AS m"
            " JOIN pragma_table_xinfo(m.tbl_name) AS c ON c.hidden = 0 GROUP BY 1 ORDER BY 1",
            (),
        )
        for owner, columns in rows or ():
            table = self.dialect.name_of(str(owner))
            names = map(self.dialect.name_of, str(columns).split("\n"))
            yield str(owner), f"EXPLAIN INSERT INTO {table} DEFAULT VALUES"
            yield str(owner), f"EXPLAIN DELETE FROM {table}"
            yield str(owner), f"EXPLAIN UPDATE {table} SET {', '.join(f'{name} = {name}' for name in names)}"

    def around(self, more: Mapping[str, Any]) -> tuple[str, str]:
        """Return what stands before TABLE and behind the columns; ``more`` are arguments of the new table."""
        extra = {key: one for key, one in more.items() if key not in ("sqlite_autoincrement", "prefixes")}
        options = [one.strip() for one in self.options.split(",") if one.strip()]
        options += [
            one.strip()
            for one in printed_options(self.dialect, sa.Table("t", sa.MetaData(), **extra)).split(",")
            if one.strip() and one.strip().upper() not in (known.upper() for known in options)
        ]
        for key, value, words in (("sqlite_with_rowid", True, "WITHOUT ROWID"), ("sqlite_strict", False, "STRICT")):
            if more.get(key) is value:
                options = [one for one in options if one.upper() != words]
        prefix = "".join(f"{one} " for one in more.get("prefixes", ())) or self.prefix
        return prefix, f" {', '.join(options)}" if options else ""

    def named(self, part: Written, batch: BatchAlter) -> Written:
        """Return a key with the name that the naming convention has for it, where it has none and there is one."""
        if part.name is not None or part.clause.kind not in ("primary", "unique", "references"):
            return part
        item, table = self.shape(part, batch)
        name = None if item is None else convention_name(item, table, batch.naming_convention)
        if name is None:
            return part
        text = f"CONSTRAINT {self.dialect.name_of(name)} {part.clause.text}"
        return replace(part, clause=replace(part.clause, name=str(name), text=text))

    def shape(self, part: Part | Written, batch: BatchAlter) -> tuple[Any, sa.Table]:
        """Return a constraint as an object of SQLAlchemy's, for a naming convention, and its table."""
        columns = (sa.Column(one.name, one.type) for one in self.columns)
        table = sa.Table(batch.table_name, sa.MetaData(), *columns, schema=batch.schema)
        if isinstance(part, Part):
            return part.item, part.item.table
        clause = part.clause
        item: sa.Constraint | None = None
        if clause.kind == "unique":
            item = sa.UniqueConstraint(*clause.columns)
        elif clause.kind == "primary":
            item = sa.PrimaryKeyConstraint(*clause.columns)
        elif clause.kind == "references":
            targets = clause.targets or clause.columns
            item = sa.ForeignKeyConstraint(clause.columns, [f"{clause.target}.{one}" for one in targets])
        elif clause.kind == "check":
            item = sa.CheckConstraint(clause.text)
        if item is not None:
            table.append_constraint(item)
        return item, table


def schema_rows(source: SchemaSource | None, name: str, schema: str | None) -> list[tuple[str, str, str]] | None:
    """Return kind, name and text of what a table and its objects are; None when nobody knows."""
    if source is None or schema not in (None, "main"):
        return None
    wanted = name.lower().replace("'", "''")
    rows = source.query(
        "SELECT type, name, sql FROM sqlite_master"
        f" WHERE lower(tbl_name) = '{wanted}' AND sql IS NOT NULL ORDER BY rowid",
        [name],
    )
    return None if rows is None else [(str(kind), str(one), str(sql)) for kind, one, sql in rows]


def of_type(clause: Clause, columns: Sequence[CopiedColumn]) -> Clause:
    """Return a constraint that knows whether it is the nameless CHECK of a column's type."""
    if clause.kind != "check" or clause.name is not None or not CHECK_OF_TYPE.fullmatch(clause.text):
        return clause
    return replace(clause, of_type=True, columns=of_type_columns(clause, columns))


def of_type_columns(clause: Clause, columns: Sequence[CopiedColumn]) -> tuple[str, ...]:
    """Return the columns that a CHECK names."""
    return tuple(column.name for column in columns if mentioned(column.name, clause.text))


def reflected(dialect: Dialect, sql: str) -> TypeEngine[Any]:
    """Return the type that SQLAlchemy makes of a column's, as in reflection."""
    resolve: Callable[[str], TypeEngine[Any]] = dialect.sa._resolve_type_affinity  # type: ignore[attr-defined]
    return resolve(sql)


def wanted(dialect: Dialect, table: sa.Table) -> Iterator[sa.Constraint]:
    """Yield the constraints of a table that stand by themselves, those of its columns' types included."""
    for one in table._sorted_constraints:
        inline = isinstance(one, sa.PrimaryKeyConstraint) or any(one in c.constraints for c in table.columns)
        if (is_type_bound(one) or not inline) and dialect.wanted(one):
            yield one


def by_name(table: sa.Table) -> list[sa.Index]:
    """Return the indexes of a table, whose order is another one each time, by name."""
    return sorted(table.indexes, key=lambda index: str(index.name))


def printed_options(dialect: Dialect, table: sa.Table) -> str:
    """Return what SQLAlchemy prints behind the columns of a table."""
    compiler: Any = dialect.sa.ddl_compiler(dialect.sa, None)  # type: ignore[arg-type]
    return " ".join(str(compiler.post_create_table(table)).split())
