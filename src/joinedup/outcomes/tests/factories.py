"""Builders for tests of the partnership's outcomes and of the parts above. They call the services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from joinedup.access.actor import system
from joinedup.organisations.tests.factories import AT
from joinedup.outcomes import services
from joinedup.outcomes.counting import period_of
from joinedup.outcomes.models import Cohort, PartnershipMeasure, PartnershipOutcome, Series
from joinedup.outcomes.services.series import Area, NewPartnershipMeasure
from joinedup.outcomes.valuing import Said


def make_measure(
    *, code: str = "NEET", form: str = "share", direction: str = "down", counter: str = "", frequency: str = "quarter",
    at: datetime = AT, **more: str,
) -> PartnershipMeasure:  # fmt: skip
    """A measure of an outcome of its own."""
    outcome = PartnershipOutcome.objects.filter(code="WORK").first() or services.add_outcome(
        code="WORK", name="Young people learn and work", words="", entry="ECM5", by=system(at), at=at
    )
    said = NewPartnershipMeasure(
        code=code, name=more.get("name", f"Measure {code}"), definition="Of all, how many.", form=form,
        unit="per cent" if form == "share" else "families", direction=direction, source="The council’s own count",
        frequency=frequency, counter=counter, stamp=more.get("stamp", ""),
    )  # fmt: skip
    return services.add_partnership_measure(outcome=outcome, measure=said, by=system(at), at=at)


def make_series(
    measure: PartnershipMeasure | None = None, *, areas: Sequence[Area] = (None,), cohort: Cohort | None = None,
    at: datetime = AT,
) -> list[Series]:  # fmt: skip
    """A series of a measure for each area, of everybody."""
    return services.add_series(
        measure=measure or make_measure(at=at), cohort=cohort or Cohort.objects.get(code="ALL"), areas=areas, starts_on=None,
        by=system(at), at=at,
    )  # fmt: skip


def said_of(
    ends_on: date, value: str | None = None, *, of: tuple[int, int] | None = None, source: str = "Test"
) -> Said:
    """What a quarter came to."""
    top, bottom = of or (None, None)
    return Said(
        period_of("quarter", ends_on)[0], ends_on, Decimal(value) if value else None, source,
        None if top is None else Decimal(top), bottom,
    )  # fmt: skip


def read(series: Series, *values: tuple[date, str], at: datetime = AT) -> None:
    """A reading for each day and value."""
    for day, value in values:
        services.write_reading(series=series, said=said_of(day, value), reason="", by=system(at), at=at)
