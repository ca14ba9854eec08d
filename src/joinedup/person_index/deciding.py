"""Why a pair that scores high is not linked without a person. Pure; sentences are shown to whoever decides."""

from __future__ import annotations

from joinedup.engines.linkage.levels import Address, Birth, Forename, Levels, Number, Sex, Surname
from joinedup.engines.linkage.scoring import Score
from joinedup.engines.linkage.standard import Standard

_ONE_NAME = {Forename.SAME, Forename.VARIANT, Forename.SPELLING, Forename.SLIP, Forename.CROSSED}
_NEAR = {Address.DWELLING, Address.TEXT, Address.COMMUNAL, Address.POSTCODE}


def held_back(one: Standard, other: Standard, score: Score) -> tuple[str, ...]:
    """Every reason why a person has to decide; empty where the score may stand alone."""
    levels = score.levels
    found = [
        ("The forenames are not one name", levels.forename not in _ONE_NAME),
        ("The NHS numbers differ", levels.nhs == Number.DIFFERS),
        ("The pupil numbers differ", levels.upn == Number.DIFFERS),
        ("The sex differs", levels.sex == Sex.DIFFERS),
        ("The date of birth is 1 January on one side, which is often a guess", levels.birth in _GUESSED),
        ("Surname and address are both different", _moved_and_renamed(levels)),
        ("There is too little beside the name", _is_thin(levels)),
        ("One of them is a newborn without a name", one.forename.first is None or other.forename.first is None),
    ]
    return tuple(sentence for sentence, holds in found if holds)


_GUESSED = {Birth.DEFAULT, Birth.ESTIMATED}


def _moved_and_renamed(levels: Levels) -> bool:
    return levels.surname in {Surname.DIFFERS, Surname.UNKNOWN} and levels.address not in _NEAR


def _is_thin(levels: Levels) -> bool:
    """Neither a number nor the date of birth says that it is the same person."""
    if Number.SAME in (levels.nhs, levels.upn):
        return levels.birth in {Birth.DIFFERS, Birth.UNKNOWN}
    return levels.birth not in {Birth.SAME, Birth.SWAPPED, Birth.DIGIT} or (
        levels.birth is not Birth.SAME and levels.address not in _NEAR
    )
