"""The tree of scripts of a project: every file with its text, and what it was made of. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from ..config import LAYOUT
from ..errors import CommandError, RevisionError
from ..project import Project
from ..records import dataclass, field
from ..revisions import Revision, RevisionGraph
from ..scripts.reads import told
from ..scripts.script import Script
from ..scripts.texts import script_texts
from ..spool import Kept, Spool
from .both_ways import in_pieces, way_back
from .fingerprints import NOTHING, UNKNOWN, fingerprint, source_fingerprint
from .results import Counts
from .sums import DialectSum, RevisionSum, chained

DIRECTIONS = ("upgrade", "downgrade")


@dataclass(frozen=True, slots=True)
class File:
    """One file of a tree: its text, and the revisions that it holds, in one direction or as a schema."""

    text: Kept
    dialect: str
    direction: str
    revisions: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """The hash of its bytes."""
        found = sha256()
        for block in self.text.blocks():
            found.update(block)
        return found.hexdigest()


@dataclass
class Tree:
    """Files by their names, and the facts that ``sqlgen.sum`` keeps about them.

    ``singles`` are the files of single revisions, whether the layout wants them among the ``files`` or not.
    """

    files: dict[str, File] = field(default_factory=dict)
    singles: dict[str, File] = field(default_factory=dict)
    dialects: dict[str, DialectSum] = field(default_factory=dict)
    revisions: dict[str, RevisionSum] = field(default_factory=dict)
    counts: dict[str, Counts] = field(default_factory=dict)
    spool: Spool = field(default_factory=Spool)

    def put(self, script: Script, *, whole: bool, single: bool) -> None:
        """Take a script in: the files of the whole, those of single revisions, or both.

        A script that is cut around revisions has its parts and their run sheet among the files in any case.
        """
        ids = tuple(revision.id for revision in script.plan.revisions)
        parts = {f"{script.dialect.name}/{name}": part for name, part in script.per_revision()}
        for name, text in script_texts([script], per_revision=True).items():
            part = parts.get(name)
            if part is None and not whole and not script.manual:
                continue
            revisions = ids if part is None else tuple(one.id for one in part.plan.revisions)
            file = File(self.spool.keep(text, f" of {name}"), script.dialect.name, script.direction, revisions)
            if part is not None:
                self.singles[name] = file
            if part is None or single:
                self.files[name] = file

    def put_schema(self, script: Script) -> None:
        """Take the script of the whole schema in."""
        ids = tuple(revision.id for revision in script.plan.revisions)
        for name, text in script_texts([script], per_revision=False).items():
            self.files[name] = File(self.spool.keep(text, f" of {name}"), script.dialect.name, script.direction, ids)


def rendered(project: Project, dialects: Sequence[str]) -> Tree:
    """Return the tree that the revisions give today, for some dialects.

    Raises CommandError for what cannot be rendered, and RevisionError for heads that nobody told apart.
    """
    refuse_loose_heads(project.revisions)
    tree = Tree()
    prints: dict[str, dict[str, tuple[str, str]]] = {revision.id: {} for revision in project.revisions}
    for name in dialects:
        with project.ends.wanted():
            for id, pair in _render(project, name, tree).items():
                prints[id][name] = pair
    revisions = (
        _revision_sum(project.revisions, revision, prints[revision.id]) for revision in project.revisions.topological()
    )
    tree.revisions = {one.id: one for one in chained(revisions)}
    return tree


def _render(project: Project, name: str, tree: Tree) -> dict[str, tuple[str, str]]:
    """Render all scripts of a dialect; return the fingerprints of each revision's upgrade and downgrade."""
    layout = project.config.layout or LAYOUT
    upgrade = project.script(project.whole_range(dialect=name), dialect=name)
    downgrade = way_back(project, upgrade)
    backs, lost = ([downgrade], set[str]()) if downgrade is not None else in_pieces(project, upgrade)
    schema = _schema(project, name) if "schema" in layout else None
    for script in (upgrade, *backs):
        for sentence in told(script):
            project.warn(sentence)
        is_whole = script is upgrade or script is downgrade
        tree.put(script, whole=is_whole and script.direction in layout, single="revisions" in layout)
    if schema is not None:
        tree.put_schema(schema)
    tree.dialects[name] = _dialect_sum(upgrade, schema)
    tree.counts[name] = Counts(upgrade.statement_count, upgrade.revision_count)
    up, down = _prints([upgrade]), _prints(backs)
    return {id: (up[id], down.get(id, NOTHING if id in lost else UNKNOWN)) for id in up}


def _schema(project: Project, name: str) -> Script | None:
    """Return the script of the whole schema; None, and a warning, where it is not known whole and was not asked for."""
    try:
        return project.schema("heads", dialect=name)
    except CommandError as error:
        if project.config.layout:
            raise
        project.warn(f"{name}: no schema.sql: {error}")
        return None


def _prints(scripts: Iterable[Script]) -> dict[str, str]:
    """Return the fingerprints of the revisions in some scripts."""
    return {
        section.step.revision.id: fingerprint(section.statements, script.dialect.syntax)
        for script in scripts
        for section in script.sections
        if section.step is not None
    }


def _dialect_sum(upgrade: Script, schema: Script | None) -> DialectSum:
    """Return what is known of a dialect's scripts besides the revisions."""
    dialect = upgrade.dialect
    around = [one for section in upgrade.sections if section.step is None for one in section.statements]
    whole = [one for section in schema.sections for one in section.statements] if schema else None
    return DialectSum(
        dialect.name,
        dialect.version,
        fingerprint(around, dialect.syntax) if around else NOTHING,
        fingerprint(whole, dialect.syntax) if whole is not None else NOTHING,
    )


def _revision_sum(graph: RevisionGraph, revision: Revision, prints: Mapping[str, tuple[str, str]]) -> RevisionSum:
    source = source_fingerprint(revision.path.read_bytes()) if revision.path else NOTHING
    return RevisionSum(revision.id, graph.parents(revision.id, dependencies=True), source, prints)


def loose_heads(graph: RevisionGraph) -> tuple[tuple[str, ...], ...]:
    """Return the groups of heads that share an ancestor and that no branch label tells apart.

    Such heads are what two people leave who each added a revision to the same one.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for id in graph.real_heads:
        groups.setdefault(tuple(sorted(graph.branch_labels(id))), []).append(id)
    return tuple(tuple(group) for group in groups.values() if _share(graph, group))


def _share(graph: RevisionGraph, heads: Sequence[str]) -> bool:
    """Tell whether any two of some heads have an ancestor in common."""
    seen: set[str] = set()
    for id in heads:
        below = {id, *graph.ancestors(id, dependencies=False)}
        if seen & below:
            return True
        seen |= below
    return False


def shown_heads(graph: RevisionGraph, heads: Iterable[str]) -> str:
    """Return heads for a reader, each with its message and file."""
    return ", ".join(
        f"{one.id} ({one.message or 'no message'}; {one.shown_path})" for one in (graph[id] for id in heads)
    )


def refuse_loose_heads(graph: RevisionGraph) -> None:
    """Raise RevisionError where nobody said in which order two heads are applied."""
    for group in loose_heads(graph):
        raise RevisionError(
            f"{len(group)} heads follow the same revisions: {shown_heads(graph, group)}",
            hint=f"Join them: 'sqlgen merge {' '.join(group)}'. Branches that stay apart get a branch label each.",
        )
