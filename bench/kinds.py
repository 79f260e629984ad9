"""The kinds of change that a table can get, and how often a synthetic history has each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from bench.changes import COMMENTED, PHRASES, STATES, Change, Maker, enum_type, quoted
from bench.tables import Column, Table, batch, call, create_index, drop_index, indented

Kind = Callable[[Maker, Table], "Change | None"]


def create_table(maker: Maker, table: Table, *, document: bool = True) -> Change:
    """Make the table; some may have a document, which PostgreSQL keeps as JSONB."""
    up, module = table.create(), []
    if document and maker.chance.random() < 0.25:
        table.columns.append(Column("document", "document", "sa.Text()"))
        typed = Column("document", "document", "document_type()").source()
        up = [typed.join(line.split(table.columns[-1].source())) for line in table.create()]
        module = [
            "",
            "",
            "def document_type() -> Any:",
            '    """JSONB where there is such a type, else text."""',
            '    return postgresql.JSONB() if op.get_bind().dialect.name == "postgresql" else sa.Text()',
        ]
    down = [drop_index(name, table.name) for name in reversed(table.indexes)]
    down.append(f'op.drop_table("{table.name}")')
    if table.enum[0]:
        down.append(f"sa.Enum(name={quoted(table.enum[0])}).drop(op.get_bind(), checkfirst=False)")
    return Change(f"create {table.name}", up, down, module)


def drop_table(_maker: Maker, table: Table) -> Change | None:
    """Drop a table that nothing refers to; a type would stay behind, so it has none."""
    if table.referred or table.enum[0]:
        return None
    for _, other in table.references.values():
        other.referred -= 1
    up = [drop_index(name, table.name) for name in reversed(table.indexes)]
    return Change(f"drop {table.name}", [*up, f'op.drop_table("{table.name}")'], table.create())


def rename_table(maker: Maker, table: Table) -> Change:
    """Rename the table; its constraints keep their names."""
    old, table.name = table.name, maker.table_name()
    up, down = f'op.rename_table("{old}", "{table.name}")', f'op.rename_table("{table.name}", "{old}")'
    return Change(f"rename {old} to {table.name}", [up], [down])


def add_columns(maker: Maker, table: Table) -> Change:
    """Add one to three columns."""
    up: list[str] = []
    down: list[str] = []
    for _ in range(maker.chance.choice((1, 1, 1, 2, 3))):
        column = maker.column(table, added=True)
        table.columns.append(column)
        up.append(f'op.add_column("{table.name}", {column.source()})')
        down.insert(0, drop_column_call(table, column))
    return Change(f"add {column.name} to {table.name}", up, down)


def drop_column(maker: Maker, table: Table) -> Change | None:
    """Drop a column that can come back without a value."""
    found = [one for one in table.free() if not one.required and not one.default.startswith("sa.func")]
    found = [one for one in found if one.kind not in ("enum", "document")]
    if len(found) < 3:
        return None
    column = maker.chance.choice(found)
    table.replace(column)
    add = f'op.add_column("{table.name}", {column.source()})'
    return Change(f"drop {column.name} of {table.name}", [drop_column_call(table, column)], [add])


def drop_column_call(table: Table, column: Column) -> str:
    """Return the call that drops the column, on SQL Server with the default that stands on it."""
    default = ", mssql_drop_default=True" if column.default else ""
    return f'op.drop_column("{table.name}", "{column.name}"{default})'


def rename_column(maker: Maker, table: Table) -> Change | None:
    """Rename a column that nothing else names."""
    found = table.free("text", "number", "decimal", "day")
    if not found:
        return None
    old = maker.chance.choice(found)
    new = replace(old, name=maker.name(old.name))
    table.replace(old, new)
    ways = [
        call(
            "op.alter_column",
            quoted(table.name),
            quoted(start.name),
            f"new_column_name={quoted(end.name)}",
            *existing(start),
        )
        for start, end in ((old, new), (new, old))
    ]
    return Change(f"rename {old.name} of {table.name}", *ways)


def existing(column: Column, *, type_: bool = True, nullable: bool = True, default: bool = True) -> list[str]:
    """Return the arguments that tell what the column is, for databases whose statement repeats it."""
    return [
        *([f"existing_type={column.type}"] if type_ else []),
        *([f"existing_nullable={column.nullable}"] if nullable else []),
        *([f"existing_server_default={column.default}"] if default and column.default else []),
    ]


def altered(table: Table, old: Column, new: Column, up: list[str], down: list[str], message: str) -> Change:
    """Return the change of one column in a batch, both ways."""
    before = table.copied("before")
    table.replace(old, new)
    module = [*before, *table.copied("after")]
    head = call("batch.alter_column", quoted(old.name), *up), call("batch.alter_column", quoted(old.name), *down)
    return Change(
        f"{message} of {table.name}",
        batch(table.name, "before", *head[0]),
        batch(table.name, "after", *head[1]),
        module,
    )


def alter_type(maker: Maker, table: Table) -> Change | None:
    """Make a text longer, or a number in a table without rows."""
    found = table.free("text") if table.rows else table.free("text", "decimal")
    if not found:
        return None
    old = maker.chance.choice(found)
    size = int(old.type.partition("(")[2].partition(",")[0].rstrip(")"))
    longer = f"sa.String({size + 20})" if old.kind == "text" else f"sa.Numeric({size + 2}, 2)"
    new = replace(old, type=longer)
    up = [f"type_={new.type}", *existing(old)]
    down = [f"type_={old.type}", *existing(new)]
    return altered(table, old, new, up, down, f"longer {old.name}")


def alter_nullable(maker: Maker, table: Table) -> Change | None:
    """Ask for a value, after rows without one got one."""
    found = [one for one in table.free("text", "number") if one.nullable and not one.default]
    if not found:
        return None
    old = maker.chance.choice(found)
    new = replace(old, nullable=False)
    filled = "'none'" if old.kind == "text" else "0"
    change = altered(
        table,
        old,
        new,
        ["nullable=False", *existing(old, nullable=False)],
        ["nullable=True", *existing(new, nullable=False)],
        f"require {old.name}",
    )
    text = f"UPDATE {table.name} SET {old.name} = {filled} WHERE {old.name} IS NULL"
    change.upgrade.insert(0, f'op.execute("{text}")')
    return change


def alter_default(maker: Maker, table: Table) -> Change | None:
    """Give a column a default."""
    found = [one for one in table.free("text", "number") if not one.default]
    if not found:
        return None
    old = maker.chance.choice(found)
    new = replace(old, default='"none"' if old.kind == "text" else '"0"')
    return altered(
        table,
        old,
        new,
        [f"server_default={new.default}", *existing(old)],
        ["server_default=None", *existing(new)],
        f"default for {old.name}",
    )


def add_index(maker: Maker, table: Table) -> Change | None:
    """Index a column."""
    found = table.free("text", "number", "day", "moment")
    if not found:
        return None
    column, name = maker.chance.choice(found), maker.name(f"ix_{table.name[:16]}")
    table.indexes[name] = column.name
    up, down = create_index(name, table.name, column.name), drop_index(name, table.name)
    return Change(f"index {column.name} of {table.name}", [up], [down])


def remove_index(maker: Maker, table: Table) -> Change | None:
    """Drop an index."""
    if not table.indexes:
        return None
    name = maker.chance.choice(list(table.indexes))
    column = table.indexes.pop(name)
    up, down = drop_index(name, table.name), create_index(name, table.name, column)
    return Change(f"drop index of {column} of {table.name}", [up], [down])


def constrained(table: Table, change: Callable[[], object], up: list[str], down: list[str], message: str) -> Change:
    """Return the change of a constraint in a batch, both ways."""
    before = table.copied("before")
    change()
    module = [*before, *table.copied("after")]
    return Change(message, batch(table.name, "before", *up), batch(table.name, "after", *down), module)


def add_check(maker: Maker, table: Table) -> Change | None:
    """Check that a number is not below nought."""
    found = table.free("number", "decimal")
    if not found:
        return None
    column, name = maker.chance.choice(found), maker.name(f"ck_{table.name[:16]}")
    text = f"{column.name} >= 0"
    return constrained(
        table,
        lambda: table.checks.update({name: (column.name, text)}),
        [f'batch.create_check_constraint("{name}", "{text}")'],
        [f'batch.drop_constraint("{name}", type_="check")'],
        f"check {column.name} of {table.name}",
    )


def remove_check(maker: Maker, table: Table) -> Change | None:
    """Drop a check."""
    if not table.checks:
        return None
    name = maker.chance.choice(list(table.checks))
    column, text = table.checks[name]
    return constrained(
        table,
        lambda: table.checks.pop(name),
        [f'batch.drop_constraint("{name}", type_="check")'],
        [f'batch.create_check_constraint("{name}", "{text}")'],
        f"no check of {column} of {table.name}",
    )


def add_unique(maker: Maker, table: Table) -> Change | None:
    """Ask that codes differ, as those of the rows do."""
    if not table.free("code"):
        return None
    name = maker.name(f"uq_{table.name[:16]}")
    return constrained(
        table,
        lambda: table.uniques.update({name: "code"}),
        [f'batch.create_unique_constraint("{name}", ["code"])'],
        [f'batch.drop_constraint("{name}", type_="unique")'],
        f"unique code of {table.name}",
    )


def update_rows(maker: Maker, table: Table) -> Change | None:
    """Change rows by a statement in text, with a percent sign and an apostrophe now and then."""
    texts, numbers = table.free("text"), table.free("number")
    if texts and maker.chance.random() < 0.6:
        column = maker.chance.choice(texts)
        phrase = maker.chance.choice(PHRASES).replace("'", "''")
        text = f"UPDATE {table.name} SET {column.name} = '{phrase}' WHERE {column.name} = 'none' OR id = 1"
    elif numbers:
        column = maker.chance.choice(numbers)
        text = f"UPDATE {table.name} SET {column.name} = {column.name} + 1 WHERE id > {maker.chance.randrange(20)}"
    else:
        return None
    return Change(f"new {column.name} in {table.name}", [f"op.execute({quoted(text)})"], ["pass"])


def stamp_rows(maker: Maker, table: Table) -> Change | None:
    """Write the time, which each database has under another name."""
    found = table.free("moment")
    if not found:
        return None
    column = maker.chance.choice(found).name
    up = [
        "name = op.get_bind().dialect.name",
        'moment = {"mssql": "SYSDATETIME()", "oracle": "SYSTIMESTAMP"}.get(name, "CURRENT_TIMESTAMP")',
        f'op.execute(f"UPDATE {table.name} SET {column} = {{moment}} WHERE {column} IS NULL")',
    ]
    return Change(f"stamp {column} of {table.name}", up, ["pass"])


def comment(maker: Maker, table: Table) -> Change | None:
    """Comment a table or a column where Alembic can write that offline."""
    found = table.free("text", "number", "day")
    if not found:
        return None
    column, text = maker.chance.choice(found), maker.chance.choice(PHRASES)
    ask = f"if op.get_bind().dialect.name in {COMMENTED}:"
    words = quoted(table.name), quoted(column.name)
    if maker.chance.random() < 0.3:
        up, down = [f"op.create_table_comment({words[0]}, {quoted(text)})"], [f"op.drop_table_comment({words[0]})"]
    else:
        up = call("op.alter_column", *words, f"comment={quoted(text)}", *existing(column))
        down = call("op.alter_column", *words, "comment=None", f"existing_comment={quoted(text)}", *existing(column))
    return Change(f"tell of {column.name} in {table.name}", [ask, *indented(up)], [ask, *indented(down)])


def add_state(maker: Maker, table: Table) -> Change | None:
    """Add a value to an enum, which only some databases have to be told."""
    left = [one for one in STATES if one not in table.enum[1]]
    if not table.enum[0] or not left:
        return None
    old, state = enum_type(table), maker.chance.choice(left)
    name = table.enum[0]
    table.enum = name, (*table.enum[1], state)
    where = next(place for place, one in enumerate(table.columns) if one.kind == "enum")
    column = table.columns[where]
    table.columns[where] = replace(column, type=enum_type(table))
    words = quoted(table.name), quoted(column.name)
    tail = ["existing_nullable=False", f"existing_server_default={column.default}"]
    up = [
        "name = op.get_bind().dialect.name",
        'if name == "postgresql":',
        f"    op.execute(\"ALTER TYPE {name} ADD VALUE '{state}'\")",
        'elif name in ("mysql", "mariadb"):',
        *indented(call("op.alter_column", *words, f"type_={enum_type(table)}", f"existing_type={old}", *tail)),
    ]
    down = [
        'if op.get_bind().dialect.name in ("mysql", "mariadb"):',
        *indented(call("op.alter_column", *words, f"type_={old}", f"existing_type={enum_type(table)}", *tail)),
    ]
    return Change(f"state {state} in {table.name}", up, down)


def insert_rows(maker: Maker, table: Table) -> Change | None:
    """Insert rows: many at once, one by a statement of SQLAlchemy's, or one in text."""
    if table.columns[0].kind == "serial":
        return None
    insert = maker.chance.choices((insert_many, insert_one, insert_text), (14, 3, 3))[0]
    columns = [one for one in table.columns if one.kind not in ("reference", "document")]
    if insert is insert_text:
        columns = [one for one in columns if one.required]
        if not {one.kind for one in columns} <= {"key", "code", "text", "number", "enum"}:
            return None
    start = table.rows + 1
    table.rows += maker.chance.randint(5, 40) if insert is insert_many else 1
    rows = [{one.name: maker.value(table, one, row) for one in columns} for row in range(start, table.rows + 1)]
    down = f'op.execute("DELETE FROM {table.name} WHERE id >= {start} AND id <= {table.rows}")'
    return Change(f"rows of {table.name}", insert(table, columns, rows), [down])


def insert_many(table: Table, columns: list[Column], rows: list[dict[str, str]]) -> list[str]:
    """Return the statements that insert all rows at once."""
    dicts = ["{" + ", ".join(f'"{name}": {value}' for name, value in row.items()) + "}," for row in rows]
    insert = [f"op.bulk_insert({table.name}, rows)"]
    return [*described(table, columns), "rows = [", *indented(dicts), "]", *insert]


def insert_one(table: Table, columns: list[Column], rows: list[dict[str, str]]) -> list[str]:
    """Return the statements that insert a row through SQLAlchemy."""
    values = ", ".join(f"{name}={value}" for name, value in rows[0].items())
    return [*described(table, columns), f"op.execute({table.name}.insert().values({values}))"]


def insert_text(table: Table, _columns: list[Column], rows: list[dict[str, str]]) -> list[str]:
    """Return the statement that inserts a row as text."""
    names, values = ", ".join(rows[0]), ", ".join(map(in_text, rows[0].values()))
    return [f"op.execute({quoted(f'INSERT INTO {table.name} ({names}) VALUES ({values})')})"]


def described(table: Table, columns: list[Column]) -> list[str]:
    """Return the statement that describes a table for its rows."""
    types = {one.name: "sa.String(20)" if one.kind == "enum" else one.type for one in columns}
    parts = (f'sa.column("{name}", {type_})' for name, type_ in types.items())
    return call(f"{table.name} = sa.table", quoted(table.name), *parts)


def in_text(value: str) -> str:
    """Return a value of Python's as SQL text."""
    return "'" + str(json.loads(value)).replace("'", "''") + "'" if value.startswith('"') else value


def add_reference(maker: Maker, table: Table, other: Table) -> Change:
    """Add a column that refers to another table, in one batch."""
    before = table.copied("before")
    name, column = maker.refer(table, other)
    module = [*before, *table.copied("after")]
    up = [
        f"batch.add_column({column.source()})",
        f'batch.create_foreign_key("{name}", "{other.name}", ["{column.name}"], ["id"])',
    ]
    down = [f'batch.drop_constraint("{name}", type_="foreignkey")', f'batch.drop_column("{column.name}")']
    message = f"refer {table.name} to {other.name}"
    return Change(message, batch(table.name, "before", *up), batch(table.name, "after", *down), module)


KINDS: dict[Kind, int] = {
    add_columns: 14,
    drop_column: 4,
    rename_column: 4,
    alter_type: 8,
    alter_nullable: 6,
    alter_default: 6,
    add_index: 8,
    remove_index: 2,
    add_check: 3,
    remove_check: 2,
    add_unique: 2,
    insert_rows: 15,
    update_rows: 8,
    stamp_rows: 16,
    comment: 12,
    add_state: 20,
}
"""How often each is tried; kinds that find no occasion leave their place to others."""
