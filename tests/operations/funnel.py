"""A funnel that only collects."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.schema import CreateIndex as CreateIndexDDL
from sqlalchemy.schema import CreateTable as CreateTableDDL

from sqlgen.errors import RenderError
from sqlgen.operations import Operations
from sqlgen.operations.model import Operation

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class CollectingFunnel:
    """Keeps the operations in a list; its connection and context are mere objects."""

    def __init__(self, naming_convention: Mapping[str, Any] | None = None) -> None:
        self.naming_convention = naming_convention
        self.operations: list[Operation] = []
        self.bind = cast(sa.Connection, object())
        self.context: Any = SimpleNamespace(funnel=self, impl=object())

    def failed(self, error: RenderError) -> RenderError:
        """Return the error."""
        return error

    def record(self, operation: Operation) -> None:
        self.operations.append(operation)


def made(naming_convention: Mapping[str, Any] | None = None) -> tuple[Any, list[Any]]:
    """Return operations and the list that they fill; of no declared type, so that tests may call them wrongly."""
    funnel = CollectingFunnel(naming_convention)
    return Operations(funnel), funnel.operations


def table_text(table: sa.Table) -> str:
    """Return CREATE TABLE and CREATE INDEX of a table, without line ends."""
    indexes = sorted(flat(CreateIndexDDL(index)) for index in table.indexes)
    return "; ".join([flat(CreateTableDDL(table)), *indexes])


def flat(element: Any) -> str:
    """Return DDL on one line, as the default dialect prints it."""
    return " ".join(str(element.compile(dialect=DefaultDialect())).split())
