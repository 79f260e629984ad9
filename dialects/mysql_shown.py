"""``SHOW CREATE TABLE`` and its kin, written from a catalog as the server prints them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy.types import TypeEngine

from ..schema import state
from ..schema.state import Table
from .mysql_printed import quoted
from .mysql_words import Worded, Words

#: How the server spells the engines that it is told in other letters.
ENGINES = {
    "innodb": "InnoDB",
    "myisam": "MyISAM",
    "memory": "MEMORY",
    "csv": "CSV",
    "archive": "ARCHIVE",
    "aria": "Aria",
}
#: Options that come behind the character set, in the server's order.
WORDS = (
    ("min_rows", "MIN_ROWS"),
    ("max_rows", "MAX_ROWS"),
    ("avg_row_length", "AVG_ROW_LENGTH"),
    ("pack_keys", "PACK_KEYS"),
    ("stats_sample_pages", "STATS_SAMPLE_PAGES"),
    ("checksum", "CHECKSUM"),
    ("delay_key_write", "DELAY_KEY_WRITE"),
    ("row_format", "ROW_FORMAT"),
    ("key_block_size", "KEY_BLOCK_SIZE"),
)
#: A part of an index that came as text: a column, the length of its prefix, its order.
TEXT_PART = re.compile(r"\s*(?:`((?:[^`]|``)+)`|(\w+))\s*(?:\(\s*(\d+)\s*\))?\s*(asc|desc)?\s*", re.I)


class Shown:
    """Writes tables as one server shows them. ``default_action`` is the foreign key's that it does not show."""

    def __init__(
        self, name: str, words: Words, type_sql: Callable[[TypeEngine[Any]], str], default_action: str
    ) -> None:
        self.name, self.words, self.type_sql, self.default_action = name, words, type_sql, default_action

    def table(self, table: Table) -> str:
        """Return the CREATE TABLE that the server shows."""
        lines = [f"  {self.column(table, column)}" for column in table.columns]
        lines += [f"  {line}" for line in (*self.keys(table), *self.foreign_keys(table), *self.checks(table))]
        return f"CREATE TABLE {quoted(table.name)} (\n" + ",\n".join(lines) + f"\n) {self.options(table)}"

    # Columns.

    def column(self, table: Table, column: state.Column) -> str:
        """Return the definition of a column."""
        worded = self.type(column)
        names = tuple(one.name for one in table.columns)
        parts = [quoted(column.name), worded.text, *self.collation(table, worded)]
        if column.computed is not None:
            kind = "STORED" if column.computed.persisted else "VIRTUAL"
            parts.append(f"GENERATED ALWAYS AS ({self.expression(column.computed.sqltext, names)}) {kind}")
            parts += ["NOT NULL"] if not column.nullable and self.words.quoted else []
        else:
            parts += ["NOT NULL"] if not column.nullable else ["NULL"] if worded.base == "timestamp" else []
            parts += self.default(column, worded, names)
        if column.autoincrement and column.default is None:
            parts.append("AUTO_INCREMENT")
        if column.comment:
            parts.append(f"COMMENT {self.words.string(column.comment)}")
        parts += [f"CHECK ({one})" for one in self.inline_checks(table, column)]
        return " ".join(parts)

    def inline_checks(self, table: Table, column: state.Column) -> Iterator[str]:
        """Yield the CHECKs that stand in a column's definition."""
        names = tuple(one.name for one in table.columns)
        found = [one for one in table.checks if one.inline and one.columns == (column.name,)]
        if found:
            yield " and ".join(self.expression(one.sqltext, names) for one in found)
        elif self.words.json_is_text and self.is_json(column):
            yield f"json_valid({quoted(column.name)})"

    def is_json(self, column: state.Column) -> bool:
        """Tell whether a column is of the type JSON."""
        return self.type_sql(column.type).strip().lower() == "json"

    def type(self, column: state.Column) -> Worded:
        """Return a column's type in the server's words."""
        return self.words.type(self.type_sql(column.type))

    def collation(self, table: Table, worded: Worded) -> Iterator[str]:
        """Yield the character set and collation of a column where they are not the table's."""
        found = self.words.resolved(worded.charset, worded.collation) if worded.textual else None
        if found is None:
            return
        charset, collation = found
        if collation != self.charset(table)[1]:
            yield f"CHARACTER SET {charset}"
            if not self.words.quoted or collation != self.words.collation_of(charset):
                yield f"COLLATE {collation}"
        elif self.words.quoted and collation != self.words.collation_of(charset):
            yield f"COLLATE {collation}"

    def default(self, column: state.Column, worded: Worded, names: tuple[str, ...]) -> Iterator[str]:
        """Yield what stands behind the type of a column about its default."""
        if column.default is not None:
            yield f"DEFAULT {self.words.default(worded, column.default, names)}"
        elif column.nullable and not (self.words.quoted and worded.base.endswith(("text", "blob"))):
            yield "DEFAULT NULL"

    def expression(self, sql: str, columns: tuple[str, ...]) -> str:
        """Return an expression as the server prints it."""
        return self.words.printer.text(sql, columns)

    # Keys and constraints.

    def keys(self, table: Table) -> Iterator[str]:
        """Yield the lines of the primary key and of the indexes."""
        if table.primary_key is not None:
            yield f"PRIMARY KEY ({','.join(map(quoted, table.primary_key.columns))})"
        for key in self.in_order(table):
            if isinstance(key, state.Index):
                yield self.index(table, key)
            else:
                yield f"UNIQUE KEY {quoted(str(key.name))} ({','.join(map(quoted, key.columns))})"

    def in_order(self, table: Table) -> list[state.Unique | state.Index]:
        """Return the indexes in the order in which the server keeps them: its sql_table.cc, sort_keys()."""
        return sorted((*table.uniques, *table.indexes), key=lambda key: self.rank(table, key))

    def rank(self, table: Table, key: state.Unique | state.Index) -> int:
        """Return where an index stands: unique ones first, of these those without NULL; of equals the older."""
        if isinstance(key, state.Index) and not key.unique:
            return 3 if str(self.option(key.options, "prefix")).upper().startswith("FULLTEXT") else 2
        columns = [table.column(name) for name in key.columns]
        return int(any(column is None or column.nullable for column in columns))

    def knows_order(self, table: Table) -> bool:
        """Tell whether the order of the indexes is known: that of constraints and of indexes is not told together."""
        ranks = {self.rank(table, key) for key in table.uniques}
        return not any(self.rank(table, index) in ranks for index in table.indexes)

    def index(self, table: Table, index: state.Index) -> str:
        """Return the line of an index."""
        prefix = str(self.option(index.options, "prefix") or ("UNIQUE" if index.unique else "")).upper()
        prefix = prefix.removesuffix(" INDEX").removesuffix(" KEY")
        parts = ",".join(self.part(table, index, part) for part in index.parts)
        line = f"{f'{prefix} ' if prefix else ''}KEY {quoted(str(index.name))} ({parts})"
        if using := self.option(index.options, "using"):
            line += f" USING {str(using).upper()}"
        if parser := self.option(index.options, "with_parser"):
            line += (
                f" /*!50100 WITH PARSER {quoted(str(parser))} */ "
                if self.words.quoted
                else f" WITH PARSER {quoted(str(parser))}"
            )
        return line

    def part(self, table: Table, index: state.Index, part: state.Part) -> str:
        """Return one part of an index: a column with the length of its prefix and its order, or an expression."""
        column, order, length = part.column, "DESC" if "desc" in part.order else "", ""
        if column is None:
            found = text_part(str(part.expression))
            if found is None or table.column(found[0]) is None:
                expression = str(part.expression)
                names = tuple(one.name for one in table.columns)
                return f"({self.expression(expression, names)}){' DESC' if order else ''}"
            column, length = found[:2]
            order = order or found[2]
        lengths = self.option(index.options, "length")
        told = lengths.get(column) if isinstance(lengths, Mapping) else lengths
        length = str(told) if told is not None else length
        length = "" if length and self.holds(table, column) == int(length) else length
        return f"{quoted(column)}{f'({length})' if length else ''}{f' {order}' if order else ''}"

    def holds(self, table: Table, name: str) -> int | None:
        """Return how many characters a column holds; a prefix of that length is none."""
        column = table.column(name)
        worded = self.type(column) if column is not None else Worded("")
        sized = worded.base in ("char", "varchar", "binary", "varbinary") and worded.args.isdigit()
        return int(worded.args) if sized else None

    def option(self, options: Mapping[str, Any], name: str) -> Any:
        """Return an option of this database by its short name, None for none."""
        return options.get(f"{self.name}_{name}")

    def foreign_keys(self, table: Table) -> Iterator[str]:
        """Yield the lines of the foreign keys, in the order of their names."""
        for key in sorted(table.foreign_keys, key=lambda one: str(one.name)):
            other = f"{quoted(key.schema)}." if key.schema not in (None, table.schema) else ""
            line = (
                f"CONSTRAINT {quoted(str(key.name))} FOREIGN KEY ({', '.join(map(quoted, key.columns))}) "
                f"REFERENCES {other}{quoted(key.table)} ({', '.join(map(quoted, key.referred))})"
            )
            for event, name in (("ON DELETE", "ondelete"), ("ON UPDATE", "onupdate")):
                action = " ".join(str(key.options.get(name) or self.default_action).upper().split())
                line += f" {event} {action}" if action != self.default_action else ""
            yield line

    def checks(self, table: Table) -> Iterator[str]:
        """Yield the lines of the CHECKs."""
        names = tuple(one.name for one in table.columns)
        for check in table.checks:
            if not check.inline:
                yield f"CONSTRAINT {quoted(str(check.name))} CHECK ({self.expression(check.sqltext, names)})"

    # Options of the table.

    def told(self, table: Table) -> dict[str, Any]:
        """Return the options of a table that were given for this database, by their short names."""
        prefix = f"{self.name}_"
        options = {
            key.removeprefix(prefix).lower().replace(" ", "_"): value
            for key, value in table.options.items()
            if key.startswith(prefix)
        }
        return {
            {
                "default_charset": "charset",
                "character_set": "charset",
                "default_character_set": "charset",
                "default_collate": "collate",
            }.get(key, key): value
            for key, value in options.items()
        }

    def charset(self, table: Table) -> tuple[str, str]:
        """Return character set and collation of a table."""
        told = self.told(table)
        found = self.words.resolved(told.get("charset"), told.get("collate"))
        return found or (self.words.charset, self.words.collation_of(self.words.charset))

    def options(self, table: Table) -> str:
        """Return what stands behind the closing parenthesis."""
        told = self.told(table)
        engine = str(told.get("engine", "InnoDB"))
        charset, collation = self.charset(table)
        parts = [f"ENGINE={ENGINES.get(engine.lower(), engine)}", f"DEFAULT CHARSET={charset}"]
        if not self.words.quoted or charset == "utf8mb4" or collation != self.words.collation_of(charset):
            parts.append(f"COLLATE={collation}")
        parts += [f"{word}={str(told[name]).upper()}" for name, word in WORDS if name in told]
        comment = table.comment or told.get("comment")
        if comment:
            parts.append(f"COMMENT={self.words.string(str(comment))}")
        return " ".join(parts)


def text_part(text: str) -> tuple[str, str, str] | None:
    """Return column, length and ``DESC`` of a part of an index that came as text; None for an expression."""
    found = TEXT_PART.fullmatch(text)
    if found is None:
        return None
    return (found[1] or found[2]).replace("``", "`"), found[3] or "", (found[4] or "").upper().replace("ASC", "")
