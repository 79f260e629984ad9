"""Reading headers: the same answer as running the file, without running it."""

from __future__ import annotations

import py_compile
from collections.abc import Mapping
from pathlib import Path

import pytest

from sqlgen.errors import ConfigError, LoadError, RevisionError
from sqlgen.revisions import Revision, headers, read_file, read_folder

FAST = {
    "plain": "revision = 'x'\ndown_revision = 'a'\n",
    "annotated": (
        "from typing import Sequence, Union\n\nfrom alembic import op\nimport sqlalchemy as sa\n\n"
        'revision: str = "x"\ndown_revision: Union[str, None] = "a"\n'
        "branch_labels: Union[str, Sequence[str], None] = None\n"
        "depends_on: Union[str, Sequence[str], None] = None\n\ndef upgrade() -> None:\n    pass\n"
    ),
    "comments": "# top\nrevision = 'x'  # the id\n# between\ndown_revision = 'a' # parent\n",
    "tuple": "revision = 'x'\ndown_revision = ('a', 'b',)\n",
    "list over lines": "revision = 'x'\ndown_revision = [\n    'a',  # one\n    \"b\",\n]\n",
    "one in brackets": "revision = 'x'\ndown_revision = (\n    'a'\n)\n",
    "joined in brackets": "revision = 'x'\ndown_revision = ('a'\n  'b')\n",
    "imports in brackets": "from x import (\n  a,\n  b as c,\n)\nrevision = 'x'\ndown_revision = 'a'\n",
    "other constants": "log = getLogger(__name__)\nlimit: int = 5\nrevision = 'x'\ndown_revision = 'a'\nT = 'y'\n",
    "docstring": '"""add users\n\nRevision ID: y\nrevision = \'y\'\n"""\nrevision = "x"\ndown_revision = "a"\n',
    "short docstring": "'add users'\nrevision = 'x'\ndown_revision = None\n",
    "raw docstring": 'r"""a \\d b"""\nrevision = "x"\n',
    "escaped docstring": '"""it\\\'s \\"""quoted\\""" \\u00e9"""\nrevision = "x"\n',
    "quotes in docstring": '"""say "hello" now"""\nrevision = "x"\n',
    "labels": "revision = 'x'\nbranch_labels = ('one', 'two')\ndepends_on = 'z'\ndown_revision = 'a'\n",
    "variables then anything": (
        "revision = 'x'\ndown_revision = 'a'\nbranch_labels = None\ndepends_on = None\nT = {'a': 1}\n"
    ),
    "no newline at the end": "revision = 'x'",
    "carriage returns": '"""a\r\nb"""\r\nrevision = "x"\r\ndown_revision = "a"\r\n',
    "names inside functions": "revision = 'x'\ndef upgrade():\n    print('revision')\n    use(down_revision)\n",
}

PARSED = {
    "triple quotes": 'revision = """x"""\ndown_revision = "a"\n',
    "raw text": "revision = r'x'\ndown_revision = r'a'\n",
    "joined": "revision = 'x' 'y'\ndown_revision = 'a'\n",
    "joined over a backslash": "revision = 'x' \\\n  'y'\n",
    "escape": "revision = '\\x78'\n",
    "added": "revision = 'x' + 'y'\n",
    "another name": "prev = 'a'\nrevision = 'x'\ndown_revision = prev\n",
    "own name": "revision = 'x'\ndown_revision = ('a', revision + '0')\n",
    "twice": "revision = 'x'\ndef upgrade():\n    pass\nrevision = 'y'\ndown_revision = 'a'\n",
    "semicolon": "revision = 'x'; down_revision = 'a'\n",
    "try around imports": "try:\n    import a\nexcept ImportError:\n    a = None\nrevision = 'x'\n",
    "in a text": "T = '''\nrevision = 'no'\n'''\nrevision = 'x'\ndown_revision = 'a'\n",
    "in a later text": "revision = 'x'\ndef upgrade():\n    op.execute('''\nrevision = 'no'\n''')\n",
    "in a call": "T = f(\nrevision='no')\nrevision = 'x'\n",
    "bare annotation": "revision: str\nrevision = 'x'\n",
    "joined docstring": "'a' 'b'\nrevision = 'x'\n",
}

COMPUTED = {
    "call": "def make() -> str:\n    return 'x'\nrevision = make()\ndown_revision = 'a'\n",
    "formatted": "n = 3\nrevision = f'x{n}'\n",
    "branch": "if True:\n    revision = 'x'\nelse:\n    revision = 'y'\n",
    "unpacked": "revision, down_revision = 'x', 'a'\n",
    "two targets": "revision = other = 'x'\n",
    "imported": "from os.path import sep as depends_on\nrevision = 'x'\n",
    "changed": "revision = 'x'\nrevision += 'y'\n",
    "joined list": "revision = 'x'\ndown_revision = tuple(['a', 'b'])\n",
    "through globals": "globals()['revision'] = 'x'\n",
}


def run(path: Path) -> Mapping[str, object]:
    variables: dict[str, object] = {}
    exec(compile(path.read_bytes(), str(path), "exec"), variables)
    return variables


def written(folder: Path, source: str | bytes, name: str = "rev_1.py") -> Path:
    path = folder / name
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return path


def as_python_sees_it(source: str) -> Revision:
    variables: dict[str, object] = {"getLogger": str, "f": dict}
    exec(compile(source.replace("from x import (\n  a,\n  b as c,\n)\n", ""), "rev.py", "exec"), variables)
    names = ("revision", "down_revision", "depends_on", "branch_labels")
    id, down, depends_on, labels = (variables.get(name) for name in names)
    return Revision(id, down, depends_on, labels, doc=str(variables.get("__doc__") or ""))  # type: ignore[arg-type]


def facts(revision: Revision) -> tuple[object, ...]:
    return (revision.id, revision.down, revision.depends_on, revision.branch_labels, revision.doc)


@pytest.mark.parametrize("case", [*FAST, *PARSED])
def test_written_out_headers(case: str, tmp_path: Path) -> None:
    source = FAST.get(case) or PARSED[case]
    assert facts(read_file(written(tmp_path, source))) == facts(as_python_sees_it(source))


@pytest.mark.parametrize("case", FAST)
def test_usual_headers_are_not_parsed(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("parsed")

    monkeypatch.setattr(headers, "_parsed", refuse)
    assert read_file(written(tmp_path, FAST[case])).id == "x"


@pytest.mark.parametrize("case", COMPUTED)
def test_computed_headers_are_executed(case: str, tmp_path: Path) -> None:
    path = written(tmp_path, COMPUTED[case])
    assert facts(read_file(path, execute=run)) == facts(as_python_sees_it(COMPUTED[case]))


@pytest.mark.parametrize("case", [case for case in COMPUTED if case != "through globals"])
def test_computed_headers_without_execution(case: str, tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="computed") as caught:
        read_file(written(tmp_path, COMPUTED[case]), shown_path="versions/rev_1.py")
    assert "plain strings" in caught.value.hint
    assert str(caught.value).startswith("versions/rev_1.py")


@pytest.mark.parametrize("case", [*FAST, *PARSED])
def test_written_out_headers_are_not_executed(case: str, tmp_path: Path) -> None:
    def refuse(path: Path) -> Mapping[str, object]:
        raise AssertionError(f"executed {path}")

    assert read_file(written(tmp_path, FAST.get(case) or PARSED[case]), execute=refuse).id


def test_line_of_the_id(tmp_path: Path) -> None:
    assert read_file(written(tmp_path, '"""a\n\nb"""\n\nimport x\nrevision = "x"\n')).line == 6
    assert read_file(written(tmp_path, "a = {}\n\nrevision = 'x'\n")).line == 3


@pytest.mark.parametrize(
    "source",
    [
        '\ufeff"""caf\u00e9"""\nrevision = "x"\n'.encode(),
        '# -*- coding: latin-1 -*-\n"""caf\u00e9"""\nrevision = "x"\n'.encode("latin-1"),
        '#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n"""caf\u00e9"""\nrevision = "x"\n'.encode("cp1252"),
        '"""caf\u00e9"""\rrevision = "x"\r'.encode(),
    ],
)
def test_encodings(source: bytes, tmp_path: Path) -> None:
    revision = read_file(written(tmp_path, source))
    assert (revision.id, revision.message) == ("x", "caf\u00e9")


@pytest.mark.parametrize(
    ("source", "line", "told"),
    [
        (b'"""a\ncaf\xe9"""\nrevision = "x"\n', 2, "byte 0xe9 is not utf-8 text"),
        (b'revision = "x"\n\x00', 2, "NUL byte"),
        (b"# coding: nonsense\nrevision = 'x'\n", 1, "encoding"),
        (b"# coding: hex\nrevision = 'x'\n", 1, "encoding"),
        (b"import a\n\nrevision = = 'x'\n", 3, "not valid Python"),
        (b"revision = (\n'x'\n", 1, "not valid Python"),
        (b"revision = 'x'\ndown_revision = ('a']\n", 2, "not valid Python"),
        (b'"""a\\x"""\nrevision = "x"\n', 1, "not valid Python"),
        (b"def upgrade():\n    pass\n", 0, "no variable 'revision'"),
        (b"down_revision = 'a'\n", 0, "no variable 'revision'"),
    ],
)
def test_files_that_cannot_be_read(source: bytes, line: int, told: str, tmp_path: Path) -> None:
    path = written(tmp_path, source, "versions_helper.py")
    with pytest.raises(LoadError, match=told) as caught:
        read_file(path, shown_path="versions/versions_helper.py")
    assert caught.value.place is not None
    assert (caught.value.place.path, caught.value.place.line) == ("versions/versions_helper.py", line)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="cannot be read"):
        read_file(tmp_path / "gone.py")


def test_an_id_that_cannot_be_one(tmp_path: Path) -> None:
    with pytest.raises(RevisionError, match="contains -") as caught:
        read_folder([written(tmp_path, "\nrevision = 'a-b'\n").parent], root=tmp_path)
    assert str(caught.value).startswith("rev_1.py:2: ")


def test_ids_from_hexadecimal_file_names(tmp_path: Path) -> None:
    source = "down_revision = None\ndef upgrade():\n    pass\n"
    assert read_file(written(tmp_path, source, "1a2b3c.py")).id == "1a2b3c"
    assert read_file(written(tmp_path, source, "1a2b3c.py"), execute=run).id == "1a2b3c"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.py", "a.py", "sub/d.py", "sub/c.py", "a_first/e.py", ".#a.py", "__init__.py", "notes.txt"):
        path = tmp_path / "versions" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"revision = '{path.stem}'\n")
    return tmp_path / "versions"


def test_the_files_of_a_folder(folder: Path) -> None:
    found = read_folder([folder], root=folder.parent)
    assert [item.shown_path for item in found] == ["versions/a.py", "versions/b.py"]
    assert [item.path for item in found] == [folder / "a.py", folder / "b.py"]


def test_sub_folders(folder: Path) -> None:
    found = read_folder([folder, folder / "sub"], recursive=True, root=folder.parent)
    assert [item.shown_path.removeprefix("versions/") for item in found] == [
        "a.py",
        "b.py",
        "a_first/e.py",
        "sub/c.py",
        "sub/d.py",
    ]


def test_paths_outside_the_project_do_not_show_the_machine(folder: Path, tmp_path: Path) -> None:
    found = read_folder([folder], recursive=True, root=tmp_path / "project")
    assert found[0].shown_path == "versions/a.py"
    assert found[-1].shown_path == "versions/sub/d.py"


def test_links(folder: Path, tmp_path: Path) -> None:
    (folder / "z.py").symlink_to(folder / "a.py")
    (folder / "loop").symlink_to(folder)
    (tmp_path / "again").symlink_to(folder)
    found = read_folder([folder, tmp_path / "again"], recursive=True, root=tmp_path)
    assert [item.id for item in found] == ["a", "b", "e", "c", "d"]


def test_a_folder_that_is_the_project(folder: Path) -> None:
    assert [item.shown_path for item in read_folder([folder], root=folder)] == ["a.py", "b.py"]


def test_missing_folders(folder: Path, tmp_path: Path) -> None:
    assert read_folder([tmp_path / "gone"]) == []
    with pytest.raises(ConfigError, match="gone cannot be listed") as caught:
        read_folder([folder, tmp_path / "gone"])
    assert "version_locations" in caught.value.hint
    with pytest.raises(ConfigError, match="cannot be listed"):
        read_folder([folder / "a.py"])


def test_compiled_files(tmp_path: Path) -> None:
    source = written(tmp_path, '"""compiled"""\nrevision = "x"\n', "x.py")
    py_compile.compile(str(source), str(tmp_path / "x.pyc"), doraise=True)
    py_compile.compile(str(source), str(tmp_path / "y.pyc"), doraise=True)
    py_compile.compile(str(source), str(tmp_path / "__pycache__" / "z.cpython-311.pyc"), doraise=True)
    py_compile.compile(str(source), str(tmp_path / "__pycache__" / "x.cpython-311.pyc"), doraise=True)

    def execute(path: Path) -> Mapping[str, object]:
        return {"revision": path.name.partition(".")[0], "__doc__": "compiled"}

    found = read_folder([tmp_path], sourceless=True, execute=execute)
    assert [(item.id, item.message) for item in found] == [("x", "compiled"), ("y", "compiled"), ("z", "compiled")]
    assert [item.id for item in read_folder([tmp_path])] == ["x"]


@pytest.mark.parametrize("size", [2**14 - 40, 2**14, 2**14 + 1, 2**15, 100_000])
def test_a_long_file_is_read_to_its_end(tmp_path: Path, size: int) -> None:
    start, end = 'revision = "a1"\ndown_revision = None\nbranch_labels = None\ndepends_on = None\n', 'revision = "b2"\n'
    path = tmp_path / "one.py"
    path.write_text(f"{start}{'#' * (size - len(start) - len(end) - 1)}\n{end}")
    assert read_file(path).id == "b2"
