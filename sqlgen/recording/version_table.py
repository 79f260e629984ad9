"""The version table: the same one that Alembic keeps, so that scripts and ``alembic upgrade`` can take turns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property

import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from ..compiler import literal_writer, tidy
from ..records import dataclass
from ..revisions import Step, VersionOp
from ..statement import VERSION_ROW, Statement

WIDTH = 32


@dataclass(frozen=True)
class VersionTable:
    """Writes the statements about the version table of one dialect.

    ``name``, ``schema`` and ``primary_key`` are what env.py configured; ``width`` is the column's length, 32 as in
    Alembic, more when a revision's id is longer.
    """

    dialect: sa.Dialect
    name: str = "alembic_version"
    schema: str | None = None
    primary_key: bool = True
    width: int = WIDTH

    @cached_property
    def table(self) -> sa.Table:
        """The table as a SQLAlchemy object."""
        table = sa.Table(
            self.name,
            sa.MetaData(),
            sa.Column("version_num", sa.String(self.width), nullable=False),
            schema=self.schema,
        )
        if self.primary_key:
            table.append_constraint(sa.PrimaryKeyConstraint("version_num", name=f"{self.name}_pkc"))
        return table

    def create(self) -> Statement:
        """Return the CREATE TABLE."""
        sql = str(CreateTable(self.table).compile(dialect=self.dialect))
        return Statement(tidy(sql).strip(), kind="version", operation="version table")

    def write(self, step: Step) -> Iterator[Statement]:
        """Yield the statements that move the rows as one step does."""
        yield from self._statements(step.version_ops, step.revision.id)

    def stamped(self, heads: Iterable[str]) -> Iterator[Statement]:
        """Yield the statements that write the rows into a new table."""
        yield from self._statements([("insert", head) for head in heads])

    @cached_property
    def _names(self) -> tuple[str, str]:
        """The table and its column as they stand in SQL."""
        preparer = self.dialect.identifier_preparer
        return preparer.format_table(self.table), preparer.quote("version_num")

    @cached_property
    def _literal(self) -> Callable[[str], str]:
        """What writes an id as a literal."""
        return cache(literal_writer(self.dialect, sa.String()))  # each id stands in several statements

    def _statements(self, changes: Iterable[VersionOp], revision: str = "") -> Iterator[Statement]:
        table, column = self._names
        for kind, *ids in changes:
            values = [*map(self._literal, ids)]
            match kind:
                case "insert":
                    sql = f"INSERT INTO {table} ({column}) VALUES ({values[0]})"
                case "delete":
                    sql = f"DELETE FROM {table} WHERE {column} = {values[0]}"
                case _:
                    sql = f"UPDATE {table} SET {column} = {values[1]} WHERE {column} = {values[0]}"
            yield Statement(sql, kind="version", operation=VERSION_ROW, revision=revision)


def wide_enough(ids: Iterable[str]) -> int:
    """Return the length of the version column that holds every id: 32, or that of the longest."""
    return max([WIDTH, *map(len, ids)])
