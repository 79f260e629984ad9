"""Running scripts on a database: through the plain client where it is installed, else through the driver."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from sqlgen.errors import CommandError
from sqlgen.form import Form
from sqlgen.records import dataclass
from sqlgen.snapshots import connected, engine_for

PATIENCE = 3600
"""Seconds after which a client is taken for stuck."""
SBIN = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin")
"""Folders in which clients are looked for besides those of PATH."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a script: whether it came to its end, and what was printed."""

    succeeded: bool
    output: str

    @property
    def last_words(self) -> str:
        """The last lines of the output, which tell why it stopped."""
        return "\n".join(self.output.strip().splitlines()[-12:])


class Runner:
    """One database, and what runs scripts on it.

    ``program`` is the path of the client, None where there is none.
    """

    def __init__(self, url: URL, form: type[Form], *, driver: bool = False) -> None:
        self.url = url
        self.form = form
        call = form.call(url, "")
        places = os.pathsep.join([os.environ.get("PATH", os.defpath), *SBIN])
        found = (shutil.which(name, path=places) for name in (call.programs if call is not None and not driver else ()))
        self.program: str | None = next(filter(None, found), None)

    @property
    def name(self) -> str:
        """What runs the scripts, for a reader."""
        return Path(self.program).name if self.program else f"the driver {self.url.get_driver_name()}"

    def run(self, text: str, blocks: list[str]) -> Ran:
        """Run a script: its text in the client, or its blocks, which were written for any client, by the driver."""
        return self._by_client(text) if self.program else self._by_driver(blocks)

    def _by_client(self, text: str) -> Ran:
        with tempfile.TemporaryDirectory(prefix="sqlgen-") as folder:
            file = Path(folder) / "script.sql"
            file.write_bytes(text.encode())
            call = self.form.call(self.url, str(file))
            assert call is not None
            assert self.program is not None
            with file.open("rb") if call.stdin else Path(os.devnull).open("rb") as given:
                done = subprocess.run(
                    [self.program, *call.arguments],
                    stdin=given,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, **call.env},
                    timeout=PATIENCE,
                    check=False,
                )
        return Ran(done.returncode == 0, done.stdout.decode(errors="replace"))

    def _by_driver(self, blocks: list[str]) -> Ran:
        engine = engine_for(self.url, writes=True)
        try:
            with raw(engine) as connection:
                assert engine.dialect.dbapi is not None
                if hasattr(connection, "executescript"):  # it would commit between two blocks
                    connection.executescript("\n\n".join(blocks))
                    return Ran(succeeded=True, output="")
                for block in filter(says_something, blocks):
                    sent(connection, block, engine.dialect.dbapi.NotSupportedError)
        except Exception as error:  # drivers have error classes of their own
            if isinstance(error, CommandError):
                raise
            return Ran(succeeded=False, output=f"{type(error).__name__}: {error}")
        finally:
            engine.dispose()
        return Ran(succeeded=True, output="")

    @contextmanager
    def inspector(self) -> Iterator[sa.Inspector]:
        """Yield an Inspector of the database. Raises what :func:`~sqlgen.snapshots.connected` raises."""
        with connected(self.url) as connection:
            yield sa.inspect(connection)


@contextmanager
def raw(engine: sa.Engine) -> Iterator[Any]:
    """Yield a driver's own connection, in which nothing begins a transaction but the script."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection.connection.driver_connection


def says_something(block: str) -> bool:
    """Tell whether a block is more than comments, which some drivers take for an empty query."""
    return any(line.strip() and not line.lstrip().startswith("--") for line in block.splitlines())


def sent(connection: Any, block: str, unsupported: type[Exception]) -> None:
    """Send a block of statements; raise what the driver raises for any of them.

    ``unsupported`` is what a driver raises that has no further results.
    """
    cursor = connection.cursor()
    cursor.execute(block)
    with suppress(unsupported):
        while cursor.nextset():  # an error of a later statement comes with its result
            pass
    cursor.close()
