from __future__ import annotations

import errno
import os
import pwd
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from sqlgen.errors import OutputError
from sqlgen.revisions import Revision, RevisionGraph
from sqlgen.scripts import Script, Section, write_file, write_files, write_scripts
from tests.scripts.invented import Batches, Plain, plan, script

OLD, NEW = "old\n", "new → text\n"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "upgrade.sql"
    path.write_text(OLD, encoding="utf-8")
    return path


@pytest.fixture
def closed() -> Iterator[Path]:
    """Return a folder that everybody may read and nobody may write; pytest's own folders are for one user only."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "upgrade.sql").write_text(OLD, encoding="utf-8")
        path.chmod(0o555)
        yield path
        path.chmod(0o755)


def fails_with(code: int) -> Callable[..., NoReturn]:
    """Return a function that fails as the system does."""

    def fail(*_arguments: object, **_options: object) -> NoReturn:
        raise OSError(code, os.strerror(code))

    return fail


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_and_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "upgrade.sql"
    assert write_file(path, NEW)
    assert path.read_bytes() == NEW.encode()
    assert names(path.parent) == ["upgrade.sql"]


def test_a_new_file_has_the_mode_that_the_umask_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "new.sql", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.sql").stat().st_mode) == 0o640


def test_an_old_file_keeps_its_mode(target: Path) -> None:
    target.chmod(0o604)
    assert write_file(target, NEW)
    assert (target.read_text(encoding="utf-8"), stat.S_IMODE(target.stat().st_mode)) == (NEW, 0o604)


def test_the_same_text_is_not_written_again(target: Path) -> None:
    before = target.stat()
    assert not write_file(target, OLD)
    assert (target.stat().st_ino, target.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_newlines_stay_as_they_are(target: Path) -> None:
    write_file(target, "a\r\nb\rc\n")
    assert target.read_bytes() == b"a\r\nb\rc\n"


def test_a_link_stays_a_link(target: Path) -> None:
    link = target.with_name("link.sql")
    link.symlink_to(target)
    assert write_file(link, NEW)
    assert (link.is_symlink(), target.read_text(encoding="utf-8")) == (True, NEW)


def test_a_device_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_file(pipe, NEW)
        assert os.read(reader, 100) == NEW.encode()
    finally:
        os.close(reader)


@pytest.mark.parametrize(
    ("broken", "code", "hint"),
    [
        ("os.fsync", errno.ENOSPC, "Make room"),
        ("os.fsync", errno.EDQUOT, "Make room"),
        ("os.fsync", errno.EIO, ""),
        ("os.open", errno.EACCES, "writable"),
        ("os.open", errno.EROFS, "writable"),
        ("pathlib.Path.replace", errno.EPERM, "writable"),
        ("pathlib.Path.mkdir", errno.ENAMETOOLONG, "shorter"),
    ],
)
def test_the_old_file_stays_when_anything_fails(
    target: Path, monkeypatch: pytest.MonkeyPatch, broken: str, code: int, hint: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(broken, fails_with(code))
        with pytest.raises(OutputError, match=os.strerror(code).lower()) as caught:
            write_file(target, NEW)
    assert hint in caught.value.hint
    assert (target.read_text(encoding="utf-8"), names(target.parent)) == (OLD, ["upgrade.sql"])


def test_an_interruption_leaves_nothing(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_descriptor: int) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(target, NEW)
    assert (target.read_text(encoding="utf-8"), names(target.parent)) == (OLD, ["upgrade.sql"])


def test_a_full_disk_under_the_second_file_leaves_both(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = target.with_name("zweites.sql")
    real, calls = os.fsync, iter([None, errno.ENOSPC])

    def fill(descriptor: int) -> None:
        code = next(calls)
        if code:
            raise OSError(code, os.strerror(code))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fill)
    with pytest.raises(OutputError, match=r"zweites\.sql: no space left"):
        write_files({target: NEW, other: NEW})
    assert (target.read_text(encoding="utf-8"), names(target.parent)) == (OLD, ["upgrade.sql"])


def test_a_limit_of_the_system_in_a_process_of_its_own(target: Path) -> None:
    program = (
        "import pathlib, resource, sys\n"
        "from sqlgen.errors import OutputError\n"
        "from sqlgen.scripts import write_file\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n"
        "    write_file(pathlib.Path(sys.argv[1]), 'x' * 100000)\n"
        "except OutputError as error:\n"
        "    sys.exit(str(error))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, target], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"cannot write {target}: file too large\n")
    assert (target.read_text(encoding="utf-8"), names(target.parent)) == (OLD, ["upgrade.sql"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="NOT TESTED: no /dev/full here")
def test_a_full_device() -> None:
    with pytest.raises(OutputError, match="/dev/full: no space left on device"):
        write_file(Path("/dev/full"), NEW)


def test_a_folder_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "upgrade.sql").mkdir()
    with pytest.raises(OutputError, match="is a directory"):
        write_file(tmp_path / "upgrade.sql", NEW)
    assert names(tmp_path) == ["upgrade.sql"]


def test_a_file_in_the_way_of_a_folder(target: Path) -> None:
    with pytest.raises(OutputError) as caught:
        write_file(target / "plain" / "upgrade.sql", NEW)
    assert caught.value.hint.startswith("A file stands where a folder should be")
    assert target.read_text(encoding="utf-8") == OLD


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """Take root's rights away while a test runs: root may write everywhere."""
    if os.geteuid():
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.usefixtures("unprivileged")
@pytest.mark.parametrize("name", ["upgrade.sql", "new.sql", "plain/upgrade.sql"])
def test_a_folder_that_is_closed(closed: Path, name: str) -> None:
    with pytest.raises(OutputError, match=f"cannot write {closed / name}: permission denied") as caught:
        write_file(closed / name, NEW)
    assert "writable" in caught.value.hint
    assert [(path.name, path.read_text(encoding="utf-8")) for path in closed.iterdir()] == [("upgrade.sql", OLD)]


def test_text_that_utf_8_cannot_hold(target: Path) -> None:
    with pytest.raises(OutputError, match=r"line 2 of .*upgrade\.sql would hold half of a surrogate pair"):
        write_file(target, "one\n'\ud800'\n")
    assert target.read_text(encoding="utf-8") == OLD


def test_scripts_go_into_a_folder_per_dialect(tmp_path: Path) -> None:
    scripts = [script(), script(dialect=Batches())]
    written = write_scripts(tmp_path, scripts, per_revision=True)
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "plain/upgrade.sql",
        "plain/revisions/0001_a1_add_invoices.upgrade.sql",
        "plain/revisions/0002_b2_totals.upgrade.sql",
        "batches/upgrade.sql",
        "batches/revisions/0001_a1_add_invoices.upgrade.sql",
        "batches/revisions/0002_b2_totals.upgrade.sql",
    ]
    assert written[0].read_bytes() == str(scripts[0]).encode()


def test_one_script_without_its_parts(tmp_path: Path) -> None:
    assert write_scripts(tmp_path, [script()], per_revision=False) == [tmp_path / "plain" / "upgrade.sql"]
    assert names(tmp_path / "plain") == ["upgrade.sql"]


def test_files_of_earlier_runs_stay(tmp_path: Path) -> None:
    stale = tmp_path / "plain" / "revisions" / "0009_zz.upgrade.sql"
    write_file(stale, OLD)
    write_scripts(tmp_path, [script()], per_revision=True)
    assert stale.read_text(encoding="utf-8") == OLD


def test_nothing_is_written_when_a_later_script_cannot_be_rendered(tmp_path: Path) -> None:
    class Broken(Plain):
        name = "broken"

        def terminate(self, sql: str) -> str:
            raise ValueError(sql)

    with pytest.raises(ValueError, match="BEGIN"):
        write_scripts(tmp_path, [script(), script(dialect=Broken())], per_revision=True)
    assert names(tmp_path) == []


def test_two_scripts_of_one_name_are_refused(tmp_path: Path) -> None:
    revisions = RevisionGraph([Revision("ab"), Revision("AB")])
    way = plan("heads", revisions=revisions)
    twins = Script(Plain(), way, tuple(Section(step, ()) for step in way.steps))
    with pytest.raises(OutputError, match="two scripts would be written to"):
        write_scripts(tmp_path, [twins], per_revision=True)
    assert names(tmp_path) == []
