"""Everything that SQLAlchemy's Inspector says about a database, as plain data that can be compared.

:func:`described` asks an Inspector, of a real server or of the shadow schema, every question there is;
:func:`differences` says in words where two answers differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.reflection import Inspector
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine

from sqlgen import dialects
from sqlgen.errors import CommandError
from sqlgen.records import dataclass

SYSTEM = re.compile(r"information_schema|pg_.*")
NONE = "(none)"
REFUSED = "REFUSED: "
"""How an answer begins that only a server could give."""
Facts = dict[str, Any]


class Described:
    """One round of questions. A question that is refused has the refusal as its answer, which equals no other."""

    def __init__(self, inspector: Inspector, schemas: Sequence[str]) -> None:
        self.inspector = inspector
        self.printer = dialects.get(inspector.dialect.name).sqlalchemy_class()
        self.has_types = hasattr(inspector, "get_enums")
        self.default = str(inspector.default_schema_name)
        self.schemas = schemas

    def asked(self, question: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Return an answer as plain data."""
        try:
            return self.plain(question(*arguments, **options))
        except NotImplementedError:
            return None
        except CommandError as error:
            return f"{REFUSED}{error.message}"
        except Exception as error:  # a shadow that fails in any way must be seen in the comparison, not stop it
            return f"FAILED: {type(error).__name__}: {' '.join(str(error).split())[:200]}"

    def plain(self, value: Any) -> Any:
        """Return a value as JSON can hold it; the name of the default schema, which differs, is left out."""
        if isinstance(value, TypeEngine):
            return self.type(value)
        if isinstance(value, Mapping):
            return {str(key): self.plain(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.plain(item) for item in value]
        if isinstance(value, ClauseElement):
            return str(value)
        if isinstance(value, str):
            return value.replace(f"`{self.default}`.", "")
        return value if value is None or isinstance(value, (bool, int, float)) else repr(value)

    def type(self, value: TypeEngine[Any]) -> str:
        """Return a type: its class, as it is printed, and all its options."""
        try:
            printed = str(value.compile(dialect=self.printer))
        except Exception as error:
            printed = type(error).__name__
        return f"{printed} = {type(value).__module__.removeprefix('sqlalchemy.')}.{value!r}"

    def database(self) -> Facts:
        """Return everything about every schema."""
        found = self.asked(self.inspector.get_schema_names) if self.has_types else [*self.schemas]
        if not isinstance(found, list):
            return {"": self.schema(None), "schemas": found}
        others = sorted(name for name in found if not SYSTEM.fullmatch(name) and name != self.default)
        return {name or "": self.schema(name) for name in (None, *others)}

    def schema(self, schema: str | None) -> Facts:
        """Return everything about one schema."""
        ask = self.inspector
        tables = self.asked(ask.get_table_names, schema)
        views = self.asked(ask.get_view_names, schema)
        facts: Facts = {
            "tables": {name: self.table(name, schema) for name in tables} if isinstance(tables, list) else tables,
            "views": {name: self.view(name, schema) for name in views} if isinstance(views, list) else views,
            "sequences": in_order(self.asked(ask.get_sequence_names, schema)),
        }
        if self.has_types:
            facts["materialized views"] = in_order(self.asked(ask.get_materialized_view_names, schema))
            facts["enums"] = by_name(self.asked(getattr(ask, "get_enums", unanswered), schema))
            facts["domains"] = by_name(self.asked(getattr(ask, "get_domains", unanswered), schema))
        return facts

    def table(self, name: str, schema: str | None) -> Facts:
        """Return everything about one table."""
        ask = self.inspector
        columns = self.asked(ask.get_columns, name, schema)
        return {
            "columns": by_name(columns),
            "column order": [column["name"] for column in columns] if isinstance(columns, list) else columns,
            "primary key": self.asked(ask.get_pk_constraint, name, schema),
            "foreign keys": by_name(self.asked(ask.get_foreign_keys, name, schema)),
            "uniques": by_name(self.asked(ask.get_unique_constraints, name, schema)),
            "checks": by_name(self.asked(ask.get_check_constraints, name, schema)),
            "indexes": by_name(self.asked(ask.get_indexes, name, schema)),
            "comment": self.asked(ask.get_table_comment, name, schema),
            "options": self.asked(ask.get_table_options, name, schema),
        }

    def view(self, name: str, schema: str | None) -> Facts:
        """Return everything about one view."""
        return {
            "definition": self.asked(self.inspector.get_view_definition, name, schema),
            "columns": by_name(self.asked(self.inspector.get_columns, name, schema)),
        }


def unanswered(_schema: str | None) -> Any:
    """Stand for a question that the Inspector does not have."""
    raise NotImplementedError


def in_order(value: Any) -> Any:
    """Return a list sorted; a refusal as it is."""
    return sorted(value) if isinstance(value, list) else value


def by_name(value: Any) -> Any:
    """Return a list of facts as a table with their names as keys; nameless ones are sorted and numbered."""
    if not isinstance(value, list):
        return value
    named = {item["name"]: item for item in value if item.get("name") is not None}
    nameless = sorted((item for item in value if item.get("name") is None), key=lambda item: json.dumps(item))
    return {**dict(sorted(named.items())), **{f"nameless {number}": item for number, item in enumerate(nameless, 1)}}


def described(inspector: Inspector, schemas: Sequence[str] = ()) -> Facts:
    """Return everything that an Inspector says, as plain data.

    A database that has types of its own has the schemas to itself; of the others the default schema and ``schemas`` are
    asked for, because their server has those of other databases.
    """
    return Described(inspector, schemas).database()


def of_server(url: str, schemas: Sequence[str] = ()) -> Facts:
    """Return everything about the database of a SQLAlchemy URL."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            return described(sa.inspect(connection), schemas)
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class Difference:
    """A place at which two descriptions differ: the way to it, and what stands there on either side."""

    path: tuple[str, ...]
    left: Any
    right: Any

    @property
    def aspect(self) -> str:
        """What is told otherwise, without the names of objects: ``columns.type``, ``indexes``, ``enums``."""
        match self.path[1:]:
            case ("tables", _, "columns", _, fact, *_):
                return f"columns.{fact}"
            case ("tables" | "views", _, question, *_):
                return question
            case (kind, *_):
                return kind
        return "schemas"

    def __str__(self) -> str:
        return f"{' / '.join(filter(None, self.path))}: {shown(self.left)} <> {shown(self.right)}"


def differences(left: Any, right: Any, path: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Yield each place at which two descriptions differ."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted({*left, *right}):
            yield from differences(left.get(key, NONE), right.get(key, NONE), (*path, key))
    elif left != right:
        yield Difference(path, left, right)


def shown(value: Any) -> str:
    """Return a value on one line of reasonable length."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:297]}..."
