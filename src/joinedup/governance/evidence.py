"""The figures that speak for the elements of the framework: each a named function of a part's own queries, counted afresh
whenever it is asked, and frozen when a report is published."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from joinedup.access.actor import Actor
from joinedup.engines.money import format_pounds

UNITS = {"share": "per cent", "number": "", "hours": "hours", "days": "days", "pence": "pounds"}


@dataclass(frozen=True)
class Period:
    """From a day to a day, both in it. `kept` holds what several figures of one count are taken from, so that it is read once."""

    since: date
    until: date
    kept: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Reading:
    """A figure as it was counted. `number` of `of` where it is a share or an average."""

    value: Decimal
    number: int | None = None
    of: int | None = None


Count = Callable[[Actor, Period], Reading | None]


@dataclass(frozen=True)
class Figure:
    """One figure. `count` gives None where there is nothing to count from: nothing happened yet, or the part that holds it is
    not installed; `why_none` says which. `part` is where it comes from, in words."""

    name: str
    words: str
    unit: str
    part: str
    count: Count
    is_more_better: bool = True
    why_none: str = "Nothing to count from yet."

    def said(self, reading: Reading | None) -> str:
        """A reading in words: `83 per cent (15 of 18)`."""
        if reading is None:
            return f"Not yet available: {self.why_none}"
        if self.unit == "pence":
            return format_pounds(int(reading.value))
        plain = f"{reading.value.normalize():,f}"
        unit = UNITS[self.unit]
        beside = f" ({reading.number:,} of {reading.of:,})" if reading.of is not None and self.unit == "share" else ""
        return f"{plain}{' ' + unit if unit else ''}{beside}"

    def bound(self, value: Decimal) -> str:
        """A bound of a band in words; pounds are written as such."""
        return (
            format_pounds(int(value)) if self.unit == "pence" else f"{value.normalize():,f} {UNITS[self.unit]}".strip()
        )


_figures: dict[str, Figure] = {}


def register_figure(figure: Figure) -> None:
    """Called when a part's figures are declared; a name is one figure."""
    _figures[figure.name] = figure


def figure_named(name: str) -> Figure | None:
    """The figure of a name; None where no part declares it any more."""
    return _figures.get(name)


def every_figure() -> list[Figure]:
    """All of them, as they were declared."""
    return list(_figures.values())


def count_figures(viewer: Actor, names: Collection[str], period: Period) -> dict[str, Reading | None]:
    """Count those of these names that are declared, each once."""
    return {name: _figures[name].count(viewer, period) for name in dict.fromkeys(names) if name in _figures}


def kept_of(counted: Mapping[str, Reading | None]) -> dict[str, Any]:
    """Readings as they are kept with a draft."""
    return {name: None if each is None else [str(each.value), each.number, each.of] for name, each in counted.items()}


def read_kept(kept: Mapping[str, Any]) -> dict[str, Reading | None]:
    """Readings as `kept_of` wrote them."""
    return {name: None if each is None else Reading(Decimal(each[0]), *each[1:]) for name, each in kept.items()}


def share(number: int, of: int) -> Reading | None:
    """So many of so many, in per cent to one digit; None of none."""
    return Reading(round(Decimal(100) * number / of, 1), number, of) if of else None


def average(number: int, of: int) -> Reading | None:
    """So many for each of so many, to two digits; None of none."""
    return Reading(round(Decimal(number) / of, 2), number, of) if of else None


def whole(number: int) -> Reading:
    """A plain number."""
    return Reading(Decimal(number))
