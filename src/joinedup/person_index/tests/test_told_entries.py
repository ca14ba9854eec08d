"""Two entries that hold what we were told, and perhaps no agency's record, made one in the review and taken apart again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.core.errors import Refused
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index import queries, services
from joinedup.person_index.models import LinkProposal, Person, RecordLink
from joinedup.person_index.queries.entries import entries_of
from joinedup.person_index.reviewing import is_told_otherwise, told_together
from joinedup.person_index.services.differences import Clustered
from joinedup.person_index.tests.factories import make_family, make_person, make_record, nhs_number, person_of
from joinedup.person_index.tests.test_proposals import LATER, ask, decide
from joinedup.person_index.tests.test_records import everything_about
from joinedup.person_index.tests.test_review_pages import restrict

pytestmark = pytest.mark.django_db
BY = system(AT)
HOME: dict[str, Any] = {"address": "1 Invented Way", "postcode": "ZZ1 1AA"}


@pytest.fixture
def schools() -> Organisation:
    return make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")


@pytest.fixture
def faith() -> Actor:
    door = make_team(code="DOOR", kind="front_door")
    return actor_of(make_post(role=Role.SOCIAL_WORKER, team=door)[0], AT)


def told_twice() -> tuple[Person, Person]:
    """One child whom two workers entered by hand, each with something the other did not know."""
    one = make_person(given_name="Rowan", family_name="Testerfield", sex="M", **HOME)
    other = make_person(
        given_name="Rowan", family_name="Fieldtester", birth_date=None, nhs_number=nhs_number(7), known_as="Ro",
        interpreter_language="Somali", address="2 Invented Way", postcode="ZZ1 1AB", source="referral",
    )  # fmt: skip
    return one, other


def now(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def look() -> None:
    services.reevaluate(by=BY, at=AT, clusterer=lambda *_: Clustered())


def test_everything_told_of_both_is_one_persons_and_nothing_is_lost(faith: Actor) -> None:
    one, other = told_twice()
    family = make_family((other, "child"), (make_person(given_name="Mo", birth_date=date(1985, 1, 2)), "parent"))
    decide(ask(one, other), "link", faith)
    stays = now(one)
    assert now(other).continued_by_id == one.pk
    assert (stays.nhs_number, stays.birth_date, stays.sex) == (nhs_number(7), date(2015, 3, 14), "M")
    assert (stays.known_as, stays.interpreter_language) == ("Ro", "Somali")
    assert {name.family_name for name in stays.names.all()} == {"Testerfield", "Fieldtester", ""}
    assert {home.postcode for home in stays.addresses.all()} == {"ZZ1 1AA", "ZZ1 1AB"}
    assert everything_about(other)["keys"] == []  # nobody finds the entry that is continued
    assert set(entries_of([one.pk])) == {one.pk, other.pk}  # and what hangs on it is the child's who continues it
    assert family.members.filter(person=other).exists()


def test_taken_back_both_are_exactly_what_they_were(schools: Organisation, faith: Actor) -> None:
    one, other = told_twice()
    third = make_record(agency=schools, given_name="Quill", family_name="Otherfield", birth_date=date(2013, 2, 5))
    services.link_record(record=third, person=other, reason="The school said so", by=BY, at=AT)
    people = [one, other]
    before = [everything_about(person) for person in people]
    proposal = ask(one, other)
    for _ in range(2):
        decide(proposal, "link", faith)
        assert person_of(third) == one
        services.undo_last_decision(by=faith, at=LATER)
        assert [everything_about(person) for person in people] == before
        assert person_of(third) == other
        proposal.refresh_from_db()
        assert proposal.state == "waiting"


def test_it_is_not_taken_back_over_what_was_told_since(faith: Actor) -> None:
    for number, change in enumerate(("facts", "name", "neither")):
        one, other = told_twice()
        decide(ask(one, other), "link", faith)
        if change == "facts":
            services.change_person(person=now(one), changes={"sex": "F"}, version=now(one).version, by=BY, at=LATER)
        if change == "name":  # it ends the name that was taken over
            services.add_name(
                person=now(one), given_name="Rowan", family_name=f"Newfield{number}", source="call", by=BY, at=LATER
            )
        if change == "neither":
            services.undo_last_decision(by=faith, at=LATER)
            continue
        was = everything_about(one)
        with pytest.raises(Refused) as refused:
            services.undo_last_decision(by=faith, at=LATER)
        assert refused.value.rule == "LR-4"
        assert everything_about(one) == was


def test_what_cannot_be_true_of_one_person_is_put_right_first(faith: Actor) -> None:
    one = make_person(nhs_number=nhs_number(7))
    other = make_person(nhs_number=nhs_number(8))
    proposal = ask(one, other)
    assert queries.pair_in_question(faith, proposal.pk, purpose="test").not_linked_here
    with pytest.raises(Refused) as refused:
        decide(proposal, "link", faith)
    assert refused.value.rule == "LR-6"
    services.change_person(person=now(other), changes={"nhs_number": ""}, version=now(other).version, by=BY, at=LATER)
    assert not queries.pair_in_question(faith, proposal.pk, purpose="test").not_linked_here
    decide(proposal, "link", faith)
    assert now(other).continued_by_id == one.pk


def test_a_guess_gives_way_to_a_date_that_is_known() -> None:
    guess = {"birth_date": "2015-01-01", "is_birth_date_estimated": True, "sex": "M"}
    known = {"birth_date": "2014-11-30", "nhs_number": "x"}
    assert not is_told_otherwise(guess, known)
    together = {"birth_date": "2014-11-30", "sex": "M", "nhs_number": "x"}
    assert told_together(guess, known) == told_together(known, guess) == together
    assert told_together(guess, {}) == told_together({}, guess) == guess
    assert is_told_otherwise({"birth_date": "2015-03-14"}, known)
    assert is_told_otherwise({"sex": "F"}, guess)


def test_what_was_kept_apart_is_not_made_one(schools: Organisation, faith: Actor) -> None:
    one, other = told_twice()
    record = make_record(agency=schools, given_name="Quill", family_name="Otherfield", birth_date=date(2013, 2, 5))
    services.link_record(record=record, person=other, reason="The school said so", by=BY, at=AT)
    proposal = ask(one, other)
    third = make_record(given_name="Quill", family_name="Thirdfield", birth_date=date(2012, 2, 5))
    services.link_record(record=third, person=one, reason="The doctor said so", by=BY, at=AT)
    services.link_record(record=record, person=one, reason="Wrong", by=BY, at=AT)
    services.separate_record(record=record, reason="Another child", by=BY, at=AT)
    proposal.refresh_from_db()
    before = [everything_about(person) for person in (one, other)]
    with pytest.raises(Refused):
        decide(proposal, "link", faith)
    assert [everything_about(person) for person in (one, other)] == before


def test_the_night_asks_about_two_entries_made_by_hand(faith: Actor) -> None:
    one, other = make_person(**HOME), make_person(**HOME)
    make_person(given_name="Quill", family_name="Otherfield", birth_date=date(2013, 2, 5))
    look()
    proposal = LinkProposal.objects.get()
    assert {proposal.left_id, proposal.right_id} == {one.pk, other.pk}
    look()
    assert LinkProposal.objects.count() == 1
    decide(proposal, "apart", faith)
    look()
    assert LinkProposal.objects.count() == 1  # what somebody decided is no question any more
    assert not RecordLink.objects.exists()


def test_the_night_asks_about_nobody_restricted(faith: Actor) -> None:
    one = make_person(**HOME)
    nia = make_post(role=Role.INFORMATION_GOVERNANCE, team=make_team(code="OFFICE"))
    restrict(one, nia[0])
    make_person(**HOME)
    look()
    assert not LinkProposal.objects.exists()


def test_told_and_undone_within_the_minute_leaves_no_trace_in_the_search(faith: Actor) -> None:
    one, other = told_twice()
    decide(ask(one, other), "link", faith)
    asked = queries.SearchQuery(given_name="Rowan", family_name="Fieldtester", postcode="ZZ1 1AB")
    later = system(AT + timedelta(minutes=6))
    found = queries.search_people(later, asked, purpose="test")
    assert [each.person_id for each in found.candidates] == [one.pk]
