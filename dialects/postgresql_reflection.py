"""Answers to reflection in the shapes of SQLAlchemy's PostgreSQL dialect, with the values that a server gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DOMAIN, ENUM
from sqlalchemy.dialects.postgresql import base as pg_base
from sqlalchemy.engine.reflection import ReflectionDefaults
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.types import TypeEngine

from ..errors import NeedsDatabase
from ..schema import state
from ..schema.answers import Answers, Facts
from ..schema.described import Wording
from ..schema.state import Catalog, Table
from .postgresql_type_names import TypeName
from .postgresql_words import Words

NEXT_VALUE = re.compile(r"(?P<before>.*?nextval\(')(?P<name>[^']+)(?P<after>'.*)", re.S)
FUNCTION = re.compile(r'(?:[\w$]+|"(?:[^"]|"")+")(?:\.(?:[\w$]+|"(?:[^"]|"")+"))?\(')
LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}
#: Operator classes that are the default of their type, and so are not told (``pg_opclass`` of 15).
DEFAULT_OPS = (
    *(
        "int2_ops",
        "int4_ops",
        "int8_ops",
        "float4_ops",
        "float8_ops",
        "numeric_ops",
        "bool_ops",
        "text_ops",
        "bpchar_ops",
    ),
    *(
        "date_ops",
        "time_ops",
        "timetz_ops",
        "timestamp_ops",
        "timestamptz_ops",
        "interval_ops",
        "uuid_ops",
        "bytea_ops",
    ),
    *("jsonb_ops", "array_ops", "tsvector_ops", "enum_ops", "range_ops", "multirange_ops", "oid_ops", "name_ops"),
    *("macaddr_ops", "point_ops", "box_ops", "poly_ops", "circle_ops", "record_ops", "bit_ops", "varbit_ops"),
)
#: SQLAlchemy 2.1 looks enums and domains up when it needs them; 2.0 is given all of them, and tells of INCLUDE twice.
LOOKS_UP = hasattr(pg_base, "_NamedTypeLoader")


class PostgreSQLAnswers(Answers):
    """Answers questions about a PostgreSQL schema."""

    def __init__(self, wording: Wording, default_schema: str | None) -> None:
        super().__init__(wording, default_schema)
        self.words = Words(wording, default_schema)
        self.asked: str | None = None
        self.ignores_path = False

    @property
    def version(self) -> tuple[int, ...]:
        """The server's version."""
        found: tuple[int, ...] = self.wording.sa.server_version_info
        return found

    def answer(self, catalog: Catalog, question: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Any:
        """Return what the reflection method ``question`` returns. Raises NoSuchTableError and NeedsDatabase."""
        options = dict(options)
        self.ignores_path = bool(options.pop("postgresql_ignore_search_path", False))
        return super().answer(catalog, question, arguments, options)

    def about_one(self, about: str, name: str, schema: str | None) -> Any:
        """Return what is asked about one table or view; the schema asked for shows in some answers."""
        self.asked = schema
        return super().about_one(about, name, schema)

    def view_definition(self, name: str, schema: str | None = None, **_: Any) -> str:
        """Return the query of a view in the server's words. Raises NoSuchTableError and NeedsDatabase."""
        view = self.catalog.views.get(self.key(name, schema))
        if view is None:
            raise NoSuchTableError(f"{schema}.{name}" if schema else name)
        if view.worded is None:
            raise NeedsDatabase(
                f"the revision reads the definition of view {name!r}, which the server words in its own way",
                hint="Keep the text of the view in the revision.",
            )
        return view.worded

    # Types and names.

    def enums(self, schema: str | None = None, **_: Any) -> list[Facts]:
        """Return the enum types of a schema, of all schemas for ``*``."""
        return [self.enum(one) for one in self.types_in(state.Enumeration, schema)]

    def types_in(self, kind: type[Any], schema: str | None) -> list[Any]:
        """Return the types of a kind in a schema, of all for ``*``, by schema and name."""
        found = [one for one in self.catalog.types.values() if isinstance(one, kind)]
        wanted = self.key("", schema)[0]
        inside = [one for one in found if schema == "*" or one.schema == wanted]
        return sorted(inside, key=lambda one: (one.schema or str(self.default_schema), one.name))

    def place(self, one: Any) -> Facts:
        """Return name, schema and visibility of a type."""
        return {"name": one.name, "schema": one.schema or self.default_schema, "visible": one.schema is None}

    def enum(self, one: state.Enumeration) -> Facts:
        """Return an enum type."""
        return {**self.place(one), "labels": list(one.values)}

    def domains(self, schema: str | None = None, **_: Any) -> list[Facts]:
        """Return the domains of a schema, of all schemas for ``*``."""
        return [self.domain(one) for one in self.types_in(state.Domain, schema)]

    def domain(self, one: state.Domain) -> Facts:
        """Return a domain; its type has no length here, as SQLAlchemy shows it."""
        base = self.words.type(one.type)
        checks = sorted(self.domain_checks(one, base), key=lambda check: str(check["name"]))
        text = base.base in TEXTUAL
        facts = {
            **self.place(one),
            "type": base.formatted().partition("(")[0],
            "nullable": one.nullable,
            "default": None if one.default is None else self.words.default(one.default, one.type),
            "constraints": checks,
            "collation": one.collation or base.collation or ("default" if text else None),
        }
        return {**facts, "collation_schema": None} if LOOKS_UP else facts

    def domain_checks(self, one: state.Domain, base: TypeName) -> list[Facts]:
        """Return the CHECKs of a domain, those without a name by the names that the server gives."""
        found: list[Facts] = []
        for name, text in one.checks:
            shown = self.words.expression(text, {"value": base.plain}, pretty=True).replace("value", "VALUE")
            number = len([check for check in found if str(check["name"]).startswith(f"{one.name}_check")])
            found.append({"name": name or f"{one.name}_check{number or ''}", "check": shown})
        return found

    def schema_names(self, **_: Any) -> list[str]:
        """Return the names of schemas."""
        return sorted({*self.catalog.schemas, str(self.default_schema), "information_schema", "public"})

    # Columns.

    def column(self, table: Table, column: state.Column) -> Facts:
        """Return one column."""
        type_ = self.type(column)
        default, nullable = self.default(table, column), column.nullable
        if isinstance(type_, DOMAIN):
            default = default or type_.default  # type: ignore[assignment]
            nullable = nullable and not type_.not_null
        facts: Facts = {
            "name": column.name,
            "type": type_,
            "nullable": nullable,
            "default": self.with_schema(default),
            "autoincrement": column.identity is not None or self.counts(type_, default),
            "comment": column.comment,
        }
        if column.computed is not None:
            facts["computed"] = self.computed_of(table, column)
        if column.identity is not None:
            facts["identity"] = self.identity(column)
        return facts

    def counts(self, type_: TypeEngine[Any], default: str | None) -> bool:
        """Tell whether a sequence fills a column of integers."""
        affinity: Any = type_._type_affinity
        return default is not None and bool(NEXT_VALUE.match(default)) and issubclass(affinity, sa.Integer)

    def with_schema(self, default: str | None) -> str | None:
        """Return a default with the schema asked for in front of the sequence, as SQLAlchemy writes it."""
        found = NEXT_VALUE.match(default or "")
        if found is None or self.asked is None or "." in found["name"]:
            return default
        return f'{found["before"]}"{self.asked}".{found["name"]}{found["after"]}'

    def computed_of(self, table: Table, column: state.Column) -> Facts:
        """Return what computes a column; before version 18 every such value is stored."""
        computed = column.computed or state.Computed("")
        text = self.worded(table, computed.sqltext, pretty=False, target=self.words.type(column.type).plain)
        return {"sqltext": text, "persisted": self.version < (18,) or bool(computed.persisted)}

    def identity(self, column: state.Column) -> Facts:
        """Return the options of an identity column, those that the server chose included."""
        told = dict(column.identity or {})
        increment = told.get("increment") or 1
        largest = LARGEST.get(self.words.type(column.type).base, LARGEST["bigint"])
        lowest, highest = (1, largest) if increment > 0 else (-largest - 1, -1)
        lowest, highest = told.get("minvalue", lowest), told.get("maxvalue", highest)
        return {
            "always": told["always"],
            "start": told.get("start", lowest if increment > 0 else highest),
            "increment": increment,
            "minvalue": lowest,
            "maxvalue": highest,
            "cache": told.get("cache") or 1,
            "cycle": bool(told.get("cycle")),
        }

    def type(self, column: state.Column) -> TypeEngine[Any]:
        """Return the type of a column as SQLAlchemy makes it of ``format_type()``."""
        found = self.words.type(column.type)
        enums, domains = self.named(self.enums("*")), self.named(self.domains("*"))
        key = (found.schema, found.base) if found.schema else (found.base,)
        known = found.written_base() in pg_base.PGDialect.ischema_names or found.base in pg_base.PGDialect.ischema_names
        if not known and key not in enums and key not in domains and not found.base.startswith("interval"):
            enums = {**enums, key: self.told_enum(column, found)}
        element: Any = column.type
        collation = found.collation or getattr(element, "collation", None)
        if LOOKS_UP:
            named = SimpleNamespace(enums=enums, domains=domains)
            facts: tuple[Any, ...] = (named, f"column '{column.name}'", collation)
        else:
            facts = (domains, enums, f"column '{column.name}'", collation)
        reflected: TypeEngine[Any] = pg_base.PGDialect._reflect_type(self.wording.sa, found.formatted(), *facts)
        return reflected

    def named(self, types: list[Facts]) -> dict[tuple[str, ...], Facts]:
        """Return types by the names with which SQLAlchemy looks them up."""
        return {((one["name"],) if one["visible"] else (one["schema"], one["name"])): one for one in types}

    def told_enum(self, column: state.Column, name: TypeName) -> Facts:
        """Return an enum type that the schema does not describe, as the column's type told it. Raises NeedsDatabase."""
        element: Any = column.type.dialect_impl(self.wording.sa)
        while isinstance(element, sa.ARRAY):
            element = element.item_type.dialect_impl(self.wording.sa)
        if not isinstance(element, ENUM):
            raise NeedsDatabase(
                f"the revision inspects column {column.name!r}, whose type {name.formatted()} is not known",
                hint="The type was not made by this script alone. Say in the revision what is known.",
            )
        schema = name.schema or str(self.default_schema)
        visible = name.schema is None
        return {"name": name.base, "schema": schema, "visible": visible, "labels": list(element.enums)}

    def default(self, table: Table, column: state.Column) -> str | None:
        """Return the default of a column, which is kept in the server's words."""
        return column.default

    def worded(self, table: Table, text: str, pretty: bool, target: TypeName | None = None) -> str:
        """Return an expression over a table's columns as the server shows it."""
        return self.words.expression(text, self.words.column_types(table, self.catalog), pretty, target)

    # Constraints.

    def pk_constraint(self, table: Table) -> Facts:
        """Return the primary key."""
        key = table.primary_key
        if key is None:
            return ReflectionDefaults.pk_constraint()  # type: ignore[return-value]
        facts: Facts = {"constrained_columns": list(key.columns), "name": key.name, "comment": key.comment}
        return {**facts, "dialect_options": self.included(key)} if self.version >= (11,) else facts

    def included(self, constraint: state.Constraint) -> Facts:
        """Return the columns that a constraint's index holds besides."""
        names = list(constraint.options.get("postgresql_include") or ())
        return {"postgresql_include": names} if self.version >= (11,) else {}

    def foreign_key(self, table: Table, key: state.ForeignKey) -> Facts:
        """Return one foreign key; the default schema has its name only when it was asked for by name."""
        here = self.asked if self.asked is not None and self.key("", self.asked)[0] is None else None
        return {
            "name": key.name,
            "constrained_columns": list(key.columns),
            "referred_schema": key.schema or (self.asked if self.ignores_path else here),
            "referred_table": key.table,
            "referred_columns": list(key.referred),
            "options": self.key_options(key),
            "comment": key.comment,
        }

    def key_options(self, key: state.ForeignKey) -> Facts:
        """Return the options of a foreign key that are not the server's defaults."""
        told = key.options
        facts: Facts = {}
        for name in ("onupdate", "ondelete"):
            action = str(told.get(name, "NO ACTION")).upper()
            if action != "NO ACTION":
                facts[name] = (
                    action if "(" not in action else action.partition("(")[0] + str(told[name])[action.index("(") :]
                )
        deferred = str(told.get("initially", "")).upper() == "DEFERRED"
        if deferred:
            facts["initially"] = "DEFERRED"
        if told.get("deferrable") or deferred:
            facts["deferrable"] = True
        if str(told.get("match", "SIMPLE")).upper() != "SIMPLE":
            facts["match"] = str(told["match"]).upper()
        return facts

    def unique_constraints(self, table: Table) -> list[Facts]:
        """Return the UNIQUE constraints."""
        return [
            {
                "column_names": list(one.columns),
                "name": one.name,
                "comment": one.comment,
                "dialect_options": {
                    **self.included(one),
                    "postgresql_nulls_not_distinct": bool(one.options.get("postgresql_nulls_not_distinct")),
                },
            }
            for one in self.sorted(table.uniques)
        ]

    def check_constraints(self, table: Table) -> list[Facts]:
        """Return the CHECK constraints."""
        return [self.check(table, one) for one in self.sorted(table.checks)]

    def check(self, table: Table, one: state.Check) -> Facts:
        """Return one CHECK."""
        text = bare(self.worded(table, one.sqltext, pretty=True))
        facts: Facts = {"name": one.name, "sqltext": text, "comment": one.comment}
        options = {name: True for name in ("not_valid", "no_inherit") if one.options.get(f"postgresql_{name}")}
        return {**facts, "dialect_options": options} if options else facts

    # Indexes.

    def indexes(self, table: Table) -> list[Facts]:
        """Return the indexes, and those of UNIQUE and EXCLUDE constraints."""
        constraints = [*table.uniques, *table.excludes]
        owned = [self.index_of(one) for one in constraints]
        return sorted([*owned, *(self.index_on(table, one) for one in table.indexes)], key=lambda one: str(one["name"]))

    def index_of(self, constraint: Any) -> Facts:
        """Return the index of a constraint."""
        unique = isinstance(constraint, state.Unique)
        facts: Facts = {
            "name": constraint.name,
            "unique": unique,
            "column_names": list(constraint.columns),
            "duplicates_constraint": constraint.name,
        }
        options: Facts = {}
        if not unique:
            using = re.match(r"EXCLUDE USING (\w+)", constraint.definition)
            options["postgresql_using"] = using[1] if using else "gist"
        return self.with_options(facts, options, constraint.options)

    def with_options(self, facts: Facts, options: Facts, told: Mapping[str, Any]) -> Facts:
        """Return an index with its options, those included that SQLAlchemy always tells."""
        if self.version >= (11,):
            names = list(told.get("postgresql_include") or ())
            if not LOOKS_UP:
                facts["include_columns"] = names
            options["postgresql_include"] = names
        if told.get("postgresql_nulls_not_distinct"):
            options["postgresql_nulls_not_distinct"] = True
        return {**facts, "dialect_options": options} if options else facts

    def index_on(self, table: Table, index: state.Index) -> Facts:
        """Return one index."""
        elements = [self.element(table, part) for part in index.parts]
        facts: Facts = {"name": index.name, "unique": index.unique}
        facts["column_names"] = [part.column for part in index.parts]
        if any(part.column is None for part in index.parts):
            facts["expressions"] = elements
        options: Facts = {}
        told = index.options
        ops = {str(key): str(name) for key, name in (told.get("postgresql_ops") or {}).items()}
        keys = {name: part.column or str(part.expression) for name, part in zip(elements, index.parts, strict=True)}
        shown = {name: ops[key] for name, key in keys.items() if ops.get(key, DEFAULT_OPS[0]) not in DEFAULT_OPS}
        if shown:
            options["postgresql_ops"] = shown
        sorting = {name: order for name, part in zip(elements, index.parts, strict=True) if (order := ordered(part))}
        if sorting:
            facts["column_sorting"] = sorting
        if told.get("postgresql_with"):
            options["postgresql_with"] = {
                str(key): shown_option(value) for key, value in told["postgresql_with"].items()
            }
        using = str(told.get("postgresql_using") or "btree").lower()
        if using != "btree":
            options["postgresql_using"] = using
        where = told.get("postgresql_where")
        if where is not None and str(where).lower() != "true":
            options["postgresql_where"] = self.worded(table, str(where), pretty=False)
        return self.with_options(facts, options, told)

    def element(self, table: Table, part: state.Part) -> str:
        """Return a part of an index as ``pg_get_indexdef()`` shows it: a call by itself, else in parentheses."""
        if part.column is not None:
            return part.column
        text = self.worded(table, str(part.expression), pretty=True)
        return text if whole_call(text) else f"({bare(text)})"

    def index(self, index: state.Index) -> Facts:
        """Return one index of a materialized view, of whose columns nothing is known."""
        return self.index_on(Table("", None, ()), index)

    # The rest.

    def table_options(self, table: Table) -> Facts:
        """Return the options of the table. Raises NotImplementedError with SQLAlchemy 2.0, as its dialect does."""
        if not LOOKS_UP:
            raise NotImplementedError
        told = table.options
        facts: Facts = {}
        if using := told.get("postgresql_using"):
            facts |= {"postgresql_using": str(using)} if using != "heap" else {}
        if parents := told.get("postgresql_inherits"):
            facts["postgresql_inherits"] = (parents,) if isinstance(parents, str) else tuple(map(str, parents))
        if settings := told.get("postgresql_with"):
            facts["postgresql_with"] = {str(key): shown_option(value) for key, value in settings.items()}
        if space := told.get("postgresql_tablespace"):
            facts["postgresql_tablespace"] = str(space)
        return facts

    def table_comment(self, table: Table) -> Facts:
        """Return the table's comment."""
        return {"text": table.comment}

    def table_oid(self, name: str, schema: str | None = None, **_: Any) -> int:
        """Refuse the number of a table. Raises NeedsDatabase."""
        raise NeedsDatabase(
            f"the revision asks for the OID of table {name!r}, which only the server knows",
            hint="Name the table; a script is applied to other databases than this one.",
        )


TEXTUAL = frozenset(("text", "character varying", "character"))


def ordered(part: state.Part) -> tuple[str, ...]:
    """Return how a part is sorted, where that is not the server's default: NULLs come last, with DESC first."""
    descending = "desc" in part.order
    first = "nulls_first" in part.order or (descending and "nulls_last" not in part.order)
    if descending:
        return ("desc",) if first else ("desc", "nulls_last")
    return ("nulls_first",) if first else ()


def shown_option(value: Any) -> str:
    """Return the value of a storage parameter as the catalog has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def bare(text: str) -> str:
    """Return a condition without the parentheses around all of it."""
    stripped = text.strip()
    return stripped[1:-1] if stripped.startswith("(") and closing(stripped, 0) == len(stripped) - 1 else text


def closing(text: str, start: int) -> int:
    """Return where the parenthesis ends that opens at ``start``; -1 when it does not end."""
    depth, quote = 0, ""
    for place in range(start, len(text)):
        sign = text[place]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if depth == 0:
                return place
    return -1


def whole_call(text: str) -> bool:
    """Tell whether an expression is one call of a function and nothing else."""
    found = FUNCTION.match(text)
    return found is not None and closing(text, found.end() - 1) == len(text) - 1
