"""Coming in: the public page, the referral form, and what a professional has sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache

from joinedup.front_door.models import Contact
from joinedup.front_door.tests.factories import Partnership, make_partnership, send
from joinedup.front_door.tests.pages import Visitor, errors, heading, primary_buttons, words
from joinedup.front_door.tests.test_forms import ASKED, WHOLE
from joinedup.front_door.views.ask import MOST_AN_HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts_left_over() -> Any:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def place() -> Partnership:
    return make_partnership()


class TestThePublicPage:
    def test_every_page_says_what_to_do_in_danger_and_offers_a_way_out(self) -> None:
        visitor = Visitor()
        for name in ("ask_for_help", "ask_for_help_form"):
            page = visitor.open(name)
            assert page.status_code == 200
            assert "call 999" in words(page)
            assert "Exit this page" in words(page)
            assert primary_buttons(page) == 1
        assert heading(visitor.open("ask_for_help")) == "Ask for help"

    def test_from_the_first_word_to_the_receipt(self) -> None:
        visitor = Visitor()
        assert visitor.send("ask_for_help_form", ASKED).url == "/help/check/"
        check = visitor.open("ask_for_help_check")
        assert heading(check) == "Check what you wrote"
        assert "07700 900 123" in words(check)
        assert visitor.send("ask_for_help_check").url == "/help/sent/"
        contact = Contact.objects.get()
        receipt = visitor.open("ask_for_help_sent")
        assert contact.reference in words(receipt)
        assert (contact.worry, contact.safe_contact_how) == (ASKED["worry"], "text")

    def test_nothing_stays_in_the_session_once_sent(self) -> None:
        visitor = Visitor()
        visitor.send("ask_for_help_form", ASKED)
        visitor.send("ask_for_help_check")
        assert "Rowan" not in str(dict(visitor.client.session))
        assert visitor.open("ask_for_help_check").url == "/help/ask/"

    def test_sending_twice_is_sending_once(self) -> None:
        visitor = Visitor()
        visitor.send("ask_for_help_form", ASKED)
        visitor.send("ask_for_help_check")
        visitor.send("ask_for_help_check")
        assert Contact.objects.count() == 1

    def test_what_is_missing_is_said_and_what_was_typed_stays(self) -> None:
        page = Visitor().send("ask_for_help_form", ASKED | {"how": ""})
        assert page.status_code == 200
        assert errors(page) == ["Choose one safe way to contact you"]
        assert "Rowan does not sleep." in words(page)
        assert "<title>Error: " in page.content.decode()

    def test_the_same_reply_whether_known_or_not(self, place: Partnership) -> None:
        known = send(place)
        replies = []
        for name in (str(known.people.get(part="child")), "Nobody Yettold"):
            visitor = Visitor()
            given, family = name.split()
            visitor.send("ask_for_help_form", ASKED | {"child_given_name": given, "child_family_name": family})
            visitor.send("ask_for_help_check")
            text = words(visitor.open("ask_for_help_sent"))
            reference = Contact.objects.latest("received_at", "pk").reference
            replies.append(text.replace(reference, ""))
        assert replies[0] == replies[1]

    def test_too_many_from_one_place_are_asked_to_phone_and_lose_nothing(self, monkeypatch: Any) -> None:
        monkeypatch.setattr("joinedup.front_door.views.ask.MOST_AN_HOUR", replace(MOST_AN_HOUR, default=1))
        for expected in (302, 429):
            visitor = Visitor()
            visitor.send("ask_for_help_form", ASKED)
            reply = visitor.send("ask_for_help_check")
            assert reply.status_code == expected
        assert heading(reply) == "Please call us instead"
        assert "01632 960 100" in words(reply)
        assert "Rowan does not sleep." in words(visitor.open("ask_for_help_check"))
        assert Contact.objects.count() == 1


class TestTheReferralForm:
    def test_a_school(self, place: Partnership) -> None:
        visitor = Visitor(place.accounts["teacher"])
        page = visitor.open("refer")
        assert heading(page) == "Ask for help for a child or family"
        assert "Teacher Testerly, Teacher, Testerfield School" in words(page)
        assert "call 999" in words(page)
        assert "Who is calling" not in words(page)
        assert primary_buttons(page) == 1

    def test_the_front_door_writes_down_a_call(self, place: Partnership) -> None:
        visitor = Visitor(place.accounts["worker"])
        assert heading(visitor.open("refer")) == "Write down a phone call"
        told = WHOLE | {"source_code": "9"}
        assert visitor.send("refer", told).url == "/referrals/new/check/"
        visitor.send("refer_check")
        contact = Contact.objects.get()
        assert contact.is_anonymous
        assert contact.taken_by == place.posts["worker"]

    def test_from_the_form_to_the_receipt(self, place: Partnership) -> None:
        visitor = Visitor(place.accounts["teacher"])
        assert visitor.send("refer", WHOLE).url == "/referrals/new/check/"
        check = visitor.open("refer_check")
        assert heading(check) == "Check your answers before you send them"
        assert "Rowan Testerfield" in words(check)
        assert "Three days running." in words(check)
        sent = visitor.send("refer_check")
        contact = Contact.objects.get()
        assert sent.url == f"/sent/{contact.pk}/"
        receipt = visitor.open("sent_contact", contact_id=contact.pk)
        assert contact.reference in heading(receipt)
        assert "one working day" in words(receipt)
        assert "What you wrote" in words(receipt)

    def test_sending_twice_is_sending_once(self, place: Partnership) -> None:
        visitor = Visitor(place.accounts["teacher"])
        visitor.send("refer", WHOLE)
        visitor.send("refer_check")
        assert visitor.send("refer_check").url == "/referrals/new/"
        assert Contact.objects.count() == 1

    def test_the_form_remembers_until_it_is_sent(self, place: Partnership) -> None:
        visitor = Visitor(place.accounts["teacher"])
        visitor.send("refer", WHOLE)
        assert "Three days running." in words(visitor.open("refer"))
        visitor.send("refer_check")
        assert "Three days running." not in words(visitor.open("refer"))

    def test_what_is_missing_is_said_and_what_was_typed_stays(self, place: Partnership) -> None:
        page = Visitor(place.accounts["teacher"]).send("refer", WHOLE | {"knows": ""})
        assert errors(page) == ["Select whether the family knows"]
        assert "Three days running." in words(page)

    def test_a_second_child_is_added_by_a_button(self, place: Partnership) -> None:
        page = Visitor(place.accounts["teacher"]).send("refer", WHOLE | {"worry": "", "children-add": "1"})
        assert "Child 2" in words(page)
        assert errors(page) == []
        assert "Enter what you are worried about" not in words(page)
        assert 'value="Rowan"' in page.content.decode()

    def test_a_worry_about_staff_makes_no_referral(self, place: Partnership) -> None:
        visitor = Visitor(place.accounts["teacher"])
        visitor.send("refer", WHOLE | {"about": "staff"})
        assert "only to the designated officer" in words(visitor.open("refer_check"))
        visitor.send("refer_check")
        assert not hasattr(Contact.objects.get(), "referral")

    def test_a_worry_about_staff_needs_no_child_and_no_family(self, place: Partnership) -> None:
        visitor = Visitor(place.accounts["teacher"])
        typed = {name: "" for name in WHOLE if name.startswith("children-0-")} | {"knows": "", "agrees": ""}
        visitor.send("refer", WHOLE | typed | {"about": "staff"})
        assert "only to the designated officer" in words(visitor.open("refer_check"))
        visitor.send("refer_check")
        assert not Contact.objects.get().people.exists()

    def test_what_was_not_sent_is_named_and_can_be_left(self, place: Partnership) -> None:
        visitor = Visitor(place.accounts["teacher"])
        assert "We kept what you typed" not in words(visitor.open("refer"))
        visitor.send("refer", WHOLE)
        page = visitor.open("refer")
        assert "We kept what you typed at 10am on 18 November 2026." in words(page)
        assert primary_buttons(page) == 1
        empty = visitor.open("refer", query="?draft=new")
        assert "We kept what you typed" not in words(empty)
        assert 'value="Rowan"' not in empty.content.decode()

    def test_nobody_without_an_account(self) -> None:
        assert Visitor().open("refer").url.startswith("/account/login/")


class TestWhatWasSent:
    def test_a_school_sees_its_own(self, place: Partnership) -> None:
        contact = send(place)
        visitor = Visitor(place.accounts["teacher"])
        page = visitor.open("sent_contacts")
        assert heading(page) == "What you have sent"
        assert contact.reference in words(page)
        assert primary_buttons(page) == 1

    def test_nobody_elses(self, place: Partnership) -> None:
        contact = send(place)
        assert Visitor(place.accounts["key_worker"]).open("sent_contact", contact_id=contact.pk).status_code == 404
        assert contact.reference not in words(Visitor(place.accounts["key_worker"]).open("sent_contacts"))

    def test_none_yet(self, place: Partnership) -> None:
        assert "You have not sent anything yet" in words(Visitor(place.accounts["teacher"]).open("sent_contacts"))
