"""A server process of the tests' own: in a folder of its own, reachable through a socket in that folder only.

PostgreSQL and MariaDB refuse to run as root. Where the tests run as root (containers do), the server
runs as ``nobody`` instead; the folder then belongs to that user.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.databases.clients import PATIENCE, ServerMissingError

UNPRIVILEGED = "nobody"


class Server:
    """A folder, and the one process that lives in it."""

    def __init__(self, name: str) -> None:
        # Directly under the temporary folder: the path of a socket may have some 100 bytes only.
        self.folder = Path(tempfile.mkdtemp(prefix=f"sqlgen-{name}-"))
        self._account = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
        if self._account:
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        self._process: subprocess.Popen[bytes] | None = None

    def spawn(self, command: Sequence[str | Path]) -> subprocess.Popen[bytes]:
        """Start a command as the server's user, in the server's folder, its output going to ``log`` there."""
        account = self._account
        # TMPDIR: a MariaDB server that starts removes the temporary tables of others from a folder that they share.
        env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
        env |= dict.fromkeys(("HOME", "TMPDIR"), str(self.folder))
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )

    def prepare(self, command: Sequence[str | Path]) -> None:
        """Run a command to its end. Raises ServerMissingError, with its output, when it fails."""
        if self.spawn(command).wait(PATIENCE) != 0:
            raise ServerMissingError(f"{Path(command[0]).name} failed:\n{self.log()}")

    def start(self, command: Sequence[str | Path], is_ready: Callable[[], bool]) -> None:
        """Start the server and return as soon as it answers. Raises ServerMissingError when it never does."""
        self._process = self.spawn(command)
        deadline = time.monotonic() + PATIENCE
        while not is_ready():
            try:
                self._process.wait(0.05)
            except subprocess.TimeoutExpired:
                if time.monotonic() < deadline:
                    continue
            raise ServerMissingError(f"{Path(command[0]).name} did not start:\n{self.log()}")

    def stop(self) -> None:
        """End the process, if it was started, and remove the folder."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def may_run(self, program: Path) -> bool:
        """Say whether the server's user can run a program: he cannot where a home folder is closed to others."""
        try:
            return self.spawn([program, "--version"]).wait(PATIENCE) == 0
        except PermissionError:
            return False

    def log(self) -> str:
        """Return the end of what the server and its tools have said."""
        return (self.folder / "log").read_text(errors="replace")[-3000:]
