"""Revisions that make things."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from tests.schema.answers.revision import dialect_of, revision

# Columns.


@revision()
def generic_types(op: Any) -> None:
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("small", sa.SmallInteger),
        sa.Column("big", sa.BigInteger),
        sa.Column("flag", sa.Boolean),
        sa.Column("amount", sa.Numeric(10, 2)),
        sa.Column("bare", sa.Numeric),
        sa.Column("real", sa.Float),
        sa.Column("precise", sa.Float(53)),
        sa.Column("doubled", sa.Double),
        sa.Column("name", sa.String(50)),
        sa.Column("body", sa.Text),
        sa.Column("uname", sa.Unicode(20)),
        sa.Column("utext", sa.UnicodeText),
        sa.Column("code", sa.CHAR(3)),
        sa.Column("day", sa.Date),
        sa.Column("moment", sa.DateTime),
        sa.Column("zoned", sa.DateTime(timezone=True)),
        sa.Column("hour", sa.Time),
        sa.Column("span", sa.Interval),
        sa.Column("raw", sa.LargeBinary),
        sa.Column("doc", sa.JSON),
        sa.Column("uid", sa.Uuid),
        sa.Column("pickled", sa.PickleType),
    )


@revision("postgresql")
def postgresql_types(op: Any) -> None:
    pg = postgresql
    op.create_table(
        "thing",
        sa.Column("uid", pg.UUID(as_uuid=True), primary_key=True),
        sa.Column("doc", pg.JSONB),
        sa.Column("plain", pg.JSON),
        sa.Column("tags", pg.ARRAY(sa.String(20))),
        sa.Column("grid", pg.ARRAY(sa.Integer, dimensions=2)),
        sa.Column("raw", pg.BYTEA),
        sa.Column("address", pg.INET),
        sa.Column("network", pg.CIDR),
        sa.Column("card", pg.MACADDR),
        sa.Column("price", pg.MONEY),
        sa.Column("span", pg.INTERVAL(fields="DAY TO SECOND", precision=3)),
        sa.Column("moment", pg.TIMESTAMP(timezone=True, precision=3)),
        sa.Column("clock", pg.TIME(timezone=True)),
        sa.Column("bits", pg.BIT(4)),
        sa.Column("varbits", pg.BIT(8, varying=True)),
        sa.Column("words", pg.TSVECTOR),
        sa.Column("range", pg.INT4RANGE),
        sa.Column("days", pg.DATERANGE),
        sa.Column("real", pg.REAL),
        sa.Column("double", pg.DOUBLE_PRECISION),
        sa.Column("oid", pg.OID),
        sa.Column("class", pg.REGCLASS),
    )


@revision("mariadb")
def mysql_types(op: Any) -> None:
    my = mysql
    op.create_table(
        "thing",
        sa.Column("id", my.INTEGER(unsigned=True), primary_key=True, autoincrement=True),
        sa.Column("tiny", my.TINYINT(1)),
        sa.Column("small", my.SMALLINT(unsigned=True)),
        sa.Column("medium", my.MEDIUMINT),
        sa.Column("big", my.BIGINT(display_width=20, unsigned=True)),
        sa.Column("filled", my.INTEGER(display_width=6, zerofill=True, unsigned=True)),
        sa.Column("amount", my.DECIMAL(12, 4)),
        sa.Column("real", my.FLOAT),
        sa.Column("double", my.DOUBLE(asdecimal=False)),
        sa.Column("bits", my.BIT(5)),
        sa.Column("year", my.YEAR),
        sa.Column("moment", my.DATETIME(fsp=6)),
        sa.Column("stamp", my.TIMESTAMP(fsp=3), nullable=True),
        sa.Column("clock", my.TIME(fsp=2)),
        sa.Column("short", my.TINYTEXT),
        sa.Column("medium_text", my.MEDIUMTEXT),
        sa.Column("long", my.LONGTEXT),
        sa.Column("blob", my.LONGBLOB),
        sa.Column("binary", my.BINARY(16)),
        sa.Column("varbinary", my.VARBINARY(20)),
        sa.Column("kind", my.ENUM("a", "b", "c,d")),
        sa.Column("flags", my.SET("x", "y")),
        sa.Column("doc", my.JSON),
        sa.Column("latin", my.VARCHAR(20, charset="latin1", collation="latin1_bin")),
    )


@revision()
def defaults(op: Any) -> None:
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, server_default="5"),
        sa.Column("negative", sa.Integer, server_default=sa.text("-1")),
        sa.Column("word", sa.String(20), server_default="it's"),
        sa.Column("empty", sa.String(20), server_default="", nullable=False),
        sa.Column("text", sa.String(20), server_default=sa.text("'quoted'")),
        sa.Column("flag", sa.Boolean, server_default=sa.true(), nullable=False),
        sa.Column("off", sa.Boolean, server_default=sa.false()),
        sa.Column("none", sa.Integer, server_default=sa.null()),
        sa.Column("amount", sa.Numeric(8, 2), server_default="1.50"),
        sa.Column("moment", sa.DateTime, server_default=sa.func.current_timestamp()),
        sa.Column("now", sa.DateTime, server_default=sa.func.now(), nullable=False),
        sa.Column("sum", sa.Integer, server_default=sa.text("(1 + 2)")),
        sa.Column("day", sa.Date, server_default="2020-01-31"),
    )


@revision("postgresql")
def postgresql_defaults(op: Any) -> None:
    op.create_table(
        "thing",
        sa.Column("uid", postgresql.UUID, server_default=sa.text("gen_random_uuid()"), primary_key=True),
        sa.Column("doc", postgresql.JSONB, server_default=sa.text("'{}'::jsonb")),
        sa.Column("doc2", postgresql.JSONB, server_default="{}"),
        sa.Column("tags", postgresql.ARRAY(sa.Text), server_default="{}"),
        sa.Column("moment", sa.DateTime(timezone=True), server_default=sa.text("timezone('utc', now())")),
        sa.Column("lower", sa.String(10), server_default=sa.text("lower('ABC')")),
        sa.Column("cast", sa.Integer, server_default=sa.text("'7'::integer")),
    )


@revision()
def nullability(op: Any) -> None:
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("must", sa.String(5), nullable=False),
        sa.Column("may", sa.String(5), nullable=True),
    )


@revision()
def comments(op: Any) -> None:
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True, comment="it's the key"),
        sa.Column("name", sa.String(5), comment="50% of\nit"),
        comment="a table's comment",
    )


@revision("postgresql")
def identity(op: Any) -> None:
    op.create_table("always", sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True))
    op.create_table(
        "counted",
        sa.Column("id", sa.BigInteger, sa.Identity(start=10, increment=5, maxvalue=1000, cycle=True), primary_key=True),
        sa.Column("small", sa.SmallInteger, sa.Identity(minvalue=-5, start=-5)),
    )


@revision()
def computed(op: Any) -> None:
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer, sa.Computed("a * 2", persisted=True)),
    )


@revision()
def automatic_keys(op: Any) -> None:
    op.create_table("small", sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=True))
    op.create_table("big", sa.Column("id", sa.BigInteger, primary_key=True))
    op.create_table("word", sa.Column("id", sa.String(20), primary_key=True))
    op.create_table("two", sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, primary_key=True))


@revision()
def collations(op: Any) -> None:
    name = {"postgresql": "C", "sqlite": "NOCASE"}.get(dialect_of(op), "utf8mb4_bin")
    op.create_table(
        "thing", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.String(9, collation=name))
    )


# Constraints.


@revision()
def nameless_constraints(op: Any) -> None:
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "child",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id")),
        sa.Column("other_id", sa.Integer),
        sa.Column("code", sa.String(10), unique=True),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer),
        sa.UniqueConstraint("a", "b"),
        sa.CheckConstraint("a > 0"),
        sa.ForeignKeyConstraint(["other_id"], ["parent.id"]),
    )


@revision()
def named_constraints(op: Any) -> None:
    op.create_table(
        "parent",
        sa.Column("a", sa.Integer, nullable=False),
        sa.Column("b", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("b", "a", name="pk_parent"),
    )
    op.create_table(
        "child",
        sa.Column("id", sa.Integer),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_child"),
        sa.UniqueConstraint("a", "b", name="uq_child"),
        sa.UniqueConstraint("b", name="another"),
        sa.CheckConstraint("a > 0 AND b IN (1, 2)", name="ck_child"),
        sa.ForeignKeyConstraint(["b", "a"], ["parent.b", "parent.a"], name="fk_child"),
    )


@revision()
def a_naming_convention(op: Any) -> None:
    convention = {
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
    metadata = sa.MetaData(naming_convention=convention)
    sa.Table("parent", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "child",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id"), index=True),
        sa.Column("code", sa.String(10), unique=True),
        sa.Column("a", sa.Integer),
        sa.CheckConstraint("a > 0", name="positive"),
    )
    metadata.create_all(op.get_bind())


@revision()
def foreign_key_options(op: Any) -> None:
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True))
    names = ("cascade", "set_null", "restrict", "no_action")
    keys = [
        sa.ForeignKeyConstraint([name], ["parent.id"], name=f"fk_{name}", ondelete=rule, onupdate=rule)
        for name, rule in zip(names, ("CASCADE", "SET NULL", "RESTRICT", "NO ACTION"), strict=True)
    ]
    op.create_table(
        "child",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Integer) for name in names),
        *keys,
    )


@revision("postgresql", "sqlite")
def deferred_foreign_keys(op: Any) -> None:
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True))
    key = sa.ForeignKey("parent.id", name="later", deferrable=True, initially="DEFERRED")
    op.create_table("child", sa.Column("id", sa.Integer, primary_key=True), sa.Column("p", sa.Integer, key))


@revision()
def a_table_that_refers_to_itself(op: Any) -> None:
    op.create_table(
        "node",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("up", sa.Integer, sa.ForeignKey("node.id", ondelete="CASCADE")),
    )


# Indexes.


@revision()
def indexes(op: Any) -> None:
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer, index=True),
        sa.Column("b", sa.String(20)),
    )
    op.create_index("one", "thing", ["b"])
    op.create_index("two", "thing", ["b", "a"], unique=True)
    op.create_index("falling", "thing", [sa.text("a DESC"), "b"])


@revision("postgresql", "sqlite")
def special_indexes(op: Any) -> None:
    op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True), sa.Column("b", sa.String(20)))
    op.create_index("lowered", "thing", [sa.text("lower(b)")])
    where = {f"{dialect_of(op)}_where": sa.text("id > 5")}
    op.create_index("partial", "thing", ["b"], unique=True, **where)


@revision("postgresql")
def postgresql_indexes(op: Any) -> None:
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.String(20)),
        sa.Column("doc", postgresql.JSONB),
        sa.UniqueConstraint("a", name="uq_a", postgresql_include=["b"]),
    )
    op.create_index("covering", "thing", ["a"], postgresql_include=["b"])
    op.create_index("gin", "thing", ["doc"], postgresql_using="gin")
    op.create_index("hashed", "thing", ["b"], postgresql_using="hash")
    op.create_index("patterned", "thing", ["b"], postgresql_ops={"b": "varchar_pattern_ops"})
    op.create_index("filled", "thing", ["b"], postgresql_with={"fillfactor": "70"})
    op.create_index("sorted", "thing", [sa.text("a DESC NULLS LAST")])
    op.create_index("distinct", "thing", ["a", "b"], unique=True, postgresql_nulls_not_distinct=True)


@revision("postgresql")
def an_exclusion(op: Any) -> None:
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("during", postgresql.INT4RANGE),
        postgresql.ExcludeConstraint(("during", "&&"), name="overlap", using="gist"),
    )


@revision("mariadb")
def mysql_indexes(op: Any) -> None:
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Text),
        sa.Column("b", sa.String(200)),
        mariadb_engine="InnoDB",
        mariadb_charset="utf8mb4",
        mariadb_collate="utf8mb4_unicode_ci",
        mariadb_comment="told",
    )
    op.create_index("part", "thing", ["a"], mariadb_length=10)
    op.create_index("parts", "thing", ["a", "b"], mariadb_length={"a": 5, "b": 7})
    op.create_index("words", "thing", ["a"], mariadb_prefix="FULLTEXT")
    op.create_index("hashed", "thing", ["b"], mariadb_using="btree")


# Types, sequences, views.


@revision()
def an_enum_made_with_its_table(op: Any) -> None:
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("colour", sa.Enum("red", "green", name="colour"), nullable=False, server_default="red"),
    )


@revision("postgresql")
def enums_made_in_other_ways(op: Any) -> None:
    op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True))
    size = postgresql.ENUM("s", "m", name="size")
    size.create(op.get_bind(), checkfirst=True)
    op.add_column("thing", sa.Column("size", postgresql.ENUM(name="size", create_type=False)))
    op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
    op.execute("ALTER TYPE mood ADD VALUE 'happy' AFTER 'sad'")


@revision("postgresql")
def an_enum_dropped(op: Any) -> None:
    op.create_table("thing", sa.Column("colour", sa.Enum("red", name="colour")))
    op.drop_table("thing")
    sa.Enum(name="colour").drop(op.get_bind(), checkfirst=True)


@revision("sqlite", "mariadb")
def an_enum_with_a_check(op: Any) -> None:
    kind = sa.Enum("a", "b", name="kind", native_enum=False, create_constraint=True)
    op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", kind))
    op.create_table("flagged", sa.Column("f", sa.Boolean(create_constraint=True, name="is_flag")))


@revision("postgresql", "mariadb")
def sequences(op: Any) -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("counter", start=5)))
    op.execute("CREATE SEQUENCE other")
    op.execute("CREATE SEQUENCE gone")
    op.execute("DROP SEQUENCE gone")


@revision()
def views_as_text(op: Any) -> None:
    op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
    op.execute("CREATE VIEW named AS SELECT id, name FROM thing WHERE name IS NOT NULL")
    op.execute("CREATE VIEW gone AS SELECT id FROM thing")
    op.execute("DROP VIEW gone")


@revision("postgresql")
def views_of_plain_columns(op: Any) -> None:
    op.execute("CREATE TYPE kind AS ENUM ('a', 'b')")
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), nullable=False, server_default="x", comment="of the table"),
        sa.Column("Made", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("amount", sa.Numeric(8, 2)),
    )
    op.execute("ALTER TABLE thing ADD COLUMN kind kind")
    op.create_table("other", sa.Column("thing_id", sa.BigInteger), sa.Column("label", sa.Text))
    op.execute("CREATE VIEW chosen AS SELECT name AS label, t.* FROM thing t")
    op.execute("CREATE VIEW every AS SELECT * FROM thing AS t WHERE name <> 'x' AND amount > 3")
    op.execute('CREATE VIEW named (a) AS SELECT id, "Made" FROM thing')
    op.execute("CREATE VIEW nested AS SELECT a AS b FROM named")
    op.execute("CREATE VIEW short AS SELECT label FROM other WHERE thing_id IS NOT NULL")


@revision("mariadb")
def views_of_tables(op: Any) -> None:
    op.create_table(
        "thing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20), nullable=False, server_default="it's", comment="it"),
        sa.Column("made", sa.DateTime, server_default=sa.func.now()),
        sa.Column("amount", sa.Numeric(8, 2), server_default="1.5"),
        sa.Column("kind", sa.Enum("a", "b", name="kind"), nullable=False, server_default="b"),
        sa.Column("flag", sa.Boolean, sa.Computed("amount > 1")),
        sa.Column("user", sa.Integer),
    )
    op.execute("CREATE VIEW chosen AS SELECT name AS label, t.* FROM thing t")
    op.execute("CREATE VIEW every AS SELECT * FROM `thing` WHERE name <> 'x' AND amount > 3")
    op.execute("CREATE VIEW named (a, b) AS SELECT id, `made` FROM thing")
    op.execute("CREATE VIEW later AS SELECT `name`, thing.amount big FROM thing")
    op.execute("CREATE VIEW joined AS SELECT t.user AS one, o.user FROM thing t LEFT JOIN thing o ON o.user = t.user")
    op.execute("CREATE VIEW reckoned AS SELECT kind, count(*) AS n FROM thing WHERE NOT user GROUP BY kind")
    op.alter_column(
        "thing", "name", type_=sa.String(99), existing_nullable=False, server_default=None, existing_comment="it"
    )
    op.add_column("thing", sa.Column("more", sa.Integer))


@revision("mariadb")
def views_whose_columns_are_not_certain(op: Any) -> None:
    op.create_table(
        "thing", sa.Column("id", sa.String(36), server_default=sa.text("(uuid())")), sa.Column("user", sa.Integer)
    )
    op.execute("CREATE VIEW within AS SELECT user AS one FROM thing WHERE user = ALL (SELECT user FROM thing)")
    op.execute("CREATE VIEW reckoned AS SELECT upper(id) AS n FROM thing")
    op.execute("CREATE VIEW made_by AS SELECT current_user FROM thing")
    op.execute("CREATE VIEW numbered AS SELECT id FROM thing")


@revision("postgresql")
def views_whose_words_are_not_certain(op: Any) -> None:
    op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True), sa.Column("user", sa.Integer))
    op.create_table("other", sa.Column("thing_id", sa.BigInteger), sa.Column("label", sa.Text))
    op.execute("CREATE VIEW joined AS SELECT t.id, o.label FROM thing t LEFT JOIN other o ON o.thing_id = t.id")
    op.execute("CREATE VIEW reckoned AS SELECT count(*) AS n FROM thing")
    op.execute("CREATE VIEW me AS SELECT user FROM thing")
    op.execute("CREATE VIEW titles AS SELECT label FROM other")
    op.execute("ALTER TABLE other RENAME COLUMN label TO title")
    op.execute("ALTER TABLE titles RENAME COLUMN label TO heading")


@revision("postgresql")
def a_materialized_view(op: Any) -> None:
    op.execute("CREATE TABLE thing (id integer)")
    op.execute("CREATE MATERIALIZED VIEW kept AS SELECT id FROM thing")


@revision("postgresql")
def a_schema_of_its_own(op: Any) -> None:
    op.execute("CREATE SCHEMA other")
    op.create_table("thing", sa.Column("id", sa.Integer, primary_key=True), schema="other")
    op.create_table("near", sa.Column("id", sa.Integer, sa.ForeignKey("other.thing.id")))
    op.create_table("thing", sa.Column("near", sa.Integer))
    op.create_index("ix", "thing", ["id"], schema="other")


# Made by other means.


@revision()
def created_over_the_bind(op: Any) -> None:
    metadata = sa.MetaData()
    first = sa.Table("first", metadata, sa.Column("id", sa.Integer, primary_key=True))
    second = sa.Table("second", metadata, sa.Column("id", sa.ForeignKey("first.id"), primary_key=True))
    sa.Index("by_id", second.c.id)
    first.create(op.get_bind())
    metadata.create_all(op.get_bind())
    third = sa.Table("third", metadata, sa.Column("id", sa.Integer))
    third.create(op.get_bind(), checkfirst=True)
    third.drop(op.get_bind())


@revision()
def tables_as_text(op: Any) -> None:
    key = {
        "postgresql": "SERIAL PRIMARY KEY",
        "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT",
    }.get(dialect_of(op), "INTEGER PRIMARY KEY AUTO_INCREMENT")
    op.execute(f"CREATE TABLE parent (id {key}, name VARCHAR(20) NOT NULL DEFAULT 'x', UNIQUE (name))")
    op.execute(
        "CREATE TABLE IF NOT EXISTS child (id INTEGER NOT NULL, parent_id INTEGER, "
        "CONSTRAINT fk_parent FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE, "
        "CONSTRAINT positive CHECK (id > 0))"
    )
    op.execute("CREATE UNIQUE INDEX by_parent ON child (parent_id, id)")
    op.execute("ALTER TABLE child ADD COLUMN note VARCHAR(10) DEFAULT 'none'")
    op.execute("ALTER TABLE child RENAME TO kid")
    op.execute("CREATE TABLE gone (id INTEGER)")
    op.execute("DROP TABLE gone")


@revision("postgresql")
def postgresql_text(op: Any) -> None:
    op.execute("CREATE TABLE t (id bigserial PRIMARY KEY, a text, b timestamptz DEFAULT now(), c varchar)")
    op.execute("ALTER TABLE t ALTER COLUMN a SET NOT NULL, ALTER COLUMN a SET DEFAULT 'x', DROP COLUMN c")
    op.execute("ALTER TABLE t ALTER COLUMN a TYPE varchar(30)")
    op.execute("ALTER TABLE t RENAME COLUMN a TO name")
    op.execute("ALTER TABLE t ADD CONSTRAINT uq UNIQUE (name)")
    op.execute("CREATE INDEX by_name ON t USING btree (name, b DESC)")
    op.execute("COMMENT ON TABLE t IS 'told'")
    op.execute("COMMENT ON COLUMN t.name IS 'the name'")


@revision("mariadb")
def mysql_text(op: Any) -> None:
    op.execute("CREATE TABLE t (id int unsigned AUTO_INCREMENT, a text, b datetime, PRIMARY KEY (id), KEY k (b))")
    op.execute("ALTER TABLE t MODIFY COLUMN b datetime NOT NULL COMMENT 'when'")
    op.execute("ALTER TABLE t CHANGE a name varchar(30) DEFAULT 'x', ADD UNIQUE KEY uq (name)")
    op.execute("ALTER TABLE t COMMENT = 'told'")
    op.execute("RENAME TABLE t TO things")
