"""One line on the terminal that says what is being worked on, once that takes longer than a second."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import TextIO

PATIENCE = 1.0
"""Seconds of silence before the line appears."""

_ERASE = "\r\x1b[K"


class Progress:
    """A context manager; :meth:`at` sets what the line says. Away from a terminal it prints nothing."""

    def __init__(self, stream: TextIO, *, wanted: bool = True, patience: float = PATIENCE) -> None:
        self.stream = stream
        self.wanted = wanted and stream.isatty()
        self.label = ""
        self.is_shown = False
        self.is_over = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(patience, self.show)
        self._timer.daemon = True

    def __enter__(self) -> Progress:
        if self.wanted:
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self.is_over = True
            if self.is_shown:
                self._write(_ERASE)

    def at(self, label: str) -> None:
        """Say what is being worked on now."""
        with self._lock:
            self.label = label
            if self.is_shown:
                self._write(f"{_ERASE}{label} …")

    def show(self) -> None:
        """Let the line appear; called by the timer."""
        with self._lock:
            if not self.is_over:
                self.is_shown = True
                self._write(f"{_ERASE}{self.label} …")

    def clear(self) -> None:
        """Take the line away, because something else is about to be printed; the next label brings it back."""
        with self._lock:
            if self.is_shown:
                self._write(_ERASE)

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.stream.flush()
