"""Reading assessments: those of a case, one with its task list, one section with what is known, one beside another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.queries import names_of_accounts
from joinedup.casework import assessing_v2  # noqa: F401 - registers both versions
from joinedup.casework.assessing import (
    PROGRESS_LABELS,
    Given,
    Progress,
    Question,
    Section,
    Spec,
    Travelled,
    progress_of,
    said_elsewhere,
    score_in,
    travelled,
)
from joinedup.casework.lifecycle import ASSESSMENT_LABELS, AssessmentState
from joinedup.casework.models import Assessment, AssessmentSection, Case, CasePerson
from joinedup.casework.permissions import SIGN_ASSESSMENT, START_ASSESSMENT, WRITE_ASSESSMENT
from joinedup.casework.queries.frame import CaseFrame, case_frame
from joinedup.casework.queries.pathways import spec_of_assessment
from joinedup.casework.settings import assessment_name
from joinedup.core.errors import NotVisible
from joinedup.core.formats import date_long
from joinedup.information_sharing.queries import is_service_agreed
from joinedup.person_index.queries import facts_worked_with, safe_contact_for
from joinedup.workforce.codes import Course
from joinedup.workforce.queries import is_trained, own_training

_HOW = ("interpreter_language", "communication_needs")
_WHO = ("given_name", "family_name", "birth_date", "sex", "nhs_number", "upn", *_HOW)
_HOME = ("address", "postcode", "phone")
# What a later assessment does not begin with: it is asked afresh each time.
_ASKED_AFRESH = frozenset({"present", "childs_words", "parents_words", "conclusions", "agreement", "review"})
_PARTS = {"child": "child", "parent": "parent or carer"}


# --- What is known beforehand.


def known_of_child(viewer: Actor, case: Case, child_id: UUID) -> list[Given]:
    """What any source knows of a child of a case the viewer works on: the person index with every agency's record, the
    case, the last assessment, and what parts above have registered (the referral, partners' answers)."""
    given = _from_index(viewer, child_id) + _from_case(viewer, case, child_id) + _from_last(case, child_id)
    return given + said_elsewhere(viewer, case, child_id)


def _from_index(viewer: Actor, child_id: UUID) -> list[Given]:
    facts = facts_worked_with(viewer, child_id)
    return [
        Given(section, name, facts[name].value, facts[name].source, facts[name].said_on)
        for section, names in (("child", _WHO), ("home", _HOME))
        for name in names
        if name in facts
    ]


def _from_case(viewer: Actor, case: Case, child_id: UUID) -> list[Given]:
    """Who is in the family, the adults' phones, and how it is safe to reach them."""
    places = list(CasePerson.objects.filter(case=case).select_related("person").order_by("pk"))
    opened = timezone.localdate(case.opened_at)
    lives = [f"{place.person}, {_PARTS.get(place.part, 'other')}" for place in places if place.person_id != child_id]
    given = [Given("home", "household", "\n".join(lives), f"case {case.reference}", opened)] if lives else []
    adults = [place for place in places if place.part == "parent"][:2]
    for number, place in enumerate(adults, start=1):
        try:
            facts = facts_worked_with(viewer, place.person_id)
        except NotVisible:
            continue
        named = [facts[name] for name in ("given_name", "family_name") if name in facts]
        if named:
            given.append(Given("carers", f"carer{number}_name", str(place.person), named[0].source, named[0].said_on))
        if "phone" in facts:
            phone = facts["phone"]
            given.append(Given("carers", f"carer{number}_phone", phone.value, phone.source, phone.said_on))
    return given + _safe([child_id, *(place.person_id for place in adults)])


def _safe(people: list[UUID]) -> list[Given]:
    for person_id in people:
        advice = safe_contact_for(person_id)
        if advice.is_recorded and advice.recorded_at is not None:
            on = timezone.localdate(advice.recorded_at)
            return [Given("home", "safe_contact", advice.sentence[:300], advice.source, on)]
    return []


def _from_last(case: Case, child_id: UUID) -> list[Given]:
    """The answers of the child's last assessment in this family, but for what is asked afresh. Scores are given anew."""
    last = _last_signed(case, child_id)
    if last is None or last.signed_at is None:
        return []
    on = last.seen_on or timezone.localdate(last.signed_at)
    return [
        Given(row.code, question, value, f"the assessment {last.reference}", on)
        for row in AssessmentSection.objects.filter(assessment=last)
        for question, value in row.answers.items()
        if row.code not in _ASKED_AFRESH and question != "score"
    ]


def _last_signed(case: Case, child_id: UUID) -> Assessment | None:
    signed = Assessment.objects.filter(child_id=child_id, case__family_id=case.family_id)
    return signed.exclude(state=AssessmentState.DRAFT).order_by("-signed_at").first()


# --- Who may sign.


def training_in_words(viewer: Actor) -> str:
    """Why the viewer's training does not count, or when it ends."""
    row = own_training(viewer, Course.COMMON_ASSESSMENT)
    if row is None:
        return "None is recorded for you."
    word = "counts until" if row.state in {"current", "soon"} else "ended on"
    return f"Yours {word} {date_long(row.valid_until)}."


def is_help_agreed(viewer: Actor, assessment: Assessment) -> bool:
    """Whether somebody who may has agreed to this help for the child, and it is still so."""
    subject = (Case._meta.label_lower, str(assessment.case_id))
    return is_service_agreed(viewer, subject, assessment.child_id, on=timezone.localdate(viewer.at))


# --- The tab: every assessment of a case.


@dataclass(frozen=True)
class AssessmentRow:
    """One assessment in a list."""

    id: UUID
    reference: str
    child_id: UUID
    state: str
    state_label: str
    started_at: datetime
    started_by: str
    signed_at: datetime | None
    signed_by: str
    review_on: date | None
    spec_version: int


@dataclass(frozen=True)
class ChildAssessments:
    """One child of the case and their assessments, the newest first."""

    person_id: UUID
    name: str
    rows: tuple[AssessmentRow, ...]

    @property
    def draft(self) -> AssessmentRow | None:
        """The one being written."""
        return next((row for row in self.rows if row.state == AssessmentState.DRAFT), None)

    @property
    def signed(self) -> tuple[AssessmentRow, ...]:
        """Those that were signed, the newest first."""
        return tuple(row for row in self.rows if row.state != AssessmentState.DRAFT)


@dataclass(frozen=True)
class CaseAssessments:
    """The tab. `called` is what the partnership calls the common assessment."""

    frame: CaseFrame
    called: str
    children: tuple[ChildAssessments, ...]
    may_start: bool
    is_trained: bool
    training: str


def case_assessments(viewer: Actor, case_id: UUID) -> CaseAssessments:
    """The assessments of every child of a case."""
    frame = case_frame(viewer, case_id, purpose="assessment")
    found = Assessment.objects.visible_to(viewer).filter(case_id=case_id)
    rows = [_row(row) for row in _in_full(found).order_by("-started_at", "-pk")]
    on = timezone.localdate(viewer.at)
    return CaseAssessments(
        frame=frame,
        called=frame.pathway.words.assessment or assessment_name(on),
        children=tuple(
            ChildAssessments(child.person_id, child.name, tuple(row for row in rows if row.child_id == child.person_id))
            for child in frame.children
        ),
        may_start=frame.is_open and can(viewer, START_ASSESSMENT, frame.row),
        is_trained=is_trained(viewer, viewer.account_id, Course.COMMON_ASSESSMENT, on),
        training=training_in_words(viewer),
    )


def _in_full(rows: Any) -> Any:
    return rows.select_related("started_by__account", "signed_by__account", "child", "case__family", "case__team")


def _row(row: Assessment) -> AssessmentRow:
    return AssessmentRow(
        id=row.pk,
        reference=row.reference,
        child_id=row.child_id,
        state=row.state,
        state_label=ASSESSMENT_LABELS[AssessmentState(row.state)],
        started_at=row.started_at,
        started_by=row.started_by.account.name if row.started_by else "",
        signed_at=row.signed_at,
        signed_by=row.signed_by.account.name if row.signed_by else "",
        review_on=row.review_on,
        spec_version=row.spec_version,
    )


# --- One assessment.


@dataclass(frozen=True)
class SectionSeen:
    """A section as the task list and the printed form show it."""

    id: UUID
    version: int
    spec: Section
    answers: Mapping[str, Any]
    known: Mapping[str, Mapping[str, Any]]
    settled: Mapping[str, str]
    progress: Progress
    saved_at: datetime | None
    saved_by: str

    @property
    def progress_label(self) -> str:
        """Where it stands, in words."""
        return PROGRESS_LABELS[self.progress]

    @property
    def waiting(self) -> int:
        """How many values known beforehand nobody has looked at yet."""
        return sum(code not in self.settled for code in self.known)

    @property
    def score(self) -> int | None:
        """The score, where this is an element."""
        return score_in(self.answers)


@dataclass(frozen=True)
class AssessmentSeen:
    """One assessment in full. `may` holds "write" and "sign"."""

    frame: CaseFrame
    row: AssessmentRow
    version: int
    called: str
    child: str
    spec: Spec
    sections: tuple[SectionSeen, ...]
    previous_id: UUID | None
    is_agreed: bool
    is_trained: bool
    training: str
    may: frozenset[str]

    @property
    def groups(self) -> list[tuple[str, list[SectionSeen]]]:
        """The sections by the headings of the task list."""
        return [(name, [each for each in self.sections if each.spec.group == name]) for name in self.spec.groups]

    @property
    def done(self) -> int:
        """How many sections are completed."""
        return sum(each.progress is Progress.DONE for each in self.sections)

    @property
    def answers(self) -> dict[str, Mapping[str, Any]]:
        """Every answer, by section."""
        return {each.spec.code: each.answers for each in self.sections}

    def section(self, code: str) -> SectionSeen:
        """One section."""
        return next(each for each in self.sections if each.spec.code == code)


def assessment(viewer: Actor, assessment_id: UUID, *, purpose: str = "assessment") -> AssessmentSeen:
    """One assessment with all its sections. Not visible where its case is not."""
    row = assessment_for_change(viewer, assessment_id)
    frame = case_frame(viewer, row.case_id, purpose=purpose)
    spec = spec_of_assessment(row)
    sections = _sections(viewer, row, spec)
    is_draft = row.state == AssessmentState.DRAFT and frame.is_open
    may = {"write"} if is_draft and can(viewer, WRITE_ASSESSMENT, AssessmentSection(assessment=row)) else set()
    may |= {"sign"} if is_draft and can(viewer, SIGN_ASSESSMENT, row) else set()
    on = timezone.localdate(viewer.at)
    return AssessmentSeen(
        frame=frame,
        row=_row(row),
        version=row.version,
        called=frame.pathway.words.assessment or assessment_name(on),
        child=str(row.child),
        spec=spec,
        sections=sections,
        previous_id=_previous(viewer, row),
        is_agreed=row.case.level >= 4 or is_help_agreed(viewer, row),
        is_trained=is_trained(viewer, viewer.account_id, Course.COMMON_ASSESSMENT, on),
        training=training_in_words(viewer),
        may=frozenset(may),
    )


def _previous(viewer: Actor, row: Assessment) -> UUID | None:
    """The one before, where the viewer may see it."""
    if row.previous_id is None:
        return None
    return Assessment.objects.visible_to(viewer).filter(pk=row.previous_id).values_list("pk", flat=True).first()


def _sections(viewer: Actor, row: Assessment, spec: Spec) -> tuple[SectionSeen, ...]:
    kept = {each.code: each for each in AssessmentSection.objects.filter(assessment=row)}
    names = names_of_accounts(viewer, {each.saved_by for each in kept.values() if each.saved_by})
    return tuple(_section(kept[section.code], section, names) for section in spec.sections if section.code in kept)


def _section(row: AssessmentSection, spec: Section, names: Mapping[UUID, str]) -> SectionSeen:
    return SectionSeen(
        id=row.pk,
        version=row.version,
        spec=spec,
        answers=row.answers,
        known=row.known,
        settled=row.settled,
        progress=progress_of(spec, row.answers, is_saved=row.saved_at is not None),
        saved_at=row.saved_at,
        saved_by=names.get(row.saved_by, "") if row.saved_by else "",
    )


def assessment_for_change(viewer: Actor, assessment_id: UUID) -> Assessment:
    """The assessment itself, to hand to a service."""
    row = _in_full(Assessment.objects.visible_to(viewer)).filter(pk=assessment_id).first()
    if row is None:
        raise NotVisible
    found: Assessment = row
    return found


# --- One section.


@dataclass(frozen=True)
class SectionPage:
    """One section with the assessment around it and, for an element, what was said of it the last time."""

    assessment: AssessmentSeen
    section: SectionSeen
    before: Mapping[str, Any]
    before_on: date | None
    following: SectionSeen | None


def section_page(viewer: Actor, section_id: UUID) -> SectionPage:
    """One section for its page."""
    row = section_for_change(viewer, section_id)
    seen = assessment(viewer, row.assessment_id)
    before = AssessmentSection.objects.none()
    if seen.previous_id is not None:
        before = AssessmentSection.objects.filter(assessment_id=seen.previous_id, code=row.code)
    last = before.select_related("assessment").first()
    following = seen.spec.following(row.code)
    return SectionPage(
        assessment=seen,
        section=seen.section(row.code),
        before=last.answers if last else {},
        before_on=last.assessment.seen_on if last else None,
        following=seen.section(following.code) if following else None,
    )


def section_for_change(viewer: Actor, section_id: UUID) -> AssessmentSection:
    """The section itself, to hand to a service."""
    mine = AssessmentSection.objects.filter(assessment__in=Assessment.objects.visible_to(viewer))
    row = mine.select_related("assessment__case").filter(pk=section_id).first()
    if row is None:
        raise NotVisible
    return row


def section_called(viewer: Actor, assessment_id: UUID, code: str) -> AssessmentSection:
    """The same by its code, for the API."""
    mine = AssessmentSection.objects.filter(assessment__in=Assessment.objects.visible_to(viewer))
    row = mine.select_related("assessment__case").filter(assessment_id=assessment_id, code=code).first()
    if row is None:
        raise NotVisible
    return row


def sections_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these sections that the viewer may see. No read row: only ids are looked at."""
    mine = Q(assessment__in=Assessment.objects.visible_to(viewer))
    return set(AssessmentSection.objects.filter(mine, pk__in=ids).values_list("pk", flat=True))


# --- One beside the one before.


@dataclass(frozen=True)
class Changed:
    """What was said of one question then and now."""

    section: str
    question: Question
    before: str
    now: str


@dataclass(frozen=True)
class Beside:
    """An assessment beside the one before."""

    now: AssessmentSeen
    before: AssessmentSeen
    travelled: tuple[Travelled, ...]
    changed: tuple[Changed, ...]


def beside_previous(viewer: Actor, assessment_id: UUID) -> Beside:
    """The assessment and the one before: distance travelled on every element, and every answer that differs."""
    now = assessment(viewer, assessment_id, purpose="assessment beside the one before")
    if now.previous_id is None:
        raise NotVisible
    before = assessment(viewer, now.previous_id, purpose="assessment beside the one before")
    changed = [
        Changed(each.spec.title, question, *said)
        for each in now.sections
        for question in each.spec.questions
        if question.code != "score" and (said := _both(question, before.answers.get(each.spec.code, {}), each.answers))
    ]
    return Beside(now, before, travelled(now.spec, before.answers, now.answers), tuple(changed))


def _both(question: Question, before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, str] | None:
    said = question.label_of(before.get(question.code)), question.label_of(now.get(question.code))
    return said if said[0] != said[1] else None
