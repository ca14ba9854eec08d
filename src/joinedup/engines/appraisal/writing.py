"""A model as data again, and as the text of a TOML file that reads back as the same model."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any

from joinedup.engines.appraisal.model import Benefit, Cost, Model
from joinedup.engines.appraisal.tables import SCHEDULES, USUAL_DEFLATOR

_USUAL = {each.name: each.default for each in fields(Benefit)}


def model_data(model: Model) -> dict[str, Any]:
    """The model as `read` takes it: only what is not as usual. Intakes are a list even where there is one."""
    data: dict[str, Any] = {"name": model.name} if model.name else {}
    data["years"] = model.years
    name = model.discount.origin.name
    data["discount"] = name if name in SCHEDULES else model.discount.bands[0][1]
    if model.price_year:
        data["price_year"] = model.price_year
    if model.deflator.origin.name != USUAL_DEFLATOR:
        data["deflator"] = model.deflator.origin.name
    data["cohort"] = {"size": model.intakes[0] if len(model.intakes) == 1 else list(model.intakes)}
    if model.cohort_grade:
        data["cohort"]["grade"] = model.cohort_grade
    data["costs"] = [_cost(line) for line in model.costs]
    data["benefits"] = [_benefit(line) for line in model.benefits]
    return data


def model_toml(model: Model) -> str:
    """The model as the text of a TOML file."""
    data = model_data(model)
    lines = [f"{key} = {_value(value)}" for key, value in data.items() if key not in {"cohort", "costs", "benefits"}]
    lines += [f"{key} = []" for key in ("costs", "benefits") if not data[key]]
    lines += ["", "[cohort]", *(f"{key} = {_value(value)}" for key, value in data["cohort"].items())]
    for key in ("costs", "benefits"):
        for line in data[key]:
            lines += ["", f"[[{key}]]", *(f"{name} = {_value(value)}" for name, value in line.items())]
    return "\n".join(lines) + "\n"


def _cost(line: Cost) -> dict[str, Any]:
    words = {key: value for key, value in (("code", line.code), ("name", line.name)) if value}
    return {**words, "amounts": list(line.amounts), "grade": line.grade, "agencies": dict(line.agencies)}


def _benefit(line: Benefit) -> dict[str, Any]:
    data = {each.name: getattr(line, each.name) for each in fields(Benefit)}
    unit_cost = {kind: value for kind, value in asdict(line.unit_cost).items() if value} or {"fiscal": 0.0}
    data |= {"unit_cost": unit_cost, "agencies": dict(line.agencies)}
    return {key: value for key, value in data.items() if value != _USUAL[key] and (value or key != "agencies")}


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_text(key)} = {_value(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _text(value) if isinstance(value, str) else repr(value)


def _text(words: str) -> str:
    """A basic string: JSON's own spelling is TOML's too, but for what ASCII spells as a pair of surrogates."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
