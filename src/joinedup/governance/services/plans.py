"""The children and young people’s plan: begun, put out to be asked about, proposed, adopted by a board’s decision, superseded
or withdrawn; and what is reported of its actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.core.models import claim_version, new_reference
from joinedup.governance import rules
from joinedup.governance.codes import BOARD_KINDS, NEVER_DECIDES
from joinedup.governance.lifecycle import PLAN_LABELS, PLAN_MOVES, PLAN_OPEN, PlanState
from joinedup.governance.models import (
    AdoptedPlan,
    Board,
    ChildrenPlan,
    Decision,
    PlanAction,
    PlanActionStep,
    PlanPartner,
    PlanStep,
)
from joinedup.governance.permissions import ADOPT_PLAN, KEEP_PLAN, REPORT_PLAN_ACTION
from joinedup.governance.plan_codes import FRAMEWORKS_OF_PLANS
from joinedup.governance.plan_content import (
    bare_priorities,
    children_answered,
    empty_parts,
    names_somebody,
    open_themes,
    said_digest,
)
from joinedup.governance.plan_states import ACTION_LABELS, ActionState
from joinedup.governance.progress_content import digest_of
from joinedup.governance.queries.plan_reading import content_to_freeze
from joinedup.governance.queries.plans import content_of
from joinedup.governance.services.plan_copying import copy_parts

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation


@dataclass(frozen=True)
class PlanSaid:
    """What a plan says of itself. `partners` are those whose powers it uses; `supersedes` the one that ends with it."""

    title: str
    framework: str
    starts_on: date
    ends_on: date
    vision: str = ""
    summary: str = ""
    partners: Sequence[Organisation] = ()
    supersedes: ChildrenPlan | None = None


@service(KEEP_PLAN)
def begin_plan(
    *, board: Board, said: PlanSaid, begins_from: ChildrenPlan | None = None, is_illustration: bool = False, by: Actor,
    at: datetime,
) -> ChildrenPlan:  # fmt: skip
    """Begin a plan for a board to adopt; with `begins_from`, with the needs, priorities, outcomes, actions that are not done and
    other plans of an earlier one. Refuses GV-601 to GV-604."""
    _judge(said, at)
    if board.kind in NEVER_DECIDES:
        raise rules.PLAN_BOARD.refused(kind=BOARD_KINDS[board.kind].lower())
    Board.objects.select_for_update().get(pk=board.pk)
    there = ChildrenPlan.objects.filter(board=board, state__in=[*PLAN_OPEN, PlanState.PROPOSED]).first()
    if there is not None:
        raise rules.PLAN_OPEN.refused(title=there.title)
    made = ChildrenPlan.objects.create(
        reference=new_reference("CP"), board=board, state=PlanState.DRAFT, is_illustration=is_illustration, begins_from=begins_from,
        begun_at=at, begun_by=by.account_id, **_fields(said),
    )  # fmt: skip
    _partners(made, said)
    PlanStep.objects.create(plan=made, state=PlanState.DRAFT, at=at, by=by.account_id)
    if begins_from is not None:
        copy_parts(begins_from, made, by=by, at=at)
    note(subject=made, changed=("plan",))
    return made


@service(KEEP_PLAN)
def write_plan(*, plan: ChildrenPlan, said: PlanSaid, version: int, by: Actor, at: datetime) -> ChildrenPlan:
    """Its title, period, framework, vision, plain words, partners and which one it supersedes. Refuses GV-601, GV-602, GV-605
    and CO-1."""
    open_plan(plan)
    claim_version(plan, version)
    _judge(said, at)
    fields = _fields(said)
    for name, value in fields.items():
        setattr(plan, name, value)
    plan.save(update_fields=list(fields))
    _partners(plan, said)
    note(changed=tuple(fields))
    return plan


def _judge(said: PlanSaid, at: datetime) -> None:
    if not said.title.strip():
        raise rules.PLAN_TITLE.refused()
    if said.ends_on <= said.starts_on or said.ends_on < timezone.localdate(at):
        raise rules.PLAN_PERIOD.refused()
    if said.framework not in FRAMEWORKS_OF_PLANS:
        raise rules.OUTCOME_HEADING.refused("framework")


def _fields(said: PlanSaid) -> dict[str, Any]:
    return {
        "title": said.title.strip()[:160], "framework": said.framework, "starts_on": said.starts_on, "ends_on": said.ends_on,
        "vision": said.vision.strip(), "summary": said.summary.strip(), "supersedes": said.supersedes,
    }  # fmt: skip


def _partners(plan: ChildrenPlan, said: PlanSaid) -> None:
    wanted = {each.pk for each in said.partners}
    PlanPartner.objects.filter(plan=plan).exclude(organisation_id__in=wanted).delete()
    there = set(PlanPartner.objects.filter(plan=plan).values_list("organisation_id", flat=True))
    PlanPartner.objects.bulk_create(PlanPartner(plan=plan, organisation_id=each) for each in wanted - there)


def open_plan(plan: ChildrenPlan) -> ChildrenPlan:
    """The plan, locked for this transaction; refuses GV-605 once its parts are not changed any more."""
    locked = ChildrenPlan.objects.select_for_update().get(pk=plan.pk)
    if locked.state not in PLAN_OPEN:
        raise rules.PLAN_SHUT.refused(state=PLAN_LABELS[PlanState(locked.state)].lower())
    return locked


def _move(plan: ChildrenPlan, end: PlanState, words: str, by: Actor, at: datetime) -> None:
    locked = ChildrenPlan.objects.select_for_update().get(pk=plan.pk)
    start = PlanState(locked.state)
    if end not in PLAN_MOVES[start]:
        raise rules.PLAN_MOVE.refused(start=PLAN_LABELS[start].lower(), end=PLAN_LABELS[end].lower())
    plan.state = locked.state = end
    locked.save(update_fields=["state"])
    PlanStep.objects.create(plan=locked, state=end, words=words.strip()[:400], at=at, by=by.account_id)
    note(subject=plan, changed=("state",), words={"state": end.value})


@service(KEEP_PLAN)
def consult_on_plan(*, plan: ChildrenPlan, by: Actor, at: datetime) -> ChildrenPlan:
    """Children, young people, parents and partners are asked about it now. Refuses GV-606."""
    _move(plan, PlanState.CONSULTATION, "", by, at)
    return plan


@service(KEEP_PLAN)
def propose_plan(*, plan: ChildrenPlan, by: Actor, at: datetime) -> ChildrenPlan:
    """Put it before its board as it stands. Refuses GV-606, and what adoption would refuse (GV-620 to GV-625)."""
    _move(plan, PlanState.PROPOSED, "", by, at)
    judge_adoption(ChildrenPlan.objects.select_related("board__host").get(pk=plan.pk), at=at)
    return plan


@service(KEEP_PLAN)
def take_back_plan(*, plan: ChildrenPlan, words: str, by: Actor, at: datetime) -> ChildrenPlan:
    """It becomes a draft again, to be changed. Refuses GV-606, GV-607."""
    if not words.strip():
        raise rules.PLAN_WHY.refused()
    _move(plan, PlanState.DRAFT, words, by, at)
    return plan


@service(KEEP_PLAN)
def withdraw_plan(*, plan: ChildrenPlan, words: str, by: Actor, at: datetime) -> ChildrenPlan:
    """It is given up, or is in force no longer; what was adopted stays to be read. Refuses GV-606, GV-607."""
    if not words.strip():
        raise rules.PLAN_WHY.refused()
    _move(plan, PlanState.WITHDRAWN, words, by, at)
    return plan


def judge_adoption(plan: ChildrenPlan, *, at: datetime) -> dict[str, Any]:
    """What a plan says, where a board may adopt it now. Refuses one that has no needs, priorities, actions or partners (GV-624),
    a priority without outcome, measure or owner (GV-621), no answer of a child or young person (GV-620), what they said without
    an answer (GV-625), a period that ended (GV-622), and one that overlaps what is in force and does not supersede it (GV-623)."""
    content = content_of(system(at), plan)
    empty = empty_parts(content)
    if empty:
        raise rules.PLAN_EMPTY.refused(what=empty[0])
    bare = bare_priorities(content)
    if bare:
        raise rules.PRIORITY_BARE.refused(what=" ".join(bare[:3]))
    if not children_answered(content):
        raise rules.NO_CHILDREN_ASKED.refused()
    number = open_themes(content)
    if number:
        raise rules.THEMES_OPEN.refused(number=number)
    if plan.ends_on < timezone.localdate(at):
        raise rules.PLAN_OVER.refused(day=date_long(plan.ends_on))
    others = ChildrenPlan.objects.filter(
        Q(starts_on__lte=plan.ends_on), Q(ends_on__gte=plan.starts_on), state=PlanState.ADOPTED
    )
    other = others.exclude(pk__in=[each for each in (plan.pk, plan.supersedes_id) if each]).first()
    if other is not None:
        raise rules.PLAN_OVERLAPS.refused(title=other.title)
    return content


def judge_before_vote(matter_id: UUID, board_id: UUID, at: datetime) -> None:
    """A decision that could never have effect is not taken: refuses another board’s plan (GV-608), and what adoption refuses
    (GV-620 to GV-625)."""
    row = ChildrenPlan.objects.select_related("board__host").get(pk=matter_id)
    content = judge_adoption(row, at=at)
    if row.board_id != board_id:
        raise rules.PLAN_OTHER_BOARD.refused(board=content["board"])


@service(ADOPT_PLAN)
def adopt_plan(*, plan: ChildrenPlan, decision: Decision, by: Actor, at: datetime) -> AdoptedPlan:
    """By a board’s decision that is ready to take effect: the plan is in force, everything it says is frozen with its SHA-256,
    and the one it supersedes ends. Refuses another board’s decision (GV-608), a plan that is not proposed (GV-606), one that was
    changed since (GV-609), and GV-620 to GV-625."""
    list(ChildrenPlan.objects.select_for_update().filter(state=PlanState.ADOPTED).order_by("pk"))
    row = ChildrenPlan.objects.select_related("board__host", "supersedes").get(pk=plan.pk)
    if decision.board_id != row.board_id:
        raise rules.PLAN_OTHER_BOARD.refused(board=content_of(system(at), row)["board"])
    if row.state != PlanState.PROPOSED:
        raise rules.PLAN_MOVE.refused(start=PLAN_LABELS[PlanState(row.state)].lower(), end="adopted")
    said = judge_adoption(row, at=at)
    if decision.evidence.get("what_it_says") != said_digest(said):
        raise rules.PLAN_CHANGED.refused()
    content = content_to_freeze(system(at), row)
    made = AdoptedPlan.objects.create(
        plan=row, decision=decision, content=content, digest=digest_of(content), adopted_at=at
    )
    words = f"Decision {decision.reference}"
    if row.supersedes is not None and row.supersedes.state == PlanState.ADOPTED:
        _move(row.supersedes, PlanState.SUPERSEDED, f"{words}: superseded by {row.title}", by, at)
    _move(row, PlanState.ADOPTED, words, by, at)
    note(subject=row, changed=("state",), words={"digest": made.digest})
    return made


@service(REPORT_PLAN_ACTION, on="action")
def report_plan_action(*, action: PlanAction, state: str, words: str, by: Actor, at: datetime) -> PlanActionStep:
    """How far an action of an adopted plan is, in a sentence; what was said before stays. Refuses GV-636 and GV-639 to GV-641."""
    plan = ChildrenPlan.objects.get(priorities__actions=action)
    if plan.state != PlanState.ADOPTED:
        raise rules.ACTION_NOT_YET.refused(state=PLAN_LABELS[PlanState(plan.state)].lower())
    if state not in ACTION_LABELS:
        raise rules.ACTION_STATE.refused()
    if not words.strip():
        raise rules.ACTION_SAID.refused()
    if names_somebody(words):
        raise rules.NO_CONTACT.refused("words")
    locked = PlanAction.objects.select_for_update().get(pk=action.pk)
    made = PlanActionStep.objects.create(
        action=locked, state=ActionState(state), words=words.strip()[:600], at=at, by=by.account_id
    )
    action.state = locked.state = ActionState(state)
    locked.save(update_fields=["state"])
    note(subject=action, changed=("state",), words={"state": state})
    return made
