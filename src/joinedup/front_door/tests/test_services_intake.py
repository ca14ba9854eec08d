from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joinedup.access import audit
from joinedup.access.actor import public
from joinedup.access.models import AuditEvent
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, Refused
from joinedup.core.models import OutboxMessage
from joinedup.core.partnership import forget
from joinedup.front_door import intake, services
from joinedup.front_door.codes import Answer, Channel, Rating
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import (
    Contact,
    ContactPerson,
    DutyPage,
    RatingGiven,
    Referral,
    ReferrerReply,
    StaffAllegation,
)
from joinedup.front_door.tests.factories import (
    ask,
    child_called,
    identify_all,
    make_partnership,
    new_contact,
    receive,
    send,
    set_duty,
    triage,
)
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db


def refused(rule: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


def test_limits_of_the_tables_and_of_intake_agree() -> None:
    for model, most in ((Contact, intake.MOST), (ContactPerson, intake.MOST_OF_A_PERSON)):
        for name, length in most.items():
            held = model._meta.get_field(name).max_length
            assert held in (None, length), name


def test_a_professionals_contact_becomes_a_referral_and_is_kept_as_it_came() -> None:
    place = make_partnership()
    contact = send(place)
    assert (contact.organisation, contact.submitted_by) == (place.school, place.posts["teacher"])
    assert (contact.source_code, contact.referrer_name) == ("2A", "Teacher Testerly")
    assert contact.referrer_email == place.accounts["teacher"].email
    referral = Referral.objects.get(contact=contact)
    assert (referral.state, referral.reference, referral.rating) == (State.RECEIVED, contact.reference, "")
    assert referral.decide_by == AT.replace(day=19, hour=17)
    assert referral.locality == place.north
    assert [each.part for each in referral.people.order_by("pk")] == ["child", "parent"]
    assert Event.objects.get(kind="front_door.referral_received").people == []
    row = AuditEvent.objects.get(action="front_door.submit_referral")
    assert (row.subject_id, row.people) == (str(contact.pk), [])


def test_faults_are_all_returned_and_nothing_is_saved() -> None:
    place = make_partnership()
    with refused("FD-1") as caught:
        send(place, worry="", people=(), family_agrees=Answer.NO)
    assert [fault["rule"] for fault in caught.value.extra["faults"]] == ["FD-1", "FD-2", "FD-9"]
    assert not Contact.objects.exists()
    assert AuditEvent.objects.get(kind="refusal").rule == "FD-1"


def test_the_same_key_from_the_same_post_is_the_same_contact() -> None:
    place = make_partnership()
    first = send(place, idempotency_key="abc")
    assert send(place, idempotency_key="abc", worry="Said twice.").pk == first.pk
    assert send(place, sender="key_worker", idempotency_key="abc").pk != first.pk
    assert send(place, idempotency_key="").pk != send(place, idempotency_key="").pk
    assert ask(idempotency_key="abc").pk == ask(idempotency_key="abc").pk
    assert Contact.objects.count() == Referral.objects.count() == 5


def test_a_contact_saved_by_somebody_else_meanwhile_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two requests with one key at once: the database lets one through and the other finds it."""
    from joinedup.front_door.services import contacts

    place = make_partnership()
    first = send(place, idempotency_key="abc")
    answers = iter([None, first])
    monkeypatch.setattr(contacts, "_sent_before", lambda *_: next(answers))
    assert send(place, idempotency_key="abc").pk == first.pk


def test_only_the_front_door_writes_down_calls() -> None:
    place = make_partnership()
    call = {"channel": Channel.PHONE, "source_code": "1B", "referrer_name": "A neighbour"}
    contact = send(place, sender="worker", **call)
    assert (contact.submitted_by, contact.taken_by) == (None, place.posts["worker"])
    with pytest.raises(NotPermitted):
        send(place, sender="teacher", **call)
    with pytest.raises(NotPermitted):
        services.submit_referral(contact=new_contact(), by=public(AT), at=AT)
    assert AuditEvent.objects.filter(kind="refusal").count() == 2


def test_a_professional_cannot_pass_as_a_relative() -> None:
    place = make_partnership()
    assert send(place, source_code="1A").source_code == "2A"
    place.school.referral_source = ""
    place.school.save()
    assert send(place, source_code="1C").source_code == "8"


def test_a_public_contact_is_open_to_anybody() -> None:
    contact = ask()
    assert (contact.channel, contact.submitted_by, contact.organisation) == (Channel.PUBLIC, None, None)
    assert Referral.objects.filter(contact=contact).exists()
    for wrong in (services.ask_for_help, services.submit_referral):
        with pytest.raises((ValueError, NotPermitted)):
            wrong(contact=new_contact(channel=Channel.API), by=public(AT), at=AT)


def test_the_work_done_is_the_same_whether_the_child_is_known_or_not() -> None:
    place = make_partnership()
    identify_all(place, triage(place, people=(child_called("Known"),)))

    def statements(name: str) -> list[str]:
        forget()  # settings are kept for five seconds: ask for them each time
        with CaptureQueriesContext(connection) as captured:
            send(place, people=(child_called(name),))
        assert not [query for query in captured if "person_index" in query["sql"]]
        return [" ".join(query["sql"].split(" ")[:3]) for query in captured if "SAVEPOINT" not in query["sql"]]

    statements("Warm")
    assert statements("Known") == statements("Never heard of")


def test_nothing_is_saved_when_the_audit_row_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    place = make_partnership()

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        send(place)
    assert not Contact.objects.exists()
    assert not Referral.objects.exists()


# --- Red.


def test_danger_is_red_at_once_and_pages_the_person_on_duty() -> None:
    place = make_partnership()
    set_duty(place, "social_worker", "worker")
    night = AT.replace(day=21, hour=23)  # a Saturday
    set_duty(place, "social_worker", at=night)
    referral = receive(place, at=night, is_immediate_danger=True, family_agrees=Answer.NO)
    assert (referral.rating, referral.decide_by) == (Rating.RED, night + timedelta(hours=4))
    assert referral.is_safeguarding_concern
    page = DutyPage.objects.get()
    assert (page.post, page.paged_at, page.accepted_at) == (place.posts["social_worker"], night, None)
    message = OutboxMessage.objects.get(about_id=str(referral.pk))
    assert message.to == place.accounts["social_worker"].email
    assert "Testerfield" not in message.subject + message.body
    assert RatingGiven.objects.get().reason


def test_with_nobody_on_duty_red_goes_to_the_duty_address() -> None:
    place = make_partnership()
    receive(place, is_immediate_danger=True)
    page = DutyPage.objects.get()
    assert page.post is None
    assert page.message.to == "duty@council.example"


def test_red_is_paged_on_until_a_named_person_accepts_it() -> None:
    place = make_partnership()
    set_duty(place, "worker", "social_worker")
    referral = receive(place, is_immediate_danger=True)
    assert services.page_overdue(at=AT + timedelta(minutes=14)) == 0
    assert services.page_overdue(at=AT + timedelta(minutes=15)) == 1
    assert services.page_overdue(at=AT + timedelta(minutes=15)) == 0
    assert services.page_overdue(at=AT + timedelta(minutes=30)) == 1
    paged = [page.post for page in DutyPage.objects.order_by("paged_at")]
    assert paged == [place.posts["worker"], place.posts["social_worker"], place.posts["worker"]]
    assert AuditEvent.objects.filter(action="front_door.page_overdue", rule="FD-83").count() == 2
    # The one paged first accepts; nobody is paged any more and the referral is in their hands.
    first = DutyPage.objects.order_by("paged_at")[0]
    later = AT + timedelta(minutes=31)
    services.accept_page(page=first, by=place.actor("worker", later), at=later)
    assert services.page_overdue(at=AT + timedelta(days=1)) == 0
    referral.refresh_from_db()
    assert (referral.state, referral.held_by) == (State.IN_TRIAGE, place.posts["worker"])
    for page in DutyPage.objects.all():
        with refused("FD-80"):
            services.accept_page(page=page, by=place.actor("social_worker"), at=later)
    with pytest.raises(NotPermitted):
        services.accept_page(page=first, by=place.actor("teacher"), at=later)


def test_taking_a_red_referral_accepts_its_page() -> None:
    place = make_partnership()
    set_duty(place, "worker")
    triage(place, is_immediate_danger=True)
    assert DutyPage.objects.get().accepted_by == place.accounts["worker"].pk


def test_rating_red_pages_and_rating_down_takes_it_on() -> None:
    place = make_partnership()
    set_duty(place, "social_worker")
    referral = triage(place)
    by = place.actor("worker")
    services.rate_referral(referral=referral, rating=Rating.RED, reason="", version=referral.version, by=by, at=AT)
    assert DutyPage.objects.get().accepted_at is None
    services.rate_referral(
        referral=referral, rating=Rating.AMBER, reason="Police are there.", version=referral.version, by=by, at=AT
    )
    assert DutyPage.objects.get().accepted_by == by.account_id
    assert [row.rating for row in RatingGiven.objects.order_by("pk")] == ["red", "amber"]


def test_who_can_be_on_duty_and_when() -> None:
    place = make_partnership()
    turn = services.DutyTurn
    hour = timedelta(hours=1)
    by = place.actor("manager")
    for wrong, rule in (
        (turn(place.posts["worker"], AT, AT), "FD-81"),
        (turn(place.posts["worker"], AT - 2 * hour, AT - hour), "FD-81"),
        (turn(place.posts["key_worker"], AT, AT + hour), "FD-82"),
    ):
        with refused(rule):
            services.set_duty(turns=[wrong], by=by, at=AT)
    with pytest.raises(NotPermitted):
        services.set_duty(turns=[], by=place.actor("worker"), at=AT)
    services.set_duty(turns=[turn(place.posts["worker"], AT, AT + 8 * hour)], by=by, at=AT)
    # Somebody covers two hours in the middle; the rest of the turn stays.
    services.set_duty(turns=[turn(place.posts["manager"], AT + 2 * hour, AT + 4 * hour)], by=by, at=AT + hour)
    from joinedup.front_door.models import DutyPeriod

    said = DutyPeriod.objects.order_by("starts_at").values_list("post__title", "starts_at", "ends_at")
    assert [(title, (start - AT) // hour, (end - AT) // hour) for title, start, end in said] == [
        ("Front door worker", 0, 2),
        ("Front door manager", 2, 4),
        ("Front door worker", 4, 8),
    ]


# --- Allegations against staff.


def test_an_allegation_goes_to_the_designated_officer_alone() -> None:
    place = make_partnership()
    told = send(place, is_about_staff_member=True, worry="A member of staff hit Rowan.")
    usual = send(place)
    assert (told.reference[:2], len(told.reference)) == (usual.reference[:2], len(usual.reference))
    allegation = StaffAllegation.objects.get()
    assert not Referral.objects.filter(contact=told).exists()
    assert not Event.objects.filter(source_id=str(told.pk)).exists()
    assert not ReferrerReply.objects.filter(referral__contact=told).exists()
    assert OutboxMessage.objects.get(to=place.accounts["designated"].email).body.count("Rowan") == 0
    by = place.actor("designated")
    with pytest.raises(NotPermitted):
        services.take_allegation(allegation=allegation, by=place.actor("manager"), at=AT)
    services.take_allegation(allegation=allegation, by=by, at=AT)
    with refused("FD-91"):
        services.take_allegation(allegation=allegation, by=by, at=AT)
    with refused("FD-25"):
        services.close_allegation(allegation=allegation, reason=" ", by=by, at=AT)
    services.close_allegation(allegation=allegation, reason="Unfounded.", by=by, at=AT)
    with refused("FD-91"):
        services.close_allegation(allegation=allegation, reason="Again.", by=by, at=AT)


# --- Receipts.


def test_relatives_and_anonymous_callers_get_a_receipt_and_no_more() -> None:
    place = make_partnership()
    neighbour = ask(source_code="1B")
    reply = ReferrerReply.objects.get(referral__contact=neighbour)
    assert (reply.may_be_told, reply.how, reply.told_at) == ("receipt", "on_screen", AT)
    assert reply.message.to == "rowan@home.example"
    assert "Testerfield" not in reply.text
    call = {"channel": Channel.PHONE, "source_code": "9", "is_anonymous": True}
    anonymous = send(place, sender="worker", **call)
    nothing = ReferrerReply.objects.get(referral__contact=anonymous)
    assert (nothing.may_be_told, nothing.told_at) == ("nothing", None)
    assert "anonymous" in nothing.why_nothing
    assert not ReferrerReply.objects.filter(referral__contact=ask(source_code="1C")).exists()
    assert not ReferrerReply.objects.filter(referral__contact=send(place)).exists()
    assert mail.outbox == []
