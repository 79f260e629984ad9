r"""Reading the headers of revision files without running them.

Three ways, each slower and taken only when the one before cannot be sure:

1. a regular expression takes the header whole, where it is as Alembic writes it, or another one walks over the
   statements at the top of the file: docstring, imports, simple assignments, and the four header variables with
   values written out;
2. the file is parsed (about thirty times slower) and its top-level assignments are evaluated as literals;
3. the header is computed (``revision = make_id()``): the caller's ``execute`` runs the file.

Which files are revisions: every ``*.py`` whose name starts neither with ``.#`` nor with ``__init__``, in
sub-folders only when the project says so. A file without ``revision`` is one of Alembic's first days when
its name is hexadecimal (``1a2b.py``), and that is its id. Any other file without ``revision`` is an error, as
in Alembic: passing over a file silently could drop a migration.
"""

from __future__ import annotations

import ast
import os
import re
import tokenize
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

from sqlgen.errors import ConfigError, LoadError, Source
from sqlgen.records import dataclass, field
from sqlgen.revisions.revision import Revision

Execute: TypeAlias = Callable[[Path], Mapping[str, object]]
"""Runs one file and returns the variables of its module."""

VARIABLES = ("revision", "down_revision", "branch_labels", "depends_on")

_NAMES = "|".join(VARIABLES)
_TEXT = r"""(?:"[^"\\\n]*"(?!")|'[^'\\\n]*'(?!'))"""
_END = r"[ \t]*(?:\#[^\n]*)?\n"
_DOC = r"""[rRuU]? (?: \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*'''
                  | "(?:[^"\\\n]|\\.)*"(?!") | '(?:[^'\\\n]|\\.)*'(?!') )"""
_IMPORT = rf"""(?:from[ \t]+[.\w]+[ \t]+)? import[ \t]+
    (?! (?: \([^)]* | [^\n]* ) \b(?:{_NAMES})\b ) (?: \([\w\s,]*\) | [\w., \t]+ ) {_END}"""
_OTHER = rf"""(?!(?:{_NAMES})\b) [A-Za-z_]\w* [ \t]* (?: :[^=\n\#"']* )? =[ \t]*
    (?: {_TEXT} | [\w. \t]+ (?: \( (?: [\w., \t=] | {_TEXT} )* \) )? ) {_END}"""
_SETS = r"[ \t]* (?: :[^=\n\#]* )? =[ \t]*"
_VALUE = rf"(?: None | {_TEXT} | [(\[] (?: [\s,] | {_TEXT} | \#[^\n]*\n )* [)\]] )"
#: The whole header where it is as Alembic writes it: all four variables, each once, in this order, one after the other.
_COMMON = re.compile(
    rf"(?:{_END})* (?: (?P<doc> {_DOC} ) {_END} )? (?: {_END} | {_IMPORT} | {_OTHER} )*"
    + rf" (?:{_END})*".join(rf" {name}\b {_SETS} (?P<{name}> {_VALUE} ) {_END}" for name in VARIABLES),
    re.VERBOSE | re.DOTALL,
)
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_MOST = 1 << 14
"""Bytes of a file that are read at first; a regular file gives fewer only at its end."""
_LEGACY_NAME = re.compile(r"([a-f0-9]+)\.py")
_CODING = re.compile(rb"\A(?:\xef\xbb\xbf|(?:[^\n]*\n)?[ \t\f]*\#[^\n]*coding[:=])")


@dataclass(slots=True)
class _Header:
    """What one file says: the values of its header variables, its docstring, and the line of the id."""

    values: dict[str, object] = field(default_factory=dict)
    doc: str = ""
    line: int = 0
    is_computed: bool = False


def read_folder(
    folders: Iterable[Path],
    *,
    recursive: bool = False,
    sourceless: bool = False,
    root: Path | None = None,
    execute: Execute | None = None,
) -> list[Revision]:
    """Return the revisions in the folders, in the order of the folders and then of the sorted file names.

    ``recursive`` goes into sub-folders; ``sourceless`` also takes compiled files that have no source beside
    them; ``root`` is the project's folder, to which paths are shown relative; ``execute`` runs a file whose
    header is computed. A file that two folders lead to is read once.

    Raises ConfigError for a folder that is missing or cannot be listed (all of them missing is a new project,
    with no revisions), LoadError for a file that cannot be read, RevisionError for an id that cannot be one.
    """
    listed = [Path(folder) for folder in folders]
    if not any(folder.exists() for folder in listed):
        return []
    found: dict[str, Revision] = {}
    for top in listed:
        for folder in _folders(top, recursive=recursive):
            shown = _shown(folder.path, top, root)
            for name in folder.revision_files(sourceless=sourceless):
                real = folder.real_path(name)
                if real not in found:
                    found[real] = read_file(folder.path / name, shown_path=shown + name, execute=execute)
    return list(found.values())


def read_file(path: Path, *, shown_path: str = "", execute: Execute | None = None) -> Revision:
    """Return the revision that a file holds.

    Raises LoadError, with path and line, for a file that cannot be read, is no Python, names no revision, or
    computes its header where ``execute`` is None; RevisionError for a header that makes no sense.
    """
    shown = shown_path or path.as_posix()
    header = _read(path, shown) if path.name.endswith(".py") else _Header(is_computed=True)
    if header.is_computed or ("revision" not in header.values and execute):
        _execute(path, shown, header, execute)
    values: dict[str, Any] = header.values
    if values.get("revision") is None:
        values["revision"] = _legacy_id(path, shown)
    return Revision(
        values["revision"],
        values.get("down_revision"),
        values.get("depends_on"),
        values.get("branch_labels"),
        doc=header.doc,
        path=path,
        shown_path=shown,
        line=header.line,
    )


@dataclass(frozen=True, slots=True)
class _Folder:
    """One listed folder: the sorted names of its files (``links`` are symbolic ones) and of its folders."""

    path: Path
    real: str
    files: tuple[str, ...]
    links: frozenset[str]
    folders: tuple[str, ...]

    def revision_files(self, *, sourceless: bool) -> list[str]:
        """Return the names of the files that count, sorted; then, sourceless, those in ``__pycache__``."""
        present = set(self.files)
        names = [name for name in self.files if _is_revision_file(name, present, sourceless=sourceless)]
        if sourceless and "__pycache__" in self.folders:
            names += _cached(self.path / "__pycache__", {name.partition(".")[0] for name in self.files})
        return names

    def real_path(self, name: str) -> str:
        """Return the path of a file with symbolic links followed."""
        if name in self.links:
            return os.path.realpath(self.path / name)
        return os.path.join(self.real, name)


def _folders(path: Path, *, recursive: bool) -> Iterator[_Folder]:
    """Yield a folder, then its sub-folders by name; links to folders are not followed, as in Alembic."""
    try:
        with os.scandir(path) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise ConfigError(
            f"the folder of revisions {path.as_posix()} cannot be listed: {error.strerror}",
            hint="Create it, or mend version_locations or script_location in the configuration.",
        ) from error
    folders = tuple(entry.name for entry in listed if entry.is_dir(follow_symlinks=False))
    yield _Folder(
        path,
        os.path.realpath(path),
        tuple(entry.name for entry in listed if not entry.is_dir()),
        frozenset(entry.name for entry in listed if entry.is_symlink()),
        folders,
    )
    for name in folders:
        if recursive and not name.endswith("__pycache__"):
            yield from _folders(path / name, recursive=True)


def _is_revision_file(name: str, present: set[str], *, sourceless: bool) -> bool:
    """Whether a file counts; the source is preferred to ``.pyc``, and that to ``.pyo``."""
    if name.startswith((".#", "__init__")):
        return False
    if name.endswith(".py"):
        return True
    source = name[:-1]
    if not sourceless or not name.endswith((".pyc", ".pyo")) or source in present:
        return False
    return name.endswith(".pyc") or source + "c" not in present


def _cached(folder: Path, sources: set[str]) -> Iterator[str]:
    """Yield the compiled files in ``__pycache__`` that have no source beside the folder, one for each."""
    for name in sorted(os.listdir(folder)):
        stem = name.partition(".")[0]
        if name.endswith(".pyc") and stem not in sources and not name.startswith("__init__"):
            sources.add(stem)
            yield f"{folder.name}/{name}"


def _shown(folder: Path, top: Path, root: Path | None) -> str:
    """Return how the files of a folder begin: relative to the project, or from the top folder when outside.

    No path that depends on the machine may get into a script.
    """
    absolute = Path(os.path.abspath(folder))
    start = Path(os.path.abspath(top)).parent
    if root is not None and absolute.is_relative_to(os.path.abspath(root)):
        start = Path(os.path.abspath(root))
    shown = absolute.relative_to(start).as_posix()
    return "" if shown == "." else shown + "/"


def _read(path: Path, shown: str) -> _Header:
    """Return the header of a source file, by the first way that is sure."""
    text = _decoded(path, shown)
    try:
        header = _scan(text)
    except SyntaxError:  # in a literal: the parser says in which line
        header = None
    return header or _evaluate(_parsed(text, shown))


def _decoded(path: Path, shown: str) -> str:
    """Return the source with ``\\n`` as its only line end; raise LoadError when it is no text."""
    try:
        data = _bytes(path)
    except OSError as error:
        raise LoadError(f"the revision file cannot be read: {error.strerror}", place=Source(shown)) from error
    if b"\0" in data:
        raise LoadError(
            "the file contains a NUL byte (0x00), so it is no Python source",
            place=Source(shown, _line(data, data.index(b"\0"))),
            hint="It may be damaged, or stored as UTF-16: store it as UTF-8.",
        )
    encoding = _encoding(data, shown) if _CODING.match(data) else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise LoadError(
            f"byte 0x{data[error.start]:02x} is not {encoding} text",
            place=Source(shown, _line(data, error.start)),
            hint="Store the file as UTF-8, or name its encoding in the first line: # -*- coding: latin-1 -*-",
        ) from error
    except LookupError as error:
        raise LoadError(f"{encoding} is no text encoding", place=Source(shown, 1)) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return text if text.endswith("\n") else text + "\n"


def _bytes(path: Path) -> bytes:
    """Return what is in a file; a file object would cost more than reading it. Raises OSError."""
    descriptor = os.open(path, _READ)
    try:
        data = os.read(descriptor, _MOST)
        while len(data) >= _MOST and (more := os.read(descriptor, len(data))):
            data += more
    finally:
        os.close(descriptor)
    return data


def _encoding(data: bytes, shown: str) -> str:
    """Return the encoding that a byte order mark or a coding line names."""
    try:
        return tokenize.detect_encoding(BytesIO(data).readline)[0]
    except SyntaxError as error:
        raise LoadError(
            f"the encoding cannot be told: {error.msg}",
            place=Source(shown, 1),
            hint="Store the file as UTF-8 without a coding line.",
        ) from error


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _scan(text: str) -> _Header | None:
    """Return the header if the statements at the top of the file leave no doubt about it, else None."""
    if (common := _COMMON.match(text)) is not None:
        return _common(common)
    header, statement = _Header(), _statement()
    position, is_first, found = 0, True, None
    while position < len(text):
        found = statement.match(text, position)
        kind = found.lastgroup if found else "body"
        if found is None or kind == "body":
            break
        if kind == "value":
            name, value = found["name"], found["value"]
            header.values[name] = _literal(value)
            if name == "revision":
                header.line = text.count("\n", 0, position) + 1
        elif kind == "doc" and is_first:
            header.doc = _literal_doc(found["doc"])
        is_first = is_first and kind == "blank"
        position = found.end()
    stands_alone = position >= len(text) or (found and found["body"])
    is_sure = (stands_alone and "revision" in header.values) or len(header.values) == len(VARIABLES)
    return header if is_sure and not _is_set_again(text, position) else None


def _common(found: re.Match[str]) -> _Header | None:
    """Return the header that was found whole, None where the rest of the file may change it."""
    text = found.string
    if _is_set_again(text, found.end()):
        return None
    doc = found["doc"]
    return _Header(
        {name: _literal(found[name]) for name in VARIABLES},
        _literal_doc(doc) if doc else "",
        text.count("\n", 0, found.start("revision")) + 1,
    )


@cache
def _statement() -> re.Pattern[str]:
    """Return what matches one statement at the top of a file."""
    return re.compile(
        rf"""
          (?P<blank> (?:{_END})+ )
        | (?P<doc> {_DOC} ) {_END}
        | {_IMPORT}
        | (?P<name> {_NAMES} ) {_SETS} (?P<value> {_VALUE} ) {_END}
        | {_OTHER}
        | (?P<body> (?:async[ \t]+)?def\b | class\b | @ )
        """,
        re.VERBOSE | re.DOTALL,
    )


@cache
def _set_again() -> re.Pattern[str]:
    """Return what finds a place that may set a header variable again."""
    return re.compile(
        rf"""(?:^|[;:,(*])[ \t]*(?:{_NAMES})\b[ \t]*(?:[-+*/|&^%@]?=(?!=)|:[^=\n]*=)
           | ^[ \t]*\(?[ \t]*(?:{_NAMES})[ \t]*,
           | \bas[ \t]+(?:{_NAMES})\b""",
        re.MULTILINE | re.VERBOSE,
    )


def _is_set_again(text: str, position: int) -> bool:
    """Whether the rest of the file may set a header variable; mostly it does not even contain the words."""
    words = ("revision", "branch_labels", "depends_on")
    return any(text.find(word, position) >= 0 for word in words) and bool(_set_again().search(text, position))


def _literal(token: str) -> object:
    """Return the value of None, a plain string, or a tuple or list of these."""
    if token == "None":
        return None
    if token[0] in "\"'":
        return token[1:-1]
    return _quiet_literal(token)


def _literal_doc(token: str) -> str:
    """Return the text of a docstring's token."""
    if "\\" in token:
        return str(_quiet_literal(token))
    bare = token.lstrip("rRuU")
    quotes = 3 if bare[:3] in ('"""', "'''") else 1
    return bare[quotes:-quotes]


def _quiet_literal(token: str) -> object:
    """Evaluate a literal without the warnings that belong to whoever runs the file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.literal_eval(token)


def _parsed(text: str, shown: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise LoadError(
            f"the revision file is not valid Python: {error.msg}",
            place=Source(shown, error.lineno or 0),
            hint="Mend this line; 'python -m py_compile' on the file shows it as well.",
        ) from error


def _evaluate(module: ast.Module) -> _Header:
    """Return the header from the top-level assignments of a parsed file; ``is_computed`` when in doubt."""
    header = _Header(doc=ast.get_docstring(module, clean=False) or "")
    known: dict[str, object] = {}
    for statement in module.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        name, value = _assignment(statement)
        if name is None or value is None:
            header.is_computed = header.is_computed or _binds_header(statement)
            continue
        for values in (known, header.values):
            values.pop(name, None)
        if name == "revision":
            header.line = statement.lineno
        try:
            known[name] = _value(value, known)
        except ValueError:
            header.is_computed = header.is_computed or name in VARIABLES
            continue
        if name in VARIABLES:
            header.values[name] = known[name]
    return header


def _assignment(statement: ast.stmt) -> tuple[str | None, ast.expr | None]:
    """Return the one name that a statement assigns, and its value; None where it is no such assignment."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        return (target.id, statement.value) if isinstance(target, ast.Name) else (None, None)
    if isinstance(statement, ast.AnnAssign) and statement.value and isinstance(statement.target, ast.Name):
        return statement.target.id, statement.value
    return None, None


def _binds_header(statement: ast.stmt) -> bool:
    """Whether any other statement (a branch, an import, an unpacking) may set a header variable."""
    if isinstance(statement, ast.AnnAssign) and statement.value is None:
        return False
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)) and node.id in VARIABLES:
            return True
        if isinstance(node, ast.alias) and (node.asname or node.name) in VARIABLES:
            return True
    return False


def _value(node: ast.expr, known: Mapping[str, object]) -> object:
    """Evaluate what is written out: literals, names of literals, and texts added up; else ValueError."""
    if isinstance(node, ast.Name):
        if node.id not in known:
            raise ValueError(node.id)
        return known[node.id]
    if isinstance(node, (ast.Tuple, ast.List)):
        return tuple(_value(item, known) for item in node.elts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _value(node.left, known), _value(node.right, known)
        if isinstance(left, str) and isinstance(right, str):
            return left + right
        raise ValueError(ast.dump(node))
    return ast.literal_eval(node)


def _execute(path: Path, shown: str, header: _Header, execute: Execute | None) -> None:
    """Fill the header from the variables of the executed file."""
    if execute is None:
        raise LoadError(
            "the header of this revision is computed, so it cannot be read without running the file",
            place=Source(shown, header.line),
            hint="Write revision and down_revision as plain strings.",
        )
    variables = execute(path)
    header.values = {name: variables[name] for name in VARIABLES if name in variables}
    header.doc = header.doc or str(variables.get("__doc__") or "")


def _legacy_id(path: Path, shown: str) -> str:
    """Return the id that a file of Alembic's first days has from its name; raise LoadError for any other."""
    found = _LEGACY_NAME.fullmatch(path.name)
    if not found:
        raise LoadError(
            "the file sets no variable 'revision', so it is no revision",
            place=Source(shown),
            hint='Write  revision = "…"  near its top, or move the file out of the versions folder.',
        )
    return found.group(1)
