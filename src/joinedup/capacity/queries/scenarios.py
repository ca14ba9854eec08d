"""Scenarios and what they came to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.access.queries import names_of_accounts
from joinedup.capacity.codes import FULL, QUICK
from joinedup.capacity.models import Scenario, ScenarioRun
from joinedup.capacity.permissions import KEEP_SCENARIO, READ_FLOW
from joinedup.core.errors import NotVisible
from joinedup.core.jobs import job_about
from joinedup.core.models.jobs import Job


@dataclass(frozen=True)
class ScenarioSeen:
    """A scenario with who made it, its first and its newest quick run, its newest full one, and the job that works on it."""

    row: Scenario
    made_by: str
    first: ScenarioRun
    last: ScenarioRun
    full: ScenarioRun | None
    job: Job | None

    @property
    def is_same(self) -> bool:
        """Whether the newest quick run gave every number of the first."""
        return self.first.checksum == self.last.checksum


def scenarios_list(viewer: Actor) -> list[Scenario]:
    """The newest hundred, without their models."""
    check(viewer, READ_FLOW)
    return list(Scenario.objects.defer("model", "work").order_by("-made_at")[:100])


def scenario_seen(viewer: Actor, scenario_id: UUID) -> ScenarioSeen:
    """One with its runs; NotVisible where there is none. Four statements."""
    check(viewer, READ_FLOW)
    row = Scenario.objects.filter(pk=scenario_id).select_related("reading").first()
    if row is None:
        raise NotVisible
    runs = list(ScenarioRun.objects.filter(scenario=row).order_by("ran_at", "pk"))
    quick = [each for each in runs if each.kind == QUICK]
    full = [each for each in runs if each.kind == FULL]
    names = names_of_accounts(viewer, {row.made_by} if row.made_by else set())
    job = job_about(("capacity.scenario", str(row.pk)))
    return ScenarioSeen(
        row,
        names.get(row.made_by, "") if row.made_by else "Joinedup",
        quick[0],
        quick[-1],
        full[-1] if full else None,
        job,
    )


def scenario_for_change(viewer: Actor, scenario_id: UUID) -> Scenario:
    """One, to hand to a service."""
    check(viewer, KEEP_SCENARIO)
    row = Scenario.objects.filter(pk=scenario_id).first()
    if row is None:
        raise NotVisible
    return row


def offered_scenarios(viewer: Actor) -> list[Scenario]:
    """Those put forward for a board's agenda, the oldest first."""
    check(viewer, READ_FLOW)
    return list(Scenario.objects.filter(offered_at__isnull=False).defer("model", "work").order_by("offered_at")[:50])
