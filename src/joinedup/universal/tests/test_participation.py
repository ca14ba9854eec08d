"""What young people do: one thing at a time, kept, counted with what it is of; who follows whom; youth justice apart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.casework.tests.factories import make_case, make_family
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.organisations.queries import organisation_with_id
from joinedup.organisations.tests.factories import (
    AT,
    actor_of,
    make_locality,
    make_organisation,
    make_post,
    make_team,
)
from joinedup.person_index.models import Person
from joinedup.person_index.tests.factories import make_person, make_record
from joinedup.person_index.tests.test_review_pages import restrict
from joinedup.universal import queries, services
from joinedup.universal.codes import Status
from joinedup.universal.models import JusticeInvolvement, Participation
from joinedup.universal.services import Doing

pytestmark = pytest.mark.django_db
TODAY = AT.date()


def young(name: str, postcode: str = "ZZ1 1AA", age: int = 17) -> Person:
    return make_person(given_name=name, birth_date=TODAY.replace(year=TODAY.year - age), postcode=postcode)


def say(person: Person, status: str, by: Actor, *, since: date = TODAY, **more: Any) -> Participation:
    source = make_organisation(code="COUNCIL", name="Exampleshire Council")
    doing = Doing(person.pk, status, since, **more)
    return services.record_participation(doing=doing, source=source, by=by, at=AT)


@pytest.fixture
def area() -> dict[str, Any]:
    """Amira's team serves the North, Ben's the South; Marlow runs the front door; Delphine answers for the school."""
    north = make_locality(code="NORTH", name="North", prefixes=("ZZ1",))
    south = make_locality(code="SOUTH", name="South", prefixes=("ZZ7", "ZZ1 9"))
    teams = make_team(localities=(north,)), make_team(localities=(south,))
    amira, amira_post = make_post(team=teams[0], name="Amira Testerly")
    nia, _ = make_post(role=Role.TEAM_MANAGER, team=teams[0], name="Nia Testnorth")
    ben, _ = make_post(team=teams[1], name="Ben Testerson")
    sanjay, _ = make_post(role=Role.TEAM_MANAGER, team=teams[1], name="Sanjay Testsouth")
    marlow, _ = make_post(role=Role.FRONT_DOOR_MANAGER, team=make_team(kind="front_door"), name="Marlow Testington")
    school = make_organisation(code="COLLEGE", name="Elder Inventon College", kind="school")
    delphine, _ = make_post(role=Role.DATA_LEAD, employer=school, name="Delphine Testfold")
    who = {"amira": amira, "nia": nia, "ben": ben, "sanjay": sanjay, "marlow": marlow, "delphine": delphine}
    return {name: actor_of(account) for name, account in who.items()} | {
        "school": school, "amira_post": amira_post, "teams": teams,
    }  # fmt: skip


def test_one_thing_at_a_time_with_its_history(area: dict[str, Any]) -> None:
    rowan, amira = young("Rowan"), area["amira"]
    say(rowan, "education", amira, since=TODAY - timedelta(days=400), provider="Alder Sample Academy")
    say(rowan, "neither", amira, since=TODAY - timedelta(days=100), reason="seeking")
    with pytest.raises(Refused) as refused:
        say(rowan, "training", amira, since=TODAY - timedelta(days=200))
    assert refused.value.rule == "UN-34"
    assert refused.value.field == "starts_on"
    job = say(rowan, "employment", amira, provider="Mock Bakery")
    spells = queries.spells_of(amira, rowan.pk)
    assert [(each.status, each.ends_on) for each in spells] == [
        ("employment", None), ("neither", TODAY), ("education", TODAY - timedelta(days=100)),
    ]  # fmt: skip
    services.take_back_participation(row=job, reason="Another Rowan.", version=job.version, by=amira, at=AT)
    now = queries.young_person(amira, rowan.pk).now
    assert now is not None
    assert (now.status, now.ends_on) == ("neither", None)


def test_the_database_holds_it_too(area: dict[str, Any]) -> None:
    rowan = young("Rowan")
    row = say(rowan, "education", area["amira"], since=TODAY - timedelta(days=30))
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(
            person=rowan, status="neither", starts_on=TODAY - timedelta(days=10), confirmed_on=TODAY, expires_on=TODAY,
            source=row.source, recorded_at=AT,
        )  # fmt: skip


def test_the_same_again_confirms_it(area: dict[str, Any]) -> None:
    rowan = young("Rowan")
    first = say(rowan, "neither", area["amira"], since=TODAY - timedelta(days=80), reason="seeking")
    Participation.objects.update(expires_on=TODAY, confirmed_on=TODAY - timedelta(days=80))
    assert queries.participation_figures(area["amira"]).whole.unknown == 1
    again = say(rowan, "neither", area["amira"], reason="seeking")
    assert again.pk == first.pk
    assert again.starts_on == TODAY - timedelta(days=80)
    assert queries.participation_figures(area["amira"]).whole.unknown == 0


@pytest.mark.parametrize(
    ("doing", "rule"),
    [
        ({"status": "sleeping"}, "UN-31"),
        ({"status": "education", "reason": "seeking"}, "UN-32"),
        ({"status": "education", "starts_on": TODAY + timedelta(days=1)}, "UN-33"),
    ],
)
def test_what_cannot_be_recorded(area: dict[str, Any], doing: dict[str, Any], rule: str) -> None:
    said = Doing(young("Rowan").pk, **({"starts_on": TODAY} | doing))
    source = organisation_with_id(area["amira"], area["school"].pk)
    with pytest.raises(Refused) as refused:
        services.record_participation(doing=said, source=source, by=area["amira"], at=AT)
    assert refused.value.rule == rule


def test_the_shares_say_what_they_are_of(area: dict[str, Any]) -> None:
    by = system(AT)
    for number in range(20):
        person = young(f"Young{number}", "ZZ1 1AA" if number < 14 else "ZZ1 9AA")
        if number < 12:
            say(person, "neither" if number < 6 else "education", by)
    young("Child", age=9)
    figures = queries.participation_figures(area["amira"])
    assert (figures.whole.count, figures.whole.of, figures.whole.unknown) == (6, 20, 8)
    assert figures.whole.share == pytest.approx(30)
    assert figures.whole.at_most == pytest.approx(70)
    assert figures.whole.known == pytest.approx(60)
    north, south = figures.areas
    assert (north.name, north.share.count, north.share.of, north.opens) == ("North", 6, 14, True)  # type: ignore[union-attr]
    assert (south.share.count, south.share.of, south.share.unknown) == (0, 6, 6)  # type: ignore[union-attr]
    listed = queries.follow_up(area["amira"], "neither")
    assert len(listed.rows) == 6, "the list is as long as the number"
    assert len(queries.follow_up(area["amira"], "unknown").rows) == 2
    assert queries.participation_figures(area["amira"], on=TODAY - timedelta(days=1)).whole.unknown == 20


def test_small_numbers_are_hidden_from_whoever_does_not_see_the_people(area: dict[str, Any]) -> None:
    by = system(AT)
    for number in range(9):
        say(young(f"North{number}"), "neither" if number < 3 else "education", by)
        say(young(f"South{number}", "ZZ7 1AA"), "neither" if number < 6 else "education", by)
    rows = {row.name: row.share for row in queries.participation_figures(area["marlow"]).areas}
    assert rows == {"North": None, "South": None}, "one alone could be worked out from the whole"
    mine = {row.name: row.share for row in queries.participation_figures(area["amira"]).areas}
    assert mine["North"] is not None
    assert mine["North"].count == 3


def test_who_follows_whom(area: dict[str, Any]) -> None:
    rowan = young("Rowan")
    say(rowan, "neither", area["amira"])
    assert [row.name for row in queries.follow_up(area["amira"]).rows] == ["Rowan Testerfield"]
    assert queries.follow_up(area["ben"]).rows == ()
    for who in (area["ben"], area["marlow"], area["delphine"]):
        with pytest.raises(NotVisible):
            queries.young_person(who, rowan.pk)
        with pytest.raises(NotPermitted):
            say(rowan, "education", who)
    for who in (area["marlow"], area["delphine"]):
        with pytest.raises(NotPermitted):
            queries.follow_up(who)
    make_case(team=area["teams"][1], family=make_family((rowan, "child")))
    sanjay = area["sanjay"]
    assert [row.name for row in queries.follow_up(sanjay, "mine").rows] == ["Rowan Testerfield"]
    assert queries.young_person(sanjay, rowan.pk).may_record


def test_a_restricted_young_person_is_in_no_list_and_no_number(area: dict[str, Any]) -> None:
    rowan = young("Rowan")
    say(rowan, "neither", area["amira"])
    guardian, _ = make_post(role=Role.INFORMATION_GOVERNANCE, team=make_team())
    restrict(rowan, guardian)
    assert queries.follow_up(area["amira"]).rows == ()
    assert queries.participation_figures(area["amira"]).whole.of == 0
    with pytest.raises(NotVisible):
        queries.young_person(area["amira"], rowan.pk)


def test_a_college_s_file_says_of_every_row_what_became_of_it(area: dict[str, Any]) -> None:
    school, delphine = area["school"], area["delphine"]
    for number in range(3):
        make_record(agency=school, agency_reference=f"P{number}", given_name=f"Young{number}",
                    birth_date=TODAY.replace(year=TODAY.year - 17, month=number + 1))  # fmt: skip
    text = (
        "Reference,Status,Start date,Reason,Provider\nP0,In education,2026-09-03,,\nP1,NEET,2026-10-01,seeking,\n"
        "P2,asleep,,,\nP9,work,,,\nP0,In education,2026-09-03,,\nP2,education,2027-09-01,,\nP1,education,2026-09-01,,\n"
    )
    run = services.import_participation(
        organisation=school, file_name="destinations.csv", content=text.encode(), by=delphine, at=AT
    )
    assert run.counts == {"read": 7, "recorded": 3, "confirmed": 1}
    assert [(each["row"], each["field"]) for each in run.rejected] == [
        ("4", "status"),
        ("5", "reference"),
        ("7", "starts_on"),
    ]
    assert queries.participation_imports(delphine)[0].recorded == 3
    with pytest.raises(NotPermitted):
        services.import_participation(organisation=school, file_name="x.csv", content=b"", by=area["nia"], at=AT)


def test_youth_justice_is_seen_by_its_worker_and_their_manager_alone(area: dict[str, Any]) -> None:
    rowan, nia = young("Rowan"), area["nia"]
    before = queries.participation_figures(nia)
    row = services.record_justice(
        person_id=rowan.pk, kind="prevention", post=area["amira_post"], starts_on=TODAY, by=nia, at=AT
    )
    assert [each.name for each in queries.justice(area["amira"])] == ["Rowan Testerfield"]
    assert [each.name for each in queries.justice(nia)] == ["Rowan Testerfield"]
    assert queries.justice(area["ben"]) == []
    assert queries.justice(area["sanjay"]) == []
    with pytest.raises(NotPermitted):
        queries.justice(area["marlow"])
    with pytest.raises(NotVisible):
        queries.justice_for_change(area["sanjay"], row.pk)
    with pytest.raises(NotPermitted):
        services.end_justice(row=row, ends_on=TODAY, version=row.version, by=area["ben"], at=AT)
    assert queries.participation_figures(nia) == before, "it is in no figure"
    from joinedup.chronology.models import Event

    assert not Event.objects.filter(source_kind="universal.justiceinvolvement").exists()
    services.end_justice(row=row, ends_on=TODAY, version=row.version, by=area["amira"], at=AT)
    assert JusticeInvolvement.objects.get().ends_on == TODAY
    with pytest.raises(NotPermitted):
        services.record_justice(
            person_id=rowan.pk, kind="bail", post=area["amira_post"], starts_on=TODAY, by=area["sanjay"], at=AT
        )
    assert Status.NEITHER == "neither"
