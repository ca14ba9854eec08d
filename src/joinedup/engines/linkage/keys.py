"""Search keys: what two records of one person are likely to have in common.

Looking for a person means looking for records that share a key, then comparing
those few in full. ``search_keys`` gives the keys to store beside a record, about
a dozen; two records can be found from each other whenever they share one.
``query_keys`` gives the keys to look up for what somebody typed: the same ones,
and wider, since widening the question costs nothing to store.

A key is a kind and a value. Values hold plain names and dates, so a store may
keep a keyed hash of them instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from joinedup.engines.linkage import identifiers, names


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What one record, or one question, says about who a person is.

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


class Key(NamedTuple):
    """One thing that two records of a person may share."""

    kind: str
    value: str


def search_keys(facts: PersonFacts) -> frozenset[Key]:
    """Return the keys under which a record is stored and found.

    =============  ========================================================
    ``nhs``        NHS number, if its check digit is right
    ``upn``        unique pupil number, likewise
    ``name_dob``   whole forename and surname, in either order, and date
    ``phonetic_dob``  the sound of each forename or surname, and date
    ``swapped_dob``   the sound of a surname, and date with day and month in
                   either order, where both could be a month
    ``name_postcode``  each forename or surname, and postcode
    ``dob_postcode``   date and postcode
    ``phonetic_name``  the sounds of forename and surname, in either order
    ``initial_year``   surname, first letter of a forename, and year of birth
    =============  ========================================================

    Symmetrical: each key depends on its own record alone, and the same facts
    always give the same keys, in whatever order they were listed.
    """
    forenames = _forename_words(facts.forenames)
    surnames = _surname_words(facts.surnames)
    return frozenset(_keys(facts, forenames, surnames))


def query_keys(query: PersonFacts) -> frozenset[Key]:
    """Return the keys to look up for what somebody typed, however little.

    Beyond ``search_keys``: short forms and other spellings of the forename, the
    forename and surname typed into each other's box, a date of birth out by one
    or ten days, a month or a year.

    Empty when there is too little to search on: a surname alone, a date alone, a
    postcode alone. Ask for one thing more, rather than show a list of everyone.
    """
    found = set(search_keys(query))
    forenames, surnames = _typed_forenames(query.forenames), _surname_words(query.surnames)
    found.update(_keys(query, forenames, surnames))
    swapped = replace(query, forenames=query.surnames, surnames=query.forenames)
    found.update(_keys(swapped, _typed_forenames(query.surnames), _surname_words(query.forenames)))
    if query.birth_date:
        for near, word in product(_near_dates(query.birth_date), forenames | surnames):
            found.add(_phonetic_dob(word, near))
    return frozenset(found)


def valid_nhs_number(facts: PersonFacts) -> str | None:
    """Return the facts' NHS number if it passes its checks, test numbers included."""
    return _valid_nhs_number(facts.nhs_number) if facts.nhs_number else None


def valid_upn(facts: PersonFacts) -> str | None:
    """Return the facts' unique pupil number if it passes its check."""
    return _valid_upn(facts.upn) if facts.upn else None


def valid_postcodes(facts: PersonFacts) -> frozenset[str]:
    """Return the facts' postcodes that read as one and stand for an address."""
    return frozenset(found for each in facts.postcodes if (found := _valid_postcode(each)))


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


@lru_cache(maxsize=16_384)
def _valid_postcode(text: str) -> str | None:
    try:
        found = identifiers.postcode(text)
    except ValueError:
        return None
    return None if identifiers.is_placeholder_postcode(found) else found


def _keys(facts: PersonFacts, forenames: Iterable[str], surnames: Iterable[str]) -> Iterator[Key]:
    """Yield the keys of a record whose forenames and surnames are given as words."""
    if nhs := valid_nhs_number(facts):
        yield Key("nhs", nhs)
    if upn := valid_upn(facts):
        yield Key("upn", upn)
    forenames, surnames = sorted(forenames), sorted(surnames)
    postcodes = sorted(valid_postcodes(facts))
    for postcode, word in product(postcodes, {*forenames, *surnames}):
        yield Key("name_postcode", f"{word} {postcode}")
    for forename, surname in product(forenames, surnames):
        yield _phonetic_name(names.sound(forename), names.sound(surname), "m")
        yield _phonetic_name(names.broad_sound(forename), names.broad_sound(surname), "n")
    if facts.birth_date:
        yield from _dated_keys(facts, facts.birth_date, forenames, surnames)
        for postcode in postcodes:
            yield Key("dob_postcode", f"{facts.birth_date} {postcode}")


def _dated_keys(facts: PersonFacts, born: date, forenames: Iterable[str], surnames: Iterable[str]) -> Iterator[Key]:
    """Yield the keys that pair a name with a date of birth."""
    whole = product(_words(facts.forenames, names.compact), _words(facts.surnames, names.compact))
    for pair in whole:
        yield Key("name_dob", f"{' '.join(sorted(pair))} {born}")
    for word in {*forenames, *surnames}:
        yield _phonetic_dob(word, born)
    for surname in surnames:
        if born.day <= 12 and born.day != born.month:
            low, high = sorted((born.day, born.month))
            value = f"{names.sound(surname)} {born.year} {low:02d} {high:02d}"
            yield Key("swapped_dob", value)
        for forename in forenames:
            yield Key("initial_year", f"{surname} {forename[0]} {born.year}")


def _phonetic_name(one: str, other: str, code: str) -> Key:
    """Return the key of two sounds, in either order, marked with their code."""
    return Key("phonetic_name", f"{code} {' '.join(sorted((one, other)))}")


def _phonetic_dob(word: str, born: date) -> Key:
    """Return the key of one name's sound and a date of birth."""
    return Key("phonetic_dob", f"{names.sound(word)} {born}")


def _words(written: Iterable[str], plain: Callable[[str], str | None]) -> frozenset[str]:
    """Return names in a plain form, leaving out placeholders."""
    return frozenset(form for each in written if (form := plain(each)))


def _forename_words(written: Iterable[str]) -> frozenset[str]:
    """Return each forename's names, middle ones too, and a hyphened one whole."""
    hyphened = _words((each for each in written if "-" in each), names.compact)
    return hyphened.union(*(names.parts(each) for each in written))


def _typed_forenames(written: Iterable[str]) -> frozenset[str]:
    """Return the names in typed forenames, with their short forms and spellings."""
    typed = _forename_words(written) | _words(written, names.compact)
    return typed.union(*(names.known_variants(name) for name in typed))


def _surname_words(written: Iterable[str]) -> frozenset[str]:
    """Return each surname whole and, if double-barrelled, its parts."""
    found: set[str] = set()
    for each in written:
        found.update(names.parts(each))
        if whole := names.compact(each):
            found.add(whole)
    return frozenset(found)


def _near_dates(born: date) -> frozenset[date]:
    """Return the dates a slip away: one or ten days, a month, a year."""
    near = {born + timedelta(days=days) for days in (-10, -1, 1, 10)}
    for years, months in ((0, -1), (0, 1), (-1, 0), (1, 0)):
        month = born.year * 12 + born.month - 1 + years * 12 + months
        try:
            near.add(born.replace(year=month // 12, month=month % 12 + 1))
        except ValueError:  # no such day in that month
            continue
    return frozenset(near)
