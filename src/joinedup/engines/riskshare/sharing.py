"""The sum itself: from a variance and a method to each partner's pence, adding back exactly."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from joinedup.engines.riskshare.methods import (
    Capped,
    Case,
    Commissioned,
    Contingency,
    Fixed,
    Proportional,
    Responsible,
    Result,
    Simple,
    Step,
    Tiered,
)


def share_out(case: Case) -> Result:
    """Share a fund's variance among its partners.

    Caps and tiers are about overspends; an underspend under them goes back in proportion to opening contributions.
    Within each tier (or the whole, where there are none) every share is less than a penny from its exact value, the
    pennies left over go to the largest remainders, and the earlier partner comes first where two are equal.

    `case` is as `reading` gives it: complete and without contradictions. Raises ``ValueError`` where nobody could bear
    the money, ``KeyError`` where a scheme is led or commissioned by nobody.
    """
    method = case.method
    if isinstance(method, Capped | Tiered) and case.variance_pence < 0:
        method = Proportional()
    steps = _tier_by_tier(case, method) if isinstance(method, Tiered) else [_step(case, method, case.variance_pence)]
    return Result(
        shares={partner: sum(step.shares[partner] for step in steps) for partner in case.partners},
        unallocated=sum(step.unallocated for step in steps),
        contingency=sum(step.contingency for step in steps),
        steps=tuple(steps),
    )


def _tier_by_tier(case: Case, method: Tiered) -> list[Step]:
    """Take the overspend slice by slice; what is wider than every tier is unallocated."""
    left = case.variance_pence
    steps: list[Step] = []
    for tier in method.tiers:
        pence = left if tier.width is None else min(tier.width, left)
        if pence:
            steps.append(_step(case, tier.method, pence))
        left -= pence
    if left:
        steps.append(Step("unallocated", left, dict.fromkeys(case.partners, 0), unallocated=left))
    return steps


def _step(case: Case, method: Simple | Contingency, pence: int) -> Step:
    if isinstance(method, Contingency):
        return Step(method.name, pence, dict.fromkeys(case.partners, 0), contingency=pence)
    shares = _capped(case, method, pence) if isinstance(method, Capped) else in_whole_pence(_exact(case, method, pence))
    return Step(method.name, pence, shares, unallocated=pence - sum(shares.values()))


def _exact(case: Case, method: Proportional | Fixed | Responsible | Commissioned, pence: int) -> dict[str, Fraction]:
    """Each partner's exact share of `pence`, in the partners' order."""
    if isinstance(method, Proportional):
        return _weighed(pence, case.partners, case.partners)
    if isinstance(method, Fixed):
        return _weighed(pence, method.shares, case.partners)
    exact = dict.fromkeys(case.partners, Fraction(0))
    # A tier bears the same mix of schemes as the whole variance does.
    part = Fraction(pence, case.variance_pence) if case.variance_pence else Fraction(1)
    for scheme, its_pence in case.by_scheme.items():
        if isinstance(method, Responsible):
            exact[method.lead[scheme]] += part * its_pence
        else:
            for partner, share in _weighed(part * its_pence, method.shares[scheme], case.partners).items():
                exact[partner] += share
    return exact


def _weighed(
    pence: int | Fraction, weights: Mapping[str, int] | Mapping[str, Fraction], partners: Mapping[str, int]
) -> dict[str, Fraction]:
    whole = sum(Fraction(weight) for weight in weights.values())
    if not pence:
        return dict.fromkeys(partners, Fraction(0))  # whoever they are and whatever they put in
    if whole <= 0:
        raise ValueError("There is nobody to share the money between.")
    return {partner: pence * Fraction(weights.get(partner, 0)) / whole for partner in partners}


def _capped(case: Case, method: Capped, pence: int) -> dict[str, int]:
    """Share by opening contributions, stopping each partner at its cap and sharing its excess among those below theirs.

    A partner who contributed nothing bears nothing. What every cap together leaves is in nobody's share.
    """
    borne = dict.fromkeys(case.partners, 0)
    below = {partner: weight for partner, weight in case.partners.items() if weight}
    left = pence
    while below and left:
        exact = _weighed(left, below, below)
        over = [partner for partner in below if partner in method.caps and exact[partner] > method.caps[partner]]
        if not over:
            return {**borne, **in_whole_pence(exact)}
        for partner in over:
            borne[partner] = method.caps[partner]
            left -= borne[partner]
            del below[partner]
    return borne


def in_whole_pence(exact: Mapping[str, Fraction]) -> dict[str, int]:
    """Round exact shares to whole pence that have the same sum, by largest remainder, the earlier first where equal.

    The exact shares must add up to whole pence. Each is cut to whole pence towards nought; the pennies that are then
    missing (or too many, where some shares are negative) go to the largest remainders of that sign. So nobody whose
    exact share is whole pence gets a penny more or less, and a variance of the other sign gives the other signs.
    """
    pence = {partner: int(share) for partner, share in exact.items()}
    missing = sum(exact.values()) - sum(pence.values())
    penny = -1 if missing < 0 else 1
    remainders = {partner: (share - pence[partner]) * penny for partner, share in exact.items()}
    for partner in sorted(remainders, key=lambda each: -remainders[each])[: abs(int(missing))]:
        pence[partner] += penny
    return pence
