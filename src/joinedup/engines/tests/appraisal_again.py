"""The appraisal a second time, written apart from the engine, to compare it with: slow, plain, year by year and intake by
intake, in decimals of fifty digits. And models drawn at random for both."""

from __future__ import annotations

import random
from decimal import Decimal, localcontext
from typing import Any

BIAS = {1: "0", 2: "0.05", 3: "0.10", 4: "0.15", 5: "0.25", 6: "0.40"}
GREEN_BOOK = ((300, "0.010"), (200, "0.015"), (125, "0.020"), (75, "0.025"), (30, "0.030"), (0, "0.035"))


def exact(number: Any) -> Decimal:
    """The number as it is written."""
    return Decimal(str(number))


def discount_factor(discount: Any, t: int) -> Decimal:
    """1 over every rate from year 1 to year t."""
    factor = Decimal(1)
    for year in range(1, t + 1):
        rate = next(rate for after, rate in GREEN_BOOK if year > after) if isinstance(discount, str) else discount
        factor /= 1 + exact(rate)
    return factor


def appraised_again(data: dict[str, Any]) -> dict[str, Any]:
    """What the command should print for a file that has no fault."""
    with localcontext(prec=50):
        return _appraised(data)


def _appraised(data: dict[str, Any]) -> dict[str, Any]:
    years = range(data["years"])
    factor = [discount_factor(data["discount"], t) for t in years]
    size = data["cohort"]["size"]
    intakes = {s: exact(people) for s, people in enumerate(size if isinstance(size, list) else [size])}
    names = []
    for line in data["costs"] + data["benefits"]:
        names += [name for name in line.get("agencies", {}) if name not in names]
    cost = [Decimal(0) for _ in years]
    fiscal = [Decimal(0) for _ in years]
    other = Decimal(0)
    gross = Decimal(0)
    cashable = Decimal(0)
    agencies = {name: [Decimal(0), Decimal(0)] for name in names}
    for line in data["costs"]:
        for t in years:
            pounds = exact(line["amounts"][t]) * (1 + exact(BIAS[line["grade"]]))
            cost[t] += pounds
            for name, share in line["agencies"].items():
                agencies[name][0] += pounds * factor[t] * exact(share)
    for line in data["benefits"]:
        of_one = exact(1) - exact(line["deadweight"])
        for key in ("prevalence", "engagement", "retention", "impact"):
            of_one *= exact(line[key])
        of_one *= exact(line.get("attribution", 1)) * (1 - exact(line.get("displacement", 0)))
        for t in years:
            for s, people in intakes.items():
                since = t - s - line.get("lag", 0)
                if since < 0:
                    continue
                number = people * of_one * ((1 - exact(line.get("drop_off", 0))) ** since if since else 1)
                kept = number * (1 - exact(BIAS[line["grade"]]))
                value = {kind: exact(line["unit_cost"].get(kind, 0)) for kind in ("fiscal", "economic", "social")}
                gross += number * value["fiscal"]
                fiscal[t] += kept * value["fiscal"]
                other += kept * (value["economic"] + value["social"]) * factor[t]
                cashable += kept * value["fiscal"] * factor[t] * exact(line.get("cashable", 0))
                for name, share in line.get("agencies", {}).items():
                    agencies[name][1] += kept * value["fiscal"] * factor[t] * exact(share)
    return _answer(factor, cost, fiscal, other, gross, cashable, agencies)


def _answer(factor, cost, fiscal, other, gross, cashable, agencies) -> dict[str, Any]:  # type: ignore[no-untyped-def]
    pv_cost = sum((c * f for c, f in zip(cost, factor, strict=True)), Decimal(0))
    pv_fiscal = sum((b * f for b, f in zip(fiscal, factor, strict=True)), Decimal(0))
    payback = None
    for t in reversed(range(len(factor))):
        spent = sum((cost[y] * factor[y] for y in range(t + 1)), Decimal(0))
        back = sum((fiscal[y] * factor[y] for y in range(t + 1)), Decimal(0))
        payback = t + 1 if back >= spent - Decimal(1).scaleb(-30) else payback
    bcr = pv_fiscal / pv_cost if pv_cost else None
    return {
        "pv_cost": pv_cost,
        "pv_fiscal": pv_fiscal,
        "pv_social_economic": other,
        "npv_fiscal": pv_fiscal - pv_cost,
        "npv_public": pv_fiscal + other - pv_cost,
        "bcr_fiscal": bcr,
        "bcr_public": (pv_fiscal + other) / pv_cost if pv_cost else None,
        "payback_year": payback,
        "cashable": cashable,
        "gross_nominal": gross,
        "switching_value": pv_cost / pv_fiscal if pv_fiscal else None,
        "agencies": {
            name: {"pv_cost": c, "pv_benefit": b, "return": b / c if c else None} for name, (c, b) in agencies.items()
        },
        "equalising_transfers": {
            name: None if bcr is None else b - c * bcr for name, (c, b) in agencies.items()
        },
    }  # fmt: skip


AGENCIES = ("Council", "NHS", "Police", "Schools", "Jobcentre Plus")


def random_model(draw: random.Random) -> dict[str, Any]:
    """A model that has no fault: usual ones and odd ones, with noughts and ones where they hurt."""
    years = draw.choice((1, 2, 3, 5, 5, 7, 10, 34))
    model: dict[str, Any] = {
        "years": years,
        "discount": draw.choice(("green-book", 0, 0.035, 0.1, round(draw.random() / 5, 4))),
        "cohort": {"size": _size(draw, years)},
        "costs": [_cost(draw, years) for _ in range(draw.randint(0, 4))],
        "benefits": [_benefit(draw, number) for number in range(draw.randint(0, 5))],
    }
    return model


def _size(draw: random.Random, years: int) -> Any:
    if draw.random() < 0.5:
        return draw.choice((0, 1, 525, draw.randint(1, 5000), 12.5))
    return [draw.choice((0, draw.randint(1, 900))) for _ in range(draw.randint(1, years))]


def _share(draw: random.Random) -> float:
    return draw.choice((0, 1, round(draw.random(), 3), round(draw.random(), 2), 0.5))


def _shares(draw: random.Random) -> dict[str, float]:
    names = draw.sample(AGENCIES, draw.randint(1, 4))
    parts = sorted(draw.randint(0, 100) for _ in names[1:])
    edges = [0, *parts, 100]
    return {name: (edges[place + 1] - edges[place]) / 100 for place, name in enumerate(names)}


def _cost(draw: random.Random, years: int) -> dict[str, Any]:
    amounts = [draw.choice((0, draw.randint(0, 2_000_000), 1234.56)) for _ in range(years)]
    return {"amounts": amounts, "grade": draw.randint(1, 6), "agencies": _shares(draw)}


def _benefit(draw: random.Random, number: int) -> dict[str, Any]:
    kinds = draw.sample(("fiscal", "economic", "social"), draw.randint(1, 3))
    line = {
        "code": f"B{number}",
        "prevalence": draw.choice((0, 1, 2.4, round(draw.random(), 3))),
        "engagement": _share(draw),
        "retention": _share(draw),
        "impact": _share(draw),
        "deadweight": _share(draw),
        "unit_cost": {kind: draw.choice((0, draw.randint(1, 60_000), 51_080.25)) for kind in kinds},
        "agencies": _shares(draw),
        "lag": draw.choice((0, 0, 1, 2, 4, 40)),
        "drop_off": _share(draw),
        "grade": draw.randint(1, 6),
        "cashable": _share(draw),
    }
    if draw.random() < 0.2:
        line |= {"attribution": _share(draw), "displacement": _share(draw)}
    return line
