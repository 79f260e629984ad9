"""Version control, asked through the ``git`` program; nothing in the repository is ever changed.

Where git is not installed, or the folder is in no repository, there is simply none: only what compares with a
commit needs one.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..errors import CommandError, UsageError
from ..records import dataclass

_OWN_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
"""What git sets for the hooks that it runs; it would make every folder look like the hook's own repository."""


class NoSuchRef(UsageError):
    """A name is that of no commit here."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with a work tree; ``top`` is its uppermost folder."""

    top: Path

    @classmethod
    def around(cls, folder: Path) -> Repository | None:
        """Return the repository in whose work tree a folder lies, None when there is none, or no git."""
        place = folder.absolute()
        while not place.is_dir():
            place = place.parent
        try:
            top = _git(place, ["rev-parse", "--show-toplevel"])
        except (FileNotFoundError, PermissionError):
            return None
        if top.returncode:
            return None
        return cls(Path(os.fsdecode(top.stdout.rstrip(b"\r\n"))))

    @classmethod
    def needed(cls, folder: Path, why: str) -> Repository:
        """Return the repository around a folder. Raises UsageError that says why one is needed."""
        found = cls.around(folder)
        if found is None:
            raise UsageError(
                f"{why} needs git, and {folder} is in no repository that git can read",
                hint="Install git and run this inside the repository; two folders can be compared without it.",
            )
        return found

    def run(self, *words: str, environ: Mapping[str, str] | None = None) -> bytes:
        """Return what git prints. Raises CommandError with its own words when it fails."""
        done = _git(self.top, words, environ)
        if done.returncode:
            reason = done.stderr.decode("utf-8", "replace").strip() or f"exit code {done.returncode}"
            raise CommandError(f"'git {' '.join(words)}' failed: {reason}")
        return done.stdout

    def commit(self, ref: str) -> str:
        """Return the id of the commit that a ref names. Raises NoSuchRef."""
        if not ref.startswith("-"):
            done = _git(self.top, ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"])
            if not done.returncode:
                return done.stdout.decode().strip()
        raise NoSuchRef(
            f"there is no commit {ref!r} in this repository",
            hint="This clone is shallow: 'git fetch --unshallow' (in CI: fetch-depth: 0) brings the rest."
            if self.is_shallow
            else "'git log --oneline --all' lists them; 'git fetch' brings those of others.",
        )

    def merge_base(self, one: str, other: str) -> str:
        """Return the commit at which two refs parted. Raises UsageError where they have none in common."""
        done = _git(self.top, ["merge-base", self.commit(one), self.commit(other)])
        if done.returncode:
            raise UsageError(
                f"{one} and {other} have no commit in common",
                hint="This clone is shallow: 'git fetch --unshallow' brings the rest." if self.is_shallow else "",
            )
        return done.stdout.decode().strip()

    @property
    def is_shallow(self) -> bool:
        """Whether the clone holds the newest commits only."""
        return self.run("rev-parse", "--is-shallow-repository").strip() == b"true"

    @property
    def is_merging(self) -> bool:
        """Whether a merge (or a rebase, or a cherry-pick) waits for its conflicts to be resolved."""
        names = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD")
        return any(not _git(self.top, ["rev-parse", "--verify", "--quiet", name]).returncode for name in names)

    def is_staged(self, path: Path) -> bool:
        """Tell whether a file is, byte for byte, one that git's index holds, in any stage of a merge."""
        words = ["ls-files", "--stage", "-z", "--", self.relative(path)]
        entries = _git(self.top, words).stdout.split(b"\0")
        ids = {entry.split(b" ")[1].decode() for entry in entries if entry}
        own = _git(self.top, ["hash-object", "--", str(path.absolute())]).stdout.decode().strip()
        return own in ids

    def relative(self, path: Path) -> str:
        """Return a path as git names it. Raises UsageError for one outside of the work tree."""
        whole = Path(os.path.realpath(path))
        top = Path(os.path.realpath(self.top))
        if not whole.is_relative_to(top):
            raise UsageError(f"{path} is not in the repository at {self.top}")
        return whole.relative_to(top).as_posix()

    def extract(self, ref: str, folder: Path) -> None:
        """Write the files of a commit into an empty folder; work tree and index stay as they are.

        Raises NoSuchRef, and CommandError for objects that are missing here.
        """
        index = folder / ".index"
        environ = {"GIT_INDEX_FILE": str(index)}
        self.run("read-tree", self.commit(ref), environ=environ)
        self.run("checkout-index", "--all", "--quiet", f"--prefix={folder}/", environ=environ)
        index.unlink()


def _git(
    folder: Path, words: Sequence[str], environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder, speaking English. Raises FileNotFoundError where it is not installed."""
    inherited = {name: value for name, value in os.environ.items() if name not in _OWN_VARIABLES}
    return subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**inherited, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", **(environ or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
