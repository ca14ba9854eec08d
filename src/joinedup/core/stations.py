"""The registry of the later stations of the loop: what came of the work, what it cost, what it was worth, what was decided.
Each part says it of a period in numbers; the page of the whole loop asks them all, and no part imports another for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of evidence. `href` is empty where the viewer may not open what is behind it."""

    words: str
    values: tuple[str, ...]
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class Evidence:
    """What a station comes to: the number in the picture, what it is a number of, and the lines behind it."""

    headline: str
    words: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


# The viewer, the first day, and the last day of a period.
Give = Callable[[Any, date, date], Evidence]


@dataclass(frozen=True)
class Station:
    """A station: its place in the loop, and what gives its evidence."""

    key: str
    title: str
    position: int
    give: Give


_stations: dict[str, Station] = {}


def register_station(key: str, title: str, position: int, give: Give) -> None:
    """Called from a part’s `apps.py`, or from a module that it imports there."""
    _stations[key] = Station(key, title, position, give)


def stations() -> list[Station]:
    """Every station, in the order of the loop."""
    return sorted(_stations.values(), key=lambda each: each.position)
