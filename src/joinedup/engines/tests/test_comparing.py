"""A question beside entries: the levels of any two records, and weights that take a question for what it is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.engines.linkage.certainty import ANOTHER_NAME, NO_NAME, TWINS
from joinedup.engines.linkage.comparing import Comparison, standard_of
from joinedup.engines.linkage.keys import Said
from joinedup.engines.linkage.levels import FIELDS, Address, Birth, Forename, Number, Surname, levels_of
from joinedup.engines.linkage.lookup import Asked, Candidate, Grade, Likely, rank
from joinedup.engines.linkage.model import Model
from joinedup.engines.linkage.scoring import Frequencies, Scorer

BORN = date(2015, 3, 4)
PLAIN = Scorer(Model.default())


class _Counted(dict[str, float]):
    """Shares of names; one that is not there is as rare as can be."""

    def get(self, name: str, default: float | None = None) -> float | None:  # type: ignore[override]
        return super().get(name, 1e-6)


COUNTED = Scorer(Model.default(), Frequencies(_Counted({"sarah": 0.01, "sarh": 0.00006}), _Counted({"jones": 0.01})))


def bits(asked: Said, entry: Said, field: str, scorer: Scorer = PLAIN) -> float:
    """What one field weighs."""
    return Comparison(standard_of(asked), scorer).of(entry)[1][FIELDS.index(field)]


def look(asked: Said, *people: list[Said], scorer: Scorer = PLAIN) -> list[Likely[int, int]]:
    """Look somebody up among people with several entries each, numbered in order."""
    candidates = [Candidate(who, place, said) for who, held in enumerate(people) for place, said in enumerate(held)]
    return rank(Asked(asked), candidates, scorer=scorer, people=100_000)


_SAID = st.builds(
    Said,
    st.sampled_from(["", "Lily", "LILY", "Lilly", "Muhammad", "Md Husain", "Hui Suet", "Baby", "Jones", "L", "Rose"]),
    st.sampled_from(["", "Rose", "Husain", "R"]),
    st.sampled_from(["", "Jones", "Jnoes", "Smith-Jones", "Lily", "Kowalska", "Kowalski"]),
    st.sampled_from([None, BORN, date(2015, 4, 3), date(2015, 1, 1), date(2014, 1, 1), date(1980, 3, 4)]),
    st.sampled_from(["", "F", "M"]),
    st.sampled_from(["", "12 Invented Way", "12, invented way", "3 Elsewhere Road"]),
    st.sampled_from(["", "ZZ1 1AA", "zz11aa", "ZZ1", "ZZ9 9ZZ"]),
    st.sampled_from(["", "9434765919", "9434765870"]),
    st.sampled_from(["", "B801200005001"]),
)


@given(_SAID, st.lists(_SAID, min_size=1, max_size=4))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_the_levels_are_those_of_any_two_records(asked: Said, entries: list[Said]) -> None:
    mine = standard_of(asked)
    comparison = Comparison(mine, PLAIN)
    for entry in [*entries, *entries]:  # the second time as kept from the first
        assert comparison.of(entry)[0] == levels_of(mine, standard_of(entry))


def test_a_name_too_rare_to_be_counted_says_more_than_an_average_one() -> None:
    asked = Said("Zabelina", "", "Quarkfield", BORN)
    assert bits(asked, asked, "forename", COUNTED) > bits(asked, asked, "forename")
    assert bits(asked, asked, "surname", COUNTED) > bits(asked, asked, "surname")
    common = Said("Sarah", "", "Jones", BORN)
    assert bits(common, common, "surname", COUNTED) < bits(common, common, "surname")


def test_a_slip_for_a_common_name_says_less_than_the_name_itself() -> None:
    asked = Said("Sarah", "", "Jones", BORN)
    slip = Said("Sarh", "", "Jones", BORN)
    levels, each = Comparison(standard_of(asked), COUNTED).of(slip)
    assert levels.forename == Forename.SLIP
    assert 0 < each[0] < bits(asked, asked, "forename", COUNTED)
    near = Said("Sarah", "", "Jonse", BORN)
    assert bits(asked, near, "surname", COUNTED) < bits(asked, asked, "surname", COUNTED)


def test_two_counted_names_are_no_slip_for_each_other() -> None:
    scorer = Scorer(Model.default(), Frequencies(_Counted({"karlan": 0.001, "karlam": 0.001}), _Counted()))
    asked, entry = Said("Karlan", "", "Jones", BORN), Said("Karlam", "", "Jones", BORN)
    assert Comparison(standard_of(asked), scorer).of(entry)[0].forename == Forename.NEAR
    assert Comparison(standard_of(asked), PLAIN).of(entry)[0].forename == Forename.SLIP


def test_half_a_postcode_that_agrees_speaks_for_them() -> None:
    asked, half = Said("Lily", "", "Jones", None, "", "", "ZZ1 1AA"), Said("Lily", "", "Jones", None, "", "", "ZZ1")
    assert Comparison(standard_of(asked), PLAIN).of(half)[0].address == Address.DISTRICT
    assert bits(asked, half, "address") > 0 > bits(asked, half._replace(postcode="ZZ1 9ZZ"), "address")


def test_a_guessed_birthday_has_the_year_right_more_often() -> None:
    asked = Said("Lily", "", "Jones", date(2015, 1, 1))
    right, next_year = Said("Lily", "", "Jones", date(2015, 6, 9)), Said("Lily", "", "Jones", date(2014, 6, 9))
    assert Comparison(standard_of(asked), PLAIN).of(right)[0].birth == Birth.ESTIMATED
    assert bits(asked, right, "birth") > bits(asked, next_year, "birth")


@pytest.mark.parametrize(("born", "sign"), [(2016, 1), (2009, 0), (2021, -1), (1973, -1)])
def test_a_pupil_number_tells_when_somebody_went_to_school(born: int, sign: int) -> None:
    asked = Said("Lily", "", "Jones", upn="R801200020001")
    assert standard_of(asked).upn.upn == "R801200020001"
    entry = Said("Lily", "", "Jones", date(born, 3, 4))
    levels, each = Comparison(standard_of(asked), PLAIN).of(entry)
    assert levels.upn == Number.UNKNOWN
    weight = each[FIELDS.index("upn")]
    assert (weight > 0) - (weight < 0) == sign


def test_an_entry_without_an_address_hides_no_other_home() -> None:
    asked = Said("Lily", "", "Jones", None, "", "", "ZZ1 1AA")
    elsewhere = Said("Lily", "", "Jones", BORN, "F", "3 Elsewhere Road", "ZZ9 9ZZ")
    alone, several = look(asked, [elsewhere]), look(asked, [elsewhere, elsewhere._replace(address="", postcode="")])
    assert alone[0].score.levels.address == several[0].score.levels.address == Address.DIFFERS
    assert alone[0].bits == pytest.approx(several[0].bits)


def test_two_entries_of_one_home_are_put_together_for_nothing() -> None:
    asked = Said("Lily", "", "Jones", None, "", "", "ZZ1 1AA")
    slip = Said("Lilq", "", "Jones", BORN, "F", "12 Invented Way", "ZZ1 1AA")
    right = Said("Lily", "", "Jones", BORN, "F", "12 Invented Way", "")
    moved = right._replace(address="3 Elsewhere Road", postcode="")
    assert look(asked, [slip, right])[0].bits == pytest.approx(look(asked, [slip, moved])[0].bits + 1)


def test_who_bears_the_name_as_a_middle_one_at_home_comes_before_a_namesake_elsewhere() -> None:
    asked = Said("Ellis", "", "Reynolds", None, "", "", "ZZ1 1AA")
    at_home = Said("Michael", "Ellis", "Reynolds", BORN, "M", "4 Invented Way", "ZZ1 1AA")
    namesake = Said("Ellis", "", "Reynolds", date(2019, 12, 12), "M", "4 Elsewhere Road", "ZZ9 9ZZ")
    found = look(asked, [namesake], [at_home])
    assert [each.person for each in found] == [1, 0]
    assert found[0].grade is not Grade.CERTAIN


def test_a_forename_and_a_birthday_alone_are_never_certain() -> None:
    """They are what an adopted child keeps, however rare the name."""
    found = look(Said("Zabelina", "", "", BORN), [Said("Zabelina", "", "Otherwise", BORN, "F")], scorer=COUNTED)
    assert NO_NAME in found[0].guards
    assert found[0].grade is not Grade.CERTAIN


@pytest.mark.parametrize("name", ["Muhammad", "Hui"])
def test_half_a_name_says_which_twin_no_more_than_it_does(name: str) -> None:
    asked = Said(name, "", "Testerfield", BORN, "", "", "ZZ1 1AA")
    one = Said(name, "Lin", "Testerfield", BORN, "M", "12 Invented Way", "ZZ1 1AA")
    twin = Said("Harun", "", "Testerfield", BORN, "M", "12 Invented Way", "ZZ1 1AA")
    found = look(asked, [one], [twin])
    assert found[0].person == 0
    assert TWINS in found[0].guards


def test_two_further_names_after_half_a_name_are_two_children() -> None:
    asked = Said("Muhammad", "Husain", "Testerfield", BORN, "M", "12 Invented Way", "ZZ1 1AA")
    twin = asked._replace(middle="Hasan")
    found = look(asked, [twin])
    assert ANOTHER_NAME in found[0].guards
    assert found[0].score.levels.surname == Surname.SAME


def test_a_forename_at_a_postcode_alone_is_never_certain() -> None:
    asked = Said("Zabelina", "", "", None, "", "", "ZZ1 1AA")
    found = look(asked, [Said("Zabelina", "", "Otherwise", BORN, "F", "12 Invented Way", "ZZ1 1AA")], scorer=COUNTED)
    assert NO_NAME in found[0].guards


def test_names_in_each_others_box_that_are_only_alike_may_be_a_twins() -> None:
    held = Said("Ava", "", "Webb", BORN, "F", "12 Invented Way", "ZZ1 1AA")
    assert ANOTHER_NAME in look(Said("Webb", "", "Eva", BORN), [held])[0].guards
    assert ANOTHER_NAME not in look(Said("Webb", "", "Ava", BORN), [held])[0].guards


def test_names_in_each_others_box_are_read_so_where_one_has_a_slip_and_are_not_certain() -> None:
    held = Said("Pooja", "", "Treevedi-Dave", BORN)
    best = look(Said("Trivedi-Dave", "", "Poojs", BORN), [held])[0]
    assert best.score.levels.forename == Forename.CROSSED
    assert best.grade is not Grade.CERTAIN


def test_a_father_of_the_name_does_not_keep_a_son_from_being_compared() -> None:
    son = Said("Liam", "", "Flynnson", date(2017, 8, 8), "M", "1 Elsewhere Way", "CH3 3FB")
    father = Said("Liam", "", "Flynnson", date(1985, 5, 28), "M", "6 Castle Road", "CH2 6BJ")
    asked = Said("Liam", "", "Flynnson", date(2017, 2, 8), "M", "6 Castle Road", "CH2 6BJ")
    candidates = [Candidate(0, 0, father), Candidate(1, 1, son, 0.2)]
    assert {each.person for each in rank(Asked(asked), candidates, scorer=PLAIN, people=100_000)} == {0, 1}


def test_twins_born_either_side_of_midnight_are_twins() -> None:
    one = Said("Lily", "", "Testerfield", BORN, "F", "12 Invented Way", "ZZ1 1AA")
    twin = one._replace(forename="Lila", birth_date=date(2015, 3, 5))
    assert TWINS in look(one._replace(forename="Lilly"), [one], [twin])[0].guards
    other = twin._replace(forename="Poppy")  # whom nobody means who asks for a Lilly
    assert TWINS not in look(one._replace(forename="Lilly"), [one], [other])[0].guards


def test_an_entry_with_another_name_doubts_that_a_form_of_the_name_is_meant() -> None:
    martha = Said("Martha", "", "Testerfield", BORN, "F", "12 Invented Way", "ZZ1 1AA")
    mattie, asked = martha._replace(forename="Mattie"), martha._replace(forename="Matilda", sex="")
    assert ANOTHER_NAME in look(asked, [martha, mattie])[0].guards
    assert ANOTHER_NAME not in look(asked, [mattie])[0].guards
    assert ANOTHER_NAME not in look(mattie, [martha, mattie])[0].guards


def test_further_names_are_those_of_any_entry() -> None:
    held = Said("Muhammad", "", "Testerfield", BORN, "M", "12 Invented Way", "ZZ1 1AA")
    asked = held._replace(middle="Zayan")
    assert ANOTHER_NAME in look(asked, [held, held._replace(middle="Zain")])[0].guards
    assert ANOTHER_NAME not in look(asked, [held, held._replace(middle="Zayan")])[0].guards


def test_a_postcode_says_the_more_the_more_people_there_are() -> None:
    asked, entry = Said("Lily", postcode="ZZ1 1AA"), Said("Lily", "", "Jones", postcode="ZZ1 1AA")
    place = FIELDS.index("address")
    few, many, most = (
        Comparison(standard_of(asked), PLAIN, people=people).of(entry)[1][place] for people in (0, 100_000, 1_000_000)
    )
    assert few < many < most
    assert most - many == pytest.approx(3.32, abs=0.01)  # ten times as many


def test_who_moved_has_mostly_stayed_near() -> None:
    asked = Said("Lily", "", "Jones", postcode="CW2 6TA")
    district, area, elsewhere = (
        bits(asked, Said("Lily", "", "Jones", postcode=code), "address") for code in ("CW2 1AA", "CW7 7UF", "HU5 7YW")
    )
    assert district > area > elsewhere
    assert bits(asked, Said("Lily", "", "Jones", postcode="75001"), "address") > elsewhere  # of another country


def test_a_birthday_that_no_slip_explains_weighs_more_than_a_name() -> None:
    asked = Said("Sophia", "", "Reed", BORN)
    renamed, namesake = Said("Amelia", "Sophia", "Smith", BORN), Said("Sophia", "", "Reed", date(2011, 7, 21))
    assert [each.person for each in look(asked, [namesake], [renamed])] == [1, 0]
