"""An assessment without a referral: registered by somebody trained, led from a school, and never beside a case there is."""

from __future__ import annotations

import pytest

from joinedup.casework.models import CaseMember
from joinedup.casework.services import start_assessment
from joinedup.core.errors import NotPermitted, Refused
from joinedup.front_door import queries, services
from joinedup.front_door.codes import Answer, Outcome
from joinedup.front_door.models import LeadOffer, Referral, ReferralPerson
from joinedup.front_door.tests.factories import Partnership, decide, make_partnership, receive, send, with_family
from joinedup.organisations.tests.factories import AT
from joinedup.workforce.tests.factories import make_training

pytestmark = pytest.mark.django_db


def allocated(place: Partnership, referral: Referral) -> Referral:
    decide(place, referral, Outcome.EARLY_HELP, 2)
    referral.refresh_from_db()
    services.allocate_referral(
        referral=referral, team=place.north_team, reason="", version=referral.version, by=place.actor("manager"), at=AT
    )
    referral.refresh_from_db()
    return referral


def test_only_the_trained_register_for_what_they_sent_with_the_familys_agreement() -> None:
    place = make_partnership()
    contact = send(place)
    with pytest.raises(Refused) as untrained:
        services.register_assessment(contact=contact, by=place.actor("teacher"), at=AT)
    assert untrained.value.rule == "FD-95"
    for name in ("teacher", "key_worker"):
        make_training(place.accounts[name])
    with pytest.raises(NotPermitted):
        services.register_assessment(contact=contact, by=place.actor("key_worker"), at=AT)
    unasked = send(place, family_knows=Answer.NO, family_agrees=Answer.NOT_ASKED, agreement_reason="Not safe to ask.")
    with pytest.raises(Refused) as unagreed:
        services.register_assessment(contact=unasked, by=place.actor("teacher"), at=AT)
    assert unagreed.value.rule == "FD-96"
    first = services.register_assessment(contact=contact, by=place.actor("teacher"), at=AT)
    assert services.register_assessment(contact=contact, by=place.actor("teacher"), at=AT).pk == first.pk
    assert LeadOffer.objects.count() == 1


def test_they_lead_from_their_school_and_begin_with_what_they_said() -> None:
    place = make_partnership()
    make_training(place.accounts["teacher"])
    referral = with_family(place)
    services.register_assessment(contact=referral.contact, by=place.actor("teacher"), at=AT)
    seen = queries.registration_of_referral(place.actor("worker"), referral.pk)
    assert seen is not None
    assert (seen.name, seen.taken_as) == ("Teacher Testerly", "")
    case = allocated(place, referral).case
    assert case is not None
    assert case.lead_professional_id == place.posts["teacher"].pk
    child = ReferralPerson.objects.get(referral=referral, part="child")
    assert child.person_id is not None
    row = start_assessment(case=case, child_id=child.person_id, by=place.actor("teacher"), at=AT)
    assert row.sections.get(code="reason").known["reason"]["value"] == "Rowan comes to school hungry."


def test_where_somebody_leads_already_they_join() -> None:
    place = make_partnership()
    make_training(place.accounts["teacher"])
    first = allocated(place, with_family(place))
    assert first.case is not None
    from joinedup.casework.services import name_lead_professional

    name_lead_professional(
        case=first.case, post=place.posts["key_worker"], reason="", by=place.actor("team_manager"), at=AT
    )
    offer = LeadOffer.objects.create(contact=first.contact, post=place.posts["teacher"], offered_at=AT)
    from joinedup.front_door.services.registering import _take_up_offer

    first.case.refresh_from_db()
    from joinedup.access.actor import system
    from joinedup.access.guard import service
    from joinedup.front_door.permissions import ALLOCATE_REFERRAL

    @service(ALLOCATE_REFERRAL)
    def take_up(*, by: object, at: object) -> None:
        _take_up_offer(first, first.case, at=AT)

    take_up(by=system(AT), at=AT)
    offer.refresh_from_db()
    assert offer.taken_as == "member"
    assert first.case.lead_professional_id == place.posts["key_worker"].pk
    assert CaseMember.objects.filter(case=first.case, post=place.posts["teacher"], left_at=None).exists()


def test_nothing_is_registered_once_it_is_decided_elsewhere() -> None:
    place = make_partnership()
    make_training(place.accounts["teacher"])
    referral = allocated(place, with_family(place))
    with pytest.raises(Refused) as late:
        services.register_assessment(contact=referral.contact, by=place.actor("teacher"), at=AT)
    assert late.value.rule == "FD-97"
    assert receive(place).state == "received"
