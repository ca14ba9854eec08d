"""Two identities of one adopted child: never joined, never shown from one another, and no trace in any ordinary table."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder

from joinedup.access.actor import Actor, system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, Refused
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index import queries, services
from joinedup.person_index.models import (
    AgencyRecord,
    KeepApart,
    LinkProposal,
    LookAlike,
    Person,
    RestrictedMatch,
    SealedFile,
    SealedMark,
)
from joinedup.person_index.queries import SearchQuery
from joinedup.person_index.services.asking import Asked, _propose
from joinedup.person_index.tests.factories import make_family, make_person, make_record, nhs_number, person_of
from joinedup.person_index.tests.test_proposals import JUDGED

pytestmark = pytest.mark.django_db
OLD, NEW = nhs_number(11), nhs_number(12)
BORN = date(2019, 5, 6)


@pytest.fixture
def schools() -> Organisation:
    return make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")


@pytest.fixture
def world(schools: Organisation) -> dict[str, Any]:
    office = make_team(code="OFFICE")
    iris, gwen = (make_post(role=Role.INFORMATION_GOVERNANCE, team=office) for _ in range(2))
    faith = make_post(role=Role.SOCIAL_WORKER, team=make_team(code="DOOR", kind="front_door"))
    before = make_record(
        given_name="Wren", family_name="Oldname", birth_date=BORN, nhs_number=OLD, address="1 First Way",
        postcode="ZZ1 1AA",
    )  # fmt: skip
    after = make_record(
        agency=schools, given_name="Wren", family_name="Newname", birth_date=BORN, nhs_number=NEW,
        address="9 Second Way", postcode="ZZ9 9AA",
    )  # fmt: skip
    actors = {name: actor_of(post[0], AT) for name, post in (("iris", iris), ("gwen", gwen), ("faith", faith))}
    services.impose_restriction(
        query=SearchQuery(nhs_number=OLD, given_name="Wren", family_name="Oldname", birth_date=BORN),
        category="adoption_sealed", reason="Order made", guardians=[iris[1], gwen[1]], by=actors["iris"], at=AT,
    )  # fmt: skip
    return {
        **actors, "before": person_of(before), "after": person_of(after), "records": (before, after),
        "posts": [iris[1], gwen[1]],
    }  # fmt: skip


def seal(world: dict[str, Any], **more: Any) -> SealedFile:
    said: dict[str, Any] = {
        "before": SearchQuery(nhs_number=OLD, given_name="Wren", family_name="Oldname", birth_date=BORN),
        "after": SearchQuery(nhs_number=NEW, given_name="Wren", family_name="Newname", birth_date=BORN),
        "words": "Exampleshire Family Court", "readers": world["posts"], "by": world["iris"], "at": AT,
    }  # fmt: skip
    for alike in LookAlike.objects.filter(answer=""):
        services.answer_look_alike(look_alike=alike, is_same=False, reason="The adopted child", by=world["gwen"], at=AT)
    return services.make_sealed_file(**(said | more))


def rows_that_name_both(world: dict[str, Any]) -> list[str]:
    """Every row of every table that names one side and the other."""
    sides = [
        {str(world[side].pk), str(record.pk)}
        for side, record in zip(("before", "after"), world["records"], strict=True)
    ]
    found = []
    for model in apps.get_models():
        if model.__module__.startswith("joinedup."):
            for row in model._default_manager.values():
                text = json.dumps(row, cls=DjangoJSONEncoder, default=str)
                if all(any(each in text for each in side) for side in sides):
                    found.append(f"{model._meta.label}: {text[:200]}")
    return found


def test_no_ordinary_row_names_both(world: dict[str, Any]) -> None:
    seal(world)
    assert [row for row in rows_that_name_both(world) if not row.startswith("access.")] == []
    row = AuditEvent.objects.get(action="person_index.make_sealed")
    assert row.people == []
    assert SealedMark.objects.count() % 256 == 0
    contents = bytes(SealedFile.objects.get().contents)
    assert b"Court" not in contents
    assert str(world["before"].pk).encode() not in contents


def test_nobody_and_nothing_joins_them(world: dict[str, Any], schools: Organisation) -> None:
    seal(world)
    one, other = world["before"], world["after"]
    assert _propose(Asked("possible", one.pk, other.pk, JUDGED), at=AT) is None
    for record, target in zip(world["records"], (other, one), strict=True):
        with pytest.raises(Refused) as refused:
            services.link_record(record=record, person=target, reason="Same", by=system(AT), at=AT)
        assert refused.value.rule == "PI-5"
    # A record with the name of the one and the number of the other is neither's, by no rule and no model.
    bridge = make_record(
        agency=schools, given_name="Wren", family_name="Newname", birth_date=BORN, nhs_number=OLD, postcode="ZZ9 9AA"
    )
    assert person_of(bridge) not in (one, other)
    assert not LinkProposal.objects.exists()
    # Nothing comes to the closed entry by itself any more, not even its own number.
    again = make_record(agency=make_organisation(code="POLICE"), given_name="Wren", family_name="Oldname", birth_date=BORN,
                        nhs_number=OLD, postcode="ZZ1 1AA")  # fmt: skip
    assert person_of(again) != one
    assert rows_that_name_both(world) == [] or all(row.startswith("access.") for row in rows_that_name_both(world))
    assert not KeepApart.objects.exists()


def test_one_is_never_found_through_the_other(world: dict[str, Any]) -> None:
    seal(world)
    sibling = make_person(given_name="Robin", family_name="Oldname", birth_date=date(2016, 1, 2))
    make_family((world["before"], "child"), (sibling, "child"))
    told = RestrictedMatch.objects.count()
    asked = SearchQuery(given_name="Wren", family_name="Newname", birth_date=BORN, nhs_number=NEW)
    for viewer in (world["faith"], system(AT)):  # the program itself sees whoever is restricted
        found = queries.search_people(viewer, asked, purpose="test")
        shown = {each.person_id for each in found.candidates}
        assert world["after"].pk in shown
        assert world["before"].pk not in shown
        assert not any(
            mate.person_id in (world["before"].pk, sibling.pk) for each in found.candidates for mate in each.household
        )
    assert RestrictedMatch.objects.count() == told  # nobody is told that the earlier identity was looked for
    # The earlier record changes: the other does not become its look-alike.
    services.change_person(
        person=Person.objects.get(pk=world["before"].pk), changes={"sex": "F"}, version=world["before"].version,
        by=system(AT), at=AT,
    )  # fmt: skip
    assert not LookAlike.objects.filter(person=world["after"]).exists()


def test_two_people_make_it_and_only_they_open_it(world: dict[str, Any]) -> None:
    file = seal(world)
    with pytest.raises(Refused) as refused:
        services.open_sealed_file(file=file, reason="The court has asked for it", by=world["gwen"], at=AT)
    assert refused.value.rule == "SF-5"
    with pytest.raises(Refused) as refused:
        services.agree_sealed_file(file=file, by=world["iris"], at=AT)
    assert refused.value.rule == "SF-8"
    with pytest.raises(NotPermitted):
        services.agree_sealed_file(file=file, by=world["faith"], at=AT)
    services.agree_sealed_file(file=file, by=world["gwen"], at=AT)
    with pytest.raises(Refused) as refused:
        services.open_sealed_file(file=file, reason=" ", by=world["gwen"], at=AT)
    assert refused.value.rule == "SF-6"
    opened = services.open_sealed_file(file=file, reason="The court has asked for it", by=world["gwen"], at=AT)
    assert (opened.before_id, opened.after_id, opened.words) == (
        world["before"].pk,
        world["after"].pk,
        "Exampleshire Family Court",
    )
    row = AuditEvent.objects.get(action="person_index.open_sealed", kind="write")
    assert (row.subject_id, row.people) == (str(file.pk), [])
    outsider: Actor = world["faith"]
    assert queries.sealed_files(outsider) == []
    assert [each.id for each in queries.sealed_files(world["gwen"])] == [file.pk]
    with pytest.raises(NotPermitted):
        services.open_sealed_file(file=file, reason="I would like to know", by=outsider, at=AT)


def test_two_people_withdraw_it_and_then_they_may_be_linked(world: dict[str, Any]) -> None:
    file = seal(world)
    marks = SealedMark.objects.count()
    why = "The order was refused on appeal"
    with pytest.raises(NotPermitted):
        services.withdraw_sealed_file(file=file, reason=why, by=world["faith"], at=AT)
    with pytest.raises(Refused) as refused:
        services.withdraw_sealed_file(file=file, reason="Wrong", by=world["iris"], at=AT)
    assert refused.value.rule == "SF-9"
    services.withdraw_sealed_file(file=file, reason=why, by=world["iris"], at=AT)
    with pytest.raises(Refused) as refused:
        services.withdraw_sealed_file(file=file, reason=why, by=world["iris"], at=AT)
    assert refused.value.rule == "SF-10"
    one, other = world["before"], world["after"]
    assert _propose(Asked("possible", one.pk, other.pk, JUDGED), at=AT) is None  # one person alone changes nothing
    assert queries.sealed_files(world["gwen"])[0].is_withdrawal_asked
    services.withdraw_sealed_file(file=file, reason=why, by=world["gwen"], at=AT)
    assert queries.sealed_files(world["gwen"]) == []
    assert SealedMark.objects.count() == marks  # their number tells nothing
    assert _propose(Asked("possible", one.pk, other.pk, JUDGED), at=AT) is not None
    with pytest.raises(Refused) as refused:
        services.withdraw_sealed_file(file=file, reason=why, by=world["gwen"], at=AT)
    assert refused.value.rule == "SF-11"
    rows = AuditEvent.objects.filter(action="person_index.withdraw_sealed", kind="write", subject_id=str(file.pk))
    assert [row.people for row in rows] == [[], []]


def test_withdrawing_one_file_leaves_what_another_needs(world: dict[str, Any]) -> None:
    first, second = seal(world), seal(world)
    for who in ("iris", "gwen"):
        services.withdraw_sealed_file(file=first, reason="It was made twice", by=world[who], at=AT)
    one, other = world["before"], world["after"]
    assert _propose(Asked("possible", one.pk, other.pk, JUDGED), at=AT) is None
    assert [each.id for each in queries.sealed_files(world["gwen"])] == [second.pk]


def test_what_is_refused(world: dict[str, Any]) -> None:
    for more, rule in (
        ({"after": SearchQuery(nhs_number=OLD, given_name="Wren", family_name="Oldname", birth_date=BORN)}, "SF-1"),
        ({"after": SearchQuery(given_name="Nobody", family_name="Atall", birth_date=BORN)}, "SF-1"),
        ({"readers": world["posts"][:1]}, "SF-2"),
    ):
        with pytest.raises(Refused) as refused:
            seal(world, **more)
        assert refused.value.rule == rule
    make_family((world["before"], "child"), (world["after"], "child"))
    with pytest.raises(Refused) as refused:
        seal(world)
    assert refused.value.rule == "SF-4"
    assert not SealedMark.objects.exists()
    assert AgencyRecord.objects.count() == 2
