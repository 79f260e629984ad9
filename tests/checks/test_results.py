"""What clients print is read back, whatever they print around it."""

from __future__ import annotations

import pytest

from sqlgen.checks import Result, read_results

LINE = "FAIL | no NULL | [3] a1b2 | thing.name | 2 rows with NULL | Fill the NULLs first."
VERDICT = "sqlgen: precheck FAILED: 1 FAIL, 0 WARN, 1 PASS, 0 SKIP, 0 without an answer"


def test_a_line_is_its_fields() -> None:
    (found,) = read_results(LINE).results
    assert found == Result("FAIL", "no NULL", 3, "a1b2", "thing.name", "2 rows with NULL", "Fill the NULLs first.")
    assert str(found) == LINE


def test_a_line_of_no_step() -> None:
    (found,) = read_results("PASS | server version | - | server | new enough | -").results
    assert (found.step, found.revision, found.remedy) == (0, "", "-")
    assert str(found) == "PASS | server version | - | server | new enough | -"


@pytest.mark.parametrize("around", ["result\n{0}\nresult\n", "BEGIN\r\n{0}\r\nROLLBACK\r\n", "{0}   \n\n", "SET\n{0}"])
def test_what_stands_around_is_left_out(around: str) -> None:
    text = "".join(around.format(line) for line in (LINE, LINE.replace("FAIL", "PASS"), VERDICT))
    verdict = read_results(text + "\n")
    assert [one.status for one in verdict.results] == ["FAIL", "PASS"]
    assert verdict.silent == 0
    assert verdict.counts == {"PASS": 1, "WARN": 0, "FAIL": 1, "SKIP": 0}
    assert not verdict.passed


def test_a_run_without_a_verdict_did_not_pass() -> None:
    assert read_results(LINE.replace("FAIL", "PASS")).silent is None
    assert not read_results(LINE.replace("FAIL", "PASS")).passed


def test_a_check_without_an_answer_did_not_pass() -> None:
    assert not read_results("sqlgen: verify FAILED: 0 FAIL, 0 WARN, 4 PASS, 0 SKIP, 2 without an answer").passed


def test_all_is_well() -> None:
    assert read_results("sqlgen: verify passed: 0 FAIL, 0 WARN, 4 PASS, 0 SKIP, 0 without an answer").passed
