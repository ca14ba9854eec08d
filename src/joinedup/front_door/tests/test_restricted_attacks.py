"""What an attentive worker would try to find out that somebody restricted is there: by numbers, by lists beside the work,
by what repeats."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joinedup.access.actor import system
from joinedup.access.models import Account
from joinedup.access.queries import message, outbox
from joinedup.access.roles import Role
from joinedup.chronology.queries import timeline
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.models import OutboxMessage
from joinedup.core.partnership import forget
from joinedup.front_door import queries, services
from joinedup.front_door.codes import Rating
from joinedup.front_door.models import Contact, Repeat
from joinedup.front_door.tests.factories import (
    child_called,
    make_partnership,
    places_of,
    search_all,
    send,
    set_duty,
    triage,
    with_family,
)
from joinedup.front_door.tests.pages import Visitor
from joinedup.organisations.tests.factories import AT, actor_of, make_post
from joinedup.person_index import services as index
from joinedup.person_index.models import ImportRun, LookAlike, RestrictedMatch, Restriction
from joinedup.person_index.queries import SearchQuery, import_run
from joinedup.person_index.tests.factories import make_record

pytestmark = pytest.mark.django_db

BORN = date(2014, 5, 6)
WREN = child_called("Wren", "Hiddenfield", birth_date=BORN, postcode="ZZ1 7QQ", address="9 Secret Street")
WILF = child_called("Wilf", "Hiddenfield", birth_date=date(2016, 1, 2), postcode="ZZ1 7QQ", address="9 Secret Street")
LATER = AT + timedelta(hours=1)


def restrict_wren(category: str = "high_risk") -> Account:
    gwen, guardian = make_post(role=Role.INFORMATION_GOVERNANCE, name="Gwen Testward")
    account, _ = make_post(role=Role.INFORMATION_GOVERNANCE, name="Iris Testguard")
    index.impose_restriction(
        query=SearchQuery("Wren", "Hiddenfield", BORN, "ZZ1 7QQ"), category=category, reason="Invented.",
        guardians=[guardian], by=actor_of(account, AT), at=AT,
    )  # fmt: skip
    return gwen


def test_a_worker_looks_back_from_a_sibling_of_somebody_restricted() -> None:
    place = make_partnership()
    about_wren = with_family(place, people=(WREN, WILF))
    wilf = places_of(about_wren)[1].person_id
    about_wilf = triage(place, people=(WILF,))
    search_all(place, about_wilf)
    services.identify_person(place=places_of(about_wilf)[0], person_id=wilf, reason="", by=place.actor("worker"), at=AT)
    worker = place.actor("worker", LATER)
    before = queries.referral(worker, about_wilf.pk, purpose="test").look_back
    assert [each.reference for each in before.earlier] == [about_wren.reference]
    restrict_wren()
    after = queries.referral(worker, about_wilf.pk, purpose="test").look_back
    assert (after.earlier, after.count) == ((), 1)
    assert queries.profile(worker, about_wilf.pk, purpose="test").earlier == ()


def test_the_duty_board_names_a_referral_about_somebody_restricted() -> None:
    place = make_partnership()
    set_duty(place, "social_worker")
    referral = with_family(place, people=(WREN,))
    worker = place.actor("worker", LATER)
    services.rate_referral(
        referral=referral, rating=Rating.RED, reason="Danger.", version=referral.version, by=worker, at=LATER
    )
    assert [row.reference for row in queries.duty_board(worker).waiting] == [referral.reference]
    restrict_wren()
    assert queries.duty_board(worker).waiting == ()


def test_a_worker_reads_the_outbox_about_somebody_restricted() -> None:
    place = make_partnership()
    set_duty(place, "social_worker")
    referral = with_family(place, people=(WREN,))
    worker = place.actor("worker", LATER)
    services.rate_referral(
        referral=referral, rating=Rating.RED, reason="Danger.", version=referral.version, by=worker, at=LATER
    )
    about = OutboxMessage.objects.filter(about_id=str(referral.pk))
    assert about.exists()
    assert {each.pk for each in about} <= {each.pk for each in outbox(worker).messages}
    restrict_wren()
    assert not {each.about_id for each in outbox(worker).messages} & {str(referral.pk)}
    with pytest.raises(NotVisible):
        message(worker, about[0].pk)


def test_what_an_agency_says_of_somebody_restricted_is_not_counted_as_known() -> None:
    """Else "asked again, their own record knew it" tells what no search finds."""
    place = make_partnership()
    known = {"given_name": "Wren", "family_name": "Hiddenfield", "birth_date": BORN, "postcode": "ZZ1 7QQ"}
    make_record(agency=place.school, **known)
    send(place, people=(WREN,), at=LATER)
    assert "postcode" in set(Repeat.objects.values_list("field", flat=True))
    Repeat.objects.all().delete()
    restrict_wren()
    send(place, people=(WREN,), at=LATER + timedelta(minutes=5))
    assert not Repeat.objects.filter(source_kind="record").exists()


def test_a_manager_counts_what_was_asked_again_and_finds_one_too_many() -> None:
    place = make_partnership()
    referral = with_family(place, people=(WREN,))
    Repeat.objects.create(
        contact=referral.contact, field="postcode", source_kind="record", at=AT, noticed="sent", digest="0" * 64
    )
    manager = place.actor("manager", LATER)
    assert queries.repeats(manager).this_month.repeats == 1
    assert len(queries.repeats_counted(manager)) == 1
    restrict_wren()
    found = queries.repeats(manager)
    assert (found.this_month.repeats, found.organisations, found.fields) == (0, (), ())
    assert found.this_month.referrals == Contact.objects.count() - 1
    assert queries.repeats_counted(manager) == []
    assert queries.repeats_file(manager).count("\n") == 1, "its header alone"


def test_a_siblings_timeline_tells_of_a_referral_that_is_withheld() -> None:
    """What came before anybody was identified names nobody, and is the withheld referral's all the same."""
    place = make_partnership()
    referral = with_family(place, people=(WREN, WILF))
    wilf = places_of(referral)[1].person_id
    worker = place.actor("worker", LATER)
    assert timeline(worker, people=[wilf])
    restrict_wren()
    assert timeline(worker, people=[wilf]) == []
    assert timeline(worker, family_id=referral.family_id) == []


def test_governance_asks_by_imposing_whether_somebody_is_a_protected_witness() -> None:
    """ "Restricted already" would answer; nobody fits, as where there is no such person."""
    place = make_partnership()
    with_family(place, people=(WREN,))
    restrict_wren("witness_protection")
    curious, post = make_post(role=Role.INFORMATION_GOVERNANCE, name="Nosey Testington")
    for query in (SearchQuery("Wren", "Hiddenfield", BORN, "ZZ1 7QQ"), SearchQuery("Nobody", "Otherstone", BORN, "")):
        for category in ("witness_protection", "high_profile"):
            with pytest.raises(Refused) as refused:
                index.impose_restriction(
                    query=query, category=category, reason="Curious.", guardians=[post], by=actor_of(curious, LATER),
                    at=LATER,
                )  # fmt: skip
            assert refused.value.rule == "RP-9"


@pytest.mark.parametrize("name", ["restriction_party", "restriction_end"])
def test_a_browser_left_open_lets_nobody_in_to_a_restricted_record(name: str) -> None:
    """As everything that changes other people's access."""
    place = make_partnership()
    with_family(place, people=(WREN,))
    guardian = restrict_wren()
    visitor = Visitor(guardian, AT)
    page = {"restriction_id": Restriction.objects.get().pk}
    assert visitor.open(name, **page).url.startswith("/account/again/")
    visitor.show_again()
    assert visitor.open(name, **page).status_code == 200


def test_a_search_in_ones_own_records_for_somebody_restricted_tells_the_guardian() -> None:
    """The attack: a teacher looks for the child on the school's own roll, where nobody hears of it. The page says what it
    says of nobody, by the same statements, and the guardian is told at once."""
    place = make_partnership()
    make_record(agency=place.school, given_name="Wren", family_name="Hiddenfield", birth_date=BORN, postcode="ZZ1 7QQ")
    gwen = restrict_wren()
    teacher = place.actor("teacher", LATER)
    asked = {
        "wren": SearchQuery("Wren", "Hiddenfield", BORN),
        "nobody": SearchQuery("Wyn", "Nowhere", BORN.replace(day=9)),
    }
    run = {}
    for name, query in asked.items():
        forget()  # settings are kept for five seconds: ask for them each time
        with CaptureQueriesContext(connection) as statements:
            assert queries.likely_children(teacher, query) == ()
        run[name] = [
            re.sub(r"[0-9a-f-]{36}|'[^']*'|\d+|\(.*\)", "", each["sql"]) for each in statements.captured_queries
        ]
    assert run["wren"] == run["nobody"]
    match = RestrictedMatch.objects.get(purpose="find a child in own records")
    assert match.by == teacher.account_id
    told = OutboxMessage.objects.get(about_id=str(match.pk))
    assert told.to == gwen.email
    assert "Wren" not in told.subject + told.body
    queries.likely_children(teacher, asked["wren"])  # again the same day: told once
    assert RestrictedMatch.objects.count() == 1


def test_ones_own_pupil_is_still_found_and_nobody_is_told() -> None:
    place = make_partnership()
    make_record(agency=place.school, given_name="Wilf", family_name="Hiddenfield", birth_date=date(2016, 1, 2))
    found = queries.likely_children(place.actor("teacher", LATER), SearchQuery("Wilf", "Hiddenfield", date(2016, 1, 2)))
    assert [each.name for each in found] == ["Wilf Hiddenfield"]
    assert not RestrictedMatch.objects.exists()


ROLL = b"ref,forename,surname,dob,postcode\nS1,Wren,Hiddenfield,06/05/2014,ZZ5 5AA\nS2,Jo,Loner,05/06/2015,ZZ3 3CC\n"


def test_an_undo_keeps_what_a_guardian_answered_and_lists_nobody_withheld() -> None:
    """The attack: import a row like a restricted child's, let the guardian answer, undo it: the answer would be gone, and
    the list of what was kept would say that there is somebody."""
    place = make_partnership()
    with_family(place, people=(WREN,))
    gwen = restrict_wren()
    manager = place.actor("manager", LATER)
    done = index.import_records(
        agency_code=place.school.code, file_name="pupils.csv", content=ROLL, by=manager, at=LATER
    )
    shield = LookAlike.objects.get()
    index.answer_look_alike(look_alike=shield, is_same=True, reason="It is her.", by=actor_of(gwen, LATER), at=LATER)
    run = ImportRun.objects.get(pk=done.run_id)
    undone = index.undo_import(run=run, reason="Wrong file.", by=manager, at=LATER)
    assert (undone.removed, undone.kept) == (1, ())
    shield.refresh_from_db()
    assert (shield.answer, shield.reason) == ("same", "It is her.")
    assert import_run(manager, run.pk).undone["kept"] == []
    assert [each["agency_reference"] for each in import_run(system(LATER), run.pk).undone["kept"]] == ["S1"]


def test_an_answer_that_it_is_somebody_else_outlives_an_undo() -> None:
    place = make_partnership()
    with_family(place, people=(WREN,))
    gwen = restrict_wren()
    manager = place.actor("manager", LATER)
    done = index.import_records(
        agency_code=place.school.code, file_name="pupils.csv", content=ROLL, by=manager, at=LATER
    )
    index.answer_look_alike(
        look_alike=LookAlike.objects.get(), is_same=False, reason="Born elsewhere.", by=actor_of(gwen, LATER), at=LATER
    )
    undone = index.undo_import(run=ImportRun.objects.get(pk=done.run_id), reason="Wrong file.", by=manager, at=LATER)
    assert [(each.agency_reference, each.reason) for each in undone.kept] == [
        ("S1", "Somebody decided whose record this is.")
    ]
    assert LookAlike.objects.get().answer == "different"


def test_rejected_values_are_shown_to_whoever_sent_them_alone() -> None:
    place = make_partnership()
    manager, other = place.actor("manager", LATER), make_post(role=Role.FRONT_DOOR_MANAGER, name="Other Testington")[0]
    content = b"ref,forename,surname,dob\nS9,Wren,Hiddenfield,31/02/2014\nS9,Wren,Hiddenfield,2014-13-13\n"
    done = index.import_records(
        agency_code=place.school.code, file_name="pupils.csv", content=content, by=manager, at=LATER
    )
    own = import_run(manager, UUID(str(done.run_id)))
    assert {each.value for each in own.rejected} == {"31/02/2014", "2014-13-13"}
    theirs = import_run(actor_of(other, LATER), UUID(str(done.run_id)))
    assert [each.row for each in theirs.rejected] == [each.row for each in own.rejected]
    assert {each.value for each in theirs.rejected} == {""}
    assert "2014" not in str(theirs.rejected) + str(theirs.reasons)
