"""Who is never called certain, over many invented families: a twin, an absent twin or sibling, and the other identity of
somebody adopted, whatever of a question and of an entry agrees by chance."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.engines.linkage.certainty import NAMESAKE
from joinedup.engines.linkage.keys import Said, stored_keys, twin_keys
from joinedup.engines.linkage.lookup import CERTAIN, Asked, Candidate, Grade, Likely, rank
from joinedup.engines.linkage.model import Model
from joinedup.engines.linkage.scoring import Scorer

SCORER = Scorer(Model.default())
BORN = date(2015, 3, 4)
TWINS = [
    ("Lily", "Poppy"), ("Leo", "Leon"), ("Ronnie", "Ryan"), ("Lydia", "Lottie"), ("Hui", "Hui Suet"), ("Amal", "Amar"),
    ("Aisha", "Alisha"), ("Maria", "Mariana"), ("Jan", "Jakub"), ("Tom", "Tim"), ("Ella", "Elsa"), ("Amira", "Amina"),
]  # fmt: skip
# What else of the family a question may hold.
SHOWN = st.fixed_dictionaries(
    {"middle": st.booleans(), "sex": st.booleans(), "address": st.booleans(), "postcode": st.booleans()}
)


def look(asked: Said, people: dict[str, list[Said]]) -> list[Likely[str, int]]:
    """Look somebody up among people with several entries each."""
    candidates = [Candidate(who, place, said) for who, held in people.items() for place, said in enumerate(held)]
    return rank(Asked(asked), candidates, scorer=SCORER, people=250_000)


def certain(found: list[Likely[str, int]]) -> list[str]:
    """Whoever is called certain."""
    named = [each.person for each in found if each.grade is Grade.CERTAIN]
    assert named == [each.person for each in found if each.probability >= CERTAIN]
    return named


def child(forename: str, born: date = BORN) -> Said:
    """A child of one family at home."""
    return Said(forename, "", "Testerfield", born, "F", "12 Invented Way", "ZZ1 1AA")


def asking(said: Said, shown: dict[str, bool]) -> Said:
    """A question about somebody, of which only so much is told."""
    return said._replace(**{name: "" for name, is_shown in shown.items() if not is_shown})


@given(st.sampled_from(TWINS), st.booleans(), SHOWN)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_neither_twin_is_the_other_and_an_absent_one_is_nobody(
    pair: tuple[str, str], is_second: bool, shown: dict[str, bool]
) -> None:
    mine, other = reversed(pair) if is_second else pair
    question = asking(child(mine), shown)
    assert certain(look(question, {"other": [child(other)]})) == []
    both = look(question, {"other": [child(other)], "mine": [child(mine)]})
    assert "other" not in certain(both)
    assert both[0].person == "mine"


@given(st.sampled_from(TWINS), SHOWN, st.dates(date(2008, 1, 1), date(2024, 12, 31)).filter(lambda each: each != BORN))
@settings(max_examples=200, derandomize=True, deadline=None)
def test_an_absent_sibling_is_nobody(pair: tuple[str, str], shown: dict[str, bool], born: date) -> None:
    question = asking(child(pair[0], born), shown)
    assert certain(look(question, {"other": [child(pair[1])], "older": [child("Zabelina", date(2006, 6, 6))]})) == []


BEFORE = Said("Lily", "Rose", "Formerly", BORN, "F", "3 Gone Road", "ZZ9 9ZZ", "9434765870", "B801200005001")
NOW = Said("Lily", "", "Newfield", BORN, "F", "12 Invented Way", "ZZ1 1AA", "9434765919")
SIBLING = Said("Tom", "", "Formerly", date(2012, 8, 30), "M", "3 Gone Road", "ZZ9 9ZZ")


@given(
    st.fixed_dictionaries(
        {name: st.booleans() for name in ("middle", "sex", "address", "postcode", "nhs_number", "upn")}
    ),
    st.sampled_from(["Lily", "Lilly", "Lili"]),
)
@settings(max_examples=200, derandomize=True, deadline=None)
def test_who_somebody_was_before_never_brings_up_for_certain_who_they_are(
    shown: dict[str, bool], forename: str
) -> None:
    """Also where only one of the two is in the index, and with a brother who was not adopted."""
    for asked, other in ((BEFORE, NOW), (NOW, BEFORE)):
        question = asking(asked._replace(forename=forename), shown)
        assert certain(look(question, {"other": [other]})) == []
        assert "other" not in certain(look(question, {"other": [other], "sibling": [SIBLING]}))
        assert "other" not in certain(look(question, {"other": [other], "asked": [asked]}))


def test_a_shared_address_or_a_number_used_again_joins_no_two_identities() -> None:
    # A contact house that both were at, and a number that one agency went on using.
    at_one_house = NOW._replace(address=BEFORE.address, postcode=BEFORE.postcode)
    assert certain(look(BEFORE._replace(nhs_number="", upn=""), {"other": [NOW, at_one_house]})) == []
    used_again = NOW._replace(nhs_number="", upn=BEFORE.upn)
    assert certain(look(BEFORE._replace(nhs_number=""), {"other": [used_again]})) == []
    # The brother keeps his own certainty and lends none.
    found = look(SIBLING, {"now": [NOW], "sibling": [SIBLING]})
    assert certain(found) == ["sibling"]


HOME = Said("", "", "Testerfield", None, "", "12 Invented Way", "ZZ1 1AA")
FATHER = HOME._replace(forename="Wilbert", birth_date=date(1985, 6, 7), sex="M")


@pytest.mark.parametrize(
    ("asked", "parent", "others", "is_certain"),
    [
        (HOME._replace(forename="Wilbert"), FATHER, {"child": [child("Poppy")]}, False),
        (HOME._replace(forename="Wilbert", birth_date=FATHER.birth_date), FATHER, {"child": [child("Poppy")]}, True),
        (HOME._replace(forename="Wilbert"), FATHER, {}, True),
        (HOME._replace(forename="Wilbert"), FATHER, {"child": [child("Poppy")._replace(surname="Otherfield")]}, True),
        (
            HOME._replace(forename="Wilma"),
            FATHER._replace(forename="Wilma", sex="F"),
            {"child": [child("Poppy")]},
            True,
        ),
    ],
    ids=["a son may be called so", "a date of birth", "no children", "not his", "a mother"],
)
def test_a_father_is_not_certain_where_a_child_may_bear_his_name(
    asked: Said, parent: Said, others: dict[str, list[Said]], is_certain: bool
) -> None:
    found = look(asked, {"parent": [parent], **others})
    assert found[0].person == "parent"
    assert certain(found) == (["parent"] if is_certain else [])
    assert is_certain or NAMESAKE in found[0].guards


def test_who_has_no_date_of_birth_on_file_is_not_certain_where_one_was_given() -> None:
    undated = FATHER._replace(birth_date=None)
    assert certain(look(HOME._replace(forename="Wilbert"), {"him": [undated]})) == ["him"]
    found = look(HOME._replace(forename="Wilbert", birth_date=BORN), {"him": [undated]})
    assert (found[0].person, certain(found)) == ("him", [])
    assert NAMESAKE in found[0].guards


def test_a_short_form_is_the_name_at_their_own_house_only() -> None:
    asked, her = HOME._replace(forename="Lizzie"), {"her": [child("Elizabeth")]}
    assert look(asked, her)[0].guards == ()
    assert NAMESAKE in look(asked._replace(address=""), her)[0].guards
    assert NAMESAKE in look(asked._replace(address="14 Invented Way"), her)[0].guards


def test_an_honour_is_not_the_name_where_a_further_one_was_asked_for() -> None:
    him = child("Muhammad")._replace(sex="M")
    assert certain(look(child("Muhammad")._replace(sex="M"), {"him": [him]})) == ["him"]
    assert certain(look(child("Muhammad")._replace(middle="Hassan", sex="M"), {"him": [him]})) == []
    known = him._replace(middle="Hassan")
    assert certain(look(child("Muhammad")._replace(middle="Hassan", sex="M"), {"him": [him, known]})) == ["him"]


def test_a_twin_of_one_of_the_first_is_among_the_first_five() -> None:
    """Asked by a name that eight bear, without a date: whoever shares a birth with the first stands beside them."""
    asked = Said("Muhammad", "", "Testerfield", None, "", "", "ZZ1 1AB")
    strangers = {
        f"namesake {place}": [
            Said("Muhammad", "", "Testerfield", date(2005 + place, 5, 5), "M", "1 Other Way", f"ZZ{place} 9AA")
        ]
        for place in range(2, 9)
    }
    one = Said("Muhammad", "Zain", "Testerfield", BORN, "M", "12 Invented Way", "ZZ1 1AA")
    other = one._replace(forename="Usman", middle="")
    without = look(asked, {"one": [one], **strangers})
    beside = look(asked, {"one": [one], "other": [other], **strangers})
    assert without[0].person == beside[0].person == "one"
    assert "other" in [each.person for each in beside[:5]]
    assert [each.person for each in beside if each.person != "other"] == [each.person for each in without[:9]]
    assert [each.probability for each in beside] == sorted((each.probability for each in beside), reverse=True)
    assert twin_keys(one) <= stored_keys(other)
    assert (
        twin_keys(one._replace(birth_date=None)) == twin_keys(one._replace(birth_date=date(2015, 1, 1))) == frozenset()
    )
