"""How many cases and children there are on a day, for the forecasts of shared money: numbers, and nobody's name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from joinedup.access.actor import Actor
from joinedup.casework.models import Case, CasePerson
from joinedup.core.formats import LONDON


def open_cases_on(viewer: Actor, days: Sequence[date]) -> list[int]:
    """The cases that were open at the end of each day."""
    return [_open_at(day).count() for day in days]


def children_helped_on(viewer: Actor, days: Sequence[date]) -> list[int]:
    """The children in cases that were open at the end of each day."""
    return [
        CasePerson.objects.filter(case__in=_open_at(day), part="child").values("person_id").distinct().count()
        for day in days
    ]


def _open_at(day: date) -> QuerySet[Case]:
    end = datetime.combine(day + timedelta(days=1), time(), LONDON)
    return Case.objects.filter(Q(opened_at__lt=end) & (Q(closed_at__isnull=True) | Q(closed_at__gte=end)))
