"""Beginning an assessment, writing its sections, and signing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.queries import names_of_accounts
from joinedup.casework import rules
from joinedup.casework.assessing import (
    Progress,
    Section,
    Settled,
    Spec,
    as_typed,
    known_beforehand,
    progress_of,
    read_answer,
    said_twice,
    settle,
)
from joinedup.casework.events import ASSESSMENT_SIGNED, ASSESSMENT_STARTED, ASSESSMENT_SUPERSEDED
from joinedup.casework.lifecycle import AssessmentState, may_move_assessment
from joinedup.casework.models import Assessment, AssessmentSection, AssessmentTransition, Case, CasePerson
from joinedup.casework.permissions import SIGN_ASSESSMENT, START_ASSESSMENT, WRITE_ASSESSMENT
from joinedup.casework.queries.assessments import is_help_agreed, known_of_child, training_in_words
from joinedup.casework.queries.pathways import spec_for_new, spec_of_assessment, weeks_to_review
from joinedup.casework.services.steps import lock, lock_open
from joinedup.chronology.kinds import EventKind
from joinedup.chronology.services import record_event
from joinedup.core.errors import Refused, Stale
from joinedup.core.formats import date_long
from joinedup.core.models import claim_version, new_reference
from joinedup.organisations.queries import post_of
from joinedup.person_index.queries import person_for_change
from joinedup.person_index.services import correct_facts
from joinedup.workforce.codes import Course
from joinedup.workforce.queries import is_trained

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@service(START_ASSESSMENT, on="case")
def start_assessment(*, case: Case, child_id: UUID, by: Actor, at: datetime) -> Assessment:
    """Begin an assessment of a child of the case, with the newest spec and with everything that is known already, each
    value with its source and day. Raises Refused (CW-11, CW-105, CW-106)."""
    lock_open(case)
    place = CasePerson.objects.select_related("person").filter(case=case, person_id=child_id, part="child").first()
    if place is None:
        raise rules.CHILD_OF_CASE.refused()
    earlier = Assessment.objects.filter(case=case, child_id=child_id)
    draft = earlier.filter(state=AssessmentState.DRAFT).first()
    if draft is not None:
        raise rules.ONE_DRAFT.refused(child=str(place.person), reference=draft.reference)
    pathway, spec = spec_for_new(case)
    known = known_beforehand(spec, known_of_child(by, case, child_id))
    last = Assessment.objects.filter(child_id=child_id).exclude(state=AssessmentState.DRAFT)
    try:
        with transaction.atomic():
            row = Assessment.objects.create(
                reference=new_reference("A"), case=case, child_id=child_id, spec_version=spec.version,
                pathway=pathway.code, pathway_version=pathway.version,
                state=AssessmentState.DRAFT, previous=last.order_by("-signed_at").first(), started_at=at,
                started_by=_post(by),
            )  # fmt: skip
    except IntegrityError:  # somebody began one at the same moment
        raise rules.ONE_DRAFT.refused(child=str(place.person), reference="a moment ago") from None
    AssessmentSection.objects.bulk_create(
        [
            AssessmentSection(assessment=row, code=section.code, known=known.get(section.code, {}))
            for section in spec.sections
        ]
    )
    _write_transition(row, "", AssessmentState.DRAFT, by=by, at=at)
    _chronicle(ASSESSMENT_STARTED, row, by=by, at=at)
    note(changed=("assessment",), words={"known": sum(map(len, known.values()))}, subject=row)
    return row


@service(WRITE_ASSESSMENT, on="section")
def save_section(
    *, section: AssessmentSection, answers: Mapping[str, Any], version: int, by: Actor, at: datetime
) -> AssessmentSection:
    """Keep what one section says. What is left out stays as it is. A value known beforehand that is kept is accepted,
    another one corrects it; what the person index knows differently becomes a record of this worker's own agency there.

    Raises Refused (CW-107, CW-108 with every fault in `extra`), and `Stale` with both texts where somebody saved this
    section since `version`.
    """
    assessment = lock(section.assessment)
    lock(section)
    if assessment.state != AssessmentState.DRAFT:
        raise rules.SIGNED_ALREADY.refused()
    spec = spec_of_assessment(assessment).by_code[section.code]
    read = _read(spec, answers, on=timezone.localdate(at))
    merged = {**section.answers, **read}
    if section.version != version and merged != section.answers:
        raise _stale(section, spec, merged, by)
    _refuse_said_twice(spec, merged)
    if section.version == version:
        claim_version(section, version)
    section.answers, section.saved_at, section.saved_by = merged, at, by.account_id
    section.settled = settle(section.known, merged)
    section.save(update_fields=["answers", "settled", "saved_at", "saved_by"])
    _give_back(section, spec, by=by, at=at)
    note(people=[assessment.child_id], changed=(f"section:{section.code}",), subject=assessment)
    return section


def _read(spec: Section, answers: Mapping[str, Any], *, on: date) -> dict[str, Any]:
    """Every answer as it is stored; refused with all the faults at once."""
    asked = {question.code: question for question in spec.questions}
    faults = [
        {"field": code, "sentence": rules.SECTION_ASKED.sentence, "rule": rules.SECTION_ASKED.code}
        for code in answers
        if code not in asked
    ]
    read: dict[str, Any] = {}
    for code, said in answers.items():
        if code in asked:
            try:
                read[code] = read_answer(asked[code], said)
            except ValueError as wrong:
                faults.append({"field": code, "sentence": str(wrong), "rule": rules.ANSWER_READABLE.code})
    for name, rule in (("seen_on", rules.SEEN_IN_PAST), ("birth_date", rules.BORN_IN_PAST)):
        if read.get(name) and date.fromisoformat(read[name]) > on:
            faults.append({"field": name, "sentence": rule.sentence, "rule": rule.code})
    if faults:
        first = faults[0]
        raise Refused(first["sentence"], rule=first["rule"], field=first["field"], extra={"faults": faults})
    return read


def _refuse_said_twice(spec: Section, merged: Mapping[str, Any]) -> None:
    for question in said_twice(spec, merged):
        words = {"label": question.label, "other": spec.question(question.instead_of).label}
        raise replace(rules.IN_PLACE_OF, field=question.code).refused(**words)


def _stale(section: AssessmentSection, spec: Section, merged: Mapping[str, Any], by: Actor) -> Stale:
    names = names_of_accounts(by, {section.saved_by} if section.saved_by else set())
    typed = [
        {each.code: as_typed(each, said.get(each.code)) for each in spec.questions}
        for said in (section.answers, merged)
    ]
    return Stale(theirs=typed[0], yours=typed[1], saved_by=names.get(section.saved_by, "") if section.saved_by else "")


def _give_back(section: AssessmentSection, spec: Section, *, by: Actor, at: datetime) -> None:
    """What was corrected, or is new, goes to the person index as a record of the worker's own agency."""
    facts = {
        each.fact: as_typed(each, section.answers[each.code])
        for each in spec.questions
        if each.fact and section.answers.get(each.code) and section.settled.get(each.code) != Settled.ACCEPTED
    }
    post = _post(by)
    if not facts or post is None:
        return
    assessment = section.assessment
    person = person_for_change(by, assessment.child_id, purpose="correcting a fact in an assessment")
    correct_facts(
        person=person, agency=post.host, facts=facts, source=f"Assessment {assessment.reference}", by=by, at=at
    )


@service(SIGN_ASSESSMENT, on="assessment")
def sign_assessment(*, assessment: Assessment, version: int, by: Actor, at: datetime) -> Assessment:
    """Sign: nothing in it changes from now on, and the child's earlier one is superseded. Raises Refused (CW-101 to CW-104,
    CW-107) and VersionMoved."""
    lock_open(assessment.case)
    lock(assessment)
    on = timezone.localdate(at)
    if assessment.state != AssessmentState.DRAFT:
        raise rules.SIGNED_ALREADY.refused()
    if not is_trained(by, by.account_id, Course.COMMON_ASSESSMENT, on):
        raise rules.TRAINED_TO_SIGN.refused(standing=training_in_words(by))
    spec = spec_of_assessment(assessment)
    answers = _complete(assessment, spec)
    review_on = _review_day(answers, on, weeks_to_review(assessment.case.pathway, on))
    if assessment.case.level < rules.STATUTORY_LEVEL and not is_help_agreed(by, assessment):
        raise rules.AGREED_TO_HELP.refused()
    claim_version(assessment, version)
    for row in Assessment.objects.filter(
        case_id=assessment.case_id, child_id=assessment.child_id, state=AssessmentState.SIGNED
    ):
        _move(row, AssessmentState.SUPERSEDED, by=by, at=at)
        row.save(update_fields=["state"])
        _chronicle(ASSESSMENT_SUPERSEDED, row, by=by, at=at)
    _move(assessment, AssessmentState.SIGNED, by=by, at=at)
    assessment.signed_at, assessment.signed_by = at, _post(by)
    assessment.seen_on, assessment.review_on = date.fromisoformat(answers["present"]["seen_on"]), review_on
    assessment.save(update_fields=["state", "signed_at", "signed_by", "seen_on", "review_on"])
    _chronicle(ASSESSMENT_SIGNED, assessment, by=by, at=at, words={"review": date_long(review_on)})
    note(changed=("state",))
    return assessment


def _complete(assessment: Assessment, spec: Spec) -> dict[str, dict[str, Any]]:
    """Every section's answers; refused (CW-102) with the titles of those that want something."""
    rows = {row.code: row for row in AssessmentSection.objects.select_for_update().filter(assessment=assessment)}
    wanting = [
        section.title
        for section in spec.sections
        if progress_of(section, rows[section.code].answers, is_saved=rows[section.code].saved_at is not None)
        is not Progress.DONE
    ]
    if wanting:
        shown = wanting if len(wanting) <= 6 else [*wanting[:5], f"{len(wanting) - 5} more"]
        raise rules.COMPLETE_TO_SIGN.refused(what="; ".join(shown))
    return {code: row.answers for code, row in rows.items()}


def _review_day(answers: Mapping[str, Mapping[str, Any]], on: date, weeks: int) -> date:
    last = date.fromordinal(on.toordinal() + 7 * weeks)
    said = date.fromisoformat(answers["review"]["review_on"])
    if not on <= said <= last:
        raise rules.REVIEW_OF_ASSESSMENT.refused(weeks=weeks, day=date_long(last))
    return said


def _move(assessment: Assessment, end: AssessmentState, *, by: Actor, at: datetime) -> None:
    """Change the state in memory and write the row of it; the caller saves."""
    start = AssessmentState(assessment.state)
    if not may_move_assessment(start, end):
        raise rules.SIGNED_ALREADY.refused()
    assessment.state = end
    _write_transition(assessment, start.value, end, by=by, at=at)


def _write_transition(assessment: Assessment, start: str, end: AssessmentState, *, by: Actor, at: datetime) -> None:
    AssessmentTransition.objects.create(assessment=assessment, start=start, end=end, at=at, by=by.account_id)


def _chronicle(
    kind: EventKind, assessment: Assessment, *, by: Actor, at: datetime, words: Mapping[str, str] | None = None
) -> None:
    """One event about the child."""
    note(people=[assessment.child_id])
    record_event(
        kind, source=assessment, by=by, at=at, people=[assessment.child_id], family_id=assessment.case.family_id,
        team_id=assessment.case.team_id, code=f"version_{assessment.spec_version}",
        words={"reference": assessment.reference, **(words or {})},
    )  # fmt: skip


def _post(by: Actor) -> Post | None:
    return post_of(by, START_ASSESSMENT.roles)
