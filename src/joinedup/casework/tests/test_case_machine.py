"""Any order of work with a family, played against the services and the database: allocated, led, offered, left, assessed,
agreed, planned, reviewed, stepped, refused, disagreed, closed and opened again, noted, put right and undone. After every
step what `machine_holds` says holds. `./run deep` plays ten thousand steps and more; figures in docs/measurements/casework.md.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from joinedup.casework.tests.machine_work import CaseMachine
from joinedup.casework.tests.machine_world import Tools, World
from tests.support.figures import write_row

# Ten seeds of so many steps at least: ten thousand together. Each is a test, so that they can share the cores.
SEEDS, STEPS_OF_A_SEED = range(1, 11), 1_000
_HEAD = """Everything that can be done with one family, in any order, by people and by the program; after each step every
invariant of `machine_holds` was worked out from the tables. A step that found nothing to do is not counted. Written by `./run deep src/joinedup/casework/tests/test_case_machine.py`.

| seed | steps | families | services called | of these refused, as expected | seconds |
|---|---|---|---|---|---|"""


@pytest.mark.django_db
def test_any_order_of_work() -> None:
    """Up to a hundred and fifty steps in every run of the tests."""
    _play(0, examples=5, steps=30)


@pytest.mark.deep
@pytest.mark.django_db
@pytest.mark.parametrize("number", SEEDS)
def test_any_order_of_work_at_length(number: int) -> None:
    """Ten thousand steps at least."""
    run, began = 0, time.monotonic()
    Tools.steps_taken = Tools.calls = Tools.refusals = 0
    while Tools.steps_taken < STEPS_OF_A_SEED:
        run += 1
        _play(number * 1_000 + run, examples=10, steps=60)
    assert Tools.steps_taken >= STEPS_OF_A_SEED
    row = f"| {number} | {Tools.steps_taken:,} | {run * 10} | {Tools.calls:,} | {Tools.refusals:,} | {time.monotonic() - began:.0f} |"
    write_row("casework.md", "Any order of work", _HEAD, row)


def _play(number: int, *, examples: int, steps: int) -> None:
    CaseMachine.world = World()
    how = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=number == 0, database=None,
        phases=(Phase.generate,), suppress_health_check=list(settings().suppress_health_check),
    )  # fmt: skip
    run_state_machine_as_test(seed(number)(CaseMachine) if number else CaseMachine, settings=how)
