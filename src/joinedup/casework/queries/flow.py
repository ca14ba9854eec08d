"""How many cases and children there are on a day, for the forecasts of shared money: numbers, and nobody's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from joinedup.access.actor import Actor
from joinedup.casework.lifecycle import CaseState
from joinedup.casework.models import Case, CasePerson
from joinedup.core.errors import NotVisible
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


@dataclass(frozen=True)
class TeamFlow:
    """The open work of a team: since when each case that is led has been open, and how many wait for a lead."""

    team_id: UUID
    name: str
    opened_at: tuple[datetime, ...]
    waiting: int


def work_of_teams(viewer: Actor) -> list[TeamFlow]:
    """Every team with open cases, by name; for the program that reads how cases flow. No family is named. One statement."""
    if not viewer.is_system:
        raise NotVisible
    rows = (
        Case.objects.open()
        .order_by("team__name", "opened_at")
        .values_list("team_id", "team__name", "opened_at", "state")
    )
    found: dict[UUID, tuple[str, list[datetime], list[datetime]]] = {}
    for team_id, name, opened_at, state in rows:
        _, led, wait = found.setdefault(team_id, (name, [], []))
        (wait if state == CaseState.WAITING_FOR_LEAD else led).append(opened_at)
    return [TeamFlow(key, name, tuple(led), len(wait)) for key, (name, led, wait) in found.items()]


def teams_of_cases(viewer: Actor) -> dict[str, tuple[str, int]]:
    """The team and the level of every case by its id as text; for the program alone. One statement."""
    if not viewer.is_system:
        raise NotVisible
    return {str(key): (name, level) for key, name, level in Case.objects.values_list("pk", "team__name", "level")}


@dataclass(frozen=True)
class CohortCase:
    """A case a testing phase took on, and how many have led it so far."""

    case_id: UUID
    family_id: UUID
    opened_at: datetime
    closed_at: datetime | None
    leads: int


def cohort_of_team(viewer: Actor, team_id: UUID, *, since: date, most: int) -> list[CohortCase]:
    """The first cases a team opened from a day on; for the program alone, which tells others numbers. One statement."""
    if not viewer.is_system:
        raise NotVisible
    first = datetime.combine(since, time(), LONDON)
    led = Count("members__post__account", filter=Q(members__part="lead"), distinct=True)
    rows = Case.objects.filter(team_id=team_id, opened_at__gte=first).annotate(leads=led).order_by("opened_at", "pk")
    columns = ("pk", "family_id", "opened_at", "closed_at", "leads")
    return [CohortCase(*row) for row in rows.values_list(*columns)[:most]]
