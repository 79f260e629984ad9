"""MariaDB: versions 10.4 and later, scripts for the mariadb client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect
from sqlalchemy.engine.default import DefaultDialect

from ..conditions import Piece
from ..dialect import Dialect
from ..operations.model import AddColumn, AlterColumn, CreateIndex, CreateTable
from ..records import replace
from ..schema.answers import Answers
from ..schema.follow import Follower
from ..twin.facts import RowFacts
from .mariadb_form import MariaDBForm
from .mariadb_reflection import MariaDBAnswers
from .mariadb_schema import MariaDBFollower
from .mysql import MySQL, borrowed_options, known
from .mysql_definition import UPDATE_LOOKUP
from .mysql_grammar import MariaDBGrammar
from .mysql_literals import MySQLLiterals

if TYPE_CHECKING:
    from ..questions import Questions
    from ..schema.catalogue_queries import Catalogue


class MariaDBLiterals(MySQLLiterals):
    """The same literals as MySQL's."""

    title = "MariaDB"


class MariaDB(MySQL):
    """MariaDB and its client."""

    name = "mariadb"
    server_fact = "is_mariadb"
    aliases = ("maria",)
    title = "MariaDB"
    default_version = "10.11"
    sqlalchemy_class: ClassVar[type[DefaultDialect]] = MariaDBDialect
    #: As MySQL's, but JSON is text, kept as it was written.
    row_facts: ClassVar[RowFacts | None] = replace(MySQL.row_facts or RowFacts(), sorted_json=(), returning=True)
    form_class = MariaDBForm
    literals_class = MariaDBLiterals
    grammar = MariaDBGrammar
    follower_class: ClassVar[type[Follower]] = MariaDBFollower
    answers_class: ClassVar[type[Answers]] = MariaDBAnswers
    client = "mariadb"
    # Of the words of information_schema.KEYWORDS and SQL_FUNCTIONS, those that 10.11 takes for no table's name.
    reserved_words = frozenset(
        {"delete_domain_id", "master_demote_to_replica", "master_demote_to_slave", "portion", "value"}
    )
    features: ClassVar[Mapping[str, tuple[int, ...] | None]] = {
        "drop_primary_key_if_exists": None,
        "column_checks": (10, 5, 10),
        "rename_column": (10, 5, 2),
        "expression_indexes": None,
        "exclude": None,
        "deferrable": None,
        "match": None,
        "identity": None,
        "identity_alter": None,
    }
    hints: ClassVar[Mapping[str, str]] = {
        **MySQL.hints,
        "expression_indexes": "Add a computed column for the expression, and index that.",
    }
    inline_references = True  # since 10.5
    long_defaults_in_parentheses = False  # since 10.2.1
    # An expression as it would be written: https://mariadb.com/kb/en/information-schema-columns-table/, since 10.2.7.
    default_lookup = (
        "IF(COALESCE(column_default, 'NULL') = 'NULL', '', CONCAT('DEFAULT ', column_default, ' ')), " + UPDATE_LOOKUP
    )
    # A CHECK in a column's definition goes by the column's name: measured with 10.11.
    check_lookup = (
        "COALESCE((SELECT CONCAT('CHECK (', check_clause, ') ') FROM information_schema.check_constraints c "
        "WHERE c.constraint_schema = table_schema AND c.table_name = columns.table_name AND level = 'Column' "
        "{but}AND constraint_name = column_name), '')"
    )
    drop_constraint_sql: ClassVar[Mapping[str, str]] = {
        **MySQL.drop_constraint_sql,
        "check": "ALTER TABLE {table} DROP CONSTRAINT {guard}{name}",
        "unique": "ALTER TABLE {table} DROP INDEX {guard}{name}",
    }

    @property
    def catalogue(self) -> type[Catalogue]:
        """What answers queries against the database's own catalogue."""
        from .mariadb_catalogue import MariaDBCatalogue

        return MariaDBCatalogue

    @property
    def questions_class(self) -> type[Questions]:
        """What asks the database by its plain client."""
        from .mysql_checks import MariaDBQuestions

        return MariaDBQuestions

    def pin(self, dialect: Any) -> None:
        """Set what SQLAlchemy asks of a live server."""
        super().pin(dialect)
        dialect.is_mariadb = True
        dialect.supports_sequences = self.version_info >= (10, 3)
        dialect.supports_for_update_of = False
        dialect.use_mysql_for_share = False
        dialect._needs_correct_for_88718_96365 = False
        dialect._requires_alias_for_on_duplicate_key = False
        known(dialect, "_support_default_function", False)
        known(dialect, "_support_float_cast", False)

    def create_table(self, operation: CreateTable, bind: sa.Connection) -> Iterator[Piece]:
        """Yield CREATE TABLE; options that were given for MySQL count here too."""
        borrowed_options([operation.table, *operation.table.indexes], self.name, MySQL.name)
        yield from super().create_table(operation, bind)

    def add_column(self, operation: AddColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield ADD COLUMN; options that were given for MySQL count here too."""
        borrowed_options(operation.column.table.indexes, self.name, MySQL.name)
        yield from super().add_column(operation, bind)

    def create_index(self, operation: CreateIndex, bind: sa.Connection) -> Iterator[Piece]:
        """Yield CREATE INDEX; options that were given for MySQL count here too."""
        borrowed_options([operation.index], self.name, MySQL.name)
        yield from super().create_index(operation, bind)

    def column_default(self, column: sa.Column[Any], sql: str) -> str:
        """Return a default; expressions need no parentheses here."""
        return sql

    def set_default(self, operation: AlterColumn) -> str:
        """Return SET DEFAULT; expressions need no parentheses here."""
        return Dialect.set_default(self, operation)
