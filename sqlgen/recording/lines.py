"""The line that a frame is at, also in very long functions."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from types import CodeType, FrameType

LONG_TABLE = 2000
"""Bytes of a function's table of lines from which on these are looked up."""


class Lines:
    """Tells lines of frames. Python counts from the top of a function each time; of a long one the table is kept."""

    def __init__(self) -> None:
        self._code: CodeType | None = None
        self._starts = array("L")
        self._lines = array("L")

    def of(self, frame: FrameType) -> int:
        """Return the line that a frame is at."""
        code = frame.f_code
        if len(code.co_linetable) < LONG_TABLE:
            return frame.f_lineno
        if self._code is not code:
            self._code, self._starts, self._lines = code, array("L"), array("L")
            before = 0
            for start, _, line in code.co_lines():
                if line is not None and line != before:
                    self._starts.append(start)
                    self._lines.append(line)
                    before = line
        return self._lines[bisect_right(self._starts, frame.f_lasti) - 1]
