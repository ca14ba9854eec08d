"""Somebody joins a case that is open, and leaves it again. Nothing that was written about them goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.grounds import standings_of
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.codes import LEAVINGS, NEED_ENDS
from joinedup.casework.events import ACTION_ENDED, NEED_ENDED, PERSON_JOINED, PERSON_LEFT
from joinedup.casework.joining_permissions import JOIN_CASE, LEAVE_CASE, TAKE_IN_REFERRED
from joinedup.casework.lifecycle import (
    ENDED_ACTIONS,
    WAITING_REQUESTS,
    ActionState,
    MeetingState,
    PlanState,
    ReviewState,
)
from joinedup.casework.models import (
    Case,
    CaseMember,
    CasePerson,
    FamilyPlace,
    MeetingAction,
    MeetingPlace,
    PanelRequest,
    Plan,
    PlanAction,
    PlanChild,
    PlanNeed,
    Review,
)
from joinedup.casework.planning import NeedEnd
from joinedup.casework.queries.duty import who_answers_for
from joinedup.casework.queries.joining import joinable_in
from joinedup.casework.services.meetings import end_action
from joinedup.casework.services.plan_steps import as_it_is, write_change
from joinedup.casework.services.steps import chronicle, lock, lock_open
from joinedup.core.models import claim_version, new_id
from joinedup.person_index.codes import FAMILY_PARTS
from joinedup.person_index.queries import (
    members_beside_case,
    people_named,
    people_of_records,
    person_for_change,
    withheld_among,
)
from joinedup.person_index.services import OwnFacts, join_family, keep_own_record

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation, Post

_A_YEAR = timedelta(days=366)
_LEFT = "They are in this case no more."


@dataclass(frozen=True)
class Baby:
    """A newborn child whom no record of the family names yet, as whoever works with the family says it."""

    given_name: str
    family_name: str
    birth_date: date


@dataclass(frozen=True)
class Leaving:
    """Why somebody leaves (a code of `codes.LEAVINGS` and a sentence), on which day, and what became of each of their needs
    in the plan."""

    why: str
    words: str
    left_on: date
    needs: Mapping[UUID, NeedEnd]


@service(JOIN_CASE, on="case")
def join_case(
    *, case: Case, person_id: UUID, part: str, reason: str, version: int, by: Actor, at: datetime
) -> CasePerson:
    """Somebody of the family joins its case: a child with a section of their own in the open plan, an adult as a parent,
    carer or somebody else. From this moment the team around the child sees them. A child who has a section in another
    household's plan keeps the lead professional they have; neither household sees the other's. Refuses (CW-18 to CW-22)
    whoever is in it, is not of the family or cannot be seen by all of the team."""
    lock_open(case)
    _refuse_unsaid(part, reason)
    if CasePerson.objects.filter(case=case, person_id=person_id).exists():
        raise rules.ALREADY_IN_CASE.refused()
    if person_id not in joinable_in(by, case):
        raise rules.OF_THE_FAMILY.refused()
    claim_version(case, version)
    return _take_in(case, person_id, part, reason, by=by, at=at)


@service(JOIN_CASE, on="case")
def join_baby(
    *, case: Case, baby: Baby, reason: str, agency: Organisation, version: int, by: Actor, at: datetime
) -> CasePerson:
    """A newborn joins the case, the family, and `agency`'s own records (that of whoever writes): linked to the child another
    agency knows by the same rules as any record that arrives. Refuses (CW-29) whoever was not born within the last year: of
    anybody else the front door looks first whether they are known."""
    lock_open(case)
    _refuse_unsaid("child", reason)
    today = timezone.localdate(at)
    if not today - _A_YEAR < baby.birth_date <= today:
        raise rules.BABY_BORN.refused()
    claim_version(case, version)
    facts = OwnFacts(f"CASE-{new_id().hex}", baby.given_name, baby.family_name, baby.birth_date)
    record = keep_own_record(agency=agency, facts=facts, source=f"case {case.reference}", by=by, at=at)
    person_id = people_of_records(by, [record.pk])[record.pk]
    if CasePerson.objects.filter(case=case, person_id=person_id).exists():
        raise rules.ALREADY_IN_CASE.refused()
    if withheld_among(by, [person_id]):
        raise rules.OF_THE_FAMILY.refused()
    inside = system(at)
    if person_id not in {mate.person_id for mate in members_beside_case(inside, case.family_id)}:
        # Whoever leads writes the child down; that the child is of this family is what they say by it.
        child = person_for_change(inside, person_id, purpose="a newborn joins the family’s case")
        join_family(family=case.family, person=child, part="child", starts_on=baby.birth_date, by=inside, at=at)
    return _take_in(case, person_id, "child", reason, by=by, at=at)


@service(TAKE_IN_REFERRED, on="case")
def take_in_referred(
    *, case: Case, people: Mapping[UUID, str], reason: str, by: Actor, at: datetime
) -> list[CasePerson]:
    """Whoever a later referral names and is not in the family's open case yet joins it, each with their part: there is no
    second plan for a brother or a sister. Refuses (CW-21) as `join_case` does."""
    lock_open(case)
    inside = set(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
    missing = {person_id: part for person_id, part in people.items() if person_id not in inside}
    if not missing:
        return []
    claim_version(case, case.version)
    return [_take_in(case, person_id, part, reason, by=by, at=at) for person_id, part in sorted(missing.items())]


def _refuse_unsaid(part: str, reason: str) -> None:
    if part not in FAMILY_PARTS:
        raise rules.PART_KNOWN.refused()
    if not reason.strip():
        raise rules.WHY_JOINING.refused()


def _take_in(case: Case, person_id: UUID, part: str, reason: str, *, by: Actor, at: datetime) -> CasePerson:
    _refuse_unseen(case, person_id, by=by, at=at)
    place = CasePerson.objects.create(case=case, person_id=person_id, part=part, joined_at=at)
    if part == "child":
        _give_section(case, person_id)
    name = people_named([person_id])[person_id].name
    chronicle(PERSON_JOINED, case, by=by, at=at, code=part, words={"person": name, "reason": reason.strip()[:300]})
    note(people=[person_id], changed=("people",), words={"person": str(person_id), "part": part}, subject=case)
    return place


def _refuse_unseen(case: Case, person_id: UUID, *, by: Actor, at: datetime) -> None:
    """Somebody withheld from a member of the team would take the whole case from that member's sight; and somebody has to be
    left who answers for it."""
    held = CaseMember.objects.filter(CaseMember.held_at(at), case=case).select_related("post__account")
    answering = who_answers_for(by, case.team_id)
    blind = any(_is_withheld(each.post, person_id, at) for each in held)
    if blind or (answering and all(_is_withheld(post, person_id, at) for post in answering)):
        raise rules.SEEN_BY_ALL.refused()


def _is_withheld(post: Post, person_id: UUID, at: datetime) -> bool:
    they = Actor(post.account_id, post.account.name, at, "web", standings_of(post.account_id, at))
    return bool(withheld_among(they, [person_id]))


def _give_section(case: Case, person_id: UUID) -> None:
    """A section in the open plan, if there is one; that of a child who comes back is taken up again."""
    plan = Plan.objects.select_for_update().filter(case=case, state=PlanState.OPEN).first()
    if plan is None:
        return
    taken = PlanChild.objects.select_for_update().filter(person_id=person_id, leads=True, ended_at__isnull=True)
    leads = not taken.exists()
    section = PlanChild.objects.select_for_update().filter(plan=plan, person_id=person_id).first()
    if section is None:
        PlanChild.objects.create(plan=plan, person_id=person_id, leads=leads)
        return
    claim_version(section, section.version)
    section.ended_at, section.leads = None, leads
    section.save(update_fields=["ended_at", "leads"])


@service(LEAVE_CASE, on="case")
def leave_case(*, case: Case, person_id: UUID, said: Leaving, version: int, by: Actor, at: datetime) -> CasePerson:
    """Somebody leaves the case, with the reason and the day. What was written about them stays; from this moment the team
    around the child sees their record no more. What was still to be done for them ends: of every need it is said what became
    of it (CW-27), actions and what they undertook are stopped, they are asked to no meeting. Never the last child (CW-24);
    a review that is under way and a panel that was asked come first (CW-341, CW-607)."""
    lock_open(case)
    place = CasePerson.objects.select_for_update().filter(case=case, person_id=person_id).first()
    if place is None:
        raise rules.NOT_IN_CASE.refused()
    plan = Plan.objects.select_for_update().filter(case=case, state=PlanState.OPEN).first()
    _refuse_leaving(case, place, plan, said, at)
    claim_version(case, version)
    if plan is not None:
        _end_section(plan, place, said.needs, by=by, at=at)
    _end_undertakings(case, place, by=by, at=at)
    name = people_named([person_id])[person_id].name
    why, reason = LEAVINGS[said.why], said.words.strip()[:300]
    chronicle(PERSON_LEFT, case, by=by, at=at, code=said.why, words={"person": name, "why": why, "reason": reason})
    place.left_at, place.left_on, place.left_why, place.left_words = at, said.left_on, said.why, reason
    place.save(update_fields=["left_at", "left_on", "left_why", "left_words"])
    note(people=[person_id], changed=("people",), words={"person": str(person_id), "why": said.why}, subject=case)
    return place


def _refuse_leaving(case: Case, place: CasePerson, plan: Plan | None, said: Leaving, at: datetime) -> None:
    others = CasePerson.objects.filter(case=case, part="child").exclude(pk=place.pk)
    if place.part == "child" and not others.exists():
        raise rules.LAST_CHILD.refused()
    if said.why not in LEAVINGS or not said.words.strip():
        raise rules.LEAVING_SAID.refused()
    since = timezone.localdate(place.joined_at or case.opened_at)
    if not since <= said.left_on <= timezone.localdate(at):
        raise rules.LEAVING_DAY.refused()
    if plan is not None and Review.objects.filter(plan=plan, state=ReviewState.BEGUN).exists():
        raise rules.REVIEW_BEGUN.refused()
    waiting = PanelRequest.objects.filter(
        case=case, child_id=place.person_id, state__in=[state.value for state in WAITING_REQUESTS]
    )
    if waiting.exists():
        raise rules.PANEL_WAITS.refused()
    live = PlanNeed.objects.filter(
        plan=plan, section__person_id=place.person_id, removed_at__isnull=True, ended_at__isnull=True
    )
    for need_id in live.values_list("pk", flat=True) if plan is not None else ():
        if need_id not in said.needs or said.needs[need_id].code not in NEED_ENDS:
            raise rules.NEEDS_OF_CHILD.refused()


def _end_section(plan: Plan, place: CasePerson, ends: Mapping[UUID, NeedEnd], *, by: Actor, at: datetime) -> None:
    section = PlanChild.objects.select_for_update().filter(plan=plan, person_id=place.person_id).first()
    theirs = PlanAction.objects.filter(person_id=place.person_id, outcome__need__plan=plan)
    if section is not None:
        for need in PlanNeed.objects.filter(section=section, removed_at__isnull=True, ended_at__isnull=True):
            before, end = as_it_is(lock(need), by), ends[need.pk]
            claim_version(need, need.version)
            need.end_code, need.end_words, need.ended_at = end.code, end.words.strip(), at
            need.save(update_fields=["end_code", "end_words", "ended_at"])
            write_change(plan, need, before, what=f"Outcome of: {need.words}", by=by, at=at)
            chronicle(NEED_ENDED, plan.case, by=by, at=at, code=end.code, words={"need": need.words})
        theirs = theirs | PlanAction.objects.filter(outcome__need__section=section)
        _close_section(section, at)
    for action in theirs.exclude(status__in=[state.value for state in ENDED_ACTIONS]).order_by("pk"):
        _stop(plan, lock(action), by=by, at=at)


def _stop(plan: Plan, action: PlanAction, *, by: Actor, at: datetime) -> None:
    before = as_it_is(action, by)
    claim_version(action, action.version)
    action.status, action.status_words = ActionState.STOPPED, _LEFT
    action.ended_on = timezone.localdate(at)
    action.save(update_fields=["status", "status_words", "ended_on"])
    said = {"action": action.words, "what": _LEFT}
    chronicle(ACTION_ENDED, plan.case, by=by, at=at, code=ActionState.STOPPED, words=said)
    write_change(plan, action, before, what=f"Stopped: {action.words}", by=by, at=at)


def _close_section(section: PlanChild, at: datetime) -> None:
    """The section stays as it was; a child who has one in another household's open plan is led by that one from now on."""
    claim_version(section, section.version)
    led_here, section.ended_at = section.leads, at
    section.save(update_fields=["ended_at"])
    other = PlanChild.objects.filter(person_id=section.person_id, ended_at__isnull=True).order_by("pk").first()
    if led_here and other is not None:
        other.leads = True
        other.save(update_fields=["leads"])


def _end_undertakings(case: Case, place: CasePerson, *, by: Actor, at: datetime) -> None:
    """Nobody is asked to a meeting of a case they are not in, nor held to what they undertook at one."""
    FamilyPlace.objects.filter(case=case, person_id=place.person_id, left_at__isnull=True).update(left_at=at)
    asked = MeetingPlace.objects.filter(
        meeting__case=case, meeting__state=MeetingState.PLANNED, person_id=place.person_id
    )
    asked.exclude(presence="apologies").update(presence="apologies", words=_LEFT)
    for action in MeetingAction.objects.filter(case=case, state="open", person_id=place.person_id).order_by("pk"):
        end_action(action=action, is_done=False, words=_LEFT, by=by, at=at)
