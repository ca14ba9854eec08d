"""Testing phases and scenarios before boards: what is offered for an agenda, and the gate that only a decision opens."""

from __future__ import annotations

import pytest

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.capacity import services as capacity
from joinedup.capacity.demo import load
from joinedup.capacity.models import PhaseStep, Scenario, TestingPhase
from joinedup.governance import services
from joinedup.governance.agenda import Asking, Due, due_for
from joinedup.governance.services import ItemSaid
from joinedup.governance.tests.factories import (
    BEGAN,
    EVERYBODY,
    Table,
    make_meeting,
    make_person,
    make_table,
    said_for,
)
from joinedup.organisations.tests.factories import AT, make_team

pytestmark = pytest.mark.django_db


def _due(table: Table, *powers: str) -> list[Due]:
    return due_for(system(AT), Asking(table.board.pk, frozenset(powers), AT.date()))


def _item(due: Due) -> ItemSaid:
    return ItemSaid(due.kind, due.title, due.why, matter_kind=due.matter_kind, matter_id=due.matter_id)


def test_a_full_phase_goes_to_the_board_and_its_decision_opens_the_gate() -> None:
    table = make_table()
    make_team(host=table.organisations["COUNCIL"], kind="case_management")
    load(at=AT)
    phase = TestingPhase.objects.get()
    assert not _due(table, "open_gate")  # it still takes families on
    TestingPhase.objects.update(state="full")
    assert not _due(table)  # a board without the power is not asked
    (due,) = _due(table, "open_gate")
    assert (due.matter_id, due.is_illustration) == (phase.pk, True)
    services.give_power(
        board=table.board, kind="open_gate", limit_pence=None, source="Minute 3", starts_on=BEGAN, by=table.officer, at=AT
    )  # fmt: skip
    item = make_meeting(table, _item(due), there=EVERYBODY).items.get(position=1)
    made = services.record_decision(item=item, said=said_for(table), by=table.chair, at=AT)
    phase.refresh_from_db()
    assert phase.state == "full"  # the body that hosts the team has not answered
    services.record_approval(
        organisation=table.organisations["COUNCIL"], decision=made, agrees=True, body="Cabinet", approved_on=AT.date(),
        minute="17", by=table.chiefs["COUNCIL"], at=AT,
    )  # fmt: skip
    phase.refresh_from_db()
    assert phase.state == "scaled"
    assert made.reference in PhaseStep.objects.get(phase=phase, state="scaled").reason
    assert not _due(table, "open_gate")


def test_a_scenario_put_forward_is_offered_until_a_meeting_has_had_it() -> None:
    table = make_table()
    make_team(host=table.organisations["COUNCIL"], kind="case_management")
    load(at=AT)
    assert not _due(table)
    planner = make_person(Role.PROGRAMME_MANAGER, table.organisations["COUNCIL"], "Perry Testplan")
    scenario = Scenario.objects.get()
    capacity.offer_scenario(scenario=scenario, words="It would meet every target.", by=planner, at=AT)
    (due,) = _due(table)
    assert "It would meet every target. Illustration: inputs invented." in due.why
    make_meeting(table, _item(due))
    assert _due(table)  # called, and not held yet
    make_meeting(table, _item(due), there=EVERYBODY)
    assert not _due(table)
