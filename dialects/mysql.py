"""MySQL: versions 8 and later, scripts for the mysql client."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects.mysql.base import MySQLDialect
from sqlalchemy.engine.default import DefaultDialect

from ..alter import renames
from ..conditions import Condition, Piece
from ..dialect import UNTOLD_DATABASE
from ..features import is_call
from ..literals import Literals
from ..operations.model import (
    AddColumn,
    AlterColumn,
    CreateIndex,
    DropConstraint,
    DropIndex,
    DropTableComment,
    SetTableComment,
)
from ..rendering import given
from ..schema.answers import Answers
from ..schema.follow import Follower
from ..schema.text import Grammar
from ..statement import Statement
from ..twin.facts import RowFacts
from .mysql_definition import FOUND_IN, MySQLDefinitions
from .mysql_form import MySQLForm
from .mysql_grammar import MySQLGrammar
from .mysql_literals import UNTOLD, MySQLLiterals
from .mysql_reflection import MySQLAnswers
from .mysql_schema import MySQLFollower

if TYPE_CHECKING:
    from ..questions import Questions

# What may stand in DEFAULT without parentheses: a literal, or the current time (MySQL manual, 11.6).
PLAIN_DEFAULT = re.compile(
    r"\s*(?:[-+]?[\d.]+(?:e[-+]?\d+)?|[bBxXnN]?'.*'|\(.*\)|NULL|TRUE|FALSE"
    r"|(?:NOW|CURRENT_TIMESTAMP|LOCALTIME|LOCALTIMESTAMP)\s*(?:\(\s*\d*\s*\))?(?:\s+ON\s+UPDATE\s+.*)?)\s*",
    re.I | re.S,
)
# A change of the database whose name nobody told.
ALTER_UNTOLD = re.compile(rf"(ALTER\s+(?:DATABASE|SCHEMA))\s+`?{UNTOLD_DATABASE}`?(?=\s)", re.I)
ORDERED = re.compile(r"(.*?)(\s+(?:asc|desc))?", re.I | re.S)
# What SET DEFAULT takes without parentheses.
LITERAL_DEFAULT = re.compile(r"[-+]?[\d.]+(?:e[-+]?\d+)?|[bBxXnN]?'.*'|_\w+ X'.*'|\(.*\)|NULL|TRUE|FALSE", re.I | re.S)


class OrderedSet(mysql.SET):
    """A SET whose members are written in the order of the type; SQLAlchemy leaves it to the hashes of the words."""

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], Any]:
        """Return the function from what the revision gives to what a driver gets."""
        process: Any = super().bind_processor(dialect)
        order = {word: number for number, word in enumerate(self.values)}

        def ordered(value: Any) -> Any:
            if isinstance(value, (set, frozenset)):
                value = sorted(value, key=lambda word: (order.get(word, len(order)), word))
            return process(value)

        return ordered


class MySQL(MySQLDefinitions):
    """MySQL and its client.

    A statement is one packet: the clients of MySQL and MariaDB and the server of MariaDB take 16 MiB of it unless
    max_allowed_packet says otherwise, MySQL's server 64 MiB (MySQL 8.0 Reference Manual, "Packet Too Large"; MariaDB
    Server documentation, "max_allowed_packet"); a text of two bytes less arrives (measured with MariaDB 10.11).
    """

    name = "mysql"
    title = "MySQL"
    form_class = MySQLForm
    default_version = "8.0.36"
    sqlalchemy_class: ClassVar[type[DefaultDialect]] = MySQLDialect
    #: Usual collations ignore case; FLOAT is single (11.1.4), DATETIME has no fraction unless told (11.2.2), UPDATE
    #: assigns from left to right (15.2.17), SUM of integers is a DECIMAL (14.19.1). ``auto_increment_increment`` is the
    #: server's, and not 1 in clusters, so that generated keys are not known.
    row_facts: ClassVar[RowFacts | None] = RowFacts(
        parser="mysql",
        folds_case=True,
        sorted_json=("JSON",),
        fraction=0,
        double_floats=False,
        sets_in_order=True,
        sum_of_integers="decimal",
    )
    literals_class: ClassVar[type[Literals]] = MySQLLiterals
    grammar: ClassVar[type[Grammar]] = MySQLGrammar
    follower_class: ClassVar[type[Follower]] = MySQLFollower
    answers_class: ClassVar[type[Answers]] = MySQLAnswers
    driver = server_driver = "pymysql"
    database_sql = "DATABASE()"
    driver_doubles_percents = True
    client: ClassVar[str] = "mysql"
    empty_row = "() VALUES ()"
    largest_statement = 16 * 2**20 - 2
    features: ClassVar[Mapping[str, tuple[int, ...] | None]] = {
        "add_column_if_not_exists": None,
        "drop_column_if_exists": None,
        "create_index_if_not_exists": None,
        "drop_index_if_exists": None,
        "drop_constraint_if_exists": None,
        "drop_primary_key_if_exists": None,
        "drop_constraint": (8, 0, 19),
        "drop_check": (8, 0, 16),
        "rename_column": (8,),
        "checks": (8, 0, 16),
        "expression_indexes": (8, 0, 13),
        "exclude": None,
        "deferrable": None,
        "match": None,
        "identity": None,
        "identity_alter": None,
    }
    actions: ClassVar[Mapping[str, str | None]] = {"ON DELETE SET DEFAULT": None, "ON UPDATE SET DEFAULT": None}
    guards = True
    longest_name = 64  # MySQL manual, 11.2.1
    hints: ClassVar[Mapping[str, str]] = {
        "identity_alter": "Use autoincrement=True with existing_type.",
        "match": "Leave match out.",
        "deferrable": "Leave deferrable and initially out; all constraints are checked at once.",
        "identity": "Only a key can be AUTO_INCREMENT.",
        "drop_constraint": "Say type_ in op.drop_constraint: foreignkey, primary, unique or check.",
        "action": "InnoDB refuses it; choose CASCADE or SET NULL.",
    }
    inline_references = False
    long_defaults_in_parentheses: ClassVar[bool] = True
    rename_table_sql = "ALTER TABLE {table} RENAME TO {qualified_new}"
    drop_constraint_sql: ClassVar[Mapping[str, str]] = {
        "foreignkey": "ALTER TABLE {table} DROP FOREIGN KEY {guard}{name}",
        "unique": "ALTER TABLE {table} DROP INDEX {guard}{name}",
        "primary": "ALTER TABLE {table} DROP PRIMARY KEY",
        "check": "ALTER TABLE {table} DROP CHECK {name}",
        "constraint": "ALTER TABLE {table} DROP CONSTRAINT {guard}{name}",
    }

    @property
    def questions_class(self) -> type[Questions]:
        """What asks the database by its plain client."""
        from .mysql_checks import MySQLQuestions

        return MySQLQuestions

    def pin(self, dialect: Any) -> None:
        """Set what SQLAlchemy asks of a live server."""
        dialect.colspecs = {**dialect.colspecs, mysql.SET: OrderedSet}
        dialect._connection_charset = "utf8mb4"
        dialect._sql_mode = ""
        dialect._backslash_escapes = True
        dialect._server_ansiquotes = False
        dialect._casing = 0
        dialect.supports_for_update_of = self.version_info >= (8,)
        dialect.use_mysql_for_share = self.version_info >= (8, 0, 1)
        dialect._needs_correct_for_88718_96365 = (8,) <= self.version_info < (8, 0, 14)
        dialect._requires_alias_for_on_duplicate_key = self.version_info >= (8, 0, 20)
        known(dialect, "_support_default_function", self.version_info >= (8, 0, 13))
        known(dialect, "_support_float_cast", self.version_info >= (8, 0, 17))

    def in_this_database(self, sql: str) -> str:
        """Return text about the database that the session is in; ALTER DATABASE needs no name for that one.

        MySQL manual, 15.1.2, ALTER DATABASE Statement: without a name it applies to the default database.
        """
        return super().in_this_database(ALTER_UNTOLD.sub(r"\1", sql))

    def check_name(self, name: str) -> None:
        """Raise Unsupported for a name that is too long, or has a character that no name can have."""
        super().check_name(name)
        self.check_plane(name, "the name")

    def check_plane(self, text: str, what: str) -> None:
        """Raise Unsupported for characters above U+FFFF, which the dictionary has no room for, and some below U+0020.

        A name is refused (MySQL manual, 11.2), a comment is kept with ``?`` in their places (MariaDB 10.11). Nor is
        there a way to write control characters without an escape of their own where the grammar takes a string, and no
        expression; a comment ends at U+0000 (measured with MariaDB 10.11).
        """
        hint = "Write it without that character."
        if found := UNTOLD.search(text):
            raise self.unsupported(f"cannot be told {found[0]!r} in {what} {text!r}", hint)
        if text and max(text) > "\uffff":
            raise self.unsupported(f"cannot keep {max(text)!r} in {what} {text!r}", hint)

    def check_table(self, table: sa.Table) -> None:
        """Raise Unsupported for what this server would refuse or not keep."""
        super().check_table(table)
        self.check_plane(table.comment or "", "the comment")

    def check_column(self, column: sa.Column[Any]) -> None:
        """Raise Unsupported for what this server would refuse or not keep."""
        super().check_column(column)
        self.check_plane(column.comment or "", "the comment")

    def add_column(self, operation: AddColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield ADD COLUMN; raises Unsupported for a column that counts up and is no key (error 1075)."""
        column = operation.column
        if column is column.table._autoincrement_column and not operation.inline_primary_key:
            raise self.unsupported(
                f"has no AUTO_INCREMENT column without a key, such as {operation.subject}",
                "Say inline_primary_key=True in op.add_column, or autoincrement=False in the column.",
            )
        yield from super().add_column(operation, bind)

    def drop_index(self, operation: DropIndex, bind: sa.Connection) -> Iterator[Piece]:
        """Yield DROP INDEX … ON its table. Raises Unsupported when nobody knows whose index it is."""
        yield from super().drop_index(self.with_its_table(operation), bind)

    def drop_constraint(self, operation: DropConstraint, bind: sa.Connection) -> Iterator[Piece]:
        """Yield the DROP that this kind of constraint asks for, or the one for all kinds where the kind was not told.

        Raises Unsupported where this version lacks the form.
        """
        kind = "primary_key" if operation.type_ == "primary" else "constraint"
        name = str(operation.constraint.name or "")
        present = Condition(kind, True, name, operation.table_name, operation.schema)  # type: ignore[arg-type]
        yield from self.provided(operation.if_exists, present, partial(self.drop_constraint_ddl, operation))

    def kind_of(self, operation: DropConstraint) -> str | None:
        """Return the kind of a constraint by what is known of its table; None where that does not tell one kind."""
        source = self.sa.schema_source
        table = source.table(operation.table_name, operation.schema) if source else None
        name = str(operation.constraint.name or "").lower()
        if table is None or not name:
            return None
        if name == "primary":
            return "primary"
        uniques = [*(one.name for one in table.uniques), *(one.name for one in table.indexes if one.unique)]
        named = {
            "foreignkey": [one.name for one in table.foreign_keys],
            "unique": uniques,
            "check": [one.name for one in table.checks if not one.inline],
        }
        found = [kind for kind, names in named.items() if name in {str(one).lower() for one in names}]
        return found[0] if len(found) == 1 else None

    def drop_constraint_ddl(self, operation: DropConstraint, if_exists: bool) -> Iterator[Piece]:
        """Yield the DROP itself."""
        kind = operation.type_ or self.kind_of(operation) or "constraint"
        if f"drop_{kind}" in self.features:
            self.need(f"drop_{kind}")
        name = self.sa.identifier_preparer.format_constraint(operation.constraint) if operation.constraint.name else ""
        yield self.drop_constraint_sql[kind].format(
            table=self.qualify(operation.table_name, operation.schema),
            name=name,
            guard="IF EXISTS " if if_exists else "",
        )

    def guarded(self, condition: Condition, statement: Statement) -> Iterator[Statement]:
        """Yield the statement as a prepared one, with another that does nothing in its place where it must not run.

        What can be prepared: https://dev.mysql.com/doc/refman/8.0/en/sql-prepared-statements.html.
        """
        source = FOUND_IN[condition.kind][0]
        found = f"SELECT COUNT(*) FROM information_schema.{source} WHERE {self.found_where(condition)}"
        asked = f"({found}) {'>' if condition.exists else '='} 0"
        yield from self.prepared(f"IF({asked},\n    {self.text_literal(statement.sql)},\n    'DO 0')", statement)

    def add_column_ddl(self, operation: AddColumn, inline: list[sa.Constraint], if_not_exists: bool) -> Iterator[Piece]:
        """Yield ADD COLUMN; what comes with the column is added by the same ALTER TABLE, where it must be.

        References inside the column's definition are "parsed but ignored": MySQL manual, 15.1.20.5.
        """
        if self.inline_references:
            yield from super().add_column_ddl(operation, inline, if_not_exists)
            return
        added = "".join(f", ADD {self.ddl().process(constraint)}" for constraint in inline)
        for piece in super().add_column_ddl(operation, [], if_not_exists):
            yield f"{piece}{added}"

    def create_index(self, operation: CreateIndex, bind: sa.Connection) -> Iterator[Piece]:
        """Yield CREATE INDEX; an expression that came as text gets the parentheses that the server wants.

        A functional key part stands in parentheses of its own: MySQL manual, 15.1.15.
        """
        index: Any = operation.index
        index.expressions = [
            sa.text(key_part(one.text)) if isinstance(one, sa.TextClause) and is_call(one.text) else one
            for one in index.expressions
        ]
        yield from super().create_index(operation, bind)

    def set_table_comment(self, operation: SetTableComment, bind: sa.Connection) -> Iterator[Piece]:
        """Yield ALTER TABLE … COMMENT."""
        self.check_plane(operation.comment or "", "the comment")
        table = self.qualify(operation.table_name, operation.schema)
        yield f"ALTER TABLE {table} COMMENT {self.text_literal(operation.comment or '')}"

    def drop_table_comment(self, operation: DropTableComment, bind: sa.Connection) -> Iterator[Piece]:
        """Yield ALTER TABLE … COMMENT with an empty text, which is what no comment is here."""
        yield f"ALTER TABLE {self.qualify(operation.table_name, operation.schema)} COMMENT ''"

    def column_default(self, column: sa.Column[Any], sql: str) -> str:
        """Return a default; an expression gets parentheses, and so does the literal of a long text.

        MySQL manual, 13.6: since 8.0.13 any expression in parentheses, which is also the only default of a BLOB, TEXT
        or JSON column.
        """
        long = isinstance(column.type, (sa.Text, sa.LargeBinary, sa.JSON)) and not sql.startswith("(")
        return sql if PLAIN_DEFAULT.fullmatch(sql) and not (long and self.long_defaults_in_parentheses) else f"({sql})"

    def set_default(self, operation: AlterColumn) -> str:
        """Return SET DEFAULT, which takes a literal, or an expression in parentheses: MySQL manual, 15.1.9."""
        default = self.default_sql(operation.server_default, operation.type_ or self.existing_type(operation))
        if not LITERAL_DEFAULT.fullmatch(default):
            default = f"({default})"
        return self.set_default_sql.format(**self.place(operation), default=default)

    def alter_column(self, operation: AlterColumn, bind: sa.Connection) -> Iterator[Piece]:
        """Yield one CHANGE or MODIFY with the whole definition, or a change of the default or the name alone."""
        self.check_generated(operation)
        self.check_plane(str(operation.comment or ""), "the comment")
        yield from self.drop_type_checks(operation, bind)
        if self.only_renames(operation):
            yield from self.alter_rename(operation)
        elif self.needs_definition(operation) and self.renames_key_column(operation):
            yield from self.alter_rename(operation)
            yield from self.whole_definition(operation, renamed=True)
        elif self.needs_definition(operation):
            yield from self.whole_definition(operation)
        else:
            yield from self.alter_default(operation)
        yield from self.add_type_checks(operation)

    def only_renames(self, operation: AlterColumn) -> bool:
        """Tell whether RENAME COLUMN does it, which repeats nothing and so can lose nothing."""
        others = (operation.type_, operation.nullable, operation.autoincrement)
        told = any(value is not None for value in others) or given(operation.comment) or given(operation.server_default)
        return not told and self.can("rename_column")

    def needs_definition(self, operation: AlterColumn) -> bool:
        """Tell whether more than a default changes; the default of a time can hide ON UPDATE, so it counts as more."""
        others = (operation.type_, operation.nullable, operation.autoincrement)
        if any(value is not None for value in others) or given(operation.comment):
            return True
        if renames(operation) or self.generated_change(operation):
            return True
        temporal = isinstance(self.existing_type(operation), (sa.DateTime, sa.Date, sa.Time))
        return given(operation.server_default) and operation.server_default is not None and temporal

    def check_generated(self, operation: AlterColumn) -> None:
        """Raise Unsupported for a change of a computed column that cannot be made in place.

        MySQL manual, 15.1.9.2: a column becomes STORED or stops being it; VIRTUAL it is from the start.
        """
        if not self.generated_change(operation):
            return
        new, old = operation.server_default, self.existing_default(operation)
        if isinstance(new, sa.Identity) or isinstance(old, sa.Identity):
            self.need("identity_alter")
        stored = [bool(end.persisted) for end in (new, old) if isinstance(end, sa.Computed)]
        if len(set(stored)) > 1 or (stored == [False]):
            raise self.unsupported(
                f"cannot make {operation.subject} a VIRTUAL column, or a VIRTUAL one something else, by alter_column",
                "Drop the column and add it again.",
            )

    @classmethod
    def writing(cls, url: sa.URL) -> sa.URL:
        """Return an address with which PyMySQL takes several statements at once (CLIENT_MULTI_STATEMENTS)."""
        return url.update_query_dict({"client_flag": "65536"})


def key_part(text: str) -> str:
    """Return an expression of an index in the parentheses that it needs, with its order behind them."""
    body, order = ORDERED.fullmatch(text.strip()).groups()  # type: ignore[union-attr]
    return f"{body if body.startswith('(') else f'({body})'}{order or ''}"


def borrowed_options(elements: Any, own: str, other: str) -> None:
    """Give tables and indexes the options of the other database's name, unless they have some of their own."""
    for element in elements:
        options = element.dialect_kwargs
        told = [*options]  # asking with `in` would also find the defaults
        for key in [key for key in told if key.startswith(f"{other}_")]:
            mine = own + key[len(other) :]
            if mine not in told:
                options[mine] = options[key]


def known(dialect: Any, fact: str, value: bool) -> None:
    """Set a fact of SQLAlchemy's dialect, unless that version of SQLAlchemy derives it from the server's version."""
    if not isinstance(getattr(type(dialect), fact, None), property):
        setattr(dialect, fact, value)
