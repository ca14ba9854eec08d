from __future__ import annotations

from itertools import product

from joinedup.front_door.lifecycle import LABELS, MOVES, OPEN, OWNERS, UNDECIDED, State, may_move

ALLOWED = {
    (State.RECEIVED, State.IN_TRIAGE),
    (State.RECEIVED, State.PASSED_TO_CASE),
    (State.IN_TRIAGE, State.PROPOSED),
    (State.IN_TRIAGE, State.DECIDED),
    (State.IN_TRIAGE, State.PASSED_TO_CASE),
    (State.PROPOSED, State.IN_TRIAGE),
    (State.PROPOSED, State.DECIDED),
    (State.DECIDED, State.ALLOCATED),
    (State.DECIDED, State.HANDED_OVER),
    (State.DECIDED, State.CLOSED),
    (State.ALLOCATED, State.IN_TRIAGE),  # sent back by the team, and taken back
    (State.PASSED_TO_CASE, State.IN_TRIAGE),
    (State.PASSED_TO_CASE, State.CLOSED),
}


def test_every_pair_of_states_is_in_the_table_or_refused() -> None:
    assert {pair for pair in product(State, State) if may_move(*pair)} == ALLOWED


def test_every_state_has_a_label_and_somebody_whose_move_it_is() -> None:
    assert set(MOVES) == set(LABELS) == set(OWNERS) == set(State)
    assert all(OWNERS.values())


def test_every_state_can_be_reached_and_every_open_one_left() -> None:
    reached = {State.RECEIVED}
    while more := {end for start in reached for end in MOVES[start]} - reached:
        reached |= more
    assert reached == set(State)
    assert all(MOVES[state] for state in OPEN)
    assert UNDECIDED < OPEN
