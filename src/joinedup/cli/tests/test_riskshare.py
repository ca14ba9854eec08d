"""`joinedup riskshare`: what is printed where, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from joinedup.cli.main import main

SWINDON = {
    "variance_pence": 140_000_000,
    "by_scheme": {},
    "partners": {"Council": 2_000_000_000, "NHS": 800_000_000},
    "method": {"name": "capped", "caps": {"Council": 90_000_000, "NHS": 25_000_000}},
}
RESULT = {"Council": 90_000_000, "NHS": 25_000_000, "unallocated": 25_000_000}


def test_json_is_one_object_on_stdout(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(SWINDON), encoding="utf-8")
    done = CliRunner().invoke(main, ["riskshare", str(file), "--json"])
    assert (done.exit_code, done.stderr, json.loads(done.stdout)) == (0, "", RESULT)
    piped = CliRunner().invoke(main, ["riskshare", "-", "--json"], input=json.dumps(SWINDON))
    assert piped.stdout == done.stdout


def test_without_json_it_is_a_table_in_pounds() -> None:
    done = CliRunner().invoke(main, ["riskshare", "-"], input=json.dumps(SWINDON))
    assert done.stdout.splitlines() == [
        "Council                           £900,000.00",
        "NHS                               £250,000.00",
        "Unallocated: the board decides    £250,000.00",
        "---------------------------------------------",
        "Overspend, shared capped        £1,400,000.00",
    ]


@pytest.mark.parametrize(("variance", "word"), [(-5, "Underspend"), (0, "Variance")])
def test_the_table_says_which_way_it_went(variance: int, word: str) -> None:
    done = CliRunner().invoke(main, ["riskshare", "-"], input=json.dumps({**SWINDON, "variance_pence": variance}))
    assert done.stdout.splitlines()[-1].startswith(f"{word}, shared")


def test_a_bad_file_gets_a_line_for_every_fault_and_exit_code_2() -> None:
    bad = {**SWINDON, "variance_pence": 1.5, "method": {"name": "fixed", "shares": {"Police": -1}}}
    done = CliRunner().invoke(main, ["riskshare", "-", "--json"], input=json.dumps(bad))
    assert (done.exit_code, done.stdout) == (2, "")
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        "$.variance_pence",
        "$.method.shares.Police",
        "$.method.shares.Police",
    ]


def test_a_file_that_is_not_there_is_said() -> None:
    done = CliRunner().invoke(main, ["riskshare", "nowhere.json"])
    assert done.exit_code == 2
    assert "nowhere.json" in done.stderr
