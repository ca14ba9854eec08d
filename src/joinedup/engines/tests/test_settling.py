"""Settlements: every one adds up to nothing, and each keeps its own promise."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from itertools import permutations

import pytest

from joinedup.engines.appraisal import (
    Stake,
    appraise,
    equal_net_gain,
    equal_return,
    read,
    settlements,
    shapley,
    shapley_values,
)
from joinedup.engines.tests.appraisal_again import random_model

STAKES = {
    "Council": Stake(600.0, 900.0, 300.0),
    "NHS": Stake(300.0, 100.0, 50.0),
    "Police": Stake(100.0, 50.0, 0.0),
    "Jobcentre Plus": Stake(0.0, 150.0, 20.0),
}


def test_equal_return() -> None:
    found = equal_return(STAKES)
    assert found.transfers == pytest.approx({"Council": 180, "NHS": -260, "Police": -70, "Jobcentre Plus": 150})
    left = found.net(STAKES)
    assert {name: (left[name] + stake.pv_cost) for name, stake in STAKES.items()} == pytest.approx(
        {name: 1.2 * stake.pv_cost for name, stake in STAKES.items()}
    )


def test_in_a_losing_programme_equal_return_shares_the_loss() -> None:
    losing = {"A": Stake(100.0, 80.0, 0.0), "B": Stake(100.0, 20.0, 0.0)}
    assert equal_return(losing).net(losing) == pytest.approx({"A": -50, "B": -50})
    with pytest.raises(ValueError, match="Nobody puts anything in"):
        equal_return({"A": Stake(0.0, 5.0, 0.0)})


def test_equal_net_gain() -> None:
    assert list(equal_net_gain(STAKES).net(STAKES).values()) == pytest.approx([50] * 4)


def test_shapley_values_are_the_average_over_every_order() -> None:
    def worth(coalition: frozenset[str]) -> float:
        return {0: 0, 1: 10, 2: 50, 3: 200}[len(coalition)] + (30 if "C" in coalition else 0)

    expected = {}
    for name in "ABC":
        gains = []
        for order in permutations("ABC"):
            before = frozenset(order[: order.index(name)])
            gains.append(Fraction(worth(before | {name})) - (Fraction(worth(before)) if before else 0))
        expected[name] = float(sum(gains) / len(gains))
    assert shapley_values(list("ABC"), worth) == pytest.approx(expected)


def test_shapley_without_a_game_of_its_own_is_half_the_equal_return() -> None:
    """Of coalitions as large as their money the value has a closed form: (B_i + C_i × BCR) ÷ 2 − C_i."""
    half = {name: pounds / 2 for name, pounds in equal_return(STAKES).transfers.items()}
    assert shapley(STAKES).transfers == pytest.approx(half)
    glove = {"A": Stake(0.0, 0.0, 0.0), "B": Stake(0.0, 90.0, 0.0), "C": Stake(0.0, 0.0, 0.0)}
    together = shapley(glove, lambda coalition: 90.0 if "A" in coalition and len(coalition) > 1 else 0.0)
    assert together.net(glove) == pytest.approx({"A": 60, "B": 15, "C": 15})
    with pytest.raises(ValueError, match="too many"):
        shapley({str(number): Stake(1.0, 1.0, 0.0) for number in range(17)})


def test_nobody_pays_more_than_its_cashable_benefit() -> None:
    found = equal_return(STAKES, capped=True)
    assert found.transfers["Council"] == pytest.approx(180)
    assert found.transfers["Jobcentre Plus"] == pytest.approx(20)
    assert (found.transfers["NHS"], found.transfers["Police"]) == pytest.approx((-260 * 200 / 330, -70 * 200 / 330))
    assert found.unmet == pytest.approx(130)


def test_every_settlement_of_any_model_adds_up_to_nothing() -> None:
    draw = random.Random(9)
    for _ in range(300):
        found = appraise(read(random_model(draw)))
        scale = 1 + found.pv_cost + found.pv_fiscal
        ways = [equal_net_gain, shapley] + ([equal_return] if found.pv_cost else [])
        for way in ways:
            for capped in (False, True):
                settled = way(found.agencies, capped=capped)
                assert abs(math.fsum(settled.transfers.values())) < 1e-9 * scale
                pence = settled.in_pence()
                assert sum(pence.values()) == 0
                near = 1 + 1e-9 * scale
                assert all(abs(pence[name] - 100 * pounds) < near for name, pounds in settled.transfers.items())
                for name, pounds in settled.transfers.items():
                    assert not capped or pounds <= found.agencies[name].pv_cashable + 1e-9 * scale


def test_every_way_that_these_stakes_allow() -> None:
    assert [each.method for each in settlements(STAKES)] == ["equal return", "equal net gain", "Shapley"]
    assert [each.method for each in settlements({"A": Stake(0.0, 5.0, 0.0)})] == ["equal net gain", "Shapley"]
    many = {str(number): Stake(1.0, 1.0, 0.0) for number in range(17)}
    assert [each.method for each in settlements(many, capped=True)] == [
        "equal return, capped by cashable",
        "equal net gain, capped by cashable",
    ]
    assert settlements({})[0].transfers == {}
