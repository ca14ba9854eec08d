"""Keeping scenarios, working them out, and putting them forward for a board."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from joinedup import __version__
from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.capacity import rules
from joinedup.capacity.codes import FULL, QUICK
from joinedup.capacity.modelling import cannot_cope, digest_of
from joinedup.capacity.models import FlowReading, Scenario, ScenarioRun
from joinedup.capacity.permissions import KEEP_SCENARIO, OFFER_SCENARIO
from joinedup.capacity.results import in_full, quick
from joinedup.core.formats import date_long
from joinedup.core.jobs import declare_job, start_job
from joinedup.core.models import new_reference

if TYPE_CHECKING:
    from joinedup.core.models.jobs import Job
    from joinedup.core.running import JobResult, RunningJob

SEED = 20261123


@dataclass(frozen=True)
class ScenarioSaid:
    """What is kept: `model` and `work` as `modelling` makes them."""

    name: str
    words: str
    model: Mapping[str, Any]
    work: Mapping[str, Any]
    seed: int = SEED


@service(KEEP_SCENARIO)
def keep_scenario(*, said: ScenarioSaid, reading: FlowReading | None, by: Actor, at: datetime) -> Scenario:
    """Keep a scenario with what it comes to at once. Refuses CP-201, and a flow that can never cope (CP-202)."""
    if not said.name.strip():
        raise rules.SCENARIO_NAME.refused()
    faults = cannot_cope(said.model)
    if faults:
        raise rules.CANNOT_COPE.refused(sentence="; ".join(faults))
    made = Scenario.objects.create(
        reference=new_reference("SC"), name=said.name.strip()[:120], words=said.words.strip(), reading=reading,
        model=dict(said.model), work=dict(said.work), seed=said.seed, engine=__version__,
        digest=digest_of(said.model, said.work, said.seed), made_at=at, made_by=by.account_id,
        is_illustration=(reading.is_illustration if reading else False) or not said.work.get("is_own", False),
    )  # fmt: skip
    _ran(made, QUICK, quick(made.model, made.work, made.seed), by, at)
    note(subject=made, changed=("scenario",))
    return made


@service(KEEP_SCENARIO, on="scenario")
def run_again(*, scenario: Scenario, by: Actor, at: datetime) -> tuple[ScenarioRun, bool]:
    """Work it out again from what was kept, and say whether every number is the same."""
    first = ScenarioRun.objects.filter(scenario=scenario, kind=QUICK).order_by("ran_at", "pk")[0]
    made = _ran(scenario, QUICK, quick(scenario.model, scenario.work, scenario.seed), by, at)
    note(changed=("run",), words={"checksum": made.checksum})
    return made, (made.checksum, made.replications) == (first.checksum, first.replications)


def _ran(scenario: Scenario, kind: str, found: Mapping[str, Any], by: Actor, at: datetime) -> ScenarioRun:
    return ScenarioRun.objects.create(
        scenario=scenario, kind=kind, replications=found["replications"], engine=__version__, checksum=found["checksum"],
        results=dict(found), ran_at=at, ran_by=by.account_id,
    )  # fmt: skip


@service(KEEP_SCENARIO, on="scenario")
def work_out_in_full(*, scenario: Scenario, say: Any, by: Actor, at: datetime) -> ScenarioRun:
    """Five years, a thousand times, with plausible futures and the least staffing; `say` hears how far it is."""
    made = _ran(scenario, FULL, in_full(scenario.model, scenario.work, scenario.seed, say), by, at)
    note(changed=("run",), words={"checksum": made.checksum})
    return made


def _run(job: RunningJob, *, scenario_id: UUID) -> JobResult:
    """What the worker does."""
    from joinedup.core.running import JobResult

    scenario = Scenario.objects.get(pk=scenario_id)
    work_out_in_full(scenario=scenario, say=job.report, by=job.by, at=job.at)
    return JobResult(f"{scenario.name} is worked out in full.", "scenario", scenario.pk)


WORK_OUT = declare_job("capacity.work_out", "Work a scenario out in full", _run)


@service(KEEP_SCENARIO, on="scenario")
def start_in_full(*, scenario: Scenario, by: Actor, at: datetime) -> Job:
    """Have it worked out in the background."""
    note(changed=("job",))
    return start_job(
        WORK_OUT, by=by, at=at, words=f"Work out {scenario.name} in full"[:200], about=("capacity.scenario", str(scenario.pk)),
        in_turn=str(scenario.pk), scenario_id=scenario.pk,
    )  # fmt: skip


@service(OFFER_SCENARIO, on="scenario")
def offer_scenario(*, scenario: Scenario, words: str, by: Actor, at: datetime) -> Scenario:
    """Put it forward: from now on it is offered for the agenda of every board, with these words. Refuses CP-204, CP-205."""
    locked = Scenario.objects.select_for_update().get(pk=scenario.pk)
    if locked.offered_at is not None:
        raise rules.NOT_OFFERED_TWICE.refused(day=date_long(locked.offered_at))
    if not words.strip():
        raise rules.OFFER_WORDS.refused()
    locked.offered_at, locked.offered_words = at, words.strip()
    locked.save(update_fields=["offered_at", "offered_words"])
    note(changed=("offered",))
    return locked
