"""What a server says about its tables, in the words of the model."""

from __future__ import annotations

from collections.abc import Iterator

from tests.databases.clients import Database, Row
from tests.fuzz.model import Column, Schema, Table

COLUMNS = {
    "postgresql": """
        SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname END, c.relname, a.attname,
               CASE WHEN a.attnotnull THEN 0 ELSE 1 END,
               CASE WHEN a.atthasdef AND a.attgenerated = '' THEN 1 ELSE 0 END,
               encode(convert_to(coalesce(col_description(c.oid, a.attnum), ''), 'UTF8'), 'hex')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND a.attnum > 0
              AND NOT a.attisdropped
        ORDER BY n.nspname, c.relname, a.attnum""",
    "mariadb": """
        SELECT '', TABLE_NAME, COLUMN_NAME, IF(IS_NULLABLE = 'YES', 1, 0),
               IF(COLUMN_DEFAULT IS NULL OR COLUMN_DEFAULT = 'NULL' OR GENERATION_EXPRESSION <> '', 0, 1),
               LOWER(HEX(CONVERT(COLUMN_COMMENT USING utf8mb4)))
        FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION""",
    "sqlite": """
        SELECT '', m.name, x.name, NOT x."notnull", x.dflt_value IS NOT NULL, ''
        FROM sqlite_schema m, pragma_table_xinfo(m.name) x
        WHERE m.type = 'table' AND m.name <> 'sqlite_sequence' ORDER BY m.name, x.cid""",
}
NAMES = {
    "postgresql": """
        SELECT conname FROM pg_constraint JOIN pg_namespace n ON n.oid = connamespace WHERE nspname <> 'pg_catalog'
        UNION SELECT indexname FROM pg_indexes WHERE schemaname <> 'pg_catalog'""",
    "mariadb": """
        SELECT CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()
        UNION SELECT INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()""",
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
}


def differences(schema: Schema, database: Database, dialect: str) -> list[str]:
    """Return how the server's catalogue and rows differ from the model."""
    return [*column_differences(schema, database, dialect), *name_differences(schema, database, dialect)]


def column_differences(schema: Schema, database: Database, dialect: str) -> Iterator[str]:
    """Yield differences in tables, columns and the number of rows."""
    found: dict[tuple[str, str], list[Row]] = {}
    for place, name, *column in database.query(COLUMNS[dialect]):
        found.setdefault((str(place), str(name)), []).append(tuple(column))
    wanted = {(table.schema or "", table.name): table for table in schema.tables.values()}
    if found.keys() != wanted.keys():
        yield f"tables: expected {sorted(wanted)}, found {sorted(found)}"
        return
    for key, table in wanted.items():
        expected = [shown(column, dialect) for column in table.columns.values()]
        if found[key] != expected:
            yield f"columns of {key}: expected {expected}, found {found[key]}"
    yield from row_differences([*wanted.values()], database, dialect)


def shown(column: Column, dialect: str) -> Row:
    """Return a column as the catalogue tells it: name, nullable, with a default, the comment in hex."""
    default = column.default is not None or (column.auto and dialect == "postgresql")
    comment = "" if dialect == "sqlite" else column.comment or ""
    return column.name, str(int(column.nullable)), str(int(default)), comment.encode().hex()


def row_differences(tables: list[Table], database: Database, dialect: str) -> Iterator[str]:
    """Yield differences in the number of rows."""
    counts = [f"SELECT {number}, count(*) FROM {quoted(table, dialect)}" for number, table in enumerate(tables)]
    for number, count in database.query(" UNION ALL ".join(counts)) if counts else []:
        table = tables[int(str(number))]
        if int(str(count)) != len(table.rows):
            yield f"rows of {table.name}: expected {len(table.rows)}, found {count}"


def quoted(table: Table, dialect: str) -> str:
    """Return a table's name in quotes."""
    mark = "`" if dialect == "mariadb" else '"'
    names = [name.replace(mark, mark * 2) for name in (table.schema, table.name) if name]
    return ".".join(f"{mark}{name}{mark}" for name in names)


def name_differences(schema: Schema, database: Database, dialect: str) -> Iterator[str]:
    """Yield names of constraints and indexes that are missing, or there although they were dropped."""
    found = {str(name) for (name,) in database.query(NAMES[dialect])}
    wanted = {name for table in schema.tables.values() for name in names_of(table, dialect)}
    if missing := wanted - found:
        yield f"constraints and indexes: missing {sorted(missing)}"
    gone = {name for name in schema.used if not (dialect == "mariadb" and name.startswith("fk "))}  # its index stays
    if left := (found & gone) - {name for table in schema.tables.values() for name in table.names()}:
        yield f"constraints and indexes: still there {sorted(left)}"


def names_of(table: Table, dialect: str) -> Iterator[str]:
    """Yield the names that the catalogue tells: those of indexes everywhere, of constraints where it keeps them."""
    yield from (index.name for index in table.indexes)
    if dialect != "sqlite":
        hidden = {"primary"} if dialect == "mariadb" else set[str]()
        yield from (key.name for key in table.keys if key.name and key.kind not in hidden)
