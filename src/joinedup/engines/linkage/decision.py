"""What follows from a comparison: linked, possible or apart, by rules of evidence that anybody can read.

A score alone merges families: all of a twin but the forename agrees with the
other twin, and a mother's number stands on her baby's record. So a pair is linked
without a person only if no rule below holds it back and its probability is high
enough. Each rule is a function; its first line is the sentence people are shown.
A rule may hold a pair for a person to decide, or keep it apart, or ask for more
certainty (``MORE`` bits, ten times the odds) than the threshold.

source: local: the team's rules of evidence (measured on invented people; see docs/measurements/linkage.md)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from joinedup.engines.linkage.levels import Address, Birth, Forename, Levels, Middle, Number, Sex, Surname
from joinedup.engines.linkage.model import bits_of
from joinedup.engines.linkage.scoring import Score
from joinedup.engines.linkage.standard import Standard

MORE = math.log2(10)
MORE_FOR_A_DOUBT = MORE
BEFORE_AND_AFTER = "LK-15"

_ONE_NAME = frozenset(
    {Forename.SAME, Forename.CROSSED, Forename.VARIANT, Forename.SPELLING, Forename.MIDDLE, Forename.SLIP}
)
_SURE_NAME = frozenset({Forename.SAME, Forename.CROSSED, Forename.VARIANT, Forename.SPELLING})
_HALF_A_NAME = frozenset({Forename.PART, Forename.NEAR, Forename.INITIAL, Forename.KNOWN_AS})
_HALF_A_SURNAME = frozenset({Surname.PART, Surname.NEAR})
_ANOTHER_SURNAME = frozenset({Surname.DIFFERS, Surname.MIDDLE})
_AT_HOME = frozenset({Address.DWELLING, Address.TEXT})
_NEAR = frozenset({Address.DWELLING, Address.TEXT, Address.POSTCODE})
_FAR = frozenset({Address.DIFFERS, Address.DISTRICT, Address.UNKNOWN})
_ONE_BIRTH = frozenset({Birth.SAME, Birth.DEFAULT, Birth.SWAPPED, Birth.DIGIT, Birth.ESTIMATED})
_FAR_BIRTH = frozenset({Birth.DIFFERS, Birth.YEAR})


class Outcome(StrEnum):
    """What becomes of a pair of records."""

    LINKED = "linked"
    POSSIBLE = "possible"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What must be known of a pair beside its levels.

    ``unnamed``: one is a child not yet named. ``several``: one is "Twin 1" or the
    like. ``twins``: children of different names share birthday and home.
    ``grown``: both were adults years ago, so neither is a child being adopted.
    ``young``: that is not so, for all that is known.
    """

    unnamed: bool = False
    several: bool = False
    twins: bool = False
    grown: bool = False
    young: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of evidence: its code and the sentence people are shown."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """The most that the rules allow a pair, and the bits wanted above the threshold."""

    most: Outcome
    more: float = 0.0
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a pair, and why."""

    outcome: Outcome
    reasons: tuple[Rule, ...]


Test = Callable[[Levels, Circumstances], Outcome | float | None]
NONE = Circumstances()
_RULES: list[tuple[Rule, Test]] = []


def _rule(code: str) -> Callable[[Test], Test]:
    """Add a rule to the list under its code, in the order of the source."""

    def add(test: Test) -> Test:
        sentence = (test.__doc__ or "").strip().split("\n")[0]
        _RULES.append((Rule(code, sentence), test))
        return test

    return add


def rules() -> tuple[Rule, ...]:
    """Return every rule with its sentence, in order."""
    return tuple(rule for rule, _ in _RULES)


@_rule("LK-1")
def _two_nhs_numbers(levels: Levels, _about: Circumstances) -> Outcome | None:
    """Both have an NHS number and they differ."""
    if levels.nhs != Number.DIFFERS:
        return None
    return Outcome.POSSIBLE if levels.forename in _SURE_NAME and levels.birth in _ONE_BIRTH else Outcome.APART


@_rule("LK-2")
def _two_pupil_numbers(levels: Levels, _about: Circumstances) -> Outcome | None:
    """Both have a permanent unique pupil number and they differ."""
    if levels.upn != Number.DIFFERS:
        return None
    return Outcome.POSSIBLE if levels.nhs == Number.SAME or levels.forename in _SURE_NAME else Outcome.APART


@_rule("LK-3")
def _one_of_several(levels: Levels, about: Circumstances) -> Outcome | None:
    """One is recorded as one of twins or triplets, without a name of its own."""
    return Outcome.POSSIBLE if about.several and levels.nhs != Number.SAME else None


@_rule("LK-4")
def _somebody_elses_number(levels: Levels, about: Circumstances) -> Outcome | float | None:
    """The number is the same but name or date of birth says another person, as when a mother's number is on her baby's record."""
    if Number.SAME not in (levels.nhs, levels.upn):
        return None
    if levels.birth in _FAR_BIRTH:
        return Outcome.POSSIBLE
    if levels.forename == Forename.DIFFERS:
        same_surname = levels.surname not in {*_ANOTHER_SURNAME, Surname.UNKNOWN, Surname.NEAR}
        same_home = levels.address in _NEAR or same_surname
        sure = levels.birth == Birth.SAME and same_home and levels.sex != Sex.DIFFERS and not about.twins
        return MORE if sure else Outcome.POSSIBLE
    unsure_name = levels.forename in _HALF_A_NAME or levels.forename == Forename.UNKNOWN
    return Outcome.POSSIBLE if unsure_name and levels.birth != Birth.SAME else None


@_rule("LK-5")
def _another_forename(levels: Levels, about: Circumstances) -> Outcome | None:
    """The forenames are not the same name: brothers, sisters and above all twins share everything else."""
    if levels.forename in _ONE_NAME or levels.forename == Forename.UNKNOWN:
        unsure = about.twins and levels.forename not in _SURE_NAME
        return Outcome.POSSIBLE if unsure and levels.nhs != Number.SAME else None
    if Number.SAME in (levels.nhs, levels.upn):
        return Outcome.POSSIBLE if about.twins else None
    if levels.forename == Forename.KNOWN_AS and not about.twins and levels.sex != Sex.DIFFERS:
        return None if levels.birth == Birth.SAME and levels.address in _AT_HOME else Outcome.POSSIBLE
    return Outcome.APART if levels.forename == Forename.DIFFERS else Outcome.POSSIBLE


@_rule("LK-6")
def _another_life(levels: Levels, about: Circumstances) -> Outcome | float | None:
    """Surname and address both differ, as they do for an adopted child, whose two lives are never joined."""
    if not _may_be_adopted(levels):
        return None
    sure = levels.forename in _SURE_NAME and levels.birth == Birth.SAME
    if levels.surname in _ANOTHER_SURNAME:  # a grown woman may have married, if a middle name says that it is she
        return 2 * MORE if sure and about.grown and levels.middle == Middle.SAME else Outcome.POSSIBLE
    if about.grown:
        return None
    if about.young and levels.upn != Number.SAME:  # a part in common may be kept, or be one name by chance: Lin, Lam
        return Outcome.POSSIBLE
    return 2 * MORE if sure else Outcome.POSSIBLE


def _may_be_adopted(levels: Levels) -> bool:
    """Say whether surname and address both differ; a part in common may be chance for all but the grown."""
    if levels.nhs == Number.SAME or levels.address not in _FAR:
        return False
    return levels.surname in _ANOTHER_SURNAME or levels.surname in _HALF_A_SURNAME


@_rule("LK-7")
def _not_yet_named(levels: Levels, about: Circumstances) -> Outcome | float | None:
    """One has no forename: only the same birthday at the same address says who it may be, and not if there are twins."""
    if levels.forename != Forename.UNKNOWN or levels.nhs == Number.SAME:
        return None
    if levels.birth != Birth.SAME or levels.sex == Sex.DIFFERS or about.twins:
        return Outcome.POSSIBLE
    at_home = levels.address in _AT_HOME
    nearby = levels.address == Address.POSTCODE and levels.surname not in {*_ANOTHER_SURNAME, Surname.NEAR}
    return None if at_home or (about.unnamed and nearby) else Outcome.POSSIBLE


@_rule("LK-8")
def _no_birthday(levels: Levels, _about: Circumstances) -> Outcome | None:
    """A date of birth is missing: father and son may share a name and an address."""
    if levels.birth != Birth.UNKNOWN or Number.SAME in (levels.nhs, levels.upn):
        return None
    return Outcome.POSSIBLE


@_rule("LK-9")
def _another_birthday(levels: Levels, _about: Circumstances) -> Outcome | None:
    """The dates of birth differ by more than a slip."""
    if levels.birth in _FAR_BIRTH:
        return Outcome.POSSIBLE if levels.forename in _SURE_NAME else Outcome.APART
    if levels.birth == Birth.PARTS and Number.SAME not in (levels.nhs, levels.upn):
        one_name = levels.forename in _SURE_NAME and levels.surname not in _HALF_A_SURNAME | _ANOTHER_SURNAME
        return None if levels.address in _NEAR and one_name else Outcome.POSSIBLE
    return None


@_rule("LK-10")
def _guessed_birthday(levels: Levels, _about: Circumstances) -> Outcome | float | None:
    """The date of birth is 1 January, which is often a guess, so many share it."""
    if levels.birth not in {Birth.DEFAULT, Birth.ESTIMATED} or Number.SAME in (levels.nhs, levels.upn):
        return None
    if levels.forename not in _SURE_NAME or levels.surname in _ANOTHER_SURNAME | _HALF_A_SURNAME:
        return Outcome.POSSIBLE
    if levels.address == Address.DWELLING and levels.birth == Birth.DEFAULT:
        return None
    sure_at_a_home = levels.address == Address.COMMUNAL and levels.birth == Birth.DEFAULT
    return MORE if levels.address in _NEAR or sure_at_a_home else 2 * MORE


@_rule("LK-11")
def _thin_evidence(levels: Levels, _about: Circumstances) -> Outcome | float | None:
    """The addresses differ and the date of birth is not quite the same."""
    if levels.address in _NEAR or Number.SAME in (levels.nhs, levels.upn) or levels.birth == Birth.SAME:
        return None
    guessed = levels.birth in {Birth.DEFAULT, Birth.ESTIMATED}  # LK-10 speaks of these
    if levels.forename not in _SURE_NAME or levels.surname in _ANOTHER_SURNAME | {Surname.NEAR}:
        return Outcome.POSSIBLE
    return None if guessed else MORE


@_rule("LK-12")
def _another_middle_name(levels: Levels, _about: Circumstances) -> Outcome | None:
    """Both have a middle name and they differ: twins and cousins may share a first one."""
    known = Number.SAME in (levels.nhs, levels.upn)
    return Outcome.POSSIBLE if levels.middle == Middle.DIFFERS and not known else None


@_rule("LK-13")
def _doubtful(levels: Levels, _about: Circumstances) -> float | None:
    """The sex differs, or a name agrees only as a middle name or by a slip, so more certainty is wanted."""
    if levels.sex == Sex.DIFFERS:
        return MORE
    unsure = levels.forename not in _SURE_NAME and Number.SAME not in (levels.nhs, levels.upn)
    return MORE if unsure and levels.address not in _NEAR else None


@_rule("LK-14")
def _neither_name(levels: Levels, _about: Circumstances) -> Outcome | None:
    """At another address the surname differs, and the forename agrees only as a middle name or by a slip."""
    if Number.SAME in (levels.nhs, levels.upn) or levels.address in _AT_HOME | {Address.COMMUNAL}:
        return None
    unsure = levels.forename not in _SURE_NAME and levels.forename != Forename.UNKNOWN
    return Outcome.POSSIBLE if unsure and levels.surname in _ANOTHER_SURNAME | {Surname.NEAR} else None


@_rule("LK-15")
def _before_and_after(levels: Levels, about: Circumstances) -> Outcome | None:
    """Surname and address differ and no number agrees, as before and after an adoption: nobody is shown both."""
    if not about.young or Number.SAME in (levels.nhs, levels.upn):
        return None
    other_life = _may_be_adopted(levels) and levels.surname in _ANOTHER_SURNAME | {Surname.NEAR}
    return Outcome.APART if other_life and levels.birth not in _FAR_BIRTH else None


@lru_cache(maxsize=65_536)
def ruling(levels: Levels, about: Circumstances = NONE) -> Ruling:
    """Return the most that the rules allow a pair, with the rule that says so."""
    found = Ruling(Outcome.LINKED)
    for rule, test in _RULES:
        says = test(levels, about)
        if says == Outcome.APART:
            return Ruling(Outcome.APART, rule=rule)
        if says == Outcome.POSSIBLE and found.most == Outcome.LINKED:
            found = Ruling(Outcome.POSSIBLE, rule=rule)
        if isinstance(says, float) and found.most == Outcome.LINKED:
            found = Ruling(Outcome.LINKED, found.more + says, rule)
    return found


def decide(
    a: Standard,
    b: Standard,
    score: Score,
    *,
    link: float,
    review: float,
    twins: bool = False,
    adults_born_by: int | None = None,
) -> Decision:
    """Decide one scored pair. ``link`` and ``review`` are probabilities, as in the model.

    Who was born in ``adults_born_by`` or before was grown up years ago.
    """
    born = [each.birth.born for each in (a, b)]
    grown = adults_born_by is not None and all(day is not None and day.year <= adults_born_by for day in born)
    about = Circumstances(
        unnamed=a.forename.baby or b.forename.baby,
        several=a.forename.multiple or b.forename.multiple,
        twins=twins,
        grown=grown,
        young=adults_born_by is not None and not grown,
    )
    found = ruling(score.levels, about)
    reasons = (found.rule,) if found.rule else ()
    if found.most == Outcome.APART:
        return Decision(Outcome.APART, reasons)
    if found.most == Outcome.LINKED and score.bits >= bits_of(link) + found.more:
        return Decision(Outcome.LINKED, reasons)
    worth = score.bits >= bits_of(review)
    return Decision(Outcome.POSSIBLE if worth else Outcome.APART, reasons)


# --- A second look: a record and a whole cluster ---------------------------------

_LOOSE_NAME = frozenset(
    {Forename.MIDDLE, Forename.SLIP, Forename.PART, Forename.NEAR, Forename.INITIAL, Forename.KNOWN_AS}
)
_LOOSE_BIRTH = frozenset({Birth.SWAPPED, Birth.DIGIT, Birth.DEFAULT, Birth.ESTIMATED, Birth.PARTS, Birth.UNKNOWN})
_GUESSED_BIRTH = frozenset({Birth.DEFAULT, Birth.ESTIMATED, Birth.UNKNOWN})
_NEVER = 99


@lru_cache(maxsize=65_536)
def doubts(levels: Levels, about: Circumstances = NONE) -> int:
    """Count what speaks against the best comparison of two clusters, each thing by itself a slip or a gap.

    One doubt is allowed where no other cluster could be meant, and another where the
    odds are ten times as good (``MORE_FOR_A_DOUBT``); numbers that agree outweigh two.
    """
    if Number.DIFFERS in (levels.nhs, levels.upn) or about.several or levels.birth in _FAR_BIRTH:
        return _NEVER
    known = Number.SAME in (levels.nhs, levels.upn)
    one_surname = levels.surname not in _ANOTHER_SURNAME | _HALF_A_SURNAME
    among_many = levels.address == Address.COMMUNAL and (
        levels.birth == Birth.SAME or (one_surname and levels.forename in _SURE_NAME)
    )
    far = levels.address not in _NEAR and not among_many
    if _may_be_adopted(levels) and (not about.grown or levels.surname in _ANOTHER_SURNAME):
        return _NEVER
    if levels.forename not in _SURE_NAME and about.twins:
        return _NEVER
    full_name = levels.middle == Middle.SAME and one_surname
    if far and not known and levels.birth in _GUESSED_BIRTH and not full_name:
        return _NEVER
    return (
        _name_doubts(levels, about)
        + _surname_doubts(levels)
        + _birth_doubts(levels, about)
        + far
        + (levels.sex == Sex.DIFFERS)
        + 2 * (levels.middle == Middle.DIFFERS)
        - (levels.middle == Middle.SAME)
        - 2 * known
    )


def bits_forgiven(levels: Levels, about: Circumstances) -> float:
    """Return how many bits a second look may want: a family has one child not yet named, and the model does not know."""
    one_surname = levels.surname in {Surname.SAME, Surname.FAMILY, Surname.SLIP, Surname.PART}
    born = levels.birth in {Birth.SAME, Birth.ESTIMATED}
    return MORE if about.unnamed and one_surname and born and levels.address in _NEAR else 0.0


def _surname_doubts(levels: Levels) -> int:
    """Count the doubts that a surname leaves, the graver where forename or date of birth is no more than likely."""
    if levels.surname not in _ANOTHER_SURNAME | {Surname.NEAR}:
        return 0
    guessed = levels.birth in _GUESSED_BIRTH
    unsure = levels.forename in _LOOSE_NAME and levels.address not in _AT_HOME
    return 3 if guessed or unsure else 1


def _birth_doubts(levels: Levels, about: Circumstances) -> int:
    """Count the doubts that a date of birth leaves: at home none where it is the day a child was expected."""
    if levels.birth == Birth.ESTIMATED and about.unnamed and levels.address in _NEAR:
        return 0
    if levels.birth == Birth.UNKNOWN and levels.address == Address.POSTCODE:
        return 2
    return int(levels.birth in _LOOSE_BIRTH)


def _name_doubts(levels: Levels, about: Circumstances) -> int:
    """Count the doubts that a forename leaves."""
    if levels.forename in _SURE_NAME:
        return 0
    if levels.forename in _LOOSE_NAME:
        return 1
    if levels.forename == Forename.UNKNOWN:
        return 1 if about.unnamed or levels.birth == Birth.SAME else 2
    return 3


def is_sure_name(levels: Levels) -> bool:
    """Say whether two forenames are one name and no look-alike."""
    return levels.forename in _SURE_NAME


def is_look_alike(levels: Levels) -> bool:
    """Say whether two forenames only look or sound like one name, as those of two children may."""
    return levels.forename in {Forename.NEAR, Forename.SLIP}
