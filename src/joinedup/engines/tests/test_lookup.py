"""Looking somebody up: who comes first, how likely, and what keeps it from being certain."""

from __future__ import annotations

from datetime import date

import pytest

from joinedup.engines.linkage.certainty import (
    ANOTHER_BIRTH,
    ANOTHER_NAME,
    ANOTHER_SEX,
    GUESSED_BIRTH,
    MOVED_AND_RENAMED,
    NAMESAKE,
    NO_NAME,
    NUMBER_ALONE,
    NUMBERS_DIFFER,
    SOMEBODY_ELSE_FITS,
    TWINS,
    Guard,
)
from joinedup.engines.linkage.keys import Said
from joinedup.engines.linkage.lookup import Asked, Candidate, Grade, Likely, rank
from joinedup.engines.linkage.model import Model
from joinedup.engines.linkage.scoring import Scorer

BORN = date(2015, 3, 4)
NHS, OTHER_NHS = "9434765919", "9434765870"
LILY = Said("Lily", "Rose", "Testerfield", BORN, "F", "12 Invented Way", "ZZ1 1AA", NHS, "B801200005001")
TWIN = LILY._replace(forename="Poppy", middle="", nhs_number=OTHER_NHS, upn="")
BROTHER = LILY._replace(forename="Tom", middle="", birth_date=date(2012, 8, 30), sex="M", nhs_number="", upn="")
FATHER = LILY._replace(forename="Thomas", birth_date=date(1985, 2, 2), sex="M", middle="", nhs_number="", upn="")
SCORER = Scorer(Model.default())


def look(asked: Said, *people: Said, age: int | None = None) -> list[Likely[int, int]]:
    """Look somebody up among these people, who are numbered in order."""
    candidates = [Candidate(number, 0, said) for number, said in enumerate(people)]
    on = date(2026, 11, 18)
    return rank(Asked(asked, age, on), candidates, scorer=SCORER, people=100_000)


@pytest.mark.parametrize(
    "asked",
    [
        LILY,
        Said("Lily", "", "Testerfield", BORN, "", "", "ZZ1 1AA"),
        Said("Lily", "", "Testerfield", BORN, nhs_number=NHS),
        Said("LILLY", "", "Testerfield", BORN, "F", "12 Invented Way", "ZZ1 1AA"),
        Said("Lily", "", "Testerfield", BORN),
    ],
)
def test_who_is_plainly_meant_is_certain(asked: Said) -> None:
    best = look(asked, TWIN, LILY, BROTHER)[0]
    assert best.person == 1
    assert best.grade is Grade.CERTAIN or TWINS in best.guards  # another spelling, and there is a twin
    best = look(asked, LILY, BROTHER)[0]
    assert (best.person, best.grade, best.guards) == (0, Grade.CERTAIN, ())
    assert best.probability >= 0.95


@pytest.mark.parametrize(
    ("asked", "held", "guard"),
    [
        (LILY._replace(forename="Daisy", middle="", nhs_number="", upn=""), LILY, ANOTHER_NAME),
        (Said("", "", "Testerfield", BORN, "", "", "ZZ1 1AA"), LILY, NO_NAME),
        (Said("Lily", "", "Otherwise", BORN, "", "3 Elsewhere Road", "ZZ9 9ZZ"), LILY, MOVED_AND_RENAMED),
        (LILY._replace(nhs_number=OTHER_NHS), LILY, NUMBERS_DIFFER),
        (LILY._replace(sex="M"), LILY, ANOTHER_SEX),
        (Said("Lily", "", "Testerfield", date(1987, 11, 20), "", "12 Invented Way", "ZZ1 1AA"), LILY, ANOTHER_BIRTH),
        (Said("Lily", "", "Testerfield", date(2015, 1, 1)), LILY._replace(birth_date=date(2015, 1, 1)), GUESSED_BIRTH),
        (Said("Lily", "", "Testerfield"), LILY, NAMESAKE),
        (Said("Lily", "", "Testerfield", None, "", "14 Invented Way", "ZZ1 1AA"), LILY, NAMESAKE),
        (Said(nhs_number=NHS), LILY, NUMBER_ALONE),
    ],
)
def test_what_is_never_certain(asked: Said, held: Said, guard: Guard) -> None:
    best = look(asked, held)[0]
    assert guard in best.guards
    assert best.grade is not Grade.CERTAIN
    assert best.probability < 0.95


def test_a_twin_in_the_index_is_not_the_other_twin() -> None:
    asked = Said("Poppy", "", "Testerfield", BORN, "F", "12 Invented Way", "ZZ1 1AA")
    both = look(asked, LILY, TWIN)
    assert [each.person for each in both[:2]] == [1, 0]
    assert both[0].grade is Grade.CERTAIN
    alone = look(asked, LILY)
    assert alone[0].grade is not Grade.CERTAIN
    assert ANOTHER_NAME in alone[0].guards


def test_two_who_fit_alike_halve_the_chance_and_neither_is_certain() -> None:
    namesake = LILY._replace(address="", postcode="ZZ7 7BB", nhs_number="", upn="", middle="")
    asked = Said("Lily", "", "Testerfield", BORN)
    found = look(asked, LILY, namesake)
    assert SOMEBODY_ELSE_FITS in found[0].guards
    assert sum(each.probability for each in found) <= 1.0
    assert {each.grade for each in found} <= {Grade.LIKELY, Grade.POSSIBLE}


def test_an_absent_sibling_is_nobody_s_certain_match() -> None:
    asked = LILY._replace(forename="Violet", birth_date=date(2018, 6, 6), middle="", nhs_number="", upn="")
    for each in look(asked, LILY, BROTHER, FATHER):
        assert each.grade is Grade.POSSIBLE


def test_a_person_is_as_likely_as_their_best_entry() -> None:
    asked = Said("Lily", "", "Former", BORN, "", "3 Elsewhere Road", "ZZ9 9ZZ")
    before = LILY._replace(surname="Former", address="3 Elsewhere Road", postcode="ZZ9 9ZZ")
    candidates = [Candidate("lily", 0, LILY), Candidate("lily", 1, before), Candidate("tom", 0, BROTHER)]
    best = rank(Asked(asked), candidates, scorer=SCORER, people=100_000)[0]
    assert (best.person, best.entry, best.grade) == ("lily", 1, Grade.CERTAIN)


def test_an_age_stands_in_for_a_date_of_birth() -> None:
    asked = Said("Lily", "", "Testerfield")
    older = LILY._replace(birth_date=date(1990, 3, 4), postcode="ZZ7 7BB", address="")
    assert [each.person for each in look(asked, older, LILY, age=11)] == [1, 0]
    assert [each.person for each in look(asked, LILY, older, age=36)] == [1, 0]
    assert look(asked, LILY, age=11)[0].age_fits is True
    assert look(asked, LILY, age=40)[0].age_fits is False


def test_where_very_many_live_an_address_says_little() -> None:
    forenames = ["Ann", "Bea", "Cara", "Dot", "Eve", "Fay", "Gwen", "Hope", "Isla", "Jo", "Kay", "Lou", "May", "Nia"]
    hostel = [Said(name, "", f"Surname{name}", date(2000, 1, place + 2), "F", "1 Hostel Row", "ZZ5 5AA")
              for place, name in enumerate(forenames)]  # fmt: skip
    asked = Said("Ann", "", "Otherwise", None, "F", "1 Hostel Row", "ZZ5 5AA")
    assert look(asked, *hostel)[0].bits < look(asked, *hostel[:3])[0].bits


def test_nobody_among_nobody() -> None:
    assert look(LILY) == []


def test_one_birthday_a_generation_apart_is_a_fathers_and_his_sons() -> None:
    son, father = (
        Said("Connor", "", "Simpson", date(year, 6, 29), "M", "14 Gate Drive", "ZZ1 1AA") for year in (2025, 1991)
    )
    assert ANOTHER_BIRTH in look(father, son)[0].guards
    slip = son._replace(birth_date=date(2024, 6, 29))
    assert ANOTHER_BIRTH not in look(slip, son)[0].guards


def test_a_guessed_birthday_matters_little_at_ones_own_home_only() -> None:
    held = Said("Hamid", "", "Testerkhel", date(2010, 1, 1), "M", "12 Invented Way", "ZZ1 1AA")
    assert look(held, held)[0].grade is Grade.CERTAIN
    near = held._replace(birth_date=date(2011, 1, 1))
    assert GUESSED_BIRTH not in look(near, held)[0].guards
    assert GUESSED_BIRTH in look(held._replace(address="", postcode=""), held)[0].guards
    assert GUESSED_BIRTH in look(held._replace(forename="Hamed"), held)[0].guards


def test_a_middle_name_on_ones_own_birthday_is_what_somebody_is_called_by() -> None:
    asked = Said("Rose", "", "Testerfield", BORN)
    assert ANOTHER_NAME not in look(asked, LILY)[0].guards
    assert ANOTHER_NAME in look(asked, LILY, TWIN)[0].guards  # a twin may be called anything
    assert ANOTHER_NAME in look(asked._replace(birth_date=date(2015, 4, 3)), LILY)[0].guards
    held = LILY._replace(forename="Muhammad", middle="Hasan", nhs_number="", upn="")
    assert ANOTHER_NAME in look(Said("Hasan", "Muhammad", "Testerfield", BORN), held._replace(middle="Ali"))[0].guards


def test_an_honour_alone_names_no_one_twin() -> None:
    held = Said("Muhammad", "Hasan", "Testerfield", BORN, "M", "12 Invented Way", "ZZ1 1AA")
    assert ANOTHER_NAME in look(held._replace(middle=""), held)[0].guards
    assert ANOTHER_NAME not in look(held, held)[0].guards
    assert ANOTHER_NAME not in look(held._replace(middle=""), held._replace(middle=""))[0].guards


def test_another_form_of_the_name_elsewhere_may_be_an_absent_twins() -> None:
    held = Said("Alexa", "", "Testerfield", BORN, "F", "12 Invented Way", "ZZ1 1AA")
    asked = Said("Alexandra", "", "Testerfield", BORN, "", "", "ZZ9 9ZZ")
    assert look(asked, held)[0].grade is not Grade.CERTAIN
    assert look(asked._replace(postcode="ZZ1 1AA"), held)[0].grade is Grade.CERTAIN
