"""The intended differences, as data; their reasons stand in ``docs/differences.md`` under the same names."""

from __future__ import annotations

import re

import sqlalchemy as sa

from tests.differential.compare import BETWEEN, Difference, Refusal
from tests.differential.outcome import DIALECTS

PG, MYSQL, MARIADB, SQLITE, MSSQL, ORACLE = ((name,) for name in DIALECTS)


def joined(match: re.Match[str]) -> str:
    """Return single-row INSERTs into the same columns as one INSERT."""
    return match[1] + match[2] + match[3].replace(BETWEEN + match[1], ", ")


def dropped(catalogue: str) -> str:
    """Return our search for constraints of one kind; the groups of the pattern are table and column."""
    alias = catalogue.rpartition(" ")[2].partition(".")[0]
    return (
        r"DECLARE @sqlgen_sql nvarchar(max) = N''; SELECT @sqlgen_sql = @sqlgen_sql"
        rf" + N'ALTER TABLE \1 DROP CONSTRAINT ' + QUOTENAME(c.name) + N'; ' FROM {catalogue} = OBJECT_ID(N'\1')"
        rf" AND COL_NAME({alias}.parent_object_id, {alias}.parent_column_id) = N'\2'; EXEC (@sqlgen_sql)"
    )


def looked_up(catalogue: str) -> str:
    """Return a pattern for Alembic's search for one constraint."""
    return (
        rf"declare @const_name varchar\(256\) select @const_name = QUOTENAME\(\[name\]\) from {catalogue}\b[^;]*?"
        r"parent_object_id = object_id\('(\w+)'\) and col_name\([\w.]+, [\w.]+\) = '(\w+)'"
        r" exec\('alter table \w+ drop constraint ' \+ @const_name\)"
    )


FIXED = r"\bVARCHAR\((\d+)\)(?= NOT NULL)"
IDENTITY = (
    r"IF EXISTS \(SELECT 1 FROM sys\.identity_columns WHERE object_id = OBJECT_ID\(N'\w+'\) AND name IN \([^)]*\)\) "
)
DEFAULTS = "sys.default_constraints c WHERE c.parent_object_id"
CHECKS = "sys.check_constraints c WHERE c.parent_object_id"
KEYS = (
    "sys.foreign_keys c JOIN sys.foreign_key_columns k ON k.constraint_object_id = c.object_id WHERE k.parent_object_id"
)

ALWAYS = (
    Difference(
        "Rows of one call in one INSERT",
        (*PG, *MYSQL, *MARIADB, *SQLITE, *MSSQL),
        r"(INSERT INTO [^(]+\([^)]*\) VALUES )((?:(?! ;; ).)+)((?: ;; \1(?:(?! ;; ).)+)+)",
        joined,
    ),
    Difference("IDENTITY_INSERT only where it is needed", MSSQL, r"SET IDENTITY_INSERT \w+ (ON|OFF)", ""),
    Difference("IDENTITY_INSERT only where it is needed", MSSQL, "SET IDENTITY_INSERT", added=IDENTITY),
    Difference(
        "IDENTITY_INSERT only where it is needed", MSSQL, "^(?!.*IDENTITY)", added=r"SET IDENTITY_INSERT \w+ (ON|OFF)"
    ),
    Difference("Inserts return nothing", PG, r" RETURNING [\w.]+", ""),
    Difference("Inserts return nothing", MSSQL, r" OUTPUT inserted\.\w+", ""),
    Difference("Inserts return nothing", ORACLE, r" RETURNING [\w.]+ INTO :ret_0", ""),
    Difference("Types of the pinned server", MSSQL, r"\bDATETIME\b", "DATE"),
    Difference("Types of the pinned server", MSSQL, r"\bDATETIME\b", "TIME"),
    Difference("Types of the pinned server", MSSQL, r"\bTEXT\b", "VARCHAR(max)"),
    Difference("Types of the pinned server", MSSQL, r"\bIMAGE\b", "VARBINARY(max)"),
    Difference("Dates on Oracle", ORACLE, r"TO_DATE\(('[\d-]+'), 'YYYY-MM-DD'\)", r"DATE \1"),
    Difference("Moments on SQL Server", MSSQL, r"('\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)", r"\1T\2"),
    Difference("Decimals on SQLite", SQLITE, r"\b(\d+\.\d+?)0+\b", r"\1"),
    Difference("Decimals on SQLite", SQLITE, r"(?<=\('B', )2(?=\))", "2.0"),
    Difference("Procedures are executed in full", MSSQL, r"^exec sp_", "execute sp_"),
    Difference("Default constraints on SQL Server", MSSQL, looked_up("sys.default_constraints"), dropped(DEFAULTS)),
    Difference("Default constraints on SQL Server", MSSQL, looked_up("sys.check_constraints"), dropped(CHECKS)),
    Difference("Default constraints on SQL Server", MSSQL, looked_up("sys.foreign_keys fk"), dropped(KEYS)),
    Difference(
        "Default constraints on SQL Server",
        MSSQL,
        "^$",
        added=r"^DECLARE @sqlgen_sql .* FROM sys\.default_constraints .* EXEC \(@sqlgen_sql\)$",
    ),
    Difference("Text with a backslash", PG, r"'C:\\+temp'", r"E'C:\\\\temp'"),
    Difference("Control characters in literals", PG, "'one two'", r"E'one\\ttwo'"),
    Difference("Control characters in literals", (*MYSQL, *MARIADB), "'one two'", r"'one\\ttwo'"),
    Difference("Control characters in literals", SQLITE, "'one two'", "('one' || char(9) || 'two')"),
    Difference("Control characters in literals", MSSQL, "'one two'", "('one' + CHAR(9) + 'two')"),
    Difference("Control characters in literals", ORACLE, "'one two'", "('one' || CHR(9) || 'two')"),
    Difference("Colons in text", DIALECTS, r'\{"a"NULL\}', '{"a":true}'),
    Difference("Values given at execution", DIALECTS, "currency = NULL", "currency = 'EUR'"),
    Difference("Values given at execution", DIALECTS, "lines = NULL", "lines = 3"),
    Difference("Semicolons of the author's", DIALECTS, r";(?= ;; |$)", ""),
    Difference(
        "References within ADD COLUMN",
        MYSQL,
        r"ALTER TABLE (\w+) ADD COLUMN (\w+) (\w+) REFERENCES (.*)",
        rf"ALTER TABLE \1 ADD COLUMN \2 \3{BETWEEN}ALTER TABLE \1 ADD FOREIGN KEY(\2) REFERENCES \4",
    ),
    Difference(
        "References within ADD COLUMN", (*MSSQL, *ORACLE), r"ADD payer_id [\w ]+$", r"\g<0> REFERENCES customer (id)"
    ),
    Difference("Conditions are kept", MARIADB, r"DROP INDEX (?=uq_)", "DROP INDEX IF EXISTS "),
    Difference("Types of new columns", PG, "^$", added=r"^CREATE TYPE \w+ AS ENUM \([^)]*\)$"),
    Difference("Lengths that are fixed", MSSQL, FIXED, r"CHAR(\1)"),
    Difference("Reserved words", MARIADB, r"\bvalue\b", "`value`"),
    Difference("Comments on SQLite", SQLITE, r"COMMENT ON TABLE [\w.]+ IS ('[^']*'|NULL)", ""),
    Difference("Comments on Oracle carry the schema", ORACLE, "ON COLUMN supplier", "ON COLUMN purchase.supplier"),
)
"""What differs with every SQLAlchemy."""

NEWER = (
    Difference("Lengths that are fixed", PG, FIXED, r"CHAR(\1)"),
    Difference("Types of the pinned server", ORACLE, r"\bBOOLEAN\b", "SMALLINT"),
    Difference(
        "Types of the pinned server",
        ORACLE,
        r"(?<=, )(\w+) BOOLEAN NOT NULL,(.* )PRIMARY KEY \(code\)",
        r"\1 SMALLINT NOT NULL,\2PRIMARY KEY (code), CONSTRAINT ck_flag_\1 CHECK (\1 IN (0, 1))",
    ),
    Difference("Types of the pinned server", ORACLE, r"\bJSON\b", "BLOB"),
    Difference("Functions as defaults", MARIADB, r"DEFAULT \(now\(\)\)", "DEFAULT now()"),
)
"""What differs from SQLAlchemy 2.1 on: it knows of newer servers, and takes an unknown one for the newest."""

OLDER = (Difference("Functions as defaults", (*MYSQL, *MARIADB), r"DEFAULT now\(\)", "DEFAULT (now())"),)
"""What differs before SQLAlchemy 2.1."""

DIFFERENCES = (*ALWAYS, *(NEWER if sa.__version__ >= "2.1" else OLDER))
"""What both print, in different words, with the SQLAlchemy at hand."""

REFUSED = "What a database cannot do is refused"
REFUSALS = (
    Refusal(REFUSED, (*MYSQL, *SQLITE, *MSSQL, *ORACLE), r"^Unsupported: .* has no [A-Z ]+ IF (NOT )?EXISTS"),
    Refusal(REFUSED, SQLITE, r"^Unsupported: SQLite cannot change [\w.]+ in place"),
    Refusal(REFUSED, (*MYSQL, *MARIADB, *MSSQL), r"^Unsupported: .* must know the table of index \w+ to drop it"),
    Refusal(REFUSED, (*MYSQL, *MARIADB, *MSSQL), r"^Unsupported: .* has no DEFERRABLE constraints"),
    Refusal(REFUSED, (*MSSQL, *ORACLE), r"^Unsupported: .* has no MATCH on foreign keys"),
    Refusal("Misspelt arguments", DIALECTS, r"TypeError: \w+\(\) got an unexpected keyword argument"),
)
"""What Alembic prints and we refuse."""

UNORDERED = "Indexes of a table in order"
"""What the comparer itself levels: see :func:`tests.differential.compare.in_order`."""


def names() -> set[str]:
    """Return the headings under which the reasons stand, those for another SQLAlchemy among them."""
    return {UNORDERED, *(item.name for item in (*ALWAYS, *NEWER, *OLDER, *REFUSALS))}
