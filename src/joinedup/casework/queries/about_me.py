"""The page about a child that the family holds: what was written in the newest assessment of each child, whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.casework.models import Assessment, AssessmentSection
from joinedup.casework.pathways import Letter
from joinedup.casework.queries.pathways import ComingFor, coming_for, spec_of_assessment
from joinedup.casework.queries.team import MemberSeen, members_of

if TYPE_CHECKING:
    from joinedup.casework.queries.frame import CaseFrame

_SECTION = "about_me"


@dataclass(frozen=True)
class AboutMe:
    """One child's page: question and answer."""

    name: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FamilyHeld:
    """What a family-held plan has besides the plan: a page about each child, who works with them, and what comes."""

    children: tuple[AboutMe, ...]
    members: tuple[MemberSeen, ...]
    coming: tuple[ComingFor, ...]


def family_held(viewer: Actor, frame: CaseFrame) -> FamilyHeld | None:
    """For a case the viewer has been let in to; None where its pathway has no such plan. Three statements."""
    if Letter.ABOUT_ME not in frame.pathway.letters:
        return None
    on = timezone.localdate(viewer.at)
    names = {each.person_id: each.name for each in frame.children}
    newest: dict[UUID, Assessment] = {}
    for row in Assessment.objects.visible_to(viewer).filter(case=frame.row).order_by("started_at", "pk"):
        newest[row.child_id] = row
    sections = AssessmentSection.objects.filter(assessment__in=newest.values(), code=_SECTION).select_related(
        "assessment"
    )
    children = tuple(_about(row, names) for row in sections if row.answers and row.assessment.child_id in names)
    members = tuple(each for each in members_of(frame.row) if each.left_at is None or each.left_at > viewer.at)
    born = [(each.name, each.birth_date) for each in frame.children]
    return FamilyHeld(children, members, coming_for(frame.pathway, born, on))


def _about(row: AssessmentSection, names: Mapping[UUID, str]) -> AboutMe:
    section = spec_of_assessment(row.assessment).by_code[_SECTION]
    said = [(each.label, each.label_of(row.answers.get(each.code))) for each in section.questions]
    return AboutMe(names[row.assessment.child_id], tuple(line for line in said if line[1]))
