"""Search keys: two records of one person meet, whatever slip stands between them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.engines.linkage.keys import (
    Key,
    Said,
    cuts,
    dates_a_figure_away,
    linking_keys,
    question_keys,
    question_words,
    stored_keys,
    wider_keys,
)

BORN = date(2015, 3, 4)
HELD = Said("Elizabeth", "Jane", "Harris", BORN, "F", "12 Invented Way", "SW1A 1AA", "9434765919", "B801200005001")

SAID = st.builds(
    Said,
    forename=st.sampled_from(["Liz", "Elizabeth", "Mo", "Zoë", "Baby", "Anne-Marie", ""]),
    middle=st.sampled_from(["", "Jane", "Ann Mary"]),
    surname=st.sampled_from(["Harris", "Haris", "Smith-Jones", "O'Brien", "van Berg", ""]),
    birth_date=st.none() | st.dates(date(2000, 1, 1), date(2026, 12, 31)),
    address=st.sampled_from(["", "Flat 3, 12 Invented Way", "The Old Mill, Testbridge"]),
    postcode=st.sampled_from(["", "SW1A 1AA", "m11ae", "rubbish", "ZZ99 3VZ"]),
    nhs_number=st.sampled_from(["", "943 476 5919", "9434765918"]),
    upn=st.sampled_from(["", "B801200005001", "A801200005001"]),
)


def finds(query: Said, held: Said = HELD) -> bool:
    """Say whether a question would bring up an entry."""
    return bool(question_keys(query) & stored_keys(held))


def test_the_keys_of_an_entry() -> None:
    assert stored_keys(HELD) == {
        Key("nhs", "9434765919"),
        Key("upn", "B801200005001"),
        Key("dob_sound", "HRS 2015-03-04"),
        Key("dob_sound", "ALSBT 2015-03-04"),
        Key("dob_sound", "JN 2015-03-04"),
        Key("dob_initial", "h 2015-03-04"),
        Key("dob_initial", "e 2015-03-04"),
        Key("dob_postcode", "2015-03-04 SW1A 1AA"),
        Key("name", "ALSBT HRS"),
        Key("name", "HRS JN"),
        Key("initial", "e HRS"),
        Key("postcode_initial", "h SW1A 1AA"),
        Key("postcode_initial", "e SW1A 1AA"),
        Key("home", "12 SW1A 1AA"),
        Key("street", "12 invented"),
    }


@pytest.mark.parametrize(
    "query",
    [
        Said(nhs_number="943 476 5919"),
        Said(upn="b801200005001"),
        Said("Elizabeth", "", "Harris"),
        Said("Liz", "", "Harris"),  # a short form
        Said("Beth", "", "Haris"),  # and a like sound
        Said("Harris", "", "Elizabeth"),  # each in the other's box
        Said("Jane", "", "Harris"),  # known by the middle name
        Said("Elizabeth", "", "", BORN),
        Said("Elisabet", "", "Other", BORN),
        Said("Alizabeth", "", "Horris", BORN),  # the first letter wrong in one
        Said("", "", "Harris", BORN),
        Said("", "", "Harris", date(2015, 4, 3)),  # day and month swapped
        Said("", "", "Harris", date(2015, 3, 5)),
        Said("", "", "Harris", date(2015, 3, 14)),
        Said("", "", "Harris", date(2015, 4, 4)),
        Said("", "", "Harris", date(2014, 3, 4)),
        Said("", "", "Harris-Patel", BORN),
        Said("Baby", "", "", BORN, "", "", "sw1a1aa"),
        Said("Elizabeth", "", "", None, "", "", "SW1A 1AA"),
        Said("", "", "Harris", None, "", "", "SW1A 1AA"),
        Said("Liz", "", "", None, "", "", "SW1A 1AA"),
        Said(address="12 Invented Road", postcode="SW1A 1AA"),
        Said(address="12, invented way"),  # no postcode
    ],
)
def test_a_person_is_found(query: Said) -> None:
    assert finds(query)


@pytest.mark.parametrize(
    "query",
    [
        Said(),
        Said("", "", "Harris"),
        Said("Elizabeth"),
        Said(birth_date=BORN),
        Said(postcode="SW1A 1AA"),
        Said("Baby", "", "Unknown"),
        Said(nhs_number="943 476 5918"),
        Said(upn="A801200005001"),
    ],
)
def test_too_little_is_no_search(query: Said) -> None:
    assert question_keys(query) == frozenset()


@pytest.mark.parametrize(
    "query",
    [
        Said("Lucy", "", "Patel", BORN),
        Said("Elizabeth", "", "Patel"),
        Said("Lucy", "", "Harris", date(2012, 3, 4)),
        Said(nhs_number="9434765870"),
    ],
)
def test_another_person_is_not_found(query: Said) -> None:
    assert not finds(query)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Anne-Marie", "Lee"), ("Annemarie", "Lee")),
        (("Anne Marie", "Lee"), ("Annemarie", "Lee")),
        (("Zoë", "O'Brien"), ("ZOE", "O Brien")),
        (("Mohammed", "Ahmed"), ("Muhamad", "Ahmad")),
        (("Jan", "van der Berg"), ("Jan", "Berg")),
        (("Ann", "Smith-Jones"), ("Ann", "Smith Jones")),
        (("Ann", "Smith-Jones"), ("Ann", "Smithjones")),
        (("Ann", "MacDonald"), ("Ann", "McDonald")),
        (("Li", "Na"), ("Na", "Li")),
        (("محمد", "احمد"), ("احمد", "محمد")),
    ],
)
def test_a_name_alone_finds_its_other_spellings(one: tuple[str, str], other: tuple[str, str]) -> None:
    a, b = Said(one[0], "", one[1]), Said(other[0], "", other[1])
    assert finds(a, b)
    assert finds(b, a)


def test_spellings_a_slip_away_are_looked_up_only_when_asked() -> None:
    slip = Said("Elizabeth", "", "Hapris")
    assert not finds(slip)
    near = {"hapris": frozenset({"harris"})}
    assert question_words(slip) >= set(near)
    assert wider_keys(slip, near) & stored_keys(HELD)
    assert cuts("hapris") & cuts("harris")
    assert cuts("harris") & cuts("haris")


def test_no_fixed_abode_is_no_address() -> None:
    assert not stored_keys(Said("", "", "Harris", None, "", "", "ZZ99 3VZ"))


@given(SAID)
def test_a_question_holds_every_key_of_an_entry_that_says_the_same(said: Said) -> None:
    assert stored_keys(said) <= question_keys(said) | wider_keys(said, {})
    assert linking_keys(said) <= stored_keys(said)


@pytest.mark.parametrize(
    "asked",
    [
        Said("Jane", "", "", date(2015, 3, 4)),  # called by a middle name
        Said("E", "", "Harris"),  # an initial alone
    ],
)
def test_a_middle_name_with_a_date_or_an_initial_finds(asked: Said) -> None:
    assert finds(asked)


@pytest.mark.parametrize("born", [date(2005, 3, 4), date(2015, 3, 14), date(2015, 8, 4), date(2018, 3, 4)])
def test_a_figure_of_the_date_mistaken_is_looked_up_only_when_asked(born: date) -> None:
    asked = Said("Elizabeth", "", "", born)
    assert wider_keys(asked, {}) & stored_keys(HELD)


@pytest.mark.parametrize("born", [date.min, date.max, date(2016, 2, 29), date(2000, 12, 31)])
def test_any_date_can_be_asked_about(born: date) -> None:
    asked = Said("Elizabeth", "", "Harris", born)
    assert question_keys(asked)
    assert wider_keys(asked, {})


def test_a_figure_away_are_dates_that_exist() -> None:
    away = dates_a_figure_away(date(2016, 2, 29))
    assert date(2012, 2, 29) in away
    assert date(2016, 2, 29) not in away
    assert all(
        sum(one != other for one, other in zip(each.isoformat(), "2016-02-29", strict=True)) == 1 for each in away
    )


def test_an_entry_has_about_a_dozen_keys() -> None:
    assert len(stored_keys(HELD._replace(middle="", upn=""))) <= 12


def meets(query: Said, held: Said, spellings: dict[str, frozenset[str]] | None = None, *, lately: bool = False) -> bool:
    """Say whether a question would bring up an entry the second time."""
    return bool(wider_keys(query, spellings or {}, is_lately_born=lately) & stored_keys(held))


def test_a_hyphen_that_was_lost_parts_two_surnames_all_the_same() -> None:
    held = Said("Lily", "", "GoldlowDraymore", BORN)
    assert finds(Said("Lily", "", "Goldlow", date(1999, 9, 9)), held)
    assert finds(Said("Lily", "", "GoldlowDraymore"), Said("Lily", "", "Draymore"))
    assert not finds(Said("Lily", "", "Kenzie"), Said("Lily", "", "MacKenzie"))


def test_a_child_not_yet_named_is_found_by_a_day_near_or_by_the_home() -> None:
    held = Said("Sejal", "", "Joshi", date(2026, 2, 16), "F", "", "SW1A 1AA")
    assert meets(Said("Infant", "", "Joshi", date(2026, 3, 4)), held)
    assert not meets(Said("Infant", "", "Joshi", date(2026, 4, 4)), held)
    assert meets(Said("Baby", "", "Carter", date(2026, 2, 16)), held)  # the other parent's name
    assert meets(Said("Baby", "", "Carter", postcode="SW1A 1AA"), held)
    assert not meets(Said("Rose", "", "Carter", postcode="SW1A 1AA"), held)


def test_who_was_born_lately_may_be_on_file_without_a_name() -> None:
    held = Said("Unborn baby", "", "Allen", date(2025, 7, 21))
    asked = Said("Lily", "", "Slater", date(2025, 7, 21))
    assert meets(asked, held, lately=True)
    assert not meets(asked, held)


def test_who_was_born_lately_may_be_on_file_by_the_day_expected_or_the_other_parents_name() -> None:
    held = Said("Unborn baby", "", "Allen", date(2025, 7, 21), "", "", "SW1A 1AA")
    assert meets(Said("Lily", "", "Allen", date(2025, 8, 2)), held, lately=True)
    assert not meets(Said("Lily", "", "Allen", date(2025, 9, 2)), held, lately=True)
    assert meets(Said("Lily", "", "Slater", date(2025, 8, 2), postcode="SW1A 1AA"), held, lately=True)


def test_of_a_guessed_date_only_the_year_is_known_whichever_side_guessed() -> None:
    known, guessed = Said("Idris", "", "Mustafa", date(2012, 10, 22)), Said("Idris", "", "Mustafa", date(2012, 1, 1))
    for asked in (Said("Idris", "", "", guessed.birth_date), Said("", "", "Mustafa", guessed.birth_date)):
        assert meets(asked, known)
        assert not meets(asked, known._replace(birth_date=date(2014, 10, 22)))
    assert meets(Said("Idris", "", "", date(2013, 5, 6)), guessed)  # out by a year, as guesses are
    assert not meets(Said("Idris", "", "", date(2016, 5, 6)), guessed)
    everybody = Said("Jack", "", "Collins", guessed.birth_date)
    assert not meets(Said("Kai", "", "", guessed.birth_date), everybody)  # very many share the first of January


def test_a_slip_in_the_first_letter_is_looked_up_with_a_date_or_a_postcode() -> None:
    held = Said("Sajid", "", "Sheikh", BORN, "M", "", "SW1A 1AA")
    near = {"hseikh": frozenset({"sheikh"})}
    assert meets(Said("", "", "hSeikh", BORN), held, near)
    assert meets(Said("Zaid", "", "hSeikh", postcode="SW1A 1AA"), held, near)
    assert not meets(Said("Zaid", "", "hSeikh", postcode="SW1A 1AA"), held)
