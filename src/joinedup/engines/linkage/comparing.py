"""One question beside many entries: how each compares, and what every field weighs among the whole people.

The levels are those of any two records (``levels``). What they weigh differs in a
few things from two records of a file, since a question is short and holds little
beside what an entry leaves open. Entries that say the same are compared once: a
person has several, and those of a family share a surname and a home.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

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
    Standard,
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


@lru_cache(maxsize=32_768)
def _names_of(forename: str, middle: str, surname: str) -> Standard:
    """The names of an entry in the forms comparisons need."""
    return Standard(forename=forename_forms(forename), middles=middle_forms(middle), surname=surname_forms(surname))


@lru_cache(maxsize=32_768)
def standard_of(said: Said) -> Standard:
    """One entry or question in the forms comparisons need."""
    return standardise(
        forename=said.forename, middle=said.middle, surname=said.surname, dob=said.birth_date, sex=said.sex,
        address1=said.address, postcode=said.postcode, nhs_number=said.nhs_number, upn=said.upn,
    )  # fmt: skip


class _Names(NamedTuple):
    """What the names of an entry come to: their levels and bits, and whether they are a child's not yet named."""

    levels: tuple[Forename, Middle, Surname]
    bits: tuple[float, float, float]
    is_baby: bool


class Comparison:
    """A question, ready to be held beside entries."""

    def __init__(self, mine: Standard, scorer: Scorer) -> None:
        self._mine, self._scorer = mine, scorer
        self._has_place = bool(mine.address.house or mine.address.street or mine.postcode.district)
        self._year_of_entry = _year_in(mine.upn.upn)
        self._names: dict[tuple[str, str, str], _Names] = {}
        self._births: dict[tuple[date | None, bool], tuple[Birth, float]] = {}
        self._places: dict[tuple[str, str], tuple[Address, float]] = {}

    def of(self, said: Said) -> tuple[Levels, tuple[float, ...]]:
        """Compare one entry: the levels, as of any two records, and the bits of each field."""
        mine, bits_of = self._mine, self._scorer.bits_of_level
        names = self._names.get(said[:3]) or self._compare_names(said)
        birth, of_birth = self._births.get((said.birth_date, names.is_baby)) or self._compare_births(said, names)
        place, of_place = Address.UNKNOWN, 0.0
        if self._has_place:
            place, of_place = self._places.get((said.address, said.postcode)) or self._compare_places(said)
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
        mine, theirs = self._mine, _names_of(said.forename, said.middle, said.surname)
        levels = name_levels(mine, theirs)
        if levels[0] == Forename.SLIP or levels[2] == Surname.SLIP:
            # Whether two like names are a slip or two names depends on how common each is.
            levels = name_levels(self._scorer.counted(mine), self._scorer.counted(theirs))
        bits = self._scorer.name_bits(mine, theirs, levels)
        found = self._names[said[:3]] = _Names(levels, bits, mine.forename.baby or theirs.forename.baby)
        return found

    def _compare_births(self, said: Said, names: _Names) -> tuple[Birth, float]:
        mine, theirs = self._mine.birth, birth_forms(said.birth_date)
        level = birth_or_expected(mine, theirs, is_baby=names.is_baby)
        bits = self._scorer.bits_of_level(_BIRTH, level)
        if level == Birth.ESTIMATED and mine.born and theirs.born:
            bits += _RIGHT_YEAR if mine.born.year == theirs.born.year else _NEXT_YEAR
        found = self._births[said.birth_date, names.is_baby] = level, bits
        return found

    def _compare_places(self, said: Said) -> tuple[Address, float]:
        theirs = Standard(address=address_forms(said.address), postcode=postcode_forms(said.postcode))
        level = address_level(self._mine, theirs)
        bits = self._scorer.bits_of_level(ADDRESS, level)
        found = self._places[said.address, said.postcode] = level, self._bits_of_place(theirs, level, bits)
        return found

    def _bits_of_place(self, theirs: Standard, level: Address, bits: float) -> float:
        """What one postcode weighs where a house is not known (it may be the same or a neighbour's), and one district
        where a postcode is not."""
        mine = self._mine
        if level == Address.POSTCODE and (mine.address.house is None or theirs.address.house is None):
            return _bits_of_any(self._scorer.model, (Address.DWELLING, Address.POSTCODE))
        if level == Address.DISTRICT and (mine.postcode.postcode is None or theirs.postcode.postcode is None):
            return _bits_of_any(self._scorer.model, (*_HOME, Address.DISTRICT))
        return bits


def _bits_of_any(model: Model, levels: Iterable[Address]) -> float:
    """Bits of being at one of several levels of the address."""
    chances = [model.general.fields["address"][level] for level in levels]
    return math.log2(sum(each.m for each in chances)) - math.log2(sum(each.u for each in chances))


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
