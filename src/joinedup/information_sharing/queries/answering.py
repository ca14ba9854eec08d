"""What waits for an answer, and one request as whoever answers sees it: who it is, what may be shared, what is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.information_sharing import rules
from joinedup.information_sharing.codes import INVOLVEMENT_ITEM, PURPOSES
from joinedup.information_sharing.lifecycle import REQUEST_LABELS, WAITING, RequestState
from joinedup.information_sharing.models import (
    AgreementBasis,
    AgreementItem,
    AgreementParty,
    InformationRequest,
    InformationRequestQuerySet,
)
from joinedup.information_sharing.permissions import READ_TO_ANSWER
from joinedup.information_sharing.queries.records import BasisChoice, RequestSeen
from joinedup.information_sharing.queries.shown import RELATED, not_withheld, requests_shown
from joinedup.organisations.queries import names_of_posts
from joinedup.person_index.queries import IdentityForAgency, identity_for_agency, people_named

MOST_SHOWN = 100


@dataclass(frozen=True)
class ToAnswerRow:
    """One request on the worklist of whoever answers. The name shows only once somebody has opened it."""

    id: UUID
    reference: str
    organisation: str
    asked_by: str
    purpose: str
    asked_at: datetime
    due_at: datetime
    is_overdue: bool
    is_waiting: bool
    state: str
    state_label: str
    name: str


@dataclass(frozen=True)
class ToAnswer:
    """What waits, the first due first, and what was answered and is still open."""

    waiting: tuple[ToAnswerRow, ...]
    settled: tuple[ToAnswerRow, ...]

    @property
    def overdue(self) -> int:
        """How many should have been answered by now."""
        return sum(row.is_overdue for row in self.waiting)


@dataclass(frozen=True)
class PrefilledItem:
    """What the agency's own record says of an item already, and of which day that record is."""

    words: str
    source: str
    day: date


@dataclass(frozen=True)
class Prefilled:
    """What the agency's own record in the index says already."""

    is_known: bool = False
    source: str = ""
    day: date | None = None
    items: dict[str, PrefilledItem] = field(default_factory=dict)


@dataclass(frozen=True)
class ItemToAnswer:
    """One item of the agreement; with `why_not` it may not be shared about this person, and is shown as such."""

    code: str
    name: str
    justification: str
    rule: str
    years_back: int | None
    why_not: str
    prefilled: PrefilledItem | None


@dataclass(frozen=True)
class RequestToAnswer:
    """The answer screen. `identity` is None until somebody named to answer has opened the request."""

    request: RequestSeen
    organisation_kind: str
    title: str
    identity: IdentityForAgency | None
    prefilled: Prefilled
    items: tuple[ItemToAnswer, ...]
    bases: tuple[BasisChoice, ...]

    @property
    def allowed(self) -> tuple[ItemToAnswer, ...]:
        """What may be shared about this person at this level."""
        return tuple(item for item in self.items if not item.why_not)

    @property
    def left_out(self) -> tuple[ItemToAnswer, ...]:
        """What may not."""
        return tuple(item for item in self.items if item.why_not)


def _mine(viewer: Actor) -> InformationRequestQuerySet:
    """What the viewer is named to answer, without anybody withheld from them."""
    return not_withheld(viewer, InformationRequest.objects.to_answer_by(viewer))


def requests_to_answer(viewer: Actor) -> ToAnswer:
    """The requests that the viewer's posts are named to answer under agreements in force. One row in the trail names
    the people whose names show."""
    check(viewer, READ_TO_ANSWER)
    rows = list(_mine(viewer).select_related("organisation").order_by("due_at", "pk")[: MOST_SHOWN * 2])
    opened = {row.person_id for row in rows if row.state != RequestState.ASKED}
    people = people_named(opened) if opened else {}
    names = names_of_posts(viewer, {row.asked_by_id for row in rows}) if rows else {}
    audit.record_read(
        viewer, subject=(InformationRequest._meta.label_lower, ""), people=opened, purpose="requests to answer"
    )
    shown = [
        ToAnswerRow(
            id=row.pk,
            reference=row.reference,
            organisation=row.organisation.name,
            asked_by=names.get(row.asked_by_id, ""),
            purpose=PURPOSES.get(row.purpose, row.purpose),
            asked_at=row.asked_at,
            due_at=row.due_at,
            is_overdue=row.state in WAITING and row.due_at < viewer.at,
            is_waiting=row.state in WAITING,
            state=row.state,
            state_label=REQUEST_LABELS[RequestState(row.state)],
            name=people[row.person_id].name if row.state != RequestState.ASKED and row.person_id in people else "",
        )
        for row in rows
    ]
    waiting = tuple(row for row in shown if row.is_waiting)
    settled = tuple(row for row in reversed(shown) if not row.is_waiting)
    return ToAnswer(waiting[:MOST_SHOWN], settled[:MOST_SHOWN])


def count_to_answer(viewer: Actor) -> Counter[str]:
    """How many requests wait for the viewer's answer ("waiting"), and how many of them are late ("overdue")."""
    dues = _mine(viewer).filter(state__in=sorted(WAITING)).values_list("due_at", flat=True)
    return Counter({"waiting": len(dues), "overdue": sum(due < viewer.at for due in dues)})


def request_to_answer(viewer: Actor, request_id: UUID, *, purpose: str) -> RequestToAnswer:
    """One request for whoever is named to answer it; NotVisible for everybody else, and for everybody once it is
    closed or its agreement has ended. Until it was opened nothing says who it is about. The read is audited."""
    row = _mine(viewer).select_related(*RELATED, "person").filter(pk=request_id).first()
    if row is None or not can(viewer, READ_TO_ANSWER):
        raise NotVisible
    is_open = row.state != RequestState.ASKED
    audit.record_read(
        viewer,
        subject=(row._meta.label_lower, str(row.pk)),
        people=[row.person_id] if is_open else [],
        purpose=purpose,
    )
    party = _party(row)
    identity = _identity(viewer, row, party) if is_open else None
    prefilled = _prefilled(identity, list(party.items.all())) if identity else Prefilled()
    age = rules.age_on(row.person.birth_date, timezone.localdate(viewer.at))
    bases = AgreementBasis.objects.filter(agreement_id=row.agreement_id).select_related("basis").order_by("pk")
    return RequestToAnswer(
        request=requests_shown(viewer, [row])[0],
        organisation_kind=row.organisation.kind,
        title=row.agreement.title,
        identity=identity,
        prefilled=prefilled,
        items=tuple(
            ItemToAnswer(
                code=item.code,
                name=item.name,
                justification=item.justification,
                rule=rules.rule_in_words(item.rule),
                years_back=item.years_back,
                why_not=rules.why_not(item.rule, age=age, level=row.level) if is_open else "",
                prefilled=prefilled.items.get(item.code),
            )
            for item in party.items.all()
            if item.code != INVOLVEMENT_ITEM
        ),
        bases=tuple(
            BasisChoice(each.basis.code, each.basis.name, each.basis.words, each.basis.source, each.basis.is_verified)
            for each in bases
        ),
    )


def request_to_answer_for_change(viewer: Actor, request_id: UUID) -> InformationRequest:
    """A request to hand to the services that open, answer and refuse it; NotVisible for whoever is not named."""
    row = _mine(viewer).select_related("agreement", "person", "organisation").filter(pk=request_id).first()
    if row is None:
        raise NotVisible
    return row


def items_of(request: InformationRequest) -> list[AgreementItem]:
    """What the agreement says the organisation asked may and may not share."""
    items = AgreementItem.objects.filter(
        party__agreement_id=request.agreement_id, party__organisation_id=request.organisation_id
    )
    return list(items.order_by("position", "pk"))


def prefilled_from(viewer: Actor, request: InformationRequest) -> Prefilled:
    """What the organisation's own record says already, for the service that writes the answer."""
    party = _party(request)
    return _prefilled(_identity(viewer, request, party), list(party.items.all()))


def _party(request: InformationRequest) -> AgreementParty:
    items = Prefetch("items", queryset=AgreementItem.objects.order_by("position", "pk"))
    rows = AgreementParty.objects.prefetch_related(items)
    return rows.get(agreement_id=request.agreement_id, organisation_id=request.organisation_id)


def _identity(viewer: Actor, request: InformationRequest, party: AgreementParty) -> IdentityForAgency:
    agencies = [party.organisation_id, *([party.records_from_id] if party.records_from_id else [])]
    return identity_for_agency(viewer, request.person_id, agencies, kind=request.organisation.kind)


def _prefilled(identity: IdentityForAgency, items: list[AgreementItem]) -> Prefilled:
    """The newest own record counts; a column is found whatever its capitals and spaces."""
    if not identity.records:
        return Prefilled()
    record = identity.records[0]
    said = {_plain(column): words for column, words in record.as_supplied.items()}
    found = {
        item.code: PrefilledItem(said[_plain(item.column)], record.agency, record.as_of)
        for item in items
        if item.column and said.get(_plain(item.column), "").strip()
    }
    return Prefilled(True, record.agency, record.as_of, found)


def _plain(column: str) -> str:
    return "".join(letter for letter in column.casefold() if letter.isalnum())
