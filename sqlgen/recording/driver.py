"""What SQLAlchemy takes for the module of a driver."""

from __future__ import annotations

from ..schema.replica import Refused


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
