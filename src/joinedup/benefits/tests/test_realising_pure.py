"""Without a database: the one table of moves, what is due by when, how much may be banked, settlements and differences."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.benefits import demo_realising
from joinedup.benefits.investing import (
    METHODS,
    Accepted,
    changes,
    every_way,
    moved_before,
    next_years_level,
    partner_years,
    settle,
)
from joinedup.benefits.lifecycle import BENEFIT_MOVES, BenefitState, Need, moves_by_hand, needs_of
from joinedup.benefits.realising import (
    AVOIDED_KINDS,
    Banked,
    Claimed,
    Count,
    Step,
    due_by,
    episode_of,
    episode_of_code,
    episode_words,
    events_counted,
    forecast_lines,
    is_one_episode,
    months_after,
    most_to_bank,
    overlaps,
    replay,
    standing,
    still_banked,
    worth_of_readings,
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


# --- What counts as banked.
KEYS = [UUID(int=each) for each in range(6)]


@pytest.mark.parametrize(
    ("rows", "fall", "counts"),
    [
        ([(30, False)], 30, [30]),
        ([(30, False)], 0, [0]),  # put back
        ([(30, False)], -5, [0]),  # put up above where it began
        ([(30, False), (30, False)], 30, [30, 0]),  # there and back, and banked again
        ([(30, True), (30, False)], 30, [0, 30]),  # the first posting was reversed
        ([(20, False), (20, False)], 30, [20, 10]),
    ],
)
def test_a_line_banks_its_net_fall(rows: list[tuple[int, bool]], fall: int, counts: list[int]) -> None:
    found = still_banked([Banked(KEYS[place], *each) for place, each in enumerate(rows)], fall)
    assert [found[KEYS[place]] for place in range(len(rows))] == counts


@given(st.lists(st.tuples(st.integers(1, 10**9), st.booleans()), max_size=6), st.integers(-(10**9), 10**9))
def test_together_no_more_than_the_line_fell(rows: list[tuple[int, bool]], fall: int) -> None:
    found = still_banked([Banked(KEYS[place], *each) for place, each in enumerate(rows)], fall)
    assert sum(found.values()) <= max(0, fall)
    assert all(0 <= found[KEYS[place]] <= (0 if is_gone else pence) for place, (pence, is_gone) in enumerate(rows))


def test_where_a_benefit_stood_after_its_moves() -> None:
    moves = [
        Step("", "forecast", False, None, None), Step("forecast", "emerging", True, 0, 1), Step("emerging", "realised", True, 70, 2),
        Step("realised", "banked", False, 50, None), Step("banked", "banked", True, 90, 3), Step("banked", "realised", False, -50, None),
        Step("realised", "emerging", True, 60, 2), Step("emerging", "forecast", False, None, None),
    ]  # fmt: skip
    expected = [
        ("forecast", None, None), ("emerging", 0, 1), ("realised", 70, 2), ("banked", 70, 2), ("banked", 90, 3),
        ("realised", 90, 3), ("emerging", 60, 2), ("forecast", None, None),
    ]  # fmt: skip
    assert [replay(moves[: place + 1]) for place in range(len(moves))] == expected


# --- What readings come to.
D = Decimal


@pytest.mark.parametrize(
    ("form", "direction", "baseline", "readings", "unit", "pence"),
    [
        ("count", "down", Count(D(5)), [Count(D(3)), Count(D(4))], 1_000, 3_000),
        ("count", "up", Count(D(5)), [Count(D(8))], 1_000, 3_000),
        ("count", "down", Count(D(5)), [Count(D(9))], 1_000, -4_000),  # it became worse
        ("share", "down", Count(D("9"), 1200), [Count(D("6"), 1200)], 1_000, 36_000),
        ("share", "down", Count(D("9"), 1200), [Count(D("6"))], 1_000, None),  # of how many?
        ("count", "down", Count(D(5)), [Count(None)], 1_000, None),  # hidden
        ("count", "down", None, [Count(D(3))], 1_000, None),
        ("count", "down", Count(D(5)), [], 1_000, None),
        ("count", "down", Count(D(5)), [Count(D(3))], 0, None),
        ("mean", "down", Count(D(5)), [Count(D(3))], 1_000, None),
    ],
)
def test_readings_times_the_value_of_one(
    form: str, direction: str, baseline: Count | None, readings: list[Count], unit: int, pence: int | None
) -> None:
    assert worth_of_readings(form, direction, baseline, readings, unit) == pence


# --- Episodes.
def test_kinds_that_are_one_episode() -> None:
    assert episode_of("care_entry") == episode_of("care_months") == "care"
    assert episode_of("exclusion") == "exclusion"
    assert episode_words("care") == "coming into care or time in care"
    codes = {"SS1.0": "care", "SS1": "care", "ss1.0.2": "care", "SS10.0": "", "E&S2.0": "exclusion", "ADM": "", "": ""}
    assert {code: episode_of_code(code) for code in codes} == codes
    assert all(episode_words(episode_of(kind)) for kind in AVOIDED_KINDS)


@pytest.mark.parametrize(
    ("episode", "other", "same_line", "is_one"),
    [
        ("care", (date(2026, 6, 1), date(2026, 6, 2)), True, True),  # the days meet
        ("care", (date(2026, 7, 1), date(2026, 8, 1)), True, False),  # pieces of one line are counted, not refused
        ("care", (date(2026, 7, 1), date(2026, 8, 1)), False, True),
        ("care", (date(2027, 6, 1), date(2027, 8, 1)), False, True),  # 365 days
        ("care", (date(2027, 6, 2), date(2027, 8, 1)), False, False),
        # What lasts, or has a unit cost of a year, counts once in a year whichever line claims it; an incident each time.
        ("neet_months", (date(2026, 7, 1), date(2026, 8, 1)), False, True),
        ("persistent_absence", (date(2027, 6, 1), date(2027, 8, 1)), False, True),
        ("exclusion", (date(2026, 7, 1), date(2026, 8, 1)), False, True),
        ("domestic_violence", (date(2026, 7, 1), date(2026, 8, 1)), False, False),
        ("hospital", (date(2026, 7, 1), date(2026, 8, 1)), False, False),
    ],
)
def test_when_two_claims_are_about_one_thing(
    episode: str, other: tuple[date, date], same_line: bool, is_one: bool
) -> None:
    mine = (date(2026, 5, 1), date(2026, 6, 1))
    assert is_one_episode(episode, mine, other, same_line=same_line) is is_one
    assert is_one_episode(episode, other, mine, same_line=same_line) is is_one


CHILD, OTHER = UUID(int=1), UUID(int=2)


def claimed(number: int, person: UUID, first: date, last: date) -> Claimed:
    return Claimed(UUID(int=number), person, (first, last))


@pytest.mark.parametrize(
    ("episode", "claims", "counted"),
    [
        # Twelve months of one child, a claim each, are one year in care.
        ("care", [claimed(each, CHILD, date(2026, each, 1), date(2026, each, 28)) for each in range(1, 13)], [1]),
        ("neet_months", [claimed(each, CHILD, date(2026, each, 1), date(2026, each, 28)) for each in range(1, 13)], [1]),
        # The next year of the same child is another unit; a day short of it is not.
        ("care", [claimed(1, CHILD, date(2026, 1, 1), date(2026, 1, 31)), claimed(2, CHILD, date(2027, 1, 1), date(2027, 1, 31))], [1, 2]),
        ("care", [claimed(1, CHILD, date(2026, 1, 1), date(2026, 1, 31)), claimed(2, CHILD, date(2026, 12, 31), date(2027, 1, 31))], [1]),
        # Two children are two.
        ("care", [claimed(1, CHILD, date(2026, 1, 1), date(2026, 1, 31)), claimed(2, OTHER, date(2026, 1, 1), date(2026, 1, 31))], [1, 2]),
        # An incident costs each time; days that meet are one of them.
        ("domestic_violence", [claimed(1, CHILD, date(2026, 1, 1), date(2026, 1, 1)), claimed(2, CHILD, date(2026, 2, 1), date(2026, 2, 1))], [1, 2]),
        ("domestic_violence", [claimed(2, CHILD, date(2026, 1, 2), date(2026, 1, 4)), claimed(1, CHILD, date(2026, 1, 1), date(2026, 1, 2))], [1]),
        ("care", [], []),
    ],
)  # fmt: skip
def test_what_claims_of_one_line_count_as(episode: str, claims: list[Claimed], counted: list[int]) -> None:
    assert [each.key.int for each in events_counted(episode, claims)] == counted
    assert [each.key.int for each in events_counted(episode, reversed(claims))] == counted


# --- What is left to be moved.
def test_a_settlement_is_moved_once_over_the_years() -> None:
    whole = {"A": 100, "B": -70, "C": -30}
    moved: list[Accepted] = []
    paid = dict.fromkeys(whole, 0)
    for year in range(2027, 2031):
        before, level = moved_before(moved, year)
        assert before == {name: pence for name, pence in paid.items() if moved}
        wanted = next_years_level(whole, before, 2031 - year)
        assert sum(wanted.values()) == 0
        moved += [Accepted(name, year, wanted[name] - level.get(name, 0)) for name in whole]
        paid = {name: paid[name] + wanted[name] for name in whole}
    assert paid == whole


@given(
    st.dictionaries(st.sampled_from("ABCDE"), st.integers(-(10**12), 10**12), min_size=2), st.integers(1, 60),
    st.dictionaries(st.sampled_from("ABCDE"), st.integers(-(10**9), 10**9)),
)  # fmt: skip
def test_parts_add_up(whole: dict[str, int], years: int, moved: dict[str, int]) -> None:
    found = next_years_level(whole, moved, years)
    left = {name: pence - moved.get(name, 0) for name, pence in whole.items()}
    assert abs(sum(found.values()) * years - sum(left.values())) <= years
    assert all(abs(found[name] - left[name] / years) <= 1 for name in left)


def test_the_demo_is_whole_on_every_day_of_the_calendar() -> None:
    """Its programme has begun before what is claimed for it, and before its benefits were taken up, twelve days before the end
    of the older of two quarters that are over."""
    first = datetime(2026, 1, 1, 9, tzinfo=UTC)
    for days in range(731):
        at = first + timedelta(days=days)
        starts, set_up = demo_realising.first_day(at), demo_realising.begun(at)
        assert (starts.month, starts.day) == (4, 1)
        assert starts < set_up.date() < (at - timedelta(days=80)).date()
