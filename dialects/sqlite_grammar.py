"""What text SQL does to a schema of SQLite: names, types and statements of its own (sqlite.org/lang.html)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from ..schema.text import Grammar, NotFollowed, Reader, TypeText
from ..schema.text.columns import ColumnText
from ..schema.text.tables import Operations

CLAUSES = frozenset(("CONSTRAINT", "ON", "AUTOINCREMENT"))


class SQLiteGrammar(Grammar):
    """Statements of SQLite."""

    statements: ClassVar[Mapping[str, str]] = {**Grammar.statements, "PRAGMA": "_pragma"}
    clauses: ClassVar[Mapping[str, str]] = {
        **Grammar.clauses,
        "AUTOINCREMENT": "_autoincrement",
        "ON": "_on_conflict",
    }

    index_names_schema = True

    def quoted(self, text: str) -> str:
        """Return a name that stands in quotes, backticks or brackets."""
        return text[1:-1] if text[0] == "[" else super().quoted(text)

    def typed(self, name: str, reader: Reader, sequence_table: tuple[str, str | None] | None) -> ColumnText:
        """Take a column's type: any words, with numbers in parentheses, or none at all."""
        start = reader.at
        while not reader.is_done and not any(reader.shows(word) for word in (*self.clauses, *CLAUSES)):
            if reader.shows("("):
                reader.group()
            else:
                reader.name()
        return ColumnText(name, self.affine(reader.source(start)))

    def type_named(self, text: str) -> TypeEngine[Any]:
        """Return the type that a text names."""
        return self.affine(text)

    def type_of(self, spelling: TypeText) -> TypeEngine[Any]:
        """Return a type as reflection gives it."""
        arguments = f"({','.join(spelling.arguments)})" if spelling.arguments else ""
        return self.affine(spelling.base + arguments)

    def affine(self, text: str) -> TypeEngine[Any]:
        """Return the type of a column with these words for it."""
        sa_dialect: Any = self.dialect.sa
        found: TypeEngine[Any] = sa_dialect._resolve_type_affinity(text)
        return found

    def _autoincrement(self, reader: Reader, column: ColumnText) -> None:
        column.autoincrement = True

    def _on_conflict(self, reader: Reader, column: ColumnText) -> None:
        reader.needs("CONFLICT")
        reader.word()

    def table_options(self, reader: Reader) -> dict[str, Any]:
        """Take what follows the columns."""
        found: dict[str, Any] = {}
        while not reader.is_done:
            if reader.takes("WITHOUT", "ROWID"):
                found[self.option("with_rowid")] = False
            else:
                reader.needs("STRICT")
                found[self.option("strict")] = True
            reader.takes(",")
        return found

    def index_options(self, reader: Reader, options: dict[str, Any]) -> None:
        """Take the condition of an index."""
        if reader.takes("WHERE"):
            options["where"] = sa.text(reader.rest())

    def _pragma(self, reader: Reader) -> Operations:
        if reader.shows("WRITABLE_SCHEMA"):
            raise NotFollowed("the schema is written by hand")
        reader.rest()
        return ()
