"""The two rules by which a record is placed without anything being weighed: PI-1 and PI-2. Pure.

They are deliberately far stricter than any score: a wrong link puts one child's history on another's record. Whether
two forenames are one name is asked of the same levels that the model weighs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from joinedup.engines.linkage import identifiers, names
from joinedup.engines.linkage.keys import PersonFacts, valid_nhs_number, valid_postcodes, valid_upn
from joinedup.engines.linkage.levels import levels_of
from joinedup.engines.linkage.standard import Standard, standardise
from joinedup.person_index.evidence import are_two_names


@dataclass(frozen=True, slots=True)
class Link:
    """Leave to join two records without asking: the rule and its wording."""

    rule: str
    sentence: str


BY_NHS_NUMBER = Link("PI-1", "Same NHS number and same date of birth.")
BY_NAME_AND_ADDRESS = Link("PI-2", "Same forename, surname, date of birth and postcode.")


def exact_link(a: PersonFacts, b: PersonFacts) -> Link | None:
    """Return leave to join two records without weighing anything, or ``None``.

    PI-1: NHS number and date of birth both equal. PI-2: forename, surname, date of birth and postcode all equal once
    normalised (accents, case, hyphens and spaces apart; a short form or a like sound is not equal). Where a record has
    several names, one record's chief name must be among the other's.

    Never when both have an NHS number, or both a permanent unique pupil number, and they differ; never where the
    forenames are two names, or one is "Twin 1"; and not by PI-2 on a 1 January date of birth, which agencies enter for
    want of a real one.
    """
    if a.birth_date is None or a.birth_date != b.birth_date:
        return None
    nhs, other_nhs = valid_nhs_number(a), valid_nhs_number(b)
    if (nhs and other_nhs and nhs != other_nhs) or _pupil_numbers_differ(a, b) or _is_one_of_several(a, b):
        return None
    if nhs and nhs == other_nhs:
        return BY_NHS_NUMBER if _may_be_one_name(a, b) else None
    if (
        _share_a_chief_name(a.forenames, b.forenames)
        and _share_a_chief_name(a.surnames, b.surnames)
        and valid_postcodes(a) & valid_postcodes(b)
        and not identifiers.is_default_birth_date(a.birth_date)
    ):
        return BY_NAME_AND_ADDRESS
    return None


def _pupil_numbers_differ(a: PersonFacts, b: PersonFacts) -> bool:
    """Whether two permanent pupil numbers differ; a temporary one may."""
    one, other = valid_upn(a), valid_upn(b)
    if not one or not other or one == other:
        return False
    return not (identifiers.is_temporary_upn(one) or identifiers.is_temporary_upn(other))


def _is_one_of_several(a: PersonFacts, b: PersonFacts) -> bool:
    return any(names.is_multiple_birth(name) for name in (*a.forenames, *b.forenames))


def _may_be_one_name(a: PersonFacts, b: PersonFacts) -> bool:
    """Whether any forename of the one may be a forename of the other: one number has been written on both twins."""
    if _share_a_chief_name(a.forenames, b.forenames):
        return True
    mine, theirs = _standards(a), _standards(b)
    if not mine or not theirs:
        return True
    return any(not are_two_names(one, other, levels_of(one, other)) for one, other in product(mine, theirs))


def _standards(facts: PersonFacts) -> list[Standard]:
    surname = facts.surnames[0] if facts.surnames else ""
    return [standardise(forename=name, surname=surname) for name in facts.forenames if names.normalise(name)]


def _share_a_chief_name(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether the chief name of one list is, normalised, in the other."""
    plain = [names.compact(name) for name in mine]
    other = [names.compact(name) for name in theirs]
    if not plain or not other:
        return False
    return bool((plain[0] and plain[0] in other) or (other[0] and other[0] in plain))
