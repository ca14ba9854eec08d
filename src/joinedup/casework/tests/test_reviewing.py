"""Plans, reviews and steps without a database: truth tables, clocks, and the replay of any order of a step's moves."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from joinedup.casework import rules
from joinedup.casework.codes import CLOSURES, NEED_ENDS, NEEDS, NOT_CHECKED_AFTERWARDS
from joinedup.casework.lifecycle import (
    ACTION_LABELS,
    ACTION_MOVES,
    LIVE_STEPS,
    STEP_LABELS,
    STEP_MOVES,
    STEP_OWNERS,
    StepState,
)
from joinedup.casework.planning import Closing, NeedEnd, closing_fault, differences
from joinedup.casework.reviewing import (
    Happened,
    Journey,
    StepSaid,
    after_refusal,
    due_after,
    months_after,
    months_between,
    replay,
    stages_of,
    step_fault,
    step_move_fault,
)
from joinedup.engines.periods import LONDON


@pytest.mark.parametrize(
    ("said", "has_step", "rule"),
    [
        (StepSaid(3, 4, "statutory", "Why"), False, None),
        (StepSaid(4, 2, "case_management", "Why"), False, None),
        (StepSaid(2, 3, "case_management", "Why", True), False, None),
        (StepSaid(3, 4, "statutory", "Why"), True, rules.STEP_WAITS),
        (StepSaid(3, 1, "case_management", "Why"), False, rules.LEVEL_EXISTS),
        (StepSaid(3, 5, "statutory", "Why"), False, rules.LEVEL_EXISTS),
        (StepSaid(3, 3, "case_management", "Why"), False, rules.ANOTHER_LEVEL),
        (StepSaid(3, 4, "case_management", "Why"), False, rules.TEAM_FITS_LEVEL),
        (StepSaid(4, 3, "statutory", "Why"), False, rules.TEAM_FITS_LEVEL),
        (StepSaid(4, 3, "case_management", "Why", True), False, rules.ONLY_UP_AT_ONCE),
        (StepSaid(3, 4, "statutory", "  "), False, rules.REASON_NEEDED),
    ],
)
def test_which_step_may_be_asked_for(said: StepSaid, has_step: bool, rule: rules.Rule | None) -> None:
    assert step_fault(said, has_step=has_step) is rule


def test_every_pair_of_states_of_a_step_is_allowed_or_refused_with_its_sentence() -> None:
    for start in StepState:
        for end in StepState:
            fault = step_move_fault(start, end)
            assert (fault is None) == (end in STEP_MOVES[start])
            assert fault is None or "cannot be done now" in fault.sentence
    assert set(STEP_MOVES) == set(STEP_LABELS) == set(STEP_OWNERS) == set(StepState)
    assert {state for state in StepState if STEP_MOVES[state]} == LIVE_STEPS
    assert [after_refusal(number) for number in (1, 2, 3)] == [
        StepState.REFUSED,
        StepState.DISAGREED,
        StepState.DISAGREED,
    ]
    assert set(ACTION_MOVES) == set(ACTION_LABELS)
    assert all(start not in ends for start, ends in ACTION_MOVES.items())


def test_the_codes_are_those_of_the_census() -> None:
    assert sorted(NEEDS) == [f"N{number}" for number in range(10)]
    assert list(CLOSURES) == [f"RC{number}" for number in range(1, 10)]
    assert set(CLOSURES) >= NOT_CHECKED_AFTERWARDS


def test_what_stands_in_the_way_of_closing() -> None:
    need, other = uuid4(), uuid4()
    both = frozenset({need, other})
    said = {need: NeedEnd("met"), other: NeedEnd("not_met")}
    assert closing_fault(Closing(), NEED_ENDS) is None
    assert closing_fault(Closing(both, said), NEED_ENDS) is None
    assert closing_fault(Closing(both, {need: NeedEnd("met")}), NEED_ENDS) is rules.NEEDS_ENDED
    assert closing_fault(Closing(both, said | {other: NeedEnd("nonsense")}), NEED_ENDS) is rules.NEEDS_ENDED
    assert closing_fault(Closing(both, said, has_step=True), NEED_ENDS) is rules.STEP_WAITS
    assert closing_fault(Closing(both, said, has_begun_review=True), NEED_ENDS) is rules.REVIEW_BEGUN


def test_clocks_of_a_disagreement_count_working_days() -> None:
    thursday_before_easter = datetime(2027, 3, 25, 16, 0, tzinfo=LONDON)
    assert due_after(thursday_before_easter, 1) == datetime(2027, 3, 30, 17, 0, tzinfo=LONDON)
    friday_evening = datetime(2026, 11, 20, 18, 0, tzinfo=LONDON)  # counts as Monday
    assert due_after(friday_evening, 2) == datetime(2026, 11, 25, 17, 0, tzinfo=LONDON)


@pytest.mark.parametrize("said", [[], [{"who": " ", "working_days": 1}], [{"who": "X", "working_days": 0}],
                                  [{"who": "X", "working_days": True}], [{"who": "X", "working_days": 61}],
                                  [{"who": "X", "working_days": 1, "roles": []}], [{"who": "X", "working_days": 1, "roles": "director"}],
                                  [{"who": "X", "working_days": 1, "roles": ["key_worker"]}]])  # fmt: skip
def test_a_setting_that_could_not_be_used(said: list[dict[str, object]]) -> None:
    with pytest.raises(ValueError, match="step"):
        stages_of(said)


def test_whom_a_step_of_a_disagreement_is_for() -> None:
    first, second = stages_of(
        [{"who": "Managers", "working_days": 1, "roles": ["team_manager"]}, {"who": "Heads", "working_days": 2}]
    )
    teams = ("north", "south")
    assert first.is_for("team_manager", "north", teams)
    assert not first.is_for("team_manager", "east", teams)  # of the two teams only
    assert not first.is_for("director", None, teams)
    assert second.is_for("director", None, teams)  # a setting from before roles were said: whoever may settle one
    assert not second.is_for("key_worker", "north", teams)


@given(day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), months=st.integers(0, 60))
def test_months_on_and_back(day: date, months: int) -> None:
    later = months_after(day, months)
    assert months_between(day, later) in {months, months - 1}  # the 31st of a month that has none
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert months_after(later, -months).month == day.month


@given(
    before=st.dictionaries(st.sampled_from("abc"), st.integers(0, 2)),
    after=st.dictionaries(st.sampled_from("abc"), st.integers(0, 2)),
)
def test_differences_put_back_give_what_was_before(before: dict[str, int], after: dict[str, int]) -> None:
    old, new = differences(before, after)
    assert {**after, **new} == after
    assert all(({**after, **old}).get(name) == before.get(name) for name in after)


def test_what_the_replay_does_not_know_changes_nothing() -> None:
    begun = Journey(is_open=True, level=3)
    assert replay([Happened("casework.case_opened", "level_3"), Happened("chronology.something_else", "x")]) == begun
    assert replay([Happened("casework.visit")], begun) == begun


class StepMachine(RuleBasedStateMachine):
    """Any order of a family's steps, plans and leads as events: the replay of all of them is the state kept beside."""

    def __init__(self) -> None:
        super().__init__()
        self.entries = [Happened("casework.case_opened", "level_2")]
        self.state, self.level, self.refusals, self.stage, self.lead = "", 2, 0, 0, ""
        self.needs: list[UUID] = []
        self.has_plan, self.plans = False, 0

    def write(self, kind: str, code: str = "", who: str = "") -> None:
        self.entries.append(Happened(f"casework.{kind}", code, who))

    @rule(who=st.sampled_from(["Amira", "Ben"]))
    def lead_changes(self, who: str) -> None:
        self.write("lead_handed_over" if self.lead else "lead_professional_named", who=who)
        self.lead = who

    @rule()
    def manager_holds(self) -> None:
        self.write("duty_with_manager", who="ignored")
        self.lead = ""

    @precondition(lambda self: not self.has_plan)
    @rule()
    def plan_opens(self) -> None:
        self.write("plan_opened", "P-1")
        self.has_plan, self.plans, self.needs = True, self.plans + 1, []

    @precondition(lambda self: self.has_plan)
    @rule(kind=st.sampled_from(["need_added", "need_restored", "need_ended", "need_removed"]))
    def needs_come_and_go(self, kind: str) -> None:
        if kind in {"need_added", "need_restored"}:
            self.needs.append(uuid4())
        elif self.needs:
            self.needs.pop()
        else:
            return
        self.write(kind)

    @precondition(lambda self: self.has_plan)
    @rule()
    def plan_closes(self) -> None:
        self.write("plan_closed", "P-1")
        self.has_plan, self.needs = False, []

    @rule(end=st.sampled_from(list(StepState)), level=st.sampled_from([2, 3, 4]))
    def step_moves(self, end: StepState, level: int) -> None:
        """Only what the table allows becomes an event."""
        if self.state not in LIVE_STEPS:
            if end is StepState.WAITING:
                self.write("step_asked", f"{self.level}_to_{level}")
                self.state, self.refusals, self.stage, self.wanted = end, 0, 0, level
            return
        if step_move_fault(StepState(self.state), end) is not None:
            return
        kinds = {
            StepState.REFUSED: "step_refused",
            StepState.ASKED_AGAIN: "step_asked_again",
            StepState.WITHDRAWN: "step_withdrawn",
        }
        if end in kinds:
            self.write(kinds[end])
            self.stage = 0
        elif end is StepState.DISAGREED:
            self.stage += 1
            if self.state != StepState.DISAGREED:
                self.write("step_refused")
            self.write("disagreement_opened", str(self.stage))
        else:
            self.write("level_changed", f"level_{self.wanted}")
            self.level, self.stage = self.wanted, 0
        self.state = end

    @invariant()
    def the_replay_is_the_state(self) -> None:
        assert replay(self.entries) == Journey(
            is_open=True, level=self.level, lead=self.lead, has_open_plan=self.has_plan, plans=self.plans,
            open_needs=len(self.needs), step=str(self.state), stage=self.stage,
        )  # fmt: skip


@pytest.mark.parametrize("examples", [8, pytest.param(200, marks=pytest.mark.deep)])
def test_any_order_of_events_replays(examples: int) -> None:
    """A few hundred steps in every run; ten thousand at length."""
    run_state_machine_as_test(
        StepMachine, settings=settings(max_examples=examples, stateful_step_count=50, deadline=None)
    )
