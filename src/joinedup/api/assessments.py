"""Common assessments for a partner's own system: the same spec, rules and refusals as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StrictInt

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.casework.assessing import Section, Spec, all_specs, as_typed
from joinedup.core.errors import NotVisible

Said = schemas.Text4000 | StrictInt | date | list[Annotated[str, Field(max_length=10)]]


class QuestionOut(Schema):
    """One question. `choices` are the codes a choice takes, `unconfirmed` those of them whose label was not seen in any
    source; `fact` names the fact of the person index it is; `instead_of` the question in whose place it is answered."""

    code: str
    label: str
    kind: str
    hint: str
    choices: list[tuple[str, str]]
    is_required: bool
    is_situation: bool
    fact: str
    instead_of: str
    unconfirmed: list[str]


class SectionSpecOut(Schema):
    """A page of the assessment. `anchors` say what its scores mean, where it is an element of a domain."""

    code: str
    title: str
    group: str
    domain: str
    anchors: list[tuple[int, str]]
    questions: list[QuestionOut]


class SpecOut(Schema):
    """One version of the assessment, in force for those begun with it."""

    version: int
    since: date
    sections: list[SectionSpecOut]


class AssessmentRowOut(Schema):
    """One assessment of a case."""

    id: UUID
    reference: str
    child_id: UUID
    state: str
    spec_version: int
    started_at: datetime
    started_by: str
    signed_at: datetime | None
    signed_by: str
    review_on: date | None


class KnownOut(Schema):
    """A value that was known when it was begun: who said so and when, and what was made of it (accepted, corrected, or
    nothing yet)."""

    value: Said
    source: str
    said_on: date
    settled: str


class SectionOut(Schema):
    """What one section says. Send `version` back with a change."""

    code: str
    version: int
    progress: str
    saved_at: datetime | None
    saved_by: str
    answers: dict[str, Said]
    known: dict[str, KnownOut]


class AssessmentOut(AssessmentRowOut):
    """One assessment in full. Send `version` back to sign it."""

    version: int
    child: str
    sections: list[SectionOut]


class BeginIn(Schema):
    """Whom the assessment is about: a child of the case."""

    model_config = taken(child_id="0192f0c4-0000-7000-8000-000000000001")

    child_id: UUID


class SectionIn(Schema):
    """Answers by the codes of the section's questions; what is left out stays as it is."""

    model_config = taken(version=1, answers={"strengths": "She makes friends easily.", "score": 6})

    version: Annotated[StrictInt, Field(ge=1)]
    answers: dict[Annotated[str, Field(max_length=40)], Said | None]


class SignIn(Schema):
    """The version of the assessment that is signed."""

    model_config = taken(version=3)

    version: Annotated[StrictInt, Field(ge=1)]


def router(answers: Answers) -> Router:
    """The addresses under /cases/…/assessments. `answers` says which refusals each may give."""
    found = Router(tags=["Assessments"])
    at = Addresses(found, answers)
    every, one = "/{uuid:case_id}/assessments", "/{uuid:case_id}/assessments/{uuid:assessment_id}"
    found.get(every, response=answers(200, list[AssessmentRowOut], 404), summary="Assessments of a case")(_every)
    at.writes(every, AssessmentOut, _begin, "Begin an assessment")
    found.get(one, response=answers(200, AssessmentOut, 404), summary="One assessment")(_one)
    found.put(
        f"{one}/sections/{{slug:code}}", response=answers(200, SectionOut, 404, 409), summary="Write one section"
    )(_write)
    at.writes(f"{one}/sign", AssessmentOut, _sign, "Sign an assessment")
    return found


def specs() -> list[dict[str, Any]]:
    """Every version of the assessment."""
    return [_spec(spec) for spec in all_specs()]


def _spec(spec: Spec) -> dict[str, Any]:
    return {
        "version": spec.version, "since": spec.since, "sections": [_section_spec(section) for section in spec.sections]
    }  # fmt: skip


def _section_spec(section: Section) -> dict[str, Any]:
    element = section.element
    return {
        "code": section.code, "title": section.title, "group": section.group,
        "domain": element.domain if element else "", "anchors": list(element.anchors) if element else [],
        "questions": [each.__dict__ | {"kind": each.kind.value, "choices": list(each.choices), "unconfirmed": list(each.unconfirmed)} for each in section.questions],
    }  # fmt: skip


def _every(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """The assessments of a case's children, the newest first."""
    page = queries.case_assessments(viewer_of(request), case_id)
    return [row.__dict__ for child in page.children for row in child.rows]


def _begin(request: HttpRequest, case_id: UUID, sent: BeginIn) -> dict[str, Any]:
    """Begin an assessment of a child, with everything known already, each value with its source and day."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    begun = services.start_assessment(case=case, child_id=sent.child_id, by=viewer, at=viewer.at)
    return _shown(viewer, case_id, begun.pk)


def _one(request: HttpRequest, case_id: UUID, assessment_id: UUID) -> dict[str, Any]:
    """One assessment with every section."""
    return _shown(viewer_of(request), case_id, assessment_id)


def _write(request: HttpRequest, case_id: UUID, assessment_id: UUID, code: str, sent: SectionIn) -> dict[str, Any]:
    """Write one section. Somebody who saved it meanwhile is not overwritten: the refusal holds both texts."""
    viewer = viewer_of(request)
    row = queries.section_called(viewer, assessment_id, code)
    if row.assessment.case_id != case_id:
        raise NotVisible
    services.save_section(section=row, answers=sent.answers, version=sent.version, by=viewer, at=viewer.at)
    seen = queries.assessment(viewer, assessment_id, purpose="API: assessment")
    return _section(seen.section(code))


def _sign(request: HttpRequest, case_id: UUID, assessment_id: UUID, sent: SignIn) -> dict[str, Any]:
    """Sign. Only somebody whose training counts today may; the refusal says what is wanting."""
    viewer = viewer_of(request)
    row = queries.assessment_for_change(viewer, assessment_id)
    if row.case_id != case_id:
        raise NotVisible
    services.sign_assessment(assessment=row, version=sent.version, by=viewer, at=viewer.at)
    return _shown(viewer, case_id, assessment_id)


def _shown(viewer: Actor, case_id: UUID, assessment_id: UUID) -> dict[str, Any]:
    seen = queries.assessment(viewer, assessment_id, purpose="API: assessment")
    if seen.frame.id != case_id:
        raise NotVisible
    return seen.row.__dict__ | {
        "version": seen.version, "child": seen.child, "sections": [_section(each) for each in seen.sections]
    }  # fmt: skip


def _section(section: queries.SectionSeen) -> dict[str, Any]:
    known = {code: dict(fact) | {"settled": section.settled.get(code, "")} for code, fact in section.known.items()}
    answers = {
        code: value if isinstance(value, (int, list)) else as_typed(section.spec.question(code), value)
        for code, value in section.answers.items()
    }
    return {
        "code": section.spec.code, "version": section.version, "progress": section.progress.value,
        "saved_at": section.saved_at, "saved_by": section.saved_by, "answers": answers, "known": known,
    }  # fmt: skip
