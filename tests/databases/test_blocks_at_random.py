"""Random blocks of ``batch_alter_table`` on SQLite: what the shell then finds is what a model of a table says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sqlgen
from sqlgen.operations.names import CreateIndexOp, CreateTableOp
from tests.databases.clients import Client, Database

pytestmark = pytest.mark.xdist_group("sqlite")

NAMES = ("a", "b", "Order", "my col", "select", "x:y", "it's", "50%", 'say "so"', "b2", "größe")
TYPES: dict[str, type[Any]] = {"INTEGER": sa.Integer, "TEXT": sa.Text, "FLOAT": sa.Float, "DATE": sa.Date}
ROWS = 3


@dataclass
class Field:
    """A column: ``origin`` is the one that its values come from, None for a new one."""

    name: str
    type: str
    notnull: bool = False
    default: str | None = None
    origin: str | None = None


@dataclass
class Model:
    """A table as it should be: fields in order, and the columns of its UNIQUE constraints and indexes by name."""

    fields: list[Field]
    keys: dict[str, list[str]] = field(default_factory=dict)

    def find(self, name: str) -> Field:
        return next(one for one in self.fields if one.name == name)

    def table(self) -> sa.Table:
        columns = [
            sa.Column(one.name, TYPES[one.type](), nullable=not one.notnull, server_default=one.default)
            for one in self.fields
        ]
        uniques = [sa.UniqueConstraint(*names, name=name) for name, names in self.keys.items() if name[0] == "u"]
        indexes = [sa.Index(name, *names) for name, names in self.keys.items() if name[0] == "i"]
        key = sa.Column("id", sa.Integer, primary_key=True)
        return sa.Table("my table", sa.MetaData(), key, *columns, *uniques, *indexes)


@st.composite
def models(draw: st.DrawFn) -> Model:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
    fields = [Field(name, draw(st.sampled_from(sorted(TYPES))), draw(st.booleans()), origin=name) for name in names]
    kinds = st.sampled_from(("", "u", "i", "ui"))
    keys = {f"{kind}{place}": [name, "id"] for place, name in enumerate(names[:2]) for kind in draw(kinds)}
    return Model(fields, keys)


class Change:
    """Draws operations, and does each to the block and to the model."""

    def __init__(self, draw: Any, model: Model, batch: Any, always: bool) -> None:
        self.draw, self.model, self.batch, self.always = draw, model, batch, always
        self.taken = {one.name for one in model.fields}
        self.made = 0

    def one(self) -> str:
        return str(self.draw(st.sampled_from([one.name for one in self.model.fields])))

    def free(self) -> str | None:
        names = [name for name in NAMES if name not in self.taken]
        name = self.draw(st.sampled_from(names)) if names else None
        self.taken.add(name or "")
        return name

    def add(self) -> None:
        name = self.free()
        if name is None:
            return
        after = self.one() if self.always and self.draw(st.booleans()) else None
        place = {} if after is None else {"insert_after": after}
        self.batch.add_column(sa.Column(name, sa.Text, server_default="it's"), **place)
        new, fields = Field(name, "TEXT", default="it's"), self.model.fields
        fields.insert(len(fields) if after is None else fields.index(self.model.find(after)) + 1, new)

    def drop(self) -> None:
        if len(self.model.fields) < 2:
            return
        name = self.one()
        self.batch.drop_column(name)
        self.model.fields.remove(self.model.find(name))
        self.model.keys = {key: names for key, names in self.model.keys.items() if name not in names}

    def rename(self) -> None:
        old, new = self.one(), self.free()
        if new is None:
            return
        self.batch.alter_column(old, new_column_name=new)
        self.model.find(old).name = new
        self.model.keys = {key: [new if one == old else one for one in names] for key, names in self.model.keys.items()}

    def retype(self) -> None:
        found, type_ = self.model.find(self.one()), self.draw(st.sampled_from(sorted(TYPES)))
        self.batch.alter_column(found.name, type_=TYPES[type_]())
        found.type = type_

    def alter(self) -> None:
        found, notnull = self.model.find(self.one()), bool(self.draw(st.booleans()))
        self.batch.alter_column(found.name, nullable=not notnull, server_default="7")
        found.notnull, found.default = notnull, "7"

    def key(self) -> None:
        kind, name = self.draw(st.sampled_from("ui")), self.one()
        self.made += 1
        label = f"{kind}{self.made + 10}"
        columns = [name, "id"]
        create = self.batch.create_index if kind == "i" else self.batch.create_unique_constraint
        create(label, columns)
        self.model.keys[label] = columns

    def unkey(self) -> None:
        if self.model.keys:
            label = self.draw(st.sampled_from(sorted(self.model.keys)))
            if label[0] == "i":
                self.batch.drop_index(label)
            else:
                self.batch.drop_constraint(label, type_="unique")
            del self.model.keys[label]


STEPS = (Change.add, Change.drop, Change.rename, Change.retype, Change.alter, Change.key, Change.unkey)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def prepared(model: Model) -> list[str]:
    """Return the statements that make the table with rows of numbers, and a view and a child table on it."""
    with sqlgen.capture("sqlite") as captured:
        table = model.table()
        captured.op.invoke(CreateTableOp.from_table(table))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            captured.op.invoke(CreateIndexOp.from_index(index))
    names = ", ".join(quoted(one.name) for one in model.fields)
    rows = [", ".join(f"'{row}{place}'" for place, _ in enumerate(model.fields, 1)) for row in range(1, ROWS + 1)]
    return [
        *map(str, captured.statements),
        *(f'INSERT INTO "my table" (id, {names}) VALUES ({row}, {values})' for row, values in enumerate(rows, 1)),
        'CREATE VIEW v AS SELECT id FROM "my table"',
        'CREATE TABLE child (id INTEGER REFERENCES "my table" (id))',
        "INSERT INTO child VALUES (1), (2)",
    ]


def values_of(model: Model, before: list[str]) -> list[tuple[str, ...]]:
    """Return the rows that should be there, as numbers in text; a new column has its default."""
    return [
        tuple(f"{row}{before.index(one.origin) + 1}" if one.origin else "it's" for one in model.fields)
        for row in range(1, ROWS + 1)
    ]


def block(data: st.DataObject, model: Model, always: bool) -> list[str]:
    """Draw a block, do it to the model too, and return its statements."""
    with sqlgen.capture("sqlite") as captured:
        recreate = "always" if always else "auto"
        with captured.op.batch_alter_table("my table", copy_from=model.table(), recreate=recreate) as batch:
            change = Change(data.draw, model, batch, always)
            for step in data.draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=6)):
                step(change)
    return list(map(str, captured.statements))


def check(database: Database, model: Model, before: list[str]) -> None:
    """Compare what is there with the model."""
    found = database.query("SELECT name, type, \"notnull\", dflt_value FROM pragma_table_info('my table')")[1:]
    literal = {None: None, "it's": "'it''s'", "7": "'7'"}
    assert found == [(one.name, one.type, str(int(one.notnull)), literal[one.default]) for one in model.fields]
    columns = ", ".join(f"printf('%s', {quoted(one.name)})" for one in model.fields)
    rows = database.query(f'SELECT {columns} FROM "my table" ORDER BY id')
    assert [tuple(str(one).removesuffix(".0") for one in row) for row in rows] == values_of(model, before)
    keys = database.query(
        "SELECT list.origin, group_concat(info.name, char(10)) FROM pragma_index_list('my table') AS list, "
        "pragma_index_info(list.name) AS info GROUP BY list.name"
    )
    # Two UNIQUE constraints over the same columns share one index.
    assert set(keys) == {({"u": "u", "i": "c"}[label[0]], "\n".join(names)) for label, names in model.keys.items()}
    assert database.query("SELECT count(*) FROM v") == [(str(ROWS),)]
    assert database.query("PRAGMA foreign_key_check") == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), model=models(), always=st.booleans())
def test_a_block_does_what_it_says(data: st.DataObject, model: Model, always: bool, sqlite: Client) -> None:
    statements, before = prepared(model), [one.name for one in model.fields]
    statements += block(data, model, always)
    database = sqlite.fresh_database()
    database.run_script(";\n".join(["PRAGMA foreign_keys = OFF", *statements, ""])).check()
    check(database, model, before)
