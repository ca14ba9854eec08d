"""Whatever people decide, take back and lift, and whatever arrives, is imported again, undone, trained anew or looked over
at night in between: no kept-apart pair is ever together, and nothing a person decided is changed by the system."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from joinedup.access.actor import system
from joinedup.core.errors import Refused
from joinedup.engines.linkage.model import Model
from joinedup.organisations.tests.factories import AT, make_organisation
from joinedup.person_index import services
from joinedup.person_index.models import (
    AgencyRecord,
    ImportRun,
    KeepApart,
    LinkageModel,
    LinkProposal,
    Person,
    RecordLink,
)
from joinedup.person_index.services import ImportResult, Undone
from joinedup.person_index.services.asking import Asked, _propose
from joinedup.person_index.services.reevaluation import _APART, Clustered, Pair
from joinedup.person_index.tests.factories import make_row, nhs_number, person_of
from joinedup.person_index.tests.test_proposals import JUDGED

_PLACES = st.integers(0, 30)
_OUTCOMES = {"link": "same_details", "apart": "twin"}


class Living(RuleBasedStateMachine):
    """Agencies that send and change records of a few look-alikes, people who decide, and a model that has its own ideas."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = transaction.atomic()
        self._whole.__enter__()
        self.agency = make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")
        self.at = AT
        self.by_people: dict[UUID, UUID] = {}  # record: link a person made

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._whole.__exit__(None, None, None)

    def now(self) -> dict[str, Any]:
        self.at += timedelta(minutes=1)
        return {"by": system(self.at), "at": self.at}

    def records(self) -> list[AgencyRecord]:
        return list(AgencyRecord.objects.order_by("pk"))

    def people_decided(self, service: Any, **said: Any) -> None:
        """Somebody does it, or is refused; the links it made are theirs."""
        before = set(RecordLink.objects.values_list("pk", flat=True))
        try:
            with transaction.atomic():
                service(**said, **self.now())
        except Refused:
            return
        for link in RecordLink.objects.exclude(pk__in=before).filter(separated_at=None):
            self.by_people[link.record_id] = link.pk
        gone = [
            record
            for record, link in self.by_people.items()
            if RecordLink.objects.filter(pk=link, separated_at__isnull=False).exists()
        ]
        for record in gone:
            del self.by_people[record]

    @rule(
        name=st.sampled_from(["Rowan", "Rohan", "Robin"]),
        number=st.integers(0, 2),
        home=st.booleans(),
        which=st.integers(1, 5),
    )
    def supply(self, name: str, number: int, home: bool, which: int) -> None:
        facts: dict[str, Any] = {"nhs_number": nhs_number(number)} if number else {}
        if home:
            facts |= {"postcode": "ZZ1 1AA", "address": "1 Invented Way"}
        row = make_row(
            agency_reference=f"S{which}",
            given_name=name,
            family_name="Testerfield",
            birth_date=date(2015, 3, 14),
            **facts,
        )
        services.store_record(agency=self.agency, row=row, **self.now())

    def bring(self, content: bytes) -> ImportResult:
        return services.import_records(agency_code="SCHOOLS", file_name="again.csv", content=content, **self.now())

    @rule(
        rows=st.lists(
            st.tuples(st.integers(1, 4), st.sampled_from(["Rowan", "Rohan", "Robin"]), st.integers(0, 2)),
            min_size=1,
            max_size=3,
            unique_by=lambda row: row[0],
        )
    )
    def import_and_again(self, rows: list[tuple[int, str, int]]) -> None:
        """A file, and the same file again, which changes nothing."""
        lines = [
            f"S{which},{name},Testerfield,14/03/2015,{nhs_number(number) if number else ''},ZZ1 1AA"
            for which, name, number in rows
        ]
        content = "\n".join(["ref,forename,surname,dob,nhs,postcode", *lines, ""]).encode()
        self.bring(content)
        before = list(RecordLink.objects.order_by("pk").values())
        again = self.bring(content)
        assert (again.counts["created"], again.counts["updated"]) == (0, 0)
        assert list(RecordLink.objects.order_by("pk").values()) == before

    def undone(self, run: ImportRun) -> Undone | None:
        """What undoing an import did; nothing where a later one changed the same records (PI-16)."""
        rule_broken = ""
        try:
            with transaction.atomic():
                return services.undo_import(run=run, **self.now())
        except Refused as refused:
            rule_broken = refused.rule
        assert rule_broken == "PI-16"
        return None

    @precondition(lambda self: ImportRun.objects.filter(undone_at=None).exists())
    @rule(place=_PLACES)
    def undo(self, place: int) -> None:
        """An import is taken back: what it brought goes, but for what somebody decided about since."""
        runs = list(ImportRun.objects.filter(undone_at=None).order_by("-started_at", "pk"))
        run = runs[place % len(runs)]
        undone = self.undone(run)
        if undone is None:
            return
        left = AgencyRecord.objects.filter(first_run=run.pk).values_list("agency_reference", flat=True)
        assert set(left) <= {each.agency_reference for each in undone.kept}
        assert set(self.by_people) <= set(AgencyRecord.objects.values_list("pk", flat=True))

    @precondition(lambda self: AgencyRecord.objects.exists())
    @rule(place=_PLACES, to=_PLACES)
    def link(self, place: int, to: int) -> None:
        records, people = self.records(), list(Person.objects.filter(continued_by=None).order_by("pk"))
        record, person = records[place % len(records)], people[to % len(people)]
        self.people_decided(services.link_record, record=record, person=person, reason="Same")

    @precondition(lambda self: AgencyRecord.objects.exists())
    @rule(place=_PLACES)
    def separate(self, place: int) -> None:
        records = self.records()
        self.people_decided(services.separate_record, record=records[place % len(records)], reason="Another")

    @precondition(lambda self: AgencyRecord.objects.count() > 1)
    @rule(one=_PLACES, other=_PLACES, outcome=st.sampled_from(list(_OUTCOMES)))
    def decide(self, one: int, other: int, outcome: str) -> None:
        records = self.records()
        left, right = (person_of(records[each % len(records)]) for each in (one, other))
        proposal = None
        if left != right:
            proposal = _propose(Asked("possible", left.pk, right.pk, JUDGED), at=self.at)
        proposal = proposal or LinkProposal.objects.filter(state="waiting").first()
        if proposal is not None:
            self.people_decided(
                services.decide_proposal, proposal=proposal, outcome=outcome, reason_code=_OUTCOMES[outcome]
            )

    @precondition(lambda self: KeepApart.objects.filter(lifted_at=None).exists())
    @rule(place=_PLACES)
    def lift(self, place: int) -> None:
        kept = list(KeepApart.objects.filter(lifted_at=None).order_by("pk"))
        services.lift_keep_apart(keep_apart=kept[place % len(kept)], reason="Sure", **self.now())

    @rule(link=st.sampled_from([0.5, 0.9, 0.999]))
    def retrain(self, link: float) -> None:
        model = Model.default()
        text = model.text().replace(f'"link": {model.link}', f'"link": {link}')
        now = self.now()
        LinkageModel.objects.create(
            name=f"retrained {now['at']:%H:%M}",
            digest="",
            content=json.loads(text),
            added_at=now["at"],
            in_use_from=now["at"],
        )

    @rule(together=st.booleans())
    def night(self, together: bool) -> None:
        """The bulk run says that all are one, or that each is alone."""

        def bulk(records: Path, model: Any, must: Collection[Pair], apart: Collection[Pair], tell: Any) -> Clustered:
            ids = [record.pk for record in self.records()]
            return Clustered([(each, "0" if together else str(number)) for number, each in enumerate(ids)])

        before = list(RecordLink.objects.order_by("pk").values())
        services.reevaluate(clusterer=bulk, **self.now())
        assert list(RecordLink.objects.order_by("pk").values()) == before

    @invariant()
    def no_kept_apart_pair_is_together(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_APART)
            pairs = cursor.fetchall()
        owner = dict(RecordLink.objects.filter(separated_at=None).values_list("record_id", "person_id"))
        assert [pair for pair in pairs if owner[pair[0]] == owner[pair[1]]] == []
        for kept in KeepApart.objects.filter(lifted_at=None):
            assert owner[kept.record_id] != kept.person_id

    @invariant()
    def what_a_person_decided_stands(self) -> None:
        live = set(RecordLink.objects.filter(separated_at=None).values_list("pk", flat=True))
        assert set(self.by_people.values()) <= live

    @invariant()
    def every_record_is_one_live_persons(self) -> None:
        links = RecordLink.objects.filter(separated_at=None)
        assert links.count() == AgencyRecord.objects.count()
        assert not links.filter(person__continued_by__isnull=False).exists()

    @invariant()
    def questions_are_about_two_live_people(self) -> None:
        asked = LinkProposal.objects.filter(state="waiting", right__isnull=False)
        assert not asked.filter(left__continued_by__isnull=False).exists()
        assert not asked.filter(right__continued_by__isnull=False).exists()


@pytest.mark.django_db
def test_in_any_order() -> None:
    run_state_machine_as_test(
        Living,
        settings=settings(
            max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
