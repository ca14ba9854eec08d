"""A case with some inputs otherwise, for a moment: what if. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from joinedup.benefits.case_pictures import ratio
from joinedup.core.figures import Table
from joinedup.engines.appraisal import (
    Model,
    appraise,
    delayed,
    pounds,
    schedule_named,
    verdict,
    without_bias,
    worse_grades,
)


@dataclass(frozen=True)
class Tried:
    """What comes out otherwise, beside what comes out now."""

    verdict: str
    table: Table


def tried(model: Model, said: Mapping[str, Any]) -> Tried:
    """The case with what was said changed: shares of now for people, impact, costs and worth; years later; grades."""
    now, then = appraise(model), appraise(changed(model, said))
    rows = [
        (words, pounds(getattr(now, key)), pounds(getattr(then, key)), _moved(getattr(then, key) - getattr(now, key)))
        for words, key in (
            ("Cost", "pv_cost"), ("Benefit to public purses", "pv_fiscal"), ("Net, public purses", "npv_fiscal"),
            ("Net, public value", "npv_public"), ("Could be cashed", "pv_cashable"),
        )
    ]  # fmt: skip
    rows.append(("Back for £1, public purses", ratio(now.bcr_fiscal), ratio(then.bcr_fiscal), ""))
    rows.append(("Pays back by the end of year", str(now.payback_year or "–"), str(then.payback_year or "–"), ""))
    return Tried(verdict(then), Table(("Figure", "Now", "Then", "Change"), tuple(rows), "What if"))


def _moved(difference: float) -> str:
    words = pounds(difference)
    return "no change" if words in {"£0", "-£0"} else words if difference < 0 else f"+{words}"


def changed(model: Model, said: Mapping[str, Any]) -> Model:
    """The model as it would be."""
    people, costs = _times(said, "people"), _times(said, "costs")
    made = replace(
        model,
        intakes=tuple(each * people for each in model.intakes),
        costs=tuple(replace(line, amounts=tuple(each * costs for each in line.amounts)) for line in model.costs),
        benefits=tuple(
            replace(
                line, impact=min(line.impact * _times(said, "impact"), 1.0),
                unit_cost=replace(
                    line.unit_cost, **{
                        kind: getattr(line.unit_cost, kind) * _times(said, "worth") for kind in ("fiscal", "economic", "social")
                    },
                ),
            )
            for line in model.benefits
        ),
    )  # fmt: skip
    if said.get("later"):
        made = delayed(made, int(said["later"]))
    evidence = said.get("evidence")
    made = worse_grades(made) if evidence == "worse" else without_bias(made) if evidence == "best" else made
    schedule = schedule_named(said["discount"]) if said.get("discount") else None
    return replace(made, discount=schedule) if schedule else made


def _times(said: Mapping[str, Any], key: str) -> float:
    value = said.get(key)
    return 1.0 if value in (None, "") else float(value)
