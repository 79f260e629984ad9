"""Text that is written once and read again later: in memory while it is little, in a temporary file from then on.

Rows make scripts large. What is kept between rendering and writing is here, so that memory does not grow with them.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Iterator

from .errors import OutputError
from .records import dataclass

IN_MEMORY = 1 << 20
"""Bytes up to which a spool has no file."""

BLOCK = 1 << 16
"""Bytes that are read at once."""


class Spool:
    """A place for bytes. Its file has no name where the system allows that, and is gone with the spool."""

    def __init__(self) -> None:
        import tempfile

        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self._is_at_end = True
        self.size = 0
        weakref.finalize(self, self._file.close)

    def add(self, data: bytes) -> None:
        """Put bytes at the end. Raises OutputError when the system has no room for them."""
        try:
            if not self._is_at_end:
                self._file.seek(0, os.SEEK_END)
                self._is_at_end = True
            self._file.write(data)
        except OSError as error:
            raise explained(error) from error
        self.size += len(data)

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from one place to another. Raises OutputError when the system cannot read them."""
        try:
            self._is_at_end = False
            self._file.seek(start)
            return self._file.read(end - start)
        except OSError as error:
            raise explained(error) from error

    def keep(self, pieces: Iterable[str], where: str = "") -> Kept:
        """Put a text at the end, piece by piece, as UTF-8, and return where it is.

        Raises OutputError for what UTF-8 cannot write, with its line; ``where`` says what the line is of.
        """
        start, line = self.size, 1
        for piece in pieces:
            try:
                self.add(piece.encode("utf-8"))
            except UnicodeEncodeError as error:
                line += piece.count("\n", 0, error.start)
                raise OutputError(
                    f"line {line}{where} would hold half of a surrogate pair, which UTF-8 cannot write",
                    hint="Look in the revision for text that was decoded with errors='surrogateescape'.",
                ) from error
            line += piece.count("\n")
        return Kept(self, start, self.size)


@dataclass(frozen=True, slots=True)
class Kept:
    """A part of a spool."""

    spool: Spool
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def blocks(self) -> Iterator[bytes]:
        """Yield the bytes in blocks."""
        for start in range(self.start, self.end, BLOCK):
            yield self.spool.read(start, min(start + BLOCK, self.end))


def explained(error: OSError) -> OutputError:
    """Return the system's error about the temporary file as one of ours."""
    import tempfile

    reason = (error.strerror or str(error)).lower()
    return OutputError(
        f"cannot keep the script in {tempfile.gettempdir()}: {reason}",
        hint="Make room there, or name another folder in the environment variable TMPDIR.",
    )
