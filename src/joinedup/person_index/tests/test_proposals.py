"""Deciding what the model proposes: link, keep apart, second opinion, undo; nothing is lost and nothing is left over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from joinedup.access.actor import Actor, system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, Refused
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index import services
from joinedup.person_index.judging import Judged
from joinedup.person_index.models import (
    AgencyRecord,
    KeepApart,
    KeptBeside,
    LinkProposal,
    Person,
    RecordLink,
)
from joinedup.person_index.services.asking import Asked, _propose
from joinedup.person_index.tests.factories import make_person, make_record, person_of
from joinedup.person_index.tests.test_records import everything_about

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=5)
JUDGED = Judged("possible", 0.7, 1.2, (), ("The forenames are not one name",), ("twins",), "test")


@pytest.fixture
def schools() -> Organisation:
    return make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")


@pytest.fixture
def faith() -> Actor:
    door = make_team(code="DOOR", kind="front_door")
    return actor_of(make_post(role=Role.SOCIAL_WORKER, team=door)[0], AT)


@pytest.fixture
def gil() -> Actor:
    door = make_team(code="DOOR2", kind="front_door")
    return actor_of(make_post(role=Role.FRONT_DOOR_WORKER, team=door)[0], AT)


def two(schools: Organisation, **facts: Any) -> tuple[AgencyRecord, AgencyRecord]:
    """Two records that no rule links."""
    one = make_record(given_name="Rowan")
    unlike = {"given_name": "Quill", "family_name": "Otherfield", "birth_date": date(2013, 2, 5)}
    return one, make_record(agency=schools, **(unlike | facts))


def ask(one: Person, other: Person, kind: str = "possible") -> LinkProposal:
    found = _propose(Asked(kind, one.pk, other.pk, JUDGED), at=AT)
    assert found is not None
    return found


def decide(proposal: LinkProposal, outcome: str, by: Actor, code: str = "", **more: Any) -> Any:
    reason = code or {"link": "same_details", "apart": "twin", "second": "not_sure"}[outcome]
    said: dict[str, Any] = {"proposal": proposal, "outcome": outcome, "reason_code": reason, "by": by, "at": LATER}
    return services.decide_proposal(**(said | more))


def test_linked_they_are_one_person_and_nothing_waits(schools: Organisation, faith: Actor) -> None:
    one, other = two(schools)
    proposal = ask(person_of(one), person_of(other))
    decision = decide(proposal, "link", faith, words="Mother rang")
    assert person_of(one) == person_of(other)
    link = RecordLink.objects.get(pk=decision.effects["links"][0][1])
    assert (link.rule, link.linked_by, link.reason) == ("person", faith.account_id, "The details agree: Mother rang.")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.outcome) == ("decided", "link")
    row = AuditEvent.objects.filter(action="person_index.decide_proposal").latest("at")
    assert {proposal.left_id, proposal.right_id} <= set(row.people)
    with pytest.raises(Refused, match="decided about this already"):
        decide(proposal, "apart", faith)


def test_kept_apart_stays_apart_whatever_comes(schools: Organisation, faith: Actor) -> None:
    one, other = two(schools)
    proposal = ask(person_of(one), person_of(other))
    decide(proposal, "apart", faith)
    assert KeepApart.objects.filter(lifted_at=None).count() == 1
    assert KeptBeside.objects.count() == 1
    assert _propose(Asked("change", person_of(one).pk, person_of(other).pk, JUDGED), at=LATER) is None
    with pytest.raises(Refused) as refused:
        services.link_record(record=other, person=person_of(one), reason="Same", by=faith, at=LATER)
    assert refused.value.rule == "PI-5"
    with pytest.raises(Refused) as refused:
        services.link_record(record=one, person=person_of(other), reason="Same", by=faith, at=LATER)
    assert refused.value.rule == "PI-5"


def test_apart_follows_the_records_wherever_they_go(schools: Organisation, faith: Actor) -> None:
    one, other = two(schools)
    third = make_record(agency=schools, given_name="Zofia", family_name="Thirdfield", birth_date=date(2011, 9, 1))
    decide(ask(person_of(one), person_of(other)), "apart", faith)
    services.link_record(record=other, person=person_of(third), reason="Same", by=faith, at=LATER)
    with pytest.raises(Refused) as refused:  # the other record is with the third now
        services.link_record(record=one, person=person_of(third), reason="Same", by=faith, at=LATER)
    assert refused.value.rule == "PI-5"


def test_undone_everything_is_exactly_what_it_was(schools: Organisation, faith: Actor) -> None:
    one, other = two(schools)
    people = [person_of(one), person_of(other)]
    before = [everything_about(person) for person in people]
    proposal = ask(*people)
    third = ask(people[0], make_person(given_name="Rona"))
    for outcome in ("link", "apart", "second"):
        proposal.refresh_from_db()
        decide(proposal, outcome, faith)
        assert services.undo_last_decision(by=faith, at=LATER) == proposal
        assert [everything_about(person) for person in people] == before
        proposal.refresh_from_db()
        assert (proposal.state, proposal.outcome) == ("waiting", "")
        assert not KeepApart.objects.filter(lifted_at=None).exists()
        third.refresh_from_db()
        assert third.state == "waiting"
        assert people[0].pk in (third.left_id, third.right_id)
        links = RecordLink.objects.filter(separated_at=None, record__in=(one, other))
        assert set(links.values_list("rule", "reason")) == set(
            RecordLink.objects.filter(record__in=(one, other), rule="new").values_list("rule", "reason")
        )
    with pytest.raises(Refused, match="no decision of yours"):
        services.undo_last_decision(by=faith, at=LATER)


def test_undo_is_refused_once_somebody_decided_since(schools: Organisation, faith: Actor, gil: Actor) -> None:
    one, other = two(schools)
    decide(ask(person_of(one), person_of(other)), "link", faith)
    services.separate_record(record=other, reason="Another child", by=gil, at=LATER)
    with pytest.raises(Refused, match="decided about these people since"):
        services.undo_last_decision(by=faith, at=LATER)


def test_a_second_opinion_is_somebody_elses(schools: Organisation, faith: Actor, gil: Actor) -> None:
    one, other = two(schools)
    proposal = ask(person_of(one), person_of(other))
    decide(proposal, "second", faith)
    proposal.refresh_from_db()
    with pytest.raises(Refused) as refused:
        decide(proposal, "link", faith)
    assert refused.value.rule == "LR-2"
    decide(proposal, "link", gil)
    assert person_of(one) == person_of(other)


def test_a_reason_is_needed(schools: Organisation, faith: Actor) -> None:
    proposal = ask(*map(person_of, two(schools)))
    for code, words in (("", ""), ("twin", ""), ("other", "  "), ("nonsense", "x")):
        with pytest.raises(Refused) as refused:
            services.decide_proposal(
                proposal=proposal, outcome="link", reason_code=code, words=words, by=faith, at=LATER
            )
        assert refused.value.rule == "LR-1"


def test_what_families_told_us_is_never_lost(schools: Organisation, faith: Actor) -> None:
    told = make_person(given_name="Rowan")
    record = make_record(agency=schools, given_name="Quill", family_name="Otherfield", birth_date=date(2013, 2, 5))
    decide(ask(told, person_of(record)), "link", faith)
    assert person_of(record) == told
    another = make_person(given_name="Rowan", birth_date=date(2016, 3, 14))
    with pytest.raises(Refused) as refused:
        decide(ask(told, another), "link", faith)
    assert refused.value.rule == "LR-6"  # two dates of birth; what can be true together is in test_told_entries
    decide(LinkProposal.objects.get(state="waiting"), "apart", faith)
    assert _propose(Asked("possible", told.pk, another.pk, JUDGED), at=LATER) is None


def test_a_record_that_may_be_somebody_elses(schools: Organisation, faith: Actor) -> None:
    one, other = two(schools)
    services.link_record(record=other, person=person_of(one), reason="Same", by=system(AT), at=AT)
    person = person_of(one)
    proposal = _propose(Asked("broken", person.pk, None, JUDGED, record=other.pk), at=AT)
    assert proposal is not None
    before = everything_about(person)
    decide(proposal, "apart", faith, code="other_person")
    assert person_of(other) != person
    services.undo_last_decision(by=faith, at=LATER)
    assert everything_about(person) == before
    proposal.refresh_from_db()
    decide(proposal, "link", faith)
    assert RecordLink.objects.get(record=other, separated_at=None).rule == "person"


def test_a_question_follows_the_people_it_is_about(schools: Organisation, faith: Actor) -> None:
    one, other = two(schools)
    third = make_record(agency=schools, given_name="Zofia", family_name="Thirdfield", birth_date=date(2011, 9, 1))
    first, second = ask(person_of(one), person_of(other)), ask(person_of(other), person_of(third))
    stays = person_of(one)
    decide(first, "link", faith)
    second.refresh_from_db()
    assert {second.left_id, second.right_id} == {stays.pk, person_of(third).pk}
    services.link_record(record=third, person=stays, reason="Same", by=faith, at=LATER)
    second.refresh_from_db()
    assert second.state == "superseded"


def test_others_may_not_decide(schools: Organisation) -> None:
    proposal = ask(*map(person_of, two(schools)))
    amira = actor_of(make_post(role=Role.KEY_WORKER, team=make_team(code="NORTH"))[0], AT)
    manager = actor_of(make_post(role=Role.TEAM_MANAGER, team=make_team(code="SOUTH"))[0], AT)
    for viewer in (amira, manager):  # a guardian may, but only where somebody is restricted
        with pytest.raises(NotPermitted):
            decide(proposal, "link", viewer)
