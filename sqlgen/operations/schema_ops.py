"""Operation objects under the names that plug-ins and hooks use: what they share.

``op.drop_table("t")`` and ``op.invoke(DropTableOp("t"))`` are one thing: the first is written as the second. So a
plug-in that takes over the performing of a class is asked in both cases.
"""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa

from .custom import IMPLEMENTATIONS, MigrateOperation
from .model import Operation
from .tables import Skeletons

ReverseT = TypeVar("ReverseT", bound=MigrateOperation)


class SchemaOp(MigrateOperation):
    """An operation that sqlgen itself performs. Each keeps its arguments as attributes, which anybody may change."""

    def to_operation(self, skeletons: Skeletons) -> Operation:
        """Return the operation as frozen data, with SQLAlchemy objects made by ``skeletons``.

        Raises TypeError for arguments that do not fit.
        """
        raise NotImplementedError(f"{type(self).__name__} is not performed by itself")

    def result(self, operation: Operation) -> Any:
        """Return what the function on ``op`` gives back once the operation is recorded."""
        return None


@IMPLEMENTATIONS.register(SchemaOp)
def record(operations: Any, schema_op: SchemaOp) -> Any:
    """Record the operation where the revision's operations go."""
    operation = schema_op.to_operation(operations.skeletons)
    operations.record(operation)
    return schema_op.result(operation)


def skeletons_of(migration_context: Any) -> Skeletons:
    """Return skeletons with the naming convention of a migration context, if it has a ``target_metadata``."""
    options = getattr(migration_context, "opts", None) or {}
    metadata = options.get("target_metadata")
    return Skeletons(metadata.naming_convention if isinstance(metadata, sa.MetaData) else None)


def kept(reverse: ReverseT | None, what: str) -> ReverseT:
    """Return the operation that was remembered as the reverse; raises ValueError when there is none."""
    if reverse is None:
        raise ValueError(f"operation is not reversible: the original {what} is not known")
    return reverse
