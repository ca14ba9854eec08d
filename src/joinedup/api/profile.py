"""The 360° profile as the API gives it: the same call as the page, the same viewer, the same shortening."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from joinedup.front_door.queries import Card, Profile


class ProfileItemOut(Schema):
    """One thing an agency said."""

    code: str
    name: str
    words: str
    happened_on: date | None
    source: str


class RefusalOut(Schema):
    """What an agency does not share, and why."""

    item: str = Field(description="Blank: the whole question.")
    reason_code: str
    reason: str
    words: str


class LateOut(Schema):
    """What came after the decision."""

    said_by: str
    words: str
    as_of: date
    came_at: datetime


class CardOut(Schema):
    """One agency about one person."""

    organisation: str
    reference: str
    state: str = Field(
        description="involved, in_the_past, nothing_found, refused, waiting, withdrawn or unanswered (closed before an "
        "answer came)."
    )
    label: str
    asked_at: datetime
    due_at: datetime
    is_overdue: bool
    involvement: str
    service: str
    worker: str
    worker_role: str
    phone: str
    email: str
    started_on: date | None
    last_contact_on: date | None
    as_of: date | None
    is_old: bool
    coverage: str
    items: list[ProfileItemOut]
    refusals: list[RefusalOut]
    late: list[LateOut]


class RecordOut(Schema):
    """What an agency's record in the index says already."""

    agency: str
    given_name: str
    family_name: str
    birth_date: date | None
    address: str
    postcode: str
    as_of: date
    is_old: bool


class ProfilePersonOut(Schema):
    """Somebody in the referral."""

    person_id: UUID
    name: str
    part: str
    birth_date: date | None
    answers: list[CardOut]
    records: list[RecordOut]
    lives_with: list[str]


class JudgementOut(Schema):
    """How a professional judges the level of need."""

    who: str
    said_by: str
    level: int | None
    words: str
    differs_because: str
    at: datetime
    is_front_door: bool


class ProfileOut(Schema):
    """Everything partners and the index know about the people of one referral. A receiving team gets it shortened."""

    referral_id: UUID
    reference: str
    state: str
    decide_by: datetime
    is_undecided: bool
    is_overdue: bool
    is_shortened: bool
    gathered_at: datetime
    summary: str
    people: list[ProfilePersonOut]
    differences: list[str]
    judgements: list[JudgementOut]


def profile_out(found: Profile) -> dict[str, Any]:
    """The profile as plain values."""
    same = (
        "referral_id",
        "reference",
        "decide_by",
        "is_undecided",
        "is_overdue",
        "is_shortened",
        "gathered_at",
        "summary",
    )
    judged = [*found.judgements, *([found.own_judgement] if found.own_judgement else [])]
    return {name: getattr(found, name) for name in same} | {
        "state": str(found.state),
        "people": [
            {
                "person_id": person.person_id,
                "name": person.name,
                "part": person.part,
                "birth_date": person.birth_date,
                "answers": [_card(card) for card in person.cards],
                "records": [
                    {"as_of": said.as_of, "is_old": said.is_old, "birth_date": said.record.birth_date}
                    | {name: getattr(said.record, name) for name in ("agency", "given_name", "family_name")}
                    | {"address": said.record.address, "postcode": said.record.postcode}
                    for said in person.records
                ],
                "lives_with": [mate.name for mate in person.lives_with],
            }
            for person in found.people
        ],
        "differences": [each.sentence for each in found.disagreements],
        "judgements": [each.__dict__ for each in judged],
    }


_ANSWERED = ("service", "worker", "worker_role", "phone", "email", "started_on", "last_contact_on", "as_of")
_BLANK: dict[str, Any] = dict.fromkeys(_ANSWERED[:5], "") | dict.fromkeys(_ANSWERED[5:])


def _card(card: Card) -> dict[str, Any]:
    asked, answer = card.request, card.answer
    refusals = [*([asked.refusal] if asked.refusal and not answer else []), *(answer.refused_items if answer else ())]
    return {
        "organisation": asked.organisation,
        "reference": asked.reference,
        "state": str(card.state),
        "label": card.label,
        "asked_at": asked.asked_at,
        "due_at": asked.due_at,
        "is_overdue": asked.is_overdue,
        "involvement": card.involvement,
        "is_old": card.is_old,
        "coverage": card.coverage,
        "items": [each.__dict__ for each in answer.items] if answer else [],
        "refusals": [each.__dict__ for each in refusals],
        "late": [each.__dict__ for each in card.late],
    } | ({name: getattr(answer, name) for name in _ANSWERED} if answer else _BLANK)
