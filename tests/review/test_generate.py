"""``sqlgen generate``: the whole tree, atomically, and never over somebody's work."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sqlgen.review import generate as module
from tests.review.conftest import CREATE, Work

FILES = [
    "postgresql/downgrade.sql",
    "postgresql/revisions/0001_a1_make_a1.downgrade.sql",
    "postgresql/revisions/0001_a1_make_a1.upgrade.sql",
    "postgresql/revisions/0002_a2_make_a2.downgrade.sql",
    "postgresql/revisions/0002_a2_make_a2.upgrade.sql",
    "postgresql/schema.sql",
    "postgresql/upgrade.sql",
]


def test_the_whole_tree_is_written_with_nothing_to_say(work: Work) -> None:
    done = work.sqlgen("generate")
    sqlite = [name.replace("postgresql", "sqlite") for name in FILES]
    assert sorted(work.tree()) == [*FILES, "sqlgen.sum", *sqlite]
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "postgresql: 2 statements, 2 revisions -> out/postgresql (7 written)",
        "sqlite:     2 statements, 2 revisions -> out/sqlite (7 written)",
    ]


def test_scripts_are_those_of_the_other_commands(generated: Work) -> None:
    upgrade = generated.sqlgen("upgrade", "-d", "sqlite", "-o", "-").stdout_bytes
    schema = generated.sqlgen("schema", "-d", "sqlite", "-o", "-").stdout_bytes
    assert generated.path("sqlite/upgrade.sql").read_bytes() == upgrade
    assert generated.path("sqlite/schema.sql").read_bytes() == schema


def test_a_second_run_touches_nothing(generated: Work) -> None:
    before = {name: os.stat(generated.path(name)).st_mtime_ns for name in generated.tree()}
    done = generated.sqlgen("generate")
    assert {name: os.stat(generated.path(name)).st_mtime_ns for name in generated.tree()} == before
    assert done.stderr.count("(nothing changed)") == 2


def test_files_that_do_not_belong_any_more_are_removed(generated: Work) -> None:
    (generated.root / "migrations/versions/a2.py").unlink()
    facts = generated.json("generate")
    assert facts[0]["removed"] == [
        "out/postgresql/revisions/0002_a2_make_a2.downgrade.sql",
        "out/postgresql/revisions/0002_a2_make_a2.upgrade.sql",
    ]
    assert not [name for name in generated.tree() if "a2" in name]


def test_a_database_that_is_not_configured_any_more_goes(generated: Work) -> None:
    config = generated.root / "pyproject.toml"
    config.write_text(config.read_text().replace(', sqlite = "3.40"', ""))
    done = generated.sqlgen("generate")
    assert sorted(generated.tree()) == [*FILES, "sqlgen.sum"]
    assert not generated.path("sqlite").exists()
    assert "sqlite: removed" in done.stderr


def test_a_foreign_file_is_left_alone(generated: Work) -> None:
    generated.path("sqlite/notes.sql").write_text("-- mine\n")
    generated.path("README.md").write_text("mine\n")
    done = generated.sqlgen("generate")
    assert "out/sqlite/notes.sql was not written by sqlgen" in done.stderr
    assert generated.path("sqlite/notes.sql").read_text() == "-- mine\n"
    assert generated.path("README.md").read_text() == "mine\n"


def test_a_file_edited_by_hand_is_not_overwritten_without_force(generated: Work) -> None:
    script = generated.path("sqlite/upgrade.sql")
    script.write_text(script.read_text() + "-- by hand\n")
    generated.revision("a3", "a2")
    before = generated.tree()
    refused = generated.sqlgen("generate", code=1)
    assert "out/sqlite/upgrade.sql" in refused.stderr
    assert "--force" in refused.stderr
    assert generated.tree() == before
    generated.sqlgen("generate", "--force")
    assert "by hand" not in script.read_text()
    assert "t_a3" in script.read_text()


def test_an_edited_file_is_not_removed_either(generated: Work) -> None:
    name = "sqlite/revisions/0002_a2_make_a2.upgrade.sql"
    generated.path(name).write_text("-- by hand\n")
    (generated.root / "migrations/versions/a2.py").unlink()
    generated.sqlgen("generate", code=1)
    assert generated.path(name).read_text() == "-- by hand\n"


def test_scripts_of_somebody_else_are_not_overwritten(work: Work) -> None:
    work.path("sqlite").mkdir(parents=True)
    work.path("sqlite/upgrade.sql").write_text("DROP TABLE x;\n")
    work.sqlgen("generate", code=1)
    assert work.tree() == {"sqlite/upgrade.sql": b"DROP TABLE x;\n"}


def test_scripts_of_before_there_was_a_sum_file_are_taken_over(work: Work) -> None:
    work.sqlgen("upgrade", "-d", "postgresql", "-o", "out/")
    work.sqlgen("generate")
    assert work.kinds() == []


def test_a_failure_while_rendering_leaves_the_old_tree(generated: Work) -> None:
    before = generated.tree()
    generated.revision("a3", "a2", upgrade="raise RuntimeError('stop')")
    generated.sqlgen("generate", code=3)
    assert generated.tree() == before


class Killed(BaseException):
    pass


@pytest.mark.parametrize("at", ["write_files", "write_file", "_remove", "_commit"])
def test_a_run_that_is_cut_off_leaves_a_tree_that_the_next_one_finishes(
    generated: Work, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    before = generated.tree()
    generated.revision("a3", "a1")
    (generated.root / "migrations/versions/a2.py").unlink()

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, at, killed)
        with pytest.raises(Killed):
            generated.sqlgen("generate")
    if at in ("write_files", "write_file"):
        assert generated.tree() == before
    generated.revision("a4", "a3")  # so that no file is what the run that was cut off would have written
    generated.sqlgen("generate")
    assert generated.kinds() == []
    assert not [name for name in generated.tree() if ".tmp" in name or ".new" in name]


KILL = """
import os, signal, sys
from pathlib import Path
replace, left = Path.replace, [int(sys.argv[1])]
def counting(self, target):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)
Path.replace = counting
from sqlgen.cli import main
main(["generate"])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("after", [0, 1, 4, 7])
def test_a_killed_process_leaves_whole_files_that_are_known(generated: Work, after: int) -> None:
    before = generated.tree()
    generated.revision("a2", "a1", upgrade=CREATE.format("renamed"))
    killed = subprocess.run([sys.executable, "-c", KILL, str(after)], cwd=generated.root, capture_output=True)
    assert killed.returncode == -9
    left = {name: data for name, data in generated.tree().items() if not Path(name).name.startswith(".")}
    assert all(data.endswith(b"\n") for data in left.values())
    if after == 0:
        assert left == before
    generated.revision("a2", "a1", upgrade=CREATE.format("again"))
    generated.sqlgen("generate")
    assert generated.kinds() == []
    assert not [name for name in generated.tree() if ".tmp" in name or ".new" in name]


def test_a_folder_that_cannot_be_written_is_an_error(generated: Work) -> None:
    before = generated.tree()
    generated.path("sqlite/revisions/0003_a3_make_a3.upgrade.sql").mkdir()
    generated.revision("a3", "a2")
    done = generated.sqlgen("generate", "--force", code=2)
    assert "a folder stands where the file should be" in done.stderr.lower()
    assert generated.tree() == before


def test_a_read_only_checkout_is_an_error_and_can_be_checked(generated: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    generated.revision("a3", "a2")
    before = generated.tree()

    real = os.open

    def read_only(path: Path, flags: int, *more: int) -> int:
        if not flags & (os.O_WRONLY | os.O_RDWR):
            return real(path, flags, *more)
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    with monkeypatch.context() as patch:
        patch.setattr("sqlgen.scripts.files.os.open", read_only)
        assert "read-only file system" in generated.sqlgen("generate", code=2).stderr
        generated.sqlgen("check", code=1)
    assert generated.tree() == before


@pytest.mark.parametrize("word", ["true", "1"])
def test_nothing_is_written_in_ci(generated: Work, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("CI", word)
    assert "nothing is written" in generated.sqlgen("generate").stderr
    generated.revision("a3", "a2")
    before = generated.tree()
    refused = generated.sqlgen("generate", "--force", code=1)
    assert "out/sqlite/upgrade.sql: stale" in refused.stdout
    assert generated.tree() == before


def test_another_folder_gets_the_same_bytes_in_ci_too(generated: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    generated.sqlgen("generate", "-o", "build/sql")
    copied = {
        path.relative_to("build/sql").as_posix(): path.read_bytes()
        for path in Path("build/sql").rglob("*")
        if path.is_file()
    }
    assert copied == generated.tree()


def test_one_script_goes_to_stdout(generated: Work) -> None:
    done = generated.sqlgen("generate", "-d", "sqlite", "-o", "-")
    assert done.stdout_bytes == generated.path("sqlite/upgrade.sql").read_bytes()
    assert "cannot all go to stdout" in generated.sqlgen("generate", "-o", "-", code=2).stderr
    assert "would leave the other databases" in generated.sqlgen("generate", "-d", "pg", code=2).stderr


def test_the_layout_says_which_parts_there_are(work: Work) -> None:
    config = work.root / "pyproject.toml"
    config.write_text(config.read_text() + 'layout = ["schema", "upgrade"]\n')
    work.sqlgen("generate")
    assert sorted(work.tree()) == [
        "postgresql/schema.sql",
        "postgresql/upgrade.sql",
        "sqlgen.sum",
        "sqlite/schema.sql",
        "sqlite/upgrade.sql",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('layout = ["upgrades"]', "layout may have upgrade, downgrade, revisions, schema, and has 'upgrades'"),
        ('layout = "upgrade"', "layout must be a list of words"),
        ("layout = []", "layout is empty"),
        ("layout = [1]", "layout may have upgrade, downgrade, revisions, schema, and has 1"),
    ],
)
def test_a_wrong_layout_is_an_error_with_its_line(work: Work, line: str, message: str) -> None:
    config = work.root / "pyproject.toml"
    config.write_text(config.read_text() + line + "\n")
    done = work.sqlgen("generate", code=2)
    assert f"pyproject.toml:5: {message}" in done.stderr


def test_a_schema_that_is_not_known_is_left_out_unless_asked_for(work: Work) -> None:
    config = work.root / "pyproject.toml"
    config.write_text(config.read_text().replace(', sqlite = "3.40"', ""))
    work.revision("a2", "a1", upgrade='op.execute("CREATE TABLE x AS SELECT 1 AS one")', downgrade="pass")
    done = work.sqlgen("generate")
    assert "postgresql: no schema.sql" in done.stderr
    assert "postgresql/schema.sql" not in work.tree()
    config.write_text(config.read_text() + 'layout = ["schema"]\n')
    work.sqlgen("generate", code=3)


def test_heads_that_two_people_left_are_refused(work: Work) -> None:
    work.revision("b2", "a1")
    done = work.sqlgen("generate", code=2)
    assert "2 heads follow the same revisions" in done.stderr
    assert "sqlgen merge a2 b2" in done.stderr
    assert not work.path("").exists()


def test_heads_with_labels_of_their_own_are_meant(work: Work) -> None:
    work.revision("b2", "a1", more='branch_labels = ("side",)')
    work.sqlgen("generate")
    assert work.kinds() == []


def test_the_bytes_do_not_depend_on_hash_seeds(work: Work) -> None:
    trees = []
    for seed in ("1", "2"):
        environ = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run(
            [sys.executable, "-m", "sqlgen", "generate", "-o", f"build/{seed}"],
            cwd=work.root,
            env=environ,
            check=True,
            capture_output=True,
        )
        folder = work.root / "build" / seed
        trees.append({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.s*") if path.is_file()})
    assert trees[0] == trees[1]


def test_what_can_be_taken_back_keeps_its_downgrade(generated: Work) -> None:
    generated.revision("a3", "a2", downgrade="raise NotImplementedError('never')")
    generated.revision("a4", "a3")
    done = generated.sqlgen("generate")
    assert "sqlite: no downgrade.sql: migrations/versions/a3.py:15" in done.stderr
    backs = sorted(name for name in generated.tree() if name.startswith("sqlite") and "downgrade" in name)
    assert backs == [
        "sqlite/revisions/0001_a1_make_a1.downgrade.sql",
        "sqlite/revisions/0002_a2_make_a2.downgrade.sql",
        "sqlite/revisions/0004_a4_make_a4.downgrade.sql",
    ]
    assert generated.kinds() == []


def test_other_commands_leave_the_tree_alone(generated: Work) -> None:
    config = generated.root / "pyproject.toml"
    config.write_text(config.read_text() + 'out = "out"\n')
    before = generated.tree()
    assert "CREATE TABLE t_a2 (" in generated.sqlgen("upgrade", "a1:head", "-d", "sqlite").stdout
    assert generated.tree() == before
