"""Score one pair of records with the trained weights, and say why in words.

The same number as the bulk run gives the pair, to a millionth of a bit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from joinedup.engines.linkage.levels import FIELDS, SENTENCES, Address, Forename, Levels, Surname, levels_of
from joinedup.engines.linkage.model import LEAST_FREQUENCY, Model, probability_of
from joinedup.engines.linkage.standard import Standard

LESS_THAN_SAME = 0.5  # bits by which two names that are nearly one say less than one
_NEARLY_ONE_FORENAME = {Forename.VARIANT, Forename.SPELLING, Forename.SLIP, Forename.NEAR}
_NEARLY_ONE_SURNAME = {Surname.FAMILY, Surname.SLIP, Surname.PART, Surname.NEAR}


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How common each plain first name and surname is among the records: a share, from 0 to 1.

    A name of which ``get`` knows nothing weighs as an average one.
    """

    forenames: Mapping[str, float] = field(default_factory=dict)
    surnames: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldScore:
    """What one field says: its level, its weight in bits, and a sentence."""

    field: str
    level: str
    bits: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Score:
    """How well two records agree. ``prior`` and the fields' bits add up to ``bits``."""

    bits: float
    prior: float
    levels: Levels
    each: tuple[float, ...]
    one_dwelling: bool

    @property
    def probability(self) -> float:
        """The chance that the two are one person, if the model is right."""
        return probability_of(self.bits)

    @property
    def fields(self) -> tuple[FieldScore, ...]:
        """What each field says, in words."""
        return tuple(
            FieldScore(name, level.name.lower(), bits, SENTENCES[name][level])
            for name, level, bits in zip(FIELDS, self.levels, self.each, strict=True)
        )


@dataclass(frozen=True)
class Scorer:
    """Scores pairs of records by one model and one set of frequencies."""

    model: Model
    frequencies: Frequencies = Frequencies()

    @cached_property
    def _general(self) -> tuple[tuple[float, ...], ...]:
        return tuple(self.model.general.table()[name] for name in FIELDS)

    @cached_property
    def _household(self) -> tuple[tuple[float, ...], ...]:
        return tuple(self.model.household.table()[name] for name in FIELDS)

    @cached_property
    def _average(self) -> tuple[float, float]:
        """The logarithms of the average chance that two people share a forename, a surname."""
        fields = self.model.general.fields
        return math.log2(fields["forename"][Forename.SAME].u), math.log2(fields["surname"][Surname.SAME].u)

    def score(self, a: Standard, b: Standard, *, communal: bool = False) -> Score:
        """Return how well two records agree. Symmetrical.

        ``communal`` says that their dwelling is a hostel or the like, if they share one.
        """
        if communal and not a.communal:
            a = replace(a, communal=True)
        levels = levels_of(a, b)
        one_dwelling = levels.address == Address.DWELLING
        if one_dwelling:
            each = [table[level] for table, level in zip(self._household, levels, strict=True)]
            prior = self.model.household.prior_bits
        else:
            each = [table[level] for table, level in zip(self._general, levels, strict=True)]
            prior = self.model.general.prior_bits
            self._weigh_by_frequency(a, b, levels, each)
        return Score(prior + sum(each), prior, levels, tuple(each), one_dwelling)

    def bits_of_level(self, field: int, level: int) -> float:
        """Return the bits of one field's level among all the people."""
        return self._general[field][level]

    def name_bits(self, a: Standard, b: Standard, levels: tuple[int, int, int]) -> tuple[float, float, float]:
        """Return the bits of forename, middle names and surname among all the people, also of two in one dwelling.

        Two names that are nearly one never say more than if they were: Sarh for Sarah less than Sarah for Sarah.
        """
        forename, middle, surname = levels
        first, _, last = self._general[:3]
        bits, more = first[forename], last[surname]
        if forename in _NEARLY_ONE_FORENAME and bits > 0:
            bits = min(bits, first[Forename.SAME] + self._rarity_of_forename(a, b) - LESS_THAN_SAME)
        elif forename == Forename.SAME:
            bits += self._rarity_of_forename(a, b)
        if surname in _NEARLY_ONE_SURNAME and more > 0:
            more = min(more, last[Surname.SAME] + self._rarity_of_surname(a, b) - LESS_THAN_SAME)
        elif surname == Surname.SAME:
            more += self._rarity_of_surname(a, b)
        return bits, self._general[1][middle], more

    def counted(self, standard: Standard) -> Standard:
        """Return a record with how often its names were counted, before the first count as it is: then every name is
        rare. Whether two like names are a slip depends on it, here as in the bulk run."""
        rarest = self.frequencies.forenames.get("")  # the share of a name that nobody has: one among everybody
        if not rarest:
            return standard
        forename = self.frequencies.forenames.get(standard.forename.first or "") or rarest
        surname = self.frequencies.surnames.get(standard.surname.surname or "") or rarest
        return replace(standard, forename_count=round(forename / rarest), surname_count=round(surname / rarest))

    def household_bits(self, levels: Levels) -> tuple[float, ...]:
        """Return the bits of each field among those of one household."""
        return tuple(table[level] for table, level in zip(self._household, levels, strict=True))

    def _weigh_by_frequency(self, a: Standard, b: Standard, levels: Levels, each: list[float]) -> None:
        """Make a shared rare name say more than a shared common one."""
        if levels.forename == Forename.SAME:
            each[0] += self._rarity_of_forename(a, b)
        if levels.surname == Surname.SAME:
            each[2] += self._rarity_of_surname(a, b)

    def _rarity_of_forename(self, a: Standard, b: Standard) -> float:
        return _rarity(self._average[0], _common(self.frequencies.forenames, a.forename.first, b.forename.first))

    def _rarity_of_surname(self, a: Standard, b: Standard) -> float:
        return _rarity(self._average[1], _common(self.frequencies.surnames, a.surname.surname, b.surname.surname))


def _common(frequencies: Mapping[str, float], one: str | None, other: str | None) -> float | None:
    """Return the frequency of the commoner of two names; ``None`` if neither is counted."""
    shares = (frequencies.get(name) for name in (one, other) if name is not None)
    return max((share for share in shares if share is not None), default=None)


def _rarity(average: float, frequency: float | None) -> float:
    """Return the bits to add for a name of a known frequency."""
    return 0.0 if frequency is None else average - math.log2(max(frequency, LEAST_FREQUENCY))
