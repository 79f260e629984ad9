"""What part of sqlgen's own run follows the schema: a profile that looks at the stack every few milliseconds of work.

    python -m bench.shares FOLDER                     `upgrade base:head` for PostgreSQL
    python -m bench.shares FOLDER --databases five    the same for five databases, in one process

The parts are those of ``sqlgen/schema/``, each with all that it calls: the shadow schema, the replica that takes its
place on SQLite, and the checks of what a statement needs. The clock is the processor's: other work does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import sqlgen
from bench.floors import DATABASES

EVERY = 0.004
PARTS = ("shadow", "replica", "checks")
HOME = str(Path(sqlgen.__file__).parent / "schema") + os.sep


def part_of(files: Iterator[str]) -> str:
    """Return the part that a stack belongs to, by its files, the newest call first: that of the call from outside."""
    own = [file.removeprefix(HOME) for file in files if file.startswith(HOME)]
    if not own:
        return "other"
    return {"replica.py": "replica", "missing.py": "checks", "missing_objects.py": "checks"}.get(own[-1], "shadow")


def stack(frame: FrameType | None) -> Iterator[str]:
    """Yield the file of each call, the newest first."""
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


def profiled(words: list[str]) -> Counter[str]:
    """Run sqlgen in this process, and return how often each part was seen at work."""
    from sqlgen.cli import main

    found: Counter[str] = Counter()
    signal.signal(signal.SIGPROF, lambda _, frame: found.update([part_of(stack(frame))]))
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        main(words, standalone_mode=False)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return found


def main() -> None:
    """Profile once in this process, or several times in processes of their own, and print the shares."""
    parser = argparse.ArgumentParser(prog="bench.shares", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--databases", choices=("one", "five"), default="one")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--once", action="store_true", help="profile this process; the counts go to stdout as JSON")
    asked = parser.parse_args()
    if asked.once:
        os.chdir(asked.folder)
        named = [word for name in DATABASES[asked.databases] for word in ("-d", name)]
        with tempfile.TemporaryDirectory() as out:
            words = ["upgrade", "base:head", "-q", *named, "--no-per-revision", "--no-downgrade", "-o", out]
            print(json.dumps(profiled(words)))
        return
    again = [
        sys.executable,
        "-m",
        "bench.shares",
        str(asked.folder.resolve()),
        "--databases",
        asked.databases,
        "--once",
    ]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    runs = [
        json.loads(
            subprocess.run(
                again, cwd=Path(__file__).parents[1], env=environment, stdout=subprocess.PIPE, check=True
            ).stdout
        )
        for _ in range(asked.runs)
    ]
    for part in PARTS:
        shares = [run.get(part, 0) / sum(run.values()) for run in runs]
        print(f"{part:<8} {statistics.median(shares):5.3f} of the run  ({min(shares):.3f} to {max(shares):.3f})")


if __name__ == "__main__":
    main()
