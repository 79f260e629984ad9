"""What the shadow schema answers otherwise than the server, at present. Strict: a gap that is closed must go."""

from __future__ import annotations

from collections.abc import Mapping

EXPECTED: Mapping[str, Mapping[str, str]] = {"postgresql": {}, "mariadb": {}, "sqlite": {}}
"""By dialect: the revision, and why its answers differ."""
