"""What a business case comes to, as data that is kept with a round and shown beside it. Pure."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from joinedup.engines.appraisal import (
    GRADES,
    Model,
    Stake,
    appraise,
    origins,
    read,
    simulate_with_shape,
    tornado,
    verdict,
    warnings,
)
from joinedup.engines.appraisal.appraising import quantities

DRAWS = 20_000
SEED = 1
BARS = 12


@dataclass(frozen=True)
class BenefitLine:
    """A line of benefit of a case: the shares each agency has of its fiscal value, and what that is to be in each year:
    pounds after optimism bias, at the model's prices, undiscounted."""

    place: int
    code: str
    name: str
    grade: int
    lag: int
    cashable: float
    fiscal: tuple[float, ...]
    avoided: tuple[float, ...]
    agencies: Mapping[str, tuple[float, ...]]


def results_of(model: Model, *, draws: int = DRAWS, seed: int = SEED) -> dict[str, Any]:
    """The answer of the engine with what it stands on: as `joinedup appraise --json` prints it, and the years."""
    found = appraise(model)
    drawn, shape = simulate_with_shape(model, draws=draws, seed=seed)
    return {
        **found.as_data(),
        "verdict": verdict(found),
        "warnings": list(warnings(model)),
        "parameters": [origin.as_data() for origin in origins(model)],
        "cashable_by_agency": {name: stake.pv_cashable for name, stake in found.agencies.items()},
        "years": [
            {
                "factor": each.factor, "cost": each.cost, "fiscal": each.fiscal, "social_economic": each.social_economic,
                "cashable": each.cashable, "cost_so_far": each.cost_so_far, "fiscal_so_far": each.fiscal_so_far,
            }
            for each in found.yearly
        ],
        "benefits": [
            {
                "code": line.benefit.code, "pv_fiscal": line.pv_fiscal, "pv_economic": line.pv_economic,
                "pv_social": line.pv_social, "pv_cashable": line.pv_cashable, "optimism_bias": line.optimism_bias,
                "price_factor": line.price_factor, "avoided": line.avoided,
            }
            for line in found.lines
        ],
        "tornado": [bar.as_data() for bar in tornado(model)[:BARS]],
        "monte_carlo": drawn.as_data(),
        "shape": {"low": shape.low, "step": shape.step, "counts": list(shape.counts)},
    }  # fmt: skip


def digest_of(model: Mapping[str, Any], results: Mapping[str, Any]) -> str:
    """SHA-256 of a round's model and results, the same however a database spells their numbers."""
    said = json.dumps([_plain(model), _plain(results)], sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(float(value) + 0.0)
    return value


def benefit_lines(data: Mapping[str, Any]) -> tuple[BenefitLine, ...]:
    """The lines of benefit of a whole model."""
    model = read(data)
    found = []
    for place, line in enumerate(model.benefits):
        avoided = quantities(model, line)
        worth = avoided * (1 - GRADES[line.grade].optimism_bias) * model.uplift(line) * line.unit_cost.fiscal
        found.append(
            BenefitLine(
                place, line.code, line.name, line.grade, line.lag, line.cashable, tuple(map(float, worth)),
                tuple(map(float, avoided)),
                {name: tuple(float(each) for each in worth * share) for name, share in line.agencies.items()},
            )
        )  # fmt: skip
    return tuple(found)


def stakes_of(results: Iterable[Mapping[str, Any]]) -> dict[str, Stake]:
    """What each agency puts in and gets out over several cases' results."""
    sums: dict[str, tuple[list[float], list[float], list[float]]] = {}
    for each in results:
        cashable = each.get("cashable_by_agency", {})
        for name, stake in each["agencies"].items():
            costs, benefits, cash = sums.setdefault(name, ([], [], []))
            costs.append(stake["pv_cost"])
            benefits.append(stake["pv_benefit"])
            cash.append(cashable.get(name, 0.0))
    return {name: Stake(*(math.fsum(each) for each in sums[name])) for name in sorted(sums)}
