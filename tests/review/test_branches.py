"""Two people add a revision each: with git as it is, nothing of it may pass in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.review.conftest import Work


@pytest.fixture
def two(repository: Work) -> Work:
    """``main`` and ``feature``, each with a revision of its own upon a2, generated and committed; on ``main``."""
    repository.git("checkout", "-q", "-b", "feature")
    repository.revision("b3", "a2")
    repository.sqlgen("generate")
    repository.commit("feature")
    repository.git("checkout", "-q", "main")
    repository.revision("c3", "a2")
    repository.sqlgen("generate")
    repository.commit("main")
    return repository


def resolve(work: Work) -> None:
    """Join the heads as the messages say."""
    work.sqlgen("merge", "heads", "-m", "join", "--rev-id", "m4")
    work.sqlgen("generate")


def test_the_merge_conflicts_in_the_sum_file_and_is_resolved(two: Work) -> None:
    merged = two.git("merge", "feature", check=False)
    assert merged.returncode == 1
    assert "CONFLICT (content): Merge conflict in out/sqlgen.sum" in merged.stdout
    assert [kind for kind, _ in two.kinds()] == ["heads"]
    assert "sqlgen merge b3 c3" in two.sqlgen("generate", code=2).stderr.replace("c3 b3", "b3 c3")
    resolve(two)
    two.commit("merge")
    two.sqlgen("check")
    script = two.path("sqlite/upgrade.sql").read_text()
    assert all(f"CREATE TABLE t_{id} " in script for id in ("a1", "a2", "b3", "c3"))
    assert "<<<<<<<" not in script


def test_a_conflicted_tree_is_told_before_the_heads_are_joined(two: Work) -> None:
    two.git("merge", "feature", check=False)
    two.sqlgen("merge", "heads", "--rev-id", "m4")
    kinds = {path: kind for kind, path in two.kinds()}
    assert kinds["out/sqlgen.sum"] == "sum"
    assert kinds["out/sqlite/upgrade.sql"] == "stale"


def test_the_sum_file_conflicts_although_git_merges_everything_else(two: Work) -> None:
    (two.root / ".git/info/attributes").write_text("*.sql merge=ours\n")
    two.git("config", "merge.ours.driver", "true")
    merged = two.git("merge", "feature", check=False)
    assert [line for line in merged.stdout.splitlines() if line.startswith("CONFLICT")] == [
        "CONFLICT (content): Merge conflict in out/sqlgen.sum"
    ]
    resolve(two)
    two.sqlgen("check")


def test_files_that_git_does_not_merge_are_written_over(two: Work) -> None:
    (two.root / ".git/info/attributes").write_text("out/** -merge\n")
    assert two.git("merge", "feature", check=False).returncode == 1
    resolve(two)
    two.sqlgen("check")


def test_a_merge_that_took_one_side_of_the_scripts_is_found(two: Work) -> None:
    two.git("merge", "-q", "-X", "ours", "feature")
    assert [kind for kind, _ in two.kinds()] == ["heads"]
    two.sqlgen("generate", code=2)
    two.sqlgen("merge", "heads", "--rev-id", "m4")
    two.sqlgen("check", code=1)


def test_work_by_hand_survives_a_merge(two: Work) -> None:
    two.git("merge", "feature", check=False)
    two.sqlgen("merge", "heads", "--rev-id", "m4")
    mine = two.path("sqlite/revisions/0001_a1_make_a1.upgrade.sql")
    mine.write_text("-- mine\n")
    done = two.sqlgen("generate", code=1)
    assert "0001_a1_make_a1.upgrade.sql" in done.stderr
    assert mine.read_text() == "-- mine\n"


def test_a_rebase_is_resolved_by_another_parent(two: Work) -> None:
    rebased = two.git("rebase", "feature", check=False)
    assert rebased.returncode == 1
    two.revision("c3", "b3")
    two.sqlgen("generate")
    two.git("add", "-A")
    two.git("-c", "core.editor=true", "rebase", "--continue")
    two.sqlgen("check")
    assert two.path("sqlite/revisions/0004_c3_make_c3.upgrade.sql").exists()


def test_branches_with_labels_merge_and_stay_apart(repository: Work) -> None:
    label = 'branch_labels = ("{0}",)'
    repository.revision("x1", None, more=label.format("x"))
    repository.revision("y1", None, more=label.format("y"))
    repository.sqlgen("generate")
    repository.commit()
    assert Path("out/sqlite/revisions/0001_x1_make_x1.upgrade.sql").exists()
    repository.sqlgen("check")
