"""Measures, baselines and readings: the arithmetic without a database, the services with one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, Refused
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post
from joinedup.outcomes import codes, queries, services
from joinedup.outcomes.codes import HEADINGS, MEASURES, Direction
from joinedup.outcomes.measuring import Point, Verdict, plain, travelled, value_fault, verdict
from joinedup.outcomes.models import FrameworkEntry, Measure

BY = system(AT)
TODAY = AT.date()


@dataclass(frozen=True)
class _Scale:
    direction: str = "up"
    least: Decimal | None = Decimal(1)
    most: Decimal | None = Decimal(10)
    places: int = 0


VALUES = st.decimals(min_value=-1000, max_value=1000, places=2)


@given(baseline=VALUES, latest=VALUES, target=VALUES)
def test_the_way_travelled_has_the_sign_of_the_verdict(baseline: Decimal, latest: Decimal, target: Decimal) -> None:
    """Whichever way is better, further from the target is below nought and reaching it a hundred or more."""
    scale = _Scale("up" if target > baseline else "down", None, None, 2)
    said = verdict(scale, baseline, [Point(latest, TODAY)], target)
    share = travelled(baseline, latest, target)
    if target == baseline:
        assert share == 100
    elif said is Verdict.REACHED:
        assert share >= 100
    elif said is Verdict.WORSE:
        assert share <= 0
    elif said is Verdict.BETTER:
        assert 0 <= share <= 100
    else:
        assert latest == baseline
        assert share == 0


def test_without_a_reading_nothing_is_claimed() -> None:
    assert verdict(_Scale(), Decimal(3), [], Decimal(3)) is Verdict.NOT_MEASURED
    assert (
        verdict(_Scale(), Decimal(3), [Point(Decimal(9), TODAY), Point(Decimal(3), TODAY)], Decimal(7)) is Verdict.SAME
    )


@pytest.mark.parametrize(
    ("value", "fault"),
    [("1", ""), ("10", ""), ("0", "Enter 1 or more."), ("11", "Enter 10 or less."), ("2.5", "Enter a whole number."),
     ("NaN", "Enter a smaller number."), ("1e9", "Enter a smaller number.")],
)  # fmt: skip
def test_a_value_is_on_its_scale(value: str, fault: str) -> None:
    assert value_fault(_Scale(), Decimal(value)) == fault
    assert value_fault(replace(_Scale(), least=None, most=None, places=1), Decimal("2.5")) == ""


def test_numbers_as_people_write_them() -> None:
    assert [plain(Decimal(each)) for each in ("7.00", "92.50", "100", "0")] == ["7", "92.5", "100", "0"]


def test_the_frameworks_are_complete_and_every_measure_tells_of_both() -> None:
    assert [sum(each.framework == one for each in HEADINGS) for one in codes.FRAMEWORKS] == [5, 10]
    known = {each.code for each in HEADINGS}
    assert len(known) == 15
    for measure in MEASURES:
        assert set(measure.entries) <= known
        assert {code[:2] for code in measure.entries} == {"EC", "SF"}, measure.code
    assert {each.code for each in HEADINGS} == {code for measure in MEASURES for code in measure.entries}


@pytest.mark.django_db
def test_the_starting_measures_are_there() -> None:
    assert {row.code for row in Measure.objects.all()} >= {each.code for each in MEASURES}
    assert FrameworkEntry.objects.filter(framework="every_child_matters").count() == 5
    seen = {each.code: each for each in queries.measures(BY)}
    assert seen["SAFE"].entries == (
        "Stay safe",
        "Children safe from abuse and exploitation",
        "Safe from domestic abuse",
    )


@pytest.mark.django_db
def test_a_baseline_is_corrected_until_it_is_read_against() -> None:
    subject = make_organisation(code="SUBJECT")  # any record stands for an outcome here
    scale, attendance = (Measure.objects.get(code=code) for code in ("SCALE", "ATTENDANCE"))
    said = {"subject": subject, "person_id": None, "people": [], "by": BY, "at": AT}
    first = services.record_baseline(measure=scale, value=Decimal(3), on=TODAY - timedelta(days=40), **said)
    second = services.record_baseline(measure=attendance, value=Decimal("71.5"), on=TODAY - timedelta(days=30), **said)
    assert second.pk == first.pk
    with pytest.raises(Refused, match="before the baseline") as refusal:
        _read(second, "80", TODAY - timedelta(days=31), subject)
    assert refusal.value.rule == "OC-2"
    with pytest.raises(Refused, match="to come"):
        _read(second, "80", TODAY + timedelta(days=1), subject)
    with pytest.raises(Refused, match="100 or less"):
        _read(second, "101", TODAY, subject)
    _read(second, "80", TODAY, subject)
    _read(second, "82.5", TODAY, subject)
    course = queries.courses(BY, "organisations.organisation", [str(subject.pk)])[str(subject.pk)]
    assert [(each.value, each.on) for each in course.readings] == [(Decimal("82.5"), TODAY)]
    assert course.latest == Decimal("82.5")
    with pytest.raises(Refused) as late:
        services.record_baseline(measure=attendance, value=Decimal(60), on=TODAY, **said)
    assert late.value.rule == "OC-8"


def _read(baseline: object, value: str, on: date, subject: object) -> None:
    services.record_reading(
        baseline=baseline, value=Decimal(value), on=on, words="", source=subject, people=[], by=BY, at=AT,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.django_db
def test_a_partnership_adds_a_measure_and_ends_it() -> None:
    new = services.NewMeasure(
        "BEDTIME", "Nights in bed by nine", "How many of the last seven?", "nights", Direction.UP, Decimal(0),
        Decimal(7), entries=("ECM1",),
    )  # fmt: skip
    amira, _ = make_post(role=Role.KEY_WORKER)
    with pytest.raises(NotPermitted):
        services.add_measure(measure=new, by=actor_of(amira), at=AT)
    iris, _ = make_post(role=Role.INFORMATION_GOVERNANCE)
    made = services.add_measure(measure=new, by=actor_of(iris), at=AT)
    with pytest.raises(Refused) as again:
        services.add_measure(measure=new, by=actor_of(iris), at=AT)
    assert again.value.rule == "OC-5"
    with pytest.raises(Refused) as scale:
        services.add_measure(measure=replace(new, code="X", least=Decimal(7)), by=actor_of(iris), at=AT)
    assert scale.value.rule == "OC-6"
    assert "BEDTIME" in {each.code for each in queries.measures(actor_of(amira))}
    services.end_measure(measure=made, by=actor_of(iris), at=AT)
    assert "BEDTIME" not in {each.code for each in queries.measures(actor_of(amira))}
    with pytest.raises(Refused):
        services.end_measure(measure=made, by=actor_of(iris), at=AT)
    with pytest.raises(Refused) as used:
        services.record_baseline(
            measure=made,
            subject=make_organisation(),
            person_id=None,
            value=Decimal(1),
            on=TODAY,
            people=[],
            by=BY,
            at=AT,
        )
    assert used.value.rule == "OC-4"
