"""Revisions: reading them without running them, their graph, its symbols, and plans."""

from sqlgen.revisions.graph import RevisionGraph
from sqlgen.revisions.headers import read_file, read_folder
from sqlgen.revisions.plan import Plan, plan_downgrade, plan_stamp, plan_upgrade, reordered
from sqlgen.revisions.revision import Revision
from sqlgen.revisions.steps import Direction, Step, VersionOp
from sqlgen.revisions.symbols import Range, Symbol, parse_range, parse_symbol

__all__ = [
    "Direction",
    "Plan",
    "Range",
    "Revision",
    "RevisionGraph",
    "Step",
    "Symbol",
    "VersionOp",
    "parse_range",
    "parse_symbol",
    "plan_downgrade",
    "plan_stamp",
    "plan_upgrade",
    "read_file",
    "read_folder",
    "reordered",
]
