"""What places a record without anything being weighed (PI-1, PI-2), and how much evidence there is, from 0 to 100."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.engines.linkage.keys import PersonFacts, Said
from joinedup.engines.linkage.model import Model
from joinedup.person_index.evidence import DOUBTFUL, Evidence, evidence, in_words
from joinedup.person_index.exact import exact_link

BORN = date(2015, 3, 14)
NHS, OTHER_NHS = "943 476 5919", "9434765870"
UPN, OTHER_UPN, TEMPORARY_UPN = "B801200005001", "H801200001001", "G80120000101A"

LILY = PersonFacts(("Lily",), ("Harris",), BORN, ("SW1A 1AA",), NHS, UPN)
"""A child everything is known about."""
UNNUMBERED = replace(LILY, nhs_number=None, upn=None)
TWIN = replace(LILY, forenames=("Lucy",), nhs_number=OTHER_NHS, upn=OTHER_UPN)


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
        link = exact_link(one, other)
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
    assert exact_link(a, b) is None
    assert evidence([_said(a)], [_said(b)], Model.default()).is_possible_twin


def test_twins_who_share_a_second_name_do_not_link_by_it() -> None:
    a = replace(UNNUMBERED, forenames=("Muhammad Ali", "Muhammad"))
    b = replace(UNNUMBERED, forenames=("Muhammad Omar", "Muhammad"))
    assert exact_link(a, b) is None


def test_a_guessed_birth_date_links_by_number_only() -> None:
    new_year = replace(UNNUMBERED, birth_date=date(2010, 1, 1))
    assert exact_link(new_year, new_year) is None
    numbered = replace(new_year, nhs_number=NHS)
    link = exact_link(numbered, numbered)
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
def test_an_exact_link_is_the_same_from_either_side_and_never_crosses_a_number_or_a_date(
    a: PersonFacts, b: PersonFacts
) -> None:
    link = exact_link(a, b)
    assert link == exact_link(b, a)
    if link:
        assert a.birth_date == b.birth_date is not None
        assert {a.nhs_number, b.nhs_number} != {NHS, OTHER_NHS}
        assert "Twin 1" not in (*a.forenames, *b.forenames)


# --- How much evidence -----------------------------------------------------------


def _said(facts: PersonFacts) -> Said:
    return Said(
        next(iter(facts.forenames), ""), "", next(iter(facts.surnames), ""), facts.birth_date, "", "",
        next(iter(facts.postcodes), ""), facts.nhs_number or "", facts.upn or "",
    )  # fmt: skip


def of(asked: PersonFacts, held: PersonFacts = LILY) -> Evidence:
    """How much evidence there is between two descriptions."""
    return evidence([_said(asked)], [_said(held)], Model.default())


@pytest.mark.parametrize(
    "asked",
    [
        LILY,
        UNNUMBERED,
        PersonFacts(("Lily",), ("Harris",), BORN),
        PersonFacts(("Lillian",), ("Haris",), BORN),
        PersonFacts(("Lily",), ("Harris",), None, ("SW1A 1AA",)),
        PersonFacts((), ("Harris",), BORN),
        PersonFacts(("Lily",), ("Patel",), BORN, ("SW1A 2BB",)),  # renamed, in the same district
        PersonFacts(("Harris",), ("Lily",), BORN),
        PersonFacts(nhs_number=NHS),
        PersonFacts(upn=UPN),
    ],
)
def test_what_is_enough_to_ask_a_guardian(asked: PersonFacts) -> None:
    assert of(asked).points >= 50
    assert not of(asked).is_possible_twin


@pytest.mark.parametrize(
    ("asked", "is_twin"),
    [
        (PersonFacts(("Lily",), ("Harris",)), False),
        (PersonFacts((), ("Harris",)), False),
        (PersonFacts(birth_date=BORN), False),
        (PersonFacts(("Tom",), ("Harris",), date(2012, 8, 30), ("SW1A 1AA",)), False),
        (PersonFacts(("Grace",), ("Patel",), date(2001, 9, 9), ("M1 1AE",)), False),
        (PersonFacts(), False),
        (replace(LILY, nhs_number=OTHER_NHS), False),
        (replace(UNNUMBERED, forenames=("Lucy",)), True),
        (replace(UNNUMBERED, forenames=("Twin 1",)), True),
        (TWIN, True),
    ],
)
def test_what_is_not_enough(asked: PersonFacts, is_twin: bool) -> None:
    assert of(asked).points <= DOUBTFUL
    assert of(asked).is_possible_twin is is_twin


def test_the_best_of_several_entries_counts() -> None:
    former = _said(replace(LILY, surnames=("Patel",), nhs_number=None, upn=None))
    asked = _said(PersonFacts(("Lily",), ("Harris",), BORN))
    both = evidence([asked], [former, _said(UNNUMBERED)], Model.default())
    assert both == evidence([asked], [_said(UNNUMBERED)], Model.default())
    assert evidence([asked], [], Model.default()) == Evidence()


@given(PEOPLE, PEOPLE)
def test_evidence_is_the_same_from_either_side(a: PersonFacts, b: PersonFacts) -> None:
    assert 0 <= of(a, b).points <= 100
    assert of(a, b) == of(b, a)


def test_in_words_a_home_in_common_agrees_and_a_difference_speaks_against() -> None:
    fields = [
        ("forename", "differs", -4.0, "Forename differs"),
        ("surname", "same", 0.0, "Same surname"),
        ("sex", "unknown", 0.0, "Sex is not known on both sides"),
        ("birth", "same", 13.0, "Same date of birth"),
    ]
    assert in_words(fields) == (("Same surname", "Same date of birth"), ("Forename differs",))
