"""Testing phases: what was said beforehand, how far they are, and what was predicted beside what happened."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor, system
from joinedup.access.permissions import check
from joinedup.capacity.lifecycle import PHASE_LABELS, PHASE_MOVES, PhaseState
from joinedup.capacity.models import PhaseIncident, PhaseStep, TestingPhase
from joinedup.capacity.permissions import READ_FLOW
from joinedup.capacity.queries.cohort import cohort, watched, weekly
from joinedup.capacity.results import predicted_cohort
from joinedup.capacity.testing_rules import Watched
from joinedup.core.errors import NotVisible

FEWEST = 6


@dataclass(frozen=True)
class PhaseSeen:
    """A phase with its steps, its cohort as numbers, and week by week what was predicted (5, 25, 50, 75, 95 %) and what happened."""

    row: TestingPhase
    steps: tuple[PhaseStep, ...]
    incidents: tuple[PhaseIncident, ...]
    seen: Watched
    bands: tuple[tuple[float, ...], ...]
    actual: tuple[float | None, ...]

    @property
    def label(self) -> str:
        """Where it stands."""
        return PHASE_LABELS[PhaseState(self.row.state)]

    @property
    def moves(self) -> frozenset[str]:
        """Where it may go."""
        return frozenset(each.value for each in PHASE_MOVES[PhaseState(self.row.state)])

    @property
    def is_told(self) -> bool:
        """Whether the cohort is large enough to be told in shares."""
        return self.seen.taken_on >= FEWEST


def phases_list(viewer: Actor) -> list[TestingPhase]:
    """Every phase, the newest first."""
    check(viewer, READ_FLOW)
    return list(TestingPhase.objects.select_related("team").order_by("-set_up_at")[:50])


def phase_for_change(viewer: Actor, phase_id: UUID) -> TestingPhase:
    """One, to hand to a service."""
    check(viewer, READ_FLOW)
    row = TestingPhase.objects.filter(pk=phase_id).select_related("team").first()
    if row is None:
        raise NotVisible
    return row


def phase_seen(viewer: Actor, phase_id: UUID) -> PhaseSeen:
    """One in full. Numbers of fewer than six are not told."""
    check(viewer, READ_FLOW)
    row = TestingPhase.objects.filter(pk=phase_id).select_related("team", "scenario").first()
    if row is None:
        raise NotVisible
    own = system(viewer.at)
    actual = [each if each == 0 or each >= FEWEST else None for each in weekly(row, cohort(own, row), viewer.at)]
    bands: list[tuple[float, ...]] = []
    if row.scenario is not None:
        bands = predicted_cohort(row.scenario.model, row.team.name, row.cohort_limit, row.scenario.seed)
    return PhaseSeen(
        row, tuple(row.steps.order_by("at", "pk")), tuple(row.incidents.order_by("recorded_at")), watched(own, row),
        tuple(bands), tuple(actual),
    )  # fmt: skip


def phases_awaiting(viewer: Actor) -> list[TestingPhase]:
    """Those whose cohort is full: they wait for a board."""
    check(viewer, READ_FLOW)
    return list(TestingPhase.objects.filter(state=PhaseState.FULL).select_related("team__host").order_by("set_up_at"))


def phase_awaiting(viewer: Actor, phase_id: UUID) -> tuple[TestingPhase, Watched]:
    """One of these with its cohort; NotVisible for any other."""
    check(viewer, READ_FLOW)
    row = TestingPhase.objects.filter(pk=phase_id, state=PhaseState.FULL).select_related("team__host").first()
    if row is None:
        raise NotVisible
    return row, watched(system(viewer.at), row)


def invented_phases(viewer: Actor, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these phases whose scenario is an illustration."""
    check(viewer, READ_FLOW)
    rows = TestingPhase.objects.filter(pk__in=ids, scenario__is_illustration=True)
    return frozenset(rows.values_list("pk", flat=True))
