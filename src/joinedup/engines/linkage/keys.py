"""Search keys: what two records of one person are likely to have in common.

Looking for a person means looking for entries that share a key, then comparing
those few in full. ``stored_keys`` gives the keys to keep beside an entry, about a
dozen; ``question_keys`` gives the keys to look up for what somebody typed: the
same ones, and wider, since widening the question costs nothing to store.
``wider_keys`` is for when those found nobody convincing: spellings a slip away.

A key is a kind and a value. Values hold plain names and dates, so a store keeps
a hash of them instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from string import ascii_lowercase
from typing import NamedTuple

from joinedup.engines.linkage import identifiers, names

# Metaphone's letters that spellings of one name from another language mix up: th and t, sh and s.
_MIXED_UP = str.maketrans({"0": "T", "X": "S", "V": "F", "E": "A", "I": "A", "O": "A", "U": "A"})
_NO_STREET = frozenset(
    [
        "flat",
        "apartment",
        "apt",
        "unit",
        "room",
        "floor",
        "block",
        "house",
        "the",
        "ground",
        "first",
        "second",
        "top",
        "annexe",
    ]
)
_FIRST_YEAR, _LAST_YEAR = 1800, 2999
_EXPECTED_WITHIN = 28  # days
# Kinds of key that say one thing in several ways: where somebody lives. Sharing two says little more than sharing one.
OF_ONE_PLACE = frozenset({"home", "street", "postcode_initial"})
_MOST_WORDS = 3
_MOST_VARIANTS = 12


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Everything known about who a person is, or what one record says.

    ``forenames`` holds every forename they are known by, the chief one first;
    each may include middle names. ``surnames`` likewise, former ones after the
    present one. ``postcodes`` holds every known address. What is not known is
    left empty. Values may be as written: they are normalised where they are
    used, and an identifier that fails its check counts as not known.
    """

    forenames: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    birth_date: date | None = None
    postcodes: tuple[str, ...] = ()
    nhs_number: str | None = None
    upn: str | None = None


class Said(NamedTuple):
    """What one entry, or one question, says about who a person is: one name, one address, as written.

    ``forename`` may hold middle names, too. ``sex`` is M, F or empty.
    """

    forename: str = ""
    middle: str = ""
    surname: str = ""
    birth_date: date | None = None
    sex: str = ""
    address: str = ""
    postcode: str = ""
    nhs_number: str = ""
    upn: str = ""


class Key(NamedTuple):
    """One thing that two records of a person may share."""

    kind: str
    value: str


def stored_keys(said: Said) -> frozenset[Key]:
    """Return the keys under which an entry is stored and found.

    =================  ========================================================
    ``nhs``            NHS number, if its check digit is right
    ``upn``            unique pupil number, likewise
    ``dob_sound``      date of birth, and the sound of a forename, middle name or
                       surname
    ``dob_initial``    date of birth, and the first letter of a forename or surname
    ``dob_postcode``   date of birth and postcode
    ``name``           the sounds of forename (or middle name) and surname, in
                       either order
    ``initial``        the sound of a surname, and the first letter of the forename
    ``postcode_initial``  postcode, and the first letter of a forename or surname
    ``home``           postcode and house
    ``street``         house and street, for those who do not know the postcode
    =================  ========================================================

    Each key depends on its own entry alone. A double-barrelled name counts whole
    and by its parts.
    """
    forenames, surnames = _forename_words(said.forename), _surname_words(said.surname)
    return frozenset((*_keys(said, forenames, surnames), *_initial_keys(forenames, surnames)))


def linking_keys(said: Said) -> frozenset[Key]:
    """Return the stored keys that two records share whenever rule PI-1 or PI-2 would link them."""
    return frozenset(
        found
        for found in (_number_key("nhs", valid_nhs(said.nhs_number)), _dob_postcode(said.birth_date, said.postcode))
        if found
    )


def question_keys(asked: Said) -> frozenset[Key]:
    """Return the keys to look up for what somebody typed, however little.

    Beyond ``stored_keys``: short forms and other spellings of the names, a date
    of birth with day and month changed over or out by one or ten days, a month
    or a year. Which box a name was typed into makes no difference.

    Empty when there is too little to search on: a surname alone, a date alone, a
    postcode alone. Ask for one thing more, rather than show a list of everyone.
    """
    forenames, surnames = _forename_words(asked.forename), _surname_words(asked.surname)
    found = set(_keys(asked, _with_variants(forenames), _with_variants(surnames)))
    if asked.birth_date:
        sounds = {_sound(word) for word in (*forenames, *surnames)}
        found.update(_dob_sound(near, each) for near, each in product(near_dates(asked.birth_date), sounds))
    if any(len(word) == 1 for word in forenames):
        found.update(_initial_keys(forenames, surnames))
    return frozenset(found)


def question_words(asked: Said) -> frozenset[str]:
    """Return the plain names in a question, whose near spellings ``wider_keys`` takes."""
    return frozenset((*_forename_words(asked.forename), *_surname_words(asked.surname)))


def entry_words(said: Said) -> frozenset[str]:
    """Return the plain names in an entry, to be kept as spellings that somebody may nearly type."""
    return question_words(said)


def wider_keys(asked: Said, spellings: dict[str, frozenset[str]], *, is_lately_born: bool = False) -> frozenset[Key]:
    """Return more keys, where the usual ones found nobody convincing: either name a slip away, a figure of the date of
    birth another, or no more than the forename's first letter the same.

    ``spellings`` gives, for the words in ``question_words``, names in the index
    that are one slip away. With a date of birth or postcode a slip matters only in
    the first letter. Of a guessed date (1 January) no more than the year is known, whichever side guessed. A child not
    yet named may be known by another date, and by the other parent's surname; whoever ``is_lately_born`` may be known so
    though the question has a name.
    """
    forenames, surnames = _forename_words(asked.forename), _surname_words(asked.surname)
    near_forenames = {near for word in forenames for near in spellings.get(word, ())}
    near_surnames = {near for word in surnames for near in spellings.get(word, ())}
    found = set(_name_keys(near_forenames, surnames))
    found.update(_name_keys((*forenames, *_middle_words(asked)), near_surnames))
    found.update(_initial_keys(forenames, surnames))
    if asked.birth_date:
        sounds = {_sound(word) for word in (*forenames[:1], *surnames[-1:])}
        found.update(_dob_sound(near, each) for near, each in product(dates_a_figure_away(asked.birth_date), sounds))
        found.update(_dob_sound(day, each) for day, each in product(_days_of_a_guess(asked.birth_date), sounds))
    found.update(_keys_of_other_letters(asked, forenames + surnames, near_forenames | near_surnames))
    if lacks_a_name(asked):
        found.update(_keys_of_the_unnamed(asked, surnames))
    elif is_lately_born and asked.birth_date:
        found.update(_keys_of_the_day(asked.birth_date))
        found.update(_keys_near_the_day(asked.birth_date, surnames))
        found.update(_keys_of_the_postcode(asked.postcode))
    return frozenset(found)


def twin_keys(said: Said) -> frozenset[Key]:
    """Return the keys that an entry shares with those of a twin: date of birth with surname, and with postcode."""
    if said.birth_date is None or identifiers.is_default_birth_date(said.birth_date):
        return frozenset()
    found = {_dob_sound(said.birth_date, _sound(word)) for word in _surname_words(said.surname)[-1:]}
    at_home = _dob_postcode(said.birth_date, said.postcode)
    return frozenset(found | {at_home} if at_home else found)


def lacks_a_name(asked: Said) -> bool:
    """Say whether a question lacks a forename or a surname, as of a child not yet named: very many share what is left."""
    return not (_forename_words(asked.forename) and _surname_words(asked.surname))


def _keys_of_other_letters(asked: Said, words: Iterable[str], near: Iterable[str]) -> Iterator[Key]:
    """Yield the keys of names a slip away that begin with another letter than any in the question."""
    initials, postcode = {word[0] for word in words}, valid_postcode(asked.postcode)
    others = sorted(word for word in near if word[0] not in initials)
    if asked.birth_date:
        yield from (_dob_sound(asked.birth_date, each) for each in {_sound(word) for word in others})
    if postcode:
        yield from (Key("postcode_initial", f"{each} {postcode}") for each in {word[0] for word in others})


def _keys_of_the_unnamed(asked: Said, surnames: Iterable[str]) -> Iterator[Key]:
    """Yield keys for a question that lacks a name: everybody of the day, where no postcode was given; of a child not yet
    named everybody of the postcode, and those of the surname born some weeks from the day, which may be the day expected.
    """
    born = asked.birth_date
    if not _forename_words(asked.forename):
        yield from _keys_of_the_postcode(asked.postcode)
    if born and not valid_postcode(asked.postcode) and not identifiers.is_default_birth_date(born):
        yield from _keys_of_the_day(born)
    if born and not _forename_words(asked.forename):
        yield from _keys_near_the_day(born, surnames)


def _keys_of_the_postcode(text: str) -> Iterator[Key]:
    """Yield the keys of everybody known at a postcode."""
    if postcode := valid_postcode(text):
        yield from (Key("postcode_initial", f"{letter} {postcode}") for letter in ascii_lowercase)


def _keys_near_the_day(born: date, surnames: Iterable[str]) -> Iterator[Key]:
    """Yield the keys of those of a surname born some weeks from a day, which may be the day expected."""
    if _FIRST_YEAR <= born.year <= _LAST_YEAR:
        near = [born + timedelta(days=days) for days in range(-_EXPECTED_WITHIN, _EXPECTED_WITHIN + 1)]
        yield from (_dob_sound(day, each) for day, each in product(near, {_sound(word) for word in surnames}))


def _days_of_a_guess(born: date) -> frozenset[date]:
    """Return the days somebody may be known by where one side guessed: 1 January of the year or of one beside it for a
    whole date; any day of the year for a 1 January."""
    if not _FIRST_YEAR <= born.year <= _LAST_YEAR:
        return frozenset()
    if identifiers.is_default_birth_date(born):
        return frozenset(born + timedelta(days=days) for days in range(1, 366))
    return frozenset(date(born.year + years, 1, 1) for years in (-1, 0, 1))


def _keys_of_the_day(born: date) -> Iterator[Key]:
    """Yield the keys of everybody born on a day."""
    return (Key("dob_initial", f"{letter} {born.isoformat()}") for letter in ascii_lowercase)


def initials_of(forename: str) -> frozenset[str]:
    """Return the first letters of a forename and of its short and other forms, as the keys have them."""
    return frozenset(word[0] for word in _with_variants(_forename_words(forename)))


def cuts(name: str) -> frozenset[str]:
    """Return a name, and it with each of its letters left out: two names one slip apart share one of these."""
    return frozenset({name, *(name[:place] + name[place + 1 :] for place in range(len(name)))})


def home_of(said: Said) -> str | None:
    """Return house and postcode in one, as the key ``home`` has them, where both are known."""
    postcode = valid_postcode(said.postcode)
    house = house_and_street(said.address)[0] if postcode and said.address else ""
    return f"{house} {postcode}" if house else None


def near_dates(born: date) -> frozenset[date]:
    """Return the dates a slip away: day and month changed over, one or ten days, a month, a year."""
    if not _FIRST_YEAR <= born.year <= _LAST_YEAR:  # nobody's date of birth, and there may be no day before it
        return frozenset()
    near = {born + timedelta(days=days) for days in (-10, -1, 1, 10)}
    if born.day <= 12 and born.day != born.month:
        near.add(date(born.year, born.day, born.month))
    for years, months in ((0, -1), (0, 1), (-1, 0), (1, 0)):
        month = born.year * 12 + born.month - 1 + years * 12 + months
        try:
            near.add(born.replace(year=month // 12, month=month % 12 + 1))
        except ValueError:  # no such day in that month
            continue
    return frozenset(near)


def dates_a_figure_away(born: date) -> frozenset[date]:
    """Return the dates of people alive that differ in one figure of the day, the month or the year."""
    written = born.isoformat()
    found = set()
    for place in (2, 3, 5, 6, 8, 9):
        for figure in "0123456789":
            try:
                found.add(date.fromisoformat(f"{written[:place]}{figure}{written[place + 1 :]}"))
            except ValueError:  # no such day
                continue
    return frozenset(found - {born})


def valid_nhs_number(facts: PersonFacts) -> str | None:
    """Return the facts' NHS number if it passes its checks, test numbers included."""
    return valid_nhs(facts.nhs_number or "")


def valid_upn(facts: PersonFacts) -> str | None:
    """Return the facts' unique pupil number if it passes its check."""
    return _valid_upn(facts.upn) if facts.upn else None


def valid_postcodes(facts: PersonFacts) -> frozenset[str]:
    """Return the facts' postcodes that read as one and stand for an address."""
    return frozenset(found for each in facts.postcodes if (found := valid_postcode(each)))


def valid_nhs(text: str) -> str | None:
    """Return an NHS number that passes its checks, test numbers included."""
    return _valid_nhs_number(text) if text else None


# One comparison asks for the same number several times, and one home's postcode comes with everybody in it.


@lru_cache(maxsize=16_384)
def _valid_nhs_number(text: str) -> str | None:
    try:
        return identifiers.nhs_number(text, allow_synthetic=True)
    except ValueError:
        return None


@lru_cache(maxsize=16_384)
def _valid_upn(text: str) -> str | None:
    try:
        return identifiers.upn(text)
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def valid_postcode(text: str) -> str | None:
    """Return a postcode that reads as one and stands for an address."""
    if not text:
        return None
    try:
        found = identifiers.postcode(text)
    except ValueError:
        return None
    return None if identifiers.is_placeholder_postcode(found) else found


def _keys(said: Said, forenames: Iterable[str], surnames: Iterable[str]) -> Iterator[Key]:
    """Yield the keys of an entry whose forenames and surnames are given as words."""
    if nhs := valid_nhs(said.nhs_number):
        yield Key("nhs", nhs)
    if upn := said.upn and _valid_upn(said.upn):
        yield Key("upn", upn)
    postcode = valid_postcode(said.postcode)
    words, middles = (*forenames, *surnames), _middle_words(said)
    initials = {word[0] for word in words}
    if said.birth_date:
        sounds = {_sound(word) for word in (*words, *middles)}
        yield from _dated_keys(said.birth_date.isoformat(), sounds, initials, postcode)
    yield from _name_keys((*forenames, *middles), surnames)
    if postcode:
        for each in initials:
            yield Key("postcode_initial", f"{each} {postcode}")
    if said.address:
        yield from _address_keys(said.address, postcode)


def _dated_keys(born: str, sounds: Iterable[str], initials: Iterable[str], postcode: str | None) -> Iterator[Key]:
    for each in sounds:
        yield Key("dob_sound", f"{each} {born}")
    for each in initials:
        yield Key("dob_initial", f"{each} {born}")
    if postcode:
        yield Key("dob_postcode", f"{born} {postcode}")


def _address_keys(address: str, postcode: str | None) -> Iterator[Key]:
    house, street = house_and_street(address)
    if postcode and house:
        yield Key("home", f"{house} {postcode}")
    if house and street:
        yield Key("street", f"{house} {street}")


def _name_keys(forenames: Iterable[str], surnames: Iterable[str]) -> Iterator[Key]:
    ends = {_sound(surname) for surname in surnames}
    for one, other in product({_sound(forename) for forename in forenames}, ends):
        yield Key("name", f"{one} {other}" if one < other else f"{other} {one}")


def _initial_keys(forenames: Iterable[str], surnames: Iterable[str]) -> Iterator[Key]:
    initials = {word[0] for word in forenames}
    for initial, end in product(initials, {_sound(surname) for surname in surnames}):
        yield Key("initial", f"{initial} {end}")


def _dob_sound(born: date, sound: str) -> Key:
    return Key("dob_sound", f"{sound} {born.isoformat()}")


def _dob_postcode(born: date | None, postcode: str) -> Key | None:
    found = valid_postcode(postcode)
    return Key("dob_postcode", f"{born.isoformat()} {found}") if born and found else None


def _number_key(kind: str, number: str | None) -> Key | None:
    return Key(kind, number) if number else None


@lru_cache(maxsize=131_072)
def _sound(word: str) -> str:
    """Return how a plain name sounds, however its vowels and a few consonants are written."""
    return names.sound(word).translate(_MIXED_UP)


@lru_cache(maxsize=131_072)
def _forename_words(text: str) -> tuple[str, ...]:
    """Return a forename's names, and them run together (``anne``, ``marie``, ``annemarie``)."""
    found = names.parts(text) if text else ()
    return found if len(found) < 2 else (*found[:_MOST_WORDS], "".join(found))


@lru_cache(maxsize=131_072)
def _surname_words(text: str) -> tuple[str, ...]:
    """Return a surname's names, and it whole where it has several or a small word before it."""
    found = names.surname_parts(text) if text else ()
    whole = names.compact(text) if text else None
    return found[:_MOST_WORDS] if whole is None or whole in found else (*found[:_MOST_WORDS], whole)


def _middle_words(said: Said) -> tuple[str, ...]:
    return names.parts(said.middle)[:2] if said.middle else ()


def _with_variants(words: Iterable[str]) -> tuple[str, ...]:
    """Return names with their short forms and spellings."""
    found = dict.fromkeys(words)
    for word in list(found):
        found.update(dict.fromkeys(sorted(names.known_variants(word))[:_MOST_VARIANTS]))
    return tuple(found)


@lru_cache(maxsize=65_536)
def house_and_street(address: str) -> tuple[str, str]:
    """Return which house (its numbers in order of size, or its name) and the street's first word."""
    words = re.findall(r"[a-z]+|[0-9]+[a-z]?(?![a-z])", address.casefold().replace("'", ""))
    numbers = sorted(word for word in words if word[0].isdigit())
    letters = [word for word in words if len(word) > 1 and word.isalpha() and word not in _NO_STREET]
    if numbers:
        return " ".join(numbers), letters[0] if letters else ""
    return "".join(letters[:2]), letters[2] if len(letters) > 2 else ""
