"""Who somebody asked about is likely to be: the best of some candidates, how likely, and whether that is certain.

The candidates are people, each with one or more entries: a name and an address
with what else is known. A person is as likely as their best entry. The chance of
each is worked out beside all others and beside nobody: a twin whose forename fits
as well halves it. ``certain`` needs more than a high chance; ``guards_of`` holds
the rules, each for a kind of mistake that high scores make.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from joinedup.engines.linkage.keys import Said
from joinedup.engines.linkage.levels import Address, Birth, Forename, Levels, Middle, Number, Sex, Surname
from joinedup.engines.linkage.model import probability_of
from joinedup.engines.linkage.scoring import FieldScore, Score, Scorer
from joinedup.engines.linkage.standard import Standard, standardise

P = TypeVar("P")
E = TypeVar("E")

CERTAIN = 0.95
LIKELY = 0.5
RUNNER_UP = 6.0
_TO_SPARE = 10.0
_TIMES_RARER = 4.0
COMMUNAL = 12
_ALMOST_CERTAIN = 0.94
_SLOPE, _SHIFT = 0.45, -0.3  # fitted over four invented populations; see docs/measurements/lookup.md
_KNOWN = 0.6  # of those asked about, how many are in the index: what a front door meets
_LEAST_BITS = -12.0


class Grade(StrEnum):
    """How sure the product is that this is the person asked about."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Guard(NamedTuple):
    """A rule that keeps a match from being called certain, and its wording."""

    code: str
    sentence: str


ANOTHER_NAME = Guard("LK-21", "The forename is not the same name, so it could be a brother, sister or twin.")
NO_NAME = Guard("LK-22", "Forename or surname was not given, and nothing else makes up for it.")
MOVED_AND_RENAMED = Guard("LK-23", "Surname and address are both different.")
NUMBERS_DIFFER = Guard("LK-24", "The NHS numbers or pupil numbers differ.")
ANOTHER_SEX = Guard("LK-25", "The sex differs.")
ANOTHER_BIRTH = Guard("LK-26", "The date of birth is not the same.")
GUESSED_BIRTH = Guard("LK-27", "The date of birth is 1 January, which is often a guess.")
SOMEBODY_ELSE_FITS = Guard("LK-28", "Somebody else fits nearly as well.")
TWINS = Guard("LK-29", "There are children of one birth in this family, and the forename is not exactly the same.")
NAMESAKE = Guard("LK-30", "Without a date of birth it could be a relative of the same name.")
NUMBER_ALONE = Guard(
    "LK-31", "A number alone may have been taken down for somebody else. Give a name or a date of birth."
)
SEVERAL_DIFFERENCES = Guard("LK-32", "Several things differ a little.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: what was typed. ``age`` in whole years on a day, where no date of birth is known."""

    said: Said
    age: int | None = None
    on: date | None = None

    @property
    def standard(self) -> Standard:
        """In the forms comparisons need."""
        return standard_of(self.said)


class Candidate(NamedTuple, Generic[P, E]):
    """One entry of somebody who may be the one asked about."""

    person: P
    entry: E  # whatever tells the person's entries apart
    said: Said


@dataclass(frozen=True, slots=True)
class Likely(Generic[P, E]):
    """Somebody who may be the one asked about, by their best entry. ``bits`` is the weight of evidence, chance included."""

    person: P
    entry: E
    bits: float
    probability: float
    grade: Grade
    guards: tuple[Guard, ...]
    score: Score
    age_fits: bool | None

    @property
    def fields(self) -> tuple[FieldScore, ...]:
        """What each field says, in words."""
        return self.score.fields


@dataclass(slots=True)
class _Best(Generic[P, E]):
    person: P
    entry: E
    standard: Standard
    score: Score
    bits: float
    age_fits: bool | None


@lru_cache(maxsize=32_768)
def standard_of(said: Said) -> Standard:
    """One entry or question in the forms comparisons need."""
    return standardise(
        forename=said.forename, middle=said.middle, surname=said.surname, dob=said.birth_date, sex=said.sex,
        address1=said.address, postcode=said.postcode, nhs_number=said.nhs_number, upn=said.upn,
    )  # fmt: skip


def rank(
    asked: Asked, candidates: Iterable[Candidate[P, E]], *, scorer: Scorer, people: int, limit: int = 10
) -> list[Likely[P, E]]:
    """Return the likely people, the best first. ``people`` is how many the index holds.

    Equals keep the order of the candidates.
    """
    mine = asked.standard
    entries = [(each, standard_of(each.said)) for each in candidates]
    if mine.dwelling and _is_communal(mine.dwelling, entries):
        mine = replace(mine, communal=True)
    found: dict[P, _Best[P, E]] = {}
    chance = math.log2(max(people, 2)) - math.log2(_KNOWN / (1 - _KNOWN))
    for each, theirs in entries:
        score = scorer.score(mine, theirs)
        bits, fits = score.bits, None
        if not score.one_dwelling:
            bits += -score.prior - chance
        if asked.age is not None and mine.birth.born is None:
            fits, more = _age(asked, theirs)
            bits += more
        held = found.get(each.person)
        if held is None or bits > held.bits:
            found[each.person] = _Best(each.person, each.entry, theirs, score, bits, fits)
    ordered = sorted(found.values(), key=lambda best: -best.bits)
    return _graded(mine, ordered, limit, scorer)


def _graded(mine: Standard, ordered: list[_Best[P, E]], limit: int, scorer: Scorer) -> list[Likely[P, E]]:
    """Work out each one's chance beside all the others, and how sure that makes us."""
    top = max((best.bits for best in ordered), default=0.0)
    height = max(top, 0.0)
    everybody = 2.0 ** (0.0 - height) + sum(2.0 ** (best.bits - height) for best in ordered)
    shown = []
    for place, best in enumerate(ordered[:limit]):
        if best.bits < _LEAST_BITS and place:
            break
        chance = 2.0 ** (best.bits - height) / everybody
        guards = guards_of(mine, best, ordered[1:], scorer) if place == 0 else ()
        grade = Grade.CERTAIN
        if place or guards or chance < CERTAIN:
            chance = _calibrated(chance)
            grade = Grade.LIKELY if chance >= LIKELY and not place else Grade.POSSIBLE
        shown.append(Likely(best.person, best.entry, best.bits, chance, grade, guards, best.score, best.age_fits))
    return shown


def _calibrated(chance: float) -> float:
    """What a chance has turned out to be, where something keeps it from being certain: what agrees in a doubtful case
    agrees less independently than the weights take it to. Never as much as a certain one."""
    held = min(max(chance, 1e-9), 1 - 1e-9)
    bits = math.log2(held / (1 - held))
    return min(probability_of(_SLOPE * bits + _SHIFT if bits > 0 else bits + _SHIFT), _ALMOST_CERTAIN)


def _is_communal(dwelling: str, entries: Iterable[tuple[Candidate[P, E], Standard]]) -> bool:
    """Say whether so many differently named people lived there that it is no household."""
    there = {theirs.forename.first for _, theirs in entries if theirs.dwelling == dwelling and theirs.forename.first}
    return len(there) > COMMUNAL


def _age(asked: Asked, theirs: Standard) -> tuple[bool | None, float]:
    born = theirs.birth.born
    if born is None or asked.on is None or asked.age is None:
        return None, 0.0
    years = asked.on.year - born.year - ((asked.on.month, asked.on.day) < (born.month, born.day))
    out = abs(years - asked.age)
    return out <= 1, 4.0 if out == 0 else 2.0 if out == 1 else -2.0 if out == 2 else -6.0


# --- When a match is certain ----------------------------------------------------

_ONE_NAME = {Forename.SAME, Forename.VARIANT, Forename.CROSSED, Forename.SPELLING, Forename.SLIP}
_PLAINLY = {Forename.SAME, Forename.CROSSED}
_ONE_SURNAME = {Surname.SAME, Surname.FAMILY}
_NEAR_HOME = {Address.DWELLING, Address.TEXT, Address.COMMUNAL, Address.POSTCODE}


@dataclass(frozen=True, slots=True)
class _Case:
    """The best match and what surrounds it, as the rules look at it."""

    mine: Standard
    theirs: Standard
    levels: Levels
    has_number: bool
    bits: float
    lead: float  # bits before the next person
    has_twin: bool
    has_namesake: bool
    is_slip: bool  # one forename is a slip for the other, and no name of its own

    @property
    def is_at_home(self) -> bool:
        """Whether the address speaks for them."""
        return self.levels.address in _NEAR_HOME

    @property
    def has_another_house(self) -> bool:
        """Whether the house differs, in one postcode or another."""
        mine, theirs = self.mine.address.house, self.theirs.address.house
        return mine is not None and theirs is not None and mine != theirs

    @property
    def doubts(self) -> int:
        """How many of forename, surname and date of birth agree only nearly."""
        levels = self.levels
        return (
            (levels.forename not in (*_PLAINLY, Forename.UNKNOWN))
            + (levels.surname not in (*_ONE_SURNAME, Surname.UNKNOWN))
            + (levels.birth not in (Birth.SAME, Birth.UNKNOWN))
        )


def guards_of(mine: Standard, best: _Best[P, E], others: list[_Best[P, E]], scorer: Scorer) -> tuple[Guard, ...]:
    """Return every rule that keeps the best match from being called certain."""
    levels = best.score.levels
    case = _Case(
        mine=mine,
        theirs=best.standard,
        levels=levels,
        has_number=Number.SAME in (levels.nhs, levels.upn),
        bits=best.bits,
        lead=best.bits - others[0].bits if others else math.inf,
        has_twin=any(is_of_one_birth(best.standard, each.standard) for each in others),
        is_slip=levels.forename == Forename.SLIP and _one_is_rarer(mine, best.standard, scorer),
        has_namesake=any(_is_namesake(best.standard, each.standard) for each in others),
    )
    found = (*_differences(case), *_doubts_about_the_name(case), *_doubts_about_the_birth(case), *_others(case))
    return tuple(dict.fromkeys(found))


def _differences(case: _Case) -> Iterator[Guard]:
    levels = case.levels
    if Number.DIFFERS in (levels.nhs, levels.upn):
        yield NUMBERS_DIFFER
    if levels.sex == Sex.DIFFERS:
        yield ANOTHER_SEX
    if levels.surname == Surname.DIFFERS and not case.is_at_home:
        is_told = levels.address != Address.UNKNOWN
        if is_told or not case.has_number:
            yield MOVED_AND_RENAMED
    is_backed = case.has_number or (case.is_at_home and levels.forename in _PLAINLY)
    if case.doubts > (2 if is_backed else 1):
        yield SEVERAL_DIFFERENCES


def _doubts_about_the_name(case: _Case) -> Iterator[Guard]:
    levels = case.levels
    is_known = levels.forename != Forename.UNKNOWN
    if not is_known and not case.has_number:
        yield NO_NAME
    if not is_known and case.has_number and levels.birth != Birth.SAME and levels.surname not in _ONE_SURNAME:
        yield NUMBER_ALONE
    if is_known and not _is_one_name(case):
        yield ANOTHER_NAME
    if levels.surname == Surname.UNKNOWN and levels.forename not in _PLAINLY and not case.has_number:
        yield NO_NAME


def _is_one_name(case: _Case) -> bool:
    """Whether the forenames are one name, and not merely alike, as those of twins may be."""
    levels = case.levels
    if case.has_number:
        return levels.forename != Forename.DIFFERS
    if levels.forename not in _ONE_NAME or (levels.forename == Forename.SLIP and not case.is_slip):
        return False
    if levels.forename != Forename.SAME and levels.middle == Middle.DIFFERS:
        return False
    # A father's name in place of a surname stands for all his children.
    is_fathers = case.mine.forename.given in case.theirs.surname.parts
    return levels.surname != Surname.DIFFERS or not is_fathers


def _doubts_about_the_birth(case: _Case) -> Iterator[Guard]:
    levels = case.levels
    if levels.birth in (Birth.DIFFERS, Birth.YEAR):
        yield ANOTHER_BIRTH
    if case.has_number:
        return
    if levels.birth in (Birth.DEFAULT, Birth.ESTIMATED):
        yield GUESSED_BIRTH
    elif levels.birth == Birth.UNKNOWN:
        if case.doubts or not case.is_at_home or case.has_another_house:
            yield NAMESAKE
    elif levels.birth != Birth.SAME:
        is_slip = levels.birth in (Birth.DIGIT, Birth.SWAPPED) and case.doubts == 1 and case.bits >= _TO_SPARE
        if levels.surname == Surname.DIFFERS or not (case.is_at_home or is_slip):
            yield ANOTHER_BIRTH


def _others(case: _Case) -> Iterator[Guard]:
    """Other people who could be meant."""
    if case.lead < RUNNER_UP:
        yield SOMEBODY_ELSE_FITS
    if case.levels.forename != Forename.SAME and case.has_twin:
        yield TWINS
    if case.levels.birth == Birth.UNKNOWN and not case.has_number and case.has_namesake:
        yield NAMESAKE


def _one_is_rarer(mine: Standard, theirs: Standard, scorer: Scorer) -> bool:
    """Whether one of two like forenames is so much rarer here that it is a slip: Rowan and Rowena are two names."""
    shares = [scorer.frequencies.forenames.get(each.forename.given or "") for each in (mine, theirs)]
    fewer, more = min(share or 0.0 for share in shares), max(share or 0.0 for share in shares)
    return None not in shares and fewer * _TIMES_RARER <= more


def is_of_one_birth(one: Standard, other: Standard) -> bool:
    """Say whether two people look like twins: one date of birth, and a surname or a home in common."""
    if one.birth.born is None or one.birth.born != other.birth.born:
        return False
    same_name = one.surname.surname is not None and one.surname.surname == other.surname.surname
    return same_name or (one.dwelling is not None and one.dwelling == other.dwelling)


def _is_namesake(one: Standard, other: Standard) -> bool:
    """Say whether two people of one family share a forename, as father and son do."""
    return (
        one.forename.given is not None
        and one.forename.given == other.forename.given
        and one.surname.surname == other.surname.surname
        and one.postcode.postcode is not None
        and one.postcode.postcode == other.postcode.postcode
    )
