"""Where meetings and decisions stand, quorum, votes and frozen evidence, as truth tables without a database."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from joinedup.governance.frozen import differences, digest_of
from joinedup.governance.lifecycle import (
    AGENDA_OPEN,
    DECISION_LABELS,
    DECISION_MOVES,
    MEETING_LABELS,
    MEETING_MOVES,
    MINUTES_OPEN,
    DecisionFacts,
    DecisionState,
    MeetingState,
    decision_state,
    may_be_called_in,
)
from joinedup.governance.quorum import AtTable, quorum_of, result_of

TODAY = date(2026, 11, 18)


def test_a_meeting_goes_one_way() -> None:
    assert set(MEETING_MOVES) == set(MEETING_LABELS) == set(MeetingState)
    assert {(start, end) for start, ends in MEETING_MOVES.items() for end in ends} == {
        ("planned", "called"), ("planned", "cancelled"), ("called", "held"), ("called", "cancelled"),
        ("held", "minutes_agreed"),
    }  # fmt: skip
    assert not AGENDA_OPEN & MINUTES_OPEN


FACTS = {"carried": True, "bodies": 2, "agreed": 2, "refused": 0}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"carried": False}, "not_carried"),
        ({"carried": False, "is_called_in": True}, "not_carried"),
        ({}, "ready"),
        ({"bodies": 0, "agreed": 0}, "ready"),
        ({"agreed": 1}, "waiting"),
        ({"agreed": 1, "call_in_until": TODAY}, "waiting"),
        ({"agreed": 1, "refused": 1}, "refused"),
        ({"call_in_until": TODAY}, "call_in_open"),
        ({"call_in_until": TODAY - timedelta(days=1)}, "ready"),
        ({"call_in_until": TODAY, "is_called_in": True}, "called_in"),
        ({"agreed": 1, "is_called_in": True}, "called_in"),
        ({"call_in_until": TODAY, "is_called_in": True, "confirmed": True}, "ready"),
        ({"agreed": 1, "is_called_in": True, "confirmed": True}, "waiting"),
        ({"is_called_in": True, "confirmed": False}, "set_aside"),
        ({"agreed": 1, "refused": 1, "is_called_in": True, "confirmed": False}, "refused"),
        ({"is_effected": True}, "in_effect"),
        ({"is_effected": True, "call_in_until": TODAY}, "in_effect"),
    ],
)
def test_where_a_decision_stands(said: dict[str, object], expected: str) -> None:
    facts = DecisionFacts(**{**FACTS, **said})  # type: ignore[arg-type]
    assert decision_state(facts, TODAY) == expected


def test_only_what_every_partner_approved_and_no_call_in_holds_up_is_ready() -> None:
    """Whatever the facts: ready means carried, all agreed, none refused, and the call-in over or answered with yes."""
    days = (None, TODAY, TODAY - timedelta(days=1))
    seen = set()
    for carried, agreed, refused, until, called, confirmed in itertools.product(
        (True, False), (0, 1, 2), (0, 1), days, (True, False), (None, True, False)
    ):
        facts = DecisionFacts(carried, 2, agreed, refused, until, called, confirmed if called else None)
        state = decision_state(facts, TODAY)
        seen.add(state)
        free = (called and confirmed is True) or (not called and (until is None or until < TODAY))
        assert (state is DecisionState.READY) == (carried and agreed == 2 and not refused and free)
    assert seen == set(DecisionState) - {DecisionState.IN_EFFECT}
    assert set(DECISION_MOVES) == set(DECISION_LABELS) == set(DecisionState)
    assert [start for start, ends in DECISION_MOVES.items() if DecisionState.IN_EFFECT in ends] == [DecisionState.READY]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"call_in_until": TODAY}, True),
        ({"call_in_until": TODAY - timedelta(days=1)}, False),
        ({}, False),
        ({"call_in_until": TODAY, "is_effected": True}, False),
        ({"call_in_until": TODAY, "is_called_in": True}, False),
        ({"call_in_until": TODAY, "carried": False}, False),
        ({"call_in_until": TODAY, "refused": 1}, False),
    ],
)
def test_when_scrutiny_may_call_in(said: dict[str, object], expected: bool) -> None:
    assert may_be_called_in(DecisionFacts(**{**FACTS, **said}), TODAY) is expected  # type: ignore[arg-type]


COUNCIL, NHS = uuid4(), uuid4()


def _at(body: UUID | None, **said: bool) -> AtTable:
    return AtTable(uuid4(), body, **{"has_vote": True, **said})


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([], False),
        ([_at(COUNCIL), _at(COUNCIL), _at(NHS)], True),
        ([_at(COUNCIL), _at(COUNCIL), _at(COUNCIL)], False),  # one body alone
        ([_at(COUNCIL), _at(NHS)], False),
        ([_at(COUNCIL), _at(COUNCIL), _at(NHS, has_vote=False)], False),
        ([_at(COUNCIL), _at(COUNCIL), _at(NHS, has_withdrawn=True)], False),
        ([_at(COUNCIL), _at(NHS), _at(None)], True),  # nobody’s seat counts as a member, not as a body
        ([_at(COUNCIL), _at(None), _at(None)], False),
    ],
)
def test_quorum(table: list[AtTable], expected: bool) -> None:
    assert quorum_of(table, members_needed=3, bodies_needed=2).is_met is expected


@pytest.mark.parametrize(
    ("votes", "chair", "carried", "casting"),
    [
        (["for", "for", "against"], "for", True, False),
        (["for", "against", "against"], "for", False, False),
        (["for", "against"], "for", True, True),
        (["for", "against"], "against", False, True),
        (["for", "against", "abstained"], "abstained", False, False),
        (["for", "against"], "", False, False),
        (["abstained", "abstained"], "abstained", False, False),
    ],
)
def test_a_vote(votes: list[str], chair: str, carried: bool, casting: bool) -> None:
    found = result_of(votes, chair)
    assert (found.carried, found.by_casting_vote) == (carried, casting)
    assert found.votes_for + found.against + found.abstained == len(votes)


def test_evidence_is_frozen_and_what_changed_is_named() -> None:
    digest = digest_of({"pence": 1, "reason": "a"}, "virement", COUNCIL, {})
    assert digest == digest_of({"reason": "a", "pence": 1}, "virement", COUNCIL, {})
    assert digest != digest_of({"pence": 2, "reason": "a"}, "virement", COUNCIL, {})
    assert digest != digest_of({"pence": 1, "reason": "a"}, "virement", NHS, {})
    assert digest != digest_of({"pence": 1, "reason": "a"}, "virement", COUNCIL, {"sponsor": "x"})
    assert differences({"a_b": 1, "c": (1, 2)}, {"a_b": 2, "c": [1, 2]}) == ["a b was 1, is 2"]
