"""PostgreSQL: versions 10 and later, scripts for psql."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DOMAIN, ENUM, CreateDomainType, CreateEnumType
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.types import TypeEngine

from ..conditions import Piece
from ..operations.model import AlterColumn
from ..rendering import given
from ..schema import state
from ..schema.state import Catalog
from ..twin.facts import RowFacts
from .postgresql_form import PostgreSQLForm
from .postgresql_grammar import PostgreSQLGrammar, sequence_name
from .postgresql_literals import PostgreSQLLiterals
from .postgresql_reflection import PostgreSQLAnswers
from .postgresql_schema import PostgreSQLFollower
from .postgresql_server import Server, extensions
from .postgresql_text import PostgreSQLText

if TYPE_CHECKING:
    from ..questions import Questions
    from ..schema.catalogue_queries import Catalogue


class PostgreSQL(PostgreSQLText):
    """PostgreSQL and psql.

    Neither allocates more than 1 GiB - 1 for a statement (``MaxAllocSize`` in the server's ``memutils.h``).
    """

    name = "postgresql"
    aliases = ("postgres", "pg", "pgsql", "psql")
    title = "PostgreSQL"
    default_version = "15"
    sqlalchemy_class: ClassVar[type[DefaultDialect]] = PGDialect
    #: psycopg2 returns booleans, and JSON as objects; ``jsonb`` orders keys (PostgreSQL 17, 8.14.4), texts are equal
    #: byte by byte in deterministic collations, NULL comes last (7.5), a sequence counts whatever keys are given.
    row_facts: ClassVar[RowFacts | None] = RowFacts(
        parser="postgres",
        nulls_first=False,
        booleans=True,
        parses_json=True,
        sorted_json=("JSONB",),
        utc=True,
        uuids=True,
        returning=True,
        numbers_rows=True,
        sum_of_integers="int",
    )
    literals_class = PostgreSQLLiterals
    grammar = PostgreSQLGrammar
    follower_class = PostgreSQLFollower
    answers_class = PostgreSQLAnswers
    form_class = PostgreSQLForm
    default_schema = "public"
    database_sql = "current_database()"
    driver = "psycopg2"
    server_driver = "psycopg"
    driver_doubles_percents = True
    longest_name = 63  # NAMEDATALEN - 1: https://www.postgresql.org/docs/15/sql-syntax-lexical.html, 4.1.1
    names_in_bytes = True
    largest_statement = 2**30 - 1
    # pg_get_keywords() of 15, those that CREATE TABLE takes for no name; system_user is new in 16.
    reserved_words = frozenset({"collation", "concurrently", "lateral", "system_user", "tablesample"})
    transactional_ddl = True
    begin = "BEGIN;"
    commit = "COMMIT;"
    features: ClassVar[Mapping[str, tuple[int, ...] | None]] = {
        "deferrable_checks": None,
        "match_partial": None,
        "nulls_not_distinct": (15,),
        "included_columns": (11,),
        "identity": (10,),
        "identity_alter": (10,),
        "drop_expression": (13,),
        "set_expression": (17,),
    }
    hints: ClassVar[Mapping[str, str]] = {
        "deferrable_checks": "Leave deferrable and initially out; a CHECK is always checked at once.",
        "set_expression": "Drop the column and add it again.",
        "drop_expression": "Drop the column and add it again.",
    }
    beside_schema = re.compile(
        r"(CREATE|ALTER|DROP|COMMENT\s+ON)\s+((TRUSTED|PROCEDURAL)\s+)?(EXTENSION|COLLATION|LANGUAGE|TEXT\s+SEARCH)\b",
        re.I,
    )
    aspects = ("drop_default", "type", "nullable", "default", "generated", "comment", "rename")
    rename_column_sql = "ALTER TABLE {table} RENAME {column} TO {new}"
    identity_sql = "ALTER TABLE {table} ALTER COLUMN {column} {change}"

    @property
    def catalogue(self) -> type[Catalogue]:
        """What answers queries against the database's own catalogue."""
        from .postgresql_catalogue import PostgreSQLCatalogue

        return PostgreSQLCatalogue

    @property
    def questions_class(self) -> type[Questions]:
        """What asks the database by its plain client."""
        from .postgresql_checks import PostgreSQLQuestions

        return PostgreSQLQuestions

    def pin(self, dialect: Any) -> None:
        """Set what SQLAlchemy asks of a live server."""
        dialect.supports_smallserial = True
        dialect._backslash_escapes = False
        dialect._supports_drop_index_concurrently = True
        dialect.supports_identity_columns = self.version_info >= (10,)
        dialect._supports_jsonb_subscripting = self.version_info >= (14,)
        dialect.supports_virtual_generated_columns = self.version_info >= (18,)
        for name in ("enums", "domains"):  # what SQLAlchemy's inspector of this database asks its dialect for
            setattr(dialect, f"_load_{name}", partial(asked_types, dialect, f"get_{name}"))
        dialect._get_foreign_table_names = partial(asked_types, dialect, "get_foreign_table_names")

    def create_types(self, type_: TypeEngine[Any], bind: sa.Connection) -> None:
        """Create the enum type or domain that a column needs, unless the schema has it already."""
        known = self.sa.schema_source is not None
        kind: Any = type_.dialect_impl(self.sa)
        while isinstance(kind, (sa.ARRAY, sa.types.TypeDecorator)):
            kind = (kind.item_type if isinstance(kind, sa.ARRAY) else kind.impl_instance).dialect_impl(self.sa)
        native = (isinstance(kind, sa.Enum) and kind.native_enum) or type(kind).__name__ == "DOMAIN"
        if known and native and getattr(kind, "create_type", True):
            kind.create(bind, checkfirst=True)

    def check_constraint(self, constraint: sa.Constraint) -> None:
        """Raise Unsupported for what this version lacks."""
        super().check_constraint(constraint)
        unique = isinstance(constraint, sa.UniqueConstraint)
        if unique and constraint.dialect_options["postgresql"]["nulls_not_distinct"]:
            self.need("nulls_not_distinct")

    def check_index(self, index: sa.Index) -> None:
        """Raise Unsupported for what this version lacks."""
        super().check_index(index)
        options = index.dialect_options["postgresql"]
        if options["nulls_not_distinct"]:
            self.need("nulls_not_distinct")
        if options["include"]:
            self.need("included_columns")

    def alter_drop_default(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the drop of a default that would have to be converted, although another one is about to come.

        ALTER … TYPE converts the default too, and fails where that has no cast of its own
        (https://www.postgresql.org/docs/15/sql-altertable.html, Notes).
        """
        plain = given(operation.server_default) and not self.generated_change(operation)
        if operation.type_ is not None and plain and self.existing_default(operation) is not None:
            yield self.drop_default_sql.format(**self.place(operation))

    def alter_default(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of the default; before a change of type the old one went already."""
        if operation.type_ is None or operation.server_default is not None:
            yield from super().alter_default(operation)

    def alter_type(self, operation: AlterColumn) -> Iterator[Piece]:
        """Yield the change of type, with the USING that the revision gave."""
        if operation.type_ is None:
            return
        using = operation.options.get("postgresql_using")
        sql = self.type_change_sql.format(**self.place(operation), type=self.type_sql(operation.type_))
        yield f"{sql} USING {using}" if using else sql

    def alter_identity(self, operation: AlterColumn, new: Any, old: Any) -> Iterator[Piece]:
        """Yield the statement that adds, changes or drops IDENTITY; a column with a default can have none."""
        if not isinstance(new, sa.Identity):
            change = "DROP IDENTITY"
        elif isinstance(old, sa.Identity):
            change = self.identity_change(new, old)
        else:
            change = "ADD " + self.identity_sql_of(new)
            if old is not None:
                yield self.drop_default_sql.format(**self.place(operation))
        if change:
            yield self.identity_sql.format(**self.place(operation), change=change)

    def alter_computed(self, operation: AlterColumn, new: Any, old: Any) -> Iterator[Piece]:
        """Yield DROP EXPRESSION, or SET EXPRESSION; the column keeps its values, or gets new ones.

        Raises Unsupported for a plain column that is to be computed: the server has no form of it.
        """
        if not isinstance(old, sa.Computed):
            yield from super().alter_computed(operation, new, old)
        elif isinstance(new, sa.Computed):
            self.need("set_expression")
            compiler: Any = self.ddl()
            sql = compiler.visit_computed_column(new)
            expression = sql[sql.index("AS (") : sql.rindex(")") + 1]
            yield self.identity_sql.format(**self.place(operation), change=f"SET EXPRESSION {expression}")
        else:
            self.need("drop_expression")
            yield self.identity_sql.format(**self.place(operation), change="DROP EXPRESSION")

    def identity_change(self, new: sa.Identity, old: sa.Identity) -> str:
        """Return the SET clauses for the options in which two identities differ; may be empty."""
        parts = []
        if bool(new.always) != bool(old.always):
            parts.append(f"SET GENERATED {'ALWAYS' if new.always else 'BY DEFAULT'}")
        for option in ("increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "start", "cache", "cycle"):
            if getattr(new, option) != getattr(old, option) and getattr(new, option) is not None:
                single = sa.Identity(**{option: getattr(new, option)})
                parts.append(f"SET {self.ddl().get_identity_options(single)}")
        return " ".join(parts)

    # A whole schema.

    def schema_on_server(
        self, connection: sa.Connection, catalog: Catalog, version_table: str
    ) -> tuple[Catalog, tuple[str, ...], tuple[str, ...]]:
        """Return a schema with types, sequences, triggers and routines; extensions are beside it."""
        return Server(connection, catalog, self.type_named).whole(), extensions(connection, self.name_of), ()

    def new_type(self, one: state.Enumeration | state.Domain) -> Any:
        """Return CREATE TYPE or CREATE DOMAIN."""
        if isinstance(one, state.Enumeration):
            return CreateEnumType(ENUM(*one.values, name=one.name, schema=one.schema))
        if len(one.checks) > 1:
            return self.domain_with_checks(one)
        name, check = one.checks[0] if one.checks else (None, None)
        domain: Any = DOMAIN(
            one.name,
            one.type,
            schema=one.schema,
            collation=one.collation,
            default=one.default and sa.text(one.default.replace(":", "\\:")),
            not_null=not one.nullable,
            constraint_name=name,
            check=check and check.replace(":", "\\:"),
        )
        return CreateDomainType(domain)

    def domain_with_checks(self, one: state.Domain) -> str:
        """Return CREATE DOMAIN with more CHECKs than SQLAlchemy's object holds."""
        parts = [f"CREATE DOMAIN {self.qualify(one.name, one.schema)} AS {self.type_sql(one.type)}"]
        parts += [f"COLLATE {self.name_of(one.collation)}"] if one.collation else []
        parts += [f"DEFAULT {one.default}"] if one.default is not None else []
        parts += ["NOT NULL"] if not one.nullable else []
        for name, check in one.checks:
            parts.append((f"CONSTRAINT {self.name_of(name)} " if name else "") + f"CHECK ({check})")
        return " ".join(parts)

    def own_sequence(self, table: state.Table, column: state.Column) -> str | None:
        """Return the name that the sequence of a SERIAL column gets."""
        return sequence_name(table.name, column.name)

    def renaming(self, sequence: state.Sequence, made: str) -> str:
        """Return ALTER SEQUENCE … RENAME TO."""
        return f"ALTER SEQUENCE {self.qualify(made, sequence.schema)} RENAME TO {self.name_of(sequence.name)}"

    def owning(self, sequence: state.Sequence, table: str, column: str) -> str:
        """Return ALTER SEQUENCE … OWNED BY."""
        name = self.qualify(sequence.name, sequence.schema)
        return f"ALTER SEQUENCE {name} OWNED BY {table}.{self.name_of(column)}"


def asked_types(dialect: Any, question: str, _connection: Any, schema: str | None = None, **_options: Any) -> Any:
    """Answer a question about all of a schema from the schema source."""
    return dialect.reflect(question, schema)
