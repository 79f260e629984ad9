"""The line of a call is told, however long the function is that makes it."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from sqlgen.recording.lines import LONG_TABLE, Lines


@pytest.mark.parametrize("count", [3, 3000])
def test_a_line_is_that_of_the_frame(count: int) -> None:
    found: list[int] = []
    lines = Lines()

    def here() -> None:
        frame = sys._getframe(1)
        found.append(lines.of(frame))
        assert found[-1] == frame.f_lineno

    calls = "".join(f"    here(\n        {number} and None) if {number} < 0 else here()\n\n" for number in range(count))
    made: dict[str, Any] = {"here": here}
    exec(compile(f"def long():\n{calls}", "long.py", "exec"), made)
    assert (len(made["long"].__code__.co_linetable) > LONG_TABLE) == (count > 3)
    made["long"]()
    assert found == [3 + 3 * number for number in range(count)]
