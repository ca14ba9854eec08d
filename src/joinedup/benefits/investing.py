"""Stakes and returns of a programme's partners over all its cases, how they settle, and what changed since last time.
Pure; pence wherever something is kept, pounds where the engine of appraisal reckons."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from joinedup.benefits.pounds import in_pounds
from joinedup.benefits.realising import forecast_lines
from joinedup.engines.appraisal import GRADES, Model, Settlement, appraise, equal_net_gain, equal_return, shapley
from joinedup.engines.appraisal.appraising import Stake

METHODS: dict[str, str] = {
    "equal_return": "Equal return: everybody gets the same back for each pound",
    "equal_net_gain": "Equal net gain: everybody ends with the same pounds",
    "shapley": "Shapley: everybody gets what they add to every coalition",
}
SHORT = {"equal_return": "Equal return", "equal_net_gain": "Equal net gain", "shapley": "Shapley"}
_WAYS: dict[str, Callable[..., Settlement]] = {
    "equal_return": equal_return, "equal_net_gain": equal_net_gain, "shapley": shapley,
}  # fmt: skip


class Basis(StrEnum):
    """What a settlement goes by."""

    FORECAST = "forecast"
    MEASURED = "measured"


BASES = {
    Basis.FORECAST.value: "What the newest business cases forecast, over all their years",
    Basis.MEASURED.value: "What was put in by now and what was measured; of that, what was banked counts as cashable",
}


@dataclass(frozen=True, slots=True)
class PartnerYears:
    """One partner over the years of a programme, in pence after bias and undiscounted; the present values in pounds."""

    code: str
    costs: tuple[int, ...]
    returns: tuple[int, ...]
    cashable: tuple[int, ...]
    present: Stake


def partner_years(models: Iterable[Model], codes: Sequence[str], years: int) -> list[PartnerYears]:
    """Every partner's stakes and returns over these cases, in the order of `codes`; others named in a case come after."""
    cases = list(models)
    named = [*codes, *sorted({name for each in cases for name in each.agencies} - set(codes))]
    length = max([years, *(each.years for each in cases)])
    costs, returns, cash = ({name: [0] * length for name in named} for _ in range(3))
    present: dict[str, list[Stake]] = {name: [] for name in named}
    for model in cases:
        for line in model.costs:
            bias = GRADES[line.grade].optimism_bias
            for year, pounds in enumerate(line.amounts):
                for name, part in line.agencies.items():
                    costs[name][year] += math.floor(pounds * (1 + bias) * part * 100 + 0.5)
        for each in forecast_lines(model):
            for year in range(len(each.years)):
                returns[each.agency][year] += each.years[year]
                cash[each.agency][year] += each.cashable[year]
        for name, stake in appraise(model).agencies.items():
            present[name].append(stake)
    return [
        PartnerYears(name, tuple(costs[name]), tuple(returns[name]), tuple(cash[name]), _sum(present[name]))
        for name in named
    ]


def _sum(stakes: Sequence[Stake]) -> Stake:
    return Stake(
        math.fsum(each.pv_cost for each in stakes), math.fsum(each.pv_benefit for each in stakes),
        math.fsum(each.pv_cashable for each in stakes),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settled:
    """One way of settling: pence that each partner pays in (below nought: is paid), which add up to nothing; and what
    payers would have paid without the cap."""

    method: str
    transfers: Mapping[str, int]
    unmet_pence: int = 0


def settle(method: str, stakes: Mapping[str, Stake], *, capped: bool, parts: int = 1) -> Settled | None:
    """The settlement in pence, or its first of so many equal parts; None where these stakes do not allow the method."""
    if not stakes:
        return None
    try:
        found = _WAYS[method](stakes, capped=capped)
    except ValueError:
        return None
    scaled = {name: pounds / parts for name, pounds in found.transfers.items()}
    unmet = math.floor(found.unmet / parts * 100 + 0.5)
    return Settled(method, Settlement(found.method, scaled).in_pence(), unmet)


def next_years_level(total: Mapping[str, int], moved: Mapping[str, int], years: int) -> dict[str, int]:
    """What each partner is to pay in each year from next year on: the whole settlement less what was moved up to the end of
    this year, in equal parts over the years that begin after it. Where what is left adds up to nothing, so do the parts."""
    left = {name: pence - moved.get(name, 0) for name, pence in total.items()}
    parts = {name: divmod(pence, years) for name, pence in left.items()}
    over = math.floor(sum(left.values()) / years + 0.5) - sum(whole for whole, _ in parts.values())
    largest = sorted(left, key=lambda name: -parts[name][1])[: max(0, over)]
    return {name: whole + (name in largest) for name, (whole, _) in parts.items()}


@dataclass(frozen=True, slots=True)
class Accepted:
    """A change of a partner's yearly contribution that a fund accepted, from a year on."""

    code: str
    year: int
    pence: int


def moved_before(changes: Iterable[Accepted], year: int) -> tuple[dict[str, int], dict[str, int]]:
    """What accepted changes have moved until `year` begins, and what they go on moving in it, by partner: a change goes on
    every year, because the year after starts from what was put in."""
    until: dict[str, int] = {}
    level: dict[str, int] = {}
    for each in changes:
        until[each.code] = until.get(each.code, 0) + each.pence * max(0, year - each.year)
        level[each.code] = level.get(each.code, 0) + (each.pence if each.year <= year else 0)
    return until, level


def every_way(stakes: Mapping[str, Stake], *, capped: bool) -> list[Settled]:
    """Every method these stakes allow."""
    return [found for method in METHODS if (found := settle(method, stakes, capped=capped)) is not None]


# --- What changed.


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two quarters, in words and pence."""

    words: str
    pence: int


_FIGURES = (
    ("stake", "is to put in"), ("forecast", "is forecast to gain"), ("measured", "has gained, as measured"),
    ("banked", "has banked"),
)  # fmt: skip


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Change]:
    """What is different between two frozen positions, the partners in their order and then the benefits."""
    if before is None:
        return []
    found = []
    old = {each["code"]: each for each in before["partners"]}
    for each in after["partners"]:
        there = old.get(each["code"], {})
        for key, words in _FIGURES:
            pence = int(each[key]) - int(there.get(key, 0))
            if pence:
                how = "more" if pence > 0 else "less"
                text = f"{each['name']} {words} {in_pounds(abs(pence))} {how}: {in_pounds(each[key])}, was {in_pounds(there.get(key, 0))}."
                found.append(Change(text, pence))
    return found + _benefit_changes(before, after)


def _benefit_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old = {each["id"]: each for each in before["benefits"]}
    found = []
    for each in after["benefits"]:
        there = old.get(each["id"])
        name = f"{each['title']} ({each['partner']})"
        if there is None:
            found.append(Change(f"{name} is new, forecast at {in_pounds(each['forecast'])}.", int(each["forecast"])))
            continue
        if there["state"] != each["state"]:
            pence = int(each["measured"] or 0) - int(there["measured"] or 0)
            found.append(Change(f"{name} went from {there['state']} to {each['state']}.", pence))
        elif (there["measured"] or 0) != (each["measured"] or 0):
            pence = int(each["measured"] or 0) - int(there["measured"] or 0)
            now, was = in_pounds(each["measured"] or 0), in_pounds(there["measured"] or 0)
            found.append(Change(f"{name} is measured at {now}, was {was}.", pence))
    return found
