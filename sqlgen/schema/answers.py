"""Answers to the questions of SQLAlchemy's reflection, from a catalog, in the shapes of one dialect.

:class:`Answers` is what all dialects share; a dialect derives from it where its answers differ: in how types, defaults
and expressions are worded by its server, and in which options it tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from sqlalchemy.engine.reflection import ObjectKind, ObjectScope, ReflectionDefaults
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.types import TypeEngine

from ..errors import NeedsDatabase
from . import state
from .described import Wording
from .state import Catalog, Key, Table

Facts = dict[str, Any]


class Answers:
    """Answers questions about a catalog. ``default_schema`` is the schema that no schema means."""

    foreign_key_options: ClassVar[tuple[str, ...]] = ("onupdate", "ondelete", "deferrable", "initially", "match")
    tells_options: ClassVar[bool] = False
    reads_once: ClassVar[bool] = False
    """Whether SQLAlchemy's Inspector reads a table once, and answers every question about it by that."""

    def __init__(self, wording: Wording, default_schema: str | None) -> None:
        self.wording = wording
        self.default_schema = default_schema
        self.current_schema: str | None = None
        self.catalog = Catalog()

    def key(self, name: str, schema: str | None) -> Key:
        """Return the key of an object."""
        meant = self.current_schema if schema is None else schema
        return (None if meant == self.default_schema else meant), name

    # What is asked.

    def answer(self, catalog: Catalog, question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        """Return what the reflection method ``question`` returns. Raises NoSuchTableError and NeedsDatabase."""
        self.catalog = catalog
        about = question.removeprefix("get_multi_")
        if about != question:
            return self.about_many(about, *arguments, **options)
        about = question.removeprefix("get_")
        if about in PER_TABLE:
            name, schema = arguments_of(arguments, options)
            return self.about_one(about, name, schema)
        method = getattr(self, about if about != question else question, None)
        if method is None:
            raise NeedsDatabase(
                f"the revision inspects the schema: {question}() cannot be answered with no database",
                hint="Say in the revision what is known, or guard it with context.is_offline_mode().",
            )
        return method(*arguments, **{key: value for key, value in options.items() if key != "info_cache"})

    def about_one(self, about: str, name: str, schema: str | None) -> Any:
        """Return what is asked about one table or view. Raises NoSuchTableError."""
        key = self.key(name, schema)
        if key in self.catalog.tables:
            return PER_TABLE[about](self, self.catalog.tables[key])
        if key in self.catalog.views:
            return self.about_view(about, self.catalog.views[key])
        raise NoSuchTableError(f"{schema}.{name}" if schema else name)

    def about_view(self, about: str, view: state.View) -> Any:
        """Return what is asked about a view, which has no keys and constraints. Raises NeedsDatabase."""
        if about == "columns":
            if view.shape is not None:
                table = Table(view.name, view.schema, view.shape)
                return [self.column(table, column) for column in view.shape]
            raise NeedsDatabase(
                f"the revision inspects the columns of view {view.name!r}, which only the server works out",
                hint="Name the columns in the revision.",
            )
        if about == "indexes":
            return [self.index(one) for one in by_name(view.indexes)]
        return DEFAULTS[about]()

    def about_many(
        self,
        about: str,
        schema: str | None = None,
        filter_names: Any = None,
        scope: ObjectScope = ObjectScope.DEFAULT,
        kind: ObjectKind = ObjectKind.TABLE,
        **_: Any,
    ) -> list[tuple[Key, Any]]:
        """Return what is asked about every table, or about those named."""
        if scope is ObjectScope.TEMPORARY:
            return []
        names: list[str] = []
        names += self.table_names(schema) if ObjectKind.TABLE in kind else []
        names += self.view_names(schema) if ObjectKind.VIEW in kind else []
        names += self.materialized_view_names(schema) if ObjectKind.MATERIALIZED_VIEW in kind else []
        wanted = set(filter_names) if filter_names else None
        return [
            ((schema, name), self.about_one(about, name, schema)) for name in names if wanted is None or name in wanted
        ]

    # Names.

    def names(self, objects: Mapping[Key, Any], schema: str | None) -> list[str]:
        """Return the sorted names of objects in one schema."""
        wanted = self.key("", schema)[0]
        return sorted(name for owner, name in objects if owner == wanted)

    def table_names(self, schema: str | None = None, **_: Any) -> list[str]:
        """Return the names of tables."""
        return self.names(self.catalog.tables, schema)

    def temp_table_names(self, schema: str | None = None, **_: Any) -> list[str]:
        """Return the names of temporary tables."""
        return []

    def view_names(self, schema: str | None = None, **_: Any) -> list[str]:
        """Return the names of views."""
        views = {key: view for key, view in self.catalog.views.items() if not view.materialized}
        return self.names(views, schema)

    def temp_view_names(self, schema: str | None = None, **_: Any) -> list[str]:
        """Return the names of temporary views."""
        return []

    def materialized_view_names(self, schema: str | None = None, **_: Any) -> list[str]:
        """Return the names of materialized views."""
        return self.names({key: view for key, view in self.catalog.views.items() if view.materialized}, schema)

    def foreign_table_names(self, schema: str | None = None, **_: Any) -> list[str]:
        """Return the names of foreign tables: no revision is understood to make one."""
        return []

    def synonyms(self, schema: str | None = None, **_: Any) -> list[Facts]:
        """Return synonyms."""
        return []

    def sequence_names(self, schema: str | None = None, **_: Any) -> list[str]:
        """Return the names of sequences."""
        return self.names(self.catalog.sequences, schema)

    def schema_names(self, **_: Any) -> list[str]:
        """Return the names of schemas."""
        return sorted({*self.catalog.schemas, *([self.default_schema] if self.default_schema else [])})

    def has_table(self, name: str, schema: str | None = None, **_: Any) -> bool:
        """Tell whether there is a table or view of a name."""
        key = self.key(name, schema)
        return key in self.catalog.tables or key in self.catalog.views

    def has_index(self, table_name: str, index_name: str, schema: str | None = None, **_: Any) -> bool:
        """Tell whether a table has an index of a name."""
        if not self.has_table(table_name, schema):
            return False
        return any(one["name"] == index_name for one in self.about_one("indexes", table_name, schema))

    def has_sequence(self, name: str, schema: str | None = None, **_: Any) -> bool:
        """Tell whether there is a sequence of a name."""
        return self.key(name, schema) in self.catalog.sequences

    def has_type(self, name: str, schema: str | None = None, **_: Any) -> bool:
        """Tell whether there is a type of a name."""
        return self.key(name, schema) in self.catalog.types

    def has_schema(self, name: str, **_: Any) -> bool:
        """Tell whether there is a schema of a name."""
        return name in self.schema_names()

    def view_columns(self, name: str, schema: str | None = None) -> list[tuple[str, bool | None]] | None:
        """Return names of a view's columns, and whether NULL may stand there; None for what is not known.

        This is for the catalogue: reflection tells less of views than that.
        """
        return None

    def view_definition(self, name: str, schema: str | None = None, **_: Any) -> str:
        """Return the query of a view, as the revision wrote it. Raises NoSuchTableError."""
        view = self.catalog.views.get(self.key(name, schema))
        if view is None:
            raise NoSuchTableError(f"{schema}.{name}" if schema else name)
        return self.expression(view.definition)

    # One table.

    def columns(self, table: Table) -> list[Facts]:
        """Return the columns of a table."""
        return [self.column(table, column) for column in table.columns]

    def column(self, table: Table, column: state.Column) -> Facts:
        """Return one column."""
        facts: Facts = {
            "name": column.name,
            "type": self.type(column),
            "nullable": column.nullable,
            "default": self.default(table, column),
            "autoincrement": column.autoincrement,
            "comment": column.comment,
        }
        if column.computed is not None:
            facts["computed"] = self.computed(column.computed)
        if column.identity is not None:
            facts["identity"] = self.identity(column)
        return facts

    def type(self, column: state.Column) -> TypeEngine[Any]:
        """Return the type of a column as reflection gives it."""
        return column.type.dialect_impl(self.wording.sa)

    def default(self, table: Table, column: state.Column) -> str | None:
        """Return the default of a column as the server words it, None for none."""
        return column.default

    def computed(self, computed: state.Computed) -> Facts:
        """Return what computes a column."""
        return {"sqltext": self.expression(computed.sqltext), "persisted": bool(computed.persisted)}

    def identity(self, column: state.Column) -> Facts:
        """Return the options of an identity column, those that the server chose included."""
        return dict(column.identity or {})

    def expression(self, text: str) -> str:
        """Return an SQL expression as the server words it, as far as that is known: it means the same."""
        return text

    def pk_constraint(self, table: Table) -> Facts:
        """Return the primary key."""
        key = table.primary_key
        if key is None:
            return ReflectionDefaults.pk_constraint()  # type: ignore[return-value]
        return {"constrained_columns": list(key.columns), "name": key.name}

    def foreign_keys(self, table: Table) -> list[Facts]:
        """Return the foreign keys."""
        return [self.foreign_key(table, one) for one in self.sorted(table.foreign_keys)]

    def foreign_key(self, table: Table, key: state.ForeignKey) -> Facts:
        """Return one foreign key."""
        return {
            "name": key.name,
            "constrained_columns": list(key.columns),
            "referred_schema": key.schema,
            "referred_table": key.table,
            "referred_columns": list(key.referred),
            "options": self.key_options(key),
        }

    def key_options(self, key: state.ForeignKey) -> Facts:
        """Return the options of a foreign key that are not the server's defaults."""
        return {name: key.options[name] for name in self.foreign_key_options if name in key.options}

    def unique_constraints(self, table: Table) -> list[Facts]:
        """Return the UNIQUE constraints."""
        return [{"name": one.name, "column_names": list(one.columns)} for one in self.sorted(table.uniques)]

    def check_constraints(self, table: Table) -> list[Facts]:
        """Return the CHECK constraints."""
        return [{"name": one.name, "sqltext": self.expression(one.sqltext)} for one in self.sorted(table.checks)]

    def indexes(self, table: Table) -> list[Facts]:
        """Return the indexes."""
        return [self.index(one) for one in by_name(table.indexes)]

    def index(self, index: state.Index) -> Facts:
        """Return one index; an expression has no column's name."""
        facts: Facts = {
            "name": index.name,
            "column_names": [part.column for part in index.parts],
            "unique": index.unique,
        }
        if any(part.column is None for part in index.parts):
            facts["expressions"] = [part.column or self.expression(str(part.expression)) for part in index.parts]
        return facts

    def sorted(self, constraints: tuple[Any, ...]) -> list[Any]:
        """Return constraints in the order in which the dialect tells them."""
        return sorted(constraints, key=lambda one: str(one.name))

    def table_comment(self, table: Table) -> Facts:
        """Return the table's comment."""
        return {"text": table.comment}

    def table_options(self, table: Table) -> Facts:
        """Return the options of the table."""
        return {}


def by_name(indexes: tuple[state.Index, ...]) -> Iterator[state.Index]:
    """Yield indexes in the order of their names."""
    yield from sorted(indexes, key=lambda one: str(one.name))


def arguments_of(arguments: tuple[Any, ...], options: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return the name and schema that a question is about."""
    name = arguments[0] if arguments else options["table_name"]
    return str(name), options.get("schema", arguments[1] if len(arguments) > 1 else None)


PER_TABLE: Mapping[str, Callable[[Any, Table], Any]] = {
    "columns": lambda self, table: self.columns(table),
    "pk_constraint": lambda self, table: self.pk_constraint(table),
    "foreign_keys": lambda self, table: self.foreign_keys(table),
    "unique_constraints": lambda self, table: self.unique_constraints(table),
    "check_constraints": lambda self, table: self.check_constraints(table),
    "indexes": lambda self, table: self.indexes(table),
    "table_comment": lambda self, table: self.table_comment(table),
    "table_options": lambda self, table: self.table_options(table),
}
DEFAULTS: Mapping[str, Callable[[], Any]] = {about: getattr(ReflectionDefaults, about) for about in PER_TABLE}
