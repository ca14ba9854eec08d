"""What is wanting in an agency's records, the questions to send back, and who may read them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index import queries, services
from joinedup.person_index.models import Restriction
from joinedup.person_index.tests.factories import make_record, nhs_number, person_of

pytestmark = pytest.mark.django_db
HOME: dict[str, Any] = {"address": "1 Invented Way", "postcode": "ZZ1 1AA"}


@pytest.fixture
def schools() -> Organisation:
    return make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")


def lead_of(agency: Organisation) -> Actor:
    return actor_of(make_post(role=Role.DATA_LEAD, employer=agency, host=agency)[0], AT)


@pytest.fixture
def iris() -> Actor:
    return actor_of(make_post(role=Role.INFORMATION_GOVERNANCE, team=make_team(code="OFFICE"))[0], AT)


def figures(viewer: Actor, code: str = "SCHOOLS") -> dict[str, int]:
    report = queries.quality_report(viewer, code)
    return {each.measure.code: each.number for each in report.figures if each.number}


def test_what_is_wanting_is_counted_and_asked(schools: Organisation, iris: Actor) -> None:
    make_record(given_name="Rowan", nhs_number=nhs_number(1), **HOME)
    make_record(agency=schools, agency_reference="S1", given_name="Rowan", nhs_number=nhs_number(1), **HOME)
    make_record(agency=schools, agency_reference="S2", given_name="Baby", family_name="", birth_date=None)
    make_record(agency=schools, agency_reference="=S3", given_name="Tess", birth_date=date(2014, 1, 1), sex="F",
                upn="B801200005001", **HOME)  # fmt: skip
    make_record(agency=schools, agency_reference="S4", given_name="Uma", family_name="Otherfield",
                birth_date=date(2012, 5, 6), as_of=date(2020, 1, 1))  # fmt: skip
    found = figures(iris)
    assert found["no_birth_date"] == 1
    assert found["placeholder"] == 1
    assert found["default_date"] == 1
    assert found["no_address"] == 2
    assert found["old"] == 1
    assert found["no_sex"] == 3
    report = queries.quality_report(iris, "SCHOOLS")
    assert report.total == 4
    assert ("S2", "What is their name by now?") in {(each.reference, each.question) for each in report.questions}
    text = queries.questions_as_csv(iris, "SCHOOLS")
    assert "'=S3" in text
    assert "\n=S3" not in text


def test_other_agencies_are_compared_and_never_shown(schools: Organisation, iris: Actor) -> None:
    own = make_record(given_name="Rowan", birth_date=date(2015, 3, 14), postcode="ZZ9 9AA", nhs_number=nhs_number(1))
    theirs = make_record(agency=schools, agency_reference="S1", given_name="Rowan", birth_date=date(2015, 3, 15),
                         postcode="ZZ1 1AA", nhs_number=nhs_number(2))  # fmt: skip
    if person_of(own) != person_of(theirs):
        services.link_record(record=theirs, person=person_of(own), reason="Same", by=system(AT), at=AT)
    found = figures(lead_of(schools))
    assert (found["date_differs"], found["number_differs"]) == (1, 1)
    text = queries.questions_as_csv(lead_of(schools), "SCHOOLS")
    for secret in (nhs_number(1), "14", "ZZ9", "Rowan"):
        assert secret not in text


def test_only_their_own_data_lead_and_governance(schools: Organisation, iris: Actor) -> None:
    make_record(agency=schools)
    make_record()
    lead = lead_of(schools)
    assert [line.code for line in queries.agencies_with_records(lead)] == ["SCHOOLS"]
    assert len(queries.agencies_with_records(iris)) == 2
    with pytest.raises(NotVisible):
        queries.quality_report(lead, "NHS")
    faith = actor_of(make_post(role=Role.SOCIAL_WORKER, team=make_team(code="DOOR", kind="front_door"))[0], AT)
    with pytest.raises(NotPermitted):
        queries.quality_report(faith, "SCHOOLS")


def test_restricted_people_are_neither_listed_nor_counted(schools: Organisation, iris: Actor) -> None:
    record = make_record(agency=schools, agency_reference="S1", birth_date=None)
    Restriction.objects.create(
        person=person_of(record), category="witness_protection", reason="x", starts_at=AT - timedelta(days=1),
        review_by=AT.date(),
    )  # fmt: skip
    for viewer in (lead_of(schools), iris):
        report = queries.quality_report(viewer, "SCHOOLS")
        assert (report.total, report.questions) == (0, ())


def test_the_trend_is_kept_import_by_import(schools: Organisation, iris: Actor) -> None:
    header = "reference,given_name,family_name,birth_date\n"
    for number, born in enumerate(("01/01/2015", "")):
        at = AT - timedelta(days=9 - number)
        services.import_records(
            agency_code="SCHOOLS", file_name=f"{number}.csv", content=f"{header}S{number},Rowan{number},X,{born}\n".encode(),
            by=system(at), at=at,
        )  # fmt: skip
    trend = queries.quality_report(iris, "SCHOOLS").trend
    assert [(each.file_name, each.counts["default_date"], each.counts["no_birth_date"]) for each in trend] == [
        ("1.csv", 0, 1), ("0.csv", 1, 0),
    ]  # fmt: skip
