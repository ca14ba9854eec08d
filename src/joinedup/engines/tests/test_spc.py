"""Control limits: the constants of the chart, and each rule with the series that just sets it off and just does not."""

from __future__ import annotations

import pytest

from joinedup.engines.spc import Rules, Signal, xmr

CALM = [10.0, 12, 9, 11, 10, 12, 9, 11, 10, 11]


def signals(readings: list[float], why: Signal, **options: object) -> list[int]:
    return [place for place, each in xmr(readings, **options).signals if each is why]  # type: ignore[arg-type]


def test_limits_worked_by_hand() -> None:
    chart = xmr([10, 12, 11, 13, 12, 14])
    assert chart.mean == 12
    assert chart.mean_range == pytest.approx(1.6)
    assert (chart.lower, chart.upper) == pytest.approx((12 - 2.66 * 1.6, 12 + 2.66 * 1.6))
    assert chart.range_limit == pytest.approx(3.268 * 1.6)
    assert chart.is_stable


def test_a_calm_series_has_no_signal_and_a_constant_one_neither() -> None:
    assert xmr(CALM).is_stable
    assert xmr([5.0] * 20).is_stable


def test_a_reading_beyond_the_limits() -> None:
    chart = xmr([*CALM, 25.0], baseline=len(CALM))
    assert (10, Signal.BEYOND_LIMITS) in chart.signals
    assert (10, Signal.BEYOND_RANGE) in chart.signals
    assert signals([*CALM, chart.upper], Signal.BEYOND_LIMITS, baseline=len(CALM)) == []


@pytest.mark.parametrize(("length", "found"), [(6, []), (7, list(range(10, 17))), (9, list(range(10, 19)))])
def test_a_run_on_one_side(length: int, found: list[int]) -> None:
    run = [11.4 if place % 2 else 11.2 for place in range(length)]
    assert signals([*CALM[:-1], 9.0, *run], Signal.RUN, baseline=10) == found
    assert signals([*CALM[:-1], 9.0, *run], Signal.RUN, baseline=10, rules=Rules(run=length + 1)) == []


@pytest.mark.parametrize(("rises", "found"), [(6, []), (7, list(range(10, 17)))])
def test_a_run_that_only_rises(rises: int, found: list[int]) -> None:
    readings = [*CALM, *(10.0 + place / 4 for place in range(rises))]
    assert signals(readings, Signal.TREND, baseline=10) == found
    falling = [20 - each for each in readings]
    assert signals(falling, Signal.TREND, baseline=10) == found


def test_two_of_three_near_a_limit() -> None:
    edge = xmr(CALM).mean + xmr(CALM).mean_range * 2.66 * 0.7
    assert signals([*CALM, edge, 10.0, edge], Signal.NEAR_LIMIT, baseline=10) == [10, 12]
    assert signals([*CALM, edge, 10.0, 10.0, edge], Signal.NEAR_LIMIT, baseline=10) == []
    assert signals([*CALM, edge, 10.0, edge], Signal.NEAR_LIMIT, baseline=10, rules=Rules(near=False)) == []


def test_no_limit_lies_where_no_reading_can() -> None:
    chart = xmr([0.01, 0.03, 0.0, 0.05, 0.02, 0.04], floor=0, ceiling=0.06)
    assert (chart.lower, chart.upper) == (0, 0.06)


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        xmr([1, 2, 3, 4, 5])
    with pytest.raises(ValueError, match="too few"):
        xmr(CALM, baseline=3)
    with pytest.raises(ValueError, match="no number"):
        xmr([1, 2, 3, 4, 5, float("nan")])
