"""An assessment without a referral: registered by somebody trained, led from a school, and never beside a case there is."""

from __future__ import annotations

import pytest

from joinedup.casework.models import Case, CaseMember
from joinedup.casework.services import name_lead_professional, start_assessment
from joinedup.casework.tests.factories import make_person
from joinedup.casework.tests.test_views import Visitor
from joinedup.core.errors import NotPermitted, Refused
from joinedup.core.models import OutboxMessage
from joinedup.front_door import queries, services
from joinedup.front_door.codes import Answer, Outcome
from joinedup.front_door.models import CaseNotice, LeadOffer, Referral, ReferralPerson
from joinedup.front_door.tests.factories import (
    PARENT,
    Partnership,
    child_called,
    decide,
    make_partnership,
    receive,
    search_all,
    send,
    with_family,
)
from joinedup.organisations.tests.factories import AT
from joinedup.person_index.models import Family
from joinedup.person_index.services import join_family
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


@pytest.mark.parametrize("is_known", [True, False])
def test_the_open_case_of_a_sibling_is_found_and_no_second_one_is_opened(is_known: bool) -> None:
    """Wren, of whom the assessment is, is in no case; the brother's case is found, through the family where Wren is known to
    belong to it, else through the mother. Whoever registered learns nothing of it."""
    place = make_partnership()
    make_training(place.accounts["teacher"])
    first = allocated(place, with_family(place))
    case = first.case
    assert case is not None
    name_lead_professional(case=case, post=place.posts["key_worker"], reason="", by=place.actor("team_manager"), at=AT)
    family, mother = Family.objects.get(pk=first.family_id), case.people.get(part="parent").person
    wren = make_person(given_name="Wren", family_name="Testerfield") if is_known else None
    if wren is not None:
        join_family(family=family, person=wren, part="child", by=place.actor("worker"), at=AT)
    contact = send(place, people=(child_called("Wren"), PARENT))
    sent = services.register_assessment(contact=contact, by=place.actor("teacher"), at=AT)
    referral = Referral.objects.get(contact=contact)
    worker = place.actor("worker")
    services.take_referral(referral=referral, by=worker, at=AT)
    search_all(place, referral)
    child, parent = (ReferralPerson.objects.get(referral=referral, part=part) for part in ("child", "parent"))
    if wren is not None:
        services.identify_person(place=child, person_id=wren.pk, reason="The same.", by=worker, at=AT)
    else:
        services.identify_person(place=parent, person_id=mother.pk, reason="The same.", by=worker, at=AT)
        services.create_person_for(place=child, despite="Somebody else.", by=worker, at=AT)
        (choice,) = queries.referral(worker, referral.pk, purpose="test").families
        assert (choice.family_id, choice.open_case) == (family.pk, case.reference)
        referral.refresh_from_db()
        services.choose_family(referral=referral, family_id=family.pk, by=worker, at=AT)
    seen = queries.referral(worker, referral.pk, purpose="test")
    assert seen.notice is not None
    assert (seen.notice.case_reference, seen.notice.lead_professional) == (case.reference, "Key worker Testerly")
    assert (seen.state, Case.objects.count()) == ("passed_to_case", 1)
    for page in (
        "referral",
        "referral_people",
        "referral_triage",
        "referral_history",
        "referral_partners",
        "referral_profile_print",
    ):
        shown = Visitor(place.accounts["worker"]).open(page, referral_id=referral.pk).content.decode()
        assert 'aria-label="Lead professional"' in shown, page  # of the brother’s case, now that Wren is in the family
    assert queries.registration_of_referral(worker, referral.pk) is not None
    assert not Case.objects.visible_to(place.actor("teacher")).exists()
    assert LeadOffer.objects.get(pk=sent.pk).taken_as == ""  # who leads stays, and decides who joins
    _who_leads_decides_whether_they_join(place, referral, case, joins=is_known)


def _who_leads_decides_whether_they_join(place: Partnership, referral: Referral, case: Case, *, joins: bool) -> None:
    """The lead professional says it with their answer, and whoever registered is told of it, by name of nobody in the family."""
    lead = Visitor(place.accounts["key_worker"])
    notice = CaseNotice.objects.get(referral=referral)
    asked = lead.open("notice", notice_id=notice.pk).content.decode()
    assert "Teacher Testerly" in asked
    assert "registered an assessment of their own. Do they join the team around the child?" in asked
    with pytest.raises(Refused) as unsaid:
        services.acknowledge_notice(notice=notice, response="I ring the school.", by=place.actor("key_worker"), at=AT)
    assert unsaid.value.rule == "FD-75"
    said = {"what": "acknowledge", "response": "I ring the school.", "joins": "yes" if joins else "no"}
    assert lead.send("notice", said, notice_id=notice.pk).status_code == 302
    assert LeadOffer.objects.get(contact=referral.contact).taken_as == ("member" if joins else "declined")
    assert CaseMember.objects.filter(case=case, post=place.posts["teacher"], left_at=None).exists() is joins
    assert Case.objects.visible_to(place.actor("teacher")).exists() is joins
    (told,) = OutboxMessage.objects.filter(to=place.accounts["teacher"].email, subject__startswith="The assessment you")
    assert ("You are in the team" in told.body, "You do not lead it" in told.body) == (joins, not joins)
    assert "Key worker Testerly leads" in told.body
    assert not any(name in told.body for name in ("Wren", "Rowan", "Testerfield"))
    sent = Visitor(place.accounts["teacher"]).open("sent_contact", contact_id=referral.contact_id).content.decode()
    assert ("The case stands among yours" if joins else "you were told whom to ring") in sent
