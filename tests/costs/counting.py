"""How much a piece of work does, counted and not timed: the same number on every machine."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import sqlgen
from sqlgen import dialects

OURS = tuple(str(Path(str(module.__file__)).parent) for module in (sqlgen, dialects))


def calls(work: Callable[[], object]) -> Counter[str]:
    """Return how often each function of sqlgen, and each built-in one called from there, was called."""
    found: Counter[str] = Counter()

    def count(frame: FrameType, event: str, function: Any) -> None:
        code = frame.f_code
        if event in ("call", "c_call") and code.co_filename.startswith(OURS):
            name = function.__qualname__ if event == "c_call" else getattr(code, "co_qualname", code.co_name)
            found[f"{Path(code.co_filename).stem}.{name}"] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return found
