"""What the simulation says is what is known to be so, and what each rule of the flow does to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from joinedup.engines.caseflow import (
    Estimate,
    Model,
    Reviews,
    Route,
    Service,
    Simulation,
    Station,
    read_text,
    simulate,
    traffic,
)
from joinedup.engines.caseflow.fates import Fates
from joinedup.engines.caseflow.queues import erlang_c, mean_wait, mean_wait_one, waits_longer

ONE = Station("Team", 6, Service("exponential", 1 / 3.7), target_wait=0.1)
FLOW = Model(20, "Team", (ONE,), days=1000, warm_up=100)


def close(found: Estimate, exact: float) -> bool:
    """Within twice the 95 % interval: one honest test in ten thousand fails."""
    assert found.value is not None
    assert found.half is not None
    return abs(found.value - exact) <= 2 * found.half


def test_what_is_known_exactly_is_found() -> None:
    found = simulate(FLOW, replications=80, seed=11)
    assert close(found.estimate("Team", "mean_wait"), mean_wait(20, 1 / 3.7, 6))
    assert close(found.estimate("Team", "p_wait_over_target"), waits_longer(20, 1 / 3.7, 6, 0.1))
    assert close(found.estimate("Team", "utilisation"), 20 / 3.7 / 6)
    assert close(found.estimate("Team", "mean_queue"), 20 * mean_wait(20, 1 / 3.7, 6))
    even = replace(FLOW, per_day=0.8, stations=(Station("Team", 1, Service("lognormal", 1, 0.75)),), days=4000)
    assert close(simulate(even, replications=80, seed=1).estimate("Team", "mean_wait"), mean_wait_one(0.8, 1, 0.75))


def test_little_s_law_holds_in_every_station() -> None:
    model = replace(
        FLOW,
        stations=(ONE, Station("Panel", 1, Service("lognormal", 0.05, 1.5))),
        routes=(Route("Team", "Panel", 0.8),),
    )
    found = simulate(model, replications=40, seed=2)
    for number, rate in enumerate(traffic(model)):
        waits, queue = found.measures[:, number, 0], found.measures[:, number, 3]
        assert float(queue.mean()) == pytest.approx(rate * float(waits.mean()), rel=0.02)


def test_the_benchmark_s_stay_with_reviews() -> None:
    team = Station(
        "Team", 40, Service("lognormal", 253 * 5 / 12, 0.6), caseload=12, reviews=Reviews(30, 0.05, 0.10, 0.15)
    )
    assert (team.slots, team.mean_stay) == (480, pytest.approx(96.1027, abs=1e-3))
    drawn = Fates(Model(20, "Team", (team,), days=2000), 1, 0).visit(team, 0).stay
    assert drawn.mean() == pytest.approx(96.1027, rel=0.01)


def test_cases_that_come_back_are_more_work() -> None:
    model = replace(FLOW, per_day=15, routes=(Route("Team", "Team", 0.25, delay=60),), warm_up=300)
    found = simulate(model, replications=20, seed=3)
    assert found.kernel == "event loop"
    assert close(found.estimate("Team", "utilisation"), 20 / 3.7 / 6)


def test_urgent_cases_wait_less_and_the_queue_is_no_shorter() -> None:
    from joinedup.engines.caseflow.event_loop import passages

    urgent = replace(FLOW, priorities=(0.3, 0.7))
    fates = Fates(urgent, 1, 0)
    passage = passages(urgent, fates)[0]
    first = fates.urgency() == 0
    waits = passage.started - passage.came
    assert 3 * waits[first].mean() < waits[~first].mean()
    # which of equals goes first changes who waits, never how many
    assert simulate(urgent, replications=3, seed=1).measures[:, 0, 3] == pytest.approx(
        simulate(FLOW, replications=3, seed=1).measures[:, 0, 3], rel=0.25
    )


def test_leave_and_sickness_take_workers_away() -> None:
    away = replace(FLOW, stations=(replace(ONE, servers=7, away=0.12, away_days=5),))
    full = replace(FLOW, stations=(replace(ONE, servers=7),))
    most, least = (simulate(each, replications=10, seed=1).estimate("Team", "mean_wait") for each in (away, full))
    assert least.high is not None
    assert most.low is not None
    assert most.low > 2 * least.high


def test_a_step_up_leaves_for_the_statutory_team_and_a_heavier_case_takes_more_room() -> None:
    early = Station(
        "Early help", 10, Service("exponential", 60), caseload=6, reviews=Reviews(30, 0.1, 0.1, step_up_to="Statutory")
    )
    model = Model(0.8, "Early help", (early, Station("Statutory", 9, Service("exponential", 20))), days=2000)
    found = simulate(model, replications=10, seed=1)
    assert found.kernel == "recursion"
    came = found.measures[:, 1, 4].mean() / 2000
    assert came == pytest.approx(traffic(model)[1], rel=0.1)
    light = replace(early, reviews=Reviews(30, close=0.1))
    heavy = replace(early, reviews=Reviews(30, close=0.1, step_up=0.4))
    busy = [
        simulate(replace(model, stations=(each,), points=(1, 2), point_shares=(1, 0)), replications=4, seed=1)
        for each in (light, heavy)
    ]
    loads = [each.estimate("Early help", "utilisation").value or 0 for each in busy]
    assert 1.2 * loads[0] < loads[1]


def test_families_are_placed_in_their_locality_where_there_is_room() -> None:
    team = Station("Team", 8, Service("exponential", 30), caseload=4, localities={"North": 4, "South": 4})
    model = Model(0.8, "Team", (team,), localities={"North": 0.5, "South": 0.5}, days=1500)
    roomy = simulate(model, replications=4, seed=1)
    crowded = simulate(replace(model, per_day=1.0), replications=4, seed=1)
    first, second = (each.estimate("Team", "out_of_locality").value for each in (roomy, crowded))
    assert first is not None
    assert second is not None
    assert 0 < first < second < 0.5
    assert "out_of_locality" in roomy.as_data()["stations"]["Team"]


def test_a_start_from_today_s_cases_needs_no_years_to_fill() -> None:
    """Begun empty, the next 120 days look as if nobody would wait; begun with today's full caseload and queue, they do not."""
    team = Station("Team", 30, Service("exponential", 80))
    model = Model(0.36, "Team", (team,), days=120, warm_up=0)
    live = replace(model, stations=(replace(team, open_ages=(40.0,) * 30, waiting=6),))
    waits = [simulate(each, replications=40, seed=1).estimate("Team", "mean_wait").value for each in (model, live)]
    assert waits[0] == pytest.approx(0, abs=0.3)
    assert (waits[1] or 0) > 5
    assert simulate(replace(live, warm_up=None), replications=1, seed=1).model.warm_up == 0
    assert (simulate(replace(model, warm_up=None), replications=1, seed=1).model.warm_up or 0) >= 253


@pytest.mark.parametrize("kind", ["exponential", "lognormal", "deterministic"])
def test_what_is_left_of_an_open_case(kind: str) -> None:
    """Among those older than 50 days, the mean of the remainder is what it is in a large drawn sample."""
    service = Service(kind, 100, 0.6)
    luck = np.random.default_rng(1)
    drawn = service.lasting(service.drawn(luck, 200_000))
    beyond = drawn[drawn > 50] - 50
    left = [service.residual(50, float(each)) for each in luck.random(20_000)]
    assert np.mean(left) == pytest.approx(beyond.mean(), rel=0.03)
    assert np.std(left) == pytest.approx(beyond.std(), rel=0.04)
    assert service.survival(50) == pytest.approx((drawn > 50).mean(), abs=0.01)


def test_intervals_cover_the_truth_nineteen_times_in_twenty() -> None:
    """A hundred runs of twenty replications each, at a station where the share that waits is known."""
    found = simulate(
        replace(FLOW, stations=(replace(ONE, servers=9, target_wait=0),), days=160, warm_up=60),
        replications=2000,
        seed=1,
    )
    exact, held = erlang_c(20 / 3.7, 9), 0
    for first in range(0, 2000, 20):
        part = Simulation(found.model, 1, "recursion", found.measures[first : first + 20]).estimate(
            "Team", "p_wait_over_target"
        )
        held += (part.low or 0) <= exact <= (part.high or 0)
    assert 88 <= held <= 100


def test_a_flow_nobody_leaves_or_that_is_too_large_is_refused() -> None:
    from joinedup.engines.caseflow import BadModel

    station = '[[stations]]\nname = "A"\nservers = 90\nservice = {distribution = "exponential", mean = 1}\n'
    circle = f'[arrivals]\nper_day = 1\n{station}[[routes]]\nfrom = "A"\nto = "A"\nprobability = 1\n'
    with pytest.raises(BadModel, match="cases that come to A never leave"):
        read_text(circle)
    with pytest.raises(BadModel, match="are more than"):
        read_text(f"[arrivals]\nper_day = 80\n{station}[run]\ndays = 50000\n")
    assert read_text(circle.replace("probability = 1", "probability = 0.9")).per_day == 1
