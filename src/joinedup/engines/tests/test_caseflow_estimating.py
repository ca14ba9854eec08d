"""From a log whose truth is known: does each interval hold it, nineteen times in twenty? And what a log may not tell."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from joinedup.engines.caseflow.durations import best_fit, fit_exponential, fit_lognormal, kaplan_meier, spike
from joinedup.engines.caseflow.estimating import Stage, arrivals, durations, outcomes, returns, routes
from joinedup.engines.caseflow.event_log import Event, Log, log_of, read_log
from joinedup.engines.caseflow.mining import directly_follows, out_of_order, variants

DAYS, PER_DAY, ACCEPTED, STAY, CV, BACK, AWAY = 600.0, 3.0, 0.7, 105.4, 0.6, 0.22, 120.0
TEAM = Stage("Team", "allocation", "closure")


def town(seed: int) -> Log:
    """Contacts by chance, seven in ten allocated on the day after, held for months, some back after closing; cut off at day 600."""
    luck = np.random.default_rng(seed)
    sigma = math.sqrt(math.log1p(CV * CV))
    events: list[Event] = []
    for number in range(luck.poisson(PER_DAY * DAYS)):
        at, visit = float(luck.random() * DAYS), 0
        while at < DAYS:
            case, family, visit = f"{number}/{visit}", str(number), visit + 1
            events.append(Event(case, family, "contact", at))
            accepted = luck.random() < ACCEPTED
            events.append(
                Event(case, family, "triage_decision", at + 0.5, outcome="accepted" if accepted else "advice")
            )
            if not accepted:
                break
            closed = at + 1 + float(luck.lognormal(math.log(STAY) - sigma**2 / 2, sigma))
            events += [Event(case, family, "allocation", at + 1), Event(case, family, "closure", closed)]
            if luck.random() >= BACK:
                break
            at = closed + float(luck.exponential(AWAY))
    return log_of(event for event in events if event.at < DAYS)


def test_intervals_from_a_log_hold_the_truth() -> None:
    """A hundred towns. The naive mean of closed cases alone, for comparison, is too short in every one."""
    held = dict.fromkeys(("arrivals", "route", "stay", "back"), 0)
    naive = []
    back_in_a_year = BACK * (1 - math.exp(-253 / AWAY))
    for seed in range(100):
        log = town(seed)
        stay = durations(log, 0, DAYS, (TEAM,))["Team"]
        naive.append(float(np.nanmean(log.first("closure") - log.first("allocation"))))
        share, _ = returns(log, DAYS)
        estimates = {
            "arrivals": (arrivals(log, 0, DAYS).per_day, PER_DAY),
            "route": (outcomes(log, "triage_decision", "accepted"), ACCEPTED),
            "stay": (stay.fit.mean, STAY),
            "back": (share, back_in_a_year),
        }
        for name, (found, truth) in estimates.items():
            held[name] += (found.low or 0) <= truth <= (found.high or 0)
    assert all(88 <= count <= 100 for count in held.values()), held
    assert max(naive) < STAY


def test_what_else_a_log_says() -> None:
    log = town(1)
    stay = durations(log, 0, DAYS, (TEAM,))["Team"]
    assert stay.fit.service.distribution == "lognormal"
    assert stay.fit.service.cv == pytest.approx(CV, abs=0.06)
    assert stay.still_open > 100
    assert stay.curve.median == pytest.approx(STAY / math.sqrt(1 + CV * CV), rel=0.08)
    known = arrivals(log, 0, DAYS)
    assert known.dispersion == pytest.approx(1, abs=0.2)
    assert (len(known.by_weekday), len(known.by_season)) == (5, 4)
    assert sum(known.by_weekday) / 5 == pytest.approx(1, abs=1e-9)
    _, away = returns(log, DAYS)
    assert away is not None
    assert list(routes(log, "triage_decision")) == ["allocation"]
    last_year = durations(log, 300, DAYS, (TEAM,))["Team"].little
    assert not last_year.is_alarm
    gaps = log_of(each for each in log.events if each.activity != "closure" or each.at < 450)
    assert durations(gaps, 300, DAYS, (TEAM,))["Team"].little.is_alarm, "closures nobody wrote down"


def test_demand_by_day_and_season_and_what_is_not_by_chance() -> None:
    luck = np.random.default_rng(2)
    counts = [int(luck.poisson(2 * (2 if day % 5 == 0 else 1) * luck.gamma(2, 0.5))) for day in range(506)]
    events = [
        Event(f"{day}/{n}", f"{day}/{n}", "contact", day + 0.3)
        for day, count in enumerate(counts)
        for n in range(count)
    ]
    found = arrivals(log_of(events), 0, 506)
    assert found.by_weekday[0] > 1.4 * found.by_weekday[1]
    assert found.dispersion > 1.5
    with pytest.raises(ValueError, match="two weeks"):
        arrivals(log_of(events), 0, 9)


def test_kaplan_meier_by_hand_and_fits_of_open_cases() -> None:
    lasted, ended = np.array([6.0, 6, 6, 6, 7, 9, 10, 10, 11, 13]), np.array([1, 1, 1, 0, 1, 0, 1, 0, 0, 1], dtype=bool)
    curve = kaplan_meier(lasted, ended)
    assert curve.times.tolist() == [6, 7, 10, 13]
    assert curve.share == pytest.approx([0.7, 0.7 * 5 / 6, 0.7 * 5 / 6 * 3 / 4, 0])
    assert (curve.at(5).value, curve.median) == (1, 10)
    assert (curve.at(8).low or 1) < 0.5834 < (curve.at(8).high or 0)
    fit = fit_exponential(lasted, ended)
    assert fit.service.mean == pytest.approx(84 / 6)
    with pytest.raises(ValueError, match="nothing has ended"):
        fit_exponential(lasted, np.zeros(10, dtype=bool))
    with pytest.raises(ValueError, match="two different"):
        fit_lognormal(np.array([3.0, 3.0]), np.array([True, True]))
    assert best_fit(np.array([3.0, 3.0]), np.array([True, True])).service.distribution == "exponential"


def test_a_censored_lognormal_is_what_another_program_finds() -> None:
    """Maximum likelihood by a coarse search over both numbers cannot be beaten by the fit's own."""
    luck = np.random.default_rng(3)
    drawn, cut = luck.lognormal(4.5, 0.55, 4000), luck.uniform(20, 400, 4000)
    lasted, ended = np.minimum(drawn, cut), drawn <= cut
    fit = fit_lognormal(lasted, ended)
    assert math.log(fit.service.mean) - fit.service.sigma**2 / 2 == pytest.approx(4.5, abs=0.03)
    assert fit.service.sigma == pytest.approx(0.55, abs=0.02)

    def likelihood(mean: float, sigma: float) -> float:
        z = (np.log(lasted) - mean) / sigma
        tails = np.array([math.erfc(each / math.sqrt(2)) / 2 for each in z[~ended]])
        density = -np.log(lasted[ended] * sigma * math.sqrt(2 * math.pi)) - z[ended] ** 2 / 2
        return float(density.sum() + np.log(tails).sum())

    where = (math.log(fit.service.mean) - fit.service.sigma**2 / 2, fit.service.sigma)
    best = likelihood(*where)
    assert best == pytest.approx(fit.log_likelihood, abs=1e-6)
    for step in (0.002, -0.002):
        assert likelihood(where[0] + step, where[1]) < best
        assert likelihood(where[0], where[1] + step) < best


def test_a_deadline_people_work_to_is_seen() -> None:
    luck = np.random.default_rng(4)
    smooth = luck.lognormal(3.4, 0.6, 3000)
    hurried = np.where((smooth > 45) & (smooth < 75), 41 + 4 * luck.random(3000), smooth)
    all_over = np.ones(3000, dtype=bool)
    assert spike(hurried, all_over, 45).is_spike
    assert not spike(smooth, all_over, 45).is_spike


def test_edges_and_paths_of_fewer_than_six_families_are_never_told() -> None:
    events = [
        Event(f"c{n}", f"f{n}", what, at)
        for n in range(8)
        for what, at in (("contact", 0.0), ("triage_decision", n + 1.0))
    ]
    events += [Event(f"c{n}", f"f{n}", "allocation", 20.0) for n in range(5)]
    # one family many times over is still one family
    events += [
        Event(f"c{n}", "f0", what, at) for n in range(10, 30) for what, at in (("contact", 0.0), ("closure", 1.0))
    ]
    graph = directly_follows(log_of(events))
    assert (graph.edges, graph.is_partial) == (
        (),
        True,
    )  # eight decided would tell, by subtraction, of the one family that closed
    alone = directly_follows(log_of(events[:16]))
    assert [(each.before, each.after, each.times, each.families, each.median_days) for each in alone.edges] == [
        ("contact", "triage_decision", 8, 8, 4.5)
    ]
    paths, left_out = variants(log_of(events))
    assert (paths, left_out) == ((), 1.0)
    assert [each.path for each in variants(log_of(events[:16]))[0]] == [("contact", "triage_decision")]
    assert directly_follows(log_of(events), fewest_families=1).is_partial is False
    assert directly_follows(log_of([])).edges == ()


def test_cases_out_of_order() -> None:
    events = [
        Event(str(n), str(n), what, at) for n in range(20) for what, at in (("contact", 0.0), ("allocation", 2.0))
    ]
    events += [Event(str(n), str(n), "triage_decision", 1.0 if n < 12 else 3.0) for n in range(18)]
    found = out_of_order(
        log_of(events), [("triage_decision", "allocation"), ("contact", "allocation"), ("contact", "closure")]
    )
    assert found == {
        ("triage_decision", "allocation"): 8 / 20,
        ("contact", "allocation"): 0,
        ("contact", "closure"): None,
    }


def test_a_file_is_read_and_every_bad_row_named() -> None:
    text = (
        "\ufeffcase_id,family_id,activity,ts,team\n1,a,contact,2026-11-23,North\n1,a,triage_decision,2026-11-24T09:30,North\n"
        "2,,contact,2026-11-23,\n3,c,lunch,2026-11-23,\n4,d,contact,yesterday,\n"
    )
    log, bad = read_log(
        text, lambda moment: (moment.replace(tzinfo=UTC) - datetime(2026, 11, 23, tzinfo=UTC)) / timedelta(days=1)
    )
    assert [event.at for event in log.events] == [0, pytest.approx(1 + 9.5 / 24)]
    assert [(each.row, each.field, each.value) for each in bad] == [
        (4, "family_id", ""), (5, "activity", "lunch"), (6, "ts", "yesterday"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="no column ts"):
        read_log("case_id,family_id,activity\n", lambda moment: 0.0)
