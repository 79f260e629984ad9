"""Names of objects as they stand in SQL text."""

from __future__ import annotations

import re

NAME = r'(?:[\w$]+|"[^"]+"|`[^`]+`|\[[^\]]+\])'
QUALIFIED = rf"(?P<name>{NAME}(?:\s*\.\s*{NAME})?)"
"""A name with or without its schema, as the group ``name`` of a pattern."""


def split_name(text: str) -> tuple[str, str | None]:
    """Return name and schema of a qualified name as text has it, quotes taken off."""
    parts = [part.strip()[1:-1] if part.strip()[:1] in '"`[' else part.strip() for part in re.findall(NAME, text)]
    return parts[-1], parts[-2] if len(parts) > 1 else None
