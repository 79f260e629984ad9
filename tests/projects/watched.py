"""What revisions ask an Inspector while they run, what it answers, and which of their lines run then."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

from sqlalchemy.engine.reflection import Inspector

from sqlgen.rehearsal.inspected import Described

QUESTIONS = [name for name in dir(Inspector) if name.startswith(("get_", "has_"))]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a revision's, and the answer as plain data."""

    file: str
    question: str
    answer: Any


@dataclass
class Watch:
    """All questions in order, and the lines that ran of each file in the folder with the revisions."""

    folder: Path
    asked: list[Asked] = field(default_factory=list)
    ran: dict[str, set[int]] = field(default_factory=dict)

    def watches(self, frame: FrameType | None) -> bool:
        """Say whether a frame is a function of a revision's: modules and classes run while a file is loaded."""
        function = frame is not None and bool(frame.f_code.co_flags & CO_OPTIMIZED)
        return frame is not None and function and self.path(frame).is_relative_to(self.folder)

    @staticmethod
    def path(frame: FrameType) -> Path:
        """Return the file of a frame."""
        return Path(frame.f_code.co_filename)

    def traced(self, frame: FrameType, event: str, _argument: Any) -> Any:
        """Note the lines of revisions; a trace function, see :func:`sys.settrace`."""
        if event == "call":
            return self.traced if self.watches(frame) else None
        if event == "line":
            self.ran.setdefault(self.path(frame).name, set()).add(frame.f_lineno)
        return self.traced

    def heard(self, name: str) -> Callable[..., Any]:
        """Return a method of the Inspector that notes what a revision asks of it."""
        method = getattr(Inspector, name)

        @wraps(method)
        def asked(inspector: Inspector, *arguments: Any, **options: Any) -> Any:
            answer = method(inspector, *arguments, **options)
            caller = sys._getframe(1)
            if self.watches(caller):
                given = ", ".join([*map(repr, arguments), *(f"{key}={value!r}" for key, value in options.items())])
                plain = Described(inspector, ()).plain(answer)
                if isinstance(plain, list):
                    plain.sort(key=json.dumps)
                self.asked.append(Asked(self.path(caller).name, f"{name}({given})", plain))
            return answer

        return asked


@contextmanager
def watching(folder: Path) -> Iterator[Watch]:
    """Watch the revisions of a folder while the block runs."""
    watch = Watch(folder)
    outer = sys.gettrace()
    heard: dict[str, Any] = {name: watch.heard(name) for name in QUESTIONS}
    with patch.multiple(Inspector, **heard):
        sys.settrace(watch.traced)
        try:
            yield watch
        finally:
            sys.settrace(outer)
