"""When the best match is certain: rules, each against one kind of mistake that a high score makes.

A high chance is not enough to call somebody certain: brothers, twins, fathers and
sons of one name and people who took over a number score high, too. Every rule that
holds keeps the best match from being certain, and says so in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from joinedup.engines.linkage.levels import Address, Birth, Forename, Levels, Middle, Number, Sex, Surname
from joinedup.engines.linkage.scoring import Scorer
from joinedup.engines.linkage.standard import Standard

RUNNER_UP = 6.0
_TO_SPARE = 10.0
_TIMES_RARER = 4.0
_A_GENERATION = 12  # years
A_PARENT = 16  # years from a birth to the first child's


class Guard(NamedTuple):
    """A rule that keeps a match from being called certain, and its wording."""

    code: str
    sentence: str


ANOTHER_NAME = Guard("LK-21", "The forename is not the same name, so it could be a brother, sister or twin.")
NO_NAME = Guard("LK-22", "Forename or surname was not given, and nothing else makes up for it.")
MOVED_AND_RENAMED = Guard("LK-23", "Surname and address are both different.")
RENAMED = Guard("LK-33", "The surname differs, and no number says that it is the same person.")
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
RELATIVES_HOME = Guard("LK-34", "A relative lived at this address; nobody said so of this person.")


_ONE_NAME = {Forename.SAME, Forename.VARIANT, Forename.CROSSED, Forename.SPELLING, Forename.SLIP}
_PLAINLY = {Forename.SAME, Forename.CROSSED}
_MISSPELT = {Forename.SPELLING, Forename.SLIP}
_ONE_SURNAME = {Surname.SAME, Surname.FAMILY}
_NEAR_HOME = {Address.DWELLING, Address.TEXT, Address.COMMUNAL, Address.POSTCODE}


@dataclass(frozen=True, slots=True)
class Case:
    """The best match and what surrounds it, as the rules look at it."""

    mine: Standard
    theirs: Standard
    levels: Levels
    bits: float
    lead: float  # bits before the next person
    has_twin: bool
    has_like_twin: bool  # one whose forename may be the one asked for, however it was written
    has_namesake: bool
    is_slip: bool  # one forename is a slip for the other, and no name of its own
    is_by_kin: bool = False  # only a relative is known to have lived at the address, or to bear the surname
    further: frozenset[str] = frozenset()  # every form of every further name, whichever of their entries has it
    has_another_name: bool = False  # an entry of theirs bears a forename that is not the one asked for
    has_child: bool = False  # somebody of the family there is a generation younger

    @property
    def has_number(self) -> bool:
        """Whether a number is the same."""
        return Number.SAME in (self.levels.nhs, self.levels.upn)

    @property
    def is_half_a_name(self) -> bool:
        """Whether the forename in common may be one that brothers share, and what comes after it is not the same."""
        mine, theirs = self.mine, self.theirs
        if not (mine.has_half_a_name and theirs.has_half_a_name) or not (mine.other_names or self.further):
            return False
        return mine.other_forms.isdisjoint(self.further)

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
    def is_generations_apart(self) -> bool:
        """Whether the dates of birth are as far from each other as a father's and his son's."""
        mine, theirs = self.mine.birth.born, self.theirs.birth.born
        return mine is not None and theirs is not None and abs(mine.year - theirs.year) >= _A_GENERATION

    @property
    def is_misspelt(self) -> bool:
        """Whether what is not exactly the same of the names is no more than how they are written."""
        forename, surname = self.levels.forename, self.levels.surname
        return forename in (*_PLAINLY, *_MISSPELT) and surname in (*_ONE_SURNAME, Surname.SLIP, Surname.UNKNOWN)

    @property
    def is_short_form_at_home(self) -> bool:
        """Whether another form of the name was asked for at their very house: no two of one home are called Liz and
        Elizabeth."""
        return self.levels.forename == Forename.VARIANT and self.levels.address in (Address.DWELLING, Address.TEXT)

    @property
    def may_be_a_father(self) -> bool:
        """Whether a child nobody has recorded may bear the name: sons are called after their fathers."""
        return self.has_child and self.theirs.sex != "F"

    @property
    def doubts(self) -> int:
        """How many of forename, surname and date of birth agree only nearly."""
        levels = self.levels
        return (
            (levels.forename not in (*_PLAINLY, Forename.UNKNOWN))
            + (levels.surname not in (*_ONE_SURNAME, Surname.UNKNOWN))
            + (levels.birth not in (Birth.SAME, Birth.UNKNOWN))
        )


def guards_of(case: Case) -> tuple[Guard, ...]:
    """Return every rule that keeps the best match from being called certain."""
    found = (*_differences(case), *_doubts_about_the_name(case), *_doubts_about_the_birth(case), *_others(case))
    return tuple(dict.fromkeys(found))


def _differences(case: Case) -> Iterator[Guard]:
    levels = case.levels
    if Number.DIFFERS in (levels.nhs, levels.upn):
        yield NUMBERS_DIFFER
    if levels.sex == Sex.DIFFERS:
        yield ANOTHER_SEX
    if case.is_by_kin and not case.has_number:
        yield RELATIVES_HOME
    if levels.surname == Surname.DIFFERS and not case.is_at_home:
        is_told = levels.address != Address.UNKNOWN
        if is_told or not case.has_number:
            yield MOVED_AND_RENAMED
    elif levels.surname == Surname.DIFFERS and not case.has_number:
        yield RENAMED
    if case.doubts > _doubts_allowed(case):
        yield SEVERAL_DIFFERENCES


def _doubts_allowed(case: Case) -> int:
    """How many things may agree only nearly."""
    levels = case.levels
    if case.has_number or (case.is_at_home and (levels.forename in _PLAINLY or levels.birth == Birth.SAME)):
        return 2
    if levels.address == Address.DIFFERS and levels.forename not in _PLAINLY:
        return 0  # who lives elsewhere and bears another form of the name may be a twin of whom nothing is known
    return 2 if levels.birth == Birth.SAME and case.bits >= _TO_SPARE else 1


def _doubts_about_the_name(case: Case) -> Iterator[Guard]:
    levels = case.levels
    is_known = levels.forename != Forename.UNKNOWN
    if not is_known and not case.has_number:
        yield NO_NAME
    if not is_known and case.has_number and levels.birth != Birth.SAME and levels.surname not in _ONE_SURNAME:
        yield NUMBER_ALONE
    if is_known and not _is_one_name(case):
        yield ANOTHER_NAME
    # A forename and a birthday are what an adopted child keeps.
    is_enough = case.has_number or levels.forename == Forename.CROSSED or levels.surname != Surname.UNKNOWN
    is_same = levels.forename in (Forename.SAME, Forename.SPELLING)
    if not is_enough and not (is_same and levels.birth == Birth.SAME and case.is_at_home):
        yield NO_NAME


def _is_one_name(case: Case) -> bool:
    """Whether the forenames are one name, and not merely alike, as those of twins may be."""
    levels = case.levels
    if case.has_number:
        return levels.forename != Forename.DIFFERS
    if case.is_half_a_name and (case.mine.other_names or (case.further and case.mine.has_an_honour)):
        return False
    if case.has_another_name and levels.forename not in _PLAINLY:
        return False
    if levels.forename == Forename.MIDDLE:
        return _is_called_by_it(case)
    if levels.forename not in _ONE_NAME or (levels.forename == Forename.SLIP and not case.is_slip):
        return False
    if levels.forename == Forename.CROSSED and not _is_plainly_crossed(case.mine, case.theirs):
        return False
    if levels.forename != Forename.SAME and levels.middle == Middle.DIFFERS:
        return False
    # A father's name in place of a surname stands for all his children.
    is_fathers = case.mine.forename.given in case.theirs.surname.parts
    return levels.surname != Surname.DIFFERS or not is_fathers


def _is_called_by_it(case: Case) -> bool:
    """Whether a middle name is what they are called by: of one surname and birthday, and nobody gives a twin the other's
    name as a second one. Not where the first is one that all brothers bear."""
    mine, theirs, levels = case.mine, case.theirs, case.levels
    if mine.has_half_a_name or theirs.has_half_a_name or levels.middle == Middle.DIFFERS:
        return False
    return levels.birth == Birth.SAME and levels.surname in _ONE_SURNAME and not case.has_twin


def _is_plainly_crossed(mine: Standard, theirs: Standard) -> bool:
    """Whether each name in the other's box is that name, and not merely alike, as those of twins may be."""
    pairs = ((mine.forename, theirs.surname), (theirs.forename, mine.surname))
    return all(
        given.first == surname.surname or not set(given.groups).isdisjoint(surname.groups) for given, surname in pairs
    )


def _doubts_about_the_birth(case: Case) -> Iterator[Guard]:
    levels = case.levels
    if levels.birth in (Birth.DIFFERS, Birth.YEAR):
        yield ANOTHER_BIRTH
    if case.has_number:
        return
    if levels.birth in (Birth.DEFAULT, Birth.ESTIMATED):
        if not _is_known_besides(case):
            yield GUESSED_BIRTH
    elif levels.birth == Birth.UNKNOWN:
        is_known = case.doubts == 0 or (case.doubts == 1 and (case.is_misspelt or case.is_short_form_at_home))
        # A date was given, and theirs nobody has recorded: it may be a parent of the name.
        is_dated = case.mine.birth.born is not None
        if not is_known or not case.is_at_home or case.has_another_house or is_dated:
            yield NAMESAKE
    elif levels.birth != Birth.SAME:
        is_slip = levels.birth in (Birth.DIGIT, Birth.SWAPPED) and case.doubts == 1 and case.bits >= _TO_SPARE
        is_placed = case.is_at_home and not case.is_generations_apart
        if levels.surname == Surname.DIFFERS or not (is_placed or is_slip):
            yield ANOTHER_BIRTH


def _is_known_besides(case: Case) -> bool:
    """Whether a guessed birthday matters little: the full name at one's own home. Not elsewhere, however rare the name:
    among children who came alone it is not, and most of them have a guess."""
    levels = case.levels
    if levels.forename not in _PLAINLY or levels.surname not in (*_ONE_SURNAME, Surname.UNKNOWN):
        return False
    return case.is_at_home and levels.address != Address.COMMUNAL and not case.has_another_house


def _others(case: Case) -> Iterator[Guard]:
    """Other people who could be meant."""
    if case.lead < RUNNER_UP:
        yield SOMEBODY_ELSE_FITS
    if (case.has_like_twin and case.levels.forename != Forename.SAME) or (case.has_twin and case.is_half_a_name):
        yield TWINS
    if case.levels.birth == Birth.UNKNOWN and not case.has_number and (case.has_namesake or case.may_be_a_father):
        yield NAMESAKE


def is_rarer(mine: Standard, theirs: Standard, scorer: Scorer) -> bool:
    """Say whether one of two like forenames is so much rarer here that it is a slip: Rowan and Rowena are two names."""
    shares = [scorer.frequencies.forenames.get(each.forename.first or "") for each in (mine, theirs)]
    fewer, more = min(share or 0.0 for share in shares), max(share or 0.0 for share in shares)
    return None not in shares and fewer * _TIMES_RARER <= more


def is_of_one_birth(one: Standard, other: Standard) -> bool:
    """Say whether two people look like twins: one date of birth, give or take a midnight, and a surname or a home in
    common."""
    if one.birth.born is None or other.birth.born is None or abs((one.birth.born - other.birth.born).days) > 1:
        return False
    same_name = one.surname.surname is not None and one.surname.surname == other.surname.surname
    return same_name or (one.dwelling is not None and one.dwelling == other.dwelling)


def is_namesake(one: Standard, other: Standard) -> bool:
    """Say whether two people of one family share a forename, as father and son do."""
    return (
        one.forename.given is not None
        and one.forename.given == other.forename.given
        and one.surname.surname == other.surname.surname
        and one.postcode.postcode is not None
        and one.postcode.postcode == other.postcode.postcode
    )


def is_child_of(one: Standard, other: Standard) -> bool:
    """Say whether the second may be a child of the first: of one surname at one postcode, and a generation younger."""
    if one.birth.born is None or other.birth.born is None or other.birth.born.year - one.birth.born.year < A_PARENT:
        return False
    if one.surname.family is None or one.surname.family != other.surname.family:
        return False
    return one.postcode.postcode is not None and one.postcode.postcode == other.postcode.postcode
