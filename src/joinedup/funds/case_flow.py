"""What case work counts, for forecasts: a part above registers a number it can say for any day. Funds know no case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from joinedup.access.actor import Actor

Counter = Callable[[Actor, Sequence[date]], Sequence[int]]


@dataclass(frozen=True)
class Measure:
    """A number somebody counts, such as open cases: its code, what it is called, and how many there were on each of some
    days."""

    code: str
    name: str
    count: Counter


_measures: dict[str, Measure] = {}


def register_measure(code: str, name: str, count: Counter) -> None:
    """Called from the `apps.py` of a part above: `count(viewer, days)` gives the number at the end of each day, without
    saying who they are."""
    if code in _measures:
        raise ValueError(f"measure {code} is registered twice")
    _measures[code] = Measure(code, name, count)


def measures(viewer: Actor) -> list[Measure]:
    """Every number that is counted in this installation, by name."""
    return sorted(_measures.values(), key=lambda each: (each.name, each.code))


def measure(code: str) -> Measure | None:
    """One of them; None where the part that counted it is not there."""
    return _measures.get(code)
