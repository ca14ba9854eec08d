"""What somebody with bad intent, or bad luck, would try on the front door. Each test is named after the attack."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage

from joinedup.access import queries as access
from joinedup.access import services as access_services
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.casework.services import add_member
from joinedup.casework.tests.factories import make_case
from joinedup.core import notifications, partnership
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.models import OutboxMessage
from joinedup.front_door import queries, services
from joinedup.front_door.codes import Channel
from joinedup.front_door.models import Referral, ReferrerReply, StaffAllegation
from joinedup.front_door.telling import is_address, names_said
from joinedup.front_door.tests.factories import (
    Partnership,
    ask,
    decide,
    decided,
    identify_all,
    make_partnership,
    places_of,
    send,
    with_family,
)
from joinedup.front_door.tests.pages import Visitor, words
from joinedup.organisations.tests.factories import AT, make_post
from joinedup.person_index.models import Family
from joinedup.person_index.services import record_safe_contact

pytestmark = pytest.mark.django_db


def tell(place: Partnership, referral: Referral, how: str, text: str = "") -> ReferrerReply:
    return services.tell_referrer(referral=referral, how=how, text=text, by=place.actor("worker"), at=AT)


def refused_with(rule: str, call: Any) -> None:
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.rule == rule


# --- An allegation against a member of staff.


@pytest.mark.parametrize("name", ["worker", "social_worker", "manager"])
def test_a_colleague_of_the_accused_looks_for_the_allegation_in_the_outbox(name: str) -> None:
    place = make_partnership()
    contact = send(place, is_about_staff_member=True, worry="A worker of the front door frightened Rowan.")
    message = OutboxMessage.objects.get(about_id=str(StaffAllegation.objects.get().pk))
    assert message.to == place.accounts["designated"].email
    viewer = place.actor(name)
    assert contact.reference not in str([each.subject for each in access.outbox(viewer).messages])
    with pytest.raises(NotVisible):
        access.message(viewer, message.pk)
    seen = words(Visitor(place.accounts[name]).open("outbox"))
    assert contact.reference not in seen
    assert "designated" not in seen.lower()


def test_the_allegations_message_is_still_delivered(mailoutbox: list[EmailMessage]) -> None:
    place = make_partnership()
    send(place, is_about_staff_member=True)
    notifications.deliver_outbox(at=AT)
    assert [message.to for message in mailoutbox] == [[place.accounts["designated"].email]]


def test_an_administrator_reads_families_addresses_in_the_outbox() -> None:
    place = make_partnership()
    ask(source_code="1B", safe_contact_details="neighbour@home.example")
    keeper, _ = make_post(role=Role.SYSTEM_ADMINISTRATOR, name="Ada Testerly")
    seen = words(Visitor(keeper).open("outbox"))
    assert "home.example" in seen
    assert "neighbour@" not in seen
    assert "received what you told us" not in seen
    assert "neighbour@" in words(Visitor(place.accounts["worker"]).open("outbox"))


# --- What leaves the building.


@pytest.mark.parametrize(
    "address",
    ["x\r\nBcc: all@evil.example", "a@b.example, c@d.example", "nobody", "a@b", "a@b..example", "a b@c.example"],
)
def test_header_injection_and_nonsense_in_a_referrers_address(address: str) -> None:
    place = make_partnership()
    assert not is_address(address)
    refused_with("FD-57", lambda: send(place, channel=Channel.API, referrer_email=address))
    refused_with("FD-57", lambda: ask(safe_contact_details=address))
    # Danger is taken whatever else is wrong, and nothing is ever sent to such an address.
    danger = send(place, is_immediate_danger=True, referrer_email=address).referral
    assert danger.rating == "red"
    assert not OutboxMessage.objects.filter(to__contains="evil").exists()


def test_one_poisoned_message_does_not_stop_the_others(mailoutbox: list[EmailMessage]) -> None:
    owe = {"body": "Text", "about": ("", ""), "at": AT}
    notifications.owe_message(to="a@b.example", subject="One\nBcc: all@evil.example", **owe)
    notifications.owe_message(to="c@d.example", subject="Two", **owe)
    assert notifications.deliver_outbox(at=AT) == 1
    assert [message.subject for message in mailoutbox] == ["Two"]
    stuck = OutboxMessage.objects.get(sent_at__isnull=True)
    assert stuck.attempts == 1
    assert stuck.problem
    assert stuck.next_try_at > AT


def test_a_childs_name_in_an_email() -> None:
    place = make_partnership()
    referral = decided(place)
    refused_with("FD-58", lambda: tell(place, referral, "email", "Rowan will be seen by the North team."))
    assert not OutboxMessage.objects.filter(body__contains="Rowan").exists()
    assert tell(place, referral, "email", "The North team will be in touch, whatever rowans grow.").told_at == AT
    assert names_said("We will see him in May.", ["Will", "A"]) == []


def _asked(place: Partnership, **facts: Any) -> Referral:
    referral = ask(**facts).referral
    by = place.actor("worker")
    identify_all(place, services.take_referral(referral=referral, by=by, at=AT))
    services.choose_family(referral=referral, family_id=None, by=by, at=AT)
    referral.refresh_from_db()
    return referral


@pytest.mark.parametrize("how", ["none", "in_person", "phone"])
def test_an_email_to_somebody_who_said_since_that_email_is_not_safe(how: str) -> None:
    place = make_partnership()
    referral = _asked(place)
    decide(place, referral)
    referral.refresh_from_db()
    rowan, later = places_of(referral)[0].person, AT + timedelta(minutes=5)
    details = "07700 900123" if how == "phone" else ""
    record_safe_contact(
        person=rowan,
        how=how,
        details=details,
        when="",
        not_through="",
        source="visit",
        by=place.actor("worker"),
        at=later,
    )
    refused_with("FD-51", lambda: tell(place, referral, "email"))
    record = queries.referral(place.actor("worker"), referral.pk, purpose="test")
    assert record.reply is not None
    assert "email" not in record.reply.ways
    assert Visitor(place.accounts["worker"]).open("referral_reply", referral_id=referral.pk).status_code == 200


def test_a_decision_after_somebody_said_that_no_way_is_safe_owes_nothing() -> None:
    place = make_partnership()
    referral = _asked(place)
    record_safe_contact(
        person=places_of(referral)[0].person, how="none", details="", when="", not_through="", source="visit",
        by=place.actor("worker"), at=AT + timedelta(minutes=5),
    )  # fmt: skip
    decide(place, referral, at=AT + timedelta(minutes=6))
    assert ReferrerReply.objects.get(referral=referral).may_be_told == "nothing"


# --- The trail.


def test_reading_the_allocation_page_without_a_trace() -> None:
    place = make_partnership()
    referral = decided(place)
    rowan = places_of(referral)[0].person_id
    before = AuditEvent.objects.count()
    queries.allocation_advice(place.actor("manager"), referral.pk)
    row = AuditEvent.objects.order_by("-id").first()
    assert AuditEvent.objects.count() == before + 1
    assert (row.kind, rowan in row.people, row.purpose) == ("read", True, "allocation")


def test_reading_a_message_or_the_words_of_the_trail_without_a_trace() -> None:
    place = make_partnership()
    referral = decided(place)
    rowan = places_of(referral)[0].person_id
    told = tell(place, referral, "email")
    for read in (
        lambda viewer: access.message(viewer, told.message.pk),
        lambda viewer: access.outbox(viewer),
    ):
        read(place.actor("worker"))
        assert rowan in AuditEvent.objects.order_by("-id").first().people
    iris, _ = make_post(role=Role.INFORMATION_GOVERNANCE, name="Iris Testerly")
    Visitor(iris).open("audit")
    assert rowan in AuditEvent.objects.order_by("-id").first().people


# --- Reaching further than the post.


def test_a_member_of_the_team_around_the_child_opens_the_referral_and_who_sent_it() -> None:
    place = make_partnership()
    referral = with_family(place)
    case = make_case(team=place.north_team, family=referral.family, lead=place.posts["key_worker"])
    lead, manager = place.actor("key_worker"), place.actor("team_manager")
    add_member(case=case, post=place.posts["other_key_worker"], by=manager, at=AT)
    notice = services.pass_to_case(referral=referral, by=place.actor("worker"), at=AT)
    member = place.actor("other_key_worker", AT + timedelta(minutes=1))
    assert queries.referral(lead, referral.pk, purpose="test").reference == referral.reference
    for look in (
        lambda: queries.referral(member, referral.pk, purpose="test"),
        lambda: queries.referral_for_change(member, referral.pk),
        lambda: queries.notice_for_change(member, notice.pk),
    ):
        with pytest.raises(NotVisible):
            look()
    assert queries.notices(member) == []


def test_probing_for_another_teams_notice_leaves_a_refusal() -> None:
    place = make_partnership()
    referral = with_family(place)
    make_case(team=place.north_team, family=referral.family, lead=place.posts["key_worker"])
    notice = services.pass_to_case(referral=referral, by=place.actor("worker"), at=AT)
    ben = Visitor(place.accounts["other_key_worker"])
    assert ben.open("notice", notice_id=notice.pk).status_code == 404
    rows = AuditEvent.objects.filter(kind="refusal", actor_id=place.accounts["other_key_worker"].pk)
    assert [row.subject_id for row in rows] == [str(notice.pk)]


def test_the_button_for_a_new_family_pressed_twice() -> None:
    place = make_partnership()
    referral = with_family(place)
    family_id, how_many = referral.family_id, Family.objects.count()
    services.choose_family(referral=referral, family_id=None, by=place.actor("manager"), at=AT)
    assert (referral.family_id, Family.objects.count()) == (family_id, how_many)


# --- Settings that would stop referrals from coming in.


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("front_door.decision_clock", {}),
        ("front_door.decision_clock", {"kind": "SOON", "amount": 1}),
        ("front_door.decision_clock", {"kind": "CLOCK_HOURS", "amount": -1}),
        ("front_door.decision_clock", {"kind": "CLOCK_HOURS", "amount": 10**9}),
        ("front_door.decision_clock", {"kind": "CLOCK_HOURS", "amount": "NaN"}),
        ("front_door.rating_clocks", {"red": {"kind": "NONE"}}),
        ("front_door.rating_labels", {"red": 5}),
        ("front_door.rating_labels", {"red": "", "amber": "A", "green": "G", "blue": "B"}),
        ("front_door.working_hours", {"opens": "17:00", "closes": "09:00", "weekdays": [0], "closures": []}),
        ("front_door.working_hours", {"opens": "09:00", "closes": "17:00", "weekdays": [], "closures": []}),
        ("front_door.working_hours", {"opens": "09:00", "closes": "17:00", "weekdays": [9], "closures": ["x"]}),
        ("front_door.page_again_minutes", 10**12),
        ("front_door.page_again_minutes", 0),
        ("front_door.look_back_months", 10**6),
        ("front_door.help_requests_an_hour", 0),
        ("front_door.duty_email", "duty@council.example\nBcc: all@evil.example"),
        ("front_door.duty_phone", "a\0b"),
    ],
)
def test_a_setting_that_would_stop_referrals(key: str, value: Any) -> None:
    place = make_partnership()
    by = place.actor("manager")
    refused_with(
        "CO-3",
        lambda: access_services.change_setting(
            key=key, value=value, starts_on=date(2026, 11, 18), reason="Mischief", by=by, at=AT
        ),
    )
    assert send(place, is_immediate_danger=True).reference


def test_every_default_passes_its_own_check() -> None:
    for setting in partnership.declared_settings():
        if setting.check is not None:
            setting.check(setting.default)
