"""Importing an agency's file."""

from __future__ import annotations

import io
from datetime import date
from unittest.mock import patch

import openpyxl
import pytest

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.tabular import report_csv
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post
from joinedup.person_index import queries, services
from joinedup.person_index.agency_file_mapping import ColumnMapping
from joinedup.person_index.models import (
    AgencyRecord,
    EarlierVersion,
    Family,
    FamilyMember,
    ImportRun,
    Person,
    RecordLink,
    RememberedMapping,
)
from joinedup.person_index.services import ImportResult
from joinedup.person_index.tests.factories import make_person, nhs_number, person_of

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


def test_a_workbook_lands_like_a_csv() -> None:
    book = openpyxl.Workbook()
    for line in (["People known to us"], [], ["Ref", "Forename", "Surname", "DOB", "NHS No"]):
        book.active.append(line)
    book.active.append(["A1", "ROWAN", "TESTERFIELD", date(2015, 3, 14), int(nhs_number(1))])
    out = io.BytesIO()
    book.save(out)
    result = services.import_records(
        agency_code="NHS", file_name="people.xlsx", content=out.getvalue(), by=system(AT), at=AT
    )
    assert result.counts["created"] == 1
    person = Person.objects.get()
    assert (str(person), person.birth_date, person.nhs_number) == (
        "Rowan Testerfield",
        date(2015, 3, 14),
        nhs_number(1),
    )
    assert AgencyRecord.objects.get().as_supplied["Forename"] == "ROWAN"
    with pytest.raises(Refused, match=r"called \.csv") as refused:
        services.import_records(agency_code="NHS", file_name="people.csv", content=out.getvalue(), by=system(AT), at=AT)
    assert refused.value.rule == "PI-9"


def test_a_mapping_is_remembered_for_the_agency_and_the_header() -> None:
    text = "Key,Who,When\nA1,Mo Tester,03/04/2015\n"
    mapping = ColumnMapping({"Key": "agency_reference", "Who": "full_name", "When": "birth_date"}, "month-first")
    with pytest.raises(Refused, match="agency's own reference"):
        import_text(text)
    ahead = queries.read_ahead(system(AT), agency_code="NHS", file_name="a.csv", content=text.encode(), mapping=mapping)
    assert (ahead.first.problem, ahead.is_remembered, ahead.faults) == ("", False, ())
    assert ahead.first.rows[0].values["birth_date"] == "2015-03-04"
    assert not AgencyRecord.objects.exists()
    services.remember_mapping(agency_code="NHS", header=ahead.first.header, mapping=mapping, by=system(AT), at=AT)
    again = queries.read_ahead(system(AT), agency_code="nhs", file_name="a.csv", content=text.encode())
    assert (again.is_remembered, again.first.mapping.date_order) == (True, "month-first")
    assert import_text(text).counts["created"] == 1
    assert str(Person.objects.get().birth_date) == "2015-03-04"
    with pytest.raises(Refused):
        import_text(text, "SCHOOLS")
    other = ColumnMapping({**mapping.columns}, "day-first")
    services.remember_mapping(agency_code="NHS", header=["who", "KEY", "when"], mapping=other, by=system(AT), at=AT)
    assert RememberedMapping.objects.get().mapping["date_order"] == "day-first"
    assert import_text(text).counts["updated"] == 1
    assert str(Person.objects.get().birth_date) == "2015-04-03"


def test_a_mapping_that_cannot_be_used_is_not_remembered() -> None:
    wrong = ColumnMapping({"Key": "shoe_size"}, "backwards")
    with pytest.raises(Refused, match=r"no field.*no date order"):
        services.remember_mapping(agency_code="NHS", header=["Key"], mapping=wrong, by=system(AT), at=AT)
    assert not RememberedMapping.objects.exists()


def test_a_record_that_gains_a_number_is_matched_again() -> None:
    import_text(HEADER + f"A1,Rowan,Testerfield,14/03/2015,{nhs_number(1)},ZZ1 1AA,\n")
    import_text(HEADER + "S1,Rowan,Otherfield,14/03/2015,,ZZ2 2BB,\n", "SCHOOLS")
    school = AgencyRecord.objects.get(agency_reference="S1")
    shell = person_of(school)
    later = HEADER + f"S1,Rowan,Otherfield,14/03/2015,{nhs_number(1)},ZZ2 2BB,\n"
    import_text(later, "SCHOOLS")
    rowan = person_of(AgencyRecord.objects.get(agency_reference="A1"))
    assert person_of(school) == rowan
    shell.refresh_from_db()
    assert shell.continued_by == rowan
    assert RecordLink.objects.get(record=school, separated_at=None).rule == "PI-1"
    assert import_text(later, "SCHOOLS").counts["unchanged"] == 1


@pytest.mark.parametrize("how", ["decided", "kept apart", "in use"])
def test_a_record_is_not_matched_again_over_what_a_person_did(how: str) -> None:
    import_text(HEADER + f"A1,Rowan,Testerfield,14/03/2015,{nhs_number(1)},ZZ1 1AA,\n")
    import_text(HEADER + "S1,Rowan,Otherfield,14/03/2015,,ZZ2 2BB,\n", "SCHOOLS")
    school = AgencyRecord.objects.get(agency_reference="S1")
    rowan, own = person_of(AgencyRecord.objects.get(agency_reference="A1")), person_of(school)
    said = {"by": system(AT), "at": AT}
    if how == "decided":
        other = make_person(given_name="Somebody", family_name="Else")
        services.link_record(record=school, person=other, reason="Seen", **said)  # type: ignore[arg-type]
        own = other
    elif how == "kept apart":
        services.link_record(record=school, person=rowan, reason="Seen", **said)  # type: ignore[arg-type]
        services.separate_record(record=school, reason="Cousins", **said)  # type: ignore[arg-type]
    else:
        services.record_safe_contact(
            person=own, how="phone", details="01632 960 001", source="Mother", **said,  # type: ignore[arg-type]
        )  # fmt: skip
    import_text(HEADER + f"S1,Rowan,Otherfield,14/03/2015,{nhs_number(1)},ZZ2 2BB,\n", "SCHOOLS")
    assert person_of(school) == own
    assert own != rowan


def test_progress_is_told_step_by_step() -> None:
    told: list[tuple[str, int, int]] = []
    services.import_records(
        agency_code="NHS", file_name="a.csv", content=GOOD.encode(), by=system(AT), at=AT,
        progress=lambda *said: told.append(said),
    )  # fmt: skip
    assert [step for step, _, _ in told] == [
        "Working out what each is found by", "Keeping what was supplied", "Finding whose records they are",
        "Keeping people and links", "Putting households together",
    ]  # fmt: skip
    assert all(0 <= done <= of for _, done, of in told)


def test_what_an_import_did_is_listed_and_its_rejected_rows_handed_back() -> None:
    first = import_text(GOOD)
    second = import_text(HEADER + "A1,=cmd|x,Testerfield,31/02/2015,,,\nA2,Jo,T,32/01/2015,,,\n", "SCHOOLS")
    account, _ = make_post(role=Role.FRONT_DOOR_MANAGER)
    viewer = actor_of(account)
    lines = queries.import_runs(viewer)
    assert [line.id for line in lines] == [second.run_id, first.run_id]
    assert [line.id for line in queries.import_runs(viewer, agency_code="nhs")] == [first.run_id]
    assert [line.id for line in queries.import_runs(viewer, before=second.run_id)] == [first.run_id]
    assert second.run_id is not None
    report = queries.import_run(viewer, second.run_id)
    assert report.reasons == (("“…” is not a date we can read. Write it as 22/11/2019 or 22 November 2019.", 2),)
    assert report.can_be_undone
    text = queries.rejected_as_csv(viewer, second.run_id)
    assert text.splitlines()[0] == "row,field,value,reason"
    assert len(text.splitlines()) == 3
    worker, _ = make_post(role=Role.KEY_WORKER)
    for ask in (queries.import_runs, lambda who: queries.import_run(who, second.run_id)):
        with pytest.raises(NotPermitted):
            ask(actor_of(worker))  # type: ignore[operator]
    with pytest.raises(NotPermitted):
        queries.read_ahead(actor_of(worker), agency_code="NHS", file_name="a.csv", content=b"a")
    with pytest.raises(NotVisible):
        queries.import_run(viewer, account.pk)


def test_formula_cells_are_handed_back_inert() -> None:
    text = report_csv(
        [{"row": 2, "field": "x", "value": each, "reason": "No."} for each in ("=1+1", "+44", "-1", "@a")]
    )
    assert [line.split(",")[2] for line in text.splitlines()[1:]] == ["'=1+1", "'+44", "'-1", "'@a"]


def test_an_unknown_agency_is_refused() -> None:
    with pytest.raises(Refused, match="no agency"):
        import_text(GOOD, "NOBODY")
