"""The cohort of a testing phase, as numbers."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from joinedup.access.actor import Actor
from joinedup.capacity.lifecycle import PhaseState
from joinedup.capacity.models import TestingPhase
from joinedup.capacity.testing_rules import Watched
from joinedup.casework.queries import CohortCase, cohort_of_team
from joinedup.core.errors import NotVisible
from joinedup.core.formats import LONDON
from joinedup.front_door.queries import count_late_red


def cohort(viewer: Actor, phase: TestingPhase) -> list[CohortCase]:
    """The cases taken on so far; for the program alone."""
    return cohort_of_team(viewer, phase.team_id, since=phase.starts_on, most=phase.cohort_limit)


def watched(viewer: Actor, phase: TestingPhase) -> Watched:
    """What is held against the rules that halt a phase; for the program alone. What led to a halt that was lifted counts no more:
    incidents and missed clocks are those since it was last begun or taken up."""
    if not viewer.is_system:
        raise NotVisible
    cases = cohort(viewer, phase)
    since = datetime.combine(phase.starts_on, time(), LONDON)
    taken_up = phase.steps.filter(state=PhaseState.RUNNING).order_by("-at").first()
    if taken_up is not None and phase.steps.filter(state=PhaseState.HALTED).exists():
        since = max(since, taken_up.at)
    late = count_late_red(viewer, {each.family_id for each in cases}, since=since) if cases else 0
    incidents = phase.incidents.filter(recorded_at__gte=since).count()
    counted = [each for each in cases if each.opened_at >= since]
    return Watched(len(cases), len(counted), sum(each.leads <= 1 for each in counted), late, incidents)


def weekly(phase: TestingPhase, cases: list[CohortCase], at: datetime) -> list[float]:
    """How many of the cohort were open at the end of each week so far, beginning with none."""
    first = datetime.combine(phase.starts_on, time(), LONDON)
    found = [0.0]
    week = first + timedelta(days=7)
    while week <= at and len(found) < 53:
        found.append(
            float(sum(each.opened_at < week and (each.closed_at is None or each.closed_at >= week) for each in cases))
        )
        week += timedelta(days=7)
    return found
