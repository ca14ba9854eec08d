"""How many workers, and how sure that is: the benchmark's answer, the cliff beside it, and futures with other demand."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import pytest

from joinedup.engines.caseflow import Model, Service, Station, read_text
from joinedup.engines.caseflow.futures import Beliefs, drawn, outlooks, wilson
from joinedup.engines.caseflow.queues import fewest_servers, waits_longer
from joinedup.engines.caseflow.staffing import fewest, with_servers

BENCHMARK = read_text(resources.files("joinedup.engines.caseflow").joinpath("examples/benchmark.toml").read_bytes())


def test_the_benchmark_needs_seven_at_triage_and_forty_in_each_team() -> None:
    """The answer of the benchmark, ± 1 worker, and of no council. Below it lies a cliff: 38 workers are far from enough."""
    found = fewest(replace(BENCHMARK, days=506), replications=30, seed=1)
    assert found.stations["Triage"].servers == 7
    assert found.stations["Triage"].within.value == pytest.approx(0.9823, abs=0.002)
    assert found.stations["Triage"].curve[6].value == pytest.approx(0.8776, abs=0.02)
    for name in ("Team A", "Team B", "Team C"):
        needed = found.stations[name]
        assert needed.servers in {39, 40, 41}
        assert (needed.within.low or 0) >= 0.95
        assert needed.curve[38].value is not None
        assert needed.curve[38].value < 0.85
        assert (needed.curve[needed.servers - 1].low or 0) < 0.95
    assert found.model.stations[1].servers == found.stations["Team A"].servers


def test_one_station_needs_what_erlang_says() -> None:
    station = Station("Duty", 1, Service("exponential", 0.5), target_wait=0.25, target_share=0.9)
    model = Model(12, "Duty", (station,), days=2000)
    exact = fewest_servers(12, 0.5, 0.25, 0.9)
    found = fewest(model, replications=40, seed=2)
    assert found.stations["Duty"].servers == exact
    assert found.stations["Duty"].within.value == pytest.approx(1 - waits_longer(12, 0.5, exact, 0.25), abs=0.01)


def test_what_cannot_be_searched_is_refused() -> None:
    station = Station("Duty", 1, Service("exponential", 0.5))
    with pytest.raises(ValueError, match="no station has a target"):
        fewest(Model(1, "Duty", (station,)), seed=1)
    with pytest.raises(ValueError, match="less than 1"):
        fewest(Model(1, "Duty", (replace(station, target_wait=1, target_share=1.0),)), seed=1)


def test_localities_share_workers_in_proportion() -> None:
    team = Station("Team", 10, Service("exponential", 1), localities={"North": 7, "South": 3})
    assert dict(with_servers(team, 20).localities) == {"North": 14, "South": 6}
    assert [sum(with_servers(team, count).localities.values()) for count in range(1, 30)] == list(range(1, 30))


def test_demand_that_may_be_otherwise_makes_the_answer_less_sure() -> None:
    """The noise of the simulation and the doubt about the inputs are told apart."""
    team = Station("Team", 34, Service("exponential", 20), target_wait=2, target_share=0.95)
    model = Model(1.2, "Team", (team,), days=1012, warm_up=253)
    certain, doubtful = (
        outlooks(model, Beliefs(demand=spread), futures=60, each=3, seed=1)[0] for spread in (0.0, 0.10)
    )
    assert certain.met > 0.9 > doubtful.met
    assert certain.from_inputs < 0.01
    assert doubtful.from_inputs > max(0.02, doubtful.from_simulation)
    assert doubtful.low < doubtful.met < doubtful.high
    assert doubtful.sentence.startswith(f"Team meets the target in {doubtful.met:.0%} of plausible futures (")
    more = replace(model, stations=(with_servers(team, 40),))
    assert outlooks(more, Beliefs(demand=0.10), futures=60, each=3, seed=1)[0].met > doubtful.met + 0.05


def test_futures_are_drawn_about_the_model_and_are_the_same_again() -> None:
    many = [drawn(BENCHMARK, Beliefs(demand=0.1, stay=0.05, seen=400), 3, number) for number in range(400)]
    demand = [each.per_day for each in many]
    assert sum(demand) / 400 == pytest.approx(20, rel=0.02)
    assert (sum((each - 20) ** 2 for each in demand) / 400) ** 0.5 == pytest.approx(2, rel=0.1)
    shares = [each.routes[0].probability for each in many]
    assert sum(shares) / 400 == pytest.approx(0.2333, abs=0.004)
    assert all(sum(route.probability for route in each.routes) < 1 for each in many)
    assert drawn(BENCHMARK, Beliefs(demand=0.1, seen=400), 3, 7) == drawn(
        BENCHMARK, Beliefs(demand=0.1, seen=400), 3, 7
    )
    assert drawn(BENCHMARK, Beliefs(), 3, 7) == BENCHMARK
    assert wilson(10 / 100, 100) == pytest.approx((0.0552291, 0.1743657), abs=1e-7)
