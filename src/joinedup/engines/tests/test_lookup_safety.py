"""Who is never called certain, over many invented families: a twin, an absent twin or sibling, and the other identity of
somebody adopted, whatever of a question and of an entry agrees by chance."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.engines.linkage.keys import Said
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
