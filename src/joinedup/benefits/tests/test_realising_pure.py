"""Without a database: the one table of moves, what is due by when, how much may be banked, settlements and differences."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.benefits.investing import METHODS, changes, every_way, partner_years, settle
from joinedup.benefits.lifecycle import BENEFIT_MOVES, BenefitState, Need, moves_by_hand, needs_of
from joinedup.benefits.realising import (
    due_by,
    forecast_lines,
    months_after,
    most_to_bank,
    overlaps,
    standing,
    year_begins,
)
from joinedup.benefits.tests.realised import model
from joinedup.engines.appraisal import read
from joinedup.engines.appraisal.appraising import Stake

F, E, R, B, L = BenefitState
START = date(2026, 4, 1)


@pytest.mark.parametrize(
    ("start", "ends"),
    [(F, {E, L}), (E, {E, R, F, L}), (R, {R, E, B, L}), (B, {B, R}), (L, {F})],
)
def test_every_move_there_is(start: BenefitState, ends: set[BenefitState]) -> None:
    """And no other: nothing is banked that was not realised, and nothing banked is lost before it is reversed."""
    assert BENEFIT_MOVES[start] == ends


@pytest.mark.parametrize(
    ("start", "end", "needs"),
    [
        (F, E, {Need.EFFECT}), (E, R, {Need.EFFECT}), (R, E, {Need.EFFECT}), (B, B, {Need.EFFECT}), (R, B, {Need.POSTING}),
        (B, R, {Need.REVERSAL}), (F, L, set()), (L, F, set()), (E, F, set()),
    ],
)  # fmt: skip
def test_what_a_move_needs(start: BenefitState, end: BenefitState, needs: set[Need]) -> None:
    assert needs_of(start, end) == needs


def test_by_hand_nobody_banks_or_reverses() -> None:
    assert {start: moves_by_hand(start) for start in BenefitState} == {
        F: (E, L), E: (F, E, R, L), R: (E, R, L), B: (B,), L: (F,),
    }  # fmt: skip
    assert needs_of(F, B) is None


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2026, 3, 31), 0), (date(2026, 4, 1), 1), (date(2027, 3, 31), 365), (date(2027, 4, 1), 365 + 2),
        (date(2028, 3, 31), 365 + 732), (date(2040, 1, 1), 365 + 732),
    ],
)  # fmt: skip
def test_due_by_a_day(on: date, due: int) -> None:
    """Whole years, and of the year one is in the days that have passed; a leap year has one more."""
    assert due_by([365, 732], START, on) == due


def test_years_begin_on_the_same_day() -> None:
    assert year_begins(date(2028, 2, 29), 1) == date(2029, 3, 1)
    assert year_begins(START, 2) == date(2028, 4, 1)


@pytest.mark.parametrize(
    ("state", "due", "measured", "starts_on", "words"),
    [
        ("forecast", 0, None, date(2028, 4, 1), "Not due yet"),
        ("emerging", 0, 0, date(2028, 4, 1), "Not due yet"),
        ("forecast", 5, None, START, "Due, not measured yet"),
        ("realised", 5, 4, START, "Below forecast"),
        ("banked", 5, 5, START, "On or above forecast"),
        ("lost", 5, None, START, "Lost"),
    ],
)
def test_nothing_is_red_before_its_return_starts(
    state: str, due: int, measured: int | None, starts_on: date, words: str
) -> None:
    found = standing(state, due=due, measured=measured, starts_on=starts_on, on=date(2026, 11, 18))
    assert found.words == words
    assert (found.tone == "red") == (words == "Below forecast")


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 3)), max_size=12),
)
def test_partial_bankings_never_exceed_what_was_measured_forecast_or_posted(
    measured: int, forecast: int, wanted: list[tuple[int, int]]
) -> None:
    left = dict.fromkeys(range(4), 10**8)
    banked = 0
    for pence, posting in wanted:
        room = most_to_bank(measured=measured, forecast=forecast, banked=banked, posting_left=left[posting])
        taken = min(pence, room)
        banked, left[posting] = banked + taken, left[posting] - taken
    assert banked <= min(measured, forecast)
    assert min(left.values()) >= 0


def test_a_line_is_one_row_for_each_partner_that_gains() -> None:
    care, nhs, police = forecast_lines(read(model()))
    assert (care.agency, care.years, care.cashable) == ("COUNCIL", (20_000_000,) * 5, (10_000_000,) * 5)
    assert nhs.years == police.years == (0, 0, 2_000_000, 2_000_000, 2_000_000)
    assert (nhs.key, nhs.lag) == ("CR2.0", 2)
    twice = model() | {"benefits": [model()["benefits"][0]] * 2}
    assert [each.key for each in forecast_lines(read(twice))] == ["SS1.0", "SS1.0 (2)"]


MONEY = st.floats(0, 1e8, allow_nan=False)
STAKES = st.dictionaries(
    st.sampled_from(["COUNCIL", "NHS", "POLICE", "HOUSING", "PROBATION"]),
    st.tuples(MONEY, MONEY, st.floats(0, 1)).map(lambda said: Stake(said[0], said[1], said[1] * said[2])),
    min_size=1,
)


@given(STAKES, st.booleans(), st.integers(1, 7), st.sampled_from(sorted(METHODS)))
def test_every_settlement_comes_to_nothing_in_pence(
    stakes: dict[str, Stake], capped: bool, parts: int, method: str
) -> None:
    found = settle(method, stakes, capped=capped, parts=parts)
    if found is None:
        assert method == "equal_return"
        return
    assert sum(found.transfers.values()) == 0
    if capped:
        assert all(pence <= stakes[name].pv_cashable / parts * 100 + 1 for name, pence in found.transfers.items())


def test_stakes_and_returns_over_two_cases() -> None:
    one, two, three = partner_years([read(model()), read(model(50))], ["COUNCIL", "NHS", "POLICE"], 5)
    assert one.costs == (12_000_000,) * 5
    assert one.returns == (30_000_000,) * 5
    assert one.cashable == (15_000_000,) * 5
    assert two.returns == three.returns == (0, 0, 3_000_000, 3_000_000, 3_000_000)
    ways = every_way({each.code: each.present for each in (one, two, three)}, capped=False)
    assert [each.method for each in ways] == ["equal_return", "equal_net_gain", "shapley"]
    assert all(each.transfers["COUNCIL"] > 0 for each in ways)


def test_what_changed_in_words() -> None:
    partner = {"code": "NHS", "name": "NHS", "stake": 100, "forecast": 500, "measured": 0, "banked": 0}
    benefit = {"id": "1", "title": "Care", "partner": "NHS", "forecast": 500, "state": "forecast", "measured": None}
    before = {"partners": [partner], "benefits": [benefit]}
    after = {
        "partners": [partner | {"forecast": 20_000, "measured": 300}],
        "benefits": [benefit | {"state": "realised", "measured": 300}, benefit | {"id": "2", "title": "Violence"}],
    }
    assert changes(None, after) == []
    assert [each.words for each in changes(before, after)] == [
        "NHS is forecast to gain £195 more: £200, was £5.",
        "NHS has gained, as measured £3 more: £3, was £0.",
        "Care (NHS) went from forecast to realised.",
        "Violence (NHS) is new, forecast at £5.",
    ]
    assert changes(after, after) == []


def test_months_and_overlaps() -> None:
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 11, 18), 6) == date(2027, 5, 18)
    day = date(2026, 1, 1)
    assert overlaps((day, date(2026, 2, 1)), (date(2026, 2, 1), date(2026, 3, 1)))
    assert not overlaps((day, date(2026, 1, 31)), (date(2026, 2, 1), date(2026, 3, 1)))
