"""A phone call about somebody known: found first, filled in, confirmed where old, and nothing asked again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from joinedup.access.models import AuditEvent
from joinedup.core.errors import NotPermitted, NotVisible
from joinedup.core.models import Draft
from joinedup.front_door import queries, services
from joinedup.front_door.models import Confirmation, Contact, Prefill, Referral, Repeat
from joinedup.front_door.tests.factories import AT, Partnership, make_partnership, places_of, query_of
from joinedup.front_door.tests.pages import Visitor, heading, primary_buttons, words
from joinedup.front_door.tests.test_forms import WHOLE
from joinedup.front_door.tests.test_restricted_people import SECRET, World
from joinedup.front_door.tests.test_views_kept import hidden, save
from joinedup.organisations.tests.factories import make_organisation
from joinedup.person_index import services as index
from joinedup.person_index.models import Person, RestrictedMatch
from joinedup.person_index.queries import SearchQuery
from joinedup.person_index.tests.factories import make_family, make_person, make_record, person_of

pytestmark = pytest.mark.django_db

BORN = date(2015, 3, 14)
BEFORE = AT - timedelta(days=60)
ROWAN = SearchQuery(given_name="Rowan", family_name="Testerfield", birth_date=BORN)
FIND = {
    "given_name": "Rowan",
    "family_name": "Testerfield",
    "birth_date_0": "14",
    "birth_date_1": "3",
    "birth_date_2": "2015",
}
HOME = {"children-0-address": "1 Example Row", "children-0-postcode": "ZZ1 1AA"}


@pytest.fixture
def place() -> Partnership:
    return make_partnership()


def known(*, days: int = 5, **facts: Any) -> Person:
    """Rowan as housing supplied her so many days ago, with her mother and the family's phone."""
    agency = make_organisation(code="HOUSING", name="Example Homes")
    as_of = (AT - timedelta(days=days)).date()
    given: dict[str, Any] = {"address": "1 Example Row", "postcode": "ZZ1 1AA", "sex": "F", "phone": "07700 900 123"}
    child = person_of(make_record(agency=agency, birth_date=BORN, as_of=as_of, at=BEFORE, **(given | facts)))
    make_family((child, "child"), (make_person(given_name="Ash", family_name="Testerfield"), "parent"))
    return child


def call(**more: str) -> dict[str, str]:
    """A call about Rowan as the form arrived, the number confirmed as safe to ring."""
    by_hand = {
        "source_code": "2A", "referrer_name": "A caller", "children-0-given_name": "Rowan",
        "children-0-family_name": "Testerfield", "children-0-born_on_0": "14", "children-0-born_on_1": "3",
        "children-0-born_on_2": "2015", "children-0-sex": "F", "reach": "usual", "usual_phone": "07700 900123",
        "carers-0-given_name": "Ash", "carers-0-family_name": "Testerfield",
    }  # fmt: skip
    return WHOLE | by_hand | HOME | more


def repeats() -> list[str]:
    return sorted(Repeat.objects.values_list("field", flat=True))


def write_down(place: Partnership, child: Person, told: dict[str, str]) -> Contact:
    """From the form to the receipt."""
    visitor = Visitor(place.accounts["worker"])
    assert visitor.send("refer_about", told, person_id=child.pk).url == "/referrals/new/check/"
    assert visitor.open("refer_check").status_code == 200
    assert visitor.send("refer_check").url.startswith("/sent/")
    assert not Draft.objects.exists()
    return Contact.objects.latest("received_at")


def identify(place: Partnership, contact: Contact, person: Person) -> None:
    worker = place.actor("worker")
    referral = services.take_referral(referral=Referral.objects.get(contact=contact), by=worker, at=AT)
    child = places_of(referral)[0]
    services.search_for(place=child, query=query_of(child), by=worker, at=AT)
    services.identify_person(place=child, person_id=person.pk, reason="Same.", by=worker, at=AT)


class TestFinding:
    def test_found_then_filled_in(self, place: Partnership) -> None:
        child = known()
        visitor = Visitor(place.accounts["worker"])
        page = visitor.open("refer_find")
        assert heading(page) == "Who is the call about?"
        assert primary_buttons(page) == 1
        found = visitor.send("refer_find", FIND)
        assert "Rowan Testerfield" in words(found)
        assert f"/referrals/new/about/{child.pk}/" in found.content.decode()
        form = visitor.open("refer_about", person_id=child.pk)
        text = form.content.decode()
        assert heading(form) == "Write down a phone call"
        assert primary_buttons(form) == 1
        for value in ("Rowan", "ZZ1 1AA", "1 Example Row", "Ash", "07700 900 123"):
            assert f'value="{value}"' in text, value
        assert "From Example Homes, 13 November 2026." in words(form)
        assert "Is this address still right?" not in words(form)

    def test_whoever_sends_for_many_schools_is_not_taken_for_a_school(self, place: Partnership) -> None:
        forum = make_organisation(code="FORUM", name="Example Schools Forum", kind="school")
        child = person_of(make_record(agency=forum, birth_date=BORN, at=BEFORE))
        known_now = queries.known_before(place.actor("worker"), f"index:{child.pk}")
        assert "school" not in known_now.child
        assert known_now.child["given_name"].source == "Example Schools Forum"

    def test_the_read_names_everybody_shown(self, place: Partnership) -> None:
        child = known()
        queries.known_before(place.actor("worker"), f"index:{child.pk}")
        row = AuditEvent.objects.filter(kind="read").latest("at", "pk")
        assert child.pk in row.people
        assert len(row.people) == 2

    def test_too_little_and_nobody_still_lead_to_an_empty_form(self, place: Partnership) -> None:
        visitor = Visitor(place.accounts["worker"])
        little = visitor.send("refer_find", {"given_name": "Rowan"})
        assert "Give a little more" in words(little)
        nobody = visitor.send("refer_find", {"given_name": "Nobody", "family_name": "Whatever"})
        assert "Nobody found" in words(nobody)
        assert nobody.content.decode().count("?draft=new") == 1

    def test_only_the_front_door_looks_in_the_whole_index(self, place: Partnership) -> None:
        child = known()
        teacher = place.actor("teacher")
        with pytest.raises(NotPermitted):
            queries.likely_callers_child(teacher, ROWAN)
        with pytest.raises(NotVisible):
            queries.known_before(teacher, f"index:{child.pk}")
        visitor = Visitor(place.accounts["teacher"])
        assert visitor.open("refer_about", person_id=child.pk).status_code == 404
        assert visitor.open("refer", query=f"?known=index:{child.pk}").status_code == 404

    def test_nobody_and_nonsense_are_not_there(self, place: Partnership) -> None:
        for key in (f"index:{place.school.pk}", "index:nonsense", "index:"):
            with pytest.raises(NotVisible):
                queries.known_before(place.actor("worker"), key)

    def test_who_must_not_be_reached_is_said_before_anything_is_asked(self, place: Partnership) -> None:
        child = known()
        index.record_safe_contact(
            person=child, how="none", details="", when="", not_through="", source="Said in person",
            by=place.actor("worker"), at=BEFORE,
        )  # fmt: skip
        page = Visitor(place.accounts["worker"]).open("refer_about", person_id=child.pk)
        assert "Rowan Testerfield: Do not contact them." in words(page)


class TestCounting:
    def test_a_call_about_a_known_family_asks_nothing_again(self, place: Partnership) -> None:
        child = known()
        contact = write_down(place, child, call())
        assert repeats() == []
        kept = Prefill.objects.get(contact=contact)
        assert (kept.source_kind, kept.source_id) == ("index", child.pk)
        assert {"address", "postcode", "safe_contact_details"} <= set(kept.fields)
        identify(place, contact, child)
        assert repeats() == []

    def test_the_same_call_begun_empty_is_asked_again(self, place: Partnership) -> None:
        child = known()
        visitor = Visitor(place.accounts["worker"])
        visitor.send("refer", call())
        visitor.send("refer_check")
        assert repeats() == []
        identify(place, Contact.objects.get(), child)
        assert repeats() == ["address", "postcode", "safe_contact_details"]

    def test_old_facts_are_confirmed_and_a_yes_is_no_repeat(self, place: Partnership) -> None:
        child = known(days=40)
        page = words(Visitor(place.accounts["worker"]).open("refer_about", person_id=child.pk))
        assert "Is this address still right?" in page
        assert "Is this number still right?" in page
        blank = dict.fromkeys(HOME, "") | {"usual_phone": ""}
        contact = write_down(place, child, call(**blank, **{"children-0-still_home": "yes", "still_phone": "yes"}))
        typed = contact.people.get(part="child")
        assert (typed.address, typed.postcode, contact.safe_contact_details) == (
            "1 Example Row",
            "ZZ1 1AA",
            "07700 900 123",
        )
        assert dict(Confirmation.objects.values_list("group", "answer")) == {"home": "yes", "phone": "yes"}
        assert set(Confirmation.objects.values_list("source_kind", "source_said_on")) == {("index", date(2026, 10, 9))}
        identify(place, contact, child)
        assert repeats() == []

    @pytest.mark.parametrize(("postcode", "expected"), [("zz11aa", ["postcode"]), ("ZZ2 2BB", [])])
    def test_changed_and_typed_the_same_again_is_one_repeat(
        self, place: Partnership, postcode: str, expected: list[str]
    ) -> None:
        child = known(days=40)
        more = {
            "children-0-still_home": "changed", "children-0-address": "2 Other Road",
            "children-0-postcode": postcode, "reach": "unknown", "usual_phone": "",
        }  # fmt: skip
        contact = write_down(place, child, call(**more))
        assert repeats() == expected
        assert set(Repeat.objects.values_list("source_kind", "typed_by")) <= {("index", place.accounts["worker"].pk)}
        identify(place, contact, child)
        assert repeats() == expected

    def test_somebody_else_after_all_counts_nothing_that_stood_there(self, place: Partnership) -> None:
        child = known()
        agency = make_organisation(code="CLINIC", name="Example Clinic")
        twin = person_of(
            make_record(agency=agency, given_name="Robin", birth_date=BORN, as_of=BEFORE.date(), at=BEFORE,
                        address="1 Example Row", postcode="ZZ1 1AA")
        )  # fmt: skip
        identify(place, write_down(place, child, call()), twin)
        assert repeats() == []


class TestRestricted:
    FIND = {
        "given_name": "Wren", "family_name": "Hiddenfield", "birth_date_0": "6", "birth_date_1": "5",
        "birth_date_2": "2014", "postcode": "ZZ1 7QQ",
    }  # fmt: skip

    def test_the_search_looks_ordinary_and_tells_the_guardian(self) -> None:
        world = World()
        visitor = Visitor(world.place.accounts["worker"], AT)
        met = visitor.send("refer_find", self.FIND)
        absent = visitor.send("refer_find", self.FIND | {"given_name": "Zebedee", "family_name": "Otherstone",
                                                         "postcode": "ZZ9 9ZZ", "birth_date_2": "1999"})  # fmt: skip
        assert words(met) == words(absent)
        assert "Nobody found" in words(met)
        row = RestrictedMatch.objects.get()
        assert row.restriction == world.restriction
        assert "phone call" in row.purpose

    def test_their_form_is_not_there(self) -> None:
        world = World()
        page = Visitor(world.place.accounts["worker"], AT).open("refer_about", person_id=world.wren.pk)
        assert page.status_code == 404

    def test_a_restricted_carer_is_not_filled_in(self) -> None:
        world = World()
        sibling = make_person(given_name="Wilf", family_name="Hiddenfield", birth_date=date(2016, 1, 2))
        make_family((world.wren, "parent"), (sibling, "child"))
        found = queries.known_before(world.actor("worker"), f"index:{sibling.pk}")
        assert found.carers == ()
        assert SECRET["given_name"] not in str(found)

    def test_a_call_kept_about_somebody_withheld_meanwhile_is_gone(self) -> None:
        world = World()
        worker = Visitor(world.place.accounts["worker"], AT)
        ordinary = make_person(given_name="Wilf", family_name="Hiddenfield", birth_date=date(2016, 1, 2))
        save(worker, hidden(worker.open("refer_about", person_id=ordinary.pk)), worry="A quiet worry.")
        assert words(worker.open("drafts")).count("A quiet worry.") == 1
        Draft.objects.update(about=str(world.wren.pk))
        assert "A quiet worry." not in words(worker.open("drafts"))
        kept = Draft.objects.get()
        gone = worker.open("refer_about", query=f"?draft={kept.pk}", person_id=world.wren.pk)
        assert gone.status_code == 404
