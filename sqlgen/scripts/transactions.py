"""Where a script begins and commits.

===============================  ==========================================================================
the dialect (or env.py) says     the script has
===============================  ==========================================================================
DDL is transactional             one transaction around the whole run, or one per revision; a statement that
                                 the server refuses in a transaction, or that the author wants outside of it,
                                 stands between a COMMIT and the next BEGIN
it is not, sessions autocommit   neither
it is not, and a transaction     a COMMIT after each revision, because its rows and the version row would
opens by itself (no BEGIN)       otherwise wait for the next DDL statement, or be lost at the end
===============================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterator


class Transactions:
    """The state of the session while a script is written from its top to its bottom.

    ``begin`` and ``commit`` are as the client wants them, terminators and all; empty where there is no such command.
    Nothing is begun before a statement needs it, so no BEGIN is followed at once by a COMMIT.
    """

    def __init__(self, begin: str, commit: str, *, enabled: bool, per_section: bool) -> None:
        self._begin = begin
        self._commit = commit
        self._enabled = enabled
        self._per_section = per_section
        self._is_open = False

    def before(self, *, transactional: bool, anew: bool = False) -> Iterator[str]:
        """Yield what must stand before a statement that belongs in a transaction, ``anew`` in another, or outside."""
        if self._enabled and anew:
            yield from self.close()
        if self._enabled and transactional != self._is_open:
            yield from self._open() if transactional else self.close()

    def after_section(self, *, wrote: bool) -> Iterator[str]:
        """Yield what must stand after a section; ``wrote`` says that it has statements."""
        if self._enabled and self._per_section:
            yield from self.close()
        elif not self._enabled and wrote and self._commit and not self._begin:
            yield self._commit

    def close(self) -> Iterator[str]:
        """Yield the COMMIT, if a transaction is open."""
        if self._is_open:
            self._is_open = False
            yield self._commit

    def _open(self) -> Iterator[str]:
        self._is_open = True
        yield self._begin
