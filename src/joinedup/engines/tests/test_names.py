"""Names: one plain form, known variants, and how they sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.engines.linkage.names import (
    _NICKNAMES,
    broad_sound,
    compact,
    first_part,
    is_multiple_birth,
    is_variant,
    known_variants,
    name_variants,
    normalise,
    parts,
    phonetic_keys,
    sound,
    sounds_alike,
    split_full_name,
)
from joinedup.engines.linkage.spellings import SPELLINGS


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("HARRIS", "harris"),
        ("  Mary   Ann ", "mary ann"),
        ("Zoë", "zoe"),
        ("Łukasz", "lukasz"),
        ("Şükrü", "sukru"),
        ("Đặng", "dang"),
        ("Søren", "soren"),
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("O Brien", "obrien"),
        ("Smith-Jones", "smith jones"),
        ("Smith \N{EN DASH} Jones", "smith jones"),
        ("MacDonald", "mcdonald"),
        ("Mac Donald", "mcdonald"),
        ("Mc Donald", "mcdonald"),
        ("McDonald", "mcdonald"),
        ("Mack", "mack"),
        ("Macy", "macy"),
        ("Mr Harris", "harris"),
        ("Dr. Prof Harris", "harris"),
        ("Master", "master"),
        ("Harris Jnr", "harris"),
        ("Junior", "junior"),
        ("St. John", "st john"),
        ("محمد", "محمد"),
        ("Jane 2", "jane"),
        ("Na", "na"),
        ("Boyd", "boyd"),
    ],
)
def test_plain_forms(text: str, plain: str) -> None:
    assert normalise(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "-", "?", "123", "Baby", "Baby Boy", "BABY GIRL", "baby of Sarah", "Baby Harris", "Babyboy"),
        *("Unborn", "Unborn baby", "Unborn Harris", "Twin 1", "Twin One", "twin two", "Triplet 2", "Boy", "Girl 1"),
        *("Male infant", "Newborn", "Not known", "N/K", "n/a", "Unknown", "TBC", "Not yet named", "XXX"),
    ],
)
def test_placeholders_are_no_name(text: str) -> None:
    assert normalise(text) is None
    assert compact(text) is None
    assert parts(text) == ()
    assert first_part(text) is None
    assert name_variants(text) == frozenset()


def test_twins_without_names_are_known() -> None:
    assert is_multiple_birth("Twin 1")
    assert is_multiple_birth("Baby twin two")
    assert not is_multiple_birth("Baby boy")
    assert not is_multiple_birth("Twinkle")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Smith-Jones", ("smith", "jones")),
        ("van der Berg", ("berg",)),
        ("Al Hassan", ("hassan",)),
        ("da Silva Santos", ("silva", "santos")),
        ("Ben James", ("ben", "james")),
        ("Do", ("do",)),
    ],
)
def test_parts(text: str, expected: tuple[str, ...]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("one", "other", "is_one_name"),
    [
        ("liz", "elizabeth", True),
        ("beth", "liz", True),
        ("bob", "robert", True),
        ("mohammed", "muhammad", True),
        ("mohamed", "mohammad", True),
        ("mo", "mohammed", True),
        ("yusuf", "yousef", True),
        ("sean", "shaun", True),
        ("alex", "alexander", True),
        ("alex", "alexandra", True),
        ("jane", "jane", True),
        ("alexander", "alexandra", False),  # though both are alex
        ("jack", "jonathan", False),  # though jon may be either
        ("frances", "francis", False),
        ("oliver", "olivia", False),
        ("hassan", "hussain", False),
        ("ronnie", "ryan", False),
        ("jane", "lucy", False),
    ],
)
def test_known_forms_of_a_name(one: str, other: str, is_one_name: bool) -> None:
    assert is_variant(one, other) is is_one_name
    assert is_variant(other, one) is is_one_name
    assert (other in known_variants(one)) is is_one_name


def test_variants_of_a_written_name() -> None:
    found = name_variants("Anne-Marie")
    assert {"anne marie", "annemarie", "anne", "marie", "ann", "maria"} <= found


def test_the_lists_hold_plain_names_without_repeats() -> None:
    for group in (_NICKNAMES + SPELLINGS).strip().splitlines():
        written = group.split()
        assert [normalise(name) for name in written] == written
        assert len(set(written)) == len(written) != 1


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        ("haris", "harris", True),
        ("sean", "shaun", True),  # by NYSIIS
        ("philip", "filip", True),
        ("wright", "rite", True),  # by metaphone
        ("harris", "patel", False),
        ("محمد", "احمد", False),
    ],
)
def test_sounds(one: str, other: str, is_alike: bool) -> None:
    assert sounds_alike(one, other) is is_alike


def test_the_two_codes_are_marked() -> None:
    assert phonetic_keys("haris") == {"m:HRS", "n:HAR"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Lee", ("Ann", "Lee")),
        ("LEE, Ann", ("Ann", "LEE")),
        ("Ann Marie Lee", ("Ann Marie", "Lee")),
        ("Jan van der Berg", ("Jan", "van der Berg")),
        ("Lee", ("", "Lee")),
        ("", ("", "")),
    ],
)
def test_one_line_is_split(text: str, expected: tuple[str, str]) -> None:
    assert split_full_name(text) == expected


@given(st.text(max_size=30))
def test_any_text_has_a_stable_plain_form(text: str) -> None:
    plain = normalise(text)
    if plain is None:
        return
    assert plain == plain.strip()
    assert plain
    assert parts(text)
    for word in parts(text):
        assert sound(word)
        assert broad_sound(word)
        assert word in name_variants(text)
