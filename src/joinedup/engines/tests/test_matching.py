"""Matching: twins, siblings, slips and moves; what a person sees and what links by itself."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.engines.linkage.keys import PersonFacts
from joinedup.engines.linkage.matching import (
    Comparison,
    Reason,
    Verdict,
    compare,
    may_link_automatically,
    rank,
)

BORN = date(2015, 3, 14)
NHS, OTHER_NHS = "943 476 5919", "9434765870"
UPN, OTHER_UPN, TEMPORARY_UPN = "B801200005001", "H801200001001", "G80120000101A"

LILY = PersonFacts(("Lily",), ("Harris",), BORN, ("SW1A 1AA",), NHS, UPN)
"""A child everything is known about."""
UNNUMBERED = replace(LILY, nhs_number=None, upn=None)
TWIN = replace(LILY, forenames=("Lucy",), nhs_number=OTHER_NHS, upn=OTHER_UPN)


def reason(comparison: Comparison, field: str) -> Reason:
    """Return what a comparison says about a field."""
    return next(each for each in comparison.reasons if each.field == field)


# --- Reasons --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "verdict", "sentence"),
    [
        ("Lily", "LILY", "AGREES", "Same forename"),
        ("Lily", "Lily Rose", "AGREES", "Same forename"),
        ("Anne-Marie", "Annemarie", "AGREES", "Same forename"),
        ("Elizabeth", "Liz", "CLOSE", "Forename is another form of the same name (Elizabeth / Liz)"),
        ("Mohammed", "Muhammad", "CLOSE", "Forename is another form of the same name (Mohammed / Muhammad)"),
        ("Muhammad Ali", "Muhammad Omar", "CLOSE", "Forename has another middle name (Muhammad Ali / Muhammad Omar)"),
        ("L", "Lily", "CLOSE", "Forename has the same initial (L / Lily)"),
        ("Rose", "Lily Rose", "CLOSE", "Forename is a middle name of the other (Rose / Lily Rose)"),
        ("Connor", "Conner", "CLOSE", "Forename sounds the same (Connor / Conner)"),
        ("Jessica", "Jessika", "CLOSE", "Forename sounds the same (Jessica / Jessika)"),
        ("Charlotte", "Charlolte", "CLOSE", "Forename is spelt nearly the same (Charlotte / Charlolte)"),
        ("Lily", "Grace", "DIFFERS", "Forename differs (Lily / Grace)"),
        ("Baby", "Lily", "MISSING", "Forename was not given"),
        ("Lily", "Unborn", "MISSING", "Forename is not on this record"),
    ],
)
def test_forenames(one: str, other: str, verdict: str, sentence: str) -> None:
    found = compare(PersonFacts((one,)), PersonFacts((other,)))
    assert (reason(found, "forename").verdict, reason(found, "forename").sentence) == (verdict, sentence)


@pytest.mark.parametrize(
    ("one", "other", "verdict", "sentence"),
    [
        ("Harris", "harris", "AGREES", "Same surname"),
        ("O'Brien", "O Brien", "AGREES", "Same surname"),
        ("Smith-Jones", "Smith Jones", "AGREES", "Same surname"),
        ("MacDonald", "McDonald", "AGREES", "Same surname"),
        ("Tayler", "Taylor", "CLOSE", "Surname sounds the same (Tayler / Taylor)"),
        ("Jones", "Smith-Jones", "CLOSE", "Surname has a part in common (Jones / Smith-Jones)"),
        ("Ahmed", "Ahmad", "CLOSE", "Surname is another spelling of the same name (Ahmed / Ahmad)"),
        ("Harris", "Patel", "DIFFERS", "Surname differs (Harris / Patel)"),
        ("Not known", "Patel", "MISSING", "Surname was not given"),
    ],
)
def test_surnames(one: str, other: str, verdict: str, sentence: str) -> None:
    found = compare(PersonFacts((), (one,)), PersonFacts((), (other,)))
    assert (reason(found, "surname").verdict, reason(found, "surname").sentence) == (verdict, sentence)


def test_a_former_name_agrees_and_says_so() -> None:
    found = reason(compare(LILY, replace(LILY, surnames=("Patel", "Harris"))), "surname")
    assert found.verdict is Verdict.AGREES
    assert found.sentence == "Same surname among all known (Harris)"


@pytest.mark.parametrize(
    ("born", "verdict", "sentence"),
    [
        (date(2015, 3, 4), "AGREES", "Same date of birth"),
        (date(2015, 4, 3), "CLOSE", "Date of birth has day and month swapped"),
        (date(2015, 3, 14), "CLOSE", "Date of birth differs by one figure"),
        (date(2016, 3, 4), "CLOSE", "Date of birth differs by one figure"),
        (date(2015, 3, 3), "CLOSE", "Date of birth differs by one figure"),
        (date(2012, 8, 30), "DIFFERS", "Date of birth differs"),
        (None, "MISSING", "Date of birth is not on this record"),
    ],
)
def test_dates_of_birth(born: date | None, verdict: str, sentence: str) -> None:
    found = compare(PersonFacts(birth_date=date(2015, 3, 4)), PersonFacts(birth_date=born))
    assert (reason(found, "birth_date").verdict, reason(found, "birth_date").sentence) == (verdict, sentence)


def test_a_day_either_side_of_a_month_end_is_close() -> None:
    found = compare(PersonFacts(birth_date=date(2015, 3, 1)), PersonFacts(birth_date=date(2015, 2, 28)))
    assert reason(found, "birth_date").sentence == "Date of birth is one day apart"


def test_the_first_of_january_is_weak_evidence() -> None:
    new_year = replace(UNNUMBERED, birth_date=date(2010, 1, 1))
    found = compare(new_year, new_year)
    assert reason(found, "birth_date").verdict is Verdict.CLOSE
    assert "1 January is often a guess" in reason(found, "birth_date").sentence
    assert found.score < compare(UNNUMBERED, UNNUMBERED).score


@pytest.mark.parametrize(
    ("one", "other", "verdict", "sentence"),
    [
        ("SW1A 1AA", "sw1a1aa", "AGREES", "Same postcode"),
        ("SW1A 1AA", "SW1A 2BB", "CLOSE", "Postcode is in the same district (SW1A)"),
        ("SW1A 1AA", "M1 1AE", "DIFFERS", "Postcode differs"),
        ("ZZ99 3VZ", "ZZ99 3VZ", "MISSING", "Postcode was not given"),
        ("SW1A 1AA", "rubbish", "MISSING", "Postcode is not on this record"),
    ],
)
def test_postcodes(one: str, other: str, verdict: str, sentence: str) -> None:
    found = compare(PersonFacts(postcodes=(one,)), PersonFacts(postcodes=(other,)))
    assert (reason(found, "postcode").verdict, reason(found, "postcode").sentence) == (verdict, sentence)


@pytest.mark.parametrize(
    ("held", "verdict", "sentence"),
    [
        ("9434765919", "AGREES", "Same NHS number"),
        (OTHER_NHS, "DIFFERS", "NHS number differs"),
        ("9434765918", "MISSING", "NHS number is not on this record"),  # a number that fails its check
        (None, "MISSING", "NHS number is not on this record"),
    ],
)
def test_nhs_numbers(held: str | None, verdict: str, sentence: str) -> None:
    found = compare(PersonFacts(nhs_number=NHS), PersonFacts(nhs_number=held))
    assert (reason(found, "nhs_number").verdict, reason(found, "nhs_number").sentence) == (verdict, sentence)


def test_pupil_numbers_have_a_small_letter_inside_a_sentence() -> None:
    assert reason(compare(LILY, LILY), "upn").sentence == "Same unique pupil number"


def test_names_in_each_others_box_are_close() -> None:
    found = compare(PersonFacts(("Harris",), ("Lily",), BORN), UNNUMBERED)
    assert reason(found, "surname").sentence == "Forename and surname are the other way round"
    assert found.score > 60
    assert not found.is_possible_twin


def test_names_nearly_right_in_each_others_box() -> None:
    found = compare(PersonFacts(("Haris",), ("Lily Rose",), BORN), UNNUMBERED)
    assert reason(found, "forename").sentence == "Forename and surname are nearly the same the other way round"
    assert found.score == 50


# --- Scores ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "score"),
    [
        (LILY, 100),
        (UNNUMBERED, 85),
        (PersonFacts(("Lily",), ("Harris",), BORN), 70),
        (PersonFacts(("Lily",), ("Harris",)), 40),
        (PersonFacts(nhs_number=NHS), 50),
        (PersonFacts(("Lillian",), ("Haris",), BORN), 54),
        (PersonFacts(("Grace",), ("Patel",), date(2001, 9, 9), ("M1 1AE",)), 0),
        (PersonFacts(), 0),
    ],
)
def test_scores(query: PersonFacts, score: int) -> None:
    assert compare(query, LILY).score == score


def test_a_twin_is_held_back_and_marked() -> None:
    found = compare(UNNUMBERED, TWIN)
    assert found.is_possible_twin
    assert found.score <= 45
    assert "maybe a twin" in reason(found, "twin").sentence


def test_numbers_that_differ_hold_back_what_else_agrees() -> None:
    namesake = replace(LILY, nhs_number=OTHER_NHS)
    assert compare(LILY, namesake).score <= 45
    assert not compare(LILY, namesake).is_possible_twin


def test_the_household_is_ranked_child_first() -> None:
    brother = PersonFacts(("Tom",), ("Harris",), date(2012, 8, 30), ("SW1A 1AA",))
    mother = PersonFacts(("Lilian",), ("Harris",), date(1985, 2, 2), ("SW1A 1AA",))
    stranger = PersonFacts(("Amir",), ("Khan",), date(2001, 9, 9))
    people = [("stranger", stranger), ("brother", brother), ("mother", mother), ("twin", TWIN), ("Lily", LILY)]
    found = [who for who, _ in rank(UNNUMBERED, people)]
    assert found == ["Lily", "twin", "mother", "brother"]
    assert [who for who, _ in rank(UNNUMBERED, people, limit=1)] == ["Lily"]


def test_equals_keep_their_order() -> None:
    assert [who for who, _ in rank(LILY, [(2, LILY), (1, LILY)])] == [2, 1]


# --- Linking without a person ---------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "rule"),
    [
        # PI-1: NHS number and date of birth
        (LILY, LILY, "PI-1"),
        (LILY, replace(LILY, nhs_number="9434765919", postcodes=(), upn=None), "PI-1"),
        (LILY, replace(LILY, forenames=("Lillian",)), "PI-1"),  # a short form is no twin
        (LILY, replace(LILY, forenames=("Baby",)), "PI-1"),
        (LILY, replace(LILY, forenames=("L",)), "PI-1"),
        (LILY, replace(LILY, surnames=("Patel",), postcodes=("M1 1AE",)), "PI-1"),
        (LILY, replace(LILY, birth_date=date(2015, 3, 15)), None),
        (LILY, replace(LILY, birth_date=None), None),
        (replace(LILY, birth_date=None), replace(LILY, birth_date=None), None),
        (LILY, replace(LILY, upn=TEMPORARY_UPN), "PI-1"),
        (LILY, replace(LILY, upn=OTHER_UPN), None),
        # PI-2: name, date of birth and postcode
        (LILY, UNNUMBERED, "PI-2"),
        (UNNUMBERED, UNNUMBERED, "PI-2"),
        (UNNUMBERED, replace(LILY, forenames=("LILY",), postcodes=("sw1a1aa",)), "PI-2"),
        (UNNUMBERED, replace(LILY, postcodes=("M1 1AE", "SW1A 1AA")), "PI-2"),
        (UNNUMBERED, replace(LILY, surnames=("Patel", "Harris")), "PI-2"),  # a former name
        (UNNUMBERED, replace(LILY, nhs_number="9434765918"), "PI-2"),  # fails its check: not known
        (UNNUMBERED, replace(UNNUMBERED, birth_date=None), None),
        (UNNUMBERED, replace(UNNUMBERED, birth_date=date(2015, 3, 15)), None),
        (UNNUMBERED, replace(UNNUMBERED, postcodes=()), None),
        (UNNUMBERED, replace(UNNUMBERED, postcodes=("M1 1AE",)), None),
        (UNNUMBERED, replace(UNNUMBERED, forenames=("Lillian",)), None),  # search finds, no link
        (UNNUMBERED, replace(UNNUMBERED, forenames=("Lilly",)), None),
        (UNNUMBERED, replace(UNNUMBERED, forenames=("Lily Rose",)), None),
        (UNNUMBERED, replace(UNNUMBERED, forenames=("L",)), None),
        (UNNUMBERED, replace(UNNUMBERED, forenames=()), None),
        (UNNUMBERED, replace(UNNUMBERED, surnames=("Haris",)), None),
        (UNNUMBERED, replace(UNNUMBERED, surnames=("Harris-Patel",)), None),
        (UNNUMBERED, replace(UNNUMBERED, surnames=()), None),
        (UNNUMBERED, replace(UNNUMBERED, forenames=("Harris",), surnames=("Lily",)), None),
        # numbers that differ, twins and siblings: never
        (LILY, replace(LILY, nhs_number=OTHER_NHS), None),
        (LILY, TWIN, None),
        (LILY, replace(TWIN, nhs_number=NHS, upn=None), None),  # one number written on both twins
        (LILY, replace(TWIN, nhs_number=NHS, upn=None, postcodes=()), None),
        (UNNUMBERED, replace(TWIN, nhs_number=None, upn=None), None),
        (LILY, replace(LILY, forenames=("Twin 2",)), None),
        (UNNUMBERED, replace(UNNUMBERED, forenames=("Tom",), birth_date=date(2012, 8, 30)), None),
        (PersonFacts(), PersonFacts(), None),
    ],
)
def test_what_links_by_itself(a: PersonFacts, b: PersonFacts, rule: str | None) -> None:
    for one, other in ((a, b), (b, a)):
        link = may_link_automatically(one, other)
        assert (link.rule if link else None) == rule
        assert link is None or link.sentence.endswith(".")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ronnie", "Ryan"),
        ("Lydia", "Lottie"),
        ("Leo", "Leon"),
        ("Hassan", "Hussain"),
        ("Muhammad Hassan", "Muhammad Hussain"),
        ("Alexander", "Alexandra"),
        ("Francis", "Frances"),
        ("Oliver", "Olivia"),
    ],
)
def test_twins_with_like_names_never_link(one: str, other: str) -> None:
    a, b = replace(LILY, forenames=(one,)), replace(LILY, forenames=(other,))
    assert may_link_automatically(a, b) is None
    assert compare(a, b).is_possible_twin


def test_twins_who_share_a_second_name_do_not_link_by_it() -> None:
    a = replace(UNNUMBERED, forenames=("Muhammad Ali", "Muhammad"))
    b = replace(UNNUMBERED, forenames=("Muhammad Omar", "Muhammad"))
    assert may_link_automatically(a, b) is None


def test_a_guessed_birth_date_links_by_number_only() -> None:
    new_year = replace(UNNUMBERED, birth_date=date(2010, 1, 1))
    assert may_link_automatically(new_year, new_year) is None
    numbered = replace(new_year, nhs_number=NHS)
    link = may_link_automatically(numbered, numbered)
    assert link is not None
    assert link.rule == "PI-1"


PEOPLE = st.builds(
    PersonFacts,
    forenames=st.lists(st.sampled_from(["Lily", "Lucy", "Lillian", "Harris", "Twin 1", ""]), max_size=2).map(tuple),
    surnames=st.lists(st.sampled_from(["Harris", "Haris", "Lily", "Harris-Patel"]), max_size=2).map(tuple),
    birth_date=st.sampled_from([None, BORN, date(2010, 1, 1)]),
    postcodes=st.lists(st.sampled_from(["SW1A 1AA", "M1 1AE", "x"]), max_size=2).map(tuple),
    nhs_number=st.sampled_from([None, NHS, OTHER_NHS, "x"]),
    upn=st.sampled_from([None, UPN, OTHER_UPN, TEMPORARY_UPN]),
)


@given(PEOPLE, PEOPLE)
def test_what_always_holds(a: PersonFacts, b: PersonFacts) -> None:
    found = compare(a, b)
    assert 0 <= found.score <= 100
    assert found.score == compare(b, a).score
    link = may_link_automatically(a, b)
    assert link == may_link_automatically(b, a)
    if link:
        assert a.birth_date == b.birth_date is not None
        assert reason(found, "nhs_number").verdict is not Verdict.DIFFERS
        assert not found.is_possible_twin
