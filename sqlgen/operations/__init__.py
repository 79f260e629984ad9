"""Operations: what revisions do to a database, as data, and the functions by which they say it."""

from __future__ import annotations

from .batch import BatchOperations
from .custom import MigrateOperation
from .op import Operations
from .proxy import op
from .running import bound, current

__all__ = ["BatchOperations", "MigrateOperation", "Operations", "bound", "current", "op"]
