"""A catalog from SQLAlchemy's reflection of a database."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.engine.reflection import Inspector
from sqlalchemy.exc import SAWarning

from ..records import replace
from . import state
from .described import said
from .shared import Shared
from .state import Catalog

#: What stands in front of the query where a database tells the whole statement of a view.
VIEW_HEAD = re.compile(r"\s*create\b.*?\bview\b.*?\bas\s+(?=select\b|with\b|\()", re.I | re.S)


def reflected(
    inspector: Inspector, schemas: Sequence[str], version_table: str, known: Mapping[state.Key, state.Table] = {}
) -> Catalog:
    """Return the tables, views and sequences of the default schema and of others, without the version table.

    ``known`` are tables that need not be asked for.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # where reflection leaves something out, the schema's text has it
        tables: dict[state.Key, state.Table] = {}
        others: list[state.View | state.Sequence] = []
        for schema in (None, *schemas):
            for name in sorted(inspector.get_table_names(schema)):
                key = schema, name
                if key != (None, version_table):
                    tables[key] = known[key] if key in known else table(inspector, name, schema)
            others += views(inspector, schema)
            others += [state.Sequence(name, schema) for name in told(inspector.get_sequence_names, schema)]
        return Catalog(schemas=tuple(sorted(schemas)), tables=Shared(tables)).put(*others)


def told(ask: Callable[..., Any], *arguments: Any) -> Any:
    """Return an answer of reflection; none where the database has no such thing."""
    try:
        return ask(*arguments)
    except NotImplementedError:
        return []


def table(inspector: Inspector, name: str, schema: str | None) -> state.Table:
    """Return a table."""
    primary = inspector.get_pk_constraint(name, schema)
    uniques = told(inspector.get_unique_constraints, name, schema)
    comment: Any = told(inspector.get_table_comment, name, schema) or {}
    made = state.Table(
        name,
        schema,
        tuple(column(one) for one in inspector.get_columns(name, schema)),
        uniques=tuple(state.Unique(one["name"], tuple(one["column_names"]), **options(one)) for one in uniques),
        foreign_keys=tuple(foreign_key(one) for one in inspector.get_foreign_keys(name, schema)),
        checks=tuple(
            state.Check(one["name"], (), one["sqltext"], **options(one))
            for one in told(inspector.get_check_constraints, name, schema)
        ),
        indexes=tuple(
            index(one) for one in inspector.get_indexes(name, schema) if not one.get("duplicates_constraint")
        ),
        comment=comment.get("text"),
        options=dict(told(inspector.get_table_options, name, schema)),
    )
    if primary["constrained_columns"]:
        key = state.PrimaryKey(primary.get("name"), tuple(primary["constrained_columns"]), **options(primary))
        made = replace(made, primary_key=key)
    names = {one.name for one in made.uniques}
    return replace(made, indexes=tuple(one for one in made.indexes if one.name not in names))


def column(facts: Any) -> state.Column:
    """Return a column."""
    computed, identity = facts.get("computed"), facts.get("identity")
    return state.Column(
        str(facts["name"]),
        facts["type"],
        nullable=bool(facts["nullable"]),
        default=None if computed or identity else facts["default"],
        computed=state.Computed(computed["sqltext"], computed.get("persisted")) if computed else None,
        identity=identity,
        comment=facts.get("comment"),
        autoincrement=facts.get("autoincrement") is True,
    )


def options(facts: Any) -> dict[str, Any]:
    """Return options and comment of a constraint as arguments for its state."""
    found = {**(facts.get("options") or {}), **(facts.get("dialect_options") or {})}
    return {"options": {key: value for key, value in found.items() if said(value)}, "comment": facts.get("comment")}


def foreign_key(facts: Any) -> state.ForeignKey:
    """Return a foreign key."""
    return state.ForeignKey(
        facts["name"],
        tuple(facts["constrained_columns"]),
        facts["referred_schema"],
        facts["referred_table"],
        tuple(facts["referred_columns"]),
        **options(facts),
    )


def index(facts: Any) -> state.Index:
    """Return an index."""
    words = facts.get("column_sorting") or {}
    texts = facts.get("expressions") or facts["column_names"]
    parts = tuple(
        state.Part(name, None if name is not None else text, tuple(words.get(name if name is not None else text, ())))
        for name, text in zip(facts["column_names"], texts, strict=False)
    )
    found = {key: value for key, value in (facts.get("dialect_options") or {}).items() if said(value)}
    return state.Index(facts["name"], parts, bool(facts["unique"]), found)


def views(inspector: Inspector, schema: str | None) -> Iterator[state.View]:
    """Yield the views of a schema."""
    kinds = ((inspector.get_view_names, False), (inspector.get_materialized_view_names, True))
    for ask, materialized in kinds:
        for name in sorted(told(ask, schema)):
            text = VIEW_HEAD.sub("", inspector.get_view_definition(name, schema), count=1)
            indexes = tuple(index(one) for one in inspector.get_indexes(name, schema)) if materialized else ()
            yield state.View(name, schema, text.strip().rstrip(";"), materialized, indexes)
