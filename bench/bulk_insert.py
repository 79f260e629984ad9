"""How long ``op.bulk_insert`` of many rows takes, and how much memory, beside Alembic's offline mode in the same run.

    make bench-rows                      100,000 rows of 8 mixed columns, five runs of each, all six databases
    make bench-rows ROWS=1000 RUNS=1     something quicker

Each run is a process of its own: it imports the tool, makes the rows, and then the clock runs from the call of the tool
to the last byte of the script in a file. The clock counts the processor's time for this process, so that a busy machine
changes little; the tools take turns. Memory is the peak of the whole process less what it had before that call, so
the rows themselves are not in it. The table shows medians, and ratios of medians; it goes to stdout, as Markdown.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.orders import make_rows, make_table

DIALECTS = ("postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle")
KIB = 1024

REVISION = '''"""Make the table and fill it."""

import __main__
import sqlalchemy as sa
from alembic import op

revision, down_revision = "a1", None


def upgrade() -> None:
    op.create_table("orders", *(sa.Column(column.name, column.type) for column in __main__.TABLE.columns))
    op.bulk_insert(__main__.TABLE, __main__.ROWS)


def downgrade() -> None:
    pass
'''

ENV = """import __main__
from alembic import context

context.configure(dialect_name=__main__.DIALECT, as_sql=True, literal_binds=True, dialect_opts={"paramstyle": "named"})
with context.begin_transaction():
    context.run_migrations()
"""

TABLE: Any = None
ROWS: list[dict[str, Any]] = []
DIALECT = ""


def peak() -> int:
    """Return the most memory that this process has had, in bytes; Linux counts it in KiB, macOS in bytes."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * KIB


def by_sqlgen(folder: Path, dialect: str) -> None:
    """Render the project as the command does."""
    from sqlgen.cli import main

    words = ["-c", folder / "alembic.ini", "upgrade", "head", "-d", dialect, "-o", folder / "script.sql"]
    main(list(map(str, words)), standalone_mode=False)


def by_alembic(folder: Path, _dialect: str) -> None:
    """Render the project as ``alembic upgrade head --sql`` does."""
    from alembic import command
    from alembic.config import Config

    with (folder / "script.sql").open("w", encoding="utf-8") as file:
        command.upgrade(Config(folder / "alembic.ini", output_buffer=file), "head", sql=True)


TOOLS = {"sqlgen": by_sqlgen, "alembic": by_alembic}


def run_once(tool: str, dialect: str, folder: Path, count: int) -> dict[str, float]:
    """Render one script in this process; return seconds, bytes of memory and bytes of the script."""
    global TABLE, DIALECT
    TABLE, DIALECT = make_table(), dialect
    ROWS.extend(make_rows(count))
    importlib.import_module("sqlgen.project" if tool == "sqlgen" else "alembic.command")
    before, start = peak(), time.process_time()
    TOOLS[tool](folder, dialect)
    seconds = time.process_time() - start
    return {"seconds": seconds, "memory": peak() - before, "bytes": (folder / "script.sql").stat().st_size}


def make_project(folder: Path) -> None:
    """Write the smallest Alembic project that has one revision."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\n", encoding="utf-8")
    (folder / "migrations" / "env.py").write_text(ENV, encoding="utf-8")
    (versions / "a1_fill.py").write_text(REVISION, encoding="utf-8")


def measured(tool: str, dialect: str, count: int) -> dict[str, float]:
    """Return what one run took, in a project and a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        make_project(Path(folder))
        words = [sys.executable, "-m", "bench.bulk_insert", "--one", tool, dialect, folder, "--rows", str(count)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{tool} on {dialect} failed:\n{done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def medians(dialect: str, count: int, runs: int) -> list[dict[str, float]]:
    """Return the medians of several runs for each tool; the tools take turns."""
    rounds = [[measured(tool, dialect, count) for tool in TOOLS] for _ in range(runs)]
    return [
        {key: statistics.median(one[key] for one in found) for key in found[0]} for found in zip(*rounds, strict=True)
    ]


def report(dialects: list[str], count: int, runs: int) -> None:
    """Print the table."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("alembic", "sqlalchemy"))
    print(f"{count:,} rows of 8 columns, medians of {runs} on {platform.machine()}, ", end="")
    print(f"Python {platform.python_version()}, {versions}\n")
    print("| | sqlgen | Alembic | times as fast | memory of sqlgen | of Alembic |")
    print("|---|---:|---:|---:|---:|---:|", flush=True)
    for dialect in dialects:
        ours, theirs = medians(dialect, count, runs)
        times = [f"{one['seconds']:.2f} s" for one in (ours, theirs)]
        memory = [f"{one['memory'] / KIB**2:.0f} MiB" for one in (ours, theirs)]
        ratio = f"{theirs['seconds'] / ours['seconds']:.1f}"
        print("|", " | ".join([dialect, *times, ratio, *memory]), "|", flush=True)


def main() -> None:
    """Run all, or with ``--one`` a single script in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one", nargs=3, metavar=("TOOL", "DIALECT", "FOLDER"))
    parser.add_argument("dialects", nargs="*", metavar="DIALECT")
    asked = parser.parse_args()
    if asked.one:
        tool, dialect, folder = asked.one
        print(json.dumps(run_once(tool, dialect, Path(folder), asked.rows)))
    else:
        report(asked.dialects or list(DIALECTS), asked.rows, asked.runs)


if __name__ == "__main__":
    main()
