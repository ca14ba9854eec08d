"""`joinedup appraise`: what is printed where, and the exit code."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from joinedup.cli.main import main

TOML = """
years = 3
discount = 0.1
[cohort]
size = 100
[[costs]]
amounts = [1000, 0, 0]
grade = 1
[costs.agencies]
Council = 1
[[benefits]]
code = "A"
prevalence = 0.5
engagement = 1
retention = 1
impact = 0.5
deadweight = 0.2
unit_cost = { fiscal = 30, economic = 5, social = 5 }
agencies = { NHS = 1 }
lag = 1
drop_off = 0
grade = 1
cashable = 0.5
"""
KEYS = [
    "pv_cost", "pv_fiscal", "pv_social_economic", "npv_fiscal", "npv_public", "bcr_fiscal", "bcr_public", "payback_year",
    "cashable", "gross_nominal", "switching_value", "agencies", "equalising_transfers",
]  # fmt: skip


def run(*arguments: str | Path, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["appraise", *map(str, arguments)], input=text)


def answer(*arguments: str | Path, text: str | bytes | None = None) -> dict[str, Any]:
    done = run(*arguments, "--json", text=text)
    assert (done.exit_code, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "case.toml"
    file.write_text(TOML, encoding="utf-8")
    return file


def test_json_is_one_object_on_stdout(model: Path) -> None:
    found = answer(model)
    assert list(found)[: len(KEYS)] == KEYS
    worth = 100 * 0.5 * 0.5 * 0.8 * 30 * (1 / 1.1 + 1 / 1.21)
    assert (found["pv_cost"], found["pv_fiscal"], found["payback_year"]) == (1000, pytest.approx(worth), 3)
    assert found["agencies"] == {
        "Council": {"pv_cost": 1000, "pv_benefit": 0, "return": 0},
        "NHS": {"pv_cost": 0, "pv_benefit": pytest.approx(worth), "return": None},
    }
    assert found["equalising_transfers"] == {"Council": pytest.approx(-worth), "NHS": pytest.approx(worth)}
    assert list(found["settlements"]) == ["equal return", "equal net gain", "Shapley"]
    assert found["settlements"]["equal return"] == found["equalising_transfers"]
    assert found["parameters"][0]["title"] == "A flat 10 % a year"
    assert found["parameters"][1] | {"verified": False} == found["parameters"][1]
    assert answer("-", text=TOML) == found
    assert sum(found["cashable_by_agency"].values()) == pytest.approx(found["cashable"])


def test_json_models_are_read_too(tmp_path: Path, model: Path) -> None:
    from joinedup.engines.appraisal import model_data, read_text

    file = tmp_path / "case.json"
    file.write_text(json.dumps(model_data(read_text(TOML))), encoding="utf-8")
    assert answer(file) == answer(model)


def test_draws_say_how_sure_it_is_and_a_seed_says_it_again(model: Path) -> None:
    first, again, other = (answer(model, "--draws", "2000", "--seed", seed) for seed in ("7", "7", "8"))
    assert first == again
    assert first["monte_carlo"] != other["monte_carlo"]
    spread = first["monte_carlo"]["npv_fiscal"]
    assert spread["p10"] < spread["p50"] < spread["p90"]
    assert (first["monte_carlo"]["draws"], first["monte_carlo"]["seed"]) == (2000, 7)
    assert 0 <= spread["chance_positive"] <= 1
    assert "monte_carlo" not in answer(model)


def test_the_table_says_first_whether_it_pays_and_last_what_it_stands_on(model: Path) -> None:
    lines = run(model, "--draws", "1000").stdout.splitlines()
    assert lines[0].startswith("It pays: every £1 brings public purses £1.04 back over 3 years")
    said = "\n".join(lines)
    for words in (
        "Council",
        "pays £1,041",
        "is paid £1,041",
        "What it hangs on most",
        "1,000 draws",
        "What if",
        "Stands on:",
    ):
        assert words in said
    assert "not verified against its source" in " ".join(said.split())


def test_a_programme_that_loses_money_is_said_to(model: Path) -> None:
    model.write_text(TOML.replace("fiscal = 30", "fiscal = 20"), encoding="utf-8")
    assert run(model).stdout.startswith("It loses money for public purses: every £1 brings £0.69 back")
    assert "loses money" in answer(model)["verdict"]


def test_several_stand_side_by_side(tmp_path: Path, model: Path) -> None:
    other = tmp_path / "dearer.toml"
    other.write_text(TOML.replace("[1000,", "[2000,"), encoding="utf-8")
    found = answer(model, other, "--draws", "500")
    assert list(found["options"]) == ["case", "dearer"]
    assert found["monte_carlo"]["best"] == {"case": 1, "dearer": 0}
    said = run(model, other, "--draws", "500").stdout
    assert "dearer: It loses money" in " ".join(said.split())
    assert "Best of these in" in said


def test_the_workbook_is_written_beside_the_answer(tmp_path: Path, model: Path) -> None:
    file = tmp_path / "case.xlsx"
    done = run(model, "--workbook", file)
    assert (done.exit_code, done.stderr) == (0, f"{file} was written.\n")
    assert openpyxl.load_workbook(file).sheetnames[0] == "Answer"
    assert run(model, "--workbook", tmp_path / "nowhere" / "x.xlsx").exit_code == 2
    assert run(model, model, "--workbook", file).exit_code == 2


def test_the_example_in_the_package_works() -> None:
    text = resources.files("joinedup.engines.appraisal").joinpath("examples/early-support.toml").read_bytes()
    assert answer("-", text=text)["bcr_fiscal"] > 1


def test_a_bad_file_gets_a_line_for_every_fault_and_exit_code_2(model: Path) -> None:
    model.write_text(TOML.replace("grade = 1", "grade = 9").replace("impact", "impakt"), encoding="utf-8")
    done = run(model, "--json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        "$.costs[0].grade", "$.benefits[0].impact", "$.benefits[0].impakt", "$.benefits[0].grade",
    ]  # fmt: skip


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", b"", b"years = ", b"{", b"[[", b"years = nan\n"])
def test_what_is_no_model_is_said_in_lines(text: bytes) -> None:
    done = run("-", text=text)
    assert (done.exit_code, done.stdout) == (2, "")
    assert all(line.startswith("$") for line in done.stderr.splitlines())


@pytest.mark.parametrize(
    "options", [["--draws", "0"], ["--draws", "2000001"], ["--draws", "x"], ["--seed", "-1"], ["--seed", "1.5"]]
)
def test_draws_and_seeds_out_of_bounds_are_refused(model: Path, options: list[str]) -> None:
    done = run(model, *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert options[0] in done.stderr


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = run("nowhere.toml")
    assert done.exit_code == 2
    assert "nowhere.toml" in done.stderr
    assert run(tmp_path).exit_code == 2
    assert run().exit_code == 2
