"""The quality audit's tool, its percentage, its grades and how cases are drawn: without a database."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.casework.auditing import (
    ANSWERS,
    CURRENT,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    PARTLY,
    Grade,
    Tally,
    added,
    audit_spec,
    digest_of,
    drawn,
    grade_for,
    grades_of,
    tally_of,
)

SAID = [{"name": "Good", "least": 70}, {"name": "Poor", "least": 0}, {"name": "Middling", "least": 50}]


def test_the_tool_has_39_items_under_five_headings_and_claims_no_source() -> None:
    spec = audit_spec(CURRENT)
    assert [group.title for group in spec.groups] == ["Consent", "Identifying details", "Assessment", "Plan", "Review"]
    codes = [item.code for item in spec.items]
    assert len(codes) == len(set(codes)) == 39
    assert len({item.words for item in spec.items}) == 39
    assert spec.source.startswith("local: our own wording")
    assert not spec.is_verified


# The field's own formula, where nothing is partly met: A * 100 / (39 - B), with A met and B not applicable.
@pytest.mark.parametrize(
    ("met", "partly", "not_met", "not_applicable", "percent"),
    [
        (39, 0, 0, 0, 100),
        (0, 0, 39, 0, 0),
        (0, 0, 0, 39, None),
        (20, 0, 19, 0, 51),
        (20, 0, 10, 9, 67),
        (1, 0, 0, 38, 100),
        (0, 0, 1, 38, 0),
        (0, 39, 0, 0, 50),
        (0, 1, 0, 38, 50),
        (30, 4, 2, 3, 89),
        (10, 1, 10, 18, 50),
        (1, 1, 1, 36, 50),
        (1, 0, 2, 36, 33),
        (2, 0, 1, 36, 67),
        (1, 0, 7, 31, 13),  # 12.5, a half upwards
        (0, 0, 0, 0, None),
    ],
)
def test_effectiveness(met: int, partly: int, not_met: int, not_applicable: int, percent: int | None) -> None:
    assert Tally(met, partly, not_met, not_applicable).percent == percent


@given(st.integers(0, 39), st.integers(0, 39))
def test_without_a_partly_it_is_the_formula_of_the_field(met: int, not_applicable: int) -> None:
    if met + not_applicable > 39:
        return
    tally = Tally(met=met, not_met=39 - met - not_applicable, not_applicable=not_applicable)
    expected = Fraction(met, 39 - not_applicable) if not_applicable < 39 else None
    assert tally.effectiveness == expected


_TALLIES = st.builds(Tally, *(st.integers(0, 39) for _ in range(4)))


@given(_TALLIES)
def test_it_lies_between_nothing_and_all_and_what_does_not_apply_changes_nothing(tally: Tally) -> None:
    assert tally.effectiveness is None or 0 <= tally.effectiveness <= 1
    assert (tally + Tally(not_applicable=5)).effectiveness == tally.effectiveness


@given(st.lists(_TALLIES, max_size=6))
def test_several_are_added_up_before_they_are_divided(several: list[Tally]) -> None:
    total = added(several)
    assert total.applicable == sum(each.applicable for each in several)
    assert total.met == sum(each.met for each in several)
    if total.applicable:
        shares = sum((each.met + Fraction(each.partly, 2)) for each in several)
        assert total.effectiveness == shares / total.applicable


def test_answers_are_counted() -> None:
    assert tally_of([MET, PARTLY, MET, NOT_MET, NOT_APPLICABLE]) == Tally(2, 1, 1, 1)
    assert tally_of([]) == Tally()
    assert set(ANSWERS) == {MET, PARTLY, NOT_MET, NOT_APPLICABLE}
    with pytest.raises(KeyError):
        tally_of(["perhaps"])


@pytest.mark.parametrize(
    ("percent", "grade"),
    [(100, "Good"), (70, "Good"), (69, "Middling"), (50, "Middling"), (49, "Poor"), (0, "Poor"), (None, "")],
)
def test_grades(percent: int | None, grade: str) -> None:
    grades = grades_of(SAID)
    assert grades == (Grade("Good", 70), Grade("Middling", 50), Grade("Poor", 0))
    assert grade_for(percent, grades) == grade


@pytest.mark.parametrize(
    "said",
    [
        [],
        [{"name": "Good", "least": 10}],
        [{"name": "", "least": 0}],
        [{"name": "Good", "least": 101}, {"name": "Poor", "least": 0}],
        [{"name": "Good", "least": True}, {"name": "Poor", "least": 0}],
        [{"name": "Good", "least": "70"}, {"name": "Poor", "least": 0}],
        [{"name": "Good", "least": 0}, {"name": "Poor", "least": 0}],
        [{"name": "x" * 61, "least": 0}],
    ],
)
def test_grades_that_could_not_be_used(said: list[dict[str, object]]) -> None:
    with pytest.raises(ValueError, match="rade"):
        grades_of(said)


@given(st.lists(st.uuids().map(str), unique=True, max_size=30), st.integers(1, 20), st.integers(0, 2**48))
def test_the_same_seed_draws_the_same_cases(ids: list[str], size: int, seed: int) -> None:
    found = drawn(ids, size=size, seed=seed)
    assert found == drawn(list(reversed(ids)), size=size, seed=seed)
    assert len(found) == len(set(found)) == min(size, len(ids))
    assert set(found) <= set(ids)
    assert digest_of(ids) == digest_of(reversed(ids))


def test_it_is_not_always_the_same_cases() -> None:
    ids = [str(number) for number in range(30)]
    assert len({tuple(drawn(ids, size=3, seed=seed)) for seed in range(20)}) > 15
    assert digest_of(ids) != digest_of(ids[1:])
