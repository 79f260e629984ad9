"""What PostgreSQL makes of operations: the names that it gives, sequences, and what goes along when something goes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from ..operations.model import AlterColumn, Operation, RenameTable, TableOperation
from ..records import replace
from ..schema import state
from ..schema.changes import MoveTable, MoveType, MoveView, RenameType, RenameView
from ..schema.described import Describer, Wording, identity_options
from ..schema.follow import Follower
from ..schema.queries import Query
from ..schema.shared import ByName
from ..schema.state import Catalog, Table, changed
from .postgresql_type_names import quoted, unquoted
from .postgresql_views import Views
from .postgresql_words import Words

LONGEST = 63
RENAMES = (RenameTable, MoveTable, RenameView, MoveView, RenameType, MoveType)
NAME = re.compile(r'(?:"(?:[^"]|"")+"|[\w$]+)')
#: A part of an index: an expression, then the operator class, then the order.
PART = re.compile(
    r"\s*(?P<expression>\(.*\)|[\w$.\"]+\(.*\)|\"(?:[^\"]|\"\")+\"|[\w$]+)"
    r"(?:\s+collate\s+(?:\"(?:[^\"]|\"\")+\"|[\w$]+))?(?:\s+(?!asc\b|desc\b|nulls\b)(?P<ops>\w+))?"
    r"(?:\s+(?P<direction>asc|desc))?(?:\s+nulls\s+(?P<nulls>first|last))?\s*",
    re.I | re.S,
)
#: The contrib modules that come with the server and bring no table, view or sequence (manual, appendix F).
EXTENSION = re.compile(
    r"\s*CREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?\"?(?!(?:uuid-ossp|pgcrypto|pg_trgm|btree_gin|btree_gist|citext|"
    r"hstore|unaccent|fuzzystrmatch|intarray|ltree|cube|earthdistance|isn|lo|seg|tablefunc|tcn|moddatetime|autoinc|"
    r"plpgsql|vector)\b)",
    re.I,
)
SERIAL = ("SERIAL", "BIGSERIAL", "SMALLSERIAL")


class PostgreSQLDescriber(Describer):
    """Tells SERIAL columns from others as SQLAlchemy's compiler does."""

    def column(self, column: sa.Column[Any]) -> state.Column:
        """Return a column; ``autoincrement`` says that it is SERIAL."""
        found = super().column(column)
        own_type = not type(column.type).__module__.startswith("sqlalchemy.")
        if not found.autoincrement and not own_type:
            return found
        compiler = self.wording.sa.ddl_compiler(self.wording.sa, None)
        name = compiler.preparer.format_column(column)
        words = compiler.get_column_specification(column).removeprefix(name).split()
        return changed(found, autoincrement=bool(words) and words[0] in SERIAL)


class PostgreSQLFollower(Follower):
    """Follows the schema of a PostgreSQL server.

    Names are made as ``makeObjectName``, ``ChooseRelationName`` and ``ChooseConstraintName`` of the server make them.
    Defaults are kept in the words of the catalog, because a later change of the type does not change these.
    """

    overloads = True

    @property
    def has_hidden_names(self) -> bool:
        """Whether NOT NULL constraints have names (PostgreSQL 18, release notes, E.1.3.2.4), which are not followed."""
        return bool(self.wording.sa.server_version_info >= (18,))

    def worked_out(self, catalog: Catalog, view: state.View, query: Query | None) -> state.View:
        """Return a new view with its columns, and its query in the server's words."""
        return self.views.worked_out(catalog, view, query)

    def applied(self, catalog: Catalog, operation: Operation) -> Catalog:
        """Return the catalog after an operation. Raises NotFollowedError."""
        if isinstance(operation, TableOperation) and (key := self.key(operation.table_name, operation.schema)) in (
            catalog.views
        ):
            # The words for a table stand for a view: another name or comment of a column.
            return catalog.put(replace(catalog.views[key], shape=None, worded=None))
        renames = isinstance(operation, RENAMES) or (
            isinstance(operation, AlterColumn) and operation.new_column_name is not None
        )
        if renames and catalog.views:
            # The server tells of a view by the names that its tables, their columns and types have now.
            retyped = isinstance(operation, (RenameType, MoveType))
            views = catalog.views.values()
            catalog = catalog.put(
                *(replace(view, worded=None, shape=None if retyped else view.shape) for view in views)
            )
        return super().applied(catalog, operation)

    def brings_objects(self, sql: str) -> bool:
        """Tell whether a text brings in tables or types that it does not name: it makes an extension that has some."""
        return EXTENSION.match(sql) is not None

    def __init__(self, wording: Wording, default_schema: str | None) -> None:
        super().__init__(wording, default_schema)
        self.describer = PostgreSQLDescriber(wording)
        self.views = Views(Words(wording, default_schema), self.key, wording.sa.server_version_info)
        self.words = Words(wording, default_schema)
        self._relations = ByName[state.Key, Table](lambda table: {table.key, *index_names(table)})
        self._constraints = ByName[state.Key, Table](constraint_names)

    # Names.

    def shown_name(self, name: str) -> str:
        """Return a name as the server keeps it: 63 bytes of it."""
        return cut(name, LONGEST)

    def is_taken(self, catalog: Catalog, table: Table, name: str, *, relation: bool, constraint: bool) -> bool:
        """Tell whether a relation, or a constraint, of the table's schema has a name; the table is in the making."""
        key = (table.schema, name)
        if relation and (
            key in catalog.sequences
            or key in catalog.views
            or key in self._relations.at(catalog.tables)
            or key in (table.key, *index_names(table))
        ):
            return True
        return constraint and (key in self._constraints.at(catalog.tables) or key in constraint_names(table))

    def generated_name(self, catalog: Catalog, table: Table, constraint: state.Constraint) -> str | None:
        """Return the name that the server gives to a constraint without one."""
        columns = constraint.columns
        match constraint:
            case state.PrimaryKey():
                return self.free_name(catalog, table, None, "pkey")
            case state.Unique():
                return self.free_name(catalog, table, "_".join(columns), "key")
            case state.Exclude():
                return self.free_name(catalog, table, "_".join(columns) or "expr", "excl")
            case state.ForeignKey():
                version = self.wording.sa.server_version_info
                named = "_".join(columns) if version >= (12,) else columns[0]
                return self.free_name(catalog, table, named, "fkey", relation=False)
        return self.free_name(catalog, table, columns[0] if len(columns) == 1 else None, "check", relation=False)

    def with_constraint(self, catalog: Catalog, table: Table, constraint: Any) -> Table:
        """Return a table with one more constraint; a CHECK is of the columns that it names, wherever it stands."""
        if isinstance(constraint, state.Check) and not constraint.type_bound:
            named = self.columns_named(table, constraint.sqltext)
            constraint = replace(constraint, columns=named or constraint.columns)
        return super().with_constraint(catalog, table, constraint)

    def free_name(
        self,
        catalog: Catalog,
        table: Table,
        middle: str | None,
        label: str,
        relation: bool = True,
        sequence: bool = False,
    ) -> str:
        """Return the first name of a pattern that nothing in the schema has.

        ``relation`` says that an index or sequence is to have it; that of a sequence may be a constraint's too.
        """
        number = 0
        while True:
            name = object_name(table.name, middle, f"{label}{number or ''}")
            if not self.is_taken(catalog, table, name, relation=relation, constraint=not sequence):
                return name
            number += 1

    def with_index(self, catalog: Catalog, table: Table, index: state.Index) -> Table:
        """Return a table with one more index, named by the server where text SQL left that to it."""
        index = read_parts(table, index)
        if index.name is None:
            columns = [part.column or "expr" for part in index.parts]
            index = replace(index, name=self.free_name(catalog, table, "_".join(columns), "idx", sequence=True))
        return super().with_index(catalog, table, index)

    def add_table(self, catalog: Catalog, bare: Table) -> Catalog:
        """Make a table; of equal UNIQUE and PRIMARY KEY constraints in one statement the server makes one.

        The one that stays takes the name of the other when it has none itself (``transformIndexConstraints``).
        """
        primary, kept = bare.primary_key, list[state.Unique]()
        for one in bare.uniques:
            if primary is not None and one.columns == primary.columns and plain(one) == plain(primary):
                primary = replace(primary, name=primary.name or one.name)
                continue
            same = next(
                (n for n, two in enumerate(kept) if two.columns == one.columns and plain(one) == plain(two)), None
            )
            if same is None:
                kept.append(one)
            else:
                kept[same] = replace(kept[same], name=kept[same].name or one.name)
        return super().add_table(catalog, replace(bare, primary_key=primary, uniques=tuple(kept)))

    # Columns.

    def completed_column(self, table: Table, column: state.Column) -> state.Column:
        """Return a new column with its default in the words of the catalog."""
        default = None if column.default is None else self.words.default(column.default, column.type)
        nullable = column.nullable and not (column.autoincrement or column.identity is not None)
        return changed(column, default=default, nullable=nullable)

    def made_along(self, catalog: Catalog, table: Table, columns: Iterable[state.Column]) -> Catalog:
        """Return the catalog with the sequences of SERIAL and IDENTITY columns."""
        for column in columns:
            serial = column.autoincrement and column.default is None
            if serial or (column.identity is not None and not self.has_sequence(catalog, table, column.name)):
                catalog = self.with_sequence(catalog, table, column, serial)
        return catalog

    def has_sequence(self, catalog: Catalog, table: Table, column: str) -> bool:
        """Tell whether a column owns a sequence."""
        return bool(self.owned(catalog, table.key, column))

    def with_sequence(self, catalog: Catalog, table: Table, column: state.Column, serial: bool) -> Catalog:
        """Return the catalog with the sequence of a column, which is the default of a SERIAL one."""
        before = catalog.without("tables", table.key)
        bare = Table(table.name, table.schema, ())
        name = self.free_name(before, bare, column.name, "seq", sequence=True)
        if serial:
            default = next_value(name, table.schema)
            standing = catalog.tables[table.key]
            columns = tuple(
                replace(one, default=default) if one.name == column.name else one for one in standing.columns
            )
            catalog = catalog.put(replace(standing, columns=columns))
        return catalog.put(state.Sequence(name, table.schema, owner=(table.key, column.name)))

    def completed_table(self, catalog: Catalog, table: Table) -> Table:
        """Return a new table with the columns that it inherits in front."""
        parents = table.options.get("postgresql_inherits")
        if parents is None:
            return table
        names = [parents] if isinstance(parents, str) else list(parents)
        inherited: dict[str, state.Column] = {}
        for name in names:
            inherited |= {one.name: one for one in self.table(catalog, str(name), None).columns}
        own = tuple(one for one in table.columns if one.name not in inherited)
        return replace(table, columns=(*inherited.values(), *own))

    def alter_column(self, catalog: Catalog, operation: AlterColumn) -> Catalog:
        """Change a column; expressions that name it are kept in the words that they have with the old type."""
        table = self.table(catalog, operation.table_name, operation.schema)
        if operation.type_ is not None:
            catalog = catalog.put(self.words.settled(table, operation.column_name, catalog))
        before = table.column(operation.column_name)
        catalog = super().alter_column(catalog, operation)
        table = self.table(catalog, operation.table_name, operation.schema)
        after = table.column(operation.new_column_name or operation.column_name)
        if before is None or after is None:
            return catalog
        if before.identity is not None and after.identity is None:
            return catalog.without("sequences", *self.owned(catalog, table.key, after.name))
        return self.made_along(catalog, table, [after]) if after.identity is not None else catalog

    def altered(self, table: Table, column: state.Column, operation: AlterColumn) -> state.Column:
        """Return a column with everything changed but its name; ``autoincrement`` changes nothing on this server."""
        return super().altered(table, column, replace(operation, autoincrement=None))

    def changed_default(self, column: state.Column, default: Any, type_: Any) -> Any:
        """Return the fields of a column that another default changes, all options of an IDENTITY among them."""
        changes = dict(super().changed_default(column, default, type_))
        if isinstance(default, sa.Identity):
            changes["identity"] = {**changes["identity"], **(identity_options(default) or {})}
        if changes["default"] is not None:
            changes["default"] = self.words.default(changes["default"], type_)
        if column.autoincrement and changes["default"] != column.default:
            changes["autoincrement"] = False
        return changes

    def moved_table(self, catalog: Catalog, table: Table, new: state.Key) -> Catalog:
        """Give a table another name or schema; in another schema its sequences have another name in defaults."""
        if new[0] != table.schema:
            for key in self.owned(catalog, table.key):
                old, other = next_value(key[1], key[0]), next_value(key[1], new[0])
                columns = tuple(replace(one, default=other) if one.default == old else one for one in table.columns)
                table = replace(table, columns=columns)
        return super().moved_table(catalog, table, new)

    def moved(self, catalog: Catalog, place: str, one: Any, name: str, schema: str | None) -> Catalog:
        """Give an object another name or schema; defaults name a sequence by what it is called now."""
        catalog = super().moved(catalog, place, one, name, schema)
        if place != "sequences":
            return catalog
        old, new = next_value(one.name, one.schema), next_value(name, self.key(name, schema)[0])
        for table in list(catalog.tables.values()):
            columns = tuple(replace(each, default=new) if each.default == old else each for each in table.columns)
            catalog = catalog if columns == table.columns else catalog.put(replace(table, columns=columns))
        return catalog


def plain(constraint: state.Constraint) -> dict[str, Any]:
    """Return the options by which two constraints over the same columns differ."""
    names = ("deferrable", "initially", "postgresql_include", "postgresql_nulls_not_distinct")
    return {name: constraint.options[name] for name in names if constraint.options.get(name)}


def read_parts(table: Table, index: state.Index) -> state.Index:
    """Return an index in which parts that were given as text, such as ``a DESC``, are taken apart."""
    parts, ops = [], dict(index.options.get("postgresql_ops") or {})
    for part in index.parts:
        found = PART.fullmatch(part.expression or "")
        if found is None:
            parts.append(part)
            continue
        order = [found["direction"].lower()] if found["direction"] else []
        order += [f"nulls_{found['nulls'].lower()}"] if found["nulls"] else []
        text = found["expression"]
        column = table.column(unquoted(text)) if NAME.fullmatch(text) else None
        parts.append(state.Part(column.name if column else None, None if column else text, tuple(order) or part.order))
        if found["ops"]:
            ops[column.name if column else text] = found["ops"]
    options = {**index.options, "postgresql_ops": ops} if ops else index.options
    return replace(index, parts=tuple(parts), options=options)


def index_names(table: Table) -> set[tuple[str | None, str]]:
    """Return the names of the indexes of a table, those of its constraints among them."""
    constraints = [one for one in table.constraints() if not isinstance(one, (state.ForeignKey, state.Check))]
    return {(table.schema, str(one.name)) for one in constraints} | {
        (table.schema, str(one.name)) for one in table.indexes
    }


def constraint_names(table: Table) -> list[tuple[str | None, str]]:
    """Return the names of the constraints of a table."""
    return [(table.schema, str(one.name)) for one in table.constraints()]


def next_value(name: str, schema: str | None) -> str:
    """Return the default of a column that a sequence fills."""
    full = f"{quoted(schema)}.{quoted(name)}" if schema else quoted(name)
    return f"nextval('{full}'::regclass)".replace("\\", "\\\\")


def object_name(first: str, second: str | None, label: str) -> str:
    """Return a generated name of at most 63 bytes: the longer part is cut until it fits."""
    if second is not None:
        second = cut(second, LONGEST)
    room = LONGEST - len(label.encode()) - 1 - (second is not None)
    one, two = len(first.encode()), len((second or "").encode())
    while one + two > room:
        if one > two:
            one -= 1
        else:
            two -= 1
    parts = [cut(first, one), *([] if second is None else [cut(second, two)]), label]
    return "_".join(parts)


def cut(text: str, length: int) -> str:
    """Return the beginning of a text, as many whole characters as go into so many bytes."""
    return text.encode()[:length].decode(errors="ignore")
