"""Where a script begins and commits.

===============================  ==========================================================================
the dialect (or env.py) says     the script has
===============================  ==========================================================================
DDL is transactional             one transaction around the whole run, or one per revision; a statement that
                                 the server refuses in a transaction, or that the author wants outside of it,
                                 stands between a COMMIT and the next BEGIN, and its revision ends with a COMMIT,
                                 so that a later failure does not take its version row back and leave the rest
it is not, sessions autocommit   neither
it is not, and a transaction     a COMMIT after each revision, because its rows and the version row would
opens by itself (no BEGIN)       otherwise wait for the next DDL statement, or be lost at the end
===============================  ==========================================================================

With ``commit="manual"`` the one transaction is left open at the end, with ``"none"`` none is begun or committed here.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlgen.form import Form, Rows
from sqlgen.statement import Statement


class Transactions:
    """The state of the session while a script is written from its top to its bottom.

    Nothing is begun before a statement needs it, so no BEGIN is followed at once by a COMMIT.
    """

    def __init__(self, form: Form, *, enabled: bool, per_section: bool) -> None:
        self._form = form
        self._commit = form.shape.commit
        self.enabled = enabled and self._commit != "none"
        self._per_section = per_section
        self._is_cut = False
        self.is_open = False

    def before(self, statement: Statement, rows: Rows | None, *, anew: bool) -> Iterator[str]:
        """Yield what must stand before a statement that belongs in a transaction, in another one, or outside.

        ``rows`` are the version rows at this place, None before there is a version table. Raises Unsupported for a
        statement that would take the COMMIT out of the hands of whoever is to say it.
        """
        if not self.enabled:
            return
        outside = not statement.transactional
        if self._commit == "manual" and (outside or (anew and self.is_open)):
            raise self._form.out_of_place(statement, "needs a COMMIT before it", "Leave out --commit manual.")
        if outside:
            yield from self._leave(rows)
            return
        if anew:
            yield from self.close()
        if not self.is_open:
            self.is_open = True
            yield "\n".join(self._form.begin(rows))

    def _leave(self, rows: Rows | None) -> Iterator[str]:
        """Yield what must stand before a statement outside of transactions."""
        self._is_cut = True
        inside, latch = self._form.before_outside(rows, self.is_open)
        if self.is_open:
            self.is_open = False
            yield "\n".join([*inside, *self._form.commit()])
        yield "\n".join(latch)

    def after_section(self, *, wrote: bool) -> Iterator[str]:
        """Yield what must stand after a section; ``wrote`` says that it has statements."""
        cut, self._is_cut = self._is_cut, False
        if self.enabled and (self._per_section or cut):
            yield from self.close()
        elif not self.enabled and wrote and self._commit != "none" and not self._form.dialect.begin:
            yield "\n".join(self._form.commit())

    def close(self) -> Iterator[str]:
        """Yield the COMMIT, if a transaction is open, and is not to be left so."""
        if self.is_open and self._commit != "manual":
            self.is_open = False
            yield "\n".join(self._form.commit())
