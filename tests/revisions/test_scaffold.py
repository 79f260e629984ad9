from __future__ import annotations

import ast
import errno
import importlib.util
import os
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from mako.template import Template  # type: ignore[import-untyped]

from sqlgen.config import Config
from sqlgen.errors import (
    ConfigError,
    DuplicateRevision,
    LoadError,
    MultipleHeads,
    OutputError,
    ResolutionError,
    RevisionError,
)
from sqlgen.revisions import scaffold
from sqlgen.revisions.graph import RevisionGraph
from sqlgen.revisions.headers import read_folder
from sqlgen.revisions.scaffold import NewFile, init_project, merge_revisions, new_revision, slug
from sqlgen.revisions.template import comma, fill, stock

NOW = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=timezone.utc)


class Project:
    """A new project in a folder, and the calls under test."""

    def __init__(self, root: Path, ini: str = "") -> None:
        self.root = root
        init_project("mig", root=root)
        path = root / "alembic.ini"
        path.write_text(path.read_text().replace("sqlalchemy.url", f"{ini}\nsqlalchemy.url", 1))

    @property
    def config(self) -> Config:
        return Config.find(self.root, environ={})

    @property
    def graph(self) -> RevisionGraph:
        config = self.config
        recursive = config.recursive_version_locations
        return RevisionGraph(read_folder(config.version_locations, recursive=recursive, root=self.root))

    def new(self, rev_id: str | None = None, message: str = "", **options: Any) -> NewFile:
        return new_revision(self.config, self.graph, message, rev_id=rev_id, now=NOW, **options)

    def merge(self, *revisions: str, **options: Any) -> NewFile:
        return merge_revisions(self.config, self.graph, revisions, now=NOW, **options)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture
def branches(project: Project) -> Project:
    """a1 -> a2, and b1 (label side) -> b2."""
    project.new("a1")
    project.new("a2")
    project.new("b1", head="base", branch_label="side")
    project.new("b2", head="b1")
    return project


def alembic(root: Path) -> ScriptDirectory:
    return ScriptDirectory.from_config(AlembicConfig(root / "alembic.ini"))


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


# init


def test_init_makes_a_project_for_both(tmp_path: Path) -> None:
    written = init_project("db/mig%x", root=tmp_path)
    names = ["alembic.ini", *(f"db/mig%x/{n}" for n in ("README.md", "env.py", "script.py.mako", "versions/.gitkeep"))]
    assert files(tmp_path) == sorted(names)
    assert {path.relative_to(tmp_path).as_posix() for path in written} == set(names)
    assert Config.find(tmp_path, environ={}).script_location == tmp_path / "db/mig%x"
    assert Path(alembic(tmp_path).dir) == tmp_path / "db/mig%x"


def test_init_refuses_to_overwrite(tmp_path: Path) -> None:
    (tmp_path / "mig").mkdir()
    (tmp_path / "mig/env.py").write_text("mine")
    with pytest.raises(OutputError, match=r"mig/env\.py: the file exists"):
        init_project("mig", root=tmp_path)
    assert files(tmp_path) == ["mig/env.py"]


def test_init_stays_below_the_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is not inside"):
        init_project("../mig", root=tmp_path)


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = scaffold._write_new

    def full(path: Path, data: bytes) -> None:
        if path.name == "README.md":
            raise OSError(errno.ENOSPC, "No space left on device")
        written(path, data)

    monkeypatch.setattr(scaffold, "_write_new", full)
    with pytest.raises(OutputError, match=r"README\.md: the file cannot be written: No space left"):
        init_project("mig", root=tmp_path)
    assert list(tmp_path.iterdir()) == []


# new revisions


def test_new_revisions_are_read_back_by_both(branches: Project) -> None:
    branches.new("c1", "third", head=["a2", "side@head"], depends_on=["a1", "side"], branch_label=["x", "y"])
    ours = branches.graph["c1"]
    theirs = alembic(branches.root).get_revision("c1")
    assert theirs is not None
    assert (ours.down, ours.depends_on, ours.branch_labels) == (("a2", "b2"), ("a1", "side"), ("x", "y"))
    assert (theirs.down_revision, theirs.dependencies) == (ours.down, ours.depends_on)
    assert {"x", "y"} <= theirs.branch_labels
    assert theirs.doc == ours.message == "third"
    assert (branches.root / "mig/versions/c1_third.py").is_file()


def test_generated_id(project: Project) -> None:
    id = project.new(message="first").revision.id
    assert len(id) == 12
    assert int(id, 16) >= 0
    assert project.graph.heads == (id,)


MESSAGES = [
    "",
    "two\nlines",
    'a """ b',
    '"',
    'ends with "',
    '""""""""',
    "back\\slash \\N{x} \\u12",
    "ends with \\",
    "tab\there \r\n",
    "nul \0 and \x1b[0m",
    "grüße 日本 🙂 \u2028",
    "lone \udcff surrogate",
    "${message} <% x %> $x %s ##",
    "*/ .shell \\! -- ; ",
]


@pytest.mark.parametrize("message", MESSAGES)
def test_any_message_gives_a_valid_file(project: Project, message: str) -> None:
    new = project.new("a1", message)
    doc = ast.get_docstring(ast.parse(new.path.read_text("utf-8")), clean=False)
    date = NOW.astimezone().replace(tzinfo=None)
    message = message.replace("\udcff", "\ufffd")
    assert doc == f"{message or 'empty message'}\n\nRevision ID: a1\nRevises: \nCreate Date: {date}\n"
    assert project.graph["a1"].doc.startswith(message.strip())
    assert alembic(project.root).get_revision("a1") is not None


@pytest.mark.parametrize(
    ("message", "length"),
    [
        ("", 40),
        ("Second: a\nlong story", 40),
        ("x" * 60, 40),
        ("create the very long table of many names now", 40),
        ("ab cd ef", 5),
        ("ab cd ef", 4),
        ("grüße ÄÖ_x", 40),
    ],
)
def test_slug_is_alembics(project: Project, message: str, length: int) -> None:
    script = alembic(project.root)
    script.truncate_slug_length = length
    path = script._rev_path(project.root, "r", message, NOW)
    assert path.name == f"r_{slug(message, length)}.py"


@pytest.mark.parametrize(
    ("ini", "expected"),
    [
        ("", "a1_some_thing.py"),
        ("file_template = %%(rev)s", "a1.py"),
        ("file_template = %%(year)d-%%(month).2d-%%(day).2d_%%(rev)s", "2026-03-04_a1.py"),
        ("file_template = %%(hour).2d%%(minute).2d%%(second).2d_%%(slug)s", "050607_some_thing.py"),
        ("file_template = %%(epoch)s", f"{int(NOW.timestamp())}.py"),
        ("truncate_slug_length = 6", "a1_some_.py"),
        ("recursive_version_locations = true\nfile_template = %%(year)d/%%(month)d/%%(rev)s", "2026/3/a1.py"),
        ("timezone = Asia/Tokyo\nfile_template = %%(hour)d", "14.py"),
        ("timezone = asia/tokyo\nfile_template = %%(hour)d", "14.py"),
    ],
)
def test_file_names(tmp_path: Path, ini: str, expected: str) -> None:
    project = Project(tmp_path, ini if "timezone" in ini else f"timezone = utc\n{ini}")
    assert project.new("a1", "Some thing").path == tmp_path / "mig/versions" / expected
    assert "a1" in project.graph


def test_date_has_the_time_zone_of_the_configuration(tmp_path: Path) -> None:
    project = Project(tmp_path, "timezone = UTC")
    project.new("a1")
    assert project.graph["a1"].create_date == "2026-03-04 05:06:07.000089+00:00"


@pytest.mark.parametrize(
    ("ini", "message", "hint"),
    [
        ("file_template = %%(nosuch)s", "KeyError: 'nosuch'", "%(rev)s"),
        ("file_template = %%(rev)q", "cannot be filled in", "doubled"),
        ("file_template = sub/%%(rev)s", "sub-folder, where it is not looked for", "recursive"),
        ("file_template = ../%%(rev)s", "leads out of the versions folder", ""),
        ("file_template = __init__%%(rev)s", "not read as a revision", ""),
        ("file_template = sub/", "not read as a revision", ""),
        ("timezone = Nowhere/Land", "no time zone 'Nowhere/Land'", "Europe/Berlin"),
        ("output_encoding = nosuch", "output_encoding 'nosuch' cannot be used", "utf-8"),
        ("version_locations = mig/versions more", "2 version_locations", "--version-path"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, ini: str, message: str, hint: str) -> None:
    (tmp_path / "more").mkdir()
    project = Project(tmp_path, ini.replace(" more", ":more"))
    before = files(tmp_path)
    with pytest.raises(ConfigError) as caught:
        project.new("a1")
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, MultipleHeads, "2 heads, a2, b2"),
        ({"head": "a1"}, RevisionError, "a1 is not a head: a2 follows it"),
        ({"head": "nosuch"}, ResolutionError, "nosuch"),
        ({"head": "a2", "rev_id": "a1"}, DuplicateRevision, "there is a revision a1 already"),
        ({"head": "a2", "rev_id": "x-y"}, RevisionError, "it contains '-'"),
        ({"head": "a2", "rev_id": "x/y"}, RevisionError, "it contains '/'"),
        ({"head": "a2", "rev_id": ""}, RevisionError, "it is empty"),
        ({"head": "a2", "rev_id": "heads"}, RevisionError, "it is a symbol"),
        ({"head": "a2", "rev_id": "side"}, RevisionError, "label of a branch"),
        ({"head": "a2", "branch_label": "side"}, RevisionError, "taken by revision b1"),
        ({"head": "a2", "branch_label": "b2"}, RevisionError, "taken by revision b2"),
        ({"head": "a2", "branch_label": "a@b"}, RevisionError, "cannot be a branch label"),
        ({"head": "a2", "depends_on": "nosuch"}, ResolutionError, "nosuch"),
        ({"head": "a2", "depends_on": "base"}, RevisionError, "no revision to depend on"),
        ({"head": "a2", "version_path": "nosuch"}, ConfigError, "none of the version_locations"),
    ],
)
def test_what_does_not_fit(branches: Project, options: Mapping[str, Any], error: type[Exception], message: str) -> None:
    before = files(branches.root)
    with pytest.raises(error, match=message):
        branches.new(**{"rev_id": "new", **options})
    assert files(branches.root) == before


@pytest.mark.parametrize(
    ("options", "down"),
    [
        ({"head": "a2"}, ("a2",)),
        ({"head": "side@head"}, ("b2",)),
        ({"head": "base"}, ()),
        ({"head": "heads"}, ("a2", "b2")),
        ({"head": "a1", "splice": True}, ("a1",)),
    ],
)
def test_parents(branches: Project, options: Mapping[str, Any], down: tuple[str, ...]) -> None:
    assert branches.new("new", **options).revision.down == down
    assert branches.graph["new"].down == down


def test_several_version_locations(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    project = Project(tmp_path, "version_locations = mig/versions:more")
    assert project.new("a1", version_path="more").path == tmp_path / "more/a1_.py"
    assert project.new("a2").path.parent == tmp_path / "more"
    here = project.new("b1", head="base", version_path=tmp_path / "mig/versions")
    assert here.path.parent == tmp_path / "mig/versions"


def test_an_existing_file_is_not_overwritten(project: Project) -> None:
    path = project.root / "mig/versions/a1_x.py"
    path.write_text("revision = 'z1'\ndown_revision = None\n")
    with pytest.raises(OutputError, match="the file exists"):
        project.new("a1", "x")
    assert path.read_text().startswith("revision = 'z1'")


def test_a_long_id_is_remarked_upon(project: Project) -> None:
    assert project.new("x" * 33).notes == (f"{'x' * 33} has 33 characters; alembic_version holds 32",)


# merges


def test_merge(branches: Project) -> None:
    assert branches.merge("heads", rev_id="m1", branch_label="both").revision.down == ("a2", "b2")
    assert alembic(branches.root).get_heads() == ["m1"]
    assert branches.graph.labels["both"] == "m1"


@pytest.mark.parametrize(
    ("revisions", "message"),
    [
        (("a2",), "a merge joins several revisions"),
        (("a2", "a2"), "a merge joins several revisions"),
        (("a1", "b2"), "a1 is not a head"),
        (("nosuch", "b2"), "nosuch"),
    ],
)
def test_merges_that_are_none(branches: Project, revisions: tuple[str, ...], message: str) -> None:
    with pytest.raises(RevisionError, match=message):
        branches.merge(*revisions)


def test_merge_of_one_line(branches: Project) -> None:
    with pytest.raises(RevisionError, match="a2 follows a1 already"):
        branches.merge("a1", "a2", splice=True)
    assert branches.merge("a1", "b2", splice=True, rev_id="m").revision.down == ("a1", "b2")


# templates


@pytest.mark.parametrize("source", ["ours", "alembic"])
@pytest.mark.parametrize("down", [None, "a", ("a", "b")])
def test_filling_in_equals_mako(source: str, down: object) -> None:
    folder = Path(importlib.util.find_spec("alembic").origin or "").parent  # type: ignore[union-attr]
    text = (folder / "templates/generic/script.py.mako").read_text() if source == "alembic" else stock("script.py.mako")
    values = {"message": "m $x %y", "up_revision": "u", "down_revision": down, "create_date": NOW}
    values |= {"branch_labels": ("l",), "depends_on": None, "imports": "", "upgrades": "", "downgrades": ""}
    assert fill(text, values) == Template(text).render_unicode(comma=comma, **values)


CLEVER = '"""${message.upper()}"""\nrevision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n'


@pytest.fixture
def mako_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    found: Callable[[str], object] = importlib.util.find_spec
    monkeypatch.setattr("sqlgen.revisions.template.find_spec", lambda name: None if name == "mako" else found(name))


def test_a_clever_template_needs_mako(project: Project) -> None:
    (project.root / "mig/script.py.mako").write_text(CLEVER)
    new = project.new("a1", "loud")
    assert new.path.read_text().startswith('"""LOUD"""')
    assert new.notes == ()


@pytest.mark.usefixtures("mako_is_missing")
def test_without_mako_the_stock_template_is_used_and_said(project: Project) -> None:
    (project.root / "mig/script.py.mako").write_text(CLEVER)
    new = project.new("a1", "loud")
    assert new.path.read_text().startswith('"""loud\n')
    assert "needs the package 'mako'" in new.notes[0]


def test_without_a_template_the_stock_one_is_used(project: Project) -> None:
    (project.root / "mig/script.py.mako").unlink()
    assert project.new("a1").notes == ()


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("# ${message}\nrevision = 1\n", "gives no valid Python"),
        ("${nosuch.attribute}", "cannot be filled in"),
        ("<% broken", "cannot be filled in"),
    ],
)
def test_broken_templates(project: Project, template: str, message: str) -> None:
    (project.root / "mig/script.py.mako").write_text(template)
    with pytest.raises(LoadError, match=message):
        project.new("a1", "two\nlines = (")
    assert files(project.root / "mig/versions") == [".gitkeep"]


def test_a_template_in_another_encoding(project: Project) -> None:
    (project.root / "mig/script.py.mako").write_bytes(b"# caf\xe9")
    with pytest.raises(LoadError, match="not UTF-8"):
        project.new("a1")


def test_files_obey_the_umask(project: Project) -> None:
    before = os.umask(0o027)
    try:
        mode = project.new("a1").path.stat().st_mode
    finally:
        os.umask(before)
    assert mode & 0o777 == 0o640
