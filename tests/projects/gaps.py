"""The checks of whole chains that are known to fail, each with its reason. Strict: a gap that is closed must go."""

from __future__ import annotations

from collections.abc import Mapping

EXPECTED: Mapping[tuple[str, str, str], str] = {}
"""Project, dialect and check, and why the check fails at present."""
