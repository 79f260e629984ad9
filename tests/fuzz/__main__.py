"""Runs many random sequences: ``python -m tests.fuzz --seeds 1000 --database mariadb``."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable

from tests.databases import mariadb, postgresql, sqlite
from tests.databases.clients import Client
from tests.fuzz.trial import Ground, Totals, tried

STARTS: dict[str, Callable[[], Client]] = {
    "postgresql": postgresql.start,
    "mariadb": mariadb.start,
    "sqlite": sqlite.start,
}


def main() -> int:
    """Try the seeds that the command line asks for; 1 says that one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="how many sequences (100)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (1)")
    parser.add_argument("--steps", type=int, default=30, help="steps in each (30)")
    parser.add_argument("--database", choices=STARTS, action="append", help="may be repeated; all three unless said")
    parser.add_argument("--keep-going", action="store_true", help="do not stop at the first failure")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the servers must be stopped then, too
    failures = [run(name, asked) for name in asked.database or STARTS]
    return int(any(failures))


def run(name: str, asked: argparse.Namespace) -> int:
    """Try the seeds on one database, and return how many failed."""
    client, failed, totals = STARTS[name](), 0, Totals()
    try:
        ground = Ground(client)
        for seed in range(asked.first, asked.first + asked.seeds):
            report = tried(seed, asked.steps, ground, totals)
            if report:
                failed += 1
                print(f"{report}\n{'-' * 94}", flush=True)
            if report and not asked.keep_going:
                break
    finally:
        client.stop()
    print(f"{totals.shown(name)}\n  {failed} failures", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
