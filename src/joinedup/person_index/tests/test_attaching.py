"""New records find their person by the model as they arrive, and never against what somebody decided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from joinedup.access.actor import system
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, make_organisation
from joinedup.person_index import services
from joinedup.person_index.models import AgencyRecord, LinkProposal, Person, RecordLink
from joinedup.person_index.tests.factories import make_person, make_record, make_row, nhs_number, person_of

pytestmark = pytest.mark.django_db
SYSTEM = system(AT)
HOME: dict[str, Any] = {"address": "1 Invented Way, Testbridge", "postcode": "ZZ1 1AA"}


@pytest.fixture
def schools() -> Organisation:
    return make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")


def test_a_slip_of_the_pen_is_linked_with_its_reason(schools: Organisation) -> None:
    first = make_record(given_name="Katherine", **HOME)
    second = make_record(agency=schools, given_name="Kate", family_name="Testerfeild", **HOME)
    assert person_of(second) == person_of(first)
    link = RecordLink.objects.get(record=second)
    assert link.rule == "LK"
    assert "Same date of birth" in link.reason
    assert link.match_weight is not None
    assert Person.objects.count() == 1  # nobody is left over
    assert not LinkProposal.objects.exists()


def test_a_twin_a_sibling_and_a_father_are_not(schools: Organisation) -> None:
    child = make_record(given_name="Rowan", **HOME)
    others = [
        make_record(agency=schools, given_name="Robin", **HOME),
        make_record(agency=schools, given_name="Rowena", birth_date=date(2012, 1, 9), **HOME),
        make_record(agency=schools, given_name="Rowan", birth_date=date(1985, 3, 14), **HOME),
    ]
    assert len({person_of(record).pk for record in (child, *others)}) == 4


@pytest.mark.parametrize("other", ["Rowena", "Ronan"])
def test_a_name_that_only_looks_alike_on_one_birthday_is_asked_not_linked(schools: Organisation, other: str) -> None:
    first = make_record(given_name="Rowan", **HOME)
    second = make_record(agency=schools, given_name=other, **HOME)
    assert person_of(first) != person_of(second)


def test_a_name_that_only_looks_alike_is_linked_by_a_number(schools: Organisation) -> None:
    first = make_record(given_name="Rowan", nhs_number=nhs_number(1), **HOME)
    second = make_record(agency=schools, given_name="Rowann", nhs_number=nhs_number(1), **HOME)
    assert person_of(first) == person_of(second)


def test_what_is_likely_but_not_sure_is_asked(schools: Organisation) -> None:
    first = make_record(given_name="Rowan", nhs_number=nhs_number(1), **HOME)
    second = make_record(agency=schools, given_name="Rowan", nhs_number=nhs_number(2), **HOME)
    assert person_of(first) != person_of(second)
    proposal = LinkProposal.objects.get()
    assert {proposal.left_id, proposal.right_id} == {person_of(first).pk, person_of(second).pk}
    assert proposal.kind == "conflict"
    assert "nhs_numbers" in proposal.flags
    assert {each["field"] for each in proposal.evidence} >= {"forename", "birth", "nhs"}
    assert proposal.urgency == 1  # a child


def test_nobody_is_chosen_where_two_fit_alike(schools: Organisation) -> None:
    one = make_person(given_name="Rowan", nhs_number=nhs_number(1), **HOME)
    other = make_person(given_name="Rowan", nhs_number=nhs_number(2), **HOME)
    record = make_record(agency=schools, given_name="Rowan", **HOME)
    assert person_of(record) not in (one, other)
    assert LinkProposal.objects.filter(state="waiting").count() >= 2


def test_kept_apart_is_never_linked_again_whatever_arrives(schools: Organisation) -> None:
    first = make_record(given_name="Katherine", **HOME)
    row = make_row(
        agency_reference="S1", given_name="Kate", family_name="Testerfield", birth_date=date(2015, 3, 14), **HOME
    )
    second = services.store_record(agency=schools, row=row, by=SYSTEM, at=AT)
    assert person_of(second) == person_of(first)
    services.separate_record(record=second, reason="A cousin", by=SYSTEM, at=AT)
    own = person_of(second)
    newer = make_row(
        agency_reference="S1", given_name="Katherine", family_name="Testerfield", birth_date=date(2015, 3, 14), **HOME
    )
    services.store_record(agency=schools, row=newer, by=SYSTEM, at=AT)
    assert person_of(second) == own
    assert not LinkProposal.objects.exists()


def test_a_record_that_says_more_now_is_found_by_the_model(schools: Organisation) -> None:
    first = make_record(given_name="Katherine", **HOME)
    row = make_row(agency_reference="S1", given_name="K", family_name="Unknown")
    second = services.store_record(agency=schools, row=row, by=SYSTEM, at=AT)
    assert person_of(second) != person_of(first)
    newer = make_row(
        agency_reference="S1", given_name="Kate", family_name="Testerfield", birth_date=date(2015, 3, 14), **HOME
    )
    services.store_record(agency=schools, row=newer, by=SYSTEM, at=AT)
    assert person_of(second) == person_of(first)


def test_the_score_is_the_scorers(schools: Organisation) -> None:
    from joinedup.engines.linkage.comparing import standard_of
    from joinedup.engines.linkage.model import Model
    from joinedup.engines.linkage.scoring import Scorer
    from joinedup.person_index.services.attaching import _said

    first = make_record(given_name="Rowan", nhs_number=nhs_number(1), **HOME)
    second = make_record(agency=schools, given_name="Rowan", nhs_number=nhs_number(2), **HOME)
    one, other = (standard_of(_said(AgencyRecord.objects.get(pk=each.pk))) for each in (first, second))
    expected = Scorer(Model.default()).score(one, other)
    assert LinkProposal.objects.get().probability == pytest.approx(Decimal(expected.probability), abs=Decimal("1e-6"))


BEFORE = {"given_name": "Zabelina Quill", "family_name": "Formerly", "address": "3 Gone Road", "postcode": "ZZ9 9ZZ"}
AFTER = {"given_name": "Zabelina Quill", "family_name": "Newfield", "address": "12 Invented Way", "postcode": "ZZ1 1AA"}


def test_nobody_is_asked_about_both_lives_of_an_adopted_child(schools: Organisation) -> None:
    """LK-15 as a record arrives, as in the bulk run: whoever decided it would see both. Grown people are asked about."""
    grown: dict[str, Any] = {"given_name": "Quentina Yarrow", "birth_date": date(1975, 8, 21)}
    for who in ({"birth_date": date(2015, 3, 14)}, grown):
        make_record(**BEFORE | who)
        make_record(agency=schools, **AFTER | who)
    asked = LinkProposal.objects.get()
    assert {person.birth_date for person in (asked.left, asked.right)} == {date(1975, 8, 21)}
    assert RecordLink.objects.filter(separated_at=None).values("person_id").distinct().count() == 4
