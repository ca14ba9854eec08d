"""Waiting lines by formula, against values worked out to thirty digits by another program, and what cannot cope."""

from __future__ import annotations

import math

import pytest

from joinedup.engines.caseflow import Model, Route, Service, Station, TooMuchWork, answers, overloads, traffic
from joinedup.engines.caseflow.intervals import t_value
from joinedup.engines.caseflow.queues import (
    allen_cunneen,
    erlang_b,
    erlang_c,
    fewest_servers,
    kimura,
    lee_longton,
    mean_wait,
    mean_wait_one,
    square_root_staffing,
    stays_longer,
    waits_longer,
)

# arrivals a day, cases a server does in a day, servers, Erlang B, Erlang C, mean wait (mpmath, 30 digits)
VECTORS = [
    (0.8, 1, 1, 0.444444444444, 0.8, 4),
    (2, 1, 3, 0.210526315789, 0.444444444444, 0.444444444444),
    (10, 1, 12, 0.119739188445, 0.449388224298, 0.224694112149),
    (90, 1, 100, 0.0269573804644, 0.216940480906, 0.0216940480906),
    (20, 3.7, 6, 0.22206827707295, 0.74230453364511, 0.33741115165687),
    (20, 3.7, 9, 0.0512839437417, 0.1192093820836, 0.00896311143486),
    (4, 0.01, 440, 0.00280597757162, 0.0300233060537, 0.0750582651342),
    (14 / 3, 1 / 96.10273551349812, 480, 0.006605903681701, 0.091953056816753, 0.28035473250449),
]


@pytest.mark.parametrize(("per_day", "rate", "servers", "blocked", "waits", "wait"), VECTORS)
def test_erlang(per_day: float, rate: float, servers: int, blocked: float, waits: float, wait: float) -> None:
    assert erlang_b(per_day / rate, servers) == pytest.approx(blocked, rel=1e-11)
    assert erlang_c(per_day / rate, servers) == pytest.approx(waits, rel=1e-11)
    assert mean_wait(per_day, 1 / rate, servers) == pytest.approx(wait, rel=1e-11)


def test_how_many_wait_or_stay_longer() -> None:
    assert waits_longer(20, 1 / 3.7, 6, 0.1) == pytest.approx(0.595713342063, rel=1e-11)
    assert stays_longer(20, 1 / 3.7, 6, 1) == pytest.approx(0.182336868957, rel=1e-11)
    assert stays_longer(20, 1 / 3.7, 9, 1) == pytest.approx(0.0258593789478, rel=1e-11)
    edge = stays_longer(2, 1, 3, 1)  # a = c − 1, where the formula divides nought by nought
    assert stays_longer(2, 1.0000001, 3, 1) == pytest.approx(edge, rel=1e-5)


def test_service_of_any_spread() -> None:
    assert mean_wait_one(0.8, 1, 0.75) == pytest.approx(3.125, rel=1e-12)
    assert [mean_wait_one(0.8, 1, cv) for cv in (0, 1, 2)] == pytest.approx([2, 4, 10], rel=1e-12)
    exact = mean_wait(20, 0.27, 6)
    assert [each(20, 0.27, 1, 6) for each in (kimura, lee_longton, allen_cunneen)] == pytest.approx([exact] * 3)
    assert kimura(20, 0.27, 0.5, 6) < lee_longton(20, 0.27, 0.5, 6) * 1.05 < exact
    assert allen_cunneen(20, 0.27, 0.5, 6, arrivals_cv=0.5) == pytest.approx(exact / 4)


def test_square_root_staffing_and_the_benchmark_s_least() -> None:
    found = [square_root_staffing(448.479, share) for share in (0.05, 0.10, 0.20, 0.50)]
    assert found == pytest.approx([485.32, 478.56, 470.96, 459.20], abs=0.006)
    assert fewest_servers(20, 1 / 3.7, 1, 0.95) == 7
    assert fewest_servers(14 / 3, 96.1027, 5, 0.95) == 473


def test_students_t() -> None:
    assert [t_value(n) for n in (1, 2, 10, 99)] == pytest.approx([12.706204736, 4.30265273, 2.228138852, 1.984216952])
    assert t_value(301) == pytest.approx(1.967876682, abs=1e-6)
    assert t_value(300) > t_value(301) > t_value(100_000) > 1.959963


def test_work_for_more_than_there_are_is_refused_with_how_many_it_takes() -> None:
    with pytest.raises(
        TooMuchWork, match=r"work for 6\.00 workers comes and there are 6: .* at least 7 workers are needed"
    ):
        erlang_c(6, 6)
    station = Station("Team", 43, Service("lognormal", 105.4, 0.6), caseload=12)
    found = overloads(Model(5, "Team", (station,)))
    assert [(each.needed, round(each.load, 3)) for each in found] == [(44, 1.021)]
    kept = Station("Team", 44, Service("lognormal", 105.4, 0.6), caseload=12)
    assert overloads(Model(5, "Team", (kept,))) == []


def test_a_network_of_jackson_s_is_exact_and_feedback_is_counted() -> None:
    """A third of those who leave the team are referred again: 10 a day become 15 at triage."""
    stations = (Station("Triage", 20, Service("exponential", 1)), Station("Team", 9, Service("exponential", 0.5)))
    routes = (Route("Triage", "Team", 1), Route("Team", "Triage", 1 / 3, delay=100))
    model = Model(10, "Triage", stations, routes)
    assert traffic(model).tolist() == pytest.approx([15, 15])
    triage, team = answers(model)
    assert (triage.exact, team.exact, triage.notes) == (True, True, ())
    assert triage.mean_wait == pytest.approx(mean_wait(15, 1, 20))
    assert team.mean_queue == pytest.approx(15 * mean_wait(15, 0.5, 9))


def test_where_a_formula_does_not_hold_it_says_so() -> None:
    stations = (
        Station("Triage", 8, Service("deterministic", 0.3), away=0.1),
        Station("Advice", 3, Service("exponential", 0.1), waiting=4),
    )
    triage, advice = answers(Model(20, "Triage", stations, (Route("Triage", "Advice", 1),), priorities=(0.2, 0.8)))
    assert (triage.exact, advice.exact) == (False, False)
    assert any("Kimura" in note for note in triage.notes)
    assert any("leave" in note for note in triage.notes)
    assert any("urgent" in note for note in advice.notes)
    assert any("today's cases" in note for note in advice.notes)
    # steady service lets cases out more evenly than chance, so they wait less behind it
    assert advice.mean_wait < mean_wait(20, 0.1, 3)
    assert math.isfinite(triage.mean_wait)
