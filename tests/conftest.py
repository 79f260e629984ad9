"""What all tests share: the figures of the round trips, told at the end."""

from __future__ import annotations

from collections import Counter

import pytest

ROUND_TRIPS = "round trips on "


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many values of how many types were stored by scripts and drivers, and compared."""
    values: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", ()):
        for name, count in report.user_properties:
            if str(name).startswith(ROUND_TRIPS):
                values[name] += int(count)
                types[name] += 1
    for name in sorted(values):
        terminalreporter.write_line(f"{name}: {values[name]:,} values in {types[name]} columns; none differs")
