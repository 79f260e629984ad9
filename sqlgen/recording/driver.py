"""What SQLAlchemy takes for the module of a driver, and what its errors become."""

from __future__ import annotations

import re

import sqlalchemy as sa

from ..errors import RenderError, Unsupported
from ..schema.replica import Refused

# SQLAlchemy's complaint about a construct names an object of ours, by its address.
UNPRINTABLE = re.compile(r"Compiler <.*?> can't render element of type (?:<class ')?([\w.]+)(?:'>)?")


class RecordingDriver:
    """What SQLAlchemy expects of a DBAPI module."""

    apilevel = "2.0"
    threadsafety = 3
    paramstyle = "named"
    sqlite_version_info = (3, 40, 0)
    version = "0"
    Binary = bytes

    class Error(Exception):
        """Base of DBAPI errors; never raised."""

    class DatabaseError(Error):
        """See PEP 249."""

    class OperationalError(DatabaseError):
        """See PEP 249."""

    class ProgrammingError(DatabaseError):
        """See PEP 249."""

    class IntegrityError(DatabaseError):
        """See PEP 249."""

    class InternalError(DatabaseError):
        """See PEP 249."""

    class InterfaceError(Error):
        """See PEP 249."""

    class NotSupportedError(DatabaseError):
        """See PEP 249."""

    class DataError(DatabaseError):
        """See PEP 249."""


def driver_error(refused: Refused) -> Exception:
    """Return the error that a driver raises where the server refuses a statement."""
    error: Exception = getattr(RecordingDriver, refused.kind, RecordingDriver.DatabaseError)(str(refused))
    error.__cause__ = refused
    return error


def refused(error: Exception, title: str) -> RenderError:
    """Return SQLAlchemy's or Python's complaint about an operation as an error of ours."""
    message = " ".join(str(error).split("(Background on this error")[0].split())
    message = UNPRINTABLE.sub(lambda found: f"there is no {found[1].rpartition('.')[2]} here", message)
    kind = type(error).__name__
    if isinstance(error, (sa.exc.CompileError, NotImplementedError)):
        return Unsupported(
            f"{title} cannot do this: {message or kind}", hint="Write what is meant as SQL text with op.execute."
        )
    return RenderError(f"{kind}: {message}")
