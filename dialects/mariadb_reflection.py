"""What SQLAlchemy's reflection finds on MariaDB, where it differs from MySQL."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar

from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect
from sqlalchemy.engine.default import DefaultDialect

from ..errors import NeedsDatabase
from ..schema import state
from .mariadb_shown import UNCERTAIN, columns, is_certain, view_columns
from .mariadb_views import definition, described
from .mysql_printed import Printer
from .mysql_reflection import MySQLAnswers
from .mysql_shown import Shown
from .mysql_words import Words


class MariaDBAnswers(MySQLAnswers):
    """Answers as SQLAlchemy's MariaDB dialect does; measured with 10.11."""

    dialect_class: ClassVar[type[DefaultDialect]] = MariaDBDialect

    def shown_by(self, version: tuple[int, ...]) -> Shown:
        """Return how this server shows tables; the collation is another one since 11.5 (MDEV-25829)."""
        words = Words(
            widths=True,
            quoted=False,
            json_is_text=True,
            collations={"utf8mb4": "utf8mb4_uca1400_ai_ci"} if version >= (11, 5) else {},
            printer=Printer(mysql=False),
        )
        return Shown("mariadb", words, self.type_sql, "RESTRICT")

    def show_columns(self, name: str, is_full: bool) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return what SHOW COLUMNS shows, with FULL or without. Raises NeedsDatabase."""
        view = self.catalog.views.get(self.key(name, None))
        if view is not None and view.shape is not None:
            return view_columns(described(self.catalog, view, self.shown, self.key), is_full=is_full)
        return columns(self.shown, self.described(name), is_full=is_full)

    def show_create_table(self, name: str, is_empty: bool) -> str:
        """Return what SHOW CREATE TABLE shows; ``is_empty`` says that no row was put in. Raises NeedsDatabase."""
        table = self.described(name)
        if not is_certain(self.shown, table, is_empty=is_empty):
            raise NeedsDatabase(f"how the server words table {name!r} is not known to the letter")
        return self.shown.table(table)

    def about_view(self, about: str, view: state.View) -> Any:
        """Return what is asked about a view; SQLAlchemy reads its columns from DESCRIBE. Raises NeedsDatabase."""
        if about != "columns" or view.shape is None:
            return super().about_view(about, view)
        rows = described(self.catalog, view, self.shown, self.key)
        for name, type_, _, _, default, _ in rows:
            if type_ is UNCERTAIN or default is UNCERTAIN:
                what = "of which type it is" if type_ is UNCERTAIN else "how the server words its default"
                raise NeedsDatabase(
                    f"the revision inspects the columns of view {view.name!r}, and of {name!r} it is not known {what}",
                    hint="Name the columns in the revision.",
                )
        self.reader.shown = self.reader._tabledef_parser._describe_to_create(view.name, rows)
        return self.reader.get_columns(SimpleNamespace(dialect=self.reader), view.name, view.schema)

    def view_columns(self, name: str, schema: str | None = None) -> list[tuple[str, bool | None]] | None:
        """Return names of a view's columns, and whether NULL may stand there; None for what is not known."""
        view = self.catalog.views[self.key(name, schema)]
        if view.shape is None:
            return None
        rows = described(self.catalog, view, self.shown, self.key)
        return [(row[0], None if row[2] is UNCERTAIN else row[2] == "YES") for row in rows]

    def view_definition(self, name: str, schema: str | None = None, **_: Any) -> str:
        """Return what SHOW CREATE TABLE shows of a view. Raises NoSuchTableError, and NeedsDatabase if not certain."""
        view = self.catalog.views.get(self.key(name, schema))
        return super().view_definition(name, schema) if view is None else definition(self.catalog, view, self.key)
