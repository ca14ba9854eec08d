"""Asking: one question about one person for one purpose, from a named post to one organisation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.models import new_reference
from joinedup.information_sharing import events, rules
from joinedup.information_sharing.codes import INVOLVEMENT_ITEM, Part
from joinedup.information_sharing.lifecycle import LIVE, AgreementState, RequestState
from joinedup.information_sharing.models import (
    Agreement,
    AgreementItem,
    AgreementPost,
    BasisGiven,
    InformationRequest,
    LawfulBasis,
    SharingBasis,
    Withdrawal,
)
from joinedup.information_sharing.permissions import ASK_FOR_INFORMATION, CLOSE_REQUEST, GIVE_BASIS, WITHDRAW_REQUEST
from joinedup.information_sharing.services.steps import (
    _chronicle,
    _close_requests,
    _lock,
    _move_request,
    _require_in_force,
    _said,
    _write_move,
)
from joinedup.information_sharing.settings import answer_due, basis_ends_on
from joinedup.organisations.queries import post_of
from joinedup.person_index.queries import person_for_change

if TYPE_CHECKING:
    from joinedup.person_index.models import Person


@dataclass(frozen=True)
class Asking:
    """What is asked. `subject` is (kind, id) of what it is asked for, such as ("front_door.referral", "…");
    `family_agrees` is what is recorded there; `reason` says what must be known and why, at every level."""

    agreement_id: UUID
    organisation_id: UUID
    person_id: UUID
    purpose: str
    subject: tuple[str, str]
    level: int
    reason: str
    family_agrees: bool = False
    rating: str = ""
    family_id: UUID | None = None


@service(GIVE_BASIS)
def give_basis(
    *,
    subject: tuple[str, str],
    people: Collection[UUID],
    organisations: Collection[UUID],
    basis: str,
    reason: str,
    by: Actor,
    at: datetime,
) -> BasisGiven:
    """A manager says on which lawful basis (its code), and why, these organisations may be asked about these people for a
    matter, at levels 1 to 3 and without the family's agreement. It holds for these questions alone and for the days of
    the setting (28 at most), then it must be given anew; an earlier reason for the matter gives way. Raises Refused
    (IS-11)."""
    found = LawfulBasis.objects.filter(code=basis).first()
    if found is None:
        raise rules.BASIS_OF_MANAGER.refused("basis")
    words = _said(reason, rules.BASIS_OF_MANAGER)
    kind, record_id = subject
    BasisGiven.objects.filter(subject_kind=kind, subject_id=record_id, withdrawn_at__isnull=True).update(
        withdrawn_at=at
    )
    post = post_of(by, GIVE_BASIS.roles)
    given = BasisGiven.objects.create(
        subject_kind=kind, subject_id=record_id, basis=found, reason=words, post=post, given_at=at,
        given_by=by.account_id, people=sorted(people), organisations=sorted(organisations), ends_on=basis_ends_on(at),
    )  # fmt: skip
    note(people=set(people), changed=("basis",), words={"basis": basis, "subject": list(subject)}, subject=given)
    return given


@service(ASK_FOR_INFORMATION)
def ask_for_information(*, asking: Asking, by: Actor, at: datetime) -> InformationRequest:
    """Ask one organisation about one person. Nothing else waits for the answer (IS-7). Raises NotVisible for a person
    the asker may not see, and Refused (IS-1 to IS-10)."""
    person = person_for_change(by, asking.person_id, purpose="asking a partner what it knows")
    agreement = Agreement.objects.filter(pk=asking.agreement_id).first()
    if agreement is None:
        raise rules.IN_FORCE.refused()
    _require_in_force(agreement, at)
    post_id = _asking_post(agreement, by)
    name = _require_answerable(agreement, asking, person, at)
    if asking.family_agrees and _has_withdrawn(asking.person_id):
        asking = replace(asking, family_agrees=False)
    given = _basis_for(asking, at)
    if asking.level < 4 and given is None and not asking.family_agrees and _has_withdrawn(asking.person_id):
        raise rules.AGREEMENT_WITHDRAWN.refused()
    if not rules.is_asking_lawful(asking.level, family_agrees=asking.family_agrees, has_basis=given is not None):
        raise rules.AGREED_OR_BASED.refused()
    _require_not_asked(asking, name, by=by, at=at)
    request = _create(asking, agreement, post_id, given, by=by, at=at)
    _write_move(request, "", RequestState.ASKED, by=by, at=at)
    _chronicle(events.INFORMATION_ASKED, request, by=by, at=at, code=asking.purpose, words={"reason": request.reason})
    return request


def _create(
    asking: Asking, agreement: Agreement, post_id: UUID, given: BasisGiven | None, *, by: Actor, at: datetime
) -> InformationRequest:
    try:
        with transaction.atomic():
            return InformationRequest.objects.create(
                reference=new_reference("IR"), agreement=agreement, purpose=asking.purpose,
                organisation_id=asking.organisation_id, asked_by_id=post_id, person_id=asking.person_id,
                subject_kind=asking.subject[0], subject_id=asking.subject[1], family_id=asking.family_id,
                level=asking.level, rating=asking.rating, family_agrees=asking.family_agrees, basis_given=given,
                reason=_said(asking.reason, rules.WHY_SAID), asked_at=at, due_at=answer_due(at, asking.rating),
            )  # fmt: skip
    except IntegrityError:  # somebody asked the same at the same moment
        raise rules.ASKED_ALREADY.refused(organisation="This organisation", reference="a moment ago") from None


def _asking_post(agreement: Agreement, by: Actor) -> UUID:
    """IS-1: the asker's post that is named to ask."""
    named = AgreementPost.objects.filter(
        AgreementPost.is_named_at(by.at), agreement=agreement, part=Part.ASKS, post_id__in=by.post_ids
    )
    post_id = named.order_by("named_at").values_list("post_id", flat=True).first()
    if post_id is None:
        raise rules.ASKER_NAMED.refused()
    return post_id


def _require_answerable(agreement: Agreement, asking: Asking, person: Person, at: datetime) -> str:
    """IS-3, IS-4, IS-9, IS-10: somebody can answer, for this purpose, and there is something to share. Returns the
    organisation's name."""
    party = agreement.parties.select_related("organisation").filter(organisation_id=asking.organisation_id).first()
    answerers = AgreementPost.objects.filter(
        AgreementPost.is_named_at(at), agreement=agreement, organisation_id=asking.organisation_id, part=Part.ANSWERS
    )
    name = party.organisation.name if party else "This organisation"
    if party is None or not answerers.exists():
        raise rules.CAN_ANSWER.refused(organisation=name)
    if asking.purpose not in agreement.purposes:
        raise rules.PURPOSE_AGREED.refused()
    if asking.level not in {1, 2, 3, 4}:
        raise rules.LEVEL_KNOWN.refused()
    _said(asking.reason, rules.WHY_SAID)
    age = rules.age_on(person.birth_date, timezone.localdate(at))
    whole = AgreementItem.objects.filter(party=party, code=INVOLVEMENT_ITEM).first()
    why = rules.why_not(whole.rule, age=age, level=asking.level) if whole else "nothing is agreed."
    if why:
        raise rules.SOMETHING_TO_SHARE.refused(organisation=name, why=why)
    return name


def _basis_for(asking: Asking, at: datetime) -> BasisGiven | None:
    """The manager's reason that holds for this question, where one is needed: not at level 4, nor where the family
    agrees."""
    if asking.level == 4 or asking.family_agrees:
        return None
    day = timezone.localdate(at)
    return BasisGiven.covering(asking.subject, [asking.person_id], [asking.organisation_id], day).first()


def _has_withdrawn(person_id: UUID) -> bool:
    """Whether agreement to sharing about somebody was withdrawn, and none has been given since."""
    last = Withdrawal.objects.filter(person_id=person_id, withdrew_sharing=True).order_by("-recorded_at").first()
    if last is None:
        return False
    since = SharingBasis.objects.filter(person_id=person_id, basis__isnull=True, recorded_at__gt=last.recorded_at)
    return not since.filter(ended_at__isnull=True).exists()


def _require_not_asked(asking: Asking, name: str, *, by: Actor, at: datetime) -> None:
    """IS-8. What is still written down as open under an agreement that has ended is closed on the way."""
    same = InformationRequest.objects.select_related("agreement").filter(
        organisation_id=asking.organisation_id, person_id=asking.person_id, purpose=asking.purpose,
        subject_kind=asking.subject[0], subject_id=asking.subject[1], state__in=sorted(LIVE),
    )  # fmt: skip
    day = timezone.localdate(at)
    ended = [each for each in same if each.agreement.state_on(day) != AgreementState.IN_FORCE]
    _close_requests(ended, by=by, at=at, reason="The sharing agreement is no longer in force.")
    still = next((each for each in same if each not in ended), None)
    if still is not None:
        raise rules.ASKED_ALREADY.refused(organisation=name, reference=still.reference)


@service(WITHDRAW_REQUEST, on="request")
def withdraw_request(*, request: InformationRequest, reason: str, by: Actor, at: datetime) -> InformationRequest:
    """Take back a question nobody has answered. Both ends stop seeing what it let them see. Raises Refused."""
    _lock(request)
    _move_request(request, RequestState.WITHDRAWN, by=by, at=at, reason=_said(reason, rules.REASON_NEEDED))
    _chronicle(events.REQUEST_WITHDRAWN, request, by=by, at=at, words={"reason": reason.strip()})
    return request


@service(CLOSE_REQUEST, on="request")
def close_request(*, request: InformationRequest, reason: str = "", by: Actor, at: datetime) -> InformationRequest:
    """Nothing more is wanted: whoever was asked, and whoever asked, stop seeing what the request let them see."""
    _lock(request)
    _move_request(request, RequestState.CLOSED, by=by, at=at, reason=reason.strip())
    _chronicle(events.REQUEST_CLOSED, request, by=by, at=at, words={"reason": reason.strip()} if reason else None)
    return request


def close_requests_about(*, subject: tuple[str, str], reason: str, by: Actor, at: datetime) -> int:
    """Close whatever is open about a matter, because the matter is; returns how many. Called only inside a guarded
    service of the part that owns the subject, in its transaction, so it carries no permission of its own."""
    live = InformationRequest.objects.filter(
        subject_kind=subject[0], subject_id=subject[1], state__in=sorted(LIVE)
    ).order_by("pk")
    return _close_requests(list(live), by=by, at=at, reason=reason)
