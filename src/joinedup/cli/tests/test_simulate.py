"""`joinedup simulate`: what is printed where, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from joinedup.cli.main import main

TOML = """
[arrivals]
per_day = 20
[[stations]]
name = "Triage"
servers = 6
service = { distribution = "exponential", mean = 0.27027027027027 }
target_wait = 0.1
[[stations]]
name = "Advice"
servers = 1
service = { distribution = "deterministic", mean = 0.1 }
[[routes]]
from = "Triage"
to = "Advice"
probability = 0.3
[run]
days = 500
"""


def run(*arguments: str | Path, text: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["simulate", *map(str, arguments)], input=text)


def answer(*arguments: str, text: str = TOML) -> dict[str, Any]:
    done = run("-", "--json", *arguments, text=text)
    assert (done.exit_code, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_each_station_has_four_figures_and_their_intervals() -> None:
    found = answer("--replications", "60", "--seed", "3")
    assert list(found["stations"]) == ["Triage", "Advice"]
    triage = found["stations"]["Triage"]
    assert list(triage) == ["mean_wait", "p_wait_over_target", "utilisation", "mean_queue"]
    for figure, exact in (("mean_wait", 0.33741), ("p_wait_over_target", 0.59571), ("utilisation", 0.9009)):
        said = triage[figure]
        assert said["low"] < said["value"] < said["high"]
        assert said["value"] == pytest.approx(exact, abs=2 * (said["high"] - said["low"]))
    assert (found["replications"], found["seed"], found["kernel"]) == (60, 3, "recursion")


def test_a_seed_says_it_again_and_another_does_not() -> None:
    first, again, other = (answer("--replications", "4", "--seed", seed) for seed in ("7", "7", "8"))
    assert first == again
    assert first["checksum"] != other["checksum"]
    assert answer("--replications", "1")["stations"]["Triage"]["mean_wait"]["low"] is None


def test_formulas_give_numbers_beside_erlang_s() -> None:
    triage, advice = answer("--analytic")["stations"].values()
    assert triage["erlang_b"] == pytest.approx(0.22206827707295, abs=1e-9)
    assert triage["erlang_c"] == pytest.approx(0.74230453364511, abs=1e-9)
    assert triage["mean_wait"] == pytest.approx(0.33741115165687, abs=1e-9)
    assert triage["p_wait_over_target"] == pytest.approx(0.595713342063, abs=1e-9)
    assert (triage["exact"], triage["notes"], advice["exact"]) == (True, [], False)


def test_people_read_sentences() -> None:
    lines = run("-", "--replications", "5", text=TOML).stdout
    assert "5 replications of 500 working days after 253 to fill" in lines
    assert "Triage\n  mean wait 0." in lines
    assert "over 0.1" in lines
    assert "exact" in run("-", "--analytic", text=TOML).stdout


def test_the_fewest_workers_that_surely_meet_the_target() -> None:
    text = TOML.replace("target_wait = 0.1", "target_wait = 0.1\ntarget_share = 0.8").replace(
        "days = 500", "days = 300"
    )
    found = answer("--staffing", "--replications", "20", text=text)["staffing"]
    assert list(found) == ["Triage"], "the other station has no target"
    assert found["Triage"]["servers"] == 8
    assert found["Triage"]["within_target"]["low"] >= 0.8
    assert [each["servers"] for each in found["Triage"]["tried"]][-1] >= 8
    assert (
        "Triage: 8 workers\n  within the target 91" in run("-", "--staffing", "--replications", "20", text=text).stdout
    )
    none = run("-", "--staffing", text=TOML.replace("target_wait = 0.1", ""))
    assert (none.exit_code, none.stdout, none.stderr) == (
        2,
        "",
        "$.stations: no station has a target_wait or a target_total\n",
    )
    assert run("-", "--staffing", "--analytic", text=text).exit_code == 2


def test_long_runs_say_how_far_they_are_on_stderr_alone() -> None:
    text = TOML.replace("days = 500", "days = 20\nwarm_up = 0")
    done = run("-", "--json", "--replications", "600", text=text)
    assert done.exit_code == 0
    assert "of 600: mean wait at Triage" in done.stderr
    assert json.loads(done.stdout)["replications"] == 600


def test_too_few_workers_are_refused_with_how_many_it_takes() -> None:
    done = run("-", "--json", text=TOML.replace("servers = 6", "servers = 5"))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == (
        "$.stations[0].servers: Triage has work for 5.41 workers and 5: the queue would grow for ever; at least 6 workers"
        " are needed\n"
    )


def test_a_bad_file_gets_a_line_for_every_fault_and_exit_code_2() -> None:
    text = TOML.replace("per_day = 20", 'per_day = -1\nfirst = "Nowhere"').replace("cv", "cw")
    text = text.replace("servers = 1\n", 'servers = 1.5\ncolour = "red"\n').replace(
        "probability = 0.3", "probability = 30"
    )
    done = run("-", text=text.replace('distribution = "exponential"', 'distribution = "normal"'))
    assert (done.exit_code, done.stdout) == (2, "")
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == [
        "$.stations[0].service.distribution", "$.stations[1].colour", "$.stations[1].servers", "$.arrivals.per_day",
        "$.arrivals.first", "$.routes[0].probability",
    ]  # fmt: skip


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", b"", b"arrivals = ", b"{", b"[[", b"arrivals = nan\n", b"[]", b"{}"])
def test_what_is_no_flow_is_said_in_lines(text: bytes) -> None:
    done = run("-", text=text)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr
    assert all(line.startswith("$") for line in done.stderr.splitlines())


@pytest.mark.parametrize(
    "options", [["--replications", "0"], ["--replications", "x"], ["--seed", "-1"], ["--seed", "1.5"]]
)
def test_options_out_of_bounds_are_refused(options: list[str]) -> None:
    done = run("-", *options, text=TOML)
    assert (done.exit_code, done.stdout) == (2, "")
    assert options[0] in done.stderr


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = run("nowhere.toml")
    assert done.exit_code == 2
    assert "nowhere.toml" in done.stderr
    assert run(tmp_path).exit_code == 2
    assert run().exit_code == 2
