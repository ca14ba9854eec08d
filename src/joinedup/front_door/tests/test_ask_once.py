"""Asking once: what a school is reminded of, what is counted when it types it again, and who sees the numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from joinedup.core.errors import NotPermitted, NotVisible
from joinedup.front_door import queries, services
from joinedup.front_door.asking import Shown
from joinedup.front_door.models import Confirmation, Contact, Prefill, Referral, Repeat
from joinedup.front_door.tests.factories import (
    AT,
    CHILD,
    Partnership,
    make_partnership,
    places_of,
    query_of,
    receive,
    search_all,
    send,
)
from joinedup.front_door.tests.pages import Visitor, errors, heading, primary_buttons, words
from joinedup.front_door.tests.test_forms import WHOLE
from joinedup.organisations.tests.factories import make_organisation
from joinedup.person_index.models import AgencyRecord
from joinedup.person_index.queries import SearchQuery
from joinedup.person_index.tests.factories import make_record, person_of

pytestmark = pytest.mark.django_db

BORN = date(2015, 3, 14)
BEFORE = AT - timedelta(days=60)
ROWAN = replace(CHILD, birth_date=BORN, postcode="ZZ1 1AA")
FIND = {"given_name": "Rowan", "family_name": "Testerfield"}


@pytest.fixture
def place() -> Partnership:
    return make_partnership()


def own(place: Partnership, *, days: int = 5, **facts: Any) -> AgencyRecord:
    """What the school has supplied of Rowan, as of so many days ago."""
    given: dict[str, Any] = {"address": "1 Example Row", "postcode": "ZZ1 1AA", "sex": "F", "phone": "07700 900 123"}
    as_of = (AT - timedelta(days=days)).date()
    return make_record(agency=place.school, birth_date=BORN, as_of=as_of, at=BEFORE, **(given | facts))


def repeats() -> list[str]:
    return sorted(Repeat.objects.values_list("field", flat=True))


def typed(**more: str) -> dict[str, str]:
    """A referral about Rowan typed by hand."""
    by_hand = {
        "children-0-given_name": "ROWAN", "children-0-family_name": "Testerfield", "children-0-born_on_0": "14",
        "children-0-born_on_1": "3", "children-0-born_on_2": "2015", "children-0-postcode": "zz11aa",
        "children-0-address": "", "children-0-number": "", "children-0-school": "", "reach": "",
    }  # fmt: skip
    return WHOLE | by_hand | more


class TestWhatIsKnown:
    def test_a_school_finds_its_own_and_nobody_elses(self, place: Partnership) -> None:
        record = own(place)
        other = make_organisation(code="OTHER", name="Other School", kind="school")
        make_record(agency=other, given_name="Robin", birth_date=BORN, at=BEFORE)
        teacher = place.actor("teacher")
        found = queries.likely_children(teacher, SearchQuery(family_name="testerfield", birth_date=BORN))
        assert [each.key for each in found] == [f"record:{record.pk}"]
        assert found[0].source == "your school’s record"

    def test_an_earlier_contact_of_ones_own(self, place: Partnership) -> None:
        contact = send(place, at=BEFORE, people=(ROWAN,))
        person = contact.people.get()
        query = SearchQuery(given_name="rowan", family_name="testerfield")
        assert [each.key for each in queries.likely_children(place.actor("teacher"), query)] == [f"contact:{person.pk}"]
        assert queries.likely_children(place.actor("key_worker"), query) == ()
        with pytest.raises(NotVisible):
            queries.known_before(place.actor("key_worker"), f"contact:{person.pk}")

    def test_a_worry_about_staff_is_never_offered(self, place: Partnership) -> None:
        send(place, at=BEFORE, people=(ROWAN,), is_about_staff_member=True)
        query = SearchQuery(given_name="Rowan", family_name="Testerfield")
        assert queries.likely_children(place.actor("teacher"), query) == ()

    def test_somebody_elses_record_is_not_there(self, place: Partnership) -> None:
        record = make_record(agency=make_organisation(code="OTHER", name="Other"), at=BEFORE)
        for key in (f"record:{record.pk}", "record:nonsense", "contact:1", "contact:x", "nothing", ""):
            with pytest.raises(NotVisible):
                queries.known_before(place.actor("teacher"), key)

    def test_the_search_leaves_one_audit_row_naming_whom_it_showed(self, place: Partnership) -> None:
        from joinedup.access.models import AuditEvent

        record = own(place)
        queries.likely_children(place.actor("teacher"), SearchQuery(family_name="Testerfield", birth_date=BORN))
        row = AuditEvent.objects.filter(kind="search").latest("at", "pk")
        assert row.people == [person_of(record).pk]
        assert "Testerfield" not in row.subject_id

    def test_every_field_says_from_whom_and_when(self, place: Partnership) -> None:
        known = queries.known_before(place.actor("teacher"), f"record:{own(place).pk}")
        assert known.child["postcode"].sentence == "From your school’s record, 13 November 2026."
        assert known.child["school"].value == "Testerfield School"
        assert known.family["phone"].value == "07700 900 123"


class TestTheFormArrivesFilledIn:
    def test_finding_then_filled_in(self, place: Partnership) -> None:
        record = own(place)
        visitor = Visitor(place.accounts["teacher"])
        page = visitor.open("refer_find")
        assert heading(page) == "Is the child one you know already?"
        assert primary_buttons(page) == 1
        found = visitor.send("refer_find", FIND)
        assert "Rowan Testerfield" in words(found)
        assert f"known=record:{record.pk}" in found.content.decode()
        form = visitor.open("refer", query=f"?known=record:{record.pk}")
        text = form.content.decode()
        assert 'value="Rowan"' in text
        assert 'value="ZZ1 1AA"' in text
        assert "From your school’s record, 13 November 2026." in words(form)
        assert "Is this address still right?" not in words(form)

    def test_a_name_alone_is_not_enough_to_look(self, place: Partnership) -> None:
        page = Visitor(place.accounts["teacher"]).send("refer_find", {"family_name": "Testerfield"})
        assert errors(page) == ["Enter the first and last name, or the last name and date of birth, or a number"]

    def test_somebody_elses_record_is_no_page(self, place: Partnership) -> None:
        record = make_record(agency=make_organisation(code="OTHER", name="Other"), at=BEFORE)
        page = Visitor(place.accounts["teacher"]).open("refer", query=f"?known=record:{record.pk}")
        assert page.status_code == 404

    def test_kept_as_it_stood_is_never_asked_again(self, place: Partnership) -> None:
        record = own(place)
        visitor = Visitor(place.accounts["teacher"])
        told = typed(known=f"record:{record.pk}") | {"children-0-address": "1 Example Row", "children-0-sex": "F"}
        assert visitor.send("refer", told).url == "/referrals/new/check/"
        visitor.send("refer_check")
        assert Contact.objects.get().people.get(part="child").sex == "F"
        assert repeats() == []
        assert Prefill.objects.get().fields[:2] == ["given_name", "family_name"]

    def test_an_old_address_is_asked_about_and_a_yes_is_a_confirmation(self, place: Partnership) -> None:
        record = own(place, days=40)
        visitor = Visitor(place.accounts["teacher"])
        page = visitor.open("refer", query=f"?known=record:{record.pk}")
        assert "Is this address still right?" in words(page)
        assert 'value="ZZ1 1AA"' not in page.content.decode()
        told = typed(known=f"record:{record.pk}") | {"children-0-postcode": ""}
        unanswered = visitor.send("refer", told)
        assert "Select whether this is still right" in " ".join(errors(unanswered))
        assert visitor.send("refer", told | {"children-0-still_home": "yes"}).url == "/referrals/new/check/"
        visitor.send("refer_check")
        child = Contact.objects.get().people.get(part="child")
        assert (child.address, child.postcode) == ("1 Example Row", "ZZ1 1AA")
        row = Confirmation.objects.get()
        assert (row.group, row.answer, row.source_kind, row.source_id) == ("home", "yes", "record", record.pk)
        assert repeats() == []

    @pytest.mark.parametrize(("postcode", "expected"), [("ZZ1 1AA", ["postcode"]), ("ZZ2 2BB", [])])
    def test_changed_and_typed_the_same_again_is_one_repeat(
        self, place: Partnership, postcode: str, expected: list[str]
    ) -> None:
        record = own(place, days=40, address="")
        visitor = Visitor(place.accounts["teacher"])
        told = typed(known=f"record:{record.pk}") | {
            "children-0-still_home": "changed", "children-0-postcode": postcode, "children-0-sex": "F",
        }  # fmt: skip
        visitor.send("refer", told)
        visitor.send("refer_check")
        assert repeats() == expected
        assert Confirmation.objects.get().answer == "changed"

    def test_in_danger_nothing_has_to_be_confirmed(self, place: Partnership) -> None:
        record = own(place, days=40)
        visitor = Visitor(place.accounts["teacher"])
        told = typed(known=f"record:{record.pk}", danger="yes")
        assert visitor.send("refer", told).url == "/referrals/new/check/"

    def test_an_old_number_and_an_old_safe_way_are_asked_about(self, place: Partnership) -> None:
        contact = send(
            place, at=BEFORE, people=(ROWAN,), safe_contact_how="text", safe_contact_details="07700 900 123",
            safe_contact_when="Before 3pm", interpreter_language="Welsh",
        )  # fmt: skip
        key = f"contact:{contact.people.get().pk}"
        visitor = Visitor(place.accounts["teacher"])
        page = words(visitor.open("refer", query=f"?known={key}"))
        assert "Is this still a safe way to reach the family?" in page
        assert "Text message, 07700 900 123, Before 3pm. From what you told us, 19 September 2026." in page
        assert "Does anybody still need an interpreter" in page
        told = typed(known=key) | {
            "still_safe": "yes", "still_talking": "yes", "children-0-still_home": "not_known", "children-0-postcode": "",
        }  # fmt: skip
        visitor.send("refer", told)
        visitor.send("refer_check")
        sent = Contact.objects.latest("received_at")
        assert (sent.safe_contact_how, sent.safe_contact_when, sent.interpreter_language) == (
            "text", "Before 3pm", "Welsh",
        )  # fmt: skip
        answers = dict(Confirmation.objects.values_list("group", "answer"))
        assert answers == {"safe": "yes", "talking": "yes", "home": "not_known"}
        assert repeats() == []


class TestCounting:
    def test_typed_by_hand_though_known(self, place: Partnership) -> None:
        own(place)
        send(place, people=(ROWAN,))
        assert repeats() == ["address", "birth_date", "family_name", "given_name", "postcode"]
        row = Repeat.objects.filter(field="postcode").get()
        assert (row.source_kind, row.organisation, row.noticed) == ("record", place.school, "sent")
        assert row.typed_by == place.accounts["teacher"].pk
        assert len(row.digest) == 64
        assert "ZZ1" not in row.digest

    def test_a_twin_is_another_child(self, place: Partnership) -> None:
        own(place, given_name="Robin")
        send(place, people=(ROWAN,))
        assert repeats() == []

    def test_known_only_to_others_is_nobodys_fault(self, place: Partnership) -> None:
        make_record(
            agency=make_organisation(code="OTHER", name="Other"), birth_date=BORN, postcode="ZZ1 1AA", at=BEFORE
        )
        send(place, people=(ROWAN,))
        assert repeats() == []

    def test_supplied_only_afterwards_is_no_repeat(self, place: Partnership) -> None:
        send(place, at=BEFORE - timedelta(days=1), people=(ROWAN,))
        own(place)
        assert repeats() == []

    def test_told_before_by_the_same_person(self, place: Partnership) -> None:
        send(place, at=BEFORE, people=(ROWAN,))
        send(place, people=(replace(ROWAN, address="2 Other Road"),))
        assert repeats() == ["birth_date", "family_name", "given_name", "postcode"]
        assert set(Repeat.objects.values_list("source_kind", flat=True)) == {"contact"}

    def test_sent_twice_is_counted_once(self, place: Partnership) -> None:
        own(place)
        for _ in range(2):
            send(place, people=(ROWAN,), idempotency_key="same")
        assert len(repeats()) == 5

    def test_a_page_cannot_claim_somebody_elses_facts(self, place: Partnership) -> None:
        own(place)
        theirs = make_record(agency=make_organisation(code="OTHER", name="Other"), at=BEFORE)
        from joinedup.front_door.tests.factories import new_contact

        services.submit_referral(
            contact=new_contact(people=(ROWAN,)), shown=Shown(f"record:{theirs.pk}", ("postcode",)),
            by=place.actor("teacher"), at=AT,
        )  # fmt: skip
        assert not Prefill.objects.exists()

    def test_once_identified_another_spelling_counts_and_a_mistake_is_taken_back(self, place: Partnership) -> None:
        record = own(place)
        referral = receive(place, people=(replace(ROWAN, given_name="Rohan", birth_date=None),))
        assert repeats() == []
        worker = place.actor("worker")
        referral = services.take_referral(referral=referral, by=worker, at=AT)
        search_all(place, referral)
        child = places_of(referral)[0]
        services.identify_person(place=child, person_id=person_of(record).pk, reason="Same.", by=worker, at=AT)
        assert repeats() == ["address", "family_name", "postcode"]
        assert set(Repeat.objects.values_list("noticed", "typed_by")) == {("identified", place.accounts["teacher"].pk)}
        child.refresh_from_db()
        services.undo_identification(place=child, reason="Somebody else.", by=worker, at=AT)
        assert repeats() == []

    def test_a_call_counts_what_the_front_door_knew_but_not_what_somebody_is_found_by(self, place: Partnership) -> None:
        record = make_record(
            agency=make_organisation(code="OTHER", name="Other"), birth_date=BORN, address="1 Example Row",
            postcode="ZZ1 1AA", as_of=BEFORE.date(), at=BEFORE,
        )  # fmt: skip
        from joinedup.front_door.codes import Channel

        contact = send(
            place, sender="worker", channel=Channel.PHONE, source_code="2A", referrer_name="A caller", people=(ROWAN,)
        )
        worker = place.actor("worker")
        referral = services.take_referral(referral=Referral.objects.get(contact=contact), by=worker, at=AT)
        child = places_of(referral)[0]
        services.search_for(place=child, query=query_of(child), by=worker, at=AT)
        services.identify_person(place=child, person_id=person_of(record).pk, reason="Same.", by=worker, at=AT)
        assert repeats() == ["address", "postcode"]
        assert set(Repeat.objects.values_list("source_kind", flat=True)) == {"index"}


class TestTheMeasure:
    def test_for_managers_only(self, place: Partnership) -> None:
        assert queries.repeats(place.actor("manager")).this_month.repeats == 0
        for name in ("worker", "teacher", "key_worker"):
            with pytest.raises(NotPermitted):
                queries.repeats(place.actor(name))
            assert Visitor(place.accounts[name]).open("repeats").status_code == 403

    def test_by_month_organisation_and_field_with_what_they_count(self, place: Partnership) -> None:
        own(place)
        contact = send(place, people=(ROWAN,))
        page = queries.repeats(place.actor("manager"))
        assert (page.this_month.repeats, page.this_month.referrals) == (5, 1)
        assert [(tally.label, tally.n) for tally in page.organisations] == [("Testerfield School", 5)]
        assert {tally.label: tally.n for tally in page.fields}["Postcode"] == 1
        shown = Visitor(place.accounts["manager"]).open("repeats")
        assert "5 asked again this month" in words(shown)
        assert "<svg" in shown.content.decode()
        listed = Visitor(place.accounts["manager"]).open("repeats_counted", query="?month=2026-11&field=postcode")
        assert words(listed).count(contact.reference) == 1
        assert "ZZ1 1AA" not in words(listed)
        none = Visitor(place.accounts["manager"]).open("repeats_counted", query="?month=2026-10")
        assert "Nothing was asked again." in words(none)
        strange = Visitor(place.accounts["manager"]).open("repeats_counted", query="?organisation=x&month=y&field=z")
        assert "Nothing was asked again." in words(strange)

    def test_the_file_holds_numbers_only(self, place: Partnership) -> None:
        own(place)
        send(place, people=(ROWAN,))
        response = Visitor(place.accounts["manager"]).open("repeats_file")
        text = response.content.decode("utf-8-sig")
        assert text.splitlines()[0] == "Month,Organisation,Field,Asked again"
        assert "2026-11,Testerfield School,Postcode,1" in text
        assert "Rowan" not in text

    def test_the_familys_line(self, place: Partnership) -> None:
        own(place)
        referral = receive(place, people=(ROWAN,))
        worker = place.actor("worker")
        referral = services.take_referral(referral=referral, by=worker, at=AT)
        search_all(place, referral)
        for each in places_of(referral):
            services.create_person_for(place=each, despite="Somebody else.", by=worker, at=AT)
        referral = services.choose_family(referral=referral, family_id=None, by=worker, at=AT)
        assert referral.family_id is not None
        line = queries.asked_again(worker, family_id=referral.family_id)
        assert line.times == 5
        assert line.sentence.startswith("Asked again: 5 times (")
        page = words(Visitor(place.accounts["worker"]).open("family", family_id=referral.family_id))
        assert "Asked again: 5 times" in page


class TestSafeContactConfirmed:
    """Whoever is asked whether the safe way to reach them is still right, and says yes, has confirmed it."""

    def recorded(self, days: int, person: Any, **changes: Any) -> None:
        from joinedup.access.actor import system
        from joinedup.person_index.services import record_safe_contact

        at = AT - timedelta(days=days)
        said = {
            "how": "text",
            "details": "07700 900 123",
            "when": "",
            "not_through": "",
            "source": "the mother",
        } | changes
        record_safe_contact(person=person, **said, by=system(at), at=at)

    def test_said_the_same_again_is_a_confirmation_and_a_change_is_none(self, place: Partnership) -> None:
        person, other = person_of(own(place)), person_of(own(place, given_name="Ash", agency_reference="X2"))
        manager = place.actor("manager")
        before = queries.repeats(manager).this_month.confirmations
        self.recorded(9, person)
        self.recorded(9, other, details="07700 900 999")
        assert queries.repeats(manager).this_month.confirmations == before  # said for the first time
        self.recorded(5, person)
        assert queries.repeats(manager).this_month.confirmations == before + 1
        self.recorded(4, person, not_through="the father")
        assert queries.repeats(manager).this_month.confirmations == before + 1
        self.recorded(3, person)  # other than the last time: a change back
        assert queries.repeats(manager).this_month.confirmations == before + 1

    def test_it_stands_in_the_month_it_was_said_and_on_the_familys_line(self, place: Partnership) -> None:
        from joinedup.person_index.models import Family, FamilyMember

        person = person_of(own(place))
        family = Family.objects.create(name="Testerfield", created_at=BEFORE)
        FamilyMember.objects.create(family=family, person=person, part="child", starts_on=BEFORE.date())
        self.recorded(50, person)
        self.recorded(40, person)
        self.recorded(2, person)
        page = queries.repeats(place.actor("manager"))
        assert (page.this_month.confirmations, sum(month.confirmations for month in page.months)) == (1, 2)
        assert queries.asked_again(place.actor("manager"), family_id=family.pk).confirmations == 2
