"""The form of scripts for MariaDB: as MySQL's, with blocks that need no procedure, and SIGNAL that can be prepared."""

from __future__ import annotations

import re
from typing import ClassVar

from ..form import Block, Part
from ..splitting import head
from ..statement import Statement
from .mysql_form import MySQLForm

#: Measured with MariaDB 10.11: what a block holds as it is.
STATIC = re.compile(
    r"(CREATE( OR REPLACE| TEMPORARY)?|ALTER( ONLINE| IGNORE)*|DROP( TEMPORARY)?|RENAME|TRUNCATE|OPTIMIZE) TABLE\b"
    r"|CREATE( OR REPLACE)?( UNIQUE| FULLTEXT| SPATIAL)? INDEX\b|DROP INDEX\b|INSERT\b|UPDATE\b|DELETE\b|REPLACE\b"
    r"|(CREATE|DROP)( OR REPLACE)? (VIEW|SEQUENCE|DATABASE|SCHEMA|USER)\b|SELECT\b"
)


class MariaDBForm(MySQLForm):
    """``BEGIN NOT ATOMIC`` in the place of a procedure: it needs no privilege, and leaves nothing behind."""

    clients: ClassVar[dict[str, str]] = {
        "mariadb": "mariadb --default-character-set=utf8mb4{log} DATABASE < {file}",
        "mysql": "mysql --default-character-set=utf8mb4{log} DATABASE < {file}",
        "plain": "any client that sends {file} statement by statement in one session",
    }
    programs = ("mariadb", "mysql")
    #: ``transaction_read_only`` is new in MariaDB 11.1, where this name still works.
    read_only = "tx_read_only"
    told_by = ()

    def limit_of_statements(self, seconds: float) -> str:
        """Return the setting that ends long statements of any kind."""
        return f"SET LOCAL max_statement_time = {seconds:g};"

    def raising(self, what: str) -> tuple[str, ...]:
        """Return the line that raises once the session is closed."""
        text = f"LEFT(CONCAT({self.literal(f'sqlgen: {what}, the database is at ')}, @sqlgen_have), 128)"
        message = f"CONCAT('SIGNAL SQLSTATE ''45000'' SET MESSAGE_TEXT = ', QUOTE({text}))"
        return (f"EXECUTE IMMEDIATE IF(@@{self.read_only}, {message}, 'DO 0');",)

    def holds(self, statement: Statement) -> bool:
        """Tell that a block holds everything: what it does not hold as it is, it holds as text."""
        return True

    def routine(self, block: Block) -> tuple[str, ...]:
        """Begin a block that is no routine."""
        return (*self.delimited(), "BEGIN NOT ATOMIC")

    def held(self, part: Part) -> str:
        """Return the statement as it is, or as text that is run at once."""
        statement = part.statement
        if statement.verbatim or STATIC.match(head(statement.sql, self.dialect.syntax)):
            return super().held(part)
        sql = statement.sql.strip().removesuffix(";")
        lines = [f"    {line}" for line in part.comment]
        return "\n".join([*lines, *self.told_inside(part), f"    EXECUTE IMMEDIATE {self.literal(sql)};"])

    def ended(self, block: Block) -> tuple[str, ...]:
        """End the block, which has run by then."""
        end = (f"END{self.delimiter}", "DELIMITER ;") if self.is_client else ("END;",)
        return (*end, self.look_back())
