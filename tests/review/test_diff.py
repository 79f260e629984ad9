"""``sqlgen diff``: the work tree, commits and folders, as diffs, figures, names, Markdown and schemas."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from sqlgen.review.diff import COMMENT_LIMIT, Options, markdown, statistic
from sqlgen.review.patches import Change
from tests.review.conftest import AUTHOR, CREATE, Work


def test_without_words_it_is_what_generate_would_change(repository: Work) -> None:
    assert repository.sqlgen("diff").stdout == ""
    repository.revision("a3", "a2")
    patch = repository.sqlgen("diff", code=1).stdout
    assert "\n--- a/out/sqlite/upgrade.sql\n+++ b/out/sqlite/upgrade.sql\n" in patch
    applied = subprocess.run(
        ["git", "apply", "--index"], cwd=repository.root, input=patch, text=True, env={**os.environ, **AUTHOR}
    )
    assert applied.returncode == 0
    by_patch = repository.tree()
    repository.sqlgen("generate", "--force")
    changed = {name for name, data in repository.tree().items() if by_patch.get(name) != data}
    assert changed == {"sqlgen.sum"}


def test_the_names_are_those_from_the_top_of_the_repository(work: Work) -> None:
    subprocess.run(["git", "init", "-q"], cwd=work.root.parent, check=True, env={**os.environ, **AUTHOR})
    work.sqlgen("generate")
    work.path("sqlite/schema.sql").unlink()
    assert work.sqlgen("diff", "--name-only", code=1).stdout == "shop/out/sqlite/schema.sql\n"


def test_two_commits_are_compared_without_a_checkout(repository: Work) -> None:
    repository.revision("a3", "a2")
    repository.sqlgen("generate")
    repository.commit("second")
    repository.git("tag", "v2")
    (repository.root / "migrations/versions/a3.py").unlink()
    state = repository.git("status", "--porcelain").stdout
    names = repository.sqlgen("diff", "HEAD~1..v2", "--name-only", "-d", "sqlite", code=1).stdout.split()
    assert names == [
        "out/sqlite/downgrade.sql",
        "out/sqlite/revisions/0003_a3_make_a3.downgrade.sql",
        "out/sqlite/revisions/0003_a3_make_a3.upgrade.sql",
        "out/sqlite/schema.sql",
        "out/sqlite/upgrade.sql",
    ]
    assert repository.git("status", "--porcelain").stdout == state
    patch = repository.sqlgen("diff", "HEAD~1..", code=1).stdout
    repository.git("checkout", "-q", "-f", "HEAD~1")
    done = subprocess.run(["git", "apply", "--check"], cwd=repository.root, input=patch, text=True)
    assert done.returncode == 0


def test_a_commit_is_compared_with_the_work_tree(repository: Work) -> None:
    repository.revision("a2", "a1", upgrade=CREATE.format("other"))
    done = repository.sqlgen("diff", "HEAD", "-d", "sqlite", code=1)
    assert "\n+CREATE TABLE other (\n" in done.stdout
    assert " @@ a2 · make a2\n" in done.stdout
    assert repository.sqlgen("diff", "HEAD", "--no-exit-code", "-d", "sqlite").stdout == done.stdout
    assert repository.sqlgen("diff", "HEAD..HEAD").stdout == ""


def test_three_dots_start_where_the_branches_parted(repository: Work) -> None:
    repository.git("checkout", "-q", "-b", "feature")
    repository.revision("b3", "a2")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.revision("c3", "a2")
    repository.commit()
    assert "c3" in repository.sqlgen("diff", "main..feature", "--stat", code=1).stdout
    assert "c3" not in repository.sqlgen("diff", "main...feature", "--stat", code=1).stdout


def test_helper_modules_are_those_of_each_commit(work: Work) -> None:
    (work.root / "helper.py").write_text("NAME = 'old'\n")
    config = work.root / "pyproject.toml"
    config.write_text(config.read_text() + 'prepend_sys_path = ["."]\n')
    path = work.revision("a2", "a1", upgrade=CREATE.format("x").replace('"x"', "helper.NAME"), downgrade="pass")
    path.write_text(path.read_text().replace("import sqlalchemy", "import helper\nimport sqlalchemy"))
    work.git("init", "-q", "-b", "main")
    work.commit()
    (work.root / "helper.py").write_text("NAME = 'new'\n")
    work.commit()
    patch = work.sqlgen("diff", "HEAD~1..HEAD", "-d", "sqlite", code=1).stdout
    assert "\n-CREATE TABLE old (\n" in patch
    assert "\n+CREATE TABLE new (\n" in patch


def test_two_folders_are_compared(generated: Work, tmp_path: Path) -> None:
    shutil.copytree(generated.root, tmp_path / "other")
    shutil.copytree(generated.root / "out", tmp_path / "plain")
    generated.revision("a3", "a2")
    found = generated.sqlgen("diff", "../other", ".", "--name-only", "-d", "sqlite", code=1).stdout
    assert "sqlite/revisions/0003_a3_make_a3.upgrade.sql\n" in found
    assert generated.sqlgen("diff", "../plain", "../other").stdout == ""
    assert generated.sqlgen("diff", "../plain", ".", "--name-only", "-d", "sqlite", code=1).stdout == found


def test_figures_are_as_those_of_git(repository: Work) -> None:
    repository.revision("a3", "a2", upgrade='op.execute("UPDATE t_a1 SET id = 2")', downgrade="pass")
    ours = repository.sqlgen("diff", "--stat", code=1).stdout
    repository.sqlgen("generate")
    repository.git("add", "-N", "out")
    theirs = repository.git("diff", "--stat=200", "--stat-graph-width=40", "--", "out/postgresql", "out/sqlite").stdout
    assert ours == theirs


def test_a_wide_change_has_a_bar_that_fits() -> None:
    lines = list(statistic([Change("x", b"", b"a\n" * 1000), Change("y", b"", b"a\n")]))
    assert lines[0] == f" x | 1000 {'+' * 40}\n"
    assert lines[1] == " y |    1 +\n"
    assert lines[2] == " 2 files changed, 1001 insertions(+)\n"
    assert list(statistic([])) == []


def test_json_has_the_figures_and_the_diff(repository: Work) -> None:
    repository.revision("a3", "a2")
    found = repository.json("diff", "-d", "sqlite", code=1)
    assert [one["path"] for one in found["files"]][-1] == "out/sqlite/upgrade.sql"
    assert found["files"][-1]["diff"].startswith("diff --git a/out/sqlite/upgrade.sql")


def test_markdown_is_for_a_comment(repository: Work) -> None:
    repository.revision("a3", "a2")
    text = repository.sqlgen("diff", "--format", "markdown", code=1).stdout
    assert "| postgresql | 5 |" in text
    assert "<details><summary><code>out/sqlite/upgrade.sql</code>" in text
    assert repository.sqlgen("diff", "HEAD..HEAD", "--format", "markdown").stdout == "The SQL scripts do not change.\n"


def test_markdown_is_no_longer_than_a_comment_may_be() -> None:
    many = [Change(f"sqlite/{number}.sql", b"", b"x\n" * 5000) for number in range(30)]
    text = markdown(many, Options(dialects=("sqlite",)))
    assert len(text) <= COMMENT_LIMIT
    assert text.endswith("`sqlgen diff` shows it.\n")
    assert text.count("<details>") == text.count("</details>") > 0


def test_markdown_is_not_broken_by_what_scripts_hold() -> None:
    text = markdown([Change("<b>&.sql", b"", b"`````\n</details>\n")], Options())
    assert "``````diff\n" in text
    assert "<code>&lt;b&gt;&amp;.sql</code>" in text


def test_colours_are_for_terminals(repository: Work) -> None:
    repository.revision("a3", "a2")
    assert "\x1b[" not in repository.sqlgen("diff", code=1).stdout
    assert "\x1b[32m+CREATE TABLE t_a3 (\x1b[0m\n" in repository.sqlgen("--color", "always", "diff", code=1).stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("nosuch..HEAD", "there is no commit 'nosuch'"),
        ("--", ""),
        ("a b c", "has two sides, and these are 3"),
        ("--stat --name-only", "exclude each other"),
        ("--schema --stat", "neither --stat nor --name-only"),
        ("HEAD~7", "there is no commit 'HEAD~7'"),
    ],
)
def test_what_cannot_be_compared_is_an_error(repository: Work, words: str, message: str) -> None:
    done = repository.sqlgen("diff", *words.split(), code=2 if message else 0)
    assert message in done.stderr


def test_a_commit_that_cannot_be_rendered_is_named(repository: Work) -> None:
    repository.revision("a3", "a2", upgrade="op.drop_table('nowhere')")
    repository.commit()
    (repository.root / "migrations/versions/a3.py").unlink()
    done = repository.sqlgen("diff", "HEAD", code=3)
    assert "in HEAD: migrations/versions/a3.py:11" in done.stderr
    assert "hint:" in done.stderr


def test_a_commit_of_before_the_project_is_an_error(work: Work) -> None:
    work.git("init", "-q", "-b", "main")
    work.git("commit", "-q", "--allow-empty", "-m", "empty")
    work.commit()
    assert "there is no pyproject.toml in HEAD~1" in work.sqlgen("diff", "HEAD~1", code=2).stderr


def test_a_shallow_clone_says_how_to_get_the_rest(repository: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.revision("a3", "a2")
    repository.sqlgen("generate")
    repository.commit("second")
    clone = repository.root.parent / "clone"
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.root}", str(clone))
    monkeypatch.chdir(clone)
    shallow = Work(clone)
    assert shallow.kinds() == []
    shallow.sqlgen("generate")
    assert shallow.sqlgen("diff", "HEAD").stdout == ""
    assert "git fetch --unshallow" in shallow.sqlgen("diff", "HEAD~1", code=2).stderr


def test_without_git_everything_but_commits_works(generated: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(generated.root / "nothing"))
    generated.revision("a3", "a2")
    assert "out/sqlite/upgrade.sql" in generated.sqlgen("diff", "--name-only", code=1).stdout
    generated.sqlgen("check", code=1)
    generated.sqlgen("generate")
    generated.sqlgen("check")
    edited = generated.path("sqlite/upgrade.sql")
    edited.write_text("-- mine\n")
    generated.sqlgen("generate", code=1)
    assert "needs git" in generated.sqlgen("diff", "HEAD", code=2).stderr


def test_outside_of_a_repository_commits_are_an_error(generated: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(generated.root.parent))
    assert "needs git" in generated.sqlgen("diff", "HEAD", code=2).stderr


SCHEMA = """op.add_column("t_a1", sa.Column("name", sa.String(20), nullable=False, server_default="x"))
    op.create_index("ix_name", "t_a1", ["name"])
    op.create_unique_constraint("uq_name", "t_a1", ["name"])
    op.create_table("child", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("child", sa.Column("one", sa.Integer()))
    op.create_foreign_key("fk_one", "child", "t_a1", ["one"], ["id"], ondelete="CASCADE")
    op.create_check_constraint("ck_one", "child", "one > 0")"""
CHANGED = """op.alter_column("t_a1", "name", type_=sa.String(40), nullable=True)
    op.drop_index("ix_name", "t_a1")
    op.drop_constraint("fk_one", "child", type_="foreignkey")
    op.create_foreign_key("fk_one", "child", "t_a1", ["one"], ["id"])
    op.drop_table("t_a2")"""


@pytest.fixture
def changed(work: Work) -> Work:
    config = work.root / "pyproject.toml"
    config.write_text(config.read_text().replace(', sqlite = "3.40"', ""))
    work.git("init", "-q", "-b", "main")
    work.revision("a3", "a2", upgrade=SCHEMA, downgrade="pass")
    work.commit()
    work.revision("a4", "a3", upgrade=CHANGED, downgrade="pass")
    return work


LINES = [
    "~ foreign key fk_one on child: (one) REFERENCES t_a1 (id) options=ondelete=CASCADE -> (one) REFERENCES t_a1 (id)",
    "~ column t_a1.name: VARCHAR(20) DEFAULT 'x'::character varying NOT NULL"
    " -> VARCHAR(40) DEFAULT 'x'::character varying NULL",
    "- index ix_name on t_a1: (name)",
    "- table t_a2",
]


@pytest.mark.parametrize("sides", ["a3..a4", "a3..head", "HEAD", "a3"])
def test_schemas_of_revisions_and_commits_are_compared(changed: Work, sides: str) -> None:
    assert changed.sqlgen("diff", "--schema", sides, code=1).stdout.splitlines() == LINES


def test_schemas_of_folders_are_compared(changed: Work) -> None:
    changed.git("worktree", "add", "-q", "../before", "HEAD")
    assert changed.sqlgen("diff", "--schema", "../before", ".", code=1).stdout.splitlines() == LINES
    assert changed.sqlgen("diff", "--schema", ".", "../before", code=1).stdout.splitlines()[-1] == "+ table t_a2"


def test_schemas_as_json_and_markdown(changed: Work) -> None:
    facts = changed.json("diff", "--schema", "a3..a4", code=1)["dialects"]["postgresql"]
    assert facts[-1] == {"change": "removed", "kind": "table", "name": "t_a2", "before": "", "after": ""}
    text = changed.sqlgen("diff", "--schema", "a3..a4", "--format", "markdown", code=1).stdout
    assert text.startswith("**postgresql**\n\n- `~ foreign key fk_one")
    assert changed.sqlgen("diff", "--schema", "a4..a4").stdout == ""
