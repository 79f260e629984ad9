"""Measure sqlgen beside Alembic on synthetic projects, and print the ratios.

    make bench                                      all rows, medians of five runs (three for the slow ones)
    make bench RUNS=1 SIZES=100 ROWS=1000 TABLES=50 something quicker
    make bench WORK="heads history"                 some rows

Each figure is that of whole processes, the start of Python included. The two sides take turns on the same files, in the
same environment, after one run of each that leaves byte code behind and does not count (unless RUNS=0). A ratio is cpu
of sqlgen by cpu of what it is compared with, in the run beside it. The table goes to stdout as Markdown; the exit code
is 1 when a row could not be measured.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.measure import KIB, Failed, Figure, median, run, together
from bench.works import WORKS, Work, history_works, single_works, start_works, tree_works

ROOT = Path(__file__).parents[1]
GROWTH_BAR = 12.0
HEAD = ("work", "sqlgen", "against", "its figures", "n", "cpu ratio", "memory ratio", "at most", "met")
PACKAGES = ("alembic", "sqlalchemy", "click", "sqlparse")
UNSET = ("CI", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
"""What changes the work itself: whether byte code is kept, how output is written, whether ``generate`` may write."""


@dataclass(frozen=True)
class Row:
    """A work as it was measured, with the ratios of cpu and of peak memory, or why it was not measured."""

    work: Work
    runs: int
    ours: Figure | None = None
    theirs: Figure | None = None
    ratios: tuple[float, float] | None = None
    error: str = ""

    @classmethod
    def of(cls, work: Work, pairs: Sequence[tuple[Figure, Figure]]) -> Row:
        """Return the row of some pairs of runs: medians of figures, and of the ratios, each taken within its pair."""
        ours, theirs = (median(figures) for figures in zip(*pairs, strict=True))
        cpu = statistics.median(our.cpu / their.cpu for our, their in pairs)
        return cls(
            work, len(pairs), ours, theirs, (cpu, statistics.median(our.peak / their.peak for our, their in pairs))
        )

    def met(self) -> bool | None:
        """Tell whether the ratios are as low as they shall be; None where nothing is asked."""
        pairs = zip(self.ratios or (), (self.work.bar, self.work.memory_bar), strict=True)
        asked = [ratio <= bar for ratio, bar in pairs if bar is not None]
        return all(asked) if asked else None


class Bench:
    """A folder with the projects, made when a row asks for them."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder, self.runs = folder, runs
        self.environment = {name: value for name, value in os.environ.items() if name not in UNSET}
        self.environment |= {"XDG_CACHE_HOME": str(folder / "cache")}

    def project(self, name: str) -> Path:
        """Return the folder of a project such as history-1000, which is made by a process of its own.

        Text of thousands of revisions would make this process large, and a child's memory is counted from there.
        """
        folder = self.folder / name
        if not folder.exists():
            kind, _, count = name.partition("-")
            option = {"history": "--size"}.get(kind, f"--{kind}")
            words = [sys.executable, "-m", "bench.histories", str(folder), option, count]
            subprocess.run(words, cwd=ROOT, check=True)
        return folder

    def last(self, name: str) -> str:
        """Return the range of the last revision of a history, as ids: both tools know these."""
        files = (self.project(name) / "migrations" / "versions").glob("*.py")
        newest = max(files, key=lambda path: path.read_text(encoding="utf-8").split("Create Date: ")[1][:19])
        lines = newest.read_text(encoding="utf-8").splitlines()
        down, this = (next(line for line in lines if line.startswith(word)) for word in ("down_revision", "revision"))
        return ":".join(line.split(" = ")[1].strip('"') for line in (down.replace("None", "base"), this))

    def side(self, work: Work, commands: tuple[tuple[str, ...], ...]) -> Figure:
        """Run the commands of one side once."""
        if work.fresh:
            shutil.rmtree(self.folder / work.project, ignore_errors=True)
        folder = self.project(work.project)
        return together(run(words, folder, self.environment | work.environment) for words in commands)

    def row(self, work: Work) -> Row:
        """Measure a work."""
        runs = min(self.runs, 3) if work.slow else self.runs
        try:
            for words in work.prepare:
                run(words, self.project(work.project), self.environment)
            pairs = [(self.side(work, work.ours), self.side(work, work.theirs)) for _ in range(runs + 1)]
        except (Failed, OSError, subprocess.CalledProcessError) as error:
            return Row(work, runs, error=str(error))
        finally:
            if work.fresh:
                shutil.rmtree(self.folder / work.project, ignore_errors=True)
        return Row.of(work, pairs[1:] or pairs)


def works(bench: Bench, asked: argparse.Namespace) -> Iterator[Work]:
    """Yield the rows that were asked for; the last size is the large one, the first the usual one."""
    wanted = set(asked.work)
    for size in asked.sizes:
        last = bench.last(f"history-{size}") if "one" in wanted else ""
        yield from history_works(size, last, wanted)
    yield from tree_works(asked.sizes[0], wanted)
    yield from single_works(asked.rows, asked.tables, wanted)
    yield from start_works(wanted)
    if growing(asked):
        yield from history_works(1, "", {"base"})


def growing(asked: argparse.Namespace) -> bool:
    """Tell whether the growth can be told: all revisions, at two sizes."""
    return "base" in asked.work and len(asked.sizes) > 1


def growth(rows: list[Row], sizes: list[int]) -> tuple[float, float] | None:
    """Return how many times as long all revisions of the last size take as those of the first, start-up taken off.

    The first number is sqlgen's, the other Alembic's. The start is what a history of one revision takes.
    """
    found = {
        row.work.size: (row.ours.cpu, row.theirs.cpu)
        for row in rows
        if row.work.name == "base" and row.ours and row.theirs
    }
    if not {1, sizes[0], sizes[-1]} <= set(found):
        return None
    one, small, large = (found[size] for size in (1, sizes[0], sizes[-1]))
    ours, theirs = ((high - start) / (low - start) for start, low, high in zip(one, small, large, strict=True))
    return ours, theirs


def versions() -> str:
    """Return what was measured with what."""
    packages = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("sqlgen-migrations", *PACKAGES))
    return f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, {packages}"


def line(row: Row) -> str:
    """Return the row as a line of the table."""
    if row.ours is None or row.theirs is None or row.ratios is None:
        return cells(row.work.title, f"failed: {row.error}")
    cpu, memory = (f"{ratio:.2f}" for ratio in row.ratios)
    bars = [f"{row.work.bar:.2f}"] if row.work.bar else []
    bars += [f"memory {row.work.memory_bar:.2f}"] if row.work.memory_bar else []
    ours, theirs = (f"{one.cpu:.2f} / {one.wall:.2f} / {one.peak / KIB**2:.0f}" for one in (row.ours, row.theirs))
    return cells(row.work.title, ours, row.work.against, theirs, str(row.runs), cpu, memory, ", ".join(bars), row.met())


def cells(*texts: str | bool | None) -> str:
    """Return a line of the table; what is missing at its end stays empty."""
    words = {True: "yes", False: "**no**", None: ""}
    plain = [text.replace("|", "/") if isinstance(text, str) else words[text] for text in texts]
    return "| " + " | ".join([*plain, *[""] * (len(HEAD) - len(plain))]) + " |"


def growth_line(found: tuple[float, float] | None, sizes: list[int]) -> str:
    """Return the growth as a line of the table."""
    title = f"growth of `base:head` from {sizes[0]:,} to {sizes[-1]:,}, start-up taken off"
    if found is None:
        return cells(title, "failed: a row that it needs was not measured")
    ours, theirs = (f"x{times:.1f}" for times in found)
    asked = (sizes[0], sizes[-1]) == (1000, 10_000)
    return cells(
        title, ours, "Alembic", theirs, "", "", "", *((f"x{GROWTH_BAR:.0f}", found[0] <= GROWTH_BAR) if asked else ())
    )


def compile_packages() -> None:
    """Leave byte code of both tools behind, as an installer does; it is missing where an installation is editable."""
    found = [importlib.util.find_spec(name) for name in ("sqlgen", "sqlgen.dialects", *PACKAGES)]
    folders = [folder for spec in found if spec for folder in spec.submodule_search_locations or ()]
    subprocess.run([sys.executable, "-m", "compileall", "-qq", *folders], check=False)


def arguments() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000], metavar="N")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--work", nargs="+", choices=WORKS, default=list(WORKS), metavar="WORK", help=", ".join(WORKS))
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures as JSON")
    return parser.parse_args()


def main() -> int:
    """Measure, print, and return the exit code."""
    asked = arguments()
    compile_packages()
    print(f"{versions()}. Each figure: cpu s / wall s / peak MiB, medians of n runs.")
    print("PYTHONDONTWRITEBYTECODE is unset, but for the row without .pyc.\n")
    print(cells(*HEAD), "|---|---:|---|---:|---:|---:|---:|---|---|", sep="\n", flush=True)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), asked.runs)
        for work in works(bench, asked):
            print(work.title, file=sys.stderr, flush=True)
            rows.append(bench.row(work))
            print(line(rows[-1]), flush=True)
    grown = growth(rows, asked.sizes) if growing(asked) else None
    if growing(asked):
        print(growth_line(grown, asked.sizes), flush=True)
    if asked.json:
        found = [asdict(row) for row in rows]
        text = json.dumps({"versions": versions(), "rows": found, "growth": grown}, indent=1, ensure_ascii=False)
        asked.json.write_text(text + "\n", encoding="utf-8")
    return int(any(row.error for row in rows) or (growing(asked) and grown is None))


if __name__ == "__main__":
    sys.exit(main())
