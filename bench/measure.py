"""What a whole process costs: processor's time, time on the clock, memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KIB = 1024


class Failed(Exception):
    """A command ended with another exit code than 0; the text is the last that it said."""


@dataclass(frozen=True)
class Figure:
    """Seconds of the processor (user and system), seconds of the clock, and the peak of memory in bytes."""

    cpu: float
    wall: float
    peak: int


def run(words: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Figure:
    """Run a command in a folder and return what its process took; raise ``Failed`` when it fails.

    The memory is that of the process alone on Linux only while this one is smaller: a child starts as a copy.
    """
    with Path(folder, "stdout").open("wb") as out, Path(folder, "stderr").open("w+b") as error:
        start = time.perf_counter()
        process = subprocess.Popen(
            words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=error
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            error.seek(0)
            said = error.read().decode(errors="replace").strip().splitlines() or ["nothing was said"]
            raise Failed(f"{Path(words[0]).name} exits with {process.returncode}: {said[-1]}")
    # Linux counts in KiB, macOS in bytes.
    peak = used.ru_maxrss if sys.platform == "darwin" else used.ru_maxrss * KIB
    return Figure(used.ru_utime + used.ru_stime, wall, peak)


def together(figures: Iterable[Figure]) -> Figure:
    """Return what several processes took, one after the other: sums, and the highest peak."""
    found = list(figures)
    return Figure(sum(one.cpu for one in found), sum(one.wall for one in found), max(one.peak for one in found))


def median(figures: Iterable[Figure]) -> Figure:
    """Return the medians of several runs, each by itself."""
    found = list(figures)
    return Figure(
        statistics.median(one.cpu for one in found),
        statistics.median(one.wall for one in found),
        int(statistics.median(one.peak for one in found)),
    )
