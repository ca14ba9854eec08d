"""Asking, opening, answering, correcting, refusing, closing: what is done, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from joinedup.access.models import AuditEvent
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.information_sharing import queries, services
from joinedup.information_sharing.models import Answer, BasisGiven, InformationRequest, Refusal, RequestTransition
from joinedup.information_sharing.services import Asking, ItemRefused, ItemSaid
from joinedup.information_sharing.settings import BASIS_DAYS
from joinedup.information_sharing.tests.factories import AT, SUBJECT, TODAY, World, an_answer, ask, make_world
from joinedup.organisations.tests.factories import make_organisation
from joinedup.person_index.tests.factories import make_person, make_record, person_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def refused(call: object) -> str:
    with pytest.raises(Refused) as found:
        call()  # type: ignore[operator]
    return found.value.rule


# --- Asking.


def test_asking_is_a_row_an_event_and_an_audit_row(world: World) -> None:
    request = ask(world, rating="red")
    assert (request.state, request.asked_by_id) == ("asked", world.posts["Amira"].pk)
    assert request.due_at == AT + timedelta(hours=2)  # the clock of red
    event = Event.objects.get(kind="information_sharing.asked")
    assert event.people == [world.child.pk]
    assert event.organisation_id == world.school.pk
    assert "neighbour" not in event.code
    assert event.words.words["reason"].startswith("A neighbour")
    row = AuditEvent.objects.filter(action="information_sharing.ask").latest("pk")
    assert row.people == [world.child.pk]
    assert RequestTransition.objects.get(request=request).end == "asked"


def test_levels_1_to_3_need_the_family_or_a_manager(world: World) -> None:
    assert refused(lambda: ask(world, level=3)) == "IS-5"
    assert ask(world, level=3, family_agrees=True).basis_given is None
    other = ("front_door.referral", "0198f000-0000-7000-8000-000000000002")
    give_basis(world, subject=other, reason="Telling them first would put her at risk.")
    request = ask(world, level=2, subject=other)
    assert request.basis_given is not None
    assert request.basis_given.post == world.posts["Marlow"]


def give_basis(world: World, *, who: str = "Marlow", at: datetime = AT, **said: Any) -> BasisGiven:
    """A manager's basis for asking the school about the child."""
    given: dict[str, Any] = {
        "subject": SUBJECT, "people": [world.child.pk], "organisations": [world.school.pk], "basis": "safeguarding",
        "reason": "because",
    }  # fmt: skip
    return services.give_basis(**(given | said), by=world.by(who, at), at=at)


def test_a_manager_must_give_basis_and_reason(world: World) -> None:
    with pytest.raises(NotPermitted):
        give_basis(world, who="Amira")
    assert refused(lambda: give_basis(world, basis="")) == "IS-11"
    assert refused(lambda: give_basis(world, reason=" ")) == "IS-11"
    give_basis(world, reason="One")
    give_basis(world, basis="vital_interests", reason="Two")
    seen = queries.basis_given_for(world.by("Marlow"), SUBJECT)
    assert seen is not None
    assert (seen.reason, seen.is_verified, seen.organisations) == ("Two", False, (world.school.name,))
    assert seen.ends_on == AT.date() + timedelta(days=28)


def test_a_basis_holds_for_what_it_was_given_for_alone(world: World) -> None:
    """The attack: have a manager agree to one question and ask others on the strength of it."""
    for narrow in ({"people": [uuid4()]}, {"organisations": [uuid4()]}, {"people": []}, {"organisations": []}):
        give_basis(world, **narrow)
        assert refused(lambda: ask(world, level=2)) == "IS-5"
    give_basis(world)
    assert ask(world, level=2).basis_given is not None


def test_a_basis_ends_after_its_days_and_must_be_given_anew(world: World) -> None:
    give_basis(world)
    late = AT + timedelta(days=29)
    assert queries.basis_given_for(world.by("Marlow", late), SUBJECT) is None
    assert refused(lambda: ask(world, level=2, at=late)) == "IS-5"
    give_basis(world, at=late)
    assert ask(world, level=2, at=late).basis_given is not None


def test_no_setting_lets_a_basis_hold_longer_than_28_days() -> None:
    check = BASIS_DAYS.check
    assert check is not None
    check(28)
    with pytest.raises(ValueError, match="28"):
        check(29)


def test_nothing_is_asked_twice_while_it_is_open(world: World) -> None:
    first = ask(world)
    assert refused(lambda: ask(world)) == "IS-8"
    ask(world, purpose="protect")  # another purpose is another question
    services.close_request(request=first, by=world.by("Amira"), at=AT)
    ask(world)


def test_only_what_the_agreement_covers_is_asked(world: World) -> None:
    assert refused(lambda: ask(world, purpose="find_early")) == "IS-4"
    assert refused(lambda: ask(world, level=0)) == "IS-10"
    assert refused(lambda: ask(world, reason=" ")) == "IS-6"
    assert refused(lambda: ask(world, organisation_id=make_organisation(code="NHS").pk)) == "IS-3"
    assert refused(lambda: ask(world, organisation_id=world.council.pk)) == "IS-3"  # a party with nobody to answer
    ben = replace(world.by("Ben"), via="system", account_id=None)
    assert refused(lambda: ask(world, by=ben)) == "IS-1"
    baby = make_person(given_name="Ash", birth_date=date(2025, 1, 1))
    assert refused(lambda: ask(world, person_id=baby.pk)) == "IS-9"
    unknown = make_person(given_name="Fern", birth_date=None)
    assert refused(lambda: ask(world, person_id=unknown.pk)) == "IS-9"


def test_nobody_asks_about_somebody_they_may_not_see(world: World) -> None:
    asking = Asking(world.agreement.pk, world.school.pk, world.child.pk, "decide_help", SUBJECT, 4, "Why")
    with pytest.raises(NotVisible):
        services.ask_for_information(asking=asking, by=world.by("Amira"), at=AT)
    with pytest.raises(NotPermitted):
        services.ask_for_information(asking=asking, by=world.by("Rowan"), at=AT)


# --- Answering.


def test_an_answer_on_one_screen(world: World) -> None:
    request = ask(world)
    by = world.by("Rowan", AT + timedelta(minutes=5))
    services.open_request(request=request, by=by, at=by.at)
    said = an_answer(
        items=[ItemSaid("attendance", "82% this term", date(2026, 10, 1))],
        refused=[ItemRefused("exclusions", "confidence")],
        level_of_need=3,
        judgement="She comes hungry.",
    )
    services.answer_request(request=request, answer=said, by=by, at=by.at)
    seen = queries.requests_about(world.by("Amira"), SUBJECT)[0]
    assert seen.state == "answered"
    assert seen.answer is not None
    assert [item.words for item in seen.answer.items] == ["82% this term"]
    assert [(each.item, each.reason_code) for each in seen.answer.refused_items] == [("Exclusions", "confidence")]
    assert (seen.answer.level_of_need, seen.answer.judgement) == (3, "She comes hungry.")
    assert seen.answer.by.startswith("Rowan Testerfield")
    kinds = Event.objects.filter(source_id=str(request.pk)).order_by("id").values_list("kind", flat=True)
    assert [kind.partition(".")[2] for kind in kinds] == ["asked", "opened", "answered"]


def test_an_answer_straight_away_opens_on_the_way(world: World) -> None:
    request = ask(world)
    services.answer_request(request=request, answer=an_answer(), by=world.by("Rowan"), at=AT)
    moves = list(RequestTransition.objects.filter(request=request).order_by("pk").values_list("end", flat=True))
    assert moves == ["asked", "opened", "answered"]
    request.refresh_from_db()
    assert request.opened_by == world.posts["Rowan"]


@pytest.mark.parametrize(
    "item, rule",
    [
        (ItemSaid("work", "Saturdays in a shop"), "IS-26"),  # eleven, and shared from sixteen
        (ItemSaid("counselling", "…"), "IS-26"),  # left out
        (ItemSaid("invented", "…"), "IS-26"),
        (ItemSaid("attendance", "…", date(2024, 11, 17)), "IS-27"),
    ],
)
def test_only_what_the_rules_allow_is_shared(world: World, item: ItemSaid, rule: str) -> None:
    request = ask(world)
    by = world.by("Rowan")
    assert (
        refused(lambda: services.answer_request(request=request, answer=an_answer(items=[item]), by=by, at=AT)) == rule
    )
    assert not Answer.objects.exists()
    request.refresh_from_db()
    assert request.state == "asked"  # nothing is half done


def test_what_is_shared_at_the_higher_levels_only(world: World) -> None:
    request = ask(world, level=2, family_agrees=True)
    answer = an_answer(items=[ItemSaid("exclusions", "Two days in May")])
    by = world.by("Rowan")
    assert refused(lambda: services.answer_request(request=request, answer=answer, by=by, at=AT)) == "IS-26"


@pytest.mark.parametrize(
    "facts, rule",
    [
        ({"worker": "", "worker_role": ""}, "IS-21"),
        ({"as_of": None}, "IS-22"),
        ({"proportionality": ""}, "IS-24"),
        ({"basis": "cooperate_2004"}, "IS-25"),  # exists, but is none of the agreement's
        ({"basis": ""}, "IS-25"),
        ({"involvement": "none_found"}, "IS-30"),
        ({"involvement": "perhaps"}, "IS-30"),
        ({"refused": [ItemRefused("attendance", "other")]}, "IS-28"),
        ({"refused": [ItemRefused("attendance", "")]}, "IS-28"),
        ({"level_of_need": 9, "judgement": "x"}, "IS-10"),
    ],
)
def test_an_answer_that_says_too_little(world: World, facts: dict[str, object], rule: str) -> None:
    request, by = ask(world), world.by("Rowan")
    assert refused(lambda: services.answer_request(request=request, answer=an_answer(**facts), by=by, at=AT)) == rule


def test_a_correction_is_another_row(world: World) -> None:
    request, by = ask(world), world.by("Rowan")
    services.answer_request(request=request, answer=an_answer(worker="Otto"), by=by, at=AT)
    assert refused(lambda: services.answer_request(request=request, answer=an_answer(), by=by, at=AT)) == "IS-20"
    assert (
        refused(lambda: services.correct_answer(request=request, answer=an_answer(), reason="", by=by, at=AT))
        == "IS-29"
    )
    services.correct_answer(request=request, answer=an_answer(), reason="The wrong worker", by=by, at=AT)
    seen = queries.requests_about(world.by("Amira"), SUBJECT)[0]
    assert seen.answer is not None
    assert (seen.answer.number, seen.answer.worker) == (2, "Rowan Testerfield")
    assert [each.worker for each in seen.earlier_answers] == ["Otto"]


def test_a_refusal_has_its_reason_and_is_counted(world: World) -> None:
    request, by = ask(world), world.by("Rowan")
    assert refused(lambda: services.refuse_request(request=request, reason_code="other", by=by, at=AT)) == "IS-28"
    services.refuse_request(request=request, reason_code="more_harm", words="He would find out.", by=by, at=AT)
    found = queries.refusals(world.by("Iris"))
    assert [(each.organisation, each.reason_code, each.number) for each in found.counts] == [
        ("Alder Sample Academy", "more_harm", 1)
    ]
    listed = queries.refusals(world.by("Iris"), organisation_id=world.school.pk, reason_code="more_harm")
    assert [row.reference for row in listed.chosen] == [request.reference]
    # A change of mind is an answer; the refusal stays counted.
    services.answer_request(request=request, answer=an_answer(), by=by, at=AT)
    assert Refusal.objects.count() == 1


def test_what_the_agency_said_already_is_prefilled_with_source_and_day(world: World) -> None:
    record = make_record(agency=world.school, given_name="Rowan", family_name="Testerfield")
    record.as_supplied = {**record.as_supplied, "attendance": "91%"}
    record.as_of = TODAY - timedelta(days=9)
    record.save()
    request, by = ask(world, person_id=person_of(record).pk), world.by("Rowan")
    services.open_request(request=request, by=by, at=AT)
    screen = queries.request_to_answer(by, request.pk, purpose="test")
    attendance = next(item for item in screen.items if item.code == "attendance")
    assert attendance.prefilled is not None
    assert (attendance.prefilled.words, attendance.prefilled.day) == ("91%", record.as_of)
    assert screen.prefilled.is_known
    answer = an_answer(items=[ItemSaid("attendance", "91%")])
    services.answer_request(request=request, answer=answer, by=by, at=AT)
    shared = queries.requests_about(by, SUBJECT)[0].answer
    assert shared is not None
    assert (shared.items[0].source, shared.items[0].source_day) == ("Alder Sample Academy", record.as_of)


# --- Ending.


def test_withdrawing_and_closing(world: World) -> None:
    request, by = ask(world), world.by("Amira")
    assert refused(lambda: services.withdraw_request(request=request, reason=" ", by=by, at=AT)) == "IS-32"
    with pytest.raises(NotPermitted):
        services.withdraw_request(request=request, reason="Mine", by=world.by("Ben"), at=AT)
    services.withdraw_request(request=request, reason="Asked the wrong school", by=by, at=AT)
    with pytest.raises(NotVisible):
        queries.request_to_answer(world.by("Rowan"), request.pk, purpose="test")
    again = ask(world)
    services.answer_request(request=again, answer=an_answer(), by=world.by("Rowan"), at=AT)
    assert refused(lambda: services.withdraw_request(request=again, reason="Late", by=by, at=AT)) == "IS-20"
    services.close_request(request=again, by=world.by("Marlow"), at=AT)  # who manages the team may too
    assert InformationRequest.objects.filter(state="closed").count() == 1


def test_a_matter_that_is_done_closes_what_was_asked_about_it(world: World) -> None:
    one, two = ask(world), ask(world, purpose="protect")
    other = ask(world, subject=("front_door.referral", "another"))
    services.answer_request(request=two, answer=an_answer(), by=world.by("Rowan"), at=AT)

    # As a part above would call it, inside a guarded service of its own.
    services.withdraw_request(request=other, reason="Not needed", by=world.by("Amira"), at=AT)
    from joinedup.access import guard

    with guard._noted():
        assert services.close_requests_about(subject=SUBJECT, reason="Decided.", by=world.by("Amira"), at=AT) == 2
    one.refresh_from_db()
    two.refresh_from_db()
    assert {one.state, two.state} == {"closed"}
