"""Monte Carlo: the same seed the same draws, the mean the model's own answer, options drawn with the same luck."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from joinedup.engines.appraisal import GRADES, Model, appraise, compare, read, simulate
from joinedup.engines.appraisal.montecarlo import spread
from joinedup.engines.appraisal.uncertainty import amount_of, cohort_of, inputs_of
from joinedup.engines.tests.appraisal_again import random_model


def a_model(**changed: Any) -> Model:
    line = {
        "prevalence": 0.5, "engagement": 0.9, "retention": 0.8, "impact": 0.4, "deadweight": 0.3, "grade": 5,
        "unit_cost": {"fiscal": 900, "social": 400}, "agencies": {"NHS": 1}, "drop_off": 0.1, "lag": 1,
    }  # fmt: skip
    usual = {
        "years": 5,
        "discount": "green-book",
        "cohort": {"size": [100, 200]},
        "costs": [{"code": "team", "amounts": [20_000, 10_000, 0, 0, 0], "grade": 3, "agencies": {"Council": 1}}],
        "benefits": [{"code": "A", **line}, {"code": "B", **line, "grade": 6, "attribution": 0.7, "displacement": 0.2}],
    }
    return read({**usual, **changed})


def test_the_same_seed_gives_the_same_draws_however_many_are_held_at_a_time() -> None:
    model = a_model()
    once = simulate(model, draws=5000, seed=7)
    assert [simulate(model, draws=5000, seed=7, at_a_time=size) for size in (1, 37, 4999, 5000, 9999)] == [once] * 5
    assert simulate(model, draws=5000, seed=8) != once


def test_the_order_of_lines_changes_no_digit() -> None:
    model = a_model()
    turned = replace(model, benefits=model.benefits[::-1], costs=model.costs[::-1])
    assert simulate(turned, draws=3000, seed=1) == simulate(model, draws=3000, seed=1)


def test_the_mean_of_all_draws_is_the_model_s_own_answer() -> None:
    """Optimism bias is in the middle already: no draw may lean a second time."""
    draw = random.Random(3)
    models = [a_model(), *(read(random_model(draw)) for _ in range(12))]
    for model in models:
        found, drawn = appraise(model), simulate(model, draws=40_000, seed=11)
        for spreads, answer in ((drawn.npv_fiscal, found.npv_fiscal), (drawn.npv_public, found.npv_public)):
            room = 4.5 * spreads.standard_error + 1e-9 * (1 + found.pv_cost + found.pv_fiscal)
            assert abs(spreads.mean - answer) <= room
            assert spreads.p10 <= spreads.p50 <= spreads.p90


def test_every_draw_lies_within_what_the_grades_allow() -> None:
    model = a_model()
    for benefit in model.benefits:
        for each in inputs_of(benefit):
            assert 0 <= each.low < each.middle < each.high
            assert each.high <= 1 or each.name in {"prevalence", "unit_cost"}
            assert each.off <= each.middle * GRADES[benefit.grade].data_error + 1e-12
            assert abs(each.reach) <= 1
    assert amount_of(model.costs[0]).off == pytest.approx(0.10)
    assert cohort_of(model).off == GRADES[6].data_error
    assert cohort_of(replace(model, cohort_grade=2)).off == GRADES[2].data_error
    certain = a_model().benefits[0]
    sure = replace(certain, engagement=1.0, retention=1.0, impact=0.0, deadweight=0.0)
    assert [each.name for each in inputs_of(sure)] == ["prevalence", "unit_cost"]


def test_better_evidence_gives_a_narrower_spread() -> None:
    model = a_model()
    sure = replace(model, benefits=tuple(replace(line, grade=1) for line in model.benefits))
    wide, narrow = simulate(model, draws=5000, seed=1).npv_fiscal, simulate(sure, draws=5000, seed=1).npv_fiscal
    assert wide.p90 - wide.p10 > 2 * (narrow.p90 - narrow.p10)


def test_options_share_their_luck() -> None:
    """A better unit cost is better in every draw, not in most: the noise of both is the same."""
    plain = a_model()
    better = replace(plain, benefits=tuple(replace(line, impact=line.impact * 1.01) for line in plain.benefits))
    found = compare({"plain": plain, "better": better}, draws=5000, seed=3)
    assert found.best == {"plain": 0.0, "better": 1.0}
    assert found.against_first["better"].chance_positive == 1.0
    assert found.options["plain"] == simulate(plain, draws=5000, seed=3)
    apart = simulate(plain, draws=5000, seed=3).npv_fiscal.standard_error
    assert found.against_first["better"].standard_error < apart / 50


def test_the_spread_of_known_numbers() -> None:
    found = spread(np.arange(1.0, 101.0) - 50)
    assert (found.mean, found.p10, found.p50, found.p90) == pytest.approx((0.5, -39.1, 0.5, 40.1))
    assert found.chance_positive == 0.5
    assert spread(np.array([5.0])).standard_error == 0


def test_nothing_to_draw_and_what_cannot_be_drawn() -> None:
    empty = simulate(a_model(costs=[], benefits=[]), draws=10, seed=0)
    assert (empty.npv_fiscal.mean, empty.npv_fiscal.chance_positive) == (0, 0)
    for draws, seed in ((0, 1), (-1, 1), (2_000_001, 1), (5, -1), (5, 2**63)):
        with pytest.raises(ValueError, match="must be from"):
            simulate(a_model(), draws=draws, seed=seed)
