"""What SQLAlchemy's reflection finds on MySQL: its own reading of the ``SHOW CREATE TABLE`` that the server would show.

The database's default character set is taken for utf8mb4, with the collation that the server has for it.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar

from sqlalchemy.dialects.mysql.base import MySQLDialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import NoSuchTableError

from ..errors import NeedsDatabase
from ..records import replace
from ..schema import state
from ..schema.answers import Answers
from ..schema.state import Table
from .mysql_printed import Printer
from .mysql_shown import Shown
from .mysql_views import stands
from .mysql_words import Words

SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")


class Reading:
    """Mixed into SQLAlchemy's dialect: it reads what is shown here, and asks no server."""

    shown = ""

    def _show_create_table(self, *_: Any, **__: Any) -> str:
        return self.shown


class MySQLAnswers(Answers):
    """Answers as SQLAlchemy's MySQL dialect does."""

    dialect_class: ClassVar[type[DefaultDialect]] = MySQLDialect
    reads_once = True

    def __init__(self, wording: Any, default_schema: str | None) -> None:
        super().__init__(wording, default_schema)
        self.shown = self.shown_by(wording.version_info)
        reader: Any = type(f"Reading{self.dialect_class.__name__}", (Reading, self.dialect_class), {})()
        reader.server_version_info = wording.version_info
        reader.default_schema_name = default_schema
        wording.pin(reader)
        reader._needs_correct_for_88718_96365 = False  # names are right here
        self.reader = reader

    def shown_by(self, version: tuple[int, ...]) -> Shown:
        """Return how this server shows tables."""
        words = Words(
            widths=version < (8, 0, 19),
            quoted=True,
            json_is_text=False,
            collations={"utf8mb4": "utf8mb4_0900_ai_ci"},
            printer=Printer(mysql=True),
        )
        return Shown("mysql", words, self.type_sql, "NO ACTION")

    def type_sql(self, type_: Any) -> str:
        """Return a type as a script has it."""
        return str(self.wording.sa.type_compiler_instance.process(type_))

    def about_one(self, about: str, name: str, schema: str | None) -> Any:
        """Return what SQLAlchemy reads about one table. Raises NoSuchTableError and NeedsDatabase."""
        table = self.catalog.tables.get(self.key(name, schema))
        if table is None:
            return super().about_one(about, name, schema)
        self.check(about, table)
        self.reader.shown = self.shown.table(table)
        return getattr(self.reader, f"get_{about}")(SimpleNamespace(dialect=self.reader), name, schema)

    def check(self, about: str, table: Table) -> None:
        """Raise NeedsDatabase for what the server words in a way that is not known here."""
        if about == "table_options" and any("partition" in key for key in table.options):
            raise NeedsDatabase(
                f"the revision inspects the options of {table.name!r}, and how its partitions are worded is not known",
                hint="Say in the revision what is known.",
            )

    def described(self, name: str) -> Table:
        """Return a table of the database at hand. Raises NeedsDatabase when it is not described."""
        table = self.catalog.tables.get(self.key(name, None))
        if table is None:
            raise NeedsDatabase(f"the revision asks for table {name!r}, of which not everything is known")
        return table

    def key_order(self, name: str) -> list[str]:
        """Return the names of a table's indexes in the order of the server. Raises NeedsDatabase."""
        table = self.described(name)
        if not self.shown.knows_order(table):
            raise NeedsDatabase(f"the order of the indexes of {name!r} is not known")
        return ["PRIMARY", *(str(key.name) for key in self.shown.in_order(table))]

    def about_view(self, about: str, view: state.View) -> Any:
        """Return what is asked about a view: SQLAlchemy sees its columns only. Raises NeedsDatabase for these."""
        if about == "table_options":
            return {}
        return super().about_view(about, replace(view, shape=None))

    def view_columns(self, name: str, schema: str | None = None) -> list[tuple[str, bool | None]] | None:
        """Return the names of a view's columns, where all that it reads is there; whether NULL may stand is not known.

        MySQL manual, 15.1.23, CREATE VIEW Statement: names are those of the SELECT, and stay when tables get more
        columns. How the server words types and defaults of them, no page says.
        """
        view = self.catalog.views[self.key(name, schema)]
        known = view.shape is not None and stands(self.catalog, view, self.key)
        return [(one.name, None) for one in view.shape or ()] if known else None

    def view_definition(self, name: str, schema: str | None = None, **_: Any) -> str:
        """Raise NeedsDatabase: what is shown of a view names the user who made it. Raises NoSuchTableError."""
        if self.key(name, schema) not in self.catalog.views:
            raise NoSuchTableError(f"{schema}.{name}" if schema else name)
        raise NeedsDatabase(
            f"the revision reads the definition of view {name!r}, which the server words in its own way",
            hint="Keep the text of the view in the revision.",
        )

    def has_sequence(self, name: str, schema: str | None = None, **options: Any) -> bool:
        """Tell whether there is a sequence. Raises NotImplementedError where there are none, as SQLAlchemy does."""
        self.need_sequences()
        return super().has_sequence(name, schema, **options)

    def sequence_names(self, schema: str | None = None, **options: Any) -> list[str]:
        """Return the names of sequences. Raises NotImplementedError where there are none, as SQLAlchemy does."""
        self.need_sequences()
        return super().sequence_names(schema, **options)

    def need_sequences(self) -> None:
        """Raise NotImplementedError where the database has no sequences."""
        if not self.wording.sa.supports_sequences:
            self.reader._sequences_not_supported()

    def schema_names(self, **_: Any) -> list[str]:
        """Return the names of schemas, the server's own among them; that of the database itself may not be known."""
        return sorted({*SYSTEM, *super().schema_names()})
