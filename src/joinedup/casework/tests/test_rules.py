from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest

from joinedup.access.roles import Role
from joinedup.casework import rules
from joinedup.casework.lifecycle import LABELS, MOVES, CaseState, may_move

MINE, OTHER = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("role", "team", "is_held", "fault"),
    [
        (Role.KEY_WORKER, MINE, True, None),
        (Role.KEY_WORKER, MINE, False, rules.POST_HELD),
        (Role.KEY_WORKER, OTHER, True, rules.LEAD_IN_TEAM),
        (Role.KEY_WORKER, None, True, rules.LEAD_IN_TEAM),
        (Role.TEAM_MANAGER, MINE, True, rules.LEAD_IN_TEAM),
        (Role.SOCIAL_WORKER, MINE, True, rules.LEAD_IN_TEAM),
    ],
)
def test_who_may_lead(role: Role, team: object, is_held: bool, fault: rules.Rule | None) -> None:
    assert rules.lead_fault(role, team, MINE, is_held=is_held) is fault  # type: ignore[arg-type]


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
        (CaseState.OPEN, CaseState.CLOSED),
    }
    assert {pair for pair in product(CaseState, CaseState) if may_move(*pair)} == allowed
    assert set(MOVES) == set(LABELS) == set(CaseState)


def test_codes_are_used_once() -> None:
    assert len({rule.code for rule in rules.RULES}) == len(rules.RULES)
