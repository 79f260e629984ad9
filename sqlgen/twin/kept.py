"""Rows of ``op.bulk_insert``, kept until somebody asks for them: there may be many, and few revisions read."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..errors import CommandError
from ..spool import Spool

AT_ONCE = 1000
"""Rows that are taken into memory at once."""

Row = Mapping[str, Any]
Place = tuple[int, int]


class Kept:
    """Rows in a spool, as they were when they were put there."""

    def __init__(self) -> None:
        self.spool = Spool()

    def keep(self, rows: Sequence[Row]) -> list[Place] | None:
        """Put rows into the spool, and return where they are; None for objects that cannot be kept so."""
        places = []
        try:
            for first in range(0, len(rows), AT_ONCE):
                start = self.spool.size
                self.spool.add(pickle.dumps(rows[first : first + AT_ONCE], pickle.HIGHEST_PROTOCOL))
                places.append((start, self.spool.size))
        except CommandError:
            raise
        except Exception:  # objects of the author's may refuse to be pickled in any way
            return None
        return places

    def rows(self, places: Iterable[Place]) -> Iterator[Row]:
        """Yield the rows of some places."""
        for start, end in places:
            yield from pickle.loads(self.spool.read(start, end))
