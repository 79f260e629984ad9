"""What a server of the pinned version has, and what is refused because it has not.

SQLAlchemy prints what a revision asks for, also where the server would reject it or read over it. The checks here are
called for all DDL, whether an operation made it or the revision's own metadata (see :class:`sqlgen.compiler.Rules`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column, Constraint, ForeignKeyConstraint, Index, Table, TextClause
from sqlalchemy.sql.elements import ColumnClause, UnaryExpression, _textual_label_reference
from sqlalchemy.types import TypeEngine

from .compiler import OfflineDialect
from .errors import Unsupported
from .literals import SPECIAL
from .schema.state import ServerName, unforetold

Version = tuple[int, ...]

#: What a feature of :attr:`Features.features` is called in an error.
FEATURES: Mapping[str, str] = {
    "create_table_if_not_exists": "CREATE TABLE IF NOT EXISTS",
    "drop_table_if_exists": "DROP TABLE IF EXISTS",
    "add_column_if_not_exists": "ADD COLUMN IF NOT EXISTS",
    "drop_column": "DROP COLUMN",
    "drop_column_if_exists": "DROP COLUMN IF EXISTS",
    "rename_column": "RENAME COLUMN",
    "create_index_if_not_exists": "CREATE INDEX IF NOT EXISTS",
    "drop_index_if_exists": "DROP INDEX IF EXISTS",
    "drop_constraint_if_exists": "DROP CONSTRAINT IF EXISTS",
    "drop_primary_key_if_exists": "DROP PRIMARY KEY IF EXISTS",
    "alter_constraints": "ALTER TABLE … ADD or DROP CONSTRAINT",
    "checks": "CHECK constraints that it enforces",
    "deferrable": "DEFERRABLE constraints",
    "deferrable_checks": "DEFERRABLE CHECK constraints",
    "deferrable_keys": "DEFERRABLE constraints other than foreign keys",
    "match": "MATCH on foreign keys",
    "match_full": "MATCH FULL on foreign keys",
    "match_partial": "MATCH PARTIAL on foreign keys",
    "nulls_not_distinct": "NULLS NOT DISTINCT",
    "expression_indexes": "indexes on expressions",
    "included_columns": "indexes with INCLUDE",
    "identity": "IDENTITY columns",
    "identity_alter": "ALTER COLUMN for IDENTITY",
    "foreign_schema": "foreign keys into another schema",
    "drop_expression": "ALTER COLUMN … DROP EXPRESSION",
    "set_expression": "ALTER COLUMN … SET EXPRESSION",
    "drop_check": "ALTER TABLE … DROP CHECK",
    "drop_constraint": "ALTER TABLE … DROP CONSTRAINT for any kind",
    "exclude": "EXCLUDE constraints",
}


class Features:
    """Facts about the server, and the refusals that follow from them.

    ``features`` maps a feature's name to the first version of the server that has it, or to None where none has;
    a feature that is not in the map is there. ``actions`` maps the clause of a foreign key to another one that means
    the same, to nothing where that is the server's default, or to None where the server lacks it. ``sa`` is
    SQLAlchemy's dialect object of the run.
    """

    title: ClassVar[str] = ""
    features: ClassVar[Mapping[str, Version | None]] = {}
    hints: ClassVar[Mapping[str, str]] = {}
    actions: ClassVar[Mapping[str, str | None]] = {}
    refused_prefixes: ClassVar[frozenset[str]] = frozenset()
    longest_name: ClassVar[int] = 0
    names_in_bytes: ClassVar[bool] = False
    version_info: Version
    sa: OfflineDialect

    def can(self, feature: str) -> bool:
        """Tell whether the server of the pinned version has a feature."""
        first = self.features.get(feature, ())
        return first is not None and self.version_info >= first

    def need(self, feature: str) -> None:
        """Raise Unsupported unless the server has a feature."""
        if not self.can(feature):
            first = self.features[feature]
            since = f" before version {'.'.join(map(str, first))}" if first else ""
            raise self.unsupported(f"has no {FEATURES[feature]}{since}", self.hints.get(feature, ""))

    def unsupported(self, what: str, hint: str = "") -> Unsupported:
        """Return the error for what this database has no correct form of; ``what`` is a verb phrase."""
        return Unsupported(f"{self.title} {what}", hint=hint or "Write what is meant as SQL text with op.execute.")

    def check_constraint(self, constraint: Constraint) -> None:
        """Raise Unsupported for a constraint with properties that the server lacks or would ignore."""
        if constraint.deferrable or constraint.initially:
            self.need("deferrable")
            if isinstance(constraint, CheckConstraint):
                self.need("deferrable_checks")
            if not isinstance(constraint, ForeignKeyConstraint):
                self.need("deferrable_keys")
        if isinstance(constraint, CheckConstraint):
            self.need("checks")
        if constraint.__visit_name__ == "exclude_constraint":
            self.need("exclude")
        if isinstance(constraint, ForeignKeyConstraint):
            self.check_foreign_key(constraint)

    def check_foreign_key(self, constraint: ForeignKeyConstraint) -> None:
        """Raise Unsupported for a MATCH that the server lacks or would read over, and for another schema's table."""
        if constraint.match:
            self.need("match")
            kind = f"match_{constraint.match.lower()}"
            if kind in FEATURES:
                self.need(kind)
        if not self.can("foreign_schema") and constraint.parent.schema != constraint.referred_table.schema:
            self.need("foreign_schema")

    def check_name(self, name: str) -> None:
        """Raise NeedsDatabase for a name that only the server knows, Unsupported for one that it refuses or cuts."""
        if isinstance(name, ServerName):
            raise unforetold(name)
        if found := SPECIAL.search(name):
            raise self.unsupported(
                f"gets names through clients that change {found[0]!r}, which is in {name!r}",
                "Choose a name without line ends and other control characters.",
            )
        size = len(name.encode()) if self.names_in_bytes else len(name)
        if self.longest_name and size > self.longest_name:
            unit = "bytes" if self.names_in_bytes else "characters"
            raise self.unsupported(
                f"has names of at most {self.longest_name} {unit}; {name!r} has {size}", "Choose a shorter name."
            )

    def check_table(self, table: Table) -> None:
        """Raise Unsupported for a word between CREATE and TABLE that the server does not take there."""
        for prefix in table._prefixes:
            if str(prefix).upper() in self.refused_prefixes:
                raise self.unsupported(f"has no CREATE {prefix} TABLE", self.hints.get("prefix", ""))

    def check_column(self, column: Column[Any]) -> None:
        """Raise Unsupported for IDENTITY on a column that would silently become a plain one."""
        if column.identity is None or self.sa.supports_identity_columns:
            return
        if column.table is None or column is not column.table._autoincrement_column:
            self.need("identity")

    def check_index(self, index: Index) -> None:
        """Raise Unsupported for an index on expressions where the server indexes columns only."""
        if not self.can("expression_indexes") and any(map(self.is_expression, index.expressions)):
            self.need("expression_indexes")

    def is_expression(self, element: Any) -> bool:
        """Tell whether an element of an index is more than a column and its order.

        Text is the author's own: only parentheses around more than a length, as in ``lower(a)``, make it one.
        """
        if isinstance(element, UnaryExpression):
            return self.is_expression(element.element)
        if isinstance(element, TextClause):
            return is_call(element.text)
        if isinstance(element, _textual_label_reference):
            return is_call(element.element)
        return not isinstance(element, ColumnClause)

    def check_type(self, type_: TypeEngine[Any], sql: str) -> None:
        """Raise Unsupported for a type that the server does not know in this form."""

    def column_default(self, column: Column[Any], sql: str) -> str:
        """Return a server default as it stands behind DEFAULT."""
        return sql

    def action(self, event: str, action: str) -> str:
        """Return the clause for what a foreign key does ON DELETE or ON UPDATE, empty where the server needs none."""
        clause = f"{event} {action}"
        known = self.actions.get(clause.upper(), clause)
        if known is None:
            raise self.unsupported(f"has no {clause.upper()} on foreign keys", self.hints.get("action", ""))
        return known


def is_call(text: str) -> bool:
    """Tell whether the text of an index element has parentheses that hold more than the length of a prefix."""
    start = text.find("(")
    return start >= 0 and not text[start + 1 :].partition(")")[0].strip().isdigit()
