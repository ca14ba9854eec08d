"""Rows turned into what is shown. Pieces of the queries; the callers have let the viewer in and audit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.information_sharing.codes import (
    INVOLVEMENT_LABELS,
    PURPOSES,
    REFUSAL_LABELS,
    Involvement,
    RefusalReason,
)
from joinedup.information_sharing.lifecycle import LIVE, REQUEST_LABELS, WAITING, AgreementState, RequestState
from joinedup.information_sharing.models import (
    Answer,
    AnswerItem,
    InformationRequest,
    InformationRequestQuerySet,
    Refusal,
)
from joinedup.information_sharing.queries.records import AnswerSeen, ItemShared, RefusalSeen, RequestSeen
from joinedup.organisations.queries import names_of_posts
from joinedup.person_index.queries import withheld_people

RELATED = ("agreement", "organisation", "basis_given__basis")


def not_withheld(viewer: Actor, rows: InformationRequestQuerySet) -> InformationRequestQuerySet:
    """Without requests about anybody withheld from the viewer: restricted people, their own family."""
    return rows if viewer.is_system else rows.exclude(person_id__in=withheld_people(viewer))


def state_now(request: InformationRequest, viewer: Actor) -> RequestState:
    """How a request stands at the viewer's moment: closed where its agreement is no longer in force."""
    written = RequestState(request.state)
    if written not in LIVE:
        return written
    in_force = request.agreement.state_on(timezone.localdate(viewer.at)) == AgreementState.IN_FORCE
    return written if in_force else RequestState.CLOSED


def requests_shown(viewer: Actor, rows: Iterable[InformationRequest]) -> list[RequestSeen]:
    """Requests with everything answered and refused; five queries however many there are."""
    found = list(rows)
    ids = [row.pk for row in found]
    answers: dict[UUID, list[Answer]] = defaultdict(list)
    for answer in Answer.objects.filter(request_id__in=ids).select_related("basis").order_by("request_id", "-number"):
        answers[answer.request_id].append(answer)
    items: dict[UUID, list[AnswerItem]] = defaultdict(list)
    for item in AnswerItem.objects.filter(answer__request_id__in=ids).order_by("pk"):
        items[item.answer_id].append(item)
    refusals: dict[UUID, list[Refusal]] = defaultdict(list)
    for refusal in Refusal.objects.filter(request_id__in=ids).order_by("-refused_at", "-pk"):
        refusals[refusal.request_id].append(refusal)
    posts = {row.asked_by_id for row in found} | {row.opened_by_id for row in found if row.opened_by_id}
    posts |= {each.answered_by_id for rows_ in answers.values() for each in rows_ if each.answered_by_id}
    posts |= {each.post_id for rows_ in refusals.values() for each in rows_ if each.post_id}
    posts |= {row.basis_given.post_id for row in found if row.basis_given and row.basis_given.post_id}
    names = names_of_posts(viewer, posts) if posts else {}
    return [_request(viewer, row, answers[row.pk], items, refusals[row.pk], names) for row in found]


def without_answer(request: RequestSeen) -> RequestSeen:
    """That it was answered or refused, and nothing of what was said: the ground to read that ends with the question."""
    refusal = replace(request.refusal, words="") if request.refusal else None
    return replace(request, answer=None, earlier_answers=(), refusal=refusal, is_answer_over=request.answer is not None)


def _request(
    viewer: Actor,
    row: InformationRequest,
    answers: list[Answer],
    items: dict[UUID, list[AnswerItem]],
    refusals: list[Refusal],
    names: dict[UUID, str],
) -> RequestSeen:
    state = state_now(row, viewer)
    shown = [_answer(each, items[each.pk], refusals, names) for each in answers]
    whole = next((each for each in refusals if not each.item_code), None)
    return RequestSeen(
        id=row.pk,
        version=row.version,
        reference=row.reference,
        agreement_id=row.agreement_id,
        agreement=row.agreement.reference,
        purpose=row.purpose,
        purpose_label=PURPOSES.get(row.purpose, row.purpose),
        organisation_id=row.organisation_id,
        organisation=row.organisation.name,
        person_id=row.person_id,
        subject=(row.subject_kind, row.subject_id),
        asked_by=names.get(row.asked_by_id, ""),
        asked_by_post_id=row.asked_by_id,
        asked_at=row.asked_at,
        due_at=row.due_at,
        is_overdue=state in WAITING and row.due_at < viewer.at,
        is_live=state in LIVE,
        is_waiting=state in WAITING,
        state=state,
        state_label=REQUEST_LABELS[state],
        level=row.level,
        rating=row.rating,
        family_agrees=row.family_agrees,
        basis_given=row.basis_given.basis.name if row.basis_given else "",
        basis_reason=row.basis_given.reason if row.basis_given else "",
        reason=row.reason,
        opened_at=row.opened_at,
        opened_by=names.get(row.opened_by_id, "") if row.opened_by_id else "",
        settled_at=row.settled_at,
        ended_at=row.ended_at,
        answer=shown[0] if shown else None,
        earlier_answers=tuple(shown[1:]),
        refusal=_refusal(whole, names) if whole else None,
    )


def _answer(row: Answer, items: list[AnswerItem], refusals: list[Refusal], names: dict[UUID, str]) -> AnswerSeen:
    return AnswerSeen(
        number=row.number,
        correction_reason=row.correction_reason,
        answered_at=row.answered_at,
        by=names.get(row.answered_by_id, "") if row.answered_by_id else "",
        involvement=row.involvement,
        involvement_label=INVOLVEMENT_LABELS[Involvement(row.involvement)],
        service=row.service,
        worker=row.worker,
        worker_role=row.worker_role,
        phone=row.phone,
        email=row.email,
        started_on=row.started_on,
        last_contact_on=row.last_contact_on,
        as_of=row.as_of,
        coverage_from=row.coverage_from,
        coverage_to=row.coverage_to,
        coverage_area=row.coverage_area,
        basis=row.basis.name,
        is_basis_verified=row.basis.is_verified,
        proportionality=row.proportionality,
        level_of_need=row.level_of_need,
        judgement=row.judgement,
        items=tuple(
            ItemShared(each.code, each.name, each.words, each.happened_on, each.source, each.source_day)
            for each in items
        ),
        refused_items=tuple(_refusal(each, names) for each in refusals if each.answer_id == row.pk),
    )


def _refusal(row: Refusal, names: dict[UUID, str]) -> RefusalSeen:
    return RefusalSeen(
        item=row.item_name,
        reason_code=row.reason_code,
        reason=REFUSAL_LABELS[RefusalReason(row.reason_code)],
        words=row.words,
        refused_at=row.refused_at,
        by=names.get(row.post_id, "") if row.post_id else "",
    )
