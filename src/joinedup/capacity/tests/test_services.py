"""Readings, scenarios and testing phases through their services, and the pages as people see them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from joinedup.access.actor import system
from joinedup.access.permissions import NotPermitted
from joinedup.access.roles import Role
from joinedup.capacity import services
from joinedup.capacity.demo import event_file
from joinedup.capacity.lifecycle import PhaseState
from joinedup.capacity.models import FlowReading, PhaseStep, Scenario
from joinedup.capacity.services import PhaseSaid, ScenarioSaid
from joinedup.core.errors import Refused
from joinedup.funds.tests.visiting import Visitor
from joinedup.governance.tests.factories import make_person
from joinedup.organisations.tests.factories import AT, make_organisation, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, Any]:
    council = make_organisation(code="COUNCIL")
    return {
        "planner": make_person(Role.PROGRAMME_MANAGER, council, "Perry Testplan"),
        "worker": make_person(Role.KEY_WORKER, council, "Amira Testerly"),
        "auditor": make_person(Role.AUDITOR, council, "Ledger Mockaudit"),
    }


def _read(by: Any) -> FlowReading:
    begins = (AT - timedelta(days=364)).date()
    return services.read_file(name="A town", content=event_file(begins=begins), by=by, at=AT)


def test_a_file_is_read_its_bad_rows_are_named_and_nothing_else_is_kept(people: dict[str, Any]) -> None:
    begins = (AT - timedelta(days=364)).date()
    content = event_file(begins=begins) + b"\nC9,F9,teleport,2026-01-05T10:00,,,,,,\nC8,,contact,2026-01-05,,,,,,"
    row = services.read_file(name="A town", content=content, by=people["planner"], at=AT)
    assert [(each["field"], row.fault_count) for each in row.faults] == [("activity", 2), ("family_id", 2)]
    assert 1.2 < row.summary["arrivals"]["per_day"] < 1.9  # 400 families over some 250 working days
    assert 0.58 < row.summary["accepted"] < 0.74
    waits = {each["stage"]: each for each in row.summary["waits"]}
    assert waits["Triage"]["cases"] > 350
    assert "F12" not in str(row.summary) + str(row.model)
    with pytest.raises(Refused) as few:
        services.read_file(name="Few", content=event_file(families=4, begins=begins), by=people["planner"], at=AT)
    assert few.value.rule == "CP-103"
    with pytest.raises(Refused) as none:
        services.read_file(name="None", content=b"\xff\xfe", by=people["planner"], at=AT)
    assert none.value.rule == "CP-101"
    with pytest.raises(NotPermitted):
        _read(people["worker"])


def _scenario(people: dict[str, Any]) -> Scenario:
    reading = _read(people["planner"])
    page = Visitor(people["planner"])
    stations = {f"s{number}_servers": "60" for number in range(len(reading.model["stations"]))}
    page.send(
        "scenario_keep", name="Enough", words="", query="&".join(f"{key}={each}" for key, each in stations.items())
    )
    return Scenario.objects.get()


def test_a_scenario_is_kept_worked_out_again_equal_and_put_forward_once(people: dict[str, Any]) -> None:
    row = _scenario(people)
    run, same = services.run_again(scenario=row, by=people["planner"], at=AT)
    assert (same, run.results) == (True, row.runs.get(pk=row.runs.order_by("ran_at", "pk")[0].pk).results)
    busy = row.model | {"arrivals": row.model["arrivals"] | {"per_day": 90000.0}}
    with pytest.raises(Refused) as refused:
        services.keep_scenario(said=ScenarioSaid("No", "", busy, row.work), reading=None, by=people["planner"], at=AT)
    assert refused.value.rule == "CP-202"
    assert "workers are needed" in refused.value.sentence
    services.offer_scenario(scenario=row, words="It would do.", by=people["planner"], at=AT)
    with pytest.raises(Refused) as twice:
        services.offer_scenario(scenario=row, words="Again.", by=people["planner"], at=AT)
    assert twice.value.rule == "CP-204"
    with pytest.raises(NotPermitted):
        services.run_again(scenario=row, by=people["auditor"], at=AT)


def test_the_pages_say_it_and_stay_closed_to_whoever_has_no_part_in_it(people: dict[str, Any]) -> None:
    row = _scenario(people)
    reader = Visitor(people["auditor"])
    for words in ("From contact to exit", "Process map", "Little’s law", "Usual ways", "Out of order"):
        assert words in reader.see("flow_map")
    page = reader.see("what_if", s0_servers="9", s1_servers="61", s2_servers="60")
    assert "Keep this scenario" not in page
    assert "a call on the pooled fund" in page
    assert "It will not cope" in reader.see("what_if", per_day="300")
    assert "enter a number" in reader.see("what_if", per_day="many")
    assert "every number was the same" not in reader.see("scenario", row.pk)
    services.run_again(scenario=row, by=people["planner"], at=AT + timedelta(minutes=1))
    assert "every number was the same" in reader.see("scenario", row.pk)
    assert "The same families" in reader.see("scenarios_beside", first=row.pk, second=row.pk)
    assert reader.answer("scenario_file", row.pk, "pdf").content.startswith(b"%PDF")
    stranger = Visitor(people["worker"])
    for name, args in (("flow_map", []), ("what_if", []), ("scenario", [row.pk]), ("testing_phases", [])):
        stranger.see(name, *args, status=403)


def test_a_phase_halts_at_an_incident_and_only_a_full_cohort_reaches_the_gate(people: dict[str, Any]) -> None:
    planner = people["planner"]
    said = PhaseSaid("Fifty", 50, AT.date(), "The year before", "Reviews on time", 80)
    team = make_team()
    row = services.set_up_phase(said=said, team=team, scenario=None, by=planner, at=AT)
    with pytest.raises(Refused) as second:
        services.set_up_phase(said=said, team=team, scenario=None, by=planner, at=AT)
    assert second.value.rule == "CP-305"
    row = services.begin_phase(phase=row, by=planner, at=AT)
    with pytest.raises(Refused) as gate:
        services.open_gate(phase=row, decision="Minute 4", by=system(AT), at=AT)
    assert gate.value.rule == "CP-318"
    assert services.watch_phases(by=system(AT), at=AT) == 0
    with pytest.raises(Refused) as later:
        services.record_incident(phase=row, happened_on=date(2099, 1, 1), words="It", by=planner, at=AT)
    assert later.value.rule == "CP-316"
    services.record_incident(phase=row, happened_on=AT.date(), words="A child was hurt.", by=planner, at=AT)
    row.refresh_from_db()
    assert row.state == PhaseState.HALTED
    assert list(PhaseStep.objects.filter(phase=row).order_by("pk").values_list("state", "rule"))[-1] == (
        "halted",
        "CP-311",
    )
    services.resume_phase(phase=row, reason="Looked into.", by=planner, at=AT + timedelta(hours=1))
    assert services.watch_phases(by=system(AT), at=AT + timedelta(hours=2)) == 0
    with pytest.raises(NotPermitted):
        services.open_gate(phase=row, decision="Mine", by=planner, at=AT)
    assert "Taking families on" in Visitor(people["auditor"]).see("testing_phase", row.pk)
