from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, Refused, Stale
from joinedup.front_door import services
from joinedup.front_door.codes import Answer, Outcome, Rating
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import Decision, RatingGiven, Referral, ReferralTransition
from joinedup.front_door.tests.factories import (
    CHILD,
    child_called,
    decide,
    decided,
    identify_all,
    make_partnership,
    places_of,
    query_of,
    receive,
    search_all,
    triage,
    with_family,
)
from joinedup.organisations.services import end_post
from joinedup.organisations.tests.factories import AT
from joinedup.person_index.models import Person, SafeContact

pytestmark = pytest.mark.django_db

BORN = replace(CHILD, birth_date=date(2016, 5, 4))


def refused(rule: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


# --- Taking up, rating, agreement.


def test_taking_up_and_taking_over() -> None:
    place = make_partnership()
    referral = triage(place)
    assert (referral.state, referral.held_by) == (State.IN_TRIAGE, place.posts["worker"])
    with refused("FD-15"):
        services.take_referral(referral=referral, by=place.actor("colleague"), at=AT)
    services.take_referral(referral=referral, by=place.actor("manager"), at=AT)
    assert referral.held_by == place.posts["manager"]
    with pytest.raises(NotPermitted):
        services.take_referral(referral=referral, by=place.actor("teacher"), at=AT)
    moves = ReferralTransition.objects.filter(referral=referral).order_by("pk").values_list("start", "end")
    assert list(moves) == [("", "received"), ("received", "in_triage")]


def test_anybody_takes_over_from_somebody_who_has_left() -> None:
    place = make_partnership()
    referral = triage(place)
    post, later = place.posts["worker"], AT + timedelta(hours=1)
    end_post(post=post, ends_at=later, reason="Left.", version=post.version, by=system(AT), at=AT)
    services.take_referral(referral=referral, by=place.actor("colleague", later), at=later)
    assert referral.held_by == place.posts["colleague"]


def test_rating_gives_a_clock_from_receipt_and_keeps_its_history() -> None:
    place = make_partnership()
    referral = triage(place)
    later = AT + timedelta(hours=3)
    by = place.actor("worker", later)
    services.rate_referral(referral=referral, rating=Rating.GREEN, reason="", version=referral.version, by=by, at=later)
    assert referral.decide_by == AT.replace(day=19, hour=17)
    with refused("FD-16"):
        services.rate_referral(
            referral=referral, rating=Rating.RED, reason=" ", version=referral.version, by=by, at=later
        )
    referral.refresh_from_db()
    services.rate_referral(
        referral=referral, rating=Rating.RED, reason="New bruises.", version=referral.version, by=by, at=later
    )
    assert referral.decide_by == AT + timedelta(hours=4)
    assert list(RatingGiven.objects.order_by("pk").values_list("rating", "reason")) == [
        ("green", ""),
        ("red", "New bruises."),
    ]
    assert Event.objects.filter(kind="front_door.referral_rated").count() == 2


def test_a_stale_rating_is_refused_with_both_texts() -> None:
    place = make_partnership()
    mine, theirs = triage(place), Referral.objects.get()
    seen = mine.version
    services.rate_referral(
        referral=theirs, rating=Rating.AMBER, reason="", version=seen, by=place.actor("colleague"), at=AT
    )
    with pytest.raises(Stale) as caught:
        services.rate_referral(
            referral=mine, rating=Rating.BLUE, reason="Minor.", version=seen, by=place.actor("worker"), at=AT
        )
    assert caught.value.extra["theirs"]["rating"] == "amber"
    assert caught.value.extra["yours"] == {"rating": "blue", "reason": "Minor."}
    assert Referral.objects.get().rating == "amber"


def test_what_the_family_knows_and_agrees_to() -> None:
    place = make_partnership()
    referral = triage(place)
    by = place.actor("worker")
    with refused("FD-9"):
        services.record_agreement(referral=referral, knows=Answer.NO, agrees=Answer.NO, reason="", by=by, at=AT)
    with refused("FD-19"):
        services.record_agreement(referral=referral, knows=Answer.NO, agrees=Answer.YES, reason="x", by=by, at=AT)
    services.record_agreement(
        referral=referral, knows=Answer.NO, agrees=Answer.NO, reason="Asking could put Rowan at risk.", by=by, at=AT
    )
    referral.refresh_from_db()
    assert (referral.family_knows, referral.family_agrees) == ("no", "no")
    # The contact stays as it came.
    assert referral.contact.family_agrees == "yes"


# --- Deciding.


def test_deciding_alone() -> None:
    place = make_partnership()
    referral = with_family(place)
    decision = decide(place, referral)
    referral.refresh_from_db()
    assert (referral.state, referral.outcome, referral.level) == (State.DECIDED, "early_help", 2)
    worker = place.accounts["worker"].pk
    assert (decision.proposed_by, decision.decided_by) == (worker, worker)
    assert Event.objects.get(kind="front_door.referral_decided").family_id == referral.family_id
    with refused("FD-14"):
        decide(place, referral, Outcome.ADVICE, 1)


@pytest.mark.parametrize("who", ["worker", "social_worker", "manager"])
@pytest.mark.parametrize(("outcome", "level"), [(Outcome.STATUTORY, 4), (Outcome.NO_FURTHER_ACTION, 1)])
def test_nobody_decides_the_two_grave_kinds_alone(who: str, outcome: Outcome, level: int) -> None:
    place = make_partnership()
    referral = with_family(place, is_safeguarding_concern=True)
    given = {"outcome": outcome, "level": level, "reason": "A test.", "version": referral.version}
    with refused("FD-30"):
        services.decide(referral=referral, **given, by=place.actor(who), at=AT)
    assert AuditEvent.objects.get(kind="refusal").rule == "FD-30"
    proposed = services.propose_decision(referral=referral, **given, by=place.actor(who), at=AT)
    version = Referral.objects.get().version
    with refused("FD-31" if who != "worker" else "permission:front_door.confirm_decision"):
        services.confirm_decision(decision=proposed, version=version, by=place.actor(who), at=AT)
    with pytest.raises(NotPermitted):
        services.confirm_decision(decision=proposed, version=version, by=place.actor("colleague"), at=AT)
    other = "manager" if who == "social_worker" else "social_worker"
    services.confirm_decision(decision=proposed, version=version, by=place.actor(other), at=AT)
    assert Referral.objects.get().outcome == outcome
    with refused("FD-14"):
        services.confirm_decision(decision=proposed, version=version, by=place.actor(other), at=AT)


def test_no_further_action_without_a_concern_is_decided_alone() -> None:
    place = make_partnership()
    assert decide(place, with_family(place), Outcome.NO_FURTHER_ACTION, 1).decided_at == AT


def test_sending_back_and_proposing_again() -> None:
    place = make_partnership()
    referral = with_family(place)
    given = {"outcome": Outcome.STATUTORY, "level": 4, "reason": "Bruises."}
    by = place.actor("worker")
    first = services.propose_decision(referral=referral, **given, version=referral.version, by=by, at=AT)
    with refused("FD-14"):
        services.propose_decision(referral=referral, **given, version=referral.version, by=by, at=AT)
    second = place.actor("social_worker")
    with refused("FD-25"):
        services.send_back_decision(decision=first, reason="", by=second, at=AT)
    services.send_back_decision(decision=first, reason="Ask the school first.", by=second, at=AT)
    referral.refresh_from_db()
    assert referral.state == State.IN_TRIAGE
    services.propose_decision(referral=referral, **given, version=referral.version, by=by, at=AT)
    with refused("FD-73"):
        services.send_back_decision(decision=first, reason="Again.", by=second, at=AT)
    assert Decision.objects.filter(sent_back_at__isnull=False).count() == 1


def test_all_that_stops_a_decision_is_said_at_once() -> None:
    place = make_partnership()
    referral = triage(place, family_agrees=Answer.NOT_ASKED)
    with refused("FD-32") as caught:
        services.decide(
            referral=referral, outcome=Outcome.EARLY_HELP, level=None, reason="Yes.", version=referral.version,
            by=place.actor("worker"), at=AT,
        )  # fmt: skip
    assert [fault["rule"] for fault in caught.value.extra["faults"]] == ["FD-32", "FD-33", "FD-38"]


def test_a_child_nobody_could_name_holds_nothing_up() -> None:
    place = make_partnership()
    referral = triage(place, people=(replace(CHILD, given_name="", family_name=""),))
    assert decide(place, referral, Outcome.ADVICE, 1).decided_at == AT


def test_danger_without_a_safe_number_does_not_stop_identifying() -> None:
    place = make_partnership()
    referral = triage(place, is_immediate_danger=True, safe_contact_how="phone", people=(CHILD,))
    identify_all(place, referral)
    assert not SafeContact.objects.exists()


def test_a_stale_decision_loses_nobodys_words() -> None:
    place = make_partnership()
    referral = with_family(place)
    seen = referral.version
    services.record_agreement(
        referral=referral, knows=Answer.YES, agrees=Answer.NO, reason="Changed their mind.", by=place.actor("colleague"), at=AT
    )  # fmt: skip
    with pytest.raises(Stale) as caught:
        services.decide(
            referral=referral, outcome=Outcome.EARLY_HELP, level=2, reason="A long text.", version=seen,
            by=place.actor("worker"), at=AT,
        )  # fmt: skip
    assert caught.value.extra["yours"]["reason"] == "A long text."
    assert caught.value.extra["theirs"]["agreement_reason"] == "Changed their mind."


def test_three_contacts_on_a_household_force_a_look_back() -> None:
    place = make_partnership()
    long_ago = AT - timedelta(days=400)
    first = with_family(place, at=long_ago, people=(BORN,))
    rowan, family = places_of(first)[0].person_id, first.family_id

    def contact(days: int) -> Referral:
        at = AT - timedelta(days=days)
        referral = triage(place, at=at, people=(BORN,))
        search_all(place, referral, at=at)
        child = places_of(referral)[0]
        services.identify_person(place=child, person_id=rowan, reason="", by=place.actor("worker", at), at=at)
        referral.refresh_from_db()
        return services.choose_family(referral=referral, family_id=family, by=place.actor("worker", at), at=at)

    decide(place, contact(200), Outcome.NO_FURTHER_ACTION, 1)  # the second in all, the first in twelve months
    decide(place, contact(100), Outcome.NO_FURTHER_ACTION, 1)
    third = contact(0)
    with refused("FD-37"):
        decide(place, third, Outcome.NO_FURTHER_ACTION, 1)
    assert decide(place, third, Outcome.ADVICE, 1).pk or True


def test_a_look_back_in_words_lets_no_further_action_pass() -> None:
    place = make_partnership()
    for _ in range(2):
        referral = triage(place, people=(BORN,))
        search_all(place, referral)
        found = Person.objects.filter(given_name="Rowan").first()
        by = place.actor("worker")
        if found:
            services.identify_person(place=places_of(referral)[0], person_id=found.pk, reason="", by=by, at=AT)
        else:
            services.create_person_for(place=places_of(referral)[0], by=by, at=AT)
    third = triage(place, people=(BORN,))
    search_all(place, third)
    services.identify_person(place=places_of(third)[0], person_id=Person.objects.get().pk, reason="", by=by, at=AT)
    with refused("FD-37"):
        decide(place, third, Outcome.NO_FURTHER_ACTION, 1)
    decision = decide(place, third, Outcome.NO_FURTHER_ACTION, 1, look_back="All three were about breakfast.")
    assert decision.look_back


def test_closing() -> None:
    place = make_partnership()
    referral = decided(place, Outcome.ADVICE, 1)
    services.close_referral(referral=referral, by=place.actor("worker"), at=AT)
    assert referral.state == State.CLOSED
    with refused("FD-14"):
        services.close_referral(referral=referral, by=place.actor("worker"), at=AT)
    with refused("FD-39"):
        services.close_referral(referral=decided(place, people=(child_called("Kim"),)), by=place.actor("worker"), at=AT)


def test_people_cannot_change_once_it_has_gone_on() -> None:
    place = make_partnership()
    referral = decided(place, Outcome.ADVICE, 1)
    services.close_referral(referral=referral, by=place.actor("worker"), at=AT)
    child = places_of(referral)[0]
    by = place.actor("worker")
    with refused("FD-23"):
        services.undo_identification(place=child, reason="Too late.", by=by, at=AT)
    with refused("FD-23"):
        services.choose_family(referral=referral, family_id=None, by=by, at=AT)
    with refused("FD-23"):
        services.search_for(place=child, query=query_of(child), by=by, at=AT)


def test_nobody_outside_the_front_door_works_a_referral() -> None:
    place = make_partnership()
    referral = receive(place)
    for name in ("teacher", "key_worker", "team_manager", "statutory", "designated"):
        with pytest.raises(NotPermitted):
            services.take_referral(referral=referral, by=place.actor(name), at=AT)
    assert AuditEvent.objects.filter(kind="refusal", action="front_door.take_referral").count() == 5
