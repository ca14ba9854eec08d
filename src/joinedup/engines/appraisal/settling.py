"""Who should pay whom, so that a programme is fair between those who put in and those who gain.

A transfer is what an agency pays in (positive) or is paid (negative); all of them add up to nothing. Three ways:

* **equal return**: every agency gets the same back for each pound. In a programme that loses money, it shares the loss.
* **equal net gain**: every agency ends up with the same pounds.
* **Shapley**: each gets what it adds on average to every coalition it might join.

Where partners agreed it, nobody pays in more than its cashable benefit; those who are paid then get less, in proportion.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

from joinedup.engines.appraisal.appraising import Stake, ratio

MOST_PARTNERS = 16
Worth = Callable[[frozenset[str]], float]
"""What a coalition of partners could gain by itself."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """The transfers of one way of settling; `unmet` is what payers would have paid without the cap."""

    method: str
    transfers: Mapping[str, float]
    unmet: float = 0.0

    def net(self, stakes: Mapping[str, Stake]) -> dict[str, float]:
        """What each agency is left with: benefit, less cost, less what it pays in."""
        return {
            name: math.fsum((stake.pv_benefit, -stake.pv_cost, -self.transfers[name])) for name, stake in stakes.items()
        }

    def in_pence(self) -> dict[str, int]:
        """The transfers in whole pence that add up to nothing exactly: each is less than a penny from what is owed, the
        largest remainders first, the earlier agency first where two are equal."""
        exact = {name: pounds * 100 for name, pounds in self.transfers.items()}
        floors = {name: math.floor(pence) for name, pence in exact.items()}
        short = -sum(floors.values())
        by_remainder = sorted(exact, key=lambda name: floors[name] - exact[name])
        return {name: floors[name] + (by_remainder.index(name) < short) for name in exact}


def equal_return(stakes: Mapping[str, Stake], *, capped: bool = False) -> Settlement:
    """Every agency ends with the programme's own return on what it put in. Raises ``ValueError`` where nobody put
    anything in."""
    costs, benefits = _sums(stakes)
    returned = ratio(benefits, costs)
    if returned is None:
        raise ValueError("Nobody puts anything in, so there is no return to make equal.")
    owed = {name: stake.pv_benefit - stake.pv_cost * returned for name, stake in stakes.items()}
    return _settled("equal return", owed, stakes, capped)


def equal_net_gain(stakes: Mapping[str, Stake], *, capped: bool = False) -> Settlement:
    """Every agency ends with the same pounds, gain or loss."""
    costs, benefits = _sums(stakes)
    each = (benefits - costs) / len(stakes) if stakes else 0.0
    owed = {name: stake.pv_benefit - stake.pv_cost - each for name, stake in stakes.items()}
    return _settled("equal net gain", owed, stakes, capped)


def shapley(stakes: Mapping[str, Stake], worth: Worth | None = None, *, capped: bool = False) -> Settlement:
    """Every agency ends with what it adds, on average over every order in which the agencies might join.

    `worth` says what a coalition could gain alone; what all of them gain is taken from the stakes. Without it, a coalition
    is a programme as large as its own money makes it, of which it keeps the benefits that fall to its own members.
    Raises ``ValueError`` for more than 16 agencies.
    """
    if len(stakes) > MOST_PARTNERS:
        raise ValueError(f"There are {len(stakes)} agencies; every coalition of more than {MOST_PARTNERS} is too many.")
    costs, benefits = _sums(stakes)
    values = shapley_values(list(stakes), worth or _scaled(stakes))
    astray = ((benefits - costs) - math.fsum(values.values())) / len(stakes) if stakes else 0.0
    owed = {name: stake.pv_benefit - stake.pv_cost - values[name] - astray for name, stake in stakes.items()}
    return _settled("Shapley", owed, stakes, capped)


def settlements(stakes: Mapping[str, Stake], *, capped: bool = False) -> tuple[Settlement, ...]:
    """Every way of settling that these stakes allow."""
    found = [equal_net_gain(stakes, capped=capped)]
    costs, benefits = _sums(stakes)
    if ratio(benefits, costs) is not None:
        found.insert(0, equal_return(stakes, capped=capped))
    if len(stakes) <= MOST_PARTNERS:
        found.append(shapley(stakes, capped=capped))
    return tuple(found)


def shapley_values(partners: list[str], worth: Worth) -> dict[str, float]:
    """What each partner adds on average, over all orders of joining. Nobody together is worth nothing."""
    count = len(partners)
    known: dict[frozenset[str], float] = {frozenset(): 0.0}
    for size in range(1, count + 1):
        for chosen in combinations(partners, size):
            known[frozenset(chosen)] = worth(frozenset(chosen))
    weights = [math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count) for size in range(count)]
    return {
        name: math.fsum(
            weights[len(others)] * (known[others | {name}] - value)
            for others, value in known.items()
            if name not in others
        )
        for name in partners
    }


def _scaled(stakes: Mapping[str, Stake]) -> Worth:
    costs, _ = _sums(stakes)

    def part(put_in: float) -> float:
        found = ratio(put_in, costs)
        return 1.0 if found is None else found

    def worth(coalition: frozenset[str]) -> float:
        put_in = math.fsum(stakes[name].pv_cost for name in sorted(coalition))
        gained = math.fsum(stakes[name].pv_benefit for name in sorted(coalition))
        return gained * part(put_in) - put_in

    return worth


def _sums(stakes: Mapping[str, Stake]) -> tuple[float, float]:
    costs = math.fsum(stake.pv_cost for stake in stakes.values())
    return costs, math.fsum(stake.pv_benefit for stake in stakes.values())


def _settled(method: str, owed: dict[str, float], stakes: Mapping[str, Stake], capped: bool) -> Settlement:
    if not capped:
        return Settlement(method, owed)
    paid = {name: min(pounds, stakes[name].pv_cashable) for name, pounds in owed.items() if pounds > 0}
    there = math.fsum(paid.values())
    wanted = math.fsum(-pounds for pounds in owed.values() if pounds < 0)
    part = there / wanted if wanted else 0.0
    transfers = {name: paid.get(name, pounds * part) for name, pounds in owed.items()}
    return Settlement(f"{method}, capped by cashable", transfers, math.fsum(p for p in owed.values() if p > 0) - there)
