"""What somebody asks on the what-if page, read from its address: a box and a slider for each number, of which the one that was moved
counts. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joinedup.capacity.modelling import TRIAGE, changed

LIMITS: dict[str, tuple[float, float, float]] = {
    "servers": (1, 400, 1), "caseload": (1, 40, 1), "stay": (0.05, 600, 0.05), "target": (0.25, 90, 0.25),
}  # fmt: skip
WORDS = {
    "servers": "Workers", "caseload": "Families each holds at once", "stay": "Working days a family is held", "target": "Target, working days",
}  # fmt: skip
DEMAND = (0.1, 400.0, 0.1)


@dataclass(frozen=True)
class Knob:
    """A number that can be changed: its names in the address, what it is now and what it was, and how far its slider goes."""

    name: str
    label: str
    value: str
    was: str
    least: str
    most: str
    step: str
    error: str = ""


@dataclass(frozen=True)
class Asked:
    """What is asked: the changed model, the knobs to show again, and what cannot be read."""

    model: dict[str, Any]
    demand: Knob
    stations: tuple[tuple[str, tuple[Knob, ...]], ...]
    errors: tuple[tuple[str, str], ...]
    is_changed: bool


def asked(base: Mapping[str, Any], said: Mapping[str, str]) -> Asked:
    """The model with what was said changed; where a number cannot be read the base's stands, with a sentence."""
    demand, per_day = _knob("per_day", "Families who come a day", float(base["arrivals"]["per_day"]), DEMAND, said)
    shown, changes = [], {}
    knobs = [demand]
    for number, station in enumerate(base["stations"]):
        values: dict[str, float] = {"servers": station["servers"]}
        if station["name"] != TRIAGE:
            values |= {"caseload": station.get("caseload", 1), "stay": station["service"]["mean"]}
        values["target"] = station.get("target_total") or station.get("target_wait") or 0.0
        mine, told = [], {}
        for kind, value in values.items():
            knob, told[kind] = _knob(f"s{number}_{kind}", WORDS[kind], float(value), LIMITS[kind], said)
            mine.append(knob)
        changes[station["name"]] = told
        shown.append((station["name"], tuple(mine)))
        knobs += mine
    errors = tuple((f"#{each.name}", each.error) for each in knobs if each.error)
    made = changed(base, per_day, changes)
    return Asked(made, demand, tuple(shown), errors, any(each.value != each.was for each in knobs))


def _knob(
    name: str, label: str, base: float, limits: tuple[float, float, float], said: Mapping[str, str]
) -> tuple[Knob, float]:
    """What counts: the box where it was typed in, else the slider where it was moved. `_was` says what both showed before."""
    least, most, step = limits
    was = said.get(f"{name}_was", "").strip() or plain(base)
    box, slid = said.get(name, was).strip(), said.get(f"{name}_slider", "").strip()
    moved = slid if slid and box == was and slid != _on_slider(was, limits) else box
    number = _read(moved)
    most_here = max(step * 10, min(most, _ceiling(base, step)))
    room = (plain(least), plain(most_here), plain(step))
    if number is None or not least <= number <= most or (step == 1 and number != int(number)):
        error = f"{label}: enter a {'whole ' if step == 1 else ''}number from {plain(least)} to {plain(most)}"
        return Knob(name, label, moved[:12], plain(base), *room, error), base
    return Knob(name, label, plain(number), plain(base), *room), number


def _ceiling(base: float, step: float) -> float:
    """Where a slider ends: at three times the base, on one of its steps."""
    return round(round(base * 3 / step) * step, 6)


def _on_slider(was: str, limits: tuple[float, float, float]) -> str:
    """Where a slider stands that shows a number between two of its steps: browsers put it on the nearest."""
    number = _read(was)
    if number is None:
        return was
    least, _, step = limits
    return plain(round(least + round((number - least) / step) * step, 6))


def _read(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text, re.ASCII) else None


def plain(number: float) -> str:
    """A number as a box shows it."""
    return f"{number:.4f}".rstrip("0").rstrip(".")
