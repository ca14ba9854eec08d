"""Restricted people: a search looks ordinary, the guardian is told at once, nothing closes until they answer, what is
imported stays shielded, and staff are kept from their own families."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import OutboxMessage
from joinedup.core.partnership import forget
from joinedup.front_door import queries as front_door
from joinedup.front_door import services
from joinedup.front_door.codes import Outcome, Rating
from joinedup.front_door.models import Referral, ReferralPerson
from joinedup.front_door.queries import WorklistFilters
from joinedup.front_door.queries.restricted_matches import guardian_matches
from joinedup.front_door.tests.factories import Partnership, child_called, make_partnership, send
from joinedup.front_door.tests.pages import Visitor, words
from joinedup.organisations.tests.factories import AT, actor_of, make_post
from joinedup.person_index import queries
from joinedup.person_index import services as index
from joinedup.person_index.models import LookAlike, Person, RestrictedMatch, Restriction
from joinedup.person_index.queries import SearchQuery, search_people
from joinedup.person_index.restricting import CATEGORIES, RP_7
from joinedup.person_index.tests.factories import make_family, make_person, make_record, nhs_number, person_of

pytestmark = pytest.mark.django_db

BORN = date(2014, 5, 6)
SECRET = {"given_name": "Wren", "family_name": "Hiddenfield", "birth_date": BORN, "postcode": "ZZ1 7QQ"}
ASKED = SearchQuery(**SECRET)
LATER = AT + timedelta(hours=1)


class World:
    """A partnership, a restricted child, and the guardian of her record."""

    def __init__(self, category: str = "high_risk") -> None:
        self.place: Partnership = make_partnership()
        self.nhs = nhs_number(4711)
        self.wren = make_person(**SECRET, nhs_number=self.nhs, address="9 Secret Street")
        self.guardian_account, self.guardian_post = make_post(
            role=Role.INFORMATION_GOVERNANCE, name="Gwen Testward", title="Caldicott guardian"
        )
        self.second_account, self.second_post = make_post(
            role=Role.INFORMATION_GOVERNANCE, name="Iris Testguard", title="Information governance"
        )
        self.restriction = index.impose_restriction(
            query=replace(ASKED, nhs_number=self.nhs),
            category=category,
            reason="An invented reason for a test.",
            guardians=[self.guardian_post],
            by=actor_of(self.second_account, AT),
            at=AT,
        )

    @property
    def guardian(self) -> Actor:
        return actor_of(self.guardian_account, LATER)

    def actor(self, name: str) -> Actor:
        return self.place.actor(name, LATER)

    def referral(self, **facts: Any) -> Referral:
        """A referral whose details are the restricted child's, in the worker's hands."""
        child = child_called("Wren", "Hiddenfield", birth_date=BORN, postcode="ZZ1 7QQ", address="9 Secret Street")
        contact = send(self.place, people=(child,), **facts)
        worker = self.actor("worker")
        return services.take_referral(referral=contact.referral, by=worker, at=LATER)

    def search(self, referral: Referral, query: SearchQuery = ASKED) -> Any:
        place = ReferralPerson.objects.get(referral=referral)
        return services.search_for(place=place, query=query, by=self.actor("worker"), at=LATER)

    def decide(self, referral: Referral, by: str = "social_worker") -> Any:
        referral.refresh_from_db()
        return services.decide(
            referral=referral,
            outcome=Outcome.ADVICE,
            level=1,
            reason="Invented.",
            advice_given="Invented advice.",
            version=referral.version,
            by=self.actor(by),
            at=LATER,
        )


@pytest.fixture
def world() -> World:
    return World()


# --- A search looks ordinary.


def test_search_looks_ordinary(world: World) -> None:
    found = search_people(world.actor("worker"), ASKED, purpose="test")
    absent = search_people(world.actor("worker"), replace(ASKED, given_name="Nobody", family_name="Whatever",
                                                          birth_date=date(1999, 1, 1), postcode="ZZ9 9ZZ"), purpose="test")  # fmt: skip
    assert found == absent
    assert found.sentence.startswith("Nobody in the index looks like this person")
    assert search_people(world.actor("worker"), SearchQuery(nhs_number=world.nhs), purpose="test").candidates == ()


def test_search_page_looks_ordinary(world: World) -> None:
    """The same page to the letter, but for what was typed and the tokens in it."""

    def page(given: str, family: str) -> str:
        child = child_called(given, family, birth_date=BORN, postcode="ZZ1 7QQ", address="9 Secret Street")
        referral = send(world.place, people=(child,)).referral
        services.take_referral(referral=referral, by=world.actor("worker"), at=LATER)
        place = ReferralPerson.objects.get(referral=referral)
        visitor = Visitor(world.place.accounts["worker"], LATER)
        answer = visitor.send("referral_search", {}, referral_id=referral.pk, place_id=place.pk)
        assert answer.status_code == 200
        return words(answer).replace(referral.reference, "R").replace(given, "G").replace(family, "F")

    assert page("Wren", "Hiddenfield") == page("Zebedee", "Otherstone")


def test_a_search_shows_the_others_and_not_the_restricted(world: World) -> None:
    sibling = make_person(given_name="Wilf", family_name="Hiddenfield", birth_date=date(2016, 1, 2))
    make_family((world.wren, "child"), (sibling, "child"))
    found = search_people(world.actor("worker"), SearchQuery(given_name="Wilf", family_name="Hiddenfield",
                                                            birth_date=date(2016, 1, 2)), purpose="test")  # fmt: skip
    assert [each.person_id for each in found.candidates] == [sibling.pk]
    assert found.candidates[0].household == ()


def test_statements_are_the_same_either_way(world: World) -> None:
    """The time a search takes tells nothing: the same statements in the same order, whoever is met."""
    make_person(given_name="Visible", family_name="Testerfield", birth_date=BORN)

    def ran(query: SearchQuery) -> list[str]:
        forget()  # settings are kept for five seconds: ask for them each time
        with CaptureQueriesContext(connection) as captured:
            search_people(world.actor("worker"), query, purpose="test")
        # What a prepared statement is given are the keys asked for, different for each name.
        said = [re.sub(r"::[a-z]+(\[\])*", "", " ".join(row["sql"].split())) for row in captured]
        return [re.sub(r"^(EXECUTE \w+) .*", r"\1", each)[:60] for each in said]

    search_people(world.actor("worker"), SearchQuery("Warm", "Up"), purpose="test")
    restricted = ran(ASKED)
    visible = ran(SearchQuery("Visible", "Testerfield", BORN))
    nobody = ran(SearchQuery("Nobody", "Whatever", date(1990, 1, 1)))
    assert len(restricted) > 5
    assert restricted == nobody == visible


# --- The guardian is told at once.


def test_guardian_is_alerted_at_once_without_a_name(world: World) -> None:
    before = OutboxMessage.objects.count()
    referral = world.referral()
    waiting = OutboxMessage.objects.count()
    world.search(referral)
    match = RestrictedMatch.objects.get()
    assert (match.about_kind, match.about_id, match.holds) == ("front_door.referral", referral.pk, True)
    sent = OutboxMessage.objects.filter(about_kind="person_index.restrictedmatch")
    assert [message.to for message in sent] == [world.guardian_account.email]
    text = f"{sent[0].subject} {sent[0].body}"
    assert not any(word in text for word in ("Wren", "Hiddenfield", world.nhs, str(world.wren.pk)))
    assert waiting >= before
    world.search(referral)
    assert RestrictedMatch.objects.count() == 1, "the same search again tells nobody anew"


def test_alerts_are_nobody_elses_to_see_in_the_outbox(world: World) -> None:
    world.search(world.referral())
    page = Visitor(world.place.accounts["manager"], LATER).open("outbox")
    assert "restricted" not in words(page).lower()


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_every_category_leaves_no_trace(category: str) -> None:
    world = World(category)
    for name in ("worker", "social_worker", "manager"):
        assert search_people(world.actor(name), ASKED, purpose="test").candidates == ()
    assert not Person.objects.visible_to(world.actor("manager")).filter(pk=world.wren.pk).exists()
    assert Person.objects.visible_to(world.guardian).filter(pk=world.wren.pk).exists()


# --- Triage cannot close.


def test_triage_cannot_close_until_the_guardian_answers(world: World) -> None:
    referral = world.referral()
    world.search(referral)
    with pytest.raises(Refused) as refused:
        world.decide(referral)
    assert refused.value.rule == "RP-7"
    assert refused.value.sentence == RP_7.sentence
    assert not any(word in refused.value.sentence.lower() for word in ("restrict", "guardian", "protect", "wren"))
    referral.refresh_from_db()
    services.rate_referral(referral=referral, rating=Rating.AMBER, reason="Work goes on.", version=referral.version,
                           by=world.actor("worker"), at=LATER)  # fmt: skip


def test_clocks_run_on_and_red_is_paged_as_ever(world: World) -> None:
    services.set_duty(
        turns=[
            services.DutyTurn(post=world.place.posts["social_worker"], starts_at=AT, ends_at=AT + timedelta(days=1))
        ],
        by=world.actor("manager"),
        at=AT,
    )
    referral = world.referral()
    world.search(referral)
    due = Referral.objects.get(pk=referral.pk).decide_by
    referral.refresh_from_db()
    services.rate_referral(referral=referral, rating=Rating.RED, reason="Danger.", version=referral.version,
                           by=world.actor("worker"), at=LATER)  # fmt: skip
    referral.refresh_from_db()
    assert referral.decide_by <= due
    assert referral.pages.count() == 1


def test_nothing_is_allocated_or_closed_either(world: World) -> None:
    referral = world.referral()
    decision = world.decide(referral) if not ReferralPerson.objects.filter(searched_at=None).exists() else None
    assert decision is None
    world.search(referral, SearchQuery("Nobody", "Whatever", date(1990, 1, 1)))
    world.decide(referral)
    world.search(referral)  # searched again for what was typed, after the decision
    referral.refresh_from_db()
    with pytest.raises(Refused) as refused:
        services.close_referral(referral=referral, by=world.actor("worker"), at=LATER)
    assert refused.value.rule == "RP-7"


# --- The guardian's two answers.


def answered(world: World, answer: str, holder: Any = None) -> RestrictedMatch:
    match = RestrictedMatch.objects.get()
    referral = Referral.objects.filter(pk=match.about_id).first()
    return services.answer_guardian_match(
        match=match, referral=referral, answer=answer, words="An invented answer.", holder=holder, by=world.guardian,
        at=LATER,
    )  # fmt: skip


def test_guardian_answers_proceed(world: World) -> None:
    referral = world.referral()
    world.search(referral)
    answered(world, "proceed")
    assert world.decide(referral).decided_at == LATER
    assert world.search(world.referral()).candidates == (), "the record stays unseen"
    answered_again = RestrictedMatch.objects.exclude(answer="").get()
    with pytest.raises(Refused):
        index.answer_restricted_match(match=answered_again, answer="take", words="Twice.", by=world.guardian, at=LATER)


def test_guardian_answers_i_take_it(world: World) -> None:
    referral = world.referral()
    world.search(referral)
    with pytest.raises(Refused):
        answered(world, "take")
    answered(world, "take", world.place.posts["social_worker"])
    referral.refresh_from_db()
    assert referral.held_by == world.place.posts["social_worker"]
    for name in ("worker", "colleague", "manager"):
        rows = front_door.worklist(world.actor(name), WorklistFilters(list="front_door")).rows
        assert referral.pk not in {row.id for row in rows}
        with pytest.raises(NotVisible):
            front_door.referral(world.actor(name), referral.pk, purpose="test")
    assert front_door.referral(world.actor("social_worker"), referral.pk, purpose="test").id == referral.pk
    found = search_people(
        world.actor("social_worker"), ASKED, purpose="test", about=("front_door.referral", referral.pk)
    )
    assert [each.person_id for each in found.candidates] == [world.wren.pk]
    told = OutboxMessage.objects.filter(to=world.place.accounts["worker"].email).latest("created_at")
    assert "taken over by a colleague" in told.subject
    assert "restrict" not in told.body.lower()


def test_only_a_guardian_answers(world: World) -> None:
    world.search(world.referral())
    match = RestrictedMatch.objects.get()
    for by in (world.actor("manager"), actor_of(world.second_account, LATER)):
        with pytest.raises((NotPermitted, NotVisible)):
            index.answer_restricted_match(match=match, answer="proceed", words="No.", by=by, at=LATER)
    assert [each.match.id for each in guardian_matches(world.guardian)] == [match.pk]


def test_guardian_page_answers(world: World) -> None:
    world.search(world.referral())
    visitor = Visitor(world.guardian_account, LATER)
    assert "Wren Hiddenfield" in words(visitor.open("guardian"))
    match = RestrictedMatch.objects.get()
    page = visitor.open("guardian_match", match_id=match.pk)
    assert "9 Secret Street" in words(page)
    done = visitor.send("guardian_match", {"answer": "proceed", "words": "Somebody else."}, match_id=match.pk)
    assert done.status_code == 302, words(done)
    match.refresh_from_db()
    assert match.answer == "proceed"
    assert Visitor(world.place.accounts["worker"], LATER).open("guardian").status_code == 404


# --- The public form, the partner's form and the API behave alike: none of them searches.


def test_sending_a_referral_says_nothing(world: World) -> None:
    before = RestrictedMatch.objects.count()
    contact = send(world.place, people=(child_called("Wren", "Hiddenfield", birth_date=BORN, postcode="ZZ1 7QQ"),))
    assert RestrictedMatch.objects.count() == before
    sent = front_door.sent_contacts(world.actor("teacher"))[0]
    assert [row.id for row in sent] == [contact.pk]
    assert sent[0].standing == "Received"


# --- What is imported, and every other way to an entry.


def test_an_import_that_matches_stays_with_the_restricted_person(world: World) -> None:
    record = make_record(given_name="Wren", family_name="Hiddenfield", birth_date=BORN, nhs_number=world.nhs)
    assert person_of(record).pk == world.wren.pk
    assert not Person.objects.visible_to(world.actor("manager")).filter(pk=world.wren.pk).exists()


def test_an_import_that_looks_alike_is_never_an_unshielded_duplicate(world: World) -> None:
    """ContactPoint's failure: a second entry of a shielded child that nobody had shielded."""
    record = make_record(given_name="Wren", family_name="Hiddenfield", birth_date=BORN, postcode="ZZ5 5AA")
    twin = person_of(record)
    assert twin.pk != world.wren.pk
    assert search_people(world.actor("worker"), ASKED, purpose="test").candidates == ()
    assert twin.pk in queries.withheld_among(world.actor("manager"), [twin.pk])
    told = OutboxMessage.objects.filter(about_kind="person_index.lookalike", to=world.guardian_account.email)
    assert told.count() == 1
    shield = LookAlike.objects.get(person=twin)
    index.answer_look_alike(look_alike=shield, is_same=False, reason="Born elsewhere.", by=world.guardian, at=LATER)
    found = search_people(world.actor("worker"), ASKED, purpose="test").candidates
    assert [each.person_id for each in found] == [twin.pk]


def test_an_entry_typed_at_the_front_door_waits_for_the_guardian(world: World) -> None:
    referral = world.referral()
    world.search(referral)
    place = ReferralPerson.objects.get(referral=referral)
    services.create_person_for(place=place, by=world.actor("worker"), at=LATER)
    place.refresh_from_db()
    assert LookAlike.objects.get(person_id=place.person_id).answer == ""
    assert search_people(world.actor("colleague"), ASKED, purpose="test").candidates == ()
    page = front_door.referral(world.actor("worker"), referral.pk, purpose="test")
    assert page.places[0].person_id == place.person_id, "whoever typed it goes on with it"


def test_entries_that_are_one_are_restricted_together(world: World) -> None:
    before = make_record(given_name="Bryn", family_name="Elsewhere", birth_date=date(2014, 5, 7))
    entry = person_of(before)
    index.link_record(record=before, person=world.wren, reason="The same child.", by=system(AT), at=AT)
    assert Person.objects.get(pk=entry.pk).continued_by_id == world.wren.pk
    assert queries.withheld_among(world.actor("manager"), [entry.pk, world.wren.pk]) == {entry.pk, world.wren.pk}


def test_what_was_there_before_is_shielded_when_a_restriction_comes() -> None:
    place = make_partnership()
    for postcode in ("ZZ1 7QQ", "ZZ5 5AA"):
        make_person(given_name="Wren", family_name="Hiddenfield", birth_date=BORN, postcode=postcode)
    target = make_person(**SECRET, nhs_number=nhs_number(4711))
    account, post = make_post(role=Role.INFORMATION_GOVERNANCE, name="Gwen Testward")
    index.impose_restriction(
        query=SearchQuery(nhs_number=nhs_number(4711)), category="high_risk", reason="Invented.", guardians=[post],
        by=actor_of(account, AT), at=AT,
    )  # fmt: skip
    assert LookAlike.objects.count() == 2
    assert search_people(place.actor("worker", LATER), ASKED, purpose="test").candidates == ()
    assert target.pk


# --- Imposing, reviewing, ending.


def test_two_people_impose_and_end_where_the_category_says_so() -> None:
    world = World("witness_protection")
    assert world.restriction.authorised_at is None
    assert queries.withheld_among(world.actor("manager"), [world.wren.pk]), "it protects before the second agrees"
    assert queries.withheld_among(actor_of(world.second_account, LATER), [world.wren.pk]), "also from governance"
    index.authorise_restriction(restriction=world.restriction, by=world.guardian, at=LATER)
    other_account, other_post = make_post(role=Role.INFORMATION_GOVERNANCE, name="Otto Testother")
    index.name_party(restriction=world.restriction, part="guardian", post=other_post, reason="A second guardian.",
                     by=world.guardian, at=LATER)  # fmt: skip
    index.end_restriction(restriction=world.restriction, reason="Over.", by=world.guardian, at=LATER)
    assert Restriction.objects.get().ended_at is None
    with pytest.raises(Refused) as refused:
        index.end_restriction(restriction=world.restriction, reason="Over.", by=world.guardian, at=LATER)
    assert refused.value.rule == "RP-5"
    index.end_restriction(restriction=world.restriction, reason="Over.", by=actor_of(other_account, LATER), at=LATER)
    assert Restriction.objects.get().ended_at == LATER
    after = world.place.actor("worker", LATER + timedelta(minutes=1))
    assert search_people(after, ASKED, purpose="test").candidates


def test_whoever_proposed_cannot_agree() -> None:
    world = World("adoption")
    index.name_party(restriction=world.restriction, part="guardian", post=world.second_post, reason="Second.",
                     by=world.guardian, at=LATER)  # fmt: skip
    with pytest.raises(Refused) as refused:
        index.authorise_restriction(restriction=world.restriction, by=actor_of(world.second_account, LATER), at=LATER)
    assert refused.value.rule == "RP-5"


def test_review_comes_after_ninety_days_and_rolls_on(world: World) -> None:
    assert world.restriction.review_by == AT.date() + timedelta(days=90)
    late = AT + timedelta(days=90)
    index.review_restriction(
        restriction=world.restriction, words="Still so.", by=actor_of(world.guardian_account, late), at=late
    )
    assert Restriction.objects.get().review_by == AT.date() + timedelta(days=180)


def test_the_last_guardian_stays(world: World) -> None:
    party = world.restriction.parties.get()
    with pytest.raises(Refused) as refused:
        index.remove_party(
            restriction=world.restriction, party_id=party.pk, reason="Gone.", by=world.guardian, at=LATER
        )
    assert refused.value.rule == "RP-11"


def test_somebody_excluded_sees_nothing_whatever_their_post(world: World) -> None:
    index.name_party(restriction=world.restriction, part="excluded", account=world.guardian_account, reason="Kin.",
                     by=world.guardian, at=LATER)  # fmt: skip
    assert queries.withheld_among(world.guardian, [world.wren.pk]) == {world.wren.pk}


def test_pages_of_a_restriction(world: World) -> None:
    visitor = Visitor(world.guardian_account, LATER)
    visitor.show_again()
    assert "Wren Hiddenfield" in words(visitor.open("restrictions"))
    page = visitor.open("restriction", restriction_id=world.restriction.pk)
    assert "Gwen Testward" in words(page)
    assert page.status_code == 200
    for name in ("restriction_review", "restriction_party", "restriction_end"):
        assert visitor.open(name, restriction_id=world.restriction.pk).status_code == 200
    asked = {"part": "allowed", "address": world.place.accounts["worker"].email, "reason": "Works with her."}
    assert visitor.send("restriction_party", asked, restriction_id=world.restriction.pk).status_code == 302
    assert not queries.withheld_among(world.actor("worker"), [world.wren.pk])
    witness = Visitor(world.place.accounts["manager"], LATER)
    assert witness.open("restriction", restriction_id=world.restriction.pk).status_code == 404


def test_services_do_not_reach_whom_a_person_may_not_see(world: World) -> None:
    with pytest.raises(NotVisible):
        index.change_person(person=world.wren, changes={"sex": "F"}, version=world.wren.version,
                            by=world.actor("manager"), at=LATER)  # fmt: skip
    referral = world.referral()
    world.search(referral)
    place = ReferralPerson.objects.get(referral=referral)
    with pytest.raises(NotVisible):
        services.identify_person(place=place, person_id=world.wren.pk, reason="", by=world.actor("worker"), at=LATER)
