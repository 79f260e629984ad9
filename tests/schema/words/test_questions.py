"""Questions of the Inspector that go beyond one table of the default schema, on the server and in the shadow schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.engine.reflection import ObjectKind
from sqlalchemy.schema import CreateTable

from sqlgen import capture
from sqlgen.errors import NeedsDatabase
from tests.databases.clients import Client
from tests.databases.conftest import postgresql
from tests.databases.urls import url_of

__all__ = ["postgresql"]


def made(op: Any) -> None:
    op.execute("CREATE SCHEMA shop")
    kind = pg.ENUM("a", "b", name="kind", schema="shop")
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(5), unique=True))
    op.create_index("ix", "t", ["a"])
    op.create_table(
        "u",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("t_id", sa.Integer, sa.ForeignKey("t.id", ondelete="set null")),
        sa.Column("kind", kind, server_default="a"),
        schema="shop",
    )
    op.create_table("v", sa.Column("u_id", sa.BigInteger, sa.ForeignKey("shop.u.id", deferrable=True)))
    op.create_table("w", sa.Column("v_id", sa.Integer, sa.ForeignKey("t.id"), nullable=False))
    op.execute("CREATE SEQUENCE counter")
    op.execute("CREATE MATERIALIZED VIEW seen AS SELECT id FROM t")


MULTI = (
    "columns",
    "pk_constraint",
    "foreign_keys",
    "unique_constraints",
    "check_constraints",
    "indexes",
    "table_comment",
)
QUESTIONS: list[Callable[[sa.Inspector], Any]] = [
    *(
        lambda look, about=about, schema=schema: getattr(look, f"get_multi_{about}")(schema=schema)
        for about in MULTI
        for schema in (None, "public", "shop")
    ),
    lambda look: look.get_multi_columns(filter_names=["v", "w"], kind=ObjectKind.TABLE),
    lambda look: [sorted(look.get_table_names(schema)) for schema in (None, "public", "shop", "none")],
    lambda look: [sorted(look.get_sequence_names(schema)) for schema in (None, "shop")],
    lambda look: [look.get_view_names(), look.get_materialized_view_names(), look.get_temp_table_names()],
    lambda look: [look.has_table(name) for name in ("t", "u", "seen", "T")],
    lambda look: [look.has_table("u", schema="shop"), look.has_table("t", schema="public")],
    lambda look: [look.has_index("t", name) for name in ("ix", "t_a_key", "t_pkey", "no")],
    lambda look: [look.has_sequence(name) for name in ("counter", "t_id_seq", "no")],
    lambda look: [look.has_schema(name) for name in ("shop", "public", "no")],
    lambda look: [look.get_schema_names(), look.default_schema_name],
    lambda look: [getattr(look, "get_enums")(schema) for schema in (None, "shop", "*")],  # noqa: B009
    lambda look: getattr(look, "has_type")("kind", schema="shop"),  # noqa: B009
    lambda look: look.get_foreign_keys("v", postgresql_ignore_search_path=True),
    lambda look: look.get_sorted_table_and_fkc_names(),
    lambda look: str(CreateTable(sa.Table("u", sa.MetaData(), autoload_with=look.bind, schema="shop"))),
    lambda look: sorted(reflected(look).tables),
]


def reflected(look: sa.Inspector) -> sa.MetaData:
    metadata = sa.MetaData()
    metadata.reflect(look.bind)
    return metadata


def plain(value: Any) -> Any:
    """Return an answer that can be compared: types and constraints as text."""
    if isinstance(value, dict):
        return sorted((repr(key), plain(item)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return repr(value)


@pytest.mark.xdist_group("postgresql")
def test_the_answers_are_those_of_the_server(postgresql: Client) -> None:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    engine = sa.create_engine(url_of(postgresql.fresh_database(), "postgresql"), poolclass=sa.NullPool)
    with engine.begin() as connection:
        with Operations.context(MigrationContext.configure(connection)) as op:
            made(op)
        server = [plain(question(sa.inspect(connection))) for question in QUESTIONS]
    with capture("postgresql", server_version="16") as captured:
        made(captured.op)
        shadow = [plain(question(sa.inspect(captured.op.get_bind()))) for question in QUESTIONS]
    different = [
        f"{number}: {one} <> {two}" for number, (one, two) in enumerate(zip(server, shadow, strict=True)) if one != two
    ]
    assert not different, "\n".join(different)


def ask_for_the_number() -> None:
    with capture("postgresql") as captured:
        made(captured.op)
        look: Any = sa.inspect(captured.op.get_bind())
        look.get_table_oid("t")


def test_the_number_of_a_table_is_refused() -> None:
    with pytest.raises(NeedsDatabase):
        ask_for_the_number()
