"""The tree keeps the shape of ``docs/architecture.md``: imports run one way, the core names no database, short files.

The modules are parsed, never imported, so an import counts wherever it stands: also inside a function, and also
under ``TYPE_CHECKING``.
"""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = {"sqlgen": ROOT / "sqlgen", "sqlgen.dialects": ROOT / "dialects"}

ORDER = (
    "sqlgen.records",
    "sqlgen.errors",
    "sqlgen.spool",
    "sqlgen.config_files",
    "sqlgen.config_paths",
    "sqlgen.config",
    "sqlgen.revisions",
    "sqlgen.operations",
    "sqlgen.statement",
    "sqlgen.statements",
    "sqlgen.literals",
    "sqlgen.splitting",
    "sqlgen.schema",
    "sqlgen.compiler",
    "sqlgen.twin",
    "sqlgen.questions",
    "sqlgen.features",
    "sqlgen.copying",
    "sqlgen.conditions",
    "sqlgen.rendering",
    "sqlgen.alter",
    "sqlgen.values",
    "sqlgen.inserts",
    "sqlgen.form",
    "sqlgen.dialect",
    "sqlgen.dialects",
    "sqlgen.scripts",
    "sqlgen.recording",
    "sqlgen.checks",
    "sqlgen.run",
    "sqlgen.ends",
    "sqlgen.project",
    "sqlgen.snapshots",
    "sqlgen.rehearsal",
    "sqlgen.review",
    "sqlgen.cli",
    "sqlgen.__main__",
    "sqlgen",
)
"""The rooms, bottom first. A room may import those above it in this list, and nothing may name a room below it."""

ROOMS: dict[str, tuple[str, ...]] = {room: ORDER[:number] for number, room in enumerate(ORDER)}

WITHOUT_SQLALCHEMY = (
    "sqlgen.records",
    "sqlgen.errors",
    "sqlgen.config_files",
    "sqlgen.config_paths",
    "sqlgen.config",
    "sqlgen.revisions",
)
"""Rooms behind ``heads`` and ``history``, which must start fast."""

ABOUT_DATABASES = {
    "sqlgen.dialects": "this is their place",
    "sqlgen.cli": "examples in the help",
    "sqlgen.twin.database": "rows are kept in the standard library's database",
    "sqlgen.twin.queries": "its dialect is SQLAlchemy's for that database",
    "sqlgen.schema.catalogue_queries": "the tables of catalogues are made in the standard library's database",
    "sqlgen.recording.alembic_names": "Alembic has modules of these names, which plug-ins import",
}
"""Rooms and modules that may name a database, and why."""

DATABASE = re.compile(r"(?<![a-z])(postgres|postgresql|mysql|mariadb|sqlite|sqlite3|mssql|oracle)(?![a-z])", re.I)

LONGEST_FILE = 550
LONGEST_FUNCTION = 45


@dataclass(frozen=True)
class Module:
    """One parsed file of the package."""

    name: str
    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_bytes())

    @cached_property
    def lines(self) -> int:
        return len(self.path.read_text(encoding="utf-8").splitlines())

    @cached_property
    def package(self) -> str:
        """What a relative import starts from."""
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]

    @cached_property
    def code_lines(self) -> frozenset[int]:
        """The lines that hold a token of code: no blank line, comment or docstring."""
        silent = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
        with tokenize.open(self.path) as file:
            tokens = [token for token in tokenize.generate_tokens(file.readline) if token.type not in silent]
        lines = {line for token in tokens for line in range(token.start[0], token.end[0] + 1)}
        docs = {line for doc in self.docstrings() for line in range(doc.lineno, (doc.end_lineno or doc.lineno) + 1)}
        return frozenset(lines - docs)

    def docstrings(self) -> Iterator[ast.Expr]:
        """Yield every string that stands as a statement."""
        for node in ast.walk(self.tree):
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                yield node

    def imports(self) -> Iterator[tuple[str, int]]:
        """Yield the dotted name of everything imported, with its line; of ``from a import b`` it is ``a.b``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = self.package.split(".")[: len(self.package.split(".")) - node.level + 1] if node.level else []
                origin = ".".join([*above, *filter(None, [node.module])])
                yield from ((f"{origin}.{alias.name}", node.lineno) for alias in node.names)

    def strings(self) -> Iterator[tuple[str, int]]:
        """Yield every string constant but docstrings, with its line."""
        docs = {id(doc.value) for doc in self.docstrings()}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                yield node.value, node.lineno

    def functions(self) -> Iterator[tuple[str, int, int]]:
        """Yield each function's name, line and number of code lines from ``def`` to its end."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = range(node.lineno, (node.end_lineno or node.lineno) + 1)
                yield node.name, node.lineno, len(self.code_lines.intersection(body))


def parse_tree(folders: Mapping[str, Path]) -> dict[str, Module]:
    """Return the modules of some folders by their import names, sorted."""
    found = {}
    for package, folder in folders.items():
        for path in sorted(folder.rglob("*.py")):
            parts = [package, *path.relative_to(folder).with_suffix("").parts]
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = Module(name, path)
    return found


def is_inside(name: str, room: str) -> bool:
    """Say whether a dotted name is a room or lies in it."""
    return name == room or name.startswith(f"{room}.")


def room_of(name: str) -> str | None:
    """Return the room of a module; the package ``sqlgen`` itself is a room, but holds no other module."""
    if name == "sqlgen":
        return name
    return next((room for room in ROOMS if room != "sqlgen" and is_inside(name, room)), None)


def target_of(imported: str, modules: Mapping[str, Module]) -> str | None:
    """Return the module that an import reaches: ``a.b`` itself, or ``a`` when ``b`` is a name in it."""
    for name in (imported, imported.rpartition(".")[0]):
        if name in modules:
            return name
    return None


def edges(modules: Mapping[str, Module]) -> Iterator[tuple[str, str, int]]:
    """Yield who imports whom inside the tree, with the line."""
    for module in modules.values():
        for imported, line in module.imports():
            target = target_of(imported, modules)
            if target and target != module.name:
                yield module.name, target, line


def wrong_way(modules: Mapping[str, Module]) -> list[str]:
    """Return the imports that no room's list allows."""
    found = []
    for name, target, line in edges(modules):
        room, other = room_of(name), room_of(target)
        if room and other and other != room and other not in ROOMS[room]:
            found.append(f"{name}:{line} imports {target}, but {room} may not import {other}")
    return found


def cycle(modules: Mapping[str, Module]) -> list[str]:
    """Return modules that import each other in a ring, or nothing."""
    graph: dict[str, set[str]] = {}
    for name, target, _ in edges(modules):
        graph.setdefault(name, set()).add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def leaks(module: Module) -> list[str]:
    """Return the strings and imports in which a module names a database."""
    named = [*module.strings(), *module.imports()]
    return [f"{module.name}:{line} names a database: {text!r}" for text, line in named if DATABASE.search(text)]


MODULES = parse_tree(FOLDERS)


def test_rooms_are_listed_bottom_first() -> None:
    rooms = list(ROOMS)
    above = [(room, other) for room in rooms for other in ROOMS[room] if rooms.index(other) >= rooms.index(room)]
    assert above == []


def test_every_module_has_a_room() -> None:
    homeless = [name for name in MODULES if room_of(name) is None]
    assert homeless == [], "say in ROOMS, and in docs/architecture.md, where these belong"


def test_imports_run_downwards() -> None:
    assert wrong_way(MODULES) == []


def test_no_modules_import_each_other() -> None:
    assert cycle(MODULES) == []


def test_alembic_is_never_imported() -> None:
    assert [name for name in MODULES for imported, _ in MODULES[name].imports() if is_inside(imported, "alembic")] == []


@pytest.mark.parametrize("room", WITHOUT_SQLALCHEMY)
def test_fast_rooms_do_without_sqlalchemy(room: str) -> None:
    rooms = [module for name, module in MODULES.items() if is_inside(name, room)]
    assert rooms
    assert [(m.name, line) for m in rooms for name, line in m.imports() if is_inside(name, "sqlalchemy")] == []


def test_core_names_no_database() -> None:
    core = [m for name, m in MODULES.items() if not any(is_inside(name, room) for room in ABOUT_DATABASES)]
    assert [leak for module in core for leak in leaks(module)] == []


def test_files_are_short() -> None:
    assert {name: module.lines for name, module in MODULES.items() if module.lines > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    found = [(f"{m.name}:{line} {name}", size) for m in MODULES.values() for name, line, size in m.functions()]
    assert found
    assert [(place, size) for place, size in found if size > LONGEST_FUNCTION] == []


def invented(folder: Path, **sources: str) -> dict[str, Module]:
    """Write the modules of a tree named ``sqlgen`` and parse them; two underscores stand for a folder."""
    for name, source in sources.items():
        path = folder.joinpath(*name.split("__")).with_suffix(".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return parse_tree({"sqlgen": folder})


UPWARDS = {
    "absolute": "from sqlgen.project import Project\n",
    "plain": "import sqlgen.project\n",
    "relative": "from .project import Project\n",
    "of a module": "from . import project\n",
    "in a function": "def late():\n    from sqlgen import project\n",
    "for types": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .project import Project\n",
}


@pytest.mark.parametrize("source", UPWARDS.values(), ids=UPWARDS.keys())
def test_an_import_upwards_is_found(tmp_path: Path, source: str) -> None:
    modules = invented(tmp_path, errors=source, project="")
    (found,) = wrong_way(modules)
    assert "sqlgen.errors may not import sqlgen.project" in found


def test_an_import_from_a_folder_is_found(tmp_path: Path) -> None:
    modules = invented(tmp_path, revisions__graph="from ..project import Project\n", project="")
    assert len(wrong_way(modules)) == 1


def test_a_ring_is_found(tmp_path: Path) -> None:
    modules = invented(tmp_path, revisions__a="from . import b\n", revisions__b="from .a import x\n")
    assert sorted(set(cycle(modules))) == ["sqlgen.revisions.a", "sqlgen.revisions.b"]


def test_a_homeless_module_is_found() -> None:
    assert room_of("sqlgen.util") is None
    assert room_of("sqlgen.revisions.graph") == "sqlgen.revisions"


@pytest.mark.parametrize("source", ["x = y == 'mysql'\n", "k = 'mssql_where'\n", "import sqlalchemy.dialects.oracle\n"])
def test_a_leak_is_found(tmp_path: Path, source: str) -> None:
    modules = invented(tmp_path, project=f'"""Not this: SQLite."""\n{source}')
    assert len(leaks(modules["sqlgen.project"])) == 1


def test_code_lines_are_counted_without_comments_and_docstrings(tmp_path: Path) -> None:
    source = 'def one():\n    """Doc.\n\n    More.\n    """\n    # why\n\n    return [\n        1,\n    ]\n'
    modules = invented(tmp_path, project=source)
    assert list(modules["sqlgen.project"].functions()) == [("one", 1, 4)]
