"""Forecasts: four methods on the same line, shared and not shared apart, and how good they were (Oldham, Durham)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.funds.codes import Tier
from joinedup.funds.forecasting import (
    Accuracy,
    CaseFlow,
    Method,
    Outturn,
    PastForecast,
    Spending,
    accuracy,
    outturn,
    part_of,
    variance_of,
)

K = 1_000_00  # Oldham's and Durham's figures are in thousands of pounds


def line(**changed: object) -> Spending:
    return Spending(
        **{  # type: ignore[arg-type]
            "line": "L1",
            "scheme": "CAMHS",
            "partner": "NHS",
            "tier": Tier.POOLED,
            "budget_pence": 1200,
            "months": [100, 110, 120, 130],
            "committed_pence": 500,
            **changed,
        }
    )


@pytest.mark.parametrize(
    ("method", "pence"),
    [
        (Method.PROFILE, 460 + 800),
        (Method.TREND, 460 + 8 * 120),
        (Method.COMMITMENTS, 460 + 500),
        (Method.CASE_FLOW, 460 + (3 + 4 + 5 * 6) * 9),
    ],
)
def test_four_methods_on_one_line(method: Method, pence: int) -> None:
    found = outturn(line(case_flow=CaseFlow([3, 4, 5], 9)), method)
    assert (found.pence, found.method, found.variance) == (pence, method, pence - 1200)


def test_a_profile_need_not_be_even() -> None:
    assert outturn(line(profile=[0] * 10 + [1, 2]), Method.PROFILE).pence == 460 + 1200
    for wrong in ([1, 2], [0] * 12, [1] * 11 + [-1]):
        with pytest.raises(ValueError, match="profile"):
            outturn(line(profile=wrong), Method.PROFILE)


def test_case_flow_that_nobody_has_supplied_says_that_it_is_the_profile() -> None:
    found = outturn(line(), Method.CASE_FLOW)
    assert (found.method, found.pence) == (Method.PROFILE, 1260)


def test_before_anything_is_spent_a_trend_is_the_profile_and_after_the_year_all_are_the_spending() -> None:
    assert outturn(line(months=[]), Method.TREND).pence == 1200
    for method in (Method.PROFILE, Method.TREND, Method.CASE_FLOW):
        assert outturn(line(months=[7] * 12), method).pence == 84
    with pytest.raises(ValueError, match="twelve"):
        outturn(line(months=[1] * 13), Method.TREND)


@given(st.lists(st.integers(-1000, 10**9), max_size=12), st.integers(0, 10**9), st.sampled_from(Method))
def test_an_outturn_is_never_less_than_a_penny_from_what_is_spent_and_to_come(
    months: list[int], budget: int, method: Method
) -> None:
    found = outturn(line(months=months, budget_pence=budget, committed_pence=0), method)
    assert isinstance(found.pence, int)
    if len(months) == 12 or method is Method.COMMITMENTS:
        assert found.pence == sum(months)


def test_oldhams_variance_shared_and_not_shared_apart() -> None:
    """2018/19: £135.625m, virements out £2.163m, revised £133.462m, adverse £8.812m of which the council £4.325m."""
    assert 124_986 + 1_447 + 9_192 == 135_625
    assert 135_625 - 2_163 == 133_462
    council = Outturn(line(tier=Tier.POOLED_ALIGNED, partner="Council", budget_pence=0), Method.PROFILE, 4_325 * K)
    nhs = Outturn(line(tier=Tier.POOLED_ALIGNED, budget_pence=0), Method.PROFILE, 4_487 * K)
    shared = Outturn(line(scheme="Equipment", budget_pence=1_447 * K), Method.PROFILE, 1_450 * K)
    found = variance_of([council, nhs, shared])
    assert found.not_shared == {"Council": 4_325 * K, "NHS": 4_487 * K}
    assert (found.not_shared_pence, found.shared_pence) == (8_812 * K, 3 * K)
    assert found.shared == {"Equipment": 3 * K}
    month_9 = PastForecast(date(2018, 12, 31), 1_615 * K, 4_325 * K)
    assert month_9.missed_by == 2_710 * K


@pytest.mark.parametrize(
    ("spend", "budget", "variance"), [(163_970, 157_941, 6_029), (176_973, 169_504, 7_469)], ids=["2019-20", "2020-21"]
)
def test_oldhams_later_years_hold(spend: int, budget: int, variance: int) -> None:
    later = Outturn(line(budget_pence=budget * K), Method.PROFILE, spend * K)
    assert later.variance == variance * K


def test_durhams_forecast_and_how_good_it_was() -> None:
    """2018/19: £3.386m over on £107.865m, which is 3.1%; forecast in quarter 3 £2.663m."""
    assert part_of(3_386 * K, 107_865 * K) == 314
    found = accuracy([PastForecast(date(2018, 12, 31), 2_663 * K, 3_386 * K)], 107_865 * K)
    assert found == Accuracy(1, 723 * K, 723 * K, 67, 67)


def test_misses_both_ways_show_no_lean() -> None:
    found = accuracy([PastForecast(date(2026, 6, 30), 90, 100), PastForecast(date(2026, 9, 30), 110, 100)], 1000)
    assert found == Accuracy(2, 10, 0, 100, 0)
    assert accuracy([], 1000) is None
