"""Indicators as truth tables: what may be declared, when one speaks, who is listed, what the review says."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from joinedup.information_sharing import indicators
from joinedup.information_sharing.indicators import Condition, Joined, Rate, Reason, Seen, Sign, Weight

TODAY = date(2026, 11, 18)
BORN = date(2015, 3, 14)
ATTENDANCE = Condition("attendance", below=Decimal(85))
MISSING = Condition("missing_episode", times=2)


def _seen(kind: str, days_ago: int, value: str | None = None, agency: str = "Schools") -> Seen:
    number = Decimal(value) if value is not None else None
    return Seen(uuid4(), kind, TODAY - timedelta(days=days_ago), number, agency)


@pytest.mark.parametrize(
    ("sign", "broken"),
    [
        (Sign((ATTENDANCE,), 90), []),
        (Sign((MISSING,), 90, 10, 17), []),
        # Who somebody is or where they live is refused, alone and beside an observation.
        (Sign((), 90, facts=("ethnicity",)), ["IN-1"]),
        (Sign((), 90, facts=("postcode",)), ["IN-1"]),
        (Sign((), 90, facts=("ethnicity", "postcode")), ["IN-1"]),
        (Sign((ATTENDANCE,), 90, facts=("ethnicity",)), ["IN-2"]),
        (Sign((ATTENDANCE,), 90, facts=("postcode",)), ["IN-2"]),
        (Sign((Condition("ethnicity"),), 90), ["IN-2"]),
        (Sign((Condition("postcode"),), 90), ["IN-2"]),
        (Sign((), 90), ["IN-3"]),
        (Sign((Condition("horoscope"),), 90), ["IN-3"]),
        (Sign((MISSING,), 6), ["IN-4"]),
        (Sign((MISSING,), 732), ["IN-4"]),
        (Sign((Condition("attendance"),), 90), ["IN-5"]),
        (Sign((Condition("attendance", below=Decimal(101)),), 90), ["IN-5"]),
        (Sign((Condition("attendance", below=Decimal(80), reaching=Decimal(10)),), 90), ["IN-5"]),
        (Sign((Condition("missing_episode", times=0),), 90), ["IN-6"]),
        (Sign((Condition("missing_episode", times=21),), 90), ["IN-6"]),
        (Sign((MISSING,), 90, 12, 11), ["IN-7"]),
        (Sign((MISSING,), 90, None, 18), ["IN-7"]),
    ],
)
def test_what_may_be_declared(sign: Sign, broken: list[str]) -> None:
    assert [rule.code for rule, _ in indicators.faults_of(sign)] == broken


def test_a_refusal_says_which_fact() -> None:
    rule, words = indicators.faults_of(Sign((), 90, facts=("ethnicity",)))[0]
    assert str(rule.refused("", **words)).startswith(
        "An indicator rests on something an agency observed. Ethnicity alone"
    )


@pytest.mark.parametrize("fact", sorted(indicators.FACTS_NEVER_USED))
def test_a_sign_that_looks_at_who_somebody_is_never_speaks(fact: str) -> None:
    seen = [_seen("attendance", 5, "10")]
    assert indicators.evidence_of(Sign((ATTENDANCE,), 90, facts=(fact,)), seen, birth_date=BORN, on=TODAY) == ()


@pytest.mark.parametrize(
    ("sign", "seen", "speaks"),
    [
        (Sign((ATTENDANCE,), 90), [("attendance", 10, "84.99")], True),
        (Sign((ATTENDANCE,), 90), [("attendance", 10, "85")], False),
        (Sign((ATTENDANCE,), 90), [("attendance", 89, "50")], True),
        (Sign((ATTENDANCE,), 90), [("attendance", 90, "50")], False),
        (Sign((ATTENDANCE,), 90), [("attendance", -1, "50")], False),
        (Sign((ATTENDANCE,), 90), [("suspension", 10, "50")], False),
        (Sign((Condition("suspension", reaching=Decimal(3)),), 90), [("suspension", 1, "3")], True),
        (Sign((Condition("suspension", reaching=Decimal(3)),), 90), [("suspension", 1, "2.5")], False),
        (Sign((MISSING,), 90), [("missing_episode", 1, None)], False),
        (Sign((MISSING,), 90), [("missing_episode", 1, None), ("missing_episode", 30, None)], True),
        # The same day from the same agency is one thing.
        (Sign((MISSING,), 90), [("missing_episode", 1, None), ("missing_episode", 1, None)], False),
        (Sign((ATTENDANCE, MISSING), 90), [("attendance", 5, "70")], False),
        (
            Sign((ATTENDANCE, MISSING), 90),
            [("attendance", 5, "70"), ("missing_episode", 1, None), ("missing_episode", 9, None)],
            True,
        ),
        (Sign((MISSING,), 90, 12, 17), [("missing_episode", 1, None), ("missing_episode", 2, None)], False),
        (Sign((MISSING,), 90, 11, 11), [("missing_episode", 1, None), ("missing_episode", 2, None)], True),
        (Sign((), 90), [("missing_episode", 1, None)], False),
    ],
)
def test_when_an_indicator_speaks(sign: Sign, seen: list[tuple[str, int, str | None]], speaks: bool) -> None:
    found = indicators.evidence_of(sign, [_seen(*each) for each in seen], birth_date=BORN, on=TODAY)
    assert bool(found) is speaks


@pytest.mark.parametrize(("born", "speaks"), [(None, False), (date(2008, 11, 18), False), (date(2008, 11, 19), True)])
def test_only_children_are_listed(born: date | None, speaks: bool) -> None:
    found = indicators.evidence_of(Sign((ATTENDANCE,), 90), [_seen("attendance", 5, "10")], birth_date=born, on=TODAY)
    assert bool(found) is speaks


S, M, L = Weight.STRONG, Weight.MODERATE, Weight.SLIGHT


@pytest.mark.parametrize(
    ("weights", "enough"),
    [
        ([], False),
        ([S], True),
        ([M], False),
        ([L], False),
        ([M, M], True),
        ([M, L], True),
        ([L, L, L], False),
        ([S, L], True),
    ],
)
def test_who_is_listed(weights: list[Weight], enough: bool) -> None:
    assert indicators.is_enough(weights) is enough


def test_only_something_new_lists_somebody_again() -> None:
    one, other = uuid4(), uuid4()
    assert not indicators.is_quiet({one}, [])
    assert indicators.is_quiet({one}, [one, other])
    assert not indicators.is_quiet({one, other}, [one])


def _reason(weight: Weight, days_ago: int = 5) -> Reason:
    return Reason(UUID(int=1), "An indicator", "Says something.", weight, (_seen("attendance", days_ago, "50"),))


def test_the_order_is_by_reasons_and_never_by_a_number() -> None:
    children = [
        [_reason(M), _reason(M), _reason(L)],
        [_reason(S)],
        [_reason(S), _reason(M)],
        [_reason(S, 1)],
        [_reason(S), _reason(S)],
    ]
    ordered = sorted(children, key=indicators.order_of)
    assert ordered == [children[4], children[2], children[3], children[1], children[0]]
    assert not any(hasattr(_reason(S), name) for name in ("score", "points", "rank"))


@pytest.mark.parametrize(
    ("looked", "false", "looked_words", "rate_words"),
    [
        (0, 0, "0", "too few to say"),
        (4, 4, "fewer than 5", "too few to say"),
        (9, 3, "9", "too few to say"),
        (10, 3, "10", "30%"),
        (200, 1, "200", "0%"),
    ],
)
def test_small_numbers_are_not_given(looked: int, false: int, looked_words: str, rate_words: str) -> None:
    rate = Rate("A group", looked, false)
    assert (rate.looked_words, rate.rate_words) == (looked_words, rate_words)


def test_the_review_says_when_a_group_stands_out() -> None:
    assert "Too few" in indicators.finding([Rate("Boys", 30, 9), Rate("Girls", 4, 0)])
    assert "No group stands out" in indicators.finding([Rate("Boys", 30, 9), Rate("Girls", 30, 6)])
    said = indicators.finding([Rate("Boys", 40, 20), Rate("Girls", 40, 4)])
    assert "“Boys” was listed without need far more often than “Girls” (50% against 10%)" in said


@pytest.mark.parametrize(
    ("born", "band"),
    [(date(2026, 1, 1), "Under 5"), (date(2021, 11, 18), "5 to 10"), (date(2011, 11, 18), "11 to 15"),
     (date(2009, 1, 1), "16 and 17"), (None, "Not known")],
)  # fmt: skip
def test_age_bands(born: date | None, band: str) -> None:
    assert indicators.age_band(born, TODAY) == band


def test_a_condition_comes_back_as_it_was_stored() -> None:
    for condition in (ATTENDANCE, MISSING, Condition("rent_arrears", reaching=Decimal("8.5"))):
        assert indicators.condition_of(condition.as_json()) == condition


def test_what_it_rests_on_in_words() -> None:
    assert Sign((ATTENDANCE, MISSING), 90, 11).words == (
        "School attendance over a half term below 85 per cent and Missing from home or care, at least 2 times, "
        "in the last 90 days, aged 11 to 17"
    )


# --- Several conditions, all of them or any one.

ANY = Sign((ATTENDANCE, MISSING), 90, joined=Joined.ANY)


@pytest.mark.parametrize(
    ("seen", "speaks"),
    [
        ([("attendance", 5, "70")], 1),
        ([("missing_episode", 5, None)], 0),
        ([("missing_episode", 5, None), ("missing_episode", 9, None)], 2),
        ([("attendance", 5, "70"), ("missing_episode", 5, None), ("missing_episode", 9, None)], 3),
        ([("attendance", 5, "70"), ("missing_episode", 5, None)], 1),
        ([("suspension", 5, "3")], 0),
        ([], 0),
    ],
)
def test_any_one_of_several_is_enough_and_only_what_is_met_is_shown(
    seen: list[tuple[str, int, str | None]], speaks: int
) -> None:
    found = indicators.evidence_of(ANY, [_seen(*each) for each in seen], birth_date=BORN, on=TODAY)
    assert len(found) == speaks


def test_any_one_of_several_in_words() -> None:
    assert ANY.words == (
        "Any one of these, in the last 90 days: School attendance over a half term below 85 per cent; "
        "Missing from home or care, at least 2 times"
    )
    assert Sign((ATTENDANCE,), 90, joined=Joined.ANY).words == Sign((ATTENDANCE,), 90).words


def test_any_one_of_several_is_looked_at_where_one_kind_was_observed() -> None:
    assert ANY.may_speak_of({"attendance"})
    assert not ANY.may_speak_of({"suspension"})
    assert not Sign((ATTENDANCE, MISSING), 90).may_speak_of({"attendance"})


# --- What was observed counts once (IN-20).

THIRD = Condition("attendance", below=Decimal(65))
SIXTH = Condition("attendance", below=Decimal(84))
WEEKS = Condition("rent_arrears", reaching=Decimal(8))


@pytest.mark.parametrize(
    ("stronger", "weaker", "covers"),
    [
        (Sign((THIRD,), 60), Sign((SIXTH,), 60), True),
        (Sign((SIXTH,), 60), Sign((THIRD,), 60), False),
        (Sign((THIRD,), 60), Sign((THIRD,), 60), True),
        (Sign((THIRD,), 60), Sign((SIXTH,), 90), True),
        (Sign((THIRD,), 90), Sign((SIXTH,), 60), False),  # what it saw may be too long ago for the other
        (Sign((THIRD,), 60), Sign((MISSING,), 60), False),
        (Sign((THIRD, MISSING), 60), Sign((SIXTH,), 60), True),
        (Sign((SIXTH,), 60), Sign((THIRD, MISSING), 60), False),
        (Sign((MISSING,), 60), Sign((Condition("missing_episode"),), 60), True),
        (Sign((Condition("missing_episode"),), 60), Sign((MISSING,), 60), False),
        (Sign((Condition("rent_arrears", reaching=Decimal(12)),), 60), Sign((WEEKS,), 60), True),
        (Sign((WEEKS,), 60), Sign((Condition("rent_arrears", reaching=Decimal(12)),), 60), False),
        (Sign((THIRD,), 60), Sign((SIXTH, MISSING), 60, joined=Joined.ANY), True),
        (Sign((THIRD, MISSING), 60, joined=Joined.ANY), Sign((SIXTH,), 60), False),
        (Sign((THIRD, MISSING), 60, joined=Joined.ANY), Sign((SIXTH, MISSING), 60, joined=Joined.ANY), True),
        (Sign((), 60), Sign((THIRD,), 60), False),
    ],
)
def test_which_sign_is_a_stronger_form_of_which(stronger: Sign, weaker: Sign, covers: bool) -> None:
    assert stronger.covers(weaker) is covers


def _says(name: str, weight: Weight, *conditions: Condition, days: int = 60) -> Reason:
    return Reason(uuid4(), name, f"{name}.", weight, (_seen("attendance", 5, "50"),), Sign(conditions, days))


def _folded(*reasons: Reason) -> list[tuple[str, list[str]]]:
    return [(head.indicator, [each.indicator for each in head.folded]) for head in indicators.fold(reasons)]


def test_the_stronger_is_shown_and_the_weaker_folded_beneath_it() -> None:
    third, sixth, missing = _says("third", S, THIRD), _says("sixth", M, SIXTH), _says("missing", M, MISSING)
    assert _folded(sixth, missing, third) == [("third", ["sixth"]), ("missing", [])]
    (head, _) = indicators.fold([sixth, missing, third])
    assert head.observed == {third.evidence[0].id, sixth.evidence[0].id}


def test_at_the_same_weight_the_stronger_form_is_shown() -> None:
    assert _folded(_says("a sixth", M, SIXTH), _says("the third", M, THIRD)) == [("the third", ["a sixth"])]


def test_a_weightier_reason_is_never_hidden_beneath_a_lighter_one() -> None:
    assert _folded(_says("third", L, THIRD), _says("sixth", S, SIXTH)) == [("sixth", ["third"])]


def test_two_forms_of_one_sign_are_not_two_reasons() -> None:
    standing = indicators.fold([_says("third", M, THIRD), _says("sixth", M, SIXTH)])
    assert not indicators.is_enough(reason.weight for reason in standing)
    assert indicators.is_enough(
        each.weight for each in indicators.fold([_says("third", M, THIRD), _says("m", M, MISSING)])
    )
