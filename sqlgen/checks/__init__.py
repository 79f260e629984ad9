"""Scripts that ask a database, before and after a script of changes: what will go wrong, and whether it all came."""

from sqlgen.checks.both import both
from sqlgen.checks.results import Result, Verdict, read_results
from sqlgen.checks.script import CheckScript

__all__ = ["CheckScript", "Result", "Verdict", "both", "read_results"]
