"""Taking registers: few words, kept changes, undo; who sees them; help given once."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.casework import services as casework
from joinedup.casework.models import Intervention
from joinedup.casework.planning import ActionSaid, NeedSaid, OutcomeSaid
from joinedup.casework.queries import case_frame
from joinedup.casework.queries.notes import interventions_of
from joinedup.casework.tests.factories import make_case, make_family
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.outcomes.models import Measure
from joinedup.person_index.models import AgencyRecord, Person, RecordLink
from joinedup.person_index.tests.factories import make_record, person_of
from joinedup.person_index.tests.test_review_pages import restrict
from joinedup.universal import queries, services
from joinedup.universal.models import Attendance, AttendanceChange, HelpPosted
from joinedup.universal.services import Newcomer, Taken, Weekly
from joinedup.universal.tests.factories import make_attendance, make_programme, make_session, make_worker

pytestmark = pytest.mark.django_db


def test_a_newcomer_becomes_the_agency_s_record_and_is_expected_next_time() -> None:
    programme = make_programme()
    kit = make_worker(programme.organisation)
    first = make_session(programme, on=AT.date() - timedelta(days=7))
    made = make_attendance(first, kit, given_name="Wren", age=3)
    services.finish_register(session=first, by=kit, at=AT)
    record = AgencyRecord.objects.get(pk=made.record_id)
    assert (record.agency_id, str(record.given_name)) == (programme.organisation_id, "Wren")
    assert RecordLink.objects.filter(record=record, separated_at=None).count() == 1
    shown = queries.register(kit, make_session(programme).pk)
    assert [(line.name, line.mark, line.age, line.came_before) for line in shown.lines] == [
        ("Wren Samplefield", "", 3, 1)
    ]
    assert (shown.total, shown.unmarked) == (0, 1)


def test_a_register_is_saved_corrected_and_undone_and_every_change_is_kept() -> None:
    programme = make_programme()
    kit, session = make_worker(programme.organisation), make_session(programme)
    wren = make_attendance(session, kit).record_id
    services.take_register(session=session, taken=Taken({wren: "late"}, adults=2, children=3), by=kit, at=AT)
    services.take_register(session=session, taken=Taken({wren: "absent"}), by=kit, at=AT)
    assert queries.register(kit, session.pk).total == 5
    services.undo_register(session=session, by=kit, at=AT)
    assert queries.register(kit, session.pk).total == 6
    services.undo_register(session=session, by=kit, at=AT)  # the late mark and the numbers, which were saved together
    assert queries.register(kit, session.pk).total == 1
    services.undo_register(session=session, by=kit, at=AT)  # the newcomer leaves the list, and stays in the records
    assert queries.register(kit, session.pk).lines == ()
    with pytest.raises(Refused, match="nothing of yours to undo"):
        services.undo_register(session=session, by=kit, at=AT)
    assert AttendanceChange.objects.filter(session=session).count() == 8
    _, changes = queries.register_changes(kit, session.pk)
    assert changes[0].what == "Wren Samplefield: Here → not on the list"
    assert AuditEvent.objects.filter(action="universal.take_register").exists()


def test_nobody_undoes_over_somebody_else_s_change() -> None:
    programme = make_programme()
    kit, session = make_worker(programme.organisation), make_session(programme)
    other = make_worker(programme.organisation, name="Una Testcare")
    wren = make_attendance(session, kit).record_id
    services.take_register(session=session, taken=Taken({wren: "late"}), by=other, at=AT)
    with pytest.raises(Refused, match="nothing of yours"):
        services.undo_register(session=session, by=kit, at=AT)


def test_refusals() -> None:
    programme = make_programme()
    kit = make_worker(programme.organisation)
    tomorrow = make_session(programme, on=AT.date() + timedelta(days=1))
    with pytest.raises(Refused) as refused:
        services.add_newcomer(session=tomorrow, newcomer=Newcomer("Wren"), by=kit, at=AT)
    assert refused.value.rule == "UN-12"
    today = make_session(programme)
    for wrong, rule in (
        (Newcomer(""), "UN-15"), (Newcomer("Wren", age=200), "UN-16"), (Newcomer("Wren", mark="maybe"), "UN-13"),
        (Newcomer("Wren", birth_date=AT.date() + timedelta(days=1)), "UN-16"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            services.add_newcomer(session=today, newcomer=wrong, by=kit, at=AT)
        assert refused.value.rule == rule
    with pytest.raises(Refused) as refused:
        services.finish_register(session=today, by=kit, at=AT)
    assert refused.value.rule == "UN-20"
    with pytest.raises(Refused) as refused:
        services.take_register(session=today, taken=Taken(adults=5000), by=kit, at=AT)
    assert refused.value.rule == "UN-17"
    make_attendance(today, kit)
    with pytest.raises(Refused) as refused:
        services.cancel_session(session=today, reason="Snow.", version=today.version, by=kit, at=AT)
    assert refused.value.rule == "UN-21"
    services.cancel_session(session=tomorrow, reason="Snow.", version=tomorrow.version, by=kit, at=AT)
    with pytest.raises(Refused) as refused:
        services.cancel_session(session=tomorrow, reason="Snow.", version=tomorrow.version + 1, by=kit, at=AT)
    assert refused.value.rule == "UN-10"
    with pytest.raises(Refused) as refused:
        services.plan_sessions(
            programme=programme, when=Weekly(AT.date(), today.starts_time, today.ends_time), by=kit, at=AT
        )
    assert refused.value.rule == "UN-9"


def test_only_own_records_are_found_and_put_on_a_register() -> None:
    programme = make_programme()
    kit, session = make_worker(programme.organisation), make_session(programme)
    own = make_record(agency=programme.organisation, given_name="Robin", family_name="Testbridge")
    other = make_record(given_name="Robin", family_name="Testbridgeton")
    found = queries.find_for_register(kit, session.pk, "Robin Testbridge", is_typing=False)
    assert [each.record_id for each in found] == [own.pk]
    assert queries.find_for_register(kit, session.pk, "Rob", is_typing=True) == []  # has never come
    services.add_to_register(session=session, record_id=own.pk, by=kit, at=AT)
    with pytest.raises(NotVisible):
        services.add_to_register(session=session, record_id=other.pk, by=kit, at=AT)
    again = make_session(programme, on=AT.date() - timedelta(days=1))
    assert [each.name for each in queries.find_for_register(kit, again.pk, "rob te", is_typing=True)] == [
        "Robin Testbridge"
    ]


def test_who_sees_a_register() -> None:
    """Kit runs it; Ben of another organisation, a manager of a case team and the front door see nothing of it."""
    programme = make_programme()
    kit, session = make_worker(programme.organisation), make_session(programme)
    wren = make_attendance(session, kit)
    other = make_worker(
        make_organisation(code="SAMPLERS", name="Samplers Youth Trust", kind="voluntary"), name="Dev Testaway"
    )
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=make_team())
    desk, _ = make_post(role=Role.FRONT_DOOR_MANAGER, team=make_team(kind="front_door"))
    for who in (other, actor_of(manager), actor_of(desk)):
        with pytest.raises((NotVisible, NotPermitted)):
            queries.register(who, session.pk)
        with pytest.raises(NotPermitted):
            services.take_register(session=session, taken=Taken({wren.record_id: "late"}), by=who, at=AT)
    person = Person.objects.get(links__record=wren.record_id)
    assert not Person.objects.visible_to(kit).filter(pk=person.pk).exists(), "a register opens no record"


def test_a_restricted_child_is_in_no_register_but_what_somebody_typed_stays() -> None:
    programme = make_programme()
    kit, session = make_worker(programme.organisation), make_session(programme)
    before = make_session(programme, on=AT.date() - timedelta(days=7))
    una = make_worker(programme.organisation, name="Una Testcare")
    record = make_attendance(before, una, given_name="Sage", family_name="Quietfield").record_id
    services.finish_register(session=before, by=una, at=AT)
    assert len(queries.register(kit, session.pk).lines) == 1
    guardian, _ = make_post(role=Role.INFORMATION_GOVERNANCE, team=make_team())
    restrict(Person.objects.get(links__record=record), guardian)
    assert queries.register(kit, session.pk).lines == (), "not expected any more"
    assert queries.register(kit, before.pk).total == 0
    assert queries.find_for_register(kit, session.pk, "sage", is_typing=True) == []
    with pytest.raises(NotVisible):
        services.add_to_register(session=session, record_id=record, by=kit, at=AT)
    assert len(queries.register(una, before.pk).lines) == 1, "whoever typed it goes on seeing what they typed"
    starts, ends = AT.date() - timedelta(days=30), AT.date()
    assert queries.reach(kit, starts=starts, ends=ends).people == 0
    assert queries.people_reached(kit, starts=starts, ends=ends) == []


@pytest.fixture
def named() -> dict[str, Any]:
    """A child whose family's open plan names a parenting course; who runs it; who leads the case."""
    team, course = make_team(), make_programme(name="Calm evenings", kind="parenting", is_targeted=True)
    account, post = make_post(team=team, name="Amira Testerly")
    record = make_record(agency=course.organisation, given_name="Rowan", birth_date=date(2019, 3, 1))
    child = person_of(record)
    case = make_case(team=team, family=make_family((child, "child")), lead=post)
    by, day = system(AT), AT.date()
    plan = casework.open_plan(case=case, family_words="Calmer evenings.", by=by, at=AT)
    need = casework.add_need(plan=plan, said=NeedSaid("N4", "Evenings are hard"), by=by, at=AT)
    measure = Measure.objects.get(code="ATTENDANCE").pk
    said = OutcomeSaid("Calmer", measure, Decimal(71), day - timedelta(days=3), Decimal(92), day + timedelta(days=60))
    outcome = casework.add_outcome(plan=plan, need_id=need.pk, said=said, by=by, at=AT)
    action = ActionSaid("Go to the course", day + timedelta(days=7), post_id=post.pk, service="calm evenings")
    casework.add_action(plan=plan, outcome_id=outcome.pk, said=action, by=by, at=AT)
    return {
        "course": course,
        "case": case,
        "record": record,
        "amira": actor_of(account),
        "kit": make_worker(course.organisation),
    }


def test_a_targeted_session_the_plan_names_becomes_help_given_once(named: dict[str, Any]) -> None:
    kit, record, session = named["kit"], named["record"].pk, make_session(named["course"])
    services.take_register(session=session, taken=Taken({record: "present"}), by=kit, at=AT)
    make_attendance(session, kit, given_name="Somebody", family_name="Elsewhere")  # in no case: nothing follows
    assert Intervention.objects.count() == 0, "not before the register is finished"
    for _ in range(3):
        services.finish_register(session=session, by=kit, at=AT)
    given = Intervention.objects.get()
    assert (given.case_id, given.hours, given.service) == (named["case"].pk, Decimal("1.50"), "calm evenings")
    assert Event.objects.filter(kind="casework.intervention_given").count() == 1
    services.take_register(session=session, taken=Taken({record: "absent"}), by=kit, at=AT)  # a correction
    amira = named["amira"]
    frame = case_frame(amira, named["case"].pk, purpose="test")
    assert interventions_of(amira, frame.row) == []
    assert Event.objects.filter(kind="casework.intervention_taken_back").count() == 1
    services.take_register(session=session, taken=Taken({record: "late"}), by=kit, at=AT)
    assert [each.hours for each in interventions_of(amira, frame.row)] == [Decimal("1.50")]
    assert (Intervention.objects.count(), HelpPosted.objects.count()) == (1, 1)
    assert AttendanceChange.objects.filter(session=session, is_after_finish=True).count() == 2


def test_a_universal_session_is_nobody_s_help_and_the_case_shows_it_to_its_own(named: dict[str, Any]) -> None:
    club = make_programme(name="Calm evenings", kind="youth_club", organisation=named["course"].organisation)
    kit, session = named["kit"], make_session(club)
    services.take_register(session=session, taken=Taken({named["record"].pk: "present"}), by=kit, at=AT)
    services.finish_register(session=session, by=kit, at=AT)
    assert Intervention.objects.count() == 0
    _, rows = queries.attendances_of_case(named["amira"], named["case"].pk)
    assert [(row.programme, row.label) for row in rows] == [("Calm evenings", "Here")]
    with pytest.raises(NotVisible):
        queries.attendances_of_case(kit, named["case"].pk)


def test_a_sheet_is_brought_in_row_by_row() -> None:
    programme = make_programme()
    kit, session = make_worker(programme.organisation), make_session(programme)
    wren = make_attendance(session, kit, given_name="Wren", family_name="Samplefield")
    services.take_register(session=session, taken=Taken({wren.record_id: "absent"}), by=kit, at=AT)
    sheet = (
        "Name,Age,Attendance\nWren Samplefield,3,here\nRobin Testbridge,7,Late\n,4,here\nBay Trialby,old,here\n"
        "Ash Mockbury,4,perhaps\n"
    )
    done = services.import_register(session=session, file_name="sheet.csv", content=sheet.encode(), by=kit, at=AT)
    assert (done.read, done.marked, done.newcomers) == (5, 2, 1)
    assert [(each["row"], each["field"]) for each in done.rejected] == [("4", "name"), ("5", "age"), ("6", "mark")]
    shown = queries.register(kit, session.pk)
    assert {line.name: line.mark for line in shown.lines} == {"Wren Samplefield": "present", "Robin Testbridge": "late"}
    with pytest.raises(Refused) as refused:
        services.import_register(session=session, file_name="x.csv", content=b"A,B\n1,2\n", by=kit, at=AT)
    assert refused.value.rule == "UN-51"


def test_weekly_sessions_keep_to_terms_and_leave_bank_holidays_out() -> None:
    programme = make_programme()
    kit = make_worker(programme.organisation)
    when = Weekly(date(2026, 12, 7), time(9, 30), time(11), date(2027, 1, 31), in_term=True)
    days = [row.held_on for row in services.plan_sessions(programme=programme, when=when, by=kit, at=AT)]
    assert days == [date(2026, 12, 7), date(2026, 12, 14), *(date(2027, 1, day) for day in (4, 11, 18, 25))]
    assert Attendance.objects.count() == 0
