from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest

from joinedup.access.roles import Role
from joinedup.casework import rules
from joinedup.casework.codes import SOCIAL_WORK, STATUTORY_PLANS
from joinedup.casework.lifecycle import LABELS, MOVES, CaseState, may_move

MINE, OTHER = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("role", "team", "is_held", "is_trained", "fault"),
    [
        (Role.KEY_WORKER, MINE, True, False, None),
        (Role.KEY_WORKER, MINE, False, True, rules.POST_HELD),
        (Role.KEY_WORKER, OTHER, True, False, rules.MAY_LEAD),
        (Role.KEY_WORKER, OTHER, True, True, None),
        (Role.KEY_WORKER, None, True, False, rules.MAY_LEAD),
        (Role.REFERRER, None, True, True, None),
        (Role.REFERRER, None, True, False, rules.MAY_LEAD),
        (Role.REFERRER, MINE, True, False, rules.MAY_LEAD),
        (Role.STATUTORY_OFFICER, OTHER, True, True, None),
        (Role.TEAM_MANAGER, MINE, True, True, rules.MAY_LEAD),
        (Role.SOCIAL_WORKER, MINE, True, True, rules.MAY_LEAD),
    ],
)
def test_who_may_lead(role: Role, team: object, is_held: bool, is_trained: bool, fault: rules.Rule | None) -> None:
    post = rules.Candidate(role, team, is_held, is_trained, is_social_worker=False)  # type: ignore[arg-type]
    assert rules.lead_fault(post, MINE, 3) is fault
    # A linked statutory plan that social work leads asks the same at every level.
    for level in (1, 2, 3, 4):
        assert rules.lead_fault(post, MINE, level, has_social_work=True) is (fault or rules.QUALIFIED_TO_LEAD)
        assert rules.lead_fault(replace(post, is_social_worker=True), MINE, level, has_social_work=True) is fault
    # While statutory work is open, whoever else may lead must be a registered social worker besides.
    assert rules.lead_fault(post, MINE, 4) is (fault or rules.QUALIFIED_TO_LEAD)
    assert rules.lead_fault(replace(post, is_social_worker=True), MINE, 4) is fault


@pytest.mark.parametrize(
    ("level", "has_social_work", "needed"),
    [(1, False, False), (2, False, False), (3, False, False), (4, False, True)]
    + [(level, True, True) for level in (1, 2, 3, 4)],
)
def test_when_a_social_worker_leads(level: int, has_social_work: bool, needed: bool) -> None:
    assert rules.needs_social_worker(level, has_social_work=has_social_work) is needed


def test_which_statutory_plans_social_work_leads() -> None:
    """Each kind of plan is on one side or the other; what others lead asks for no social worker."""
    others = {"education_health_care", "youth_justice", "pathway"}
    assert set(STATUTORY_PLANS) == SOCIAL_WORK | others
    assert not SOCIAL_WORK & others


def test_a_place_is_held_from_joining_up_to_leaving() -> None:
    joined = datetime(2026, 11, 18, 10, tzinfo=UTC)
    left = joined + timedelta(hours=1)
    moments = [joined - timedelta(microseconds=1), joined, left - timedelta(microseconds=1), left]
    assert [rules.is_member_at(at, joined, left) for at in moments] == [False, True, True, False]
    assert rules.is_member_at(left, joined, None)


def test_every_move_is_in_the_table() -> None:
    allowed = {
        (CaseState.WAITING_FOR_LEAD, CaseState.OPEN),
        (CaseState.WAITING_FOR_LEAD, CaseState.CLOSED),
        (CaseState.OPEN, CaseState.OPEN),
        (CaseState.OPEN, CaseState.WAITING_FOR_LEAD),
        (CaseState.OPEN, CaseState.CLOSED),
    }
    assert {pair for pair in product(CaseState, CaseState) if may_move(*pair)} == allowed
    assert set(MOVES) == set(LABELS) == set(CaseState)


def test_codes_are_used_once() -> None:
    assert len({rule.code for rule in rules.RULES}) == len(rules.RULES)
