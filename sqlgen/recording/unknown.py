"""Values that a revision reads, and that only the server knows."""

from __future__ import annotations

from typing import Any, NoReturn, Protocol

from ..errors import NeedsDatabase, RenderError
from ..literals import ServerValue


class Placing(Protocol):
    """Who knows the place of an error; the recorder."""

    def failed(self, error: RenderError) -> RenderError:
        """Return an error that is about to be raised inside the revision, with its place filled in."""


class UnknownValue(ServerValue):
    """A value of a row that the server makes when the script runs, such as the time of day.

    It can be handed on and shown; deciding by it, reckoning with it and writing it into a statement are errors.
    """

    __slots__ = ("place",)

    def __init__(self, what: str, place: Placing) -> None:
        super().__init__(what)
        self.place = place

    def _refuse(self, *_: Any) -> NoReturn:
        raise self.place.failed(
            NeedsDatabase(
                f"the revision uses {self.what}, which only the live database will know",
                hint="Let the server work it out, in one statement such as UPDATE … SET … = (SELECT …).",
            )
        )

    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = __str__ = __format__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __mod__ = __neg__ = _refuse
    __int__ = __float__ = __index__ = __len__ = __iter__ = __getitem__ = __contains__ = _refuse

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self._refuse()
