"""What is to be counted, for the parts above that count it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.outcomes.counting import Counted as Counted  # handed on to the parts above
from joinedup.outcomes.counting import months_before, periods_over
from joinedup.outcomes.models import Series
from joinedup.outcomes.permissions import COUNT_READINGS

BACK = 36
"""Months that are counted again: what is recorded late still lands in its period."""


@dataclass(frozen=True)
class ToCount:
    """One series that is counted, and the periods of it that are over; `locality_id` None is the whole partnership."""

    series_id: UUID
    locality_id: UUID | None
    youngest: int | None
    oldest: int | None
    periods: tuple[tuple[date, date], ...]
    group: str = ""  # the key of a group of families, of outcomes.subjects


def series_to_count(viewer: Actor, counter: str) -> list[ToCount]:
    """Every series of what a counter counts; for the program itself."""
    check(viewer, COUNT_READINGS)
    today = timezone.localdate(viewer.at)
    rows = Series.objects.filter(measure__counter=counter, measure__ends_on__isnull=True).select_related(
        "measure", "cohort"
    )
    return [
        ToCount(
            each.pk, each.locality_id, each.cohort.youngest, each.cohort.oldest,
            tuple(periods_over(each.measure.frequency, months_before(today, BACK), today)), each.cohort.group,
        )
        for each in rows.order_by("pk")
    ]  # fmt: skip
