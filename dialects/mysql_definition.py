"""Columns' definitions of MySQL and MariaDB, which MODIFY and CHANGE write anew: all that must not be lost is repeated.

What the revision tells counts, then what is known of the column, then what the server tells while the script runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from ..alter import GENERATED, renames
from ..conditions import Condition, Piece
from ..operations.model import UNSET, AlterColumn
from ..records import replace
from ..rendering import given
from ..schema import state
from ..statement import Statement
from .mysql_server import MySQLSchema

COLLATED = re.compile(r"\s+(?:character set|collate)\s+\S+", re.I)
#: The view of ``information_schema`` that tells of objects of a kind, and how it names them.
FOUND_IN: Mapping[str, tuple[str, str]] = {
    "column": ("columns", "column_name = {name}"),
    "index": ("statistics", "index_name = {name}"),
    "constraint": ("table_constraints", "constraint_name = {name}"),
    "primary_key": ("table_constraints", "constraint_type = 'PRIMARY KEY'"),
}

UPDATE_LOOKUP = "IF(extra LIKE '%on update%', CONCAT(SUBSTRING(extra, LOCATE('on update', extra)), ' '), '')"
TYPE_LOOKUP = (
    "column_type, IF(collation_name IS NULL, ' ', "
    "CONCAT(' CHARACTER SET ', character_set_name, ' COLLATE ', collation_name, ' '))"
)
LOOKUP_SQL = """(SELECT CONCAT(
        {texts})
    FROM information_schema.columns
    WHERE {where})"""


class Lookup(str):
    """A part of a column's definition that the server tells, as an expression over ``information_schema.columns``."""


class MySQLDefinitions(MySQLSchema):
    """Writes the whole definition of a column that is to change."""

    # Expressions are marked, values stand without quotes: MySQL manual, 28.3.8, The INFORMATION_SCHEMA COLUMNS Table.
    default_lookup: ClassVar[str] = (
        "IF(column_default IS NULL, '', CONCAT('DEFAULT ', IF(extra LIKE '%DEFAULT_GENERATED%', "
        "CONCAT('(', column_default, ')'), QUOTE(column_default)), ' ')), " + UPDATE_LOOKUP
    )
    check_lookup: ClassVar[str] = ""
    # What a JSON column brings along, and a column of another type must not keep.
    but_json: ClassVar[str] = "AND check_clause <> CONCAT('json_valid(`', column_name, '`)') "

    def found_where(self, condition: Condition) -> str:
        """Return the condition by which an object is found in ``information_schema``."""
        schema = self.text_literal(condition.schema) if condition.schema else "DATABASE()"
        name = FOUND_IN[condition.kind][1].format(name=self.text_literal(condition.name))
        return f"table_schema = {schema} AND table_name = {self.text_literal(condition.table)} AND {name}"

    def prepared(self, text: str, statement: Statement) -> Iterator[Statement]:
        """Yield what runs the statement that an expression gives, in the place of ``statement``."""
        yield replace(statement, sql=f"SET @sqlgen_sql = {text}", element=None)
        yield replace(statement, sql="PREPARE sqlgen_stmt FROM @sqlgen_sql", element=None)
        yield replace(statement, sql="EXECUTE sqlgen_stmt")
        yield replace(statement, sql="DEALLOCATE PREPARE sqlgen_stmt", element=None)

    def renames_key_column(self, operation: AlterColumn) -> bool:
        """Tell whether a column of a foreign key, or one that a key points to, gets another name.

        With more than the name changed, the server would copy the table, and refuses (error 1846).
        """
        source = self.sa.schema_source
        table = source.table(operation.table_name, operation.schema) if source and renames(operation) else None
        if table is None or not self.can("rename_column"):
            return False
        name = operation.column_name
        return any(name in key.columns or key.table == table.name for key in table.foreign_keys)

    def whole_definition(self, operation: AlterColumn, *, renamed: bool = False) -> Iterator[Piece]:
        """Yield CHANGE or MODIFY, which repeats what the revision does not change.

        What is neither told nor known is looked up on the server. ``renamed`` says that it has the new name already.
        """
        names = [self.name_of(operation.column_name)]
        if renames(operation):
            names.append(self.name_of(str(operation.new_column_name)))
        names = names[-1:] if renamed else names
        verb = "CHANGE" if len(names) > 1 else "MODIFY"
        parts = [
            " ".join([f"ALTER TABLE {self.qualify(operation.table_name, operation.schema)} {verb}", *names]),
            *(self.definition(operation) if self.described(operation) else self.looked_up(operation)),
        ]
        if not any(isinstance(part, Lookup) for part in parts):
            yield " ".join(map(str, parts))
            return
        texts = [str(part) if isinstance(part, Lookup) else self.text_literal(f"{part} ") for part in parts]
        name = str(operation.new_column_name) if renamed else operation.column_name
        column = Condition("column", True, name, operation.table_name, operation.schema)
        sql = LOOKUP_SQL.format(texts=",\n        ".join(texts), where=self.found_where(column))
        yield from self.prepared(sql, Statement("", kind="ddl"))

    def described(self, operation: AlterColumn) -> bool:
        """Tell whether a column's definition can be written: it is known, or the revision tells it.

        A revision that tells type and nullability is taken to tell all that there is, as autogenerated ones do.
        """
        told = self.existing_type(operation) or operation.type_
        default = operation.server_default if given(operation.server_default) else self.existing_default(operation)
        enough = self.nullable_after(operation) is not None or isinstance(default, sa.Computed)
        return self.known_column(operation) is not None or (told is not None and enough)

    def kept_type(self, told: TypeEngine[Any], known: state.Column) -> TypeEngine[Any]:
        """Return the type of a column that keeps it: as the revision tells it, with the collation that it has.

        A type that is told with no collation, and is the known one in all else, is the known one; so is one that is
        told with no length where it needs one.
        """
        try:
            words = [COLLATED.sub("", self.type_sql(one)) for one in (told, known.type)]
        except sa.exc.CompileError:
            return known.type
        return known.type if words[0] == words[1] and not COLLATED.search(self.type_sql(told)) else told

    def existing_type(self, operation: AlterColumn) -> TypeEngine[Any] | None:
        """Return the type that a column has: told by the revision, or else known; None when nobody knows."""
        known = self.known_column(operation)
        if operation.existing_type is not None and known is not None:
            return self.kept_type(operation.existing_type, known)
        return super().existing_type(operation)

    def definition(self, operation: AlterColumn) -> Iterator[str]:
        """Yield the parts of a column's definition as they stand after the change."""
        type_ = self.type_after(operation)
        yield self.type_sql(type_)
        default = operation.server_default if given(operation.server_default) else self.existing_default(operation)
        if isinstance(default, sa.Computed):
            yield self.ddl().process(default)
            yield from ["NOT NULL"] if self.nullable_after(operation) is False else []  # MariaDB takes no NULL here
        else:
            yield "NULL" if self.nullable_after(operation) else "NOT NULL"
        if self.counts_up(operation, type_):
            yield "AUTO_INCREMENT"
        if given(default) and default is not None and not isinstance(default, GENERATED):
            yield f"DEFAULT {self.default_sql(default, type_)}"
        known = self.known_column(operation)
        stands = operation.existing_comment or (known.comment if known else None)
        comment = operation.comment if given(operation.comment) else stands
        if comment:
            yield f"COMMENT {self.text_literal(str(comment))}"
        yield from (f"CHECK ({sql})" for sql in self.column_checks(operation))

    def column_checks(self, operation: AlterColumn) -> list[str]:
        """Return the CHECKs in a column's definition, with the column's name as it will be; they must be repeated."""
        source = self.sa.schema_source
        table = source.table(operation.table_name, operation.schema) if source else None
        old, new = operation.column_name, operation.new_column_name or operation.column_name
        found = [one for one in table.checks if one.inline and one.columns == (old,)] if table else []
        reworded = self.follower_class(self, self.schema).reworded
        return [one.sqltext if new == old else reworded(one.sqltext, old, new) for one in found]

    def looked_up(self, operation: AlterColumn) -> Iterator[str | Lookup]:
        """Yield the parts of a column's definition; those that nobody tells as expressions over the catalogue."""
        type_ = operation.type_ or operation.existing_type
        yield Lookup(TYPE_LOOKUP) if type_ is None else self.type_sql(type_)
        nullable = self.nullable_after(operation)
        if nullable is None:
            yield Lookup("IF(is_nullable = 'NO', 'NOT NULL ', 'NULL ')")
        else:
            yield "NULL" if nullable else "NOT NULL"
        auto = operation.existing_autoincrement if operation.autoincrement is None else operation.autoincrement
        if auto is None:
            yield Lookup("IF(extra LIKE '%auto_increment%', 'AUTO_INCREMENT ', '')")
        elif auto is True:
            yield "AUTO_INCREMENT"
        default = operation.server_default if given(operation.server_default) else operation.existing_server_default
        if not given(default):
            yield Lookup(self.default_lookup)
        elif default is not None:
            yield f"DEFAULT {self.default_sql(default, type_)}"
        comment = operation.comment if given(operation.comment) else operation.existing_comment or UNSET
        if not given(comment):
            yield Lookup("IF(column_comment = '', '', CONCAT('COMMENT ', QUOTE(column_comment)))")
        elif comment:
            yield f"COMMENT {self.text_literal(str(comment))}"
        if self.check_lookup and self.can("column_checks"):
            yield Lookup(self.check_lookup.format(but=self.but_json if operation.type_ is not None else ""))

    def counts_up(self, operation: AlterColumn, type_: TypeEngine[Any]) -> bool:
        """Tell whether a column is AUTO_INCREMENT after the change."""
        known = self.known_column(operation)
        told = (operation.autoincrement, operation.existing_autoincrement, known.autoincrement if known else None)
        found = next((answer for answer in told if answer is not None), False)
        return found is True and issubclass(type_._type_affinity or sa.types.NullType, (sa.Integer, sa.Numeric))
