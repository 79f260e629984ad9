"""Revisions that read rows, each the second of a chain whose first makes and fills the tables.

What a revision reads it writes down in the table ``log``, or into other rows, so that a wrong answer shows there.
"""

from __future__ import annotations

SETUP = """
import datetime as dt
from decimal import Decimal
parent = op.create_table(
    "parent",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("price", sa.Numeric(10, 2)),
    sa.Column("at", sa.DateTime),
    sa.Column("day", sa.Date),
    sa.Column("data", sa.JSON),
    sa.Column("kind", sa.Enum("red", "green", "blue", name="kind")),
    sa.Column("qty", sa.Integer, server_default="7"),
    sa.Column("made", sa.Date, server_default=sa.text("(CURRENT_DATE)")),
)
child = op.create_table(
    "child",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id")),
    sa.Column("word", sa.String(40)),
)
op.create_table("log", sa.Column("nr", sa.Integer), sa.Column("what", sa.String(400)))
op.create_table("copy", sa.Column("id", sa.Integer), sa.Column("price", sa.Numeric(12, 4)), sa.Column("note", sa.Text))
op.bulk_insert(parent, [
    {"id": 1, "name": "anna", "active": True, "price": Decimal("9.5"), "at": dt.datetime(2020, 1, 2, 3, 4, 5),
     "day": dt.date(2020, 1, 2), "data": {"b": 1, "a": [True, None]}, "kind": "red"},
    {"id": 2, "name": "bert", "active": False, "price": Decimal("10.25"), "at": dt.datetime(2021, 1, 2),
     "day": dt.date(2019, 5, 6), "data": {}, "kind": "blue"},
    {"id": 3, "name": "carl", "active": True, "price": None, "at": None, "day": None, "data": None, "kind": None},
])
op.bulk_insert(parent, [{"id": 4, "name": "dora", "active": False, "price": 3, "kind": "green", "qty": 1}])
op.bulk_insert(child, [{"id": 1, "parent_id": 1, "word": "one"}, {"id": 2, "parent_id": 1, "word": "two"},
                       {"id": 3, "parent_id": 2, "word": "three"}, {"id": 4, "parent_id": None, "word": None}])
"""

TABLES = """
import datetime as dt
from decimal import Decimal
bind = op.get_bind()
meta = sa.MetaData()
parent = sa.Table("parent", meta, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(40)),
    sa.Column("active", sa.Boolean), sa.Column("price", sa.Numeric(10, 2)), sa.Column("at", sa.DateTime),
    sa.Column("day", sa.Date), sa.Column("data", sa.JSON),
    sa.Column("kind", sa.Enum("red", "green", "blue", name="kind")), sa.Column("qty", sa.Integer))
child = sa.Table("child", meta, sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("parent_id", sa.ForeignKey("parent.id")), sa.Column("word", sa.String(40)))
log = sa.table("log", sa.column("nr", sa.Integer), sa.column("what", sa.String))
copy = sa.table("copy", sa.column("id", sa.Integer), sa.column("price", sa.Numeric), sa.column("note", sa.Text))
numbers = iter(range(1000))
def write(*what):
    bind.execute(log.insert().values(nr=next(numbers), what=" | ".join(map(repr, what))))
"""

ORM = (
    TABLES
    + """
from sqlalchemy import orm
Base = orm.declarative_base()
class Parent(Base):
    __table__ = sa.Table("parent", Base.metadata, *[sa.Column(c.name, c.type, primary_key=c.primary_key)
                                                    for c in parent.columns])
    children = orm.relationship("Child", back_populates="parent", order_by="Child.id")
class Child(Base):
    __tablename__ = "child"
    id = sa.Column(sa.Integer, primary_key=True, autoincrement=False)
    parent_id = sa.Column(sa.ForeignKey("parent.id"))
    word = sa.Column(sa.String(40))
    parent = orm.relationship(Parent, back_populates="children")
session = orm.Session(bind=bind)
"""
)

CORE = {
    "every type": "for row in bind.execute(sa.select(parent).order_by(parent.c.id)):\n    write(*row)",
    "row by row": """
for row in bind.execute(sa.select(parent.c.id, parent.c.price).where(parent.c.price.isnot(None))).fetchall():
    bind.execute(parent.update().where(parent.c.id == row.id).values(price=row.price * 2, name=f"n{row.id}"))
""",
    "counts": """
if bind.scalar(sa.select(sa.func.count()).select_from(parent).where(parent.c.active)) == 2:
    op.add_column("parent", sa.Column("more", sa.Integer, server_default="5"))
extremes = sa.select(sa.func.count(parent.c.price), sa.func.max(parent.c.price), sa.func.min(parent.c.day))
write(bind.execute(extremes).one())
write(bind.scalar(sa.select(sa.func.sum(parent.c.qty))))
""",
    "rowcount": """
turns = 0
while True:
    batch = sa.select(child.c.id).where(child.c.word.isnot(None)).order_by(child.c.id).limit(2)
    found = [row.id for row in bind.execute(batch)]
    result = bind.execute(child.update().where(child.c.id.in_(found)).values(word=None))
    turns += 1
    if not result.rowcount:
        break
write(turns, bind.execute(parent.delete().where(parent.c.id == 4)).rowcount)
""",
    "json": """
for row in bind.execute(sa.select(parent.c.id, parent.c.data).order_by(parent.c.id)).mappings():
    data = dict(row["data"] or {})
    data["seen"] = row["id"]
    bind.execute(parent.update().where(parent.c.id == row["id"]).values(data=data))
""",
    "joins": """
joined = sa.select(parent.c.name, child.c.word).join(child, child.c.parent_id == parent.c.id)
for row in bind.execute(joined.order_by(child.c.id)):
    write(*row)
outer = sa.select(parent.c.id, child.c.word).select_from(parent.outerjoin(child)).order_by(parent.c.id, child.c.id)
write([tuple(row) for row in bind.execute(outer)])
""",
    "grouped": """
query = sa.select(child.c.parent_id, sa.func.count().label("n")).group_by(child.c.parent_id)
write([tuple(row) for row in bind.execute(query.having(sa.func.count() > 1))])
for row in sorted((tuple(row) for row in bind.execute(query)), key=str):
    write(*row)
""",
    "in, like, between": """
write(bind.execute(sa.select(parent.c.id).where(parent.c.name.in_(["anna", "dora", "x"])).order_by(parent.c.id)).all())
write(bind.execute(sa.select(parent.c.id).where(parent.c.name.like("%r%")).order_by(parent.c.id)).all())
write(bind.execute(sa.select(parent.c.id).where(parent.c.name.startswith("b"))).scalars().all())
write(bind.execute(sa.select(parent.c.id).where(parent.c.price.between(3, 9.5)).order_by(parent.c.id)).all())
write(bind.execute(sa.select(parent.c.id).where(parent.c.at > dt.datetime(2020, 6, 1))).all())
write(bind.execute(sa.select(parent.c.id).where(parent.c.kind == "red")).all())
write(bind.execute(sa.select(parent.c.id).where(~parent.c.active, parent.c.kind != None).order_by(parent.c.id)).all())
write(bind.execute(sa.select(parent.c.id).where(sa.or_(parent.c.qty == 1, parent.c.data == sa.null()))).all())
""",
    "nulls in order": """
write(bind.execute(sa.select(parent.c.id).order_by(parent.c.price, parent.c.id)).scalars().all())
write(bind.execute(sa.select(parent.c.id).order_by(parent.c.price.desc(), parent.c.id)).scalars().all())
write(bind.execute(sa.select(parent.c.id).order_by(parent.c.name.desc()).limit(2).offset(1)).scalars().all())
""",
    "cte, subqueries, union": """
busy = sa.select(child.c.parent_id).where(child.c.word.isnot(None)).distinct().cte("busy")
write(bind.execute(sa.select(parent.c.name).join(busy, busy.c.parent_id == parent.c.id).order_by(parent.c.name)).all())
inner = sa.select(child.c.parent_id, sa.func.count().label("n")).group_by(child.c.parent_id).subquery()
write(bind.execute(sa.select(parent.c.id, inner.c.n).join(inner, inner.c.parent_id == parent.c.id)
                   .order_by(parent.c.id)).all())
write(bind.execute(sa.select(parent.c.id).where(sa.exists().where(child.c.parent_id == parent.c.id))
                   .order_by(parent.c.id)).all())
write(sorted(bind.execute(sa.select(parent.c.id).union(sa.select(child.c.id))).scalars()))
""",
    "case, coalesce": """
value = sa.case((parent.c.price.is_(None), "none"), (parent.c.active, "on"), else_="off")
write(bind.execute(sa.select(value).order_by(parent.c.id)).scalars().all())
write(bind.execute(sa.select(sa.func.coalesce(parent.c.qty, 0) + parent.c.id).order_by(parent.c.id)).scalars().all())
""",
    "copied rows": """
for row in bind.execute(sa.select(parent.c.id, parent.c.price, parent.c.name)):
    bind.execute(copy.insert().values(id=row[0], price=row[1], note=row[2]))
bind.execute(copy.insert().from_select(["id", "note"], sa.select(child.c.id + 100, child.c.word)))
write(bind.execute(sa.select(copy.c.id, copy.c.price, copy.c.note).order_by(copy.c.id)).all())
bind.execute(copy.insert(), [{"id": 7, "note": "seven"}, {"id": 8, "note": None}])
write(bind.execute(sa.select(sa.func.count()).select_from(copy)).scalar_one())
""",
    "changed tables": """
op.alter_column("child", "word", new_column_name="words", existing_type=sa.String(40))
op.add_column("child", sa.Column("extra", sa.String(9), server_default="new"))
op.drop_column("parent", "data")
op.rename_table("log", "diary")
log = sa.table("diary", sa.column("nr", sa.Integer), sa.column("what", sa.String))
changed = sa.table("child", sa.column("id"), sa.column("words"), sa.column("extra"))
write(bind.execute(sa.select(changed).order_by(changed.c.id)).all())
write([row._asdict() for row in bind.execute(sa.text("SELECT id, words, extra FROM child ORDER BY id"))])
""",
    "a savepoint taken back": """
with bind.begin_nested() as inner:
    bind.execute(parent.update().values(qty=99))
    inner.rollback()
with bind.begin_nested():
    bind.execute(parent.update().where(parent.c.id == 1).values(qty=parent.c.qty + 1))
write(bind.execute(sa.select(parent.c.id, parent.c.qty).order_by(parent.c.id)).all())
""",
    "text": """
joined = sa.text("SELECT p.id, c.word FROM parent p LEFT JOIN child c ON c.parent_id = p.id "
                 "WHERE p.name <> 'bert' ORDER BY p.id, c.id")
write([tuple(row) for row in bind.execute(joined)])
for row in bind.execute(sa.text("SELECT id, name FROM parent WHERE qty = :qty ORDER BY id"), {"qty": 7}):
    op.execute(f"UPDATE parent SET name = '{row.name}!' WHERE id = {row.id}")
op.execute("INSERT INTO child (id, parent_id, word) VALUES (10, 1, 'ten'), (11, NULL, 'it''s')")
op.execute("INSERT INTO child (id, word) SELECT id + 20, name FROM parent WHERE active")
op.execute("DELETE FROM child WHERE word IS NULL")
write(bind.execute(sa.text("SELECT count(*), max(id) FROM child")).fetchone()[:])
write([tuple(row) for row in bind.execute(sa.select(child).order_by(child.c.id))])
write([tuple(row) for row in bind.exec_driver_sql("SELECT DISTINCT parent_id FROM child WHERE parent_id IN (1, 2)")])
""",
}

SESSIONS = {
    "loop": """
for one in session.query(Parent).filter(Parent.price > 3).order_by(Parent.id):
    one.name = one.name.upper()
    one.data = {"old": one.data}
session.commit()
write(session.query(Parent).count(), session.query(Child).filter_by(word="two").one().parent_id)
""",
    "relationships": """
for one in session.scalars(sa.select(Parent).order_by(Parent.id)):
    for child_ in one.children:
        child_.word = f"{one.name}/{child_.word}"
found = session.get(Child, 3)
found.parent = session.get(Parent, 4)
session.add(Child(id=50, word="fifty", parent=session.get(Parent, 3)))
session.delete(session.get(Child, 4))
session.flush()
write([one.word for one in session.query(Child).options(orm.joinedload(Child.parent)).order_by(Child.id)])
eager = session.query(Parent).options(orm.selectinload(Parent.children))
write([len(one.children) for one in eager.order_by(Parent.id)])
""",
    "in bulk": """
changes = [{"id": one.id, "qty": (one.qty or 0) * 10} for one in session.query(Parent).all()]
session.bulk_update_mappings(Parent, changes)
session.bulk_save_objects([Child(id=60, word="a"), Child(id=61, word="b")])
session.query(Child).filter(Child.word.is_(None)).delete(synchronize_session=False)
session.execute(sa.update(Parent).where(Parent.name == "anna").values(name="hanna"))
session.commit()
write(session.query(Parent.id, Parent.qty, Parent.name).order_by(Parent.id).all(), session.query(Child).count())
write(session.query(Child).first() is not None, session.query(sa.exists().where(Child.id == 61)).scalar())
""",
}

CASES = {
    **{name: TABLES + body for name, body in CORE.items()},
    **{f"session: {name}": ORM + body for name, body in SESSIONS.items()},
}

NUMBERED = """
t = op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
u = op.create_table("u", sa.Column("id", sa.Integer, primary_key=True), sa.Column("t_id", sa.Integer))
op.bulk_insert(t, [{"name": "a"}, {"name": "b"}])
bind = op.get_bind()
key = bind.execute(t.insert().values(name="c")).inserted_primary_key[0]
bind.execute(u.insert().values(t_id=key))
for row in bind.execute(sa.select(t)).fetchall():
    bind.execute(u.insert().values(t_id=row.id * 10))
    bind.execute(t.update().where(t.c.id == row.id).values(name=row.name * 2))
"""
"""Keys of the server's own, where they are certain."""

RETURNING = {
    "an INSERT of Core": """
row = bind.execute(parent.insert().values(id=9, name="new", price=Decimal("1.5"), active=True)
                   .returning(parent.c.id, parent.c.name, parent.c.price, parent.c.qty, parent.c.active)).one()
write(*row, row.qty + 1)
""",
    "several rows": """
found = bind.execute(child.insert().values([{"id": 8, "word": "x"}, {"id": 9, "word": "y"}]).returning(child.c.id))
write(*sorted(found.scalars()))
""",
    "text": """
row = bind.execute(sa.text("INSERT INTO child (id, word) VALUES (:id, 'txt') RETURNING id, word AS w, parent_id"),
                   {"id": 7}).one()
write(row.id, row.w, row.parent_id)
write(*bind.execute(sa.text("DELETE FROM child WHERE id = 7 RETURNING word")).scalars())
write(bind.execute(sa.text("DELETE FROM child WHERE id = 77 RETURNING word")).first())
""",
    "a DELETE": """
found = bind.execute(child.delete().where(child.c.parent_id == 1).returning(child.c.id, child.c.word)).all()
write(*sorted(found))
""",
    "a value handed on": """
made = bind.execute(parent.insert().values(id=10, name="n", active=False).returning(parent.c.name)).scalar_one()
bind.execute(copy.insert().values(id=1, note=made))
""",
}
"""What both PostgreSQL and MariaDB give back of rows that are written."""

POSTGRESQL_RETURNING = {
    "an UPDATE of Core": """
found = bind.execute(parent.update().where(parent.c.id > 2).values(qty=parent.c.id * 2, name="same")
                     .returning(parent.c.id, parent.c.qty, parent.c.name)).all()
write(*sorted(map(tuple, found)))
""",
    "an UPDATE of text": """
write(*bind.execute(sa.text("UPDATE child SET word = 'w' WHERE id = 3 RETURNING *")).one())
""",
    "keys of a new table": """
t = op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.String(9)))
for name in ("a", "b"):
    key = bind.execute(t.insert().values(n=name).returning(t.c.id)).scalar_one()
    bind.execute(copy.insert().values(id=key * 10, note=name))
key = bind.execute(sa.text("INSERT INTO t (n) VALUES ('c') RETURNING id")).scalar()
write(key)
""",
    "INSERT of a query": """
found = bind.execute(copy.insert().from_select(["id", "note"], sa.select(child.c.id, child.c.word))
                     .returning(copy.c.id)).scalars()
write(*sorted(found))
""",
}
"""What PostgreSQL alone can give back."""
