"""What the scanner finds."""

from __future__ import annotations

from typing import NamedTuple


class Token(NamedTuple):
    """A piece of text that means something, and where it stands.

    ``kind`` is ``literal``, ``name``, ``comment``, ``code`` (an edge of a comment that is executed), ``batch``,
    ``delimiter``, ``end``, ``opens``, ``closes``, ``word`` or ``sign``.
    """

    kind: str
    text: str
    start: int
    end: int
