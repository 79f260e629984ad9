"""The intended differences, as data; their reasons stand in ``docs/differences.md`` under the same names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from sqlgen import dialects
from tests.differential.compare import BETWEEN, Difference, Refusal
from tests.differential.outcome import DIALECTS, flat

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


def prepared(source: str, name: str, comparison: str) -> str:
    """Return our guard for MySQL around a statement without its clause; group 0 of the pattern is the statement."""
    return (
        rf"SET @sqlgen_sql = IF((SELECT COUNT(*) FROM information_schema.{source} WHERE table_schema = DATABASE() AND "
        rf"table_name = 'invoice' AND {name}) {comparison} 0, '\1\2', 'DO 0') ;; PREPARE sqlgen_stmt FROM @sqlgen_sql"
        r" ;; EXECUTE sqlgen_stmt ;; DEALLOCATE PREPARE sqlgen_stmt"
    )


def block(number: int) -> str:
    """Return our guard for Oracle around a statement without its clause."""
    handler = f"EXCEPTION WHEN OTHERS THEN IF SQLCODE <> {number} THEN RAISE; END IF; END;"
    return rf"BEGIN EXECUTE IMMEDIATE q'[\1\2]'; {handler}"


def added_or_updated(match: re.Match[str]) -> str:
    """Return the comment of a table as one that may stand already."""
    text, schema, table = match.groups()
    place = f"'schema', {schema}, 'table', {table}"
    listed = f"'schema', N'{schema}', 'table', N'{table}', NULL, NULL"
    calls = [f"execute sp_{verb}extendedproperty 'MS_Description', {text}, {place}" for verb in ("update", "add")]
    found = f"SELECT 1 FROM sys.fn_listextendedproperty(N'MS_Description', {listed})"
    return f"IF EXISTS ({found}) {calls[0]} ELSE {calls[1]}"


MODIFIED = r"ALTER TABLE (\w+) MODIFY (\w+) ((?:(?! ;; ).)+?) NULL(?= ;; |$)"


def looked_up_definition(dialect: str) -> Callable[[re.Match[str]], str]:
    """Return what takes Alembic's MODIFY, which makes a column nullable, to ours, which looks up what it repeats."""
    cls: Any = dialects.get(dialect)
    default = flat(cls.default_lookup)
    checks = [flat(cls.check_lookup.format(but=cls.but_json))] if cls.check_lookup else []

    def rewritten(match: re.Match[str]) -> str:
        table, column, type_ = match.groups()
        literal = type_.replace("'", "''")
        parts = (
            f"'ALTER TABLE {table} MODIFY {column} '",
            f"'{literal} '",
            "IF(is_nullable = 'NO', 'NOT NULL ', 'NULL ')",
            "IF(extra LIKE '%auto_increment%', 'AUTO_INCREMENT ', '')",
            default,
            "IF(column_comment = '', '', CONCAT('COMMENT ', QUOTE(column_comment)))",
            *checks,
        )
        where = f"table_schema = DATABASE() AND table_name = '{table}' AND column_name = '{column}'"
        found = f"(SELECT CONCAT( {', '.join(parts)}) FROM information_schema.columns WHERE {where})"
        run = ("PREPARE sqlgen_stmt FROM @sqlgen_sql", "EXECUTE sqlgen_stmt", "DEALLOCATE PREPARE sqlgen_stmt")
        return BETWEEN.join([f"SET @sqlgen_sql = {found}", *run])

    return rewritten


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
    Difference(
        "Conditions are kept", MSSQL, "(CREATE TABLE )IF NOT EXISTS ", r"IF OBJECT_ID(N'setting', N'U') IS NULL \1"
    ),
    Difference("Conditions are kept", MSSQL, "^ALTER TABLE invoice ADD hint", added=r"IF COL_LENGTH\(.*\) IS NULL "),
    Difference("Conditions are kept", MSSQL, "^CREATE INDEX ix_invoice_due", added=r"IF INDEXPROPERTY\(.*\) IS NULL "),
    Difference(
        "Conditions are kept",
        MYSQL,
        r"(ALTER TABLE invoice ADD COLUMN )IF NOT EXISTS (.*)",
        prepared("columns", "column_name = 'hint'", "="),
    ),
    Difference(
        "Conditions are kept",
        MYSQL,
        r"(ALTER TABLE invoice DROP COLUMN )IF EXISTS (.*)",
        prepared("columns", "column_name = 'hint'", ">"),
    ),
    Difference(
        "Conditions are kept",
        MYSQL,
        r"(CREATE INDEX )IF NOT EXISTS (.*)",
        prepared("statistics", "index_name = 'ix_invoice_due'", "="),
    ),
    Difference(
        "Conditions are kept",
        MYSQL,
        r"(DROP INDEX )IF EXISTS (.*)",
        prepared("statistics", "index_name = 'ix_invoice_due'", ">"),
    ),
    Difference(
        "Conditions are kept",
        MYSQL,
        r"(ALTER TABLE invoice DROP INDEX )(uq_.*)",
        prepared("table_constraints", "constraint_name = 'uq_invoice_reference'", ">"),
    ),
    Difference("Conditions are kept", ORACLE, r"(CREATE TABLE )IF NOT EXISTS (.*)", block(-955)),
    Difference("Conditions are kept", ORACLE, r"(DROP TABLE )IF EXISTS (.*)", block(-942)),
    Difference("Conditions are kept", ORACLE, r"(ALTER TABLE invoice ADD )(hint .*)", block(-1430)),
    Difference("Conditions are kept", ORACLE, r"(ALTER TABLE invoice DROP COLUMN )IF EXISTS (.*)", block(-904)),
    Difference("Conditions are kept", ORACLE, r"(CREATE INDEX )(ix_invoice_due.*)", block(-955)),
    Difference("Conditions are kept", ORACLE, r"(DROP INDEX )IF EXISTS (.*)", block(-1418)),
    Difference("Conditions are kept", ORACLE, r"(ALTER TABLE invoice DROP CONSTRAINT )IF EXISTS (.*)", block(-2443)),
    Difference(
        "Names change alone", (*MYSQL, *MARIADB), r"CHANGE (\w+) ((?!\1)\w+) (?:(?! ;; ).)+", r"RENAME COLUMN \1 TO \2"
    ),
    Difference("Names change alone", (*MYSQL, *MARIADB), r"CHANGE (\w+) \1 ", r"MODIFY \1 "),
    Difference("What a change must repeat", MYSQL, MODIFIED, looked_up_definition("mysql")),
    Difference("What a change must repeat", MARIADB, MODIFIED, looked_up_definition("mariadb")),
    Difference("What a change must repeat", (*MYSQL, *MARIADB), r"^(ALTER TABLE \w+ MODIFY .*) NULL$", r"\1 NOT NULL"),
    Difference("What a change must repeat", MSSQL, r"^(ALTER TABLE \w+ ALTER COLUMN \w+ [\w()]+)$", r"\1 NOT NULL"),
    Difference(
        "What a change must repeat",
        MSSQL,
        r"^(ALTER TABLE invoice ALTER COLUMN reference (?:INTEGER|BIGINT))$",
        r"DECLARE @sqlgen_sql nvarchar(max); SELECT @sqlgen_sql = N'\1' + CASE is_nullable WHEN 1 THEN N' NULL' ELSE "
        r"N' NOT NULL' END FROM sys.columns WHERE object_id = OBJECT_ID(N'invoice') AND name = N'reference'; "
        r"EXEC (@sqlgen_sql)",
    ),
    Difference(
        "A default goes before its column's type",
        PG,
        "^$",
        added=r"^ALTER TABLE invoice ALTER COLUMN (lines|positions) DROP DEFAULT$",
    ),
    Difference("Expressions in indexes", MYSQL, r"\(lower\(number\)\)", "((lower(number)))"),
    Difference(
        "Comments that stand already",
        MSSQL,
        r"execute sp_addextendedproperty 'MS_Description', (N'[^']*'), 'schema', (\w+), 'table', (\w+)(?= ;; |$)",
        added_or_updated,
    ),
    Difference("Arrays have a type", PG, r"ARRAY\[1, 2\]", r"\g<0>::INTEGER[]"),
    Difference("Options for MySQL on MariaDB", MARIADB, r"(label VARCHAR\(200\) \))", r"\1 ENGINE=InnoDB"),
    Difference("Options for MySQL on MariaDB", MARIADB, r"parcel \(label\)", "parcel (label(20))"),
    Difference("Procedures are executed in full", MSSQL, r"\bexec sp_", "execute sp_"),
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
    Difference("Several statements in one text", DIALECTS, "; (?=DELETE)", BETWEEN),
    Difference("Commits in text", (*PG, *SQLITE), "^COMMIT ;; BEGIN$", ""),
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
    Difference("Tables that are copied on SQLite", SQLITE, "^$", added="^PRAGMA legacy_alter_table = (ON|OFF)$"),
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
    Refusal(REFUSED, SQLITE, r"^Unsupported: .* has no [A-Z ]+ IF (NOT )?EXISTS"),
    Refusal(REFUSED, (*MARIADB, *MSSQL), r"^Unsupported: .* has no indexes on expressions"),
    Refusal(REFUSED, ORACLE, r"^Unsupported: Oracle has no type TIME"),
    Refusal(REFUSED, ORACLE, r"^Unsupported: Oracle cannot make [\w.]+ an identity column"),
    Refusal(REFUSED, ORACLE, r"^Unsupported: Oracle has no ON UPDATE CASCADE on foreign keys"),
    Refusal(REFUSED, (*PG, *MSSQL, *ORACLE), r"^Unsupported: .* cannot switch the autoincrement of [\w.]+"),
    Refusal(REFUSED, (*MYSQL, *MARIADB, *SQLITE, *MSSQL, *ORACLE), r"^LiteralError: .* a Python list has no literal"),
    Refusal(REFUSED, SQLITE, r"^Unsupported: SQLite cannot change [\w.]+ in place"),
    Refusal(REFUSED, (*MYSQL, *MARIADB, *MSSQL), r"^Unsupported: .* must know the table of index \w+ to drop it"),
    Refusal(REFUSED, (*MYSQL, *MARIADB, *MSSQL), r"^Unsupported: .* has no DEFERRABLE constraints"),
    Refusal(REFUSED, (*MSSQL, *ORACLE), r"^Unsupported: .* has no MATCH on foreign keys"),
    Refusal("Commits in text", MSSQL, r"^Unsupported: COMMIT meddles with the transaction"),
    Refusal("Misspelt arguments", DIALECTS, r"TypeError: \w+\(\) got an unexpected keyword argument"),
)
"""What Alembic prints and we refuse."""

UNORDERED = "Indexes of a table in order"
"""What the comparer itself levels: see :func:`tests.differential.compare.in_order`."""


def names() -> set[str]:
    """Return the headings under which the reasons stand, those for another SQLAlchemy among them."""
    return {UNORDERED, *(item.name for item in (*ALWAYS, *NEWER, *OLDER, *REFUSALS))}
