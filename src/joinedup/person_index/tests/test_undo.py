"""Undoing an import: exactly what was there before, and nothing taken from anybody who works with it."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, Refused
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post
from joinedup.person_index import queries, services
from joinedup.person_index.models import (
    AgencyRecord,
    EarlierVersion,
    Family,
    FamilyMember,
    ImportChange,
    ImportRun,
    KeepApart,
    Person,
    RecordLink,
    SearchKey,
)
from joinedup.person_index.services import ImportResult
from joinedup.person_index.tests.factories import make_family, make_person, make_record, nhs_number, person_of

pytestmark = pytest.mark.django_db
HEADER = "ref,forename,surname,dob,nhs,postcode,household,as of\n"
LATER = AT + timedelta(hours=3)


@pytest.fixture(autouse=True)
def agencies() -> None:
    for code, kind in (("NHS", "nhs"), ("SCHOOLS", "school"), ("COUNCIL", "council")):
        make_organisation(code=code, name=f"Exampleshire {code.title()}", kind=kind)


def bring(lines: str, code: str = "NHS", at: Any = AT) -> ImportResult:
    content = (HEADER + lines).encode()
    return services.import_records(agency_code=code, file_name="people.csv", content=content, by=system(at), at=at)


def undo(result: ImportResult, at: Any = LATER, **who: Any) -> services.Undone:
    run = ImportRun.objects.get(pk=result.run_id)
    return services.undo_import(run=run, by=who.get("by") or system(at), at=at)


def everything() -> dict[str, Any]:
    """All that is known of everybody, to the last key; the version of a record apart, which only counts saves."""
    without = {"version"}
    rows: dict[str, Any] = {}
    for model in (Person, AgencyRecord, EarlierVersion, RecordLink, KeepApart, Family, FamilyMember):
        rows[model.__name__] = [
            {name: value for name, value in row.items() if name not in without}
            for row in model.objects.order_by("pk").values()
        ]
    rows["keys"] = sorted(SearchKey.objects.values_list("person_id", "key"))
    return rows


FIRST = (
    f"A1,Rowan,Testerfield,14/03/2015,{nhs_number(1)},ZZ1 1AA,H1,01/10/2026\n"
    "A2,Mo,Testerfield,02/01/1990,,ZZ1 1AA,H1,01/10/2026\n"
    "A3,Jo,Loner,05/06/1985,,ZZ3 3CC,,01/10/2026\n"
)
SECOND = (
    f"A1,Rowan,Newname,14/03/2015,{nhs_number(1)},ZZ2 2BB,H2,01/11/2026\n"  # changed, and moved to another household
    "A2,Mo,Testerfield,02/01/1990,,ZZ1 1AA,H1,01/11/2026\n"  # the same, on a later day
    "A4,Al,Newname,02/02/1988,,ZZ2 2BB,H2,01/11/2026\n"
    f"A5,Em,Testerfield,09/09/2017,{nhs_number(5)},ZZ1 1AA,H1,01/11/2026\n"  # joins a family that was there
)


def test_an_undone_import_leaves_everything_as_it_was() -> None:
    bring(FIRST)
    bring(FIRST.replace("A", "S"), "SCHOOLS")
    make_person(given_name="Em", birth_date=None)
    before = everything()
    second = bring(SECOND, at=AT + timedelta(hours=1))
    assert second.counts["created"] == 2
    assert second.counts["updated"] == 1
    assert everything() != before
    undone = undo(second)
    assert (undone.removed, undone.restored, undone.kept) == (2, 2, ())
    assert everything() == before
    run = ImportRun.objects.get(pk=second.run_id)
    assert (run.undone_at, run.undone["removed"]) == (LATER, 2)
    assert not ImportChange.objects.filter(run=run).exists()
    assert AuditEvent.objects.filter(action="person_index.import_records", subject_id=str(run.pk)).count() == 2
    assert bring(SECOND, at=LATER).counts == second.counts


def test_a_first_import_undone_leaves_nobody() -> None:
    first = bring(FIRST)
    assert undo(first).removed == 3
    assert not any(everything().values())


def test_people_another_agency_knows_stay_as_that_agency_knows_them() -> None:
    bring("S1,Rowan,Testerfield,14/03/2015,,ZZ1 1AA,,\n", "SCHOOLS")
    before = everything()
    second = bring(f"A1,ROWAN,TESTERFIELD,14/03/2015,{nhs_number(1)},zz11aa,,\n")
    assert Person.objects.get().nhs_number == nhs_number(1)
    undo(second)
    assert everything() == before


def test_who_came_later_keeps_the_person() -> None:
    first = bring(FIRST)
    bring("S1,Rowan,Testerfield,14/03/2015,,ZZ1 1AA,,\n", "SCHOOLS")
    rowan = Person.objects.get(given_name="Rowan")
    assert undo(first).removed == 3
    assert Person.objects.get() == rowan
    assert Person.objects.get().nhs_number == ""
    assert not SearchKey.objects.exclude(person=rowan).exists()
    assert not Family.objects.exists()


def test_whom_somebody_works_with_is_kept_and_reported() -> None:
    first = bring(FIRST)
    mo = Person.objects.get(given_name="Mo")
    services.add_name(
        person=mo, given_name="Mo", family_name="Fieldtester", source="call", by=system(AT), at=AT
    )  # fmt: skip
    undone = undo(first)
    assert undone.removed == 2
    assert [kept.agency_reference for kept in undone.kept] == ["A2"]
    assert "works with this person" in undone.kept[0].reason
    assert Person.objects.get() == mo
    report = queries.import_run(system(LATER), first.run_id)  # type: ignore[arg-type]
    assert report.undone["kept"] == [vars(undone.kept[0])]
    assert not report.can_be_undone


def test_a_family_somebody_works_with_keeps_its_people() -> None:
    first = bring(FIRST)
    family = Family.objects.get()
    services.join_family(
        family=family, person=make_person(given_name="Aunt"), part="other", by=system(AT), at=AT
    )  # fmt: skip
    leaving = FamilyMember.objects.get(person__given_name="Mo")
    services.leave_family(family=family, person=leaving.person, ends_on=AT.date(), by=system(AT), at=AT)
    undone = undo(first)
    assert [kept.agency_reference for kept in undone.kept] == ["A2"]
    assert set(family.members.values_list("person__given_name", flat=True)) == {"Aunt", "Mo"}


def test_what_a_person_decided_is_kept() -> None:
    first = bring(FIRST)
    target = make_person(given_name="Joanna", family_name="Loner")
    record = AgencyRecord.objects.get(agency_reference="A3")
    services.link_record(record=record, person=target, reason="Same voice", by=system(AT), at=AT)
    undone = undo(first)
    assert [(kept.agency_reference, kept.reason) for kept in undone.kept] == [
        ("A3", "Somebody decided whose record this is.")
    ]
    assert person_of(record) == target


def test_refused_after_a_day_twice_and_after_a_later_import() -> None:
    first = bring(FIRST)
    with pytest.raises(Refused, match="more than a day old") as late:
        undo(first, at=AT + timedelta(days=1, seconds=1))
    assert late.value.rule == "PI-15"
    second = bring(SECOND, at=AT + timedelta(hours=1))
    with pytest.raises(Refused, match=r"later import.*people\.csv") as later:
        undo(first)
    assert later.value.rule == "PI-16"
    undo(second)
    undo(first)
    with pytest.raises(Refused, match="was undone on"):
        undo(first)
    assert not Person.objects.exists()


def test_only_who_may_import_may_undo() -> None:
    first = bring(FIRST)
    for role in (Role.KEY_WORKER, Role.SOCIAL_WORKER, Role.FRONT_DOOR_WORKER):
        account, _ = make_post(role=role)
        with pytest.raises(NotPermitted):
            undo(first, by=actor_of(account))
    assert Person.objects.count() == 3


def test_a_record_that_is_matched_again_goes_back() -> None:
    known = make_record(nhs_number=nhs_number(1), agency=None)
    bring("S1,Rowan,Otherfield,14/03/2015,,ZZ9 9AA,,\n", "SCHOOLS")
    before = everything()
    second = bring(f"S1,Rowan,Otherfield,14/03/2015,{nhs_number(1)},ZZ9 9AA,,\n", "SCHOOLS", AT + timedelta(hours=1))
    assert RecordLink.objects.filter(person=person_of(known), separated_at=None).count() == 2
    undo(second)
    assert everything() == before


def _lines(chance: random.Random, wave: int) -> str:
    """A few rows about a small crowd, different in each wave."""
    lines = []
    for number in range(1, 13):
        if chance.random() < 0.3:
            continue
        nhs = nhs_number(number) if chance.random() < 0.5 else ""
        home = chance.choice(("ZZ1 1AA", "ZZ2 2BB"))
        house = chance.choice(("H1", "H2", "H3", ""))
        name = chance.choice(("Rowan", "Robin")) if number % 3 else "Mo"
        lines.append(
            f"R{number},{name},Tester{number % 4},14/0{1 + number % 3}/2015,{nhs},{home},{house},0{wave}/11/2026\n"
        )
    return "".join(lines)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_came_before_and_in_it_undoing_gives_it_back(seed: int) -> None:
    chance = random.Random(seed)
    for wave, code in enumerate(chance.choices(("NHS", "SCHOOLS", "COUNCIL"), k=4), start=1):
        bring(_lines(chance, wave), code, AT + timedelta(minutes=wave))
    if people := list(Person.objects.filter(continued_by=None).order_by("pk")[:2]):
        make_family(*((person, "child") for person in people))
    before = everything()
    last = bring(_lines(chance, 6), chance.choice(("NHS", "SCHOOLS")), AT + timedelta(hours=1))
    undo(last)
    after = everything()
    for table, rows in before.items():
        assert after[table] == rows, table
    assert isinstance(last.run_id, UUID)


def test_keys_go_with_their_person_whoever_deletes_them() -> None:
    """The table of keys has no foreign key, for the speed of imports: the database takes them away all the same."""
    bring("A1,Rowan,Testerfield,14/03/2015,,ZZ1 1AA,,01/10/2026\nA2,Jo,Loner,05/06/1985,,ZZ3 3CC,,01/10/2026\n")
    rowan = Person.objects.get(given_name="Rowan")
    assert SearchKey.objects.filter(person=rowan).exists()
    RecordLink.objects.filter(person=rowan).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM person_index_person WHERE id = %s", [rowan.pk])
    assert not SearchKey.objects.filter(person_id=rowan.pk).exists()
    assert SearchKey.objects.exists()
