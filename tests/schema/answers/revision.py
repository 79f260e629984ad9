"""How the revisions of this folder are written: a function over ``op``, and the dialects it is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

DIALECTS = ("postgresql", "mariadb", "sqlite")
Body = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision: its name, what it does, and where it can be done."""

    name: str
    body: Body
    dialects: tuple[str, ...]


REVISIONS: dict[str, Revision] = {}


def revision(*dialects: str) -> Callable[[Body], Body]:
    """Register a function as a revision for the dialects named, or for all."""

    def register(body: Body) -> Body:
        name = body.__name__
        assert name not in REVISIONS, name
        REVISIONS[name] = Revision(name, body, dialects or DIALECTS)
        return body

    return register


def dialect_of(op: Any) -> str:
    """Return the name of the dialect that a revision runs on."""
    return str(op.get_bind().dialect.name)
