"""Who may see what, as truth tables; what in words gives somebody away."""

from __future__ import annotations

import itertools
from dataclasses import fields, replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.family_page.reading import (
    Piece,
    Standing,
    State,
    Why,
    is_of_age,
    is_shown,
    may_show_parent,
    state_of,
    where_to,
    why_closed,
)
from joinedup.family_page.wording import Traces, named_in, plain
from joinedup.organisations.tests.factories import AT

FINE = Standing()
# Each fact that closes a page, alone.
CLOSES = {
    "is_withdrawn": Why.WITHDRAWN,
    "is_case_closed": Why.CASE_CLOSED,
    "is_in_case": Why.NOT_IN_CASE,
    "has_left_family": Why.LEFT_FAMILY,
    "has_died": Why.DIED,
    "is_restricted": Why.RESTRICTED,
    "has_safe_contact": Why.NO_SAFE_CONTACT,
    "has_lost_responsibility": Why.LOST_RESPONSIBILITY,
    "has_new_abuse": Why.ABUSE,
}


def test_every_fact_alone_closes_a_page_and_none_leaves_it_open() -> None:
    assert why_closed(FINE) is None
    assert set(CLOSES) == {each.name for each in fields(Standing)}
    for name, why in CLOSES.items():
        assert why_closed(replace(FINE, **{name: not getattr(FINE, name)})) == why


def test_of_all_512_standings_one_is_open() -> None:
    names = list(CLOSES)
    standings = [
        Standing(**dict(zip(names, told, strict=True))) for told in itertools.product((True, False), repeat=len(names))
    ]
    assert [each for each in standings if why_closed(each) is None] == [FINE]


@pytest.mark.parametrize(
    ("exists", "why", "ends", "entered", "expected"),
    [
        (False, None, None, False, State.NOT_OFFERED),
        (True, None, 1, False, State.OFFERED),
        (True, None, 1, True, State.OPEN),
        (True, None, 0, True, State.EXPIRED),
        (True, None, None, True, State.EXPIRED),
        (True, Why.ABUSE, 1, True, State.CLOSED),
        (True, Why.WITHDRAWN, None, False, State.CLOSED),
    ],
)
def test_how_a_page_stands(exists: bool, why: Why | None, ends: int | None, entered: bool, expected: State) -> None:
    link = None if ends is None else AT + timedelta(days=ends)
    assert state_of(exists=exists, why=why, link_ends_at=link, has_entered=entered, at=AT) == expected


def test_a_reader_gets_a_thing_only_where_everything_allows_it() -> None:
    mine, other, child, stranger = (UUID(int=n) for n in range(4))
    for page, gone, about, words, why in itertools.product(
        (mine, other), (False, True), ((), (child,), (stranger,), (child, stranger)), (True, False), (None, Why.ABUSE)
    ):
        shown = is_shown(Piece(page, gone, frozenset(about), words), page_id=mine, why=why, cleared={child})
        assert shown == (page == mine and not gone and stranger not in about and words and why is None)


@pytest.mark.parametrize(
    ("young", "yes", "reason", "expected"),
    [
        (False, False, "", True),
        (True, True, "", True),
        (True, False, "", False),
        (True, False, "  ", False),
        (True, False, "A lift home is needed.", True),
    ],
)
def test_a_young_person_decides_what_parents_see(young: bool, yes: bool, reason: str, expected: bool) -> None:
    assert may_show_parent(concerns_young=young, has_said_yes=yes, reason=reason) is expected


@pytest.mark.parametrize(
    ("age", "understanding", "expected"),
    [(13, "", True), (12, "", False), (None, "", False), (9, "She understands.", True), (9, " ", False)],
)
def test_from_what_age(age: int | None, understanding: str, expected: bool) -> None:
    assert is_of_age(age, least=13, understanding=understanding) is expected


@pytest.mark.parametrize(
    ("how", "details", "gateway", "expected"),
    [
        ("email", " m@x.example ", "", "m@x.example"),
        ("email", "not an address", "", ""),
        ("text", "07700 900 123", "", ""),
        ("text", "07700 900 123", "{number}@texts.example", "07700900123@texts.example"),
        ("text", "12", "{number}@texts.example", ""),
        ("phone", "07700 900 123", "{number}@texts.example", ""),
        ("letter", "", "", ""),
        ("none", "m@x.example", "", ""),
        ("", "", "", ""),
    ],
)
def test_where_a_link_goes(how: str, details: str, gateway: str, expected: str) -> None:
    assert where_to(how, details, gateway) == expected


ZOE = Traces(
    names=frozenset({"Zoë", "Testham", "Mary Ann"}), places=frozenset({"Flat 2, 14 Imaginary Road, Testborough"}),
    postcodes=frozenset({"ZZ1 1AA"}), numbers=frozenset({"07700 900123", "9990000018"}), emails=frozenset({"zoe@x.example"}),
)  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "Zoe comes along.", "ZOË’s bag", "mary   ann", "Ms Testham", "at 14 imaginary road", "near Imaginary Road",
        "flat 2, 14 Imaginary Road", "zz11aa", "ZZ1  1AA", "Ring 07700-900 123", "+44 7700 900123", "999 000 0018",
        "ZOE@x.example",
    ],
)  # fmt: skip
def test_what_gives_somebody_away(words: str) -> None:
    assert named_in(words, ZOE)


@pytest.mark.parametrize(
    "words", ["", "A zoetrope.", "Bring the letter on 14 May.", "Ring 01632 960 100.", "Mary, and Ann-Marie"]
)
def test_what_does_not(words: str) -> None:
    assert named_in(words, Traces(names=frozenset({"Zoë", "Annette"}))) == ()


def test_what_a_reader_shares_is_not_given_away_to_them() -> None:
    own = Traces(
        names=frozenset({"Testham"}), places=frozenset({"14 Imaginary Road"}), postcodes=frozenset({"ZZ1 1AA"})
    )
    said = "The Testhams: Testham, 14 Imaginary Road, ZZ1 1AA"
    assert named_in(said, ZOE, allowed=own) == ()
    assert named_in(f"{said}, Zoe", ZOE, allowed=own) == ("Zoë",)


letters = st.text(st.characters(categories=["Lu", "Ll"]), min_size=2, max_size=12)


@given(before=st.text(max_size=40), after=st.text(max_size=40), name=letters, upper=st.booleans())
def test_a_name_between_any_other_words_is_found(before: str, after: str, name: str, upper: bool) -> None:
    if len(plain(name).strip()) < 2:
        return
    said = f"{before} {name.upper() if upper and plain(name.upper()) == plain(name) else name} {after}"
    assert named_in(said, Traces(names=frozenset({name}))) == (name,)
