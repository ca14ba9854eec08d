"""Difference in differences, against figures worked out elsewhere."""

from __future__ import annotations

import math
import random

import pytest

from joinedup.engines.appraisal import Group, difference_in_differences, difference_of_changes
from joinedup.engines.appraisal.effect import student_quantile


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [(1, 12.7062), (2, 4.3027), (5, 2.5706), (10, 2.2281), (30, 2.0423), (120, 1.9799), (1e9, 1.9600), (2.5, 3.5747)],
)
def test_student_s_quantiles_are_those_of_the_printed_tables(freedom: float, quantile: float) -> None:
    assert student_quantile(0.975, freedom) == pytest.approx(quantile, rel=5e-4)


def test_children_in_care_where_the_programme_was_and_where_it_was_not() -> None:
    found = difference_in_differences(
        before=Group.of_share(50, 1000), after=Group.of_share(30, 1000),
        comparison_before=Group.of_share(50, 1000), comparison_after=Group.of_share(48, 1000),
    )  # fmt: skip
    assert found.difference == pytest.approx(-0.018)
    error = math.sqrt(sum(share * (1 - share) / 999 for share in (0.05, 0.03, 0.05, 0.048)))
    assert found.standard_error == pytest.approx(error)
    assert (found.high - found.low) / 2 == pytest.approx(1.9606 * error, rel=1e-3)
    assert not found.is_clear


def test_the_same_people_before_and_after_is_sharper() -> None:
    changes, others = [3.0, 4, 5, 4, 4, 3, 5], [0.0, 1, -1, 0, 0, 1]
    found = difference_of_changes(Group.of(changes), Group.of(others))
    assert found.difference == pytest.approx(4 - 1 / 6)
    assert found.is_clear
    # Welch's interval of these two, worked out apart: s² of 4/6 and 17/30.
    error = math.sqrt(4 / 6 / 7 + 0.5666666666666667 / 6)
    assert found.standard_error == pytest.approx(error)
    assert found.degrees_of_freedom == pytest.approx(error**4 / ((4 / 42) ** 2 / 6 + (0.5666666666666667 / 6) ** 2 / 5))
    assert found.low == pytest.approx(found.difference - error * student_quantile(0.975, found.degrees_of_freedom))


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    draw = random.Random(4)
    held = 0
    for _ in range(400):
        groups = [
            Group.of([draw.gauss(mean, spread) for _ in range(12)]) for mean, spread in ((5, 1), (9, 2), (5, 1), (6, 3))
        ]
        found = difference_in_differences(
            before=groups[0], after=groups[1], comparison_before=groups[2], comparison_after=groups[3]
        )
        held += found.low <= 3 <= found.high
    assert 366 <= held <= 394


def test_no_spread_at_all_and_what_is_refused() -> None:
    same = Group.of([1.0, 1.0])
    flat = difference_in_differences(before=same, after=same, comparison_before=same, comparison_after=same)
    assert (flat.low, flat.difference, flat.high) == (0, 0, 0)
    for wrong in (lambda: Group.of([1.0]), lambda: Group.of_share(3, 2), lambda: Group.of_share(-1, 9)):
        with pytest.raises(ValueError, match="people"):
            wrong()
    with pytest.raises(ValueError, match="share"):
        difference_of_changes(same, same, confidence=1)
