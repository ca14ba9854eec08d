"""What the parts that speak with a family need to know of its case. They have let the viewer in, audit, and decide what of
it anybody reads: nothing here is meant for a page as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.casework.assessing_codes import DOMESTIC_ABUSE
from joinedup.casework.models import AssessmentSection, Case, MeetingAction, MeetingDecision, MeetingPlace
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
    """The meetings of a case that somebody of the family was asked to, the next first, then the last held; three statements."""
    places = MeetingPlace.objects.filter(meeting__case_id=case_id, person_id=person_id).select_related("meeting")
    held = [each.meeting_id for each in places if each.presence == "present"]
    decided: dict[UUID, list[str]] = {}
    for row in MeetingDecision.objects.filter(meeting_id__in=held).order_by("pk") if held else ():
        decided.setdefault(row.meeting_id, []).append(row.words)
    undertaken: dict[UUID, list[str]] = {}
    theirs = MeetingAction.objects.filter(meeting_id__in=held, person_id=person_id).order_by("due_on", "pk")
    for action in theirs if held else ():
        undertaken.setdefault(action.meeting_id, []).append(action.words)
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
