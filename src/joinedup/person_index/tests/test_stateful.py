"""Whatever people link, separate and lift, each record is linked to exactly one live person, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, Q
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from joinedup.access.actor import system
from joinedup.core.errors import Refused
from joinedup.organisations.tests.factories import AT, make_organisation
from joinedup.person_index import services
from joinedup.person_index.models import AgencyRecord, KeepApart, Person, RecordLink, SearchKey
from joinedup.person_index.tests.factories import make_person, make_record, nhs_number, person_of

_PLACES = st.integers(0, 30)


def refusal_of(service: Callable[..., Any], **said: Any) -> str:
    """The rule by which it is refused, or nothing when it is done."""
    try:
        service(**said, by=system(AT), at=AT)
    except Refused as refused:
        return refused.rule
    return ""


class Deciding(RuleBasedStateMachine):
    """A handful of look-alikes, and people who change their minds about them."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = transaction.atomic()
        self._whole.__enter__()
        self.agency = make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")
        self.records: list[AgencyRecord] = []
        self.links_seen = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._whole.__exit__(None, None, None)

    def pick(self, place: int) -> AgencyRecord:
        return self.records[place % len(self.records)]

    @rule(name=st.sampled_from(["Rowan", "Robin"]), number=st.integers(0, 2), postcode=st.booleans())
    def supply(self, name: str, number: int, postcode: bool) -> None:
        facts: dict[str, Any] = {"nhs_number": nhs_number(number)} if number else {}
        if postcode:
            facts["postcode"] = "ZZ1 1AA"
        self.records.append(make_record(agency=self.agency, given_name=name, **facts))

    @rule(name=st.sampled_from(["Rowan", "Robin"]))
    def add_somebody(self, name: str) -> None:
        make_person(given_name=name, postcode="ZZ1 1AA", birth_date=date(2015, 3, 14))

    @precondition(lambda self: self.records)
    @rule(place=_PLACES, to=_PLACES)
    def link(self, place: int, to: int) -> None:
        record, people = self.pick(place), list(Person.objects.order_by("pk"))
        target = people[to % len(people)]
        apart = KeepApart.objects.filter(record=record, person=target, lifted_at=None).exists()
        refused = refusal_of(services.link_record, record=record, person=target, reason="Same")
        assert refused in {"", "PI-5", "PI-13"}
        assert refused or (not apart and person_of(record) == target)

    @precondition(lambda self: self.records)
    @rule(place=_PLACES)
    def separate(self, place: int) -> None:
        record = self.pick(place)
        left = person_of(record)
        refused = refusal_of(services.separate_record, record=record, reason="Another")
        assert refused in {"", "PI-7"}
        assert (person_of(record) == left) is bool(refused)
        assert KeepApart.objects.filter(record=record, person=left, lifted_at=None).exists() is not bool(refused)

    @precondition(lambda self: self.records)
    @rule(place=_PLACES)
    def lift(self, place: int) -> None:
        kept = KeepApart.objects.filter(record=self.pick(place), lifted_at=None).first()
        if kept:
            services.lift_keep_apart(keep_apart=kept, reason="Sure", by=system(AT), at=AT)

    @invariant()
    def every_record_is_one_live_persons(self) -> None:
        live = Count("links", filter=Q(links__separated_at=None))
        assert set(AgencyRecord.objects.annotate(live=live).values_list("live", flat=True)) <= {1}
        links = RecordLink.objects.filter(separated_at=None)
        assert not links.filter(person__continued_by__isnull=False).exists()

    @invariant()
    def nobody_is_linked_across_a_keep_apart(self) -> None:
        for kept in KeepApart.objects.filter(lifted_at=None):
            assert not RecordLink.objects.filter(
                record=kept.record_id, person=kept.person_id, separated_at=None
            ).exists()

    @invariant()
    def nothing_is_deleted(self) -> None:
        assert RecordLink.objects.count() >= self.links_seen
        self.links_seen = RecordLink.objects.count()

    @invariant()
    def only_live_people_are_found(self) -> None:
        assert not SearchKey.objects.filter(person__continued_by__isnull=False).exists()
        nameless = Person.objects.filter(continued_by=None, links__separated_at=None, links__isnull=False, known={})
        assert not nameless.exists()


@pytest.mark.django_db
def test_linking_and_separating_in_any_order() -> None:
    run_state_machine_as_test(
        Deciding,
        settings=settings(
            max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
