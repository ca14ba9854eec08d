"""The two measures of Swindon stand in the demonstration as they were published, and say what of them is invented."""

from __future__ import annotations

from decimal import Decimal

import pytest

from joinedup.access.actor import system
from joinedup.organisations.tests.factories import AT
from joinedup.outcomes import demo, queries
from joinedup.outcomes.models import Series

pytestmark = pytest.mark.django_db


def test_swindon_s_measures_stand_as_published() -> None:
    """Young people not in education, employment or training from 9 to 6 per cent, year-six obesity from 19 to 16.5; both are
    stamped, and of the one with a town beside it the interval says that it may be chance."""
    demo.load(at=AT)
    found = {}
    for code, was, now in (("NEET-SWINDON", "9", "6"), ("OBESE-SWINDON", "19", "16.5")):
        series = Series.objects.select_related("measure").get(measure__code=code, cohort__code="ALL")
        newest = series.readings.latest("ends_on")
        assert (series.baselines.get().value, newest.value) == (Decimal(was), Decimal(now))
        assert newest.source.startswith("Published of Swindon")
        assert series.measure.stamp == "Illustration: inputs invented"
        invented = series.readings.exclude(source__startswith="Published of Swindon")
        assert {row.source for row in invented} == {"Invented for the illustration"}
        found[code] = queries.effect_of(system(AT), series.pk)
    compared = found["NEET-SWINDON"]
    assert compared is not None
    assert None not in (compared.difference, compared.low, compared.high)
    # 72 and 108 of 1,200 here, 104 and 109 of 1,200 there: 31 fewer, and by the numbers behind it that may be chance.
    assert round(float(compared.difference or 0), 2) == round(-31 / 12, 2)
    assert float(compared.low or 0) < -5
    assert float(compared.high or 0) > 0
    assert not compared.is_clear
