"""What one revision becomes in one direction on one dialect, whoever rendered it."""

from __future__ import annotations

import re
from dataclasses import dataclass

DIALECTS = ("postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle")
DIRECTIONS = ("upgrade", "downgrade")

Key = tuple[str, str, str]
"""File name without its suffix, direction, dialect."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The statements, white space made even; or the error that came instead."""

    statements: tuple[str, ...] = ()
    error: str = ""


def flat(text: str) -> str:
    """Return text with each run of white space as one blank, and one between a parenthesis and the word behind it."""
    return re.sub(r"\)(?=[A-Z])", ") ", re.sub(r"\s+", " ", text).strip())
