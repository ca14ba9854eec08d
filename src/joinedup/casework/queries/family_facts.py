"""What the parts that speak with a family need to know of its case. They have let the viewer in, audit, and decide what of
it anybody reads: nothing here is meant for a page as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateField, Value
from django.db.models.functions import Cast, LPad

from joinedup.access.actor import Actor
from joinedup.casework.assessing_codes import DOMESTIC_ABUSE
from joinedup.casework.codes import NEEDS
from joinedup.casework.lifecycle import ENDED_ACTIONS
from joinedup.casework.models import (
    AssessmentSection,
    Case,
    MeetingAction,
    MeetingDecision,
    MeetingPlace,
    Plan,
    PlanChild,
    PlanNeed,
)
from joinedup.casework.queries.cases import PersonInCase, people_in
from joinedup.casework.queries.duty import DutyHolder, duty_holder, is_in_post


@dataclass(frozen=True)
class WhoAnswers:
    """Who answers for a family now, and who is rung when they cannot be."""

    holder: DutyHolder
    deputy: str
    deputy_phone: str
    team: str
    team_phone: str


@dataclass(frozen=True)
class MeetingOfMember:
    """A meeting somebody of the family was asked to; what was `decided` and what they have `undertaken` once it was held with them there."""

    id: UUID
    starts_at: datetime
    minutes_long: int
    place: str
    link: str
    note: str
    is_to_come: bool
    decided: tuple[str, ...]
    undertaken: tuple[str, ...]


def people_of_case(viewer: Actor, case_id: UUID) -> tuple[PersonInCase, ...]:
    """Everybody in a case, children first."""
    return tuple(people_in([case_id]).get(case_id, ()))


def who_answers(viewer: Actor, case: Case) -> WhoAnswers:
    """Who answers for a family at the viewer's moment. The case comes with its lead, deputy (accounts too) and team."""
    deputy = case.deputy if is_in_post(case.deputy, viewer.at) else None
    return WhoAnswers(
        holder=duty_holder(viewer, case),
        deputy=deputy.account.name if deputy else "",
        deputy_phone=deputy.phone if deputy else "",
        team=case.team.name,
        team_phone=case.team.phone,
    )


def abuse_facts(viewer: Actor, case_id: UUID) -> frozenset[str]:
    """What the assessments of a case say of domestic abuse: a key for each, to tell a new one from one weighed before."""
    rows = AssessmentSection.objects.filter(assessment__case_id=case_id, answers__has_key="factors")
    return frozenset(
        f"assessment.{assessment}.{code}"
        for assessment, answers in rows.values_list("assessment_id", "answers")
        for code in answers["factors"] or ()
        if code in DOMESTIC_ABUSE
    )


def meetings_of_member(viewer: Actor, case_id: UUID, person_id: UUID) -> tuple[MeetingOfMember, ...]:
    """The meetings of a case that somebody of the family was asked to, the next first, then the last held; two statements."""
    places = MeetingPlace.objects.filter(meeting__case_id=case_id, person_id=person_id).select_related("meeting")
    held = [each.meeting_id for each in places if each.presence == "present"]
    decided, undertaken = _said_at(held, person_id) if held else ({}, {})
    found = [
        MeetingOfMember(
            id=row.pk, starts_at=row.starts_at, minutes_long=row.minutes_long, place=row.place, link=row.link, note=row.note,
            is_to_come=row.state == "planned" and row.starts_at > viewer.at, decided=tuple(decided.get(row.pk, ())),
            undertaken=tuple(undertaken.get(row.pk, ())),
        )
        for row in (each.meeting for each in places)
        if row.pk in held or (row.state == "planned" and row.starts_at > viewer.at)
    ]  # fmt: skip
    to_come = sorted((each for each in found if each.is_to_come), key=lambda each: each.starts_at)
    return (
        *to_come,
        *sorted((each for each in found if not each.is_to_come), key=lambda each: each.starts_at, reverse=True),
    )


def _said_at(meetings: list[UUID], person_id: UUID) -> tuple[dict[UUID, list[str]], dict[UUID, list[str]]]:
    """What was decided at some meetings, and what somebody of the family undertook there, the soonest first."""
    no_day, place = Value(None, output_field=DateField()), LPad(Cast("pk", CharField()), 40, Value("0"))
    decisions = MeetingDecision.objects.filter(meeting_id__in=meetings).order_by()
    actions = MeetingAction.objects.filter(meeting_id__in=meetings, person_id=person_id).order_by()
    decided: dict[UUID, list[str]] = {}
    undertaken: dict[UUID, list[str]] = {}
    rows = decisions.values_list("meeting_id", "words", place, no_day).union(
        actions.values_list("meeting_id", "words", place, "due_on"), all=True
    )
    for meeting_id, words, _, due_on in sorted(rows, key=lambda row: (row[3] or date.min, row[2])):
        (undertaken if due_on else decided).setdefault(meeting_id, []).append(words)
    return decided, undertaken


# --- The plan, as far as it can be shared.


@dataclass(frozen=True)
class ActionToShare:
    """What somebody does by a day, while it is not done; `owner` as it is said to the family."""

    id: UUID
    words: str
    owner: str
    person_id: UUID | None
    due_on: date


@dataclass(frozen=True)
class OutcomeToShare:
    """What will be different by a day, and what is done for it."""

    id: UUID
    words: str
    target_on: date
    actions: list[ActionToShare]


@dataclass(frozen=True)
class NeedToShare:
    """A need still worked on; `person_id` where it is one child's."""

    id: UUID
    code: str
    words: str
    person_id: UUID | None
    outcomes: list[OutcomeToShare]

    @property
    def label(self) -> str:
        """What kind of need."""
        return NEEDS[self.code]


@dataclass(frozen=True)
class ChildToShare:
    """A child's section and their own words in it."""

    id: UUID
    person_id: UUID
    name: str
    words: str


@dataclass(frozen=True)
class PlanToShare:
    """The newest plan of a case without its measures, changes and statutory plans."""

    id: UUID
    family_words: str
    contingency: str
    sections: tuple[ChildToShare, ...]
    needs: tuple[NeedToShare, ...]


def plan_to_share(viewer: Actor, case_id: UUID) -> PlanToShare | None:
    """The newest plan of a case, for whoever chooses what of it the family reads: the family's needs first, then each
    child's; two statements, however long it is. The caller has let the viewer in to the case."""
    newest = Plan.objects.filter(case_id=case_id).order_by("-opened_at", "-pk").values("pk")[:1]
    rows = PlanChild.objects.filter(plan_id__in=newest).select_related("plan", "person")
    sections = list(rows.order_by("person__birth_date", "pk"))
    if not sections:
        return None
    plan = sections[0].plan
    needs = _needs_to_share(plan.pk, {row.pk: row.person_id for row in sections})
    whose: list[UUID | None] = [None, *(row.person_id for row in sections)]
    return PlanToShare(
        plan.pk, plan.family_words, plan.contingency,
        tuple(ChildToShare(row.pk, row.person_id, str(row.person), row.words) for row in sections),
        tuple(sorted(needs, key=lambda need: whose.index(need.person_id))),
    )  # fmt: skip


def _needs_to_share(plan_id: UUID, children: dict[UUID, UUID]) -> list[NeedToShare]:
    """Needs still worked on, their outcomes and what is still to be done, put together from the rows of one statement."""
    live = PlanNeed.objects.filter(plan_id=plan_id, removed_at__isnull=True, ended_at__isnull=True)
    ordered = live.order_by("pk", "outcomes__pk", "outcomes__actions__due_on", "outcomes__actions__pk")
    needs: dict[UUID, NeedToShare] = {}
    outcomes: dict[UUID, OutcomeToShare] = {}
    for row in ordered.values(*_OF_NEED, *_OF_OUTCOME, *_OF_ACTION):
        person_id = children.get(row["section_id"]) if row["section_id"] else None
        need = needs.setdefault(row["pk"], NeedToShare(row["pk"], row["code"], row["words"], person_id, []))
        outcome_id = row["outcomes__pk"]
        if outcome_id is None or row["outcomes__removed_at"] is not None:
            continue
        if outcome_id not in outcomes:
            said = OutcomeToShare(outcome_id, row["outcomes__words"], row["outcomes__target_on"], [])
            outcomes[outcome_id] = said
            need.outcomes.append(said)
        outcomes[outcome_id].actions.extend(_action_to_share(row))
    return list(needs.values())


_OF_NEED = ("pk", "code", "words", "section_id")
_OF_OUTCOME = ("outcomes__pk", "outcomes__words", "outcomes__target_on", "outcomes__removed_at")
_ACTION = "outcomes__actions__"
_OF_ACTION = tuple(
    f"{_ACTION}{name}"
    for name in (
        "pk", "words", "due_on", "status", "removed_at", "person_id", "person__given_name", "person__family_name",
        "post__account__name", "post__title",
    )
)  # fmt: skip


def _action_to_share(row: dict[str, Any]) -> list[ActionToShare]:
    """The action of a row, where there is one that is still to be done."""
    said = {name.removeprefix(_ACTION): value for name, value in row.items() if name.startswith(_ACTION)}
    if said["pk"] is None or said["removed_at"] is not None or said["status"] in ENDED_ACTIONS:
        return []
    owner = f"{said['post__account__name']}, {said['post__title']}"
    if said["person_id"]:
        owner = f"{said['person__given_name']} {said['person__family_name']}".strip() or "Name not known"
    return [ActionToShare(said["pk"], said["words"], owner, said["person_id"], said["due_on"])]
