"""How far every child of a family has come: the scores of each child's first signed assessment beside the newest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.casework.assessing import Travelled, spec_of, travelled
from joinedup.casework.lifecycle import AssessmentState
from joinedup.casework.models import Assessment, AssessmentSection
from joinedup.casework.queries.frame import CaseFrame, case_frame
from joinedup.casework.settings import assessment_name


@dataclass(frozen=True)
class ChildScores:
    """One child: the days of the first and the newest signed assessment, and every element then and now. With one assessment
    only, `first_on` is None and nothing was before."""

    person_id: UUID
    name: str
    first_on: date | None
    last_on: date
    elements: tuple[Travelled, ...]

    @property
    def counted(self) -> tuple[Travelled, ...]:
        """The elements that were scored both times."""
        return tuple(each for each in self.elements if each.distance is not None)


@dataclass(frozen=True)
class FamilyScores:
    """Every child of a case who has a signed assessment, the eldest first, and those who have none."""

    frame: CaseFrame
    called: str
    children: tuple[ChildScores, ...]
    without: tuple[str, ...]


def family_scores(viewer: Actor, case_id: UUID) -> FamilyScores:
    """The scores of all children of a case; two statements besides the head, however many there are. The read is audited."""
    frame = case_frame(viewer, case_id, purpose="distance travelled by the family")
    children = {each.person_id: each.name for each in frame.children}
    signed = Assessment.objects.visible_to(viewer).filter(
        child_id__in=list(children), case__family_id=frame.row.family_id
    )
    rows: dict[UUID, list[Assessment]] = defaultdict(list)
    for row in signed.exclude(state=AssessmentState.DRAFT).order_by("signed_at", "pk"):
        rows[row.child_id].append(row)
    ends = [row for several in rows.values() for row in (several[0], several[-1])]
    answers: dict[UUID, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for section in AssessmentSection.objects.filter(assessment__in=ends):
        answers[section.assessment_id][section.code] = section.answers
    found = [
        _child(person_id, name, rows[person_id], answers) for person_id, name in children.items() if rows[person_id]
    ]
    return FamilyScores(
        frame=frame,
        called=assessment_name(timezone.localdate(viewer.at)),
        children=tuple(found),
        without=tuple(name for person_id, name in children.items() if not rows[person_id]),
    )


def _child(
    person_id: UUID, name: str, rows: list[Assessment], answers: Mapping[UUID, Mapping[str, Mapping[str, Any]]]
) -> ChildScores:
    first, last = rows[0], rows[-1]
    is_one = first.pk == last.pk
    elements = travelled(spec_of(last.spec_version), {} if is_one else answers[first.pk], answers[last.pk])
    return ChildScores(person_id, name, None if is_one else _day(first), _day(last), elements)


def _day(row: Assessment) -> date:
    return row.seen_on or timezone.localdate(row.signed_at or row.started_at)
