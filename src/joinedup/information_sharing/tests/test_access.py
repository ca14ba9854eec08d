"""Who sees what by a request, until when; and over random worlds, that no ground outlives its request or agreement."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.access.actor import Actor, public
from joinedup.access.models import AuditEvent
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.information_sharing import queries, services
from joinedup.information_sharing.models import Agreement, AgreementPost, InformationRequest
from joinedup.information_sharing.tests.factories import (
    AT,
    LONDON,
    SUBJECT,
    World,
    an_answer,
    ask,
    make_world,
    sign_all,
)
from joinedup.person_index.models import Person

pytestmark = pytest.mark.django_db
CAST = ("Amira", "Ben", "Marlow", "Rowan", "Otto", "Cara", "Dev", "Iris")


@pytest.fixture
def world() -> World:
    return make_world()


def opens_the_person(viewer: Actor, person_id: UUID) -> bool:
    return Person.objects.visible_to(viewer).filter(pk=person_id).exists()


def may_answer(viewer: Actor, request_id: UUID) -> bool:
    try:
        queries.request_to_answer(viewer, request_id, purpose="test")
    except (NotVisible, NotPermitted):
        return False
    return True


def may_read_as_asker(viewer: Actor, request_id: UUID) -> bool:
    try:
        queries.asked_request(viewer, request_id, purpose="test")
    except (NotVisible, NotPermitted):
        return False
    return True


def test_who_sees_what_of_a_request(world: World) -> None:
    request = ask(world)
    assert {name for name in CAST if may_answer(world.by(name), request.pk)} == {"Rowan"}
    assert {name for name in CAST if may_read_as_asker(world.by(name), request.pk)} == {"Amira"}
    # The person's own page: for whoever asked and waits, and for nobody who answers.
    assert {name for name in CAST if opens_the_person(world.by(name), world.child.pk)} == {"Amira"}
    assert {name for name in CAST if queries.count_to_answer(world.by(name))["waiting"]} == {"Rowan"}


def test_nobody_is_named_before_somebody_opens(world: World) -> None:
    request = ask(world)
    rowan = world.by("Rowan")
    screen = queries.request_to_answer(rowan, request.pk, purpose="test")
    assert screen.identity is None
    assert queries.requests_to_answer(rowan).waiting[0].name == ""
    seen = AuditEvent.objects.filter(subject_id=str(request.pk), kind="read").latest("pk")
    assert seen.people == []
    services.open_request(request=request, by=rowan, at=AT)
    screen = queries.request_to_answer(rowan, request.pk, purpose="test")
    assert screen.identity is not None
    assert screen.identity.name == "Rowan Testerfield"
    assert AuditEvent.objects.filter(subject_id=str(request.pk), kind="read").latest("pk").people == [world.child.pk]


def test_the_answerer_sees_no_more_than_it_takes_to_find_them(world: World) -> None:
    from joinedup.person_index.tests.factories import make_record, nhs_number, person_of

    record = make_record(
        agency=world.posts["Cara"].host, nhs_number=nhs_number(7), address="3 Hidden Lane", postcode="ZZ1 1AA",
        phone="07700 900111",
    )  # fmt: skip
    request = ask(world, person_id=person_of(record).pk)
    rowan = world.by("Rowan")
    services.open_request(request=request, by=rowan, at=AT)
    identity = queries.request_to_answer(rowan, request.pk, purpose="test").identity
    assert identity is not None
    said = repr(identity)
    for secret in ("Hidden", "ZZ1", "07700", record.nhs_number):  # another agency's facts
        assert secret not in said
    assert identity.number_label == "Unique pupil number"


@pytest.mark.parametrize("how", ["close", "withdraw", "end", "expire", "take_out_answerer"])
def test_what_ends_a_request_ends_what_it_let_somebody_see(world: World, how: str) -> None:
    request = ask(world)
    rowan, amira = world.by("Rowan"), world.by("Amira")
    services.open_request(request=request, by=rowan, at=AT)
    later = AT + timedelta(hours=1)
    governance = world.by("Iris", later)
    if how == "close":
        services.close_request(request=request, by=amira, at=later)
    elif how == "withdraw":
        services.withdraw_request(request=request, reason="Wrong", by=amira, at=later)
    elif how == "end":
        services.end_agreement(agreement=world.agreement, reason="A party left", by=governance, at=later)
    elif how == "expire":
        later = _midnight(world.agreement)  # no job has run
    else:
        named = AgreementPost.objects.get(agreement=world.agreement, part="answers")
        services.take_out_post(agreement=world.agreement, named=named, by=governance, at=later)
    assert not may_answer(world.by("Rowan", later), request.pk)
    assert queries.requests_to_answer(world.by("Rowan", later)).waiting == ()
    with pytest.raises(Refused):
        services.answer_request(request=request, answer=an_answer(), by=world.by("Rowan", later), at=later)
    if how != "take_out_answerer":
        assert not opens_the_person(world.by("Amira", later), world.child.pk)


def _midnight(agreement: Agreement) -> datetime:
    assert agreement.expires_on is not None
    return datetime.combine(agreement.expires_on, datetime.min.time(), tzinfo=LONDON)


def test_expiry_bites_at_midnight_and_not_a_second_before(world: World) -> None:
    midnight = _midnight(world.agreement)
    before = midnight - timedelta(seconds=1)
    request = ask(world, at=before, by=replace(world.by("Amira", before), via="system", account_id=None))
    assert may_answer(world.by("Rowan", before), request.pk)
    assert opens_the_person(world.by("Amira", before), world.child.pk)
    assert not may_answer(world.by("Rowan", midnight), request.pk)
    assert not opens_the_person(world.by("Amira", midnight), world.child.pk)
    with pytest.raises(Refused, match="not in force"):
        ask(world, at=midnight, purpose="protect")
    seen = queries.requests_about(world.by("Amira", midnight), SUBJECT)[0]
    assert (seen.state, seen.is_live) == ("closed", False)
    # The keeper then writes it down, once.
    assert services.settle_agreements(at=midnight) == 1
    assert services.settle_agreements(at=midnight) == 0
    request.refresh_from_db()
    world.agreement.refresh_from_db()
    assert (request.state, world.agreement.state) == ("closed", "expired")


def test_answering_opens_nothing_for_the_asker_afterwards(world: World) -> None:
    request = ask(world)
    services.answer_request(request=request, answer=an_answer(), by=world.by("Rowan"), at=AT)
    amira = world.by("Amira")
    assert not opens_the_person(amira, world.child.pk)  # the answer is read on the request
    assert may_read_as_asker(amira, request.pk)


def test_the_public_reads_what_is_in_force_and_nobody_else(world: World) -> None:
    notice = queries.privacy_notice(public(AT))
    assert [each.title for each in notice] == ["Deciding together what help a family needs"]
    assert "Rowan Testerfield" not in repr(notice)
    assert queries.privacy_notice(public(_midnight(world.agreement))) == []


def test_the_register_is_governance_alone(world: World) -> None:
    for name in CAST:
        if name != "Iris":
            with pytest.raises(NotPermitted):
                queries.agreements(world.by(name))
            with pytest.raises(NotPermitted):
                queries.agreement(world.by(name), world.agreement.pk)
    assert queries.agreements(world.by("Iris"))


# --- Over random worlds.

MOVES = st.lists(
    st.tuples(
        st.sampled_from(
            ["ask", "open", "answer", "refuse", "withdraw", "close", "end", "settle", "next", "rename", "out"]
        ),
        st.sampled_from(["decide_help", "protect"]),
        st.integers(0, 40),
    ),
    max_size=14,
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=MOVES, lasts=st.integers(2, 120))
def test_no_ground_outlives_its_request_or_its_agreement(moves: list[Any], lasts: int) -> None:
    _play_and_forget(moves, lasts)


@pytest.mark.deep
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=MOVES, lasts=st.integers(2, 120))
def test_no_ground_outlives_them_in_many_worlds(moves: list[Any], lasts: int) -> None:
    _play_and_forget(moves, lasts)


def _play_and_forget(moves: list[Any], lasts: int) -> None:
    from django.db import transaction

    with transaction.atomic():
        _play(moves, lasts)
        transaction.set_rollback(True)


def _play(moves: list[Any], lasts: int) -> None:
    world = make_world(expires_on=AT.date() + timedelta(days=lasts), review_on=AT.date() + timedelta(days=1))
    at = AT
    for move, purpose, days in moves:
        at += timedelta(days=days, hours=1)
        with suppress(Refused, NotVisible):
            _do(world, move, purpose, at)
        _holds(world, at)


def _do(world: World, move: str, purpose: str, at: datetime) -> None:
    newest = InformationRequest.objects.filter(purpose=purpose).order_by("-asked_at", "-pk").first()
    rowan, amira, iris = (world.by(name, at) for name in ("Rowan", "Amira", "Iris"))
    if move == "ask":
        ask(world, at=at, purpose=purpose, by=replace(amira, via="system", account_id=None))
    elif move == "end":
        services.end_agreement(agreement=world.agreement, reason="Enough", by=iris, at=at)
    elif move == "settle":
        services.settle_agreements(at=at)
    elif move == "next":
        following = services.draft_next(agreement=world.agreement, by=iris, at=at)
        Agreement.objects.filter(pk=following.pk).update(
            starts_on=at.date(), review_on=at.date() + timedelta(days=9), expires_on=at.date() + timedelta(days=20)
        )
        following.refresh_from_db()
        world.agreement = sign_all(following, at=at)
    elif move == "rename":
        services.name_post(
            agreement=world.agreement,
            organisation=world.school,
            post=world.posts["Rowan"],
            part="answers",
            by=iris,
            at=at,
        )
    elif move == "out":
        named = AgreementPost.objects.filter(agreement=world.agreement, part="answers", ended_at=None).first()
        if named:
            services.take_out_post(agreement=world.agreement, named=named, by=iris, at=at)
    elif newest is not None:
        _answer_or_end(newest, move, rowan, amira, at)


def _answer_or_end(newest: InformationRequest, move: str, rowan: Actor, amira: Actor, at: datetime) -> None:
    if move == "open":
        services.open_request(request=newest, by=rowan, at=at)
    elif move == "answer":
        services.answer_request(request=newest, answer=an_answer(), by=rowan, at=at)
    elif move == "refuse":
        services.refuse_request(request=newest, reason_code="not_held", by=rowan, at=at)
    elif move == "withdraw":
        services.withdraw_request(request=newest, reason="Enough", by=amira, at=at)
    elif move == "close":
        services.close_request(request=newest, by=amira, at=at)


def _holds(world: World, at: datetime) -> None:
    """Worked out a second time, row by row and without the filters of the program."""
    day = at.astimezone(LONDON).date()
    answering: set[UUID] = set()
    awaiting = False
    for row in InformationRequest.objects.select_related("agreement"):
        agreement = row.agreement
        assert agreement.starts_on is not None
        assert agreement.expires_on is not None
        signed = all(party.signed_on is not None for party in agreement.parties.all())
        in_force = signed and agreement.ended_on is None and agreement.starts_on <= day < agreement.expires_on
        named = any(
            place.post_id == world.posts["Rowan"].pk and place.part == "answers"
            and place.named_at <= at and (place.ended_at is None or at < place.ended_at)
            for place in agreement.posts.all()
        )  # fmt: skip
        if row.state in {"asked", "opened", "answered", "refused"} and in_force:
            answering |= {row.pk} if named else set()
            awaiting |= row.state in {"asked", "opened"}
    rowan = world.by("Rowan", at)
    assert {row.pk for row in InformationRequest.objects.all() if may_answer(rowan, row.pk)} == answering
    page = queries.requests_to_answer(rowan)
    assert {row.id for row in (*page.waiting, *page.settled)} == answering
    assert opens_the_person(world.by("Amira", at), world.child.pk) is awaiting
    for name in ("Ben", "Marlow", "Rowan", "Otto", "Cara", "Dev", "Iris"):
        assert not opens_the_person(world.by(name, at), world.child.pk)


def test_the_asker_reads_no_answer_once_the_request_is_closed(world: World) -> None:
    """The ground ends with the question; governance and the front door's managers keep the record."""
    request = ask(world)
    services.answer_request(
        request=request,
        answer=an_answer(judgement="Hungry most mornings.", level_of_need=3),
        by=world.by("Rowan"),
        at=AT,
    )
    assert {name for name in CAST if may_read_as_asker(world.by(name), request.pk)} == {"Amira"}
    request.refresh_from_db()
    services.close_request(request=request, by=world.by("Amira"), at=AT)
    seen = queries.asked_request(world.by("Amira"), request.pk, purpose="test")
    assert (seen.answer, seen.earlier_answers, seen.is_answer_over, seen.state) == (None, (), True, "closed")
    (listed,) = queries.requests_asked(world.by("Amira"), with_ended=True)
    assert (listed.answer, listed.is_answer_over) == (None, True)
    assert {name for name in CAST if may_read_as_asker(world.by(name), request.pk)} == {"Amira", "Marlow", "Iris"}
    for keeper in ("Marlow", "Iris"):
        kept = queries.asked_request(world.by(keeper), request.pk, purpose="test").answer
        assert kept is not None
        assert kept.judgement == "Hungry most mornings."
        assert AuditEvent.objects.filter(kind="read", actor_id=world.accounts[keeper].pk, people=[world.child.pk])
        assert [each.id for each in queries.closed_requests(world.by(keeper), world.agreement.pk)] == [request.pk]
    assert queries.closed_requests(world.by("Amira"), world.agreement.pk) == []


def test_an_answer_is_over_on_the_day_its_agreement_ends(world: World) -> None:
    request = ask(world)
    services.answer_request(request=request, answer=an_answer(), by=world.by("Rowan"), at=AT)
    seen = queries.asked_request(world.by("Amira", _midnight(world.agreement)), request.pk, purpose="test")
    assert (seen.answer, seen.is_answer_over) == (None, True)
