"""What delivery costs and who pays, without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from joinedup.benefits.delivering import (
    RUNNING,
    STAFF,
    TRANSITION,
    UNFUNDED,
    Line,
    Plan,
    Rate,
    Staff,
    cost_lines,
    year_of,
    years_of,
)
from joinedup.benefits.forms.delivery import per_cent, posts
from joinedup.benefits.pounds import in_short
from joinedup.engines.appraisal import read

RATES = (
    Rate("Key worker", date(2026, 4, 1), 4_000_000),
    Rate("Key worker", date(2028, 4, 1), 4_200_000),
    Rate("Manager", date(2027, 4, 1), 6_000_000),
)
PLAN = Plan(
    years=3, starts_on=date(2026, 4, 1), agencies=("COUNCIL", "NHS"),
    staff=(Staff("Key worker", Decimal("2.50"), 0, 2),),
    lines=(
        Line(TRANSITION, "Training", (1_000_001, 0, 0)),
        Line(TRANSITION, "System", (500_000, 500_000, 0), is_unfunded=True),
        Line(RUNNING, "Rent", (300_000, 300_000, 300_000)),
    ),
    rates=RATES,
    shares={0: {"COUNCIL": 6_000, "NHS": 4_000}, 1: {"COUNCIL": 5_000}, 2: {"COUNCIL": 3_333, "NHS": 3_333}},
    grade=4,
)  # fmt: skip


def test_a_year_adds_up() -> None:
    """Cost is what partners pay and what nobody does, to the penny, in every year."""
    for year in years_of(PLAN):
        assert sum(year.paid.values()) + year.unfunded == year.total
    first = year_of(PLAN, 0)
    assert first.groups == {STAFF: 10_000_000, TRANSITION: 1_500_001, RUNNING: 300_000}
    assert first.unfunded == 500_000  # what was marked; all else is shared out
    assert year_of(PLAN, 1).unfunded == 500_000 + (10_000_000 + 300_000) // 2
    assert year_of(PLAN, 2).groups[STAFF] == 10_500_000  # the rate of its first day


def test_the_lines_of_a_case_add_up_to_the_plan() -> None:
    """A line for each kind and payer, pounds a year; the appraisal reads them."""
    lines = cost_lines(PLAN)
    for year in range(PLAN.years):
        assert round(sum(each["amounts"][year] for each in lines) * 100) == year_of(PLAN, year).total
    unfunded = [each for each in lines if UNFUNDED in each["agencies"]]
    assert round(sum(sum(each["amounts"]) for each in unfunded) * 100) == sum(each.unfunded for each in years_of(PLAN))
    assert {each["grade"] for each in lines} == {4}
    benefit = {
        "code": "x", "prevalence": 0.5, "engagement": 0.5, "retention": 0.5, "impact": 0.5, "deadweight": 0, "grade": 1,
        "unit_cost": {"fiscal": 1}, "agencies": {"NHS": 1},
    }  # fmt: skip
    model = read({"years": 3, "discount": 0.035, "cohort": {"size": 10}, "costs": lines, "benefits": [benefit]})
    assert UNFUNDED in model.agencies


def test_pay_that_is_missing_is_said() -> None:
    """Not guessed from a later year: the posts count nought until somebody enters it."""
    plan = Plan(2, date(2026, 4, 1), ("COUNCIL",), staff=(Staff("Manager", Decimal(1), 0, 1),), rates=RATES)
    assert plan.missing_pay() == [("Manager", 0)]
    assert [each.groups[STAFF] for each in years_of(plan)] == [0, 6_000_000]


@pytest.mark.parametrize(("text", "points"), [("33.33", 3_333), ("100", 10_000), ("0", 0), ("12.5 %", 1_250)])
def test_per_cents(text: str, points: int) -> None:
    """As they are typed."""
    assert per_cent(text) == points


@pytest.mark.parametrize("text", ["-1", "100.01", "33.333", "much", "NaN"])
def test_what_is_no_per_cent(text: str) -> None:
    """A sentence for the person."""
    with pytest.raises(ValueError, match="Enter a per cent"):
        per_cent(text)


@pytest.mark.parametrize("text", ["0", "-1", "1.234", "Infinity", "x"])
def test_what_is_no_number_of_posts(text: str) -> None:
    """A sentence for the person."""
    with pytest.raises(ValueError, match="Enter a number"):
        posts(text)


@pytest.mark.parametrize(
    ("pence", "words"),
    [(0, "£0"), (99_950, "£999.50"), (9_999_999, "£99,999.99"), (10_000_000, "£100k"), (10_600_000_000, "£106m"),
     (285_900_000, "£2.86m"), (-5_100_000_000, "-£51m")],
)  # fmt: skip
def test_short_sums(pence: int, words: str) -> None:
    """For headlines."""
    assert in_short(pence) == words
