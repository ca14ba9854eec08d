"""Search keys: two records of one person meet, whatever slip stands between them."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.engines.linkage.keys import Key, PersonFacts, query_keys, search_keys

HELD = PersonFacts(
    forenames=("Elizabeth Jane",),
    surnames=("Harris",),
    birth_date=date(2015, 3, 4),
    postcodes=("SW1A 1AA",),
    nhs_number="9434765919",
    upn="B801200005001",
)

FACTS = st.builds(
    PersonFacts,
    forenames=st.lists(st.sampled_from(["Liz", "Elizabeth", "Mo", "Zoë", "Baby", "Anne-Marie", ""]), max_size=3).map(
        tuple
    ),
    surnames=st.lists(st.sampled_from(["Harris", "Haris", "Smith-Jones", "O'Brien", "van Berg"]), max_size=2).map(
        tuple
    ),
    birth_date=st.none() | st.dates(date(2000, 1, 1), date(2026, 12, 31)),
    postcodes=st.lists(st.sampled_from(["SW1A 1AA", "m11ae", "rubbish", "ZZ99 3VZ"]), max_size=2).map(tuple),
    nhs_number=st.sampled_from([None, "943 476 5919", "9434765918"]),
    upn=st.sampled_from([None, "B801200005001", "A801200005001"]),
)


def finds(query: PersonFacts, held: PersonFacts = HELD) -> bool:
    """Say whether a question would bring up a record."""
    return bool(query_keys(query) & search_keys(held))


def test_the_keys_of_a_record() -> None:
    assert search_keys(replace(HELD, forenames=("Liz",))) == {
        Key("nhs", "9434765919"),
        Key("upn", "B801200005001"),
        Key("name_dob", "harris liz 2015-03-04"),
        Key("phonetic_dob", "HRS 2015-03-04"),
        Key("phonetic_dob", "LS 2015-03-04"),
        Key("swapped_dob", "HRS 2015 03 04"),
        Key("initial_year", "harris l 2015"),
        Key("name_postcode", "harris SW1A 1AA"),
        Key("name_postcode", "liz SW1A 1AA"),
        Key("dob_postcode", "2015-03-04 SW1A 1AA"),
        Key("phonetic_name", "m HRS LS"),
        Key("phonetic_name", "n HAR L"),
    }


@pytest.mark.parametrize(
    "query",
    [
        PersonFacts(nhs_number="943 476 5919"),
        PersonFacts(upn="b801200005001"),
        PersonFacts(("Elizabeth",), ("Harris",)),
        PersonFacts(("Liz",), ("Harris",)),  # a short form
        PersonFacts(("Harris",), ("Liz",)),  # a short form, each in the other's box
        PersonFacts(("Beth",), ("Haris",)),  # and a like sound
        PersonFacts(("Harris",), ("Elizabeth",)),  # each in the other's box
        PersonFacts(("Jane",), ("Harris",)),  # known by the middle name
        PersonFacts(("E",), ("Harris",), date(2015, 8, 1)),  # an initial and the year
        PersonFacts(("Elizabeth",), (), date(2015, 3, 4)),
        PersonFacts((), ("Harris",), date(2015, 3, 4)),
        PersonFacts((), ("Harris",), date(2015, 4, 3)),  # day and month swapped
        PersonFacts((), ("Harris",), date(2015, 3, 5)),
        PersonFacts((), ("Harris",), date(2015, 3, 14)),
        PersonFacts((), ("Harris",), date(2015, 4, 4)),
        PersonFacts((), ("Harris",), date(2014, 3, 4)),
        PersonFacts((), ("Harris-Patel",), date(2015, 3, 4)),
        PersonFacts((), ("Patel", "Harris"), date(2015, 3, 4)),  # a former name
        PersonFacts(("Baby",), (), date(2015, 3, 4), ("sw1a1aa",)),
        PersonFacts(("Elizabeth",), (), None, ("SW1A 1AA",)),
        PersonFacts((), ("Harris",), None, ("SW1A 1AA",)),
        PersonFacts(("Liz",), (), None, ("SW1A 1AA",)),
    ],
)
def test_a_person_is_found(query: PersonFacts) -> None:
    assert finds(query)


@pytest.mark.parametrize(
    "query",
    [
        PersonFacts(),
        PersonFacts((), ("Harris",)),
        PersonFacts(("Elizabeth",)),
        PersonFacts(birth_date=date(2015, 3, 4)),
        PersonFacts(postcodes=("SW1A 1AA",)),
        PersonFacts(("Baby",), ("Unknown",)),
        PersonFacts(nhs_number="943 476 5918"),
        PersonFacts(upn="A801200005001"),
    ],
)
def test_too_little_is_no_search(query: PersonFacts) -> None:
    assert query_keys(query) == frozenset()


@pytest.mark.parametrize(
    "query",
    [
        PersonFacts(("Lucy",), ("Patel",), date(2015, 3, 4)),
        PersonFacts(("Elizabeth",), ("Patel",)),
        PersonFacts(("Lucy",), ("Harris",), date(2012, 3, 4)),
        PersonFacts(nhs_number="9434765870"),
    ],
)
def test_another_person_is_not_found(query: PersonFacts) -> None:
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
    a, b = PersonFacts(one[:1], one[1:]), PersonFacts(other[:1], other[1:])
    assert finds(a, b)
    assert finds(b, a)


def test_no_fixed_abode_is_no_address() -> None:
    assert not search_keys(PersonFacts((), ("Harris",), None, ("ZZ99 3VZ", "nowhere")))


@given(FACTS)
def test_keys_do_not_depend_on_order_and_a_question_holds_them_all(facts: PersonFacts) -> None:
    turned = replace(
        facts,
        forenames=facts.forenames[::-1],
        surnames=facts.surnames[::-1],
        postcodes=facts.postcodes[::-1],
    )
    assert search_keys(facts) == search_keys(turned)
    assert search_keys(facts) <= query_keys(facts)


def test_a_record_has_about_a_dozen_keys() -> None:
    assert len(search_keys(replace(HELD, forenames=("Elizabeth",)))) <= 12
