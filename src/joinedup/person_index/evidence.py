"""How much evidence there is that two descriptions mean one person, from 0 to 100: the linkage model's own weights on a
scale that people set thresholds on. Pure.

It says how much agrees, whoever else fits, and takes every name for an average one: what it takes for a guardian to be
asked must not depend on how common a child's name is. A full name alone, though it agree to the letter, never reaches
50; nor do two NHS numbers, or somebody who is plainly another child of one birth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from joinedup.engines.linkage.comparing import standard_of
from joinedup.engines.linkage.keys import Said
from joinedup.engines.linkage.levels import Address, Birth, Forename, Levels, Middle, Number, Surname
from joinedup.engines.linkage.model import Model
from joinedup.engines.linkage.scoring import Scorer
from joinedup.engines.linkage.standard import Standard

# So many bits, one in seventeen thousand million, are all that can be asked for. A forename, a date of birth and a
# district are half of them.
ALL_THAT_CAN_BE = 34.0
DOUBTFUL = 45


@dataclass(frozen=True, slots=True)
class Evidence:
    """`points` from 0 to 100; whether the best of it looks like another child of one birth."""

    points: int = 0
    is_possible_twin: bool = False


def evidence(mine: Iterable[Said], theirs: Iterable[Said], by: Model) -> Evidence:
    """The best of every pair of entries."""
    plainly = Scorer(by)
    ours, other = ([standard_of(said) for said in side] for side in (mine, theirs))
    found = [_of_pair(one, two, plainly) for one, two in product(ours, other)]
    return max(found, key=lambda each: each.points, default=Evidence())


def _of_pair(one: Standard, other: Standard, by: Scorer) -> Evidence:
    score = by.score(one, other)
    points = round(100 * (score.bits - by.model.general.prior_bits) / ALL_THAT_CAN_BE)
    is_twin = is_another_child(one, other, score.levels)
    if is_twin or score.levels.nhs == Number.DIFFERS or _is_a_name_alone(score.levels):
        points = min(points, DOUBTFUL)
    return Evidence(max(0, min(100, points)), is_twin)


def is_another_child(one: Standard, other: Standard, levels: Levels) -> bool:
    """Whether two records look like two children of one birth: one date of birth, one surname, and forenames that are
    two names. A slip, a short form or a further name on one side does not make a twin."""
    if levels.birth not in (Birth.SAME, Birth.DEFAULT) or levels.surname < Surname.NEAR:
        return False
    if one.forename.multiple or other.forename.multiple:
        return True
    return are_two_names(one, other, levels)


def are_two_names(one: Standard, other: Standard, levels: Levels) -> bool:
    """Whether two forenames are two people's. Frances is no slip for Francis, nor Muhammad Hassan for Muhammad Hussain."""
    both_are_names = one.forename.listed and other.forename.listed
    return (
        levels.forename == Forename.DIFFERS
        or (levels.forename == Forename.NEAR and both_are_names)
        or (levels.forename == Forename.PART and levels.middle == Middle.DIFFERS)
    )


def _is_a_name_alone(levels: Levels) -> bool:
    """Whether nothing but names and the sex is known on both sides."""
    return (
        levels.birth == Birth.UNKNOWN
        and levels.address == Address.UNKNOWN
        and Number.UNKNOWN == levels.nhs == levels.upn
    )


def in_words(fields: Sequence[tuple[str, str, float, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What agrees and what speaks against it, from (field, level, bits, sentence). In one home a shared surname and
    address add nothing to the weight, and still agree."""
    known = [each for each in fields if each[1] != "unknown"]
    agrees = [each for each in known if each[1] != "differs" and (each[2] > 0 or each[0] in ("surname", "address"))]
    against = [each[3] for each in known if each not in agrees and (each[1] == "differs" or each[2] < 0)]
    return tuple(each[3] for each in agrees), tuple(against)
