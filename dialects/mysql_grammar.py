"""What text SQL does to a schema of MySQL or MariaDB: names, types and statements of their own.

The grammar is that of the MySQL manual, 15.1 "Data Definition Statements", and of the MariaDB Knowledge Base.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from ..operations.model import DropIndex, DropTableComment, Operation, RenameTable, SetTableComment
from ..records import replace
from ..schema.changes import CreateView, MoveTable, SetDefaultSchema, SetTableOptions
from ..schema.text import Grammar, NotFollowed, Reader, TypeText
from ..schema.text.alter import Target
from ..schema.text.columns import ColumnText
from ..schema.text.tables import Operations
from .mysql_printed import quoted
from .mysql_types import reflected

ESCAPES = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a"}
ESCAPED = re.compile(r"""\\(.)|''|\"\"""", re.S)
QUOTES = "`'\""
#: Options of tables that have two words.
TWO_WORDS = {"CHARACTER": "SET", "DATA": "DIRECTORY", "INDEX": "DIRECTORY"}
CHARSETS = ("character_set", "charset")
#: What an ALTER TABLE says about itself.
ALGORITHMS = ("ALGORITHM", "LOCK")
INDEX_TAIL = ("KEY_BLOCK_SIZE", "COMMENT", "USING", "VISIBLE", "INVISIBLE", "IGNORED", "NOT", "WITH", *ALGORITHMS)


class MySQLGrammar(Grammar):
    """Statements of MySQL and MariaDB."""

    literal_prefixes = frozenset(("N", "_UTF8", "_UTF8MB4", "_BINARY", "_LATIN1"))
    schema_words = frozenset(("SCHEMA", "DATABASE"))
    index_scope = "table"
    index_words = frozenset(("KEY", "INDEX", "FULLTEXT", "SPATIAL"))
    kinds: ClassVar[Mapping[str, str]] = {**Grammar.kinds, "DATABASE": "schema"}
    statements: ClassVar[Mapping[str, str]] = {
        **Grammar.statements,
        "RENAME": "_rename_tables",
        "USE": "_use",
        "DO": "_select",
    }
    clauses: ClassVar[Mapping[str, str]] = {
        **Grammar.clauses,
        "KEY": "_key",
        "AUTO_INCREMENT": "_auto_increment",
        "COMMENT": "_column_comment",
        "ON": "_on_update",
        "FIRST": "_first",
        "AFTER": "_after",
    }
    actions: ClassVar[Mapping[str, str]] = {
        **Grammar.actions,
        "MODIFY": "_modify",
        "CHANGE": "_change",
        "CONVERT": "_convert",
        "OPTIONS": "_options",
    }
    silent_actions = (("ENABLE", "KEYS"), ("DISABLE", "KEYS"), ("ORDER", "BY"), ("FORCE",), ("ALTER", "INDEX"))

    # Names, literals and types.

    def quoted(self, text: str) -> str:
        """Return a name that stands between backticks."""
        return text[1:-1].replace("``", "`")

    def string(self, text: str) -> str:
        """Return the value of a literal in either kind of quotes: 11.1.1 of the manual."""
        quote = text[0]

        def plain(found: re.Match[str]) -> str:
            if found[0][0] != "\\":
                return quote if found[0][0] == quote else found[0]
            return ESCAPES.get(found[1], f"\\{found[1]}" if found[1] in "%_" else found[1])

        return ESCAPED.sub(plain, text[1:-1])

    @property
    def shows_widths(self) -> bool:
        """Tell whether the server keeps the widths of integers."""
        return self.dialect.version_info < (8, 0, 19)

    @property
    def index_names_key(self) -> bool:
        """Tell whether a foreign key without a name is called as its index is: the manual, 15.1.20.5."""
        return self.dialect.version_info < (8, 0, 16)

    is_mariadb = False

    def type_of(self, spelling: TypeText) -> TypeEngine[Any]:
        """Return a type as reflection gives it."""
        values: list[str] = []
        if spelling.base in ("enum", "set"):
            values = [self.literal(self.reader(one)) for one in spelling.arguments]
        if spelling.is_quoted or spelling.schema is not None or spelling.dimensions:
            raise NotFollowed("there are no types of one's own here")
        return reflected(spelling, values, shows_widths=self.shows_widths, is_mariadb=self.is_mariadb)

    # Columns.

    def typed(self, name: str, reader: Reader, sequence_table: tuple[str, str | None] | None) -> ColumnText:
        """Take a column's type and collation. SERIAL is a number, a counter and a key: 13.1.1 of the manual."""
        if reader.takes("SERIAL"):
            column = ColumnText(name, self.type_named("BIGINT UNSIGNED"), nullable=False, autoincrement=True)
            column.constraints.append(sa.UniqueConstraint(name))
            return column
        return ColumnText(name, self.type_of(self.take_type(reader)))

    def column(self, reader: Reader, sequence_table: tuple[str, str | None] | None = None) -> ColumnText:
        """Take a column. A TIMESTAMP of which not all is said, older servers give a default and NOT NULL.

        https://dev.mysql.com/doc/refman/8.0/en/server-system-variables.html, explicit_defaults_for_timestamp.
        """
        column = super().column(reader, sequence_table)
        told = "NULL" in column.said or {"NOT", "DEFAULT"} <= set(column.said)
        if isinstance(column.type_, sa.TIMESTAMP) and not told and not self.timestamps_are_plain:
            raise NotFollowed("the server adds to what is said of a TIMESTAMP")
        return column

    @property
    def timestamps_are_plain(self) -> bool:
        """Tell whether explicit_defaults_for_timestamp is ON unless somebody changes that."""
        return self.dialect.version_info >= (8, 0, 2)

    def take_type(self, reader: Reader) -> TypeText:
        """Take a type and its collation."""
        spelling = super().take_type(reader)
        if not reader.takes("COLLATE"):
            return spelling
        reader.takes("=")
        return replace(spelling, collation=reader.name())

    def _collate(self, reader: Reader, column: ColumnText) -> None:
        raise NotFollowed("a collation does not stand behind its type")

    def _key(self, reader: Reader, column: ColumnText) -> None:
        column.primary = (None,)

    def _auto_increment(self, reader: Reader, column: ColumnText) -> None:
        column.autoincrement = True

    def _column_comment(self, reader: Reader, column: ColumnText) -> None:
        column.comment = self.literal(reader) or None

    def _on_update(self, reader: Reader, column: ColumnText) -> None:
        reader.needs("UPDATE")
        start = reader.at
        reader.word()
        if reader.shows("("):
            reader.group()
        column.on_update = reader.source(start)

    def _first(self, reader: Reader, column: ColumnText) -> None:
        column.place = (None,)

    def _after(self, reader: Reader, column: ColumnText) -> None:
        column.place = (reader.name(),)

    # Keys and indexes.

    def key_columns(self, reader: Reader) -> tuple[list[str], dict[str, Any]]:
        """Take what a key is over; a name may stand before it, and parts may have a length and an order."""
        columns = []
        if reader.takes("USING"):
            reader.word()
        for item in reader.group().items():
            columns.append(item.name())
            if item.shows("("):
                raise NotFollowed("a key is over a part of a column")
            item.takes_one(("ASC", "DESC"))
            item.ends()
        self.index_options(reader, {})
        return columns, {}

    def _unique_constraint(self, reader: Reader, name: str | None) -> sa.Constraint:
        reader.takes("KEY") or reader.takes("INDEX")
        if not reader.shows("(") and not reader.shows("USING"):
            reader.takes("IF", "NOT", "EXISTS")
            name = reader.name() if name is None else (reader.name() and name)
        columns, _ = self.key_columns(reader)
        return sa.UniqueConstraint(*columns, name=name)

    def _primary_constraint(self, reader: Reader, name: str | None) -> sa.Constraint:
        reader.needs("KEY")
        columns, _ = self.key_columns(reader)
        return sa.PrimaryKeyConstraint(*columns)  # its name is always PRIMARY

    def foreign_name(self, reader: Reader, name: str | None) -> str | None:
        """Take the name of an index behind FOREIGN KEY: before 8.0.16 it names a constraint that has no name."""
        if reader.shows("("):
            return name
        reader.takes("IF", "NOT", "EXISTS")
        index = reader.name()
        return index if name is None and self.index_names_key else name

    def inner_index(self, reader: Reader, others: Sequence[Any], table: tuple[str, str | None]) -> sa.Index:
        """Take an index among the columns of a table, or behind ADD."""
        kind = reader.takes_one(("FULLTEXT", "SPATIAL"))
        reader.takes("KEY") or reader.takes("INDEX")
        reader.takes("IF", "NOT", "EXISTS")
        name = None if reader.shows("(") or reader.shows("USING") else reader.name()
        options: dict[str, Any] = {"prefix": kind}
        if reader.takes("USING"):
            options["using"] = reader.word().lower()
        taken = {str(other.name) for other in others if getattr(other, "name", None)}
        made = self.index(name, table[0], table[1], reader, options)
        if name is None:
            made.name = sa.sql.elements.quoted_name(first_free(str(made.name), taken), None)
        return made

    def index_name(self, table: str, names: Sequence[str], unique: bool) -> str:
        """Return the name of the first column; where an index has that, the server puts _2, _3 … behind it."""
        return names[0]

    def index_kind(self, said: Collection[str]) -> dict[str, Any]:
        """Return the options that words before INDEX stand for."""
        return {"unique": "UNIQUE" in said, "prefix": next((w for w in ("FULLTEXT", "SPATIAL") if w in said), None)}

    def is_call(self, reader: Reader) -> bool:
        """Tell whether an expression comes: here it always stands in parentheses of its own."""
        return False

    def index_expression(self, reader: Reader, names: list[str]) -> Any:
        """Take an expression, which stands in parentheses."""
        names.append("functional_index")
        inner = reader.group().rest()
        return sa.text(f"({inner})" + (f" {reader.rest()}" if not reader.is_done else ""))

    def column_part(self, reader: Reader, name: str, options: dict[str, Any]) -> None:
        """Take how much of a column is indexed."""
        if reader.shows("("):
            options.setdefault("length", {})[name] = reader.group().number()

    def index_options(self, reader: Reader, options: dict[str, Any]) -> None:
        """Take what follows the parts of an index."""
        while word := reader.takes_one(INDEX_TAIL):
            if word == "USING":
                options["using"] = reader.word().lower()
            elif word == "WITH":
                reader.needs("PARSER")
                options["with_parser"] = reader.name()
            elif word == "COMMENT":
                self.literal(reader)
            elif word == "NOT":
                reader.needs("IGNORED")
            elif word in ("KEY_BLOCK_SIZE", *ALGORITHMS):
                reader.takes("=")
                reader.next()

    def drop_index_options(self, reader: Reader) -> None:
        """Take how an index is dropped."""
        self.index_options(reader, {})

    # Tables.

    def table_options(self, reader: Reader) -> dict[str, Any]:
        """Take the options of a table."""
        options = self.take_options(reader)
        comment = options.pop("comment", None)
        found = {self.option(key): value for key, value in options.items()}
        return found | ({"comment": comment} if comment else {})

    def take_options(self, reader: Reader) -> dict[str, str]:
        """Take options of the form ``key = value``; keys are in lower case, their words joined by ``_``."""
        found: dict[str, str] = {}
        while not reader.is_done:
            if reader.takes("PARTITION", "BY"):
                reader.rest()
                break
            reader.takes("DEFAULT")
            key = reader.word()
            if key in TWO_WORDS:
                reader.needs(TWO_WORDS[key])
                key += f"_{TWO_WORDS[key]}"
            reader.takes("=")
            token = reader.next()
            if token.kind not in ("word", "literal", "name") and not token.text.isdecimal():
                raise NotFollowed(f"an option of a table is {token.text}")
            value = self.string(token.text) if token.kind == "literal" else token.text
            name = key.lower()
            found["charset" if name in CHARSETS else name] = value
            reader.takes(",")
        if set(found) & {"as", "select", "like", "ignore", "union", "with"}:
            raise NotFollowed("the rows of a query fill the table")
        return found

    def action_word(self, reader: Reader, last: str) -> str:
        """Take the word that an action begins with; what is no action is an option of the table."""
        return reader.takes_one(self.actions) or "OPTIONS"

    def alter_table(self, reader: Reader) -> Operations:
        """Take ALTER TABLE, without what it says about itself."""
        reader.takes_one(("ONLINE", "IGNORE"))
        return super().alter_table(reader)

    def _options(self, reader: Reader, target: Target) -> Operations:
        options = self.take_options(reader)
        for word in ALGORITHMS:
            options.pop(word.lower(), None)
        found: list[Operation] = []
        if "comment" in options:
            comment = options.pop("comment")
            made = SetTableComment(**target.place, comment=comment) if comment else DropTableComment(**target.place)
            found.append(made)
        if options:
            found.append(SetTableOptions(**target.place, options=options))
        return tuple(found)

    def _convert(self, reader: Reader, target: Target) -> Operations:
        reader.needs("TO")
        return (SetTableOptions(**target.place, options=self.take_options(reader), converts=True),)

    def _modify(self, reader: Reader, target: Target) -> Operations:
        reader.takes("COLUMN")
        if reader.takes("IF", "EXISTS"):
            raise NotFollowed("a column is modified if it exists")
        column = self.column(reader)
        return self.redefined(column.name, column, target)

    def _change(self, reader: Reader, target: Target) -> Operations:
        reader.takes("COLUMN")
        if reader.takes("IF", "EXISTS"):
            raise NotFollowed("a column is changed if it exists")
        old = reader.name()
        return self.redefined(old, self.column(reader), target)

    def _drop(self, reader: Reader, target: Target) -> Operations:
        if reader.takes("FOREIGN", "KEY"):
            return self.key_dropped(reader, target, "foreignkey")
        if reader.takes("CHECK"):
            return self.key_dropped(reader, target, "check")
        if reader.takes("INDEX") or reader.takes("KEY"):
            if_exists = reader.takes("IF", "EXISTS")
            return (self.dropped_index(reader.name(), target.name, target.schema, if_exists),)
        return super()._drop(reader, target)

    def dropped_index(self, name: str, table: str | None, schema: str | None, if_exists: bool = False) -> DropIndex:
        """Return the operation that drops an index. Raises NotFollowed for the one of the primary key."""
        if name.upper() == "PRIMARY":
            raise NotFollowed("the primary key goes as an index")
        return super().dropped_index(name, table, schema, if_exists)

    def key_dropped(self, reader: Reader, target: Target, type_: str) -> Operations:
        """Take the name of a constraint that goes."""
        if_exists = reader.takes("IF", "EXISTS")
        return (self.constraint_dropped(target, reader.name(), type_, if_exists, False),)

    def _rename(self, reader: Reader, target: Target) -> Operations:
        if any(reader.shows(word) for word in ("COLUMN", "INDEX", "KEY", "TO", "AS")):
            return super()._rename(reader, target)
        return self.table_renamed(reader.qualified(), target)

    def _rename_tables(self, reader: Reader) -> Operations:
        reader.needs("TABLE")
        found: list[Operation] = []
        for item in reader.items():
            name, schema = item.qualified()
            item.needs("TO")
            found += self.table_renamed(item.qualified(), Target(name, schema))
            item.ends()
        return tuple(found)

    def table_renamed(self, new: tuple[str, str | None], target: Target) -> Operations:
        """Return the operation that renames a table; a name without a schema moves it to the default one."""
        name, schema = new
        if schema != target.schema:
            return (MoveTable(**target.place, new_schema=schema, new_table_name=name),)
        return (RenameTable(**target.place, new_table_name=name),)

    def _use(self, reader: Reader) -> Operations:
        return (SetDefaultSchema(schemas=(reader.name(),)),)

    # What stands in front of views and programs.

    def create_options(self, reader: Reader) -> list[str]:
        """Take and return ALGORITHM, DEFINER and SQL SECURITY; a DEFINER that is no user with a host has no value."""
        said = []
        while True:
            if reader.takes("ALGORITHM", "="):
                said.append(f"ALGORITHM={reader.word()}")
            elif reader.takes("DEFINER", "="):
                said += self.definer(reader)
            elif reader.takes("SQL", "SECURITY"):
                said.append(f"SECURITY={reader.word()}")
            else:
                return said

    def definer(self, reader: Reader) -> list[str]:
        """Take the user behind DEFINER; the one who runs the script is as good as none."""
        user = reader.next()
        if reader.shows("("):
            reader.group()
        if reader.takes("@"):
            return [f"DEFINER={self.of_user(user.text)}@{self.of_user(reader.next().text)}"]
        return [] if user.text.upper() == "CURRENT_USER" else ["DEFINER="]

    def of_user(self, text: str) -> str:
        """Return a part of a user's name, which may stand in quotes of any kind, between backticks."""
        if text.startswith("`"):
            return text
        return quoted(self.string(text) if text[:1] in QUOTES else text)

    def create_view(self, reader: Reader, said: Collection[str]) -> Operations:
        """Take CREATE VIEW from the name on; what stands before it is kept."""
        clauses = dict(one.split("=", 1) for one in said if "=" in one)
        made = super().create_view(reader, said)
        return tuple(replace(one, clauses=clauses) if isinstance(one, CreateView) else one for one in made)

    def schema_options(self, reader: Reader) -> None:
        """Take the character set and the like of a new schema."""
        self.take_options(reader)

    def setting(self, reader: Reader) -> Operations:
        """Take SET; FOREIGN_KEY_CHECKS and the like change nothing here, STATEMENT runs another statement."""
        if reader.shows("STATEMENT"):
            raise NotFollowed("a statement is run with a setting")
        return super().setting(reader)


class MariaDBGrammar(MySQLGrammar):
    """Statements of MariaDB."""

    shows_widths = True
    index_names_key = True

    @property
    def timestamps_are_plain(self) -> bool:
        """Tell whether explicit_defaults_for_timestamp is ON unless somebody changes that."""
        return self.dialect.version_info >= (10, 10)

    is_mariadb = True


def first_free(name: str, taken: Collection[str]) -> str:
    """Return a name, with the first number from 2 on behind it that makes it one of its own."""
    lower = {one.lower() for one in taken}
    if name.lower() not in lower:
        return name
    return next(found for number in range(2, 1000) if (found := f"{name}_{number}").lower() not in lower)
