"""Importing an agency's file."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from joinedup.access.actor import system
from joinedup.core.errors import Refused
from joinedup.organisations.tests.factories import AT, make_organisation
from joinedup.person_index import services
from joinedup.person_index.models import (
    AgencyRecord,
    EarlierVersion,
    Family,
    FamilyMember,
    ImportRun,
    Person,
    RecordLink,
)
from joinedup.person_index.services import ImportResult
from joinedup.person_index.tests.factories import nhs_number

pytestmark = pytest.mark.django_db

HEADER = "ref,forename,surname,dob,nhs,postcode,household\n"


@pytest.fixture(autouse=True)
def agencies() -> None:
    make_organisation(code="NHS", name="Exampleshire Health", kind="nhs")
    make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")


def import_text(text: str | bytes, code: str = "NHS", *, dry_run: bool = False) -> ImportResult:
    content = text.encode() if isinstance(text, str) else text
    return services.import_records(
        agency_code=code, file_name="people.csv", content=content, by=system(AT), at=AT, dry_run=dry_run
    )


GOOD = (
    HEADER
    + f"A1,Rowan,Testerfield,14/03/2015,{nhs_number(1)},ZZ1 1AA,H1\n"
    + f"A2,Mo,Testerfield,2 January 1990,{nhs_number(2)},zz11aa,H1\n"
)


def test_good_rows_land_and_the_same_file_again_changes_nothing() -> None:
    first = import_text(GOOD)
    assert first.counts == {
        "read": 2, "created": 2, "unchanged": 0, "updated": 0, "rejected": 0, "duplicates": 0
    }  # fmt: skip
    before = (Person.objects.count(), RecordLink.objects.count(), FamilyMember.objects.count())
    again = import_text(GOOD)
    assert again.counts["unchanged"] == 2
    assert again.counts["created"] == again.counts["updated"] == 0
    assert before == (Person.objects.count(), RecordLink.objects.count(), FamilyMember.objects.count())
    assert AgencyRecord.objects.get(agency_reference="A1").as_supplied["dob"] == "14/03/2015"


def test_a_household_becomes_a_family_once() -> None:
    import_text(GOOD)
    family = Family.objects.get()
    assert str(family) == "Testerfield family"
    assert sorted(family.members.values_list("part", flat=True)) == ["child", "parent"]
    import_text(GOOD.replace("A1", "S1").replace("A2", "S2"), "SCHOOLS")
    assert Family.objects.count() == 1
    assert Person.objects.count() == 2


def test_bad_rows_are_reported_and_good_ones_kept() -> None:
    text = (
        HEADER
        + f"A1,Rowan,Testerfield,31/02/2015,{nhs_number(1)},ZZ1 1AA,\n"
        + "\n"
        + f'A2,"Mo\nMary",Testerfield,02/01/1990,{nhs_number(2)},ZZ1 1AA,\n'
        + "A3,,,02/01/1990,123,nowhere,\n"
        + ",Jo,Testerfield,,,,\n"
        + "A5,Jo,Testerfield,,,,,extra\n"
    )
    result = import_text(text)
    assert result.counts == {
        "read": 5, "created": 1, "unchanged": 0, "updated": 0, "rejected": 4, "duplicates": 0
    }  # fmt: skip
    assert [(each.row, each.field) for each in result.rejected] == [
        (2, "birth_date"), (6, "nhs_number"), (6, "postcode"), (7, "agency_reference"), (8, "")
    ]  # fmt: skip
    assert "not a date" in result.rejected[0].reason or "no such" in result.rejected[0].reason
    assert AgencyRecord.objects.get().given_name == "Mo Mary"


def test_a_reference_twice_in_one_file() -> None:
    row = "A1,Rowan,Testerfield,14/03/2015,,,\n"
    result = import_text(HEADER + row + row + row.replace("Rowan", "Robin"))
    assert result.counts["created"] == 1
    assert result.counts["duplicates"] == 1
    assert result.counts["rejected"] == 1
    assert "line 2" in result.rejected[0].reason


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("ref,forename,surname\nA1,Zoë,Testerfield\n".encode("utf-8-sig"), "Zoë"),
        ("ref,forename,surname\nA1,Zoë,Testerfield\n".encode("cp1252"), "Zoë"),
        ("ref;forename;surname\nA1;Zoë;Testerfield\n".encode(), "Zoë"),
        ('Client ID,Name\nA1,"Testerfield, Zoë"\n'.encode(), "Zoë"),
        ("ref,forename,surname\r\nA1,Zo\0ë,Testerfield\r\n".encode("utf-16"), "Zoë"),
    ],
)
def test_files_as_agencies_make_them(content: bytes, name: str) -> None:
    assert import_text(content).counts["created"] == 1
    assert Person.objects.get().given_name == name


def test_a_changed_row_is_updated_and_the_old_one_kept() -> None:
    import_text(GOOD)
    result = import_text(GOOD.replace("ZZ1 1AA", "ZZ2 2BB"))
    assert result.counts["updated"] == 1
    assert result.counts["unchanged"] == 1
    assert EarlierVersion.objects.get().postcode == "ZZ1 1AA"
    assert AgencyRecord.objects.get(agency_reference="A1").postcode == "ZZ2 2BB"


def test_an_older_copy_does_not_replace_a_newer_one() -> None:
    header = "ref,forename,surname,as of\n"
    import_text(header + "A1,Rowan,Newname,10/11/2026\n")
    result = import_text(header + "A1,Rowan,Oldname,10/11/2025\n")
    assert result.counts["rejected"] == 1
    assert result.rejected[0].field == "as_of"
    assert Person.objects.get().family_name == "Newname"
    later = import_text(header + "A1,Rowan,Newname,12/11/2026\n")
    assert later.counts["unchanged"] == 1
    assert str(AgencyRecord.objects.get().as_of) == "2026-11-12"


def test_a_dry_run_leaves_nothing() -> None:
    result = import_text(GOOD, dry_run=True)
    assert result.counts["created"] == 2
    assert not Person.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_crash_half_way_leaves_nothing() -> None:
    with (
        patch("joinedup.person_index.services.records._found_households", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        import_text(GOOD)
    assert not Person.objects.exists()
    assert not AgencyRecord.objects.exists()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("text", ["", "\n\n", "forename,surname\nRowan,Testerfield\n", "ref,dob\nA1,2015\n"])
def test_a_file_without_what_is_needed_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        import_text(text)
    assert refused.value.rule == "PI-9"


def test_an_unknown_agency_is_refused() -> None:
    with pytest.raises(Refused, match="no agency"):
        import_text(GOOD, "NOBODY")
