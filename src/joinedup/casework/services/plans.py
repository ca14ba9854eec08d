"""Writing in a family's plan: the plan itself, a child's section, needs, outcomes, actions, and undoing a change."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_date

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import planning, rules
from joinedup.casework.codes import STATUTORY_PLANS
from joinedup.casework.events import (
    ACTION_AGREED,
    ACTION_ENDED,
    OUTCOME_AGREED,
    PLAN_OPENED,
    STATUTORY_PLAN_READ,
)
from joinedup.casework.lifecycle import ACTION_LABELS, ACTION_MOVES, ENDED_ACTIONS, ActionState, PlanState
from joinedup.casework.models import (
    Case,
    CasePerson,
    Plan,
    PlanAction,
    PlanChange,
    PlanChild,
    PlanNeed,
    PlanOutcome,
    StatutoryPlan,
)
from joinedup.casework.permissions import LEAD_FOR_CHILD, OPEN_PLAN, WRITE_PLAN
from joinedup.casework.planning import ActionSaid, NeedSaid, OutcomeSaid, StatutorySaid
from joinedup.casework.queries.duty import is_in_post
from joinedup.casework.queries.pathways import pathway_of
from joinedup.casework.queries.social_work import people_with_social_work
from joinedup.casework.rules import Rule
from joinedup.casework.services.plan_steps import (
    FIELDS,
    KINDS,
    as_it_is,
    as_json,
    chronicle_need,
    claim,
    is_live,
    item_of,
    lock_plan,
    refuse_left,
    write_added,
    write_change,
)
from joinedup.casework.services.steps import chronicle, lock, lock_open
from joinedup.core.models import claim_version, new_reference
from joinedup.organisations.queries import post_with_id
from joinedup.outcomes.queries import measure_with_id
from joinedup.outcomes.services import record_baseline


def _require(fault: Rule | None) -> None:
    if fault is not None:
        raise fault.refused()


@service(OPEN_PLAN, on="case")
def open_plan(*, case: Case, family_words: str, contingency: str = "", by: Actor, at: datetime) -> Plan:
    """Begin the family's one plan, with a section for each child of the case. Refuses (CW-301) a second open one. A child
    who has a section in another household's plan keeps the lead professional they have."""
    lock_open(case)
    plan = Plan(
        reference=new_reference("P"), family_id=case.family_id, case=case, state=PlanState.OPEN, opened_at=at,
        opened_by=by.account_id, family_words=family_words.strip(), contingency=contingency.strip(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        if Plan.objects.filter(family_id=case.family_id, state=PlanState.OPEN).exists():
            raise rules.ONE_PLAN.refused() from None
        raise
    for person_id in (
        CasePerson.objects.filter(case=case, part="child").order_by("pk").values_list("person_id", flat=True)
    ):
        taken = PlanChild.objects.select_for_update().filter(person_id=person_id, leads=True, ended_at__isnull=True)
        PlanChild.objects.create(plan=plan, person_id=person_id, leads=not taken.exists())
    chronicle(PLAN_OPENED, case, by=by, at=at, code=plan.reference)
    note(changed=("state",), subject=plan)
    return plan


@service(WRITE_PLAN, on="plan")
def change_plan(
    *, plan: Plan, family_words: str, contingency: str, version: int, by: Actor, at: datetime
) -> PlanChange | None:
    """The family's words and what happens if things go wrong."""
    lock_plan(plan)
    before = as_it_is(plan, by)
    yours = {"family_words": family_words.strip(), "contingency": contingency.strip()}
    claim(plan, version, yours, plan, by)
    plan.family_words, plan.contingency = yours["family_words"], yours["contingency"]
    plan.save(update_fields=["family_words", "contingency"])
    return write_change(plan, plan, before, what="The family’s words and the contingency", by=by, at=at)


@service(WRITE_PLAN, on="plan")
def change_child(
    *, plan: Plan, section_id: UUID, words: str, version: int, by: Actor, at: datetime
) -> PlanChange | None:
    """A child's own words in their section."""
    lock_plan(plan)
    section = item_of(plan, PlanChild, section_id)
    before = as_it_is(section, by)
    claim(section, version, {"words": words.strip()}, plan, by)
    section.words = words.strip()
    section.save(update_fields=["words"])
    return write_change(plan, section, before, what="A child’s own words", by=by, at=at)


@service(LEAD_FOR_CHILD, on="section")
def lead_for_child(*, section: PlanChild, by: Actor, at: datetime) -> PlanChild:
    """From now on this plan's lead professional is the child's, and another household's is no more. While statutory social
    work is open for the child, that is a registered social worker (CW-202)."""
    lock_plan(section.plan)
    lock(section)
    if section.ended_at is not None:
        raise rules.CHILD_HAS_LEFT.refused()
    if section.leads:
        raise rules.CHILD_LED_ELSEWHERE.refused()
    lead = section.plan.case.lead_professional
    if people_with_social_work([section.person_id], timezone.localdate(at)) and not (
        lead is not None and lead.is_registered_social_worker
    ):
        raise rules.QUALIFIED_TO_LEAD.refused()
    claim_version(section, section.version)
    other = PlanChild.objects.select_for_update().filter(person_id=section.person_id, leads=True, ended_at__isnull=True)
    other.update(leads=False)
    section.leads = True
    section.save(update_fields=["leads"])
    note(people=[section.person_id], changed=("leads",), subject=section.plan)
    return section


# --- Statutory plans: linked and read back.


@service(WRITE_PLAN, on="plan")
def link_statutory_plan(*, plan: Plan, section_id: UUID, said: StatutorySaid, by: Actor, at: datetime) -> StatutoryPlan:
    """Link a child's statutory plan as its holder says it stands."""
    lock_plan(plan)
    _require(planning.statutory_fault(said))
    section = item_of(plan, PlanChild, section_id)
    linked = StatutoryPlan.objects.create(
        section=section, linked_at=at, read_at=at, read_by=by.account_id, **said.__dict__
    )
    what = STATUTORY_PLANS[said.kind]
    write_added(plan, linked, what=what, by=by, at=at)
    chronicle(STATUTORY_PLAN_READ, plan.case, by=by, at=at, code=said.kind, words={"plan": what, "status": said.status})
    return linked


@service(WRITE_PLAN, on="plan")
def read_statutory_plan(
    *, plan: Plan, link_id: UUID, said: StatutorySaid, version: int, by: Actor, at: datetime
) -> PlanChange | None:
    """Read a linked statutory plan back again: what its holder says today."""
    lock_plan(plan)
    _require(planning.statutory_fault(said))
    linked = item_of(plan, StatutoryPlan, link_id)
    before = as_it_is(linked, by)
    claim(linked, version, said.__dict__, plan, by)
    for name, text in said.__dict__.items():
        setattr(linked, name, text)
    linked.read_at, linked.read_by = at, by.account_id
    linked.save()
    what = STATUTORY_PLANS[said.kind]
    chronicle(STATUTORY_PLAN_READ, plan.case, by=by, at=at, code=said.kind, words={"plan": what, "status": said.status})
    return write_change(plan, linked, before, what=what, by=by, at=at)


# --- Needs.


@service(WRITE_PLAN, on="plan")
def add_need(*, plan: Plan, said: NeedSaid, by: Actor, at: datetime) -> PlanNeed:
    """A need of the family or of a child, in a standard code and in words."""
    lock_plan(plan)
    _require(planning.need_fault(said))
    section = item_of(plan, PlanChild, said.section_id) if said.section_id else None
    need = PlanNeed.objects.create(
        plan=plan, section_id=section.pk if section else None, code=said.code, words=said.words.strip()
    )
    write_added(plan, need, what=said.words.strip(), by=by, at=at)
    chronicle_need(need, was_live=False, is_new=True, by=by, at=at)
    return need


@service(WRITE_PLAN, on="plan")
def change_need(
    *, plan: Plan, need_id: UUID, said: NeedSaid, version: int, by: Actor, at: datetime
) -> PlanChange | None:
    """Say a need better. Where somebody saved meanwhile, both texts come back (CO-1)."""
    lock_plan(plan)
    _require(planning.need_fault(said))
    need = _need(plan, need_id)
    section = item_of(plan, PlanChild, said.section_id) if said.section_id else None
    before = as_it_is(need, by)
    yours = {"code": said.code, "words": said.words.strip(), "section_id": section.pk if section else None}
    claim(need, version, yours, plan, by)
    need.code, need.words, need.section_id = said.code, said.words.strip(), section.pk if section else None
    need.save(update_fields=["code", "words", "section"])
    return write_change(plan, need, before, what=need.words, by=by, at=at)


@service(WRITE_PLAN, on="plan")
def end_need(
    *, plan: Plan, need_id: UUID, end: planning.NeedEnd, version: int, by: Actor, at: datetime
) -> PlanChange | None:
    """Say what became of a need; it stays in the plan, and is worked on no more."""
    lock_plan(plan)
    need = _need(plan, need_id)
    if need.ended_at is not None:
        raise rules.NEED_ENDED_ALREADY.refused()
    before, was_live = as_it_is(need, by), is_live(need)
    claim(need, version, {"end_code": end.code, "end_words": end.words.strip()}, plan, by)
    _end(need, end, at)
    chronicle_need(need, was_live=was_live, by=by, at=at)
    return write_change(plan, need, before, what=f"Outcome of: {need.words}", by=by, at=at)


def _end(need: PlanNeed, end: planning.NeedEnd, at: datetime) -> None:
    need.end_code, need.end_words, need.ended_at = end.code, end.words.strip(), at
    need.save(update_fields=["end_code", "end_words", "ended_at"])


def _need(plan: Plan, need_id: UUID) -> PlanNeed:
    need = item_of(plan, PlanNeed, need_id)
    if need.removed_at is not None:
        raise rules.ITEM_GONE.refused()
    return need


# --- Outcomes.


@service(WRITE_PLAN, on="plan")
def add_outcome(*, plan: Plan, need_id: UUID, said: OutcomeSaid, by: Actor, at: datetime) -> PlanOutcome:
    """What will be different for a need: specific, measured from a baseline to a target by a day."""
    lock_plan(plan)
    need = _need(plan, need_id)
    if not is_live(need):
        raise rules.NEED_ENDED_ALREADY.refused()
    measure = measure_with_id(by, said.measure_id)
    _require(planning.outcome_fault(said, measure.direction, timezone.localdate(at)))
    outcome = PlanOutcome.objects.create(
        need=need, words=said.words.strip(), measure=measure, target=said.target, target_on=said.target_on
    )
    _measure_from(outcome, said.measure_id, said.value, said.on, by, at)
    write_added(plan, outcome, what=outcome.words, by=by, at=at)
    chronicle(OUTCOME_AGREED, plan.case, by=by, at=at, code=measure.code, words={"outcome": outcome.words})
    return outcome


@service(WRITE_PLAN, on="plan")
def change_outcome(
    *, plan: Plan, outcome_id: UUID, said: OutcomeSaid, version: int, by: Actor, at: datetime
) -> PlanChange | None:
    """Say an outcome better. Its measure and baseline stay once it was read at a review (OC-8)."""
    lock_plan(plan)
    outcome = _outcome(plan, outcome_id)
    measure = measure_with_id(by, said.measure_id)
    _require(planning.outcome_fault(said, measure.direction, timezone.localdate(at)))
    before = as_it_is(outcome, by)
    yours = said.__dict__ | {"words": said.words.strip()}
    claim(outcome, version, yours, plan, by)
    outcome.words, outcome.measure = said.words.strip(), measure
    outcome.target, outcome.target_on = said.target, said.target_on
    outcome.save(update_fields=["words", "measure", "target", "target_on"])
    _measure_from(outcome, said.measure_id, said.value, said.on, by, at)
    return write_change(plan, outcome, before, what=outcome.words, by=by, at=at)


def _measure_from(outcome: PlanOutcome, measure_id: UUID, value: Decimal, on: date, by: Actor, at: datetime) -> None:
    need = outcome.need
    person = need.section.person_id if need.section else None
    record_baseline(
        measure=measure_with_id(by, measure_id), subject=outcome, person_id=person, value=value, on=on,
        people=[person] if person else [], by=by, at=at,
    )  # fmt: skip


def _outcome(plan: Plan, outcome_id: UUID) -> PlanOutcome:
    outcome = item_of(plan, PlanOutcome, outcome_id)
    if outcome.removed_at is not None or outcome.need.removed_at is not None:
        raise rules.ITEM_GONE.refused()
    return outcome


# --- Actions.


@service(WRITE_PLAN, on="plan")
def add_action(*, plan: Plan, outcome_id: UUID, said: ActionSaid, by: Actor, at: datetime) -> PlanAction:
    """What one person does by a day, towards an outcome."""
    lock_plan(plan)
    outcome = _outcome(plan, outcome_id)
    if not is_live(outcome.need):
        raise rules.NEED_ENDED_ALREADY.refused()
    facts = _action_facts(plan, said, by, at)
    action = PlanAction.objects.create(outcome=outcome, status=ActionState.TO_DO, **facts)
    write_added(plan, action, what=action.words, by=by, at=at)
    chronicle(ACTION_AGREED, plan.case, by=by, at=at, words={"action": action.words})
    return action


@service(WRITE_PLAN, on="plan")
def change_action(
    *, plan: Plan, action_id: UUID, said: ActionSaid, version: int, by: Actor, at: datetime
) -> PlanChange | None:
    """Say an action better, or give it to somebody else."""
    lock_plan(plan)
    action = _action(plan, action_id)
    before = as_it_is(action, by)
    facts = _action_facts(plan, said, by, at)
    claim(action, version, facts, plan, by)
    for name, fact in facts.items():
        setattr(action, name, fact)
    action.save()
    return write_change(plan, action, before, what=action.words, by=by, at=at)


@service(WRITE_PLAN, on="plan")
def mark_action(
    *, plan: Plan, action_id: UUID, status: ActionState, words: str, version: int, by: Actor, at: datetime
) -> PlanChange | None:
    """Where an action stands. Refuses (CW-316) what the table of moves does not allow."""
    lock_plan(plan)
    action = _action(plan, action_id)
    start = ActionState(action.status)
    before = as_it_is(action, by)
    claim(action, version, {"status": status, "status_words": words.strip()}, plan, by)
    if status not in ACTION_MOVES[start]:
        raise rules.ACTION_FORBIDS.refused(start=ACTION_LABELS[start].lower(), end=ACTION_LABELS[status].lower())
    action.status, action.status_words = status, words.strip()
    action.ended_on = timezone.localdate(at) if status in ENDED_ACTIONS else None
    action.save(update_fields=["status", "status_words", "ended_on"])
    if status in ENDED_ACTIONS:
        said = {"action": action.words, "what": words.strip()}
        chronicle(ACTION_ENDED, plan.case, by=by, at=at, code=status, words=said)
    return write_change(plan, action, before, what=f"{ACTION_LABELS[status]}: {action.words}", by=by, at=at)


def _action_facts(plan: Plan, said: ActionSaid, by: Actor, at: datetime) -> dict[str, Any]:
    """An owner who can do it: a post held now, or somebody of the family."""
    _require(planning.action_fault(said))
    kinds = {each.code for each in pathway_of(plan.case.pathway, timezone.localdate(at)).actions}
    if said.kind not in {"", *kinds}:
        raise rules.ACTION_KIND.refused()
    agency_id = said.agency_id
    if said.post_id is not None:
        post = post_with_id(by, said.post_id)
        if not is_in_post(post, at):
            raise rules.OWNER_KNOWN.refused()
        agency_id = agency_id or post.host_id
    elif said.person_id not in CasePerson.objects.filter(case_id=plan.case_id).values_list("person_id", flat=True):
        raise rules.OWNER_KNOWN.refused()
    return {
        "kind": said.kind, "words": said.words.strip(), "post_id": said.post_id, "person_id": said.person_id, "agency_id": agency_id,
        "service": said.service.strip(), "due_on": said.due_on, "evidence": said.evidence.strip(),
    }  # fmt: skip


def _action(plan: Plan, action_id: UUID) -> PlanAction:
    action = item_of(plan, PlanAction, action_id)
    gone = (action.removed_at, action.outcome.removed_at, action.outcome.need.removed_at)
    if any(gone):
        raise rules.ITEM_GONE.refused()
    return action


# --- Taking out and putting back.


@service(WRITE_PLAN, on="plan")
def remove_item(*, plan: Plan, kind: str, item_id: UUID, by: Actor, at: datetime) -> PlanChange | None:
    """Take a need, outcome, action or linked statutory plan out, with what hangs on it. It can be put back."""
    lock_plan(plan)
    item: Any = item_of(plan, KINDS[kind], item_id)
    before = as_it_is(item, by)
    was_live = isinstance(item, PlanNeed) and is_live(item)
    if item.removed_at is not None:
        raise rules.ITEM_GONE.refused()
    claim_version(item, item.version)
    item.removed_at = at
    item.save(update_fields=["removed_at"])
    if isinstance(item, PlanNeed):
        chronicle_need(item, was_live=was_live, by=by, at=at)
    return write_change(plan, item, before, what=f"Taken out: {str(item)[:60]}", by=by, at=at)


@service(WRITE_PLAN, on="plan")
def undo_change(*, plan: Plan, change_id: UUID, by: Actor, at: datetime) -> PlanChange:
    """Put back what one change replaced. Refuses (CW-317) where it was changed again since."""
    lock_plan(plan)
    change = PlanChange.objects.select_for_update().get(pk=change_id, plan=plan)
    item: Any = item_of(plan, KINDS[change.kind], change.target_id)
    refuse_left(item)
    now = as_it_is(item, by)
    if change.undone_at is not None or any(now.get(name) != said for name, said in change.after.items()):
        raise rules.UNDO_TOO_LATE.refused()
    was_live = isinstance(item, PlanNeed) and is_live(item)
    claim_version(item, item.version)
    for name in FIELDS[change.kind]:
        if name in change.before:
            setattr(item, name, item._meta.get_field(name).to_python(change.before[name]))
    item.save()
    _put_baseline_back(item, change, now, by, at)
    if isinstance(item, PlanNeed):
        chronicle_need(item, was_live=was_live, by=by, at=at)
    claim_version(change, change.version)
    change.undone_at = at
    change.save(update_fields=["undone_at"])
    note(changed=tuple(sorted(change.before)), words=as_json({"undone": str(change.pk)}), subject=plan)
    return change


def _put_baseline_back(item: Any, change: PlanChange, now: dict[str, Any], by: Actor, at: datetime) -> None:
    """An outcome's baseline goes back with its measure."""
    if not isinstance(item, PlanOutcome) or not {"value", "on", "measure_id"} & set(change.before):
        return
    old = now | change.before
    on = parse_date(str(old["on"]))
    if on is not None:
        _measure_from(item, item.measure_id, Decimal(str(old["value"])), on, by, at)
