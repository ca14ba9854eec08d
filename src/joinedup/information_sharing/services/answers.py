"""Answering and refusing, by a post an agreement names for the organisation asked. Nothing said is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.information_sharing import events, rules
from joinedup.information_sharing.codes import INVOLVEMENT_ITEM, Involvement
from joinedup.information_sharing.lifecycle import REQUEST_LABELS, WAITING, RequestState
from joinedup.information_sharing.models import (
    AgreementItem,
    Answer,
    AnswerItem,
    InformationRequest,
    LawfulBasis,
    Refusal,
)
from joinedup.information_sharing.permissions import ANSWER_REQUEST, REFUSE_REQUEST
from joinedup.information_sharing.queries.answering import Prefilled, items_of, prefilled_from
from joinedup.information_sharing.services.steps import (
    _answering_post,
    _chronicle,
    _lock,
    _move_request,
    _require_in_force,
)


@dataclass(frozen=True)
class ItemSaid:
    """One allowed item as the agency says it, and when it happened where the agreement asks how long ago."""

    code: str
    words: str
    happened_on: date | None = None


@dataclass(frozen=True)
class ItemRefused:
    """One allowed item that the agency does not share, and why."""

    code: str
    reason_code: str
    words: str = ""


@dataclass(frozen=True)
class NewAnswer:
    """What an agency answers. `involvement` is one of `codes.Involvement`, `basis` the code of one of the agreement's
    lawful bases, `as_of` the day on which its records say this."""

    involvement: str
    as_of: date | None
    basis: str
    proportionality: str
    service: str = ""
    worker: str = ""
    worker_role: str = ""
    phone: str = ""
    email: str = ""
    started_on: date | None = None
    last_contact_on: date | None = None
    coverage_from: date | None = None
    coverage_to: date | None = None
    coverage_area: str = ""
    level_of_need: int | None = None
    judgement: str = ""
    items: Sequence[ItemSaid] = ()
    refused: Sequence[ItemRefused] = ()


@service(ANSWER_REQUEST, on="request")
def open_request(*, request: InformationRequest, by: Actor, at: datetime) -> InformationRequest:
    """Somebody named to answer opens the request: from now on they see who it is about. Opening it again changes
    nothing. Raises NotVisible for anybody who is not named, Refused (IS-2, IS-20)."""
    _lock(request)
    post_id = _answering_post(request, by)
    _require_in_force(request.agreement, at)
    if request.state == RequestState.ASKED:
        request.opened_by_id = post_id
        _move_request(request, RequestState.OPENED, by=by, at=at)
        _chronicle(events.REQUEST_OPENED, request, by=by, at=at)
    note(people=[request.person_id])
    return request


@service(ANSWER_REQUEST, on="request")
def answer_request(*, request: InformationRequest, answer: NewAnswer, by: Actor, at: datetime) -> Answer:
    """Answer a request that waits, or one refused before. Raises NotVisible for anybody who is not named to answer,
    Refused (IS-2, IS-20 to IS-31)."""
    post_id = _ready(request, by=by, at=at)
    if RequestState(request.state) not in WAITING | {RequestState.REFUSED}:
        raise rules.STILL_OPEN.refused(state=REQUEST_LABELS[RequestState(request.state)].lower())
    given = _write_answer(request, answer, post_id, number=1, correction="", by=by, at=at)
    if request.state == RequestState.ASKED:
        request.opened_by_id = post_id
        _move_request(request, RequestState.OPENED, by=by, at=at)
    _move_request(request, RequestState.ANSWERED, by=by, at=at)
    _chronicle(
        events.INFORMATION_SHARED, request, by=by, at=at, code=answer.involvement,
        words={"judgement": answer.judgement} if answer.judgement.strip() else None,
    )  # fmt: skip
    return given


@service(ANSWER_REQUEST, on="request")
def correct_answer(*, request: InformationRequest, answer: NewAnswer, reason: str, by: Actor, at: datetime) -> Answer:
    """Put an answer right while the request is open: a new row beside the old one, with what was wrong (IS-29)."""
    post_id = _ready(request, by=by, at=at)
    if request.state != RequestState.ANSWERED:
        raise rules.STILL_OPEN.refused(state=REQUEST_LABELS[RequestState(request.state)].lower())
    if not reason.strip():
        raise rules.CORRECTION_REASON.refused()
    number = Answer.objects.filter(request=request).count() + 1
    given = _write_answer(request, answer, post_id, number=number, correction=reason.strip(), by=by, at=at)
    _chronicle(
        events.ANSWER_CORRECTED, request, by=by, at=at, code=answer.involvement, words={"reason": reason.strip()}
    )
    return given


@service(REFUSE_REQUEST, on="request")
def refuse_request(
    *, request: InformationRequest, reason_code: str, words: str = "", by: Actor, at: datetime
) -> Refusal:
    """Refuse to share anything, with a reason of the list and in words. Counted by reason and organisation. Raises
    NotVisible for anybody who is not named to answer, Refused (IS-2, IS-20, IS-28)."""
    post_id = _ready(request, by=by, at=at)
    if RequestState(request.state) not in WAITING:
        raise rules.STILL_OPEN.refused(state=REQUEST_LABELS[RequestState(request.state)].lower())
    if not rules.is_refusal_reasoned(reason_code, words):
        raise rules.REASON_FOR_REFUSAL.refused()
    if request.state == RequestState.ASKED:
        request.opened_by_id = post_id
        _move_request(request, RequestState.OPENED, by=by, at=at)
    _move_request(request, RequestState.REFUSED, by=by, at=at)
    refusal = Refusal.objects.create(
        request=request, organisation_id=request.organisation_id, reason_code=reason_code, words=words.strip(),
        post_id=post_id, refused_at=at, refused_by=by.account_id,
    )  # fmt: skip
    _chronicle(
        events.SHARING_REFUSED, request, by=by, at=at, code=reason_code,
        words={"reason": words.strip()} if words.strip() else None,
    )  # fmt: skip
    return refusal


def _ready(request: InformationRequest, *, by: Actor, at: datetime) -> UUID | None:
    """Lock the request; the actor's post is named to answer it and its agreement is in force."""
    _lock(request)
    post_id = _answering_post(request, by)
    _require_in_force(request.agreement, at)
    return post_id


def _write_answer(
    request: InformationRequest,
    answer: NewAnswer,
    post_id: UUID | None,
    *,
    number: int,
    correction: str,
    by: Actor,
    at: datetime,
) -> Answer:
    basis = _require_lawful(request, answer, at)
    allowed = _allowed_items(request, answer, at)
    row = Answer.objects.create(
        request=request, number=number, correction_reason=correction, answered_by_id=post_id, answered_at=at,
        involvement=answer.involvement, service=answer.service.strip(), worker=answer.worker.strip(),
        worker_role=answer.worker_role.strip(), phone=answer.phone.strip(), email=answer.email.strip(),
        started_on=answer.started_on, last_contact_on=answer.last_contact_on, as_of=answer.as_of or timezone.localdate(at),
        coverage_from=answer.coverage_from, coverage_to=answer.coverage_to,
        coverage_area=answer.coverage_area.strip(), basis=basis, proportionality=answer.proportionality.strip(),
        level_of_need=answer.level_of_need, judgement=answer.judgement.strip(),
    )  # fmt: skip
    AnswerItem.objects.bulk_create(_items(row, answer, allowed, prefilled_from(by, request)))
    Refusal.objects.bulk_create(
        Refusal(
            request=request, answer=row, item_code=each.code, item_name=allowed[each.code].name,
            organisation_id=request.organisation_id, reason_code=each.reason_code, words=each.words.strip(),
            post_id=post_id, refused_at=at, refused_by=by.account_id,
        )
        for each in answer.refused
    )  # fmt: skip
    note(changed=("answer", *(each.code for each in answer.items)))
    return row


def _require_lawful(request: InformationRequest, answer: NewAnswer, at: datetime) -> LawfulBasis:
    """What the rules say of the answer itself; returns its lawful basis, which is one of the agreement's."""
    if answer.involvement not in set(Involvement):
        raise rules.NOTHING_FOUND_IS_NOTHING.refused()
    said = rules.Said(
        involvement=answer.involvement, worker=answer.worker, worker_role=answer.worker_role,
        started_on=answer.started_on, last_contact_on=answer.last_contact_on, as_of=answer.as_of,
        coverage_from=answer.coverage_from, coverage_to=answer.coverage_to, proportionality=answer.proportionality,
        level_of_need=answer.level_of_need, judgement=answer.judgement, has_items=bool(answer.items),
    )  # fmt: skip
    for rule, field in rules.faults_of_answer(said, on=timezone.localdate(at)):
        raise rule.refused(field)
    if answer.level_of_need not in {None, 1, 2, 3, 4}:
        raise rules.LEVEL_KNOWN.refused("level_of_need")
    basis = LawfulBasis.objects.filter(code=answer.basis, agreements__agreement_id=request.agreement_id).first()
    if basis is None:
        raise rules.BASIS_OF_AGREEMENT.refused()
    return basis


def _allowed_items(request: InformationRequest, answer: NewAnswer, at: datetime) -> dict[str, AgreementItem]:
    """The items the agreement lets this organisation share about this person at this level; every item said or refused
    is among them (IS-26), goes back no further than agreed (IS-27), and is refused only for a reason (IS-28)."""
    on = timezone.localdate(at)
    age = rules.age_on(request.person.birth_date, on)
    every = {item.code: item for item in items_of(request) if item.code != INVOLVEMENT_ITEM}
    for code in [each.code for each in answer.items] + [each.code for each in answer.refused]:
        item = every.get(code)
        why = rules.why_not(item.rule, age=age, level=request.level) if item else "it is not in the agreement."
        if why:
            raise rules.ITEM_ALLOWED.refused(f"item_{code}", name=item.name if item else code, why=why)
    for said in answer.items:
        if rules.is_too_long_ago(said.happened_on, every[said.code].years_back, on):
            raise rules.TOO_LONG_AGO.refused(
                f"item_{said.code}", years=every[said.code].years_back, name=every[said.code].name
            )
    for refused in answer.refused:
        if not rules.is_refusal_reasoned(refused.reason_code, refused.words):
            raise rules.REASON_FOR_REFUSAL.refused(f"item_{refused.code}")
    if {each.code for each in answer.items} & {each.code for each in answer.refused}:
        raise rules.REASON_FOR_REFUSAL.refused()
    return every


def _items(row: Answer, answer: NewAnswer, allowed: dict[str, AgreementItem], known: Prefilled) -> list[AnswerItem]:
    """The items, each with its source where the agency's own record says the same."""
    written = []
    for said in answer.items:
        prefilled = known.items.get(said.code)
        is_same = prefilled is not None and prefilled.words == said.words.strip()
        written.append(
            AnswerItem(
                answer=row, code=said.code, name=allowed[said.code].name, words=said.words.strip(),
                happened_on=said.happened_on, source=prefilled.source if prefilled and is_same else "",
                source_day=prefilled.day if prefilled and is_same else None,
            )
        )  # fmt: skip
    return written
