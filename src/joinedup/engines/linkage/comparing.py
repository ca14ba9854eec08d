"""One question beside many entries: how each compares, and what every field weighs among the whole people.

The levels are those of any two records (``levels``). What they weigh differs in a
few things from two records of a file, since a question is short and holds little
beside what an entry leaves open. Entries that say the same are compared once: a
person has several, and those of a family share a surname and a home.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from joinedup.engines.linkage.keys import Said
from joinedup.engines.linkage.levels import (
    FIELDS,
    Address,
    Birth,
    Forename,
    Levels,
    Middle,
    Number,
    Sex,
    Surname,
    address_level,
    birth_or_expected,
    name_levels,
    number_level,
    sex_level,
    upn_level,
)
from joinedup.engines.linkage.model import Model
from joinedup.engines.linkage.scoring import Scorer
from joinedup.engines.linkage.standard import (
    ForenameForms,
    Standard,
    SurnameForms,
    address_forms,
    birth_forms,
    forename_forms,
    middle_forms,
    nhs_form,
    postcode_forms,
    sex_form,
    standardise,
    surname_forms,
    upn_forms,
)

ADDRESS, NAMES = FIELDS.index("address"), 3  # forename, middle names and surname come first
_BIRTH, _SEX, _NHS, _UPN = (FIELDS.index(name) for name in ("birth", "sex", "nhs", "upn"))
_HOME = (Address.DWELLING, Address.TEXT, Address.COMMUNAL, Address.POSTCODE)
_RIGHT_YEAR, _NEXT_YEAR = 0.8, -0.8  # bits: who guesses a birthday has the year right more often than not
_USUAL_ENTRY, _LATE_ENTRY = range(2, 7), range(7, 18)  # years from the year of birth to that in a pupil number
_ENTERED_AS_USUAL, _NEVER_ENTERED = 3.0, -8.0  # bits
_SLIP_IN_POSTCODE = (
    4.0  # bits: one in fifty is written with a slip, and of two that are apart one in a thousand is so near
)
_NO_SLIP = -5.0  # bits: whoever gives a date has it right but for a slip, more often than two agencies have
_AT_A_POSTCODE, _AT_A_HOUSE = 40.0, 8.0  # people known there, now or once
_SAME_AREA, _ANOTHER_AREA, _SAME_DISTRICT = 1.0, -1.0, 0.7  # bits: most who move stay near
_SELDOM_CROSSED = -6.0  # bits: names stand in each other's box once or twice in a hundred
_AREA = re.compile("[A-Z]{1,2}(?=[0-9])")
_ONE_NAME = {Forename.UNKNOWN, Forename.SAME, Forename.VARIANT, Forename.SPELLING, Forename.MIDDLE}
_NEARLY_ONE_NAME = {Forename.SLIP, Forename.PART, Forename.NEAR}
_ONE_SURNAME = {Surname.UNKNOWN, Surname.SAME, Surname.FAMILY, Surname.SLIP, Surname.PART, Surname.NEAR}


def names_of(forename: str, middle: str, surname: str) -> Standard:
    """The names of an entry in the forms comparisons need."""
    return Standard(forename=forename_forms(forename), middles=middle_forms(middle), surname=surname_forms(surname))


@lru_cache(maxsize=32_768)
def standard_of(said: Said) -> Standard:
    """One entry or question in the forms comparisons need."""
    return standardise(
        forename=said.forename, middle=said.middle, surname=said.surname, dob=said.birth_date, sex=said.sex,
        address1=said.address, postcode=said.postcode, nhs_number=said.nhs_number, upn=said.upn,
    )  # fmt: skip


_NameLevels = tuple[Forename, Middle, Surname]
_NameBits = tuple[float, float, float]


class _Names(NamedTuple):
    """What the names of an entry come to: their levels and bits, and whether they are a child's not yet named."""

    levels: _NameLevels
    bits: _NameBits
    is_baby: bool


class Comparison:
    """A question, ready to be held beside entries. ``crossed`` is the question with its names in the other order."""

    def __init__(self, mine: Standard, scorer: Scorer, crossed: Standard | None = None, people: int = 0) -> None:
        self._mine, self._scorer, self._crossed, self._people = mine, scorer, crossed, people
        self._has_line = bool(mine.address.house or mine.address.street)
        self._has_place = self._has_line or bool(mine.postcode.district)
        self._year_of_entry = _year_in(mine.upn.upn)
        self._names: dict[tuple[str, str, str], _Names] = {}
        self._read: dict[tuple[ForenameForms, tuple[str, ...], SurnameForms], _Names] = {}
        self._births: dict[tuple[date | None, bool], tuple[Birth, float]] = {}
        self._places: dict[tuple[str, str], tuple[Address, float]] = {}
        self._held: dict[Said, tuple[Levels, tuple[float, ...]]] = {}

    def among_many(self) -> Comparison:
        """The same question, where the address asked for is no household; names and births are not compared again."""
        found = Comparison(replace(self._mine, communal=True), self._scorer, self._crossed, self._people)
        found._names, found._read, found._births = self._names, self._read, self._births
        return found

    def of(self, said: Said) -> tuple[Levels, tuple[float, ...]]:
        """Compare one entry: the levels, as of any two records, and the bits of each field."""
        found = self._held.get(said)
        if found is None:
            found = self._held[said] = self._compare(said)
        return found

    def _compare(self, said: Said) -> tuple[Levels, tuple[float, ...]]:
        mine, bits_of = self._mine, self._scorer.bits_of_level
        names = self._names.get(said[:3]) or self._compare_names(said)
        birth, of_birth = self._births.get((said.birth_date, names.is_baby)) or self._compare_births(said, names)
        place, of_place = Address.UNKNOWN, 0.0
        if self._has_place:
            line = said.address if self._has_line else ""  # without one to hold it beside, it is not read
            place, of_place = self._places.get((line, said.postcode)) or self._compare_places(line, said.postcode)
        sex = sex_level(mine.sex, sex_form(said.sex)) if mine.sex else Sex.UNKNOWN
        nhs = number_level(mine.nhs, nhs_form(said.nhs_number)) if mine.nhs else Number.UNKNOWN
        upn, of_upn = Number.UNKNOWN, 0.0
        if mine.upn.upn:
            upn = upn_level(mine.upn, upn_forms(said.upn))
            of_upn = bits_of(_UPN, upn)
            if upn == Number.UNKNOWN and self._year_of_entry and said.birth_date:
                of_upn += _bits_of_entry(self._year_of_entry - said.birth_date.year)
        levels = Levels(*names.levels, birth, sex, place, nhs, upn)
        return levels, (*names.bits, of_birth, bits_of(_SEX, sex), of_place, bits_of(_NHS, nhs), of_upn)

    def _compare_names(self, said: Said) -> _Names:
        mine, theirs = self._mine, names_of(said.forename, said.middle, said.surname)
        alike = (theirs.forename, theirs.middles, theirs.surname)  # however it was written
        if found := self._read.get(alike):
            self._names[said[:3]] = found
            return found
        levels = name_levels(mine, theirs)
        if levels[0] == Forename.SLIP or levels[2] == Surname.SLIP:
            # Whether two like names are a slip or two names depends on how common each is.
            levels = name_levels(self._scorer.counted(mine), self._scorer.counted(theirs))
        bits = self._scorer.name_bits(mine, theirs, levels)
        if self._crossed is not None and sum(bits) < 0 and _may_be_crossed(self._crossed, theirs):
            levels, bits = self._crossed_over(self._crossed, theirs, levels, bits)
        found = _Names(levels, bits, mine.forename.baby or theirs.forename.baby)
        self._names[said[:3]] = self._read[alike] = found
        return found

    def _crossed_over(
        self, crossed: Standard, theirs: Standard, levels: _NameLevels, bits: _NameBits
    ) -> tuple[_NameLevels, _NameBits]:
        """Read the question the other way round, where that says more: a surname typed as a forename, and the like."""
        forename, middle, surname = name_levels(crossed, theirs)
        is_empty = forename == Forename.UNKNOWN and surname == Surname.UNKNOWN
        is_slip = forename in _NEARLY_ONE_NAME and surname in (Surname.SAME, Surname.FAMILY, Surname.SLIP, Surname.NEAR)
        if not (forename in _ONE_NAME or is_slip) or surname not in _ONE_SURNAME or is_empty:
            return levels, bits
        first, further, last = self._scorer.name_bits(crossed, theirs, (forename, middle, surname))
        if first + further + last + _SELDOM_CROSSED <= sum(bits):
            return levels, bits
        if forename != Forename.UNKNOWN and surname != Surname.UNKNOWN:
            forename, surname = Forename.CROSSED, Surname.UNKNOWN
        return (forename, middle, surname), (first + _SELDOM_CROSSED, further, last)

    def _compare_births(self, said: Said, names: _Names) -> tuple[Birth, float]:
        mine, theirs = self._mine.birth, birth_forms(said.birth_date)
        level = birth_or_expected(mine, theirs, is_baby=names.is_baby)
        bits = self._scorer.bits_of_level(_BIRTH, level)
        if level == Birth.ESTIMATED and mine.born and theirs.born:
            bits += _RIGHT_YEAR if mine.born.year == theirs.born.year else _NEXT_YEAR
        elif level == Birth.DIFFERS:
            bits += _NO_SLIP
        found = self._births[said.birth_date, names.is_baby] = level, bits
        return found

    def _compare_places(self, line: str, postcode: str) -> tuple[Address, float]:
        theirs = Standard(address=address_forms(line), postcode=postcode_forms(postcode))
        level = address_level(self._mine, theirs)
        bits = self._scorer.bits_of_level(ADDRESS, level)
        found = self._places[line, postcode] = level, self._bits_of_place(theirs, level, bits)
        return found

    def _bits_of_place(self, theirs: Standard, level: Address, bits: float) -> float:
        """What one postcode weighs where a house is not known (it may be the same or a neighbour's), and one district
        where a postcode is not."""
        mine = self._mine
        code, another = mine.postcode.postcode, theirs.postcode.postcode
        is_another = None not in (mine.address.house, theirs.address.house)  # written alike, it would be one house
        if level <= Address.DISTRICT and not is_another and _is_a_slip_away(code, another):
            return _SLIP_IN_POSTCODE
        model = self._scorer.model
        if level == Address.POSTCODE and (mine.address.house is None or theirs.address.house is None):
            return _bits_of_any(model, (Address.DWELLING, Address.POSTCODE), self._among(_AT_A_POSTCODE))
        if level == Address.DISTRICT and (code is None or another is None):
            return _bits_of_any(model, (*_HOME, Address.DISTRICT))
        if level == Address.POSTCODE:
            return _bits_of_any(model, (level,), self._among(_AT_A_POSTCODE))
        if level in (Address.DWELLING, Address.TEXT):
            return _bits_of_any(model, (level,), self._among(_AT_A_HOUSE))
        if level in (Address.DISTRICT, Address.DIFFERS):
            return bits + _bits_of_area(mine.postcode.district, theirs.postcode.district)
        return bits

    def _among(self, there: float) -> float:
        """How likely it is that somebody else is known at a place: the more people, the less."""
        return there / self._people if self._people else 1.0


def _may_be_crossed(crossed: Standard, theirs: Standard) -> bool:
    """Say whether the surname sounds like the one asked for as a forename: most do not, and comparing in full is dear."""
    one, other = crossed.surname, theirs.surname
    if one.surname is None or other.surname is None:
        return crossed.forename.first is not None and crossed.forename.sound == theirs.forename.sound
    return one.sound == other.sound or one.family == other.family or not set(one.parts).isdisjoint(other.parts)


def _is_a_slip_away(one: str | None, other: str | None) -> bool:
    return bool(one and other) and OSA.distance(one or "", other or "", score_cutoff=1) == 1


def _bits_of_area(one: str | None, other: str | None) -> float:
    """What it says that two postcodes which differ are of one district, one area (the letters in front) or neither."""
    mine, theirs = _area(one), _area(other)
    if mine is None or theirs is None:
        return 0.0
    return _SAME_DISTRICT if one == other else _SAME_AREA if mine == theirs else _ANOTHER_AREA


@lru_cache(maxsize=4096)
def _area(district: str | None) -> str | None:
    """The letters a postcode begins with."""
    found = _AREA.match(district or "")
    return found[0] if found else None


def _bits_of_any(model: Model, levels: Iterable[Address], most: float = 1.0) -> float:
    """Bits of being at one of several levels of the address, where somebody else is with a chance of ``most`` or less."""
    chances = [model.general.fields["address"][level] for level in levels]
    return math.log2(sum(each.m for each in chances)) - math.log2(min(sum(each.u for each in chances), most))


def _year_in(upn: str | None) -> int | None:
    """The year in which a pupil number was given: its eighth and ninth figures; before 1997 there were none."""
    if upn is None or not upn[8:10].isdigit():
        return None
    year = int(upn[8:10])
    return year + (1900 if year >= 97 else 2000)


def _bits_of_entry(years: int) -> float:
    """What a pupil number that is not on file says of somebody: given in the year they were two to six, usually."""
    if years in _USUAL_ENTRY:
        return _ENTERED_AS_USUAL
    return 0.0 if years in _LATE_ENTRY else _NEVER_ENTERED
