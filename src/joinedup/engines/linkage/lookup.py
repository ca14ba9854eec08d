"""Who somebody asked about is likely to be: the best of some candidates, how likely, and whether that is certain.

The candidates are people, each with one or more entries: a name and an address
with what else is known. A person is as likely as their best entry. The chance of
each is worked out beside all others and beside nobody: a twin whose forename fits
as well halves it. ``certain`` needs more than a high chance; ``guards_of`` holds
the rules, each for a kind of mistake that high scores make.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from joinedup.engines.linkage.certainty import (
    A_PARENT,
    Case,
    Guard,
    guards_of,
    is_child_of,
    is_namesake,
    is_of_one_birth,
    is_rarer,
)
from joinedup.engines.linkage.comparing import ADDRESS, NAMES, Comparison, names_of, standard_of
from joinedup.engines.linkage.keys import Said
from joinedup.engines.linkage.kin import ByKin, by_kin
from joinedup.engines.linkage.levels import FIELDS, Address, Birth, Forename, Levels, Surname
from joinedup.engines.linkage.model import probability_of
from joinedup.engines.linkage.scoring import FieldScore, Score, Scorer
from joinedup.engines.linkage.standard import Standard, address_forms, forename_forms, postcode_forms, surname_forms

P = TypeVar("P")
E = TypeVar("E")

CERTAIN = 0.95
LIKELY = 0.5
COMMUNAL = 12
_PIECED = 1.0  # bits against what several entries say together and none alone
_LOOKED_INTO = 12  # how many of the best have their entries put together
_MOST_BEST = 24  # how many are ordered at all
_PLAIN = 8.0  # bits, chance included, from which somebody plainly fits
_NEARLY = 0.25  # of what the best shares with the question
_ALMOST_CERTAIN = 0.94
_SLOPE, _SHIFT = 0.45, -0.3  # fitted over four invented populations; see tests/bench/bench_lookup.py
_KNOWN = 0.6  # of those asked about, how many are in the index: what a front door meets
_LEAST_BITS = -12.0
_SEEN_AT_ONCE = 5  # people
_HAVE_TWINS_BESIDE, _MOST_TWINS = 3, 2
_GROWN, _OF_A_GROWN_UP = 18, -1.0  # years; bits: mostly children are asked about, whoever they turn out to be
_IN_THE_FAMILY = 4.0  # bits: who bears the surname at the home asked about comes before strangers with half of the name
_BY_A_MIDDLE_NAME = -3.0  # bits: few who are known elsewhere, and by no date, are asked about by a further name
_SURNAME = FIELDS.index("surname")


class Grade(StrEnum):
    """How sure the product is that this is the person asked about."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: what was typed, on a day. ``age`` in whole years on it, where no date of birth is known."""

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
    share: float = 1.0  # of what the best candidate has in common with the question before they are compared


@dataclass(frozen=True, slots=True)
class Likely(Generic[P, E]):
    """Somebody who may be the one asked about. ``entry`` is the one that fits best, ``home`` the one whose address does.

    ``bits`` is the weight of evidence, chance included.
    """

    person: P
    entry: E
    home: E
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
class _Fit(Generic[P, E]):
    """One entry beside the question: the levels, and the bits of each field among the whole people."""

    entry: E
    said: Said
    levels: Levels
    each: tuple[float, ...]
    more: float
    bits: float  # of all fields, and more
    age_fits: bool | None
    is_by_kin: bool = False


@dataclass(slots=True)
class _Best(Generic[P, E]):
    """Somebody by all their entries. ``weight`` orders people; ``bits`` says whether it is them, rather than nobody."""

    person: P
    best: _Fit[P, E]
    home: _Fit[P, E]
    every: list[_Fit[P, E]]
    score: Score
    weight: float
    whole: float  # with all that a family shares

    @property
    def standard(self) -> Standard:
        """The entry that fits best, with the address that does."""
        home = self.home.said
        return standard_of(self.best.said._replace(address=home.address, postcode=home.postcode))


def beside(asked: Asked, scorer: Scorer, people: int) -> Comparison:
    """A question made ready, for several calls of ``rank`` among so many people."""
    said = asked.said
    crossed = said._replace(forename=said.surname, surname=said.forename)
    return Comparison(asked.standard, scorer, standard_of(crossed), people)


def rank(
    asked: Asked,
    candidates: Iterable[Candidate[P, E]],
    *,
    scorer: Scorer,
    people: int,
    limit: int = 10,
    compared: Comparison | None = None,
) -> list[Likely[P, E]]:
    """Return the likely people, the best first. ``people`` is how many the index holds.

    Equals come youngest first, since it is mostly children that are asked about; then in the order of the candidates.
    """
    mine = asked.standard
    several = list(candidates)
    compared = compared or beside(asked, scorer, people)
    if mine.dwelling and _is_communal(mine, several):
        mine, compared = replace(mine, communal=True), compared.among_many()
    chance = math.log2(_KNOWN / (1 - _KNOWN)) - math.log2(max(people, 2))
    fits = _fits(asked, compared, several, _PLAIN - chance)
    if mine.birth.born is None:  # a date of birth says more than anybody's home
        for person, kin in by_kin(fits).items():
            fits[person] = [_with_kin(fit, kin) for fit in fits[person]]
    ordered = sorted(((person, max(held, key=_bits), held) for person, held in fits.items()), key=_order)
    found = [
        _together(person, best, held if place < _LOOKED_INTO else [best], scorer, chance)
        for place, (person, best, held) in enumerate(ordered[:_MOST_BEST])
    ]
    if not any(each.score.levels.forename in _CALLED_SO for each in found):
        for each in found:  # nobody bears the name: one of that birthday and home is no mere brother
            each.weight = each.whole if each.score.levels.birth == Birth.SAME else each.weight
    if asked.on is not None and asked.age is None and mine.birth.born is None:
        for each in found:
            each.weight += _OF_A_GROWN_UP if _is_grown(each.best.said.birth_date, asked.on) else 0.0
    return _graded(mine, _with_twins(sorted(found, key=_rank)), limit, scorer)


def _with_twins(ordered: list[_Best[P, E]]) -> list[_Best[P, E]]:
    """The same, but that a twin of one of the first is among the first five: what was asked may be true of either."""
    first, rest = ordered[:_HAVE_TWINS_BESIDE], ordered[_SEEN_AT_ONCE:]
    twins = [each for each in rest if any(_are_twins(one, each) for one in first)][:_MOST_TWINS]
    if not twins:
        return ordered
    last = ordered[_SEEN_AT_ONCE - 1].weight
    for each in twins:
        each.weight = last
    before = _SEEN_AT_ONCE - len(twins)
    return [
        *ordered[:before],
        *twins,
        *ordered[before:_SEEN_AT_ONCE],
        *(each for each in rest if not any(each is twin for twin in twins)),
    ]


def _are_twins(one: _Best[P, E], other: _Best[P, E]) -> bool:
    mine, theirs = one.best.said, other.best.said
    if not _is_within_a_day(mine.birth_date, theirs.birth_date):
        return False
    if surname_forms(mine.surname).surname != surname_forms(theirs.surname).surname and not _may_share_a_home(
        one, other
    ):
        return False  # as most who share a birthday: the rest need not be read
    return is_of_one_birth(one.standard, other.standard)


def _may_share_a_home(one: _Best[P, E], other: _Best[P, E]) -> bool:
    return postcode_forms(one.home.said.postcode).postcode == postcode_forms(other.home.said.postcode).postcode


def _is_grown(born: date | None, on: date) -> bool:
    return born is not None and (on.year - born.year, on.month, on.day) >= (_GROWN, born.month, born.day)


def _with_kin(fit: _Fit[P, E], kin: ByKin) -> _Fit[P, E]:
    """An entry with what relatives say."""
    each = list(fit.each)
    for place, bits in ((ADDRESS, kin.address), (_SURNAME, kin.surname)):
        if bits is not None:
            each[place] = max(each[place], bits)
    now = tuple(each)
    return fit if now == fit.each else replace(fit, each=now, bits=sum(now) + fit.more, is_by_kin=True)


def _fits(
    asked: Asked, compared: Comparison, candidates: list[Candidate[P, E]], plain: float
) -> dict[P, list[_Fit[P, E]]]:
    """Compare the candidates, who come in the order of what they share with the question.

    Once one of the first agrees plainly, only those who share nearly as much as the best are compared.
    """
    fits: dict[P, list[_Fit[P, E]]] = {}
    least, is_undated = 0.0, asked.standard.birth.born is None
    for each in candidates:
        if each.share < least and each.person not in fits:
            continue
        levels, bits = compared.of(each.said)
        fits_age, more = _age(asked, each.said.birth_date) if is_undated else (None, 0.0)
        whole = sum(bits) + more
        fit: _Fit[P, E] = _Fit(each.entry, each.said, levels, bits, more, whole, fits_age)
        fits.setdefault(each.person, []).append(fit)
        if not least and whole >= plain and levels.birth not in (Birth.DIFFERS, Birth.YEAR):
            least = _NEARLY
    return fits


def _bits(fit: _Fit[P, E]) -> float:
    return fit.bits


def _order(several: tuple[P, _Fit[P, E], list[_Fit[P, E]]]) -> float:
    return -several[1].bits


def _rank(best: _Best[P, E]) -> tuple[float, int]:
    born = best.best.said.birth_date
    return -round(best.weight, 6), -born.toordinal() if born else 0


def _together(person: P, best: _Fit[P, E], several: list[_Fit[P, E]], scorer: Scorer, chance: float) -> _Best[P, E]:
    """What somebody's entries say together: the name of one and the former home of another may both be asked for."""
    home = best
    levels, each, pieced = best.levels, best.each, 0.0
    if len(several) > 1:
        known = [fit for fit in several if fit.levels.address != Address.UNKNOWN]
        home = max(known, key=_at_home, default=best)
        if levels.address == Address.UNKNOWN:  # what one entry leaves out, another says: none of their homes is meant
            levels = levels._replace(address=home.levels.address)
            each = (*each[:ADDRESS], home.each[ADDRESS], *each[ADDRESS + 1 :])
        named = max(several, key=_named)
        most = [*map(max, zip(*(fit.each for fit in several), strict=True))]
        most[:NAMES], most[ADDRESS] = named.each[:NAMES], home.each[ADDRESS]
        gain = sum(most) - sum(each)
        less = _PIECED if gain > 0 and not _is_one_home(named.said, home.said) else 0.0
        if gain > less:
            levels = _levels_of(several, most)._replace(
                forename=named.levels.forename, middle=named.levels.middle, surname=named.levels.surname,
                address=home.levels.address,
            )  # fmt: skip
            each, pieced = tuple(most), -less
        elif best.levels.address != Address.UNKNOWN:
            home = best
    more = best.more + pieced
    weight = sum(each) + chance + more
    score = _score(levels, each, chance, weight, more, scorer)
    # A brother's house and surname say nothing for him against a namesake elsewhere, who may have moved there; unless
    # the brother's middle name is what was asked for.
    is_relative = levels.forename not in _CALLED_SO and score.bits < weight
    order = weight
    if is_relative:
        order = min(weight, score.bits + (_IN_THE_FAMILY if levels.surname > Surname.PART else 0.0))
    elif levels.forename == Forename.MIDDLE and levels.address <= Address.DISTRICT and levels.birth == Birth.UNKNOWN:
        order += _BY_A_MIDDLE_NAME
    return _Best(person, best, home, several, score, order, weight)


def _levels_of(several: list[_Fit[P, E]], most: list[float]) -> Levels:
    """The levels that some bits come from: each of the first entry that has them."""
    found = (
        next((fit.levels[place] for fit in several if fit.each[place] == bits), several[0].levels[place])
        for place, bits in enumerate(most)
    )
    return Levels._make(found)


_CALLED_SO = {
    Forename.SAME, Forename.CROSSED, Forename.VARIANT, Forename.SPELLING, Forename.SLIP, Forename.PART, Forename.MIDDLE,
}  # fmt: skip


def _is_one_home(one: Said, other: Said) -> bool:
    """Say whether two entries speak of one home, or one of them of none."""
    mine, theirs = address_forms(one.address), address_forms(other.address)
    if mine.house is not None and theirs.house is not None and mine != theirs:
        return False
    code, another = postcode_forms(one.postcode).postcode, postcode_forms(other.postcode).postcode
    return code is None or another is None or code == another


def _named(fit: _Fit[P, E]) -> float:
    return sum(fit.each[:NAMES])


def _at_home(fit: _Fit[P, E]) -> float:
    return fit.each[ADDRESS]


def _score(levels: Levels, each: tuple[float, ...], chance: float, weight: float, more: float, scorer: Scorer) -> Score:
    """Whether it is them rather than nobody in the index.

    In one home, or of one name at one postcode, what a family shares is no evidence: those who live there weigh by the
    household's model, which asks which of them it is.
    """
    one_dwelling = levels.address == Address.DWELLING
    if one_dwelling or _is_one_family(levels):
        within = scorer.household_bits(levels)
        prior = scorer.model.household.prior_bits
        bits = prior + sum(within) + more
        if one_dwelling or bits < weight:
            return Score(bits, prior, levels, within, one_dwelling=True)
    return Score(weight, chance, levels, each, one_dwelling=False)


def _is_one_family(levels: Levels) -> bool:
    is_one_name = levels.surname >= Surname.PART or levels.surname == Surname.UNKNOWN
    return is_one_name and levels.address in (Address.TEXT, Address.POSTCODE, Address.COMMUNAL)


def _graded(mine: Standard, ordered: list[_Best[P, E]], limit: int, scorer: Scorer) -> list[Likely[P, E]]:
    """Work out each one's chance beside all the others, and how sure that makes us."""
    if not ordered:
        return []
    top = ordered[0]
    nobody = top.weight - top.score.bits
    height = max(top.weight, nobody)
    everybody = 2.0 ** (nobody - height) + sum(2.0 ** (best.weight - height) for best in ordered)
    shown = []
    for place, best in enumerate(ordered[:limit]):
        if best.weight < _LEAST_BITS and place:
            break
        chance = 2.0 ** (best.weight - height) / everybody
        guards = guards_of(_case(mine, best, ordered[1:], scorer)) if place == 0 else ()
        grade = Grade.CERTAIN
        if place or guards or chance < CERTAIN:
            chance = _calibrated(chance)
            grade = Grade.LIKELY if chance >= LIKELY and not place else Grade.POSSIBLE
        shown.append(
            Likely(
                best.person,
                best.best.entry,
                best.home.entry,
                best.score.bits,
                chance,
                grade,
                guards,
                best.score,
                best.best.age_fits,
            )
        )
    return shown


def _case(mine: Standard, best: _Best[P, E], others: list[_Best[P, E]], scorer: Scorer) -> Case:
    theirs, levels = best.standard, best.score.levels
    given = theirs.forename.given
    twins = [each for each in others if _are_twins(best, each)]
    namesakes = (each.standard for each in others if given and forename_forms(each.best.said.forename).given == given)
    return Case(
        mine=mine,
        theirs=theirs,
        levels=levels,
        bits=best.score.bits,
        lead=best.weight - others[0].weight if others else math.inf,
        has_twin=bool(twins),
        has_like_twin=any(fit.levels.forename != Forename.DIFFERS for each in twins for fit in each.every),
        is_slip=levels.forename == Forename.SLIP and is_rarer(mine, theirs, scorer),
        is_by_kin=best.best.is_by_kin,
        has_namesake=any(is_namesake(theirs, each) for each in namesakes),
        further=frozenset().union(*(_names(fit.said).other_forms for fit in best.every)),
        has_another_name=any(fit.levels.forename == Forename.DIFFERS for fit in best.every),
        has_child=levels.birth == Birth.UNKNOWN and _has_child(theirs, others),
    )


def _has_child(theirs: Standard, others: list[_Best[P, E]]) -> bool:
    """Say whether one of the others looks like their child."""
    born = theirs.birth.born
    if born is None:
        return False
    younger = (each for each in others if (day := each.best.said.birth_date) and day.year - born.year >= A_PARENT)
    return any(is_child_of(theirs, each.standard) for each in younger)


def _names(said: Said) -> Standard:
    return names_of(said.forename, said.middle, said.surname)


def _is_within_a_day(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and abs((one - other).days) <= 1


def _calibrated(chance: float) -> float:
    """What a chance has turned out to be, where something keeps it from being certain: what agrees in a doubtful case
    agrees less independently than the weights take it to. Never as much as a certain one."""
    held = min(max(chance, 1e-9), 1 - 1e-9)
    bits = math.log2(held / (1 - held))
    return min(probability_of(_SLOPE * bits + _SHIFT if bits > 0 else bits + _SHIFT), _ALMOST_CERTAIN)


def _is_communal(mine: Standard, candidates: Iterable[Candidate[P, E]]) -> bool:
    """Say whether so many differently named people lived at the address asked for that it is no household."""
    postcode, house = mine.postcode.postcode, mine.address.house
    there = {
        forename_forms(each.said.forename).first
        for each in candidates
        if postcode_forms(each.said.postcode).postcode == postcode and address_forms(each.said.address).house == house
    }
    return len(there - {None}) > COMMUNAL


def _age(asked: Asked, born: date | None) -> tuple[bool | None, float]:
    """Whether the age asked for fits, and its bits."""
    if born is None or asked.on is None or asked.age is None:
        return None, 0.0
    years = asked.on.year - born.year - ((asked.on.month, asked.on.day) < (born.month, born.day))
    out = abs(years - asked.age)
    return out <= 1, 4.0 if out == 0 else 2.0 if out == 1 else -2.0 if out == 2 else -6.0
