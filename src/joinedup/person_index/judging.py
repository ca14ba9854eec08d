"""What the linkage model says of two people, each known by several entries: the best pair of entries, and what speaks
against it among all of them. The same scorer as the bulk run and the search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import product

from joinedup.engines.linkage import identifiers
from joinedup.engines.linkage.comparing import standard_of
from joinedup.engines.linkage.deciding import GROWN_YEARS
from joinedup.engines.linkage.decision import decide, is_look_alike
from joinedup.engines.linkage.keys import Said
from joinedup.engines.linkage.levels import Address, Birth, Forename, Levels, Number, Surname, levels_of
from joinedup.engines.linkage.lookup import COMMUNAL
from joinedup.engines.linkage.model import Model
from joinedup.engines.linkage.scoring import Score, Scorer
from joinedup.engines.linkage.standard import Standard

LINKED, POSSIBLE, APART = "linked", "possible", "apart"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field says: how much it weighs in bits, for or against, and why in words."""

    field: str
    level: str
    bits: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model makes of two people."""

    outcome: str  # linked, possible, apart
    probability: float
    bits: float
    evidence: tuple[Evidence, ...]
    reasons: tuple[str, ...]
    flags: tuple[str, ...]
    model_name: str


@lru_cache(maxsize=4)
def _scorer_of(text: str) -> Scorer:
    return Scorer(Model.from_text(text) if text else Model.default())


def scorer(text: str = "") -> Scorer:
    """The scorer of a model in its own words; without any, of the one that is shipped."""
    return _scorer_of(text)


def adults_born_by(on: date) -> int:
    """The year in which, or before which, whoever was born is grown and no child being adopted (LK-15)."""
    return on.year - GROWN_YEARS


def judge(
    mine: Sequence[Said], theirs: Sequence[Said], by: Scorer, *, twins: bool = False, on: date | None = None
) -> Judged:
    """The best pair of entries decides, by the rules of evidence; contradictions between any two of them hold a link
    back. `twins`: children of different names are known to share surname, birthday and home. `on`: the day it is asked
    on, which says who is grown; without it nobody is taken for a child that may have been adopted."""
    ours, other = _standards(mine, theirs, by)
    pairs = [(by.score(one, two), one, two) for one, two in product(ours, other)]
    score, one, two = max(pairs, key=lambda pair: pair[0].bits)
    grown = adults_born_by(on) if on else None
    decision = decide(one, two, score, link=by.model.link, review=by.model.review, twins=twins, adults_born_by=grown)
    flags = contradictions([*mine, *theirs])
    if twins or is_maybe_twin(score.levels):
        flags = (*flags, "twins")
    outcome = decision.outcome.value
    # PI-3: where numbers differ or they look like twins, a person decides.
    if outcome == LINKED and (
        set(flags) - {"twins"} or is_maybe_twin(score.levels) or _may_be_another_name(score.levels)
    ):
        outcome = POSSIBLE
    return Judged(
        outcome=outcome,
        probability=score.probability,
        bits=score.bits,
        evidence=_evidence(score),
        reasons=tuple(rule.sentence.rstrip(".") for rule in decision.reasons),
        flags=flags,
        model_name=by.model.version,
    )


def is_worth_judging(mine: Standard, theirs: Sequence[Standard], by: Scorer, *, on: date) -> bool:
    """Whether two people may come out as anything but apart: the quick half of `judge`, for very many pairs."""
    model, grown = by.model, adults_born_by(on)
    for each in theirs:
        found = decide(mine, each, by.score(mine, each), link=model.link, review=model.review, adults_born_by=grown)
        if found.outcome.value != APART:
            return True
    return False


def standard_for(said: Said, by: Scorer) -> Standard:
    """One entry in the forms comparisons need, with how often its names were counted."""
    return by.counted(standard_of(said))


def _standards(mine: Sequence[Said], theirs: Sequence[Said], by: Scorer) -> tuple[list[Standard], list[Standard]]:
    """Both sides in the forms comparisons need; a dwelling with very many names is no household."""
    both = [[standard_for(said, by) for said in side] for side in (mine, theirs)]
    names = {(each.dwelling, each.forename.first) for side in both for each in side if each.dwelling}
    crowd = Counter(dwelling for dwelling, _ in names)
    crowded = {dwelling for dwelling, number in crowd.items() if number > COMMUNAL}
    if not crowded:
        return both[0], both[1]
    mine_now, theirs_now = (
        [replace(each, communal=True) if each.dwelling in crowded else each for each in side] for side in both
    )
    return mine_now, theirs_now


def is_maybe_twin(levels: Levels) -> bool:
    """One surname and date of birth, another forename."""
    return (
        levels.birth in {Birth.SAME, Birth.DEFAULT}
        and levels.surname >= Surname.PART
        and Forename.UNKNOWN < levels.forename < Forename.SLIP
    )


def _may_be_another_name(levels: Levels) -> bool:
    """Rowan and Rowena may be twins, though one looks like a slip for the other: without a number in common nobody
    is linked by a name that only looks alike. The bulk run counts every name of the index first; here nobody has."""
    return is_look_alike(levels) and Number.SAME not in (levels.nhs, levels.upn)


def is_twin_of(one: Standard, other: Standard) -> bool:
    """Whether two entries look like children of one birth: birthday, home and surname are one, the forename is not."""
    levels = levels_of(one, other)
    return is_maybe_twin(levels) and levels.address in {Address.DWELLING, Address.TEXT, Address.POSTCODE}


def _evidence(score: Score) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(each.field, each.level, round(each.bits, 4), each.sentence)
        for each in score.fields
        if each.level != "unknown"
    )


def contradictions(entries: Iterable[Said]) -> tuple[str, ...]:
    """What one person cannot have: two NHS numbers, two permanent pupil numbers, dates of birth that no slip explains."""
    several = list(entries)
    flags = []
    if len({each.nhs_number for each in several if each.nhs_number}) > 1:
        flags.append("nhs_numbers")
    if len({each.upn for each in several if each.upn and not identifiers.is_temporary_upn(each.upn)}) > 1:
        flags.append("upns")
    dates = {each.birth_date for each in several if each.birth_date}
    if any(not _may_be_one_date(one, other) for one, other in product(dates, dates)):
        flags.append("birth_dates")
    return tuple(flags)


def _may_be_one_date(one: date, other: date) -> bool:
    """The same, a default for a year or two, day and month swapped, a day apart, or one figure different."""
    if one == other or abs((one - other).days) <= 1:
        return True
    if identifiers.is_default_birth_date(one) or identifiers.is_default_birth_date(other):
        return abs(one.year - other.year) <= 2
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return True
    return sum(x != y for x, y in zip(f"{one}", f"{other}", strict=True)) == 1
