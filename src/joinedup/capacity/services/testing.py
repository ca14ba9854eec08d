"""Testing phases: set up, begun, halted by what was said beforehand to stop them, taken up again, and opened by a board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service, subject_of
from joinedup.access.roles import Role
from joinedup.capacity import rules
from joinedup.capacity.lifecycle import PHASE_LABELS, PHASE_MOVES, WATCHED, PhaseState
from joinedup.capacity.models import PhaseIncident, PhaseStep, Scenario, TestingPhase
from joinedup.capacity.permissions import KEEP_PHASE, OPEN_GATE, RECORD_INCIDENT, WATCH_PHASE
from joinedup.capacity.queries.cohort import watched
from joinedup.capacity.testing_rules import is_full, why_halted
from joinedup.core.models import new_reference
from joinedup.core.notifications import owe_message
from joinedup.organisations.queries import posts_with_role

if TYPE_CHECKING:
    from joinedup.organisations.models import Team

_OPEN = [PhaseState.PLANNED, PhaseState.RUNNING, PhaseState.HALTED, PhaseState.FULL]


@dataclass(frozen=True)
class PhaseSaid:
    """What is said of a phase before it begins."""

    name: str
    cohort_limit: int
    starts_on: date
    comparison: str
    must_hold: str
    continuity_percent: int


@service(KEEP_PHASE)
def set_up_phase(*, said: PhaseSaid, team: Team, scenario: Scenario | None, by: Actor, at: datetime) -> TestingPhase:
    """Set a phase up for a team. Refuses CP-301 to CP-305 and CP-307."""
    if not said.name.strip():
        raise rules.PHASE_NAME.refused()
    if not 6 <= said.cohort_limit <= 500:
        raise rules.PHASE_LIMIT.refused()
    if not said.comparison.strip():
        raise rules.PHASE_COMPARE.refused()
    if not said.must_hold.strip():
        raise rules.PHASE_HOLD.refused()
    if not 0 <= said.continuity_percent <= 100:
        raise rules.PHASE_CONTINUITY.refused()
    there = TestingPhase.objects.filter(team=team, state__in=_OPEN).first()
    if there is not None:
        raise rules.PHASE_TEAM.refused(team=team.name, phase=there.name)
    made = TestingPhase.objects.create(
        reference=new_reference("TP"), name=said.name.strip()[:120], team=team, scenario=scenario, cohort_limit=said.cohort_limit,
        starts_on=said.starts_on, comparison=said.comparison.strip(), must_hold=said.must_hold.strip(),
        continuity_percent=said.continuity_percent, state=PhaseState.PLANNED, set_up_at=at, set_up_by=by.account_id,
    )  # fmt: skip
    _step(made, PhaseState.PLANNED, "As it was set up.", by, at)
    note(subject=made, changed=("phase",))
    return made


@service(KEEP_PHASE, on="phase")
def begin_phase(*, phase: TestingPhase, by: Actor, at: datetime) -> TestingPhase:
    """Families are taken on from now. Refuses CP-306."""
    return _moved(phase, PhaseState.RUNNING, "The phase has begun.", by, at)


@service(KEEP_PHASE, on="phase")
def resume_phase(*, phase: TestingPhase, reason: str, by: Actor, at: datetime) -> TestingPhase:
    """Take families on again after a halt, with what was found and changed. Refuses CP-306, CP-317."""
    if not reason.strip():
        raise rules.RESUME_WHY.refused()
    return _moved(phase, PhaseState.RUNNING, reason.strip(), by, at)


@service(KEEP_PHASE, on="phase")
def end_phase(*, phase: TestingPhase, reason: str, by: Actor, at: datetime) -> TestingPhase:
    """End it without scaling. Refuses CP-306, CP-319."""
    if not reason.strip():
        raise rules.STEP_WHY.refused()
    return _moved(phase, PhaseState.ENDED, reason.strip(), by, at)


@service(RECORD_INCIDENT, on="phase")
def record_incident(*, phase: TestingPhase, happened_on: date, words: str, by: Actor, at: datetime) -> PhaseIncident:
    """Record a serious incident: intake halts at once (CP-311). Refuses CP-306 where the phase takes nobody on, CP-315, CP-316."""
    if not words.strip():
        raise rules.INCIDENT_WORDS.refused()
    locked = TestingPhase.objects.select_for_update().get(pk=phase.pk)
    if not locked.starts_on <= happened_on <= timezone.localdate(at):
        raise rules.INCIDENT_DAY.refused()
    if PhaseState(locked.state) not in WATCHED | {PhaseState.HALTED}:
        raise _refused(locked, PhaseState.HALTED)
    made = PhaseIncident.objects.create(
        phase=locked, happened_on=happened_on, words=words.strip()[:400], recorded_at=at, recorded_by=by.account_id
    )
    if locked.state != PhaseState.HALTED:
        _halt(locked, rules.HALT_INCIDENT, by, at)
    note(changed=("incident", "state"))
    return made


@service(WATCH_PHASE)
def watch_phases(*, by: Actor, at: datetime) -> int:
    """Halt every phase that must stop today, and close those whose cohort is full. Returns how many moved."""
    moved = 0
    for phase in TestingPhase.objects.select_for_update().filter(state__in=list(WATCHED)).order_by("pk"):
        seen = watched(system(at), phase)
        rule = why_halted(seen, continuity_percent=phase.continuity_percent)
        if rule is not None:
            _halt(phase, rule, by, at)
            moved += 1
        elif phase.state == PhaseState.RUNNING and is_full(seen, phase.cohort_limit):
            _to(phase, PhaseState.FULL, rules.COHORT_FULL.sentence, by, at, rules.COHORT_FULL.code)
            moved += 1
    return moved


@service(OPEN_GATE, on="phase")
def open_gate(*, phase: TestingPhase, decision: str, by: Actor, at: datetime) -> TestingPhase:
    """What was tested is offered to all, by a board's decision. Refuses CP-318 before the cohort is full."""
    locked = TestingPhase.objects.select_for_update().get(pk=phase.pk)
    if locked.state != PhaseState.FULL:
        raise rules.GATE_BOARD.refused()
    return _moved(locked, PhaseState.SCALED, decision[:500], by, at)


def _moved(phase: TestingPhase, end: PhaseState, reason: str, by: Actor, at: datetime) -> TestingPhase:
    locked = TestingPhase.objects.select_for_update().get(pk=phase.pk)
    if end not in PHASE_MOVES[PhaseState(locked.state)]:
        raise _refused(locked, end)
    _to(locked, end, reason, by, at)
    note(changed=("state",), words={"state": end.value})
    return locked


def _refused(phase: TestingPhase, end: PhaseState) -> Exception:
    return rules.PHASE_MOVE.refused(start=PHASE_LABELS[PhaseState(phase.state)].lower(), end=PHASE_LABELS[end].lower())


def _halt(phase: TestingPhase, rule: rules.Rule, by: Actor, at: datetime) -> None:
    _to(phase, PhaseState.HALTED, rule.sentence, by, at, rule.code)
    told = posts_with_role(by, Role.TEAM_MANAGER, team_id=phase.team_id) + posts_with_role(by, Role.FRONT_DOOR_MANAGER)
    for address in sorted({post.account.email for post in told}):
        owe_message(
            to=address, subject=f"Intake halted: {phase.name}",
            body=f"{rule.sentence} ({rule.code}) Allocate no family to {phase.team.name} for this phase until it is taken up again.",
            about=subject_of(phase), at=at,
        )  # fmt: skip


def _to(phase: TestingPhase, end: PhaseState, reason: str, by: Actor, at: datetime, rule: str = "") -> None:
    phase.state = end
    phase.save(update_fields=["state"])
    _step(phase, end, reason, by, at, rule)


def _step(phase: TestingPhase, state: PhaseState, reason: str, by: Actor, at: datetime, rule: str = "") -> None:
    PhaseStep.objects.create(phase=phase, state=state, rule=rule, reason=reason[:500], at=at, by=by.account_id)
