"""A relative's home speaks for somebody, never makes them certain, and never joins a life before an adoption to one after."""

from __future__ import annotations

from datetime import date

from joinedup.engines.linkage.certainty import RELATIVES_HOME
from joinedup.engines.linkage.keys import Key, Said
from joinedup.engines.linkage.kin import homes_of_kin
from joinedup.engines.linkage.levels import FIELDS
from joinedup.engines.linkage.lookup import Asked, Candidate, Grade, Likely, rank
from joinedup.engines.linkage.model import Model
from joinedup.engines.linkage.scoring import Scorer

SCORER = Scorer(Model.default())
ON = date(2026, 11, 18)
OLD, NOW = ("3 Former Street", "ZZ1 1AA"), ("8 Present Road", "ZZ2 2BB")
NAMESAKE = Said("Rowan", "", "Testerfield", date(2016, 5, 2), "F", "1 Elsewhere Way", "ZZ1 9XX")
CHILD = Said("Rowan", "", "Testerfield", date(2014, 3, 1), "F", *NOW)
MOTHER_THEN = Said("Alma", "", "Testerfield", date(1985, 7, 9), "F", *OLD)
MOTHER_NOW = MOTHER_THEN._replace(address=NOW[0], postcode=NOW[1])
ASKED = Said("Rowan", "", "Testerfield", address=OLD[0], postcode=OLD[1])


def look(asked: Said, *people: list[Said], on: date | None = ON) -> list[Likely[int, int]]:
    """Look somebody up among people with several entries each, numbered in order."""
    candidates = [Candidate(who, place, said) for who, held in enumerate(people) for place, said in enumerate(held)]
    return rank(Asked(asked, on=on), candidates, scorer=SCORER, people=100_000)


def address_of(found: list[Likely[int, int]], person: int) -> float:
    """What the address weighs for somebody; nothing where they are too unlikely to be shown."""
    return next((each.score.each[FIELDS.index("address")] for each in found if each.person == person), 0.0)


def test_whoever_lives_with_somebody_who_lived_there_comes_before_a_namesake() -> None:
    without = look(ASKED, [NAMESAKE], [CHILD])
    assert without[0].person == 0  # in the same district
    found = look(ASKED, [NAMESAKE], [CHILD], [MOTHER_THEN, MOTHER_NOW])
    assert found[0].person == 1
    assert address_of(found, 1) > 0 > address_of(without, 1)


def test_it_makes_nobody_certain() -> None:
    best = look(ASKED, [CHILD], [MOTHER_THEN, MOTHER_NOW])[0]
    assert best.person == 0
    assert best.grade is not Grade.CERTAIN
    assert RELATIVES_HOME in best.guards


def test_it_takes_one_surname_and_one_home_today() -> None:
    other_name = CHILD._replace(surname="Adopterson")
    other_home = CHILD._replace(address="9 Another Road")
    for child, asked in ((other_name, ASKED), (other_name, ASKED._replace(surname="Adopterson")), (other_home, ASKED)):
        alone = look(asked, [NAMESAKE], [child])
        beside = look(asked, [NAMESAKE], [child], [MOTHER_THEN, MOTHER_NOW])
        assert address_of(beside, 1) == address_of(alone, 1)


def test_a_brother_or_sister_is_not_brought_up_by_it() -> None:
    sister = CHILD._replace(forename="Quilla")
    alone, beside = look(ASKED, [NAMESAKE], [sister]), look(ASKED, [NAMESAKE], [sister], [MOTHER_THEN, MOTHER_NOW])
    assert address_of(beside, 1) == address_of(alone, 1)


def test_a_date_of_birth_says_more_than_any_relative() -> None:
    asked = ASKED._replace(birth_date=CHILD.birth_date)
    alone, beside = look(asked, [CHILD]), look(asked, [CHILD], [MOTHER_THEN, MOTHER_NOW])
    assert address_of(beside, 0) == address_of(alone, 0)


def test_a_surname_that_somebody_in_the_home_bears_may_be_a_childs() -> None:
    asked = Said("Rowan", "", "Motherson", address=NOW[0], postcode=NOW[1])
    mother = Said("Alma", "", "Motherson", date(1985, 7, 9), "F", *NOW)
    place = FIELDS.index("surname")
    alone, beside = look(asked, [CHILD])[0], look(asked, [CHILD], [mother])[0]
    assert alone.person == beside.person == 0
    assert beside.score.each[place] >= alone.score.each[place]
    assert beside.grade is not Grade.CERTAIN


def test_where_relatives_live_otherwise_is_looked_up() -> None:
    entries = [(0, MOTHER_THEN), (0, MOTHER_NOW), (1, NAMESAKE)]
    assert homes_of_kin(ASKED, entries) == {Key("postcode_initial", "r ZZ2 2BB")}
    assert homes_of_kin(ASKED._replace(postcode=""), entries) == frozenset()
    assert homes_of_kin(ASKED._replace(surname="Adopterson"), entries) == frozenset()
    assert homes_of_kin(ASKED, [(0, MOTHER_THEN), (1, MOTHER_NOW)]) == frozenset()


def test_where_only_a_postcode_was_given_a_relatives_home_there_is_looked_up() -> None:
    entries = [(0, MOTHER_THEN), (0, MOTHER_NOW), (1, NAMESAKE)]
    found = homes_of_kin(ASKED._replace(address=""), entries)
    assert found == {Key("postcode_initial", "r ZZ2 2BB"), Key("home", "3 ZZ1 1AA")}


def test_a_child_not_yet_named_may_bear_the_surname_of_a_relative_in_the_home() -> None:
    asked = Said("Rowan", "", "Testerfield", postcode=OLD[1])
    baby = Said("Baby", "", "Otherparent", date(2026, 7, 9), "", *OLD)
    place = FIELDS.index("surname")
    alone, beside = look(asked, [baby])[0], look(asked, [baby], [MOTHER_THEN])[0]
    assert alone.person == beside.person == 0
    assert beside.score.each[place] > alone.score.each[place]
    assert beside.grade is not Grade.CERTAIN
    next_door = look(asked, [baby._replace(address="4 Former Street")], [MOTHER_THEN])
    assert [each.score.each[place] for each in next_door if each.person == 0] == [alone.score.each[place]]


def test_the_family_of_the_surname_at_the_home_comes_before_strangers_with_half_of_the_name() -> None:
    asked = Said("Titan", "", "Testerfield", postcode=OLD[1])
    stranger = Said("T", "", "Neighbour", date(1990, 3, 4), "M", "9 Former Street", OLD[1])
    further = Said("Quill", "Titan", "Testerfield", date(2016, 5, 2), "M", "1 Elsewhere Way", "YY9 9XX")
    found = look(asked, [stranger], [further], [MOTHER_THEN])
    assert found[0].person == 2
    assert found[0].grade is Grade.POSSIBLE


def test_a_child_comes_before_a_grown_up_of_the_same_name_unless_an_age_was_given() -> None:
    grown = NAMESAKE._replace(birth_date=date(1990, 5, 2), postcode="ZZ2 9XX")
    asked = Said("Rowan", "", "Testerfield", postcode="ZZ1 1AA")
    child = CHILD._replace(postcode="ZZ2 9XY")
    assert [each.person for each in look(asked, [grown], [child])] == [1, 0]
    best = look(asked, [grown])[0]
    assert best.probability == look(asked, [grown], on=None)[0].probability


def test_names_in_the_other_order_are_found_where_only_one_was_typed() -> None:
    child = Said("Ioan", "", "Sherley-Allen", date(2018, 10, 6), "M", *NOW)
    other = Said("Liam", "", "Gibson", date(2020, 7, 2), "M", *NOW)
    found = look(Said("Sherleyallen", postcode=NOW[1]), [other], [child])
    assert found[0].person == 1
    assert found[0].bits > found[1].bits + 5
    assert found[0].grade is not Grade.CERTAIN


def test_a_postcode_with_a_slip_says_more_than_another_in_the_district() -> None:
    slip, other = (CHILD._replace(address="", postcode=code) for code in ("ZZ2 2BD", "ZZ2 7XY"))
    asked = Said("Rowan", "", "Testerfield", postcode="ZZ2 2BB")
    found = look(asked, [other], [slip])
    assert found[0].person == 1
    assert address_of(found, 1) > 0 > address_of(found, 0)
    both = look(asked._replace(address="8 Present Road"), [slip._replace(address="15 Distant Hill")])
    assert address_of(both, 0) < 0
